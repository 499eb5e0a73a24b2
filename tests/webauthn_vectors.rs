//! Real assertions by real authenticators, and the W3C's own, through our functions: each comes out as its source says, under the policy that accepts
//! it and under a strict one.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "a helper of tests may stop the test"
)]

use std::collections::BTreeMap;

use serde_json::Value;
use unbroken::crypto::webauthn::{self, AuthenticatorData, ClientData, Expected, Party, Step};
use unbroken::crypto::{CredentialKey, KeyTrouble, PublicKey, SignatureAlgorithm, base64url};

fn cases(name: &str) -> Vec<Value> {
    let path = format!(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/vectors/{}"), name);
    serde_json::from_slice(&std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))).expect("vectors are JSON")
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex")).collect()
}

/// One assertion, decoded.
struct Case {
    id: String,
    rp_id: String,
    origins: Vec<String>,
    challenge: String,
    key: Result<CredentialKey, KeyTrouble>,
    algorithm: String,
    client_data: Vec<u8>,
    authenticator_data: Vec<u8>,
    signature: Vec<u8>,
    flags: Value,
    features: String,
    why: String,
}

impl Case {
    fn new(case: &Value) -> Self {
        let text = |name: &str| case[name].as_str().expect("text").to_owned();
        let bytes = |name: &str| base64url(case[name].as_str().expect("text")).expect("base64url");
        Self {
            id: text("id"),
            rp_id: text("rp_id"),
            origins: vec![text("origin")],
            challenge: text("challenge_b64url"),
            key: CredentialKey::from_cose(&hex(case["credential_public_key_cose_hex"].as_str().expect("text"))),
            algorithm: text("alg"),
            client_data: bytes("client_data_json_b64url"),
            authenticator_data: bytes("authenticator_data_b64url"),
            signature: bytes("signature_b64url"),
            flags: case["flags"].clone(),
            features: case["features"].to_string(),
            why: text("why"),
        }
    }

    fn client(&self) -> ClientData {
        ClientData::parse(&self.client_data).unwrap_or_else(|error| panic!("{}: {error}", self.id))
    }

    fn data(&self) -> AuthenticatorData {
        AuthenticatorData::parse(&self.authenticator_data).unwrap_or_else(|error| panic!("{}: {error}", self.id))
    }

    fn signed(&self) -> Vec<u8> {
        webauthn::signed_bytes(Some(&self.authenticator_data), &self.client_data)
    }

    /// The steps that fail under a policy that demands user verification and allows frames, or not.
    fn faults(&self, rp_id: &str, strict: bool) -> Vec<Step> {
        let party = Party { rp_id, origins: &self.origins, user_verification: strict, cross_origin: !strict };
        let digest: Option<[u8; 32]> = base64url(&self.challenge).and_then(|bytes| bytes.try_into().ok());
        let expected = Expected { ceremony: "webauthn.get", relying_party: Some(party), challenge: digest.as_ref() };
        webauthn::examine(&self.client(), Some(&self.data()), &expected).into_iter().map(|fault| fault.step).collect()
    }
}

#[test]
fn the_valid_ones_verify_and_a_strict_policy_fails_at_the_stated_steps_alone() {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for case in cases("webauthn/assertions_valid.json").iter().map(Case::new) {
        let id = &case.id;
        assert_eq!(case.client().challenge, case.challenge, "{id}");
        let data = case.data();
        let stated = |name: &str| case.flags[name].as_bool().expect("a flag");
        let flags = [data.flags.user_present(), data.flags.user_verified(), data.flags.backup_eligible(), data.flags.backed_up()];
        assert_eq!(flags, ["UP", "UV", "BE", "BS"].map(stated), "{id}");
        assert_eq!(u64::from(data.sign_count), case.flags["signCount"].as_u64().expect("a counter"), "{id}");
        assert_eq!(case.faults(&case.rp_id, false), [], "{id}");
        let is_appid = case.features.contains("U2F appid");
        let host = case.rp_id.trim_start_matches("https://").split('/').next().expect("a host");
        let mut expected = Vec::new();
        expected.extend((case.features.contains("crossOrigin true")).then_some(Step::CrossOrigin));
        expected.extend(is_appid.then_some(Step::RpId));
        expected.extend((!stated("UV")).then_some(Step::UserVerification));
        assert_eq!(case.faults(host, true), expected, "{id}");
        let outcome = match &case.key {
            Ok(key) => {
                assert!(key.verify(&case.signed(), &case.signature), "{id}");
                assert_nothing_else_verifies(&case, key);
                key.algorithm().name().to_owned()
            }
            Err(KeyTrouble::NotSupported(name)) => format!("not supported: {name}"),
            Err(trouble) => panic!("{id} {}: {trouble:?}", case.algorithm),
        };
        *counts.entry(outcome).or_default() += 1;
    }
    let counts: Vec<_> = counts.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    let expected = [
        ("ES256", 80),
        ("ES384", 1),
        ("ES512", 1),
        ("Ed25519", 8),
        ("RS256", 9),
        ("not supported: Ed448", 2),
        ("not supported: ML-DSA-44", 3),
        ("not supported: ML-DSA-65", 3),
        ("not supported: ML-DSA-87", 3),
        ("not supported: RS1 (RSA with SHA-1)", 2),
    ];
    assert_eq!(counts, expected);
}

