//! Trust files: what the auditor of the fixtures trusts.

use super::actions::credentials;
use super::authenticator::{Credential, ORIGIN, RP_ID};
use super::bundle::{ACME, export_key};
use super::keys::{Key, event_key};
use super::token::ISSUER;

/// One `[[key]]`.
pub struct TrustKey {
    pub id: &'static str,
    pub uses: &'static [&'static str],
    pub key: Key,
    /// Further lines.
    pub more: String,
}

/// A trust file in the making.
pub struct TrustFile {
    pub keys: Vec<TrustKey>,
    /// Whole further tables.
    pub more: String,
}

impl TrustFile {
    /// The export key for manifest and genesis, and the events key.
    pub fn standard() -> Self {
        Self::with(&["manifest", "genesis"], "")
    }

    /// The standard one, but the export key has other uses or further lines.
    pub fn with(uses: &'static [&'static str], more: &str) -> Self {
        let export = TrustKey { id: "acme-export-2026", uses, key: export_key(), more: more.to_owned() };
        let tenant = format!("tenant = [\"{ACME}\"]\n");
        let events = TrustKey { id: "acme-events", uses: &["event"], key: event_key(ACME), more: tenant };
        Self { keys: vec![export, events], more: String::new() }
    }

    pub fn key(mut self, id: &'static str, uses: &'static [&'static str], key: Key, more: &str) -> Self {
        self.keys.push(TrustKey { id, uses, key, more: more.to_owned() });
        self
    }

    /// Without a key of this id.
    pub fn without(mut self, id: &str) -> Self {
        self.keys.retain(|key| key.id != id);
        self
    }

    /// A kept hash.
    pub fn anchor(mut self, seq: u64, hash: &str) -> Self {
        self.more.push_str(&format!("\n[[anchor]]\ntenant = \"{ACME}\"\nseq = {seq}\nhash = \"{hash}\"\n"));
        self
    }

    /// A shared secret for manifests.
    pub fn manifest_secret(mut self, id: &str, file: &str) -> Self {
        self.more.push_str(&format!("\n[[secret]]\nid = \"{id}\"\nfile = \"{file}\"\nkind = \"manifest\"\ntenant = \"{ACME}\"\n"));
        self
    }

    /// For passkey actions: the export key, acme's relying party and issuer, and no credential.
    pub fn unpinned() -> Self {
        Self::standard().without("acme-events").table(&relying_party("")).table(&issuer())
    }

    /// The same, with all credentials pinned.
    pub fn pinned() -> Self {
        credentials().iter().fold(Self::unpinned(), |trust, credential| trust.table(&pin(credential)))
    }

    /// A whole further table.
    pub fn table(mut self, text: &str) -> Self {
        self.more.push_str(text);
        self
    }

    /// Without a table that was given as this text.
    pub fn without_table(mut self, text: &str) -> Self {
        assert!(self.more.contains(text), "no such table: {text}");
        self.more = self.more.replace(text, "");
        self
    }

    pub fn text(&self) -> String {
        let mut out = "version = 1\n".to_owned();
        for key in &self.keys {
            let uses: Vec<String> = key.uses.iter().map(|name| format!("\"{name}\"")).collect();
            out.push_str(&format!("\n[[key]]\nid = \"{}\"\nuse = [{}]\nalgorithm = \"{}\"\n", key.id, uses.join(", "), key.key.algorithm()));
            out.push_str(&format!("public_key = \"{}\"\n{}", key.key.public_key(), key.more));
        }
        out + &self.more
    }
}

/// `[[relying_party]]`, with further lines.
pub fn relying_party(more: &str) -> String {
    format!("\n[[relying_party]]\nrp_id = \"{RP_ID}\"\norigins = [\"{ORIGIN}\"]\n{more}")
}

/// `[[issuer]]`
pub fn issuer() -> String {
    format!("\n[[issuer]]\nissuer = \"{ISSUER}\"\njwks = \"acme-jwks.json\"\n")
}

/// `[[credential]]`
pub fn pin(credential: &Credential) -> String {
    format!("\n[[credential]]\nid = \"{}\"\nuser = \"{}\"\npublic_key = \"{}\"\n", credential.id, credential.user, credential.key.public_key())
}
