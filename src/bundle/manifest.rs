//! `manifest.json`: the producer's statement about the export, parsed. Exists only if every member has its form; says nothing of whether it is signed,
//! nor whether it is true.

use super::fields::{Fault, Faults};
use super::manifest_reader;
use crate::digest::Digest;
use crate::finding::{Code, Finding};
use crate::json::{self, Value};
use crate::time::Time;

/// The name of the file.
pub const NAME: &str = "manifest.json";

/// The one format that is known.
pub const FORMAT: &str = "audit-bundle/1";

/// Characters of a tenant id at most.
pub const TENANT_ID: usize = 64;

/// Characters of a key id or a bundle id at most.
pub const KEY_ID: usize = 128;

/// The keys that a filter may have.
pub const FILTER_KEYS: [&str; 8] = ["from", "to", "actor", "actor_type", "action", "resource_type", "resource_id", "request_id"];

/// A well-formed manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// `bnd_…`
    pub bundle_id: String,
    /// The profile that it names.
    pub profile: String,
    /// Whose log it is: `[A-Za-z0-9._-]{1,64}`.
    pub tenant_id: String,
    /// When it was made.
    pub created_at: Instant,
    /// Inclusive.
    pub from: Instant,
    /// Exclusive.
    pub to: Instant,
    /// What the export holds.
    pub selection: Selection,
    /// `events.count`
    pub count: u64,
    /// `events.first_id`; null when the count is 0.
    pub first_id: Option<String>,
    /// `events.last_id`; null when the count is 0.
    pub last_id: Option<String>,
    /// `chain`
    pub chain: Option<ChainEnds>,
    /// `event_mac.key_id`
    pub event_mac: Option<String>,
    /// `event_signature.key_id`
    pub event_signature: Option<String>,
    /// `previous`
    pub previous: Option<Previous>,
    /// `files`; the paths are allowed names, and unique.
    pub files: Vec<FileEntry>,
}

/// A time, and how it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instant {
    /// The instant.
    pub time: Time,
    /// As written.
    pub text: String,
}

/// `chain`: the first link and the hash of the last event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainEnds {
    /// What the first event must name.
    pub first_prev_hash: Digest,
    /// The hash of the last event (of the first link, when there are no events).
    pub last_hash: Digest,
}

/// `previous`: the bundle that this one continues.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Previous {
    /// Its id.
    pub bundle_id: String,
    /// Its last hash.
    pub last_hash: Digest,
}

/// `selection`
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// All events of the period.
    Complete,
    /// Those that match all of these: key (`from to actor actor_type action resource_type resource_id request_id`) and value. Never empty.
    Filter(Vec<(String, String)>),
}

/// One entry of `files`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEntry {
    /// Name of the member.
    pub path: String,
    /// What it is.
    pub role: Role,
    /// Bytes.
    pub size: u64,
    /// Digest of its stored bytes.
    pub sha256: Digest,
}

/// What a member is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Public keys of passkey credentials.
    Credentials,
    /// One event a line.
    Events,
    /// The tenant's signed genesis block.
    Genesis,
    /// Its detached signature.
    GenesisSignature,
    /// Carried, content not checked.
    Other,
    /// The human-readable copy.
    Table,
}

/// What [`Manifest::parse`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parsed {
    /// Every member has its form. The findings, if there are any, leave no member without value: unknown members, and files whose roles or names
    /// are not allowed (such an entry is left out).
    Known(Box<Manifest>, Vec<Finding>),
    /// Not strict JSON, or members are missing or have a wrong form; all of them are told.
    Refuted(Vec<Finding>),
    /// Strict JSON in a format that is not known, with its name: nothing can be said of its members.
    UnknownFormat(String),
}

impl Manifest {
    /// Parses the exact bytes. Findings have the codes of the row `container.structure`.
    pub fn parse(bytes: &[u8]) -> Parsed {
        let value = match json::parse(bytes) {
            Ok(value @ Value::Object(_)) => value,
            Ok(other) => return malformed(format!("expected an object, found {}", other.kind()), 0),
            Err(flaw) => return malformed(flaw.message, flaw.byte),
        };
        if let Some(Value::String(format)) = value.member("format")
            && format != FORMAT
        {
            return Parsed::UnknownFormat(format.clone());
        }
        let mut faults = Faults::default();
        let mut roles = Vec::new();
        let manifest = manifest_reader::read(&value, &mut faults, &mut roles);
        let manifest = manifest.filter(|_| !faults.form());
        let findings = faults.into_kept().iter().map(finding).chain(roles).collect();
        match manifest {
            Some(manifest) => Parsed::Known(Box::new(manifest), findings),
            None => Parsed::Refuted(findings),
        }
    }

    /// The entry of the one file with this role (the first, where a finding says that there are more).
    pub fn file(&self, role: Role) -> Option<&FileEntry> {
        self.files.iter().find(|file| file.role == role)
    }
}

fn malformed(message: String, byte: usize) -> Parsed {
    let byte = u64::try_from(byte).ok();
    let finding = Finding::new(Code::ManifestMalformed, message).in_file(NAME, byte);
    Parsed::Refuted(vec![finding.help("ask the producer for the manifest as it was signed: strict JSON in UTF-8, each name once")])
}

fn finding(fault: &Fault) -> Finding {
    match fault {
        Fault::Form(message) => Finding::new(Code::ManifestField, message.as_str())
            .in_file(NAME, None)
            .help("ask the producer for a manifest that keeps the format audit-bundle/1"),
        Fault::Unknown(message) => Finding::new(Code::ManifestUnknownMember, message.as_str())
            .in_file(NAME, None)
            .help("a claim that nothing checks must not pass: ask the producer what it means, or for an export without it"),
    }
}
