//! `unbroken compare`: what it says of two exports that overlap, whatever was done to the newer one, and in whatever form they come.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic, reason = "test code")]

#[path = "forge/mod.rs"]
mod forge;

use std::fs;
use std::path::Path;
use std::process::Command;

use forge::actions::{events, every_kind, ndjson};
use forge::bundle::{Bundle, Start};
use forge::edit::Hand;
use forge::record::{Profile, Proof, time};
use forge::table::{Columns, csv, rows};
use forge::trust::TrustFile;
use serde_json::{Value, json};
use tempfile::TempDir;

struct Bench {
    folder: TempDir,
}

/// What it said, twice: the document and the text; both exit codes are the same.
struct Said {
    code: i32,
    document: Value,
    text: String,
}

impl Bench {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path().join(name), bytes).unwrap();
    }

    fn put(&self, name: &str, bundle: &Bundle) {
        fs::create_dir(self.path().join(name)).unwrap();
        bundle.sealed().iter().for_each(|(file, bytes)| self.write(&format!("{name}/{file}"), bytes));
        self.write("trust.toml", TrustFile::standard().text());
        self.write("acme-mac.key", forge::keys::tenant_key("tnt_acme"));
    }

    fn run(&self, line: &str) -> (i32, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_unbroken"));
        command.arg("compare").args(line.split_whitespace()).current_dir(self.path()).env_clear().env("HOME", self.path());
        let output = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    fn compare(&self, line: &str) -> Said {
        let (code, text, trouble) = self.run(line);
        let (same, document, _) = self.run(&format!("{line} --format json"));
        assert_eq!(code, same, "{text}{trouble}");
        let document: Value = serde_json::from_str(&document).unwrap_or_else(|error| panic!("{error}: {document}{trouble}"));
        let schema = jsonschema::validator_for(&serde_json::from_str(unbroken::report::COMPARISON_SCHEMA).unwrap()).unwrap();
        let errors: Vec<String> = schema.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:?}");
        assert_eq!(document["exit_code"], code);
        Said { code, document, text }
    }
}

