//! Public keys of passkey credentials, in the forms in which sources and trust files hand them over.

use super::{KeyError, Spki};
use crate::json::Value;

/// A public key that checks assertions and tokens; it fixes the algorithm. Equal keys have equal SPKI bytes.
#[derive(Debug, Clone)]
pub struct CredentialKey {
    spki: Vec<u8>,
    algorithm: SignatureAlgorithm,
}

/// Algorithms of assertions and tokens (RFC 7518 section 3.1, RFC 9053; COSE numbers in the IANA registry).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are those of RFC 7518 and RFC 8032")]
pub enum SignatureAlgorithm {
    Ed25519,
    Es256,
    Es384,
    Es512,
    Ps256,
    Ps384,
    Ps512,
    Rs256,
    Rs384,
    Rs512,
}

/// Why a text is no key that can check anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyTrouble {
    /// `SHA256:…`: a fingerprint, not a key.
    Fingerprint,
    /// It has not the form of a key, or is an unsound one.
    Malformed(KeyError),
    /// A key of an algorithm that no library here has; its name.
    NotSupported(String),
}

impl CredentialKey {
    /// From what an event or a `credentials` file holds: PEM `PUBLIC KEY` or `RSA PUBLIC KEY` (line ends may be literal `\n`), SPKI or COSE_Key in
    /// base64, a JWK.
    pub fn from_text(text: &str) -> Result<Self, KeyTrouble> {
        let _ = text;
        todo!()
    }

    /// From an SPKI whose kind is known.
    pub fn from_spki(spki: &Spki) -> Result<Self, KeyTrouble> {
        let _ = spki;
        todo!()
    }

    /// From a COSE_Key (RFC 9052 section 7), as authenticators write it.
    pub fn from_cose(bytes: &[u8]) -> Result<Self, KeyTrouble> {
        let _ = bytes;
        todo!()
    }

    /// From a JWK (RFC 7517).
    pub fn from_jwk(jwk: &Value) -> Result<Self, KeyTrouble> {
        let _ = jwk;
        todo!()
    }

    /// The same key for an RSA algorithm other than RS256; `None` where the algorithm is not of this kind of key.
    pub fn with_algorithm(&self, algorithm: SignatureAlgorithm) -> Option<Self> {
        let _ = algorithm;
        todo!()
    }

    /// The algorithm.
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// `SHA256:` and base64 (no padding) of the digest of its SPKI DER.
    pub fn fingerprint(&self) -> String {
        todo!()
    }

    /// Its SPKI DER.
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// Whether an assertion's signature fits: ECDSA in ASN.1 DER, Ed25519 strict, RSA with at least 2048 bits.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        let _ = (message, signature);
        todo!()
    }
}
