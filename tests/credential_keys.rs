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
