//! A bundle of 200 events with one event taken out, written twice, or in its neighbour's place: the right cause, event and number of missing ones.

use std::fs;

use unbroken::finding::{Cause, CheckId, Code, Finding};
use unbroken::report::{BundleReport, Status, Verdict};
use unbroken::trust::Trust;
use unbroken::verify::{Quiet, Request, verify};

use crate::forge::bundle::{Bundle, Start};
use crate::forge::container::{Archive, Method};
use crate::forge::record::{Profile, Proof};
use crate::{Desk, spread};

const COUNT: usize = 200;

/// What is done to the event at an index.
#[derive(Clone, Copy, Debug)]
enum Edit {
    CopyBehind(usize),
    CopyToTheEnd(usize),
    Delete(usize),
    SwapWithNext(usize),
}

impl Edit {
    fn all() -> Vec<Self> {
        let single = (0..COUNT).flat_map(|index| [Self::CopyBehind(index), Self::CopyToTheEnd(index), Self::Delete(index)]);
        single.chain((0..COUNT - 1).map(Self::SwapWithNext)).collect()
    }

    fn apply(self, bundle: &mut Bundle) {
        match self {
            Self::CopyBehind(index) => bundle.insert(index + 1, [bundle.lines[index].clone()]),
            Self::CopyToTheEnd(index) => bundle.insert(COUNT, [bundle.lines[index].clone()]),
            Self::Delete(index) => bundle.remove(index, 1),
            Self::SwapWithNext(index) => bundle.lines.swap(index, index + 1),
        }
    }

    /// Cause, number of the event, how many are missing.
    fn expected(self) -> (Cause, usize, Option<u64>) {
        match self {
            Self::CopyBehind(index) => (Cause::Duplicated, index + 2, None),
            Self::CopyToTheEnd(_) => (Cause::Duplicated, COUNT + 1, None),
            Self::Delete(0) => (Cause::HeadCut, 1, Some(1)),
            Self::Delete(index) if index == COUNT - 1 => (Cause::TailCut, COUNT - 1, Some(1)),
            Self::Delete(index) => (Cause::Removed, index + 1, Some(1)),
            Self::SwapWithNext(index) => (Cause::Reordered, index + 1, None),
        }
    }
}

/// How the manifest stands to the edited events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manifest {
    /// Digests and sizes of the files refreshed and signed again; count and hashes as they were.
    SignedAgain,
    /// As it was.
    Stale,
}

fn missing(finding: &Finding) -> Option<(u64, bool)> {
    finding.chain_break.as_ref()?.missing.as_ref().map(|missing| (missing.count, missing.exact))
}

/// What the report says otherwise than it should.
fn complaint(report: &BundleReport, edit: Edit, manifest: Manifest) -> Option<String> {
    let (cause, event, count) = edit.expected();
    let breaks: Vec<_> = report.findings.iter().filter(|finding| finding.chain_break.is_some()).collect();
    let found: Vec<_> = breaks
        .iter()
        .map(|finding| {
            (
                finding.chain_break.as_ref().map(|found| found.cause),
                finding.code,
                finding.event.as_ref().and_then(|event| event.place.number),
                missing(finding),
            )
        })
        .collect();
    let expected = vec![(Some(cause), cause.code(), Some(event as u64), count.map(|count| (count, true)))];
    let stale = report.findings.iter().any(|finding| finding.code == Code::ManifestFiles);
    let links = report.row(CheckId::ChainLinks).map(|row| row.status.clone());
    let right = found == expected
        && report.breaks_total == 1
        && report.break_point().is_some_and(|first| first.chain_break.is_some())
        && report.verdict() == Verdict::Fail
        && links == Some(Status::Refuted)
        && stale == (manifest == Manifest::Stale);
    (!right).then(|| {
        format!(
            "expected {expected:?}, found {found:?}; {} breaks, chain.links {links:?}, {}, files stale: {stale}",
            report.breaks_total,
            report.verdict().name()
        )
    })
}

/// A name, and what the auditor trusts.
type Keys = (&'static str, fn(&Desk) -> &Trust);

fn run(honest: &Bundle, keys: &[Keys]) {
    let desk = Desk::new();
    let edits = Edit::all();
    let said = spread(&desk, &edits, |edit, folder| {
        let mut tampered = honest.clone();
        edit.apply(&mut tampered);
        let mut wrong = Vec::new();
        for manifest in [Manifest::Stale, Manifest::SignedAgain] {
            let files = if manifest == Manifest::Stale { tampered.sealed_as(honest) } else { tampered.sealed() };
            let path = folder.join("bundle.zip");
            fs::write(&path, Archive::of(&files, Method::Stored).bytes()).unwrap();
            for (name, trust) in keys {
                let report = verify(std::slice::from_ref(&path), &Request::new(trust(&desk)), &Quiet).unwrap();
                wrong.extend(complaint(&report, *edit, manifest).map(|complaint| format!("{edit:?} / {manifest:?} / {name}: {complaint}")));
            }
        }
        wrong
    });
    let wrong: Vec<String> = said.into_iter().flatten().collect();
    let some: Vec<&String> = wrong.iter().take(20).collect();
    assert!(wrong.is_empty(), "{} edits with another answer, the first ones: {some:#?}", wrong.len());
}

const PLAIN: Keys = ("plain", |desk| &desk.plain);
const KEYED: Keys = ("keyed", |desk| &desk.keyed);

#[test]
fn no_event_of_a_file_transfer_log_from_genesis() {
    run(&Bundle::honest(Profile::FileTransfer, Start::First, COUNT, Proof::Mac), &[PLAIN, KEYED]);
}

#[test]
fn no_event_of_a_file_transfer_log_from_the_middle() {
    run(&Bundle::honest(Profile::FileTransfer, Start::Middle, COUNT, Proof::Mac), &[PLAIN, KEYED]);
}

#[test]
fn no_event_of_a_qustody_log() {
    run(&Bundle::honest(Profile::Qustody, Start::Middle, COUNT, Proof::None), &[PLAIN]);
}

#[test]
fn no_entry_of_a_qustody_log_from_its_start() {
    run(&Bundle::honest(Profile::Qustody, Start::First, COUNT, Proof::None), &[PLAIN]);
}
