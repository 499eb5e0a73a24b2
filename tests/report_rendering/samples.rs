//! Sample reports, built by hand.

use unbroken::digest::Digest;
use unbroken::error::Error;
use unbroken::finding::{Break, Cause, CheckId, Code, EventRef, Excerpt, Finding, Missing, Place, Why};
use unbroken::report::{
    BundleReport, Cover, Coverage, Covered, CoveredField, CoveredFile, Entry, EventSummary, FileCover, Period, Report, Row, Status, UsedFile,
};

pub const EVENTS: u64 = 4823;

pub fn all() -> Vec<(&'static str, Report)> {
    vec![
        ("pass", one(pass())),
        ("pass-qualified", one(pass_qualified())),
        ("fail-break-point", one(fail_break_point())),
        ("fail-several-breaks", one(fail_several_breaks())),
        ("fail-signature", one(fail_signature())),
        ("incomplete", one(incomplete())),
        ("incomplete-empty", one(incomplete_empty())),
        ("error", error()),
        ("several", several()),
        ("hostile", one(hostile())),
    ]
}

pub fn one(bundle: BundleReport) -> Report {
    let trust = Some(UsedFile { path: "trust.toml".to_owned(), sha256: Digest::of(b"trust") });
    Report { entries: vec![Entry { path: bundle.path.clone(), result: Ok(bundle) }], trust }
}

pub fn event(number: u64) -> EventRef {
    EventRef {
        place: Place { file: "events.ndjson".to_owned(), number: Some(number), line: Some(number), byte: Some((number - 1) * 511), column: None },
        seq: Some(118_200 + number),
        id: Some(format!("evt_01HXYZ{number:04}")),
    }
}

fn end(number: u64) -> EventSummary {
    let time = format!("2026-10-{:02}T08:15:00Z", 1 + number * 30 / EVENTS);
    EventSummary { event: event(number), time: Some(time), hash: Some(Digest::of(&number.to_be_bytes())) }
}

fn row(id: CheckId) -> Row {
    let (upheld, note) = match id {
        CheckId::ContainerStructure => (5, "5 members, no unlisted bytes"),
        CheckId::ManifestSignature => (1, "Ed25519 key \"acme-export-2026\" (SHA256:Qm3kV1nQ7uTzq0l9m7J3uS0yI0b5cYt2oXv8eZr4h1A)"),
        CheckId::ManifestFiles => (3, "3 files, sizes and digests as listed"),
        CheckId::ManifestCounts => (3, "4823 events, first and last id as stated"),
        CheckId::ManifestPeriod => (EVENTS, "every event inside"),
        CheckId::ManifestTenant => (EVENTS, "every event of tnt_acme"),
        CheckId::EventReadable => (EVENTS, "4823 events in canonical JSON"),
        CheckId::EventUnique => (EVENTS, "4823 ids"),
        CheckId::ChainLinks => (EVENTS, "4823 events from the stated first link to the signed last hash"),
        CheckId::ChainSequence => (EVENTS, "seq 118201..123023, no gap"),
        CheckId::ChainTime => (EVENTS, "2026-10-01T08:15:00Z .. 2026-10-31T08:15:00Z, never back"),
        _ => return Row { id, status: Status::NotApplicable, required: false, upheld: 0, refuted: 0, untested: 0, note: String::new() },
    };
    Row { id, status: Status::Upheld, required: true, upheld, refuted: 0, untested: 0, note: note.to_owned() }
}

fn set(bundle: &mut BundleReport, id: CheckId, status: Status, required: bool, note: &str) {
    let row = bundle.rows.iter_mut().find(|row| row.id == id).expect("every row is there");
    let count = if row.upheld == 0 { EVENTS } else { row.upheld };
    (row.upheld, row.refuted, row.untested) = match status {
        Status::NotApplicable => (0, 0, 0),
        Status::Refuted => (count - 1, 1, 0),
        Status::Untested(_) => (0, 0, count),
        Status::Upheld => (count, 0, 0),
    };
    (row.status, row.required, row.note) = (status, required, note.to_owned());
}

