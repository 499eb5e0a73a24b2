//! The grammar of RFC 4180, held byte by byte before the bytes reach the csv crate, which reads leniently: what two readers could take for
//! different cells never gets there. Not here: what cells say.

mod cut;

use std::collections::VecDeque;
use std::io::{self, Read};

use super::super::Limits;
use super::super::fault::ReadFault;
use super::super::gzip::{Flaw, GzipFault};
use super::flow::Flow;
use crate::finding::{Code, Finding};

/// A cell may have this many bytes, as it is written.
const MAX_CELL: u64 = 16_777_216;

/// A row may have this many bytes.
const MAX_ROW: u64 = 4 * MAX_CELL;

/// The first row may have this many cells.
const MAX_COLUMNS: usize = 4096;

const READ: usize = 64 * 1024;
const BOM: &[u8] = b"\xef\xbb\xbf";

/// Yields the bytes of a table up to the end of its last good row, then the finding about the first bad one, if there is one.
pub(super) struct Grammar<'t> {
    file: String,
    flow: Flow<'t>,
    /// How a line starts that says that the source cut the table.
    marks: Vec<Vec<u8>>,
    raw: Vec<u8>,
    /// Of `raw`: what was handed on, what may be, and what was looked at.
    handed: usize,
    ready: usize,
    checked: usize,
    state: State,
    at: Place,
    row: Row,
    columns: Option<usize>,
    starts: VecDeque<Place>,
    end: bool,
    fault: Option<ReadFault>,
    /// Data without weight.
    pub(super) notes: Vec<String>,
    /// The line that says that the source cut the table; known when all rows were delivered.
    pub(super) truncated: Option<u64>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing was looked at.
    File,
    /// At the first byte of a row.
    Row,
    /// At the first byte of a cell.
    Cell,
    Bare,
    Quoted,
    /// Behind a quote in a quoted cell: it ends the cell, or another follows.
    Quote,
    /// Behind a carriage return that must end the row.
    Return,
    /// In the line that says that the table was cut, and behind it.
    Cut,
    AfterCut,
}

/// Where something stands: line from 1, byte of the (decompressed) file from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) line: u64,
    pub(super) byte: u64,
}

/// The row that is looked at.
#[derive(Clone, Copy)]
struct Row {
    start: Place,
    /// Cells that have begun.
    cells: usize,
    /// Bytes of the cell, and the comma before it (the first cell counts as if it had one).
    length: u64,
    /// The line on which the cell began.
    cell_line: u64,
}

impl<'t> Grammar<'t> {
    pub(super) fn new(file: &str, stored: Box<dyn Read + Send + 't>, gzip: bool, marks: Vec<Vec<u8>>, limits: &Limits) -> Self {
        let start = Place { line: 1, byte: 0 };
        Self {
            file: file.to_owned(),
            flow: Flow::new(file, stored, gzip, limits),
            marks,
            raw: Vec::new(),
            handed: 0,
            ready: 0,
            checked: 0,
            state: State::File,
            at: start,
            row: Row { start, cells: 0, length: 0, cell_line: 1 },
            columns: None,
            starts: VecDeque::new(),
            end: false,
            fault: None,
            notes: Vec::new(),
            truncated: None,
        }
    }

    /// Where the next row that the csv crate delivers starts.
    pub(super) fn start(&mut self) -> Option<Place> {
        self.starts.pop_front()
    }

    /// Reads some more, and looks at it.
    fn advance(&mut self) {
        self.raw.drain(..self.handed);
        (self.ready, self.checked, self.handed) = (self.ready.saturating_sub(self.handed), self.checked.saturating_sub(self.handed), 0);
        let length = self.raw.len();
        self.raw.resize(length.saturating_add(READ), 0);
        let read = self.flow.read(self.raw.get_mut(length..).unwrap_or_default());
        self.raw.truncate(length.saturating_add(*read.as_ref().unwrap_or(&0)));
        self.end = !matches!(read, Ok(1..));
        let whole = match read {
            Ok(_) => true,
            Err(GzipFault::Read(fault)) => {
                self.fault = Some(fault);
                false
            }
            Err(GzipFault::Flaw(Flaw { what, byte, whole })) => {
                self.fault = Some(ReadFault::finding(Code::TableMalformed, &self.file, byte, what));
                whole
            }
        };
        if let Err(what) = self.check(whole) {
            let mut finding = Finding::new(Code::TableMalformed, what).in_file(&self.file, Some(self.at.byte));
            finding.place.iter_mut().for_each(|place| place.line = Some(self.at.line));
            self.fault = Some(finding.into());
            self.end = true;
        }
    }

    /// Looks at all bytes that were read. `whole`: there is no more data because the table ends, not because it is damaged.
    fn check(&mut self, whole: bool) -> Result<(), String> {
        while self.checked < self.raw.len() {
            let rest = self.raw.get(self.checked..).unwrap_or_default();
            let enough = self.end || rest.len() > self.marks.iter().map(Vec::len).max().unwrap_or(0).max(BOM.len().saturating_mul(2));
            match self.state {
                State::File | State::Row if !enough => return Ok(()),
                State::File => self.file_start()?,
                State::Row if self.is_mark(rest) => {
                    self.truncated = Some(self.at.line);
                    self.row_starts();
                    self.state = State::Cut;
                }
                State::Bare | State::Quoted => {
                    let plain = |byte: &&u8| !matches!(byte, b'"' | b',' | b'\r' | b'\n');
                    let run = rest.iter().take_while(plain).count();
                    self.step_over(run)?;
                    if let Some(byte) = self.raw.get(self.checked).copied() {
                        self.step(byte)?;
                    }
                }
                _ => self.step(rest.first().copied().unwrap_or_default())?,
            }
        }
        if self.end && whole { self.finish() } else { Ok(()) }
    }

