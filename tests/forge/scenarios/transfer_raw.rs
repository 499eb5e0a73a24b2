//! Raw exports of `file-transfer/1`: the links and the HMACs without a manifest, and what is broken in them.

use unbroken::finding::{CheckId, Code};

use super::super::bundle::Bundle;
use super::super::expect::Expect;
use super::super::record::Profile;
use super::actions::SKIP;
use super::sources::raw;
use super::{Scenario, from_genesis, transfer, with};

const PROFILE: [&str; 2] = ["--profile", "file-transfer/1"];

pub fn list() -> Vec<Scenario> {
    let broken = |name: &str, change: fn(&mut Bundle), expect: Expect| of(&format!("chain-raw-transfer-{name}"), &with(transfer(), change), expect);
    vec![
        holds("good-raw-transfer", &transfer(), "events from the middle of a log"),
        holds("good-raw-transfer-first", &from_genesis(), "events from the start of a log"),
        broken("modified", |bundle| bundle.alter(3), Expect::fail_at(Code::ChainModified, 4, "an event was altered")),
        broken(
            "removed",
            |bundle| bundle.remove(3, 2),
            Expect::fail_at(Code::ChainRemoved, 4, "two events were taken out: the sequence tells how many"),
        ),
        broken("swapped", |bundle| bundle.lines.swap(3, 4), Expect::fail_at(Code::ChainReordered, 4, "two neighbours changed places")),
        broken(
            "duplicated",
            |bundle| bundle.insert(4, [bundle.lines[3].clone()]),
            Expect::fail_at(Code::ChainDuplicated, 5, "a copy stands behind its original"),
        ),
    ]
}

fn of(name: &str, bundle: &Bundle, expect: Expect) -> Scenario {
    raw(name, Profile::FileTransfer, &[("events.ndjson".to_owned(), bundle.events())], expect)
}

fn holds(name: &str, bundle: &Bundle, why: &str) -> Scenario {
    let open = Expect::incomplete(&[CheckId::ManifestSignature, CheckId::EventMac], &format!("{why}; nothing signs it, and no key for the HMACs"));
    let pass = Expect::pass(&format!("{why}; every HMAC fits, and the auditor accepts that nothing signs the whole")).qualified();
    let pass = pass.input(&["events.ndjson"]).args(&PROFILE).args(&SKIP).args(&["--tenant", "tnt_acme"]);
    of(name, bundle, open).keyed(pass)
}
