//! The report for machines: `unbroken-report/1`, frozen. Its shape is `spec/report.schema.json`, its words are in `spec/report.md`.
//!
//! These structs are the format: they are not the inner types, and a change of those must not show here. Every key is always there; what does not
//! apply is null or an empty list. Strings of the bundle stand as they are, but whatever a terminal could act on is a `\u` escape.

mod comparison;
mod coverage;
pub(super) mod escape;
mod inspection;
mod passkeys;
mod trouble;
mod whereabouts;

use serde::Serialize;

pub use self::comparison::comparison;
use self::coverage::Coverage;
use self::passkeys::Passkeys;
use self::trouble::Trouble;
use self::whereabouts::{At, Event, Gap, Name, Range, at, event, gap, name, ranges};

pub use self::inspection::inspection;

use super::model::{BundleReport, Entry, EventSummary, Report, Row, Status, UsedFile};
use crate::finding::{Break, Finding};

/// The JSON report, indented, with a final line feed. The same report gives the same bytes.
pub fn json(report: &Report, tool_version: &str) -> String {
    let document = Document {
        schema: super::SCHEMA_NAME,
        tool: Tool { name: "unbroken", version: tool_version },
        verdict: report.verdict().map(super::Verdict::name),
        exit_code: report.exit_code(),
        trust: report.trust.as_ref().map(used),
        bundles: report.entries.iter().map(bundle).collect(),
    };
    escape::to_string(&document)
}

#[derive(Serialize)]
struct Document<'r> {
    schema: &'static str,
    tool: Tool<'r>,
    verdict: Option<&'static str>,
    exit_code: u8,
    trust: Option<Used<'r>>,
    bundles: Vec<Bundle<'r>>,
}

#[derive(Serialize)]
pub(super) struct Tool<'r> {
    pub(super) name: &'static str,
    pub(super) version: &'r str,
}

#[derive(Serialize)]
struct Used<'r> {
    path: &'r str,
    sha256: String,
}

#[derive(Serialize, Default)]
struct Bundle<'r> {
    path: &'r str,
    kind: Option<&'static str>,
    sha256: Option<String>,
    files: Vec<File<'r>>,
    manifest_sha256: Option<String>,
    bytes: Option<u64>,
    verdict: Option<&'static str>,
    error: Option<Trouble>,
    qualified: bool,
    skipped: Vec<&'static str>,
    qualifications: &'r [String],
    profile: Option<&'r str>,
    profile_file: Option<Used<'r>>,
    tenant_id: Option<&'r str>,
    period: Option<Period<'r>>,
    events: Option<u64>,
    first: Option<End<'r>>,
    last: Option<End<'r>>,
    checks: Vec<Check<'r>>,
    break_point: Option<BreakPoint<'r>>,
    findings: Vec<Found<'r>>,
    findings_total: u64,
    breaks_total: u64,
    proven: Option<Vec<Range>>,
    consistent: Vec<Range>,
    passkeys: Option<Passkeys>,
    coverage: Option<Coverage<'r>>,
    notes: &'r [String],
    not_shown: &'r [String],
}

#[derive(Serialize)]
struct File<'r> {
    path: &'r str,
    bytes: u64,
    sha256: String,
}

#[derive(Serialize)]
struct Period<'r> {
    from: &'r str,
    to: &'r str,
}

#[derive(Serialize)]
struct End<'r> {
    number: Option<u64>,
    seq: Option<u64>,
    id: Option<&'r str>,
    time: Option<&'r str>,
    hash: Option<String>,
}

#[derive(Serialize)]
struct Check<'r> {
    id: &'static str,
    status: &'static str,
    required: bool,
    upheld: u64,
    refuted: u64,
    untested: u64,
    reason: Option<String>,
    note: &'r str,
}

#[derive(Serialize)]
struct BreakPoint<'r> {
    code: &'static str,
    cause: Option<&'static str>,
    event: Option<Event<'r>>,
    stated: Option<&'r str>,
    computed: Option<&'r str>,
    stated_at: Option<At<'r>>,
    missing: Option<Gap<'r>>,
    last_good: Option<Name<'r>>,
}

#[derive(Serialize)]
struct Found<'r> {
    code: &'static str,
    check: &'static str,
    message: &'r str,
    event: Option<Event<'r>>,
    place: Option<At<'r>>,
    stated: Option<&'r str>,
    computed: Option<&'r str>,
    stated_at: Option<At<'r>>,
    #[serde(rename = "break")]
    chain_break: Option<ChainBreak<'r>>,
    help: Option<&'r str>,
}

