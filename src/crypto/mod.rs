//! Bytes in, yes or no out. One file is one standard with its vectors. Nothing here knows an event, a bundle or a file, and no primitive is our own.
//!
//! Foreign vectors run through these functions in `tests/crypto_vectors.rs`. Not here: which key may sign what (that is `trust`).

mod base64;
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
mod spki;
pub mod webauthn;

pub use base64::{base64, base64url};
pub use credential::{CredentialKey, KeyTrouble, SignatureAlgorithm};
pub use key::{Algorithm, PublicKey};
pub use mac::{MacKey, Secret, hkdf_sha256};
pub use pasted::is_private_jwk;
pub use spki::{Spki, SpkiKind};

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
