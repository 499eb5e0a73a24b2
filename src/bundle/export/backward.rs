//! The files of an export, each from its end: one read forward for the digest and the places of its blocks, then the blocks in reverse. What is held of
//! a plain file is the list of those places; of a gzip file, its records. Not here: whether the newest event stands first.

use std::io::Read as _;

use super::forward::Sum;
use super::grammar::{Grammar, Mark};
use super::item::Stored as Bytes;
use super::recognise::as_error;
use super::state::Shape;
use super::text::{as_u64, trimmed};
use super::{Export, Part};
use crate::bundle::block::{Block, Blocks, Span, Stored, TooLong};
use crate::error::Error;

/// Blocks of all parts, the last record of each first.
pub(super) struct Backward<'e> {
    export: &'e Export,
    parts: &'e [Part],
    target: usize,
    /// The file that is being delivered.
    open: Option<Open<'e>>,
    sum: Sum,
}

struct Open<'e> {
    name: &'e str,
    shape: &'e Shape,
    bytes: Bytes<'e>,
    places: Vec<Place>,
}

/// Where one block stands.
struct Place {
    line: u64,
    byte: u64,
    length: usize,
    records: usize,
    too_long: Option<TooLong>,
    /// Of a gzip file.
    kept: Option<Vec<u8>>,
}

impl<'e> Backward<'e> {
    pub(super) fn new(export: &'e Export, parts: &'e [Part], target: usize) -> Self {
        Self { export, parts, target, open: None, sum: Sum::default() }
    }

    /// Reads a file forward.
    fn open(&mut self, part: &'e Part) -> Result<Open<'e>, Error> {
        let item = self.export.item(part)?;
        let mut cutter = self.export.cutter(part, self.target, true)?;
        let (mut block, mut places, mut held) = (Block::default(), Vec::new(), 0_u64);
        while !part.refused && cutter.next(&mut block)? {
            let place = Place::of(&block, item.gzip);
            held = held.saturating_add(place.kept.as_ref().map_or(0, |kept| as_u64(kept.len())));
            if held > self.export.limits.max_stdin {
                let what = format!("{}: a gzip file whose newest event stands first, which is held in memory,", item.name);
                return Err(Error::Limit { what, limit: format!("{} bytes", self.export.limits.max_stdin), flag: "--max-stdin" });
            }
            places.push(place);
        }
        self.sum.add(part, cutter)?;
        Ok(Open { name: &item.name, shape: &part.shape, bytes: item.stored()?, places })
    }
}

impl Blocks for Backward<'_> {
    fn next(&mut self, block: &mut Block) -> Result<bool, Error> {
        loop {
            if let Some(open) = &mut self.open
                && let Some(place) = open.places.pop()
            {
                open.deliver(place, block)?;
                self.sum.number(block);
                return Ok(true);
            }
            if let Some(open) = self.open.take() {
                open.bytes.unchanged()?;
            }
            let Some((part, rest)) = self.parts.split_first() else { return Ok(false) };
            self.parts = rest;
            self.open = Some(self.open(part)?);
        }
    }

    fn stored_bytes(&self) -> u64 {
        self.sum.size
    }

    fn finish(mut self: Box<Self>) -> Result<Stored, Error> {
        let mut scratch = Block::default();
        while self.next(&mut scratch)? {}
        Ok(self.sum.stored())
    }
}

impl Place {
    fn of(block: &Block, keep: bool) -> Self {
        let records = block.records.as_deref().unwrap_or_default();
        let start = records.first().map_or(0, |record| record.range.start);
        let end = records.last().map_or(0, |record| record.range.end);
        let kept = keep.then(|| block.bytes.get(start..end).unwrap_or_default().to_vec());
        Self { line: block.line, byte: block.byte, length: end.saturating_sub(start), records: records.len(), too_long: block.too_long, kept }
    }
}

impl Open<'_> {
    fn deliver(&mut self, place: Place, block: &mut Block) -> Result<(), Error> {
        block.start(block.index, self.name, place.line, place.byte);
        block.too_long = place.too_long;
        block.bytes.clear();
        match place.kept {
            Some(kept) => block.bytes = kept,
            None => {
                block.bytes.resize(place.length, 0);
                self.bytes.seek(place.byte);
                self.bytes.read_exact(&mut block.bytes).map_err(as_error)?;
            }
        }
        let mut records = cut(&block.bytes, self.shape, place.line, place.byte);
        if records.len() != place.records {
            return Err(Error::Environment {
                what: format!("{} changed while it was read", self.name),
                hint: "copy it to a place where nothing writes, and verify the copy".to_owned(),
            });
        }
        records.reverse();
        block.records = Some(records);
        Ok(())
    }
}

/// Cuts bytes that hold whole records and what separates them.
fn cut(bytes: &[u8], shape: &Shape, line: u64, byte: u64) -> Vec<Span> {
    let mut grammar = Grammar::at_record(shape.clone());
    let (mut at, mut line, mut counted, mut open) = (0, line, 0, None);
    let mut records = Vec::new();
    let span = |start: usize, end: usize, line: u64| Span { range: trimmed(bytes, start, end), line, byte: byte.saturating_add(as_u64(start)) };
    loop {
        match grammar.next(bytes, &mut at) {
            Mark::Start(start) => {
                let passed = bytes.get(counted..start).unwrap_or_default();
                line = line.saturating_add(as_u64(memchr::memchr_iter(b'\n', passed).count()));
                (counted, open) = (start, Some(start));
            }
            Mark::End(end) => records.extend(open.take().map(|start| span(start, end, line))),
            Mark::More | Mark::Broken(_) => break,
        }
    }
    records.extend(open.map(|start| span(start, bytes.len(), line)));
    records
}
