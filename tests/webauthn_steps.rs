//! The steps of WebAuthn section 7.2, one by one: what fails, and where a reader stops.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "a helper of tests may stop the test"
)]

use unbroken::crypto::webauthn::{self, AuthenticatorData, ClientData, Expected, Party, Step};
use unbroken::digest::Digest;

const PLAIN: &str =
    r#"{"type":"webauthn.get","challenge":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc","origin":"https://app.acme.example","crossOrigin":false}"#;
const CHALLENGE: [u8; 32] = [7; 32];

fn client(text: &str) -> ClientData {
    ClientData::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn data(flags: u8) -> AuthenticatorData {
    AuthenticatorData { rp_id_hash: Digest::of(b"acme.example").0, flags: webauthn::Flags(flags), sign_count: 0 }
}

/// The steps that fail for a party that demands user verification and no frames, and the challenge of all sevens.
fn steps(client: &ClientData, data: Option<&AuthenticatorData>) -> Vec<Step> {
    let origins = ["https://app.acme.example".to_owned()];
    let party = Party { rp_id: "acme.example", origins: &origins, user_verification: true, cross_origin: false };
    let expected = Expected { ceremony: "webauthn.get", relying_party: Some(party), challenge: Some(&CHALLENGE) };
    let faults = webauthn::examine(client, data, &expected);
    assert!(faults.iter().all(|fault| fault.message.contains(&fault.stated) && fault.message.contains(&fault.expected)));
    faults.into_iter().map(|fault| fault.step).collect()
}

#[test]
fn each_step_fails_alone() {
    assert_eq!(steps(&client(PLAIN), Some(&data(0x05))), []);
    let with = |from: &str, to: &str| client(&PLAIN.replace(from, to));
    for (client, step) in [
        (with("webauthn.get", "webauthn.create"), Step::Type),
        (with("webauthn.get", "webauthn.Get"), Step::Type),
        (with("BwcH", "CAgI"), Step::Challenge),
        (with("BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc", ""), Step::Challenge),
        (with("Bwc\"", "Bwc=\""), Step::Challenge),
        (with("Bwc\"", "Bwd\""), Step::Challenge),
        (with("acme.example", "acme.example.evil"), Step::Origin),
        (with("https:", "http:"), Step::Origin),
        (with("acme.example", "acme.example:443"), Step::Origin),
        (with("acme.example", "acme.example/"), Step::Origin),
        (with("app.acme", "App.acme"), Step::Origin),
        (with("false", "true"), Step::CrossOrigin),
        (with("false", r#"false,"topOrigin":"https://other.example""#), Step::CrossOrigin),
        (with("false", r#"true,"topOrigin":"https://other.example""#), Step::CrossOrigin),
    ] {
        assert_eq!(steps(&client, Some(&data(0x05))), [step], "{client:?}");
    }
    for (flags, step) in [(0x04, Step::UserPresence), (0x01, Step::UserVerification), (0x15, Step::Backup)] {
        assert_eq!(steps(&client(PLAIN), Some(&data(flags))), [step], "{flags:#x}");
    }
    for flags in [0x0d, 0x1d, 0x05 | 0x22] {
        assert_eq!(steps(&client(PLAIN), Some(&data(flags))), [], "{flags:#x}");
    }
    let elsewhere = AuthenticatorData { rp_id_hash: Digest::of(b"app.acme.example").0, ..data(0x05) };
    assert_eq!(steps(&client(PLAIN), Some(&elsewhere)), [Step::RpId]);
}

#[test]
fn a_challenge_may_be_encoded_twice() {
    let inner = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc";
    let encode = |text: &str| <base64ct::Base64UrlUnpadded as base64ct::Encoding>::encode_string(text.as_bytes());
    let with = |challenge: &str| steps(&client(&PLAIN.replace(inner, challenge)), Some(&data(0x05)));
    assert_eq!((with(&encode(inner)), with(&encode(&"07".repeat(32)))), (vec![], vec![]));
    for other in [encode(&encode(inner)), encode(&"0A".repeat(32)), encode(&format!("{inner}=")), encode(&inner[1..]), encode(&"08".repeat(32))] {
        assert_eq!(with(&other), [Step::Challenge], "{other}");
    }
}

#[test]
fn a_random_challenge_must_still_be_one_and_no_party_means_no_rule() {
    let expected = Expected { ceremony: "key.get", relying_party: None, challenge: None };
    let raw = client(r#"{"challenge":"AA","crossOrigin":true,"origin":"https://anywhere.example","type":"key.get"}"#);
    assert_eq!(webauthn::examine(&raw, None, &expected), []);
    let empty = ClientData { challenge: String::new(), ..raw.clone() };
    let top = ClientData { cross_origin: false, top_origin: Some("https://other.example".to_owned()), ..raw.clone() };
    let steps = |client: &ClientData| webauthn::examine(client, None, &expected).into_iter().map(|fault| fault.step).collect::<Vec<_>>();
    assert_eq!((steps(&empty), steps(&top)), (vec![Step::Challenge], vec![Step::CrossOrigin]));
    assert_eq!(webauthn::signed_bytes(None, b"the very bytes"), b"the very bytes");
}

#[test]
fn client_data_are_strict_json_in_any_order() {
    let same = [
        format!("\u{feff}{PLAIN}"),
        PLAIN.replace(',', ",\r\n\t ").replace(':', " : ").replace("https : ", "https:"),
        PLAIN.replace("{\"type", "{\"tokenBinding\":{\"status\":\"supported\"},\"new_keys_may_be_added_here\":[1],\"type"),
        PLAIN.replace(",\"crossOrigin\":false", ""),
        PLAIN.replace("\"type\"", "\"\\u0074ype\""),
    ];
    for text in same {
        assert_eq!(client(&text), client(PLAIN), "{text}");
    }
    for (text, words) in [
        (String::new(), "not strict JSON"),
        (format!("\u{feff}\u{feff}{PLAIN}"), "not strict JSON"),
        (format!("{PLAIN} x"), "not strict JSON"),
        (PLAIN.replace("{\"type", "{\"\\u0074ype\":\"webauthn.get\",\"type"), "not strict JSON"),
        (PLAIN.replace("\"crossOrigin\"", "\"x\":{\"a\":1,\"a\":1},\"crossOrigin\""), "not strict JSON"),
        ("[]".to_owned(), "expected a JSON object as client data, found an array"),
        (PLAIN.replace("\"webauthn.get\"", "1"), "a text as type of the client data, found a number"),
        (PLAIN.replace("\"origin\"", "\"Origin\""), "a text as origin of the client data, found none"),
        (PLAIN.replace("false", "\"false\""), "true or false as crossOrigin of the client data, found a string"),
        (PLAIN.replace("false", "null"), "true or false as crossOrigin of the client data, found null"),
        (PLAIN.replace("false", "true,\"topOrigin\":null"), "a text as topOrigin of the client data, found null"),
    ] {
        let error = ClientData::parse(text.as_bytes()).expect_err(&text);
        assert!(error.contains(words), "{text}: {error}");
    }
    assert!(ClientData::parse(b"{\"type\":\"\xff\"}").is_err());
}

#[test]
fn authenticator_data_end_where_their_flags_say() {
    let head = |flags: u8| [&[9; 32][..], &[flags, 0, 0, 1, 2]].concat();
    let key: Vec<u8> = [&[0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20][..], &[5; 32]].concat();
    let attested = |length: [u8; 2], id: &[u8]| [&[0; 16][..], &length, id, &key].concat();
    let extensions = [0xa1, 0x63, b'a', b'b', b'c', 0xf5];
    let parsed = AuthenticatorData::parse(&head(0x05)).expect("37 bytes");
    assert_eq!((parsed.rp_id_hash, parsed.flags.0, parsed.sign_count), ([9; 32], 5, 258));
    for fine in [
        [head(0x45), attested([0, 3], b"abc")].concat(),
        [head(0x45), attested([0, 0], b"")].concat(),
        [head(0x85), extensions.to_vec()].concat(),
        [head(0xc5), attested([0, 3], b"abc"), extensions.to_vec()].concat(),
    ] {
        assert!(AuthenticatorData::parse(&fine).is_ok(), "{fine:02x?}");
        assert!(AuthenticatorData::parse(&[&fine[..], &[0]].concat()).is_err(), "something stands behind {fine:02x?}");
        for end in 0..fine.len() {
            assert!(AuthenticatorData::parse(&fine[..end]).is_err(), "{end} of {fine:02x?}");
        }
        let unflagged = [&fine[..32], &[0x05], &fine[33..]].concat();
        assert!(AuthenticatorData::parse(&unflagged).is_err(), "data without a flag: {unflagged:02x?}");
    }
    let bomb = [head(0x85), vec![0xa1, 0x01], vec![0x81; 100_000]].concat();
    let huge = [head(0x85), vec![0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]].concat();
    for (bytes, words) in [
        (head(0x05)[..36].to_vec(), "at least 37 bytes of authenticator data, found 36"),
        (head(0x45), "attested credential data, as the flag AT says, found 0 bytes"),
        (head(0x85), "extension data in the authenticator data"),
        ([head(0x45), attested([4, 0], &[1; 1024])].concat(), "at most 1023 bytes"),
        ([head(0x85), vec![0x80]].concat(), "expected a CBOR map, found array"),
        ([head(0x85), vec![0xbf, 0xff]].concat(), "definite length"),
        ([head(0x85), vec![0xa2, 0x01, 0x02, 0x01, 0x02]].concat(), "one key twice"),
        ([head(0x85), vec![0xa1, 0x01, 0xc0, 0x60]].concat(), "expected CBOR as authenticators write it, found tag"),
        (bomb, "levels of CBOR"),
        (huge, "found the end"),
    ] {
        let error = AuthenticatorData::parse(&bytes).expect_err(words);
        assert!(error.contains(words), "{words}: {error}");
    }
}
