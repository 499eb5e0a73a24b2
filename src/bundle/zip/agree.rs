//! The second and third opinion: two independent readers must list what the strict reading lists. So an archive that is accepted here is read the
//! same way by readers that were written without it in mind.

use std::io::{self, BufReader};

use rawzip::{RECOMMENDED_BUFFER_SIZE, ReaderAt};

use super::{Entry, ReadFault};
use crate::bundle::source::{Cursor, Source};
use crate::finding::Code;

/// What every reader must agree on: name, packed size, size, check sum, start of the packed bytes.
type Listing = Vec<(Vec<u8>, u64, u64, u32, u64)>;

/// Fails unless all readers list the same.
pub(super) fn all_list(source: &Source, entries: &[Entry]) -> Result<(), ReadFault> {
    let line = |entry: &Entry| (entry.name.clone().into_bytes(), entry.packed, entry.size, entry.crc, entry.data.start);
    let mut expected: Listing = entries.iter().map(line).collect();
    expected.sort();
    for (reader, listing) in [("rawzip", rawzip_lists(source)), ("zip", zip_lists(source))] {
        let mut listing = listing.map_err(|refusal| refusal.into_fault(source, reader))?;
        listing.sort();
        if listing != expected {
            return Err(differs(
                source,
                format!(
                    "the reader \"{reader}\" lists {} members, or other sizes, places or check sums, than the {} here",
                    listing.len(),
                    expected.len()
                ),
            ));
        }
    }
    Ok(())
}

fn differs(source: &Source, message: String) -> ReadFault {
    ReadFault::finding(Code::ContainerAmbiguous, &source.name(), 0, message)
}

/// Why another reader lists nothing.
enum Refusal {
    Io(io::Error),
    Says(String),
}

impl Refusal {
    fn into_fault(self, source: &Source, reader: &str) -> ReadFault {
        let says = match self {
            Self::Says(says) => says,
            Self::Io(error) => match error.downcast::<ReadFault>() {
                Ok(fault) => return fault,
                Err(error) => error.to_string(),
            },
        };
        differs(source, format!("the reader \"{reader}\" refuses the archive: {says}"))
    }
}

struct At<'a>(&'a Source);

impl ReaderAt for At<'_> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        self.0.read_at(buffer, offset)
    }
}

fn rawzip_lists(source: &Source) -> Result<Listing, Refusal> {
    let says = |error: rawzip::Error| Refusal::Says(error.to_string());
    let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
    let located = rawzip::ZipLocator::new().locate_in_reader(At(source), &mut buffer, source.length());
    let archive = located.map_err(|(_, error)| says(error))?;
    if archive.end_offset() != source.length() {
        return Err(Refusal::Says(format!("it sees the end at byte {}", archive.end_offset())));
    }
    let mut listing = Listing::new();
    let mut entries = archive.entries(&mut buffer);
    while let Some(header) = entries.next_entry().map_err(says)? {
        let name = header.file_path().as_ref().to_vec();
        let entry = archive.get_entry(header.wayfinder()).map_err(says)?;
        let (start, _) = entry.compressed_data_range();
        listing.push((name, header.compressed_size_hint(), header.uncompressed_size_hint(), header.crc32(), start));
    }
    Ok(listing)
}

fn zip_lists(source: &Source) -> Result<Listing, Refusal> {
    let says = |error: zip::result::ZipError| match error {
        zip::result::ZipError::Io(error) => Refusal::Io(error),
        other => Refusal::Says(other.to_string()),
    };
    let cursor: Cursor<'_> = source.cursor(0..source.length());
    let mut archive = zip::ZipArchive::new(BufReader::new(cursor)).map_err(says)?;
    if archive.offset() != 0 || archive.has_duplicate_names() {
        return Err(Refusal::Says("it sees bytes in front of the archive, or one name twice".to_owned()));
    }
    let mut listing = Listing::new();
    for index in 0..archive.len() {
        let file = archive.by_index_raw(index).map_err(says)?;
        let start = file.data_start().unwrap_or_default();
        listing.push((file.name_raw().to_vec(), file.compressed_size(), file.size(), file.crc32(), start));
    }
    Ok(listing)
}
