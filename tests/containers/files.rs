//! Folders, loose files, and what is no bundle at all.

use std::fs;
use std::path::{Path, PathBuf};

use unbroken::bundle::{Container, Limits, ReadFault};
use unbroken::error::Error;
use unbroken::finding::Code;

use super::{Outcome, folder, members, open, open_bytes, open_one, run, write};

#[test]
fn what_is_no_bundle_is_trouble_not_a_verdict() {
    let temporary = folder();
    let mut tar = vec![0; 600];
    tar[257..262].copy_from_slice(b"ustar");
    let empty_zip = b"PK\x05\x06".iter().copied().chain([0; 18]).collect::<Vec<u8>>();
    for bytes in [&b""[..], b"\x1f\x8b\x08", &tar, b"{}", b"[]", b"a,b\n", &empty_zip] {
        assert_eq!(open_bytes(temporary.path(), bytes), Outcome::Error(4));
    }
    assert_eq!(open_one(&temporary.path().join("absent")), Outcome::Error(4));
    assert_eq!(open_one(Path::new("/dev/null")), Outcome::Error(4));
    fs::write(temporary.path().join("manifest.json"), b"{}").unwrap();
    assert_eq!(open_one(&temporary.path().join("manifest.json")), Outcome::Error(4));
    fs::create_dir(temporary.path().join("empty")).unwrap();
    assert_eq!(open_one(&temporary.path().join("empty")), Outcome::Error(4));
    run("mkfifo", &["pipe"], temporary.path());
    assert_eq!(open_one(&temporary.path().join("pipe")), Outcome::Error(4));
    assert_eq!(open(&[], &Limits::default()), Outcome::Error(2));
}

#[test]
fn a_folder_is_its_plain_files() {
    let temporary = folder();
    let expected = members();
    let inner = write(temporary.path(), &expected);
    fs::write(inner.join(".DS_Store"), b"x").unwrap();
    let container = Container::open(std::slice::from_ref(&inner), &Limits::default()).unwrap();
    assert_eq!((container.notes().len(), container.findings().len(), container.sha256()), (1, 0, None));
    assert_eq!(open_one(&inner), Outcome::Read(expected));
    for (name, code) in [("a b", Code::ContainerName), (".x", Code::ContainerName), ("EVENTS.ndjson", Code::ContainerDuplicate)] {
        fs::write(inner.join(name), b"x").unwrap();
        assert_eq!(open_one(&inner), Outcome::Finding(code));
        fs::remove_file(inner.join(name)).unwrap();
    }
    assert_eq!(open(std::slice::from_ref(&inner), &Limits { max_entries: 3, ..Limits::default() }), Outcome::Error(5));
    fs::create_dir(inner.join("sub")).unwrap();
    assert_eq!(open_one(&inner), Outcome::Finding(Code::ContainerNotRegular));
}

#[cfg(unix)]
#[test]
fn nothing_that_is_no_plain_file_is_opened() {
    let temporary = folder();
    let inner = write(temporary.path(), &members());
    std::os::unix::fs::symlink("/etc/passwd", inner.join("link")).unwrap();
    run("mkfifo", &["pipe"], &inner);
    let container = Container::open(std::slice::from_ref(&inner), &Limits::default()).unwrap();
    assert_eq!(container.findings().iter().map(|finding| finding.code).collect::<Vec<_>>(), [Code::ContainerNotRegular; 2]);
    assert_eq!(container.members().len(), 3);
    std::os::unix::fs::symlink(&inner, temporary.path().join("given")).unwrap();
    assert_eq!(open_one(&temporary.path().join("given")), Outcome::Finding(Code::ContainerNotRegular), "the auditor may give a link");
}

#[test]
fn loose_files_are_one_bundle_in_any_order() {
    let temporary = folder();
    let expected = members();
    let inner = write(temporary.path(), &expected);
    let mut paths: Vec<PathBuf> = expected.keys().map(|name| inner.join(name)).collect();
    assert_eq!(open(&paths, &Limits::default()), Outcome::Read(expected.clone()));
    paths.reverse();
    assert_eq!(open(&paths, &Limits::default()), Outcome::Read(expected));
    assert_eq!(open(&[paths[0].clone(), paths[0].clone()], &Limits::default()), Outcome::Error(2));
    let without: Vec<PathBuf> = paths.into_iter().filter(|path| !path.ends_with("manifest.json")).collect();
    assert_eq!(open(&without, &Limits::default()), Outcome::Error(4));
}

#[test]
fn a_file_that_changes_meanwhile_is_trouble() {
    let temporary = folder();
    let inner = write(temporary.path(), &members());
    let container = Container::open(std::slice::from_ref(&inner), &Limits::default()).unwrap();
    container.unchanged().unwrap();
    fs::write(inner.join("events.ndjson"), b"short").unwrap();
    assert_eq!(container.unchanged().unwrap_err().exit_code(), 4);
    assert!(matches!(container.read("events.ndjson", 1 << 20), Err(ReadFault::Error(Error::Environment { .. }))));
    fs::write(inner.join("e2"), b"x").unwrap();
    fs::rename(inner.join("e2"), inner.join("manifest.json")).unwrap();
    assert_eq!(container.unchanged().unwrap_err().exit_code(), 4);
}
