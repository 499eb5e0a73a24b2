//! One deflate stream (RFC 1951), unpacked piece by piece; says exactly where it ends in the packed bytes.

use std::io::{self, BufRead};

use flate2::{Decompress, FlushDecompress, Status};

/// No deflate stream unpacks to more than this many times its length: a match yields at most 258 bytes and takes at least 2 bits (RFC 1951, section 3.2.5).
pub(super) const MAX_EXPANSION: u64 = 1032;

/// From this many unpacked bytes on, the ratio is looked at: small files may be packed as tightly as they like.
pub(super) const RATIO_FROM: u64 = 16 * 1024 * 1024;

/// Unpacks one deflate stream from a buffered reader, and takes no byte behind it.
pub(super) struct Inflate {
    state: Decompress,
    ended: bool,
}

/// Why unpacking stopped before the end of the stream.
#[derive(Debug)]
pub(super) enum Stop {
    /// The packed bytes are no deflate stream.
    Corrupt,
    /// They could not be read.
    Io(io::Error),
    /// They end before the stream does.
    Truncated,
}

impl Inflate {
    /// At the start of a stream.
    pub(super) fn new() -> Self {
        Self { state: Decompress::new(false), ended: false }
    }

    /// Packed bytes taken so far.
    pub(super) fn taken(&self) -> u64 {
        self.state.total_in()
    }

    /// Unpacked bytes given so far.
    pub(super) fn given(&self) -> u64 {
        self.state.total_out()
    }

    /// Unpacks some bytes into `out` (not empty); none at the end of the stream.
    pub(super) fn read(&mut self, packed: &mut impl BufRead, out: &mut [u8]) -> Result<usize, Stop> {
        while !self.ended {
            let input = packed.fill_buf().map_err(Stop::Io)?;
            let (taken, given) = (self.state.total_in(), self.state.total_out());
            let flush = if input.is_empty() { FlushDecompress::Finish } else { FlushDecompress::None };
            let at_end = input.is_empty();
            let status = self.state.decompress(input, out, flush).map_err(|_| Stop::Corrupt)?;
            let taken = difference(self.state.total_in(), taken);
            let given = difference(self.state.total_out(), given);
            packed.consume(taken);
            self.ended = status == Status::StreamEnd;
            match (given, taken) {
                _ if self.ended => return Ok(given),
                (0, _) if at_end => return Err(Stop::Truncated),
                (0, 0) => return Err(Stop::Corrupt),
                (0, _) => {}
                _ => return Ok(given),
            }
        }
        Ok(0)
    }
}

fn difference(now: u64, before: u64) -> usize {
    usize::try_from(now.saturating_sub(before)).unwrap_or(usize::MAX)
}
