//! Lines that are not one event in its one canonical form. Unless said otherwise the producer wrote them so: the chain names their very bytes.

use serde_json::json;
use unbroken::finding::Code;

use super::super::bundle::Bundle;
use super::super::edit::Event;
use super::super::expect::{At, Expect};
use super::{Scenario, entries, transfer, with};

/// Index of the spoilt line.
const AT: usize = 2;
const EVENT: u64 = 3;

pub fn list() -> Vec<Scenario> {
    let mut list = unreadable();
    list.extend(spelt());
    list.extend(fields());
    list.extend(limits());
    list.extend(ids());
    list
}

fn text(bundle: &Bundle) -> String {
    String::from_utf8(bundle.lines[AT].clone()).unwrap()
}

fn authored(name: &str, code: Code, line: impl FnOnce(String) -> Vec<u8>, why: &str) -> Scenario {
    let bundle = with(transfer(), |bundle| bundle.author_raw(AT, line(text(bundle))));
    Scenario::sealed(format!("event-{name}"), &bundle, Expect::fail_at(code, EVENT, why))
}

fn unreadable() -> Vec<Scenario> {
    let member = |member: &'static str| move |line: String| line.replacen('{', &format!("{{{member},"), 1).into_bytes();
    let inside = |bytes: &'static [u8]| {
        move |line: String| {
            let at = line.find("\"user\"").unwrap() + 1;
            [&line.as_bytes()[..at], bytes, &line.as_bytes()[at..]].concat()
        }
    };
    let number = |number: &'static str| {
        move |line: String| line.replacen("\"type\":\"user\"", &format!("\"type\":\"user\",\"weight\":{number}"), 1).into_bytes()
    };
    vec![
        authored("duplicate-name", Code::EventDuplicateName, member("\"action\":\"file.none\""), "a member stands twice"),
        authored(
            "duplicate-name-escaped",
            Code::EventDuplicateName,
            member("\"\\u0061ction\":\"file.none\""),
            "a member stands twice, once spelt with an escape",
        ),
        authored(
            "duplicate-name-inside",
            Code::EventDuplicateName,
            |line| line.replacen("{\"id\":", "{\"id\":\"usr_0\",\"id\":", 1).into_bytes(),
            "a member of the actor stands twice",
        ),
        authored("malformed-cut", Code::EventMalformed, |line| line.as_bytes()[..line.len() - 1].to_vec(), "the last brace is missing"),
        authored("malformed-two", Code::EventMalformed, |line| [line.as_bytes(), b"{}"].concat(), "two objects stand on one line"),
        authored("malformed-empty", Code::EventMalformed, |_| Vec::new(), "the line is empty"),
        authored("malformed-array", Code::EventMalformed, |line| format!("[{line}]").into_bytes(), "the line is an array"),
        authored("unicode-bad-utf8", Code::EventUnicode, inside(b"\xc3\x28"), "two bytes are not UTF-8"),
        authored("unicode-overlong", Code::EventUnicode, inside(b"\xc0\xaf"), "a character is written in more bytes than it needs"),
        authored("unicode-lone-surrogate", Code::EventUnicode, inside(b"\\ud800"), "half a surrogate pair"),
        authored("unicode-bom", Code::EventUnicode, |line| [b"\xef\xbb\xbf", line.as_bytes()].concat(), "a byte order mark starts the line"),
        authored("number-inexact", Code::EventNumberInexact, number("9007199254740993"), "2^53+1: no double holds it"),
        authored(
            "number-inexact-fraction",
            Code::EventNumberInexact,
            number("0.1000000000000000055"),
            "another decimal value than that of its double's shortest form",
        ),
        authored("number-beyond", Code::EventNumberInexact, number("1e400"), "beyond the range of doubles"),
    ]
}

