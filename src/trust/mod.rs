//! What the auditor trusts. Built from the auditor's files and flags only; nothing of a bundle ever becomes one of these types.
//!
//! Every table is parsed and checked in full, also those that one bundle does not need, so that a trust file is right or refused as a whole.
//! Not here: what a signature or MAC must cover, and what follows when a key is not found.

mod flags;
mod parties;
mod place;
mod raw;
mod read;
mod rules;

use std::path::PathBuf;

use crate::crypto::{MacKey, PublicKey, Secret, Spki};
use crate::digest::Digest;
use crate::json::Value;
use crate::time::Time;

/// The auditor's keys, secrets, relying parties and anchors.
#[derive(Debug, Default)]
pub struct Trust {
    /// The trust file that was read, and the digest of its bytes: reports name it.
    pub source: Option<(PathBuf, Digest)>,
    /// `[[key]]` and `--key`, as far as manifests, genesis blocks and events can use them.
    pub keys: Vec<TrustedKey>,
    /// `[[key]]` of the algorithms that only tokens use.
    pub token_keys: Vec<TokenKey>,
    /// `[[secret]]` and `--mac-key`
    pub secrets: Vec<TrustedSecret>,
    /// `[[relying_party]]`
    pub relying_parties: Vec<RelyingParty>,
    /// `[[credential]]`
    pub credentials: Vec<Credential>,
    /// `[[issuer]]`
    pub issuers: Vec<Issuer>,
    /// `[[anchor]]` and `--after`
    pub anchors: Vec<Anchor>,
}

/// What a key may sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Use {
    /// Events, one by one.
    Event,
    /// Genesis blocks.
    Genesis,
    /// Manifests.
    Manifest,
    /// Tokens.
    Token,
}

/// A public key, and what it may sign.
#[derive(Debug, Clone)]
pub struct TrustedKey {
    /// The name that a bundle's signature refers to; `None` for `--key FILE`, which stands for any id.
    pub id: Option<String>,
    /// What it may sign.
    pub uses: Vec<Use>,
    /// The key; it fixes the algorithm.
    pub key: PublicKey,
    /// The tenants that it may sign for; any if `None`.
    pub tenants: Option<Vec<String>>,
    /// Inclusive.
    pub valid: Option<(Option<Time>, Option<Time>)>,
    /// Nothing signed from then on counts alone.
    pub compromised_since: Option<Time>,
}

/// A public key of an algorithm that only tokens use.
#[derive(Debug, Clone)]
pub struct TokenKey {
    /// The name that a token's `kid` refers to.
    pub id: String,
    /// Fixed here, never taken from the token.
    pub algorithm: TokenAlgorithm,
    /// The key, of the kind that the algorithm needs.
    pub key: Spki,
    /// The tenants that it may sign for; any if `None`.
    pub tenants: Option<Vec<String>>,
    /// Inclusive.
    pub valid: Option<(Option<Time>, Option<Time>)>,
    /// Nothing signed from then on counts alone.
    pub compromised_since: Option<Time>,
}

/// JOSE algorithms (RFC 7518 section 3.1) that no manifest may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are those of RFC 7518")]
pub enum TokenAlgorithm {
    Es384,
    Es512,
    Ps256,
    Ps384,
    Ps512,
    Rs256,
    Rs384,
    Rs512,
}

/// A shared secret, and what it is for.
#[derive(Debug, Clone)]
pub struct TrustedSecret {
    /// The name that a bundle refers to.
    pub id: String,
    /// What it is for.
    pub kind: SecretKind,
    /// The tenant that it belongs to; any if `None`.
    pub tenant: Option<String>,
    /// The secret.
    pub secret: Secret,
}

/// What a secret is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretKind {
    /// The MAC key of one month, `2026-10`.
    Epoch(String),
    /// HS256 over manifests.
    Manifest,
    /// The key from which the months' keys are derived.
    Tenant,
}

/// `[[relying_party]]`: a web site at which passkeys are used (WebAuthn).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelyingParty {
    /// A domain.
    pub rp_id: String,
    /// Origins, compared as exact text; none is listed by two relying parties.
    pub origins: Vec<String>,
    /// What an assertion must say about the user.
    pub user_verification: UserVerification,
    /// Whether an assertion may come from a frame of another origin.
    pub cross_origin: bool,
}

/// WebAuthn Level 3, section 5.8.6.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of WebAuthn")]
pub enum UserVerification {
    Discouraged,
    Preferred,
    Required,
}

/// `[[credential]]`: a passkey that the auditor pins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// The credential's id, as events write it.
    pub id: String,
    /// Whose it is, as events write it.
    pub user: String,
    /// Its public key.
    pub key: Spki,
}

/// `[[issuer]]`: who issues tokens, and the keys it signs them with.
#[derive(Debug, Clone)]
pub struct Issuer {
    /// The `iss` of its tokens.
    pub issuer: String,
    /// The members of `keys` in its JWK Set (RFC 7517 section 5): objects with `kty`, none private; at least one.
    pub keys: Vec<Value>,
    /// Those of them that are Ed25519 or P-256 keys.
    pub public_keys: Vec<PublicKey>,
}

/// A hash that the auditor kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// The tenant; any if `None` (from `--after`).
    pub tenant: Option<String>,
    /// The event's sequence number; 0 pins the genesis block; `None` for `--after HASH`, which is the first link.
    pub seq: Option<u64>,
    /// The hash of that event.
    pub hash: Digest,
    /// From `--after`: it must hold, wherever it stands. From `[[anchor]]`: a note where it does not apply.
    pub strict: bool,
}

impl Trust {
    /// The key with this id.
    pub fn key(&self, id: &str) -> Option<&TrustedKey> {
        self.keys.iter().find(|key| key.id.as_deref() == Some(id))
    }

    /// The keys of `--key FILE`, which stand for any id.
    pub fn unnamed_keys(&self) -> impl Iterator<Item = &TrustedKey> {
        self.keys.iter().filter(|key| key.id.is_none())
    }

    /// The key for the MACs of one tenant's events of one month: a tenant key is derived, an epoch key used as it is; never the other way round.
    pub fn mac_key(&self, id: &str, tenant: &str, epoch: &str) -> Option<MacKey> {
        self.named(id, tenant).find_map(|secret| match &secret.kind {
            SecretKind::Epoch(month) => (month == epoch).then(|| secret.secret.mac_key()),
            SecretKind::Manifest => None,
            SecretKind::Tenant => Some(secret.secret.epoch_key(tenant, epoch)),
        })
    }

    /// The secret for HS256 over this tenant's manifests.
    pub fn manifest_secret(&self, id: &str, tenant: &str) -> Option<&TrustedSecret> {
        self.named(id, tenant).find(|secret| secret.kind == SecretKind::Manifest)
    }

    /// The anchors that speak of this tenant.
    pub fn anchors_for(&self, tenant: &str) -> impl Iterator<Item = &Anchor> {
        self.anchors.iter().filter(move |anchor| anchor.tenant.as_deref().is_none_or(|own| own == tenant))
    }

    fn named(&self, id: &str, tenant: &str) -> impl Iterator<Item = &TrustedSecret> {
        let fits = move |secret: &&TrustedSecret| secret.id == id && secret.tenant.as_deref().is_none_or(|own| own == tenant);
        self.secrets.iter().filter(fits)
    }
}
