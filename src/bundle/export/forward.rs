//! The files of an export one after the other, each from its start. Not here: their order.

use std::collections::BTreeMap;

use super::cut::Cutter;
use super::text::as_u64;
use super::{Export, Part, envelope};
use crate::bundle::block::{Block, Blocks, Stored};
use crate::digest::{Digest, Hasher};
use crate::error::Error;
use crate::finding::Finding;

/// What was read of the files so far.
#[derive(Default)]
pub(super) struct Sum {
    /// Over the digests of the files.
    pub(super) hasher: Hasher,
    pub(super) files: BTreeMap<usize, Digest>,
    pub(super) size: u64,
    pub(super) unpacked: u64,
    pub(super) findings: Vec<Finding>,
    /// Index and number of the next block.
    pub(super) index: u64,
    pub(super) events: u64,
}

/// Blocks of all parts.
pub(super) struct Forward<'e> {
    export: &'e Export,
    parts: &'e [Part],
    cutter: Option<Cutter<'e>>,
    target: usize,
    sum: Sum,
}

impl<'e> Forward<'e> {
    pub(super) fn new(export: &'e Export, parts: &'e [Part], target: usize) -> Self {
        Self { export, parts, cutter: None, target, sum: Sum::default() }
    }
}

impl Blocks for Forward<'_> {
    fn next(&mut self, block: &mut Block) -> Result<bool, Error> {
        while let Some((part, rest)) = self.parts.split_first() {
            let cutter = match &mut self.cutter {
                Some(cutter) => cutter,
                none => none.insert(self.export.cutter(part, self.target, true)?),
            };
            if !part.refused && cutter.next(block)? {
                self.sum.number(block);
                return Ok(true);
            }
            if let Some(cutter) = self.cutter.take() {
                self.sum.add(part, cutter)?;
            }
            self.parts = rest;
        }
        Ok(false)
    }

    fn stored_bytes(&self) -> u64 {
        self.sum.size.saturating_add(self.cutter.as_ref().map_or(0, Cutter::stored_bytes))
    }

    fn finish(mut self: Box<Self>) -> Result<Stored, Error> {
        let mut scratch = Block::default();
        while self.next(&mut scratch)? {}
        Ok(self.sum.stored())
    }
}

impl Sum {
    /// Gives a block its place among the others.
    pub(super) fn number(&mut self, block: &mut Block) {
        (block.index, block.number) = (self.index, self.events.saturating_add(1));
        let records = block.records.as_ref().map_or(0, |records| as_u64(records.len()));
        self.index = self.index.saturating_add(1);
        self.events = self.events.saturating_add(if block.too_long.is_some() { 1 } else { records });
    }

    /// Adds a file that was read.
    pub(super) fn add(&mut self, part: &Part, cutter: Cutter<'_>) -> Result<(), Error> {
        let file = cutter.file();
        let mut rest = cutter.finish()?;
        let finding = rest.finding.take().or_else(|| envelope::flaw(part, &file, &rest));
        self.findings.extend(finding);
        self.read(part, rest.sha256, rest.size, rest.unpacked);
        Ok(())
    }

    /// A file was read to its end.
    pub(super) fn read(&mut self, part: &Part, sha256: Digest, size: u64, unpacked: u64) {
        self.hasher.update(&sha256.0);
        self.files.insert(part.item, sha256);
        self.size = self.size.saturating_add(size);
        self.unpacked = self.unpacked.saturating_add(unpacked);
    }

    pub(super) fn stored(self) -> Stored {
        let Self { hasher, files, size, unpacked, findings, .. } = self;
        let sha256 = match files.values().collect::<Vec<_>>().as_slice() {
            [one] => **one,
            _ => hasher.finish(),
        };
        Stored { size, sha256, files, unpacked, flaw: None, damage: None, findings }
    }
}
