//! An events file as blocks of whole lines, read once: the digest and size of the stored bytes are taken from the very bytes that become lines.
//! Not here: what a line means, and whether the last one may lack its LF.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use super::Limits;
use super::block::{Block, Blocks, Stored, TooLong};
use super::fault::ReadFault;
use super::flow::{Flow, Tap};
use super::gzip::{Flaw, GzipFault};
use crate::digest::Hasher;
use crate::error::Error;
use crate::finding::Finding;

/// A line without its LF may have this many bytes.
pub const MAX_LINE: usize = 16_777_216;

/// Bytes read at a time where nothing is kept.
const READ: usize = 256 * 1024;

/// Reads blocks. `stored` yields the file's stored bytes; with `gzip`, they are unpacked on the way (one member, RFC 1952).
pub struct Lines<R> {
    file: Arc<str>,
    flow: Flow<R>,
    target: usize,
    /// The start of the line that the next block begins with.
    carry: Vec<u8>,
    index: u64,
    line: u64,
    byte: u64,
    unpacked: u64,
    end: End,
    flaw: Option<(String, u64)>,
    damage: Option<Finding>,
}

/// Whether more data follows, and if not, whether the last line is all there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Cut,
    NotYet,
    Whole,
}

impl<R: Read> Lines<R> {
    /// Blocks of about `block` bytes (at most [`MAX_LINE`]; more only for one line that is longer) of the file of this name.
    pub fn new(file: &str, stored: R, gzip: bool, block: usize, limits: &Limits) -> Self {
        Self {
            file: Arc::from(file),
            flow: Flow::new(file, Tap::new(stored), gzip, limits),
            target: block.clamp(1, MAX_LINE),
            carry: Vec::new(),
            index: 0,
            line: 1,
            byte: 0,
            unpacked: 0,
            end: End::NotYet,
            flaw: None,
            damage: None,
        }
    }

    /// Fills the next block (its buffer is used again); `false` at the end.
    pub fn next(&mut self, block: &mut Block) -> Result<bool, Error> {
        block.start(self.index, &self.file, self.line, self.byte);
        let mut filled = self.start(&mut block.bytes)?;
        let mut whole = last_line_end(block.bytes.get(..filled));
        // A line longer than the block: read on to its end, and deliver it alone.
        while whole.is_none() && self.end == End::NotYet && filled <= MAX_LINE {
            let searched = filled;
            filled = self.fill(&mut block.bytes, searched, searched.saturating_add(self.target))?;
            whole = first_line_end(block.bytes.get(searched..filled)).map(|end| end.saturating_add(searched));
        }
        match whole {
            Some(end) if end <= MAX_LINE.saturating_add(1) => self.deliver(block, end, filled),
            None if filled <= MAX_LINE && self.end == End::Whole => self.deliver(block, filled, filled),
            None if self.end == End::Cut => block.bytes.clear(),
            _ => self.pass_over(block, whole, filled)?,
        }
        let delivered = !block.bytes.is_empty() || block.too_long.is_some();
        self.index = self.index.saturating_add(u64::from(delivered));
        Ok(delivered)
    }

    /// Stored bytes read so far: packed ones, for a `.gz`.
    pub fn stored_bytes(&self) -> u64 {
        self.flow.stored().size
    }

    /// Digest and size of the stored bytes. Reads whatever is left of them.
    pub fn finish(mut self) -> Result<Stored, Error> {
        let mut scratch = vec![0; READ];
        while self.end == End::NotYet {
            self.fill(&mut scratch, 0, READ)?;
        }
        let mut tap = self.flow.into_stored();
        while self.damage.is_none() {
            match tap.read(&mut scratch).map_err(ReadFault::from_io) {
                Ok(0) => break,
                Ok(_) => {}
                Err(ReadFault::Error(error)) => return Err(error),
                Err(ReadFault::Finding(finding)) => self.damage = Some(*finding),
            }
        }
        let (size, sha256) = (tap.size, tap.into_hasher().finish());
        Ok(Stored { size, sha256, unpacked: self.unpacked, flaw: self.flaw, damage: self.damage, files: BTreeMap::new(), findings: Vec::new() })
    }

