//! Which of the named paths are one bundle: each folder and each zip is one, the other files together are one. What they hold is for
//! [`crate::bundle`] to say.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// One bundle to verify, or why it cannot be looked at.
#[derive(Debug)]
pub(super) struct Input {
    /// As given; loose files joined by `, `.
    pub label: String,
    /// Its paths.
    pub paths: Result<Vec<PathBuf>, Error>,
}

enum Kind {
    /// A bundle by itself.
    Alone,
    /// One file of the loose ones.
    Loose,
    /// It cannot be opened.
    Unknown(Error),
}

/// The bundles among the paths, each at the place of its first path.
///
/// A path that cannot be opened may be one of the loose files; verifying the others without it would call a mistyped name a missing file. So then
/// the loose files are not verified at all.
pub(super) fn group(paths: &[PathBuf]) -> Vec<Input> {
    let kinds: Vec<Kind> = paths.iter().map(|path| kind(path)).collect();
    let any_loose = kinds.iter().any(|kind| matches!(kind, Kind::Loose));
    let mut inputs: Vec<Input> = Vec::new();
    let mut loose: Option<usize> = None;
    for (path, kind) in paths.iter().zip(kinds) {
        let (joins, found) = match kind {
            Kind::Alone => (false, Ok(())),
            Kind::Loose => (true, Ok(())),
            Kind::Unknown(error) => (any_loose && !is_named_zip(path), Err(error)),
        };
        match loose.and_then(|at| inputs.get_mut(at)).filter(|_| joins) {
            Some(bundle) => add(bundle, path, found),
            None => {
                loose = if joins { Some(inputs.len()) } else { loose };
                inputs.push(Input { label: path.display().to_string(), paths: found.map(|()| vec![path.clone()]) });
            }
        }
    }
    inputs
}

fn add(bundle: &mut Input, path: &Path, found: Result<(), Error>) {
    bundle.label.push_str(&format!(", {}", path.display()));
    match (&mut bundle.paths, found) {
        (Ok(paths), Ok(())) => paths.push(path.to_owned()),
        (paths @ Ok(_), Err(error)) => *paths = Err(error),
        (Err(_), _) => {}
    }
}

fn kind(path: &Path) -> Kind {
    look(path).unwrap_or_else(Kind::Unknown)
}

fn look(path: &Path) -> Result<Kind, Error> {
    if path == Path::new("-") {
        return Ok(Kind::Loose);
    }
    let metadata = path.metadata().map_err(|source| Error::io(path, "open", &source))?;
    if metadata.is_dir() {
        return Ok(Kind::Alone);
    }
    if !metadata.is_file() {
        // Opening a pipe without a writer would hang.
        let what = format!("{} is neither a file nor a folder", path.display());
        return Err(Error::Environment { what, hint: "save it to a file first, and name that".to_owned() });
    }
    let mut start = Vec::new();
    let file = File::open(path).map_err(|source| Error::io(path, "open", &source))?;
    file.take(4).read_to_end(&mut start).map_err(|source| Error::io(path, "read", &source))?;
    Ok(if is_zip(&start) { Kind::Alone } else { Kind::Loose })
}

/// The signatures that an archive may start with (APPNOTE 4.3.7, 4.3.16, 8.5.4).
fn is_zip(start: &[u8]) -> bool {
    [b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"].iter().any(|signature| start == *signature)
}

fn is_named_zip(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loose_files_are_one_bundle_and_archives_one_each() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        for (name, bytes) in [("a.zip", &b"PK\x03\x04.."[..]), ("manifest.json", b"{}"), ("renamed.bin", b"PK\x05\x06"), ("events.ndjson", b"")] {
            std::fs::write(path(name), bytes).expect("a file");
        }
        let names = ["manifest.json", "a.zip", ".", "events.ndjson", "renamed.bin"];
        let inputs = group(&names.map(path));
        let groups: Vec<_> = inputs.iter().map(|input| input.paths.as_ref().expect("opened").clone()).collect();
        let expected = [&["manifest.json", "events.ndjson"][..], &["a.zip"], &["."], &["renamed.bin"]];
        assert_eq!(groups, expected.map(|names| names.iter().copied().map(path).collect::<Vec<_>>()));
    }

    #[test]
    fn a_mistyped_loose_file_stops_only_the_loose_files() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("manifest.json"), b"{}").expect("a file");
        std::fs::write(path("a.zip"), b"PK\x03\x04").expect("a file");
        let inputs = group(&["manifest.json", "evnets.ndjson", "a.zip", "b.zip"].map(path));
        let opened: Vec<_> = inputs.iter().map(|input| input.paths.is_ok()).collect();
        assert_eq!(opened, [false, true, false]);
        assert_eq!(group(&["x", "y"].map(path)).len(), 2, "without loose files, each is reported by itself");
    }
}
