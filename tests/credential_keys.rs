//! The forms in which keys of credentials and issuers are handed over: one key, one SPKI; everything else refused, or said not to be supported.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "a helper of tests may stop the test"
)]

use unbroken::crypto::{CredentialKey, KeyTrouble, SignatureAlgorithm, base64};

/// Made for this test: openssl genpkey, openssl pkey -pubout.
const ED25519: &str = "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

#[test]
fn a_fingerprint_is_no_key() {
    assert_eq!(CredentialKey::from_text("SHA256:BuP9j9opu2CrWVV95h7bCuzbIxE0vjDnW0Vfjht5L6k"), Err(KeyTrouble::Fingerprint));
    let key = CredentialKey::from_text(ED25519).expect("RFC 8032, test 1");
    assert_eq!((key.algorithm(), key.fingerprint().as_str()), (SignatureAlgorithm::Ed25519, "SHA256:BuP9j9opu2CrWVV95h7bCuzbIxE0vjDnW0Vfjht5L6k"));
    assert_eq!(key.spki(), base64(ED25519).expect("base64"));
}

/// `openssl ecparam -genkey` and `openssl genrsa`, public halves.
const P256: &str = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEiEb8HQBC3RiUxv5WDFux9lF8kFtKuPK7FZ3gK9t7KWsFFzmdDJ1N9j9EUKQqzP0KfA8fhtvp3vmLf6Mx/9jffg==";
const P384: &str = "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEZwxSYYCVxSNo2ozDmBNx8A4Cb3/PimdkdoQxku3nrPrUL9d+U8dtezwyDsdNxCjnr8jLa9b6RPuaDi2mc7TAfNBdDiEvDmYHnPUwAt/XOfLdGBK19Dmv8fQIIUfq2jQ+";

fn pem(spki: &str) -> String {
    format!("-----BEGIN PUBLIC KEY-----\n{spki}\n-----END PUBLIC KEY-----\n")
}

fn base64url_of(bytes: &[u8]) -> String {
    <base64ct::Base64UrlUnpadded as base64ct::Encoding>::encode_string(bytes)
}

fn base64_of(bytes: &[u8]) -> String {
    <base64ct::Base64 as base64ct::Encoding>::encode_string(bytes)
}

/// The two coordinates of the P-256 key.
fn coordinates() -> (Vec<u8>, Vec<u8>) {
    let spki = base64(P256).expect("base64");
    (spki[27..59].to_vec(), spki[59..].to_vec())
}

/// ES256, with these bytes in place of the head of the map and behind the last member.
fn cose(head: &[u8], behind: &[u8]) -> Vec<u8> {
    let (x, y) = coordinates();
    [head, &[0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20], &x, &[0x22, 0x58, 0x20], &y, behind].concat()
}

