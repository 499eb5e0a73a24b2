//! What the auditor trusts. Built from the auditor's files and flags only; nothing of a bundle ever becomes one of these types.
//!
//! Every table is parsed and checked in full, also those that one bundle does not need, so that a trust file is right or refused as a whole.
//! Not here: what a signature or MAC must cover, and what follows when a key is not found.

mod flags;
mod parties;
mod raw;
mod read;
mod rules;

use std::path::PathBuf;

use crate::crypto::{CredentialKey, MacKey, PublicKey, Secret};
use crate::digest::Digest;
use crate::time::Time;

/// The auditor's keys, secrets, relying parties and anchors.
#[derive(Debug, Default)]
pub struct Trust {
    /// The trust file that was read, and the digest of its bytes: reports name it.
    pub source: Option<(PathBuf, Digest)>,
    /// The files that the trust file names: keys, secrets, key sets.
    pub files: Vec<PathBuf>,
    /// `[[key]]` and `--key`, as far as manifests, genesis blocks and events can use them.
    pub keys: Vec<TrustedKey>,
    /// `[[key]]` whose use is `token`: those of the algorithms that only tokens use, and those of [`Self::keys`] that may sign tokens too.
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

impl TrustedKey {
    /// Whether it may sign for this tenant; one that is bound to tenants may not where the tenant is not known.
    pub fn signs_for(&self, tenant: Option<&str>) -> bool {
        self.tenants.as_ref().is_none_or(|tenants| tenants.iter().any(|own| Some(own.as_str()) == tenant))
    }
}

/// A public key that may sign tokens.
#[derive(Debug, Clone)]
pub struct TokenKey {
    /// The name that a token's `kid` refers to.
    pub id: String,
    /// The key. Its algorithm is fixed here, never taken from the token.
    pub key: CredentialKey,
    /// The tenants that it may sign for; any if `None`.
    pub tenants: Option<Vec<String>>,
    /// Inclusive.
    pub valid: Option<(Option<Time>, Option<Time>)>,
    /// Nothing signed from then on counts alone.
    pub compromised_since: Option<Time>,
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
    pub key: CredentialKey,
}

/// `[[issuer]]`: who issues tokens, and the keys it signs them with.
#[derive(Debug, Clone)]
pub struct Issuer {
    /// The `iss` of its tokens.
    pub issuer: String,
    /// The members of `keys` in its JWK Set (RFC 7517 section 5), at least one, none private.
    pub keys: Vec<IssuerKey>,
}

/// A key of an issuer's JWK Set.
#[derive(Debug, Clone)]
pub struct IssuerKey {
    /// Its `kid`.
    pub key_id: Option<String>,
    /// The key; or why it checks no token, as a noun: an algorithm that is not supported, or what is wrong with it.
    pub key: Result<CredentialKey, String>,
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

    /// The `[[key]]` for tokens with this id, which a token's `kid` names.
    pub fn token_key(&self, key_id: &str) -> Option<&TokenKey> {
        self.token_keys.iter().find(|key| key.id == key_id)
    }

    /// The issuer of tokens that say this `iss`.
    pub fn issuer(&self, issuer: &str) -> Option<&Issuer> {
        self.issuers.iter().find(|own| own.issuer == issuer)
    }

    /// The pinned credential with this id.
    pub fn credential(&self, id: &str) -> Option<&Credential> {
        self.credentials.iter().find(|own| own.id == id)
    }

    /// The key for the MACs of one tenant's events of one month: a tenant key is derived, an epoch key used as it is; never the other way round.
    pub fn mac_key(&self, id: &str, tenant: &str, epoch: &str) -> Option<MacKey> {
        self.named(id, tenant).find_map(|secret| match &secret.kind {
            SecretKind::Epoch(month) => (month == epoch).then(|| secret.secret.mac_key()),
            SecretKind::Manifest => None,
            SecretKind::Tenant => Some(secret.secret.epoch_key(tenant, epoch)),
        })
    }

    /// The key for the MACs of events of a source that derives none: the secret itself, or that of the month.
    pub fn direct_mac_key(&self, id: &str, tenant: &str, epoch: &str) -> Option<MacKey> {
        self.named(id, tenant).find_map(|secret| match &secret.kind {
            SecretKind::Epoch(month) => (month == epoch).then(|| secret.secret.mac_key()),
            SecretKind::Manifest => None,
            SecretKind::Tenant => Some(secret.secret.mac_key()),
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

impl Issuer {
    /// The keys that a token with this `kid` may mean: those of the same name and those without one; without a `kid`, all.
    pub fn keys_for(&self, key_id: Option<&str>) -> impl Iterator<Item = &IssuerKey> {
        self.keys.iter().filter(move |key| key_id.is_none_or(|named| key.key_id.as_deref().is_none_or(|own| own == named)))
    }

    /// The keys that check tokens.
    pub fn usable_keys(&self) -> impl Iterator<Item = &CredentialKey> {
        self.keys.iter().filter_map(|key| key.key.as_ref().ok())
    }
}
