//! The two sources that publish no proof of their events: raw exports that stay incomplete, bundles, and every fault that can still be seen.

use serde_json::{Value, json};
use unbroken::finding::{CheckId, Code};

use super::super::bundle::{Bundle, Member, Start};
use super::super::container::Files;
use super::super::edit::{Event, parse, write};
use super::super::expect::{At, Expect};
use super::super::record::{Profile, Proof};
use super::super::sources::{entries, lines, pages, table, typed};
use super::super::table::csv;
use super::super::trust::TrustFile;
use super::{Scenario, with};

const BOTH: [&str; 2] = ["--skip", "manifest.signature,chain.links"];

pub fn list() -> Vec<Scenario> {
    let mut list = good();
    list.extend(paged());
    list.push(stripped());
    list.extend(shapes());
    list.extend(tables());
    list.extend(bundles());
    list
}

/// A raw export of these files.
pub fn raw(name: &str, profile: Profile, files: &[(String, Vec<u8>)], expect: Expect) -> Scenario {
    let inputs: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let expect = expect.input(&inputs).args(&["--profile", profile.name()]);
    let files: Files = files.iter().cloned().collect();
    let scenario = Scenario { name: name.to_owned(), files, expects: vec![("expect".to_owned(), expect)] };
    scenario.trust(&TrustFile::standard())
}

/// Nothing is wrong, and nothing proves anything: incomplete, with everything skipped too, and by its looks alone.
fn incomplete(name: &str, profile: Profile, files: &[(String, Vec<u8>)], why: &str) -> Scenario {
    let inputs: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let open = [CheckId::ManifestSignature, CheckId::ChainLinks];
    let expect = |why: &str| Expect::incomplete(&open, why).input(&inputs);
    raw(name, profile, files, Expect::incomplete(&open, &format!("{why}; the source publishes no proof")))
        .run("skip", expect("skipped or not, there is no proof").args(&["--profile", profile.name()]).args(&BOTH))
        .run("probed", expect("the profile is told from the files"))
}

fn one(name: &str, bytes: Vec<u8>) -> Vec<(String, Vec<u8>)> {
    vec![(name.to_owned(), bytes)]
}

fn ndjson(events: &[Event]) -> Vec<u8> {
    lines(events).into_iter().flat_map(|line| [line, b"\n".to_vec()].concat()).collect()
}

fn page_files(pages: &[Value]) -> Vec<(String, Vec<u8>)> {
    pages.iter().enumerate().map(|(index, page)| (format!("page-{}.json", index + 1), page.to_string().into_bytes())).collect()
}

fn array(events: &[Event]) -> Vec<u8> {
    Value::Array(events.iter().cloned().map(Value::Object).collect()).to_string().into_bytes()
}

fn changed(events: Vec<Event>, change: impl FnOnce(&mut Vec<Event>)) -> Vec<Event> {
    let mut events = events;
    change(&mut events);
    events
}

fn good() -> Vec<Scenario> {
    let trail = with(pages(&entries(), 10), |pages| pages[0]["applicant_id"] = json!("550e8400-e29b-41d4-a716-446655440000"));
    let mut mixed = page_files(&pages(&entries(), 4));
    mixed.reverse();
    let beside = [one("events.ndjson", ndjson(&typed())), one("events.csv", csv(&table(&typed())))].concat();
    let trustgate = Profile::Trustgate;
    let settings = Profile::TypedEvents;
    vec![
        incomplete("good-raw-trustgate", trustgate, &page_files(&pages(&entries(), 4)), "two pages"),
        incomplete("good-raw-trustgate-mixed", trustgate, &mixed, "two pages, named in another order"),
        incomplete("good-raw-trustgate-applicant", trustgate, &page_files(&trail), "the trail of one applicant"),
        incomplete("good-raw-trustgate-ndjson", trustgate, &one("events.ndjson", ndjson(&entries())), "NDJSON"),
        incomplete("good-raw-typed-events", settings, &one("events.ndjson", ndjson(&typed())), "NDJSON"),
        incomplete("good-raw-typed-events-array", settings, &one("events.json", array(&typed())), "an array"),
        incomplete("good-raw-typed-events-table", settings, &one("events.csv", csv(&table(&typed()))), "a table, metadata as JSON"),
        incomplete("good-raw-typed-events-beside", settings, &beside, "NDJSON with its table"),
    ]
}

