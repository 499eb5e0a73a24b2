//! One function for each reader of hostile bytes: it must not panic, and what it accepts must hold together. The fuzzer and an ordinary test run them.
#![allow(dead_code, reason = "each fuzz target uses one of them")]

use unbroken::crypto::jws::CompactJws;
use unbroken::crypto::webauthn::{self, AuthenticatorData, ClientData, Expected, Party};
use unbroken::crypto::{CredentialKey, PublicKey, Spki};
use unbroken::json;

pub fn client_data(bytes: &[u8]) {
    let Ok(client) = ClientData::parse(bytes) else { return };
    let origins = ["https://app.acme.example".to_owned()];
    for cross_origin in [false, true] {
        let party = Party { rp_id: "acme.example", origins: &origins, user_verification: true, cross_origin };
        for challenge in [None, Some(&[7; 32])] {
            let expected = Expected { ceremony: "webauthn.get", relying_party: Some(party), challenge };
            let faults = webauthn::examine(&client, None, &expected);
            assert!(faults.iter().all(|fault| fault.message.contains(&fault.expected)));
        }
    }
    let signed = webauthn::signed_bytes(Some(bytes), bytes);
    assert_eq!(signed.len(), bytes.len() + 32);
}

pub fn authenticator_data(bytes: &[u8]) {
    let Ok(data) = AuthenticatorData::parse(bytes) else { return };
    assert_eq!((bytes[32], &bytes[33..37]), (data.flags.0, &data.sign_count.to_be_bytes()[..]));
    assert_eq!(bytes.len() > 37, data.flags.0 & 0xc0 != 0, "data stand behind the counter exactly where a flag says so");
    assert!(AuthenticatorData::parse(&[bytes, &[0]].concat()).is_err() && AuthenticatorData::parse(&bytes[..bytes.len() - 1]).is_err());
}

pub fn cose(bytes: &[u8]) {
    let Ok(key) = CredentialKey::from_cose(bytes) else { return };
    assert!(CredentialKey::from_cose(&[bytes, &[0]].concat()).is_err(), "nothing may stand behind a key");
    is_sound(&key);
}

pub fn pem(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(key) = CredentialKey::from_text(text) {
        is_sound(&key);
    }
}

pub fn jwk(bytes: &[u8]) {
    let Ok(value) = json::parse(bytes) else { return };
    let key = CredentialKey::from_jwk(&value);
    if let Ok(public) = PublicKey::from_jwk(&value) {
        assert_eq!(key.as_ref().expect("what manifests may use, tokens may").spki(), public.spki());
    }
    if let Ok(key) = key {
        is_sound(&key);
    }
}

pub fn jws(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(token) = CompactJws::parse(text) else { return };
    for key in [
        "MCowBQYDK2VwAyEAs371qUAjXvKfWYuEunsRGmdM+HNXhcIR7YPa7VRXuFc=",
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEiEb8HQBC3RiUxv5WDFux9lF8kFtKuPK7FZ3gK9t7KWsFFzmdDJ1N9j9EUKQqzP0KfA8fhtvp3vmLf6Mx/9jffg==",
    ] {
        let key = CredentialKey::from_text(key).expect("a key");
        assert!(token.verify(&key).is_err(), "nobody signed this under {key:?}");
    }
    assert!(token.header().member("crit").is_none() && token.key_id().is_none_or(|id| id.len() < text.len()));
}

/// One key, one SPKI, which is read back as the same key; and no signature of nothing.
fn is_sound(key: &CredentialKey) {
    let spki = Spki::from_der(key.spki()).expect("our own SPKI");
    assert_eq!(CredentialKey::from_spki(&spki).as_ref(), Ok(key));
    assert!(!key.verify(b"", b"") && !key.verify(b"a message", &[0; 64]));
}
