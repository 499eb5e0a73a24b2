//! One member's bytes, unpacked. The packed bytes must be used up exactly, and yield exactly the size and check sum that the directory states.

use std::io::{self, BufReader, Read};

use flate2::Crc;

use super::{Entry, Method, ReadFault};
use crate::bundle::Limits;
use crate::bundle::inflate::{Inflate, RATIO_FROM, Stop};
use crate::bundle::source::{Cursor, Source};
use crate::error::Error;
use crate::finding::Code;

/// Reads one member. Its errors carry a [`ReadFault`].
pub(in crate::bundle) struct Unpack<'a> {
    file: String,
    entry: &'a Entry,
    packed: Packed<'a>,
    crc: Crc,
    given: u64,
    max_unpacked: u64,
    max_ratio: u64,
    state: State,
}

enum Packed<'a> {
    Deflate(Box<Inflate>, BufReader<Cursor<'a>>),
    Stored(Cursor<'a>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Failed,
    Finished,
    Running,
}

impl<'a> Unpack<'a> {
    pub(in crate::bundle) fn new(source: &'a Source, entry: &'a Entry, limits: &Limits) -> Self {
        let cursor = source.cursor(entry.data.clone());
        let packed = match entry.method {
            Method::Deflate => Packed::Deflate(Box::new(Inflate::new()), BufReader::with_capacity(256 * 1024, cursor)),
            Method::Stored => Packed::Stored(cursor),
        };
        Self {
            file: source.name(),
            entry,
            packed,
            crc: Crc::new(),
            given: 0,
            max_unpacked: limits.max_unpacked,
            max_ratio: limits.max_ratio,
            state: State::Running,
        }
    }

    fn step(&mut self, out: &mut [u8]) -> Result<usize, ReadFault> {
        let length = match &mut self.packed {
            Packed::Stored(cursor) => cursor.read(out).map_err(ReadFault::from_io)?,
            Packed::Deflate(inflate, packed) => match inflate.read(packed, out) {
                Ok(length) => length,
                Err(Stop::Io(error)) => return Err(ReadFault::from_io(error)),
                Err(stop @ (Stop::Corrupt | Stop::Truncated)) => {
                    let taken = inflate.taken();
                    let found = if matches!(stop, Stop::Corrupt) { "something else" } else { "the end of its packed bytes" };
                    return Err(self.broken(taken, format!("expected more deflate data, found {found}")));
                }
            },
        };
        self.crc.update(out.get(..length).unwrap_or_default());
        self.given = self.given.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
        if self.given > self.entry.size {
            return Err(self.broken(0, format!("expected {} unpacked bytes, found more", self.entry.size)));
        }
        self.within_limits()?;
        if length == 0 {
            self.finish()?;
        }
        Ok(length)
    }

    /// What is unpacked is bounded; what is stored already has its size on the disk.
    fn within_limits(&self) -> Result<(), Error> {
        if self.entry.method == Method::Stored {
            return Ok(());
        }
        let (name, given, packed) = (&self.entry.name, self.given, self.entry.packed);
        if given > self.max_unpacked {
            let what = format!("{name}: {given} bytes unpacked so far");
            return Err(Error::Limit { what, limit: format!("{} bytes", self.max_unpacked), flag: "--max-unpacked" });
        }
        if given > RATIO_FROM && given > self.max_ratio.saturating_mul(packed) {
            let what = format!("{name}: {given} bytes unpacked so far from {packed}");
            return Err(Error::Limit { what, limit: format!("{} times", self.max_ratio), flag: "--max-ratio" });
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), ReadFault> {
        let entry = self.entry;
        let taken = match &self.packed {
            Packed::Deflate(inflate, _) => inflate.taken(),
            Packed::Stored(_) => entry.packed,
        };
        if taken != entry.packed {
            return Err(self.broken(taken, format!("expected {} packed bytes, found the end of the deflate data after {taken}", entry.packed)));
        }
        if self.given != entry.size {
            return Err(self.broken(0, format!("expected {} unpacked bytes, found {}", entry.size, self.given)));
        }
        let crc = self.crc.sum();
        if crc != entry.crc {
            return Err(self.broken(0, format!("expected bytes with check sum {:08x}, found {crc:08x}", entry.crc)));
        }
        self.state = State::Finished;
        Ok(())
    }

    fn broken(&self, packed: u64, message: String) -> ReadFault {
        let byte = self.entry.data.start.saturating_add(packed);
        ReadFault::finding(Code::ContainerBroken, &self.file, byte, format!("{:?}: {message}", self.entry.name))
    }
}

impl Read for Unpack<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self.state {
            State::Finished => return Ok(0),
            State::Failed => return Err(ReadFault::Error(Error::Internal("read on after a damaged member".to_owned())).into()),
            State::Running if out.is_empty() => return Ok(0),
            State::Running => {}
        }
        self.step(out).map_err(|fault| {
            self.state = State::Failed;
            fault.into()
        })
    }
}
