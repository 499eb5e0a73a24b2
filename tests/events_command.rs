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
fn what_is_filed_says_what_it_is_and_how_it_came_out() {
    let words = "-t trust.toml --action policy.* --from 2026-10-01 --limit 1";
    let table = fixture("good", &format!("{words} bundle.zip"));
    let document = forms::valid(&fixture("good", &format!("{words} --format json bundle.zip")).stdout);
    let digest = document["sha256"].as_str().unwrap();
    for line in [
        "bundle      bundle.zip",
        &format!("  digest    {digest}"),
        "  profile   file-transfer/1",
        "  tenant    tnt_acme",
        "  verdict   PASS: every required check ran and holds",
        "  filters   from 2026-10-01T00:00:00Z; action policy.*",
    ] {
        assert!(table.stdout.lines().any(|own| own == line), "no `{line}` in {}", table.stdout);
    }
    assert!(table.stdout.contains("; of these, only the first 1 are listed"), "{}", table.stdout);
    assert_eq!((table.code, table.stderr.as_str()), (0, ""));
    assert_eq!((&document["tool"]["name"], &document["verdict"], &document["qualified"]), (&"unbroken".into(), &"pass".into(), &false.into()));
    assert_eq!((&document["filters"]["action"], &document["filters"]["from"]), (&"policy.*".into(), &"2026-10-01T00:00:00Z".into()));
    assert!(document["filters"]["actor"].is_null() && document["manifest_sha256"].is_string());
    assert_eq!((document["listed"].as_u64(), document["limit"].as_u64(), document["events"].as_array().map(Vec::len)), (Some(1), Some(1), Some(1)));
    assert!(document["matched"].as_u64() > Some(1), "the counts stay exact");
    // rows alone go to a file: what they are of stands beside them
    for form in ["csv", "ndjson"] {
        let ran = fixture("good", &format!("{words} --format {form} bundle.zip"));
        assert!(ran.stderr.contains(digest) && ran.stderr.contains("  verdict   PASS: ") && ran.stderr.contains("events match"), "{}", ran.stderr);
        assert!(!ran.stdout.contains("verdict"), "{}", ran.stdout);
    }
}

#[test]
fn hmac_and_signature_are_told_for_each_event() {
    let whole = fixture("good-mac-and-signature", "-t trust.toml --format ndjson bundle.zip");
    assert!(column(&whole, "signature").iter().all(|held| held == "holds"), "{}", whole.stdout);
    assert!(column(&whole, "mac").iter().all(|held| held == "not checked"), "without the secret: {}", whole.stdout);
    let keyed = fixture("good-mac-and-signature", "-t trust.toml --mac-key acme-mac=acme-mac.key --format ndjson bundle.zip");
    assert!(column(&keyed, "mac").iter().all(|held| held == "holds"), "{}{}", keyed.stdout, keyed.stderr);
    let raw = fixture("good-raw-transfer", "-t trust.toml --tenant tnt_acme --skip manifest.signature events.ndjson");
    assert!(raw.stdout.lines().any(|line| line.split_whitespace().any(|word| word == "mac")), "{}", raw.stdout);
    let without = fixture("good-entries", "-t trust.toml bundle.zip");
    assert!(!without.stdout.contains("mac"), "a source without: {}", without.stdout);
}

#[test]
fn an_event_may_hold_its_own_proof_where_the_whole_says_nothing() {
    let words = "-t trust.toml --tenant tnt_acme --skip manifest.signature events.ndjson";
    let ran = fixture("good-raw-ndjson", words);
    assert!(ran.stdout.contains("not verified by the whole; of these, "), "{}", ran.stdout);
    let document = forms::valid(&fixture("good-raw-ndjson", &format!("{words} --format json")).stdout);
    let own = document["events"].as_array().unwrap().iter().filter(|event| event["passkey"] == "holds" || event["token"] == "holds").count();
    assert_eq!(document["worth"]["own_proof"].as_u64(), Some(own as u64));
    assert!(own > 0);
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
    assert!(ran.stdout.contains("0 of 1 events match") && ran.stdout.contains("1 could not be held"), "{}", ran.stdout);
    assert!(ran.stdout.contains("  no event matches") && ran.stderr.is_empty(), "{}{}", ran.stdout, ran.stderr);
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
    for form in ["csv", "ndjson"] {
        let ran = fixture("weak-unknown-profile", &format!("-t trust.toml --format {form} bundle.zip"));
        assert_eq!((ran.code, ran.stdout.trim()), (3, ""), "{form}");
    }
    let table = fixture("weak-unknown-profile", "-t trust.toml bundle.zip");
    assert!(table.code == 3 && table.stdout.contains("  verdict   INCOMPLETE: "), "{}", table.stdout);
}
