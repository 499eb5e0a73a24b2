//! The result of a verification as data, and one renderer a format. Verdicts are computed from the rows, never stored beside them. Nothing here
//! verifies anything, and nothing here knows a terminal: a renderer is a pure function of a report and its options.

pub mod show;

mod json;
mod junit;
mod listing;
mod model;
mod text;

pub use json::{comparison as comparison_json, inspection as inspection_json, json};
pub use junit::{comparison as comparison_junit, junit};
pub use listing::{Caption, Finished, Heading, Listing, ListingForm, NOT_AN_ASSESSMENT, ShelfHeading};
pub use model::{
    Asked, BundleReport, ByHand, Cell, Comparison, Counts, Cover, Coverage, Covered, CoveredField, CoveredFile, Divergence, Entry, EventCheck,
    EventLine, EventSummary, Fact, Field, FieldChange, FileCover, Held, Inspection, Kept, Kind, Moved, Neighbour, Outside, Overlap, Part,
    PasskeySummary, Period, Purge, RawFile, Removed, Report, Rewritten, Row, Status, Update, UsedFile, Verdict,
};
pub use show::show;
pub use text::{
    Colour, TextOptions, Verbosity, comparison as comparison_text, explain, explain_list, inspection as inspection_text, listing_foot, listing_head,
    one_line, text,
};

/// The name of the JSON report's format, in its member `schema`.
pub const SCHEMA_NAME: &str = "unbroken-report/1";

/// The JSON Schema (2020-12) of the JSON report.
pub const SCHEMA: &str = include_str!("../../spec/report.schema.json");

/// The name of the format of what `inspect` writes, in its member `schema`.
pub const INSPECTION_SCHEMA_NAME: &str = "unbroken-inspection/1";

/// The JSON Schema (2020-12) of what `inspect` writes.
pub const INSPECTION_SCHEMA: &str = include_str!("../../spec/inspection.schema.json");

/// The name of the format of what `events` writes, in its member `schema`.
pub const EVENTS_SCHEMA_NAME: &str = "unbroken-events/1";

/// The JSON Schema (2020-12) of what `events` writes.
pub const EVENTS_SCHEMA: &str = include_str!("../../spec/events.schema.json");

/// The name of the format of a comparison in JSON, in its member `schema`.
pub const COMPARISON_NAME: &str = "unbroken-comparison/1";

/// The JSON Schema (2020-12) of a comparison in JSON.
pub const COMPARISON_SCHEMA: &str = include_str!("../../spec/comparison.schema.json");
