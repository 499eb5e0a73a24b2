//! Report, rows, verdicts.

mod comparison;
mod coverage;
mod file;
mod inspection;
mod listing;
mod passkeys;

use std::ops::RangeInclusive;

use crate::digest::Digest;
use crate::error::Error;
use crate::finding::{CheckId, EventRef, Finding, Outcome, Why};

pub use self::comparison::{Comparison, Divergence, EventLine, FieldChange, Kept, Moved, Outside, Overlap, Purge, Removed, Rewritten};
pub use self::coverage::{Cover, Coverage, Covered, CoveredField, CoveredFile, FileCover};
pub use self::file::{RawFile, UsedFile};
pub use self::inspection::{ByHand, EventCheck, Fact, Field, Inspection, Neighbour, Part, Update};
pub use self::listing::{Asked, Cell, Counts, Held};
pub use self::passkeys::PasskeySummary;

/// What is said of one bundle, or of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Every required row is upheld, nothing is refuted.
    Pass,
    /// Nothing contradicts, but a required claim could not be checked.
    Incomplete,
    /// The bytes handed over contradict a claim.
    Fail,
}

impl Verdict {
    /// The exit code.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Pass => 0,
            Self::Fail => 1,
            Self::Incomplete => 3,
        }
    }

    /// As in the JSON report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Incomplete => "incomplete",
            Self::Fail => "fail",
        }
    }
}

/// How one row came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// The claim is not made here.
    NotApplicable,
    /// Tested, and it does not hold.
    Refuted,
    /// It could not be tested.
    Untested(Why),
    /// Tested, and it holds.
    Upheld,
}

impl Status {
    /// The three outcomes; none where the row does not apply.
    pub fn outcome(&self) -> Option<Outcome> {
        match self {
            Self::NotApplicable => None,
            Self::Refuted => Some(Outcome::Refuted),
            Self::Untested(_) => Some(Outcome::Untested),
            Self::Upheld => Some(Outcome::Upheld),
        }
    }
}

/// One claim, and how it came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Which check.
    pub id: CheckId,
    /// How it came out.
    pub status: Status,
    /// Whether the verdict needs it.
    pub required: bool,
    /// How many things (events, links, files) held.
    pub upheld: u64,
    /// How many did not.
    pub refuted: u64,
    /// How many could not be tested.
    pub untested: u64,
    /// A few words on what was tested: `4823 events, seq 118201..123023`. May quote the bundle, so not safe to show as it is.
    pub note: String,
}

/// A period as the manifest states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// Inclusive, as stated.
    pub from: String,
    /// Exclusive, as stated.
    pub to: String,
}

/// The first or last event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventSummary {
    /// Number, place, sequence, id.
    pub event: EventRef,
    /// Its time, as stated.
    pub time: Option<String>,
    /// The digest that the next event must name.
    pub hash: Option<Digest>,
}

/// What was handed over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    /// A bundle: a manifest speaks for its files.
    #[default]
    Bundle,
    /// Files as a source hands them out; nothing speaks for them as a whole.
    Raw,
}

impl Kind {
    /// As in the JSON report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bundle => "bundle",
            Self::Raw => "raw",
        }
    }
}

/// Everything that was found out about one bundle.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BundleReport {
    /// As given on the command line (loose files: joined by `, `).
    pub path: String,
    /// A signed bundle, or a raw export.
    pub kind: Kind,
    /// Digest of the archive, or of the one file of a raw export; none for a folder and for several files.
    pub sha256: Option<Digest>,
    /// The files of a raw export, in the order given; of a bundle none: its manifest names them.
    pub files: Vec<RawFile>,
    /// Digest of `manifest.json`, which names every other member's.
    pub manifest_sha256: Option<Digest>,
    /// Bytes read: the archive, or all members together.
    pub bytes: u64,
    /// The profile that drove the checks.
    pub profile: Option<String>,
    /// Where the auditor gave it; none for a built-in one.
    pub profile_file: Option<UsedFile>,
    /// As the manifest states it.
    pub tenant_id: Option<String>,
    /// As the manifest states it.
    pub period: Option<Period>,
    /// Events present.
    pub events: u64,
    /// The first event in the file.
    pub first: Option<EventSummary>,
    /// The last event in the file.
    pub last: Option<EventSummary>,
    /// One row a claim, in the order of [`CheckId::ALL`].
    pub rows: Vec<Row>,
    /// What the auditor accepted untested, in writing.
    pub skipped: Vec<CheckId>,
    /// Why a PASS is qualified beside the skips (a manifest that only a shared secret signs).
    pub qualifications: Vec<String>,
    /// Findings: those about an event in file order, then the others. At most as many as asked for.
    pub findings: Vec<Finding>,
    /// How many there were.
    pub findings_total: u64,
    /// How many breaks of the chain there were.
    pub breaks_total: u64,
    /// Ranges of event numbers that the signed last hash proves; none where the manifest's signature is not upheld.
    pub proven: Option<Vec<RangeInclusive<u64>>>,
    /// Ranges that only agree among themselves.
    pub consistent: Vec<RangeInclusive<u64>>,
    /// Events that only hashes bind: these need no key, so anybody who held the export could have written them again.
    pub rewritable: Option<RangeInclusive<u64>>,
    /// What was found out about passkeys; none where the profile has no such claim.
    pub passkeys: Option<PasskeySummary>,
    /// Which proof covers what; none where nobody asked.
    pub coverage: Option<Coverage>,
    /// Data without weight.
    pub notes: Vec<String>,
    /// What a PASS here does not show.
    pub not_shown: Vec<String>,
}