/// Somebody took the hashes out of all entries but the last two: what is left must not choose a profile that asks for none.
fn stripped() -> Scenario {
    let mut bundle = Bundle::honest(Profile::Qustody, Start::First, 8, Proof::None);
    for line in bundle.lines.iter_mut().take(6) {
        let mut event = parse(line);
        event.remove("prev_hash");
        event.remove("entry_hash");
        *line = write(&event);
    }
    let fail = Expect::fail_at(Code::ChainModified, 6, "most entries carry no hash any more").also(Code::EventField);
    let probed = Expect::exit(2, "proofs in two entries: the auditor names the profile").input(&["events.ndjson"]);
    raw("event-qustody-stripped", Profile::Qustody, &one("events.ndjson", bundle.events()), fail).run("probed", probed)
}

fn paged() -> Vec<Scenario> {
    let honest = pages(&entries(), 2);
    let fail = |name: &str, files: &[(String, Vec<u8>)], code: Code, why: &str| {
        raw(&format!("pages-trustgate-{name}"), Profile::Trustgate, files, Expect::fail(code, At::Any, why))
    };
    let mut gap = page_files(&honest);
    gap.remove(1);
    let mut again = page_files(&honest);
    again.push(("page-2-again.json".to_owned(), again[1].1.clone()));
    let mut overlapping = entries();
    overlapping[2] = overlapping[1].clone();
    let high = with(honest.clone(), |pages| pages.iter_mut().for_each(|page| page["pagination"]["total"] = json!(7)));
    vec![
        fail("missing", &gap, Code::PagesMissing, "the second page is missing"),
        fail("repeated", &again, Code::PagesRepeated, "the second page is there twice"),
        raw(
            "pages-trustgate-overlap",
            Profile::Trustgate,
            &page_files(&pages(&overlapping, 2)),
            Expect::fail(Code::EventDuplicateId, At::Any, "an entry is on two pages, another one on none").also(Code::PagesTotal),
        ),
        fail("total", &page_files(&high), Code::PagesTotal, "seven entries, say the pages; there are six").or(Code::PagesMissing),
    ]
}

fn shapes() -> Vec<Scenario> {
    let trustgate = |name: &str, code: Code, event: u64, change: fn(&mut Vec<Event>), why: &str| {
        let files = one("events.ndjson", ndjson(&changed(entries(), change)));
        raw(&format!("event-trustgate-{name}"), Profile::Trustgate, &files, Expect::fail_at(code, event, why))
    };
    let settings = |name: &str, code: Code, event: u64, change: fn(&mut Vec<Event>), why: &str| {
        let files = one("events.ndjson", ndjson(&changed(typed(), change)));
        raw(&format!("event-typed-{name}"), Profile::TypedEvents, &files, Expect::fail_at(code, event, why))
    };
    let counted = one("events.ndjson", ndjson(&typed()));
    let count = Expect::fail(Code::ManifestCounts, At::Nowhere, "seven events were asked for, there are six").args(&["--count", "7"]);
    vec![
        trustgate("duplicate-id", Code::EventDuplicateId, 5, |list| list[4]["id"] = json!("audit_002"), "two entries have one id"),
        trustgate("action", Code::EventField, 2, |list| list[1]["action"] = json!("applicant"), "an action without a verb"),
        trustgate("actor-type", Code::EventField, 3, |list| drop(list[2]["actor"].as_object_mut().unwrap().remove("type")), "no type of actor"),
        trustgate("time", Code::EventField, 4, |list| list[3]["timestamp"] = json!("2026-10-04 21:00"), "a time in another form"),
        settings("duplicate-id", Code::EventDuplicateId, 6, |list| list[5]["id"] = list[0]["id"].clone(), "two events have one id"),
        settings("action", Code::EventField, 1, |list| list[0]["action"] = json!("Matter created"), "an action in words"),
        settings("diff-missing", Code::EventField, 2, |list| list[1]["metadata"] = json!({}), "an update that does not say what it changed"),
        settings(
            "diff-one-value",
            Code::EventField,
            2,
            |list| list[1]["metadata"] = json!({"diff": {"status": ["open"]}}),
            "a diff without the old value",
        ),
        settings("diff-role", Code::EventField, 3, |list| list[2]["metadata"] = json!({"diff": {"role": "admin"}}), "a diff that is no pair"),
        raw("asked-count-typed", Profile::TypedEvents, &counted, count),
    ]
}

