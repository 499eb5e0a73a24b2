//! A signed bundle under a user's profile: the manifest names it, the auditor's file says what it is. Each of its rules is held by an event that
//! breaks it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic, reason = "test code")]

use std::fs;
use std::process::Command;

use ed25519_dalek::pkcs8::EncodePublicKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::{Signer as _, SigningKey};
use p256::ecdsa::Signature;
use serde_json::{Value, json};
use unbroken::crypto::{Secret, base64_text, base64url_text};
use unbroken::digest::Digest;

const PROFILE: &str = r#"
name = "six/1"
source = "a source with every kind of proof"
[fields]
id = "/id"
time = "/at"
tenant = "/tenant"
action = "/what"
[chain]
link = "/previous"
own = "/hash"
names = "whole"
without = ["/hash", "/proof", "/sig"]
text = { prefix = "S:", encoding = "base64" }
first = "null"
[event_mac]
member = "/proof/mac"
without = ["/proof", "/sig"]
text = { encoding = "hex" }
key = "direct"
[event_signature]
member = "/sig"
without = ["/sig"]
text = { encoding = "base64url" }
algorithm = "ES256"
form = "fixed"
[requires]
claims = ["chain.links", "event.mac", "event.signature"]
"#;

const SECRET: [u8; 32] = [9; 32];

/// `serde_json` without its feature of ordered maps writes names in the order of their bytes, which for these names is the canonical one.
fn text_of(value: &Value) -> String {
    value.to_string()
}

fn digest_text(digest: Digest) -> String {
    format!("S:{}", base64_text(&digest.0))
}

/// Three events with all proofs; `behind` changes them after they were sealed and before they are linked to.
fn events(behind: impl Fn(usize, &mut Value)) -> Vec<String> {
    let key = p256::ecdsa::SigningKey::from_slice(&[5; 32]).unwrap();
    let mut previous = Value::Null;
    let mut lines = Vec::new();
    for number in 1..=3 {
        let mut event =
            json!({"id": format!("e{number}"), "at": format!("2026-10-0{number}T00:00:00Z"), "tenant": "t", "what": "x", "previous": previous});
        event["hash"] = digest_text(Digest::of(text_of(&event).as_bytes())).into();
        let tag = Secret::new(SECRET.to_vec()).unwrap().mac_key().tag(&[text_of(&event).as_bytes()]);
        event["proof"] = json!({"mac": tag.iter().map(|byte| format!("{byte:02x}")).collect::<String>()});
        let signature: Signature = p256::ecdsa::signature::Signer::sign(&key, text_of(&event).as_bytes());
        event["sig"] = base64url_text(&signature.to_bytes()).into();
        behind(number, &mut event);
        previous = digest_text(Digest::of(text_of(&event).as_bytes())).into();
        lines.push(text_of(&event));
    }
    lines
}

