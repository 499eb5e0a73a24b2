//! Tables that are the whole export: each row is an event, as the profile's columns say. Not here: how a table is read, and how a row becomes an event.

use super::forward::Sum;
use super::text::as_u64;
use super::{Direction, Export, Part};
use crate::bundle::block::{Block, Blocks, Span, Stored};
use crate::bundle::fault::ReadFault;
use crate::bundle::table::{self, Next, Table};
use crate::error::Error;
use crate::finding::Finding;
use crate::profile::{Profile, TableRule};

/// Blocks of all tables.
pub(super) struct Rows<'e> {
    export: &'e Export,
    parts: &'e [Part],
    rules: &'e [TableRule],
    direction: Direction,
    target: usize,
    open: Option<Open<'e>>,
    sum: Sum,
}

struct Open<'e> {
    name: &'e str,
    rows: Source<'e>,
}

/// Where rows come from: the table, or, if the newest stands first, those that were read, the last at the end.
enum Source<'e> {
    Held(Vec<(Vec<u8>, u64, u64)>),
    Table(Box<Table<'e>>),
}

impl<'e> Rows<'e> {
    pub(super) fn new(export: &'e Export, parts: &'e [Part], profile: &'e Profile, direction: Direction, target: usize) -> Self {
        Self { export, parts, rules: &profile.table, direction, target, open: None, sum: Sum::default() }
    }

    fn open(&mut self, part: &Part) -> Result<(), Error> {
        let name = self.export.item(part)?.name.as_str();
        match open(self.export, part, self.rules) {
            Err(ReadFault::Error(error)) => return Err(error),
            Err(ReadFault::Finding(finding)) => self.sum.findings.push(*finding),
            Ok(table) => {
                let mut open = Open { name, rows: Source::Table(Box::new(table)) };
                if self.direction == Direction::NewestFirst {
                    open.rows = Source::Held(self.hold(&mut open)?);
                }
                self.open = Some(open);
            }
        }
        self.digest(part)
    }

    fn hold(&mut self, open: &mut Open<'e>) -> Result<Vec<(Vec<u8>, u64, u64)>, Error> {
        let (mut held, mut size) = (Vec::new(), 0_u64);
        while let Some((event, line, byte)) = open.next(&mut self.sum.findings)? {
            size = size.saturating_add(as_u64(event.len()));
            if size > self.export.limits.max_stdin {
                let what = format!("{}: a table whose newest event stands first, which is held in memory,", open.name);
                return Err(Error::Limit { what, limit: format!("{} bytes", self.export.limits.max_stdin), flag: "--max-stdin" });
            }
            held.push((event, line, byte));
        }
        Ok(held)
    }

    /// The stored bytes are digested by themselves: a table may end before its file does.
    fn digest(&mut self, part: &Part) -> Result<(), Error> {
        let item = self.export.item(part)?;
        let (sha256, size) = item.digest()?;
        self.sum.read(part, sha256, size, size);
        Ok(())
    }
}

impl Blocks for Rows<'_> {
    fn next(&mut self, block: &mut Block) -> Result<bool, Error> {
        loop {
            if let Some(open) = &mut self.open {
                block.start(block.index, open.name, 1, 0);
                block.bytes.clear();
                let mut records = Vec::new();
                while block.bytes.len() < self.target
                    && let Some((event, line, byte)) = open.next(&mut self.sum.findings)?
                {
                    let start = block.bytes.len();
                    block.bytes.extend_from_slice(&event);
                    records.push(Span { range: start..block.bytes.len(), line, byte });
                }
                if let Some(first) = records.first() {
                    (block.line, block.byte) = (first.line, first.byte);
                    block.records = Some(records);
                    self.sum.number(block);
                    return Ok(true);
                }
                self.open = None;
            }
            let Some((part, rest)) = self.parts.split_first() else { return Ok(false) };
            self.parts = rest;
            self.open(part)?;
        }
    }

    fn stored_bytes(&self) -> u64 {
        self.sum.size
    }

    fn finish(mut self: Box<Self>) -> Result<Stored, Error> {
        let mut scratch = Block::default();
        while self.next(&mut scratch)? {}
        Ok(self.sum.stored())
    }
}

impl Open<'_> {
    /// The next event, with its line and byte. A row that is none is a finding, and passed over.
    fn next(&mut self, findings: &mut Vec<Finding>) -> Result<Option<(Vec<u8>, u64, u64)>, Error> {
        let table = match &mut self.rows {
            Source::Held(held) => return Ok(held.pop()),
            Source::Table(table) => table,
        };
        loop {
            match table.next() {
                Ok(Next::Row(row)) => match table.rule().event(&row) {
                    Ok(event) => return Ok(Some((event, row.line, row.byte))),
                    Err(finding) => findings.push(finding),
                },
                Ok(Next::End | Next::Truncated(_)) => return Ok(None),
                Err(ReadFault::Error(error)) => return Err(error),
                Err(ReadFault::Finding(finding)) => {
                    findings.push(*finding);
                    return Ok(None);
                }
            }
        }
    }
}

fn open<'e>(export: &'e Export, part: &Part, rules: &'e [TableRule]) -> Result<Table<'e>, ReadFault> {
    let item = export.item(part)?;
    Table::open(&item.name, Box::new(item.stored()?), item.gzip, rules, &export.limits)
}

/// Where the source says that it cut the table.
pub(super) fn truncated(export: &Export, part: &Part, profile: &Profile) -> Result<Option<String>, Error> {
    let at_end = open(export, part, &profile.table).and_then(|mut table| {
        loop {
            match table.next()? {
                Next::Row(_) => {}
                Next::End => return Ok(None),
                Next::Truncated(line) => return Ok(Some(line)),
            }
        }
    });
    match at_end {
        Err(ReadFault::Error(error)) => Err(error),
        // What is wrong with it shows when it is read.
        Err(ReadFault::Finding(_)) | Ok(None) => Ok(None),
        Ok(Some(line)) => Ok(Some(format!("line {line} of {} says so", export.item(part)?.name))),
    }
}

/// The first row of a table; nothing if it cannot be read.
pub(super) fn header(export: &Export, part: &Part) -> Result<Vec<String>, Error> {
    let item = export.item(part)?;
    match table::header(&item.name, Box::new(item.stored()?), item.gzip, &export.limits) {
        Ok(names) => Ok(names),
        Err(ReadFault::Error(error)) => Err(error),
        Err(ReadFault::Finding(_)) => Ok(Vec::new()),
    }
}
