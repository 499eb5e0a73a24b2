//! Two faults at once, apart and touching, where the format decides the answer without doubt.

use unbroken::finding::Code;

use super::bundle::{Bundle, Start};
use super::expect::{Expect, Missing};
use super::matrix::{Case, Cases};
use super::record::{Profile, Proof};
use super::runs::append;

/// Events in a bundle of pairs.
const COUNT: usize = 14;
const EARLY: usize = 3;
const LATE: usize = 9;

/// One fault that can stand beside another.
#[derive(Clone, Copy)]
struct Op {
    name: &'static str,
    apply: fn(&mut Bundle, usize),
    code: Code,
    /// Event number less index.
    offset: usize,
    /// Events more (or fewer) afterwards.
    delta: isize,
    missing: Option<u64>,
}

const fn op(name: &'static str, apply: fn(&mut Bundle, usize), code: Code, offset: usize, delta: isize) -> Op {
    Op { name, apply, code, offset, delta, missing: None }
}

const INNER: [Op; 11] = [
    op("modified", Bundle::alter, Code::ChainModified, 1, 0),
    op("relinked", Bundle::unlink, Code::ChainRelinked, 1, 0),
    op("unreadable", |bundle, at| bundle.lines[at].truncate(60), Code::ChainModified, 1, 0),
    op("duplicated", |bundle, at| bundle.insert(at + 1, [bundle.lines[at].clone()]), Code::ChainDuplicated, 2, 1),
    op("inserted", |bundle, at| bundle.insert(at, [bundle.forgery(at, "pair")]), Code::ChainInserted, 1, 1),
    op("spliced-in", |bundle, at| bundle.insert(at, bundle.foreign(2)), Code::ChainSpliced, 1, 2),
    op("spliced-over", splice_over, Code::ChainSpliced, 1, 0),
    op("swapped", |bundle, at| bundle.lines.swap(at, at + 1), Code::ChainReordered, 1, 0),
    op("sequence-edited", edit_sequence, Code::ChainModified, 1, 0),
    Op { missing: Some(1), ..op("removed-1", |bundle, at| bundle.remove(at, 1), Code::ChainRemoved, 1, -1) },
    Op { missing: Some(2), ..op("removed-2", |bundle, at| bundle.remove(at, 2), Code::ChainRemoved, 1, -2) },
];

fn splice_over(bundle: &mut Bundle, at: usize) {
    bundle.remove(at, 2);
    bundle.insert(at, bundle.foreign(2));
}

fn edit_sequence(bundle: &mut Bundle, at: usize) {
    bundle.change(at, |event| event["seq"] = (event["seq"].as_u64().unwrap() + 5).into());
}

/// All pairs for this kind of bundle.
pub fn pairs(profile: Profile, start: Start, proof: Proof) -> Vec<Case> {
    let honest = Bundle::honest(profile, start, COUNT, proof);
    let mut list = apart(&honest);
    list.extend(ends(&honest, start));
    list.extend(touching(&honest));
    list
}

/// Whether the format decides this op in company of that one.
fn usable(honest: &Bundle, first: &Op, second: &Op) -> bool {
    let sequenced = honest.profile == Profile::FileTransfer;
    let removes = |op: &Op| op.missing.is_some();
    // without a sequence the count alone tells what is missing: what adds events hides it
    let hidden = (removes(first) && second.delta > 0) || (removes(second) && first.delta > 0);
    let both = [first, second];
    sequenced || !(hidden || both.iter().any(|op| op.name == "sequence-edited"))
}

/// The code of an op when something else is broken too.
fn code_of(honest: &Bundle, op: &Op) -> Code {
    match (honest.profile, op.missing) {
        (Profile::Qustody, Some(_)) => Code::ChainModifiedOrRemoved,
        _ => op.code,
    }
}

fn expect_of(honest: &Bundle, op: &Op, at: usize) -> Expect {
    let expect = Expect::fail_at(code_of(honest, op), (at + op.offset) as u64, "the first of two faults");
    match (honest.profile, op.missing) {
        (Profile::FileTransfer, Some(count)) => expect.missing(Missing::Exactly(count)),
        _ => expect,
    }
}

fn case(honest: &Bundle, name: String, edit: impl FnOnce(&mut Bundle), expect: Expect, breaks: Option<Vec<(Code, u64)>>) -> Case {
    let mut cases = Cases::new(honest.clone());
    cases.same(name, edit, expect);
    Case { breaks, ..cases.list.remove(0) }
}

fn apart(honest: &Bundle) -> Vec<Case> {
    let mut list = Vec::new();
    for first in &INNER {
        for second in INNER.iter().filter(|second| usable(honest, first, second)) {
            let edit = |bundle: &mut Bundle| {
                (second.apply)(bundle, LATE);
                (first.apply)(bundle, EARLY);
            };
            let later = (LATE + second.offset).checked_add_signed(first.delta).unwrap() as u64;
            let mut breaks = vec![(code_of(honest, first), (EARLY + first.offset) as u64), (code_of(honest, second), later)];
            if first.name == "swapped" && second.name == "swapped" {
                breaks.truncate(1);
            }
            list.push(case(honest, format!("{} + {}", first.name, second.name), edit, expect_of(honest, first, EARLY), Some(breaks)));
        }
    }
    list
}

