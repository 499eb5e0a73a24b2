//! Reads the members of a manifest from its JSON value, all of them, whatever is wrong with some. Not here: the list of files.

use super::fields::{Fault, Faults, Field, Object};
use super::listing;
use super::manifest::{ChainEnds, FILTER_KEYS, FORMAT, Instant, KEY_ID, Manifest, Previous, Selection, TENANT_ID};
use crate::finding::Finding;
use crate::json::Value;

const MEMBERS: [&str; 13] = [
    "format",
    "bundle_id",
    "profile",
    "tenant_id",
    "created_at",
    "period",
    "selection",
    "events",
    "chain",
    "event_mac",
    "event_signature",
    "previous",
    "files",
];

/// Reads all members before it gives up, so that all faults are told.
pub(super) fn read(value: &Value, faults: &mut Faults, findings: &mut Vec<Finding>) -> Option<Manifest> {
    let root = Field::root(value).object(faults)?;
    root.only(&MEMBERS, faults);
    let format = root.required("format", faults).and_then(|field| field.literal(FORMAT, faults));
    let bundle_id = root.required("bundle_id", faults).and_then(|field| field.label(KEY_ID, faults));
    let profile = root.required("profile", faults).and_then(|field| field.profile(faults));
    let tenant_id = root.required("tenant_id", faults).and_then(|field| field.label(TENANT_ID, faults));
    let created_at = root.required("created_at", faults).and_then(|field| field.instant(faults));
    let period = root.required("period", faults).and_then(|field| period(&field, faults));
    let selection = root.required("selection", faults).and_then(|field| selection(&field, faults));
    let events = root.required("events", faults).and_then(|field| events(&field, faults));
    let chain = root.optional("chain").map(|field| chain(&field, faults));
    let event_mac = root.optional("event_mac").map(|field| key_id(&field, faults));
    let event_signature = root.optional("event_signature").map(|field| key_id(&field, faults));
    let previous = root.optional("previous").map(|field| previous(&field, faults));
    let files = root.required("files", faults).and_then(|field| listing::read(&field, faults, findings));
    format?;
    let (from, to) = period?;
    let (count, first_id, last_id) = events?;
    if let (0, Some(Some(ChainEnds { first_prev_hash, last_hash }))) = (count, &chain)
        && first_prev_hash != last_hash
    {
        let message = format!("`/chain`: expected one hash twice, since `/events/count` is 0, found {first_prev_hash} and {last_hash}");
        faults.push(Fault::Form(message));
        return None;
    }
    Some(Manifest {
        bundle_id: bundle_id?.to_owned(),
        profile: profile?.to_owned(),
        tenant_id: tenant_id?.to_owned(),
        created_at: created_at?,
        from,
        to,
        selection: selection?,
        count,
        first_id,
        last_id,
        chain: declared(chain)?,
        event_mac: declared(event_mac)?,
        event_signature: declared(event_signature)?,
        previous: declared(previous)?,
        files: files?,
    })
}

/// A member that may be absent: absent is fine, present and wrong is not.
fn declared<T>(member: Option<Option<T>>) -> Option<Option<T>> {
    match member {
        Some(None) => None,
        Some(value) => Some(value),
        None => Some(None),
    }
}

fn period(field: &Field<'_>, faults: &mut Faults) -> Option<(Instant, Instant)> {
    let object = field.object(faults)?;
    object.only(&["from", "to"], faults);
    let from = object.required("from", faults).and_then(|field| field.instant(faults));
    let to = object.required("to", faults).and_then(|field| field.instant(faults));
    let (from, to) = (from?, to?);
    if from.time >= to.time {
        faults.push(Fault::Form(format!("`/period`: expected `from` before `to`, found {} and {}", from.text, to.text)));
        return None;
    }
    Some((from, to))
}

fn selection(field: &Field<'_>, faults: &mut Faults) -> Option<Selection> {
    match field.value {
        Value::String(text) if text == "complete" => Some(Selection::Complete),
        Value::Object(_) => {
            let object = field.object(faults)?;
            object.only(&["filter"], faults);
            let filter = object.required("filter", faults)?;
            filter_entries(&filter, &filter.object(faults)?, faults).map(Selection::Filter)
        }
        _ => field.wrong("\"complete\" or an object with `filter`", faults),
    }
}

fn filter_entries(field: &Field<'_>, object: &Object<'_>, faults: &mut Faults) -> Option<Vec<(String, String)>> {
    object.only(&FILTER_KEYS, faults);
    let mut fields = object.fields().peekable();
    if fields.peek().is_none() {
        return field.wrong("at least one key (no filter is written \"complete\")", faults);
    }
    let entries = fields.map(|(key, entry)| {
        let text = match key {
            "from" | "to" => entry.instant(faults)?.text,
            _ => entry.string(faults)?.to_owned(),
        };
        Some((key.to_owned(), text))
    });
    // every entry is read before a wrong one ends it
    entries.collect::<Vec<_>>().into_iter().collect()
}

fn events(field: &Field<'_>, faults: &mut Faults) -> Option<(u64, Option<String>, Option<String>)> {
    let object = field.object(faults)?;
    object.only(&["count", "first_id", "last_id"], faults);
    let count = object.required("count", faults).and_then(|field| field.integer(faults));
    let mut id = |name| {
        let field = object.required(name, faults)?;
        match (count, field.value) {
            (Some(0) | None, Value::Null) => Some(None),
            (Some(0), _) => field.wrong("null, since `/events/count` is 0", faults),
            (Some(_), Value::Null) => field.wrong("the id of an event, since `/events/count` is not 0", faults),
            _ => field.text(faults).map(|id| Some(id.to_owned())),
        }
    };
    let (first_id, last_id) = (id("first_id"), id("last_id"));
    Some((count?, first_id?, last_id?))
}

fn chain(field: &Field<'_>, faults: &mut Faults) -> Option<ChainEnds> {
    let object = field.object(faults)?;
    object.only(&["first_prev_hash", "last_hash"], faults);
    let first_prev_hash = object.required("first_prev_hash", faults).and_then(|field| field.digest(faults));
    let last_hash = object.required("last_hash", faults).and_then(|field| field.digest(faults));
    Some(ChainEnds { first_prev_hash: first_prev_hash?, last_hash: last_hash? })
}

fn key_id(field: &Field<'_>, faults: &mut Faults) -> Option<String> {
    let object = field.object(faults)?;
    object.only(&["key_id"], faults);
    object.required("key_id", faults)?.label(KEY_ID, faults).map(str::to_owned)
}

fn previous(field: &Field<'_>, faults: &mut Faults) -> Option<Previous> {
    let object = field.object(faults)?;
    object.only(&["bundle_id", "last_hash"], faults);
    let bundle_id = object.required("bundle_id", faults).and_then(|field| field.label(KEY_ID, faults));
    let last_hash = object.required("last_hash", faults).and_then(|field| field.digest(faults));
    Some(Previous { bundle_id: bundle_id?.to_owned(), last_hash: last_hash? })
}
