//! A token is a bearer secret: whatever the program is asked, it shows the start of one and its digest, and never its signature (spec/tokens.md,
//! section 9).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic, reason = "test code")]

use std::fs;
use std::path::Path;
use std::process::Command;

/// Everything that the program writes, in the folder of the table whose token differs.
fn written(words: &str) -> String {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/table-field-token");
    let folder = tempfile::tempdir().expect("a folder");
    for entry in fs::read_dir(fixture).expect("the fixture") {
        let entry = entry.expect("an entry");
        fs::copy(entry.path(), folder.path().join(entry.file_name())).expect("a copy");
    }
    let events = fs::read_to_string(folder.path().join("events.ndjson")).expect("events");
    fs::write(folder.path().join("other.ndjson"), events.replacen("\"actionToken\":\"ey", "\"actionToken\":\"eyJ", 2)).expect("a file");
    let mut command = Command::new(env!("CARGO_BIN_EXE_unbroken"));
    command.args(words.split_whitespace()).current_dir(folder.path()).env_clear().env("HOME", folder.path());
    let output = command.output().expect("the program");
    assert!(matches!(output.status.code(), Some(0 | 1 | 3)), "{words}: {}", String::from_utf8_lossy(&output.stderr));
    [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).expect("UTF-8")).concat()
}

/// The tokens of the fixture.
fn tokens() -> Vec<String> {
    let events = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/table-field-token/events.ndjson");
    let events = fs::read_to_string(events).expect("events");
    let event = |line: &str| serde_json::from_str::<serde_json::Value>(line).expect("an event")["actionToken"].as_str().map(str::to_owned);
    events.lines().filter_map(event).collect()
}

#[track_caller]
fn keeps_secrets(words: &str) -> String {
    let (said, tokens) = (written(words), tokens());
    assert_eq!(tokens.len(), 3);
    for token in &tokens {
        let (signed, signature) = token.rsplit_once('.').expect("a token");
        assert!(!said.contains(signed) && !said.contains(&signature[..8]), "{words}: {said}");
    }
    assert!(tokens.iter().any(|token| said.contains(&format!("{}…", &token[..12]))), "{words}: {said}");
    assert!(said.contains("sha256:"), "{words}: {said}");
    said
}

#[test]
fn a_cell_that_differs_is_told_by_its_digest() {
    for format in ["text", "json", "junit"] {
        let said = keeps_secrets(&format!("verify --profile passkey-actions/1 --skip manifest.signature -f {format} events.ndjson events.csv"));
        assert!(said.contains("table.field"), "{said}");
    }
    keeps_secrets("verify -t trust.toml bundle.zip");
}

#[test]
fn a_column_of_tokens_shows_their_digests() {
    for format in ["table", "json", "ndjson", "csv"] {
        keeps_secrets(&format!("events --profile passkey-actions/1 -f {format} --columns id,/actionToken events.ndjson"));
    }
}

#[test]
fn two_exports_and_one_event_tell_no_token() {
    for format in ["text", "json"] {
        keeps_secrets(&format!("compare --profile passkey-actions/1 -f {format} events.ndjson other.ndjson"));
        keeps_secrets(&format!("inspect --profile passkey-actions/1 -f {format} events.ndjson @1"));
    }
}