fn tables() -> Vec<Scenario> {
    let beside = |name: &str, code: Code, at: At, change: fn(&mut Vec<Vec<String>>), why: &str| {
        let rows = with(table(&typed()), change);
        let files = [one("events.ndjson", ndjson(&typed())), one("events.csv", csv(&rows))].concat();
        raw(&format!("table-typed-{name}"), Profile::TypedEvents, &files, Expect::fail(code, at, why))
    };
    vec![
        beside(
            "metadata",
            Code::TableField,
            At::Event(2),
            |rows| rows[2][7] = r#"{"diff":{"status":["draft","closed"]}}"#.to_owned(),
            "other metadata",
        ),
        beside("action", Code::TableField, At::Event(5), |rows| rows[5][4] = "matter.updated".to_owned(), "another action"),
        beside("missing-row", Code::TableMissingRow, At::Event(4), |rows| drop(rows.remove(4)), "an event without a row"),
    ]
}

fn bundles() -> Vec<Scenario> {
    let trustgate = || Bundle::unchained(Profile::Trustgate, lines(&entries()));
    let settings = || Bundle::unchained(Profile::TypedEvents, lines(&typed()));
    let beside = with(settings(), |bundle| bundle.members.push(Member { name: "events.csv", role: "table", bytes: csv(&table(&typed())) }));
    let altered = |name: &str, honest: &Bundle| {
        let files = with(honest.clone(), |bundle| bundle.alter(2)).sealed_as(honest);
        Scenario::zip(name, &files, Expect::fail(Code::ManifestFiles, At::Any, "an event was altered: only the digest of the file shows it"))
    };
    let outside = with(trustgate(), |bundle| {
        bundle.change(5, |event| event["timestamp"] = json!("2026-11-01T00:00:00Z"));
        bundle.restate();
    });
    let shape = with(settings(), |bundle| bundle.change(1, |event| event["metadata"] = json!({"note": "changed"})));
    let filter = with(settings(), |bundle| {
        bundle.lines.truncate(2);
        bundle.manifest["selection"] = json!({"filter": {"action": "matter.*"}});
        bundle.restate();
    });
    let unmapped = with(trustgate(), |bundle| bundle.manifest["selection"] = json!({"filter": {"resource_type": "applicant"}}));
    let count = with(settings(), |bundle| bundle.manifest["events"]["count"] = json!(7));
    vec![
        Scenario::sealed("good-trustgate", &trustgate(), Expect::pass("the manifest's claims hold")),
        Scenario::sealed("good-typed-events", &settings(), Expect::pass("the manifest's claims hold")),
        Scenario::sealed("good-typed-events-table", &beside, Expect::pass("the manifest's claims hold, and the table says the same")),
        Scenario::sealed("good-typed-events-filtered", &filter, Expect::pass("the events of one domain")),
        altered("manifest-files-trustgate", &trustgate()),
        altered("manifest-files-typed", &settings()),
        Scenario::sealed(
            "manifest-period-trustgate",
            &outside,
            Expect::fail_at(Code::ManifestPeriod, 6, "an entry at the end of the period, which is exclusive"),
        ),
        Scenario::sealed(
            "manifest-counts-typed",
            &count,
            Expect::fail(Code::ManifestCounts, At::Nowhere, "seven events, says the manifest; there are six"),
        ),
        Scenario::sealed(
            "event-typed-diff-signed",
            &shape,
            Expect::fail_at(Code::EventField, 2, "an update that does not say what it changed, signed"),
        ),
        Scenario::sealed(
            "filter-unmapped-trustgate",
            &unmapped,
            Expect::incomplete(&[CheckId::ManifestFilter], "the source does not say where an entry names its resource"),
        ),
    ]
}
