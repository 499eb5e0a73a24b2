//! What jsonwebtoken asks for a verification: the keys and primitives of this room. Its own backends are not built in: one of them panics on a short
//! Ed25519 key and accepts signatures under keys of small order.

use std::cell::RefCell;
use std::sync::{Arc, LazyLock};

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

/// A key that has the algorithm.
struct Check(Arc<CredentialKey>, Algorithm);

thread_local! {
    /// The key that was asked for last: thousands of tokens have one issuer, and to read its key takes a seventh of a verification.
    static LAST: RefCell<Option<Arc<CredentialKey>>> = const { RefCell::new(None) };
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>, Error> {
    let der = key.try_get_as_bytes()?;
    let own = ours(*algorithm).ok_or(ErrorKind::InvalidAlgorithm)?;
    let is_same = |last: &Arc<CredentialKey>| last.spki() == der && last.algorithm() == own;
    if let Some(last) = LAST.with_borrow(|last| last.clone().filter(is_same)) {
        return Ok(Box::new(Check(last, *algorithm)));
    }
    let spki = Spki::from_der(der).map_err(|_| ErrorKind::InvalidKeyFormat)?;
    let key = CredentialKey::from_spki(&spki).map_err(|_| ErrorKind::InvalidKeyFormat)?;
    let key = Arc::new(key.with_algorithm(own).ok_or(ErrorKind::InvalidAlgorithm)?);
    LAST.set(Some(key.clone()));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::base64url;

    /// RFC 8037, appendix A.4.
    const SIGNATURE: &str = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    const INPUT: &[u8] = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";

    #[test]
    fn each_token_is_checked_with_its_own_key_whatever_was_asked_before() {
        let key = |x: &str| CredentialKey::from_text(&format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#)).expect("a key");
        let signer = key("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        // RFC 8032, section 7.1, the second test
        let other = key("PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw");
        let signature = base64url(SIGNATURE).expect("base64url");
        for (key, fits) in [(&signer, true), (&other, false), (&other, false), (&signer, true), (&signer, true), (&other, false)] {
            assert_eq!(verify(key, INPUT, SIGNATURE, &signature), fits);
        }
    }
}
