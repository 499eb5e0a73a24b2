//! What `inspect` writes for machines: `unbroken-inspection/1`, frozen. Its shape is `spec/inspection.schema.json`, its words are in
//! `spec/inspection.md`.

use serde::{Serialize, Serializer, ser::SerializeMap as _};

use super::super::model::{BundleReport, ByHand, EventCheck, Fact, Field, Inspection, Neighbour, Part, Update};
use super::whereabouts::{Event, event};
use super::{Found, escape, found};
use crate::finding::Outcome;

/// The JSON document, indented, with a final line feed. The same inspection gives the same bytes.
pub fn inspection(report: &BundleReport, inspection: &Inspection, tool_version: &str) -> String {
    let verdict = report.verdict();
    let document = Document {
        schema: super::super::INSPECTION_SCHEMA_NAME,
        tool: super::Tool { name: "unbroken", version: tool_version },
        worth: inspection.worth,
        refuted: inspection.is_refuted(),
        because: &inspection.because,
        whole: Whole {
            path: &report.path,
            kind: report.kind.name(),
            verdict: verdict.name(),
            exit_code: verdict.exit_code(),
            qualified: report.qualified(),
            profile: report.profile.as_deref(),
            events: report.events,
        },
        event: event(&inspection.event),
        length: inspection.length,
        time: inspection.time.as_deref(),
        tenant: inspection.tenant.as_deref(),
        action: inspection.action.as_deref(),
        unreadable: inspection.unreadable.as_deref(),
        fields: inspection.fields.iter().map(field).collect(),
        changes: inspection.changes.iter().map(change).collect(),
        previous: inspection.previous.as_ref().map(neighbour),
        next: inspection.next.as_ref().map(neighbour),
        proofs: Parts(&inspection.parts),
        checks: inspection.checks.iter().map(check).collect(),
        findings: inspection.findings.iter().map(found).collect(),
        by_hand: inspection.by_hand.iter().map(by_hand).collect(),
        not_by_hand: &inspection.not_by_hand,
    };
    escape::to_string(&document)
}

#[derive(Serialize)]
struct Document<'r> {
    schema: &'static str,
    tool: super::Tool<'r>,
    worth: &'static str,
    refuted: bool,
    because: &'r str,
    whole: Whole<'r>,
    event: Event<'r>,
    length: u64,
    time: Option<&'r str>,
    tenant: Option<&'r str>,
    action: Option<&'r str>,
    unreadable: Option<&'r str>,
    fields: Vec<FieldOut<'r>>,
    changes: Vec<ChangeOut<'r>>,
    previous: Option<NeighbourOut<'r>>,
    next: Option<NeighbourOut<'r>>,
    proofs: Parts<'r>,
    checks: Vec<CheckOut<'r>>,
    findings: Vec<Found<'r>>,
    by_hand: Vec<ByHandOut<'r>>,
    not_by_hand: &'r [String],
}

#[derive(Serialize)]
struct Whole<'r> {
    path: &'r str,
    kind: &'static str,
    verdict: &'static str,
    exit_code: u8,
    qualified: bool,
    profile: Option<&'r str>,
    events: u64,
}

#[derive(Serialize)]
struct FieldOut<'r> {
    pointer: &'r str,
    value: &'r str,
    covered_by: Vec<&'static str>,
}

#[derive(Serialize)]
struct ChangeOut<'r> {
    field: &'r str,
    old: &'r str,
    new: &'r str,
}

#[derive(Serialize)]
struct NeighbourOut<'r> {
    event: Event<'r>,
    hash: String,
    link: Option<String>,
}

#[derive(Serialize)]
struct CheckOut<'r> {
    id: &'static str,
    status: &'static str,
    words: &'r [String],
}

#[derive(Serialize)]
struct ByHandOut<'r> {
    title: &'r str,
    commands: &'r [String],
    prints: Option<&'r str>,
    status: &'static str,
    note: Option<&'r str>,
}

/// An object: a member for each part, in each an object of its facts.
struct Parts<'r>(&'r [Part]);

impl Serialize for Parts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for part in self.0 {
            map.serialize_entry(part.name, &Facts(&part.facts))?;
        }
        map.end()
    }
}

struct Facts<'r>(&'r [(String, Fact)]);

impl Serialize for Facts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, fact) in self.0 {
            match fact {
                Fact::Flag(flag) => map.serialize_entry(name, flag)?,
                Fact::Nothing => map.serialize_entry(name, &None::<()>)?,
                Fact::Number(number) => map.serialize_entry(name, number)?,
                Fact::Text(text) => map.serialize_entry(name, text)?,
            }
        }
        map.end()
    }
}

fn field(field: &Field) -> FieldOut<'_> {
    FieldOut { pointer: &field.pointer, value: &field.value, covered_by: field.covered_by.iter().map(|cover| cover.name()).collect() }
}

fn change(change: &Update) -> ChangeOut<'_> {
    ChangeOut { field: &change.field, old: &change.old, new: &change.new }
}

fn neighbour(neighbour: &Neighbour) -> NeighbourOut<'_> {
    let link = neighbour.link.map(|link| link.to_string());
    NeighbourOut { event: event(&neighbour.event), hash: neighbour.hash.to_string(), link }
}

fn check(check: &EventCheck) -> CheckOut<'_> {
    CheckOut { id: check.id.id(), status: check.outcome.map_or("not-applicable", status), words: &check.words }
}

fn by_hand(step: &ByHand) -> ByHandOut<'_> {
    let ByHand { title, commands, prints, outcome, note } = step;
    ByHandOut { title, commands, prints: prints.as_deref(), status: status(*outcome), note: note.as_deref() }
}

fn status(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Refuted => "refuted",
        Outcome::Untested => "untested",
        Outcome::Upheld => "upheld",
    }
}
