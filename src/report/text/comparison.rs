//! A comparison for a reader: both exports with their verdicts, what the overlap is, the differences, and one line that says it all.

use super::super::model::{BundleReport, Comparison, Divergence, EventLine, FieldChange, Kept, Verdict};
use super::super::show::{Shown, show, show_within};
use crate::digest::Digest;

/// Columns of a value.
const VALUE: usize = 120;

/// The comparison as text. It has no colours and breaks no lines: the same everywhere.
pub fn comparison(comparison: &Comparison) -> String {
    let mut out = Vec::new();
    for (which, report) in [("old", &comparison.old), ("new", &comparison.new)] {
        side(&mut out, which, report);
    }
    if let Some(why) = &comparison.not_compared {
        out.push(format!("  nothing was compared: {}", show(why)));
    }
    if comparison.profile.is_some() && comparison.not_compared.is_none() {
        overlap(&mut out, comparison);
        differences(&mut out, comparison);
    }
    out.extend(comparison.notes.iter().map(|note| format!("  note        {}", show_within(note, 400))));
    out.push(headline(comparison));
    out.push("      does not show: events outside of the overlap, and what was changed before the older export was made".to_owned());
    out.iter().map(|line| format!("{line}\n")).collect()
}

fn side(out: &mut Vec<String>, which: &str, report: &BundleReport) {
    let time = |end: &Option<super::super::model::EventSummary>| end.as_ref().and_then(|end| end.time.clone()).unwrap_or_else(|| "?".to_owned());
    let qualified = if report.qualified() { "qualified " } else { "" };
    out.push(format!("{which}  {}", Shown(&report.path)));
    let times = (show(&time(&report.first)), show(&time(&report.last)));
    out.push(format!("  {qualified}{}  {} events, {} .. {}", word(report.verdict()), report.events, times.0, times.1));
    if let Some(finding) = report.findings.first() {
        let more = report.findings_total.saturating_sub(1);
        let more = if more > 0 { format!(" (and {more} more: unbroken verify)") } else { String::new() };
        out.push(format!("    {}: {}{more}", finding.code.name(), show(&finding.message)));
    }
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "PASS",
        Verdict::Incomplete => "INCOMPLETE",
        Verdict::Fail => "FAIL",
    }
}

fn overlap(out: &mut Vec<String>, comparison: &Comparison) {
    let Some(overlap) = &comparison.overlap else {
        out.push("  overlap     none: no event is in both".to_owned());
        return;
    };
    let (old, new) = (&overlap.old, &overlap.new);
    let ranges = format!("events {}..{} of the older, {}..{} of the newer", old.start(), old.end(), new.start(), new.end());
    out.push(format!("  overlap     {} in both: {ranges}", events(overlap.common)));
    let by = match &comparison.columns {
        None => "whole events; links and proofs apart".to_owned(),
        Some(columns) => {
            let names: Vec<String> = columns.iter().map(|name| show(name)).collect();
            format!("by the columns of the table: {}", names.join(", "))
        }
    };
    out.push(format!("  compared    {by}"));
    out.push(format!("  same        {}", comparison.same));
    let (old, new) = comparison.outside;
    if old > 0 || new > 0 {
        out.push(format!("  outside     {old} of the older, {new} of the newer: the other is not of their time"));
    }
    if comparison.resealed > 0 {
        out.push(format!("  resealed    {}: they say the same, only HMAC or signature differs", events(comparison.resealed)));
    }
}

