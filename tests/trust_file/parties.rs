//! `[[relying_party]]`, `[[credential]]`, `[[issuer]]` and `[[anchor]]`.

use unbroken::trust::UserVerification;

use super::desk::*;

#[test]
fn relying_parties_and_credentials_are_checked() {
    let desk = Desk::new();
    let origins = |text: &str| relying_party(&format!("origins = [\"{text}\"]"));
    for bad in [
        "http://acme.example",
        "https://acme.example/",
        "https://acme.example:443",
        "https://acme.example:08443",
        "https://Acme.example",
        "acme.example",
        "https://",
        "https://a..b",
        "https://user@acme.example",
        "https://\u{e9}.example",
    ] {
        desk.refuses(&file(&[&origins(bad)]), "4:12", "expected an origin");
    }
    desk.refuses(&file(&[&relying_party("origins = []")]), "4:11", "at least one entry");
    desk.refuses(&file(&["[[relying_party]]\nrp_id = \"https://acme.example\"\norigins = [\"https://acme.example\"]\n"]), "3:9", "expected a domain");
    let good = origins("https://acme.example");
    desk.refuses(&file(&[&good, &good]), "6:9", "a second time");
    desk.refuses(&file(&[&good, &good.replace("rp_id = \"acme", "rp_id = \"app.acme")]), "7:12", "another relying party");
    desk.refuses(&file(&[&relying_party("origins = [\"https://acme.example\"]\nuser_verification = \"yes\"")]), "5:21", "unknown user_verification");
    let trust = desk.read(&file(&[&good])).expect("a sound file");
    assert_eq!((trust.relying_parties[0].user_verification, trust.relying_parties[0].cross_origin), (UserVerification::Required, false));
    let credential = |key: &str| format!("[[credential]]\nid = \"c\"\nuser = \"u\"\npublic_key = \"{key}\"\n");
    desk.refuses(&file(&[&credential(P256), &credential(ED25519)]), "7:6", "a second time");
    desk.refuses(&file(&[&credential("pQECAyYgASFYIIhG")]), "5:14", "COSE");
    desk.refuses(&file(&[&credential(PRIVATE)]), "5:14", "private key");
    desk.refuses(&file(&[&credential(SHORT_RSA)]), "5:14", "RSA with 1024 bits");
    desk.refuses(&file(&[&credential("SHA256:BuP9j9opu2CrWVV95h7bCuzbIxE0vjDnW0Vfjht5L6k")]), "5:14", "a fingerprint, not a key");
    let cose = "pQECAyYgASFYIIhG_B0AQt0YlMb-VgxbsfZRfJBbSrjyuxWd4CvbeylrIlggBRc5nQydTfY_RFCkKsz9CnwPH4bb6d75i3-jMf_Y334";
    let trust = desk.read(&file(&[&credential(cose)])).expect("a COSE key");
    let same = desk.read(&file(&[&credential(P256)])).expect("the same key as SPKI");
    assert_eq!(trust.credential("c").map(|one| &one.key), same.credential("c").map(|one| &one.key));
}

#[test]
fn an_issuer_has_public_keys() {
    let jwk = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"1"}"#;
    let rsa = r#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#;
    let issuer = "[[issuer]]\nissuer = \"auth.acme.example\"\njwks = \"jwks.json\"\n";
    let desk = |content: String| Desk::new().with("jwks.json", content);
    let trust = desk(format!("{{\"keys\":[{jwk},{rsa}]}}")).read(&file(&[issuer])).expect("a sound file");
    let issuer_of = |name: &str| trust.issuer(name).expect("there");
    assert_eq!((issuer_of("auth.acme.example").keys.len(), issuer_of("auth.acme.example").usable_keys().count()), (2, 1));
    let named: Vec<_> = issuer_of("auth.acme.example").keys_for(Some("2")).map(|key| key.key.clone()).collect();
    assert!(matches!(named.as_slice(), [Err(reason)] if reason.contains("RSA with 17 bits")), "a key without a kid may be any: {named:?}");
    assert_eq!(issuer_of("auth.acme.example").keys_for(Some("1")).count(), 2);
    assert_eq!(issuer_of("auth.acme.example").keys_for(None).count(), 2);
    desk(format!("{{\"keys\":[{jwk}]}}")).refuses(&file(&[issuer, issuer]), "6:10", "a second time");
    desk(format!("{{\"keys\":[{jwk}]}}")).refuses(&file(&[&manifest_key(), issuer]), "8:10", "this entry and key \"a\"");
    for (content, words) in [
        ("{\"keys\":[]}".to_owned(), "at least one key"),
        (jwk.to_owned(), "expected a JWK Set"),
        (format!("[{jwk}]"), "expected a JWK Set"),
        (format!("{{\"keys\":[{jwk}],\"keys\":[{jwk}]}}"), "not strict JSON"),
        ("{\"keys\":[1]}".to_owned(), "expected a text kty in key 1"),
        (format!("{{\"keys\":[{rsa},{}]}}", jwk.replace("\"kid\":\"1\"", &format!("\"d\":\"{PRIVATE}\""))), "key 2 of the JWK Set is private"),
        (format!("{{\"keys\":[{}]}}", jwk.replace("11qY", "11q")), "expected 32 bytes in base64url at x"),
        (format!("{{\"keys\":[\"{PRIVATE}\"}}"), "not strict JSON"),
    ] {
        desk(content).refuses(&file(&[issuer]), "4:8", words);
    }
}

#[test]
fn anchors_do_not_contradict_each_other() {
    let desk = Desk::new();
    let other = HASH.replace("sha256:ba", "sha256:00");
    desk.refuses(&file(&[&anchor("t", "5", HASH), &anchor("t", "5", &other)]), "9:8", "two hashes for sequence number 5");
    assert!(desk.read(&file(&[&anchor("t", "5", HASH), &anchor("u", "5", &other), &anchor("t", "6", &other)])).is_ok());
    desk.refuses(&file(&[&anchor("t", "-1", HASH)]), "4:7", "expected a sequence number");
    desk.refuses(&file(&[&anchor("t", "9007199254740992", HASH)]), "4:7", "expected a sequence number");
    desk.refuses(&file(&[&anchor("t", "\"5\"", HASH)]), "4:7", "another type");
    desk.refuses(&file(&[&anchor("t", "5", &HASH.to_uppercase())]), "5:8", "expected a hash");
    desk.refuses(&file(&[&anchor("", "5", HASH)]), "3:10", "expected a tenant id");
    let trust = desk.read(&file(&[&anchor("t", "5", HASH), &anchor("u", "5", HASH)])).expect("a sound file");
    assert_eq!(trust.anchors_for("t").count(), 1);
}
