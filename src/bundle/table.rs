//! Tables (CSV, RFC 4180) as sources write them: rows of cells with their places, held against the sets of columns that a profile knows. Not here:
//! whether a row says the same as an event.

mod flow;
mod grammar;
mod header;

use std::io::Read;

use self::grammar::{Grammar, Place};
use self::header::columns;
use super::{Limits, ReadFault};
use crate::finding::{Code, Finding};
use crate::json::{self, Value};
use crate::profile::{Cell, Column, TableRule};

/// Bytes that the csv crate asks for at a time.
const READ: usize = 64 * 1024;

/// A table, read row by row.
pub struct Table<'t> {
    file: String,
    rule: &'t TableRule,
    /// For each column of the rule, which cell of a row it is.
    order: Vec<usize>,
    rows: Rows<'t>,
    done: bool,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRow {
    /// The line on which it starts, from 1.
    pub line: u64,
    /// Offset of its first byte in the (decompressed) file.
    pub byte: u64,
    /// As many as there are columns, in the order of the rule's, whatever the table's.
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
    /// Opens a table: passes over a BOM, reads the first row, finds the rule with these columns, in whatever order. What the bytes contradict is a
    /// `table.…` finding. `rules` must not be empty: a profile without columns cannot say what a table means.
    pub fn open(file: &str, stored: Box<dyn Read + Send + 't>, gzip: bool, rules: &'t [TableRule], limits: &Limits) -> Result<Self, ReadFault> {
        let marks = rules.iter().filter_map(|rule| rule.truncated.as_ref()).map(|mark| mark.clone().into_bytes()).collect();
        let mut rows = Rows::new(Grammar::new(file, stored, gzip, marks, limits));
        let Some((place, names)) = rows.next(file)? else {
            let message = "expected a first row with the names of the columns, found an empty table";
            return Err(ReadFault::finding(Code::TableMalformed, file, 0, message));
        };
        let (rule, order) = columns(&names, rules).map_err(|message| at_line(Code::TableColumn, file, place, message))?;
        Ok(Self { file: file.to_owned(), rule, order, rows, done: false })
    }

    /// The file.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The columns.
    pub fn rule(&self) -> &'t TableRule {
        self.rule
    }

    /// Data without weight: a byte order mark that was passed over.
    pub fn notes(&self) -> &[String] {
        &self.rows.reader.get_ref().notes
    }

    /// What comes next; a malformed row is a `table.malformed` finding, and the last thing that can be read.
    #[expect(clippy::should_implement_trait, reason = "each step may fail, and there are two kinds of end")]
    pub fn next(&mut self) -> Result<Next, ReadFault> {
        let row = if self.done { Ok(None) } else { self.rows.next(&self.file) };
        let row = row.inspect_err(|_| self.done = true)?;
        let Some((Place { line, byte }, mut cells)) = row else {
            self.done = true;
            return Ok(self.rows.reader.get_ref().truncated.map_or(Next::End, Next::Truncated));
        };
        let cells = self.order.iter().map(|index| cells.get_mut(*index).map(std::mem::take).unwrap_or_default()).collect();
        Ok(Next::Row(TableRow { line, byte, cells }))
    }
}

/// The header of a table alone: the names in its first row.
pub fn header<'t>(file: &str, stored: Box<dyn Read + Send + 't>, gzip: bool, limits: &Limits) -> Result<Vec<String>, ReadFault> {
    let mut rows = Rows::new(Grammar::new(file, stored, gzip, Vec::new(), limits));
    Ok(rows.next(file)?.map(|(_, names)| names).unwrap_or_default())
}

/// Rows as they stand in the table.
struct Rows<'t> {
    reader: csv::Reader<Grammar<'t>>,
    record: csv::ByteRecord,
}

