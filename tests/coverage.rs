//! `verify --coverage`: which proof covers which file and which field, on fixtures of every kind; and what it never claims.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "test code")]

use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn run(folder: &Path, line: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_unbroken"));
    command.arg("verify").args(line.split_whitespace()).current_dir(folder).env_clear().env("HOME", folder);
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn fixture(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

/// The member `coverage` of the report, which fits its schema, and the text; the verdict is the one without the option.
fn coverage(folder: &Path, line: &str) -> (Value, String) {
    let (code, json, errors) = run(folder, &format!("{line} --coverage --format json"));
    assert!(errors.is_empty(), "{errors}");
    let report: Value = serde_json::from_str(&json).unwrap();
    let schema = serde_json::from_str(unbroken::report::SCHEMA).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    if let Some(error) = validator.iter_errors(&report).next() {
        panic!("{error} at {}", error.instance_path());
    }
    let (plain, without, _) = run(folder, &format!("{line} --format json"));
    let mut without: Value = serde_json::from_str(&without).unwrap();
    assert!(without["bundles"][0]["coverage"].is_null());
    without["bundles"][0]["coverage"] = report["bundles"][0]["coverage"].clone();
    assert_eq!((plain, &without), (code, &report), "coverage changes nothing else");
    let (_, text, _) = run(folder, &format!("{line} --coverage"));
    (report["bundles"][0]["coverage"].clone(), text)
}

/// Of one field: values, bare, and the proofs that cover at least one of them with how many.
fn field(coverage: &Value, pointer: &str) -> (u64, u64, Vec<(String, u64)>) {
    let field = coverage["fields"].as_array().unwrap().iter().find(|field| field["pointer"] == pointer);
    let field = field.unwrap_or_else(|| panic!("no {pointer} in {coverage}"));
    let covers = field["covered_by"].as_object().unwrap().iter().map(|(cover, count)| (cover.clone(), count.as_u64().unwrap()));
    (field["values"].as_u64().unwrap(), field["bare"].as_u64().unwrap(), covers.filter(|(_, count)| *count > 0).collect())
}

fn covers(expected: &[(&str, u64)]) -> Vec<(String, u64)> {
    expected.iter().map(|(cover, count)| ((*cover).to_owned(), *count)).collect()
}

fn file<'c>(coverage: &'c Value, path: &str) -> &'c Value {
    let file = coverage["files"].as_array().unwrap().iter().find(|file| file["path"] == path);
    &file.unwrap_or_else(|| panic!("no {path} in {coverage}"))["covered_by"]
}

#[test]
fn a_signed_bundle_is_covered_as_a_whole_and_each_proof_covers_its_fields() {
    let (found, text) = coverage(&fixture("good"), "bundle.zip --trust trust.toml --mac-key acme-mac=acme-mac.key");
    assert_eq!(*file(&found, "manifest.json"), serde_json::json!(["signature"]));
    assert_eq!(*file(&found, "manifest.sig"), serde_json::json!([]));
    assert_eq!(*file(&found, "events.ndjson"), serde_json::json!(["manifest"]));
    assert_eq!(field(&found, "/action"), (8, 0, covers(&[("hash", 8), ("mac", 8), ("manifest", 8)])));
    assert_eq!(field(&found, "/hmac"), (8, 0, covers(&[("hash", 8), ("manifest", 8)])), "an HMAC does not cover itself");
    assert!(text.contains("a proof that holds covers each file and each field"), "{text}");
    assert!(text.contains("FHM...        8       .  /action\n") && text.contains("FH....*       8       .  /hmac\n"), "{text}");
}

#[test]
fn a_proof_that_was_not_tested_or_does_not_hold_covers_nothing() {
    let (found, _) = coverage(&fixture("good"), "bundle.zip --trust trust.toml");
    assert_eq!(field(&found, "/action"), (8, 0, covers(&[("hash", 8), ("manifest", 8)])), "without the MAC key");
    let (found, text) = coverage(&fixture("good"), "bundle.zip");
    assert_eq!(field(&found, "/action"), (8, 8, covers(&[])), "without any key");
    assert_eq!(*file(&found, "manifest.json"), serde_json::json!([]));
    assert_eq!(*file(&found, "events.ndjson"), serde_json::json!([]));
    assert!(text.contains("the chain counts for nothing here"), "{text}");
    let (found, _) = coverage(&fixture("event-mac"), "bundle.zip --trust trust.toml --mac-key acme-mac=acme-mac.key");
    let (values, bare, held) = field(&found, "/action");
    assert_eq!((values, bare), (8, 0));
    assert!(held.contains(&("mac".to_owned(), 7)), "one of the HMACs does not hold: {held:?}");
}

