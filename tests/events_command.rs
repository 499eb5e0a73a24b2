//! `unbroken events`, the real binary: which events it shows, what it says of each, in which form, and with which exit code.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic, reason = "test code")]

#[path = "events_command/bench.rs"]
mod bench;
#[path = "events_command/controls.rs"]
mod controls;
#[path = "events_command/forms.rs"]
mod forms;
#[path = "events_command/pager.rs"]
mod pager;

use bench::{Ran, fixture, own};

/// The numbers of the rows, or another column of theirs.
fn column(ran: &Ran, name: &str) -> Vec<String> {
    let rows = ran.stdout.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("a JSON line"));
    rows.map(|row| row[name].as_str().map_or_else(|| row[name].to_string(), str::to_owned)).collect()
}

#[test]
fn filters_compose() {
    let at = |filters: &str| {
        let ran = fixture("good-raw-entries", &format!("--format ndjson {filters} events.ndjson"));
        assert_eq!(ran.code, 3, "the verdict of the whole: {}", ran.stderr);
        column(&ran, "number")
    };
    let all = fixture("good-raw-entries", "--format ndjson events.ndjson");
    let (actions, times, actors) = (column(&all, "action"), column(&all, "time"), column(&all, "actor"));
    let where_ = |holds: &dyn Fn(usize) -> bool| (0..times.len()).filter(|at| holds(*at)).map(|at| (at + 1).to_string()).collect::<Vec<_>>();
    assert!(times.len() >= 6);
    assert_eq!(at(&format!("--action {}", actions[0])), where_(&|at| actions[at] == actions[0]));
    let domain = actions[0].split('.').next().unwrap();
    assert_eq!(at(&format!("--action {domain}.*")), where_(&|at| actions[at].starts_with(&format!("{domain}."))));
    assert_eq!(at(&format!("--from {}", times[2])), where_(&|at| times[at] >= times[2]), "inclusive");
    assert_eq!(at(&format!("--to {}", times[2])), where_(&|at| times[at] < times[2]), "exclusive");
    assert_eq!(at(&format!("--actor {}", actors[1])), where_(&|at| actors[at] == actors[1]));
    assert_eq!(at(&format!("--actor {} --from {}", actors[1], times[2])), where_(&|at| actors[at] == actors[1] && times[at] >= times[2]));
    assert_eq!(at("--actor usr_*"), Vec::<String>::new(), "a star is one in actions only");
    assert_eq!(at("--actor-type user --resource-type wallet"), where_(&|_| true));
    let requests = column(&all, "request_id");
    assert_eq!(at(&format!("--request-id {}", requests[3])), where_(&|at| requests[at] == requests[3]));
    let resources = column(&all, "resource_id");
    assert_eq!(at(&format!("--resource-id {}", resources[4])), where_(&|at| resources[at] == resources[4]));
}

#[test]
fn a_filter_is_no_expectation() {
    let ran = fixture("good", "-t trust.toml --from 2026-10-01T02:00:00Z --format ndjson bundle.zip");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("PASS: ") && ran.stderr.contains("of 8 events match"), "{}", ran.stderr);
    assert!(column(&ran, "worth").iter().all(|worth| worth == "proven"));
}

#[test]
fn each_event_of_a_broken_bundle_says_what_it_is_worth() {
    let ran = fixture("chain-transfer-modified-middle", "-t trust.toml --format ndjson bundle.zip");
    assert_eq!(ran.code, 1);
    let mut expected = vec!["consistent"; 4];
    expected.push("not verified");
    expected.extend(["proven"; 5]);
    assert_eq!(column(&ran, "worth"), expected);
    assert_eq!(column(&ran, "findings")[4], "[\"chain.modified\"]");
    assert!(ran.stderr.contains("FAIL: chain broken at event 5 of 10"), "{}", ran.stderr);
    assert!(ran.stderr.contains("5 proven, 4 consistent, 1 not verified"), "{}", ran.stderr);
    let fine = fixture("chain-transfer-modified-middle", "-t trust.toml --format ndjson --from 2026-10-01T03:00:00Z bundle.zip");
    assert_eq!((fine.code, column(&fine, "worth")), (1, vec!["proven".to_owned(); 5]), "a filter hides no FAIL");
}

#[test]
fn nothing_is_proven_without_a_key() {
    let ran = fixture("good", "--format ndjson bundle.zip");
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(!ran.stdout.contains("\"proven\""), "{}", ran.stdout);
    assert!(ran.stderr.contains("INCOMPLETE: "), "{}", ran.stderr);
}

