//! One event for a reader: what it is worth and how the whole came out first, then its fields, its neighbours, its proofs, and the commands that repeat
//! the checks. Only our own words start a line; of the commands, which a reader copies, none is broken into lines.

use super::super::model::{BundleReport, ByHand, Cover, EventCheck, Fact, Inspection, Neighbour, Part, Verdict};
use super::super::show::{show, show_within};
use super::coverage::{legend, letter};
use super::sheet::{Ink, Sheet};
use super::{MESSAGE, TextOptions, finding, verdict};
use crate::finding::Outcome;

/// Where values start.
const VALUE: usize = 22;
/// Where the values of fields start, unless the pointer is longer.
const FIELD: usize = 38;

/// The whole of it; each line ends with LF.
pub fn inspection(report: &BundleReport, inspection: &Inspection, options: &TextOptions) -> String {
    let mut sheet = Sheet::new(options);
    head(&mut sheet, report, inspection);
    place(&mut sheet, inspection);
    fields(&mut sheet, inspection);
    changes(&mut sheet, inspection);
    neighbours(&mut sheet, inspection);
    inspection.parts.iter().for_each(|part| facts(&mut sheet, part));
    checks(&mut sheet, inspection);
    findings(&mut sheet, inspection);
    by_hand(&mut sheet, inspection);
    sheet.finish()
}

/// What this event is worth, and the verdict of the whole, which nothing here may hide.
fn head(sheet: &mut Sheet, report: &BundleReport, inspection: &Inspection) {
    let number = inspection.event.place.number.unwrap_or_default();
    let (ink, word) = match inspection.worth {
        "proven" => (Ink::Good, "PROVEN"),
        "consistent" => (Ink::Open, "CONSISTENT"),
        _ => (Ink::Open, "NOT VERIFIED"),
    };
    let (ink, word) = if inspection.is_refuted() { (Ink::Bad, "REFUTED") } else { (ink, word) };
    let front = format!(" event {number} of {}:", report.events);
    sheet.entry(&[(ink, word), (Ink::Plain, &front)], 6, &show_within(&inspection.because, MESSAGE));
    let (ink, word) = match report.verdict() {
        Verdict::Fail => (Ink::Bad, "FAIL"),
        Verdict::Incomplete => (Ink::Open, "INCOMPLETE"),
        Verdict::Pass if report.qualified() => (Ink::Good, "PASS (qualified)"),
        Verdict::Pass => (Ink::Good, "PASS"),
    };
    let words = format!("{}: {}", show(&report.path), verdict::headline(report));
    sheet.entry(&[(Ink::Strong, "the whole: "), (ink, word)], 6, &words);
}

fn title(sheet: &mut Sheet, words: &str) {
    sheet.blank();
    let (front, rest) = words.split_once(' ').unwrap_or((words, ""));
    sheet.entry(&[(Ink::Strong, front)], 2, rest);
}

fn value(sheet: &mut Sheet, name: &str, text: &str) {
    sheet.entry(&[(Ink::Dim, "  "), (Ink::Dim, name)], VALUE, text);
}

fn place(sheet: &mut Sheet, inspection: &Inspection) {
    title(sheet, "event");
    let event = &inspection.event;
    let at = &event.place;
    let line = at.line.map(|line| format!(", line {line}")).unwrap_or_default();
    let byte = at.byte.map(|byte| format!(", byte {byte}")).unwrap_or_default();
    value(sheet, "place", &format!("{}{line}{byte}, {} bytes", show(&at.file), inspection.length));
    let stated = [("id", &event.id), ("time", &inspection.time), ("tenant", &inspection.tenant), ("action", &inspection.action)];
    for (name, text) in stated {
        if let Some(text) = text {
            value(sheet, name, &show(text));
        }
    }
    if let Some(seq) = event.seq {
        value(sheet, "seq", &seq.to_string());
    }
    if let Some(why) = &inspection.unreadable {
        value(sheet, "cannot be read", &show_within(why, MESSAGE));
    }
}

/// Each value, with the proofs that cover it in front, where nothing that it says can imitate them.
fn fields(sheet: &mut Sheet, inspection: &Inspection) {
    if inspection.fields.is_empty() {
        return;
    }
    title(sheet, "fields, and the proofs that hold and cover each");
    sheet.entry(&[], 2, &legend());
    for field in &inspection.fields {
        let covers: String = Cover::ALL.iter().map(|cover| if field.covered_by.contains(cover) { letter(*cover) } else { '.' }).collect();
        let ink = if field.covered_by.is_empty() { Ink::Open } else { Ink::Good };
        let pointer = format!("  {}", show(&field.pointer));
        sheet.entry(&[(Ink::Plain, "  "), (ink, &covers), (Ink::Plain, &pointer)], FIELD, &show(&field.value));
    }
}

