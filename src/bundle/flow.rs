//! Stored bytes on their way to a reader: digested, counted, and unpacked where they are gzip. Not here: what the bytes mean.

use std::io::{self, Read};

use super::Limits;
use super::fault::ReadFault;
use super::gzip::{Gunzip, GzipFault};
use crate::digest::Hasher;

/// A file's bytes as they are read: plain ones, or what a gzip member unpacks to.
pub(super) enum Flow<R> {
    Gzip(Box<Gunzip<Tap<R>>>),
    Plain(Tap<R>),
}

impl<R: Read> Flow<R> {
    /// `name` is what errors call the file.
    pub(super) fn new(name: &str, tap: Tap<R>, gzip: bool, limits: &Limits) -> Self {
        if gzip { Self::Gzip(Box::new(Gunzip::new(name, tap, limits))) } else { Self::Plain(tap) }
    }

    /// Some bytes into `out` (not empty); none at the end.
    pub(super) fn read(&mut self, out: &mut [u8]) -> Result<usize, GzipFault> {
        match self {
            Self::Gzip(gunzip) => gunzip.read(out),
            Self::Plain(tap) => tap.read(out).map_err(|error| GzipFault::Read(ReadFault::from_io(error))),
        }
    }

    /// The stored bytes read so far.
    pub(super) fn stored(&self) -> &Tap<R> {
        match self {
            Self::Gzip(gunzip) => gunzip.stored(),
            Self::Plain(tap) => tap,
        }
    }

    /// The stored bytes; what was buffered has been digested.
    pub(super) fn into_stored(self) -> Tap<R> {
        match self {
            Self::Gzip(gunzip) => gunzip.into_stored(),
            Self::Plain(tap) => tap,
        }
    }
}

/// Digests and counts what is read through it.
pub(super) struct Tap<R> {
    stored: R,
    hasher: Option<Hasher>,
    pub(super) size: u64,
}

impl<R: Read> Tap<R> {
    /// Digests from here on.
    pub(super) fn new(stored: R) -> Self {
        Self { stored, hasher: Some(Hasher::new()), size: 0 }
    }

    /// Counts, and takes no digest.
    pub(super) fn undigested(stored: R) -> Self {
        Self { stored, hasher: None, size: 0 }
    }

    /// The digest so far.
    pub(super) fn into_hasher(self) -> Hasher {
        self.hasher.unwrap_or_default()
    }
}

impl<R: Read> Read for Tap<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let length = loop {
            match self.stored.read(out) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        if let Some(hasher) = &mut self.hasher {
            hasher.update(out.get(..length).unwrap_or_default());
        }
        self.size = self.size.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
        Ok(length)
    }
}
