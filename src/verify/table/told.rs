//! The second read: only of what does not agree, for the places and the values of its findings.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::sides::{Columns, repeated, stated};
use super::{Disagreement, Sides};
use crate::bundle::ReadFault;
use crate::bundle::block::{Block, Piece};
use crate::bundle::table::{Next, Table, TableRow};
use crate::error::Error;
use crate::event::{Event, Found, Reader, Record};
use crate::finding::{Code, EventRef, Finding, Place};
use crate::json;
use crate::profile::{Cell, Column, TokenRule};
use crate::verify::Progress;

/// Bytes of rows that are held at a time; rows beyond are counted, and not quoted.
const HELD: usize = 256 * 1024 * 1024;

/// Characters of a value that a message quotes; of two longer ones, it quotes where they part.
const QUOTED: usize = 80;

/// Looks up what does not agree.
pub(super) struct Told<'t> {
    file: &'t str,
    columns: &'t Columns<'t>,
    /// Events that differ from a row, by number.
    fields: HashMap<u64, u64>,
    missing: HashSet<u64>,
    extra: HashSet<u64>,
    rows: BTreeMap<u64, TableRow>,
    /// Of the ids of extra rows, those that an event has.
    known: HashMap<String, Option<u64>>,
}

impl<'t> Told<'t> {
    pub(super) fn new(file: &'t str, columns: &'t Columns<'t>, wrong: Disagreement) -> Self {
        let Disagreement { fields, missing, extra } = wrong;
        let (fields, missing, extra) = (fields.into_iter().collect(), missing.into_iter().collect(), extra.into_iter().collect());
        Self { file, columns, fields, missing, extra, rows: BTreeMap::new(), known: HashMap::new() }
    }

    pub(super) fn tell(mut self, sides: &Sides<'_>, progress: &dyn Progress) -> Result<Vec<Finding>, Error> {
        let table = (sides.table)().map_err(|fault| self.changed(fault))?;
        self.read_rows(table)?;
        let (mut blocks, mut block, mut reader, mut findings) = ((sides.events)()?, Block::default(), Reader::default(), Vec::new());
        while blocks.next(&mut block)? {
            if progress.interrupted() {
                return Err(Error::Interrupted);
            }
            for piece in block.pieces() {
                if let Record::Event(event) = reader.read(piece.text, &self.columns.layout) {
                    findings.extend(self.event(&event, &block.file, &piece)?);
                }
            }
        }
        findings.extend(self.rows.iter().filter(|(number, _)| self.extra.contains(number)).map(|(_, row)| self.extra_row(row)));
        Ok(findings)
    }

    fn read_rows(&mut self, mut table: Table<'_>) -> Result<(), Error> {
        let wanted: HashSet<u64> = self.fields.values().chain(&self.extra).copied().collect();
        let (mut number, mut held) = (0_u64, 0_usize);
        loop {
            let row = match table.next() {
                Ok(Next::Row(row)) => row,
                Ok(Next::End | Next::Truncated(_)) | Err(ReadFault::Finding(_)) => break,
                Err(ReadFault::Error(error)) => return Err(error),
            };
            number = number.saturating_add(1);
            let length = row.cells.iter().fold(0_usize, |sum, cell| sum.saturating_add(cell.len()));
            if !wanted.contains(&number) || held.saturating_add(length) > HELD {
                continue;
            }
            held = held.saturating_add(length);
            if self.extra.contains(&number) {
                self.known.insert(self.id(&row).to_owned(), None);
            }
            self.rows.insert(number, row);
        }
        Ok(())
    }

