//! What `inspect` prints can be repeated: its commands are run as they stand there, in a shell, with OpenSSL and coreutils, and come out as it says.
//! Good events and tampered ones, bundles and raw exports, of all profiles that prove something.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic, reason = "test code")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() { copy(&entry.path(), &to) } else { fs::copy(entry.path(), to).map(drop).unwrap() }
    }
}

/// A fixture in a folder of its own, with the file of the secret that the commands name.
struct Desk {
    folder: tempfile::TempDir,
    inputs: Vec<String>,
    args: Vec<String>,
}

impl Desk {
    fn of(fixture: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(&fixtures().join(fixture), folder.path());
        let expect = fs::read_to_string(fixtures().join(fixture).join("expect")).unwrap();
        let line = |name: &str| -> Vec<String> {
            let line = expect.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
            line.split_whitespace().map(str::to_owned).collect()
        };
        let (inputs, args) = (line("input: "), line("args: "));
        let given = args.iter().find_map(|arg| arg.strip_prefix("acme-mac").and_then(|arg| arg.split_once('=')));
        let secret = given.map_or(fixtures().join("acme-mac.key"), |(_, file)| folder.path().join(file));
        for name in ["tenant.key", "secret.key"] {
            fs::copy(&secret, folder.path().join(name)).unwrap();
        }
        Self { folder, inputs, args }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, event: &str, more: &[&str]) -> (Option<i32>, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_unbroken"));
        command.env_clear().current_dir(self.folder.path()).arg("inspect").args(&self.args).args(more).arg("--").args(&self.inputs).arg(event);
        let output = command.output().unwrap();
        assert!(output.stderr.is_empty(), "{event}: {}", String::from_utf8_lossy(&output.stderr));
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    }

    fn inspect(&self, event: &str, more: &[&str]) -> Value {
        let more: Vec<&str> = more.iter().copied().chain(["--format", "json"]).collect();
        serde_json::from_str(&self.run(event, &more).1).unwrap()
    }

    /// The lines that a script prints on either stream.
    fn shell(&self, script: &str) -> Vec<String> {
        let script = format!("exec 2>&1\n{script}");
        let output = Command::new("sh").current_dir(self.folder.path()).args(["-c", &script]).output().expect("this test needs sh");
        String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
    }

    /// Runs all steps; the statuses that were confirmed, by title.
    fn repeat(&self, name: &str, inspection: &Value) -> BTreeSet<(String, String)> {
        let mut done = BTreeSet::new();
        for step in inspection["by_hand"].as_array().unwrap() {
            let commands: Vec<&str> = step["commands"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
            let printed = self.shell(&commands.join("\n"));
            let (title, status) = (step["title"].as_str().unwrap(), step["status"].as_str().unwrap());
            let as_said = printed.iter().any(|line| Some(line.as_str()) == step["prints"].as_str());
            let told = format!("{name}: {title}: {status}\n{}\n{printed:#?}\n{step:#}", commands.join("\n"));
            match status {
                "upheld" => assert!(as_said && printed.len() == 1, "{told}"),
                "refuted" => assert!(!as_said, "{told}"),
                _ => {}
            }
            done.insert((title.split([';', ',']).next().unwrap().to_owned(), status.to_owned()));
        }
        done
    }
}

fn names() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(fixtures()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| fixtures().join(name).join("expect").is_file());
    names.sort();
    names
}

/// The event that the fixture is about, else its second.
fn event_of(fixture: &str) -> String {
    let expect = fs::read_to_string(fixtures().join(fixture).join("expect")).unwrap();
    let number = expect.lines().find_map(|line| line.strip_prefix("event: ")?.split_whitespace().next()?.parse::<u64>().ok());
    format!("@{}", number.unwrap_or(1))
}

const MAC: &[&str] = &["--mac-key", "acme-mac=tenant.key"];

#[test]
fn the_commands_come_out_as_inspect_says() {
    let chosen = |name: &&String| {
        let faults = ["chain-entries-modified", "chain-transfer-modified", "event-mac", "event-signature", "passkey-", "token-"];
        name.starts_with("good") || faults.iter().any(|start| name.starts_with(start))
    };
    let mut seen = BTreeSet::new();
    for name in names().iter().filter(chosen) {
        let desk = Desk::of(name);
        let holds_secret = desk.args.iter().any(|arg| arg == "--mac-key");
        let inspection = desk.inspect(&event_of(name), if holds_secret { &[] } else { MAC });
        seen.extend(desk.repeat(name, &inspection));
    }
    for (title, status) in [
        ("the record as it stands in the file", "upheld"),
        ("the event's hash", "upheld"),
        ("the hash of the event before it", "upheld"),
        ("the event's HMAC", "upheld"),
        ("the event's HMAC", "refuted"),
        ("the event's signature", "upheld"),
        ("the event's signature", "refuted"),
        ("the parts of the assertion", "upheld"),
        ("the assertion's signature", "upheld"),
        ("the assertion's signature", "refuted"),
        ("the token's signature", "upheld"),
        ("the token's signature", "refuted"),
        ("the digest of the events file", "upheld"),
    ] {
        assert!(seen.contains(&(title.to_owned(), status.to_owned())), "no fixture led to {title}, {status}: {seen:#?}");
    }
}

