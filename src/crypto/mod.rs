//! Bytes in, yes or no out. One file is one standard with its vectors. Nothing here knows an event, a bundle or a file, and no primitive is our own.
//!
//! Foreign vectors run through these functions in `tests/crypto_vectors.rs`, `tests/webauthn_vectors.rs`
//! and `tests/jose_vectors.rs`. Not here: which key may sign what (that is `trust`).

mod aws;
mod base64;
mod cbor;
mod cose;
mod credential;
mod der;
mod ecdsa;
mod ed25519;
mod jwk;
pub mod jws;
mod key;
mod mac;
mod pasted;
mod pem;
mod provider;
mod rsa;
mod spki;
pub mod webauthn;

pub use base64::{base64, base64_text, base64url, base64url_text};
pub use credential::{CredentialKey, KeyTrouble, SignatureAlgorithm};
pub use der::is_ecdsa_signature;
pub use ecdsa::es256_der;
pub use key::{Algorithm, PublicKey};
pub use mac::{MacKey, Secret, hkdf_sha256};
pub use pasted::is_private_jwk;
pub use pem::public_key_lines;
pub use spki::{Spki, SpkiKind};

use base64ct::{Base64Unpadded, Encoding};

use crate::digest::Digest;
use crate::json::FlawKind;

/// Why some bytes are not a usable key: a sentence and a hint; never the bytes themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyError {
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub hint: String,
}

impl KeyError {
    fn new(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { what: what.into(), hint: hint.into() }
    }
}

/// `SHA256:` and base64 (no padding) of the digest of an SPKI in DER: what two people read to each other over the phone.
fn fingerprint(spki: &[u8]) -> String {
    format!("SHA256:{}", Base64Unpadded::encode_string(&Digest::of(spki).0))
}

/// What is wrong with a JSON text that may be secret: the reader's own message may quote it.
fn flaw_words(kind: FlawKind) -> &'static str {
    match kind {
        FlawKind::DuplicateName => "a name stands twice",
        FlawKind::Malformed => "not JSON",
        FlawKind::NumberInexact => "a number that no double holds",
        FlawKind::TooDeep => "nested too deep",
        FlawKind::Unicode => "not clean UTF-8",
    }
}
