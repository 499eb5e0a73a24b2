//! Events and rows in one form, so that equal ones have equal digests. Not here: what differs, in words.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::hash::{BuildHasher, RandomState};

use crate::bundle::ReadFault;
use crate::bundle::block::{Block, Blocks};
use crate::bundle::table::{Next, Table, TableRow};
use crate::digest::{Digest, Hasher};
use crate::error::Error;
use crate::event::{Event, Found, Layout, Reader, Record};
use crate::finding::Finding;
use crate::json::{self, Value};
use crate::profile::{Cell, Column, Profile, TableRule, TokenRule};
use crate::time::Time;
use crate::verify::Progress;

/// The columns that repeat fields.
pub(super) struct Columns<'t> {
    /// The index of its cell, and the column.
    pub(super) compared: Vec<(usize, &'t Column)>,
    /// Of the cells, the id.
    pub(super) id: usize,
    pub(super) layout: Layout,
    /// What of a cell with a token is shown.
    pub(super) token: Option<&'t TokenRule>,
    without: Vec<&'t str>,
}

impl<'t> Columns<'t> {
    /// `None` where there is no column for the id.
    pub(super) fn new(rule: &'t TableRule, profile: &'t Profile) -> Result<Option<Self>, Error> {
        let compared: Vec<_> = rule.columns.iter().enumerate().filter(|(_, column)| column.field.is_some()).collect();
        let pointers: Vec<&str> = compared.iter().filter_map(|(_, column)| column.field.as_deref()).collect();
        let layout = Layout::new(profile, &pointers);
        let layout = layout.ok_or_else(|| Error::Internal(format!("profile {} names something that is no JSON Pointer", profile.name)))?;
        let id = compared.iter().find(|(_, column)| column.field.as_ref() == Some(&profile.fields.id)).map(|(index, _)| *index);
        let without = rule.columns.iter().filter(|column| column.field.is_none()).map(|column| column.name.as_str()).collect();
        Ok(id.map(|id| Self { compared, id, layout, token: profile.token.as_ref(), without }))
    }

    pub(super) fn note(&self, rows: u64) -> String {
        let columns = self.compared.len();
        let compared = format!("{rows} {} by {columns} {}", if rows == 1 { "row" } else { "rows" }, if columns == 1 { "column" } else { "columns" });
        if self.without.is_empty() {
            return compared;
        }
        let without: Vec<String> = self.without.iter().map(|name| format!("\"{name}\"")).collect();
        format!("{compared}; not compared, for want of such a field: {}", without.join(", "))
    }

    fn event(&self, event: &Event<'_>) -> Digest {
        digest(self.compared.iter().enumerate().map(|(slot, (_, column))| stated(column, &event.compared(slot)).into_owned()))
    }

    fn row(&self, row: &TableRow) -> Digest {
        digest(self.compared.iter().map(|(index, column)| repeated(column, row.cells.get(*index).map_or("", String::as_str)).into_owned()))
    }
}

fn digest(cells: impl Iterator<Item = String>) -> Digest {
    let mut hasher = Hasher::new();
    for cell in cells {
        hasher.update(&u64::try_from(cell.len()).unwrap_or(u64::MAX).to_le_bytes());
        hasher.update(cell.as_bytes());
    }
    hasher.finish()
}

/// What a cell must say in its one form, by the event.
pub(in crate::verify) fn stated<'f>(column: &Column, found: &'f Found<'_>) -> Cow<'f, str> {
    match (found, column.holds) {
        (Found::Absent | Found::Null, _) => Cow::Borrowed(""),
        (Found::Text(text), Cell::Text) => Cow::Borrowed(text),
        (Found::Text(text), Cell::Time) => instant(text),
        (Found::Text(text), Cell::Json) => canonical(&Value::String(text.clone().into_owned())),
        (Found::Other(text), _) => String::from_utf8_lossy(text),
    }
}

/// What a cell says, in its one form.
pub(super) fn repeated<'c>(column: &Column, cell: &'c str) -> Cow<'c, str> {
    match column.holds {
        Cell::Text => Cow::Borrowed(cell),
        Cell::Time => instant(cell),
        Cell::Json => match json::parse(cell.as_bytes()) {
            Ok(Value::Null) => Cow::Borrowed(""),
            Ok(value) => canonical(&value),
            // Never equal to anything that an event can say.
            Err(_) => Cow::Borrowed(cell),
        },
    }
}

fn instant(text: &str) -> Cow<'_, str> {
    text.parse::<Time>().map_or(Cow::Borrowed(text), |time| Cow::Owned(time.to_string()))
}

