//! The bytes of a table, unpacked on the way if they are gzip.

use std::io::{self, Read};

use super::super::Limits;
use super::super::fault::ReadFault;
use super::super::gzip::{Gunzip, GzipFault};

pub(super) enum Flow<'t> {
    Gzip(Box<Gunzip<Box<dyn Read + Send + 't>>>),
    Plain(Box<dyn Read + Send + 't>),
}

impl<'t> Flow<'t> {
    /// `name` is what errors call the file.
    pub(super) fn new(name: &str, stored: Box<dyn Read + Send + 't>, gzip: bool, limits: &Limits) -> Self {
        if gzip { Self::Gzip(Box::new(Gunzip::new(name, stored, limits))) } else { Self::Plain(stored) }
    }

    /// Reads some bytes into `out` (not empty); none at the end.
    pub(super) fn read(&mut self, out: &mut [u8]) -> Result<usize, GzipFault> {
        match self {
            Self::Gzip(gunzip) => gunzip.read(out),
            Self::Plain(stored) => loop {
                match stored.read(out) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    other => return other.map_err(|error| GzipFault::Read(ReadFault::from_io(error))),
                }
            },
        }
    }
}
