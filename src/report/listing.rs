//! A list of events, in the forms that `events` writes. Rows are rendered as they come; the whole is put together at the end, since nothing may be
//! shown before all of it was read.

mod csv;
mod json;
mod table;

use super::model::{Asked, BundleReport, Cell, Counts};
use super::show::columns;
use super::text::{TextOptions, listing_foot, listing_head};

/// The forms of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListingForm {
    /// RFC 4180, for spreadsheets.
    Csv,
    /// One document.
    Json,
    /// One object a line.
    Ndjson,
    /// For reading.
    Table,
}

/// One group of events.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ShelfHeading {
    /// What its events are evidence of.
    pub says: String,
    /// The keys that it looks at, each with the values of which an event must have one.
    pub keys: Vec<(&'static str, Vec<String>)>,
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
    /// Events that are listed, and how many may be.
    listed: u64,
    limit: u64,
}

/// What a list is of.
#[derive(Debug, Clone, Copy)]
pub struct Caption<'c> {
    /// The whole.
    pub report: &'c BundleReport,
    /// What was asked for.
    pub asked: &'c Asked,
    /// What matches.
    pub counts: &'c Counts,
    /// How its text looks.
    pub options: &'c TextOptions,
    /// Of this program.
    pub tool_version: &'c str,
}

/// A list, ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// The list.
    pub text: String,
    /// What a reader must know of it, where the list's form has no place for it.
    pub aside: String,
    /// Columns of a table's widest row.
    pub width: usize,
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
    /// An empty list with these columns. Without a control there is one group, without a heading. Events beyond `limit` are counted only.
    pub fn new(form: ListingForm, columns: Vec<String>, control: Option<(Heading, Vec<ShelfHeading>)>, limit: Option<u64>) -> Self {
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
                ListingForm::Table => Rendered::Table(table::Sheet::new(&columns)),
            },
        };
        let shelves = groups.into_iter().map(shelf).collect();
        let columns = match form {
            ListingForm::Json | ListingForm::Ndjson => columns.iter().map(|name| json::quoted(name)).collect(),
            ListingForm::Csv | ListingForm::Table => columns,
        };
        Self { form, columns, heading, shelves, bytes: 0, listed: 0, limit: limit.unwrap_or(u64::MAX) }
    }

    /// One more event, in these groups.
    pub fn add(&mut self, cells: &[Cell], groups: &[usize]) {
        let controlled = self.heading.is_some();
        let listed = self.listed < self.limit;
        self.listed = self.listed.saturating_add(u64::from(listed));
        for (index, shelf) in self.shelves.iter_mut().enumerate().filter(|(index, _)| groups.contains(index)) {
            shelf.rows = shelf.rows.saturating_add(1);
            if !listed {
                continue;
            }
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

    /// All of it, and what it is of.
    pub fn finish(self, caption: &Caption<'_>) -> Finished {
        let Caption { report, asked, counts, options, .. } = *caption;
        // beside a list that goes to a file, a line is a line
        let beside = TextOptions { width: u16::MAX, ..*options };
        let options = if self.form == ListingForm::Table { options } else { &beside };
        let head = || listing_head(report, asked, self.heading.as_ref(), options);
        let foot = listing_foot(report, counts, self.listed, options);
        match self.form {
            ListingForm::Csv => Finished { aside: head() + &foot, text: csv::document(self), width: 0 },
            ListingForm::Json => Finished { aside: String::new(), text: json::document(self, caption), width: 0 },
            ListingForm::Ndjson => Finished { aside: head() + &foot, text: json::lines(self), width: 0 },
            ListingForm::Table => {
                let head = head();
                let rows = table::document(self, options);
                let width = rows.lines().map(columns).max().unwrap_or_default();
                Finished { aside: String::new(), text: format!("{head}\n{rows}\n{foot}"), width }
            }
        }
    }
}
