//! What was handed over, as bytes: folder, zip, loose files. Members are listed, small ones read whole, the events streamed as blocks of whole
//! lines. Each file is opened once, and read through that one descriptor; nothing is extracted to disk. Not here: what the bytes mean.

pub mod block;
pub mod credentials;
pub mod export;
mod fault;
mod fields;
mod flow;
mod folder;
pub mod genesis;
mod gzip;
mod inflate;
pub mod lines;
mod listing;
pub mod manifest;
mod manifest_reader;
mod name;
pub mod signature;
mod source;
pub mod table;
mod zip;

use std::io::Read;
use std::path::{Path, PathBuf};

pub use fault::{ReadFault, flaw_code};

use self::folder::Files;
use self::name::MANIFEST;
use self::source::{Links, Source};
use crate::digest::{Digest, Hasher};
use crate::error::Error;
use crate::finding::Finding;

/// An archive up to this size is held in memory: the bytes digested are then the bytes parsed, whatever happens to the file.
const IN_MEMORY: u64 = 16 * 1024 * 1024;

/// Bounds on what may be read. Reaching one is an [`Error::Limit`], never a verdict.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Unpacked bytes of one compressed member (`--max-unpacked`).
    pub max_unpacked: u64,
    /// Unpacked to packed bytes of one compressed member, looked at from 16 MiB of unpacked bytes on (`--max-ratio`).
    pub max_ratio: u64,
    /// Events in a bundle (`--max-events`).
    pub max_events: u64,
    /// Members of an archive or folder (`--max-entries`).
    pub max_entries: u64,
    /// Bytes of a raw export that are held in memory: stdin, and gzip that is read from its end (`--max-stdin`).
    pub max_stdin: u64,
}

impl Default for Limits {
    /// 64 GiB unpacked, 200 times the packed size, 1,000,000,000 events, 64 members, 1 GiB of stdin. Event logs pack to a tenth or a thirtieth; a bomb packs to a thousandth.
    fn default() -> Self {
        Self { max_unpacked: 64 * 1024 * 1024 * 1024, max_ratio: 200, max_events: 1_000_000_000, max_entries: 64, max_stdin: 1024 * 1024 * 1024 }
    }
}

/// An opened bundle. Exists also when its structure is refuted: then `findings` says why, and `members` holds what could be listed safely (maybe nothing).
#[derive(Debug)]
pub struct Container {
    contents: Contents,
    findings: Vec<Finding>,
    notes: Vec<String>,
    sha256: Option<Digest>,
    bytes: u64,
    members: Vec<MemberInfo>,
    limits: Limits,
}

#[derive(Debug)]
enum Contents {
    Archive(Source, Vec<zip::Entry>),
    Files(Vec<(String, Source)>),
}

/// Whether these are the files of a raw export: none of them is a folder, an archive or a manifest.
pub fn is_raw(paths: &[PathBuf]) -> Result<bool, Error> {
    let alone = paths.len() == 1;
    for path in paths.iter().filter(|path| path.as_path() != Path::new("-")) {
        let seen = Links::Follow.look(path).map_err(|error| Error::io(path, "open", &error))?;
        let manifest = path.file_name().is_some_and(|name| name == MANIFEST);
        if seen.is_dir() || manifest || (alone && seen.is_file() && zip::recognise(&Source::open(path, Links::Follow)?)?) {
            return Ok(false);
        }
    }
    Ok(!paths.is_empty())
}

/// One file in a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberInfo {
    /// Its name.
    pub name: String,
    /// Its size in bytes, as it would be on disk after unpacking (a `.gz` stays packed).
    pub size: u64,
}

/// One member, read whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whole {
    /// Its bytes.
    Bytes(Vec<u8>),
    /// It has more bytes than asked for: so many, as its container states.
    Larger(u64),
}

impl Container {
    /// Opens a folder, a `.zip`, or loose files of which exactly one is named `manifest.json`. What a file is, its first bytes say, not its name.
    ///
    /// Trouble with the structure is in [`Container::findings`]; what is no bundle at all is an [`Error::Environment`].
    pub fn open(paths: &[PathBuf], limits: &Limits) -> Result<Self, Error> {
        match paths {
            [] => Err(Error::Usage { what: "no bundle was given".to_owned(), hint: "give a folder, a .zip, or all files of a bundle".to_owned() }),
            [path] => {
                let seen = Links::Follow.look(path).map_err(|error| Error::io(path, "open", &error))?;
                if seen.is_dir() { Ok(Self::of_files(folder::open(path, limits)?, limits)) } else { Self::of_archive(path, limits) }
            }
            paths => Ok(Self::of_files(folder::open_loose(paths, limits)?, limits)),
        }
    }

    /// Findings about the structure.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Data without weight: ignored `.DS_Store` and the like.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Digest of the archive; none for folders and loose files.
    pub fn sha256(&self) -> Option<Digest> {
        self.sha256
    }

    /// Bytes of the archive, or of all members together.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The members, sorted by name.
    pub fn members(&self) -> &[MemberInfo] {
        &self.members
    }

