//! What is written beside the code says what the code does: every finding and every row has its page, the example of the specification passes, the
//! manifest gives a reason for each dependency, and nothing in the program's tree can reach a network.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic, reason = "test code")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use unbroken::finding::{CheckId, Code};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Headings of this level.
fn headings<'p>(page: &'p str, mark: &str) -> Vec<&'p str> {
    page.lines().filter_map(|line| line.strip_prefix(mark)).collect()
}

#[test]
fn every_finding_has_its_section_in_order() {
    let page = read("spec/findings.md");
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    assert_eq!(headings(&page, "## "), codes);
    for (section, code) in page.split("\n## ").skip(1).zip(Code::ALL) {
        assert!(section.contains(&format!("Row: `{}`", code.check())), "{code} names another row than {}", code.check());
        for part in ["**Example.**", "**Usual causes.**", "**What to ask the producer.**"] {
            assert!(section.contains(part), "{code} has no {part}");
        }
    }
}

#[test]
fn the_table_of_findings_lists_each_code_in_its_row() {
    let page = read("spec/findings.md");
    let quoted = |text: &str| text.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    let table = page.lines().filter(|line| line.starts_with("| `")).map(quoted);
    let stated: Vec<(String, Vec<String>)> = table.map(|mut names| (names.remove(0), names)).collect();
    let mut rows: Vec<(String, Vec<String>)> = Vec::new();
    for code in Code::ALL {
        match rows.last_mut().filter(|(row, _)| row == code.check().id()) {
            Some((_, codes)) => codes.push(code.name().to_owned()),
            None => rows.push((code.check().id().to_owned(), vec![code.name().to_owned()])),
        }
    }
    assert_eq!(stated, rows);
}

#[test]
fn every_row_has_its_section_in_order() {
    let page = read("spec/verification.md");
    let rows: Vec<&str> = CheckId::ALL.iter().map(|row| row.id()).collect();
    let sections: Vec<&str> = headings(&page, "### ").into_iter().filter(|heading| heading.contains('.')).collect();
    assert_eq!(sections, rows);
}

#[test]
fn every_exit_code_is_in_the_specification_and_the_manual() {
    let (page, manual) = (read("spec/verification.md"), read("man/unbroken.1"));
    for code in ["0", "1", "2", "3", "4", "5", "70", "130", "143"] {
        assert!(
            page.lines().any(|line| line.starts_with('|') && line.split('|').any(|cell| cell.split([' ', '/', ',']).any(|word| word == code))),
            "spec: {code}"
        );
        assert!(manual.lines().any(|line| line.split([' ', ',']).any(|word| word == code)), "man: {code}");
    }
}

/// The rows and the verdict that the table of `spec/README.md` gives.
#[test]
fn the_example_of_the_specification_comes_out_as_it_says() {
    let example = root().join("spec/example");
    let run = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_unbroken"))
            .env_clear()
            .current_dir(&example)
            .args(["verify", "bundle", "-f", "json"])
            .args(args)
            .output();
        let output = output.unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
        let rows = report["bundles"][0]["checks"].as_array().unwrap();
        let rows: BTreeMap<String, String> = rows
            .iter()
            .map(|row| (row["id"].as_str().unwrap().to_owned(), row["status"].as_str().unwrap().replace("not-applicable", "not applicable")))
            .collect();
        (output.status.code(), report["bundles"][0]["qualified"].clone(), rows)
    };
    let page = read("spec/README.md");
    let table = page.split("### The verdict").nth(1).unwrap().lines().filter(|line| line.starts_with("| `"));
    for (column, args) in [(2, ["--trust", "trust.toml"]), (3, ["--key", "acme.pem"])] {
        let (code, qualified, rows) = run(&args);
        assert_eq!((code, &qualified), (Some(0), &Value::Bool(false)), "{args:?}");
        let mut named = 0;
        for line in table.clone() {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            for id in cells[1].split('`').skip(1).step_by(2) {
                assert!(cells[column].starts_with(&rows[id]), "{args:?}: {id} is {}, the page says {}", rows[id], cells[column]);
                named += 1;
            }
        }
        assert!(named >= rows.len() - 1, "{args:?}: the page names {named} rows of {}", rows.len());
    }
    assert_eq!(run(&[]).0, Some(3), "without any key");
}