#[test]
fn all_forms_of_one_key_are_one_spki() {
    let key = CredentialKey::from_text(P256).expect("SPKI");
    let (x, y) = coordinates();
    let jwk = format!(r#"{{"kty":"EC","crv":"P-256","x":"{}","y":"{}","alg":"ES256"}}"#, base64url_of(&x), base64url_of(&y));
    let plain = cose(&[0xa5], &[]);
    let mut reordered = vec![0xa5, 0x21, 0x58, 0x20];
    reordered.extend([&x[..], &[0x22, 0x58, 0x20], &y, &[0x20, 0x01, 0x03, 0x26, 0x01, 0x02]].concat());
    for text in [
        pem(P256),
        pem(P256).replace('\n', "\r\n"),
        pem(P256).replace('\n', "\\n"),
        pem(P256).trim_end().replace('\n', "\\r\\n"),
        format!(" {P256}\n"),
        base64url_of(&base64(P256).expect("base64")),
        jwk,
        base64_of(&plain),
        base64url_of(&plain),
        base64url_of(&reordered),
        base64url_of(&cose(&[0xa6], &[0x04, 0x81, 0x02])),
    ] {
        let found = CredentialKey::from_text(&text).unwrap_or_else(|trouble| panic!("{text}: {trouble:?}"));
        assert_eq!((found.spki(), found.algorithm()), (key.spki(), SignatureAlgorithm::Es256), "{text}");
    }
}

#[test]
fn a_cose_key_is_strict() {
    let (x, _) = coordinates();
    assert!(CredentialKey::from_cose(&cose(&[0xa5], &[])).is_ok());
    let replaced = |at: usize, byte: u8| {
        let mut bytes = cose(&[0xa5], &[]);
        bytes[at] = byte;
        bytes
    };
    for (name, bytes, words) in [
        ("nothing", vec![], "found the end"),
        ("no map", vec![0x80], "expected a CBOR map"),
        ("indefinite", cose(&[0xbf], &[0xff]), "definite length"),
        ("trailing", cose(&[0xa5], &[0x00]), "nothing behind the COSE key, found 1 bytes"),
        ("cut", cose(&[0xa6], &[]), "found the end"),
        ("kty twice", cose(&[0xa6], &[0x01, 0x02]), "one key twice"),
        ("alg twice", cose(&[0xa6], &[0x03, 0x26]), "one key twice"),
        ("long head", cose(&[0xb8, 0x05], &[]), "shortest form"),
        ("EC with RS256", [&[0xa5, 0x01, 0x02, 0x03, 0x39, 0x01, 0x00], &cose(&[], &[])[4..]].concat(), "do not belong together"),
        ("P-384 with ES256", replaced(6, 0x02), "do not belong together"),
        ("OKP with ES256", replaced(2, 0x01), "do not belong together"),
        ("off the curve", replaced(10, 0x00), "not a point on the curve"),
        ("compressed", [&cose(&[0xa5], &[])[..42], &[0x22, 0xf5]].concat(), "compressed point"),
        ("private", cose(&[0xa6], &[&[0x23, 0x58, 0x20], &x[..]].concat()), "private key"),
        ("symmetric", vec![0xa3, 0x01, 0x04, 0x03, 0x05, 0x20, 0x41, 0x07], "private key"),
        ("not for verifying", cose(&[0xa6], &[0x04, 0x81, 0x01]), "not for verifying"),
        ("no alg", [&[0xa4, 0x01, 0x02], &cose(&[], &[])[4..]].concat(), "integer alg"),
        ("deep", [&[0xa1][..], &[0x81; 4000]].concat(), "levels of CBOR"),
        ("many", vec![0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], "found the end"),
    ] {
        match CredentialKey::from_cose(&bytes) {
            Err(KeyTrouble::Malformed(error)) => assert!(error.what.contains(words), "{name}: {error:?}"),
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn what_no_library_has_is_not_supported() {
    let (x, y) = coordinates();
    let spki = |identifier: &[u8]| {
        let inner = [&[0x30, u8::try_from(identifier.len()).expect("short")], identifier, &[0x03, 0x03, 0x00, 0x01, 0x02]].concat();
        base64_of(&[&[0x30, u8::try_from(inner.len()).expect("short")], &inner[..]].concat())
    };
    let short_rsa = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDX5+js9g7rkLFHNqHzxAsUDqwKPs8Fjf5gguYkDRQUq7Z+J7f2dYaokBTqTmKT8Ad3uCHeAPXgSbmCVRmVdr7WnxKTm7QUR1d9PkkAaIrbX2QOL2HqSCCd36lG6WcKGgllauTjuwUO53rzaeHchIewkBB4U00zbk7W/sn+OVyiowIDAQAB";
    let ec = [0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
    let ecdsa = |curve: &[u8]| spki(&[&ec, curve].concat());
    let secp256k1 = format!(r#"{{"kty":"EC","crv":"secp256k1","x":"{}","y":"{}"}}"#, base64url_of(&x), base64url_of(&y));
    for (text, words) in [
        (ecdsa(&[0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x0a]), "secp256k1"),
        (pem(&ecdsa(&[0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x0a])), "secp256k1"),
        (ecdsa(&[0x06, 0x02, 0x2a, 0x03]), "ECDSA on the curve 1.2.3"),
        (spki(&[0x06, 0x03, 0x2b, 0x65, 0x71]), "Ed448"),
        (spki(&[0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x12]), "ML-DSA-65"),
        (spki(&[0x06, 0x02, 0x2a, 0x03]), "the algorithm 1.2.3"),
        (short_rsa.to_owned(), "RSA with 1024 bits"),
        (secp256k1, "secp256k1"),
        (r#"{"kty":"OKP","crv":"Ed448","x":"AA"}"#.to_owned(), "Ed448"),
        (r#"{"kty":"AKP","alg":"ML-DSA-44","pub":"AA"}"#.to_owned(), "ML-DSA"),
        (base64url_of(&[0xa3, 0x01, 0x07, 0x03, 0x38, 0x2f, 0x20, 0x41, 0x00]), "ML-DSA-44"),
        (base64url_of(&[0xa2, 0x01, 0x02, 0x03, 0x38, 0x2e]), "ES256K"),
        (base64url_of(&[0xa2, 0x01, 0x03, 0x03, 0x39, 0xff, 0xfe]), "RS1"),
        (base64url_of(&[0xa2, 0x01, 0x05, 0x03, 0x38, 0x62]), "the COSE algorithm -99"),
    ] {
        match CredentialKey::from_text(&text) {
            Err(KeyTrouble::NotSupported(name)) => assert!(name.contains(words), "{text}: {name}"),
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn what_is_no_sound_key_is_malformed_and_never_repeated() {
    let explicit = "MIIBSzCCAQMGByqGSM49AgEwgfcCAQEwLAYHKoZIzj0BAQIhAP////8AAAABAAAAAAAAAAAAAAAA////////////////MFsEIP////8AAAABAAAAAAAAAAAAAAAA///////////////8BCBaxjXYqjqT57PrvVV2mIa8ZR0GsMxTsPY7zjw+J9JgSwMVAMSdNgiG5wSTamZ44ROdJreBn36QBEEEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9QIhAP////8AAAAA//////////+85vqtpxeehPO5ysL8YyVRAgEBA0IABIhG/B0AQt0YlMb+VgxbsfZRfJBbSrjyuxWd4CvbeylrBRc5nQydTfY/RFCkKsz9CnwPH4bb6d75i3+jMf/Y334=";
    let secret = "MC4CAQAwBQYDK2VwBCIEIGqcnKtE0+57Av4qDSEj+XL1FQ7mw3bAJzYAZfMgleTu";
    let infinity = "MBkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDAgAA";
    let off_curve = P384.replace("2jQ+", "2jQ/");
    for (text, words) in [
        ("", "found nothing"),
        ("SHA255:abc", "something else"),
        (explicit, "spells out its parameters"),
        (infinity, "uncompressed point of 65 bytes"),
        (&off_curve, "P-384 key is not a point on the curve"),
        ("MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgACiEb8HQBC3RiUxv5WDFux9lF8kFtKuPK7FZ3gK9t7KWs=", "uncompressed point"),
        ("MCowBQYDK2VwAyEAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "small order"),
        (secret, "private key"),
        (&pem(secret).replace("PUBLIC", "PRIVATE").replace('\n', "\\n"), "private key"),
        (&pem(secret), "private key"),
        (&base64url_of(&base64(secret).expect("base64")), "private key"),
        (&format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"AA","d":"{}"}}"#, &secret[24..]), "private key"),
        ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIyb2Xg user@host", "SSH public key"),
        ("ssh-rsa AAAAB3NzaC1yc2E user@host", "SSH public key"),
        (&pem(P256).replace("PUBLIC KEY", "CERTIFICATE"), "certificate"),
        (&format!("{}{}", pem(P256), pem(P256)), "found several"),
        ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "bare bytes"),
        ("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", "bare bytes"),
        (&format!("{ED25519}AA"), "something else"),
        (r#"{"keys":[]}"#, "a set of keys"),
        (r#"{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}"#, "32 bytes"),
        (r#"{"kty":"EC"}"#, "a text crv"),
    ] {
        match CredentialKey::from_text(text) {
            Err(KeyTrouble::Malformed(error)) => {
                assert!(error.what.contains(words), "{text}: {error:?}");
                assert!(!format!("{error:?}").contains(&secret[30..40]), "{error:?}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }
}
