//! Reports in files: checked before the work starts, written whole or not at all. A symbolic link is never followed: with `--force` it is
//! replaced, not what it names.

use std::fs::Metadata;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use super::values::{Format, ReportTarget};
use crate::error::Error;

/// Whether a report may take the place of another file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Existing {
    Keep,
    Replace,
}

/// A report that can be written, as far as that can be known beforehand.
#[derive(Debug)]
pub(super) struct ReportFile {
    pub format: Format,
    path: PathBuf,
    folder: PathBuf,
    existing: Existing,
}

/// Checks all targets. `inputs` are the files and folders that are read; no report may touch them.
pub(super) fn check(targets: Vec<ReportTarget>, existing: Existing, inputs: &[&Path]) -> Result<Vec<ReportFile>, Error> {
    let mut seen: Vec<PathBuf> = Vec::new();
    let mut files = Vec::new();
    for target in targets {
        let file = ReportFile { format: target.format, folder: folder_of(&target.path), path: target.path, existing };
        let place = file.place()?;
        if seen.contains(&place) {
            return Err(usage(&file.path, "is named by two --report", "give each report its own file"));
        }
        file.spares(inputs, &place)?;
        file.may_stand()?;
        new_file(&file.folder).map_err(|source| Error::io(&file.folder, "write in", &source))?;
        seen.push(place);
        files.push(file);
    }
    Ok(files)
}

impl ReportFile {
    /// Writes it under another name in the same folder, then moves it into its place.
    pub fn write(&self, text: &str) -> Result<(), Error> {
        let written = new_file(&self.folder).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.as_file().sync_all()?;
            match self.existing {
                Existing::Keep => file.persist_noclobber(&self.path),
                Existing::Replace => file.persist(&self.path),
            }
            .map_err(|refused| refused.error)
        });
        written.map(drop).map_err(|source| Error::io(&self.path, "write", &source))
    }

    /// The one name of the place where it will stand, however it was spelt.
    fn place(&self) -> Result<PathBuf, Error> {
        let name = self.path.file_name().ok_or_else(|| usage(&self.path, "names no file", "give a file, not a folder"))?;
        let folder = self.folder.canonicalize().map_err(|source| Error::io(&self.folder, "write in", &source))?;
        Ok(folder.join(name))
    }

    /// No report stands where an input stands, nor inside a folder that is one: there it would be an unlisted file.
    fn spares(&self, inputs: &[&Path], place: &Path) -> Result<(), Error> {
        let target = self.path.canonicalize().unwrap_or_else(|_| place.to_owned());
        for input in inputs.iter().filter_map(|input| input.canonicalize().ok()) {
            if input == target || input == place {
                return Err(usage(&self.path, "is also an input", "write the report to another file"));
            }
            if place.starts_with(&input) {
                return Err(usage(&self.path, "lies in the bundle's folder", "write the report outside of what is verified"));
            }
        }
        Ok(())
    }

    /// What stands there already may be replaced.
    fn may_stand(&self) -> Result<(), Error> {
        let found = match self.path.symlink_metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(Error::io(&self.path, "write", &error)),
            Ok(found) => found,
        };
        if !is_replaceable(&found) {
            return Err(usage(&self.path, "is not a regular file", "give a file name; for a pipe, use --format and stdout"));
        }
        match self.existing {
            Existing::Keep => Err(usage(&self.path, "exists already", "give another name, or --force to replace it")),
            Existing::Replace => Ok(()),
        }
    }
}

fn is_replaceable(found: &Metadata) -> bool {
    found.is_file() || found.is_symlink()
}

fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// A new file that vanishes when it is dropped, with the rights that any new file of the user has.
fn new_file(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(".unbroken-").suffix(".tmp");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

fn usage(path: &Path, what: &str, hint: &str) -> Error {
    Error::Usage { what: format!("the report file {} {what}", path.display()), hint: hint.to_owned() }
}
