//! One gzip member (RFC 1952) and nothing after it. Lenient readers go on with a second member, or pass over what follows the first; here both
//! are flaws, so that the digested bytes have one reading.

use std::io::{self, BufRead, BufReader, Read};

use flate2::Crc;

use super::Limits;
use super::fault::ReadFault;
use super::inflate::{Inflate, RATIO_FROM, Stop};
use crate::error::Error;

const HEADER_CRC: u8 = 1 << 1;
const EXTRA: u8 = 1 << 2;
const NAME: u8 = 1 << 3;
const COMMENT: u8 = 1 << 4;
const RESERVED: u8 = 0b1110_0000;

/// Unpacks a gzip file.
pub(super) struct Gunzip<R> {
    name: String,
    stored: BufReader<R>,
    /// Stored bytes taken, beside those of the deflate stream.
    framing: u64,
    state: State,
    inflate: Inflate,
    crc: Crc,
    max_unpacked: u64,
    max_ratio: u64,
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum State {
    Start,
    Body,
    End,
}

/// What stopped the unpacking.
pub(super) enum GzipFault {
    /// The file is damaged.
    Flaw(Flaw),
    /// It could not be read, or a limit was reached.
    Read(ReadFault),
}

/// What is wrong with a gzip file, and where.
pub(super) struct Flaw {
    pub(super) what: String,
    /// The stored byte at which it shows.
    pub(super) byte: u64,
    /// Whether the unpacked data is whole all the same (a bad check sum, or something after the end).
    pub(super) whole: bool,
}

impl<R: Read> Gunzip<R> {
    /// `name` is what errors call the file.
    pub(super) fn new(name: &str, stored: R, limits: &Limits) -> Self {
        Self {
            name: name.to_owned(),
            stored: BufReader::with_capacity(256 * 1024, stored),
            framing: 0,
            state: State::Start,
            inflate: Inflate::new(),
            crc: Crc::new(),
            max_unpacked: limits.max_unpacked,
            max_ratio: limits.max_ratio,
        }
    }

    /// Unpacks some bytes into `out` (not empty); none at the end, when the trailer has been checked.
    pub(super) fn read(&mut self, out: &mut [u8]) -> Result<usize, GzipFault> {
        if self.state == State::Start {
            self.header()?;
            self.state = State::Body;
        }
        if self.state == State::End {
            return Ok(0);
        }
        let length = match self.inflate.read(&mut self.stored, out) {
            Ok(length) => length,
            Err(Stop::Corrupt) => return Err(self.flaw("expected deflate data (RFC 1951), found something else")),
            Err(Stop::Io(error)) => return Err(GzipFault::Read(ReadFault::from_io(error))),
            Err(Stop::Truncated) => return Err(self.flaw("expected more deflate data, found the end of the file")),
        };
        self.crc.update(out.get(..length).unwrap_or_default());
        self.within_limits()?;
        if length == 0 {
            self.state = State::End;
            self.trailer()?;
        }
        Ok(length)
    }

    /// The reader of the stored bytes.
    pub(super) fn stored(&self) -> &R {
        self.stored.get_ref()
    }

    /// The reader of the stored bytes; what its buffer holds has been read already.
    pub(super) fn into_stored(self) -> R {
        self.stored.into_inner()
    }

    /// Stored bytes taken so far.
    fn taken(&self) -> u64 {
        self.framing.saturating_add(self.inflate.taken())
    }

    fn flaw(&self, what: impl Into<String>) -> GzipFault {
        self.flaw_at(self.taken(), what)
    }

    fn flaw_at(&self, byte: u64, what: impl Into<String>) -> GzipFault {
        GzipFault::Flaw(Flaw { what: what.into(), byte, whole: self.state == State::End })
    }

