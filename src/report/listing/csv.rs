//! RFC 4180. A cell that a spreadsheet would take for a formula starts with an apostrophe; the exact value stands in the JSON forms.

use csv::{Terminator, Writer, WriterBuilder};

use super::{Listing, Rendered};
use crate::report::model::Cell;
use crate::report::show::harmless;

/// Rows, without the header.
#[derive(Debug)]
pub(super) struct Sheet(Writer<Vec<u8>>);

impl Default for Sheet {
    fn default() -> Self {
        Self(WriterBuilder::new().terminator(Terminator::CRLF).flexible(true).from_writer(Vec::new()))
    }
}

impl Sheet {
    pub fn add(&mut self, cells: &[Cell], group: Option<(usize, &str)>) {
        let group = group.into_iter().flat_map(|(number, says)| [number.to_string(), text(says)]);
        self.write(group.chain(cells.iter().map(cell)));
    }

    fn write(&mut self, cells: impl Iterator<Item = String>) {
        let written = self.0.write_record(cells);
        debug_assert!(written.is_ok(), "a Vec takes every byte");
    }

    fn finish(self) -> String {
        let bytes = self.0.into_inner().unwrap_or_default();
        String::from_utf8(bytes).unwrap_or_default()
    }
}

/// The header, and the rows of all groups.
pub(super) fn document(listing: Listing) -> String {
    if listing.columns.is_empty() {
        return String::new();
    }
    let mut header = Sheet::default();
    let group = listing.heading.is_some().then_some(["filter", "evidence"]);
    header.write(group.into_iter().flatten().map(str::to_owned).chain(listing.columns.iter().map(|name| text(name))));
    let mut out = header.finish();
    for shelf in listing.shelves {
        if let Rendered::Csv(sheet) = shelf.rendered {
            out.push_str(&sheet.finish());
        }
    }
    out
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Codes(codes) => codes.join(" "),
        // no canonical number but a negative one starts like a formula, and that is a number for a spreadsheet too
        Cell::Json(json) => harmless(json),
        Cell::Nothing => String::new(),
        Cell::Number(number) => number.to_string(),
        Cell::Text(value) => text(value),
        Cell::Word(word) => (*word).to_owned(),
    }
}

/// A text that no spreadsheet takes for a formula (CWE-1236), also where its full-width form is one.
fn text(value: &str) -> String {
    let formula = value.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠']);
    let apostrophe = if formula { "'" } else { "" };
    format!("{apostrophe}{}", harmless(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (raw, written) in [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\\u{9}=1"),
            ("\r=1", "'\\u{d}=1"),
            ("\0=1", "'\\u{0}=1"),
            ("＝1", "'＝1"),
            ("a=1", "a=1"),
            ("a\nb", "a\\u{a}b"),
            ("\\u{1b}", "\\u{5c}u{1b}"),
            ("Иван at acme", "Иван at acme"),
        ] {
            assert_eq!(text(raw), written);
        }
    }

    #[test]
    fn a_cell_stays_one_cell() {
        let mut sheet = Sheet::default();
        sheet.add(&[Cell::Text("a\",\"=1".to_owned()), Cell::Number(7), Cell::Nothing], None);
        assert_eq!(sheet.finish(), "\"a\"\",\"\"=1\",7,\r\n");
    }
}
