//! Single faults that add events, or put them elsewhere.

use unbroken::finding::Code;

use super::bundle::Bundle;
use super::edit::{Hand, hash_of};
use super::expect::Expect;
use super::matrix::{COUNT, Cases, LAST, MIDDLE, PLACES, number};
use super::record::Profile;

pub fn duplicated(cases: &mut Cases) {
    for (index, place) in PLACES {
        let expect = Expect::fail_at(Code::ChainDuplicated, number(index) + 1, "the event before was written twice: the later copy is out of place");
        let edit = |bundle: &mut Bundle| bundle.insert(index + 1, [bundle.lines[index].clone()]);
        cases.same(format!("duplicated-adjacent-{place}"), edit, expect);
    }
    for (from, to, name) in [(2, 6, "later"), (6, 2, "earlier"), (MIDDLE, 0, "to-the-front"), (MIDDLE, COUNT, "to-the-end")] {
        let edit = |bundle: &mut Bundle| bundle.insert(to, [bundle.lines[from].clone()]);
        cases.same(
            format!("duplicated-{name}"),
            edit,
            Expect::fail_at(Code::ChainDuplicated, number(to), "a copy of an event that stands elsewhere in the chain"),
        );
    }
    let edit = |bundle: &mut Bundle| bundle.insert(7, bundle.lines[2..4].to_vec());
    cases.same("duplicated-run", edit, Expect::fail_at(Code::ChainDuplicated, 8, "two events were copied to a later place"));
}

pub fn spliced(cases: &mut Cases) {
    for count in [1, 3] {
        for (index, place) in [(0, "first"), (MIDDLE, "middle"), (COUNT, "end")] {
            let expect = Expect::fail_at(Code::ChainSpliced, number(index), "events of another tenant were put in");
            cases.same(format!("spliced-in-{count}-{place}"), |bundle| bundle.insert(index, bundle.foreign(count)), expect);
        }
        for (index, place) in [(0, "first"), (MIDDLE, "middle"), (COUNT - count, "end")] {
            let edit = |bundle: &mut Bundle| {
                bundle.remove(index, count);
                bundle.insert(index, bundle.foreign(count));
            };
            let expect = Expect::fail_at(Code::ChainSpliced, number(index), "events were replaced by another tenant's, linked among themselves");
            cases.same(format!("spliced-over-{count}-{place}"), edit, expect);
        }
    }
}

pub fn inserted(cases: &mut Cases) {
    for (index, place) in [(0, "first"), (MIDDLE, "middle"), (COUNT - 1, "before-last")] {
        let expect = Expect::fail_at(Code::ChainInserted, number(index), "a forged event names the same predecessor as the true one behind it");
        cases.same(format!("inserted-fork-{place}"), |bundle| bundle.insert(index, [bundle.forgery(index, "fork")]), expect);
        let loose = |bundle: &mut Bundle| {
            bundle.insert(index, [bundle.forgery(index, "loose")]);
            bundle.unlink(index);
        };
        cases.same(
            format!("inserted-loose-{place}"),
            loose,
            Expect::fail_at(Code::ChainInserted, number(index), "a forged event that names no event at all"),
        );
    }
    let edit = |bundle: &mut Bundle| bundle.insert(MIDDLE + 1, [bundle.forgery(MIDDLE, "behind")]);
    cases.same(
        "inserted-behind-its-model",
        edit,
        Expect::fail_at(Code::ChainInserted, number(MIDDLE) + 1, "a forged event names the predecessor of the true one before it"),
    );
    let edit = |bundle: &mut Bundle| {
        bundle.insert(MIDDLE, [bundle.forgery(MIDDLE, "one"), bundle.forgery(MIDDLE, "two")]);
        let link = hash_of(bundle.profile, &bundle.lines[MIDDLE]);
        bundle.relink(MIDDLE + 1, link, Hand::Tamperer);
    };
    cases.same("inserted-run", edit, Expect::fail_at(Code::ChainInserted, number(MIDDLE), "two forged events, linked to each other"));
}

pub fn appended(cases: &mut Cases) {
    for count in [1, 2] {
        let edit = |bundle: &mut Bundle| append(bundle, count);
        cases.same(
            format!("appended-{count}"),
            edit,
            Expect::fail_at(Code::ChainInserted, LAST + 1, "events were appended after the end that the manifest states"),
        );
    }
    let edit = |bundle: &mut Bundle| {
        append(bundle, 1);
        bundle.unlink(COUNT);
    };
    cases.same("appended-loose", edit, Expect::fail_at(Code::ChainInserted, LAST + 1, "an event that names no event was appended"));
}

/// Appends forged events that link on.
pub fn append(bundle: &mut Bundle, count: usize) {
    for name in ["one more", "two more"].into_iter().take(count) {
        let last = bundle.lines.len() - 1;
        let forged = bundle.forgery(last, name);
        bundle.lines.push(forged);
        if bundle.profile == Profile::FileTransfer {
            bundle.change(last + 1, |event| event["seq"] = (event["seq"].as_u64().unwrap() + 1).into());
        }
        let link = hash_of(bundle.profile, &bundle.lines[last]);
        bundle.relink(last + 1, link, Hand::Tamperer);
    }
}

pub fn reordered(cases: &mut Cases) {
    for (index, place) in [(0, "first"), (MIDDLE, "middle"), (COUNT - 2, "last")] {
        let expect = Expect::fail_at(Code::ChainReordered, number(index), "two neighbours changed places");
        cases.same(format!("swapped-{place}"), |bundle| bundle.lines.swap(index, index + 1), expect);
    }
    for (from, count, to, event) in [(2, 2, 6, 7), (6, 2, 2, 3), (2, 2, 4, 3), (1, 1, 7, 8), (8, 1, 0, 1)] {
        let name = format!("moved-{count}-from-{}-to-{}", from + 1, to + 1);
        let expect = Expect::fail_at(Code::ChainReordered, event, "a block of events stands at another place");
        cases.same(name, |bundle| bundle.shift(from, count, to), expect);
    }
    let expect = Expect::fail_at(Code::ChainReordered, 1, "the whole file is in reverse: newest first");
    cases.same("newest-first", |bundle| bundle.lines.reverse(), expect);
}
