//! ECDSA (FIPS 186-5) on P-256 with SHA-256: ES256, but with the signature in ASN.1 DER, as openssl and passkeys write it. The twin with the other s
//! is accepted (43 of 81 passkey signatures met in practice have a high s), so a signature is never an identity.

use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{DerSignature, Signature, VerifyingKey};

use super::KeyError;

/// A public key that passed the checks.
#[derive(Clone, Debug)]
pub struct Key(VerifyingKey);

impl Key {
    /// From an uncompressed point (SEC 1 section 2.3.3): `04`, x, y.
    pub fn new(point: &[u8; 65]) -> Result<Self, KeyError> {
        let hint = "ask the producer to export the public key again, as an uncompressed point on P-256";
        if point.first() != Some(&0x04) {
            return Err(KeyError::new("the P-256 key is not an uncompressed point", hint));
        }
        VerifyingKey::from_sec1_bytes(point).map(Self).map_err(|_| KeyError::new("the P-256 key is not a point on the curve", hint))
    }

    /// Whether the signature (strict DER: `SEQUENCE { r INTEGER, s INTEGER }`) fits the message.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        DerSignature::from_bytes(signature).is_ok_and(|signature| self.0.verify(message, &signature).is_ok())
    }
}

/// A signature of fixed size, r and s (RFC 7518 section 3.4), in DER; `None` if it is none: another length, r or s 0 or above the order.
pub fn es256_der(fixed: &[u8]) -> Option<Vec<u8>> {
    Signature::from_slice(fixed).ok().map(|signature| signature.to_der().as_bytes().to_vec())
}
