//! Compact JWS (RFC 7515 section 3.1) as tokens (RFC 7519): strict form, and the signature by a key that the caller trusts. The header never chooses
//! the algorithm or the key. Not here: what claims mean, and any clock.

use super::CredentialKey;
use crate::json::Value;

/// A token whose form is right: three parts in strict base64url, JSON objects without duplicate names, no critical extension.
#[derive(Debug, Clone)]
pub struct CompactJws<'t> {
    text: &'t str,
    header: Value,
    claims: Value,
}

/// Why a text is no such token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JwsFault {
    /// `alg` is `none` or no text.
    Algorithm(String),
    /// `crit` is there (RFC 7515 section 4.1.11), or `b64` (RFC 7797).
    Critical(String),
    /// Its form; what is wrong, without repeating the token.
    Malformed(String),
}

/// Why a token is not signed by a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotSigned {
    /// The header names another algorithm than the key has: theirs, ours.
    Algorithm(String, &'static str),
    /// The signature does not fit.
    Signature,
}

impl<'t> CompactJws<'t> {
    /// Reads a token.
    pub fn parse(text: &'t str) -> Result<Self, JwsFault> {
        let _ = text;
        todo!()
    }

    /// The protected header: an object.
    pub fn header(&self) -> &Value {
        &self.header
    }

    /// The claims: an object. Nothing in them counts before [`Self::verify`] succeeds.
    pub fn claims(&self) -> &Value {
        &self.claims
    }

    /// `kid`, where it is a text.
    pub fn key_id(&self) -> Option<&str> {
        todo!()
    }

    /// Whether this key signed it.
    pub fn verify(&self, key: &CredentialKey) -> Result<(), NotSigned> {
        let _ = (self.text, key);
        todo!()
    }
}
