//! A comparison for machines: `unbroken-comparison/1`. Its shape is `spec/comparison.schema.json`.

use serde::Serialize;

use super::escape;
use crate::digest::Digest;
use crate::report::{self, BundleReport, Comparison, Divergence, EventLine, FieldChange};

/// The comparison as JSON, indented, with a final line feed.
pub fn comparison(comparison: &Comparison, tool_version: &str) -> String {
    escape::to_string(&Document::of(comparison, tool_version))
}

#[derive(Serialize)]
struct Document<'c> {
    schema: &'static str,
    tool: super::Tool<'c>,
    verdict: &'static str,
    qualified: bool,
    exit_code: u8,
    differs: bool,
    old: Side<'c>,
    new: Side<'c>,
    profile: Option<&'c str>,
    columns: Option<&'c [String]>,
    columns_left: &'c [String],
    not_compared: Option<&'c str>,
    overlap: Option<Overlap>,
    same: u64,
    relinked: u64,
    resealed: u64,
    rewritten_total: u64,
    rewritten: Vec<Rewritten<'c>>,
    removed_total: u64,
    removed_explained: u64,
    removed: Vec<Removed<'c>>,
    added_total: u64,
    added: Vec<Event<'c>>,
    moved_total: u64,
    moved: Vec<Pair<'c>>,
    purges_total: u64,
    purges: Vec<Purge<'c>>,
    outside: Outside,
    ends_early: Option<EndsEarly<'c>>,
    divergence: Option<Parted<'c>>,
    notes: &'c [String],
}

#[derive(Serialize)]
struct Side<'c> {
    path: &'c str,
    kind: &'static str,
    sha256: Option<String>,
    verdict: &'static str,
    qualified: bool,
    events: u64,
    findings_total: u64,
}

#[derive(Serialize)]
struct Overlap {
    common: u64,
    old: Numbers,
    new: Numbers,
}

#[derive(Serialize)]
struct Numbers {
    from: u64,
    to: u64,
}

#[derive(Serialize)]
struct Outside {
    old: Ends,
    new: Ends,
}

#[derive(Serialize)]
struct Ends {
    before: u64,
    after: u64,
}

#[derive(Serialize)]
struct EndsEarly<'c> {
    first: Event<'c>,
    last: Event<'c>,
}

#[derive(Serialize)]
struct Purge<'c> {
    event: Event<'c>,
    says: Option<&'c str>,
    explains: u64,
    reaches_start: bool,
}

#[derive(Serialize)]
struct Event<'c> {
    number: Option<u64>,
    file: &'c str,
    line: Option<u64>,
    byte: Option<u64>,
    seq: Option<u64>,
    id: Option<&'c str>,
    time: Option<&'c str>,
    action: Option<&'c str>,
}

#[derive(Serialize)]
struct Pair<'c> {
    old: Event<'c>,
    new: Event<'c>,
}

#[derive(Serialize)]
struct Rewritten<'c> {
    old: Event<'c>,
    new: Event<'c>,
    changes_total: u64,
    changes: Vec<Field<'c>>,
}

#[derive(Serialize)]
struct Field<'c> {
    pointer: &'c str,
    old: Option<&'c str>,
    new: Option<&'c str>,
}

#[derive(Serialize)]
struct Removed<'c> {
    event: Event<'c>,
    explained_by: Option<Event<'c>>,
}

#[derive(Serialize)]
struct Hashed<'c> {
    event: Event<'c>,
    hash: String,
}

#[derive(Serialize)]
struct Parted<'c> {
    last_common: Option<Hashed<'c>>,
    old: Hashed<'c>,
    new: Hashed<'c>,
}

impl<'c> Document<'c> {
    fn of(comparison: &'c Comparison, version: &'c str) -> Self {
        let pair = |old: &'c EventLine, new: &'c EventLine| Pair { old: event(old), new: event(new) };
        Self {
            schema: report::COMPARISON_NAME,
            tool: super::Tool { name: "unbroken", version },
            verdict: comparison.verdict().name(),
            qualified: comparison.qualified(),
            exit_code: comparison.verdict().exit_code(),
            differs: comparison.differs(),
            old: side(&comparison.old),
            new: side(&comparison.new),
            profile: comparison.profile.as_deref(),
            columns: comparison.columns.as_deref(),
            columns_left: &comparison.columns_left,
            not_compared: comparison.not_compared.as_deref(),
            overlap: comparison.overlap.as_ref().map(|overlap| Overlap {
                common: overlap.common,
                old: Numbers { from: *overlap.old.start(), to: *overlap.old.end() },
                new: Numbers { from: *overlap.new.start(), to: *overlap.new.end() },
            }),
            same: comparison.same,
            relinked: comparison.relinked,
            resealed: comparison.resealed,
            rewritten_total: comparison.rewritten.total,
            rewritten: comparison.rewritten.first.iter().map(rewritten).collect(),
            removed_total: comparison.removed.total,
            removed_explained: comparison.explained,
            removed: comparison
                .removed
                .first
                .iter()
                .map(|gone| Removed { event: event(&gone.event), explained_by: gone.explained_by.as_ref().map(event) })
                .collect(),
            added_total: comparison.added.total,
            added: comparison.added.first.iter().map(event).collect(),
            moved_total: comparison.moved.total,
            moved: comparison.moved.first.iter().map(|moved| pair(&moved.old, &moved.new)).collect(),
            purges_total: comparison.purges.total,
            purges: comparison.purges.first.iter().map(purge).collect(),
            outside: Outside { old: ends(comparison.outside.0), new: ends(comparison.outside.1) },
            ends_early: comparison.ends_early.as_ref().map(|(first, last)| EndsEarly { first: event(first), last: event(last) }),
            divergence: comparison.divergence.as_ref().map(parted),
            notes: &comparison.notes,
        }
    }
}

fn side(report: &BundleReport) -> Side<'_> {
    Side {
        path: &report.path,
        kind: report.kind.name(),
        sha256: report.sha256.map(|digest| digest.to_string()),
        verdict: report.verdict().name(),
        qualified: report.qualified(),
        events: report.events,
        findings_total: report.findings_total,
    }
}

fn event(line: &EventLine) -> Event<'_> {
    let EventLine { event, time, action } = line;
    let place = &event.place;
    Event {
        number: place.number,
        file: &place.file,
        line: place.line,
        byte: place.byte,
        seq: event.seq,
        id: event.id.as_deref(),
        time: time.as_deref(),
        action: action.as_deref(),
    }
}

fn ends(report::Outside { before, after }: report::Outside) -> Ends {
    Ends { before, after }
}

fn purge(one: &report::Purge) -> Purge<'_> {
    Purge { event: event(&one.event), says: one.says.as_deref(), explains: one.explains, reaches_start: one.reaches_start }
}

fn rewritten(one: &report::Rewritten) -> Rewritten<'_> {
    let changes = one.changes.iter().map(field).collect();
    Rewritten { old: event(&one.old), new: event(&one.new), changes_total: one.changes_total, changes }
}

fn field(FieldChange { pointer, old, new }: &FieldChange) -> Field<'_> {
    Field { pointer, old: old.as_deref(), new: new.as_deref() }
}

fn hashed((line, hash): &(EventLine, Digest)) -> Hashed<'_> {
    Hashed { event: event(line), hash: hash.to_string() }
}

fn parted(divergence: &Divergence) -> Parted<'_> {
    Parted { last_common: divergence.last_common.as_ref().map(hashed), old: hashed(&divergence.old), new: hashed(&divergence.new) }
}
