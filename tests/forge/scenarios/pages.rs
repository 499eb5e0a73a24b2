//! Raw exports of chained entries: pages of an API, newest first, and what is broken in them.

use serde_json::{Value, json};
use unbroken::finding::{CheckId, Code};

use super::super::bundle::Bundle;
use super::super::bundle::Start;
use super::super::container::Files;
use super::super::edit::parse;
use super::super::expect::{At, Expect};
use super::super::record::{Profile, Proof};
use super::super::trust::TrustFile;
use super::actions::SKIP;
use super::{Scenario, entries, with};

const PROFILE: [&str; 2] = ["--profile", "qustody/1"];

pub fn list() -> Vec<Scenario> {
    let mut list = good();
    list.extend(pages());
    list.extend(chains());
    list
}

/// Eight entries from the zero link on.
fn first() -> Bundle {
    Bundle::honest(Profile::Qustody, Start::First, 8, Proof::None)
}

fn values(bundle: &Bundle) -> Vec<Value> {
    bundle.lines.iter().map(|line| Value::Object(parse(line))).collect()
}

/// Pages of three.
fn paged(entries: &[Value], total: usize) -> Vec<Value> {
    let page = |(index, part): (usize, &[Value])| json!({"entries": part, "page": index + 1, "per_page": 3, "total": total});
    entries.chunks(3).enumerate().map(page).collect()
}

fn files(pages: &[Value]) -> Vec<(String, Vec<u8>)> {
    pages.iter().enumerate().map(|(index, page)| (format!("page-{}.json", index + 1), page.to_string().into_bytes())).collect()
}

fn raw(name: &str, files: &[(String, Vec<u8>)], expect: Expect) -> Scenario {
    let inputs: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let files: Files = files.iter().cloned().collect();
    let expect = expect.input(&inputs).args(&PROFILE);
    let scenario = Scenario { name: name.to_owned(), files, expects: vec![("expect".to_owned(), expect)] };
    scenario.trust(&TrustFile::standard())
}

fn holds(name: &str, files: &[(String, Vec<u8>)], more: &[&str], why: &str) -> Scenario {
    let inputs: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let incomplete = Expect::incomplete(&[CheckId::ManifestSignature], &format!("{why}; nothing signs it as a whole")).args(more);
    let skipped = Expect::pass(&format!("{why}; the auditor accepts that nothing signs it as a whole")).qualified();
    raw(name, files, incomplete).run("skip", skipped.input(&inputs).args(&PROFILE).args(more).args(&SKIP))
}

fn one(name: &str, bytes: Vec<u8>) -> [(String, Vec<u8>); 1] {
    [(name.to_owned(), bytes)]
}

fn reversed(bundle: Bundle) -> Bundle {
    with(bundle, |bundle| bundle.lines.reverse())
}

fn good() -> Vec<Scenario> {
    let in_order = files(&paged(&values(&first()), 8));
    let mixed = vec![in_order[2].clone(), in_order[0].clone(), in_order[1].clone()];
    let newest = reversed(first());
    let middle = entries();
    let after = ["--after", &middle.first_link()];
    let array = |bundle: &Bundle| (serde_json::to_string_pretty(&values(bundle)).unwrap() + "\n").into_bytes();
    let last = files(&paged(&values(&first())[..6], 6));
    vec![
        holds("good-raw-entries", &one("events.ndjson", first().events()), &[], "entries from the zero link on"),
        holds("good-raw-entries-after", &one("events.ndjson", middle.events()), &after, "entries that go on from the hash that the auditor kept"),
        holds("good-raw-entries-array", &one("events.json", array(&first())), &[], "an array"),
        holds("good-raw-entries-newest-first", &one("events.ndjson", newest.events()), &[], "NDJSON, newest first: its links say so"),
        holds("good-raw-entries-array-newest-first", &one("events.json", array(&newest)), &[], "an array, newest first: its links say so"),
        holds("good-raw-pages", &in_order, &[], "three pages"),
        holds("good-raw-pages-mixed", &mixed, &[], "three pages, named in another order"),
        holds("good-raw-pages-newest-first", &files(&paged(&values(&newest), 8)), &[], "three pages, newest first"),
        holds("good-raw-pages-full", &last, &[], "two pages, the last one full"),
    ]
}

