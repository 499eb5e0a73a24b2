//! A small bundle with one byte changed, taken out, or written twice, or with its end cut off.

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use unbroken::error::Error;
use unbroken::report::Verdict;
use unbroken::trust::Trust;
use unbroken::verify::{Quiet, Request, verify};

use crate::forge::bundle::{Bundle, Start};
use crate::forge::container::{Archive, Files, Method};
use crate::forge::record::{Profile, Proof};
use crate::meaningless::{Kind, Map, OF_STRUCTURE};
use crate::{Desk, spread};

/// What is done to the bytes of one file.
#[derive(Clone, Copy, Debug)]
enum Edit {
    /// The file ends before this byte.
    Cut(usize),
    /// This byte is taken out.
    Delete(usize),
    /// This byte is written twice.
    Double(usize),
    /// These bits of this byte are turned over.
    Flip(usize, u8),
}

impl Edit {
    fn all(length: usize) -> Vec<Self> {
        let flips = (0..length).flat_map(|at| (0..8).map(move |bit| Self::Flip(at, 1 << bit)));
        let others = (0..length).flat_map(|at| [Self::Cut(at), Self::Delete(at), Self::Double(at)]);
        flips.chain(others).collect()
    }

    fn apply(self, bytes: &[u8]) -> Vec<u8> {
        let mut changed = bytes.to_vec();
        match self {
            Self::Cut(at) => changed.truncate(at),
            Self::Delete(at) => drop(changed.remove(at)),
            Self::Double(at) => changed.insert(at, bytes[at]),
            Self::Flip(at, mask) => changed[at] ^= mask,
        }
        changed
    }
}

/// How a bundle came out: whether it passes, or what no input may cause.
fn passes(path: &Path, trust: &Trust) -> Result<bool, String> {
    let result = catch_unwind(AssertUnwindSafe(|| verify(&[path.to_owned()], &Request::new(trust), &Quiet)));
    match result.map_err(|_| "a panic".to_owned())? {
        Ok(report) => Ok(report.verdict() == Verdict::Pass),
        Err(Error::Environment { .. } | Error::Limit { .. }) => Ok(false),
        Err(error) => Err(format!("{error:?}")),
    }
}

/// With the MAC key and without: whether either passes.
fn either_passes(path: &Path, desk: &Desk) -> Result<bool, String> {
    Ok(passes(path, &desk.keyed)? | passes(path, &desk.plain)?)
}

fn assert_none(wrong: &[String]) {
    let some: Vec<&String> = wrong.iter().take(20).collect();
    assert!(wrong.is_empty(), "{} edits with another answer, the first ones: {some:#?}", wrong.len());
}

/// Runs all edits of an archive; returns which kinds of meaningless bytes did pass.
fn archive(method: Method, bundle: &Bundle) -> BTreeSet<Kind> {
    let desk = Desk::new();
    let honest = Archive::of(&bundle.sealed(), method).bytes();
    let path = desk.folder.path().join("honest.zip");
    fs::write(&path, &honest).unwrap();
    assert_eq!((passes(&path, &desk.keyed), passes(&path, &desk.plain)), (Ok(true), Ok(true)));
    let map = Map::of(&honest);
    let edits = Edit::all(honest.len());
    let said = spread(&desk, &edits, |edit, folder| {
        let (path, changed) = (folder.join("bundle.zip"), edit.apply(&honest));
        fs::write(&path, &changed).unwrap();
        match either_passes(&path, &desk) {
            Ok(false) => Ok(None),
            Ok(true) => match edit {
                Edit::Flip(at, _) => map.kind(&honest, &changed, *at).map(Some).ok_or_else(|| format!("{edit:?}: a PASS")),
                _ => Err(format!("{edit:?}: a PASS")),
            },
            Err(error) => Err(format!("{edit:?}: {error}")),
        }
    });
    let (fine, wrong): (Vec<_>, Vec<_>) = said.into_iter().partition(Result::is_ok);
    assert_none(&wrong.into_iter().filter_map(Result::err).collect::<Vec<_>>());
    fine.into_iter().filter_map(Result::unwrap).collect()
}

/// Runs all edits of all files of a folder.
fn folder(files: &Files) {
    let desk = Desk::new();
    let work: Vec<(&String, Edit)> =
        files.iter().flat_map(|(name, bytes)| Edit::all(bytes.len()).into_iter().map(move |edit| (name, edit))).collect();
    let lay = |folder: &Path| files.iter().for_each(|(name, bytes)| fs::write(folder.join(name), bytes).unwrap());
    let honest = tempfile::tempdir().unwrap();
    lay(honest.path());
    assert_eq!((passes(honest.path(), &desk.keyed), passes(honest.path(), &desk.plain)), (Ok(true), Ok(true)));
    let said = spread(&desk, &work, |(name, edit), folder| {
        if !folder.join("manifest.json").exists() {
            lay(folder);
        }
        fs::write(folder.join(name), edit.apply(&files[*name])).unwrap();
        let said = either_passes(folder, &desk);
        fs::write(folder.join(name), &files[*name]).unwrap();
        match said {
            Ok(false) => None,
            Ok(true) => Some(format!("{name}: {edit:?}: a PASS")),
            Err(error) => Some(format!("{name}: {edit:?}: {error}")),
        }
    });
    assert_none(&said.into_iter().flatten().collect::<Vec<_>>());
}

#[test]
fn no_byte_of_a_stored_archive() {
    let passed = archive(Method::Stored, &Bundle::honest(Profile::FileTransfer, Start::Middle, 3, Proof::Mac));
    assert_eq!(passed, OF_STRUCTURE.into_iter().collect(), "a kind of byte is listed as meaningless and can never pass, or the other way round");
}

#[test]
fn no_byte_of_a_deflated_archive() {
    let passed = archive(Method::Deflated, &Bundle::honest(Profile::Qustody, Start::Middle, 3, Proof::None));
    let expected = OF_STRUCTURE.into_iter().chain([Kind::SameWhenUnpacked]).collect();
    assert_eq!(passed, expected, "a kind of byte is listed as meaningless and can never pass, or the other way round");
}

#[test]
fn no_byte_of_a_folder() {
    folder(&Bundle::honest(Profile::FileTransfer, Start::First, 3, Proof::Mac).sealed());
}

/// What gzip leaves free (time, system, names) is not free here: the manifest digests the compressed bytes.
#[test]
fn no_byte_of_a_compressed_events_file() {
    let mut bundle = Bundle::honest(Profile::FileTransfer, Start::Middle, 3, Proof::Both);
    bundle.events_name = "events.ndjson.gz";
    folder(&bundle.sealed());
}
