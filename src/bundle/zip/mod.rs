//! A `.zip` with exactly one reading. Every byte of the file belongs to one entry, the directory or the end record; local headers say what the
//! directory says; two independent readers list the same members. So no two tools can see different bundles in one archive.
//!
//! Not here: a lenient reader. What other tools repair or pass over is a finding. Nothing is extracted.
//!
//! Layout and field names follow the .ZIP File Format Specification (APPNOTE.TXT 6.3.10), sections 4.3 to 4.5.

mod agree;
mod directory;
mod end;
mod extra;
mod local;
mod names;
mod record;
#[cfg(test)]
mod tests;
mod unpack;

use std::ops::Range;

use super::fault::ReadFault;
use super::source::Source;
use super::{Limits, MemberInfo};
use crate::error::Error;
use crate::finding::{Code, Finding};

pub(super) use unpack::Unpack;

/// One member of an archive whose structure holds.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    name: String,
    method: Method,
    crc: u32,
    packed: u64,
    size: u64,
    /// Where its packed bytes stand.
    data: Range<u64>,
}

/// How a member is packed (section 4.4.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Method {
    /// 8
    Deflate,
    /// 0
    Stored,
}

impl Method {
    fn number(self) -> u64 {
        match self {
            Self::Deflate => 8,
            Self::Stored => 0,
        }
    }
}

impl Entry {
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn info(&self) -> MemberInfo {
        MemberInfo { name: self.name.clone(), size: self.size }
    }
}

/// Whether a file starts like an archive, or ends with an end record (an archive with something in front of it).
pub(super) fn recognise(source: &Source) -> Result<bool, Error> {
    let length = source.length();
    if length >= 4 && [record::LOCAL, record::END].contains(&source.array(0)?) {
        return Ok(true);
    }
    end::stands_at_the_end(source)
}

/// The members, by the order of their bytes; or what contradicts one reading.
pub(super) fn examine(source: &Source, limits: &Limits) -> Result<Result<Vec<Entry>, Vec<Finding>>, Error> {
    match entries(source, limits) {
        Ok(entries) => Ok(Ok(entries)),
        Err(Refusal::Findings(findings)) => Ok(Err(findings)),
        Err(Refusal::Error(error)) => Err(error),
    }
}

fn entries(source: &Source, limits: &Limits) -> Result<Vec<Entry>, Refusal> {
    let end = end::read(source)?;
    let central = directory::read(source, &end, limits)?;
    let mut entries = Vec::new();
    let mut at = 0;
    for (index, header) in central.iter().enumerate() {
        let next = central.get(index.saturating_add(1)).map_or(end.directory.start, |next| next.offset);
        let entry = local::read(source, header, at..next)?;
        at = next;
        entries.push(entry);
    }
    if at != end.directory.start {
        return Err(gap(&source.name(), at..end.directory.start, "the directory").into());
    }
    agree::all_list(source, &entries)?;
    Ok(entries)
}

/// Bytes that belong to nothing.
fn gap(file: &str, bytes: Range<u64>, before: &str) -> ReadFault {
    let length = bytes.end.saturating_sub(bytes.start);
    let message = format!("expected {before} at byte {}, found {length} bytes in front of it that no member accounts for", bytes.start);
    ReadFault::finding(Code::ContainerAmbiguous, file, bytes.start, message)
}

/// Why an archive is not read.
enum Refusal {
    Error(Error),
    Findings(Vec<Finding>),
}

impl From<ReadFault> for Refusal {
    fn from(fault: ReadFault) -> Self {
        match fault {
            ReadFault::Error(error) => Self::Error(error),
            ReadFault::Finding(finding) => Self::Findings(vec![*finding]),
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}