fn changes(sheet: &mut Sheet, inspection: &Inspection) {
    if inspection.changes.is_empty() {
        return;
    }
    title(sheet, "changed, as the event states it");
    for change in &inspection.changes {
        let front = format!("  {}", show(&change.field));
        sheet.entry(&[(Ink::Plain, &front)], VALUE, &format!("{} → {}", show(&change.old), show(&change.new)));
    }
}

fn neighbours(sheet: &mut Sheet, inspection: &Inspection) {
    title(sheet, "neighbours in the file");
    for (name, neighbour, end) in [("before", &inspection.previous, "none: it is the first"), ("behind", &inspection.next, "none: it is the last")] {
        match neighbour {
            None => value(sheet, name, end),
            Some(Neighbour { event, hash, link }) => {
                value(sheet, name, &finding::event_name(event));
                value(sheet, "  its hash", &hash.to_string());
                if let Some(link) = link {
                    value(sheet, "  it names", &link.to_string());
                }
            }
        }
    }
}

fn facts(sheet: &mut Sheet, part: &Part) {
    title(sheet, &part.name.replace('_', " "));
    for (name, fact) in &part.facts {
        let words = match fact {
            Fact::Flag(true) => "yes".to_owned(),
            Fact::Flag(false) => "no".to_owned(),
            Fact::Nothing => continue,
            Fact::Number(number) => number.to_string(),
            Fact::Text(text) => show_within(text, MESSAGE),
        };
        let own = matches!(part.name, "token_header" | "token_claims");
        let front = if own { show(name) } else { name.replace('_', " ") };
        sheet.entry(&[(Ink::Dim, "  "), (Ink::Dim, &front)], VALUE, &words);
    }
}

fn checks(sheet: &mut Sheet, inspection: &Inspection) {
    title(sheet, "checks of this event");
    for EventCheck { id, outcome, words } in &inspection.checks {
        let (ink, mark) = match outcome {
            None => (Ink::Dim, "--  "),
            Some(Outcome::Refuted) => (Ink::Bad, "FAIL"),
            Some(Outcome::Untested) => (Ink::Open, "??  "),
            Some(Outcome::Upheld) => (Ink::Good, "ok  "),
        };
        let id = format!("  {:<19}", id.id());
        let words = show_within(&words.join("; "), MESSAGE);
        sheet.entry(&[(Ink::Plain, "  "), (ink, mark), (Ink::Plain, &id)], 29, &words);
    }
}

fn findings(sheet: &mut Sheet, inspection: &Inspection) {
    if inspection.findings.is_empty() {
        return;
    }
    title(sheet, "findings of the whole that concern this event");
    for finding in &inspection.findings {
        let code = format!("{}:", finding.code);
        sheet.entry(&[(Ink::Plain, "  "), (Ink::Bad, &code)], 4, &show_within(&finding.message, MESSAGE));
        let named = [("stated", &finding.stated), ("computed", &finding.computed), ("next step", &finding.help)];
        for (name, text) in named {
            if let Some(text) = text {
                value(sheet, &format!("  {name}"), &show_within(text, MESSAGE));
            }
        }
    }
}

fn by_hand(sheet: &mut Sheet, inspection: &Inspection) {
    if inspection.by_hand.is_empty() && inspection.not_by_hand.is_empty() {
        return;
    }
    title(sheet, "by hand, in the folder in which you ran this, in this order; it writes files named event-…");
    for (index, ByHand { title, commands, prints, outcome, note }) in inspection.by_hand.iter().enumerate() {
        let number = format!("  {}.", index.saturating_add(1));
        sheet.entry(&[(Ink::Strong, &number)], 5, &show_within(title, MESSAGE));
        for command in commands {
            sheet.block(&format!("     {}", show_within(command, usize::MAX)));
        }
        if let Some(prints) = prints {
            let words = match outcome {
                Outcome::Refuted => "prints something else than",
                Outcome::Untested => "holds if it prints",
                Outcome::Upheld => "prints",
            };
            sheet.entry(&[(Ink::Dim, "     -> "), (Ink::Dim, words)], 8, &show(prints));
        }
        if let Some(note) = note {
            sheet.entry(&[], 8, &show_within(note, MESSAGE));
        }
    }
    for words in &inspection.not_by_hand {
        sheet.entry(&[(Ink::Dim, "  not")], 7, &show_within(words, MESSAGE));
    }
}
