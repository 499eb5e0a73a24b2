//! What people hand over by mistake where a public key belongs, told apart well enough for a useful hint. Never repeats what it was given: it may be
//! a private key.

use super::{KeyError, base64, base64url, der};
use crate::json::Value;

const EXPORT: &str = "ask for the public key as PEM: openssl pkey -in private.pem -pubout";

/// The refusal of a private key.
pub fn private_key() -> KeyError {
    KeyError::new(
        "this is a private key, which nobody but its owner should hold (its text is not repeated here)",
        "ask for the public key (openssl pkey -in private.pem -pubout), and tell the owner that the private one was handed out",
    )
}

/// The refusal of an RSA key.
pub fn rsa() -> KeyError {
    KeyError::new("RSA keys are not for manifests", "ask the producer for an Ed25519 or P-256 key; RSA keys are trusted for tokens only")
}

/// The members of a JWK that only private and symmetric keys have (RFC 7518 sections 6.2.2, 6.3.2 and 6.4; RFC 8037 section 2).
pub fn is_private_jwk(jwk: &Value) -> bool {
    ["d", "p", "q", "dp", "dq", "qi", "oth", "k"].iter().any(|name| jwk.member(name).is_some())
}

/// The refusal, if the text holds what looks like a private key.
pub fn private(text: &[u8]) -> Option<KeyError> {
    let upper = text.to_ascii_uppercase();
    let holds = |words: &[u8]| upper.windows(words.len()).any(|window| window == words);
    let decoded = std::str::from_utf8(text).ok().and_then(|text| base64(text.trim_ascii()));
    let is_private =
        holds(b"PRIVATE KEY") || holds(b"AGE-SECRET-KEY-") || is_private_der(text) || decoded.is_some_and(|bytes| is_private_der(&bytes));
    is_private.then(private_key)
}

/// PKCS #8 (RFC 5208, RFC 5958), PKCS #1 and SEC 1 private keys start with a version of 0 or 1; no public key does.
fn is_private_der(bytes: &[u8]) -> bool {
    let inner = der::element(bytes).filter(|outer| outer.tag == der::SEQUENCE).and_then(|outer| der::element(outer.value));
    inner.is_some_and(|first| first.tag == der::INTEGER && matches!(first.value, [0 | 1]))
}

/// Says what a text is that is neither a PEM `PUBLIC KEY` nor base64.
pub fn explain(text: &[u8]) -> KeyError {
    let text = text.trim_ascii();
    let starts = |words: &str| text.get(..words.len()).is_some_and(|start| start.eq_ignore_ascii_case(words.as_bytes()));
    if text.is_empty() {
        return KeyError::new("expected a public key, found nothing", EXPORT);
    }
    if starts("-----BEGIN CERTIFICATE") || starts("-----BEGIN X509") || starts("-----BEGIN TRUSTED CERT") {
        return certificate();
    }
    if starts("-----BEGIN RSA PUBLIC KEY") || starts("ssh-rsa ") {
        return rsa();
    }
    if starts("ssh-") || starts("ecdsa-sha2-") || starts("sk-") || starts("---- BEGIN SSH2") {
        return ssh();
    }
    if starts("-----BEGIN PUBLIC KEY") || starts("-----BEGIN ") || starts("untrusted comment") {
        return KeyError::new("expected a PEM block \"PUBLIC KEY\", found another kind of block", EXPORT);
    }
    if starts("SHA256:") {
        return fingerprint();
    }
    if text.starts_with(b"{") {
        return KeyError::new("expected SPKI in base64, found JSON", "put a JWK into a file of its own and name it with file = …");
    }
    if is_hex(text) {
        return bare();
    }
    let decoded = std::str::from_utf8(text).ok().and_then(|text| base64url(text.trim_end_matches('=')));
    if is_bare(text) || decoded.is_some_and(|bytes| is_bare(&bytes)) {
        return bare();
    }
    if text.first() == Some(&der::SEQUENCE) && std::str::from_utf8(text).is_err() {
        return KeyError::new("expected text, found binary DER", "turn it into PEM: openssl pkey -pubin -inform DER -in key.der -out key.pem");
    }
    KeyError::new("expected a public key (PEM \"PUBLIC KEY\", JWK, or SPKI in base64 on one line), found something else", EXPORT)
}

/// Says what DER is that is not an SPKI.
pub fn explain_der(der: &[u8]) -> KeyError {
    if is_private_der(der) {
        return private_key();
    }
    if is_bare(der) {
        return bare();
    }
    if matches!(der.first(), Some(0xa3..=0xa6)) {
        return KeyError::new("expected SPKI, found what looks like a COSE key", "turn it into SPKI; PEM is SPKI between two lines");
    }
    let first = der::whole(der::SEQUENCE, der).and_then(der::element);
    let signed = first.as_ref().filter(|first| first.tag == der::SEQUENCE).and_then(|first| der::element(first.value));
    match (first, signed) {
        (Some(first), _) if first.tag == der::INTEGER => rsa(),
        (_, Some(version)) if version.tag == der::CONTEXT_0 => certificate(),
        _ => KeyError::new("the decoded bytes are not a public key in SPKI form (or something stands behind it)", EXPORT),
    }
}

/// The refusal of an SSH public key.
pub fn ssh() -> KeyError {
    KeyError::new("this is an SSH public key, which has another form", EXPORT)
}

/// The refusal of a fingerprint.
pub fn fingerprint() -> KeyError {
    KeyError::new("this is a fingerprint, not a key", "ask for the key itself, then compare its fingerprint with this one")
}

fn certificate() -> KeyError {
    KeyError::new(
        "this is a certificate, not a public key; who issued it and until when is not looked at here",
        "take the key out of it: openssl x509 -in cert.pem -noout -pubkey",
    )
}

/// 32 or 64 bytes in hex, which would be base64 as well.
pub fn is_hex(text: &[u8]) -> bool {
    matches!(text.len(), 64 | 128) && text.iter().all(u8::is_ascii_hexdigit)
}

/// The sizes of bare keys: Ed25519, P-256 compressed and uncompressed, Ed25519 secret and public.
fn is_bare(bytes: &[u8]) -> bool {
    match bytes {
        [2 | 3, rest @ ..] if rest.len() == 32 => true,
        [4, rest @ ..] if rest.len() == 64 => true,
        _ => matches!(bytes.len(), 32 | 64) && bytes.first() != Some(&der::SEQUENCE),
    }
}

fn bare() -> KeyError {
    KeyError::new("these are the bare bytes of a key; nothing in them says of which kind, or whether it is public or private", EXPORT)
}
