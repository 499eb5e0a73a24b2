//! A bundle as a folder, or as loose files: plain files, each opened once when the bundle is opened. Links, sub-folders and devices are never opened.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::name::{self, MANIFEST};
use super::source::{self, Links, Source};
use super::{Limits, too_many};
use crate::error::Error;
use crate::finding::{Code, Finding};

/// The files of a bundle that is no archive.
#[derive(Debug, Default)]
pub(super) struct Files {
    /// By name.
    pub(super) files: Vec<(String, Source)>,
    pub(super) findings: Vec<Finding>,
    pub(super) notes: Vec<String>,
}

/// Opens the files of a folder.
pub(super) fn open(folder: &Path, limits: &Limits) -> Result<Files, Error> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|error| Error::io(folder, "list", &error))? {
        paths.push(entry.map_err(|error| Error::io(folder, "list", &error))?.path());
        if u64::try_from(paths.len()).unwrap_or(u64::MAX) > limits.max_entries {
            return Err(too_many(&folder.display().to_string(), limits));
        }
    }
    paths.sort();
    if !paths.iter().any(|path| base_name(path) == MANIFEST) {
        return Err(Error::Environment {
            what: format!("the folder {} is no bundle: it has no {MANIFEST}", folder.display()),
            hint: format!(
                "give the folder that holds {MANIFEST} itself; of a raw export, name the files inside it: unbroken verify {}",
                folder.join(format!("*.{}", kind_of(&paths))).display()
            ),
        });
    }
    let mut files = Files::default();
    for path in paths {
        let seen = Links::Refuse.look(&path).map_err(|error| Error::io(&path, "look at", &error))?;
        let name = base_name(&path);
        if !seen.is_file() {
            let message = format!("expected a regular file, found {}: {name:?}", source::kind(&seen));
            files.findings.push(Finding::new(Code::ContainerNotRegular, message).in_file(name, None));
        } else if files.admits(&name) {
            files.files.push((name, Source::open(&path, Links::Refuse)?));
        }
    }
    Ok(files)
}

/// Opens loose files, of which exactly one is the manifest.
pub(super) fn open_loose(paths: &[PathBuf], limits: &Limits) -> Result<Files, Error> {
    let names: Vec<String> = paths.iter().map(|path| base_name(path)).collect();
    let mut seen: HashMap<&str, &PathBuf> = HashMap::new();
    for (name, path) in names.iter().zip(paths) {
        if let Some(first) = seen.insert(name, path) {
            return Err(Error::Usage {
                what: format!("{} and {} are both named {name:?}", first.display(), path.display()),
                hint: "give each file of the bundle once; verify two bundles in two commands".to_owned(),
            });
        }
    }
    if u64::try_from(paths.len()).unwrap_or(u64::MAX) > limits.max_entries {
        return Err(too_many("the files given", limits));
    }
    if !seen.contains_key(MANIFEST) {
        return Err(Error::Environment {
            what: format!("the files given are no bundle: none of them is named {MANIFEST}"),
            hint: format!("give the {MANIFEST} that belongs to them too"),
        });
    }
    let mut files = Files::default();
    for (name, path) in names.into_iter().zip(paths) {
        let source = Source::open(path, Links::Follow)?;
        if files.admits(&name) {
            files.files.push((name, source));
        }
    }
    Ok(files)
}

impl Files {
    /// Whether a file of this name is a member; says so where it is not.
    fn admits(&mut self, name: &str) -> bool {
        if name::left_by_system(name) {
            self.notes.push(format!("{name}: left by the operating system, not read"));
            return false;
        }
        if !name::allowed(name.as_bytes()) {
            let message = format!("expected a name of {}, found {name:?}", name::RULE);
            self.findings.push(Finding::new(Code::ContainerName, message).in_file(name, None));
            return false;
        }
        let same = |other: &&(String, Source)| other.0.eq_ignore_ascii_case(name);
        if let Some((other, _)) = self.files.iter().find(same) {
            let message = format!("{other:?} and {name:?} are one name where upper and lower case count as one");
            self.findings.push(Finding::new(Code::ContainerDuplicate, message).in_file(name, None));
        }
        true
    }
}

fn base_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// How the names of most exports end, if none of these does.
fn kind_of(paths: &[PathBuf]) -> String {
    let known = |path: &PathBuf| path.extension().map(|extension| extension.to_string_lossy().into_owned());
    let ends = ["json", "ndjson", "jsonl", "csv", "gz"];
    paths.iter().filter_map(known).find(|end| ends.contains(&end.as_str())).unwrap_or_else(|| "json".to_owned())
}
