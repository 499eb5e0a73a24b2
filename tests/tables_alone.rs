//! Tables of a source's own profile, beside events and alone, and its pages: what their rows can show, and what they cannot.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic, reason = "test code")]

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

/// The first block of this language in the chapter about profiles.
fn block(language: &str) -> String {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("spec/profiles.md")).unwrap();
    let fence = format!("\n```{language}\n");
    let start = page.find(&fence).expect("a block") + fence.len();
    page[start..].split("\n```").next().unwrap().to_owned() + "\n"
}

/// What the chapter's script writes, or another one.
fn written(script: &str) -> Vec<u8> {
    Command::new("python3").args(["-c", script]).output().expect("python3").stdout
}

/// The events of the chapter's chained log.
fn chained() -> Vec<Value> {
    let log = String::from_utf8(written(&block("python"))).unwrap();
    log.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The chapter's profile, with a table of these members.
fn profile(members: &[&str]) -> String {
    let column = |name: &&str| {
        let holds = if ["n", "who"].contains(name) { "json" } else { "text" };
        format!("{{ name = \"{name}\", field = \"/{name}\", holds = \"{holds}\" }}")
    };
    let columns: Vec<String> = members.iter().map(column).collect();
    format!("{}\n[[table]]\ncolumns = [{}]\n", block("toml"), columns.join(", "))
}

fn table(members: &[&str], events: &[Value]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(members).unwrap();
    for event in events {
        let cell = |name: &&str| event[*name].as_str().map_or_else(|| event[*name].to_string(), str::to_owned);
        writer.write_record(members.iter().map(cell)).unwrap();
    }
    writer.into_inner().unwrap()
}

/// Exit code and report of `verify --profile app.toml` over these files.
fn verify(profile: &str, files: &[(&str, &[u8])]) -> (Option<i32>, Value) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("app.toml"), profile).unwrap();
    files.iter().for_each(|(name, bytes)| fs::write(folder.path().join(name), bytes).unwrap());
    let mut command = Command::new(env!("CARGO_BIN_EXE_unbroken"));
    command.env_clear().env("HOME", folder.path()).current_dir(folder.path());
    command.args(["verify", "--profile", "app.toml", "--skip", "manifest.signature", "-f", "json"]).args(files.iter().map(|(name, _)| name));
    let output = command.output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code(), report["bundles"][0].clone())
}

fn status(report: &Value, check: &str) -> String {
    let rows = report["checks"].as_array().unwrap_or_else(|| panic!("{report:#}"));
    let row = rows.iter().find(|row| row["id"] == check).unwrap_or_else(|| panic!("no {check}: {report:#}"));
    row["status"].as_str().unwrap().to_owned()
}

const ALL: [&str; 7] = ["event", "at", "what", "who", "n", "previous", "hash"];
const FEW: [&str; 6] = ["event", "at", "what", "n", "previous", "hash"];

#[test]
fn rows_that_hold_all_that_was_hashed_prove_the_chain() {
    let (code, report) = verify(&profile(&ALL), &[("log.csv", &table(&ALL, &chained()))]);
    assert_eq!((code, status(&report, "chain.links").as_str()), (Some(0), "upheld"), "{report:#}");
}

#[test]
fn rows_that_lack_members_refute_no_hash() {
    let (code, report) = verify(&profile(&FEW), &[("log.csv", &table(&FEW, &chained()))]);
    assert_eq!((code, status(&report, "chain.links").as_str()), (Some(3), "untested"), "{report:#}");
    assert_eq!((status(&report, "chain.sequence").as_str(), &report["findings"]), ("upheld", &json!([])), "{report:#}");
    let raw = profile(&ALL).replace("[chain]", "[chain]\nhashed = \"raw\"").replace("without = [\"/hash\"]\n", "").replace("own = \"/hash\"\n", "");
    let (code, report) = verify(&raw, &[("log.csv", &table(&ALL, &chained()))]);
    assert_eq!((code, status(&report, "chain.links").as_str()), (Some(3), "untested"), "{report:#}");
}

