//! `table.match`: does the table for people say the same as the events? A stage of its own behind the walk: both are read side by side, matched by
//! id, and compared field by field. What differs is read once more, for its words. Not here: whether the events are true.
//!
//! Rows in the order of the events need no memory; other orders about 100 bytes for each event and row that has not met its other half yet.

mod sides;
mod told;

use std::hash::RandomState;

use self::sides::{Columns, End, Events, Rows};
pub(in crate::verify) use self::sides::{Waiting, Window, stated};
use self::told::Told;
use crate::bundle::block::Blocks;
use crate::bundle::table::Table;
use crate::bundle::{Limits, ReadFault};
use crate::error::Error;
use crate::finding::{Finding, Why};
use crate::profile::Profile;
use crate::verify::Progress;

/// Findings that are kept, of each kind; the totals are exact.
const KEPT_FIELDS: usize = 8000;
const KEPT_ROWS: usize = 1000;

/// So many events and rows wait before those that are equal are looked for.
const SETTLE_FROM: usize = 1 << 16;

/// A table and the events that it repeats, each to be opened more than once.
pub struct Sides<'s> {
    /// Says which columns stand for which fields.
    pub profile: &'s Profile,
    /// Opens the table.
    pub table: &'s dyn Fn() -> Result<Table<'s>, ReadFault>,
    /// Opens the events.
    pub events: &'s dyn Fn() -> Result<Box<dyn Blocks + 's>, Error>,
    /// Rows are bounded as events are.
    pub limits: &'s Limits,
}

/// What the comparison came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableMatch {
    /// Rows that say the same as their events.
    pub upheld: u64,
    /// Rows that differ, events without a row, rows without an event, and what makes the table unreadable; exact, also where fewer findings are kept.
    pub refuted: u64,
    /// One for each of them: at most 10,000.
    pub findings: Vec<Finding>,
    /// Why something could not be compared.
    pub untested: Option<Why>,
    /// How many rows were compared by how many columns, and which were not.
    pub note: String,
    /// Data without weight.
    pub notes: Vec<String>,
}

/// What does not agree.
#[derive(Default)]
struct Disagreement {
    /// Events (by number) and rows (by index) with one id.
    fields: Vec<(u64, u64)>,
    /// Events without a row.
    missing: Vec<u64>,
    /// Rows without an event.
    extra: Vec<u64>,
}

impl Sides<'_> {
    /// Compares the two. Text is equal as strings, times are as instants, JSON is by its canonical form (RFC 8785); an empty cell is equal to null, to
    /// the empty string, and to a member that is not there. A cell that a spreadsheet rewrote differs.
    pub fn compare(&self, progress: &dyn Progress) -> Result<TableMatch, Error> {
        let table = match (self.table)() {
            Ok(table) => table,
            Err(fault) => return unreadable(fault),
        };
        let (file, notes) = (table.file().to_owned(), table.notes().to_vec());
        let columns = match Columns::new(table.rule(), self.profile)? {
            Some(columns) => columns,
            None => {
                let why = Why::NotSupported(format!("comparing {file} with the events: it has no column for their id"));
                return Ok(TableMatch { untested: Some(why), notes, ..TableMatch::default() });
            }
        };
        let ids = RandomState::new();
        let mut events = Events::new((self.events)()?, &columns, &ids, progress);
        let mut rows = Rows::new(table, &columns, &ids, self.limits.max_events);
        let (upheld, mut wrong) = meet(&mut events, &mut rows)?;
        let (unreadable, counted, end) = (events.unreadable, rows.count, rows.end.take());
        let untested = match &end {
            Some(End::Truncated(line)) => Some(Why::Truncated(truncated(&file, *line, wrong.missing.len()))),
            _ if unreadable > 0 && !wrong.extra.is_empty() => Some(Why::Unreadable),
            _ => None,
        };
        if end.is_some() {
            wrong.missing.clear();
        }
        if unreadable > 0 {
            wrong.extra.clear();
        }
        let mut refuted =
            [wrong.fields.len(), wrong.missing.len(), wrong.extra.len()].into_iter().fold(0_u64, |sum, count| sum.saturating_add(as_u64(count)));
        wrong.keep();
        let mut findings = if refuted > 0 { Told::new(&file, &columns, wrong).tell(self, progress)? } else { Vec::new() };
        if let Some(End::Malformed(finding)) = end {
            refuted = refuted.saturating_add(1);
            findings.push(*finding);
        }
        Ok(TableMatch { upheld, refuted, findings, untested, note: columns.note(counted), notes })
    }
}

