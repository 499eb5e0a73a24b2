//! Raw exports: every form gives the same records, and what is broken is named where it breaks.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic, reason = "test code")]

mod any;
mod broken;
mod forms;
mod page_order;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;

use tempfile::TempDir;
use unbroken::bundle::Limits;
use unbroken::bundle::block::{Block, Stored};
use unbroken::bundle::export::{Arranged, Direction, Export};
use unbroken::error::Error;
use unbroken::profile::Profile;

/// What was read of an export.
struct Read {
    /// Text, line and byte of each record, in the order of their numbers.
    records: Vec<(String, u64, u64)>,
    stored: Stored,
    arranged: Arranged,
}

impl Read {
    fn texts(&self) -> Vec<&str> {
        self.records.iter().map(|(text, ..)| text.as_str()).collect()
    }

    /// Codes and bytes of what is wrong with the structure.
    fn findings(&self) -> Vec<(&'static str, Option<u64>)> {
        let place = |finding: &unbroken::finding::Finding| finding.place.as_ref().and_then(|place| place.byte);
        self.stored.findings.iter().map(|finding| (finding.code.name(), place(finding))).collect()
    }

    fn pages(&self) -> Vec<&'static str> {
        self.arranged.pages.iter().map(|finding| finding.code.name()).collect()
    }
}

struct Files {
    folder: TempDir,
    paths: Vec<PathBuf>,
}

fn files<B: AsRef<[u8]>>(files: &[(&str, B)]) -> Files {
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<_> = files.iter().map(|(name, _)| folder.path().join(name)).collect();
    for (path, (_, bytes)) in paths.iter().zip(files) {
        std::fs::write(path, bytes).unwrap();
    }
    Files { folder, paths }
}

fn qustody() -> &'static Profile {
    Profile::built_in("qustody/1").unwrap()
}

impl Files {
    fn open(&self) -> Result<Export, Error> {
        Export::open(&self.paths, &Limits::default())
    }

    fn read(&self, direction: Direction) -> Read {
        read(&self.open().unwrap(), direction)
    }
}

fn read(export: &Export, direction: Direction) -> Read {
    read_as(export, qustody(), direction, 64)
}

/// Reads twice, and sees the same both times.
fn read_as(export: &Export, profile: &Profile, direction: Direction, block: usize) -> Read {
    let arranged = export.arrange(profile, direction).unwrap();
    let (records, stored) = once(export, &arranged, profile, block);
    assert_eq!((&records, &stored), (&once(export, &arranged, profile, block).0, &once(export, &arranged, profile, 1 << 20).1));
    assert_eq!(stored.size, export.bytes());
    // what was taken on the way is what the files hold
    let digests = export.digests(&BTreeMap::new()).unwrap();
    assert_eq!(stored.files.values().copied().collect::<Vec<_>>(), digests);
    if let [digest] = digests.as_slice() {
        assert_eq!(*digest, stored.sha256);
    }
    export.unchanged().unwrap();
    Read { records, stored, arranged }
}

fn once(export: &Export, arranged: &Arranged, profile: &Profile, block: usize) -> (Vec<(String, u64, u64)>, Stored) {
    let mut blocks = export.blocks(arranged, profile, block).unwrap();
    let (mut records, mut block, mut index) = (Vec::new(), Block::default(), 0);
    while blocks.next(&mut block).unwrap() {
        assert_eq!(block.index, index);
        index += 1;
        if let Some(too_long) = block.too_long {
            records.push((format!("{} bytes", too_long.length), block.line, block.byte));
            continue;
        }
        for piece in block.pieces() {
            assert!(piece.ended);
            records.push((String::from_utf8_lossy(piece.text).into_owned(), piece.line, piece.byte));
            assert_eq!(piece.number, u64::try_from(records.len()).unwrap());
        }
    }
    (records, blocks.finish().unwrap())
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn refused(files: &[(&str, &[u8])]) -> String {
    match self::files(files).open() {
        Err(error @ Error::Environment { .. }) => error.to_string(),
        other => panic!("{other:?}"),
    }
}