impl Said {
    /// The text on one line.
    fn flat(&self) -> String {
        self.text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Same, rewritten, removed, added, moved, re-linked.
    fn totals(&self) -> [u64; 6] {
        ["same", "rewritten_total", "removed_total", "added_total", "moved_total", "relinked"].map(|name| self.document[name].as_u64().unwrap())
    }

    fn assert(&self, code: i32, totals: [u64; 6]) {
        assert_eq!((self.totals(), self.code), (totals, code), "{}", self.text);
    }
}

fn lines(lines: &[Vec<u8>]) -> Vec<u8> {
    lines.iter().flat_map(|line| [line.as_slice(), b"\n"].concat()).collect()
}

/// Settings events, one a minute.
fn settings(count: u64) -> Vec<Value> {
    let event = |number: u64| {
        json!({"id": format!("01jd-{number:04}"), "actor_user_id": "usr_1", "actor_name": "Jordan, \"JC\" Chen", "actor_role": "owner",
            "action": "matter.updated", "resource_type": "matter", "resource_id": format!("mat_{number}"),
            "metadata": {"diff": {"status": ["open", "closed"], "limit": [number, null]}}, "ip_address": "203.0.113.42", "user_agent": null,
            "created_at": time(number * 60_000)})
    };
    (1..=count).map(event).collect()
}

fn array(events: &[Value]) -> String {
    Value::Array(events.to_vec()).to_string()
}

const SETTINGS: [&str; 11] = [
    "id",
    "actor_user_id",
    "actor_name",
    "actor_role",
    "action",
    "resource_type",
    "resource_id",
    "metadata",
    "ip_address",
    "user_agent",
    "created_at",
];

fn settings_table(events: &[Value]) -> Vec<u8> {
    let cell = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let head = SETTINGS.iter().map(|name| (*name).to_owned()).collect();
    let rows: Vec<Vec<String>> =
        [head].into_iter().chain(events.iter().map(|event| SETTINGS.iter().map(|name| cell(&event[name])).collect())).collect();
    csv(&rows)
}

#[test]
fn stdin_is_the_export_that_names_it() {
    let bench = Bench::new();
    let log = Bundle::honest(Profile::Qustody, Start::First, 5, Proof::None);
    let text = log.lines.iter().map(|line| [line.as_slice(), b"\n"].concat()).collect::<Vec<_>>().concat();
    bench.write("log.ndjson", &text);
    for sides in [["log.ndjson", "-"], ["-", "log.ndjson"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_unbroken"));
        command.arg("compare").args(sides).args(["--skip", "manifest.signature"]).current_dir(bench.path()).env_clear().env("HOME", bench.path());
        let output = command.stdin(fs::File::open(bench.path().join("log.ndjson")).unwrap()).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{sides:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn a_bundle_agrees_with_itself() {
    let bench = Bench::new();
    bench.put("old", &Bundle::honest(Profile::FileTransfer, Start::First, 12, Proof::Mac));
    bench.put("new", &Bundle::honest(Profile::FileTransfer, Start::First, 12, Proof::Mac));
    let said = bench.compare("old new --trust trust.toml");
    said.assert(0, [12, 0, 0, 0, 0, 0]);
    assert!(said.text.contains("AGREE  the 12 events that both have say the same; both pass by themselves\n"), "{}", said.text);
    let (code, _, trouble) = bench.run("old new --trust trust.toml --tenant tnt_globex");
    assert_eq!(code, 1, "{trouble}");
}

#[test]
fn a_rewritten_event_is_told_field_by_field_and_its_links_once() {
    let bench = Bench::new();
    let old = Bundle::honest(Profile::FileTransfer, Start::First, 12, Proof::Mac);
    let mut new = old.clone();
    new.author(4, |event| event["actor"]["id"] = json!("usr_99"));
    new.relink_from(5, Hand::Producer);
    new.restate();
    bench.put("old", &old);
    bench.put("new", &new);
    let said = bench.compare("old new --trust trust.toml");
    said.assert(1, [4, 1, 0, 0, 0, 7]);
    let rewritten = &said.document["rewritten"][0];
    assert_eq!(rewritten["changes"].as_array().unwrap().len(), 1, "{rewritten}");
    assert_eq!(rewritten["changes"][0]["pointer"], "/actor/id");
    assert_eq!(rewritten["changes"][0]["new"], "\"usr_99\"");
    let divergence = &said.document["divergence"];
    assert_eq!((&divergence["last_common"]["event"]["number"], &divergence["old"]["event"]["number"]), (&json!(4), &json!(5)));
    assert_eq!(divergence["old"]["hash"], forge::edit::hash_of(Profile::FileTransfer, &old.lines[4]));
    assert_eq!(divergence["new"]["hash"], forge::edit::hash_of(Profile::FileTransfer, &new.lines[4]));
    assert_eq!(said.text.matches("re-linked     7 events").count(), 1, "{}", said.text);
}

#[test]
fn chained_windows_overlap_in_the_middle() {
    let bench = Bench::new();
    let old = Bundle::honest(Profile::Qustody, Start::First, 20, Proof::None);
    let all = Bundle::honest(Profile::Qustody, Start::First, 30, Proof::None);
    bench.write("old.ndjson", lines(&old.lines));
    bench.write("new.ndjson", lines(&all.lines[10..]));
    let said = bench.compare("old.ndjson new.ndjson --skip manifest.signature");
    said.assert(0, [10, 0, 0, 0, 0, 0]);
    assert_eq!(said.document["outside"], json!({"old": {"before": 10, "after": 0}, "new": {"before": 0, "after": 10}}));
    assert_eq!((&said.document["qualified"], &said.document["ends_early"]), (&json!(true), &Value::Null));
    assert!(said.text.contains("AGREE (qualified)  "), "{}", said.text);
    assert_eq!(said.document["overlap"]["old"], json!({"from": 11, "to": 20}));
    bench.compare("old.ndjson new.ndjson").assert(3, [10, 0, 0, 0, 0, 0]);

    let mut cut = all.clone();
    cut.remove(14, 2);
    cut.relink_from(14, Hand::Producer);
    bench.write("cut.ndjson", lines(&cut.lines[10..]));
    let said = bench.compare("old.ndjson cut.ndjson --skip manifest.signature");
    said.assert(1, [4, 0, 2, 0, 0, 4]);
    assert_eq!(said.document["divergence"]["old"]["event"]["number"], 17);
    assert_eq!(said.document["divergence"]["last_common"]["event"]["number"], 14);
}

#[test]
fn only_the_link_differs_where_history_before_the_overlap_was_rewritten() {
    let bench = Bench::new();
    let old = Bundle::honest(Profile::Qustody, Start::First, 20, Proof::None);
    let mut new = old.clone();
    new.author(3, |event| event["actor_id"] = json!("usr_99"));
    new.relink_from(4, Hand::Producer);
    bench.write("old.ndjson", lines(&old.lines));
    bench.write("new.ndjson", lines(&new.lines[10..]));
    let said = bench.compare("old.ndjson new.ndjson --skip manifest.signature");
    said.assert(1, [0, 0, 0, 0, 0, 10]);
    assert_eq!(said.document["divergence"]["last_common"], Value::Null);
}

#[test]
fn a_table_and_json_of_the_same_events_compare_by_the_columns() {
    let bench = Bench::new();
    let mut events = settings(9);
    bench.write("old.csv", settings_table(&events));
    bench.write("new.json", array(&events));
    let said = bench.compare("old.csv new.json");
    said.assert(3, [9, 0, 0, 0, 0, 0]);
    assert_eq!(said.document["columns"].as_array().unwrap().len(), SETTINGS.len());
    events[3]["metadata"]["diff"]["status"][1] = json!("held");
    events[5]["created_at"] = json!("2026-10-01T02:06:00+02:00");
    bench.write("new.json", array(&events));
    for line in ["old.csv new.json", "new.json old.csv"] {
        let said = bench.compare(line);
        said.assert(1, [8, 1, 0, 0, 0, 0]);
        assert_eq!(said.document["rewritten"][0]["changes"][0]["pointer"], "/metadata");
    }
}

#[test]
fn two_tables_with_a_column_that_stands_for_nothing_never_agree() {
    let bench = Bench::new();
    let profile = "name = \"my/1\"\nsource = \"a test\"\n[fields]\nid = \"/id\"\ntime = \"/at\"\naction = \"/type\"\n[event_mac]\nmember = \"/mac\"\n\
                   without = [\"/mac\"]\nkey = \"direct\"\n[[table]]\ncolumns = [{name = \"id\", field = \"/id\"}, {name = \"at\", field = \"/at\"}, \
                   {name = \"type\", field = \"/type\"}, {name = \"amount\"}]\n";
    bench.write("my.toml", profile);
    let table = |amount: &str| format!("id,at,type,amount\r\n1,2026-10-01T00:00:00Z,sent,{amount}\r\n");
    bench.write("old.csv", table("10"));
    bench.write("new.csv", table("9000000"));
    let said = bench.compare("old.csv new.csv --profile my.toml");
    said.assert(3, [1, 0, 0, 0, 0, 0]);
    assert_eq!(said.document["columns_left"], json!(["amount"]));
    assert!(said.text.contains("left out    columns that stand for no field of an event: amount"), "{}", said.text);
    assert!(
        said.text.contains("say the same, as far as was compared") || said.text.contains("says the same, as far as was compared"),
        "{}",
        said.text
    );
}

#[test]
fn actions_compare_across_tables_and_details() {
    let bench = Bench::new();
    let mut details = events(&every_kind());
    bench.write("api.csv", csv(&rows(Columns::Api, &details)));
    bench.write("people.csv", csv(&rows(Columns::People, &details)));
    bench.write("details.ndjson", ndjson(&details));
    for (line, columns) in [("api.csv details.ndjson", 6), ("details.ndjson people.csv", 6), ("api.csv people.csv", 5)] {
        let said = bench.compare(&format!("{line} --profile passkey-actions/1"));
        assert_eq!((said.totals(), said.code), ([7, 0, 0, 0, 0, 0], said.document["exit_code"].as_i64().unwrap() as i32), "{}", said.text);
        assert_eq!(said.document["columns"].as_array().unwrap().len(), columns, "{line}");
    }
    let token = details[2]["actionToken"].as_str().unwrap().to_owned();
    details[2]["actionToken"] = json!(details[1]["actionToken"]);
    bench.write("new.ndjson", ndjson(&details));
    let said = bench.compare("api.csv new.ndjson");
    said.assert(1, [6, 1, 0, 0, 0, 0]);
    assert!(!said.document.to_string().contains(&token), "a token is a secret");
    assert!(said.text.contains(&token[..12]), "{}", said.text);
}

#[test]
fn a_recorded_purge_explains_what_is_gone_and_proves_nothing() {
    let bench = Bench::new();
    let events = settings(12);
    let mut purge = events[11].clone();
    (purge["id"], purge["action"], purge["created_at"]) = (json!("01jd-purge"), json!("audit.events_purged"), json!("2026-10-02T02:30:00Z"));
    let mut new = events.clone();
    new.drain(3..5);
    bench.write("old.json", array(&events));
    bench.write("new.json", array(&new));
    bench.compare("old.json new.json").assert(1, [10, 0, 2, 0, 0, 0]);
    new.push(purge.clone());
    bench.write("new.json", array(&new));
    let said = bench.compare("old.json new.json");
    said.assert(3, [10, 0, 2, 0, 0, 0]);
    assert_eq!(said.document["removed_explained"], 2);
    assert!(said.text.contains("explained by event 11 (01jd-purge), 2026-10-02T02:30:00Z, audit.events_purged, not proven"), "{}", said.text);
    // A purge that the older export records was over before that export was made.
    let mut old = events.clone();
    old.push(purge);
    bench.write("old.json", array(&old));
    bench.compare("old.json new.json").assert(1, [11, 0, 2, 0, 0, 0]);
}

/// The purge of a batch, as one of the settings events.
fn purged(said: Value) -> Value {
    let mut purge = settings(1).remove(0);
    (purge["id"], purge["action"], purge["created_at"]) = (json!("01jd-purge"), json!("audit.events_purged"), json!("2026-10-02T02:30:00Z"));
    purge["metadata"] = said;
    purge
}

#[test]
fn a_purge_explains_no_more_than_it_says() {
    let bench = Bench::new();
    let events = settings(12);
    bench.write("old.json", array(&events));
    let cases = [
        (json!({"count": 2}), 2, 3),
        (json!({"count": 1}), 1, 1),
        (json!({"count": 0}), 0, 1),
        (json!({"before": time(5 * 60_000)}), 1, 1),
        (json!({"before": time(6 * 60_000), "count": 7}), 2, 3),
        (json!({"before": "2016-10-08T02:30:00Z", "count": 1204}), 0, 1),
        (json!({"count": "two", "before": 7}), 2, 3),
    ];
    for (says, explained, code) in cases {
        let mut new = events.clone();
        new.drain(3..5);
        new.push(purged(says.clone()));
        bench.write("new.json", array(&new));
        let said = bench.compare("old.json new.json");
        said.assert(code, [10, 0, 2, 0, 0, 0]);
        assert_eq!((&said.document["removed_explained"], &said.document["purges"][0]["explains"]), (&json!(explained), &json!(explained)), "{says}");
        let repeated: Value = serde_json::from_str(said.document["purges"][0]["says"].as_str().unwrap()).unwrap();
        assert_eq!(repeated, says);
        assert!(said.text.contains("    says      {"), "{}", said.text);
    }
}

#[test]
fn a_purge_is_named_beside_a_newer_start() {
    let bench = Bench::new();
    let events = settings(6);
    let late = [&events[2..], &[purged(json!({"count": 2}))]].concat();
    bench.write("old.json", array(&events));
    bench.write("new.json", array(&late));
    let said = bench.compare("old.json new.json");
    said.assert(3, [4, 0, 0, 0, 0, 0]);
    assert_eq!(said.document["outside"], json!({"old": {"before": 2, "after": 0}, "new": {"before": 0, "after": 1}}));
    let purge = &said.document["purges"][0];
    assert_eq!((&purge["event"]["id"], &purge["explains"], &purge["reaches_start"]), (&json!("01jd-purge"), &json!(0), &json!(true)));
    assert!(said.text.contains("can be why the newer begins later"), "{}", said.text);
    bench.write("new.json", array(&[&events[2..], &[purged(json!({"before": "2016-10-08T02:30:00Z"}))]].concat()));
    assert_eq!(bench.compare("old.json new.json").document["purges_total"], 0, "it says that it purged older ones");
}

#[test]
fn a_newer_export_that_ends_early_is_never_agreement() {
    let bench = Bench::new();
    let all = Bundle::honest(Profile::Qustody, Start::First, 20, Proof::None);
    bench.write("all.ndjson", lines(&all.lines));
    bench.write("head.ndjson", lines(&all.lines[..15]));
    bench.write("tail.ndjson", lines(&all.lines[5..]));
    let time_of = |at: usize| serde_json::from_slice::<Value>(&all.lines[at]).unwrap()["created_at"].as_str().unwrap().to_owned();
    let run = |words: &str| bench.compare(&format!("{words} --skip manifest.signature"));
    let early = run("all.ndjson head.ndjson");
    early.assert(3, [15, 0, 0, 0, 0, 0]);
    let ends = &early.document["ends_early"];
    assert_eq!((&ends["first"]["number"], &ends["last"]["number"]), (&json!(16), &json!(20)));
    assert!(
        early.text.contains("INCOMPLETE  ") && early.flat().contains("the newer ends before the older: events 16..20 of the older are not in it"),
        "{}",
        early.text
    );
    let asked = run(&format!("all.ndjson head.ndjson --to {}", time_of(15)));
    asked.assert(0, [15, 0, 0, 0, 0, 0]);
    assert!(asked.flat().contains("not compared: 5 of the older stand after the newer ends"), "{}", asked.text);
    run(&format!("all.ndjson head.ndjson --to {}", time_of(17))).assert(1, [15, 0, 2, 0, 0, 0]);
    let late = run("all.ndjson tail.ndjson");
    late.assert(0, [15, 0, 0, 0, 0, 0]);
    assert!(late.flat().contains("not compared: 5 of the older stand before the newer begins"), "{}", late.text);
    run(&format!("all.ndjson tail.ndjson --from {}", time_of(3))).assert(1, [15, 0, 2, 0, 0, 0]);
    // the newest event first: its start is the newer end
    let turned: Vec<Vec<u8>> = all.lines.iter().rev().cloned().collect();
    bench.write("turned.ndjson", lines(&turned));
    bench.write("turned-head.ndjson", lines(&turned[5..]));
    let early = run("turned.ndjson turned-head.ndjson");
    early.assert(3, [15, 0, 0, 0, 0, 0]);
    assert_eq!(early.document["outside"]["old"], json!({"before": 0, "after": 5}));
}

#[test]
fn an_early_end_shows_though_all_events_are_of_one_instant() {
    let bench = Bench::new();
    let mut events = settings(6);
    events.iter_mut().for_each(|event| event["created_at"] = json!(time(0)));
    bench.write("old.json", array(&events));
    bench.write("new.json", array(&events[..4]));
    let said = bench.compare("old.json new.json");
    said.assert(3, [4, 0, 0, 0, 0, 0]);
    assert_eq!(said.document["ends_early"]["first"]["number"], 5);
}

#[test]
fn a_comparison_is_written_to_files_too() {
    let bench = Bench::new();
    bench.write("old.json", array(&settings(4)));
    bench.write("new.json", array(&settings(5)[1..]));
    let (code, text, trouble) = bench.run("old.json new.json --report json=c.json --report junit=c.xml");
    assert_eq!((code, trouble.as_str()), (3, ""), "{text}");
    let (_, document, _) = bench.run("old.json new.json --format json");
    assert_eq!(fs::read_to_string(bench.path().join("c.json")).unwrap(), document);
    let junit = fs::read_to_string(bench.path().join("c.xml")).unwrap();
    assert!(junit.contains("<testsuite name=\"compared\" tests=\"8\" failures=\"0\" errors=\"1\""), "{junit}");
    let (code, _, trouble) = bench.run("old.json new.json --report json=c.json");
    assert_eq!(code, 2);
    assert!(trouble.contains("exists already"), "{trouble}");
    assert_eq!(bench.run("old.json new.json --report json=c.json --force").0, 3);
}

#[test]
fn one_side_may_come_from_stdin() {
    let bench = Bench::new();
    bench.write("old.json", array(&settings(4)));
    bench.write("new.json", array(&settings(4)));
    let piped = |line: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_unbroken"));
        command.arg("compare").args(line.split_whitespace()).current_dir(bench.path()).env_clear().env("HOME", bench.path());
        let output = command.stdin(fs::File::open(bench.path().join("new.json")).unwrap()).output().unwrap();
        (output.status.code().unwrap(), format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)))
    };
    for line in ["old.json -", "- old.json"] {
        let (code, text) = piped(line);
        assert!(code == 3 && text.contains("the 4 events that both have say the same"), "{line}: {text}");
    }
    let (code, text) = piped("- -");
    assert!(code == 2 && text.contains("stdin (-) stands here twice"), "{text}");
}

#[test]
fn order_counts_and_a_whole_turn_does_not() {
    let bench = Bench::new();
    let events = settings(9);
    let mut new = events.clone();
    let one = new.remove(2);
    new.insert(6, one);
    bench.write("old.json", array(&events));
    bench.write("new.json", array(&new));
    let said = bench.compare("old.json new.json");
    said.assert(1, [9, 0, 0, 0, 1, 0]);
    assert_eq!((&said.document["moved"][0]["old"]["number"], &said.document["moved"][0]["new"]["number"]), (&json!(3), &json!(7)));
    new = events.iter().rev().cloned().collect();
    bench.write("new.json", array(&new));
    let said = bench.compare("old.json new.json");
    said.assert(3, [9, 0, 0, 0, 0, 0]);
    assert!(said.text.contains("the other way round"), "{}", said.text);
}

#[test]
fn what_cannot_be_compared_is_said() {
    let bench = Bench::new();
    let events = settings(8);
    bench.write("old.json", array(&events[..3]));
    bench.write("new.json", array(&events[4..]));
    let said = bench.compare("old.json new.json");
    said.assert(3, [0, 0, 0, 0, 0, 0]);
    assert_eq!(said.document["overlap"], Value::Null);
    bench.write("other.ndjson", lines(&Bundle::honest(Profile::Qustody, Start::First, 3, Proof::None).lines));
    let (code, _, trouble) = bench.run("old.json other.ndjson");
    assert_eq!(code, 2);
    assert!(trouble.contains("the older export is of the source typed-events/1, the newer one of qustody/1"), "{trouble}");
    assert_eq!(bench.run("old.json nothing.json").0, 4);
}

#[test]
fn more_files_of_one_side_are_one_export() {
    let bench = Bench::new();
    let all = Bundle::honest(Profile::Qustody, Start::First, 6, Proof::None);
    bench.write("all.ndjson", lines(&all.lines));
    let entry = |line: &Vec<u8>| serde_json::from_slice::<Value>(line).unwrap();
    for (page, chunk) in all.lines.chunks(3).enumerate() {
        let entries: Vec<Value> = chunk.iter().map(entry).collect();
        bench.write(&format!("p{}.json", page + 1), json!({"entries": entries, "page": page + 1, "per_page": 3, "total": 6}).to_string());
    }
    bench.compare("p1.json all.ndjson --old p2.json --skip manifest.signature").assert(0, [6, 0, 0, 0, 0, 0]);
    bench.compare("all.ndjson p2.json --new p1.json --skip manifest.signature").assert(0, [6, 0, 0, 0, 0, 0]);
}

/// The smallest number of events that must be taken out until the rest rises.
fn fewest_moved(order: &[usize]) -> u64 {
    let mut longest = vec![0_u64; order.len()];
    for at in 0..order.len() {
        longest[at] = 1 + (0..at).filter(|before| order[*before] < order[at]).map(|before| longest[before]).max().unwrap_or(0);
    }
    order.len() as u64 - longest.into_iter().max().unwrap_or(0)
}

#[test]
fn any_edit_is_counted_as_it_was_made() {
    let mut random = 7_u64;
    let mut draw = |below: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as usize % below
    };
    let bench = Bench::new();
    for case in 0..60 {
        let old = settings(24);
        let mut new: Vec<(usize, Value)> = old.iter().cloned().enumerate().collect();
        let (mut rewritten, mut removed, mut added) = (0, 0, 0);
        for _ in 0..draw(4) {
            let at = 1 + draw(new.len() - 2);
            if new[at].1["actor_role"] == "owner" {
                new[at].1["actor_role"] = json!("admin");
                rewritten += 1;
            }
        }
        for _ in 0..draw(4) {
            let (from, to) = (1 + draw(new.len() - 2), 1 + draw(new.len() - 2));
            let one = new.remove(from);
            new.insert(to, one);
        }
        for _ in 0..draw(4) {
            let gone = new.remove(1 + draw(new.len() - 2));
            removed += 1;
            rewritten -= u64::from(gone.1["actor_role"] == "admin");
        }
        let order: Vec<usize> = new.iter().map(|(index, _)| *index).collect();
        for number in 0..draw(4) {
            let mut one = old[1 + draw(old.len() - 2)].clone();
            one["id"] = json!(format!("forged-{number}"));
            let at = 1 + draw(new.len() - 1);
            new.insert(at, (0, one));
            added += 1;
        }
        let new: Vec<Value> = new.into_iter().map(|(_, event)| event).collect();
        bench.write("old.json", array(&old));
        bench.write("new.json", array(&new));
        let moved = fewest_moved(&order);
        let same = order.len() as u64 - rewritten;
        let differs = rewritten + removed + added + moved > 0;
        let said = bench.compare("old.json new.json");
        assert_eq!(
            (said.totals(), said.code),
            ([same, rewritten, removed, added, moved, 0], if differs { 1 } else { 3 }),
            "case {case}: {}",
            said.text
        );
        assert_eq!(said.document["rewritten"].as_array().unwrap().len() as u64, rewritten);
        for one in said.document["rewritten"].as_array().unwrap() {
            assert_eq!(one["changes"], json!([{"pointer": "/actor_role", "old": "\"owner\"", "new": "\"admin\""}]), "case {case}");
        }
    }
}
