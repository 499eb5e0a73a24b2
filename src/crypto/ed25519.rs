//! Ed25519 (RFC 8032), strict: the reading under which all careful verifiers agree. A key that is of small order, or not the one encoding of its
//! point, is refused before it verifies anything. Not here: Ed25519ph, Ed25519ctx, batches.

use ed25519_dalek::{Signature, VerifyingKey};

use super::KeyError;

/// A public key that passed the checks.
#[derive(Clone, Debug)]
pub struct Key(VerifyingKey);

const HINT: &str = "ask the producer to export the public key again; no correct software makes such a key";

impl Key {
    /// From the 32 bytes of RFC 8032 section 5.1.2.
    pub fn new(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        if !is_canonical(bytes) {
            return Err(KeyError::new("the Ed25519 key is not the canonical encoding of a point", HINT));
        }
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::new("the Ed25519 key is not a point on the curve", HINT))?;
        if key.is_weak() {
            return Err(KeyError::new("the Ed25519 key is a point of small order: under it one signature fits any message", HINT));
        }
        Ok(Self(key))
    }

    /// Whether the signature (exactly 64 bytes) fits the message.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| self.0.verify_strict(message, &signature).is_ok())
    }
}

/// Whether y, the low 255 bits, is below p = 2^255 - 19 (RFC 8032 section 5.1.3, step 1). A sign bit at x = 0 is left to the test for small order,
/// which both such points fail.
fn is_canonical(bytes: &[u8; 32]) -> bool {
    let [lowest, middle @ .., highest] = bytes;
    *lowest < 0xed || highest & 0x7f != 0x7f || middle.iter().any(|byte| *byte != 0xff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_of_a_small_order_point_is_refused() {
        // y of the eight points whose order divides 8, and the spellings of 0 and 1 above p; each with both sign bits.
        let order_8 = [0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f];
        let order_8: [u8; 32] = [&order_8[..], &[0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a]]
            .concat()
            .try_into()
            .expect("32");
        let near_p = |lowest: u8| {
            let mut bytes = [0xff; 32];
            (bytes[0], bytes[31]) = (lowest, 0x7f);
            bytes
        };
        let small = |value: u8| {
            let mut bytes = [0; 32];
            bytes[0] = value;
            bytes
        };
        for mut bytes in [small(0), small(1), order_8, near_p(0xec), near_p(0xed), near_p(0xee)] {
            for _ in 0..2 {
                assert!(Key::new(&bytes).is_err(), "{bytes:02x?}");
                bytes[31] ^= 0x80;
            }
        }
    }
}
