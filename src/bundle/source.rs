//! One opened file: its bytes at any offset, from one descriptor, by any number of readers at a time. Not here: what the bytes are.

use std::fs::{File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::fault::ReadFault;
use crate::error::Error;

/// Whether the last part of a path may be a symbolic link: the auditor may give one, a bundle may not contain one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Links {
    Follow,
    Refuse,
}

impl Links {
    /// What stands at the path, without opening it.
    pub(super) fn look(self, path: &Path) -> io::Result<Metadata> {
        match self {
            Self::Follow => std::fs::metadata(path),
            Self::Refuse => std::fs::symlink_metadata(path),
        }
    }
}

/// An opened regular file, or its bytes in memory.
#[derive(Debug)]
pub(super) struct Source {
    path: PathBuf,
    links: Links,
    file: File,
    identity: Identity,
    memory: Option<Vec<u8>>,
}

/// What tells one state of one file from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Identity {
    node: (u64, u64),
    length: u64,
    modified: Option<SystemTime>,
}

impl Identity {
    /// The file's number on this machine; (0, 0) where the system has none.
    pub(super) fn node(&self) -> (u64, u64) {
        self.node
    }

    fn of(metadata: &Metadata) -> Self {
        Self { node: node(metadata), length: metadata.len(), modified: metadata.modified().ok() }
    }
}

#[cfg(unix)]
fn node(metadata: &Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt as _;
    (metadata.dev(), metadata.ino())
}

#[cfg(not(unix))]
fn node(_: &Metadata) -> (u64, u64) {
    (0, 0)
}

impl Source {
    /// Opens a regular file. Anything else (a folder, pipe, device, socket) is refused before it is opened, so that nothing can hang.
    pub(super) fn open(path: &Path, links: Links) -> Result<Self, Error> {
        let seen = links.look(path).map_err(|error| Error::io(path, "open", &error))?;
        if !seen.is_file() {
            return Err(Error::Environment {
                what: format!("{} is {}, not a regular file", path.display(), kind(&seen)),
                hint: "give a regular file; copy the bytes to one first".to_owned(),
            });
        }
        let file = File::open(path).map_err(|error| Error::io(path, "open", &error))?;
        let opened = file.metadata().map_err(|error| Error::io(path, "read", &error))?;
        let source = Self { path: path.to_owned(), links, file, identity: Identity::of(&opened), memory: None };
        if !opened.is_file() || node(&seen) != node(&opened) {
            return Err(source.changed());
        }
        Ok(source)
    }

    /// Opens a file again that was closed meanwhile; fails if it is not what it was.
    pub(super) fn reopen(path: &Path, links: Links, identity: Identity) -> Result<Self, Error> {
        let source = Self::open(path, links)?;
        if source.identity == identity { Ok(source) } else { Err(source.changed()) }
    }

    /// What it was when it was opened.
    pub(super) fn identity(&self) -> Identity {
        self.identity
    }

    /// Holds all bytes in memory from now on: whatever reads them later reads the same.
    pub(super) fn load(&mut self) -> Result<&[u8], Error> {
        let mut bytes = Vec::new();
        self.cursor(0..self.length()).read_to_end(&mut bytes).map_err(as_error)?;
        Ok(self.memory.insert(bytes))
    }

    /// Its length when it was opened.
    pub(super) fn length(&self) -> u64 {
        self.identity.length
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The last part of its path, as text.
    pub(super) fn name(&self) -> String {
        self.path.file_name().unwrap_or(self.path.as_os_str()).to_string_lossy().into_owned()
    }

    /// Reads some bytes; none only at the end.
    pub(super) fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let Some(bytes) = &self.memory else {
            return read_file_at(&self.file, buffer, offset);
        };
        let mut rest = usize::try_from(offset).ok().and_then(|start| bytes.get(start..)).unwrap_or_default();
        rest.read(buffer)
    }