impl BundleReport {
    /// The worst of the required rows; a refuted row always counts. Without one upheld cryptographic row over at least one event there is no PASS.
    pub fn verdict(&self) -> Verdict {
        let refuted = |row: &Row| row.status.outcome() == Some(Outcome::Refuted);
        if self.rows.iter().any(refuted) {
            return Verdict::Fail;
        }
        let open = |row: &Row| row.required && row.status.outcome() == Some(Outcome::Untested) && !self.skipped.contains(&row.id);
        if self.rows.iter().any(open) || !self.has_proof() {
            return Verdict::Incomplete;
        }
        Verdict::Pass
    }

    /// Whether a PASS is qualified: something required was accepted untested, or only a shared secret speaks for it.
    pub fn qualified(&self) -> bool {
        self.verdict() == Verdict::Pass && (!self.skipped.is_empty() || !self.qualifications.is_empty())
    }

    /// The first break of the chain in file order, else the first finding that names an event.
    pub fn break_point(&self) -> Option<&Finding> {
        let first_break = self.findings.iter().find(|finding| finding.chain_break.is_some());
        first_break.or_else(|| self.findings.iter().find(|finding| finding.event.is_some()))
    }

    /// The row of a check.
    pub fn row(&self, id: CheckId) -> Option<&Row> {
        self.rows.iter().find(|row| row.id == id)
    }

    fn has_proof(&self) -> bool {
        let files_signed = [CheckId::ManifestSignature, CheckId::ManifestFiles].iter().all(|id| self.upheld(*id));
        let per_event = [CheckId::ChainLinks, CheckId::EventMac, CheckId::EventSignature, CheckId::EventPasskey, CheckId::EventToken]
            .iter()
            .any(|id| self.upheld(*id));
        self.events > 0 && (files_signed || per_event)
    }

    fn upheld(&self, id: CheckId) -> bool {
        self.row(id).is_some_and(|row| row.status == Status::Upheld)
    }
}

/// What became of one input: a report, or no verdict at all.
#[derive(Debug)]
pub struct Entry {
    /// As given.
    pub path: String,
    /// The report, or why there is none.
    pub result: Result<BundleReport, Error>,
}

/// The result of one run: one entry for each bundle.
#[derive(Debug, Default)]
pub struct Report {
    /// In the order given.
    pub entries: Vec<Entry>,
    /// The trust file in force; none where the auditor gave keys by flags alone, or nothing.
    pub trust: Option<UsedFile>,
}

impl Report {
    /// What the evidence of all entries says together: FAIL if any fails; else nothing as long as one entry has no verdict; else the worst.
    pub fn verdict(&self) -> Option<Verdict> {
        let verdicts: Vec<_> = self.entries.iter().map(Entry::verdict).collect();
        if verdicts.contains(&Some(Verdict::Fail)) {
            return Some(Verdict::Fail);
        }
        verdicts.into_iter().collect::<Option<Vec<_>>>()?.into_iter().max()
    }

    /// The worst, by 70, 2, 1, 4, 5, 3, 0. A run without any entry is a usage error.
    pub fn exit_code(&self) -> u8 {
        const WORST_FIRST: [u8; 7] = [70, 2, 1, 4, 5, 3, 0];
        let codes: Vec<u8> = self.entries.iter().map(Entry::exit_code).collect();
        WORST_FIRST.into_iter().find(|code| codes.contains(code)).unwrap_or(2)
    }
}

impl Entry {
    /// The verdict, if there is one.
    pub fn verdict(&self) -> Option<Verdict> {
        self.result.as_ref().ok().map(BundleReport::verdict)
    }

    /// The exit code of this entry alone.
    pub fn exit_code(&self) -> u8 {
        match &self.result {
            Ok(report) => report.verdict().exit_code(),
            Err(error) => error.exit_code(),
        }
    }
}