#[test]
fn every_dependency_has_its_reason() {
    let manifest = read("Cargo.toml");
    let mut reason = false;
    let mut section = "";
    for line in manifest.lines() {
        match line {
            line if line.starts_with('[') => (section, reason) = (line, false),
            "" => reason = false,
            line if line.starts_with('#') => reason = true,
            line if section.ends_with("dependencies]") => assert!(reason, "no comment stands above the group of: {line}"),
            _ => {}
        }
    }
}

/// Nothing is left open, in no room and no test.
#[test]
fn nothing_is_left_for_later() {
    let words: Vec<String> = ["todo!", "unimplemented!", "TODO", "FIXME"].iter().map(|word| (*word).to_owned()).collect();
    let mut folders = vec![root().join("src"), root().join("tests"), root().join("spec"), root().join("man")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = fs::read_to_string(&path)
                && path != root().join("tests/documents.rs")
            {
                let lines = text.lines().enumerate().filter(|(_, line)| words.iter().any(|word| line.contains(word.as_str())));
                found.extend(lines.map(|(index, line)| format!("{}:{}: {}", path.display(), index + 1, line.trim())));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// Crates that open connections, or bring what does.
const NETWORK: [&str; 22] = [
    "async-std",
    "attohttpc",
    "curl",
    "curl-sys",
    "h2",
    "hickory-resolver",
    "hyper",
    "isahc",
    "mio",
    "minreq",
    "native-tls",
    "openssl",
    "openssl-sys",
    "quinn",
    "reqwest",
    "rustls",
    "schannel",
    "smol",
    "socket2",
    "surf",
    "tokio",
    "ureq",
];

/// The packages that the program is built from, on any platform, by `Cargo.lock`: what tests need is left out, what build scripts need is in.
fn tree() -> BTreeSet<String> {
    let manifest: toml::Table = read("Cargo.toml").parse().unwrap();
    let lock: toml::Table = read("Cargo.lock").parse().unwrap();
    let packages = lock["package"].as_array().unwrap();
    let name = |text: &str| text.split(' ').next().unwrap().to_owned();
    let mut open: Vec<String> = manifest["dependencies"].as_table().unwrap().keys().cloned().collect();
    let mut seen = BTreeSet::new();
    while let Some(next) = open.pop() {
        let versions: Vec<_> = packages.iter().filter(|package| package["name"].as_str() == Some(&next)).collect();
        assert!(!versions.is_empty(), "Cargo.lock does not have {next}");
        if seen.insert(next) {
            let needs = versions.iter().filter_map(|package| package.get("dependencies")?.as_array()).flatten();
            open.extend(needs.map(|need| name(need.as_str().unwrap())));
        }
    }
    seen
}

#[test]
fn nothing_in_the_program_can_reach_a_network() {
    let tree = tree();
    assert!(tree.contains("sha2") && tree.contains("clap") && !tree.contains("proptest"), "{tree:?}");
    let found: Vec<&&str> = NETWORK.iter().filter(|name| tree.contains(**name)).collect();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn the_pages_link_to_what_is_there() {
    let mut broken = Vec::new();
    for entry in fs::read_dir(root().join("spec")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "md") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next()).filter(|link| !link.contains(['|', ':']));
        for link in links {
            let file = link.split('#').next().unwrap();
            let target: &Path = &root().join("spec").join(file);
            broken.extend((!file.is_empty() && !target.exists()).then(|| format!("{}: {link}", path.display())));
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}
