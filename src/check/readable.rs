//! `event.readable`: each line is one strict JSON object in canonical form, with the fields that the profile needs.

use crate::bundle::flaw_code;
use crate::check::{At, Tally};
use crate::event::Record;
use crate::finding::{Code, Finding, Place};
use crate::json::Flaw;

/// What is asked of the form of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// In a bundle: canonical JSON to the byte.
    Canonical,
    /// In a raw export: strict JSON, of which the canonical form is taken.
    Free,
}

/// Examines one record.
pub fn examine(line: &[u8], record: &Record<'_>, at: &At<'_>, form: Form, tally: &mut Tally) {
    let event = match record {
        Record::Unreadable(flaw) => return tally.refute(at.number, || unreadable(line, flaw, at)),
        Record::Event(event) => event,
    };
    for fault in &event.field_faults {
        let found = fault.found.as_deref().unwrap_or("nothing");
        let message = format!("expected {} at {}, found {found}", fault.expected, fault.pointer);
        tally.refute(at.number, || Finding::new(Code::EventField, message).at(at.event_ref(Some(event))).values(found, &fault.expected));
    }
    let deviation = event.deviation.filter(|_| form == Form::Canonical);
    if let Some(byte) = deviation {
        tally.refute(at.number, || not_canonical(line, event.canonical(), byte, at).at(at.event_ref(Some(event))));
    }
    if deviation.is_none() && event.field_faults.is_empty() {
        tally.uphold();
    }
}

fn unreadable(line: &[u8], flaw: &Flaw, at: &At<'_>) -> Finding {
    let code = flaw_code(flaw.kind);
    let message = match line {
        [] => "expected an event, found an empty line".to_owned(),
        _ => flaw.message.clone(),
    };
    let mut finding = Finding::new(code, message).at(at.event_ref(None));
    finding.place = Some(place(at, flaw.byte));
    finding
}

fn not_canonical(line: &[u8], canonical: &[u8], byte: usize, at: &At<'_>) -> Finding {
    let around = |text: &[u8]| match text.get(byte..) {
        None | Some([]) => "the end of the line".to_owned(),
        Some(rest) => format!("`{}`", String::from_utf8_lossy(rest.get(..16).unwrap_or(rest))),
    };
    let (expected, found) = (around(canonical), around(line));
    let message = format!("the canonical form (RFC 8785) continues with {expected} where the line has {found}");
    let help = "the content is well formed; ask the producer whether something re-wrote the file after the export";
    let mut finding = Finding::new(Code::EventNotCanonical, message).values(found, expected).help(help);
    finding.place = Some(place(at, byte));
    finding
}

fn place(at: &At<'_>, byte_in_line: usize) -> Place {
    let offset = u64::try_from(byte_in_line).unwrap_or(u64::MAX);
    Place {
        file: at.file.to_string(),
        number: Some(at.number),
        line: Some(at.line),
        byte: Some(at.byte.saturating_add(offset)),
        column: Some(offset.saturating_add(1)),
    }
}
