//! One file a claim: pure, no input or output, any thread. A check of single events writes into its [`Tally`]; what needs neighbours works on
//! [`Row`]s. Evidence of neighbouring runs joins; findings that need the whole file are made when all is joined.

mod answered;
mod carried;
mod contradiction;
mod filter;
mod hashes;
mod ids;
mod links;
mod mac;
mod passkey;
mod period;
mod ranges;
mod readable;
mod replay;
mod signature;
mod signed;
mod stated_keys;
mod tally;
mod tenant;
mod tenants;
mod token;

pub use answered::{Answered, Standing};
pub use carried::Carried;
pub use contradiction::Contradiction;
pub use filter::{Filtered, matches as filter_matches};
pub use hashes::{Hashes, first_bytes};
pub use ids::Ids;
pub use links::{Neighbours, Row, Run, Runs, Seam};
pub use mac::Mac;
pub use passkey::{Assertion, Flaw, Passkey};
pub use period::{Asked, InPeriod};
pub use ranges::Ranges;
pub use readable::{Form, examine as examine_readable};
pub use replay::{Collector, Facts, Looked, Replay, Suspicion, findings as replay_findings};
pub use signature::Signature;
pub use signed::{Document, Signatures, Subject, VerifiedManifest, Vouched};
pub use stated_keys::{StatedKey, StatedKeys};
pub use tally::{Count, Tally};
pub use tenant::OfTenant;
pub use tenants::Tenants;
pub use token::Token;

use std::sync::Arc;

use crate::bundle::block::{Block, Piece};
use crate::event::Event;
use crate::finding::{CheckId, EventRef, Place, Why};

/// One claim, tested on one event.
pub trait Check: Send + Sync {
    /// Its row.
    fn id(&self) -> CheckId;

    /// A line that cannot be read: nobody knows whether the claim holds for it.
    fn pass_over(&self, tally: &mut Tally) {
        tally.leave(|| Why::Unreadable);
    }

    /// Tests one event; writes only into its own tally.
    fn examine(&self, event: &Event<'_>, at: &At<'_>, tally: &mut Tally);
}

/// Who says that every event carries a proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeclaredBy {
    /// The auditor, who gave a key for it: a raw export declares nothing.
    Auditor,
    /// The manifest.
    Manifest,
}

impl DeclaredBy {
    fn words(self) -> &'static str {
        match self {
            Self::Auditor => "although you gave the key for it: other events of this export carry one",
            Self::Manifest => "although the manifest declares one for every event",
        }
    }
}

/// Where an event stands.
#[derive(Debug, Clone, Copy)]
pub struct At<'f> {
    /// Its file.
    pub file: &'f Arc<str>,
    /// Number of the event.
    pub number: u64,
    /// Its line.
    pub line: u64,
    /// Offset of its line.
    pub byte: u64,
}

impl<'f> At<'f> {
    /// Where a record of a block stands.
    pub fn of(block: &'f Block, piece: &Piece<'_>) -> Self {
        Self { file: &block.file, number: piece.number, line: piece.line, byte: piece.byte }
    }

    /// Where a block starts.
    pub fn start(block: &'f Block) -> Self {
        Self { file: &block.file, number: block.number, line: block.line, byte: block.byte }
    }

    /// The same, for a finding.
    pub fn event_ref(&self, event: Option<&Event<'_>>) -> EventRef {
        EventRef {
            place: Place { file: self.file.to_string(), number: Some(self.number), line: Some(self.line), byte: Some(self.byte), column: None },
            seq: event.and_then(|event| event.sequence),
            id: event.and_then(|event| event.id.as_deref().map(shortened)),
        }
    }
}

/// An id as it is kept: whoever writes a megabyte into an id does not get it into every report.
pub fn shortened(id: &str) -> String {
    const KEPT: usize = 256;
    match id.char_indices().nth(KEPT) {
        Some((end, _)) => format!("{}…", id.get(..end).unwrap_or_default()),
        None => id.to_owned(),
    }
}
