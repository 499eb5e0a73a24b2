//! How a source hands its events out beside bundles: pages of an API, tables.

use serde::Deserialize;

/// One page of an API (JSON Pointers into it).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageRule {
    /// The array of events.
    pub entries: String,
    /// Number of the page, from 1.
    pub page: Option<String>,
    /// Events on a full page.
    pub per_page: Option<String>,
    /// Events on all pages.
    pub total: Option<String>,
}

/// One set of columns in which the source writes tables (CSV, RFC 4180).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableRule {
    /// The columns, in their order.
    pub columns: Vec<Column>,
    /// How the last line starts where the source cut the table.
    pub truncated: Option<String>,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// As the first row writes it.
    pub name: String,
    /// JSON Pointer of the field that it repeats; `None`: the events have no such field.
    pub field: Option<String>,
    /// What its cells are.
    #[serde(default)]
    pub holds: Cell,
}

/// What the cells of a column are. An empty cell stands for null, or for a member that is not there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cell {
    /// JSON, compared by its canonical form.
    Json,
    /// The string itself; of numbers and truth values, their JSON text.
    #[default]
    Text,
    /// A time, compared as an instant.
    Time,
}
