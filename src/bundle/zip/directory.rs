//! The central directory: exactly the entries that the end record counts, each a plain file with an allowed name.

use super::end::End;
use super::record::CentralHeader;
use super::{Method, ReadFault, Refusal, extra, names};
use crate::bundle::Limits;
use crate::bundle::inflate::MAX_EXPANSION;
use crate::bundle::source::Source;
use crate::error::Error;
use crate::finding::{Code, Finding};

/// Flags that may be set: two about the packer's effort, data descriptor, UTF-8 names (section 4.4.4).
const FLAGS: u16 = 0b0000_1000_0000_1110;
/// Flags of encryption: plain, strong, masked headers.
const ENCRYPTED: u16 = 1 | 1 << 6 | 1 << 13;

/// One entry of the directory, with zip64 values in place.
#[derive(Debug)]
pub(super) struct Central {
    /// Where it stands.
    pub(super) at: u64,
    pub(super) name: Vec<u8>,
    pub(super) flags: u16,
    pub(super) method: Method,
    pub(super) crc: u32,
    pub(super) packed: u64,
    pub(super) size: u64,
    /// Where its local header starts.
    pub(super) offset: u64,
}

impl Central {
    /// Its name, quoted, whatever it consists of.
    pub(super) fn shown_name(&self) -> String {
        shown(&self.name)
    }
}

fn shown(name: &[u8]) -> String {
    format!("{:?}", String::from_utf8_lossy(name))
}

/// The entries, by the order of their local headers.
pub(super) fn read(source: &Source, end: &End, limits: &Limits) -> Result<Vec<Central>, Refusal> {
    let file = source.name();
    let size = end.directory.end.saturating_sub(end.directory.start);
    if size / CentralHeader::LENGTH < end.count {
        let message = format!("expected a directory of {} entries, found room for {}", end.count, size / CentralHeader::LENGTH);
        return Err(ReadFault::finding(Code::ContainerAmbiguous, &file, end.directory.start, message).into());
    }
    if end.count > limits.max_entries {
        let what = format!("{}: an archive with {} entries", source.path().display(), end.count);
        return Err(Error::Limit { what, limit: format!("{} entries", limits.max_entries), flag: "--max-entries" }.into());
    }
    let mut raw = Vec::new();
    let mut at = end.directory.start;
    for _ in 0..end.count {
        let entry = Raw::read(source, &file, at, end.directory.end)?;
        at = entry.end;
        raw.push(entry);
    }
    if at != end.directory.end {
        let message = format!("expected the directory to end after {} entries, found {} bytes more", end.count, end.directory.end.saturating_sub(at));
        return Err(ReadFault::finding(Code::ContainerAmbiguous, &file, at, message).into());
    }
    let mut findings = Vec::new();
    let mut central: Vec<Central> = raw.into_iter().filter_map(|raw| raw.check(&file, &mut findings)).collect();
    findings.extend(names::findings(&file, &central));
    if !findings.is_empty() {
        return Err(Refusal::Findings(findings));
    }
    central.sort_by_key(|entry| entry.offset);
    Ok(central)
}

/// One entry as it stands there.
struct Raw {
    at: u64,
    end: u64,
    header: CentralHeader,
    name: Vec<u8>,
    extra: Vec<u8>,
}

impl Raw {
    fn read(source: &Source, file: &str, at: u64, limit: u64) -> Result<Self, ReadFault> {
        let broken = |message: &str| ReadFault::finding(Code::ContainerBroken, file, at, message);
        let name_at = at.saturating_add(CentralHeader::LENGTH);
        if name_at > limit {
            return Err(broken("expected an entry of the directory here, found its end"));
        }
        let header =
            CentralHeader::parse(&source.array(at)?).ok_or_else(|| broken("expected an entry of the directory here, found something else"))?;
        let extra_at = name_at.saturating_add(header.name_length.into());
        let comment_at = extra_at.saturating_add(header.extra_length.into());
        let end = comment_at.saturating_add(header.comment_length.into());
        if end > limit {
            return Err(broken("this entry of the directory reaches beyond the directory's end"));
        }
        let name = source.bytes(name_at, header.name_length.into())?;
        let extra = source.bytes(extra_at, header.extra_length.into())?;
        Ok(Self { at, end, header, name, extra })
    }

    /// The entry, if its values can be used; everything that is wrong with it.
    fn check(self, file: &str, findings: &mut Vec<Finding>) -> Option<Central> {
        let Self { at, header, name, extra, .. } = self;
        let found_before = findings.len();
        let mut refuse = |code, message: String| findings.push(Finding::new(code, format!("{}: {message}", shown(&name))).in_file(file, Some(at)));
        if header.flags & ENCRYPTED != 0 || header.method == 99 {
            refuse(Code::ContainerUnsupported, "encrypted entries are not supported".to_owned());
        } else if header.flags & !FLAGS != 0 {
            refuse(Code::ContainerUnsupported, format!("expected no flag beside 1, 2, 3, 11, found {:#06x}", header.flags));
        }
        let method = match header.method {
            0 => Some(Method::Stored),
            8 => Some(Method::Deflate),
            other => {
                refuse(Code::ContainerUnsupported, format!("expected method 0 (stored) or 8 (deflate), found {other}"));
                None
            }
        };
        if header.disk != 0 {
            refuse(Code::ContainerAmbiguous, format!("expected an archive in one piece, found an entry on disk {}", header.disk));
        }
        if header.comment_length != 0 {
            refuse(Code::ContainerAmbiguous, format!("expected no comment, found {} bytes of it", header.comment_length));
        }
        if let Some(kind) = not_a_file(header.attributes).filter(|_| !name.ends_with(b"/")) {
            refuse(Code::ContainerNotRegular, format!("expected a regular file, found {kind}"));
        }
        let values = sizes(&header, &extra).map_err(|message| refuse(Code::ContainerAmbiguous, message)).ok();
        if let (Some(method), Some([size, packed, _])) = (method, values) {
            if method == Method::Stored && packed != size {
                refuse(Code::ContainerAmbiguous, format!("a stored member of {packed} bytes is said to have {size}"));
            }
            if method == Method::Deflate && size > packed.saturating_mul(MAX_EXPANSION) {
                refuse(Code::ContainerAmbiguous, format!("{packed} bytes cannot unpack to {size}: deflate yields at most {MAX_EXPANSION} for 1"));
            }
        }
        let [size, packed, offset] = values?;
        let method = method.or_else(|| (findings.len() > found_before).then_some(Method::Stored))?;
        Some(Central { at, name, flags: header.flags, method, crc: header.crc, packed, size, offset })
    }
}

/// Size, packed size, offset.
fn sizes(header: &CentralHeader, extra: &[u8]) -> Result<[u64; 3], String> {
    let zip64 = extra::zip64(extra).map_err(|found| format!("found {found}"))?;
    let short = [header.size, header.packed, header.offset];
    extra::resolve(short, zip64).ok_or_else(|| "the zip64 field does not have exactly the values that the entry leaves to it".to_owned())
}

/// What the attributes say it is, if not a file: Unix in the upper half, MS-DOS in the lower (section 4.4.15).
fn not_a_file(attributes: u32) -> Option<&'static str> {
    match (attributes >> 16) & 0o170_000 {
        0 | 0o100_000 if attributes & 0x10 != 0 => Some("a folder"),
        0 | 0o100_000 if attributes & 0x08 != 0 => Some("a volume label"),
        0 | 0o100_000 => None,
        0o040_000 => Some("a folder"),
        0o120_000 => Some("a symbolic link"),
        _ => Some("a device, pipe or socket"),
    }
}