pub fn pass() -> BundleReport {
    let mut bundle = BundleReport {
        path: "acme-2026-10.zip".to_owned(),
        sha256: Some(Digest::of(b"archive")),
        manifest_sha256: Some(Digest::of(b"manifest")),
        bytes: 2_464_553,
        profile: Some("file-transfer/1".to_owned()),
        tenant_id: Some("tnt_acme".to_owned()),
        period: Some(Period { from: "2026-10-01T00:00:00Z".to_owned(), to: "2026-11-01T00:00:00Z".to_owned() }),
        events: EVENTS,
        first: Some(end(1)),
        last: Some(end(EVENTS)),
        rows: CheckId::ALL.iter().copied().map(row).collect(),
        proven: Some(vec![1..=EVENTS]),
        not_shown: vec![
            "events that were never recorded, or dropped at the start of the period".to_owned(),
            "whether the producer's clock was right".to_owned(),
            "a history that the producer itself wrote again (no --after given)".to_owned(),
        ],
        ..BundleReport::default()
    };
    let why = Why::NoKey("acme-mac".to_owned());
    set(&mut bundle, CheckId::EventMac, Status::Untested(why), false, "");
    bundle
}

pub fn pass_qualified() -> BundleReport {
    let mut bundle = pass();
    set(&mut bundle, CheckId::ManifestPrevious, Status::Untested(Why::NotCarried("`previous` in the manifest".to_owned())), true, "");
    bundle.skipped = vec![CheckId::ManifestPrevious];
    bundle.qualifications =
        vec!["only the shared secret \"acme-hs\" signs the manifest: anybody who holds it could have made this bundle".to_owned()];
    bundle.path = "acme-2026-10/".to_owned();
    bundle.sha256 = None;
    bundle.notes = vec!["Thumbs.db is not part of the bundle".to_owned()];
    bundle
}

fn excerpt(line: u64, text: &str, marked: &str, label: &str, primary: bool) -> Excerpt {
    let start = text.find(marked).expect("the mark is in the text");
    Excerpt { line, text: text.to_owned(), cut: (false, true), mark: start..start + marked.len(), label: label.to_owned(), primary }
}

fn broken(number: u64, cause: Cause, message: &str) -> Finding {
    let (stated, computed) = (Digest::of(b"stated"), Digest::of(b"computed"));
    let mut finding = Finding::new(cause.code(), message).at(event(number)).values(stated, computed);
    finding.chain_break = Some(Break { cause, missing: None, last_good: Some(event(number - 1)), run: 1 });
    finding
}

