//! The forms in which public keys are handed over: one key, one encoding; everything else refused.

use unbroken::crypto::{Algorithm, PublicKey, base64};

/// What openssl writes for one key, in each accepted form, is one key.
#[test]
fn the_forms_of_one_key_are_equal() {
    let spki = "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
    let key = PublicKey::from_spki(&base64(spki).expect("base64")).expect("RFC 8032, test 1");
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{spki}\n-----END PUBLIC KEY-----\n");
    let jwk = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","alg":"EdDSA","use":"sig","kid":"a"}"#;
    for text in [
        spki.to_owned(),
        format!("{spki}\r\n"),
        pem.clone(),
        pem.replace('\n', "\r\n"),
        format!("\n\n{pem}\n"),
        pem.trim_end().to_owned(),
        jwk.to_owned(),
    ] {
        assert_eq!(PublicKey::from_text(text.as_bytes()), Ok(key.clone()), "{text}");
    }
    assert_eq!(key.fingerprint(), "SHA256:BuP9j9opu2CrWVV95h7bCuzbIxE0vjDnW0Vfjht5L6k");
    assert_eq!(key.spki(), base64(spki).expect("base64"));
}

#[test]
fn a_jwk_that_is_not_one_public_key_for_signatures_is_refused() {
    let ec = r#"{"kty":"EC","crv":"P-256","x":"iEb8HQBC3RiUxv5WDFux9lF8kFtKuPK7FZ3gK9t7KWs","y":"BRc5nQydTfY_RFCkKsz9CnwPH4bb6d75i3-jMf_Y334"}"#;
    let key = PublicKey::from_text(ec.as_bytes()).expect("a point on the curve");
    assert_eq!(key.algorithm(), Algorithm::Es256);
    let with = |member: &str| ec.replace("\"kty\"", &format!("{member},\"kty\""));
    for fine in [r#""use":"sig""#, r#""key_ops":["verify"]"#, r#""alg":"ES256""#, r#""kid":"1""#, r#""x5t":"a""#] {
        assert_eq!(PublicKey::from_text(with(fine).as_bytes()), Ok(key.clone()), "{fine}");
    }
    let secret = "GqqcnKtE0-57Av4qDSEj";
    for (text, words) in [
        (with(&format!("\"d\":\"{secret}\"")), "private key"),
        (format!(r#"{{"kty":"oct","k":"{secret}"}}"#), "private key"),
        (format!(r#"{{"kty":"OKP","d":"{secret}",}}"#), "not strict JSON"),
        (with(r#""kty":"EC""#), "not strict JSON"),
        (with(r#""use":"enc""#), "not for these signatures"),
        (with(r#""key_ops":["sign"]"#), "not for these signatures"),
        (with(r#""alg":"ES384""#), "not for these signatures"),
        (ec.replace("P-256", "P-384"), "kty OKP and crv Ed25519"),
        (ec.replace("iEb8", "iEb9"), "not a point on the curve"),
        (ec.replace("KWs\"", "KWt\""), "32 bytes in base64url at x"),
        (ec.replace("KWs\"", "KWs=\""), "32 bytes in base64url at x"),
        (r#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#.to_owned(), "RSA keys are not for manifests"),
        (format!(r#"{{"keys":[{ec}]}}"#), "a set of keys"),
        (format!("{ec}{ec}"), "not strict JSON"),
    ] {
        let error = PublicKey::from_text(text.as_bytes()).expect_err(&text);
        assert!(error.what.contains(words), "{error:?}");
        assert!(!format!("{error:?}").contains(&secret[4..10]), "{error:?}");
    }
}

#[test]
fn an_spki_has_one_encoding() {
    let p256 = base64("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEiEb8HQBC3RiUxv5WDFux9lF8kFtKuPK7FZ3gK9t7KWsFFzmdDJ1N9j9EUKQqzP0KfA8fhtvp3vmLf6Mx/9jffg==");
    let p256 = p256.expect("base64");
    assert!(PublicKey::from_spki(&p256).is_ok());
    for at in 0..p256.len() {
        let mut changed = p256.clone();
        changed[at] ^= 1;
        assert!(PublicKey::from_spki(&changed).is_err(), "byte {at}");
        assert!(PublicKey::from_spki(&p256[..at]).is_err(), "cut at {at}");
    }
    assert!(PublicKey::from_spki(&[&p256[..], b"\0"].concat()).is_err());
    let explicit = base64(
        "MIIBSzCCAQMGByqGSM49AgEwgfcCAQEwLAYHKoZIzj0BAQIhAP////8AAAABAAAAAAAAAAAAAAAA////////////////MFsEIP////8AAAABAAAAAAAAAAAAAAAA///////////////8BCBaxjXYqjqT57PrvVV2mIa8ZR0GsMxTsPY7zjw+J9JgSwMVAMSdNgiG5wSTamZ44ROdJreBn36QBEEEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9QIhAP////8AAAAA//////////+85vqtpxeehPO5ysL8YyVRAgEBA0IABIhG/B0AQt0YlMb+VgxbsfZRfJBbSrjyuxWd4CvbeylrBRc5nQydTfY/RFCkKsz9CnwPH4bb6d75i3+jMf/Y334=",
    );
    let error = PublicKey::from_spki(&explicit.expect("base64")).expect_err("CVE-2020-0601");
    assert!(error.what.contains("does not name its curve"), "{error:?}");
    let ed25519 = base64("MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=").expect("base64");
    let parameters = [&[0x30, 0x2c, 0x30, 0x07, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x05, 0x00], &ed25519[9..]].concat();
    assert!(PublicKey::from_spki(&parameters).is_err(), "RFC 8410 section 3: no parameters");
}
