//! Each fault that a manifest can have, with its code and sentence; and that none hides another.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test fails by panicking")]

use unbroken::bundle::manifest::{Manifest, Parsed, Role, Selection};
use unbroken::finding::{Code, Finding};

const HASH: &str = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

fn good() -> String {
    r#"{"format":"audit-bundle/1","bundle_id":"bnd_1","profile":"file-transfer/1","tenant_id":"tnt_acme",
 "created_at":"2026-11-01T00:10:00Z","period":{"from":"2026-10-01T00:00:00Z","to":"2026-11-01T00:00:00Z"},
 "selection":"complete","events":{"count":2,"first_id":"evt_1","last_id":"evt_2"},
 "chain":{"first_prev_hash":"HASH","last_hash":"HASH"},"event_mac":{"key_id":"acme-mac"},"event_signature":{"key_id":"acme-events"},
 "previous":{"bundle_id":"bnd_0","last_hash":"HASH"},
 "files":[{"path":"events.ndjson","role":"events","size":123,"sha256":"HASH"},{"path":"genesis.json","role":"genesis","size":1,"sha256":"HASH"},
  {"path":"genesis.sig","role":"genesis-signature","size":1,"sha256":"HASH"},{"path":"read.me","role":"other","size":0,"sha256":"HASH"}]}"#
        .replace("HASH", HASH)
}

fn changed(from: &str, to: &str) -> Parsed {
    let text = good();
    assert!(text.contains(from), "{from}");
    Manifest::parse(text.replacen(from, to, 1).as_bytes())
}

fn findings(parsed: &Parsed) -> Vec<(Code, String)> {
    let findings: &[Finding] = match parsed {
        Parsed::Known(_, findings) | Parsed::Refuted(findings) => findings,
        Parsed::UnknownFormat(name) => panic!("{name}"),
    };
    for finding in findings {
        assert_eq!(finding.place.as_ref().unwrap().file, "manifest.json");
        assert!(finding.help.is_some() && finding.message.contains("expected ") && finding.message.contains(", found "), "{}", finding.message);
    }
    findings.iter().map(|finding| (finding.code, finding.message.clone())).collect()
}

#[test]
fn a_good_manifest() {
    let Parsed::Known(manifest, findings) = Manifest::parse(good().as_bytes()) else { panic!() };
    assert_eq!(findings, []);
    assert_eq!((manifest.bundle_id.as_str(), manifest.profile.as_str(), manifest.tenant_id.as_str()), ("bnd_1", "file-transfer/1", "tnt_acme"));
    assert_eq!((manifest.count, manifest.first_id.as_deref(), manifest.last_id.as_deref()), (2, Some("evt_1"), Some("evt_2")));
    assert_eq!((manifest.event_mac.as_deref(), manifest.event_signature.as_deref()), (Some("acme-mac"), Some("acme-events")));
    assert_eq!(manifest.chain.as_ref().unwrap().last_hash.to_string(), HASH);
    assert_eq!(manifest.previous.as_ref().unwrap().bundle_id, "bnd_0");
    assert_eq!((manifest.files.len(), manifest.file(Role::GenesisSignature).unwrap().path.as_str()), (4, "genesis.sig"));
    assert_eq!((manifest.selection, manifest.from.text.as_str()), (Selection::Complete, "2026-10-01T00:00:00Z"));
}

