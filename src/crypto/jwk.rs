//! JSON Web Key (RFC 7517) for the two kinds of public keys: `OKP` with `Ed25519` (RFC 8037 section 2), `EC` with `P-256` (RFC 7518 section 6.2).
//! Members that are not about the key are ignored, as RFC 7517 section 4 demands. Not here: key sets, which belong to token issuers.

use super::{KeyError, PublicKey, base64url, pasted};
use crate::json::{self, FlawKind, Value};

const ED25519: &[u8] = &[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
const P256: &[u8] = &[
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03,
    0x42, 0x00, 0x04,
];

/// Reads a JWK from text. What the JSON reader says about a flaw may quote the text, so only its place and kind are passed on.
pub fn parse(text: &[u8]) -> Result<PublicKey, KeyError> {
    let value = json::parse(text).map_err(|flaw| {
        let kind = match flaw.kind {
            FlawKind::DuplicateName => "a name stands twice",
            FlawKind::Malformed => "not JSON",
            FlawKind::NumberInexact => "a number that no double holds",
            FlawKind::TooDeep => "nested too deep",
            FlawKind::Unicode => "not clean UTF-8",
        };
        KeyError::new(format!("the JWK is not strict JSON: {kind}, at byte {}", flaw.byte), "export the key again")
    })?;
    public_key(&value)
}

/// The public key that a JWK holds.
pub fn public_key(jwk: &Value) -> Result<PublicKey, KeyError> {
    if pasted::is_private_jwk(jwk) {
        return Err(pasted::private_key());
    }
    if jwk.member("keys").is_some() {
        return Err(KeyError::new("expected one JWK, found a set of keys", "put the one key into a file of its own"));
    }
    let (spki, algorithms): (Vec<u8>, &[&str]) = match (text(jwk, "kty"), text(jwk, "crv")) {
        (Some("OKP"), Some("Ed25519")) => ([ED25519, &coordinate(jwk, "x")?].concat(), &["Ed25519", "EdDSA"]),
        (Some("EC"), Some("P-256")) => ([P256, &coordinate(jwk, "x")?, &coordinate(jwk, "y")?].concat(), &["ES256"]),
        (Some("RSA"), _) => return Err(pasted::rsa()),
        _ => {
            return Err(KeyError::new(
                "expected a JWK with kty OKP and crv Ed25519, or kty EC and crv P-256, found another",
                "ask for an Ed25519 or P-256 key",
            ));
        }
    };
    if !is_for_verifying(jwk, algorithms) {
        return Err(KeyError::new(
            "the JWK says in use, key_ops or alg that it is not for these signatures",
            "ask the producer for the key that signs",
        ));
    }
    PublicKey::from_spki(&spki)
}

/// `use` (RFC 7517 section 4.2), `key_ops` (4.3) and `alg` (4.4), where they are there.
fn is_for_verifying(jwk: &Value, algorithms: &[&str]) -> bool {
    let operations = match jwk.member("key_ops") {
        Some(Value::Array(operations)) => operations.iter().any(|operation| matches!(operation, Value::String(name) if name == "verify")),
        Some(_) => false,
        None => true,
    };
    let named = |member: &str, allowed: &[&str]| match jwk.member(member) {
        Some(Value::String(name)) => allowed.contains(&name.as_str()),
        Some(_) => false,
        None => true,
    };
    operations && named("use", &["sig"]) && named("alg", algorithms)
}

fn coordinate(jwk: &Value, name: &str) -> Result<Vec<u8>, KeyError> {
    let bytes = text(jwk, name).and_then(base64url).filter(|bytes| bytes.len() == 32);
    bytes.ok_or_else(|| KeyError::new(format!("expected 32 bytes in base64url at {name} of the JWK, found something else"), "export the key again"))
}

fn text<'v>(jwk: &'v Value, name: &str) -> Option<&'v str> {
    match jwk.member(name) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}
