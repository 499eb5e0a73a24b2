//! Passkey actions that nobody touched: bundles, and every raw form in which the source hands them out.

use serde_json::{Value, json};
use unbroken::finding::CheckId;

use super::super::actions::{Action, events, every_kind, lines, ndjson, no_credential, system_event, three};
use super::super::authenticator::Credential;
use super::super::bundle::{ACME, Bundle, Member};
use super::super::deflate::gzip;
use super::super::edit::Event;
use super::super::expect::Expect;
use super::super::table::{Columns, csv, csv_quoted, rows};
use super::super::token::jwks;
use super::super::trust::TrustFile;
use super::{Scenario, with};

pub const SKIP: [&str; 2] = ["--skip", "manifest.signature"];

pub fn list() -> Vec<Scenario> {
    let mut list = bundles();
    list.extend(raw_forms());
    list.extend(raw_tables());
    list
}

/// A raw export: files of these names, all of them input.
pub fn raw(name: impl Into<String>, files: &[(&str, Vec<u8>)], expect: Expect) -> Scenario {
    let inputs: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    let expect = expect.input(&inputs).args(&["--profile", "passkey-actions/1"]);
    let mut scenario =
        Scenario { name: name.into(), files: files.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.clone())).collect(), expects: Vec::new() };
    scenario.expects.push(("expect".to_owned(), expect));
    scenario.trust(&TrustFile::pinned()).file("acme-jwks.json", jwks())
}

/// A raw export in which all holds: incomplete, and a qualified PASS where the auditor accepts that nothing signs the whole.
pub fn raw_good(name: &str, files: &[(&str, Vec<u8>)], why: &str) -> Scenario {
    let incomplete = Expect::incomplete(&[CheckId::ManifestSignature], &format!("{why}; nothing signs it as a whole"));
    let scenario = raw(name, files, incomplete);
    let skipped = Expect::pass(&format!("{why}; the auditor accepts that nothing signs it as a whole")).qualified();
    let input: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    scenario.run("skip", skipped.input(&input).args(&["--profile", "passkey-actions/1"]).args(&SKIP))
}

/// A bundle of these events, keys pinned.
pub fn sealed(name: impl Into<String>, events: &[Event], expect: Expect) -> Scenario {
    sealed_with(name, events, &[], expect)
}

/// The same with further members.
pub fn sealed_with(name: impl Into<String>, events: &[Event], members: &[Member], expect: Expect) -> Scenario {
    let bundle = with(Bundle::actions(lines(events)), |bundle| bundle.members.extend_from_slice(members));
    Scenario::sealed(name, &bundle, expect).trust(&TrustFile::pinned()).file("acme-jwks.json", jwks())
}

/// `bundle.zip` and `events.ndjson` of the same events. What holds in the bundle holds in the raw export, if the auditor accepts that nothing signs
/// it; so this is only for events whose keys are pinned.
pub fn both(name: impl Into<String>, events: &[Event], expect: Expect) -> Scenario {
    let mut of_raw = expect.clone().input(&["events.ndjson"]).args(&["--profile", "passkey-actions/1", "--tenant", ACME]).args(&SKIP);
    of_raw.qualified = of_raw.exit == 0;
    sealed(name, events, expect).file("events.ndjson", ndjson(events)).run("raw", of_raw)
}

/// Role `credentials`: canonical, in the order of their ids.
pub fn credentials_file(credentials: &[Credential]) -> Member {
    let entry = |credential: &Credential| json!({"id": credential.id, "public_key": credential.key.public_key(), "user": credential.user});
    credentials_of(credentials.iter().map(entry).collect())
}

/// The same from its entries.
pub fn credentials_of(entries: Vec<Value>) -> Member {
    let bytes = json!({"credentials": entries, "format": "audit-credentials/1"}).to_string().into_bytes();
    Member { name: "credentials.json", role: "credentials", bytes }
}

/// Role `table`.
pub fn table(bytes: Vec<u8>) -> Member {
    Member { name: "events.csv", role: "table", bytes }
}

