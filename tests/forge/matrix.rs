//! Every single break of the chain, at the places where it means something, with the answer that the table of the format gives.

use unbroken::finding::Code;

use super::bundle::{Bundle, Start};
use super::edit::{Hand, hash_of, nowhere};
use super::expect::{At, Expect, Missing};
use super::record::{Profile, Proof};
use super::runs::{appended, duplicated, inserted, reordered, spliced};

/// Events in a bundle of the matrix.
pub const COUNT: usize = 10;
/// Index of the event in the middle.
pub const MIDDLE: usize = 4;

/// One way to tamper, and the answers.
pub struct Case {
    pub name: String,
    pub honest: Bundle,
    pub tampered: Bundle,
    /// Without the MAC key.
    pub plain: Expect,
    /// With it, where the events carry HMACs (or with the events key, where they carry signatures).
    pub keyed: Option<Expect>,
    /// All breaks in file order, where the format decides them: code and event.
    pub breaks: Option<Vec<(Code, u64)>>,
}

/// Cases as they are collected.
pub struct Cases {
    pub honest: Bundle,
    pub list: Vec<Case>,
}

impl Cases {
    pub fn new(honest: Bundle) -> Self {
        Self { honest, list: Vec::new() }
    }

    /// The answer is the same with and without the key.
    pub fn same(&mut self, name: impl Into<String>, edit: impl FnOnce(&mut Bundle), plain: Expect) {
        let keyed = plain.clone();
        self.both(name, edit, plain, Some(keyed));
    }

    pub fn both(&mut self, name: impl Into<String>, edit: impl FnOnce(&mut Bundle), plain: Expect, keyed: Option<Expect>) {
        let mut tampered = self.honest.clone();
        edit(&mut tampered);
        let keyed = keyed.filter(|_| self.sequenced());
        self.list.push(Case { name: name.into(), honest: self.honest.clone(), tampered, plain, keyed, breaks: None });
    }

    pub fn sequenced(&self) -> bool {
        self.honest.profile == Profile::FileTransfer
    }
}

/// All single faults on a bundle of this kind.
pub fn singles(profile: Profile, start: Start, proof: Proof) -> Vec<Case> {
    let mut cases = Cases::new(Bundle::honest(profile, start, COUNT, proof));
    altered(&mut cases);
    relinked(&mut cases);
    rewritten(&mut cases);
    cut(&mut cases, start);
    duplicated(&mut cases);
    spliced(&mut cases);
    inserted(&mut cases);
    appended(&mut cases);
    reordered(&mut cases);
    odd(&mut cases);
    cases.list
}

pub const PLACES: [(usize, &str); 3] = [(0, "first"), (MIDDLE, "middle"), (COUNT - 1, "last")];
pub const LAST: u64 = COUNT as u64;

/// The number of the event at this index.
pub fn number(index: usize) -> u64 {
    index as u64 + 1
}

fn altered(cases: &mut Cases) {
    for (index, place) in PLACES {
        let event = number(index);
        let modified = Expect::fail_at(Code::ChainModified, event, "one field of this event was changed, nothing else");
        let plain = match (event, cases.sequenced()) {
            (LAST, true) => Expect::fail_at(
                Code::ChainReforged,
                event,
                "the last event was changed; without the MAC key a rewrite from an earlier event looks the same",
            ),
            _ => modified.clone(),
        };
        cases.both(format!("modified-{place}"), |bundle| bundle.alter(index), plain, Some(modified));
        let garbage = Expect::fail_at(Code::ChainModified, event, "the line was cut and is no JSON any more; the next link does not name its bytes");
        cases.same(format!("unreadable-{place}"), |bundle| bundle.lines[index].truncate(60), garbage);
        if cases.sequenced() {
            continue;
        }
        let restamped = match event {
            LAST => Expect::fail_at(Code::ChainReforged, event, "the last entry was changed and its entry_hash made to fit"),
            _ => Expect::fail_at(Code::ChainModified, event, "an entry was changed and its entry_hash made to fit; no entry is missing"),
        };
        let edit = |bundle: &mut Bundle| {
            bundle.alter(index);
            bundle.restamp(index);
        };
        cases.same(format!("modified-restamped-{place}"), edit, restamped);
        let own = Expect::fail_at(Code::ChainOwnHash, event, "only the stated entry_hash is wrong; the chain names the true one");
        cases.same(format!("own-hash-{place}"), |bundle| bundle.change(index, |event| event["entry_hash"] = nowhere("own")), own);
    }
    if cases.sequenced() {
        for (name, seq) in [("sequence-edited-up", 3_i64), ("sequence-edited-down", -3)] {
            let edit = |bundle: &mut Bundle| {
                bundle.change(MIDDLE, |event| event["seq"] = (event["seq"].as_i64().unwrap() + seq).into());
            };
            cases.same(name, edit, Expect::fail_at(Code::ChainModified, number(MIDDLE), "the sequence number of one event was edited"));
        }
    }
}

fn relinked(cases: &mut Cases) {
    for (index, place) in PLACES {
        let expect = Expect::fail_at(
            Code::ChainRelinked,
            number(index),
            "only the link was changed: with the true one put back, the event has the hash that is named",
        );
        cases.same(format!("relinked-{place}"), |bundle| bundle.unlink(index), expect.clone());
        if !cases.sequenced() {
            let edit = |bundle: &mut Bundle| {
                bundle.unlink(index);
                bundle.restamp(index);
            };
            cases.same(format!("relinked-restamped-{place}"), edit, expect);
        }
    }
}

