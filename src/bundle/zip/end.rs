//! The end of an archive: the end record, with its zip64 form where there is one. They must be the last bytes of the file, without a comment,
//! and the directory must stand directly in front of them. (A comment can hide a second end record; other readers search for either.)

use std::ops::Range;

use super::ReadFault;
use super::record::{END, EndRecord, EndRecord64, Locator64};
use crate::bundle::source::Source;
use crate::error::Error;
use crate::finding::Code;

/// The longest possible comment, and the record in front of it.
const SEARCH: u64 = EndRecord::LENGTH + 65_535;

/// What the end of an archive says.
#[derive(Debug)]
pub(super) struct End {
    /// Where the directory stands.
    pub(super) directory: Range<u64>,
    /// How many entries it has.
    pub(super) count: u64,
}

/// Whether the last bytes are an end record without a comment.
pub(super) fn stands_at_the_end(source: &Source) -> Result<bool, Error> {
    let Some(at) = source.length().checked_sub(EndRecord::LENGTH) else { return Ok(false) };
    Ok(EndRecord::parse(&source.array(at)?).is_some_and(|record| record.comment_length == 0))
}

/// Reads the end of an archive.
pub(super) fn read(source: &Source) -> Result<End, ReadFault> {
    let file = source.name();
    only_end_record(source, &file)?;
    let at = source.length().saturating_sub(EndRecord::LENGTH);
    let Some(record) = EndRecord::parse(&source.array(at)?) else {
        return Err(broken(&file, at, "expected the end record here, found none"));
    };
    if (record.disk, record.directory_disk) != (0, 0) || record.count_here != record.count {
        let found = format!("disk {} of {}, {} of {} entries", record.disk, record.directory_disk, record.count_here, record.count);
        return Err(ambiguous(&file, at, format!("expected an archive in one piece, found {found}")));
    }
    let (end, start) = match zip64(source, &file, at, &record)? {
        Some((record_at, record)) => ((record_at, record.directory_size, record.count), record.directory_offset),
        None => ((at, u64::from(record.directory_size), u64::from(record.count)), u64::from(record.directory_offset)),
    };
    let (end, size, count) = end;
    if start.checked_add(size) != Some(end) {
        let message = format!(
            "expected the directory to end at byte {end}, where the end record starts; it is said to start at {start} and to have {size} bytes"
        );
        return Err(ambiguous(&file, at, message));
    }
    Ok(End { directory: start..end, count })
}

/// The zip64 end record and where it stands, if its locator stands in front of the end record.
fn zip64(source: &Source, file: &str, end: u64, classic: &EndRecord) -> Result<Option<(u64, EndRecord64)>, ReadFault> {
    let Some(locator_at) = end.checked_sub(Locator64::LENGTH) else { return Ok(None) };
    let Some(locator) = Locator64::parse(&source.array(locator_at)?) else { return Ok(None) };
    let expected = locator_at.checked_sub(EndRecord64::LENGTH).filter(|at| *at == locator.end_offset);
    let Some(at) = expected.filter(|_| locator.end_disk == 0 && locator.disks <= 1) else {
        let message = format!("expected the zip64 end record directly in front of its locator, found it named at byte {}", locator.end_offset);
        return Err(ambiguous(file, locator_at, message));
    };
    let Some(record) = EndRecord64::parse(&source.array(at)?) else {
        return Err(broken(file, at, "expected the zip64 end record here, found none"));
    };
    if record.length.checked_add(12) != Some(EndRecord64::LENGTH) {
        return Err(ambiguous(file, at, format!("expected a zip64 end record of 44 bytes, found one of {}", record.length)));
    }
    if (record.disk, record.directory_disk) != (0, 0) || record.count_here != record.count {
        return Err(ambiguous(file, at, "expected an archive in one piece, found one in several"));
    }
    let same = |short: u64, all_ones: u64, long: u64| short == all_ones || short == long;
    let agrees = same(classic.count.into(), u16::MAX.into(), record.count)
        && same(classic.directory_size.into(), u32::MAX.into(), record.directory_size)
        && same(classic.directory_offset.into(), u32::MAX.into(), record.directory_offset);
    if !agrees {
        return Err(ambiguous(file, at, "the end record and the zip64 end record name different directories"));
    }
    Ok(Some((at, record)))
}

/// Looks for every record that another reader could take for the end: there must be one, and nothing behind it.
fn only_end_record(source: &Source, file: &str) -> Result<(), ReadFault> {
    let length = source.length();
    let start = length.saturating_sub(SEARCH);
    let tail = source.bytes(start, usize::try_from(length.saturating_sub(start)).unwrap_or_default())?;
    let mut last = None;
    for (at, window) in (start..).zip(tail.windows(22)) {
        let Some(record) = <&[u8; 22]>::try_from(window).ok().filter(|bytes| bytes.starts_with(&END)).and_then(EndRecord::parse) else { continue };
        let end = at.saturating_add(EndRecord::LENGTH).saturating_add(record.comment_length.into());
        if record.comment_length > 0 && end == length {
            return Err(ambiguous(
                file,
                at,
                format!("expected an end record without comment, found one with {} bytes of comment", record.comment_length),
            ));
        }
        last = Some((at, end));
    }
    match last {
        None => Err(broken(file, length, "expected an end record within the last 65,557 bytes, found none: the archive is cut off")),
        Some((_, end)) if end == length => Ok(()),
        Some((at, end)) if end > length => {
            Err(broken(file, at, format!("the end record promises {} bytes more than there are", end.saturating_sub(length))))
        }
        Some((at, end)) => Err(ambiguous(
            file,
            end,
            format!("expected the file to end with the end record at byte {at}, found {} bytes behind it", length.saturating_sub(end)),
        )),
    }
}

fn ambiguous(file: &str, byte: u64, message: impl Into<String>) -> ReadFault {
    ReadFault::finding(Code::ContainerAmbiguous, file, byte, message)
}

fn broken(file: &str, byte: u64, message: impl Into<String>) -> ReadFault {
    ReadFault::finding(Code::ContainerBroken, file, byte, message)
}