    fn id<'r>(&self, row: &'r TableRow) -> &'r str {
        row.cells.get(self.columns.id).map_or("", String::as_str)
    }

    fn event(&mut self, event: &Event<'_>, file: &str, piece: &Piece<'_>) -> Result<Option<Finding>, Error> {
        if let Some(known) = event.id.as_deref().and_then(|id| self.known.get_mut(id)) {
            known.get_or_insert(piece.number);
        }
        let at = || EventRef {
            place: Place { file: file.to_owned(), number: Some(piece.number), line: Some(piece.line), byte: Some(piece.byte), column: None },
            seq: event.sequence,
            id: event.id.as_deref().map(str::to_owned),
        };
        if self.missing.contains(&piece.number) {
            let message = format!("event {} has no row in {}", piece.number, self.file);
            return Ok(Some(Finding::new(Code::TableMissingRow, message).at(at()).help("ask the producer for a table with all rows")));
        }
        let Some(row) = self.fields.get(&piece.number).and_then(|row| self.rows.get(row)) else {
            return Ok(None);
        };
        let told = self.difference(event, row, piece.number);
        let mut finding = told.ok_or_else(|| self.changed(ReadFault::finding(Code::TableField, self.file, row.byte, "")))?.at(at());
        finding.stated_at = Some(self.place(row));
        Ok(Some(finding))
    }

    /// One finding with all fields in which a row differs.
    fn difference(&self, event: &Event<'_>, row: &TableRow, number: u64) -> Option<Finding> {
        let differs = |(slot, (index, column)): (usize, &(usize, &'t Column))| {
            let (found, cell) = (event.compared(slot), row.cells.get(*index)?.as_str());
            (stated(column, &found) != repeated(column, cell)).then(|| Difference::new(column, cell, &found, self.columns.token))
        };
        let differences: Vec<Difference> = self.columns.compared.iter().enumerate().filter_map(differs).collect();
        let first = differences.first()?;
        let words: Vec<&str> = differences.iter().map(|difference| difference.words.as_str()).collect();
        let message = format!("the row on line {} of {} differs from event {number}: {}", row.line, self.file, words.join("; "));
        let hint = differences.iter().find_map(|difference| difference.hint);
        let help = hint.unwrap_or("rely on the events, not on this table, and ask the producer why they differ");
        Some(Finding::new(Code::TableField, message).values(&first.cell, &first.event).help(help))
    }

    fn extra_row(&self, row: &TableRow) -> Finding {
        let id = self.id(row);
        let quoted = cut(id);
        let message = match self.known.get(id).copied().flatten() {
            _ if id.is_empty() => format!("the row on line {} has no id", row.line),
            Some(number) => format!("the row on line {} has the id \"{quoted}\" of event {number}, which has another row already", row.line),
            None => format!("the row on line {} has the id \"{quoted}\", which no event has", row.line),
        };
        let mut finding = Finding::new(Code::TableExtraRow, message).help("ask the producer where this row comes from");
        finding.place = Some(self.place(row));
        finding
    }

    fn place(&self, row: &TableRow) -> Place {
        Place { file: self.file.to_owned(), line: Some(row.line), byte: Some(row.byte), ..Place::default() }
    }

    fn changed(&self, fault: ReadFault) -> Error {
        match fault {
            ReadFault::Error(error) => error,
            ReadFault::Finding(_) => Error::Environment {
                what: format!("{} changed while it was read", self.file),
                hint: "copy the export to a place where nothing writes to it".to_owned(),
            },
        }
    }
}

/// One field of a row that differs.
struct Difference {
    words: String,
    cell: String,
    event: String,
    hint: Option<&'static str>,
}

impl Difference {
    fn new(column: &Column, cell: &str, found: &Found<'_>, token: Option<&TokenRule>) -> Self {
        let (event, said) = match (column.holds, found) {
            (Cell::Time, Found::Text(text)) => (Cow::Borrowed(text.as_ref()), Cow::Borrowed(cell)),
            _ => (stated(column, found), repeated(column, cell)),
        };
        let secret = token.zip(column.field.as_deref()).filter(|(token, field)| token.is_in(field));
        if let Some((token, field)) = secret {
            let [event, said] = [event, said].map(|text| token.hidden(field, &text));
            let words = format!("column \"{}\": expected {}, found {}", column.name, quoted(&event), quoted(&said));
            return Self { words, cell: said, event, hint: None };
        }
        let flaw = (column.holds == Cell::Json && !cell.is_empty()).then(|| json::parse(cell.as_bytes()).err()).flatten();
        let words = match json::difference(said.as_bytes(), event.as_bytes()) {
            _ if flaw.is_some() => flaw.map(|flaw| format!("{} at byte {} of the cell", flaw.message, flaw.byte)).unwrap_or_default(),
            Some(difference) if said.len().max(event.len()) > QUOTED => format!("{} at its byte {}", difference.message, difference.byte),
            _ => format!("expected {}, found {}", quoted(&event), quoted(&said)),
        };
        let hint = hint(column.holds, cell, &event);
        Self { words: format!("column \"{}\": {words}", column.name), cell: cut(&said), event: cut(&event), hint }
    }
}

fn quoted(text: &str) -> String {
    if text.is_empty() { "nothing".to_owned() } else { format!("\"{text}\"") }
}

fn cut(text: &str) -> String {
    let mut shown: String = text.chars().take(QUOTED).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

/// What looks as if a spreadsheet or an export had rewritten it.
fn hint(holds: Cell, cell: &str, event: &str) -> Option<&'static str> {
    let ask = |what: &'static str| Some(what);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let lost = digits(cell) && digits(event) && cell.len() == event.len() && cell.ends_with('0') && cell.get(..15) == event.get(..15);
    let exponent = || cell.contains(['e', 'E']) && cell.replace(',', ".").parse::<f64>().is_ok();
    if cell.strip_prefix('\'') == Some(event) {
        return ask("a ' was put in front, as exports do against formulas; ask the producer for the table as the source wrote it");
    }
    if digits(event) && (lost || exponent() || event.trim_start_matches('0') == cell) {
        return ask("it looks as if a spreadsheet rewrote a number; ask the producer for the table as the source wrote it");
    }
    if holds == Cell::Time && !cell.is_empty() && cell.bytes().any(|byte| byte.is_ascii_digit()) && cell.parse::<crate::time::Time>().is_err() {
        return ask("it looks as if a spreadsheet rewrote a date; ask the producer for the table as the source wrote it");
    }
    if cell.trim() == event.trim() || cell.replace("\r\n", "\n") == event.replace("\r\n", "\n") {
        return ask("only spaces or line ends differ; ask the producer for the table as the source wrote it");
    }
    None
}
