//! What the report of a raw export says in words: no more than the export shows, and what to do next where no manifest can help.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic, reason = "test code")]

use std::path::Path;
use std::process::Command;

use serde_json::Value;

const SKIP: [&str; 2] = ["--skip", "manifest.signature"];
const AGAIN: &str = "whether somebody who held this export wrote";

/// The report about a fixture's events as one line of words, after the exit code.
fn text(fixture: &str, args: &[&str]) -> (Option<i32>, String) {
    let (code, out) = run(fixture, args);
    (code, out.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn run(fixture: &str, args: &[&str]) -> (Option<i32>, String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(fixture);
    let mut command = Command::new(env!("CARGO_BIN_EXE_unbroken"));
    let output = command.current_dir(folder).env_clear().args(["verify", "events.ndjson"]).args(args).output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

/// The hash of the event with this number, as the chain names it: the link of the next one.
fn hash(fixture: &str, number: usize) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(fixture).join("events.ndjson");
    let lines = std::fs::read_to_string(path).unwrap();
    let next: Value = serde_json::from_str(lines.lines().nth(number).unwrap()).unwrap();
    next["prev_hash"].as_str().unwrap().to_owned()
}

#[test]
fn a_form_that_fits_acquits_nobody() {
    for fixture in ["chain-encoding-forged", "chain-encoding-spaces"] {
        let (code, report) = text(fixture, &SKIP);
        assert_eq!(code, Some(1));
        assert!(report.contains("somebody altered") && report.contains("nothing here tells which"), "{report}");
    }
}

#[test]
fn a_chain_without_a_key_can_be_written_again_and_the_pass_says_so() {
    let (code, forged) = text("weak-raw-written-again", &SKIP);
    assert!(code == Some(0) && forged.contains("- whether somebody who held this export wrote all of it again"), "{forged}");
    let (code, open) = text("weak-raw-written-again", &[]);
    assert!(code == Some(3) && open.contains("made its hashes anew, since they need no key"), "{open}");
    let keyed = ["--skip", "manifest.signature", "--mac-key", "acme-mac=acme-mac.key", "--tenant", "tnt_acme"];
    let (code, keyed) = text("good-raw-transfer", &keyed);
    assert!(code == Some(0) && !keyed.contains(AGAIN), "{keyed}");
    let (code, passkeys) = text("good-raw-ndjson", &["--trust", "trust.toml", "--skip", "manifest.signature"]);
    assert!(code == Some(0) && !passkeys.contains(AGAIN), "{passkeys}");
}

#[test]
fn a_kept_hash_binds_the_events_up_to_its_own() {
    let kept = |number: usize| {
        let after = format!("{}@{}", 118_200 + number, hash("good-raw-transfer", number));
        text("good-raw-transfer", &["--skip", "manifest.signature,event.mac", "--after", &after])
    };
    let (code, inside) = kept(5);
    assert!(code == Some(0) && inside.contains("wrote events 6 to 8, behind the last one whose hash you kept, again"), "{inside}");
    let (code, before_the_last) = kept(7);
    assert!(code == Some(0) && before_the_last.contains("wrote event 8, behind the last one whose hash you kept, again"), "{before_the_last}");
    // a hash from before the first event binds none of them
    let first = format!("118200@{}", hash("good-raw-transfer", 0));
    let (code, before) = text("good-raw-transfer", &["--skip", "manifest.signature,event.mac", "--after", &first]);
    assert!(code == Some(0) && before.contains("wrote all of it again"), "{before}");
}

#[test]
fn a_key_is_asked_of_the_auditor_and_no_manifest() {
    let (code, macs) = text("good-raw-transfer", &SKIP);
    assert!(code == Some(3) && macs.contains("you gave no key to check the events' `hmac` with") && macs.contains("--mac-key ID=FILE"), "{macs}");
    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join("other.key");
    std::fs::write(&other, [7; 32]).unwrap();
    let other = format!("other={}", other.display());
    let (code, several) = text("good-raw-transfer", &["--skip", "manifest.signature", "--mac-key", "acme-mac=acme-mac.key", "--mac-key", &other]);
    assert!(code == Some(3) && several.contains("you gave several keys, \"acme-mac\", \"other\""), "{several}");
    let unsigned = ["--trust", "no-key.toml", "--profile", "profile.toml", "--skip", "manifest.signature"];
    let (code, signatures) = text("good-raw-event-signatures", &unsigned);
    assert!(code == Some(3) && signatures.contains("use = [\"event\"]") && !signatures.contains("in the manifest"), "{signatures}");
    let (_, stripped) = text("event-signature-raw-missing", &["--trust", "trust.toml", "--profile", "profile.toml"]);
    assert!(stripped.contains("although you gave the key for it"), "{stripped}");
}

#[test]
fn one_event_is_not_none() {
    let (code, entry) = text("good-raw-one-entry", &SKIP);
    assert!(code == Some(0) && entry.contains("1 event, and its own hash holds; it has no neighbour to link to"), "{entry}");
    let (code, event) = text("good-raw-transfer-one", &SKIP);
    assert!(code == Some(3) && event.contains("one event alone has no neighbour to link to") && !event.contains("no events"), "{event}");
}

#[test]
fn nobody_is_sent_to_a_manifest() {
    let (_, count) = text("asked-raw-count", &["--count", "9"]);
    assert!(count.contains("you asked for 9 events (--count), the export has 8 at events.ndjson next step compare --count"), "{count}");
    let (_, period) = text("asked-raw-typed-to", &["--to", "2026-10-07T11:00:00Z"]);
    assert!(period.contains("compare --from and --to with what you asked the producer for"), "{period}");
    let (_, open) = text("asked-raw-typed-to", &[]);
    assert!(open.contains("it never becomes a PASS"), "{open}");
    for report in [count, period, open, text("good-raw-entries", &["-v"]).1] {
        assert!(!report.contains("in canonical JSON") && !report.contains("manifest.json"), "{report}");
    }
}

#[test]
fn what_breaks_off_is_said_in_the_row() {
    let lines = |name: &str| std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let events = lines("good-raw-entries-array/events.json");
    let cut = folder.path().join("events.json");
    std::fs::write(&cut, &events[..events.len() - 40]).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_unbroken")).arg("verify").arg(&cut).env_clear().output().unwrap();
    let report = String::from_utf8(output.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(report.contains("7 events in events.json; the file is broken in 1 place, and nothing behind it could be read"), "{report}");
}

#[test]
fn the_report_names_what_exactly_it_is_about_however_many_files_there_are() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/good-raw-pages");
    let pages = ["page-2.json", "page-1.json", "page-3.json"];
    let run = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_unbroken")).current_dir(&folder).env_clear().arg("verify").args(pages).args(args).output();
        String::from_utf8(output.unwrap().stdout).unwrap()
    };
    let report: Value = serde_json::from_str(&run(&["--format", "json"])).unwrap();
    let (text, files) = (run(&["-v"]), report["bundles"][0]["files"].as_array().unwrap());
    assert_eq!(files.len(), pages.len());
    for (file, page) in files.iter().zip(pages) {
        let bytes = std::fs::read(folder.join(page)).unwrap();
        let digest = unbroken::digest::Digest::of(&bytes).to_string();
        assert_eq!((&file["path"], &file["bytes"], &file["sha256"]), (&page.into(), &bytes.len().into(), &digest.as_str().into()));
        assert!(text.contains(&digest), "{text}");
    }
}

#[test]
fn events_in_no_order_of_time_are_told_where_no_chain_fixes_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/good-raw-typed-events/events.ndjson");
    let lines: Vec<String> = std::fs::read_to_string(source).unwrap().lines().map(str::to_owned).collect();
    let note = |order: &[usize]| {
        let text: String = order.iter().map(|index| format!("{}\n", lines[*index])).collect();
        std::fs::write(folder.path().join("events.ndjson"), text).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_unbroken")).current_dir(folder.path()).env_clear().args(["verify", "events.ndjson"]).output();
        String::from_utf8(output.unwrap().stdout).unwrap().contains("in no order of time")
    };
    assert!(!note(&[0, 1, 2, 3]) && !note(&[3, 2, 1, 0]), "either order is one");
    assert!(note(&[0, 2, 1, 3]));
}
