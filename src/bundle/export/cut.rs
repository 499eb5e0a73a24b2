//! One file, cut into blocks of records. What its structure breaks is one finding, and the end of its records; the rest of it is read for the digest.
//! Not here: in which order files are read.

use std::sync::Arc;

use super::Limits;
use super::grammar::{Grammar, Mark};
use super::item::{Item, Stored};
use super::state::Shape;
use super::text::{as_u64, shown, trimmed};
use crate::bundle::block::{Block, Span, TooLong};
use crate::bundle::fault::ReadFault;
use crate::bundle::flow::{Flow, Tap};
use crate::bundle::gzip::{Flaw, GzipFault};
use crate::bundle::lines::MAX_LINE;
use crate::digest::{Digest, Hasher};
use crate::error::Error;
use crate::finding::{Code, Finding, Place};

const NO_END: &str = "expected the end of the event that starts here, found the end of the file";

/// Cuts one file.
pub(super) struct Cutter<'i> {
    file: Arc<str>,
    flow: Flow<Stored<'i>>,
    grammar: Grammar,
    target: usize,
    /// What was read and not delivered.
    carry: Vec<u8>,
    /// How far the walk came in it.
    walked: usize,
    /// The record that starts in it, and its line.
    open: Option<(usize, u64)>,
    /// Offset of its first byte in the file.
    base: u64,
    /// Lines are counted up to this byte of the file.
    counted: (u64, u64),
    unpacked: u64,
    end: End,
    finding: Option<Finding>,
}

/// Whether more bytes follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Cut,
    NotYet,
    Whole,
}

/// What is left when a file was read to its end.
pub(super) struct Rest {
    pub(super) sha256: Digest,
    /// Stored bytes.
    pub(super) size: u64,
    pub(super) unpacked: u64,
    pub(super) finding: Option<Finding>,
    pub(super) grammar: Grammar,
}

impl<'i> Cutter<'i> {
    /// Blocks of about `target` bytes. With `digest`, the stored bytes are digested.
    pub(super) fn new(item: &'i Item, shape: Shape, target: usize, digest: bool, limits: &Limits) -> Result<Self, Error> {
        let stored = item.stored()?;
        // there may be thousands of small files; one byte more than it has tells where it ends
        let most = if item.gzip { MAX_LINE } else { usize::try_from(item.length()).unwrap_or(MAX_LINE).saturating_add(1) };
        let tap = if digest { Tap::new(stored) } else { Tap::undigested(stored) };
        Ok(Self {
            file: Arc::from(item.name.as_str()),
            flow: Flow::new(&item.name, tap, item.gzip, limits),
            grammar: Grammar::new(shape),
            target: target.clamp(1, MAX_LINE).min(most),
            carry: Vec::new(),
            walked: 0,
            open: None,
            base: 0,
            counted: (0, 1),
            unpacked: 0,
            end: End::NotYet,
            finding: None,
        })
    }

    /// The file.
    pub(super) fn file(&self) -> Arc<str> {
        self.file.clone()
    }

    /// Stored bytes read so far.
    pub(super) fn stored_bytes(&self) -> u64 {
        self.flow.stored().size
    }

    /// Fills the next block; `false` at the end of the records. Its index and number are the caller's.
    pub(super) fn next(&mut self, block: &mut Block) -> Result<bool, Error> {
        block.start(block.index, &self.file, self.counted.1, self.base);
        block.bytes.clear();
        block.bytes.append(&mut self.carry);
        let mut spans = Vec::new();
        loop {
            if let Some(too_long) = self.walk(&block.bytes, &mut spans) {
                return self.pass_over(block, Some(too_long));
            }
            let open = self.open.map_or(0, |(start, _)| block.bytes.len().saturating_sub(start));
            if self.end != End::NotYet || (!spans.is_empty() && block.bytes.len() >= self.target) {
                break;
            }
            if spans.is_empty() && open > MAX_LINE {
                return self.pass_over(block, None);
            }
            if spans.is_empty() && self.open.is_none() {
                self.forget(block);
            }
            let wanted = if block.bytes.len() < self.target { self.target } else { block.bytes.len().saturating_add(self.target) };
            self.fill(&mut block.bytes, wanted)?;
        }
        if self.end != End::NotYet {
            self.close(&block.bytes, &mut spans);
        }
        let keep = self.open.map_or(block.bytes.len(), |(start, _)| start);
        self.carry.clear();
        self.carry.extend_from_slice(block.bytes.get(keep..).unwrap_or_default());
        self.rebase(&block.bytes, keep);
        block.bytes.truncate(keep);
        let delivered = !spans.is_empty();
        if let Some(first) = spans.first() {
            (block.line, block.byte) = (first.line, first.byte);
        }
        block.records = Some(spans);
        Ok(delivered)
    }

    /// Reads what is left.
    pub(super) fn finish(mut self) -> Result<Rest, Error> {
        let mut scratch = Block::default();
        while self.next(&mut scratch)? {}
        let mut stored = self.flow.into_stored();
        std::io::copy(&mut stored, &mut std::io::sink()).map_err(super::recognise::as_error)?;
        let size = stored.size;
        Ok(Rest { sha256: stored.into_hasher().finish(), size, unpacked: self.unpacked, finding: self.finding, grammar: self.grammar })
    }

