//! Keys from fixed seeds, and what is signed with them. Anyone who has this file has the keys: they protect nothing.

use std::sync::Arc;

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaEncoding, RsaKeyPair};
use base64ct::{Base64, Encoding as _};
use ed25519_dalek::{Signer as _, SigningKey};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

/// `sha256:` and hex.
pub fn digest(bytes: &[u8]) -> String {
    format!("sha256:{}", hex(&Sha256::digest(bytes)))
}

/// The digest of all zeros: the first link of a `qustody/1` chain.
pub fn zero_digest() -> String {
    format!("sha256:{}", "0".repeat(64))
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// 32 bytes that depend on the name alone.
pub fn seed(name: &str) -> [u8; 32] {
    Sha256::digest(format!("unbroken forge, not a secret: {name}")).into()
}

/// A key that signs manifests, genesis blocks or events.
#[derive(Clone)]
pub enum Key {
    /// RFC 8032
    Ed25519(Box<SigningKey>),
    /// FIPS 186-5, deterministic by RFC 6979, written in DER
    Es256(p256::ecdsa::SigningKey),
    /// RFC 2104
    Hs256([u8; 32]),
    /// RFC 8017 section 8.2, with SHA-256
    Rs256(Arc<RsaKeyPair>),
}

impl Key {
    /// The Ed25519 key of this name.
    pub fn ed25519(name: &str) -> Self {
        Self::Ed25519(Box::new(SigningKey::from_bytes(&seed(name))))
    }

    /// The P-256 key of this name.
    pub fn es256(name: &str) -> Self {
        Self::Es256(p256::ecdsa::SigningKey::from_slice(&seed(name)).unwrap())
    }

    /// The shared secret of this name.
    pub fn hs256(name: &str) -> Self {
        Self::Hs256(seed(name))
    }

    /// One of the two RSA keys of 2048 bits, PKCS #8 in base64: primes cannot be drawn from a seed in reasonable time.
    pub fn rs256(number: usize) -> Self {
        const FIXED: [&str; 2] = [include_str!("fixed/rsa-1.txt"), include_str!("fixed/rsa-2.txt")];
        let der = Base64::decode_vec(&FIXED[number - 1].replace('\n', "")).unwrap();
        Self::Rs256(Arc::new(RsaKeyPair::from_pkcs8(&der).unwrap()))
    }

    /// As the signature file names it.
    pub fn algorithm(&self) -> &'static str {
        match self {
            Self::Ed25519(_) => "Ed25519",
            Self::Es256(_) => "ES256",
            Self::Hs256(_) => "HS256",
            Self::Rs256(_) => "RS256",
        }
    }

    /// The raw signature (DER for ES256).
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Ed25519(key) => key.sign(message).to_bytes().to_vec(),
            Self::Es256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.to_der().as_bytes().to_vec()
            }
            Self::Hs256(key) => mac(key, &[message]).to_vec(),
            Self::Rs256(key) => rsa(key, &RSA_PKCS1_SHA256, message),
        }
    }

    /// SPKI DER of the public key (RFC 8410, RFC 5480).
    pub fn spki(&self) -> Vec<u8> {
        const ED25519: &[u8] = &[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
        const P256: &[u8] = &[
            0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07,
            0x03, 0x42, 0x00,
        ];
        match self {
            Self::Ed25519(key) => [ED25519, key.verifying_key().as_bytes()].concat(),
            Self::Es256(key) => [P256, key.verifying_key().to_sec1_point(false).as_bytes()].concat(),
            Self::Hs256(_) => panic!("a shared secret has no public key"),
            Self::Rs256(key) => AsDer::<PublicKeyX509Der<'_>>::as_der(key.public_key()).unwrap().as_ref().to_vec(),
        }
    }

    /// SPKI in base64, as the trust file holds it.
    pub fn public_key(&self) -> String {
        Base64::encode_string(&self.spki())
    }

    /// SPKI in PEM, as openssl reads it.
    pub fn pem(&self) -> String {
        pem("PUBLIC KEY", &self.spki())
    }

    /// PKCS #1 in PEM; RSA alone has this form.
    pub fn rsa_pem(&self) -> String {
        let Self::Rs256(key) = self else { panic!("no RSA key") };
        pem("RSA PUBLIC KEY", key.public_key().as_ref())
    }
}

/// RFC 7468
pub fn pem(label: &str, der: &[u8]) -> String {
    let text = Base64::encode_string(der);
    let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// An RSA signature; PKCS #1 v1.5 has no randomness.
pub fn rsa(key: &RsaKeyPair, padding: &'static dyn RsaEncoding, message: &[u8]) -> Vec<u8> {
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(padding, &SystemRandom::new(), message, &mut signature).unwrap();
    signature
}

/// HMAC-SHA-256 over several runs of bytes.
pub fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut state = Hmac::<Sha256>::new_from_slice(key).unwrap();
    parts.iter().for_each(|part| state.update(part));
    state.finalize().into_bytes().into()
}

/// The tenant key of per-event HMACs.
pub fn tenant_key(tenant: &str) -> [u8; 32] {
    seed(&format!("{tenant} mac"))
}

/// The key of one month, by the key hierarchy of the format.
pub fn epoch_key(tenant: &str, tenant_key: &[u8], epoch: &str) -> [u8; 32] {
    let mut key = [0; 32];
    Hkdf::<Sha256>::new(Some(tenant.as_bytes()), tenant_key).expand(format!("audit-bundle/1 event-mac {epoch}").as_bytes(), &mut key).unwrap();
    key
}

/// The Ed25519 key that signs the events of a tenant.
pub fn event_key(tenant: &str) -> Key {
    Key::ed25519(&format!("{tenant} events"))
}
