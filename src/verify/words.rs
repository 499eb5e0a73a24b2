//! The words of a break: headline, what to do next, and the lines to show. Facts and inference stay apart: the message names the suspect, the excerpt
//! shows where the disagreement stands. Pure.

use std::collections::BTreeMap;

use crate::check::{Row, Run, Seam};
use crate::digest::Digest;
use crate::finding::{Break, Cause, EventRef, Excerpt, Finding, Missing, Place};
use crate::verify::excerpt::LineText;
use crate::verify::found::{Detail, Found};
use crate::verify::lookup::Answer;
use crate::verify::path::Chain;

/// What to do where another form of writing fits.
pub const ENCODING_HELP: &str = "ask the producer how exactly an event is written before it is hashed, and for the same events from the source system to compare; until then do not rely on what they say";

/// What is not known then: such a hash needs no key, so whoever altered the event could write it too.
pub const ENCODING_DOUBT: &str =
    "either the source writes its events so, or somebody altered this one and computed its hash so; nothing here tells which";

/// Everything that is known of single events, to name them by.
pub struct Events<'e> {
    /// The events file.
    pub file: &'e str,
    /// The runs.
    pub runs: &'e [Run],
    /// What the second read found.
    pub answer: &'e Answer,
    /// Events that findings of other checks name.
    pub named: BTreeMap<u64, EventRef>,
    /// The chain.
    pub chain: Chain<'e>,
}

