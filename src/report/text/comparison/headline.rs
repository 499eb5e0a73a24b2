//! The line that says it all: what was compared and what was not, and what came of it.

use super::super::super::model::{Comparison, Outside, Verdict};
use super::super::sheet::{Ink, Sheet};
use super::events;

/// A verdict in a word.
pub(super) fn word(verdict: Verdict, qualified: bool) -> &'static str {
    match verdict {
        Verdict::Pass if qualified => "PASS (qualified)",
        Verdict::Pass => "PASS",
        Verdict::Incomplete => "INCOMPLETE",
        Verdict::Fail => "FAIL",
    }
}

pub(super) fn ink(verdict: Verdict) -> Ink {
    match verdict {
        Verdict::Pass => Ink::Good,
        Verdict::Incomplete => Ink::Open,
        Verdict::Fail => Ink::Bad,
    }
}

/// What was not compared, since only one of the two is of its time.
pub(super) fn outside(comparison: &Comparison) -> Vec<String> {
    let ends = |Outside { before, after }: Outside, which: &str, starts: &str, stops: &str| {
        let ends = [(before, starts), (after, stops)];
        let told = ends.into_iter().filter(|(count, _)| *count > 0);
        told.map(|(count, where_)| format!("{} of the {which}, {where_}: not compared", events(count))).collect::<Vec<_>>()
    };
    let (old, new) = comparison.outside;
    let mut told = ends(old, "older", "before the newer begins", "after the newer ends");
    told.extend(ends(new, "newer", "before the older begins", "after the older ends"));
    told
}

/// The verdict, and why.
pub(super) fn headline(sheet: &mut Sheet, comparison: &Comparison) {
    let (ink, word, words) = verdict(comparison);
    let column = word.chars().count().saturating_add(2);
    sheet.entry(&[(ink, word)], column, &words);
    for (which, side) in [("older", &comparison.old), ("newer", &comparison.new)] {
        if comparison.qualified() && side.qualified() {
            let skipped: Vec<&str> = side.skipped.iter().map(|check| check.id()).collect();
            let skipped = if skipped.is_empty() { String::new() } else { format!(", by --skip {}", skipped.join(",")) };
            sheet.entry(&[(Ink::Open, "      qualified:")], 21, &format!("the PASS of the {which} export is{skipped}"));
        }
    }
    let shows = "events outside of the overlap, and what was changed before the older export was made";
    sheet.entry(&[(Ink::Strong, "      does not show:")], 21, shows);
}

fn verdict(comparison: &Comparison) -> (Ink, &'static str, String) {
    let counts = [
        (comparison.rewritten.total, "rewritten"),
        (comparison.removed.total, "removed"),
        (comparison.added.total, "added"),
        (comparison.moved.total, "moved"),
        (comparison.relinked, "re-linked"),
    ];
    let told: Vec<String> = counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    let explained = match comparison.explained {
        0 => String::new(),
        count => format!("; {count} of the removed can be explained by recorded purges, not proven"),
    };
    if comparison.differs() {
        return (Ink::Bad, "DIFFER", format!("{}{explained}{}", told.join(", "), early(comparison)));
    }
    let verdict = comparison.verdict();
    let word = if verdict == Verdict::Pass { agree(comparison) } else { word(verdict, false) };
    let words = match &comparison.overlap {
        None => "there is nothing to compare".to_owned(),
        Some(_) if comparison.explained > 0 => format!("{}{explained}{}{}", told.join(", "), early(comparison), alone(comparison)),
        Some(overlap) => {
            let said = match overlap.common {
                1 => "the 1 event that both have says the same".to_owned(),
                count => format!("the {count} events that both have say the same"),
            };
            let left = if comparison.leaves_columns() { ", as far as was compared: not all columns were" } else { "" };
            format!("{said}{left}{}{}{}", beyond(comparison), early(comparison), alone(comparison))
        }
    };
    (ink(verdict), word, words)
}

fn agree(comparison: &Comparison) -> &'static str {
    if comparison.qualified() { "AGREE (qualified)" } else { "AGREE" }
}

/// The events that were not compared, but for those at which somebody should wonder.
fn beyond(comparison: &Comparison) -> String {
    let (old, new) = comparison.outside;
    let after = if comparison.ends_early.is_some() { 0 } else { old.after };
    let told = [
        (old.before, "of the older stand before the newer begins"),
        (after, "of the older stand after the newer ends"),
        (new.before, "of the newer stand before the older begins"),
        (new.after, "of the newer stand after the older ends"),
    ];
    let told: Vec<String> = told.iter().filter(|(count, _)| *count > 0).map(|(count, where_)| format!("{count} {where_}")).collect();
    if told.is_empty() { String::new() } else { format!("; not compared: {}", told.join(", ")) }
}

fn early(comparison: &Comparison) -> String {
    let number = |line: &super::EventLine| line.event.place.number.unwrap_or_default();
    match &comparison.ends_early {
        None => String::new(),
        Some((first, last)) if number(first) == number(last) => {
            format!("; the newer ends before the older: event {} of the older is not in it", number(first))
        }
        Some((first, last)) => {
            format!("; the newer ends before the older: events {}..{} of the older are not in it", number(first), number(last))
        }
    }
}

/// How the two came out by themselves.
fn alone(comparison: &Comparison) -> String {
    let (old, new) = (comparison.old.verdict(), comparison.new.verdict());
    let (one, both) = (
        |verdict| match verdict {
            Verdict::Pass => "passes",
            Verdict::Incomplete => "is incomplete",
            Verdict::Fail => "fails",
        },
        |verdict| match verdict {
            Verdict::Pass => "pass",
            Verdict::Incomplete => "are incomplete",
            Verdict::Fail => "fail",
        },
    );
    if old == new {
        return format!("; both {} by themselves", both(old));
    }
    format!("; by itself, the older {}, the newer {}", one(old), one(new))
}
