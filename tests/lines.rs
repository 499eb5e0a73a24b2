//! An events file as blocks of lines: the same lines whatever the pieces in which it is read, and gzip files of one member only.

#![allow(clippy::arithmetic_side_effects, clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "test code")]

use std::collections::BTreeMap;
use std::io::{self, Read, Write as _};

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use unbroken::bundle::block::{Block, Stored, TooLong};
use unbroken::bundle::lines::{Lines, MAX_LINE};
use unbroken::bundle::{Limits, ReadFault};
use unbroken::digest::Digest;
use unbroken::error::Error;
use unbroken::finding::{Code, Finding};

/// Yields its bytes in pieces of the given lengths, over and over.
struct Pieces<'a> {
    bytes: &'a [u8],
    lengths: Vec<usize>,
    turn: usize,
}

impl Read for Pieces<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let length = self.lengths[self.turn % self.lengths.len()].min(out.len()).min(self.bytes.len());
        self.turn += 1;
        out[..length].copy_from_slice(&self.bytes[..length]);
        self.bytes = &self.bytes[length..];
        Ok(length)
    }
}

#[derive(Debug, PartialEq)]
enum Line {
    Kept(Vec<u8>),
    TooLong(TooLong),
}

/// All lines, with their numbers and offsets checked against a count of their own.
fn lines(stored: impl Read, gzip: bool, block: usize, limits: &Limits) -> Result<(Vec<Line>, Stored), Error> {
    let mut reader = Lines::new("events.ndjson", stored, gzip, block, limits);
    let (mut out, mut block, mut byte, mut blocks) = (Vec::new(), Block::default(), 0, 0);
    while reader.next(&mut block)? {
        assert_eq!((block.index, block.number, block.byte), (blocks, out.len() as u64 + 1, byte));
        blocks += 1;
        if let Some(too_long) = block.too_long {
            assert!(block.bytes.is_empty());
            byte += too_long.length + u64::from(too_long.newline);
            out.push(Line::TooLong(too_long));
            continue;
        }
        assert!(!block.bytes.is_empty());
        byte += block.bytes.len() as u64;
        out.extend(block.bytes.split_inclusive(|byte| *byte == b'\n').map(|line| Line::Kept(line.to_vec())));
    }
    assert!(!reader.next(&mut block)?, "the end stays the end");
    Ok((out, reader.finish()?))
}

fn plain(bytes: &[u8], block: usize) -> (Vec<Line>, Stored) {
    lines(bytes, false, block, &Limits::default()).unwrap()
}