/// Every kind of credential and key, one event after the other.
#[test]
fn all_events_of_the_actions_can_be_repeated() {
    let desk = Desk::of("good-actions");
    let events = desk.inspect("@1", &[])["whole"]["events"].as_u64().unwrap();
    let mut algorithms = BTreeSet::new();
    for number in 1..=events {
        let inspection = desk.inspect(&format!("@{number}"), &[]);
        algorithms.extend(inspection["proofs"]["key"]["algorithm"].as_str().map(str::to_owned));
        desk.repeat(&format!("event {number}"), &inspection);
    }
    assert!(algorithms.len() >= 2, "{algorithms:?}");
}

#[test]
fn no_token_is_printed_whole() {
    for name in names().iter().filter(|name| ["good-actions", "good-raw-ndjson", "token-signature", "token-user"].contains(&name.as_str())) {
        let desk = Desk::of(name);
        for format in ["text", "json"] {
            let (_, printed) = desk.run("@1", &["--format", format]);
            let record = desk.inspect("@1", &[]);
            desk.shell(&record["by_hand"][0]["commands"][0].as_str().unwrap().replace('\n', ""));
            let event: Value = serde_json::from_str(&fs::read_to_string(desk.path("event-1.json")).unwrap()).unwrap();
            let token = event["actionToken"].as_str().unwrap();
            for part in token.split('.').chain([token]) {
                assert!(!printed.contains(part), "{name} {format}: {part}");
            }
        }
    }
}

/// A name that is full of shell: nothing of it runs, and the commands still find the file.
#[test]
fn a_file_name_cannot_run_a_command() {
    let mut desk = Desk::of("good-raw-ndjson");
    for name in ["-a'b $(touch pwned);`touch pwned`|\u{1b}[31m.ndjson", "two  spaces \\u{41} \"q\".ndjson", "ünïcödé\n&touch pwned&.ndjson"] {
        fs::copy(desk.path("events.ndjson"), desk.path(name)).unwrap();
        desk.inputs = vec![name.to_owned()];
        let inspection = desk.inspect("@2", &[]);
        let done = desk.repeat(name, &inspection);
        assert!(done.len() >= 4, "{name:?}: {done:?}");
        assert!(!desk.path("pwned").exists(), "{name:?}");
        let (_, text) = desk.run("@2", &[]);
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{name:?}");
    }
}

#[test]
fn an_update_shows_what_it_changed() {
    let desk = Desk::of("event-typed-diff-signed");
    let events = desk.inspect("@1", &[])["whole"]["events"].as_u64().unwrap();
    let changes = (1..=events).flat_map(|number| desk.inspect(&format!("@{number}"), &[])["changes"].as_array().unwrap().clone());
    let changes: Vec<Value> = changes.collect();
    assert!(changes.iter().any(|change| change["old"] != change["new"]), "{changes:?}");
}

#[test]
fn the_exit_code_is_that_of_the_whole() {
    for (name, event, code) in
        [("good", "@1", 0), ("chain-transfer-modified-middle", "@1", 1), ("good-raw-ndjson", "@1", 3), ("chain-transfer-modified-middle", "#5", 1)]
    {
        let desk = Desk::of(name);
        for format in ["text", "json"] {
            let (found, printed) = desk.run(event, &["--format", format]);
            assert_eq!(found, Some(code), "{name}\n{printed}");
        }
    }
}

#[test]
fn an_event_that_is_not_there_and_one_that_is_there_twice_are_told() {
    for (name, event, expected) in [
        ("good", "evt_nobody", "none of the 8 events"),
        ("good", "#77", "has seq 77"),
        ("good", "@11", "has the number 11"),
        ("event-duplicate-id", "", "events of bundle.zip have the id"),
    ] {
        let desk = Desk::of(name);
        let event = if event.is_empty() { desk.inspect(&event_of(name), &[])["event"]["id"].as_str().unwrap().to_owned() } else { event.to_owned() };
        let mut command = Command::new(env!("CARGO_BIN_EXE_unbroken"));
        let output = command.env_clear().current_dir(desk.folder.path()).arg("inspect").args(&desk.inputs).arg(&event).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(4), "{said}");
        assert!(said.contains(expected) && said.contains("hint:"), "{said}");
    }
}

#[test]
fn every_inspection_fits_its_schema() {
    let schema: Value = serde_json::from_str(unbroken::report::INSPECTION_SCHEMA).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    for name in names().iter().step_by(9) {
        let desk = Desk::of(name);
        let mut command = Command::new(env!("CARGO_BIN_EXE_unbroken"));
        command.env_clear().current_dir(desk.folder.path()).args(["inspect", "--format", "json"]).args(&desk.args).args(&desk.inputs).arg("@1");
        let output = command.output().unwrap();
        let Ok(document) = serde_json::from_slice::<Value>(&output.stdout) else {
            assert!([Some(2), Some(4), Some(5)].contains(&output.status.code()), "{name}: {}", String::from_utf8_lossy(&output.stderr));
            continue;
        };
        let errors: Vec<String> = validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
        assert_eq!(document["whole"]["exit_code"].as_i64(), output.status.code().map(i64::from), "{name}");
    }
}
