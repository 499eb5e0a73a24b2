//! The rows of a raw export: nothing signs it as a whole, and what its form states of it is compared with what is there.

use std::collections::BTreeMap;

use super::Evidence;
use super::chain_rows::places;
use super::event_rows::{breaks, events};
use crate::bundle::export::{Direction, Form};
use crate::error::Error;
use crate::finding::{CheckId, Code, EventRef, Finding, Why};
use crate::report::RawFile;
use crate::verify::events::Walked;
use crate::verify::handed::{Handed, Raw};
use crate::verify::lacking::Lacking;
use crate::verify::ledger::{Entry, Scope};

impl Evidence<'_> {
    pub(super) fn raw_rows(&mut self, raw: &Raw) {
        self.ledger.row(CheckId::ManifestSignature, Entry::default().untested(Why::RawExport));
        if raw.direction == Direction::NewestFirst {
            self.notes.push("the newest event stands first, as the links show: read from the end, and numbered from the oldest".to_owned());
        }
        if let Some(lacking) = &raw.lacking {
            self.lacking(lacking);
        } else if !raw.profile.has_proof() {
            self.ledger.row(CheckId::ChainLinks, Entry::default().untested(Why::NoProof));
        }
        self.event_rows(None);
        self.pages(raw);
        self.truncated(raw);
    }

    /// What the rows of a table cannot decide.
    fn lacking(&mut self, lacking: &Lacking) {
        for id in &lacking.untested {
            self.ledger.row(*id, Entry::default().untested(Why::Rows));
        }
        if let Some(sequence) = &lacking.sequence {
            self.ledger.report_tally(sequence, Scope::Neighbours);
            let entry = Entry::from(sequence);
            let wrong = format!("out of line in {}", places(entry.refuted));
            self.ledger.row(CheckId::ChainSequence, entry.words("no gap", wrong));
        }
    }

    /// Only tables are cut by their sources, and say so.
    fn truncated(&mut self, raw: &Raw) {
        if let Some(words) = &raw.arranged.truncated {
            return self.ledger.row(CheckId::ExportTruncated, Entry::default().untested(Why::Truncated(words.clone())));
        }
        let tables = raw.export.files().iter().filter(|(_, form)| *form == Form::Table).count();
        if tables > 0 && raw.profile.table.iter().any(|rule| rule.truncated.is_some()) {
            let entry = Entry { upheld: u64::try_from(tables).unwrap_or(u64::MAX), ..Entry::default() };
            self.ledger.row(CheckId::ExportTruncated, entry.note("the table does not say that it was cut"));
        }
    }

    fn pages(&mut self, raw: &Raw) {
        if !raw.arranged.paged {
            return;
        }
        let mut findings = raw.arranged.pages.clone();
        let copies = self.walked.as_ref().map_or(0, |walked| copies(&walked.explained.repeated));
        if findings.is_empty() && raw.arranged.counted && copies > 0 {
            findings.push(overlap(copies));
        }
        let missing = findings.iter().any(|finding| finding.code == Code::PagesMissing);
        if missing && self.walked.as_ref().is_some_and(|walked| breaks(walked) > 0) {
            let note = "pages are missing: where they should be, the chain breaks; give all pages before you conclude anything from that";
            self.notes.push(note.to_owned());
        }
        let refuted = self.ledger.report(findings);
        let files = raw.export.files().len();
        let mut entry = Entry { upheld: u64::try_from(files).unwrap_or(u64::MAX), refuted, ..Entry::default() };
        if !raw.arranged.counted {
            entry = entry.untested(Why::NotCarried("total number of events on its pages".to_owned()));
        }
        let pages = if files == 1 { "1 page".to_owned() } else { format!("{files} pages") };
        self.ledger.row(CheckId::PagesComplete, entry.words(format!("{pages}, with as many events as they state"), format!("{pages}, not complete")));
    }
}

/// The files of a raw export; of a bundle none.
pub(super) fn files(handed: &Handed, walked: Option<&Walked>) -> Result<Vec<RawFile>, Error> {
    let Handed::Raw(raw) = handed else {
        return Ok(Vec::new());
    };
    let read = walked.map(|walked| walked.stored.files.clone()).unwrap_or_default();
    let members = raw.export.members().into_iter().zip(raw.export.digests(&read)?);
    Ok(members.map(|(member, sha256)| RawFile { path: member.name, bytes: member.size, sha256 }).collect())
}

/// Events that have the id of one before them.
fn copies(repeated: &BTreeMap<String, Vec<EventRef>>) -> u64 {
    let extra = repeated.values().map(|events| events.len().saturating_sub(1));
    extra.fold(0, |sum, extra| sum.saturating_add(u64::try_from(extra).unwrap_or(u64::MAX)))
}

/// As many events as the pages state, but some of them twice: then as many others are missing.
fn overlap(copies: u64) -> Finding {
    let message = format!("expected as many different events as the pages state, found {} twice: as many others are missing", events(copies));
    Finding::new(Code::PagesTotal, message)
        .help("the log may have grown while its pages were fetched, so that they overlap: fetch them again, for a period that is over")
}
