//! What a FAIL shows: the break point in its context, the diagnosis, the next step; then the other findings, shorter.

use std::ops::RangeInclusive;
use std::ptr;

use super::super::model::{BundleReport, Status};
use super::super::show::{show, show_within};
use super::sheet::{Ink, Sheet};
use super::{MESSAGE, VALUE, advice, listed, snippet};
use crate::finding::{Break, EventRef, Finding, Missing, Place};

/// Which check the bundle breaks, and where first.
pub(super) fn headline(bundle: &BundleReport) -> String {
    let at = |finding: &Finding| finding.event.as_ref().map(|event| position(event, bundle.events)).unwrap_or_default();
    match bundle.break_point() {
        Some(finding) if finding.chain_break.is_some() && bundle.breaks_total > 1 => {
            format!("chain broken in {} places, first at {}", bundle.breaks_total, at(finding))
        }
        Some(finding) if finding.chain_break.is_some() => format!("chain broken at {}", at(finding)),
        Some(finding) => format!("{} does not hold at {}", finding.code.check(), at(finding)),
        None => {
            let refuted: Vec<_> = bundle.rows.iter().filter(|row| row.status == Status::Refuted).map(|row| row.id).collect();
            match refuted.len() {
                1 => format!("{} does not hold", listed(refuted)),
                _ => format!("{} checks do not hold: {}", refuted.len(), listed(refuted)),
            }
        }
    }
}

/// All findings that were kept; the break point first and in full.
pub(super) fn all(sheet: &mut Sheet, bundle: &BundleReport) {
    let Some(main) = bundle.break_point().or_else(|| bundle.findings.first()) else {
        return sheet.entry(&[(Ink::Strong, "  next step")], VALUE, "ask the producer for the original export and verify that");
    };
    in_full(sheet, bundle, main);
    let others: Vec<&Finding> = bundle.findings.iter().filter(|finding| !ptr::eq(*finding, main)).collect();
    let kept = u64::try_from(bundle.findings.len()).unwrap_or(u64::MAX);
    let unkept = bundle.findings_total.saturating_sub(kept);
    if others.is_empty() && unkept == 0 {
        return;
    }
    sheet.entry(&[(Ink::Strong, "also found")], VALUE, &format!("{} more", bundle.findings_total.saturating_sub(1)));
    for (index, finding) in others.into_iter().enumerate() {
        in_short(sheet, index.saturating_add(2), finding, main);
    }
    if unkept > 0 {
        sheet.entry(&[(Ink::Plain, "  … and")], 8, &format!("{unkept} more (--max-findings)"));
    }
}

fn in_full(sheet: &mut Sheet, bundle: &BundleReport, finding: &Finding) {
    title(sheet, finding);
    match snippet::drawing(finding, sheet.width(), sheet.colour()) {
        Some(drawing) => sheet.block(&drawing),
        None => {
            if let Some(place) = place(finding) {
                sheet.entry(&[(Ink::Strong, "  at")], VALUE, &place);
            }
        }
    }
    values(sheet, finding);
    if let Some(chain_break) = &finding.chain_break {
        diagnosis(sheet, bundle, chain_break);
    }
    next_step(sheet, bundle, finding);
}

/// Two lines or three: what, where, and the next step where it is another one.
fn in_short(sheet: &mut Sheet, number: usize, finding: &Finding, main: &Finding) {
    let number = format!("  {number:>2}  ");
    let code = format!("{}:", finding.code);
    sheet.entry(&[(Ink::Plain, &number), (Ink::Bad, &code)], 6, &show_within(&finding.message, MESSAGE));
    if let Some(place) = place(finding) {
        sheet.entry(&[(Ink::Dim, "      at")], 16, &place);
    }
    for (name, value) in [("      stated", &finding.stated), ("      computed", &finding.computed)] {
        if let Some(value) = value.as_ref().filter(|_| !said(finding)) {
            sheet.entry(&[(Ink::Dim, name)], 16, &show(value));
        }
    }
    if let Some(missing) = finding.chain_break.as_ref().and_then(|chain_break| chain_break.missing.as_ref()) {
        sheet.entry(&[(Ink::Dim, "      missing")], 16, &missing_words(missing));
    }
    if let Some(help) = finding.help.as_ref().filter(|help| Some(*help) != main.help.as_ref()) {
        sheet.entry(&[(Ink::Dim, "      next")], 16, &show_within(help, MESSAGE));
    }
}

fn title(sheet: &mut Sheet, finding: &Finding) {
    let code = format!("error[{}]:", finding.code);
    sheet.entry(&[(Ink::Bad, &code)], 6, &show_within(&finding.message, MESSAGE));
}

fn values(sheet: &mut Sheet, finding: &Finding) {
    if said(finding) {
        return;
    }
    let stated_at = finding.stated_at.as_ref().map(|at| format!("  ({})", stated_name(finding, at))).unwrap_or_default();
    if let Some(stated) = &finding.stated {
        sheet.entry(&[(Ink::Strong, "  stated")], VALUE, &format!("{}{stated_at}", show(stated)));
    }
    if let Some(computed) = &finding.computed {
        sheet.entry(&[(Ink::Strong, "  computed")], VALUE, &show(computed));
    }
}

