//! Saved answers of a source's own server, beside what it exported: confirmed, or wrong in one thing.

use serde_json::{Value, json};
use unbroken::finding::{CheckId, Code};

use super::super::bundle::{Bundle, Start};
use super::super::edit::parse;
use super::super::expect::{At, Expect};
use super::super::keys::digest;
use super::super::record::{Profile, Proof};
use super::super::sources::{entries, lines};
use super::actions::SKIP;
use super::sources::raw;
use super::{Scenario, with};

const EXPECT: [&str; 2] = ["--expect", "answer.json"];

pub fn list() -> Vec<Scenario> {
    let mut list = chained();
    list.extend(broken());
    list.extend(trustgate());
    list
}

fn log() -> Bundle {
    Bundle::honest(Profile::Qustody, Start::First, 8, Proof::None)
}

fn id(bundle: &Bundle, index: usize) -> Value {
    parse(&bundle.lines[index])["id"].clone()
}

/// What an honest server says of these entries.
fn answer(bundle: &Bundle) -> Value {
    let own = |line: Option<&Vec<u8>>| parse(line.unwrap())["entry_hash"].clone();
    json!({"from": "2026-10-01T00:00:00Z", "to": "2026-11-01T00:00:00Z", "entries_checked": bundle.lines.len(),
        "first_entry_hash": own(bundle.lines.first()), "last_entry_hash": own(bundle.lines.last()), "broken_at": null, "valid": true})
}

fn saved(name: &str, bundle: &Bundle, answer: &Value, expect: Expect) -> Scenario {
    let files = [("events.ndjson".to_owned(), bundle.events())];
    raw(name, Profile::Qustody, &files, expect.args(&EXPECT)).file("answer.json", answer.to_string().into_bytes())
}

fn changed(name: &str, change: impl FnOnce(&mut Value), expect: Expect) -> Scenario {
    saved(name, &log(), &with(answer(&log()), change), expect)
}

fn wrong(name: &str, code: Code, change: impl FnOnce(&mut Value), why: &str) -> Scenario {
    changed(&format!("expect-{name}"), change, Expect::fail(code, At::Nowhere, why))
}

fn chained() -> Vec<Scenario> {
    let other = digest(b"another entry");
    let right = |why: &str| Expect::incomplete(&[CheckId::ManifestSignature], why);
    let pass = Expect::pass("the server's answer is right in everything").qualified().input(&["events.ndjson"]);
    let pass = pass.args(&["--profile", "qustody/1"]).args(&EXPECT).args(&SKIP);
    let bundle = log();
    let sealed = Scenario::sealed("good-answer", &bundle, Expect::pass("a bundle, and the server's answer is right").args(&EXPECT));
    let later =
        Expect::incomplete(&[CheckId::ExpectAnswer], "an answer about the second half: its first hash is of an entry in the middle").args(&SKIP);
    let half = |answer: &mut Value| {
        answer["from"] = json!("2026-10-01T02:00:00Z");
        answer["entries_checked"] = json!(4);
    };
    vec![
        saved("good-raw-answer", &bundle, &answer(&bundle), right("the server's answer is right")).run("skip", pass),
        sealed.file("answer.json", answer(&log()).to_string().into_bytes()),
        changed(
            "good-raw-answer-no-period",
            |answer| {
                answer.as_object_mut().unwrap().remove("from");
                answer.as_object_mut().unwrap().remove("to");
            },
            right("an answer about everything"),
        ),
        changed("weak-answer-other-time", half, later),
        wrong("count", Code::ExpectCount, |answer| answer["entries_checked"] = json!(9), "the server counts nine entries"),
        changed("good-raw-answer-day", |answer| day(answer, 8), right("an answer about one day, which it counts")),
        wrong("count-day", Code::ExpectCount, |answer| day(answer, 5), "five entries of a day that has eight: no reading of that day makes it right"),
        changed(
            "weak-answer-nothing",
            |answer| {
                *answer = json!({"from": "2027-01-01", "to": "2027-02-01", "entries_checked": 0, "valid": true});
            },
            Expect::incomplete(&[CheckId::ExpectAnswer], "an answer about a month in which no entry lies").args(&SKIP),
        ),
        wrong("first-hash", Code::ExpectFirstHash, |answer| answer["first_entry_hash"] = json!(other), "another first entry"),
        wrong("last-hash", Code::ExpectLastHash, |answer| answer["last_entry_hash"] = json!(digest(b"one more")), "another last entry"),
        wrong("period", Code::ExpectPeriod, |answer| answer["to"] = json!("2026-09-01T00:00:00Z"), "a time that ends before it starts")
            .or(Code::ExpectCount),
        wrong("contradicts-itself", Code::ExpectValid, |answer| answer["broken_at"] = id(&log(), 3), "valid, and broken all the same"),
        wrong("valid", Code::ExpectValid, |answer| answer["valid"] = json!(false), "broken, says the server, and not where; the chain holds"),
        wrong(
            "broken-at",
            Code::ExpectBrokenAt,
            |answer| {
                answer["valid"] = json!(false);
                answer["broken_at"] = id(&log(), 3);
            },
            "broken at the fourth entry, says the server; the chain of the export holds",
        ),
        changed("expect-unknown-member", |answer| answer["note"] = json!("all good"), Expect::exit(2, "a member that no answer has")),
        changed("expect-no-answer", |answer| *answer = json!({"error": "forbidden"}), Expect::exit(2, "a saved error")),
        changed("expect-hash-form", |answer| answer["last_entry_hash"] = json!("SHA256:00"), Expect::exit(2, "a hash in another form")),
    ]
}

