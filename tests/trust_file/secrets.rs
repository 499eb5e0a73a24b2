//! `[[secret]]`.

use unbroken::trust::Trust;

use super::desk::*;

#[test]
fn secrets_are_found_by_id_tenant_and_month() {
    let desk = Desk::new().with("acme.key", [7; 32]).with("oct.key", [8; 64]).with("hs.key", [9; 33]);
    let trust = desk.read(&file(&[
        &secret("mac", "acme.key", "kind = \"tenant\"\ntenant = \"tnt_acme\""),
        &secret("month", "oct.key", "kind = \"epoch\"\nepoch = \"2026-10\""),
        &secret("hs", "hs.key", "kind = \"manifest\"\ntenant = \"tnt_acme\""),
    ]));
    let trust = trust.expect("a sound file");
    let tag = |id: &str, tenant: &str, epoch: &str| trust.mac_key(id, tenant, epoch).map(|key| key.tag(&[b"x"]));
    let derived = trust.secrets[0].secret.epoch_key("tnt_acme", "2026-10").tag(&[b"x"]);
    assert_eq!(tag("mac", "tnt_acme", "2026-10"), Some(derived));
    assert_ne!(tag("mac", "tnt_acme", "2026-11"), Some(derived));
    assert_eq!(tag("mac", "tnt_other", "2026-10"), None);
    assert_eq!(tag("month", "tnt_any", "2026-10"), Some(trust.secrets[1].secret.mac_key().tag(&[b"x"])));
    assert_eq!(tag("month", "tnt_any", "2026-11"), None);
    assert_eq!(tag("hs", "tnt_acme", "2026-10"), None);
    let has = |id: &str, tenant: &str| trust.mac_key(id, tenant, "2026-10").is_some();
    assert!(has("mac", "tnt_acme") && !has("mac", "tnt_other") && !has("hs", "tnt_acme"));
    assert!(trust.manifest_secret("hs", "tnt_acme").is_some() && trust.manifest_secret("hs", "tnt_other").is_none());
    assert!(trust.manifest_secret("mac", "tnt_acme").is_none());
}

#[test]
fn a_secret_is_32_to_64_raw_bytes() {
    let hex = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    for (content, words) in [
        (vec![7; 31], "found 31 bytes"),
        (vec![7; 65], "found 65 bytes"),
        (vec![], "found 0 bytes"),
        ([vec![7; 32], vec![b'\n']].concat(), "33 bytes that end with a line feed"),
        ([vec![7; 64], vec![b'\n']].concat(), "65 bytes that end with a line feed"),
        (hex.as_bytes().to_vec(), "64 hex digits"),
        (format!("{hex}\n").into_bytes(), "64 hex digits"),
        (format!("{hex}\r\n").to_uppercase().into_bytes(), "64 hex digits"),
        (vec![7; 5000], "at most 4096 bytes"),
    ] {
        let desk = Desk::new().with("m.key", &content);
        let error = desk.read(&file(&[&secret("m", "m.key", "kind = \"tenant\"")])).expect_err(words);
        assert!(error.exit_code() == 2 && error.to_string().contains(words), "{error}");
        assert!(!error.to_string().contains("0011") && !error.hint().is_empty());
        let error = Trust::default().add_mac_key(&format!("m={}", desk.path("m.key").display())).expect_err(words);
        assert!(error.exit_code() == 2 && error.to_string().contains(words), "{error}");
    }
    for length in [32, 33, 48, 64] {
        assert!(Desk::new().with("m.key", vec![7; length]).read(&file(&[&secret("m", "m.key", "kind = \"tenant\"")])).is_ok());
    }
}

#[test]
fn a_secret_has_one_kind() {
    let desk = Desk::new().with("a.key", [7; 32]).with("b.key", [8; 32]).with("padded.key", [vec![7; 32], vec![0; 4]].concat());
    let epoch = |month: &str| format!("kind = \"epoch\"\nepoch = \"{month}\"");
    let refuse = |rest: &str, place: &str, words: &str| desk.refuses(&file(&[&secret("a", "a.key", rest)]), place, words);
    refuse("kind = \"epoch\"", "5:8", "needs an epoch");
    refuse("kind = \"tenant\"\nepoch = \"2026-10\"", "5:8", "only beside kind \"epoch\"");
    refuse("kind = \"manifest\"\nepoch = \"2026-10\"", "5:8", "only beside kind \"epoch\"");
    refuse("kind = \"month\"", "5:8", "unknown kind \"month\"");
    refuse("kind = \"tenant\"\ntenant = \"a b\"", "6:10", "expected a tenant id");
    for month in ["2026-13", "2026-00", "2026-1", "26-10", "2026-10-01", "2026_10"] {
        refuse(&epoch(month), "6:9", "expected an epoch");
    }
    let two = |one: &str, second: &str| file(&[&secret("a", "a.key", one), second]);
    desk.refuses(&two(&epoch("2026-10"), &secret("b", "a.key", "kind = \"tenant\"")), "8:6", "under another kind");
    desk.refuses(&two("kind = \"tenant\"", &secret("b", "a.key", "kind = \"manifest\"")), "7:6", "under another kind");
    desk.refuses(&two("kind = \"tenant\"", &secret("b", "padded.key", "kind = \"manifest\"")), "7:6", "under another kind");
    desk.refuses(&two("kind = \"tenant\"", &secret("a", "b.key", "kind = \"tenant\"")), "7:6", "a second time");
    desk.refuses(&two(&epoch("2026-10"), &secret("a", "b.key", &epoch("2026-10"))), "8:6", "a second time");
    desk.refuses(&two("kind = \"tenant\"", &secret("a", "b.key", &epoch("2026-10"))), "7:6", "already a secret of kind \"tenant\"");
    desk.refuses(&two(&epoch("2026-10"), &secret("a", "b.key", "kind = \"tenant\"")), "8:6", "already a secret of kind \"epoch\"");
    assert!(desk.read(&two(&epoch("2026-10"), &secret("a", "b.key", &epoch("2026-11")))).is_ok());
}
