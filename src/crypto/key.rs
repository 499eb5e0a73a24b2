//! Public keys for signatures: one type that fixes the algorithm, from the forms in which keys are handed over.

use super::{KeyError, Spki, SpkiKind, ecdsa, ed25519, fingerprint, jwk, pasted};
use crate::json::Value;

/// The algorithms of detached and per-event signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// RFC 8032, strict: no small-order or non-canonical key or R, S < L.
    Ed25519,
    /// ECDSA on P-256 with SHA-256, signature in ASN.1 DER.
    Es256,
}

impl Algorithm {
    /// Its name in signatures and trust files (RFC 7518, RFC 9864).
    pub fn name(self) -> &'static str {
        match self {
            Self::Ed25519 => "Ed25519",
            Self::Es256 => "ES256",
        }
    }
}

/// A public key that can check signatures. The algorithm is fixed by the key. Equal keys have equal SPKI bytes: there is one encoding of each.
#[derive(Clone, Debug)]
pub struct PublicKey {
    spki: Vec<u8>,
    point: Point,
}

#[derive(Clone, Debug)]
enum Point {
    Ed25519(ed25519::Key),
    P256(ecdsa::Key),
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.spki == other.spki
    }
}

impl Eq for PublicKey {}

impl PublicKey {
    /// From SPKI DER (RFC 5280): Ed25519 (RFC 8410) or P-256 with the named curve (RFC 5480).
    pub fn from_spki(der: &[u8]) -> Result<Self, KeyError> {
        Self::from_parsed(&Spki::from_der(der)?)
    }

    /// From an SPKI whose kind is known.
    pub fn from_parsed(spki: &Spki) -> Result<Self, KeyError> {
        let point = match spki.kind() {
            SpkiKind::Ed25519 => Point::Ed25519(ed25519::Key::new(sized(spki, "32 bytes")?)?),
            SpkiKind::P256 => Point::P256(ecdsa::Key::new(sized(spki, "an uncompressed point of 65 bytes")?)?),
            SpkiKind::P384 | SpkiKind::P521 => {
                let what = format!("{} keys are not for manifests", spki.kind().name());
                return Err(KeyError::new(what, "ask for an Ed25519 or P-256 key"));
            }
            SpkiKind::Rsa => return Err(pasted::rsa()),
        };
        Ok(Self { spki: spki.der().to_vec(), point })
    }

    /// From what a file may hold: PEM `PUBLIC KEY`, JWK (RFC 7517, RFC 8037), or SPKI in base64.
    pub fn from_text(text: &[u8]) -> Result<Self, KeyError> {
        if let Some(error) = pasted::private(text) {
            return Err(error);
        }
        if text.trim_ascii().starts_with(b"{") {
            jwk::public_key(&jwk::parse(text.trim_ascii())?)
        } else {
            Self::from_parsed(&Spki::from_text(text)?)
        }
    }

    /// From a JWK (RFC 7517) that was read already: `OKP` with `Ed25519` (RFC 8037), or `EC` with `P-256` (RFC 7518 section 6.2).
    pub fn from_jwk(jwk: &Value) -> Result<Self, KeyError> {
        jwk::public_key(jwk)
    }

    /// The algorithm.
    pub fn algorithm(&self) -> Algorithm {
        match self.point {
            Point::Ed25519(_) => Algorithm::Ed25519,
            Point::P256(_) => Algorithm::Es256,
        }
    }

    /// `SHA256:` and base64 (no padding) of the digest of its SPKI DER: what two people read to each other over the phone.
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.spki)
    }

    /// Its SPKI DER.
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// Whether the signature fits the message.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.point {
            Point::Ed25519(key) => key.verify(message, signature),
            Point::P256(key) => key.verify(message, signature),
        }
    }
}

/// The bits of the key, where they have the length that its kind demands.
pub(super) fn sized<'s, const LENGTH: usize>(spki: &'s Spki, expected: &str) -> Result<&'s [u8; LENGTH], KeyError> {
    let bits = spki.key_bits();
    let wrong = || {
        KeyError::new(
            format!("expected {expected} in the {} key, found {}", spki.kind().name(), bits.len()),
            "export the public key again: openssl pkey -pubout",
        )
    };
    bits.try_into().map_err(|_| wrong())
}
