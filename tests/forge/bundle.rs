//! A bundle in the making: events, what the manifest states of them, who signs it.

use serde_json::{Map, Value, json};

use super::container::Files;
use super::deflate::gzip;
use super::edit::hash_of;
use super::keys::{Key, digest, zero_digest};
use super::record::{Log, Profile, Proof, base64};

pub const ACME: &str = "tnt_acme";
pub const GLOBEX: &str = "tnt_globex";
/// The sequence number of the first event of a bundle from the middle of a log.
pub const MIDDLE_SEQ: u64 = 118_201;

/// Where in the log the bundle starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// With the log itself: genesis, or the zero link.
    First,
    /// Later; `first_prev_hash` alone says after what.
    Middle,
}

/// A member beside the events.
#[derive(Clone)]
pub struct Member {
    pub name: &'static str,
    pub role: &'static str,
    pub bytes: Vec<u8>,
}

/// Everything that becomes a bundle.
#[derive(Clone)]
pub struct Bundle {
    pub profile: Profile,
    pub tenant: &'static str,
    /// Lines without LF.
    pub lines: Vec<Vec<u8>>,
    /// Stands for the lines where the file itself is spoilt.
    pub raw: Option<Vec<u8>>,
    pub events_name: &'static str,
    /// The manifest without `files`.
    pub manifest: Map<String, Value>,
    pub members: Vec<Member>,
    pub signers: Vec<(&'static str, Key)>,
}

/// The key that signs acme's manifests and genesis block.
pub fn export_key() -> Key {
    Key::ed25519("acme export 2026")
}

/// Bytes of a signature file.
pub fn signature_file(message: &[u8], signers: &[(&str, Key)]) -> Vec<u8> {
    let entry = |(id, key): &(&str, Key)| json!({"algorithm": key.algorithm(), "key_id": id, "signature": base64(&key.sign(message))});
    let list: Vec<Value> = signers.iter().map(entry).collect();
    json!({"format": "audit-signature/1", "signatures": list}).to_string().into_bytes()
}

/// Acme's (or another tenant's) genesis block.
pub fn genesis_block(tenant: &str) -> Vec<u8> {
    json!({"created_at": "2026-09-30T22:00:00Z", "format": "audit-genesis/1", "nonce": "5f0c2d7e9ab84c1f8e6d3a0b17c92e44",
        "profile": "file-transfer/1", "tenant_id": tenant})
    .to_string()
    .into_bytes()
}

/// The log of a tenant, at its start or in its middle.
pub fn log(profile: Profile, tenant: &'static str, start: Start) -> Log {
    let (seq, link) = match (start, profile) {
        (Start::Middle, _) => (MIDDLE_SEQ, digest(format!("what {tenant} did before").as_bytes())),
        (Start::First, Profile::FileTransfer) => (1, digest(&genesis_block(tenant))),
        (Start::First, _) => (1, zero_digest()),
    };
    Log::new(profile, tenant, seq, link)
}

impl Bundle {
    /// A bundle of acme that nobody touched.
    pub fn honest(profile: Profile, start: Start, count: usize, proof: Proof) -> Self {
        let mut log = log(profile, ACME, start);
        log.proof = proof;
        let first_link = log.next_link.clone();
        let lines = (0..count).map(|_| log.line().into_bytes()).collect();
        let mut bundle = Self {
            profile,
            tenant: ACME,
            lines,
            raw: None,
            events_name: "events.ndjson",
            manifest: statement(profile, ACME, &first_link),
            members: Vec::new(),
            signers: vec![("acme-export-2026", export_key())],
        };
        if profile == Profile::FileTransfer {
            bundle.declare(proof);
        }
        if start == Start::Middle {
            bundle.manifest.insert("previous".to_owned(), json!({"bundle_id": "bnd_acme_2026_09", "last_hash": first_link}));
        } else if profile == Profile::FileTransfer {
            bundle.put_genesis(genesis_block(ACME), &[("acme-export-2026", export_key())]);
        }
        bundle.restate();
        bundle
    }

    /// A bundle of acme with these passkey actions.
    pub fn actions(lines: Vec<Vec<u8>>) -> Self {
        Self::unchained(Profile::PasskeyActions, lines)
    }

    /// A bundle of acme with these events: no chain, no MAC, no genesis.
    pub fn unchained(profile: Profile, lines: Vec<Vec<u8>>) -> Self {
        let mut manifest = statement(profile, ACME, "");
        manifest.remove("chain");
        let signers = vec![("acme-export-2026", export_key())];
        let mut bundle = Self { profile, tenant: ACME, lines, raw: None, events_name: "events.ndjson", manifest, members: Vec::new(), signers };
        bundle.restate();
        bundle
    }