fn unreadable(fault: ReadFault) -> Result<TableMatch, Error> {
    match fault {
        ReadFault::Error(error) => Err(error),
        ReadFault::Finding(finding) => Ok(TableMatch { refuted: 1, findings: vec![*finding], ..TableMatch::default() }),
    }
}

fn truncated(file: &str, line: u64, missing: usize) -> String {
    let without = match missing {
        0 => "every event has a row".to_owned(),
        1 => "1 event has no row".to_owned(),
        _ => format!("{missing} events have no row"),
    };
    format!("{file} says so on line {line}; {without}")
}

/// Reads both to their end.
fn meet(events: &mut Events<'_>, rows: &mut Rows<'_>) -> Result<(u64, Disagreement), Error> {
    let (mut upheld, mut left, mut right, mut settle_from) = (0_u64, Vec::new(), Vec::new(), SETTLE_FROM);
    loop {
        match (events.next()?, rows.next()?) {
            (None, None) => break,
            (Some(event), Some(row)) if event.key() == row.key() => upheld = upheld.saturating_add(1),
            (event, row) => {
                left.extend(event);
                right.extend(row);
            }
        }
        if left.len().max(right.len()) >= settle_from {
            upheld = upheld.saturating_add(settle(&mut left, &mut right));
            settle_from = left.len().max(right.len()).saturating_mul(2).max(SETTLE_FROM);
        }
    }
    upheld = upheld.saturating_add(settle(&mut left, &mut right));
    Ok((upheld, Disagreement::of(left, right)))
}

/// Takes away the events and rows that are equal; says how many. What is left is sorted by id.
fn settle(events: &mut Vec<Waiting>, rows: &mut Vec<Waiting>) -> u64 {
    let mut equal = 0_u64;
    join(events, rows, Waiting::key, &mut |_, _| equal = equal.saturating_add(1));
    equal
}

/// Takes away the pairs that have one key, and shows each. What is left is sorted. The key is made of what stands first in [`Waiting`].
pub(in crate::verify) fn join<K: Ord>(
    left: &mut Vec<Waiting>,
    right: &mut Vec<Waiting>,
    key: impl Fn(&Waiting) -> K,
    pair: &mut dyn FnMut(&Waiting, &Waiting),
) {
    left.sort_unstable();
    right.sort_unstable();
    let (mut one, mut other) = (0, 0);
    let (mut kept_left, mut kept_right) = (0, 0);
    loop {
        match (left.get(one).copied(), right.get(other).copied()) {
            (None, None) => break,
            (Some(event), Some(row)) if key(&event) == key(&row) => {
                pair(&event, &row);
                (one, other) = (one.saturating_add(1), other.saturating_add(1));
            }
            (Some(event), row) if row.is_none_or(|row| key(&event) < key(&row)) => {
                keep(left, &mut kept_left, event);
                one = one.saturating_add(1);
            }
            (_, Some(row)) => {
                keep(right, &mut kept_right, row);
                other = other.saturating_add(1);
            }
            (Some(_), None) => break,
        }
    }
    left.truncate(kept_left);
    right.truncate(kept_right);
}

fn keep(list: &mut [Waiting], kept: &mut usize, one: Waiting) {
    if let Some(place) = list.get_mut(*kept) {
        *place = one;
    }
    *kept = kept.saturating_add(1);
}

impl Disagreement {
    /// Of events and rows of which no two are equal: those with one id belong together.
    fn of(mut events: Vec<Waiting>, mut rows: Vec<Waiting>) -> Self {
        let mut fields = Vec::new();
        join(&mut events, &mut rows, |one| one.id, &mut |event, row| fields.push((event.number, row.number)));
        let numbers = |list: Vec<Waiting>| list.into_iter().map(|one| one.number).collect();
        Self { fields, missing: numbers(events), extra: numbers(rows) }
    }

    /// Keeps the first of each kind.
    fn keep(&mut self) {
        self.fields.sort_unstable();
        self.fields.truncate(KEPT_FIELDS);
        for kind in [&mut self.missing, &mut self.extra] {
            kind.sort_unstable();
            kind.truncate(KEPT_ROWS);
        }
    }
}

fn as_u64(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