/// A cut at one end, and something in the middle.
fn ends(honest: &Bundle, start: Start) -> Vec<Case> {
    let mut list = Vec::new();
    let sequenced = honest.profile == Profile::FileTransfer;
    let head = op("head-cut", |bundle, _| bundle.remove(0, 2), Code::ChainHeadCut, 1, -2);
    let tail = op("tail-cut", |bundle, _| drop(bundle.lines.pop()), Code::ChainTailCut, 0, -1);
    let missing = if sequenced && start == Start::First { Missing::Exactly(2) } else { Missing::AtLeast(1) };
    for inner in INNER.iter().filter(|inner| sequenced || usable(honest, inner, &head)) {
        let edit = |bundle: &mut Bundle| {
            (inner.apply)(bundle, LATE);
            (head.apply)(bundle, 0);
        };
        let expect = Expect::fail_at(Code::ChainHeadCut, 1, "cut at the start, and a fault later").missing(missing);
        let breaks = vec![(Code::ChainHeadCut, 1), (code_of(honest, inner), (LATE + inner.offset - 2) as u64)];
        list.push(case(honest, format!("head-cut + {}", inner.name), edit, expect, Some(breaks)));
    }
    for inner in INNER.iter().filter(|inner| sequenced || (inner.missing.is_none() && usable(honest, inner, &tail))) {
        let edit = |bundle: &mut Bundle| {
            (tail.apply)(bundle, 0);
            (inner.apply)(bundle, EARLY);
        };
        let last = (COUNT - 1).checked_add_signed(inner.delta).unwrap() as u64;
        let breaks = vec![(code_of(honest, inner), (EARLY + inner.offset) as u64), (Code::ChainTailCut, last)];
        list.push(case(honest, format!("{} + tail-cut", inner.name), edit, expect_of(honest, inner, EARLY), Some(breaks)));
    }
    let edit = |bundle: &mut Bundle| {
        (tail.apply)(bundle, 0);
        (head.apply)(bundle, 0);
    };
    let breaks = vec![(Code::ChainHeadCut, 1), (Code::ChainTailCut, COUNT as u64 - 3)];
    let expect = Expect::fail_at(Code::ChainHeadCut, 1, "cut at both ends").missing(missing);
    list.push(case(honest, "head-cut + tail-cut".to_owned(), edit, expect, (sequenced && start == Start::First).then_some(breaks)));
    list
}

fn touching(honest: &Bundle) -> Vec<Case> {
    const AT: usize = EARLY;
    type Touch = (&'static str, fn(&mut Bundle), Vec<(Code, u64)>);
    let sequenced = honest.profile == Profile::FileTransfer;
    let modified = |index: usize| (Code::ChainModified, index as u64 + 1);
    let both: [Touch; 7] = [
        ("two neighbours modified", |b| (AT..AT + 2).for_each(|index| b.alter(index)), vec![modified(AT), modified(AT + 1)]),
        ("modified, then relinked", |b| (b.alter(AT), b.unlink(AT + 2)).1, vec![modified(AT), (Code::ChainRelinked, AT as u64 + 3)]),
        ("relinked, then modified", |b| (b.unlink(AT), b.alter(AT + 1)).1, vec![(Code::ChainRelinked, AT as u64 + 1), modified(AT + 1)]),
        ("two swaps side by side", |b| (b.lines.swap(AT, AT + 1), b.lines.swap(AT + 2, AT + 3)).1, vec![(Code::ChainReordered, AT as u64 + 1)]),
        ("three replaced by one of another tenant", |b| (b.remove(AT, 3), b.insert(AT, b.foreign(1))).1, vec![(Code::ChainSpliced, AT as u64 + 1)]),
        ("start replaced by fewer of another tenant", |b| (b.remove(0, 3), b.insert(0, b.foreign(1))).1, vec![(Code::ChainSpliced, 1)]),
        (
            "end replaced by fewer of another tenant",
            |b| (b.remove(COUNT - 3, 3), b.lines.extend(b.foreign(1))).1,
            vec![(Code::ChainSpliced, COUNT as u64 - 2)],
        ),
    ];
    let mut list = Vec::new();
    for (name, edit, breaks) in both {
        let expect = Expect::fail_at(breaks[0].0, breaks[0].1, "two faults that touch");
        list.push(case(honest, name.to_owned(), edit, expect, Some(breaks)));
    }
    let edit = |bundle: &mut Bundle| {
        bundle.remove(COUNT - 2, 2);
        append(bundle, 1);
    };
    let expect =
        Expect::fail_at(Code::ChainTailCut, COUNT as u64 - 1, "the last two events were replaced by one forged").missing(Missing::Exactly(1));
    list.push(case(honest, "end replaced by fewer forged".to_owned(), edit, expect, None));
    if sequenced {
        let edit = |bundle: &mut Bundle| {
            bundle.alter(AT);
            bundle.remove(AT + 1, 1);
        };
        let expect =
            Expect::fail_at(Code::ChainRemoved, AT as u64 + 2, "removed, and the event before it is unconfirmed").missing(Missing::Exactly(1));
        list.push(case(honest, "modified, then removed".to_owned(), edit, expect, Some(vec![(Code::ChainRemoved, AT as u64 + 2)])));
    }
    list
}
