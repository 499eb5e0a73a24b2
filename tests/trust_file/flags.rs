//! `--key`, `--mac-key` and `--after`.

use std::path::Path;

use unbroken::error::Error;
use unbroken::trust::{SecretKind, Trust, Use};

use super::desk::*;

/// The refusal of a flag: exit 2, with these words.
fn assert_refused(outcome: Result<(), Error>, words: &str) {
    let error = outcome.expect_err(words);
    assert!(error.exit_code() == 2 && error.to_string().contains(words) && !error.hint().is_empty(), "{error}");
}

fn argument(name: &str, path: &Path) -> String {
    format!("{name}{}", path.display())
}

#[test]
fn key_flags() {
    let desk = Desk::new().with("a.b64", ED25519).with("b.b64", P256).with("rsa.b64", RSA);
    let mut trust =
        desk.read(&file(&[&key("events", "\"event\"", "Ed25519", OTHER), &key("x", "\"manifest\"", "ES256", P256)])).expect("a sound file");
    trust.add_key(&argument("", &desk.path("a.b64"))).expect("a key");
    trust.add_key(&argument("acme=", &desk.path("a.b64"))).expect("a key with an id");
    assert_eq!(trust.unnamed_keys().count(), 1);
    assert_eq!(trust.key("acme").map(|key| key.uses.clone()), Some(vec![Use::Manifest, Use::Genesis]));
    assert_refused(trust.add_key(&argument("", &desk.path("a.b64"))), "given twice");
    assert_refused(trust.add_key(&argument("x=", &desk.path("b.b64"))), "a second time");
    assert_refused(trust.add_key(&argument("=", &desk.path("b.b64"))), "expected an id");
    assert_refused(trust.add_key("acme="), "expected a file");
    assert_refused(trust.add_key(&argument("", &desk.path("rsa.b64"))), "RSA keys are not for manifests");
    let desk = desk.with("other.b64", OTHER);
    assert_refused(trust.add_key(&argument("", &desk.path("other.b64"))), "this entry and key \"events\"");
    assert_eq!(trust.add_key(&argument("", &desk.path("none"))).expect_err("absent").exit_code(), 4);
}

#[test]
fn mac_key_flags() {
    let desk = Desk::new().with("a.key", [7; 32]).with("b.key", [8; 32]).with("c.key", [9; 32]);
    let mut trust = Trust::default();
    trust.add_mac_key(&argument("acme=", &desk.path("a.key"))).expect("a tenant key");
    trust.add_mac_key(&argument("month:2026-10=", &desk.path("b.key"))).expect("an epoch key");
    let kinds: Vec<_> = trust.secrets.iter().map(|secret| (secret.id.as_str(), secret.kind.clone())).collect();
    assert_eq!(kinds, [("acme", SecretKind::Tenant), ("month", SecretKind::Epoch("2026-10".to_owned()))]);
    assert_refused(trust.add_mac_key("acme.key"), "expected ID=FILE");
    assert_refused(trust.add_mac_key("a="), "expected a file");
    assert_refused(trust.add_mac_key(&argument("=", &desk.path("c.key"))), "expected an id");
    assert_refused(trust.add_mac_key(&argument("m:2026=", &desk.path("c.key"))), "expected an epoch");
    assert_refused(trust.add_mac_key(&argument("acme:2026-10=", &desk.path("c.key"))), "already a secret of kind \"tenant\"");
    assert_refused(trust.add_mac_key(&argument("other:2026-10=", &desk.path("a.key"))), "under another kind");
    assert_refused(trust.add_mac_key(&argument("month:2026-10=", &desk.path("c.key"))), "a second time");
}

#[test]
fn after_flags() {
    let mut trust = Trust::default();
    trust.add_after(HASH).expect("a first link");
    trust.add_after(&format!("0@{HASH}")).expect("genesis");
    trust.add_after(&format!("118200@{HASH}")).expect("an event");
    let seqs: Vec<_> = trust.anchors.iter().map(|anchor| (anchor.seq, anchor.strict, anchor.tenant.is_none())).collect();
    assert_eq!(seqs, [(None, true, true), (Some(0), true, true), (Some(118_200), true, true)]);
    assert_eq!(trust.anchors_for("any").count(), 3);
    let other = HASH.replace("sha256:ba", "sha256:00");
    assert_refused(trust.add_after(&other), "two hashes for the first link");
    assert_refused(trust.add_after(&format!("0@{other}")), "two hashes for sequence number 0");
    for bad in ["", "@", "5", "5@", "5@ba78"] {
        assert!(trust.add_after(bad).is_err_and(|error| error.exit_code() == 2), "{bad}");
    }
    for seq in ["+5", "05", "-1", "", " 5", "9007199254740992", "18446744073709551616", "5@5"] {
        assert!(trust.add_after(&format!("{seq}@{HASH}")).is_err_and(|error| error.exit_code() == 2), "{seq}");
    }
    assert_refused(trust.add_after(HASH.strip_prefix("sha256:").expect("prefix")), "expected a hash");
}
