//! Compact JWS (RFC 7515 section 3.1) as tokens (RFC 7519): strict form, and the signature by a key that the caller trusts. The header never chooses
//! the algorithm or the key: `jku`, `jwk`, `x5u` and `x5c` are not looked at. Not here: what claims mean, and any clock.

use super::{CredentialKey, SignatureAlgorithm, base64url, flaw_words, provider};
use crate::json::{self, Flaw, Value};

/// Above any token that a web server takes in a header line.
pub const MAX_BYTES: usize = 65_536;

/// A JWS whose form is right: three parts in strict base64url, a header without duplicate names and critical extensions.
#[derive(Debug, Clone)]
pub struct Jws<'t> {
    /// Header and payload as they were signed, and the signature, all in base64url.
    signing_input: &'t str,
    signature_text: &'t str,
    header: Value,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

/// A token whose form is right: a JWS whose payload is a JSON object without duplicate names.
#[derive(Debug, Clone)]
pub struct CompactJws<'t> {
    jws: Jws<'t>,
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

impl<'t> Jws<'t> {
    /// Reads a JWS with any payload.
    pub fn parse(text: &'t str) -> Result<Self, JwsFault> {
        if text.len() > MAX_BYTES {
            return malformed(format!("expected a token of at most {MAX_BYTES} bytes, found {}", text.len()));
        }
        if text.trim_ascii_start().starts_with('{') {
            return malformed("expected a compact JWS, found the JSON serialization (RFC 7515 section 7.2)");
        }
        let parts: Vec<&str> = text.split('.').collect();
        let [header, payload, signature] = parts.as_slice() else {
            return malformed(match parts.len() {
                5 => "expected a compact JWS of three parts, found five: an encrypted token (JWE, RFC 7516)".to_owned(),
                count => format!("expected a compact JWS of three parts, found {count}"),
            });
        };
        let (signing_input, _) = text.rsplit_once('.').unwrap_or_default();
        let header = object(&decoded(header, "header")?, "header")?;
        refuse_critical(&header)?;
        refuse_no_algorithm(&header)?;
        let payload = decoded(payload, "payload")?;
        Ok(Self { signing_input, signature_text: signature, header, payload, signature: decoded(signature, "signature")? })
    }

    /// The protected header: an object.
    pub fn header(&self) -> &Value {
        &self.header
    }

    /// The payload. Nothing in it counts before [`Self::verify`] succeeds.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// `kid`, where it is a text.
    pub fn key_id(&self) -> Option<&str> {
        text(&self.header, "kid")
    }

    /// Whether this key signed it.
    pub fn verify(&self, key: &CredentialKey) -> Result<(), NotSigned> {
        let theirs = text(&self.header, "alg").unwrap_or_default();
        let ours = key.algorithm();
        // RFC 9864 deprecates "EdDSA", which does not name the curve; issuers write it.
        if theirs != ours.name() && !(theirs == "EdDSA" && ours == SignatureAlgorithm::Ed25519) {
            return Err(NotSigned::Algorithm(theirs.to_owned(), ours.name()));
        }
        let fits = provider::verify(key, self.signing_input.as_bytes(), self.signature_text, &self.signature);
        if fits { Ok(()) } else { Err(NotSigned::Signature) }
    }
}

impl<'t> CompactJws<'t> {
    /// Reads a token.
    pub fn parse(text: &'t str) -> Result<Self, JwsFault> {
        let jws = Jws::parse(text)?;
        let claims = object(&jws.payload, "payload")?;
        Ok(Self { jws, claims })
    }

    /// The protected header: an object.
    pub fn header(&self) -> &Value {
        self.jws.header()
    }

    /// The claims: an object. Nothing in them counts before [`Self::verify`] succeeds.
    pub fn claims(&self) -> &Value {
        &self.claims
    }

    /// `kid`, where it is a text.
    pub fn key_id(&self) -> Option<&str> {
        self.jws.key_id()
    }

    /// Whether this key signed it.
    pub fn verify(&self, key: &CredentialKey) -> Result<(), NotSigned> {
        self.jws.verify(key)
    }
}

fn malformed<T>(what: impl Into<String>) -> Result<T, JwsFault> {
    Err(JwsFault::Malformed(what.into()))
}

fn decoded(part: &str, name: &str) -> Result<Vec<u8>, JwsFault> {
    base64url(part).map_or_else(|| malformed(format!("expected strict base64url without padding in the token's {name}, found something else")), Ok)
}

/// What the JSON reader says may quote the token, so only the place and the kind of a flaw are passed on.
fn object(bytes: &[u8], name: &str) -> Result<Value, JwsFault> {
    let value = json::parse(bytes).or_else(|flaw: Flaw| {
        malformed(format!("expected strict JSON in the token's {name}, found a flaw at its byte {}: {}", flaw.byte, flaw_words(flaw.kind)))
    })?;
    match value {
        Value::Object(_) => Ok(value),
        other => malformed(format!("expected a JSON object in the token's {name}, found {}", other.kind())),
    }
}

/// No extension is understood here, so each that must be understood ends the matter; `b64` changes what is signed.
fn refuse_critical(header: &Value) -> Result<(), JwsFault> {
    match ["crit", "b64"].iter().find(|name| header.member(name).is_some()) {
        Some(name) => Err(JwsFault::Critical((*name).to_owned())),
        None => Ok(()),
    }
}

fn refuse_no_algorithm(header: &Value) -> Result<(), JwsFault> {
    match header.member("alg") {
        Some(Value::String(name)) if !name.is_empty() && !name.eq_ignore_ascii_case("none") => Ok(()),
        Some(Value::String(name)) => Err(JwsFault::Algorithm(format!("\"{name}\""))),
        Some(other) => Err(JwsFault::Algorithm(other.kind().to_owned())),
        None => Err(JwsFault::Algorithm("no alg".to_owned())),
    }
}

fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    match value.member(name) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}
