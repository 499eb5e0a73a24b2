//! A table for a reader. Everything that comes from the events goes through [`show`], and no line of it starts in the first column.

use comfy_table::{ContentArrangement, Table, presets};

use super::{Listing, Rendered};
use crate::report::model::Cell;
use crate::report::show;
use crate::report::text::{TextOptions, listing_filter};

/// Rows that share their widths: beyond it the header is said again, and the memory for widths stays small.
const ROWS: usize = 500;

/// The rows of one group.
#[derive(Debug)]
pub(super) struct Sheet {
    columns: Vec<String>,
    waiting: Vec<Vec<String>>,
    out: String,
}

impl Sheet {
    pub fn new(columns: &[String]) -> Self {
        let columns = columns.iter().map(|name| show(name)).collect();
        Self { columns, waiting: Vec::new(), out: String::new() }
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
        // wider than a terminal, if need be: an id or a time that is broken can be neither read nor copied
        table.set_content_arrangement(ContentArrangement::Disabled);
        for line in table.lines() {
            self.out.push_str("  ");
            self.out.push_str(line.trim_end());
            self.out.push('\n');
        }
    }
}

/// All groups, each with its sentence and what it looks for.
pub(super) fn document(listing: Listing, options: &TextOptions) -> String {
    let mut out = String::new();
    let controlled = listing.heading.is_some();
    for (number, shelf) in (1_usize..).zip(listing.shelves) {
        let Rendered::Table(mut sheet) = shelf.rendered else {
            continue;
        };
        sheet.arrange();
        if controlled {
            out.push_str(if number > 1 { "\n" } else { "" });
            out.push_str(&listing_filter(number, &shelf.heading, shelf.rows, options));
        } else if shelf.rows == 0 {
            out.push_str("  no event matches\n");
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
