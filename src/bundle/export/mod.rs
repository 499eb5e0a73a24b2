//! Raw exports: what sources hand out beside bundles. JSON arrays, pages of an API, one event a line, one event a file, tables; each also as gzip.
//! Records are cut out of the files, never changed. Not here: which profile they are of, and what a record means.

use std::path::PathBuf;

use super::Limits;
use super::block::Blocks;
use crate::digest::Digest;
use crate::error::Error;
use crate::finding::Finding;
use crate::profile::Profile;

/// The files of one raw export, opened and told apart by their first bytes.
#[derive(Debug)]
pub struct Export {
    limits: Limits,
}

/// What a file of an export is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A JSON array of events.
    Array,
    /// One JSON object a line.
    Lines,
    /// One JSON object: an event, or a page of an API.
    Object,
    /// A table (CSV, RFC 4180).
    Table,
}

/// Which event stands first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Direction {
    /// The newest: the files are read from their end.
    NewestFirst,
    /// The oldest.
    #[default]
    OldestFirst,
}

/// An export in the order of its events.
#[derive(Debug)]
pub struct Arranged {
    /// What is wrong with its pages: `pages.…`.
    pub pages: Vec<Finding>,
    /// Whether the files are pages that state how many there are.
    pub paged: bool,
    /// Where the source says that it cut the export, in words.
    pub truncated: Option<String>,
    /// The table beside the events; `None` where there is none, or where it is all there is.
    pub table: Option<String>,
    /// Data without weight.
    pub notes: Vec<String>,
}

impl Export {
    /// Opens the files. What is no known form is an [`Error::Environment`]; `-` is stdin, held in memory.
    pub fn open(paths: &[PathBuf], limits: &Limits) -> Result<Self, Error> {
        let _ = (paths, limits);
        todo!()
    }

    /// Names of the files and their forms, in the order given.
    pub fn files(&self) -> Vec<(String, Form)> {
        let _ = &self.limits;
        todo!()
    }

    /// Bytes of all files together.
    pub fn bytes(&self) -> u64 {
        todo!()
    }

    /// Digest of the one file; none for several.
    pub fn sha256(&self) -> Result<Option<Digest>, Error> {
        todo!()
    }

    /// The first records (JSON texts) as the files hold them, to tell profile and direction by: with `pages`, those of the profile's pages.
    pub fn sample(&self, profile: Option<&Profile>, most: usize) -> Result<Vec<Vec<u8>>, Error> {
        let _ = (profile, most);
        todo!()
    }

    /// The first row of a table, where there is one.
    pub fn header(&self) -> Result<Option<Vec<String>>, Error> {
        todo!()
    }

    /// Puts pages in order, and tells events from their table.
    pub fn arrange(&self, profile: &Profile, direction: Direction) -> Result<Arranged, Error> {
        let _ = (profile, direction);
        todo!()
    }

    /// The events, in blocks of about this many bytes. May be called again for a second read.
    pub fn blocks<'e>(&'e self, arranged: &'e Arranged, profile: &'e Profile, block: usize) -> Result<Box<dyn Blocks + 'e>, Error> {
        let _ = (arranged, profile, block);
        todo!()
    }

    /// The stored bytes of one file, and whether they are gzip.
    pub fn stream(&self, file: &str) -> Result<(Box<dyn std::io::Read + Send + '_>, bool), Error> {
        let _ = file;
        todo!()
    }

    /// Fails with "changed while it was read" if a file is not what it was when it was opened.
    pub fn unchanged(&self) -> Result<(), Error> {
        todo!()
    }
}