impl Events<'_> {
    /// The event with this number, by all that is known of it.
    pub fn event(&self, number: u64) -> EventRef {
        if let Some(row) = self.row(number) {
            return row.event_ref();
        }
        self.named.get(&number).cloned().unwrap_or_else(|| EventRef {
            place: Place { file: self.file.to_owned(), number: Some(number), line: Some(number), ..Place::default() },
            ..EventRef::default()
        })
    }

    fn row(&self, number: u64) -> Option<&Row> {
        let edges = self.run_of(number).map(|run| [&run.first, &run.last]).into_iter().flatten();
        edges.into_iter().find(|row| row.number == number).or_else(|| self.answer.rows.get(&number))
    }

    fn run_of(&self, number: u64) -> Option<&Run> {
        let index = self.runs.partition_point(|run| run.first.number <= number);
        self.runs.get(index.checked_sub(1)?).filter(|run| number <= run.last.number)
    }

    /// The last event before the break, and before what the break makes doubtful, whose own link agrees.
    fn last_good(&self, found: &Found) -> Option<EventRef> {
        let number = match (found.cause, found.detail) {
            (Cause::ModifiedOrRemoved, _) => found.event.saturating_sub(1),
            (Cause::Forked, Detail::Fork(other)) => found.event.min(other),
            _ => found.event,
        };
        let mut candidate = number.checked_sub(1).filter(|candidate| *candidate > 0)?;
        loop {
            let run = self.run_of(candidate);
            let disagrees = run.is_some_and(|run| run.first.number == candidate && !self.agrees(run));
            if !disagrees {
                return Some(self.event(candidate));
            }
            candidate = candidate.checked_sub(1).filter(|candidate| *candidate > 0)?;
        }
    }

    fn agrees(&self, run: &Run) -> bool {
        match run.first.number {
            1 => self.chain.starts_with(&run.first),
            _ => run.left == Seam::Holds,
        }
    }

    /// The finding of a break.
    pub fn finding(&self, found: &Found) -> Finding {
        let run = found.covers.first().map_or(1, |(from, to)| to.saturating_sub(*from).saturating_add(1));
        let run =
            if matches!(found.cause, Cause::Inserted | Cause::Spliced | Cause::Duplicated | Cause::Reordered | Cause::Reforged) { run } else { 1 };
        let mut finding = Finding::new(found.cause.code(), self.message(found, run)).at(self.event(found.event)).help(self.help(found));
        finding.stated = found.fact.stated.map(|digest| digest.to_string());
        finding.computed = found.fact.computed.map(|digest| digest.to_string());
        finding.stated_at = match (&found.fact.stated_by, found.fact.stated) {
            (Some(row), _) => Some(row.link_place()),
            (None, Some(_)) => Some(Place { file: "manifest.json".to_owned(), ..Place::default() }),
            (None, None) => None,
        };
        finding.excerpts = self.excerpts(found);
        finding.chain_break = Some(Break { cause: found.cause, missing: self.missing(found), last_good: self.last_good(found), run });
        finding
    }

    fn missing(&self, found: &Found) -> Option<Missing> {
        let (count, exact) = found.missing?;
        let (after, before) = match found.cause {
            Cause::TailCut => (Some(found.event), None),
            Cause::HeadCut => (None, Some(found.event)),
            _ => (found.event.checked_sub(1).filter(|number| *number > 0), Some(found.event)),
        };
        let event = |number: Option<u64>| number.map(|number| self.event(number));
        Some(Missing { count, exact, after: event(after), before: event(before) })
    }

    fn message(&self, found: &Found, run: u64) -> String {
        let here = found.event;
        let (events, them) = match run {
            1 => (format!("event {here} is"), "it"),
            _ => (format!("events {here} to {} are", here.saturating_add(run).saturating_sub(1)), "them"),
        };
        let missing = missing_words(found.missing);
        match (found.cause, found.detail) {
            (Cause::Duplicated, _) => match self.original(found) {
                Some(original) if run == 1 => format!("{events} a copy of event {original}"),
                Some(original) => format!("{events} copies of other events, the first of event {original}"),
                None => format!("{events} a copy of what stands elsewhere in the file"),
            },
            (Cause::Encoding, detail) => self.encoded(found, detail),
            (Cause::Forked, Detail::Fork(other)) => {
                format!("events {other} and {here} name the same predecessor: two histories, and nothing trusted decides between them")
            }
            (Cause::Forked, _) => format!("event {here} names a predecessor that another event names too"),
            (Cause::HeadCut, _) if found.missing.is_none() => {
                format!("event {here} does not follow from the stated start: another history starts here")
            }
            (Cause::HeadCut, _) => format!("events were cut off at the start: {missing} before event {here}"),
            (Cause::Inserted, Detail::Appended) => format!("{events} appended after the end that the manifest states"),
            (Cause::Inserted, Detail::Fork(other)) => {
                format!("{events} inserted: the chain steps over {them}, and event {other} names the same predecessor")
            }
            (Cause::Inserted, _) => format!("{events} inserted: the chain steps over {them}"),
            (Cause::Modified, Detail::ByReading) if self.chain.end.is_none() => {
                format!("event {here} cannot be read, so nothing shows that it is what the event behind it names")
            }
            (Cause::Modified, detail) => modified(here, detail),
            (Cause::ModifiedOrRemoved, Detail::TooMany(broken)) => {
                format!("{broken} links are broken, the first before event {here}: so many that they are not explained one by one")
            }
            (Cause::ModifiedOrRemoved, _) => {
                format!("before event {here} the chain is broken: the event before it was altered, or events between them were removed")
            }
            (Cause::Reforged, Detail::ByKey) => {
                format!("everything from event {here} on was written again: from there on no HMAC or signature fits")
            }
            (Cause::Reforged, _) => {
                format!(
                    "event {here}, or everything from an unknown earlier event on, was written again: the last event is not the one that the manifest names"
                )
            }
            (Cause::Relinked, _) => format!("only the link of event {here} was altered: with the hash of the event before it, its bytes fit again"),
            (Cause::Removed, Detail::OverHole) => format!("{missing} before event {here}: the links hold, but nothing proves them here"),
            (Cause::Removed, _) => {
                format!("{missing} between events {} and {here} (event {} is unconfirmed)", here.saturating_sub(1), here.saturating_sub(1))
            }
            (Cause::Reordered, Detail::NewestFirst) => "all events stand in reverse order, newest first".to_owned(),
            (Cause::Reordered, _) => format!("{events} out of place: the chain names another order ({} in all)", moved(found)),
            (Cause::Spliced, _) => format!("{events} of another tenant, spliced into this chain"),
            (Cause::TailCut, _) => format!("events were cut off at the end: {missing} after event {here}"),
        }
    }

    fn help(&self, found: &Found) -> String {
        let seq = |number: u64| self.event(number).seq;
        let named = |number: u64| seq(number).map_or_else(|| format!("event {number}"), |seq| format!("seq {seq}"));
        let here = found.event;
        let before = here.saturating_sub(1);
        match found.cause {
            Cause::HeadCut => "ask the producer for the events before this one, and for the bundle that this one continues".to_owned(),
            Cause::TailCut => format!("ask the producer for the events after {}", named(here)),
            Cause::Removed => match (seq(before), seq(here)) {
                (Some(left), Some(right)) if right > left.saturating_add(1) => {
                    let (from, to) = (left.saturating_add(1), right.saturating_sub(1));
                    if from == to { format!("ask the producer for seq {from}") } else { format!("ask the producer for seq {from} to {to}") }
                }
                _ => format!("ask the producer for the events before {}", named(here)),
            },
            Cause::Reforged => "ask the producer for an earlier export of the same period, or check with the MAC key".to_owned(),
            Cause::Duplicated | Cause::Inserted | Cause::Spliced | Cause::Forked => match found_end(found) {
                end if end > here => format!("ask the producer where events {here} to {end} come from"),
                _ => format!("ask the producer where event {here} comes from"),
            },
            Cause::Encoding => ENCODING_HELP.to_owned(),
            Cause::Reordered => "ask the producer for the export as the system wrote it".to_owned(),
            Cause::Modified | Cause::Relinked => format!("ask the producer for {} from the source system", named(here)),
            Cause::ModifiedOrRemoved => {
                let before = named(here.saturating_sub(1));
                format!("ask the producer for {before}, and for all that followed it up to {}, from the source system", named(here))
            }
        }
    }

    /// The stated hash fits what stands there, in another form: that is no proof of the content.
    fn encoded(&self, found: &Found, detail: Detail) -> String {
        let form = self.answer.forms.get(&found.event).map(|fitted| fitted.form.words()).unwrap_or_default();
        let fits = match found.covers.len() {
            1 => format!("the hash stated for event {} fits the event only when that is written with {form}: {ENCODING_DOUBT}", found.event),
            count => format!(
                "the hashes stated for {count} events, the first of them event {}, fit the events only when those are written with {form}: either the source writes \
                 its events so, or somebody altered them and computed the hashes so; nothing here tells which",
                found.event
            ),
        };
        match detail {
            Detail::TooMany(broken) => format!("{fits}; {broken} links are broken, and not all of them were tried"),
            _ => fits,
        }
    }

    /// The event that this one is a copy of.
    fn original(&self, found: &Found) -> Option<u64> {
        let row = self.row(found.event)?;
        let copied = |number: &&u64| !found.covers.iter().any(|(from, to)| (from..=to).contains(number));
        self.answer.by_hash.get(&row.hash)?.iter().find(copied).copied()
    }

    fn excerpts(&self, found: &Found) -> Vec<Excerpt> {
        let Some(stated_by) = &found.fact.stated_by else {
            let end = found.fact.stated.and(found.fact.computed).map(|computed| (found_end(found), computed));
            let last = end.and_then(|(number, hash)| self.hashed(number, hash));
            return last.map(|line| Excerpt { label: format!("{}, not to the last_hash", line.label), primary: true, ..line }).into_iter().collect();
        };
        let mut excerpts = Vec::new();
        let before = stated_by.number.saturating_sub(1);
        if let Some(hash) = found.fact.computed.filter(|_| before > 0) {
            excerpts.extend(self.hashed(before, hash));
        }
        let text = self.answer.texts.get(&stated_by.number).and_then(|text| text.link.clone());
        if let Some((text, cut, mark)) = text {
            let label = match before {
                0 => "is not the stated start of the chain".to_owned(),
                _ => format!("is not the hash of event {before}"),
            };
            excerpts.push(Excerpt { line: stated_by.number, text, cut, mark, label, primary: true });
        }
        excerpts
    }

    fn hashed(&self, number: u64, hash: Digest) -> Option<Excerpt> {
        let LineText { start: (text, more), .. } = self.answer.texts.get(&number)?.clone();
        let mark = 0..text.len();
        Some(Excerpt { line: number, text, cut: (false, more), mark, label: format!("hashes to {hash}"), primary: false })
    }
}

