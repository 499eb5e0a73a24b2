//! A table for a reader. Everything that comes from the events goes through [`show`], and no line of it starts in the first column.

use comfy_table::{ContentArrangement, Table, presets};

use super::{Listing, NOT_AN_ASSESSMENT, Rendered};
use crate::report::model::Cell;
use crate::report::show;
use crate::report::show::show_within;

/// Rows that share their widths: beyond it the header is said again, and the memory for widths stays small.
const ROWS: usize = 500;
/// Columns of a sentence of a control: all that the rules of controls allow.
const SENTENCE: usize = 512;
/// Narrower than this no cell is readable.
const NARROWEST: u16 = 40;

/// The rows of one group.
#[derive(Debug)]
pub(super) struct Sheet {
    columns: Vec<String>,
    width: Option<u16>,
    waiting: Vec<Vec<String>>,
    out: String,
}

impl Sheet {
    pub fn new(columns: &[String], width: Option<u16>) -> Self {
        let columns = columns.iter().map(|name| show(name)).collect();
        Self { columns, width, waiting: Vec::new(), out: String::new() }
    }

    pub fn add(&mut self, cells: &[Cell]) {
        self.waiting.push(cells.iter().map(cell).collect());
        if self.waiting.len() >= ROWS {
            self.arrange();
        }
    }

    fn arrange(&mut self) {
        let rows = std::mem::take(&mut self.waiting);
        if rows.is_empty() {
            return;
        }
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_header(&self.columns).add_rows(rows);
        match self.width {
            Some(width) => table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width.max(NARROWEST).saturating_sub(2)),
            None => table.set_content_arrangement(ContentArrangement::Disabled),
        };
        for line in table.lines() {
            self.out.push_str("  ");
            self.out.push_str(line.trim_end());
            self.out.push('\n');
        }
    }
}

/// All groups, each with its sentence.
pub(super) fn document(listing: Listing) -> String {
    let mut out = String::new();
    if let Some(heading) = &listing.heading {
        out.push_str(&format!(
            "control {}  {}\n  {}\n  ({NOT_AN_ASSESSMENT})\n",
            show(&heading.id),
            show_within(&heading.title, SENTENCE),
            show_within(&heading.says, SENTENCE)
        ));
    }
    for (number, shelf) in (1_usize..).zip(listing.shelves) {
        let Rendered::Table(mut sheet) = shelf.rendered else {
            continue;
        };
        sheet.arrange();
        if listing.heading.is_some() {
            let events = if shelf.rows == 1 { "1 event".to_owned() } else { format!("{} events", shelf.rows) };
            out.push_str(&format!("\nfilter {number}: {}: {events}\n", show_within(&shelf.heading.says, SENTENCE)));
        }
        out.push_str(&sheet.out);
    }
    out
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Codes(codes) => codes.join(" "),
        Cell::Json(text) | Cell::Text(text) => show(text),
        Cell::Nothing => String::new(),
        Cell::Number(number) => number.to_string(),
        Cell::Word(word) => (*word).to_owned(),
    }
}
