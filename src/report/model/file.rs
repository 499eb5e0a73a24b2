//! Files, so that a report can say what exactly it is about.

use crate::digest::Digest;

/// A file of a raw export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawFile {
    /// As findings name it.
    pub path: String,
    /// Its size as it is stored.
    pub bytes: u64,
    /// Digest of its stored bytes.
    pub sha256: Digest,
}

/// A file of the auditor's that a run used: a report says by which keys and by which rules it judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsedFile {
    /// As given, or where it was found.
    pub path: String,
    /// Digest of its bytes.
    pub sha256: Digest,
}