/// One changed bit anywhere, or client data written anew, is another message; and the second implementation agrees.
fn assert_nothing_else_verifies(case: &Case, key: &CredentialKey) {
    let id = &case.id;
    let (signed, signature) = (case.signed(), &case.signature);
    let flipped = |bytes: &[u8], at: usize| {
        let mut bytes = bytes.to_vec();
        bytes[at] ^= 1;
        bytes
    };
    let mut tries = vec![(signed.clone(), signature.clone())];
    tries.extend([0, 32, 36, signed.len() - 1].map(|at| (flipped(&signed, at), signature.clone())));
    tries.extend([signature.len() / 2, signature.len() - 1].map(|at| (signed.clone(), flipped(signature, at))));
    tries.extend(
        [[&signature[..], b"\0"].concat(), signature[..signature.len() - 1].to_vec(), Vec::new()].map(|signature| (signed.clone(), signature)),
    );
    tries.push((case.client_data.clone(), signature.clone()));
    let with_bom = [b"\xef\xbb\xbf", &case.client_data[..]].concat();
    assert_eq!(ClientData::parse(&with_bom), Ok(case.client()), "{id}: a BOM is passed over");
    tries.push((webauthn::signed_bytes(Some(&case.authenticator_data), &with_bom), signature.clone()));
    let others = match key.algorithm() {
        SignatureAlgorithm::Es256 => Some(PublicKey::from_spki(key.spki()).expect("p256 takes the key too")),
        SignatureAlgorithm::Ed25519 => None,
        _ => None,
    };
    let aws = aws_lc_rs::signature::UnparsedPublicKey::new(&aws_lc_rs::signature::ED25519, &key.spki()[key.spki().len() - 32..]);
    for (index, (message, signature)) in tries.iter().enumerate() {
        assert_eq!(key.verify(message, signature), index == 0, "{id}, try {index}");
        if let Some(p256) = &others {
            assert_eq!(p256.verify(message, signature), index == 0, "{id}, try {index} by p256");
        }
        if key.algorithm() == SignatureAlgorithm::Ed25519 {
            assert_eq!(aws.verify(message, signature).is_ok(), index == 0, "{id}, try {index} by aws-lc-rs");
        }
    }
}

#[test]
fn the_invalid_ones_fail_for_the_stated_reason() {
    let all: Vec<Case> = cases("webauthn/assertions_invalid.json").iter().map(Case::new).collect();
    assert_eq!(all.len(), 4);
    for case in &all {
        let key = case.key.as_ref().expect("a key");
        let party = Party { rp_id: &case.rp_id, origins: &case.origins, user_verification: false, cross_origin: false };
        // The stated challenge is no base64url; what an event demands is a digest.
        let digest = unbroken::digest::Digest::of(case.challenge.as_bytes()).0;
        let bound = (case.why == "challenge mismatch").then_some(&digest);
        let expected = Expected { ceremony: "webauthn.get", relying_party: Some(party), challenge: bound };
        let faults = webauthn::examine(&case.client(), Some(&case.data()), &expected);
        let steps: Vec<Step> = faults.iter().map(|fault| fault.step).collect();
        let verifies = key.verify(&case.signed(), &case.signature);
        match case.why.as_str() {
            "signature does not verify" => assert_eq!((steps, verifies), (vec![], false)),
            "challenge mismatch" => assert_eq!((steps, verifies), (vec![Step::Challenge], true)),
            "origin mismatch" => assert_eq!((steps, verifies), (vec![Step::Origin], true)),
            "rpIdHash is not SHA-256(rp_id)" => assert_eq!((steps, verifies), (vec![Step::RpId], true)),
            other => panic!("{}: {other}", case.id),
        }
    }
}

#[test]
fn the_keys_and_signatures_of_python_fido2_verify() {
    let all = cases("cbor-cose/fido2_cose_verify.json");
    let bytes = |case: &Value, name: &str| hex(case[name].as_str().expect("text"));
    let verified = all.iter().filter(|case| {
        let key = CredentialKey::from_cose(&bytes(case, "cose_key_hex")).unwrap_or_else(|trouble| panic!("{}: {trouble:?}", case["source"]));
        key.verify(&bytes(case, "message_hex"), &bytes(case, "signature_hex"))
    });
    assert_eq!((verified.count(), all.len()), (5, 5));
}
