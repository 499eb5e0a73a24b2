//! A comparison for a reader: both exports with their verdicts, what the overlap is, the differences, and one line that says it all.

mod headline;

use super::super::model::{BundleReport, Comparison, Divergence, EventLine, EventSummary, FieldChange, Kept, Purge};
use super::super::show::{Shown, show, show_within};
use super::sheet::{Ink, Sheet};
use super::{MESSAGE, TextOptions};
use crate::digest::Digest;

/// Columns of a value.
const VALUE: usize = 120;
/// Where sentences start.
const COLUMN: usize = 14;
/// Where what is said below a sentence starts.
const BELOW: usize = 18;

/// The comparison as text.
pub fn comparison(comparison: &Comparison, options: &TextOptions) -> String {
    let mut sheet = Sheet::new(options);
    for (which, report) in [("old", &comparison.old), ("new", &comparison.new)] {
        side(&mut sheet, which, report);
    }
    if let Some(why) = &comparison.not_compared {
        entry(&mut sheet, "  compared", &format!("nothing: {}", show_within(why, MESSAGE)));
    }
    if comparison.profile.is_some() && comparison.not_compared.is_none() {
        overlap(&mut sheet, comparison);
        differences(&mut sheet, comparison);
    }
    comparison.notes.iter().for_each(|note| entry(&mut sheet, "  note", &show_within(note, MESSAGE)));
    headline::headline(&mut sheet, comparison);
    sheet.finish()
}

fn entry(sheet: &mut Sheet, name: &str, text: &str) {
    sheet.entry(&[(Ink::Strong, name)], COLUMN, text);
}

fn below(sheet: &mut Sheet, name: &str, text: &str) {
    sheet.entry(&[(Ink::Plain, name)], BELOW, text);
}

fn side(sheet: &mut Sheet, which: &str, report: &BundleReport) {
    let time = |end: &Option<EventSummary>| end.as_ref().and_then(|end| end.time.clone()).unwrap_or_else(|| "?".to_owned());
    sheet.entry(&[(Ink::Strong, which)], 5, &Shown(&report.path).to_string());
    let times = (show(&time(&report.first)), show(&time(&report.last)));
    let word = headline::word(report.verdict(), report.qualified());
    sheet.entry(
        &[(Ink::Plain, "  "), (headline::ink(report.verdict()), word)],
        COLUMN,
        &format!("{}, {} .. {}", events(report.events), times.0, times.1),
    );
    if let Some(finding) = report.findings.first() {
        let more = report.findings_total.saturating_sub(1);
        let more = if more > 0 { format!(" (and {more} more: unbroken verify)") } else { String::new() };
        sheet.entry(
            &[(Ink::Plain, "    "), (Ink::Strong, finding.code.name())],
            COLUMN,
            &format!("{}{more}", show_within(&finding.message, MESSAGE)),
        );
    }
}

fn overlap(sheet: &mut Sheet, comparison: &Comparison) {
    let Some(overlap) = &comparison.overlap else {
        return entry(sheet, "  overlap", "none: no event is in both");
    };
    let (old, new) = (&overlap.old, &overlap.new);
    let ranges = format!("events {}..{} of the older, {}..{} of the newer", old.start(), old.end(), new.start(), new.end());
    entry(sheet, "  overlap", &format!("{} in both: {ranges}", events(overlap.common)));
    let by = match &comparison.columns {
        None => "whole events; links and proofs apart".to_owned(),
        Some(columns) => {
            let names: Vec<String> = columns.iter().map(|name| show(name)).collect();
            format!("by the columns of the table: {}", names.join(", "))
        }
    };
    entry(sheet, "  compared", &by);
    if !comparison.columns_left.is_empty() {
        let names: Vec<String> = comparison.columns_left.iter().map(|name| show(name)).collect();
        entry(sheet, "  left out", &format!("columns that stand for no field of an event: {}", names.join(", ")));
    }
    entry(sheet, "  same", &comparison.same.to_string());
    headline::outside(comparison).iter().for_each(|outside| entry(sheet, "  outside", outside));
    if comparison.resealed > 0 {
        entry(sheet, "  resealed", &format!("{}: they say the same, only HMAC or signature differs", events(comparison.resealed)));
    }
    if let Some((first, last)) = &comparison.ends_early {
        entry(sheet, "ends early", "the newer export ends before the older one; of the older it does not have");
        entry(sheet, "    from", &line(first));
        entry(sheet, "    to", &line(last));
        entry(sheet, "    to do", "ask why; if you asked for an export that ends there, give that time as --to");
    }
}