fn rewritten(cases: &mut Cases) {
    for (index, place) in [(0, "first"), (MIDDLE, "middle"), (COUNT - 2, "late")] {
        let edit = |bundle: &mut Bundle| {
            bundle.alter(index);
            bundle.restamp(index);
            bundle.relink_from(index + 1, Hand::Tamperer);
        };
        let plain =
            Expect::fail_at(Code::ChainReforged, LAST, "one event was changed and all behind it linked anew; only the signed last hash contradicts");
        let at = if index == 0 { At::Any } else { At::Event(number(index)) };
        let keyed = Expect::fail(Code::ChainReforged, at, "one event was changed and all behind it linked anew; its HMAC is the first that fails");
        cases.both(format!("reforged-{place}"), edit, plain, Some(keyed));
    }
    for (from, place) in [(0, "first"), (1, "second")] {
        let edit = |bundle: &mut Bundle| {
            bundle.alter(from);
            bundle.restamp(from);
            for index in from + 1..=MIDDLE {
                let link = hash_of(bundle.profile, &bundle.lines[index - 1]);
                bundle.relink(index, link, Hand::Tamperer);
            }
        };
        let plain =
            Expect::fail_at(Code::ChainModified, number(MIDDLE), "the start was rewritten and linked anew up to this event: one seam is left");
        let keyed = Expect::fail_at(
            Code::ChainModified,
            number(from),
            "the start was rewritten and linked anew; this HMAC is the first of the run that fails",
        );
        cases.both(format!("seam-from-{place}"), edit, plain, Some(keyed));
    }
}

fn cut(cases: &mut Cases, start: Start) {
    for (index, count) in [(MIDDLE, 1), (MIDDLE, 2), (3, 5), (1, 1), (COUNT - 2, 1)] {
        let expect =
            Expect::fail_at(Code::ChainRemoved, number(index), "events before this one were taken out").missing(Missing::Exactly(count as u64));
        cases.same(format!("removed-{count}-before-{}", number(index)), |bundle| bundle.remove(index, count), expect);
    }
    let edit = |bundle: &mut Bundle| {
        bundle.remove(7, 1);
        bundle.remove(2, 1);
    };
    let twice = match cases.sequenced() {
        true => Expect::fail_at(Code::ChainRemoved, 3, "two events were taken out at two places").missing(Missing::Exactly(1)),
        false => Expect::fail_at(
            Code::ChainModifiedOrRemoved,
            3,
            "two entries were taken out at two places; without a sequence nothing tells how many where",
        ),
    };
    cases.same("removed-twice", edit, twice);
    for count in [1, 3, COUNT - 1] {
        let expect = Expect::fail_at(Code::ChainHeadCut, 1, "the first events were taken out").missing(Missing::Exactly(count as u64));
        cases.same(format!("head-cut-{count}"), |bundle| bundle.remove(0, count), expect);
        let expect =
            Expect::fail_at(Code::ChainTailCut, LAST - count as u64, "the last events were taken out").missing(Missing::Exactly(count as u64));
        cases.same(format!("tail-cut-{count}"), |bundle| bundle.remove(COUNT - count, count), expect);
    }
    let edit = |bundle: &mut Bundle| {
        bundle.unlink(0);
        bundle.restamp(0);
        bundle.relink_from(1, Hand::Tamperer);
    };
    let missing = if start == Start::First && cases.sequenced() { Missing::Null } else { Missing::AtLeast(1) };
    cases.same(
        "another-history",
        edit,
        Expect::fail_at(Code::ChainHeadCut, 1, "another history, linked in itself, from another start").missing(missing),
    );
}

fn odd(cases: &mut Cases) {
    let rewrite = |index: usize| {
        move |bundle: &mut Bundle| {
            bundle.alter(index);
            bundle.unlink(index);
        }
    };
    let plain = Expect::fail_at(
        Code::ChainModified,
        number(MIDDLE) - 1,
        "an event was changed and its link too: the gap stands before it, so the one before is named",
    );
    let keyed = Expect::fail_at(
        Code::ChainModified,
        number(MIDDLE),
        "an event was changed and its link too: the HMAC before the gap holds, the one behind it fails",
    );
    cases.both("modified-and-relinked-middle", rewrite(MIDDLE), plain, Some(keyed));
    if cases.sequenced() {
        let plain = Expect::fail_at(Code::ChainModified, LAST - 1, "the last event was changed and its link too: the gap stands before it");
        let keyed = Expect::fail_at(Code::ChainModified, LAST, "the last event was changed and its link too: the HMAC before the gap holds");
        cases.both("modified-and-relinked-last", rewrite(COUNT - 1), plain, Some(keyed));
        let why = "the first event was changed and its link too: two breaks at one event, and the gap behind it is told first";
        let head = Expect::fail_at(Code::ChainModified, 1, why);
        cases.same("modified-and-relinked-first", rewrite(0), head);
        let edit = |bundle: &mut Bundle| {
            let forged = bundle.forgery(MIDDLE, "repeats");
            bundle.lines[MIDDLE] = forged;
            bundle.unlink(MIDDLE);
            bundle.change(MIDDLE, |event| event["seq"] = (event["seq"].as_u64().unwrap() - 1).into());
        };
        let why = "an event was replaced by one that repeats the sequence number before it and names nothing";
        cases.both("other-gap", edit, Expect::fail_at(Code::ChainModified, number(MIDDLE) - 1, why), None);
    }
    let edit = |bundle: &mut Bundle| {
        let forged = bundle.forgery(MIDDLE, "for two");
        bundle.lines[MIDDLE] = forged;
        bundle.remove(MIDDLE + 1, 1);
    };
    let expect = Expect::fail_at(
        Code::ChainRemoved,
        number(MIDDLE) + 1,
        "two events were replaced by one forged: one is missing, and the one before is unconfirmed",
    );
    cases.same("removed-behind-a-forgery", edit, expect.missing(Missing::Exactly(1)));
}