fn kept(lines: &[&[u8]]) -> Vec<Line> {
    lines.iter().map(|line| Line::Kept(line.to_vec())).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn packed(stored: &[u8]) -> (Vec<Line>, Stored) {
    lines(stored, true, 8, &Limits::default()).unwrap()
}

#[test]
fn lines_keep_their_line_feed() {
    assert_eq!(plain(b"", 10).0, vec![]);
    assert_eq!(plain(b"\n", 10).0, kept(&[b"\n"]));
    assert_eq!(plain(b"a\n\n\nb", 10).0, kept(&[b"a\n", b"\n", b"\n", b"b"]));
    assert_eq!(plain(b"longer than a block\nx\n", 4).0, kept(&[b"longer than a block\n", b"x\n"]));
    assert_eq!(plain(b"longer than a block", 4).0, kept(&[b"longer than a block"]));
    let (_, stored) = plain(b"a\nb\n", 3);
    assert_eq!(
        stored,
        Stored { size: 4, sha256: Digest::of(b"a\nb\n"), unpacked: 4, flaw: None, damage: None, files: BTreeMap::new(), findings: Vec::new() }
    );
}

#[test]
fn a_block_holds_many_lines_and_is_used_again() {
    let text = b"0123456\n".repeat(1000);
    let mut reader = Lines::new("events.ndjson", &text[..], false, 100, &Limits::default());
    let mut block = Block::default();
    let mut blocks = 0;
    while reader.next(&mut block).unwrap() {
        assert!(block.bytes.len() == 96 || blocks > 80, "{}", block.bytes.len());
        blocks += 1;
    }
    assert_eq!(blocks, 84);
}

#[test]
fn a_file_that_is_not_read_to_the_end_is_still_digested() {
    let text = b"one\ntwo\n".repeat(1000);
    let mut reader = Lines::new("events.ndjson", &text[..], false, 16, &Limits::default());
    assert!(reader.next(&mut Block::default()).unwrap());
    let stored = reader.finish().unwrap();
    assert_eq!((stored.size, stored.sha256, stored.unpacked), (8000, Digest::of(&text), 8000));
}

#[test]
fn a_line_of_the_greatest_length_is_kept_and_a_longer_one_is_not() {
    for extra in [0, 1, 70_000] {
        for newline in [true, false] {
            let mut text = b"first\n".to_vec();
            let long = vec![b'x'; MAX_LINE + extra];
            text.extend(&long);
            let rest: &[u8] = if newline { b"\nlast\n" } else { b"" };
            text.extend(rest);
            let (found, stored) = plain(&text, 1 << 20);
            let mut line = long.clone();
            line.extend(&rest[..usize::from(newline)]);
            let middle = match extra {
                0 => Line::Kept(line),
                _ => Line::TooLong(TooLong { length: long.len() as u64, hash: Digest::of(&long), newline }),
            };
            assert!(found[1] == middle, "{extra} {newline}");
            assert_eq!(found.len(), if newline { 3 } else { 2 });
            assert_eq!(stored.sha256, Digest::of(&text));
        }
    }
}

#[test]
fn two_lines_that_are_too_long_stand_apart() {
    let long = vec![b'y'; MAX_LINE + 5];
    let text = [&long[..], b"\n", &long, b"\n", b"z"].concat();
    for block in [1 << 16, MAX_LINE, usize::MAX] {
        let (found, _) = plain(&text, block);
        let too_long = || Line::TooLong(TooLong { length: long.len() as u64, hash: Digest::of(&long), newline: true });
        assert!(found == [too_long(), too_long(), Line::Kept(b"z".to_vec())], "{block}");
    }
}

#[test]
fn one_gzip_member_is_unpacked_and_digested_as_stored() {
    for text in [&b"a\nbb\nccc\n"[..], b"no end", b""] {
        let stored = gzip(text);
        let (found, end) = packed(&stored);
        assert_eq!(found, plain(text, 100).0);
        assert_eq!(
            end,
            Stored {
                size: stored.len() as u64,
                sha256: Digest::of(&stored),
                unpacked: text.len() as u64,
                flaw: None,
                damage: None,
                files: BTreeMap::new(),
                findings: Vec::new()
            }
        );
    }
    let named = flate2::GzBuilder::new().filename("events.ndjson").comment("c").extra(vec![1, 2, 3]);
    let mut encoder = named.write(Vec::new(), Compression::best());
    encoder.write_all(b"x\n").unwrap();
    assert_eq!(packed(&encoder.finish().unwrap()).0, kept(&[b"x\n"]));
}

#[test]
fn whatever_stands_behind_the_one_member_is_a_flaw() {
    let good = gzip(b"a\nb\n");
    for (behind, word) in [(gzip(b"c\n"), "another member"), (vec![0], "more bytes"), (b"\n".to_vec(), "more bytes")] {
        let stored = [&good[..], &behind].concat();
        let (found, end) = packed(&stored);
        assert_eq!(found, kept(&[b"a\n", b"b\n"]));
        assert_eq!((end.size, end.sha256), (stored.len() as u64, Digest::of(&stored)));
        let (what, byte) = end.flaw.unwrap();
        assert!(what.contains(word) && byte == good.len() as u64, "{what} {byte}");
    }
}

#[test]
fn every_cut_and_every_flip_of_a_gzip_file_is_a_flaw_or_free() {
    let text = b"{\"a\":1}\n{\"b\":2}\n{\"c\":3}";
    let good = gzip(text);
    for length in 0..good.len() {
        let (found, end) = packed(&good[..length]);
        let (_, byte) = end.flaw.unwrap();
        assert!(byte <= length as u64);
        let whole = length + 8 >= good.len();
        assert_eq!(found.len(), if whole { 3 } else { found.len().min(2) }, "a line that may be cut off is not delivered: {length}");
        assert_eq!(end.sha256, Digest::of(&good[..length]));
    }
    let mut free = Vec::new();
    for at in 0..good.len() {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        let (found, end) = packed(&bytes);
        if end.flaw.is_none() {
            assert_eq!(found, plain(text, 100).0);
            free.push(at);
        }
    }
    // Flag "text" (3), time (4..8), extra flags (8), system (9): RFC 1952 gives them no influence on the data.
    assert_eq!(free, [3, 4, 5, 6, 7, 8, 9]);
}

#[test]
fn a_bomb_reaches_a_limit() {
    let bomb = gzip(&vec![b'\n'; 20 * 1024 * 1024]);
    let flag = |limits: Limits| match lines(&bomb[..], true, 1 << 20, &limits) {
        Err(Error::Limit { flag, .. }) => flag,
        other => panic!("{:?}", other.map(|(lines, stored)| (lines.len(), stored))),
    };
    assert_eq!(flag(Limits::default()), "--max-ratio");
    assert_eq!(flag(Limits { max_unpacked: 1024, ..Limits::default() }), "--max-unpacked");
    let (found, _) = lines(&bomb[..], true, 1 << 20, &Limits { max_ratio: 2000, ..Limits::default() }).unwrap();
    assert_eq!(found.len(), 20 * 1024 * 1024);
}

/// Some bytes, then an error.
struct Fails<'a>(&'a [u8], Option<io::Error>);

