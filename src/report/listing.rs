//! A list of events, in the forms that `events` writes. Rows are rendered as they come; the whole is put together at the end, since nothing may be
//! shown before all of it was read.

mod csv;
mod json;
mod table;

use super::model::{BundleReport, Cell, Counts};

/// The forms of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListingForm {
    /// RFC 4180, for spreadsheets.
    Csv,
    /// One document.
    Json,
    /// One object a line.
    Ndjson,
    /// For reading; columns of the terminal, where there is one.
    Table(Option<u16>),
}

/// One group of events.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ShelfHeading {
    /// What its events are evidence of.
    pub says: String,
}

/// What stands above all groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// The control's id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What it asks for.
    pub says: String,
}

/// What is said with every window of evidence.
pub const NOT_AN_ASSESSMENT: &str = "a window of evidence, not an assessment: it shows events that bear on the control, and neither that they are \
     all there are nor that the control is met";

/// A list, while it grows.
#[derive(Debug)]
pub struct Listing {
    form: ListingForm,
    /// Their names, in the JSON forms as JSON strings.
    columns: Vec<String>,
    heading: Option<Heading>,
    shelves: Vec<Shelf>,
    bytes: usize,
}

/// The events of one group.
#[derive(Debug)]
struct Shelf {
    heading: ShelfHeading,
    rows: u64,
    rendered: Rendered,
}

#[derive(Debug)]
enum Rendered {
    Csv(Box<csv::Sheet>),
    Json(String),
    Table(table::Sheet),
}

impl Listing {
    /// An empty list with these columns. Without a control there is one group, without a heading.
    pub fn new(form: ListingForm, columns: Vec<String>, control: Option<(Heading, Vec<ShelfHeading>)>) -> Self {
        let (heading, groups) = match control {
            Some((heading, groups)) => (Some(heading), groups),
            None => (None, vec![ShelfHeading::default()]),
        };
        let shelf = |heading| Shelf {
            heading,
            rows: 0,
            rendered: match form {
                ListingForm::Csv => Rendered::Csv(Box::default()),
                ListingForm::Json | ListingForm::Ndjson => Rendered::Json(String::new()),
                ListingForm::Table(width) => Rendered::Table(table::Sheet::new(&columns, width)),
            },
        };
        let shelves = groups.into_iter().map(shelf).collect();
        let columns = match form {
            ListingForm::Json | ListingForm::Ndjson => columns.iter().map(|name| json::quoted(name)).collect(),
            ListingForm::Csv | ListingForm::Table(_) => columns,
        };
        Self { form, columns, heading, shelves, bytes: 0 }
    }

    /// One more event, in these groups.
    pub fn add(&mut self, cells: &[Cell], groups: &[usize]) {
        let controlled = self.heading.is_some();
        for (index, shelf) in self.shelves.iter_mut().enumerate().filter(|(index, _)| groups.contains(index)) {
            shelf.rows = shelf.rows.saturating_add(1);
            let number = controlled.then(|| index.saturating_add(1));
            match &mut shelf.rendered {
                Rendered::Csv(sheet) => sheet.add(cells, number.map(|number| (number, shelf.heading.says.as_str()))),
                Rendered::Json(text) => json::row(text, &self.columns, cells, number),
                Rendered::Table(sheet) => sheet.add(cells),
            }
            let row: usize = cells.iter().map(Cell::bytes).fold(0, usize::saturating_add);
            self.bytes = self.bytes.saturating_add(row).saturating_add(cells.len().saturating_mul(16));
        }
    }

    /// About how many bytes the rows take in memory.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// All of it.
    pub fn finish(self, report: &BundleReport, counts: &Counts) -> String {
        match self.form {
            ListingForm::Csv => csv::document(self),
            ListingForm::Json => json::document(self, report, counts),
            ListingForm::Ndjson => json::lines(self),
            ListingForm::Table(_) => table::document(self),
        }
    }
}
