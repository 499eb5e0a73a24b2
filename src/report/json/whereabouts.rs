//! Where something stands: events, places, gaps and ranges, as every document writes them.

use std::ops::RangeInclusive;

use serde::Serialize;

use crate::finding::{EventRef, Missing, Place};

#[derive(Serialize)]
pub(super) struct Event<'r> {
    number: Option<u64>,
    file: &'r str,
    line: Option<u64>,
    byte: Option<u64>,
    seq: Option<u64>,
    id: Option<&'r str>,
}

#[derive(Serialize)]
pub(super) struct At<'r> {
    number: Option<u64>,
    file: &'r str,
    line: Option<u64>,
    byte: Option<u64>,
    column: Option<u64>,
}

#[derive(Serialize)]
pub(super) struct Name<'r> {
    pub(super) number: Option<u64>,
    pub(super) seq: Option<u64>,
    pub(super) id: Option<&'r str>,
}

#[derive(Serialize)]
pub(super) struct Gap<'r> {
    count: u64,
    exact: bool,
    after: Option<Name<'r>>,
    before: Option<Name<'r>>,
}

#[derive(Serialize)]
pub(super) struct Range {
    from: u64,
    to: u64,
}

pub(super) fn event(event: &EventRef) -> Event<'_> {
    let Place { file, number, line, byte, .. } = &event.place;
    Event { number: *number, file, line: *line, byte: *byte, seq: event.seq, id: event.id.as_deref() }
}

pub(super) fn at(place: &Place) -> At<'_> {
    At { number: place.number, file: &place.file, line: place.line, byte: place.byte, column: place.column }
}

pub(super) fn name(event: &EventRef) -> Name<'_> {
    Name { number: event.place.number, seq: event.seq, id: event.id.as_deref() }
}

pub(super) fn gap(missing: &Missing) -> Gap<'_> {
    Gap { count: missing.count, exact: missing.exact, after: missing.after.as_ref().map(name), before: missing.before.as_ref().map(name) }
}

pub(super) fn ranges(ranges: &[RangeInclusive<u64>]) -> Vec<Range> {
    ranges.iter().map(|range| Range { from: *range.start(), to: *range.end() }).collect()
}
