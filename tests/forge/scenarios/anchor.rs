//! Hashes that the auditor kept.

use unbroken::finding::Code;

use super::super::bundle::MIDDLE_SEQ;
use super::super::edit::hash_of;
use super::super::expect::{At, Expect};
use super::super::keys::digest;
use super::super::trust::TrustFile;
use super::{Scenario, entries, transfer, with};

pub fn list() -> Vec<Scenario> {
    let mut list = by_flag();
    list.extend(by_trust_file());
    list
}

fn differs(why: &str) -> Expect {
    Expect::fail(Code::ChainAnchor, At::Any, why)
}

fn by_flag() -> Vec<Scenario> {
    let bundle = transfer();
    let hash = |index: usize| hash_of(bundle.profile, &bundle.lines[index]);
    let before = bundle.first_link();
    let other = digest(b"another history");
    let after =
        |name: &str, reference: &str, expect: Expect| Scenario::sealed(format!("anchor-{name}"), &bundle, expect.args(&["--after", reference]));
    let at = |seq: u64, hash: &str| format!("{seq}@{hash}");
    let short = with(bundle.clone(), |bundle| {
        bundle.lines.truncate(5);
        bundle.restate();
    });
    let unchained = entries();
    let rolled_back =
        Expect::fail(Code::ChainRolledBack, At::Any, "the producer signs a history that ends before an event that the auditor has seen");
    vec![
        after("inside", &at(MIDDLE_SEQ + 3, &hash(3)), Expect::pass("an event inside is the one that the auditor knows")),
        after("inside-differs", &at(MIDDLE_SEQ + 3, &other), differs("an event inside is another than the one that the auditor knows")),
        after("last", &at(MIDDLE_SEQ + 7, &hash(7)), Expect::pass("the last event is the one that the auditor knows")),
        after("before", &at(MIDDLE_SEQ - 1, &before), Expect::pass("the bundle goes on just where the auditor's last one ended")),
        after("before-differs", &at(MIDDLE_SEQ - 1, &other), differs("the bundle goes on from another event")),
        after("before-gap", &at(MIDDLE_SEQ - 100, &other), differs("between the auditor's last event and this bundle some are missing")),
        after("link", &before, Expect::pass("the first link is the hash that the auditor kept")),
        after("link-differs", &other, differs("the first link is another than the hash that the auditor kept")),
        Scenario::sealed("anchor-rolled-back", &short, rolled_back.args(&["--after", &at(MIDDLE_SEQ + 7, &hash(7))])),
        Scenario::sealed(
            "anchor-link-entries",
            &unchained,
            Expect::pass("the first link is the hash that the auditor kept").args(&["--after", &unchained.first_link()]),
        ),
        Scenario::sealed("anchor-link-entries-differs", &unchained, differs("the first link is another").args(&["--after", &other])),
    ]
}

fn by_trust_file() -> Vec<Scenario> {
    let bundle = transfer();
    let hash = hash_of(bundle.profile, &bundle.lines[3]);
    let other = digest(b"another history");
    let kept = |name: &str, seq: u64, hash: &str, expect: Expect| {
        Scenario::sealed(format!("anchor-kept-{name}"), &bundle, expect).trust(&TrustFile::standard().anchor(seq, hash))
    };
    vec![
        kept("inside", MIDDLE_SEQ + 3, &hash, Expect::pass("an event inside is the one that the auditor knows")),
        kept("inside-differs", MIDDLE_SEQ + 3, &other, differs("an event inside is another than the one that the auditor knows")),
        kept("before-differs", MIDDLE_SEQ - 1, &other, differs("the bundle goes on from another event")),
        kept("above", MIDDLE_SEQ + 99, &other, Expect::pass("the auditor knows a later event: a note")),
        kept("below", MIDDLE_SEQ - 99, &other, Expect::pass("the auditor knows a much earlier event: a note")),
    ]
}