fn pages() -> Vec<Scenario> {
    let honest = paged(&values(&first()), 8);
    let fail =
        |name: &str, pages: &[(String, Vec<u8>)], code: Code, why: &str| raw(&format!("pages-{name}"), pages, Expect::fail(code, At::Any, why));
    let without = |index: usize| {
        let mut list = files(&honest);
        list.remove(index);
        list
    };
    let mut again = files(&honest);
    again.push(("page-2-again.json".to_owned(), again[1].1.clone()));
    let mut disagree = honest.clone();
    disagree[1]["total"] = json!(9);
    // an entry was written while the pages were fetched: the last of one page is the first of the next, and the last entry is on no page
    let mut overlapping = values(&first());
    overlapping.insert(3, overlapping[2].clone());
    overlapping.pop();
    let mut short = honest.clone();
    short[2]["entries"].as_array_mut().unwrap().pop();
    vec![
        fail("missing-first", &without(0), Code::PagesMissing, "the first page is missing"),
        fail("missing-middle", &without(1), Code::PagesMissing, "the second page is missing"),
        fail("missing-last", &without(2), Code::PagesMissing, "the last page is missing"),
        fail("repeated", &again, Code::PagesRepeated, "a page is there twice"),
        fail("total-high", &files(&paged(&values(&first()), 9)), Code::PagesTotal, "nine entries, say the pages; there are eight"),
        fail("total-low", &files(&paged(&values(&first()), 7)), Code::PagesTotal, "seven entries, say the pages; there are eight"),
        fail("total-differs", &files(&disagree), Code::PagesTotal, "the pages state two totals"),
        raw(
            "pages-overlap",
            &files(&paged(&overlapping, 8)),
            Expect::fail(Code::ChainDuplicated, At::Any, "pages overlap: an entry is there twice, another one is not there").also(Code::PagesTotal),
        ),
        fail("total-short", &files(&short), Code::PagesTotal, "the last page has an entry less than the total demands"),
    ]
}

fn chains() -> Vec<Scenario> {
    let lines = |name: &str, change: fn(&mut Bundle), expect: Expect| {
        raw(&format!("chain-raw-{name}"), &one("events.ndjson", with(first(), change).events()), expect)
    };
    vec![
        lines("modified", |bundle| bundle.alter(3), Expect::fail_at(Code::ChainModified, 4, "an entry was altered")),
        lines(
            "removed",
            |bundle| bundle.remove(3, 2),
            Expect::fail_at(Code::ChainModifiedOrRemoved, 4, "two entries were taken out; without a manifest nothing tells how many there were"),
        ),
        lines("swapped", |bundle| bundle.lines.swap(3, 4), Expect::fail_at(Code::ChainReordered, 4, "two neighbours changed places")),
        lines(
            "duplicated",
            |bundle| bundle.insert(4, [bundle.lines[3].clone()]),
            Expect::fail_at(Code::ChainDuplicated, 5, "a copy stands behind its original"),
        ),
        raw(
            "anchor-raw-entries-differs",
            &one("events.ndjson", with(entries(), |bundle| bundle.remove(0, 1)).events()),
            Expect::fail(Code::ChainAnchor, At::Any, "the entry behind the hash that the auditor kept was taken out")
                .args(&["--after", &entries().first_link()]),
        ),
        raw(
            "chain-raw-pages-newest-first-modified",
            &files(&paged(&values(&reversed(with(first(), |bundle| bundle.alter(3)))), 8)),
            Expect::fail_at(Code::ChainModified, 4, "three pages, newest first; the fourth entry of the log was altered"),
        ),
    ]
}
