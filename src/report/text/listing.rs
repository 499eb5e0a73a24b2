//! What stands above and below a list of events: what was verified and how it came out, what was asked for, and the counts.

use super::super::listing::{Heading, NOT_AN_ASSESSMENT, ShelfHeading};
use super::super::model::{Asked, BundleReport, Counts, Kind};
use super::super::show::{Shown, show, show_within};
use super::sheet::{Ink, Sheet};
use super::{MESSAGE, TextOptions, one_line};

/// Where values start.
const COLUMN: usize = 12;
/// Columns of a sentence of a control: all that the rules of controls allow.
const SENTENCE: usize = 512;

/// What stands above the rows.
pub fn listing_head(report: &BundleReport, asked: &Asked, control: Option<&Heading>, options: &TextOptions) -> String {
    let mut sheet = Sheet::new(options);
    let name = match report.kind {
        Kind::Bundle => "bundle",
        Kind::Raw => "export",
    };
    let mut value = |name: &str, text: &str| sheet.entry(&[(Ink::Strong, name)], COLUMN, text);
    value(name, &Shown(&report.path).to_string());
    let digests = [("  digest", report.sha256), ("  manifest", report.manifest_sha256)];
    digests.iter().filter_map(|(name, digest)| Some((name, (*digest)?))).for_each(|(name, digest)| value(name, &digest.to_string()));
    value("  profile", &report.profile.as_ref().map_or_else(|| "not known: no event can be listed".to_owned(), |profile| show(profile)));
    if let Some(tenant) = &report.tenant_id {
        value("  tenant", &show(tenant));
    }
    value("  verdict", &verdict(report));
    let filters: Vec<String> = asked.filters.iter().map(|(key, wanted)| format!("{key} {}", show(wanted))).collect();
    let filters = if filters.is_empty() { "none: all events".to_owned() } else { filters.join("; ") };
    value("  filters", &filters);
    if let Some(control) = control {
        value("control", &format!("{}  {}", show(&control.id), show_within(&control.title, SENTENCE)));
        value("", &show_within(&control.says, SENTENCE));
        value("", &format!("({NOT_AN_ASSESSMENT})"));
    }
    sheet.finish()
}

/// What stands above the rows of one filter of a control.
pub fn listing_filter(number: usize, heading: &ShelfHeading, matched: u64, options: &TextOptions) -> String {
    let mut sheet = Sheet::new(options);
    let events = if matched == 1 { "1 event".to_owned() } else { format!("{matched} events") };
    let front = format!("filter {number}:");
    sheet.entry(&[(Ink::Strong, &front)], COLUMN, &format!("{}: {events}", show_within(&heading.says, SENTENCE)));
    let keys: Vec<String> = heading.keys.iter().map(|(key, values)| format!("{key} {}", values.join(" or "))).collect();
    sheet.entry(&[], COLUMN, &format!("({})", show_within(&keys.join("; "), SENTENCE)));
    sheet.finish()
}

/// What stands below them; `shown` of those that match stand there.
pub fn listing_foot(report: &BundleReport, counts: &Counts, shown: u64, options: &TextOptions) -> String {
    let Counts { matched, proven, consistent, not_verified, own_proof, undecided } = counts;
    let mut words = format!("{matched} of {} events match: {proven} proven, {consistent} consistent, {not_verified} not verified", report.events);
    if *own_proof > 0 {
        words.push_str(&format!(" by the whole; of these, {own_proof} hold their own proof"));
    }
    if shown < *matched {
        words.push_str(&format!("; of these, only the first {shown} are listed (--limit)"));
    }
    if *undecided > 0 {
        words.push_str(&format!("; {undecided} could not be held against the filters: unreadable, or without a time"));
    }
    let mut sheet = Sheet::new(options);
    sheet.entry(&[], 0, &words);
    sheet.finish()
}

/// The verdict with its reason, and what was accepted untested for it.
fn verdict(report: &BundleReport) -> String {
    let mut words = one_line(report);
    if report.qualified() && !report.skipped.is_empty() {
        let skipped: Vec<&str> = report.skipped.iter().map(|check| check.id()).collect();
        words.push_str(&format!("; not tested, by --skip: {}", skipped.join(", ")));
    }
    if report.qualified() {
        report.qualifications.iter().for_each(|reason| words.push_str(&format!("; {}", show_within(reason, MESSAGE))));
    }
    words
}
