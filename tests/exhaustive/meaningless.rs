//! Bytes of an archive that say nothing about its members: changed, they may pass. Each kind with its reason; all other bytes must never pass.

use std::io::Read as _;
use std::ops::Range;

use flate2::read::DeflateDecoder;

/// Why a byte may be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Who wrote the entry, and with which version of the format: two programs that write the same members differ in it.
    CentralVersions,
    /// When the file was last changed, by the clock of whoever packed it; the times that count stand in signed bytes.
    CentralTime,
    /// Text or binary, a hint of the packing program.
    InternalAttributes,
    /// Rights of the file on the machine where it was packed; nothing is extracted, and only what says "no regular file" is refused.
    ExternalAttributes,
    /// As in the directory, and no reader asks for it here.
    LocalVersion,
    /// As in the directory.
    LocalTime,
    /// RFC 1951 writes the same bytes in several ways (another distance to the same text), and leaves bits free behind its end mark: what is unpacked
    /// is the same to the byte.
    SameWhenUnpacked,
}

/// The kinds that the structure of an archive has.
pub const OF_STRUCTURE: [Kind; 6] =
    [Kind::CentralVersions, Kind::CentralTime, Kind::InternalAttributes, Kind::ExternalAttributes, Kind::LocalVersion, Kind::LocalTime];

/// Where the meaningless bytes of an archive stand.
pub struct Map {
    fields: Vec<(Range<usize>, Kind)>,
    /// Packed bytes of deflated members.
    packed: Vec<Range<usize>>,
}

impl Map {
    /// Of a well-formed archive without comments, extra fields and zip64.
    pub fn of(archive: &[u8]) -> Self {
        let number = |at: usize, width: usize| archive[at..at + width].iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
        let end = archive.len() - 22;
        let (count, mut at) = (number(end + 10, 2), number(end + 16, 4));
        let mut map = Self { fields: Vec::new(), packed: Vec::new() };
        for _ in 0..count {
            assert_eq!(&archive[at..at + 4], b"PK\x01\x02");
            map.fields.push((at + 4..at + 8, Kind::CentralVersions));
            map.fields.push((at + 12..at + 16, Kind::CentralTime));
            map.fields.push((at + 36..at + 38, Kind::InternalAttributes));
            map.fields.push((at + 38..at + 42, Kind::ExternalAttributes));
            let (method, packed, name, local) = (number(at + 10, 2), number(at + 20, 4), number(at + 28, 2), number(at + 42, 4));
            assert_eq!(&archive[local..local + 4], b"PK\x03\x04");
            map.fields.push((local + 4..local + 6, Kind::LocalVersion));
            map.fields.push((local + 10..local + 14, Kind::LocalTime));
            if method == 8 {
                map.packed.push(local + 30 + name..local + 30 + name + packed);
            }
            at += 46 + name;
        }
        assert_eq!(at, end);
        map
    }

    /// Why the byte at this place may be other than it was.
    pub fn kind(&self, honest: &[u8], changed: &[u8], place: usize) -> Option<Kind> {
        if let Some((_, kind)) = self.fields.iter().find(|(range, _)| range.contains(&place)) {
            return Some(*kind);
        }
        let range = self.packed.iter().find(|range| range.contains(&place))?;
        let (before, after) = (unpacked(&honest[range.clone()])?, unpacked(&changed[range.clone()])?);
        (before == after).then_some(Kind::SameWhenUnpacked)
    }
}

/// The bytes, if they are deflate data that ends where the packed bytes end.
fn unpacked(packed: &[u8]) -> Option<Vec<u8>> {
    let mut decoder = DeflateDecoder::new(packed);
    let mut bytes = Vec::new();
    decoder.read_to_end(&mut bytes).ok()?;
    (decoder.total_in() == packed.len() as u64).then_some(bytes)
}