    /// Puts what was carried over in front, and fills up to the block's size.
    fn start(&mut self, bytes: &mut Vec<u8>) -> Result<usize, Error> {
        let carry = std::mem::take(&mut self.carry);
        // The old bytes are overwritten, not cleared: that would cost a pass over each block.
        bytes.resize(bytes.len().max(self.target).max(carry.len()), 0);
        if let Some(front) = bytes.get_mut(..carry.len()) {
            front.copy_from_slice(&carry);
        }
        let carried = carry.len();
        self.carry = carry;
        self.carry.clear();
        self.fill(bytes, carried, self.target)
    }

    /// Reads until `bytes[from..to]` is full or the data ends; returns where it stopped.
    fn fill(&mut self, bytes: &mut Vec<u8>, from: usize, to: usize) -> Result<usize, Error> {
        bytes.resize(bytes.len().max(to), 0);
        let mut at = from;
        while self.end == End::NotYet
            && let Some(free) = bytes.get_mut(at..to).filter(|free| !free.is_empty())
        {
            match self.flow.read(free) {
                Ok(0) => self.end = End::Whole,
                Ok(length) => {
                    at = at.saturating_add(length);
                    self.unpacked = self.unpacked.saturating_add(as_u64(length));
                }
                Err(GzipFault::Flaw(Flaw { what, byte, whole })) => {
                    self.end = if whole { End::Whole } else { End::Cut };
                    self.flaw = Some((what, byte));
                }
                Err(GzipFault::Read(ReadFault::Finding(finding))) => {
                    self.end = End::Cut;
                    self.damage = Some(*finding);
                }
                Err(GzipFault::Read(ReadFault::Error(error))) => return Err(error),
            }
        }
        Ok(at)
    }

    /// The block is `bytes[..end]`; what was read behind it is carried over.
    fn deliver(&mut self, block: &mut Block, end: usize, filled: usize) {
        self.carry.extend_from_slice(block.bytes.get(end..filled).unwrap_or_default());
        block.bytes.truncate(end);
        let line_feeds = memchr::memchr_iter(b'\n', &block.bytes).count();
        self.line = self.line.saturating_add(as_u64(line_feeds));
        self.byte = self.byte.saturating_add(as_u64(end));
    }

    /// The block starts with a line that is too long: reads on to its end, keeping its length and digest only.
    fn pass_over(&mut self, block: &mut Block, mut end: Option<usize>, mut filled: usize) -> Result<(), Error> {
        let (mut hasher, mut length) = (Hasher::new(), 0_u64);
        loop {
            let line = end.map_or(filled, |end| end.saturating_sub(1));
            hasher.update(block.bytes.get(..line).unwrap_or_default());
            length = length.saturating_add(as_u64(line));
            if end.is_some() || self.end != End::NotYet {
                break;
            }
            filled = self.fill(&mut block.bytes, 0, self.target)?;
            end = first_line_end(block.bytes.get(..filled));
        }
        let newline = end.is_some();
        self.carry.extend_from_slice(block.bytes.get(end.unwrap_or(filled)..filled).unwrap_or_default());
        block.bytes.clear();
        if newline || self.end == End::Whole {
            block.too_long = Some(TooLong { length, hash: hasher.finish(), newline });
        }
        self.line = self.line.saturating_add(u64::from(newline));
        self.byte = self.byte.saturating_add(length).saturating_add(u64::from(newline));
        Ok(())
    }
}

impl<R: Read + Send> Blocks for Lines<R> {
    fn next(&mut self, block: &mut Block) -> Result<bool, Error> {
        self.next(block)
    }

    fn stored_bytes(&self) -> u64 {
        self.stored_bytes()
    }

    fn finish(self: Box<Self>) -> Result<Stored, Error> {
        (*self).finish()
    }
}

fn first_line_end(bytes: Option<&[u8]>) -> Option<usize> {
    memchr::memchr(b'\n', bytes?).map(|at| at.saturating_add(1))
}

fn last_line_end(bytes: Option<&[u8]>) -> Option<usize> {
    memchr::memrchr(b'\n', bytes?).map(|at| at.saturating_add(1))
}

fn as_u64(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
