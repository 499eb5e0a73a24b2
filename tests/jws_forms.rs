//! What a token must be before its claims count: form, algorithm, signature.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "a helper of tests may stop the test"
)]

use ed25519_dalek::{Signer as _, SigningKey};
use unbroken::crypto::CredentialKey;
use unbroken::crypto::jws::{CompactJws, JwsFault, MAX_BYTES, NotSigned};
use unbroken::json::Value;

fn encode(bytes: impl AsRef<[u8]>) -> String {
    <base64ct::Base64UrlUnpadded as base64ct::Encoding>::encode_string(bytes.as_ref())
}

/// Signed by the key of all sevens.
fn token(header: &str, claims: &str) -> String {
    let input = format!("{}.{}", encode(header), encode(claims));
    let signature = SigningKey::from_bytes(&[7; 32]).sign(input.as_bytes());
    format!("{input}.{}", encode(signature.to_bytes()))
}

fn ed25519(secret: u8) -> CredentialKey {
    let key = SigningKey::from_bytes(&[secret; 32]).verifying_key();
    CredentialKey::from_text(&format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{}"}}"#, encode(key.as_bytes()))).expect("a key")
}

const P256: &str = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEiEb8HQBC3RiUxv5WDFux9lF8kFtKuPK7FZ3gK9t7KWsFFzmdDJ1N9j9EUKQqzP0KfA8fhtvp3vmLf6Mx/9jffg==";
const HEADER: &str = r#"{"alg":"EdDSA","kid":"a","typ":"JWT"}"#;
const CLAIMS: &str = r#"{"iss":"auth.acme.example","sub":"or-1","exp":1}"#;

#[test]
fn a_signed_token_holds_whatever_the_clock_says() {
    for alg in ["EdDSA", "Ed25519"] {
        let text = token(&HEADER.replace("EdDSA", alg), CLAIMS);
        let parsed = CompactJws::parse(&text).expect("a token");
        assert_eq!((parsed.verify(&ed25519(7)), parsed.key_id()), (Ok(()), Some("a")));
        assert_eq!(parsed.claims().member("sub"), Some(&Value::String("or-1".to_owned())));
        assert_eq!(parsed.verify(&ed25519(8)), Err(NotSigned::Signature));
    }
    let odd = token(r#"{"alg":"EdDSA","kid":5,"jwk":{"kty":"none"},"jku":1,"x5c":"a","x5u":[]}"#, r#"{"exp":"never","aud":[1]}"#);
    let odd = CompactJws::parse(&odd).expect("keys in the header are not looked at");
    assert_eq!((odd.verify(&ed25519(7)), odd.key_id()), (Ok(()), None));
}

#[test]
fn the_key_has_the_algorithm() {
    let p256 = CredentialKey::from_text(P256).expect("a key");
    for (alg, key) in
        [("HS256", ed25519(7)), ("ES256", ed25519(7)), ("eddsa", ed25519(7)), ("EdDSA", p256.clone()), ("Ed25519", p256.clone()), ("RS256", p256)]
    {
        let text = token(&HEADER.replace("EdDSA", alg), CLAIMS);
        let found = CompactJws::parse(&text).expect("a token").verify(&key);
        assert_eq!(found, Err(NotSigned::Algorithm(alg.to_owned(), key.algorithm().name())));
    }
    let text = token(&HEADER.replace("EdDSA", "ES256"), CLAIMS);
    let der = CompactJws::parse(&text).expect("a token").verify(&CredentialKey::from_text(P256).expect("a key"));
    assert_eq!(der, Err(NotSigned::Signature));
}

#[test]
fn no_algorithm_and_critical_extensions_are_refused() {
    for (header, fault) in [
        (r#"{"alg":"none"}"#, JwsFault::Algorithm("\"none\"".to_owned())),
        (r#"{"alg":"NoNe"}"#, JwsFault::Algorithm("\"NoNe\"".to_owned())),
        (r#"{"alg":""}"#, JwsFault::Algorithm("\"\"".to_owned())),
        (r#"{"alg":["EdDSA"]}"#, JwsFault::Algorithm("an array".to_owned())),
        (r#"{"alg":null}"#, JwsFault::Algorithm("null".to_owned())),
        (r#"{"typ":"JWT"}"#, JwsFault::Algorithm("no alg".to_owned())),
        (r#"{"alg":"EdDSA","crit":["exp"],"exp":1}"#, JwsFault::Critical("crit".to_owned())),
        (r#"{"alg":"EdDSA","crit":[]}"#, JwsFault::Critical("crit".to_owned())),
        (r#"{"alg":"EdDSA","b64":false,"crit":["b64"]}"#, JwsFault::Critical("crit".to_owned())),
        (r#"{"alg":"EdDSA","b64":true}"#, JwsFault::Critical("b64".to_owned())),
    ] {
        assert_eq!(CompactJws::parse(&token(header, CLAIMS)).err(), Some(fault), "{header}");
    }
    let unsigned = format!("{}.{}.", encode(r#"{"alg":"none"}"#), encode(CLAIMS));
    assert!(matches!(CompactJws::parse(&unsigned), Err(JwsFault::Algorithm(_))));
}

#[test]
fn the_form_is_strict() {
    let good = token(HEADER, CLAIMS);
    let (input, signature) = good.rsplit_once('.').expect("three parts");
    let long = format!("{}.{}.AA", encode(HEADER), "A".repeat(MAX_BYTES));
    for (text, words) in [
        (String::new(), "three parts, found 1"),
        (input.to_owned(), "three parts, found 2"),
        (format!("{good}."), "three parts, found 4"),
        (format!("{good}.AA.AA"), "five: an encrypted token"),
        (format!("{{\"payload\":\"{}\"}}", encode(CLAIMS)), "JSON serialization"),
        (format!("{good}="), "base64url without padding in the token's signature"),
        (format!("{good}\n"), "token's signature"),
        (format!(" {good}"), "token's header"),
        (format!("{input}.{}", &signature[1..]), "token's signature"),
        (good.replace('.', "!."), "token's header"),
        (token("[]", CLAIMS), "object in the token's header, found an array"),
        (token(r#"{"alg":"EdDSA","alg":"EdDSA"}"#, CLAIMS), "token's header, found a flaw at its byte 15: a name stands twice"),
        (token(HEADER, r#"{"sub":"a","\u0073ub":"b"}"#), "a name stands twice"),
        (token(HEADER, r#"{"x":{"a":1,"a":1}}"#), "a name stands twice"),
        (token(HEADER, r#"{"exp":1e400}"#), "a number that no double holds"),
        (token(HEADER, "\"text\""), "object in the token's payload, found a string"),
        (token(HEADER, ""), "not JSON"),
        (long, "at most 65536 bytes"),
    ] {
        match CompactJws::parse(&text) {
            Err(JwsFault::Malformed(what)) => {
                assert!(what.contains(words), "{words}: {what}");
                assert!(text.len() < 12 || !what.contains(&text[4..12]), "the token is not repeated: {what}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn one_changed_character_is_another_token() {
    let good = token(HEADER, CLAIMS);
    let key = ed25519(7);
    for at in 0..good.len() {
        let mut bytes = good.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let text = String::from_utf8(bytes).expect("ASCII");
        assert!(CompactJws::parse(&text).map_or(true, |parsed| parsed.verify(&key).is_err()), "byte {at}");
    }
}
