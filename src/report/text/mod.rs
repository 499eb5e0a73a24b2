//! The report for a reader: an auditor who is no programmer, or an engineer at night.
//!
//! Words carry the meaning, colour only repeats it. Only our own words start a line; what the bundle says stands behind them, made safe by
//! [`show`](super::show::show). Nothing is decided here: the verdict and every value come from the [`Report`].

mod advice;
mod comparison;
mod coverage;
mod explain;
mod finding;
mod inspection;
mod listing;
mod sheet;
mod snippet;
mod verdict;

pub use comparison::comparison;
pub use explain::{explain, explain_list};
pub use inspection::inspection;
pub use listing::{listing_filter, listing_foot, listing_head};

use sheet::{Ink, Sheet};
pub use verdict::one_line;

use super::model::{BundleReport, Entry, Kind, RawFile, Report, Row, Status, UsedFile, Verdict};
use super::show::{Shown, show, show_within};
use crate::digest::Digest;
use crate::error::Error;
use crate::finding::CheckId;

/// Whether to write ANSI colours. Who decides it by the terminal is the caller.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Colour {
    /// ANSI escapes.
    Always,
    /// Plain text.
    #[default]
    Never,
}

/// How much to say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// One line a bundle: its verdict.
    Quiet,
    /// The rows that apply, and what follows from them.
    #[default]
    Normal,
    /// All rows with what each tests, counts, and both ends of the chain.
    Verbose,
}

/// How to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextOptions {
    /// Colours.
    pub colour: Colour,
    /// Columns of a line, at least 40; `u16::MAX` never breaks a line.
    pub width: u16,
    /// How much.
    pub verbosity: Verbosity,
}

impl Default for TextOptions {
    fn default() -> Self {
        Self { colour: Colour::Never, width: 100, verbosity: Verbosity::Normal }
    }
}

/// Columns of a message that may quote the bundle; it holds two whole digests.
const MESSAGE: usize = 600;
/// Where values start that stand behind a name of ours.
const VALUE: usize = 14;

/// The whole report; each line ends with LF.
pub fn text(report: &Report, options: &TextOptions) -> String {
    let unbroken = TextOptions { width: u16::MAX, ..*options };
    // One line is one line, however long: a script may count on it.
    let mut sheet = Sheet::new(if options.verbosity == Verbosity::Quiet { &unbroken } else { options });
    for (index, entry) in report.entries.iter().enumerate() {
        if options.verbosity == Verbosity::Quiet {
            verdict::quiet(&mut sheet, entry);
            continue;
        }
        if index > 0 {
            sheet.blank();
        }
        match &entry.result {
            Ok(bundle) => bundle_block(&mut sheet, bundle, options.verbosity),
            Err(error) => error_block(&mut sheet, entry, error),
        }
    }
    if report.entries.len() != 1 {
        if options.verbosity != Verbosity::Quiet && !report.entries.is_empty() {
            sheet.blank();
        }
        verdict::summary(&mut sheet, report);
    }
    sheet.finish()
}

fn bundle_block(sheet: &mut Sheet, bundle: &BundleReport, verbosity: Verbosity) {
    header(sheet, bundle);
    rules(sheet, bundle);
    if verbosity == Verbosity::Verbose {
        particulars(sheet, bundle);
    }
    let width = bundle.rows.iter().map(|row| row.id.id().len()).max().unwrap_or_default();
    for row in &bundle.rows {
        if row.status != Status::NotApplicable || verbosity == Verbosity::Verbose {
            row_line(sheet, bundle, row, width, verbosity);
        }
    }
    if let Some(coverage) = &bundle.coverage {
        coverage::coverage(sheet, bundle, coverage);
    }
    match bundle.verdict() {
        Verdict::Pass => verdict::pass(sheet, bundle),
        Verdict::Incomplete => verdict::incomplete(sheet, bundle),
        Verdict::Fail => verdict::fail(sheet, bundle),
    }
    for note in &bundle.notes {
        sheet.entry(&[(Ink::Dim, "  note")], VALUE, &show_within(note, MESSAGE));
    }
}

fn header(sheet: &mut Sheet, bundle: &BundleReport) {
    let (name, mut parts) = match bundle.kind {
        Kind::Bundle => ("bundle", vec![show(&bundle.path)]),
        // no manifest says which source this is, so the report does
        Kind::Raw => ("export", [Some(&bundle.path), bundle.profile.as_ref()].into_iter().flatten().map(|part| show(part)).collect()),
    };
    match (bundle.sha256, bundle.manifest_sha256) {
        (Some(archive), _) => parts.push(short(archive)),
        (None, Some(manifest)) => parts.push(format!("manifest {}", short(manifest))),
        (None, None) => {}
    }
    if let Some(tenant) = &bundle.tenant_id {
        parts.push(format!("tenant {}", show(tenant)));
    }
    let period = bundle.period.as_ref().map(|period| format!("{} .. {}", show(&period.from), show(&period.to))).unwrap_or_default();
    let front = parts.join("  ");
    let one_line = sheet::columns(&front).saturating_add(sheet::columns(&period)) <= sheet.width().saturating_sub(10);
    if one_line && !period.is_empty() {
        return sheet.entry(&[(Ink::Strong, name)], 8, &format!("{front}  {period}"));
    }
    sheet.entry(&[(Ink::Strong, name)], 8, &front);
    if !period.is_empty() {
        sheet.entry(&[], 8, &period);
    }
}

