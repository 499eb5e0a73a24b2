//! The second read for what serves twice: only where hashes repeated, and only for the events concerned. The same bytes as in the first read, or it is
//! an error.

use crate::bundle::block::{Block, Blocks};
use crate::check::{At, Looked, Suspicion, replay_findings};
use crate::digest::Digest;
use crate::error::Error;
use crate::event::{Reader, Record};
use crate::finding::Finding;
use crate::verify::segment::Examination;
use crate::verify::{Progress, lookup};

/// Events that are looked at again; of a file made of one assertion, the first ones are told.
const KEPT: usize = 100_000;

/// What serves twice.
#[derive(Debug, Default)]
pub struct Replayed {
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// Data without weight.
    pub notes: Vec<String>,
}

/// Reads the events again. `digest` is what the first read saw.
pub fn look_again(
    mut blocks: Box<dyn Blocks + '_>,
    suspicion: &Suspicion,
    digest: Digest,
    with: &Examination<'_>,
    progress: &dyn Progress,
) -> Result<Replayed, Error> {
    let Some(approval) = &with.approval else {
        return Ok(Replayed::default());
    };
    let (mut block, mut reader) = (Block::default(), Reader::default());
    let mut looked: Vec<Looked> = Vec::new();
    while blocks.next(&mut block)? {
        if progress.interrupted() {
            return Err(Error::Interrupted);
        }
        for piece in block.pieces() {
            let at = At::of(&block, &piece);
            let Record::Event(event) = reader.read(piece.text, &with.layout) else { continue };
            let facts = approval.facts(&event);
            if suspicion.concerns(&facts, at.number, &with.ids) && looked.len() < KEPT {
                looked.push((at.event_ref(Some(&event)), facts));
            }
        }
    }
    lookup::same_bytes(blocks, digest, with)?;
    let challenge = approval.passkey.map(|rule| &rule.challenge);
    let (findings, notes) = replay_findings(&looked, suspicion, challenge, with.tenant);
    Ok(Replayed { findings, notes })
}
