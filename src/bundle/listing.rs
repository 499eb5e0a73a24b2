//! The list `files` of a manifest: entries, their names, and which roles there must be. Not here: whether the files are there.

use std::collections::HashSet;

use super::fields::{Faults, Field, cut, is_label};
use super::manifest::{FileEntry, NAME, Role};
use crate::finding::{Code, Finding};

/// Characters of a member's name at most.
const MEMBER_NAME: usize = 128;

/// Members that stand for themselves, and are not listed.
const UNLISTED: [&str; 2] = [NAME, "manifest.sig"];

/// Endings by which people and tools take a file for events or their table.
const LIKE_EVENTS: [&str; 6] = [".csv", ".csv.gz", ".json", ".json.gz", ".ndjson", ".ndjson.gz"];

impl Role {
    const ALL: [Self; 6] = [Self::Credentials, Self::Events, Self::Genesis, Self::GenesisSignature, Self::Other, Self::Table];

    /// As the manifest writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Credentials => "credentials",
            Self::Events => "events",
            Self::Genesis => "genesis",
            Self::GenesisSignature => "genesis-signature",
            Self::Other => "other",
            Self::Table => "table",
        }
    }
}

/// Reads the list. Entries without their form are faults; a name or role that is not allowed is a finding, and entries with such names are left out.
pub(super) fn read(field: &Field<'_>, faults: &mut Faults, findings: &mut Vec<Finding>) -> Option<Vec<FileEntry>> {
    let items = field.array(faults)?;
    let read: Vec<_> = items.iter().map(|item| entry(item, faults)).collect();
    let mut files = Vec::new();
    let mut paths = HashSet::new();
    for (item, entry) in items.iter().zip(&read) {
        let Some(entry) = entry else { continue };
        match name_fault(entry, &mut paths) {
            Some(fault) => findings.push(roles(format!("`{}/path`: {fault}", item.pointer))),
            None => files.push(entry.clone()),
        }
    }
    if read.contains(&None) {
        return None;
    }
    findings.extend(role_faults(&files).into_iter().map(roles));
    Some(files)
}

fn roles(message: String) -> Finding {
    Finding::new(Code::ManifestRoles, message)
        .in_file(NAME, None)
        .help("ask the producer for an export whose list of files keeps the format audit-bundle/1")
}

fn entry(item: &Field<'_>, faults: &mut Faults) -> Option<FileEntry> {
    let object = item.object(faults)?;
    object.only(&["path", "role", "size", "sha256"], faults);
    let path = object.required("path", faults).and_then(|field| field.string(faults));
    let role = object.required("role", faults).and_then(|field| {
        let text = field.string(faults)?;
        let known = Role::ALL.into_iter().find(|role| role.name() == text);
        known.or_else(|| field.wrong(&format!("one of {}", Role::ALL.map(Role::name).join(", ")), faults))
    });
    let size = object.required("size", faults).and_then(|field| field.integer(faults));
    let sha256 = object.required("sha256", faults).and_then(|field| field.digest(faults));
    Some(FileEntry { path: path?.to_owned(), role: role?, size: size?, sha256: sha256? })
}

fn name_fault<'f>(entry: &'f FileEntry, paths: &mut HashSet<&'f str>) -> Option<String> {
    let path = entry.path.as_str();
    if !is_label(path, MEMBER_NAME) || path.starts_with('.') {
        return Some(format!("expected 1 to {MEMBER_NAME} of the characters A-Z a-z 0-9 . _ -, no dot first, found \"{}\"", cut(path)));
    }
    if UNLISTED.contains(&path) {
        return Some(format!("expected files beside the manifest and its signature, found \"{path}\""));
    }
    if !paths.insert(path) {
        return Some(format!("expected each file once, found \"{path}\" again"));
    }
    None
}

fn role_faults(files: &[FileEntry]) -> Vec<String> {
    let count = |role: Role| files.iter().filter(|file| file.role == role).count();
    let mut faults = Vec::new();
    if count(Role::Events) != 1 {
        faults.push(format!("`/files`: expected exactly one file with the role \"events\", found {}", count(Role::Events)));
    }
    for role in [Role::Credentials, Role::Genesis, Role::GenesisSignature, Role::Table] {
        if count(role) > 1 {
            faults.push(format!("`/files`: expected at most one file with the role \"{}\", found {}", role.name(), count(role)));
        }
    }
    match (count(Role::Genesis), count(Role::GenesisSignature)) {
        (1.., 0) => faults.push("`/files`: expected a file with the role \"genesis-signature\" beside the genesis block, found none".to_owned()),
        (0, 1..) => faults.push("`/files`: expected a file with the role \"genesis\" beside its signature, found none".to_owned()),
        _ => {}
    }
    faults.extend(files.iter().filter_map(like_events));
    faults
}

fn like_events(file: &FileEntry) -> Option<String> {
    let lower = file.path.to_ascii_lowercase();
    let ending = LIKE_EVENTS.iter().find(|ending| file.role == Role::Other && lower.ends_with(**ending))?;
    Some(format!("`/files`: expected no file with the role \"other\" to end in `{ending}`, as if it were events, found \"{}\"", file.path))
}
