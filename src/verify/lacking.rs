//! Tables that stand alone: their rows have the members that columns stand for, and their events may have had more. So a hash, HMAC or signature that
//! fits a row proves it, and one that does not fit says nothing. Not here: how rows become events, and what a hash is of.

use crate::bundle::block::{Block, Blocks};
use crate::check::{At, Tally};
use crate::error::Error;
use crate::event::{Layout, Reader, Record};
use crate::finding::{CheckId, Code, EventRef, Finding, Why};
use crate::profile::Profile;
use crate::report::{BundleReport, Status};
use crate::verify::Progress;

/// The rows of the report that rows of a table cannot decide.
#[derive(Debug, Default)]
pub struct Lacking {
    /// Untested, for the one reason.
    pub untested: Vec<CheckId>,
    /// The sequence numbers, which stand in the rows themselves.
    pub sequence: Option<Tally>,
}

impl Lacking {
    /// Whether a report refutes what rows of a table cannot refute.
    pub fn doubts(report: &BundleReport) -> bool {
        let refuted = |id: &CheckId| report.row(*id).is_some_and(|row| row.status == Status::Refuted);
        [CheckId::ChainLinks, CheckId::ChainAnchor, CheckId::EventMac, CheckId::EventSignature].iter().any(refuted)
    }

    /// Takes out of a profile what needs whole events.
    pub fn take(profile: &mut Profile) -> Self {
        let mut untested = Vec::new();
        untested.extend(profile.chain.take().map(|_| CheckId::ChainLinks));
        untested.extend(profile.event_mac.take().map(|_| CheckId::EventMac));
        untested.extend(profile.event_signature.take().map(|_| CheckId::EventSignature));
        profile.requires.one_of.retain(|id| !untested.contains(id));
        Self { untested, sequence: None }
    }
}

/// Compares the sequence numbers of neighbours, which need no hash.
pub fn sequence(mut blocks: Box<dyn Blocks + '_>, profile: &Profile, pointer: &str, progress: &dyn Progress) -> Result<Tally, Error> {
    let layout = Layout::new(profile, &[pointer]);
    let layout = layout.ok_or_else(|| Error::Internal(format!("profile {} names something that is no JSON Pointer", profile.name)))?;
    let (mut tally, mut block, mut reader, mut before) = (Tally::default(), Block::default(), Reader::default(), None);
    while blocks.next(&mut block)? {
        if progress.interrupted() {
            return Err(Error::Interrupted);
        }
        for piece in block.pieces() {
            let at = At::of(&block, &piece);
            let (number, event) = match reader.read(piece.text, &layout) {
                Record::Event(event) => (event.compared(0).words().parse::<u64>().ok(), at.event_ref(Some(&event))),
                Record::Unreadable(_) => (None, at.event_ref(None)),
            };
            compare(&mut tally, before, number, at.number, event);
            before = Some(number);
        }
    }
    Ok(tally)
}

fn compare(tally: &mut Tally, before: Option<Option<u64>>, here: Option<u64>, number: u64, event: EventRef) {
    let (before, here) = match (before, here) {
        (None, Some(_)) => return tally.uphold(),
        (None | Some(None), _) | (_, None) => return tally.leave(|| Why::Unreadable),
        (Some(Some(before)), Some(here)) => (before, here),
    };
    let next = before.saturating_add(1);
    if here == next {
        return tally.uphold();
    }
    tally.refute(number, || {
        let message = format!("expected seq {next} after {before}, found {here}");
        Finding::new(Code::ChainSequenceGap, message).at(EventRef { seq: Some(here), ..event }).values(here, next)
    });
}