fn canonical<'v>(value: &Value) -> Cow<'v, str> {
    Cow::Owned(String::from_utf8_lossy(&value.canonical()).into_owned())
}

/// An event or a row that is to meet its other half.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::verify) struct Waiting {
    /// A hash of the id. Two ids that share one are told apart by what they say.
    pub(in crate::verify) id: u64,
    /// A digest of all that is compared, the id too.
    pub(in crate::verify) content: [u8; 32],
    /// Number of the event, or of the row behind the first; from 1.
    pub(in crate::verify) number: u64,
    /// Where it lies from the other side's time.
    pub(in crate::verify) window: Window,
}

/// Where an event lies, by its time, from what the other side is of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::verify) enum Window {
    /// It lies in the time that the other side is of.
    Inside,
    /// It is older.
    Before,
    /// It is newer.
    After,
    /// Its time does not say.
    #[default]
    Unsaid,
}

impl Waiting {
    pub(in crate::verify) fn key(&self) -> (u64, [u8; 32]) {
        (self.id, self.content)
    }
}

/// The events, one after the other.
pub(super) struct Events<'s> {
    blocks: Box<dyn Blocks + 's>,
    columns: &'s Columns<'s>,
    ids: &'s RandomState,
    progress: &'s dyn Progress,
    block: Block,
    reader: Reader,
    ready: VecDeque<Waiting>,
    /// Events that cannot be read, or have no id.
    pub(super) unreadable: u64,
}

impl<'s> Events<'s> {
    pub(super) fn new(blocks: Box<dyn Blocks + 's>, columns: &'s Columns<'s>, ids: &'s RandomState, progress: &'s dyn Progress) -> Self {
        let (block, reader) = (Block::default(), Reader::default());
        Self { blocks, columns, ids, progress, block, reader, ready: VecDeque::new(), unreadable: 0 }
    }

    pub(super) fn next(&mut self) -> Result<Option<Waiting>, Error> {
        while self.ready.is_empty() {
            if self.progress.interrupted() {
                return Err(Error::Interrupted);
            }
            if !self.blocks.next(&mut self.block)? {
                return Ok(None);
            }
            self.unreadable = self.unreadable.saturating_add(u64::from(self.block.too_long.is_some()));
            for piece in self.block.pieces() {
                match self.reader.read(piece.text, &self.columns.layout) {
                    Record::Event(event) if event.id.is_some() => {
                        let id = self.ids.hash_one(event.id.as_deref().unwrap_or_default());
                        self.ready.push_back(Waiting { id, content: self.columns.event(&event).0, number: piece.number, window: Window::Unsaid });
                    }
                    Record::Event(_) | Record::Unreadable(_) => self.unreadable = self.unreadable.saturating_add(1),
                }
            }
        }
        Ok(self.ready.pop_front())
    }
}

/// Why the rows end before those of all events were there.
pub(super) enum End {
    /// The source says so, on this line.
    Truncated(u64),
    /// What follows is no table.
    Malformed(Box<Finding>),
}

/// The rows, one after the other.
pub(super) struct Rows<'s> {
    table: Table<'s>,
    columns: &'s Columns<'s>,
    ids: &'s RandomState,
    max: u64,
    /// How many there were.
    pub(super) count: u64,
    pub(super) end: Option<End>,
}

impl<'s> Rows<'s> {
    pub(super) fn new(table: Table<'s>, columns: &'s Columns<'s>, ids: &'s RandomState, max: u64) -> Self {
        Self { table, columns, ids, max, count: 0, end: None }
    }

    pub(super) fn next(&mut self) -> Result<Option<Waiting>, Error> {
        if self.end.is_some() {
            return Ok(None);
        }
        match self.table.next() {
            Ok(Next::Row(row)) => {
                self.count = self.count.saturating_add(1);
                if self.count > self.max {
                    let what = format!("{} has more than {} rows, which", self.table.file(), self.max);
                    return Err(Error::Limit { what, limit: format!("{} events", self.max), flag: "--max-events" });
                }
                let id = self.ids.hash_one(row.cells.get(self.columns.id).map_or("", String::as_str));
                return Ok(Some(Waiting { id, content: self.columns.row(&row).0, number: self.count, window: Window::Unsaid }));
            }
            Ok(Next::End) => {}
            Ok(Next::Truncated(line)) => self.end = Some(End::Truncated(line)),
            Err(ReadFault::Error(error)) => return Err(error),
            Err(ReadFault::Finding(finding)) => self.end = Some(End::Malformed(finding)),
        }
        Ok(None)
    }
}
