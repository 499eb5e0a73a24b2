//! JSON Web Key (RFC 7517) of public keys: `OKP` with `Ed25519` (RFC 8037 section 2), `EC` (RFC 7518 section 6.2), `RSA` (section 6.3).
//! Members that are not about the key are ignored, as RFC 7517 section 4 demands. Not here: key sets, which belong to token issuers.

use super::{KeyError, KeyTrouble, PublicKey, SignatureAlgorithm, Spki, SpkiKind, base64url, flaw_words, pasted, rsa};
use crate::json::{self, Value};

/// The JWK in a text. What the JSON reader says about a flaw may quote the text, so only its place and kind are passed on.
pub fn parse(text: &[u8]) -> Result<Value, KeyError> {
    json::parse(text).map_err(|flaw| {
        KeyError::new(format!("the JWK is not strict JSON: {}, at byte {}", flaw_words(flaw.kind), flaw.byte), "export the key again")
    })
}

/// The key of a JWK that manifests may use.
pub fn public_key(jwk: &Value) -> Result<PublicKey, KeyError> {
    refuse_private(jwk)?;
    match (text(jwk, "kty"), text(jwk, "crv")) {
        (Some("OKP"), Some("Ed25519")) | (Some("EC"), Some("P-256")) => PublicKey::from_parsed(&read(jwk)?.0),
        (Some("RSA"), _) => Err(pasted::rsa()),
        _ => Err(KeyError::new(
            "expected a JWK with kty OKP and crv Ed25519, or kty EC and crv P-256, found another",
            "ask for an Ed25519 or P-256 key",
        )),
    }
}

/// The public key that a JWK holds, and its algorithm: `alg`, or where it is absent the one that its kind of key has, RS256 for RSA.
pub fn read(jwk: &Value) -> Result<(Spki, SignatureAlgorithm), KeyTrouble> {
    refuse_private(jwk).map_err(KeyTrouble::Malformed)?;
    let Some(kty) = text(jwk, "kty") else {
        return Err(KeyTrouble::Malformed(KeyError::new("expected a text kty in the JWK, found none", "export the key again")));
    };
    let kind = match (kty, text(jwk, "crv")) {
        ("OKP", Some("Ed25519")) => SpkiKind::Ed25519,
        ("EC", Some("P-256")) => SpkiKind::P256,
        ("EC", Some("P-384")) => SpkiKind::P384,
        ("EC", Some("P-521")) => SpkiKind::P521,
        ("RSA", _) => SpkiKind::Rsa,
        ("EC", Some("secp256k1")) => return not_supported("ES256K (ECDSA on secp256k1)"),
        ("OKP", Some("Ed448")) => return not_supported("Ed448"),
        ("OKP", Some("X25519" | "X448")) => return not_supported("a key for key agreement"),
        ("AKP", _) => return not_supported("ML-DSA"),
        ("EC" | "OKP", Some(_)) => return not_supported("a key on a curve that is not known here"),
        ("EC" | "OKP", None) => {
            return Err(KeyTrouble::Malformed(KeyError::new("expected a text crv in the JWK, found none", "export the key again")));
        }
        _ => return not_supported("a kty that is not known here"),
    };
    let spki = spki(jwk, kind).map_err(KeyTrouble::Malformed)?;
    match algorithm(jwk, kind) {
        Some(algorithm) if is_for_verifying(jwk) => Ok((spki, algorithm)),
        _ => Err(KeyTrouble::Malformed(KeyError::new(
            "the JWK says in use, key_ops or alg that it is not for these signatures",
            "ask the producer for the key that signs",
        ))),
    }
}

fn not_supported<T>(name: &str) -> Result<T, KeyTrouble> {
    Err(KeyTrouble::NotSupported(name.to_owned()))
}

fn refuse_private(jwk: &Value) -> Result<(), KeyError> {
    if pasted::is_private_jwk(jwk) {
        return Err(pasted::private_key());
    }
    if jwk.member("keys").is_some() {
        return Err(KeyError::new("expected one JWK, found a set of keys", "put the one key into a file of its own"));
    }
    Ok(())
}

fn spki(jwk: &Value, kind: SpkiKind) -> Result<Spki, KeyError> {
    let point = |size: usize| Ok::<_, KeyError>([&[0x04][..], &coordinate(jwk, "x", size)?, &coordinate(jwk, "y", size)?].concat());
    let bits = match kind {
        SpkiKind::Ed25519 => coordinate(jwk, "x", 32)?,
        SpkiKind::P256 => point(32)?,
        SpkiKind::P384 => point(48)?,
        SpkiKind::P521 => point(66)?,
        SpkiKind::Rsa => rsa::encode(&bytes(jwk, "n")?, &bytes(jwk, "e")?)?,
    };
    Ok(Spki::new(kind, &bits))
}

/// `alg` (RFC 7517 section 4.4), where it is there; `None` if it is of another kind of key.
fn algorithm(jwk: &Value, kind: SpkiKind) -> Option<SignatureAlgorithm> {
    let allowed: &[(&str, SignatureAlgorithm)] = match kind {
        SpkiKind::Ed25519 => &[("Ed25519", SignatureAlgorithm::Ed25519), ("EdDSA", SignatureAlgorithm::Ed25519)],
        SpkiKind::P256 => &[("ES256", SignatureAlgorithm::Es256)],
        SpkiKind::P384 => &[("ES384", SignatureAlgorithm::Es384)],
        SpkiKind::P521 => &[("ES512", SignatureAlgorithm::Es512)],
        SpkiKind::Rsa => &[
            ("RS256", SignatureAlgorithm::Rs256),
            ("RS384", SignatureAlgorithm::Rs384),
            ("RS512", SignatureAlgorithm::Rs512),
            ("PS256", SignatureAlgorithm::Ps256),
            ("PS384", SignatureAlgorithm::Ps384),
            ("PS512", SignatureAlgorithm::Ps512),
        ],
    };
    match jwk.member("alg") {
        None => allowed.first().map(|(_, algorithm)| *algorithm),
        Some(Value::String(name)) => allowed.iter().find(|(own, _)| own == name).map(|(_, algorithm)| *algorithm),
        Some(_) => None,
    }
}

/// `use` (RFC 7517 section 4.2) and `key_ops` (4.3), where they are there.
fn is_for_verifying(jwk: &Value) -> bool {
    let operations = match jwk.member("key_ops") {
        Some(Value::Array(operations)) => operations.iter().any(|operation| matches!(operation, Value::String(name) if name == "verify")),
        Some(_) => false,
        None => true,
    };
    let for_signatures = match jwk.member("use") {
        Some(Value::String(name)) => name == "sig",
        Some(_) => false,
        None => true,
    };
    operations && for_signatures
}

fn coordinate(jwk: &Value, name: &str, size: usize) -> Result<Vec<u8>, KeyError> {
    let wrong = || KeyError::new(format!("expected {size} bytes in base64url at {name} of the JWK, found something else"), "export the key again");
    bytes(jwk, name).ok().filter(|bytes| bytes.len() == size).ok_or_else(wrong)
}

fn bytes(jwk: &Value, name: &str) -> Result<Vec<u8>, KeyError> {
    let wrong = || KeyError::new(format!("expected base64url at {name} of the JWK, found something else"), "export the key again");
    text(jwk, name).and_then(base64url).ok_or_else(wrong)
}

fn text<'v>(jwk: &'v Value, name: &str) -> Option<&'v str> {
    match jwk.member(name) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}