    /// The next `N` bytes. The range must lie in the file.
    pub(super) fn array<const N: usize>(&self, offset: u64) -> Result<[u8; N], Error> {
        let mut bytes = [0; N];
        self.fill(&mut bytes, offset)?;
        Ok(bytes)
    }

    /// Some bytes. The range must lie in the file; `length` must be bounded by the caller.
    pub(super) fn bytes(&self, offset: u64, length: usize) -> Result<Vec<u8>, Error> {
        let mut bytes = vec![0; length];
        self.fill(&mut bytes, offset)?;
        Ok(bytes)
    }

    fn fill(&self, bytes: &mut [u8], offset: u64) -> Result<(), Error> {
        let end = offset.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        self.cursor(offset..end).read_exact(bytes).map_err(as_error)
    }

    /// A reader over a range. A range that the file no longer has is an error, not an end.
    pub(super) fn cursor(&self, range: Range<u64>) -> Cursor<'_> {
        Cursor { source: self, start: range.start, at: range.start, end: range.end }
    }

    /// Fails if the file, or what stands at its path, is not what was opened.
    pub(super) fn unchanged(&self) -> Result<(), Error> {
        match self.file.metadata() {
            Ok(metadata) if Identity::of(&metadata) == self.identity => Self::is_still(&self.path, self.links, self.identity),
            _ => Err(self.changed()),
        }
    }

    /// Fails if what stands at the path is not what it was. Nothing is opened.
    pub(super) fn is_still(path: &Path, links: Links, identity: Identity) -> Result<(), Error> {
        match links.look(path) {
            Ok(metadata) if Identity::of(&metadata) == identity => Ok(()),
            _ => Err(changed(path)),
        }
    }

    fn changed(&self) -> Error {
        changed(&self.path)
    }

    fn failed(&self, error: &io::Error) -> io::Error {
        ReadFault::Error(Error::io(&self.path, "read", error)).into()
    }
}

fn changed(path: &Path) -> Error {
    Error::Environment {
        what: format!("{} changed while it was read", path.display()),
        hint: "copy it to a place where nothing writes, and verify the copy".to_owned(),
    }
}

/// A cursor's error always carries one of ours.
fn as_error(error: io::Error) -> Error {
    match ReadFault::from_io(error) {
        ReadFault::Error(error) => error,
        ReadFault::Finding(finding) => Error::Internal(finding.message),
    }
}

#[cfg(unix)]
fn read_file_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_file_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

/// What stands there, for a sentence.
pub(super) fn kind(metadata: &Metadata) -> &'static str {
    let kind = metadata.file_type();
    if kind.is_dir() {
        "a folder"
    } else if kind.is_symlink() {
        "a symbolic link"
    } else if kind.is_file() {
        "a file"
    } else {
        "a pipe, socket or device"
    }
}

/// Reads a range of a [`Source`]; offsets count from the start of the range. Its errors carry a [`ReadFault`].
#[derive(Debug)]
pub(super) struct Cursor<'a> {
    source: &'a Source,
    start: u64,
    at: u64,
    end: u64,
}

impl Read for Cursor<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let length = buffer.len().min(left);
        let Some(buffer) = buffer.get_mut(..length) else { return Ok(0) };
        if buffer.is_empty() {
            return Ok(0);
        }
        let read = loop {
            match self.source.read_at(buffer, self.at) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other.map_err(|error| self.source.failed(&error))?,
            }
        };
        if read == 0 {
            return Err(ReadFault::Error(self.source.changed()).into());
        }
        self.at = self.at.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
        Ok(read)
    }
}

impl Seek for Cursor<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(offset) => self.start.checked_add(offset),
            SeekFrom::End(offset) => self.end.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.at.checked_add_signed(offset),
        };
        let target = target.filter(|target| *target >= self.start).ok_or(io::ErrorKind::InvalidInput)?;
        self.at = target;
        Ok(target.saturating_sub(self.start))
    }
}