impl Read for Fails<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self.0.read(out)? {
            0 => Err(self.1.take().expect("nobody reads on after an error")),
            length => Ok(length),
        }
    }
}

#[test]
fn damage_in_the_archive_is_handed_on_and_trouble_is_an_error() {
    let finding = Finding::new(Code::ContainerBroken, "bad check sum");
    let damage = || Some(ReadFault::from(finding.clone()).into());
    let (found, end) = lines(Fails(b"a\nb\nhalf", damage()), false, 100, &Limits::default()).unwrap();
    assert_eq!(found, kept(&[b"a\n", b"b\n"]));
    assert_eq!((end.damage, end.flaw), (Some(finding.clone()), None));
    let stored = gzip(b"a\nb\n");
    let (found, end) = lines(Fails(&stored, damage()), true, 100, &Limits::default()).unwrap();
    assert_eq!((found, end.damage), (kept(&[b"a\n", b"b\n"]), Some(finding)));
    let trouble = lines(Fails(b"a\n", Some(io::Error::other("disk"))), false, 100, &Limits::default());
    assert_eq!(trouble.unwrap_err().exit_code(), 4);
}

proptest! {
    #[test]
    fn any_pieces_and_any_block_size_give_the_same_lines(
        text in proptest::collection::vec(prop_oneof![Just(b'\n'), Just(b'a'), any::<u8>()], 0..600),
        lengths in proptest::collection::vec(1_usize..40, 1..8),
        block in 1_usize..100,
    ) {
        let expected: Vec<Line> = text.split_inclusive(|byte| *byte == b'\n').map(|line| Line::Kept(line.to_vec())).collect();
        let stored = gzip(&text);
        for (bytes, is_gzip) in [(&text, false), (&stored, true)] {
            let pieces = Pieces { bytes, lengths: lengths.clone(), turn: 0 };
            let (found, end) = lines(pieces, is_gzip, block, &Limits::default()).unwrap();
            prop_assert_eq!(&found, &expected);
            prop_assert_eq!(end.sha256, Digest::of(bytes));
            prop_assert_eq!(end.unpacked, text.len() as u64);
        }
    }
}