    /// One member's bytes, read whole; `max` bytes at most. A damaged member is a [`ReadFault::Finding`]. The name must be one of [`Container::members`].
    pub fn read(&self, name: &str, max: u64) -> Result<Whole, ReadFault> {
        let info = self.members.iter().find(|member| member.name == name);
        if let Some(MemberInfo { size, .. }) = info.filter(|info| info.size > max) {
            return Ok(Whole::Larger(*size));
        }
        let mut bytes = Vec::new();
        self.stream(name)?.read_to_end(&mut bytes).map_err(ReadFault::from_io)?;
        Ok(Whole::Bytes(bytes))
    }

    /// One member as a stream of its stored bytes (unpacked from the archive, a `.gz` still packed). May be called again for a second read, and from
    /// several threads. The name must be one of [`Container::members`].
    ///
    /// Each error of the stream carries a [`ReadFault`] ([`ReadFault::from_io`] takes it out). Read to the end: a wrong check sum shows only there.
    pub fn stream(&self, name: &str) -> Result<Box<dyn Read + Send + '_>, Error> {
        let absent = || Error::Internal(format!("there is no member {name:?}"));
        match &self.contents {
            Contents::Archive(source, entries) => {
                let entry = entries.iter().find(|entry| entry.name() == name).ok_or_else(absent)?;
                Ok(Box::new(zip::Unpack::new(source, entry, &self.limits)))
            }
            Contents::Files(files) => {
                let (_, source) = files.iter().find(|(member, _)| member == name).ok_or_else(absent)?;
                Ok(Box::new(source.cursor(0..source.length())))
            }
        }
    }

    /// Fails with "changed while it was read" if a file is not what it was when it was opened (inode, size, modification time).
    pub fn unchanged(&self) -> Result<(), Error> {
        match &self.contents {
            Contents::Archive(source, _) => source.unchanged(),
            Contents::Files(files) => files.iter().try_for_each(|(_, source)| source.unchanged()),
        }
    }

    fn of_files(files: Files, limits: &Limits) -> Self {
        let Files { mut files, findings, notes } = files;
        files.sort_by(|left, right| left.0.cmp(&right.0));
        let members: Vec<_> = files.iter().map(|(name, source)| MemberInfo { name: name.clone(), size: source.length() }).collect();
        let bytes = members.iter().fold(0, |sum: u64, member| sum.saturating_add(member.size));
        Self { contents: Contents::Files(files), findings, notes, sha256: None, bytes, members, limits: limits.clone() }
    }

    fn of_archive(path: &Path, limits: &Limits) -> Result<Self, Error> {
        let mut source = Source::open(path, Links::Follow)?;
        if !zip::recognise(&source)? {
            return Err(no_bundle(&source)?);
        }
        let sha256 = if source.length() <= IN_MEMORY { Digest::of(source.load()?) } else { digest(&source)? };
        let (entries, findings) = match zip::examine(&source, limits)? {
            Ok(entries) => (entries, Vec::new()),
            Err(findings) => (Vec::new(), findings),
        };
        let mut members: Vec<_> = entries.iter().map(zip::Entry::info).collect();
        members.sort_by(|left, right| left.name.cmp(&right.name));
        if findings.is_empty() && !members.iter().any(|member| member.name == MANIFEST) {
            return Err(Error::Environment {
                what: format!("the archive {} is no bundle: it has no {MANIFEST}", path.display()),
                hint: "give the archive as it was exported".to_owned(),
            });
        }
        let bytes = source.length();
        Ok(Self {
            contents: Contents::Archive(source, entries),
            findings,
            notes: Vec::new(),
            sha256: Some(sha256),
            bytes,
            members,
            limits: limits.clone(),
        })
    }
}

/// The digest of a file that is too large to be held in memory.
fn digest(source: &Source) -> Result<Digest, Error> {
    let (mut hasher, mut at) = (Hasher::new(), 0_u64);
    while at < source.length() {
        let length = source.length().saturating_sub(at).min(1024 * 1024);
        hasher.update(&source.bytes(at, usize::try_from(length).unwrap_or_default())?);
        at = at.saturating_add(length);
    }
    Ok(hasher.finish())
}

/// Says what a file is that is no bundle.
fn no_bundle(source: &Source) -> Result<Error, Error> {
    let path = source.path().display();
    let head = source.bytes(0, usize::try_from(source.length().min(512)).unwrap_or_default())?;
    let first = head.iter().find(|byte| !byte.is_ascii_whitespace());
    let whole = "give the folder, or all files of the bundle";
    let (what, hint) = match (head.as_slice(), first) {
        ([], _) => ("it is empty".to_owned(), "export or copy it again"),
        _ if source.name() == MANIFEST => (format!("a {MANIFEST} alone proves nothing"), whole),
        ([0x1f, 0x8b, ..], _) => ("it is a gzip file".to_owned(), "unpack it once, or give the bundle that it belongs to"),
        (head, _) if head.get(257..262) == Some(b"ustar") => ("it is a tar archive".to_owned(), "unpack it, and give the folder"),
        (_, Some(b'{' | b'[')) => ("it is JSON".to_owned(), whole),
        _ => ("it is neither a zip archive nor a folder".to_owned(), whole),
    };
    Ok(Error::Environment { what: format!("{path} is no bundle: {what}"), hint: hint.to_owned() })
}

/// More files than may be opened at a time.
fn too_many(what: &str, limits: &Limits) -> Error {
    Error::Limit { what: format!("{what}: the number of members"), limit: format!("{} members", limits.max_entries), flag: "--max-entries" }
}
