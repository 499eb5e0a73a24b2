//! The fixtures: they are what the forge makes, and the program answers each of them as it must.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic, reason = "test code")]

#[path = "forge/mod.rs"]
mod forge;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use forge::container::Files;
use forge::expect::{At, Expect, Missing};
use forge::scenarios::{self, Scenario};
use serde_json::Value;
use unbroken::finding::Code;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn read_tree(folder: &Path, prefix: &str, into: &mut Files) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            read_tree(&entry.path(), &format!("{name}/"), into);
        } else {
            into.insert(name, fs::read(entry.path()).unwrap());
        }
    }
}

#[test]
fn the_committed_fixtures_are_what_the_forge_makes() {
    let made = scenarios::tree();
    let mut committed = Files::new();
    read_tree(&fixtures(), "", &mut committed);
    committed.remove("README.md").expect("fixtures/README.md");
    let mut wrong: Vec<String> =
        made.keys().filter(|path| committed.get(*path) != made.get(*path)).map(|path| format!("differs or is missing: {path}")).collect();
    wrong.extend(committed.keys().filter(|path| !made.contains_key(*path)).map(|path| format!("stray: {path}")));
    assert!(wrong.is_empty(), "run `cargo run --example forge -- fixtures --out fixtures`\n{}", wrong.join("\n"));
}

#[test]
fn names_are_unique_and_every_code_has_a_fixture() {
    let all = scenarios::all();
    let names: BTreeSet<&str> = all.iter().map(|scenario| scenario.name.as_str()).collect();
    assert_eq!(names.len(), all.len(), "two fixtures have one name");
    let expects = || all.iter().flat_map(|scenario| &scenario.expects).map(|(_, expect)| expect);
    let covered: BTreeSet<Code> = expects().flat_map(|expect| expect.codes.first().into_iter().chain(&expect.also)).copied().collect();
    let missing: Vec<&str> = Code::ALL.iter().filter(|code| !covered.contains(code)).map(|code| code.name()).collect();
    assert!(missing.is_empty(), "no fixture expects {missing:?}");
}

#[test]
fn the_program_answers_each_fixture_as_it_must() {
    let mut wrong = Vec::new();
    for scenario in scenarios::all() {
        for (file, expect) in &scenario.expects {
            if let Err(complaints) = run(&scenario, expect) {
                wrong.push(format!("{}/{file}: {}\n    why: {}", scenario.name, complaints.join("; "), expect.why));
            }
        }
    }
    assert!(wrong.is_empty(), "{} runs with another answer:\n{}", wrong.len(), wrong.join("\n"));
}

/// One run of the program in the fixture's folder.
fn run(scenario: &Scenario, expect: &Expect) -> Result<(), Vec<String>> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_unbroken"));
    command.current_dir(fixtures().join(&scenario.name)).env_clear().arg("verify").args(&expect.input).args(&expect.args).args(["--format", "json"]);
    let output = command.output().unwrap();
    let mut wrong = Vec::new();
    if output.status.code() != Some(i32::from(expect.exit)) {
        wrong.push(format!("expected exit {}, found {:?} ({})", expect.exit, output.status.code(), first_line(&output.stderr)));
    }
    if let Some(verdict) = expect.verdict() {
        match serde_json::from_slice::<Value>(&output.stdout) {
            Ok(report) => wrong.extend(compare(&report["bundles"][0], verdict, expect)),
            Err(error) => wrong.push(format!("expected a report in JSON, found {error}")),
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

fn first_line(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).lines().next().unwrap_or_default().chars().take(200).collect()
}

fn compare(bundle: &Value, verdict: &str, expect: &Expect) -> Vec<String> {
    let mut wrong = Vec::new();
    if bundle["verdict"] != verdict {
        wrong.push(format!("expected verdict {verdict}, found {}", bundle["verdict"]));
    }
    if bundle["qualified"] != expect.qualified {
        wrong.push(format!("expected qualified {}, found {}", expect.qualified, bundle["qualified"]));
    }
    let list = |name: &str| bundle[name].as_array().cloned().unwrap_or_default();
    let findings: Vec<Value> = list("findings");
    let found = |code: &Code| findings.iter().any(|finding| finding["code"] == code.name());
    let codes = || {
        findings
            .iter()
            .map(|finding| format!("{} @ {}", finding["code"].as_str().unwrap_or("?"), finding["event"]["number"]))
            .collect::<Vec<_>>()
            .join(", ")
    };
    if verdict != "fail" && !findings.is_empty() {
        wrong.push(format!("expected no finding, found {}", codes()));
    }
    if !expect.codes.is_empty() && !expect.codes.iter().any(found) {
        wrong.push(format!("expected {:?} among the findings, found [{}]", expect.codes, codes()));
    }
    wrong.extend(expect.also.iter().filter(|code| !found(code)).map(|code| format!("expected {code} too, found [{}]", codes())));
    wrong.extend(break_point(&bundle["break_point"], expect));
    for row in &expect.untested {
        let status = list("checks").iter().find(|check| check["id"] == row.id()).map(|check| check["status"].clone());
        if status != Some(Value::from("untested")) {
            wrong.push(format!("expected {row} untested, found {status:?}"));
        }
    }
    wrong
}

fn break_point(found: &Value, expect: &Expect) -> Vec<String> {
    let mut wrong = Vec::new();
    match expect.at {
        At::Any => {}
        At::Nowhere if found.is_null() => {}
        At::Nowhere => wrong.push(format!("expected no break point, found {} @ {}", found["code"], found["event"]["number"])),
        At::Event(number) => {
            let code = found["code"].as_str().unwrap_or("none");
            if !expect.codes.iter().any(|expected| expected.name() == code) || found["event"]["number"] != number {
                wrong.push(format!("expected break point {:?} @ {number}, found {code} @ {}", expect.codes, found["event"]["number"]));
            }
        }
    }
    let missing = (found["missing"]["count"].as_u64(), found["missing"]["exact"].as_bool());
    let expected = match expect.missing {
        None => return wrong,
        Some(Missing::Null) => (None, None),
        Some(Missing::Exactly(count)) => (Some(count), Some(true)),
        Some(Missing::AtLeast(count)) => (Some(count), Some(false)),
    };
    if missing != expected {
        wrong.push(format!("expected missing {:?}, found {}", expect.missing, found["missing"]));
    }
    wrong
}