#[test]
fn a_row_that_is_gone_shows_in_the_numbers_all_the_same() {
    let mut events = chained();
    events.remove(1);
    let (code, report) = verify(&profile(&FEW), &[("log.csv", &table(&FEW, &events))]);
    assert_eq!((code, status(&report, "chain.sequence").as_str()), (Some(1), "refuted"), "{report:#}");
    assert_eq!(status(&report, "chain.links"), "untested");
    assert_eq!(report["findings"][0]["code"], "chain.sequence-gap");
}

#[test]
fn the_first_entry_of_the_chain_has_the_first_number() {
    let late = block("python").replace("start=1", "start=5");
    assert_ne!(late, block("python"), "the script numbers its events");
    let (code, report) = verify(&block("toml"), &[("log.ndjson", &written(&late))]);
    assert_eq!((code, status(&report, "chain.links").as_str()), (Some(1), "upheld"), "{report:#}");
    assert_eq!((status(&report, "chain.sequence").as_str(), &report["findings"][0]["code"]), ("refuted", &json!("chain.sequence-gap")));
    assert!(!report["notes"].to_string().contains("first entry of the chain"), "{report:#}");
}

const PLAIN: &str = "name = \"plain/1\"\nsource = \"a log\"\n[fields]\nid = \"/id\"\ntime = \"/at\"\naction = \"/what\"\n";
const COLUMNS: &str =
    "[[table]]\ncolumns = [{ name = \"id\", field = \"/id\" }, { name = \"at\", field = \"/at\" }, { name = \"what\", field = \"/what\" }]\n";

#[test]
fn a_nul_in_a_cell_is_a_character() {
    let profile = format!("{PLAIN}{COLUMNS}");
    for before in [0, 3000] {
        let padding = |n| json!({"id": format!("e{n}"), "at": "2026-10-01T00:00:00Z", "what": "padding of a row"});
        let mut events: Vec<Value> = (0..before).map(padding).collect();
        events.push(json!({"id": "last", "at": "2026-10-01T00:00:00Z", "what": "lo\0gin"}));
        let lines: String = events.iter().map(|event| format!("{event}\n")).collect();
        let rows = table(&["id", "at", "what"], &events);
        let (_, report) = verify(&profile, &[("log.ndjson", lines.as_bytes()), ("log.csv", &rows)]);
        assert_eq!(status(&report, "table.match"), "upheld", "{report:#}");
        let other: Vec<u8> = rows.iter().map(|byte| if *byte == 0 { b'1' } else { *byte }).collect();
        let (code, report) = verify(&profile, &[("log.ndjson", lines.as_bytes()), ("log.csv", &other)]);
        assert_eq!((code, status(&report, "table.match").as_str()), (Some(1), "refuted"), "{report:#}");
    }
}

#[test]
fn utf_16_is_still_told_as_such() {
    let text = "id,at,what\ne,2026-10-01T00:00:00Z,x\n";
    let profile = format!("{PLAIN}{COLUMNS}");
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in [little, big] {
        let (code, report) = verify(&profile, &[("log.csv", &bytes)]);
        assert_eq!(code, Some(4), "{report:#}");
        assert!(report.to_string().contains("UTF-16"), "{report:#}");
    }
}

#[test]
fn a_page_of_nothing_holds_nothing() {
    let profile = format!("{PLAIN}[pages]\nentries = \"/entries\"\npage = \"/page\"\nper_page = \"/size\"\ntotal = \"/total\"\n");
    let page = |size: u64| {
        let event = json!({"id": "e1", "at": "2026-10-01T00:00:00Z", "what": "login"});
        json!({"entries": [event], "page": 1, "size": size, "total": 1}).to_string()
    };
    let (_, report) = verify(&profile, &[("page.json", page(1).as_bytes())]);
    assert_eq!(status(&report, "pages.complete"), "upheld", "{report:#}");
    let (code, report) = verify(&profile, &[("page.json", page(0).as_bytes())]);
    assert_eq!((code, &report["findings"][0]["code"]), (Some(1), &json!("pages.total")), "{report:#}");
}
