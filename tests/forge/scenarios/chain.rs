//! Breaks of the chain: the single faults of the matrix, with the file digests made to fit and the manifest signed again; and some others.

use unbroken::finding::{CheckId, Code};

use super::super::bundle::Start;
use super::super::edit::Hand;
use super::super::expect::{At, Expect};
use super::super::matrix::{Case, singles};
use super::super::record::{Profile, Proof};
use super::super::trust::TrustFile;
use super::{Scenario, entries, from_genesis, transfer, with};

pub fn list() -> Vec<Scenario> {
    let mut list: Vec<Scenario> =
        singles(Profile::FileTransfer, Start::First, Proof::Mac).into_iter().map(|case| fixture("transfer", case)).collect();
    let only_entries = ["restamped", "own-hash", "modified-", "removed-2", "removed-twice", "head-cut-3", "tail-cut-3", "another", "relinked-middle"];
    let cases = singles(Profile::Qustody, Start::Middle, Proof::None).into_iter();
    list.extend(cases.filter(|case| only_entries.iter().any(|part| case.name.contains(part))).map(|case| fixture("entries", case)));
    list.extend(untrusted());
    list.extend(by_the_producer());
    list.push(stale());
    list
}

fn fixture(kind: &str, case: Case) -> Scenario {
    let scenario = Scenario::sealed(format!("chain-{kind}-{}", case.name), &case.tampered, case.plain);
    match case.keyed {
        Some(keyed) => scenario.keyed(keyed),
        None => scenario,
    }
}

/// The manifest as it was before the tampering: its digests contradict too, and hide nothing.
fn stale() -> Scenario {
    let honest = transfer();
    let tampered = with(honest.clone(), |bundle| bundle.remove(3, 2));
    let expect = Expect::fail_at(Code::ChainRemoved, 4, "two events were taken out and the manifest was left as it was").also(Code::ManifestFiles);
    Scenario::zip("chain-removed-manifest-stale", &tampered.sealed_as(&honest), expect.missing(super::super::expect::Missing::Exactly(2)))
}

fn untrusted() -> Vec<Scenario> {
    let unsigned = |name: &str, tampered: &super::Bundle, expect: Expect| {
        let mut members = tampered.sealed();
        members.remove("manifest.sig");
        Scenario::zip(name, &members, expect)
    };
    let fork = with(transfer(), |bundle| bundle.insert(3, [bundle.forgery(3, "fork")]));
    let expect = Expect {
        untested: vec![CheckId::ManifestSignature],
        ..Expect::fail_at(Code::ChainForked, 5, "two events name one predecessor, and no trusted signature decides")
    };
    let cut = with(transfer(), |bundle| bundle.remove(6, 2));
    let tail = Expect::fail_at(Code::ChainTailCut, 6, "the end is missing, by a manifest that nobody signs")
        .missing(super::super::expect::Missing::Exactly(2));
    vec![
        unsigned("chain-forked-unsigned", &fork, expect.clone()),
        Scenario::sealed("chain-forked-key-unknown", &fork, expect).trust(&TrustFile::standard().without("acme-export-2026")),
        unsigned("chain-tail-cut-unsigned", &cut, tail),
    ]
}

fn by_the_producer() -> Vec<Scenario> {
    let gap = |from: usize, by: u64| {
        with(transfer(), |bundle| {
            for index in from..bundle.lines.len() {
                bundle.change(index, |event| event["seq"] = (event["seq"].as_u64().unwrap() + by).into());
            }
            bundle.relink_from(from, Hand::Producer);
            bundle.restate();
        })
    };
    let repeat = with(transfer(), |bundle| bundle.author(4, |event| event["seq"] = (event["seq"].as_u64().unwrap() - 1).into()));
    let late_start = with(from_genesis(), |bundle| {
        for index in 0..bundle.lines.len() {
            bundle.change(index, |event| event["seq"] = (event["seq"].as_u64().unwrap() + 4).into());
        }
        bundle.relink_from(0, Hand::Producer);
        bundle.restate();
    });
    let first_link = with(from_genesis(), |bundle| bundle.manifest["chain"]["first_prev_hash"] = super::super::edit::nowhere("first"));
    let previous = with(entries(), |bundle| bundle.manifest["previous"]["last_hash"] = super::super::edit::nowhere("previous"));
    let back = with(transfer(), |bundle| bundle.author(4, |event| event["occurred_at"] = "2026-10-01T00:00:01Z".into()));
    let entry_back = with(entries(), |bundle| bundle.author(4, |event| event["created_at"] = "2026-10-01T00:00:01Z".into()));
    let why = "the producer skipped sequence numbers: the links hold and the last hash is signed";
    vec![
        Scenario::sealed("chain-sequence-gap", &gap(4, 3), Expect::fail_at(Code::ChainSequenceGap, 5, why)),
        Scenario::sealed("chain-sequence-repeats", &repeat, Expect::fail_at(Code::ChainSequenceGap, 5, "the producer gave a sequence number twice")),
        Scenario::sealed(
            "chain-sequence-late-start",
            &late_start,
            Expect::fail_at(Code::ChainSequenceGap, 1, "the event behind the genesis block has the number 5"),
        ),
        Scenario::sealed(
            "chain-first-link",
            &first_link,
            Expect::fail_at(Code::ChainFirstLink, 1, "the first event names the genesis block, the manifest another first link"),
        ),
        Scenario::sealed(
            "manifest-previous",
            &previous,
            Expect::fail(Code::ManifestPrevious, At::Nowhere, "the bundle before ends with another hash than the one that this one starts from"),
        ),
        Scenario::sealed("chain-time", &back, Expect::fail_at(Code::ChainTime, 5, "the time goes back")),
        Scenario::sealed("chain-time-entries", &entry_back, Expect::pass("the time goes back, but the source promises no order of times")),
    ]
}
