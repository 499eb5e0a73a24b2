//! The join is associative and the empty segment neutral: the same lines, cut into other blocks and joined in another order, give the same segment.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic, reason = "test code")]

use std::io::Read as _;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::events::{Statement, examination};
use super::opening::Opened;
use super::segment::{Examination, Segment};
use super::{Request, verify};
use crate::bundle::block::Block;
use crate::bundle::manifest::{Manifest, Parsed, Role};
use crate::bundle::{Container, Limits, Whole};
use crate::event::Reader;
use crate::profile::Profile;
use crate::report::{Report, json};
use crate::trust::Trust;
use crate::verify::Quiet;

/// The fixtures whose events can be walked: good ones, and most ways to tamper.
fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.join("bundle.zip").exists() && walkable(path).is_some());
    paths.sort();
    paths
}

/// What is needed to walk the events of a fixture.
struct Walkable {
    manifest: Manifest,
    trust: Trust,
    events: Vec<u8>,
}

fn walkable(fixture: &Path) -> Option<Walkable> {
    let container = Container::open(&[fixture.join("bundle.zip")], &Limits::default()).ok()?;
    let manifest = match container.read("manifest.json", 1 << 20).ok()? {
        Whole::Bytes(bytes) => Manifest::parse(&bytes),
        Whole::Larger(_) => return None,
    };
    let Parsed::Known(manifest, _) = manifest else {
        return None;
    };
    Profile::built_in(&manifest.profile)?;
    let file = manifest.file(Role::Events).filter(|file| file.path == "events.ndjson" && file.size < 1 << 20)?;
    let mut events = Vec::new();
    container.stream(&file.path).ok()?.read_to_end(&mut events).ok()?;
    Some(Walkable { manifest: *manifest, trust: trust(fixture)?, events })
}

/// None for the fixtures whose trust file is the fault.
fn trust(fixture: &Path) -> Option<Trust> {
    let mut trust = Trust::read(&fixture.join("trust.toml")).ok()?;
    // a fixture with a key of its own may have it in the trust file already
    let _ = trust.add_mac_key(&format!("acme-mac={}", fixture.with_file_name("acme-mac.key").display()));
    Some(trust)
}

/// Everything of a segment that its joins may not change, as text. How the hashes of ids are heaped is no part of it.
fn text(mut segment: Segment) -> String {
    let mut repeated: Vec<u64> = std::mem::take(&mut segment.ids).repeated().into_iter().collect();
    repeated.sort_unstable();
    format!("{segment:#?}\nrepeated ids: {repeated:?}")
}

/// The events in blocks that end after the lines that `ends` names.
fn blocks(events: &[u8], ends: &[bool]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let (mut first_line, mut byte) = (1, 0);
    let mut bytes = Vec::new();
    for (number, line) in (1..).zip(events.split_inclusive(|byte| *byte == b'\n')) {
        bytes.extend_from_slice(line);
        if ends.is_empty() || !ends[number as usize % ends.len()] {
            continue;
        }
        let length = bytes.len() as u64;
        blocks.push(block(blocks.len() as u64, first_line, byte, std::mem::take(&mut bytes)));
        (first_line, byte) = (number + 1, byte + length);
    }
    if !bytes.is_empty() {
        blocks.push(block(blocks.len() as u64, first_line, byte, bytes));
    }
    blocks
}

fn block(index: u64, line: u64, byte: u64, bytes: Vec<u8>) -> Block {
    let mut block = Block { bytes, ..Block::default() };
    block.start(index, "events.ndjson", line, byte);
    block
}

/// Joins neighbours, always the pair that the next pick names, until one segment is left: so every binary tree can come out.
fn joined(mut segments: Vec<Segment>, picks: &[usize], with: &Examination<'_>) -> Segment {
    let mut picks = picks.iter().cycle();
    while segments.len() > 1 {
        let index = picks.next().unwrap() % (segments.len() - 1);
        let next = segments.remove(index + 1);
        segments[index].join(next, with);
    }
    segments.pop().unwrap_or_default()
}

fn examined(blocks: &[Block], with: &Examination<'_>) -> Vec<Segment> {
    let mut reader = Reader::default();
    blocks.iter().map(|block| Segment::examine(block, with, &mut reader)).collect()
}

fn with_examination<T>(fixture: &Path, run: impl FnOnce(&Examination<'_>, &[u8]) -> T) -> T {
    let Walkable { manifest, trust, events } = walkable(fixture).unwrap();
    let profile = Profile::built_in(&manifest.profile).unwrap();
    let request = Request::new(&trust);
    let file = manifest.file(Role::Events).unwrap();
    let opened = Opened::default();
    let statement = Statement { manifest: Some(&manifest), profile, opened: &opened, request: &request };
    run(&examination(statement, file.path.clone(), Vec::new()).unwrap(), &events)
}

fn reported(fixture: &Path, jobs: usize, block_bytes: usize) -> String {
    let trust = trust(fixture).unwrap();
    let paths = [fixture.join("bundle.zip")];
    let request = Request { jobs, block_bytes, max_findings: 1000, ..Request::new(&trust) };
    let entry = crate::report::Entry { path: "bundle.zip".to_owned(), result: verify(&paths, &request, &Quiet) };
    json(&Report { entries: vec![entry], trust: None }, "test")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_cuts_joined_in_any_order_give_the_same_segment(
        fixture in prop::sample::select(fixtures()),
        ends in prop::collection::vec(any::<bool>(), 1..14),
        picks in prop::collection::vec(any::<usize>(), 1..14),
        empty in prop::collection::vec(any::<prop::sample::Index>(), 0..3),
    ) {
        let (whole, pieces) = with_examination(&fixture, |with, events| {
            let whole = joined(examined(&blocks(events, &[]), with), &[0], with);
            let mut segments = examined(&blocks(events, &ends), with);
            for index in &empty {
                segments.insert(index.index(segments.len() + 1), Segment::default());
            }
            (text(whole), text(joined(segments, &picks, with)))
        });
        prop_assert_eq!(whole, pieces, "{}", fixture.display());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_blocks_and_any_number_of_threads_give_the_same_report(
        fixture in prop::sample::select(fixtures()),
        block_bytes in 1_usize..4000,
        jobs in 1_usize..6,
    ) {
        prop_assert_eq!(reported(&fixture, 1, 1 << 20), reported(&fixture, jobs, block_bytes), "{}", fixture.display());
    }
}

#[test]
fn there_is_enough_to_join() {
    let fixtures = fixtures();
    let broken = fixtures.iter().filter(|fixture| fixture.file_name().unwrap().to_str().unwrap().starts_with("chain-")).count();
    assert!(fixtures.len() > 200 && broken > 80, "expected more than 200 fixtures, 80 of them broken, found {}, {broken}", fixtures.len());
}
