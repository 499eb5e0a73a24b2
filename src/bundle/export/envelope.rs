//! What stands around the entries of a page: read strictly, so that no name that stands there twice chooses what is read. Not here: whether the pages of
//! an export fit each other.

use super::cut::Rest;
use super::state::Shape;
use super::text::as_u64;
use super::{Export, Part};
use crate::bundle::block::Block;
use crate::bundle::flaw_code;
use crate::error::Error;
use crate::finding::{Code, Finding, Place};
use crate::json::{self, Flaw, FlawKind, Value};
use crate::profile::PageRule;

/// Bytes of a block where only the number of records is of interest.
const BLOCK: usize = 256 * 1024;

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Envelope {
    pub(super) page: Option<u64>,
    pub(super) per_page: Option<u64>,
    pub(super) total: Option<u64>,
    /// Members that should hold a number and hold something else: their pointers.
    pub(super) odd: Vec<String>,
    /// Events that it holds.
    pub(super) entries: u64,
    /// Other members that hold a list of objects.
    pub(super) other_lists: Vec<String>,
}

/// What an object turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// Its structure is broken before it could show.
    Broken,
    /// A page.
    Page(Envelope),
    /// No page: it has no such array.
    Other,
    /// A page with one name twice: what its entries are depends on the reader.
    Twofold,
}

/// Reads one object as a page.
pub(super) fn read(export: &Export, part: &Part, rule: &PageRule) -> Result<Found, Error> {
    let mut cutter = export.cutter(part, BLOCK, false)?;
    let (mut block, mut entries) = (Block::default(), 0_u64);
    while cutter.next(&mut block)? {
        let records = block.records.as_ref().map_or(0, |records| as_u64(records.len()));
        entries = entries.saturating_add(if block.too_long.is_some() { 1 } else { records });
    }
    let rest = cutter.finish()?;
    let found = rest.grammar.found();
    let broken = rest.finding.is_some();
    if !found {
        return Ok(if broken { Found::Broken } else { Found::Other });
    }
    let (text, _) = rest.grammar.envelope();
    let value = match json::parse(text) {
        Ok(value) => value,
        Err(Flaw { kind: FlawKind::DuplicateName, .. }) => return Ok(Found::Twofold),
        Err(_) => Value::Null,
    };
    let number = |pointer: &Option<String>| pointer.as_ref().and_then(|pointer| value.pointer(pointer)).and_then(integer);
    let pointers = [&rule.page, &rule.per_page, &rule.total].into_iter().flatten();
    let odd = pointers.filter(|pointer| value.pointer(pointer).is_some_and(|value| integer(value).is_none()));
    Ok(Found::Page(Envelope {
        odd: odd.cloned().collect(),
        page: number(&rule.page),
        per_page: number(&rule.per_page),
        total: number(&rule.total),
        entries,
        other_lists: other_lists(&value),
    }))
}

/// What is wrong with the text around the entries, if the rest of the file's structure is whole.
pub(super) fn flaw(part: &Part, file: &str, rest: &Rest) -> Option<Finding> {
    let Shape::Page(_) = part.shape else { return None };
    if rest.grammar.is_too_large() {
        let message = "expected at most 16777216 bytes around the events of a page, found more";
        return Some(Finding::new(Code::EventTooLong, message).in_file(file, None));
    }
    let (text, before) = rest.grammar.envelope();
    let flaw = json::parse(text).err()?;
    let code = flaw_code(flaw.kind);
    let byte = match flaw.byte {
        byte if byte < before => as_u64(byte),
        byte => rest.unpacked.saturating_sub(as_u64(text.len().saturating_sub(byte))),
    };
    let mut finding = Finding::new(code, format!("around the events of the page: {}", flaw.message));
    finding.place = Some(Place { file: file.to_owned(), byte: Some(byte), ..Place::default() });
    let help = "what a page holds must not depend on who reads it; ask the producer for the page as the API gave it";
    Some(if code == Code::EventDuplicateName { finding.help(help) } else { finding })
}

fn integer(value: &Value) -> Option<u64> {
    match value {
        Value::Number(_, text) => text.parse().ok().filter(|number| *number <= json::MAX_INTEGER),
        _ => None,
    }
}

fn other_lists(value: &Value) -> Vec<String> {
    let Value::Object(members) = value else { return Vec::new() };
    let holds_objects = |value: &Value| matches!(value, Value::Array(items) if items.iter().any(|item| matches!(item, Value::Object(_))));
    members.iter().filter(|(_, value)| holds_objects(value)).map(|(name, _)| name.clone()).collect()
}
