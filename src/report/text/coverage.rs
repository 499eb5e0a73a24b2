//! Which proof covers what, for a reader: files first, then the fields of the events. What nothing covers stands out by a word, not by its colour.

use super::super::model::{BundleReport, Cover, Coverage, Covered, CoveredField, CoveredFile, FileCover};
use super::super::show::{show, show_within};
use super::MESSAGE;
use super::sheet::{Ink, Sheet};

/// Files that are listed one by one: pages of an API may be thousands.
const FILES: usize = 20;
/// Where the name of a file starts, unless more than one thing covers it.
const NAME: usize = 30;

/// The section of a report.
pub(super) fn coverage(sheet: &mut Sheet, bundle: &BundleReport, coverage: &Coverage) {
    sheet.blank();
    let bare_files = coverage.files.iter().filter(|file| file.is_bare()).count();
    let bare_fields = coverage.fields.iter().filter(|field| field.covered.bare > 0).count();
    let (ink, words) = match (bare_files, bare_fields, coverage.others.bare, coverage.unreadable) {
        (0, 0, 0, 0) => (Ink::Good, "a proof that holds covers each file and each field".to_owned()),
        _ => {
            let (files, fields) = (coverage.files.len(), coverage.fields.len());
            (Ink::Open, format!("no proof that holds covers {bare_files} of {files} files, nor {bare_fields} of {fields} fields in all events"))
        }
    };
    sheet.entry(&[(ink, "coverage")], 10, &words);
    sheet.entry(&[(Ink::Dim, "  files")], 10, "");
    let (shown, rest) = coverage.files.split_at_checked(FILES).unwrap_or((&coverage.files, &[]));
    shown.iter().for_each(|listed| file(sheet, listed));
    if !rest.is_empty() {
        let bare = rest.iter().filter(|file| file.is_bare()).count();
        let words = format!("… and {} more, {bare} of them covered by nothing (all stand in --format json)", rest.len());
        sheet.entry(&[], 4, &words);
    }
    fields(sheet, coverage);
    if !bundle.consistent.is_empty() && coverage.fields.iter().all(|field| field.covered.by(Cover::Hash) == 0) {
        let words = "the chain counts for nothing here: its hashes agree, but nothing signed leads to them, and whoever alters an event can make all \
                     hashes behind it anew";
        sheet.entry(&[], 4, words);
    }
    sheet.blank();
}

fn file(sheet: &mut Sheet, file: &CoveredFile) {
    let words: Vec<&str> = file.covered_by.iter().map(|cover| file_words(*cover)).collect();
    let (ink, words) = match (file.is_proof, words.is_empty()) {
        (true, true) => (Ink::Plain, "a signature itself".to_owned()),
        (false, true) => (Ink::Open, "NOTHING".to_owned()),
        (_, false) => (Ink::Good, words.join(", ")),
    };
    let name = format!("{} ({} bytes)", show_within(&file.path, MESSAGE), file.bytes);
    sheet.entry(&[(Ink::Plain, "    "), (ink, &words)], NAME, &name);
}

fn file_words(cover: FileCover) -> &'static str {
    match cover {
        FileCover::Events => "matches the events",
        FileCover::Manifest => "manifest digest",
        FileCover::Signature => "signed by a trusted key",
    }
}

fn fields(sheet: &mut Sheet, coverage: &Coverage) {
    let Coverage { events, unreadable, fields, others, .. } = coverage;
    sheet.entry(&[(Ink::Dim, "  fields")], 10, &format!("of {events} events"));
    if *unreadable > 0 {
        sheet.entry(&[], 4, &format!("records that cannot be read, and nothing is known of their fields: {unreadable}"));
    }
    if fields.is_empty() {
        return;
    }
    sheet.entry(&[], 4, &format!("{}; a small letter: not in all events; * a proof stands in it; bare: no proof covers it", legend()));
    let widest = fields.iter().map(|field| &field.covered).chain([others]).map(|covered| covered.values).max().unwrap_or_default();
    let width = widest.to_string().len().max("events".len());
    sheet.entry(&[(Ink::Dim, &format!("    proofs   {:>width$}  {:>width$}  field", "events", "bare"))], 4, "");
    for CoveredField { pointer, is_proof, covered } in fields {
        line(sheet, covered, width, if *is_proof { '*' } else { ' ' }, &show(pointer));
    }
    if others.values > 0 {
        line(sheet, others, width, ' ', "all other fields, counted by their values: there are too many to list");
    }
}

fn line(sheet: &mut Sheet, covered: &Covered, width: usize, mark: char, name: &str) {
    let letters = Cover::ALL.iter().map(|cover| match covered.by(*cover) {
        0 => '.',
        all if all == covered.values => letter(*cover),
        _ => letter(*cover).to_ascii_lowercase(),
    });
    let letters: String = letters.chain([mark]).collect();
    let (ink, bare) = if covered.bare == 0 { (Ink::Good, ".".to_owned()) } else { (Ink::Open, covered.bare.to_string()) };
    let counts = format!("  {:>width$}  {bare:>width$}", covered.values);
    let column = counts.len().saturating_add(13);
    sheet.entry(&[(Ink::Plain, "    "), (ink, &letters), (Ink::Plain, &counts)], column, name);
}

/// What the letters stand for.
pub(super) fn legend() -> String {
    let legend: Vec<String> = Cover::ALL.iter().map(|cover| format!("{} {}", letter(*cover), words(*cover))).collect();
    legend.join(", ")
}

/// The one letter of a proof.
pub(super) fn letter(cover: Cover) -> char {
    match cover {
        Cover::Hash => 'H',
        Cover::Mac => 'M',
        Cover::Manifest => 'F',
        Cover::Passkey => 'P',
        Cover::Signature => 'S',
        Cover::Token => 'T',
    }
}

fn words(cover: Cover) -> &'static str {
    match cover {
        Cover::Hash => "event hash",
        Cover::Mac => "HMAC",
        Cover::Manifest => "file digest in the signed manifest",
        Cover::Passkey => "passkey",
        Cover::Signature => "event signature",
        Cover::Token => "token",
    }
}