fn differences(out: &mut Vec<String>, comparison: &Comparison) {
    if let Some(divergence) = &comparison.divergence {
        parted(out, divergence);
    }
    if comparison.relinked > 0 {
        out.push(format!("re-linked   {}: they say the same, only links and hashes differ", events(comparison.relinked)));
    }
    for rewritten in &comparison.rewritten.first {
        out.push(format!("rewritten   {}", line(&rewritten.old)));
        out.push(format!("    new     {}", line(&rewritten.new)));
        out.extend(rewritten.changes.iter().map(change));
        let more = rewritten.changes_total.saturating_sub(u64::try_from(rewritten.changes.len()).unwrap_or(u64::MAX));
        if more > 0 {
            out.push(format!("    and {more} fields more"));
        }
    }
    rest(out, "rewritten", &comparison.rewritten);
    for removed in &comparison.removed.first {
        out.push(format!("removed     {}", line(&removed.event)));
        if let Some(purge) = &removed.explained_by {
            out.push(format!("    explained by {}, not proven", line(purge)));
        }
    }
    rest(out, "removed", &comparison.removed);
    out.extend(comparison.added.first.iter().map(|added| format!("added       {}", line(added))));
    rest(out, "added", &comparison.added);
    for moved in &comparison.moved.first {
        let to = moved.new.event.place.number.unwrap_or_default();
        out.push(format!("moved       {}; event {to} of the newer", line(&moved.old)));
    }
    rest(out, "moved", &comparison.moved);
}

fn rest<T>(out: &mut Vec<String>, what: &str, kept: &Kept<T>) {
    let more = kept.total.saturating_sub(u64::try_from(kept.first.len()).unwrap_or(u64::MAX));
    if more > 0 {
        out.push(format!("  and {more} more {what} (--max-findings)"));
    }
}

fn parted(out: &mut Vec<String>, divergence: &Divergence) {
    let hashed = |(event, hash): &(EventLine, Digest)| format!("{} {hash}", line(event));
    out.push("links part".to_owned());
    match &divergence.last_common {
        Some(last) => out.push(format!("    last common   {}", hashed(last))),
        None => out.push("    last common   none: the first event that both have differs".to_owned()),
    }
    out.push(format!("    old           {}", hashed(&divergence.old)));
    out.push(format!("    new           {}", hashed(&divergence.new)));
}

fn change(change: &FieldChange) -> String {
    let value = |value: &Option<String>| value.as_ref().map_or_else(|| "nothing".to_owned(), |text| show_within(text, VALUE));
    format!("    {}: {} -> {}", Shown(&change.pointer), value(&change.old), value(&change.new))
}

/// `event 12 (seq 118212, evt_012), 2026-10-01T00:00:00Z, file.upload`
fn line(event: &EventLine) -> String {
    let seq = event.event.seq.map(|seq| format!("seq {seq}"));
    let id = event.event.id.as_deref().map(|id| show_within(id, 80));
    let names: Vec<String> = seq.into_iter().chain(id).collect();
    let more: String = [&event.time, &event.action].into_iter().flatten().map(|text| format!(", {}", show_within(text, 60))).collect();
    format!("event {} ({}){more}", event.event.place.number.unwrap_or_default(), names.join(", "))
}

fn events(count: u64) -> String {
    if count == 1 { "1 event".to_owned() } else { format!("{count} events") }
}

fn headline(comparison: &Comparison) -> String {
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
        count => format!("; {count} of the removed are explained by recorded purges, not proven"),
    };
    let nothing = "nothing was rewritten, removed, added or moved";
    if comparison.differs() {
        return format!("DIFFER  {}{explained}", told.join(", "));
    }
    match (comparison.verdict(), &comparison.overlap) {
        (_, None) => format!("{}  there is nothing to compare", word(comparison.verdict())),
        (Verdict::Pass, Some(_)) => format!("AGREE  {nothing}; both pass"),
        (verdict, Some(_)) if comparison.explained > 0 => format!("{}  {}{explained}", word(verdict), told.join(", ")),
        (Verdict::Fail, Some(_)) => format!("FAIL  {nothing}, but {} by itself", which(comparison, Verdict::Fail, "fails", "fail")),
        (_, Some(_)) => {
            format!("INCOMPLETE  {nothing}, but {} incomplete by itself", which(comparison, Verdict::Incomplete, "is", "are"))
        }
    }
}

fn which(comparison: &Comparison, verdict: Verdict, one: &str, both: &str) -> String {
    match (comparison.old.verdict() == verdict, comparison.new.verdict() == verdict) {
        (true, true) => format!("both {both}"),
        (true, false) => format!("the older export {one}"),
        _ => format!("the newer export {one}"),
    }
}