#[test]
fn passkeys_and_tokens_are_told_for_each_event() {
    let good = fixture("good-actions", "-t trust.toml --format ndjson bundle.zip");
    assert_eq!(good.code, 0, "{}", good.stderr);
    for name in ["passkey", "token"] {
        let expected: Vec<&str> = (1..=8).map(|number| if number == 4 { "system-initiated" } else { "holds" }).collect();
        assert_eq!(column(&good, name), expected);
    }
    let bad = fixture("passkey-signature-raw", "-t trust.toml --tenant tnt_acme --skip manifest.signature --format ndjson events.ndjson");
    assert_eq!((bad.code, column(&bad, "passkey")[1].as_str(), column(&bad, "token")[1].as_str()), (1, "fails", "holds"));
    let claimed = fixture("weak-raw-claimed", "-t trust.toml --skip manifest.signature --format ndjson events.ndjson");
    assert_eq!(claimed.code, 3);
    assert!(column(&claimed, "passkey").iter().all(|worth| worth != "holds"), "{}", claimed.stdout);
}

#[test]
fn a_record_that_cannot_be_read_is_shown_or_counted() {
    let all = fixture("chain-transfer-unreadable-middle", "-t trust.toml --format ndjson bundle.zip");
    assert_eq!((all.code, column(&all, "id")[4].as_str()), (1, "null"));
    let some = fixture("chain-transfer-unreadable-middle", "-t trust.toml --format ndjson --action policy.* bundle.zip");
    assert_eq!(some.code, 1);
    assert!(!column(&some, "number").contains(&"5".to_owned()));
    assert!(some.stderr.contains("1 could not be held against the filters"), "{}", some.stderr);
}

#[test]
fn an_event_without_a_time_is_in_no_window_and_counted() {
    let text = bench::typed(&[("us-1", "matter.updated", "2026-10-01T00:00:00Z")]).replace("\"2026-10-01T00:00:00Z\"", "null");
    let ran = own(&[("events.ndjson", &text)], "--profile typed-events/1 --from 2026-01-01T00:00:00Z events.ndjson");
    assert!(ran.stderr.contains("0 of 1 events match") && ran.stderr.contains("1 could not be held"), "{}", ran.stderr);
}

#[test]
fn what_the_profile_does_not_have_is_refused() {
    for (words, key) in [("--resource-id x", "resource_id"), ("--columns number,resource_type", "resource_type"), ("--columns seq", "seq")] {
        let ran = fixture("good-actions", &format!("-t trust.toml {words} bundle.zip"));
        ran.refuses(2, &["passkey-actions/1", key]);
    }
    // that the whole does not hold outweighs what was asked of it
    let ran = fixture("chain-transfer-modified-middle", "-t trust.toml --resource-id x bundle.zip");
    ran.refuses(1, &["file-transfer/1", "resource_id", "FAIL: "]);
}

#[test]
fn wrong_words_are_usage_errors() {
    for (words, expected) in [
        ("", "<BUNDLE>"),
        ("--columns nonsense x", "JSON Pointer"),
        ("--columns /a~2 x", "JSON Pointer"),
        ("--columns id,/a,id x", "id stands twice"),
        ("--format pdf x", "ndjson"),
        ("--from 2026-10-02T00:00:00Z --to 2026-10-01T00:00:00Z x", "--from"),
        ("--control soc2:CC9.9 x", "there is no control soc2:CC9.9"),
        ("--skip container.structure x", "cannot be skipped"),
    ] {
        own(&[], words).refuses(2, &[expected]);
    }
    own(&[], "nothing.zip").refuses(4, &["nothing.zip"]);
    let two = own(&[("a.zip", "PK\u{3}\u{4}"), ("b.zip", "PK\u{3}\u{4}")], "a.zip b.zip");
    two.refuses(2, &["one bundle at a time"]);
}

#[test]
fn a_list_that_is_too_long_is_a_limit_and_no_verdict() {
    fixture("good", "-t trust.toml --max-output 64 bundle.zip").refuses(5, &["--max-output"]);
    fixture("chain-transfer-modified-middle", "-t trust.toml --max-output 64 bundle.zip").refuses(1, &["--max-output", "FAIL: "]);
}

#[test]
fn pages_and_a_closed_pipe() {
    let pages = fixture("good-raw-pages", "--format ndjson page-3.json page-1.json page-2.json");
    let numbers = column(&pages, "number");
    assert_eq!((pages.code, numbers.last().cloned()), (3, Some(numbers.len().to_string())), "{}", pages.stderr);
    assert_eq!(bench::closed("chain-transfer-modified-middle", "-t trust.toml bundle.zip"), 1);
    assert_eq!(bench::closed("good", "-t trust.toml bundle.zip"), 0);
}

#[test]
fn events_of_an_unknown_profile_are_not_listed() {
    let ran = fixture("weak-unknown-profile", "-t trust.toml --format json --action policy.* bundle.zip");
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    let document = forms::valid(&ran.stdout);
    assert_eq!((document["matched"].as_u64(), document["events"].as_array().map(Vec::len)), (Some(0), Some(0)));
    for form in ["table", "csv", "ndjson"] {
        let ran = fixture("weak-unknown-profile", &format!("-t trust.toml --format {form} bundle.zip"));
        assert_eq!((ran.code, ran.stdout.trim()), (3, ""), "{form}");
    }
}
