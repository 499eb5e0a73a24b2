//! The file as a whole.

use unbroken::crypto::SignatureAlgorithm;
use unbroken::trust::{Trust, Use, UserVerification};

use super::desk::*;

#[test]
fn every_table_is_read() {
    let desk = Desk::new()
        .with("acme.key", [7; 32])
        .with("oct.key", [8; 64])
        .with("hs.key", [9; 33])
        .with("p256.pem", format!("-----BEGIN PUBLIC KEY-----\r\n{}\r\n{}\r\n-----END PUBLIC KEY-----\r\n", &P256[..64], &P256[64..]));
    let text = file(&[
        &manifest_key(),
        "tenant = [\"tnt_acme\"]\nvalid = { from = \"2026-01-01T00:00:00Z\", to = \"2026-12-31T23:59:59Z\" }\ncompromised_since = \"2026-06-01T00:00:00Z\"\n",
        "[[key]]\nid = \"p\"\nuse = [\"event\", \"token\"]\nalgorithm = \"ES256\"\nfile = \"p256.pem\"\n",
        &key("r", r#""token""#, "PS256", RSA),
        &key("e", r#""token""#, "ES384", P384),
        &secret("acme-mac", "acme.key", "kind = \"tenant\"\ntenant = \"tnt_acme\""),
        &secret("month", "oct.key", "kind = \"epoch\"\nepoch = \"2026-10\""),
        &secret("hs", "hs.key", "kind = \"manifest\""),
        &relying_party(
            "origins = [\"https://app.acme.example\", \"https://acme.example:8443\"]\nuser_verification = \"preferred\"\ncross_origin = true",
        ),
        &format!("[[credential]]\nid = \"cr-1\"\nuser = \"us-1\"\npublic_key = \"{P256}\"\n"),
        &anchor("tnt_acme", "0", HASH),
    ]);
    let trust = desk.read(&text).expect("a sound file");
    let source = trust.source.as_ref().expect("read from a file");
    assert_eq!((source.0.as_path(), source.1), (desk.path("trust.toml").as_path(), unbroken::digest::Digest::of(text.as_bytes())));
    let first = trust.key("a").expect("there");
    assert_eq!((first.uses.as_slice(), first.tenants.as_deref()), (&[Use::Manifest, Use::Genesis][..], Some(&["tnt_acme".to_owned()][..])));
    assert!(first.valid.is_some_and(|(from, to)| from < to) && first.compromised_since.is_some());
    assert!(trust.key("p").is_some() && trust.key("r").is_none() && trust.key("b").is_none() && trust.unnamed_keys().next().is_none());
    let algorithm = |id: &str| trust.token_key(id).map(|key| key.key.algorithm());
    assert_eq!((algorithm("r"), algorithm("e")), (Some(SignatureAlgorithm::Ps256), Some(SignatureAlgorithm::Es384)));
    assert_eq!(
        (algorithm("p"), algorithm("a")),
        (Some(SignatureAlgorithm::Es256), None),
        "a key for events and tokens is both; one for manifests is not"
    );
    assert_eq!(trust.relying_parties[0].user_verification, UserVerification::Preferred);
    assert!(trust.relying_parties[0].cross_origin && trust.relying_parties[0].origins.len() == 2);
    assert_eq!((trust.credentials[0].user.as_str(), trust.anchors[0].seq, trust.anchors[0].strict), ("us-1", Some(0), false));
}

#[test]
fn what_cannot_be_read_is_of_the_environment() {
    let desk = Desk::new();
    assert_eq!(Trust::read(&desk.path("none.toml")).expect_err("absent").exit_code(), 4);
    assert_eq!(Trust::read(desk.0.path()).expect_err("a folder").exit_code(), 4);
    let missing = desk.read(&file(&[&secret("m", "none.key", "kind = \"tenant\"")])).expect_err("absent");
    assert_eq!(missing.exit_code(), 4);
    assert!(missing.to_string().contains("none.key"), "{missing}");
}

#[test]
fn the_file_is_strict() {
    let desk = Desk::new();
    desk.refuses("version = 2\n", "1:11", "expected version = 1, found 2");
    desk.refuses("version = \"1\"\n", "1:11", "another type (string)");
    desk.refuses("# nothing\n", "1:1", "`version`");
    desk.refuses("version = 1\nkeys = 1\n", "2:1", "unknown key \"keys\"");
    desk.refuses("version = 1\nversion = 1\n", "2:1", "duplicate key");
    desk.refuses(&file(&[&manifest_key(), "comment = \"x\"\n"]), "7:1", "unknown key \"comment\"");
    desk.refuses("version = 1\n[[key]]\nid = \"a\"\n", "2:1", "`use`");
    desk.refuses("version = 1\n[[key]\n", "2:7", "not TOML");
    desk.refuses(&file(&[&anchor("t", "1", HASH), "strict = true\n"]), "6:1", "unknown key \"strict\"");
    std::fs::write(desk.path("trust.toml"), b"version = 1 # \xff").expect("a file");
    assert_eq!(Trust::read(&desk.path("trust.toml")).expect_err("not UTF-8").exit_code(), 2);
}

/// Each example of the documentation is a sound file.
#[test]
fn the_documentation_is_right() {
    let jwks = r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;
    let desk = Desk::new().with("acme-mac.key", [7; 32]).with("acme-2026-10.key", [8; 32]).with("acme-hs.key", [9; 32]).with("acme-jwks.json", jwks);
    let page = include_str!("../../spec/trust-file.md");
    let examples: Vec<&str> = page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(examples.len(), 6);
    for example in examples {
        desk.read(example).unwrap_or_else(|error| panic!("{error}"));
    }
}