    fn within_limits(&self) -> Result<(), GzipFault> {
        let (given, taken) = (self.inflate.given(), self.taken());
        if given > self.max_unpacked {
            return Err(limit(format!("{}: {given} bytes unpacked so far", self.name), format!("{} bytes", self.max_unpacked), "--max-unpacked"));
        }
        if given > RATIO_FROM && given > self.max_ratio.saturating_mul(taken) {
            let what = format!("{}: {given} bytes unpacked from {taken}", self.name);
            return Err(limit(what, format!("{} times", self.max_ratio), "--max-ratio"));
        }
        Ok(())
    }

    /// Section 2.3: magic, method, flags, time, extra flags, system; then the optional parts.
    fn header(&mut self) -> Result<(), GzipFault> {
        let mut crc = Crc::new();
        let [magic_1, magic_2, method, flags, ..] = self.take::<10>(&mut crc)?;
        if (magic_1, magic_2) != (0x1f, 0x8b) {
            return Err(self.flaw_at(0, format!("expected the gzip mark 1f 8b, found {magic_1:02x} {magic_2:02x}")));
        }
        if method != 8 {
            return Err(self.flaw_at(2, format!("expected method 8 (deflate), found {method}")));
        }
        if flags & RESERVED != 0 {
            return Err(self.flaw_at(3, format!("expected no reserved flag, found flags {flags:#04x}")));
        }
        if flags & EXTRA != 0 {
            let length = u16::from_le_bytes(self.take::<2>(&mut crc)?);
            for _ in 0..length {
                self.take::<1>(&mut crc)?;
            }
        }
        for part in [NAME, COMMENT] {
            while flags & part != 0 && self.take::<1>(&mut crc)? != [0] {}
        }
        if flags & HEADER_CRC != 0 {
            let computed = crc.sum() & 0xffff;
            let stated = u32::from(u16::from_le_bytes(self.take::<2>(&mut crc)?));
            if stated != computed {
                return Err(self.flaw(format!("expected header check sum {computed:04x}, found {stated:04x}")));
            }
        }
        Ok(())
    }

    /// Section 2.3.1: CRC-32 and length of the data; then the file must end.
    fn trailer(&mut self) -> Result<(), GzipFault> {
        let at = self.taken();
        let mut unused = Crc::new();
        let stated_crc = u32::from_le_bytes(self.take::<4>(&mut unused)?);
        let stated_length = u32::from_le_bytes(self.take::<4>(&mut unused)?);
        let crc = self.crc.sum();
        if stated_crc != crc {
            return Err(self.flaw_at(at, format!("expected check sum {crc:08x} of the unpacked data, found {stated_crc:08x}")));
        }
        let length = u32::try_from(self.inflate.given() & 0xffff_ffff).unwrap_or(0);
        if stated_length != length {
            return Err(self.flaw_at(at.saturating_add(4), format!("expected length {length} (modulo 2^32), found {stated_length}")));
        }
        let rest = self.stored.fill_buf().map_err(|error| GzipFault::Read(ReadFault::from_io(error)))?;
        match rest {
            [] => Ok(()),
            [0x1f, 0x8b, ..] => Err(self.flaw("expected the end of the file after one gzip member, found another member")),
            _ => Err(self.flaw("expected the end of the file after one gzip member, found more bytes")),
        }
    }

    fn take<const N: usize>(&mut self, crc: &mut Crc) -> Result<[u8; N], GzipFault> {
        let mut bytes = [0; N];
        match self.stored.read_exact(&mut bytes) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                return Err(self.flaw(format!("expected {N} more bytes of gzip framing, found the end of the file")));
            }
            Err(error) => return Err(GzipFault::Read(ReadFault::from_io(error))),
        }
        self.framing = self.framing.saturating_add(u64::try_from(N).unwrap_or(0));
        crc.update(&bytes);
        Ok(bytes)
    }
}

fn limit(what: String, limit: String, flag: &'static str) -> GzipFault {
    GzipFault::Read(ReadFault::Error(Error::Limit { what, limit, flag }))
}
