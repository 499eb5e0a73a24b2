//! What a member may be called: the one rule for folders, archives and loose files.

/// The statement about the export; every bundle has it.
pub(super) const MANIFEST: &str = "manifest.json";

/// The rule, for a sentence.
pub(super) const RULE: &str = "1 to 128 of A-Z a-z 0-9 . _ -, not starting with a dot";

/// Whether a member may have this name.
pub(super) fn allowed(name: &[u8]) -> bool {
    let character = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-".contains(byte);
    (1..=128).contains(&name.len()) && !name.starts_with(b".") && name.iter().all(character)
}

/// Files that an operating system leaves in a folder by itself.
pub(super) fn left_by_system(name: &str) -> bool {
    [".DS_Store", "Thumbs.db", "desktop.ini"].contains(&name)
}