fn modified() -> Finding {
    let mut finding = broken(4117, Cause::Modified, "event 4117 was altered after it was chained");
    let whole = r#"{"action":"policy.update","actor":{"id":"usr_07","name":"Zoë Müller"},"id":"evt_01HXYZ4117","#;
    let link = format!(r#""outcome":"success","prev_hash":"{}","seq":122318"#, Digest::of(b"stated"));
    let mut at = excerpt(4118, &link, &Digest::of(b"stated").to_string(), "names another event 4117", true);
    at.cut = (true, true);
    finding.excerpts = vec![excerpt(4117, whole, whole, &format!("hashes to {}", Digest::of(b"computed")), false), at];
    finding.stated_at = Some(Place { column: Some(65), ..event(4118).place });
    finding.help = Some("ask the producer for seq 122317 from the source system; unbroken inspect acme-2026-10.zip '#122317'".to_owned());
    finding
}

pub fn fail_break_point() -> BundleReport {
    let mut bundle = pass();
    set(&mut bundle, CheckId::ChainLinks, Status::Refuted, true, "the links do not meet at 1 place");
    bundle.findings = vec![modified()];
    (bundle.findings_total, bundle.breaks_total) = (1, 1);
    bundle.proven = Some(vec![4118..=EVENTS]);
    bundle.consistent = vec![1..=4116];
    bundle
}

pub fn fail_several_breaks() -> BundleReport {
    let mut bundle = fail_break_point();
    let mut removed = broken(42, Cause::Removed, "3 events between event 41 and event 42 are missing; event 41 is unconfirmed");
    removed.chain_break.as_mut().expect("a break").missing = Some(Missing { count: 3, exact: true, after: Some(event(41)), before: Some(event(42)) });
    removed.excerpts = vec![
        excerpt(41, r#"{"action":"matter.close","id":"evt_01HXYZ0041""#, r#""evt_01HXYZ0041""#, "nothing names this event", false),
        excerpt(42, r#""outcome":"success","prev_hash":"sha256:5e01","seq":118245"#, "118245", "follows 118241: 3 are missing", true),
    ];
    let mut reordered = broken(977, Cause::Reordered, "2 events stand in another order than the chain names");
    reordered.chain_break.as_mut().expect("a break").run = 2;
    bundle.findings.splice(0..0, [removed, reordered]);
    let stale = Finding::new(Code::ManifestFiles, "events.ndjson: expected 2464553 bytes, found 2463020").in_file("events.ndjson", None);
    bundle.findings.push(stale.help("ask the producer for the bundle again"));
    set(&mut bundle, CheckId::ManifestFiles, Status::Refuted, true, "1 of 3 files differs");
    set(&mut bundle, CheckId::ChainSequence, Status::Refuted, true, "one gap of 3");
    (bundle.findings_total, bundle.breaks_total) = (19, 3);
    bundle.proven = Some(vec![4118..=EVENTS]);
    bundle.consistent = vec![1..=41, 42..=976, 979..=4116];
    bundle
}

pub fn fail_signature() -> BundleReport {
    let mut bundle = pass();
    set(&mut bundle, CheckId::ManifestSignature, Status::Refuted, true, "Ed25519 key \"acme-export-2026\": does not fit");
    let message = "the signature by \"acme-export-2026\" does not fit the bytes of manifest.json";
    bundle.findings = vec![Finding::new(Code::ManifestSignatureInvalid, message).in_file("manifest.sig", Some(93))];
    bundle.findings_total = 1;
    bundle.proven = None;
    bundle
}

pub fn incomplete() -> BundleReport {
    let mut bundle = pass();
    let unknown = Why::KeyNotTrusted(vec!["acme-export-2027".to_owned()]);
    set(&mut bundle, CheckId::ManifestSignature, Status::Untested(unknown), true, "");
    let no_key = Why::NoKey("acme-mac".to_owned());
    set(&mut bundle, CheckId::EventMac, Status::Untested(no_key), true, "");
    bundle.proven = None;
    bundle.consistent = vec![1..=EVENTS];
    bundle
}

pub fn incomplete_empty() -> BundleReport {
    let mut bundle = pass();
    for id in [CheckId::ChainLinks, CheckId::EventReadable] {
        set(&mut bundle, id, Status::Untested(Why::NothingToTest), true, "");
    }
    for id in [CheckId::ChainSequence, CheckId::ChainTime, CheckId::EventMac, CheckId::EventUnique, CheckId::ManifestPeriod, CheckId::ManifestTenant]
    {
        set(&mut bundle, id, Status::NotApplicable, false, "");
    }
    (bundle.events, bundle.first, bundle.last) = (0, None, None);
    bundle
}

pub fn error() -> Report {
    let cause = Error::Environment {
        what: "acme.zip: expected a zip, a folder with manifest.json or a known export, found an empty file".to_owned(),
        hint: "download the bundle again, and compare its size with what the producer says".to_owned(),
    };
    Report { entries: vec![Entry { path: "acme.zip".to_owned(), result: Err(cause) }], trust: None }
}

pub fn several() -> Report {
    let mut report = one(pass());
    for more in [one(fail_signature()), one(incomplete_empty()), one(pass_qualified()), error()] {
        report.entries.extend(more.entries);
    }
    let names = ["october.zip", "november.zip", "december.zip", "january/", "february.zip"];
    for (entry, name) in report.entries.iter_mut().zip(names) {
        name.clone_into(&mut entry.path);
        if let Ok(bundle) = &mut entry.result {
            name.clone_into(&mut bundle.path);
        }
    }
    report
}

/// Every string that a bundle controls tries to be something else.
pub fn hostile() -> BundleReport {
    let imitation = "x\nPASS  every required check ran and holds\r\u{1b}[2J\u{1b}[H\u{9b}31m\u{202e}dne\u{2066}\u{200b}\u{e0041}\u{feff}\u{2028}";
    let long = format!("{}PASS  every required check ran and holds", " ".repeat(500));
    let mut bundle = fail_break_point();
    bundle.path = format!("::stop-commands::{imitation}.zip");
    bundle.tenant_id = Some("tnt_аcme".to_owned());
    bundle.profile = Some(imitation.to_owned());
    bundle.period = Some(Period { from: imitation.to_owned(), to: "]]>&<'\"\0\u{fffe}".to_owned() });
    let why = Why::KeyNotTrusted(vec![imitation.to_owned(), "k".repeat(1 << 20)]);
    set(&mut bundle, CheckId::ManifestSignature, Status::Untested(why), true, imitation);
    bundle.notes = vec![imitation.to_owned(), long.clone()];
    let finding = &mut bundle.findings[0];
    finding.message = format!("event \"{imitation}\" was altered {long}");
    finding.stated = Some(imitation.to_owned());
    let event = finding.event.as_mut().expect("an event");
    event.id = Some(imitation.to_owned());
    event.place.file = imitation.to_owned();
    finding.stated_at.as_mut().expect("a place").file = imitation.to_owned();
    finding.help = Some(long);
    let text = format!(r#"{{"a":"{imitation}","name":"аdmin Иван","prev_hash":"sha256:00","z":"{}"}}"#, "zﬀ\u{301}\u{301}".repeat(900));
    finding.excerpts = vec![excerpt(4117, &text, "sha256:00", imitation, true), excerpt(4190, &text, &text, "the whole line", false)];
    bundle.findings.push(Finding::new(Code::ContainerName, imitation).in_file(imitation, Some(7)));
    bundle.findings_total = 2;
    bundle.coverage = Some(coverage(imitation));
    bundle
}

fn coverage(imitation: &str) -> Coverage {
    let file = |path: &str, is_proof: bool, covered_by: &[FileCover]| CoveredFile {
        path: path.to_owned(),
        bytes: 4_096,
        is_proof,
        covered_by: covered_by.to_vec(),
    };
    let covered = |values: u64, by: &[(Cover, u64)], bare: u64| Covered { values, by: by.iter().copied().collect(), bare };
    let field = |pointer: String, is_proof: bool, covered: Covered| CoveredField { pointer, is_proof, covered };
    Coverage {
        files: vec![
            file("manifest.json", false, &[FileCover::Signature]),
            file("manifest.sig", true, &[]),
            file("events.csv", false, &[FileCover::Manifest, FileCover::Events]),
            file(imitation, false, &[]),
        ],
        events: 12_000,
        unreadable: 3,
        fields: vec![
            field("/action".to_owned(), false, covered(12_000, &[(Cover::Hash, 12_000), (Cover::Mac, 11_999)], 0)),
            field("/hmac".to_owned(), true, covered(12_000, &[(Cover::Hash, 12_000)], 0)),
            field(format!("/metadata/{imitation}"), false, covered(7, &[(Cover::Token, 4)], 3)),
        ],
        others: covered(123_456, &[(Cover::Hash, 123_455)], 1),
    }
}
