//! What jsonwebtoken asks for a verification: the keys and primitives of this room. Its own backends are not built in: one of them panics on a short
//! Ed25519 key and accepts signatures under keys of small order.

use std::sync::LazyLock;

use jsonwebtoken::crypto::{CryptoProvider, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::signature::{self, Verifier};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey};

use super::{CredentialKey, SignatureAlgorithm, Spki};

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |_, _| Err(Error::from(ErrorKind::InvalidAlgorithm)),
    verifier_factory: verifier,
    key_utils: KeyUtils::new_unimplemented(),
};

/// Whether jsonwebtoken asks us. A program that uses this library may have given it another provider, once for the whole process.
static IS_OURS: LazyLock<bool> = LazyLock::new(|| PROVIDER.install_default().is_ok());

/// Whether the key made this signature (the base64url of it) over the message. jsonwebtoken has no ES512; that one, and all under a foreign
/// provider, we verify without it.
pub fn verify(key: &CredentialKey, message: &[u8], text: &str, signature: &[u8]) -> bool {
    match jose(key.algorithm()).filter(|_| *IS_OURS) {
        Some(algorithm) => jsonwebtoken::crypto::verify(text, message, &decoding_key(key, algorithm), algorithm).unwrap_or(false),
        None => key.verify_jws(message, signature),
    }
}

/// The key as its SPKI.
fn decoding_key(key: &CredentialKey, algorithm: Algorithm) -> DecodingKey {
    match algorithm.family() {
        AlgorithmFamily::Ed => DecodingKey::from_ed_der(key.spki()),
        AlgorithmFamily::Rsa => DecodingKey::from_rsa_der(key.spki()),
        AlgorithmFamily::Ec | AlgorithmFamily::Hmac => DecodingKey::from_ec_der(key.spki()),
    }
}

/// What jsonwebtoken has of our algorithms.
const ALGORITHMS: [(SignatureAlgorithm, Algorithm); 9] = [
    (SignatureAlgorithm::Ed25519, Algorithm::EdDSA),
    (SignatureAlgorithm::Es256, Algorithm::ES256),
    (SignatureAlgorithm::Es384, Algorithm::ES384),
    (SignatureAlgorithm::Ps256, Algorithm::PS256),
    (SignatureAlgorithm::Ps384, Algorithm::PS384),
    (SignatureAlgorithm::Ps512, Algorithm::PS512),
    (SignatureAlgorithm::Rs256, Algorithm::RS256),
    (SignatureAlgorithm::Rs384, Algorithm::RS384),
    (SignatureAlgorithm::Rs512, Algorithm::RS512),
];

fn jose(algorithm: SignatureAlgorithm) -> Option<Algorithm> {
    ALGORITHMS.iter().find(|(own, _)| *own == algorithm).map(|(_, theirs)| *theirs)
}

fn ours(algorithm: Algorithm) -> Option<SignatureAlgorithm> {
    ALGORITHMS.iter().find(|(_, theirs)| *theirs == algorithm).map(|(own, _)| *own)
}

/// A key that has the algorithm, or none.
struct Check(CredentialKey, Algorithm);

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>, Error> {
    let spki = Spki::from_der(key.try_get_as_bytes()?).map_err(|_| ErrorKind::InvalidKeyFormat)?;
    let key = CredentialKey::from_spki(&spki).map_err(|_| ErrorKind::InvalidKeyFormat)?;
    let key = ours(*algorithm).and_then(|algorithm| key.with_algorithm(algorithm)).ok_or(ErrorKind::InvalidAlgorithm)?;
    Ok(Box::new(Check(key, *algorithm)))
}

impl Verifier<Vec<u8>> for Check {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        if self.0.verify_jws(message, signature) { Ok(()) } else { Err(signature::Error::new()) }
    }
}

impl JwtVerifier for Check {
    fn algorithm(&self) -> Algorithm {
        self.1
    }
}
