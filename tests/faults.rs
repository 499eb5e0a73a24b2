//! Every break of the chain: at each place, with and without keys, with a stale manifest and with one that was signed again, alone and in pairs.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic, reason = "test code")]

#[path = "forge/mod.rs"]
mod forge;

use std::fs;
use std::path::{Path, PathBuf};

use forge::bundle::{ACME, Start};
use forge::container::{Archive, Files, Method};
use forge::expect::{At, Expect, Missing};
use forge::keys::tenant_key;
use forge::matrix::{Case, singles};
use forge::pairs::pairs;
use forge::record::{Profile, Proof};
use forge::trust::TrustFile;
use unbroken::bundle::Limits;
use unbroken::finding::{Code, Finding};
use unbroken::report::BundleReport;
use unbroken::trust::Trust;
use unbroken::verify::{Quiet, Request, verify};

/// A temporary folder with the auditor's files in it.
struct Desk {
    folder: tempfile::TempDir,
    plain: Trust,
    keyed: Trust,
}

impl Desk {
    fn new(proof: Proof) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("trust.toml"), TrustFile::standard().text()).unwrap();
        fs::write(path("events-key-unknown.toml"), TrustFile::standard().without("acme-events").text()).unwrap();
        fs::write(path("acme-mac.key"), tenant_key(ACME)).unwrap();
        let plain = Trust::read(&path(if proof == Proof::Signature { "events-key-unknown.toml" } else { "trust.toml" })).unwrap();
        let mut keyed = Trust::read(&path("trust.toml")).unwrap();
        if proof != Proof::Signature {
            keyed.add_mac_key(&format!("acme-mac={}", path("acme-mac.key").display())).unwrap();
        }
        Self { folder, plain, keyed }
    }

    fn put(&self, name: &str, files: &Files) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, Archive::of(files, Method::Stored).bytes()).unwrap();
        path
    }
}

fn report(path: &Path, trust: &Trust, jobs: usize) -> BundleReport {
    let limits = Limits { max_unpacked: 1 << 30, max_ratio: 10_000, max_events: 1_000_000, max_entries: 64, max_stdin: 1 << 30 };
    let request = Request { limits, jobs, max_findings: 1000, ..Request::new(trust) };
    verify(&[path.to_owned()], &request, &Quiet).unwrap()
}

fn place(finding: &Finding) -> (Code, Option<u64>) {
    (finding.code, finding.event.as_ref().and_then(|event| event.place.number))
}

fn compare(report: &BundleReport, expect: &Expect, breaks: Option<&[(Code, u64)]>) -> Vec<String> {
    let mut wrong = Vec::new();
    let found = report.break_point();
    let (code, number) = found.map_or((None, None), |finding| (Some(finding.code), place(finding).1));
    let at = match expect.at {
        At::Any => true,
        At::Nowhere => number.is_none(),
        At::Event(event) => number == Some(event),
    };
    if !at || !code.is_some_and(|code| expect.codes.contains(&code)) {
        wrong.push(format!("expected {:?} @ {:?}, found {code:?} @ {number:?}", expect.codes, expect.at));
    }
    let missing = found.and_then(|finding| finding.chain_break.as_ref()?.missing.as_ref()).map(|missing| (missing.count, missing.exact));
    let right = match expect.missing {
        None => true,
        Some(Missing::Null) => missing.is_none(),
        Some(Missing::Exactly(count)) => missing == Some((count, true)),
        Some(Missing::AtLeast(count)) => missing == Some((count, false)),
    };
    if !right {
        wrong.push(format!("expected missing {:?}, found {missing:?}", expect.missing));
    }
    let all: Vec<(Code, Option<u64>)> = report.findings.iter().filter(|finding| finding.chain_break.is_some()).map(place).collect();
    if let Some(breaks) = breaks {
        let expected: Vec<(Code, Option<u64>)> = breaks.iter().map(|(code, number)| (*code, Some(*number))).collect();
        if all != expected {
            wrong.push(format!("expected the breaks {expected:?}, found {all:?}"));
        }
    }
    wrong
}

/// Runs all cases of one kind; says which of them are answered otherwise.
fn run(kind: &str, cases: &[Case], proof: Proof) -> Vec<String> {
    let desk = Desk::new(proof);
    let mut wrong = Vec::new();
    for case in cases {
        for (state, files) in [("stale", case.tampered.sealed_as(&case.honest)), ("signed again", case.tampered.sealed())] {
            let path = desk.put("bundle.zip", &files);
            let runs = [("plain", &desk.plain, Some(&case.plain)), ("keyed", &desk.keyed, case.keyed.as_ref())];
            for (key, trust, expect) in runs {
                let Some(expect) = expect else { continue };
                let report = report(&path, trust, 1);
                // with the key, what the format lets an HMAC say of a second break is not worth a claim
                let breaks = if key == "plain" { case.breaks.as_deref() } else { None };
                let mut complaints = compare(&report, expect, breaks);
                let stale = report.findings.iter().any(|finding| finding.code == Code::ManifestFiles);
                if stale != (state == "stale") {
                    complaints.push(format!("expected manifest.files {}, found {stale}", state == "stale"));
                }
                if complaints.is_empty() && report.verdict().exit_code() != 1 {
                    complaints.push(format!("expected exit 1, found {}", report.verdict().exit_code()));
                }
                wrong.extend((!complaints.is_empty()).then(|| format!("{kind} / {} / {state} / {key}: {}", case.name, complaints.join("; "))));
            }
        }
    }
    wrong
}

fn assert_none(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} cases with another answer:\n{}", wrong.len(), wrong.join("\n"));
}

const KINDS: [(&str, Profile, Start, Proof); 5] = [
    ("transfer from genesis", Profile::FileTransfer, Start::First, Proof::Mac),
    ("transfer from the middle", Profile::FileTransfer, Start::Middle, Proof::Mac),
    ("transfer with signatures", Profile::FileTransfer, Start::Middle, Proof::Signature),
    ("entries from the start", Profile::Qustody, Start::First, Proof::None),
    ("entries from the middle", Profile::Qustody, Start::Middle, Proof::None),
];

#[test]
fn single_faults() {
    let all = KINDS.iter().flat_map(|(kind, profile, start, proof)| run(kind, &singles(*profile, *start, *proof), *proof));
    assert_none(&all.collect::<Vec<_>>());
}

#[test]
fn pairs_of_faults() {
    let all = KINDS.iter().flat_map(|(kind, profile, start, proof)| run(kind, &pairs(*profile, *start, *proof), *proof));
    assert_none(&all.collect::<Vec<_>>());
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let desk = Desk::new(Proof::Mac);
    for case in singles(Profile::FileTransfer, Start::First, Proof::Mac) {
        let path = desk.put("bundle.zip", &case.tampered.sealed());
        assert_eq!(report(&path, &desk.keyed, 1), report(&path, &desk.keyed, 7), "{}", case.name);
    }
}