/// The rules were the auditor's own: which file they stood in.
fn rules(sheet: &mut Sheet, bundle: &BundleReport) {
    if let Some(UsedFile { path, sha256 }) = &bundle.profile_file {
        let name = bundle.profile.as_deref().map(show).unwrap_or_default();
        sheet.entry(&[(Ink::Strong, "rules")], 8, &format!("{name}  {}  {}", Shown(path), sha256));
    }
}

/// What only a thorough reader wants: whole digests, the profile, both ends of the chain.
fn particulars(sheet: &mut Sheet, bundle: &BundleReport) {
    let mut value = |name: &str, text: String| sheet.entry(&[(Ink::Dim, "  "), (Ink::Dim, name)], VALUE, &text);
    if let Some(digest) = bundle.sha256 {
        value(if bundle.kind == Kind::Raw { "file" } else { "archive" }, format!("{digest}, {} bytes", bundle.bytes));
    }
    for RawFile { path, bytes, sha256 } in bundle.files.iter().filter(|_| bundle.files.len() > 1) {
        value("file", format!("{}, {sha256}, {bytes} bytes", Shown(path)));
    }
    if let Some(digest) = bundle.manifest_sha256 {
        value("manifest", digest.to_string());
    }
    if let Some(profile) = &bundle.profile {
        value("profile", show(profile));
    }
    for (name, end) in [("first", &bundle.first), ("last", &bundle.last)] {
        let Some(end) = end else { continue };
        let time = end.time.as_deref().map(|time| format!(" at {}", show(time))).unwrap_or_default();
        let hash = end.hash.map(|hash| format!(", {hash}")).unwrap_or_default();
        value(name, format!("{}{time}{hash}", finding::event_name(&end.event)));
    }
}

fn row_line(sheet: &mut Sheet, bundle: &BundleReport, row: &Row, width: usize, verbosity: Verbosity) {
    let (ink, mark) = mark(bundle, row);
    let id = format!("  {:<width$}", row.id.id());
    let column = width.saturating_add(11);
    sheet.entry(&[(Ink::Plain, "  "), (ink, mark), (Ink::Plain, &id)], column, &row_words(bundle, row));
    if verbosity == Verbosity::Verbose {
        let counts = match (row.upheld, row.refuted, row.untested) {
            (0, 0, 0) => String::new(),
            (upheld, refuted, untested) => format!(" ({upheld} held, {refuted} did not, {untested} not tested)"),
        };
        let what = if bundle.kind == Kind::Raw { row.id.what_of_raw() } else { row.id.what() };
        sheet.entry(&[], column, &format!("{what}{counts}"));
    }
}

/// `ok`, `FAIL`, `??` for what is missing to a verdict, `--` for what is not.
fn mark(bundle: &BundleReport, row: &Row) -> (Ink, &'static str) {
    match row.status {
        Status::NotApplicable => (Ink::Dim, "--  "),
        Status::Refuted => (Ink::Bad, "FAIL"),
        Status::Untested(_) if is_open(bundle, row) => (Ink::Open, "??  "),
        Status::Untested(_) => (Ink::Dim, "--  "),
        Status::Upheld => (Ink::Good, "ok  "),
    }
}

fn row_words(bundle: &BundleReport, row: &Row) -> String {
    let note = show_within(&row.note, MESSAGE);
    let Status::Untested(why) = &row.status else {
        return match row.status {
            Status::NotApplicable if note.is_empty() => "not claimed here".to_owned(),
            _ => note,
        };
    };
    let why = show_within(&why.to_string(), MESSAGE);
    let weight = match (row.required, bundle.skipped.contains(&row.id)) {
        (_, true) => " (accepted untested by --skip)",
        (true, false) => "",
        (false, false) => " (not required: signature and chain cover every event)",
    };
    let checked = match row.upheld {
        0 => "not checked".to_owned(),
        held => format!("not all checked ({} of {} not)", row.untested, held.saturating_add(row.untested)),
    };
    match note.is_empty() {
        true => format!("{checked}: {why}{weight}"),
        false => format!("{checked}: {why}{weight}; {note}"),
    }
}

/// Whether the verdict waits for this row.
fn is_open(bundle: &BundleReport, row: &Row) -> bool {
    row.required && matches!(row.status, Status::Untested(_)) && !bundle.skipped.contains(&row.id)
}

fn error_block(sheet: &mut Sheet, entry: &Entry, error: &Error) {
    sheet.entry(&[(Ink::Strong, "bundle")], 8, &show(&entry.path));
    sheet.entry(&[(Ink::Bad, "error:")], 7, &show_within(&error.to_string(), MESSAGE));
    sheet.entry(&[(Ink::Strong, "  hint:")], 8, &show_within(&error.hint(), MESSAGE));
    let words = format!("nothing was decided about this bundle (exit {})", error.exit_code());
    sheet.entry(&[(Ink::Bad, "NO VERDICT")], 12, &words);
}

/// `sha256:4b1c0d9e…77aa9e07`
fn short(digest: Digest) -> String {
    let whole = digest.to_string();
    match (whole.get(..15), whole.get(63..)) {
        (Some(front), Some(end)) => format!("{front}…{end}"),
        _ => whole,
    }
}

/// Ids of checks, as a list in a sentence.
fn listed(ids: impl IntoIterator<Item = CheckId>) -> String {
    ids.into_iter().map(CheckId::id).collect::<Vec<_>>().join(", ")
}