fn found_end(found: &Found) -> u64 {
    found.covers.iter().map(|(_, to)| *to).max().unwrap_or(found.event)
}

fn modified(here: u64, detail: Detail) -> String {
    match detail {
        Detail::ByOwnHash => {
            format!("event {here} was altered after it was chained: it still states its old hash, but its bytes have another")
        }
        Detail::ByKey => {
            format!("event {here} was altered after it was chained: it is the first whose HMAC or signature does not fit")
        }
        Detail::ByReading => format!("event {here} was altered after it was chained: its line cannot be read any more"),
        Detail::BySequence => {
            format!("event {here} was altered after it was chained: its seq is out of line on both sides")
        }
        _ => format!("event {here}, or a run of events that ends in it, was altered after it was chained"),
    }
}

fn moved(found: &Found) -> String {
    let count = found.covers.iter().fold(0_u64, |sum, (from, to)| sum.saturating_add(to.saturating_sub(*from).saturating_add(1)));
    if count == 1 { "1 event".to_owned() } else { format!("{count} events") }
}

fn missing_words(missing: Option<(u64, bool)>) -> String {
    match missing {
        Some((1, true)) => "1 event is missing".to_owned(),
        Some((count, true)) => format!("{count} events are missing"),
        Some((1, false)) => "at least 1 event is missing".to_owned(),
        Some((count, false)) => format!("at least {count} events are missing"),
        None => "it cannot be told how many events are missing".to_owned(),
    }
}