/// Somebody re-wrote the line without changing what it says: an encoding slip, the chain over the canonical form holds.
fn spelt() -> Vec<Scenario> {
    let slip = |name: &str, change: fn(String) -> Vec<u8>, why: &str| {
        let bundle = with(transfer(), |bundle| bundle.lines[AT] = change(text(bundle)));
        Scenario::sealed(format!("event-not-canonical-{name}"), &bundle, Expect::fail_at(Code::EventNotCanonical, EVENT, why))
    };
    let reversed = |line: String| {
        let event: Event = serde_json::from_str(&line).unwrap();
        let members: Vec<String> = event.iter().rev().map(|(name, value)| format!("\"{name}\":{value}")).collect();
        format!("{{{}}}", members.join(",")).into_bytes()
    };
    let number = with(transfer(), |bundle| {
        bundle.author(AT, |event| event["actor"]["weight"] = json!(100));
        bundle.lines[AT] = text(bundle).replacen("\"weight\":100", "\"weight\":1e2", 1).into_bytes();
    });
    let cut = with(transfer(), |bundle| {
        let mut bytes = bundle.events();
        bytes.pop();
        bundle.raw = Some(bytes);
    });
    vec![
        slip("space", |line| line.replacen(':', ": ", 1).into_bytes(), "a space stands behind a colon"),
        slip("carriage-return", |line| [line.as_bytes(), b"\r"].concat(), "a CR stands before the LF"),
        slip("order", reversed, "the members stand in another order"),
        slip("escape", |line| line.replacen("\"user\"", "\"\\u0075ser\"", 1).into_bytes(), "a letter is written as an escape"),
        slip("solidus", |line| line.replacen("file.", "f\\u0069le.", 1).into_bytes(), "a letter of the action is written as an escape"),
        Scenario::sealed("event-not-canonical-number", &number, Expect::fail_at(Code::EventNotCanonical, EVENT, "1e2 instead of 100")),
        Scenario::sealed("event-no-newline", &cut, Expect::fail_at(Code::EventNoNewline, 8, "the last line has no LF")),
    ]
}

fn fields() -> Vec<Scenario> {
    type Change = fn(&mut Event);
    let transfer_fields: [(&str, Change, &str); 6] = [
        ("action-missing", |event| drop(event.remove("action")), "there is no action"),
        ("id-number", |event| event["id"] = json!(7), "the id is a number"),
        ("time-space", |event| event["occurred_at"] = json!("2026-10-01 01:14:00Z"), "a space in the time"),
        ("time-no-zone", |event| event["occurred_at"] = json!("2026-10-01T01:14:00"), "the time has no zone"),
        ("seq-text", |event| event["seq"] = json!(event["seq"].to_string()), "the sequence number is a string"),
        ("tenant-missing", |event| drop(event.remove("tenant_id")), "there is no tenant"),
    ];
    let mut list = Vec::new();
    for (name, change, why) in transfer_fields {
        let bundle = with(transfer(), |bundle| {
            bundle.change(AT, change);
            let line = bundle.lines[AT].clone();
            bundle.author_raw(AT, line);
        });
        let expect = Expect::fail_at(Code::EventField, EVENT, why);
        let expect = if name == "tenant-missing" { expect.or(Code::ManifestTenant) } else { expect };
        list.push(Scenario::sealed(format!("event-field-{name}"), &bundle, expect));
    }
    let hash = with(entries(), |bundle| {
        bundle.change(AT, |event| event["prev_hash"] = json!("none"));
        let line = bundle.lines[AT].clone();
        bundle.author_raw(AT, line);
    });
    let expect = Expect::fail(Code::EventField, At::Any, "the link is no digest").or(Code::ChainRelinked);
    list.push(Scenario::sealed("event-field-link-form", &hash, expect));
    list
}

fn nested(levels: usize) -> serde_json::Value {
    (0..levels).fold(json!(1), |inner, _| json!([inner]))
}

fn limits() -> Vec<Scenario> {
    let deep = |levels: usize| with(transfer(), |bundle| bundle.author(AT, |event| drop(event.insert("nested".to_owned(), nested(levels)))));
    let long = |length: usize| {
        with(transfer(), |bundle| {
            bundle.author(AT, |event| drop(event.insert("note".to_owned(), json!(""))));
            let padding = length - bundle.lines[AT].len();
            let note = "x".repeat(padding);
            bundle.author(AT, |event| event["note"] = json!(note));
        })
    };
    vec![
        Scenario::sealed("good-64-levels", &deep(63), Expect::pass("an event of 64 levels, the root is 1")),
        Scenario::sealed("event-too-deep", &deep(64), Expect::fail_at(Code::EventTooDeep, EVENT, "an event of 65 levels, the root is 1")),
        Scenario::sealed(
            "event-too-long",
            &long(16_777_217),
            Expect::fail_at(Code::EventTooLong, EVENT, "a line of 16,777,217 bytes").args(&["--max-ratio", "5000"]),
        ),
        Scenario::sealed(
            "good-long-line",
            &long(16_777_216),
            Expect::pass("a line of 16,777,216 bytes, the most there may be").args(&["--max-ratio", "5000"]),
        ),
    ]
}

fn ids() -> Vec<Scenario> {
    let twice = |bundle: &mut Bundle| {
        let id = super::super::edit::parse(&bundle.lines[1])["id"].clone();
        bundle.author(5, |event| event["id"] = id);
    };
    let expect = Expect::fail_at(Code::EventDuplicateId, 6, "the producer gave one id to two events");
    vec![
        Scenario::sealed("event-duplicate-id", &with(transfer(), twice), expect.clone()),
        Scenario::sealed("event-duplicate-id-entries", &with(entries(), twice), expect),
    ]
}
