//! Folders, archives and loose files through the public door: what ordinary tools write is read, what is damaged is never read as something else.

#![allow(clippy::arithmetic_side_effects, clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "test code")]

mod archives;
mod files;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use unbroken::bundle::{Container, Limits, ReadFault, Whole};
use unbroken::finding::Code;

type Members = BTreeMap<String, Vec<u8>>;

#[derive(Debug, PartialEq)]
enum Outcome {
    /// Exit code.
    Error(u8),
    /// The first finding, while opening or reading.
    Finding(Code),
    Read(Members),
}

fn open(paths: &[PathBuf], limits: &Limits) -> Outcome {
    let container = match Container::open(paths, limits) {
        Ok(container) => container,
        Err(error) => return Outcome::Error(error.exit_code()),
    };
    if let Some(finding) = container.findings().first() {
        return Outcome::Finding(finding.code);
    }
    let mut members = Members::new();
    for member in container.members() {
        match container.read(&member.name, 1 << 30) {
            Ok(Whole::Bytes(bytes)) => members.insert(member.name.clone(), bytes),
            Ok(Whole::Larger(size)) => panic!("{size}"),
            Err(ReadFault::Finding(finding)) => return Outcome::Finding(finding.code),
            Err(ReadFault::Error(error)) => return Outcome::Error(error.exit_code()),
        };
    }
    container.unchanged().unwrap();
    Outcome::Read(members)
}

fn open_one(path: &Path) -> Outcome {
    open(&[path.to_owned()], &Limits::default())
}

/// Opens bytes as a file of any name.
fn open_bytes(folder: &Path, bytes: &[u8]) -> Outcome {
    let path = folder.join("bytes");
    fs::write(&path, bytes).unwrap();
    open_one(&path)
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn members() -> Members {
    let events = b"{\"seq\":1}\n".repeat(40);
    [("manifest.json", b"{\"a\":1}".to_vec()), ("manifest.sig", b"{}".to_vec()), ("events.ndjson", events)]
        .map(|(name, bytes)| (name.to_owned(), bytes))
        .into()
}

fn write(folder: &Path, members: &Members) -> PathBuf {
    let inner = folder.join("bundle");
    fs::create_dir(&inner).unwrap();
    for (name, bytes) in members {
        fs::write(inner.join(name), bytes).unwrap();
    }
    inner
}

/// Runs a program that the test needs; its standard output.
fn run(program: &str, arguments: &[&str], folder: &Path) -> Vec<u8> {
    let output = Command::new(program).args(arguments).current_dir(folder).stderr(Stdio::inherit()).output();
    let output = output.unwrap_or_else(|error| panic!("{program} is needed: {error}"));
    assert!(output.status.success(), "{program} {arguments:?}");
    output.stdout
}