/// Exit code, and the codes of the findings.
fn verify(lines: &[String], profile: Option<&str>) -> (Option<i32>, Vec<String>, Value) {
    let folder = tempfile::tempdir().unwrap();
    let (at, bundle) = (folder.path(), folder.path().join("bundle"));
    fs::create_dir(&bundle).unwrap();
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let manifest = json!({
        "format": "audit-bundle/1", "bundle_id": "bnd_6", "profile": "six/1", "tenant_id": "t", "created_at": "2026-11-01T00:00:00Z",
        "period": {"from": "2026-10-01T00:00:00Z", "to": "2026-11-01T00:00:00Z"}, "selection": "complete",
        "events": {"count": lines.len(), "first_id": "e1", "last_id": "e3"},
        "chain": {"first_prev_hash": Digest::ZERO.to_string(), "last_hash": Digest::of(lines.last().unwrap().as_bytes()).to_string()},
        "event_mac": {"key_id": "mac"}, "event_signature": {"key_id": "events"},
        "files": [{"path": "events.ndjson", "role": "events", "size": text.len(), "sha256": Digest::of(text.as_bytes()).to_string()}],
    });
    let manifest = text_of(&manifest);
    let key = SigningKey::from_bytes(&[3; 32]);
    let signature = json!({"algorithm": "Ed25519", "key_id": "m", "signature": base64_text(&key.sign(manifest.as_bytes()).to_bytes())});
    let signature = json!({"format": "audit-signature/1", "signatures": [signature]});
    for (name, text) in [("events.ndjson", &text), ("manifest.json", &manifest), ("manifest.sig", &text_of(&signature))] {
        fs::write(bundle.join(name), text).unwrap();
    }
    let events_key = p256::ecdsa::SigningKey::from_slice(&[5; 32]).unwrap();
    fs::write(at.join("m.pem"), key.verifying_key().to_public_key_pem(LineEnding::LF).unwrap()).unwrap();
    fs::write(
        at.join("events.pem"),
        p256::pkcs8::EncodePublicKey::to_public_key_pem(events_key.verifying_key(), p256::pkcs8::LineEnding::LF).unwrap(),
    )
    .unwrap();
    fs::write(at.join("mac.key"), SECRET).unwrap();
    fs::write(at.join("six.toml"), PROFILE).unwrap();
    let trust = "version = 1\n[[key]]\nid = \"m\"\nuse = [\"manifest\"]\nalgorithm = \"Ed25519\"\nfile = \"m.pem\"\n[[key]]\nid = \"events\"\nuse = [\"event\"]\n\
        algorithm = \"ES256\"\nfile = \"events.pem\"\n[[secret]]\nid = \"mac\"\nkind = \"tenant\"\nfile = \"mac.key\"\n";
    fs::write(at.join("trust.toml"), trust).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_unbroken"));
    command.env_clear().current_dir(at).args(["verify", "bundle", "-t", "trust.toml", "-f", "json"]);
    let output = command.args(profile.map(|profile| format!("--profile={profile}"))).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    let report = report["bundles"][0].clone();
    let codes = report["findings"].as_array().into_iter().flatten().map(|finding| finding["code"].as_str().unwrap().to_owned()).collect();
    (output.status.code(), codes, report)
}

fn status<'r>(report: &'r Value, row: &str) -> &'r str {
    report["checks"].as_array().unwrap().iter().find(|check| check["id"] == row).unwrap()["status"].as_str().unwrap()
}

#[test]
fn a_bundle_under_a_users_profile_passes_only_with_the_file() {
    let lines = events(|_, _| {});
    let (code, codes, report) = verify(&lines, Some("six.toml"));
    assert_eq!((code, codes), (Some(0), Vec::new()), "{report:#}");
    for row in ["manifest.signature", "chain.links", "event.mac", "event.signature"] {
        assert_eq!(status(&report, row), "upheld", "{row}");
    }
    let (code, codes, _) = verify(&lines, None);
    assert_eq!((code, codes), (Some(3), Vec::new()), "without the file nobody knows what its events are");
}

#[test]
fn each_rule_of_the_profile_is_held() {
    type Edit = fn(&mut Value);
    let cases: [(&str, Edit); 6] = [
        ("chain.own-hash", |event| event["hash"] = digest_text(Digest::of(b"x")).into()),
        ("event.mac", |event| event["proof"]["mac"] = "0".repeat(64).into()),
        ("event.signature", |event| event["sig"] = base64url_text(&[1; 64]).into()),
        ("event.signature", |event| event["sig"] = base64url_text(&[0; 64]).into()),
        ("event.field", |event| event["hash"] = event["hash"].as_str().unwrap().replace("S:", "").into()),
        ("event.field", |event| event["proof"]["mac"] = event["proof"]["mac"].as_str().unwrap().to_uppercase().into()),
    ];
    for (expected, edit) in cases {
        let lines = events(|number, event| {
            if number == 2 {
                edit(event)
            }
        });
        let (code, codes, report) = verify(&lines, Some("six.toml"));
        assert_eq!(code, Some(1), "{expected}: {report:#}");
        assert!(codes.iter().any(|code| code == expected), "{expected}: {codes:?}");
        assert!(!codes.iter().any(|code| code.starts_with("chain.modified")), "the links hold: {codes:?}");
    }
}

/// A later event whose link is written like that of the first one says that another history starts there.
#[test]
fn a_later_event_without_a_link_breaks_the_chain() {
    let lines = events(|number, event| {
        if number == 3 {
            event["previous"] = Value::Null;
        }
    });
    let (code, codes, report) = verify(&lines, Some("six.toml"));
    assert_eq!(code, Some(1));
    assert!(codes.iter().any(|code| code.starts_with("chain.") && code != "chain.own-hash"), "{codes:?}: {report:#}");
}
