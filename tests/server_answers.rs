//! Saved answers of a source's server: the two forms, and what is refused, in words.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic, reason = "test code")]

use serde_json::{Value, json};
use unbroken::time::Time;
use unbroken::verify::Answer;

fn parse(answer: &Value) -> Result<Answer, String> {
    Answer::parse("answer.json", answer.to_string().as_bytes())
}

fn time(text: &str) -> Option<Time> {
    Some(text.parse().unwrap())
}

#[test]
fn both_forms_are_read() {
    let hash = format!("sha256:{}", "ab".repeat(32));
    let flat = json!({"from": "2026-04-01T00:00:00Z", "to": "2026-04-30T23:59:59Z", "entries_checked": 4823, "first_entry_hash": hash,
        "last_entry_hash": hash, "broken_at": null, "valid": true});
    let answer = parse(&flat).unwrap();
    assert_eq!((answer.entries, answer.valid, answer.broken_at.as_deref()), (4823, true, None));
    assert_eq!((answer.period.from, answer.period.to, answer.period.day), (time("2026-04-01T00:00:00Z"), time("2026-04-30T23:59:59Z"), None));
    assert_eq!(answer.first.map(|digest| digest.to_string()), Some(hash));
    let short = parse(&json!({"entries_checked": 4823, "broken_at": "aud_01HXYZ", "valid": false})).unwrap();
    assert_eq!((short.valid, short.broken_at.as_deref(), short.first, short.period.from), (false, Some("aud_01HXYZ"), None, None));
    let summary = json!({"verification": {"status": "verified", "period": {"from": "2025-01-01", "to": "2025-01-31"}, "entries_verified": 125_000,
        "hash_chain_valid": true, "last_verified": "2025-01-20T00:00:00Z"}});
    let answer = parse(&summary).unwrap();
    assert_eq!((answer.entries, answer.valid, answer.verified), (125_000, true, time("2025-01-20T00:00:00Z")));
    let day = (answer.period.from, answer.period.to, answer.period.day);
    assert_eq!(day, (time("2025-01-01T00:00:00Z"), time("2025-01-31T00:00:00Z"), time("2025-01-31T23:59:59.999999999Z")));
}

#[test]
fn what_is_no_answer_is_refused_in_words() {
    let cases = [
        (json!([]), "expected an object as the answer, found an array"),
        (json!({"entries_checked": 1}), "expected true or false as `valid`, found none"),
        (json!({"valid": true}), "expected an integer from 0 as `entries_checked`, found none"),
        (json!({"entries_checked": 1.5, "valid": true}), "expected an integer from 0 as `entries_checked`, found 1.5"),
        (json!({"entries_checked": -1, "valid": true}), "expected an integer from 0 as `entries_checked`, found -1"),
        (json!({"entries_checked": 1, "valid": "yes"}), "expected true or false as `valid`, found a string"),
        (
            json!({"entries_checked": 1, "valid": true, "last_entry_hash": "abc"}),
            "expected sha256: and 64 lower-case hex digits as `last_entry_hash`",
        ),
        (json!({"entries_checked": 1, "valid": true, "to": "yesterday"}), "as `to`, found \"yesterday\""),
        (json!({"entries_checked": 1, "valid": true, "more": 1}), "in the answer, found \"more\""),
        (json!({"verification": {"entries_verified": 1, "hash_chain_valid": true}}), "expected a member `period`, found none"),
        (json!({"verification": {}, "valid": true}), "in the answer, found \"valid\""),
    ];
    for (answer, words) in cases {
        let error = parse(&answer).unwrap_err();
        assert!(error.contains(words), "{answer}: {error}");
    }
    assert!(Answer::parse("answer.json", b"{\"valid\":true,\"valid\":false}").unwrap_err().starts_with("not strict JSON at byte"));
}