#[test]
fn what_may_be_absent() {
    for optional in ["\"event_mac\":{\"key_id\":\"acme-mac\"},", "\"event_signature\":{\"key_id\":\"acme-events\"},"] {
        assert!(matches!(changed(optional, ""), Parsed::Known(_, findings) if findings.is_empty()));
    }
    let Parsed::Known(manifest, _) = changed(r#""count":2,"first_id":"evt_1","last_id":"evt_2""#, r#""count":0,"first_id":null,"last_id":null"#)
    else {
        panic!()
    };
    assert_eq!((manifest.count, manifest.first_id, manifest.last_id), (0, None, None));
    let Parsed::Known(manifest, _) = changed("\"complete\"", r#"{"filter":{"action":"matter.*","from":"2026-10-02T00:00:00Z"}}"#) else { panic!() };
    let filter = [("action", "matter.*"), ("from", "2026-10-02T00:00:00Z")].map(|(key, value)| (key.to_owned(), value.to_owned()));
    assert_eq!(manifest.selection, Selection::Filter(filter.to_vec()));
}

#[test]
fn other_formats_are_not_judged() {
    assert_eq!(changed("audit-bundle/1", "audit-bundle/2"), Parsed::UnknownFormat("audit-bundle/2".to_owned()));
    assert_eq!(Manifest::parse(br#"{"format":"x","extra":[]}"#), Parsed::UnknownFormat("x".to_owned()));
}

#[test]
fn not_strict_json() {
    for (text, byte, message) in [
        ("", 0, "expected a value, found the end of the text"),
        ("[]", 0, "expected an object, found an array"),
        ("\u{feff}{}", 0, "expected a value, found a byte order mark (U+FEFF)"),
        (r#"{"a":1,"\u0061":1}"#, 7, "expected each name once in an object, found \"a\" again"),
        (
            r#"{"a":9007199254740993}"#,
            5,
            "expected a number that a double holds as written, found 9007199254740993, which every reader with doubles takes for 9007199254740992",
        ),
        ("{} {}", 3, "expected nothing behind the value, found `{`"),
    ] {
        let parsed = Manifest::parse(text.as_bytes());
        assert_eq!(findings(&parsed), [(Code::ManifestMalformed, message.to_owned())]);
        let Parsed::Refuted(found) = parsed else { panic!() };
        assert_eq!(found[0].place.as_ref().unwrap().byte, Some(byte));
    }
}

#[test]
fn a_member_without_its_form_leaves_no_manifest() {
    for (from, to, message) in [
        ("\"format\":\"audit-bundle/1\",", "", "expected the member `/format`, found none"),
        ("\"audit-bundle/1\"", "1", "`/format`: expected \"audit-bundle/1\", found the number 1"),
        ("\"bundle_id\":\"bnd_1\",", "", "expected the member `/bundle_id`, found none"),
        ("bnd_1", "", "`/bundle_id`: expected 1 to 128 of the characters A-Z a-z 0-9 . _ -, found the string \"\""),
        ("\"file-transfer/1\"", "null", "`/profile`: expected 1 to 64 of the characters A-Z a-z 0-9 . _ / -, found null"),
        ("tnt_acme", "tnt/acme", "`/tenant_id`: expected 1 to 64 of the characters A-Z a-z 0-9 . _ -, found the string \"tnt/acme\""),
        ("2026-11-01T00:10:00Z", "2026-11-01", "`/created_at`: expected a time like 2026-10-01T00:00:00Z, found the string \"2026-11-01\""),
        ("2026-10-01T", "2026-12-01T", "`/period`: expected `from` before `to`, found 2026-12-01T00:00:00Z and 2026-11-01T00:00:00Z"),
        (
            "2026-10-01T00:00:00Z",
            "2026-11-01T01:00:00+01:00",
            "`/period`: expected `from` before `to`, found 2026-11-01T01:00:00+01:00 and 2026-11-01T00:00:00Z",
        ),
        ("\"complete\"", "\"all\"", "`/selection`: expected \"complete\" or an object with `filter`, found the string \"all\""),
        ("\"complete\"", "{}", "expected the member `/selection/filter`, found none"),
        ("\"complete\"", "{\"filter\":{}}", "`/selection/filter`: expected at least one key (no filter is written \"complete\"), found an object"),
        ("\"complete\"", "{\"filter\":{\"actor\":1}}", "`/selection/filter/actor`: expected a string, found the number 1"),
        (
            "\"complete\"",
            "{\"filter\":{\"to\":\"now\"}}",
            "`/selection/filter/to`: expected a time like 2026-10-01T00:00:00Z, found the string \"now\"",
        ),
        ("\"count\":2", "\"count\":\"2\"", "`/events/count`: expected an integer from 0 to 9007199254740991, found the string \"2\""),
        ("\"count\":2", "\"count\":-1", "`/events/count`: expected an integer from 0 to 9007199254740991, found the number -1"),
        (
            "\"count\":2",
            "\"count\":9007199254740992",
            "`/events/count`: expected an integer from 0 to 9007199254740991, found the number 9007199254740992",
        ),
        ("\"count\":2", "\"count\":1.5", "`/events/count`: expected an integer from 0 to 9007199254740991, found the number 1.5"),
        ("\"evt_1\"", "null", "`/events/first_id`: expected the id of an event, since `/events/count` is not 0, found null"),
        ("\"evt_1\"", "7", "`/events/first_id`: expected a string that is not empty, found the number 7"),
        (
            r#""count":2,"first_id":"evt_1""#,
            r#""count":0,"first_id":null"#,
            "`/events/last_id`: expected null, since `/events/count` is 0, found the string \"evt_2\"",
        ),
        (",\"last_id\":\"evt_2\"", "", "expected the member `/events/last_id`, found none"),
        (
            "\"last_hash\":\"sha256:",
            "\"last_hash\":\"SHA256:",
            "`/chain/last_hash`: expected `sha256:` and 64 lower-case hex digits, found the string \"SHA256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"",
        ),
        ("{\"key_id\":\"acme-mac\"}", "null", "`/event_mac`: expected an object, found null"),
        ("{\"key_id\":\"acme-events\"}", "{}", "expected the member `/event_signature/key_id`, found none"),
        ("\"bundle_id\":\"bnd_0\",", "", "expected the member `/previous/bundle_id`, found none"),
        ("\"size\":123", "\"size\":true", "`/files/0/size`: expected an integer from 0 to 9007199254740991, found true"),
        (
            "\"other\"",
            "\"log\"",
            "`/files/3/role`: expected one of credentials, events, genesis, genesis-signature, other, table, found the string \"log\"",
        ),
        ("\"path\":\"read.me\",", "", "expected the member `/files/3/path`, found none"),
    ] {
        let parsed = changed(from, to);
        assert_eq!(findings(&parsed), [(Code::ManifestField, message.to_owned())]);
        assert!(matches!(parsed, Parsed::Refuted(_)));
    }
}

#[test]
fn unknown_members_and_roles_leave_a_manifest() {
    let entry = |path: &str, role: &str| format!(r#""files":[{{"path":"{path}","role":"{role}","size":1,"sha256":"{HASH}"}},"#);
    let name = "expected 1 to 128 of the characters A-Z a-z 0-9 . _ -, no dot first, found";
    let cases = [
        ("\"previous\":{", "\"proof\":1,\"previous\":{".to_owned(), Code::ManifestUnknownMember, "expected only format, bundle_id, profile, tenant_id, created_at, period, selection, events, chain, event_mac, event_signature, previous, files, found `/proof`".to_owned()),
        ("\"size\":123", "\"size\":123,\"md5\":\"\"".to_owned(), Code::ManifestUnknownMember, "expected only path, role, size, sha256, found `/files/0/md5`".to_owned()),
        ("\"complete\"", "{\"filter\":{\"tenant\":\"x\"}}".to_owned(), Code::ManifestUnknownMember, "expected only from, to, actor, actor_type, action, resource_type, resource_id, request_id, found `/selection/filter/tenant`".to_owned()),
        ("\"role\":\"events\"", "\"role\":\"table\"".to_owned(), Code::ManifestRoles, "`/files`: expected exactly one file with the role \"events\", found 0".to_owned()),
        ("\"files\":[", entry("two.ndjson", "events"), Code::ManifestRoles, "`/files`: expected exactly one file with the role \"events\", found 2".to_owned()),
        ("\"files\":[", entry("two.json", "genesis"), Code::ManifestRoles, "`/files`: expected at most one file with the role \"genesis\", found 2".to_owned()),
        ("\"role\":\"genesis\"", "\"role\":\"table\"".to_owned(), Code::ManifestRoles, "`/files`: expected a file with the role \"genesis\" beside its signature, found none".to_owned()),
        ("\"role\":\"genesis-signature\"", "\"role\":\"other\"".to_owned(), Code::ManifestRoles, "`/files`: expected a file with the role \"genesis-signature\" beside the genesis block, found none".to_owned()),
        ("read.me", "old.NDJSON.gz".to_owned(), Code::ManifestRoles, "`/files`: expected no file with the role \"other\" to end in `.ndjson.gz`, as if it were events, found \"old.NDJSON.gz\"".to_owned()),
        ("read.me", "events.ndjson".to_owned(), Code::ManifestRoles, "`/files/3/path`: expected each file once, found \"events.ndjson\" again".to_owned()),
        ("read.me", "./read.me".to_owned(), Code::ManifestRoles, format!("`/files/3/path`: {name} \"./read.me\"")),
        ("read.me", ".profile".to_owned(), Code::ManifestRoles, format!("`/files/3/path`: {name} \".profile\"")),
        ("read.me", String::new(), Code::ManifestRoles, format!("`/files/3/path`: {name} \"\"")),
        ("read.me", "x".repeat(129), Code::ManifestRoles, format!("`/files/3/path`: {name} \"{}…\"", "x".repeat(80))),
        ("read.me", "manifest.json".to_owned(), Code::ManifestRoles, "`/files/3/path`: expected files beside the manifest and its signature, found \"manifest.json\"".to_owned()),
        ("read.me", "manifest.sig".to_owned(), Code::ManifestRoles, "`/files/3/path`: expected files beside the manifest and its signature, found \"manifest.sig\"".to_owned()),
    ];
    for (from, to, code, message) in cases {
        let parsed = changed(from, &to);
        assert_eq!(findings(&parsed), [(code, message)]);
        let Parsed::Known(manifest, _) = parsed else { panic!("{to}") };
        assert!(manifest.files.iter().all(|file| !file.path.starts_with('.') && !file.path.starts_with("manifest.")));
    }
    let two = entry("a.csv", "table") + &entry("b.csv", "table")[9..] + &entry("c.json", "credentials")[9..] + &entry("d.json", "credentials")[9..];
    let told = findings(&changed("\"files\":[", &two));
    assert_eq!(told.iter().map(|(_, message)| message.split('"').nth(1).unwrap()).collect::<Vec<_>>(), ["credentials", "table"]);
}

#[test]
fn no_fault_hides_another() {
    let text = r#"{"format":"audit-bundle/1","created_at":1,"period":{"from":2,"until":3},"selection":null,"events":[],"chain":{},"files":[1,{"path":"../x","role":"x"}]}"#;
    let told = findings(&Manifest::parse(text.as_bytes()));
    let expected = [
        "/bundle_id",
        "/profile",
        "/tenant_id",
        "/created_at",
        "/period/until",
        "/period/from",
        "/period/to",
        "/selection",
        "/events",
        "/chain/first_prev_hash",
        "/chain/last_hash",
        "/files/0",
        "/files/1/role",
        "/files/1/size",
        "/files/1/sha256",
    ];
    assert_eq!(told.iter().map(|(_, message)| message.split('`').nth(1).unwrap()).collect::<Vec<_>>(), expected);
}

#[test]
fn a_million_faults_are_counted_not_kept() {
    let files = format!("[{}0]", "0,".repeat(100_000));
    let text = good();
    let start = text.find("\"files\":").unwrap();
    let parsed = Manifest::parse(format!("{}\"files\":{files}}}", &text[..start]).as_bytes());
    let told = findings(&parsed);
    assert_eq!(told.len(), 1001);
    assert_eq!(told[1000], (Code::ManifestField, "expected none of these faults, found 99001 more of them".to_owned()));
}
