//! Which proof covers what. Only proofs that hold count: what was not tested, or does not hold, covers nothing.

use std::collections::BTreeMap;

/// A proof that covers a member of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cover {
    /// The digest of the events file, in a manifest that a trusted key signed.
    Manifest,
    /// The event's hash, to which the signed last hash leads.
    Hash,
    /// The event's HMAC.
    Mac,
    /// The event's signature.
    Signature,
    /// The passkey assertion.
    Passkey,
    /// The token.
    Token,
}

impl Cover {
    /// All, in the order of the listing's columns.
    pub const ALL: &'static [Self] = &[Self::Manifest, Self::Hash, Self::Mac, Self::Signature, Self::Passkey, Self::Token];

    /// As in the JSON documents.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hash => "hash",
            Self::Mac => "mac",
            Self::Manifest => "manifest",
            Self::Passkey => "passkey",
            Self::Signature => "signature",
            Self::Token => "token",
        }
    }
}

/// What speaks for a file as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileCover {
    /// A table: its rows say what the events say.
    Events,
    /// Its digest, in a manifest that a trusted key signed.
    Manifest,
    /// A detached signature of a trusted key.
    Signature,
}

impl FileCover {
    /// As in the JSON report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Manifest => "manifest",
            Self::Signature => "signature",
        }
    }
}

/// Which proof covers which file, and which field of the events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// All files that were handed over: the manifest and its signature first, then by name.
    pub files: Vec<CoveredFile>,
    /// Events whose fields are told.
    pub events: u64,
    /// Records that cannot be read, so have no fields.
    pub unreadable: u64,
    /// By JSON Pointer.
    pub fields: Vec<CoveredField>,
    /// The values of all other fields together, where there are more than are told.
    pub others: Covered,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoveredFile {
    /// Its name, as the container or the command line has it.
    pub path: String,
    /// Its size as it is stored.
    pub bytes: u64,
    /// Whether it is a detached signature: nothing covers that, and nothing needs to.
    pub is_proof: bool,
    /// What speaks for it.
    pub covered_by: Vec<FileCover>,
}

impl CoveredFile {
    /// Whether nothing speaks for it, though something should.
    pub fn is_bare(&self) -> bool {
        self.covered_by.is_empty() && !self.is_proof
    }
}

/// One field, in all events that have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoveredField {
    /// JSON Pointer (RFC 6901). An array counts as one value, unless the profile speaks of its items.
    pub pointer: String,
    /// Whether a proof stands in it: a hash, an HMAC, a signature.
    pub is_proof: bool,
    /// In how many events it stands, and what covers it.
    pub covered: Covered,
}

/// Values, and how many of them each proof covers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Covered {
    /// How many there are.
    pub values: u64,
    /// How many of them each proof covers; none: 0.
    pub by: BTreeMap<Cover, u64>,
    /// How many of them nothing covers.
    pub bare: u64,
}

impl Covered {
    /// One value more.
    pub fn add(&mut self, covers: &[Cover]) {
        self.values = self.values.saturating_add(1);
        if covers.is_empty() {
            self.bare = self.bare.saturating_add(1);
        }
        for cover in covers {
            let count = self.by.entry(*cover).or_default();
            *count = count.saturating_add(1);
        }
    }

    /// How many values a proof covers.
    pub fn by(&self, cover: Cover) -> u64 {
        self.by.get(&cover).copied().unwrap_or_default()
    }
}