    fn declare(&mut self, proof: Proof) {
        if matches!(proof, Proof::Mac | Proof::Both) {
            self.manifest.insert("event_mac".to_owned(), json!({"key_id": "acme-mac"}));
        }
        if matches!(proof, Proof::Signature | Proof::Both) {
            self.manifest.insert("event_signature".to_owned(), json!({"key_id": "acme-events"}));
        }
    }

    /// Puts or replaces the genesis block and its signature.
    pub fn put_genesis(&mut self, block: Vec<u8>, signers: &[(&str, Key)]) {
        self.members.retain(|member| !member.role.starts_with("genesis"));
        let signature = signature_file(&block, signers);
        self.members.push(Member { name: "genesis.json", role: "genesis", bytes: block });
        self.members.push(Member { name: "genesis.sig", role: "genesis-signature", bytes: signature });
    }

    /// The producer states what is there now: count, ids, last hash. The first link stays.
    pub fn restate(&mut self) {
        let id = |line: Option<&Vec<u8>>| {
            let event: Option<Value> = line.and_then(|line| serde_json::from_slice(line).ok());
            event.and_then(|event| event.get("id").cloned()).unwrap_or(Value::Null)
        };
        let (first, last) = (id(self.lines.first()), id(self.lines.last()));
        self.manifest.insert("events".to_owned(), json!({"count": self.lines.len(), "first_id": first, "last_id": last}));
        let hash = self.lines.last().map(|line| hash_of(self.profile, line));
        if let Some(chain) = self.manifest.get_mut("chain") {
            chain["last_hash"] = hash.map_or_else(|| chain["first_prev_hash"].clone(), Value::from);
        }
    }

    /// The first link as the manifest states it.
    pub fn first_link(&self) -> String {
        self.manifest["chain"]["first_prev_hash"].as_str().unwrap().to_owned()
    }

    /// The stored bytes of the events file.
    pub fn events(&self) -> Vec<u8> {
        let bytes = self.raw.clone().unwrap_or_else(|| self.lines.iter().flat_map(|line| [line.as_slice(), b"\n"].concat()).collect());
        if self.events_name.ends_with(".gz") && self.raw.is_none() { gzip(&bytes) } else { bytes }
    }

    /// `manifest.json`: the statement with the files as they are now.
    pub fn manifest_bytes(&self) -> Vec<u8> {
        let mut manifest = self.manifest.clone();
        if !manifest.contains_key("files") {
            manifest.insert("files".to_owned(), self.files());
        }
        Value::Object(manifest).to_string().into_bytes()
    }

    /// `files` as they are now.
    pub fn files(&self) -> Value {
        let entry = |name: &str, role: &str, bytes: &[u8]| json!({"path": name, "role": role, "sha256": digest(bytes), "size": bytes.len()});
        let mut files = vec![entry(self.events_name, "events", &self.events())];
        files.extend(self.members.iter().map(|member| entry(member.name, member.role, &member.bytes)));
        Value::Array(files)
    }

    /// All members, with a manifest that lists them as they are and is signed.
    pub fn sealed(&self) -> Files {
        let manifest = self.manifest_bytes();
        self.with_manifest(&manifest, &signature_file(&manifest, &self.signers))
    }

    /// All members as they are now, with the manifest of another state.
    pub fn sealed_as(&self, honest: &Self) -> Files {
        let manifest = honest.manifest_bytes();
        self.with_manifest(&manifest, &signature_file(&manifest, &honest.signers))
    }

    /// All members with this manifest and this signature file.
    pub fn with_manifest(&self, manifest: &[u8], signature: &[u8]) -> Files {
        let mut files: Files = self.members.iter().map(|member| (member.name.to_owned(), member.bytes.clone())).collect();
        files.insert(self.events_name.to_owned(), self.events());
        files.insert("manifest.json".to_owned(), manifest.to_vec());
        files.insert("manifest.sig".to_owned(), signature.to_vec());
        files
    }
}

fn statement(profile: Profile, tenant: &str, first_link: &str) -> Map<String, Value> {
    let statement = json!({
        "format": "audit-bundle/1", "bundle_id": "bnd_acme_2026_10", "profile": profile.name(), "tenant_id": tenant,
        "created_at": "2026-11-01T00:10:00Z", "period": {"from": "2026-10-01T00:00:00Z", "to": "2026-11-01T00:00:00Z"},
        "selection": "complete", "chain": {"first_prev_hash": first_link, "last_hash": first_link}
    });
    let Value::Object(map) = statement else { unreachable!() };
    map
}
