//! One file of an export: opened when it is read, so that any number of them can be given; its identity tells whether it is still the same. Not here:
//! what it holds.

use std::collections::{BTreeSet, HashMap};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::Form;
use super::recognise::{as_error, recognise};
use crate::bundle::Limits;
use crate::bundle::fault::ReadFault;
use crate::bundle::flow::Tap;
use crate::bundle::source::{Identity, Links, Source};
use crate::digest::Digest;
use crate::error::Error;

/// A file that was recognised.
#[derive(Debug)]
pub(super) struct Item {
    /// As findings name it.
    pub(super) name: String,
    pub(super) form: Form,
    pub(super) gzip: bool,
    contents: Contents,
}

#[derive(Debug)]
enum Contents {
    File(PathBuf, Identity, u64),
    Memory(Vec<u8>),
}

impl Item {
    /// Opens a regular file, and sees what it is.
    pub(super) fn open(path: &Path, limits: &Limits) -> Result<Self, Error> {
        let source = Source::open(path, Links::Follow)?;
        let contents = Contents::File(path.to_owned(), source.identity(), source.length());
        Self::recognised(path.display().to_string(), contents, limits)
    }

    /// Reads all of stdin.
    pub(super) fn read(stdin: &mut dyn Read, limits: &Limits) -> Result<Self, Error> {
        let mut bytes = Vec::new();
        let taken = stdin.take(limits.max_stdin.saturating_add(1)).read_to_end(&mut bytes);
        taken.map_err(|error| Error::Environment {
            what: format!("cannot read stdin: {error}"),
            hint: "save the export to a file first, and name that".to_owned(),
        })?;
        if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limits.max_stdin {
            return Err(Error::Limit { what: "stdin".to_owned(), limit: format!("{} bytes", limits.max_stdin), flag: "--max-stdin" });
        }
        Self::recognised("stdin".to_owned(), Contents::Memory(bytes), limits)
    }

    fn recognised(name: String, contents: Contents, limits: &Limits) -> Result<Self, Error> {
        let mut item = Self { name, form: Form::Lines, gzip: false, contents };
        (item.form, item.gzip) = recognise(&item, limits)?;
        Ok(item)
    }

    /// Its stored bytes, from the start. Fails if the file is not what it was.
    pub(super) fn stored(&self) -> Result<Stored<'_>, Error> {
        Ok(match &self.contents {
            Contents::File(path, identity, length) => {
                Stored { bytes: Bytes::File(Source::reopen(path, Links::Follow, *identity)?), at: 0, length: *length }
            }
            Contents::Memory(bytes) => Stored { bytes: Bytes::Memory(bytes), at: 0, length: self.length() },
        })
    }

    /// Digest and size of its stored bytes, which are read for it.
    pub(super) fn digest(&self) -> Result<(Digest, u64), Error> {
        let mut tap = Tap::new(self.stored()?);
        io::copy(&mut tap, &mut io::sink()).map_err(as_error)?;
        let size = tap.size;
        Ok((tap.into_hasher().finish(), size))
    }

    /// Stored bytes.
    pub(super) fn length(&self) -> u64 {
        match &self.contents {
            Contents::File(_, _, length) => *length,
            Contents::Memory(bytes) => u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        }
    }

    pub(super) fn unchanged(&self) -> Result<(), Error> {
        match &self.contents {
            Contents::File(path, identity, _) => Source::is_still(path, Links::Follow, *identity),
            Contents::Memory(_) => Ok(()),
        }
    }

    /// What tells it from other files: its number where the system has one, else its path. Stdin has neither.
    fn file(&self) -> Option<(&Path, (u64, u64))> {
        match &self.contents {
            Contents::File(path, identity, _) if identity.node() == (0, 0) => Some((path, (0, 0))),
            Contents::File(_, identity, _) => Some((Path::new(""), identity.node())),
            Contents::Memory(_) => None,
        }
    }
}

/// One file given twice would show as repeated events, which it is not.
pub(super) fn refuse_repeated(items: &[Item]) -> Result<(), Error> {
    let mut seen: HashMap<_, &Item> = HashMap::new();
    for item in items {
        if let Some(other) = seen.insert(item.file(), item) {
            return Err(Error::Usage {
                what: format!("{} and {} are one file", other.name, item.name),
                hint: "give each file of the export once".to_owned(),
            });
        }
    }
    Ok(())
}

/// Files are named without their folders, as long as that tells them apart.
pub(super) fn shorten_names(items: &mut [Item]) {
    let short = items.iter().map(|item| Path::new(&item.name).file_name().unwrap_or_default().to_string_lossy().into_owned());
    let short: Vec<String> = short.collect();
    let different: BTreeSet<&String> = short.iter().filter(|name| !name.is_empty()).collect();
    if different.len() == items.len() {
        items.iter_mut().zip(short).for_each(|(item, name)| item.name = name);
    }
}

/// The stored bytes of an item.
#[derive(Debug)]
pub(super) struct Stored<'i> {
    bytes: Bytes<'i>,
    at: u64,
    length: u64,
}

#[derive(Debug)]
enum Bytes<'i> {
    File(Source),
    Memory(&'i [u8]),
}

impl Stored<'_> {
    /// The bytes from here on.
    pub(super) fn seek(&mut self, at: u64) {
        self.at = at;
    }

    /// Fails if the file is not what it was when it was opened.
    pub(super) fn unchanged(&self) -> Result<(), Error> {
        match &self.bytes {
            Bytes::File(source) => source.unchanged(),
            Bytes::Memory(_) => Ok(()),
        }
    }
}

impl Read for Stored<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = match &self.bytes {
            Bytes::File(source) => source.cursor(self.at.min(self.length)..self.length).read(buffer)?,
            Bytes::Memory(bytes) => usize::try_from(self.at).ok().and_then(|at| bytes.get(at..)).unwrap_or_default().read(buffer)?,
        };
        self.at = self.at.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
        if read == 0 && !buffer.is_empty() {
            // What was written to the file meanwhile is no part of it.
            self.unchanged().map_err(|error| io::Error::from(ReadFault::Error(error)))?;
        }
        Ok(read)
    }
}
