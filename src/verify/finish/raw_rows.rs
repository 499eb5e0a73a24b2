//! The rows of a raw export: nothing signs it as a whole, and what its form states of it is compared with what is there.

use super::Evidence;
use super::chain_rows::places;
use crate::bundle::export::{Direction, Form};
use crate::finding::{CheckId, Why};
use crate::verify::handed::Raw;
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
        let refuted = self.ledger.report(raw.arranged.pages.clone());
        let files = raw.export.files().len();
        let mut entry = Entry { upheld: u64::try_from(files).unwrap_or(u64::MAX), refuted, ..Entry::default() };
        if !raw.arranged.counted {
            entry = entry.untested(Why::NotCarried("total number of events on its pages".to_owned()));
        }
        let pages = if files == 1 { "1 page".to_owned() } else { format!("{files} pages") };
        self.ledger.row(CheckId::PagesComplete, entry.words(format!("{pages}, with as many events as they state"), format!("{pages}, not complete")));
    }
}
