//! The names in an archive: each allowed, no two alike.

use std::collections::HashMap;

use super::directory::Central;
use crate::bundle::name;
use crate::finding::{Code, Finding};

/// What is wrong with the names; nothing, if every name is a member's.
pub(super) fn findings(file: &str, central: &[Central]) -> Vec<Finding> {
    if let Some(finding) = repacked(file, central) {
        return vec![finding];
    }
    let mut findings = Vec::new();
    let mut seen: HashMap<String, &Central> = HashMap::new();
    for entry in central {
        let shown = entry.shown_name();
        let about = |code, message: String| Finding::new(code, message).in_file(file, Some(entry.at));
        if entry.name.ends_with(b"/") {
            findings.push(about(Code::ContainerNotRegular, format!("{shown} is a folder; a bundle has none")));
        } else if !name::allowed(&entry.name) {
            findings.push(about(Code::ContainerName, format!("expected a name of {}, found {shown}", name::RULE)));
        }
        let folded = String::from_utf8_lossy(&entry.name).to_ascii_lowercase();
        if let Some(first) = seen.insert(folded, entry) {
            let message = format!("{shown} is in the directory at byte {} and again, as {}, at byte {}", entry.at, first.shown_name(), first.at);
            findings.push(about(Code::ContainerDuplicate, message));
        }
    }
    findings
}

/// All files in one folder, or what a Mac adds to an archive.
fn repacked(file: &str, central: &[Central]) -> Option<Finding> {
    let top = |entry: &Central| {
        let slash = entry.name.iter().position(|byte| *byte == b'/')?;
        entry.name.get(..slash).map(<[u8]>::to_vec)
    };
    let mac = central.iter().find(|entry| top(entry).is_some_and(|top| top == b"__MACOSX"));
    let first = central.first()?;
    let folder = top(first).filter(|folder| name::allowed(folder) && central.iter().all(|entry| top(entry).as_ref() == Some(folder)));
    let (entry, found) = match (mac, folder) {
        (Some(entry), _) => (entry, "a folder __MACOSX".to_owned()),
        (None, Some(folder)) => (first, format!("all of them in the folder {:?}", String::from_utf8_lossy(&folder))),
        (None, None) => return None,
    };
    let finding = Finding::new(Code::ContainerRepacked, format!("expected the files at the root of the archive, found {found}"));
    Some(finding.in_file(file, Some(entry.at)).help("re-packed? ask for the original"))
}