    fn file_start(&mut self) -> Result<(), String> {
        let rest = self.raw.get(self.checked..).unwrap_or_default();
        if rest.starts_with(b"\xff\xfe") || rest.starts_with(b"\xfe\xff") {
            return Err("expected UTF-8, found UTF-16 with a byte order mark".to_owned());
        }
        if super::is_utf16(rest) {
            return Err("expected UTF-8, found UTF-16: every second byte is NUL".to_owned());
        }
        self.state = State::Row;
        let Some(behind) = rest.strip_prefix(BOM) else {
            return Ok(());
        };
        if behind.starts_with(BOM) {
            return Err("expected at most one byte order mark (U+FEFF), found two".to_owned());
        }
        self.raw.drain(self.checked..self.checked.saturating_add(BOM.len()));
        self.at.byte = self.at.byte.saturating_add(3);
        self.notes.push(format!("{} starts with a byte order mark (U+FEFF), which was passed over", self.file));
        Ok(())
    }

    /// One byte further.
    fn step(&mut self, byte: u8) -> Result<(), String> {
        let next = match (self.state, byte) {
            (State::Cut, _) => self.cut_goes_on(byte)?,
            (State::AfterCut, _) => return Err("expected nothing behind the line that says that the table was cut, found more".to_owned()),
            (State::Row, b'\r' | b'\n') => return Err("expected a row, found an empty line".to_owned()),
            (State::Quoted, b'"') => State::Quote,
            (State::Quoted, _) => State::Quoted,
            (State::Quote, b'"') => State::Quoted,
            (State::Return, b'\n') => State::Row,
            (State::Return, _) => return Err("expected a line feed behind a carriage return, found something else".to_owned()),
            (State::Row | State::Cell, b'"') => State::Quoted,
            (State::Bare, b'"') => return Err("expected no quote inside a cell that does not start with one, found one".to_owned()),
            (_, b',') => State::Cell,
            (_, b'\r') => State::Return,
            (_, b'\n') => State::Row,
            (State::Quote, _) => return Err("expected a comma or the end of the row behind a closing quote, found text".to_owned()),
            _ => State::Bare,
        };
        self.enter(next)
    }

    /// Moves over one byte into a state.
    fn enter(&mut self, next: State) -> Result<(), String> {
        if self.state == State::Row {
            self.row_starts();
        }
        if next == State::Cell {
            self.row.cells = self.row.cells.saturating_add(1);
            (self.row.length, self.row.cell_line) = (0, self.at.line);
            let most = self.columns.unwrap_or(MAX_COLUMNS);
            if self.row.cells > most {
                return Err(format!("expected {most} cells in a row, as in the first one, found more"));
            }
        }
        if next == State::Row {
            self.row_ends()?;
        }
        if matches!(next, State::Return | State::Row) {
            self.row.length = 0;
        }
        self.state = next;
        let line_feed = self.raw.get(self.checked) == Some(&b'\n');
        self.step_over(1)?;
        self.at.line = self.at.line.saturating_add(u64::from(line_feed));
        if next == State::Row {
            self.ready = self.checked;
        }
        Ok(())
    }

    fn step_over(&mut self, count: usize) -> Result<(), String> {
        let length = u64::try_from(count).unwrap_or(u64::MAX);
        self.checked = self.checked.saturating_add(count);
        self.at.byte = self.at.byte.saturating_add(length);
        self.row.length = self.row.length.saturating_add(length);
        if self.row.length > MAX_CELL.saturating_add(1) {
            return Err(format!("expected cells of at most {MAX_CELL} bytes, found a longer one (it starts on line {})", self.row.cell_line));
        }
        if self.at.byte.saturating_sub(self.row.start.byte) > MAX_ROW {
            return Err(format!("expected rows of at most {MAX_ROW} bytes, found a longer one (it starts on line {})", self.row.start.line));
        }
        Ok(())
    }

    fn row_starts(&mut self) {
        self.row = Row { start: self.at, cells: 1, length: 1, cell_line: self.at.line };
    }

    fn row_ends(&mut self) -> Result<(), String> {
        let (cells, columns) = (self.row.cells, *self.columns.get_or_insert(self.row.cells));
        if cells < columns {
            return Err(format!("expected {columns} cells in a row, as in the first one, found {cells} (it starts on line {})", self.row.start.line));
        }
        self.starts.push_back(self.row.start);
        Ok(())
    }

    /// The end of the table.
    fn finish(&mut self) -> Result<(), String> {
        match self.state {
            State::File | State::Row | State::AfterCut => return Ok(()),
            State::Cut => return self.cut_goes_on(b'\n').map(|_| ()),
            State::Quoted => return Err(format!("expected the quote of line {} to be closed, found the end of the table", self.row.cell_line)),
            State::Return => return Err("expected a line feed behind a carriage return, found the end of the table".to_owned()),
            State::Cell | State::Bare | State::Quote => self.row_ends()?,
        }
        self.ready = self.checked;
        Ok(())
    }
}

impl Read for Grammar<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.handed == self.ready && !self.end {
            self.advance();
        }
        let mut good = self.raw.get(self.handed..self.ready).unwrap_or_default();
        if let Some(fault) = self.fault.take_if(|_| good.is_empty()) {
            self.truncated = None;
            return Err(fault.into());
        }
        let length = good.read(out)?;
        self.handed = self.handed.saturating_add(length);
        Ok(length)
    }
}
