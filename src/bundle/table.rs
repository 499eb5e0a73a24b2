//! Tables (CSV, RFC 4180) as sources write them: rows of cells with their places, held against the sets of columns that a profile knows. Not here:
//! whether a row says the same as an event.

use std::io::Read;

use super::{Limits, ReadFault};
use crate::finding::Finding;
use crate::profile::TableRule;

/// A table, read row by row.
pub struct Table<'t> {
    rule: &'t TableRule,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRow {
    /// The line on which it starts, from 1.
    pub line: u64,
    /// Offset of its first byte in the (decompressed) file.
    pub byte: u64,
    /// As many as there are columns.
    pub cells: Vec<String>,
}

/// What comes next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// The end of the table.
    End,
    /// A row.
    Row(TableRow),
    /// The source says that it cut the table here (at this line); nothing stands behind it.
    Truncated(u64),
}

impl<'t> Table<'t> {
    /// Opens a table: passes over a BOM, reads the first row, finds the rule with these columns. What the bytes contradict is a `table.…` finding.
    pub fn open(file: &str, stored: Box<dyn Read + Send + 't>, gzip: bool, rules: &'t [TableRule], limits: &Limits) -> Result<Self, ReadFault> {
        let _ = (file, stored, gzip, rules, limits);
        todo!()
    }

    /// The columns.
    pub fn rule(&self) -> &'t TableRule {
        self.rule
    }

    /// What comes next; a malformed row is a `table.malformed` finding, and the last thing that can be read.
    pub fn next(&mut self) -> Result<Next, ReadFault> {
        todo!()
    }
}

impl TableRule {
    /// A row as an event: canonical JSON with the fields that columns stand for. The error says which cell is wrong.
    pub fn event(&self, row: &TableRow) -> Result<Vec<u8>, Finding> {
        let _ = row;
        todo!()
    }
}