    /// Walks on to the end of `bytes`, or to that of a record that turns out to be too long.
    fn walk(&mut self, bytes: &[u8], spans: &mut Vec<Span>) -> Option<usize> {
        loop {
            match self.grammar.next(bytes, &mut self.walked) {
                Mark::More => return None,
                Mark::Start(start) => self.open = Some((start, self.line_at(bytes, start))),
                Mark::End(end) => {
                    let Some((start, line)) = self.open.take() else { continue };
                    if end.saturating_sub(start) > MAX_LINE && spans.is_empty() {
                        self.open = Some((start, line));
                        return Some(end);
                    }
                    spans.push(self.span(bytes, start, end, line));
                }
                Mark::Broken(at) => {
                    let found = bytes.get(at).map_or_else(String::new, |byte| shown(*byte));
                    let message = format!("expected {}, found {found}", self.grammar.expected());
                    self.break_off(bytes, at, message);
                    return None;
                }
            }
        }
    }

    /// Reads until `bytes` has this length, or the file ends.
    fn fill(&mut self, bytes: &mut Vec<u8>, length: usize) -> Result<(), Error> {
        let mut at = bytes.len();
        bytes.resize(length, 0);
        while self.end == End::NotYet
            && let Some(free) = bytes.get_mut(at..).filter(|free| !free.is_empty())
        {
            match self.flow.read(free) {
                Ok(0) => self.end = End::Whole,
                Ok(read) => {
                    at = at.saturating_add(read);
                    self.unpacked = self.unpacked.saturating_add(as_u64(read));
                }
                Err(GzipFault::Flaw(Flaw { what, byte, whole })) => {
                    self.end = if whole { End::Whole } else { End::Cut };
                    self.finding = Some(Finding::new(Code::EventCompression, what).in_file(&*self.file, Some(byte)));
                }
                Err(GzipFault::Read(ReadFault::Finding(finding))) => return Err(Error::Internal(finding.message)),
                Err(GzipFault::Read(ReadFault::Error(error))) => return Err(error),
            }
        }
        bytes.truncate(at);
        Ok(())
    }

    /// The file ended.
    fn close(&mut self, bytes: &[u8], spans: &mut Vec<Span>) {
        let open = self.open.take();
        if self.end == End::Cut {
            return self.grammar.give_up();
        }
        let Some(missing) = self.grammar.missing() else {
            spans.extend(open.map(|(start, line)| self.span(bytes, start, bytes.len(), line)));
            return;
        };
        match open {
            Some((start, line)) => {
                self.found(as_u64(start).saturating_add(self.base), line, NO_END.to_owned());
                self.grammar.give_up();
            }
            None => self.break_off(bytes, bytes.len(), format!("expected {missing}, found the end of the file")),
        }
    }

    fn break_off(&mut self, bytes: &[u8], at: usize, message: String) {
        let line = self.line_at(bytes, at);
        self.found(as_u64(at).saturating_add(self.base), line, message);
        self.open = None;
        self.grammar.give_up();
    }

    /// Damage of the stream comes before what follows from it.
    fn found(&mut self, byte: u64, line: u64, message: String) {
        if self.finding.is_none() {
            let mut finding = Finding::new(Code::EventMalformed, message);
            finding.place = Some(Place { file: self.file.to_string(), line: Some(line), byte: Some(byte), ..Place::default() });
            self.finding = Some(finding);
        }
    }

    fn span(&self, bytes: &[u8], start: usize, end: usize, line: u64) -> Span {
        Span { range: trimmed(bytes, start, end), line, byte: self.base.saturating_add(as_u64(start)) }
    }

    /// The line of a byte that is not before the last one asked for.
    fn line_at(&mut self, bytes: &[u8], at: usize) -> u64 {
        let from = usize::try_from(self.counted.0.saturating_sub(self.base)).unwrap_or(usize::MAX);
        let passed = bytes.get(from..at).unwrap_or_default();
        let line = self.counted.1.saturating_add(as_u64(memchr::memchr_iter(b'\n', passed).count()));
        self.counted = (self.base.saturating_add(as_u64(at.max(from))), line);
        line
    }

    /// Nothing in the block is to be delivered: only its lines count.
    fn forget(&mut self, block: &mut Block) {
        self.rebase(&block.bytes, block.bytes.len());
        block.bytes.clear();
    }

    /// The first `length` bytes are done with.
    fn rebase(&mut self, bytes: &[u8], length: usize) {
        self.line_at(bytes, length);
        self.base = self.base.saturating_add(as_u64(length));
        self.walked = self.walked.saturating_sub(length);
        self.open = self.open.map(|(start, line)| (start.saturating_sub(length), line));
    }

    /// The block starts with a record that is too long: reads to its end, keeping its length and digest only. `false` if that never comes.
    fn pass_over(&mut self, block: &mut Block, mut end: Option<usize>) -> Result<bool, Error> {
        let (start, line) = self.open.take().unwrap_or_default();
        let byte = self.base.saturating_add(as_u64(start));
        let (mut hasher, mut length, mut from) = (Hasher::new(), 0_u64, start);
        loop {
            let piece = block.bytes.get(from..end.unwrap_or(block.bytes.len())).unwrap_or_default();
            hasher.update(piece);
            length = length.saturating_add(as_u64(piece.len()));
            if end.is_some() || self.end != End::NotYet {
                break;
            }
            self.forget(block);
            from = 0;
            self.fill(&mut block.bytes, self.target)?;
            end = match self.grammar.next(&block.bytes, &mut self.walked) {
                Mark::End(end) => Some(end),
                _ => None,
            };
        }
        if end.is_none() && self.grammar.is_in_record() {
            self.found(byte, line, NO_END.to_owned());
            self.grammar.give_up();
            block.bytes.clear();
            return Ok(false);
        }
        let end = end.unwrap_or(block.bytes.len());
        (block.line, block.byte, block.records) = (line, byte, Some(Vec::new()));
        block.too_long = Some(TooLong { length, hash: hasher.finish(), newline: true });
        self.carry.clear();
        self.carry.extend_from_slice(block.bytes.get(end..).unwrap_or_default());
        self.rebase(&block.bytes, end);
        block.bytes.clear();
        Ok(true)
    }
}
