//! Windows of evidence, and files of controls.

use crate::bench::{fixture, own};
use crate::forms::valid;

const CONTROLS: &str = r#"
[[control]]
id = "acme:LOG-1"
title = "Changes of rules"
says = "Each change of a rule is approved."

[[control.filter]]
says = "Rules that changed"
action = ["policy.*", "policies:*"]

[[control.filter]]
says = "Wallets of Ada"
profiles = ["passkey-actions/1"]
action = ["wallets*"]
actor = ["us-ada"]

[[control.filter]]
says = "For another source"
profiles = ["qustody/1"]
request_id = ["req_1"]
"#;

fn window(words: &str) -> crate::bench::Ran {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("controls.toml");
    std::fs::write(&file, CONTROLS).expect("a file");
    fixture("good-actions", &format!("-t trust.toml --controls {} --control acme:LOG-1 {words} bundle.zip", file.display()))
}

#[test]
fn a_window_is_grouped_by_filter() {
    let ran = window("--format json");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let document = valid(&ran.stdout);
    let filters: Vec<_> = document["control"]["filters"].as_array().unwrap().iter().map(|filter| filter["matched"].as_u64().unwrap()).collect();
    assert_eq!(filters, [2, 3], "the filter for another profile is none of this bundle's");
    let rows: Vec<_> = document["events"].as_array().unwrap().iter().map(|row| (row["filter"].as_u64(), row["number"].as_u64())).collect();
    assert_eq!(rows, [(1, 2), (1, 4), (2, 1), (2, 5), (2, 8)].map(|(filter, number)| (Some(filter), Some(number))));
    assert_eq!(document["matched"], 5);
    let later = valid(&window("--format json --from 2026-10-05T03:09:08.452Z").stdout);
    assert_eq!(later["matched"], 3, "other filters compose");
}

#[test]
fn a_window_says_that_it_is_no_assessment() {
    let table = window("").stdout;
    for words in [
        "control     acme:LOG-1  Changes of rules",
        "not an assessment",
        "filter 1:   Rules that changed: 2 events",
        "filter 2:   Wallets of Ada: 3 events",
    ] {
        assert!(table.contains(words), "no `{words}` in {table}");
    }
    assert!(window("--format json").stdout.contains("not an assessment"));
    for form in ["csv", "ndjson"] {
        let ran = window(&format!("--format {form}"));
        assert!(ran.stderr.contains("not an assessment"), "{}", ran.stderr);
    }
    assert!(window("--format csv").stdout.starts_with("filter,evidence,number,"));
}

#[test]
fn built_in_controls_are_listed_and_work() {
    let listed = own(&[], "--list-controls");
    assert_eq!((listed.code, listed.stderr.as_str()), (0, ""));
    for id in ["soc2:CC7.2", "iso27001:A.8.15", "hipaa:164.312(b)", "nist800-53:AU-9", "nist800-53:AU-10", "sox:404", "dora:10", "finra:17a-4"] {
        assert!(listed.stdout.lines().any(|line| line.starts_with(&format!("{id}  "))), "{id}");
        let ran = fixture("good-entries", &format!("-t trust.toml --control {id} --format json bundle.zip"));
        assert_eq!(ran.code, 0, "{id}: {}", ran.stderr);
        assert_eq!(valid(&ran.stdout)["control"]["id"], id);
    }
    let shouted = fixture("good-entries", "-t trust.toml --control SOC2:cc7.2 --format json bundle.zip");
    assert_eq!(valid(&shouted.stdout)["control"]["id"], "soc2:CC7.2");
    fixture("good-entries", "-t trust.toml --control soc2 bundle.zip").refuses(2, &["did you mean soc2:CC7.2?"]);
    fixture("good-entries", "-t trust.toml --control AU-9 bundle.zip").refuses(2, &["did you mean nist800-53:AU-9?"]);
    own(&[], "--list-controls --format json").refuses(2, &["as text only"]);
    let both = own(&[("own.toml", CONTROLS)], "--controls own.toml --list-controls");
    assert!(both.stdout.contains("acme:LOG-1  Changes of rules"));
}

#[test]
fn a_control_without_a_filter_for_the_profile_is_refused() {
    let only = CONTROLS.split("[[control.filter]]").next().unwrap().to_owned()
        + "[[control.filter]]\nsays = \"x\"\nprofiles = [\"qustody/1\"]\naction = [\"*\"]\n";
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("controls.toml");
    std::fs::write(&file, only).expect("a file");
    let ran = fixture("good-actions", &format!("-t trust.toml --controls {} --control acme:LOG-1 bundle.zip", file.display()));
    ran.refuses(2, &["acme:LOG-1", "passkey-actions/1"]);
}

#[test]
fn what_is_wrong_in_a_controls_file_has_a_line_and_a_column() {
    let head = "[[control]]\nid = \"a:1\"\ntitle = \"t\"\nsays = \"s\"\n";
    let filter = "[[control.filter]]\nsays = \"s\"\naction = [\"*\"]\n";
    let cases = [
        (String::new(), "own.toml:1:1:", "[[control]]"),
        ("[[control]\n".to_owned(), "own.toml:1:", "TOML"),
        (format!("{head}color = 1\n"), "own.toml:5:1:", "color"),
        (head.to_owned(), "own.toml:2:6:", "no filter"),
        (format!("{head}[[control.filter]]\nsays = \"s\"\n"), "own.toml:6:8:", "asks for nothing"),
        (format!("{head}[[control.filter]]\nsays = \"s\"\nactions = [\"*\"]\n"), "own.toml:7:1:", "actions"),
        (format!("{head}[[control.filter]]\nsays = \"s\"\naction = \"*\"\n"), "own.toml:7:10:", "sequence"),
        (format!("{head}[[control.filter]]\nsays = \"s\"\naction = [\"*\", \"\"]\n"), "own.toml:7:16:", "1 to 256"),
        (format!("{head}{filter}{head}{filter}"), "own.toml:9:6:", "twice"),
        (format!("{head}{filter}").replace("a:1", "a 1"), "own.toml:2:6:", "expected an id"),
        (format!("{head}{filter}").replace("a:1", "sox:404"), "own.toml:2:6:", "built-in"),
        (format!("{head}{filter}").replace("title = \"t\"", "title = \"t\\u0007\""), "own.toml:3:9:", "one line"),
    ];
    for (text, place, words) in cases {
        own(&[("own.toml", &text)], "--controls own.toml --list-controls").refuses(2, &[place, words]);
    }
    own(&[], "--controls none.toml --list-controls").refuses(4, &["none.toml"]);
}