/// Every kind of credential, and two events of the system in both spellings.
pub fn full() -> Vec<Event> {
    let mut list = events(&every_kind());
    list.insert(3, system_event(20, Value::Null));
    list[3]["datePerformed"] = list[4]["datePerformed"].clone();
    list
}

fn bundles() -> Vec<Scenario> {
    let pass = |why: &str| Expect::pass(why);
    let known = credentials_file(&super::super::actions::credentials());
    let of_table = |columns: Columns| table(csv(&rows(columns, &full())));
    let spelt = with_system(no_credential());
    vec![
        both("good-actions", &full(), pass("every kind of credential, three orders of client data, every form of key")),
        both("good-actions-system", &spelt, pass("one event was initiated by the system: no user, no credential, no token")),
        sealed("good-actions-vouched", &full(), pass("the keys stand in the events of a signed bundle: vouched for")).trust(&TrustFile::unpinned()),
        sealed_with("good-actions-credentials", &full(), std::slice::from_ref(&known), pass("the keys stand in a credentials file too: vouched for"))
            .trust(&TrustFile::unpinned()),
        sealed_with("good-actions-credentials-pinned", &full(), &[known], pass("a credentials file that agrees with the pinned keys")),
        sealed_with("good-actions-table-api", &full(), &[of_table(Columns::Api)], pass("a table with the columns of the API")),
        sealed_with("good-actions-table-people", &full(), &[of_table(Columns::People)], pass("a table with the columns for people")),
    ]
}

fn with_system(credential: Value) -> Vec<Event> {
    let mut list = events(&three());
    list[1] = system_event(2, credential);
    list
}

fn pretty(value: &Value) -> Vec<u8> {
    (serde_json::to_string_pretty(value).unwrap() + "\n").into_bytes()
}

fn array(events: &[Event]) -> Vec<u8> {
    pretty(&Value::Array(events.iter().cloned().map(Value::Object).collect()))
}

fn raw_forms() -> Vec<Scenario> {
    let all = full();
    let few = events(&three());
    let reversed: Vec<Event> = events(&every_kind()).into_iter().rev().collect();
    let one = Value::Object(events(&three()).remove(1));
    let parts: Vec<Action> = every_kind();
    let (first, second) = parts.split_at(4);
    vec![
        raw_good("good-raw-ndjson", &[("events.ndjson", ndjson(&all))], "NDJSON"),
        raw_good("good-raw-array", &[("events.json", array(&few))], "an array, spaced for people"),
        raw_good("good-raw-one", &[("event.json", pretty(&one))], "the details of one event, spaced for people"),
        raw_good("good-raw-gzip", &[("events.ndjson.gz", gzip(&ndjson(&few)))], "NDJSON, one gzip member"),
        raw_good("good-raw-newest-first", &[("events.ndjson", ndjson(&reversed))], "NDJSON, newest first; counters rise with the times"),
        raw_good(
            "good-raw-two-files",
            &[("week-1.ndjson", ndjson(&events(first))), ("week-2.ndjson", ndjson(&events(second)))],
            "two files of two weeks",
        ),
    ]
}

fn raw_tables() -> Vec<Scenario> {
    let few = events(&three());
    let table = |columns| csv(&rows(columns, &few));
    let beside = |bytes: Vec<u8>| [("events.ndjson", ndjson(&few)), ("events.csv", bytes)];
    let quoted = csv_quoted(&rows(Columns::Api, &few));
    let untested = |why: &str| Expect::incomplete(&[CheckId::EventPasskey], why).args(&SKIP);
    let alone = |columns| [("events.csv", table(columns))];
    vec![
        raw_good("good-raw-table-api", &beside(table(Columns::Api)), "NDJSON and the table of the API"),
        raw_good("good-raw-table-people", &beside(table(Columns::People)), "NDJSON and the table for people"),
        raw_good("good-raw-table-quoted", &beside(quoted), "NDJSON and a table that quotes everything and ends its lines with CR and LF"),
        raw("weak-table-alone-api", &alone(Columns::Api), untested("a table alone: tokens, and no assertion")),
        raw("weak-table-alone-people", &alone(Columns::People), untested("a table alone: neither tokens nor assertions")),
    ]
}
