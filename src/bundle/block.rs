//! Events on their way to the workers: blocks of whole records with their places. Not here: how files are cut into them ([`super::lines`] for the
//! events file of a bundle, [`super::export`] for raw exports).

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::digest::Digest;
use crate::error::Error;
use crate::finding::Finding;

/// Some whole records of one file.
#[derive(Debug)]
pub struct Block {
    /// Running number of the block, from 0.
    pub index: u64,
    /// The file.
    pub file: Arc<str>,
    /// Number of its first event, from 1.
    pub number: u64,
    /// Line of its first byte, from 1.
    pub line: u64,
    /// Offset of its first byte in the (decompressed) file.
    pub byte: u64,
    /// The records. Empty when `too_long` is set.
    pub bytes: Vec<u8>,
    /// Where the records stand in `bytes`; `None`: each line is one, with its LF (the last line of a file may lack it).
    pub records: Option<Vec<Span>>,
    /// The block stands for one line that is too long: its length and digest without LF, and whether the LF was there.
    pub too_long: Option<TooLong>,
}

/// Where one record stands that is no line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// In the block's bytes.
    pub range: std::ops::Range<usize>,
    /// The line on which it starts, from 1.
    pub line: u64,
    /// Offset of its first byte in the (decompressed) file.
    pub byte: u64,
}

/// One record, and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'b> {
    /// Its bytes, without LF.
    pub text: &'b [u8],
    /// Whether it ended as it should; a line may lack its LF.
    pub ended: bool,
    /// Number of the event, from 1.
    pub number: u64,
    /// Its line.
    pub line: u64,
    /// Offset of its first byte.
    pub byte: u64,
}

/// A line that was read past, not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong {
    /// Its length without LF.
    pub length: u64,
    /// The digest of its bytes without LF.
    pub hash: Digest,
    /// Whether it ended with LF.
    pub newline: bool,
}

/// What was learnt about the files when their end was reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Stored bytes (packed, for a `.gz`).
    pub size: u64,
    /// Their digest; of several files that of their digests, in the order in which they were read.
    pub sha256: Digest,
    /// The digest of each file of a raw export, by its place among those given. A table beside the events is not read here.
    pub files: BTreeMap<usize, Digest>,
    /// Decompressed bytes.
    pub unpacked: u64,
    /// What is wrong with the compressed stream (damaged, truncated, a second member, bytes behind it), and at which stored byte. The lines before it were delivered.
    pub flaw: Option<(String, u64)>,
    /// The member is damaged inside its archive. Lines before the damage were delivered; `size` and `sha256` are those of what could be read, and say nothing.
    pub damage: Option<Finding>,
    /// What is wrong with the files of a raw export beside their records.
    pub findings: Vec<Finding>,
}

/// Blocks in the order of the events.
pub trait Blocks: Send {
    /// Fills the next block (its buffer is used again); `false` at the end.
    fn next(&mut self, block: &mut Block) -> Result<bool, Error>;

    /// Stored bytes read so far.
    fn stored_bytes(&self) -> u64;

    /// Digest and size of the stored bytes. Reads whatever is left of them.
    fn finish(self: Box<Self>) -> Result<Stored, Error>;
}

impl Default for Block {
    fn default() -> Self {
        Self { index: 0, file: Arc::from(""), number: 1, line: 1, byte: 0, bytes: Vec::new(), records: None, too_long: None }
    }
}

impl Block {
    /// Makes it a block of lines that starts here. The file's name is copied, so that blocks on several threads do not share it.
    pub fn start(&mut self, index: u64, file: &str, line: u64, byte: u64) {
        (self.index, self.number, self.line, self.byte) = (index, line, line, byte);
        if &*self.file != file {
            self.file = Arc::from(file);
        }
        (self.records, self.too_long) = (None, None);
    }

    /// The records, in order.
    pub fn pieces(&self) -> impl Iterator<Item = Piece<'_>> {
        let lines = self.records.is_none().then(|| self.lines()).into_iter().flatten();
        let spans = self.records.iter().flatten().enumerate().map(|(index, span)| Piece {
            text: self.bytes.get(span.range.clone()).unwrap_or_default(),
            ended: true,
            number: self.number.saturating_add(u64::try_from(index).unwrap_or(u64::MAX)),
            line: span.line,
            byte: span.byte,
        });
        lines.chain(spans)
    }

    fn lines(&self) -> impl Iterator<Item = Piece<'_>> {
        let (mut rest, mut number, mut line, mut byte) = (self.bytes.as_slice(), self.number, self.line, self.byte);
        std::iter::from_fn(move || {
            let end = memchr::memchr(b'\n', rest);
            let (text, behind) = rest.split_at_checked(end.unwrap_or(rest.len()))?;
            rest = behind.get(1..).unwrap_or_default();
            let piece = Piece { text, ended: end.is_some(), number, line, byte };
            let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
            (number, line) = (number.saturating_add(1), line.saturating_add(1));
            byte = byte.saturating_add(length).saturating_add(u64::from(end.is_some()));
            (end.is_some() || !text.is_empty()).then_some(piece)
        })
    }
}