#[derive(Serialize)]
struct ChainBreak<'r> {
    cause: &'static str,
    missing: Option<Gap<'r>>,
    last_good: Option<Name<'r>>,
    run: u64,
}

fn used(UsedFile { path, sha256 }: &UsedFile) -> Used<'_> {
    Used { path, sha256: sha256.to_string() }
}

fn bundle(entry: &Entry) -> Bundle<'_> {
    match &entry.result {
        Ok(report) => verified(report),
        Err(error) => Bundle { path: &entry.path, error: Some(Trouble::of(error)), ..Bundle::default() },
    }
}

fn verified(report: &BundleReport) -> Bundle<'_> {
    Bundle {
        path: &report.path,
        kind: Some(report.kind.name()),
        sha256: report.sha256.map(|digest| digest.to_string()),
        files: report.files.iter().map(|file| File { path: &file.path, bytes: file.bytes, sha256: file.sha256.to_string() }).collect(),
        manifest_sha256: report.manifest_sha256.map(|digest| digest.to_string()),
        bytes: Some(report.bytes),
        verdict: Some(report.verdict().name()),
        error: None,
        qualified: report.qualified(),
        skipped: report.skipped.iter().map(|check| check.id()).collect(),
        qualifications: &report.qualifications,
        profile: report.profile.as_deref(),
        profile_file: report.profile_file.as_ref().map(used),
        tenant_id: report.tenant_id.as_deref(),
        period: report.period.as_ref().map(|period| Period { from: &period.from, to: &period.to }),
        events: Some(report.events),
        first: report.first.as_ref().map(end),
        last: report.last.as_ref().map(end),
        checks: report.rows.iter().map(check).collect(),
        break_point: report.break_point().map(break_point),
        findings: report.findings.iter().map(found).collect(),
        findings_total: report.findings_total,
        breaks_total: report.breaks_total,
        proven: report.proven.as_deref().map(ranges),
        consistent: ranges(&report.consistent),
        passkeys: report.passkeys.as_ref().map(Passkeys::of),
        coverage: report.coverage.as_ref().map(Coverage::of),
        notes: &report.notes,
        not_shown: &report.not_shown,
    }
}

fn end(end: &EventSummary) -> End<'_> {
    let Name { number, seq, id } = name(&end.event);
    End { number, seq, id, time: end.time.as_deref(), hash: end.hash.map(|hash| hash.to_string()) }
}

fn check(row: &Row) -> Check<'_> {
    let (status, reason) = match &row.status {
        Status::NotApplicable => ("not-applicable", None),
        Status::Refuted => ("refuted", None),
        Status::Untested(why) => ("untested", Some(why.to_string())),
        Status::Upheld => ("upheld", None),
    };
    let Row { id, required, upheld, refuted, untested, ref note, .. } = *row;
    Check { id: id.id(), status, required, upheld, refuted, untested, reason, note }
}

fn break_point(finding: &Finding) -> BreakPoint<'_> {
    let chain_break = finding.chain_break.as_ref();
    BreakPoint {
        code: finding.code.name(),
        cause: chain_break.map(|chain_break| chain_break.cause.name()),
        event: finding.event.as_ref().map(event),
        stated: finding.stated.as_deref(),
        computed: finding.computed.as_deref(),
        stated_at: finding.stated_at.as_ref().map(at),
        missing: chain_break.and_then(|chain_break| chain_break.missing.as_ref()).map(gap),
        last_good: chain_break.and_then(|chain_break| chain_break.last_good.as_ref()).map(name),
    }
}

fn found(finding: &Finding) -> Found<'_> {
    Found {
        code: finding.code.name(),
        check: finding.code.check().id(),
        message: &finding.message,
        event: finding.event.as_ref().map(event),
        place: finding.place.as_ref().map(at),
        stated: finding.stated.as_deref(),
        computed: finding.computed.as_deref(),
        stated_at: finding.stated_at.as_ref().map(at),
        chain_break: finding.chain_break.as_ref().map(chain_break),
        help: finding.help.as_deref(),
    }
}

fn chain_break(found: &Break) -> ChainBreak<'_> {
    ChainBreak { cause: found.cause.name(), missing: found.missing.as_ref().map(gap), last_good: found.last_good.as_ref().map(name), run: found.run }
}
