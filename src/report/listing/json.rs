//! `unbroken-events/1`; its shape is `spec/events.schema.json`. Values stand there exactly; whatever a terminal could act on is a `\u` escape.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Caption, Listing, NOT_AN_ASSESSMENT, Rendered, ShelfHeading};
use crate::report::json::Tool;
use crate::report::json::escape::{spelt_out, to_string};
use crate::report::model::{Cell, Verdict};

#[derive(Serialize)]
struct Document<'r> {
    schema: &'static str,
    tool: Tool<'r>,
    path: &'r str,
    kind: &'static str,
    sha256: Option<String>,
    manifest_sha256: Option<String>,
    verdict: &'static str,
    qualified: bool,
    exit_code: u8,
    skipped: Vec<&'static str>,
    profile: Option<&'r str>,
    tenant_id: Option<&'r str>,
    filters: BTreeMap<&'static str, Option<&'r str>>,
    events_total: u64,
    matched: u64,
    listed: u64,
    limit: Option<u64>,
    undecided: u64,
    worth: Worth,
    control: Option<Control<'r>>,
    events: [(); 0],
}

#[derive(Serialize)]
struct Worth {
    proven: u64,
    consistent: u64,
    not_verified: u64,
    own_proof: u64,
}

#[derive(Serialize)]
struct Control<'r> {
    id: &'r str,
    title: &'r str,
    says: &'r str,
    note: &'static str,
    filters: Vec<Filter<'r>>,
}

#[derive(Serialize)]
struct Filter<'r> {
    number: usize,
    says: &'r str,
    keys: BTreeMap<&'static str, &'r [String]>,
    matched: u64,
}

/// What `--from` and the others may ask for.
const FILTERS: [&str; 8] = ["action", "actor", "actor_type", "from", "request_id", "resource_id", "resource_type", "to"];

/// One event, on a line of its own; `columns` are their names as JSON strings.
pub(super) fn row(out: &mut String, columns: &[String], cells: &[Cell], group: Option<usize>) {
    let mut before = '{';
    let group = group.map(|number| ("\"filter\"", number.to_string()));
    let members = columns.iter().map(String::as_str).zip(cells.iter().map(value));
    for (name, value) in group.into_iter().chain(members) {
        out.push(before);
        out.push_str(name);
        out.push(':');
        out.push_str(&value);
        before = ',';
    }
    out.push_str("}\n");
}

/// One object a line, and nothing else.
pub(super) fn lines(listing: Listing) -> String {
    listing.shelves.into_iter().map(|shelf| rows(shelf.rendered)).collect()
}

/// The verdict, the counts, the control, and the events.
pub(super) fn document(listing: Listing, caption: &Caption<'_>) -> String {
    let Caption { report, asked, counts, tool_version, .. } = *caption;
    let filters = listing.shelves.iter().zip(1..);
    let filters =
        filters.map(|(shelf, number)| Filter { number, says: &shelf.heading.says, keys: keys(&shelf.heading), matched: shelf.rows }).collect();
    let control = listing.heading.as_ref();
    let control = control.map(|heading| Control { id: &heading.id, title: &heading.title, says: &heading.says, note: NOT_AN_ASSESSMENT, filters });
    let wanted = |key: &str| asked.filters.iter().find(|(name, _)| *name == key).map(|(_, wanted)| wanted.as_str());
    let document = Document {
        schema: crate::report::EVENTS_SCHEMA_NAME,
        tool: Tool { name: "unbroken", version: tool_version },
        path: &report.path,
        kind: report.kind.name(),
        sha256: report.sha256.map(|digest| digest.to_string()),
        manifest_sha256: report.manifest_sha256.map(|digest| digest.to_string()),
        verdict: Verdict::name(report.verdict()),
        qualified: report.qualified(),
        exit_code: report.verdict().exit_code(),
        skipped: report.skipped.iter().map(|check| check.id()).collect(),
        profile: report.profile.as_deref(),
        tenant_id: report.tenant_id.as_deref(),
        filters: FILTERS.map(|key| (key, wanted(key))).into_iter().collect(),
        events_total: report.events,
        matched: counts.matched,
        listed: listing.listed,
        limit: asked.limit,
        undecided: counts.undecided,
        worth: Worth { proven: counts.proven, consistent: counts.consistent, not_verified: counts.not_verified, own_proof: counts.own_proof },
        control,
        events: [],
    };
    // the list is the document's last member
    let head = to_string(&document);
    let mut out = head.trim_end().strip_suffix("[]\n}").unwrap_or_default().to_owned();
    let mut before = "[\n    ";
    for shelf in listing.shelves {
        for line in rows(shelf.rendered).lines() {
            out.push_str(before);
            out.push_str(line);
            before = ",\n    ";
        }
    }
    out.push_str(if before.starts_with('[') { "[]\n}\n" } else { "\n  ]\n}\n" });
    out
}

fn keys(heading: &ShelfHeading) -> BTreeMap<&'static str, &[String]> {
    heading.keys.iter().map(|(key, values)| (*key, values.as_slice())).collect()
}

fn rows(rendered: Rendered) -> String {
    match rendered {
        Rendered::Json(text) => text,
        Rendered::Csv(_) | Rendered::Table(_) => String::new(),
    }
}

fn value(cell: &Cell) -> String {
    match cell {
        Cell::Codes(codes) => {
            let codes: Vec<String> = codes.iter().map(|code| quoted(code)).collect();
            format!("[{}]", codes.join(","))
        }
        Cell::Json(json) => spelt_out(json),
        Cell::Nothing => "null".to_owned(),
        Cell::Number(number) => number.to_string(),
        Cell::Text(text) => quoted(text),
        Cell::Word(word) => quoted(word),
    }
}

pub(super) fn quoted(text: &str) -> String {
    to_string(&text).trim_end().to_owned()
}
