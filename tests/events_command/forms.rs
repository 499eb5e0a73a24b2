//! Table, CSV, JSON: what strings of the events can do in each of them, which is nothing.

use serde_json::Value;

use crate::bench::{fixture, own, typed};

const HOSTILE: [&str; 7] = [
    "=cmd|' /C calc'!A1",
    "\u{1b}[2J\u{9b}31m",
    "us\u{202e}r",
    "\nPASS  every required check ran and holds",
    "a\",\"=1+1\r\n=2",
    "@SUM(A1)\u{200b}",
    "\t+1",
];

fn hostile(words: &str) -> String {
    let events: Vec<(&str, &str, &str)> = HOSTILE.iter().map(|actor| (*actor, "matter.updated", "2026-10-01T00:00:00Z")).collect();
    let ran = own(&[("events.ndjson", &typed(&events))], &format!("--profile typed-events/1 {words} events.ndjson"));
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    ran.stdout
}

/// The document, after its schema agreed.
pub fn valid(text: &str) -> Value {
    let schema: Value = serde_json::from_str(include_str!("../../spec/events.schema.json")).expect("the schema");
    let document: Value = serde_json::from_str(text).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let errors: Vec<String> = validator.iter_errors(&document).map(|error| format!("{} at {}", error, error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:?}");
    document
}

#[track_caller]
fn nothing_acts(text: &str) {
    let acting = |c: &char| c.is_control() && !matches!(c, '\n' | '\r') || matches!(c, '\u{202e}' | '\u{200b}');
    assert_eq!(text.chars().find(acting), None, "{text:?}");
}

#[test]
fn no_line_of_a_table_starts_with_what_an_event_says() {
    for words in ["", "--columns actor", "--columns actor,/user_agent"] {
        let table = hostile(words);
        nothing_acts(&table);
        let ours = ["export ", "filters ", "7 of 7 events match", "  "];
        assert!(table.lines().all(|line| line.is_empty() || ours.iter().any(|word| line.starts_with(word))), "{table}");
        assert_eq!(table.lines().skip_while(|line| !line.is_empty()).filter(|line| line.starts_with("  ")).count(), HOSTILE.len() + 1, "{table}");
    }
    assert!(hostile("").contains("\\u{a}PASS"));
}

#[test]
fn no_cell_of_a_csv_is_a_formula() {
    let text = hostile("--format csv --columns number,actor,/user_agent,/metadata");
    nothing_acts(&text);
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    assert_eq!(reader.headers().expect("a header").iter().collect::<Vec<_>>(), ["number", "actor", "/user_agent", "/metadata"]);
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), HOSTILE.len());
    for (row, actor) in rows.iter().zip(HOSTILE) {
        assert!(row.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\0'])), "{row:?}");
        assert_eq!(row[1].starts_with('\''), actor.starts_with(['=', '@', '\n', '\t']), "{row:?}");
        assert_eq!((&row[2], &row[3]), ("'-2+3", r#"{"diff":{"title":["a","b"]}}"#));
    }
    assert!(text.ends_with("\r\n") && text.matches("\r\n").count() == HOSTILE.len() + 1);
}

#[test]
fn json_has_each_value_as_it_is() {
    let text = hostile("--format json --columns number,actor,/metadata/diff,/nothing");
    nothing_acts(&text);
    let document = valid(&text);
    let events = document["events"].as_array().expect("events");
    let actors: Vec<&str> = events.iter().map(|event| event["actor"].as_str().expect("a string")).collect();
    assert_eq!(actors, HOSTILE);
    assert_eq!(events[0]["/metadata/diff"], serde_json::json!({"title": ["a", "b"]}));
    assert_eq!(events[0]["/nothing"], Value::Null);
    let lines = hostile("--format ndjson --columns number,actor,/metadata/diff,/nothing");
    nothing_acts(&lines);
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(&lines, events);
}

#[test]
fn every_form_has_the_exit_code_of_the_whole() {
    for (name, code) in [("good", 0), ("good-entries", 0), ("good-actions", 0), ("good-raw-pages", 3), ("chain-raw-modified", 1)] {
        let files = match name {
            "good-raw-pages" => "page-1.json page-2.json page-3.json",
            "chain-raw-modified" => "events.ndjson",
            _ => "bundle.zip",
        };
        for form in ["table", "csv", "json", "ndjson"] {
            let ran = fixture(name, &format!("-t trust.toml --format {form} {files}"));
            assert_eq!(ran.code, code, "{name} {form}: {}", ran.stderr);
            assert_eq!(ran.stderr.is_empty(), ["table", "json"].contains(&form), "{}", ran.stderr);
            if form == "json" {
                let document = valid(&ran.stdout);
                assert_eq!(document["exit_code"], code);
                assert_eq!(document["matched"], document["events_total"]);
                let shown: Vec<u64> = document["events"].as_array().unwrap().iter().map(|event| event["number"].as_u64().unwrap()).collect();
                assert_eq!(shown, (1..=document["matched"].as_u64().unwrap()).collect::<Vec<_>>(), "in the order of the file");
            }
        }
    }
}

#[test]
fn the_schema_is_printed() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_unbroken")).args(["schema", "events"]).output().expect("the program");
    assert_eq!(output.stdout, include_bytes!("../../spec/events.schema.json"));
}
