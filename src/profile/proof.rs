//! The proofs that a source's events carry one by one: an HMAC, a signature. Each covers the event's canonical form without some members.

use serde::Deserialize;

use super::TextForm;
use crate::crypto::Algorithm;

/// The HMAC-SHA-256 of each event.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MacRule {
    /// Where it stands.
    pub member: String,
    /// Members of the root object that it does not cover.
    pub without: Vec<String>,
    /// How it is written.
    #[serde(default = "TextForm::of_macs")]
    pub text: TextForm,
    /// How its key comes from the auditor's secret.
    #[serde(default)]
    pub key: MacKeyRule,
}

/// How the key of an HMAC comes from the secret.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MacKeyRule {
    /// The secret is the key.
    Direct,
    /// Derived for the tenant and the month of the event's time.
    #[default]
    HkdfEpoch,
}

/// The signature of each event.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignatureRule {
    /// Where it stands.
    pub member: String,
    /// Members of the root object that it does not cover.
    pub without: Vec<String>,
    /// How it is written.
    #[serde(default = "TextForm::of_signatures")]
    pub text: TextForm,
    /// By which algorithm.
    #[serde(default)]
    pub algorithm: EventAlgorithm,
    /// Which bytes stand for an ES256 signature; Ed25519 has one form.
    pub form: Option<EcdsaForm>,
}

/// The algorithms of signatures of single events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub enum EventAlgorithm {
    /// RFC 8032.
    #[default]
    Ed25519,
    /// ECDSA on P-256 with SHA-256.
    #[serde(rename = "ES256")]
    Es256,
}

/// Which bytes stand for an ECDSA signature.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EcdsaForm {
    /// ASN.1 DER (RFC 3279 section 2.2.3), as openssl writes it.
    #[default]
    Der,
    /// r and s, 32 bytes each (RFC 7518 section 3.4), as JOSE writes it.
    Fixed,
}

impl SignatureRule {
    /// The algorithm that the auditor's key must have.
    pub fn key_algorithm(&self) -> Algorithm {
        match self.algorithm {
            EventAlgorithm::Ed25519 => Algorithm::Ed25519,
            EventAlgorithm::Es256 => Algorithm::Es256,
        }
    }

    /// The signature of a text, as [`crate::crypto::PublicKey::verify`] takes it. Bytes that are r and s of no signature become none that fits.
    pub fn read(&self, text: &str) -> Option<Vec<u8>> {
        let bytes = self.text.read(text)?;
        match (self.algorithm, self.form.unwrap_or_default()) {
            (EventAlgorithm::Ed25519, _) => (bytes.len() == 64).then_some(bytes),
            (EventAlgorithm::Es256, EcdsaForm::Fixed) => (bytes.len() == 64).then(|| crate::crypto::es256_der(&bytes).unwrap_or_default()),
            (EventAlgorithm::Es256, EcdsaForm::Der) => (8..=72).contains(&bytes.len()).then_some(bytes),
        }
    }

    /// What it looks like, in words.
    pub fn words(&self) -> String {
        match (self.algorithm, self.form.unwrap_or_default()) {
            (EventAlgorithm::Es256, EcdsaForm::Der) => self.text.words_of("an ECDSA signature in DER"),
            _ => self.text.words(64),
        }
    }
}
