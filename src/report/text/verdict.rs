//! The verdict lines: the only words of the report that start a line with PASS, FAIL or INCOMPLETE.

use super::super::model::{BundleReport, Entry, Report, Row, Status, Verdict};
use super::super::show::{show, show_within};
use super::sheet::{Ink, Sheet};
use super::{MESSAGE, VALUE, advice, finding, is_open, listed};
use crate::finding::CheckId;

pub(super) fn pass(sheet: &mut Sheet, bundle: &BundleReport) {
    let (word, column) = if bundle.qualified() { ("PASS (qualified)", 18) } else { ("PASS", 6) };
    sheet.entry(&[(Ink::Good, word)], column, &headline(bundle));
    let untested = |id: &CheckId| bundle.row(*id).is_some_and(|row| matches!(row.status, Status::Untested(_)));
    let (accepted, idle): (Vec<CheckId>, Vec<CheckId>) = bundle.skipped.iter().copied().partition(untested);
    for (ids, words) in [(accepted, "accepted without a test, by --skip"), (idle, "named by --skip, which was not needed")] {
        if !ids.is_empty() {
            sheet.entry(&[(Ink::Open, "      qualified:")], 21, &format!("{}: {words}", listed(ids)));
        }
    }
    for reason in &bundle.qualifications {
        sheet.entry(&[(Ink::Open, "      qualified:")], 21, &show_within(reason, MESSAGE));
    }
    if !bundle.not_shown.is_empty() {
        sheet.entry(&[(Ink::Strong, "      does not show:")], 21, "");
    }
    for line in &bundle.not_shown {
        sheet.entry(&[(Ink::Plain, "      -")], 8, &show_within(line, MESSAGE));
    }
}

pub(super) fn incomplete(sheet: &mut Sheet, bundle: &BundleReport) {
    sheet.entry(&[(Ink::Open, "INCOMPLETE")], 12, &headline(bundle));
    let open: Vec<&Row> = open_rows(bundle).collect();
    for same in open.chunk_by(|one, next| one.status == next.status && to_do(bundle, one) == to_do(bundle, next)) {
        let Some(Row { status: Status::Untested(why), .. }) = same.first() else { continue };
        let ids = format!("{}:", listed(same.iter().map(|row| row.id)));
        let why = show_within(&why.to_string(), MESSAGE);
        match same.len() {
            1 => sheet.entry(&[(Ink::Plain, "  "), (Ink::Strong, &ids)], 4, &why),
            _ => sheet.entry(&[], 2, &format!("{ids} {why}")),
        }
        sheet.entry(&[(Ink::Strong, "    to do")], 11, &same.first().map(|row| to_do(bundle, row)).unwrap_or_default());
    }
    if open.is_empty() {
        sheet.entry(&[(Ink::Strong, "  to do")], VALUE, advice::no_proof(bundle));
    }
}

pub(super) fn fail(sheet: &mut Sheet, bundle: &BundleReport) {
    sheet.entry(&[(Ink::Bad, "FAIL")], 6, &headline(bundle));
    finding::all(sheet, bundle);
    let open: Vec<_> = open_rows(bundle).map(|row| row.id).collect();
    if !open.is_empty() {
        sheet.entry(&[(Ink::Open, "  also open")], VALUE, &format!("{}: not checked, see the rows above", listed(open)));
    }
}

/// One line for a bundle, whatever became of it.
pub(super) fn quiet(sheet: &mut Sheet, entry: &Entry) {
    let (ink, word, column, words) = match &entry.result {
        Err(error) => (Ink::Bad, "NO VERDICT", 12, show_within(&error.to_string(), MESSAGE)),
        Ok(bundle) => match bundle.verdict() {
            Verdict::Pass if bundle.qualified() => (Ink::Good, "PASS (qualified)", 18, headline(bundle)),
            Verdict::Pass => (Ink::Good, "PASS", 6, headline(bundle)),
            Verdict::Incomplete => (Ink::Open, "INCOMPLETE", 12, headline(bundle)),
            Verdict::Fail => (Ink::Bad, "FAIL", 6, headline(bundle)),
        },
    };
    sheet.entry(&[(ink, word)], column, &format!("{}: {words}", show(&entry.path)));
}

/// The verdict and what it says, for a line that goes on.
pub fn one_line(bundle: &BundleReport) -> String {
    let word = match bundle.verdict() {
        Verdict::Pass if bundle.qualified() => "PASS (qualified)",
        Verdict::Pass => "PASS",
        Verdict::Incomplete => "INCOMPLETE",
        Verdict::Fail => "FAIL",
    };
    format!("{word}: {}", headline(bundle))
}

/// One line for a run with several bundles.
pub(super) fn summary(sheet: &mut Sheet, report: &Report) {
    let count = |wanted: Option<Verdict>| report.entries.iter().filter(|entry| entry.verdict() == wanted).count();
    let qualified = report.entries.iter().filter(|entry| entry.result.as_ref().is_ok_and(BundleReport::qualified)).count();
    let parts: Vec<String> = [
        (count(Some(Verdict::Fail)), "FAIL"),
        (count(None), "without a verdict"),
        (count(Some(Verdict::Incomplete)), "INCOMPLETE"),
        (count(Some(Verdict::Pass)), "PASS"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, word)| format!("{count} {word}"))
    .collect();
    let mut words = format!("{} bundles: {}", report.entries.len(), parts.join(", "));
    if qualified > 0 {
        words.push_str(&format!(" ({qualified} qualified)"));
    }
    if report.entries.is_empty() {
        "no bundle was looked at, nothing was decided".clone_into(&mut words);
    }
    words.push_str(&format!("; exit {}", report.exit_code()));
    sheet.entry(&[(Ink::Strong, "all")], 8, &words);
}

/// What the verdict says, in one line.
pub(super) fn headline(bundle: &BundleReport) -> String {
    match bundle.verdict() {
        Verdict::Pass if bundle.skipped.is_empty() => "every required check ran and holds".to_owned(),
        Verdict::Pass => "every required check that ran holds".to_owned(),
        Verdict::Incomplete => match open_rows(bundle).count() {
            0 if bundle.events == 0 => "nothing is contradicted, but there are no events: nothing is proven".to_owned(),
            0 => "nothing is contradicted, but no key and no chain proves any event".to_owned(),
            1 => "nothing is contradicted, but 1 required check could not be made: this is not a PASS".to_owned(),
            open => format!("nothing is contradicted, but {open} required checks could not be made: this is not a PASS"),
        },
        Verdict::Fail => finding::headline(bundle),
    }
}

fn to_do(bundle: &BundleReport, row: &Row) -> String {
    match &row.status {
        Status::Untested(why) => advice::to_do(bundle, row.id, why),
        Status::NotApplicable | Status::Refuted | Status::Upheld => String::new(),
    }
}

fn open_rows(bundle: &BundleReport) -> impl Iterator<Item = &Row> {
    bundle.rows.iter().filter(|row| is_open(bundle, row))
}