#[test]
fn a_file_that_is_not_as_listed_is_bare_and_the_others_are_not() {
    let (found, _) = coverage(&fixture("manifest-file-unlisted"), "bundle.zip --trust trust.toml");
    let bare = found["files"].as_array().unwrap().iter().filter(|file| file["covered_by"] == serde_json::json!([]) && file["proof"] == false);
    assert_eq!(bare.count(), 1, "{found}");
    assert_eq!(*file(&found, "events.ndjson"), serde_json::json!(["manifest"]));
    let (found, text) = coverage(&fixture("manifest-files-digest"), "bundle.zip --trust trust.toml");
    assert_eq!(*file(&found, "protocol.pdf"), serde_json::json!([]));
    assert_eq!(field(&found, "/action"), (8, 0, covers(&[("hash", 8), ("manifest", 8)])), "the events file is as listed");
    assert!(text.contains("    NOTHING                   protocol.pdf (18 bytes)"), "{text}");
}

#[test]
fn a_table_is_covered_by_the_events_it_says_again() {
    let (found, _) = coverage(&fixture("good-actions-table-people"), "bundle.zip --trust trust.toml");
    assert_eq!(*file(&found, "events.csv"), serde_json::json!(["manifest", "events"]));
    assert_eq!(field(&found, "/actionToken"), (8, 0, covers(&[("manifest", 8), ("token", 7)])), "the system's event has none");
    let client_data = "/firstFactorCredential/assertion/clientData";
    assert_eq!(field(&found, client_data), (7, 0, covers(&[("manifest", 7), ("passkey", 7)])));
}

#[test]
fn in_a_raw_export_only_proofs_of_single_events_cover_anything() {
    let pages = "page-1.json page-2.json page-3.json --profile qustody/1";
    let (found, text) = coverage(&fixture("good-raw-pages"), pages);
    assert_eq!(field(&found, "/action"), (8, 8, covers(&[])));
    assert!(text.contains("covers 3 of 3 files, nor 14 of 14 fields in all events"), "{text}");
    let export = "events.ndjson --profile file-transfer/1 --trust trust.toml --mac-key acme-mac=../acme-mac.key";
    let (found, _) = coverage(&fixture("good-raw-transfer"), export);
    assert_eq!(field(&found, "/action"), (8, 0, covers(&[("mac", 8)])));
    assert_eq!(field(&found, "/hmac"), (8, 8, covers(&[])), "an HMAC does not cover itself");
}

#[test]
fn fields_beyond_the_bound_are_counted_together() {
    let folder = tempfile::tempdir().unwrap();
    let event = |number: usize| {
        let many: Vec<String> = (0..600).map(|field| format!("\"k{}\":[1,2]", field + number * 600)).collect();
        let metadata = many.join(",");
        format!(
            "{{\"id\":\"evt_{number}\",\"type\":\"transfer.created\",\"occurred_at\":\"2026-10-01T00:00:0{number}Z\",\"metadata\":{{{metadata}}}}}\n"
        )
    };
    let profile = "name = \"many/1\"\nsource = \"a test\"\n[fields]\nid = \"/id\"\ntime = \"/occurred_at\"\naction = \"/type\"\n";
    std::fs::write(folder.path().join("many.toml"), profile).unwrap();
    std::fs::write(folder.path().join("events.ndjson"), [event(0), event(1)].concat()).unwrap();
    let (found, text) = coverage(folder.path(), "events.ndjson --profile many.toml");
    assert_eq!(found["fields"].as_array().unwrap().len(), 1_000);
    assert_eq!((&found["other_fields"]["values"], &found["other_fields"]["bare"]), (&Value::from(203), &Value::from(203)));
    assert_eq!(field(&found, "/metadata/k0").0, 1, "an array is one value");
    assert!(text.contains("all other fields"), "{text}");
}

#[test]
fn where_it_would_show_nowhere_it_is_refused() {
    let (code, _, errors) = run(&fixture("good"), "bundle.zip --trust trust.toml --coverage --format junit");
    assert_eq!(code, 2);
    assert!(errors.contains("--coverage has no place in JUnit"), "{errors}");
    let (code, ..) = run(&fixture("good"), "bundle.zip --trust trust.toml --coverage --quiet");
    assert_eq!(code, 2);
}