impl<'t> Rows<'t> {
    fn new(grammar: Grammar<'t>) -> Self {
        let mut builder = csv::ReaderBuilder::new();
        builder.has_headers(false).flexible(true).buffer_capacity(READ);
        Self { reader: builder.from_reader(grammar), record: csv::ByteRecord::new() }
    }

    fn next(&mut self, file: &str) -> Result<Option<(Place, Vec<String>)>, ReadFault> {
        match self.reader.read_byte_record(&mut self.record) {
            Ok(true) => {}
            Ok(false) => return Ok(None),
            Err(error) => return Err(fault(error, file)),
        }
        let Some(place) = self.reader.get_mut().start() else {
            return Err(ReadFault::finding(Code::TableMalformed, file, 0, "expected one reading of the rows, found two"));
        };
        let text = |(index, cell): (usize, &[u8])| {
            str::from_utf8(cell).map(str::to_owned).map_err(|error| {
                let found = cell.get(error.valid_up_to()).copied().unwrap_or_default();
                let number = index.saturating_add(1);
                let message = format!("expected UTF-8, found the byte 0x{found:02x} in cell {number} of the row on line {}", place.line);
                at_line(Code::TableMalformed, file, place, message)
            })
        };
        self.record.iter().enumerate().map(text).collect::<Result<Vec<_>, _>>().map(|cells| Some((place, cells)))
    }
}

fn fault(error: csv::Error, file: &str) -> ReadFault {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => ReadFault::from_io(error),
        other => ReadFault::finding(Code::TableMalformed, file, 0, format!("expected rows of cells, found {other:?}")),
    }
}

fn at_line(code: Code, file: &str, place: Place, message: String) -> ReadFault {
    let mut finding = Finding::new(code, message).in_file(file, Some(place.byte));
    finding.place.iter_mut().for_each(|at| at.line = Some(place.line));
    finding.into()
}

impl TableRule {
    /// A row as an event: canonical JSON (RFC 8785) with the fields that columns stand for, in objects as their pointers say. An empty cell is null:
    /// a table cannot tell it from an empty string, or from a member that is not there. The error says which cell is wrong; the file is unknown here.
    #[expect(clippy::result_large_err, reason = "one wrong cell ends the reading of the table")]
    pub fn event(&self, row: &TableRow) -> Result<Vec<u8>, Finding> {
        let mut event = Value::Object(Vec::new());
        for (column, cell) in self.columns.iter().zip(&row.cells) {
            let Some(field) = &column.field else {
                continue;
            };
            let flawed = |flaw: json::Flaw| wrong_cell(row, column, &format!("{} (byte {} of the cell)", flaw.message, flaw.byte));
            let value = column.value(cell).map_err(flawed)?;
            if !event.put(field, value) {
                return Err(wrong_cell(
                    row,
                    column,
                    &format!("expected a place for {field} in the event, found another column's value on the way to it"),
                ));
            }
        }
        Ok(event.canonical())
    }
}

impl Column {
    fn value(&self, cell: &str) -> Result<Value, json::Flaw> {
        match self.holds {
            _ if cell.is_empty() => Ok(Value::Null),
            Cell::Json => json::parse(cell.as_bytes()),
            Cell::Text | Cell::Time => Ok(Value::String(cell.to_owned())),
        }
    }
}

fn wrong_cell(row: &TableRow, column: &Column, what: &str) -> Finding {
    let message = format!("the row on line {}, column \"{}\": {what}", row.line, column.name);
    let mut finding = Finding::new(Code::TableMalformed, message).in_file("", Some(row.byte));
    finding.place.iter_mut().for_each(|place| place.line = Some(row.line));
    finding
}

/// Whether text starts as the names of columns do in UTF-16. A NUL elsewhere is a character as any other (U+0000).
pub(super) fn is_utf16(text: &[u8]) -> bool {
    let [first, second, third, fourth, ..] = text else {
        return false;
    };
    let nul = [first, second, third, fourth].map(|byte| *byte == 0);
    nul == [false, true, false, true] || nul == [true, false, true, false]
}