/// The same about the one day of all entries: nobody knows whether the last day belongs to the time.
fn day(answer: &mut Value, entries: u64) {
    answer["from"] = json!("2026-10-01");
    answer["to"] = json!("2026-10-01");
    answer["entries_checked"] = json!(entries);
}

fn broken() -> Vec<Scenario> {
    let altered = with(log(), |bundle| bundle.alter(3));
    let at = |index: usize| {
        with(answer(&log()), |answer| {
            for name in ["from", "to", "first_entry_hash", "last_entry_hash"] {
                answer.as_object_mut().unwrap().remove(name);
            }
            answer["valid"] = json!(false);
            answer["broken_at"] = id(&log(), index);
        })
    };
    let modified = |why: &str| Expect::fail_at(Code::ChainModified, 4, why);
    vec![
        saved("chain-raw-answer-agrees", &altered, &at(3), modified("the server names the same entry")),
        saved("chain-raw-answer-next", &altered, &at(4), modified("the server names the entry behind it, whose link does not hold")),
        saved("expect-broken-at-other", &altered, &at(6), modified("the server names another entry").also(Code::ExpectBrokenAt)),
        saved("expect-valid-broken", &altered, &answer(&log()), modified("the server calls the chain valid").also(Code::ExpectValid)),
    ]
}

fn trustgate() -> Vec<Scenario> {
    let honest = || {
        json!({"verification": {"status": "verified", "period": {"from": "2026-10-01", "to": "2026-10-31"}, "entries_verified": 6,
            "hash_chain_valid": true, "last_verified": "2026-11-01T00:00:00Z"}})
    };
    let files = [("events.ndjson".to_owned(), Bundle::unchained(Profile::Trustgate, lines(&entries())).events())];
    let with_answer = |name: &str, change: fn(&mut Value), expect: Expect| {
        let bytes = with(honest(), |answer| change(&mut answer["verification"])).to_string().into_bytes();
        raw(name, Profile::Trustgate, &files, expect.args(&EXPECT)).file("answer.json", bytes)
    };
    let open = [CheckId::ManifestSignature, CheckId::ChainLinks];
    let fail = |code: Code, why: &str| Expect::fail(code, At::Nowhere, why);
    let sealed = |name: &str, valid: bool, expect: Expect| {
        let bytes = with(honest(), |answer| answer["verification"]["hash_chain_valid"] = json!(valid)).to_string().into_bytes();
        Scenario::sealed(name, &Bundle::unchained(Profile::Trustgate, lines(&entries())), expect.args(&EXPECT)).file("answer.json", bytes)
    };
    vec![
        with_answer("good-raw-trustgate-answer", |_| {}, Expect::incomplete(&open, "count and period are right; no hash is in the export")),
        sealed("good-trustgate-answer", true, Expect::pass("a bundle, and the server counts as many entries")),
        sealed(
            "weak-trustgate-answer-broken",
            false,
            Expect::incomplete(&[CheckId::ExpectAnswer], "the server calls its own chain broken, and nothing in the bundle can tell"),
        ),
        with_answer(
            "expect-count-trustgate",
            |answer| answer["entries_verified"] = json!(125_000),
            fail(Code::ExpectCount, "another number of entries"),
        ),
        with_answer(
            "expect-period-trustgate",
            |answer| answer["last_verified"] = json!("2026-10-03T00:00:00Z"),
            fail(Code::ExpectPeriod, "entries are counted that are later than the verification"),
        ),
        with_answer("expect-trustgate-text", |answer| answer["entries_verified"] = json!("6"), Expect::exit(2, "a count as a text")),
    ]
}