fn differences(sheet: &mut Sheet, comparison: &Comparison) {
    if let Some(divergence) = &comparison.divergence {
        parted(sheet, divergence);
    }
    if comparison.relinked > 0 {
        entry(sheet, "re-linked", &format!("{}: they say the same, only links and hashes differ", events(comparison.relinked)));
    }
    for rewritten in &comparison.rewritten.first {
        entry(sheet, "rewritten", &line(&rewritten.old));
        entry(sheet, "    new", &line(&rewritten.new));
        rewritten.changes.iter().for_each(|changed| change(sheet, changed));
        let more = rewritten.changes_total.saturating_sub(u64::try_from(rewritten.changes.len()).unwrap_or(u64::MAX));
        if more > 0 {
            sheet.entry(&[], 4, &format!("and {more} fields more"));
        }
    }
    rest(sheet, "rewritten", &comparison.rewritten);
    for removed in &comparison.removed.first {
        entry(sheet, "removed", &line(&removed.event));
        if let Some(purge) = &removed.explained_by {
            sheet.entry(&[], 4, &format!("explained by {}, not proven", line(purge)));
        }
    }
    rest(sheet, "removed", &comparison.removed);
    comparison.purges.first.iter().for_each(|record| purge(sheet, comparison, record));
    rest(sheet, "purges", &comparison.purges);
    comparison.added.first.iter().for_each(|added| entry(sheet, "added", &line(added)));
    rest(sheet, "added", &comparison.added);
    for moved in &comparison.moved.first {
        let to = moved.new.event.place.number.unwrap_or_default();
        entry(sheet, "moved", &format!("{}; event {to} of the newer", line(&moved.old)));
    }
    rest(sheet, "moved", &comparison.moved);
}

/// A record of a purge, what it says itself, and what it can have to do with what is gone.
fn purge(sheet: &mut Sheet, comparison: &Comparison, record: &Purge) {
    entry(sheet, "purge", &line(&record.event));
    let says = record.says.as_ref().map_or_else(|| "nothing of what was purged".to_owned(), |says| show(says));
    entry(sheet, "    says", &says);
    let removed = match (record.explains, comparison.removed.total) {
        (0, 0) => None,
        (0, _) => Some("explains none of the removed, by its time and by what it says".to_owned()),
        (count, _) => Some(format!("can explain {count} of the removed, not proven")),
    };
    let start = record.reaches_start.then(|| "can be why the newer begins later than the older, not proven".to_owned());
    [removed, start].into_iter().flatten().for_each(|words| sheet.entry(&[], 4, &words));
}

fn rest<T>(sheet: &mut Sheet, what: &str, kept: &Kept<T>) {
    let more = kept.total.saturating_sub(u64::try_from(kept.first.len()).unwrap_or(u64::MAX));
    if more > 0 {
        sheet.entry(&[], 2, &format!("and {more} more {what} (--max-findings)"));
    }
}

fn parted(sheet: &mut Sheet, divergence: &Divergence) {
    let hashed = |(event, hash): &(EventLine, Digest)| format!("{} {hash}", line(event));
    sheet.entry(&[(Ink::Strong, "links part")], COLUMN, "");
    match &divergence.last_common {
        Some(last) => below(sheet, "    last common", &hashed(last)),
        None => below(sheet, "    last common", "none: the first event that both have differs"),
    }
    below(sheet, "    old", &hashed(&divergence.old));
    below(sheet, "    new", &hashed(&divergence.new));
}

fn change(sheet: &mut Sheet, change: &FieldChange) {
    let value = |value: &Option<String>| value.as_ref().map_or_else(|| "nothing".to_owned(), |text| show_within(text, VALUE));
    sheet.entry(&[(Ink::Plain, "    ")], 6, &format!("{}: {} -> {}", Shown(&change.pointer), value(&change.old), value(&change.new)));
}

/// `event 12 (seq 118212, evt_012), 2026-10-01T00:00:00Z, file.upload`
fn line(event: &EventLine) -> String {
    let seq = event.event.seq.map(|seq| format!("seq {seq}"));
    let id = event.event.id.as_deref().map(|id| show_within(id, 80));
    let names: Vec<String> = seq.into_iter().chain(id).collect();
    let more: String = [&event.time, &event.action].into_iter().flatten().map(|text| format!(", {}", show_within(text, 60))).collect();
    format!("event {} ({}){more}", event.event.place.number.unwrap_or_default(), names.join(", "))
}

pub(super) fn events(count: u64) -> String {
    if count == 1 { "1 event".to_owned() } else { format!("{count} events") }
}
