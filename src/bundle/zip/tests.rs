//! Foreign archives: the hostile ones are refused; of whatever is accepted, Python's `zipfile` and Info-ZIP's `unzip` see the same names and bytes.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::*;
use crate::bundle::source::Links;

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/vectors/zip");

type Members = BTreeMap<String, Vec<u8>>;

/// What is read from an archive, or the code of the first thing that is wrong.
fn read(path: &Path) -> Result<Members, String> {
    let source = Source::open(path, Links::Follow).map_err(|error| error.to_string())?;
    if !recognise(&source).map_err(|error| error.to_string())? {
        return Err("no archive".to_owned());
    }
    let limits = Limits { max_unpacked: 1 << 24, ..Limits::default() };
    let entries = match examine(&source, &limits) {
        Ok(Ok(entries)) => entries,
        Ok(Err(findings)) => return Err(findings.first().expect("a refusal has a finding").code.name().to_owned()),
        Err(error) => return Err(format!("error {}", error.exit_code())),
    };
    let mut members = Members::new();
    for entry in &entries {
        let mut bytes = Vec::new();
        match Unpack::new(&source, entry, &limits).read_to_end(&mut bytes).map_err(ReadFault::from_io) {
            Ok(_) => members.insert(entry.name.clone(), bytes),
            Err(ReadFault::Finding(finding)) => return Err(finding.code.name().to_owned()),
            Err(ReadFault::Error(error)) => return Err(format!("error {}", error.exit_code())),
        };
    }
    Ok(members)
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.unwrap().path();
        if path.is_dir() { out.extend(files(&path)) } else { out.push(path) }
    }
    out.sort();
    out
}

/// Names and bytes as Python's `zipfile` gives them, for many archives at a time; none where it refuses.
fn python(paths: &[PathBuf]) -> Vec<Option<Members>> {
    const SCRIPT: &str = r#"
import sys, zipfile
for path in sys.argv[1:]:
    try:
        with zipfile.ZipFile(path) as archive:
            print(" ".join(f"{info.filename}:{archive.read(info).hex()}" for info in archive.infolist()))
    except Exception:
        print("!")
"#;
    let output = Command::new("python3").arg("-c").arg(SCRIPT).args(paths).output().expect("python3 is needed");
    let text = String::from_utf8(output.stdout).unwrap();
    let member = |word: &str| word.split_once(':').map(|(name, hex)| (name.to_owned(), unhex(hex))).unwrap();
    let all: Vec<_> = text.lines().map(|line| (line != "!").then(|| line.split_whitespace().map(member).collect())).collect();
    assert_eq!(all.len(), paths.len(), "{}", String::from_utf8_lossy(&output.stderr));
    all
}

fn unhex(hex: &str) -> Vec<u8> {
    hex.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// Names and bytes as `unzip` gives them.
fn unzip(path: &Path) -> Members {
    let run =
        |arguments: &[&str], name: &[&str]| Command::new("unzip").args(arguments).arg(path).args(name).output().expect("unzip is needed").stdout;
    let names = String::from_utf8(run(&["-Z1"], &[])).unwrap();
    names.lines().map(|name| (name.to_owned(), run(&["-p"], &[name]))).collect()
}

/// Every archive is refused, or all three readers agree about it. Gives the accepted ones.
fn agree_or_refuse(paths: &[PathBuf]) -> Vec<String> {
    let accepted: Vec<(PathBuf, Members)> = paths.iter().filter_map(|path| Some((path.clone(), read(path).ok()?))).collect();
    let names: Vec<PathBuf> = accepted.iter().map(|(path, _)| path.clone()).collect();
    for ((path, members), python) in accepted.iter().zip(python(&names)) {
        assert_eq!(python.as_ref(), Some(members), "zipfile reads {} differently", path.display());
        if !members.is_empty() {
            assert_eq!(&unzip(path), members, "unzip reads {} differently", path.display());
        }
    }
    names.iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
}

#[test]
fn hostile_archives_of_other_projects_are_refused() {
    let mut hostile = files(&Path::new(VECTORS).join("yauzl/failure"));
    let named = |path: &PathBuf, word: &str| path.file_name().unwrap().to_string_lossy().contains(word);
    hostile.extend(files(&Path::new(VECTORS).join("libzip")).into_iter().filter(|path| named(path, "incons-") || named(path, "duplicate")));
    assert!(hostile.len() > 55, "{}", hostile.len());
    let accepted: Vec<_> = hostile.iter().filter(|path| read(path).is_ok()).map(|path| path.file_name().unwrap().to_string_lossy()).collect();
    // The date of the directory differs from that of the local header: it says nothing about names and bytes.
    assert_eq!(accepted, ["incons-central-date.zip"]);
}

#[test]
fn other_archives_are_refused_or_read_alike() {
    for folder in ["go", "libzip", "yauzl", "zip2"] {
        let accepted = agree_or_refuse(&files(&Path::new(VECTORS).join(folder)));
        assert!(folder == "yauzl" || !accepted.is_empty(), "{folder}: nothing accepted");
        println!("{folder}: {accepted:?}");
    }
}

#[test]
fn ambiguous_and_fuzzed_archives_are_refused_or_read_alike() {
    for (archive, least) in [("zipdiff-ambiguous-all.tar.gz", 5900), ("zip2-fuzz-read.tar.gz", 900)] {
        let folder = tempfile::tempdir().unwrap();
        let tar = Command::new("tar").arg("xzf").arg(Path::new(VECTORS).join(archive)).arg("-C").arg(folder.path()).status();
        assert!(tar.expect("tar is needed").success());
        let paths = files(folder.path());
        assert!(paths.len() >= least, "{}", paths.len());
        println!("{archive}: {:?}", agree_or_refuse(&paths));
    }
}

#[test]
fn each_fault_has_its_code() {
    for (vector, code) in [
        ("go/subdir.zip", "container.repacked"),
        ("go/symlink.zip", "container.not-regular"),
        ("go/test-trailing-junk.zip", "container.ambiguous"),
        ("libzip/encrypt.zip", "container.unsupported"),
        ("libzip/filename_duplicate.zip", "container.duplicate"),
        ("libzip/incons-local-filename.zip", "container.ambiguous"),
        ("libzip/junk-at-start.zip", "container.ambiguous"),
        ("libzip/testbzip2.zip", "container.unsupported"),
        ("libzip/testcomment.zip", "container.ambiguous"),
        ("yauzl/failure/invalid relative path xt.zip", "container.name"),
        ("zip2/aes_archive.zip", "container.unsupported"),
    ] {
        assert_eq!(read(&Path::new(VECTORS).join(vector)), Err(code.to_owned()), "{vector}");
    }
}