/// Whether the message has both values already.
fn said(finding: &Finding) -> bool {
    let said = |value: &Option<String>| value.as_ref().is_none_or(|value| finding.message.contains(value.as_str()));
    said(&finding.stated) && said(&finding.computed)
}

/// Where the stated value stands; of the chain, the manifest states the end.
fn stated_name(finding: &Finding, at: &Place) -> String {
    match finding.chain_break {
        Some(_) if at.line.is_none() => format!("{}, chain.last_hash", place_name(at)),
        _ => place_name(at),
    }
}

fn diagnosis(sheet: &mut Sheet, bundle: &BundleReport, chain_break: &Break) {
    if chain_break.run > 1 {
        sheet.entry(&[(Ink::Strong, "  covers")], VALUE, &format!("{} events in a row, from this one on", chain_break.run));
    }
    if let Some(missing) = &chain_break.missing {
        sheet.entry(&[(Ink::Strong, "  missing")], VALUE, &missing_words(missing));
    }
    if let Some(event) = &chain_break.last_good {
        sheet.entry(&[(Ink::Strong, "  last good")], VALUE, &event_name(event));
    }
    let proven = match bundle.proven.as_deref() {
        None => "nothing: no signature that you trust vouches for the last hash".to_owned(),
        Some([]) => "no event: the signed last_hash leads to none of them".to_owned(),
        Some(ranges) => format!("{}, by the signed last_hash", range_words(ranges)),
    };
    sheet.entry(&[(Ink::Strong, "  proven")], VALUE, &proven);
    if !bundle.consistent.is_empty() {
        let words = match bundle.consistent.as_slice() {
            [range] if range.start() == range.end() => "by itself; nothing proves it past this break",
            [_] => "link to each other; nothing proves them past this break",
            _ => "link to each other within each range; nothing proves them past the breaks",
        };
        sheet.entry(&[(Ink::Strong, "  consistent")], VALUE, &format!("{} {words}", range_words(&bundle.consistent)));
    }
}

fn next_step(sheet: &mut Sheet, bundle: &BundleReport, finding: &Finding) {
    let help = match &finding.help {
        Some(help) => show_within(help, MESSAGE),
        None => advice::next_step(bundle, finding),
    };
    sheet.entry(&[(Ink::Strong, "  next step")], VALUE, &help);
}

fn missing_words(missing: &Missing) -> String {
    let least = if missing.exact { "" } else { "at least " };
    let events = if missing.count == 1 { "event" } else { "events" };
    let between = match (&missing.after, &missing.before) {
        (Some(after), Some(before)) => format!(", between {} and {}", event_name(after), event_name(before)),
        (Some(after), None) => format!(", behind {}", event_name(after)),
        (None, Some(before)) => format!(", before {}", event_name(before)),
        (None, None) => String::new(),
    };
    format!("{least}{} {events}{between}", missing.count)
}

/// `events 1..4116, 4118..4823`
fn range_words(ranges: &[RangeInclusive<u64>]) -> String {
    const ENOUGH: usize = 8;
    let mut words: Vec<String> = ranges
        .iter()
        .take(ENOUGH)
        .map(|range| match range.start() == range.end() {
            true => range.start().to_string(),
            false => format!("{}..{}", range.start(), range.end()),
        })
        .collect();
    if ranges.len() > ENOUGH {
        words.push(format!("and {} more ranges", ranges.len().saturating_sub(ENOUGH)));
    }
    let single = ranges.len() == 1 && ranges.iter().all(|range| range.start() == range.end());
    format!("{} {}", if single { "event" } else { "events" }, words.join(", "))
}

/// `event 4117 of 4823 (seq 122317, evt_01)`
fn position(event: &EventRef, total: u64) -> String {
    match event.place.number {
        Some(number) => format!("event {number} of {total}{}", names(event)),
        None => event_name(event),
    }
}

/// `event 4117 (seq 122317, evt_01)`
pub(super) fn event_name(event: &EventRef) -> String {
    match event.place.number {
        Some(number) => format!("event {number}{}", names(event)),
        None => format!("an event{}", names(event)),
    }
}

fn names(event: &EventRef) -> String {
    let seq = event.seq.map(|seq| format!("seq {seq}"));
    let names: Vec<String> = seq.into_iter().chain(event.id.as_deref().map(show)).collect();
    match names.is_empty() {
        true => String::new(),
        false => format!(" ({})", names.join(", ")),
    }
}

fn place(finding: &Finding) -> Option<String> {
    let event = finding.event.as_ref();
    match (event, &finding.place) {
        (Some(event), _) => Some(format!("{}, {}", place_name(&event.place), event_name(event))),
        (None, Some(place)) => Some(place_name(place)),
        (None, None) => None,
    }
}

/// `events.ndjson:4117:65, byte 2101934`
fn place_name(place: &Place) -> String {
    let mut words = show(&place.file);
    if let Some(line) = place.line {
        words.push_str(&format!(":{line}"));
        if let Some(column) = place.column {
            words.push_str(&format!(":{column}"));
        }
    }
    if let Some(byte) = place.byte {
        words.push_str(&format!(", byte {byte}"));
    }
    words
}
