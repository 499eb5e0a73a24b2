//! From typed words to a plan: the trust file is read, keys are loaded, report files are known to be writable, inputs are told apart. Whatever the
//! user got wrong is said here, before the first byte of a bundle is looked at.

use std::env;
use std::path::{Path, PathBuf};
use std::thread;

use etcetera::BaseStrategy as _;

use super::args::{ExpectArgs, InspectArgs, LimitArgs, OutputArgs, PolicyArgs, TrustArgs, VerifyArgs, WholeArgs};
use super::files::{self, Existing, ReportFile};
use super::inputs::{self, Input};
use super::values::Format;
use crate::bundle::Limits;
use crate::error::Error;
use crate::profile::Profile;
use crate::report::UsedFile;
use crate::time::Time;
use crate::trust::Trust;
use crate::verify::{Answer, Request, Stdin};

const TRUST_VARIABLE: &str = "UNBROKEN_TRUST";

/// Everything that a verification needs, opened and checked.
#[derive(Debug)]
pub(super) struct Plan {
    /// In the order given.
    pub inputs: Vec<Input>,
    /// The form of what goes to stdout.
    pub format: Format,
    /// What goes to files.
    pub reports: Vec<ReportFile>,
    trust: Trust,
    profile: Option<Profile>,
    reads_stdin: bool,
    expect: ExpectArgs,
    answer: Option<Answer>,
    policy: PolicyArgs,
    limits: Limits,
    jobs: usize,
    max_findings: usize,
    coverage: bool,
}

impl Plan {
    /// Opens and checks what was named.
    pub fn new(args: VerifyArgs) -> Result<Self, Error> {
        let VerifyArgs { bundles, profile, trust: trust_args, expect, policy, output, limits } = args;
        check_policy(&policy)?;
        check_period(&expect)?;
        let profile_file = profile.as_deref().map(Path::new);
        let profile = profile.as_deref().map(named_profile).transpose()?;
        let inputs = inputs::group(&bundles);
        let reads_stdin = bundles.iter().any(|path| path == Path::new("-"));
        check_one_bundle(&expect, inputs.len())?;
        let answer = expect.answer.as_deref().map(Answer::read).transpose()?;
        let trust_path = trust_args.trust.clone().or_else(default_trust_file);
        let trust = read_trust(&trust_args, &expect, trust_path.as_deref())?;
        let (format, coverage) = (output.format, output.coverage);
        check_coverage(&output)?;
        let max_findings = usize::try_from(output.max_findings).unwrap_or(usize::MAX);
        let named = trust.files.iter().map(PathBuf::as_path);
        let read = trust_path.as_deref().into_iter().chain(profile_file).chain(expect.answer.as_deref()).chain(named);
        let reports = check_reports(output, &bundles, &trust_args, read)?;
        let jobs = limits.jobs.map_or_else(all_cores, usize::from);
        Ok(Self {
            inputs,
            format,
            reports,
            trust,
            profile,
            reads_stdin,
            expect,
            answer,
            policy,
            limits: bounds(&limits),
            jobs,
            max_findings,
            coverage,
        })
    }

    /// With the time that the newer of two exports was asked for.
    pub fn newer(mut self, from: Option<Time>, to: Option<Time>) -> Result<Self, Error> {
        (self.expect.from, self.expect.to) = (from, to);
        check_period(&self.expect)?;
        Ok(self)
    }

    /// The same for one event: all findings are kept, since the one about it may be the last.
    pub fn for_inspection(args: InspectArgs) -> Result<Self, Error> {
        let InspectArgs { bundles, event: _, profile, format: _, trust, expect, policy, limits } = args;
        Self::new(VerifyArgs { bundles, profile, trust, expect, policy, output: no_report(u32::MAX), limits })
    }

    /// The same for a list of events: what `verify` expects of times is here a filter, so nothing is expected. All findings are kept.
    pub fn for_events(whole: WholeArgs) -> Result<Self, Error> {
        let WholeArgs { bundles, profile, trust, tenant, after, policy, limits } = whole;
        let expect = ExpectArgs { tenant, from: None, to: None, after, count: None, answer: None };
        Self::new(VerifyArgs { bundles, profile, trust, expect, policy, output: no_report(u32::MAX), limits })
    }

    /// Which trust file was read, if one was.
    pub fn trust_file(&self) -> Option<UsedFile> {
        let (path, sha256) = self.trust.source.as_ref()?;
        Some(UsedFile { path: path.display().to_string(), sha256: *sha256 })
    }

    /// What is asked of each bundle.
    pub fn request(&self) -> Request<'_> {
        Request {
            trust: &self.trust,
            require: self.policy.require.clone(),
            skip: self.policy.skip.clone(),
            profile: self.profile.clone(),
            stdin: if self.reads_stdin { Stdin::new(std::io::stdin()) } else { Stdin::default() },
            tenant: self.expect.tenant.clone(),
            from: self.expect.from,
            to: self.expect.to,
            count: self.expect.count,
            expect: self.answer.clone(),
            limits: self.limits.clone(),
            jobs: self.jobs,
            max_findings: self.max_findings,
            coverage: self.coverage,
            ..Request::new(&self.trust)
        }
    }
}

/// No report is written. Where all findings are kept, the one that is asked for may be the last.
fn no_report(max_findings: u32) -> OutputArgs {
    OutputArgs {
        format: Format::Text,
        report: Vec::new(),
        force: false,
        max_findings,
        coverage: false,
        quiet: false,
        verbose: false,
        no_progress: true,
    }
}

fn check_policy(policy: &PolicyArgs) -> Result<(), Error> {
    match policy.skip.iter().find(|check| policy.require.contains(check)) {
        Some(both) => Err(usage(format!("{both} is named by --require and by --skip"), "name it in one of them")),
        None => Ok(()),
    }
}

fn check_period(expect: &ExpectArgs) -> Result<(), Error> {
    match (expect.from, expect.to) {
        (Some(from), Some(to)) if from >= to => Err(usage(format!("--from {from} is not before --to {to}"), "--from is inclusive, --to exclusive")),
        _ => Ok(()),
    }
}

/// What is asked for must show somewhere.
fn check_coverage(output: &OutputArgs) -> Result<(), Error> {
    let shows = |format: Format| format != Format::Junit;
    if !output.coverage || shows(output.format) || output.report.iter().any(|target| shows(target.format)) {
        return Ok(());
    }
    Err(usage("--coverage has no place in JUnit".to_owned(), "add --report text=FILE or --report json=FILE, or leave --coverage out"))
}

/// A built-in profile by its name, else a file.
fn named_profile(named: &str) -> Result<Profile, Error> {
    match Profile::built_in(named) {
        Some(profile) => Ok(profile.clone()),
        None if Path::new(named).exists() => Profile::read(Path::new(named)),
        None => Err(usage(format!("there is no profile and no file {named}"), "`unbroken profile list` lists the profiles that are built in")),
    }
}

/// A number, a kept hash and a period are of one bundle; compared with each of several they would refute what nobody claimed.
fn check_one_bundle(expect: &ExpectArgs, bundles: usize) -> Result<(), Error> {
    let named = [
        ("--from", expect.from.is_some()),
        ("--to", expect.to.is_some()),
        ("--after", !expect.after.is_empty()),
        ("--count", expect.count.is_some()),
        ("--expect", expect.answer.is_some()),
    ];
    match named.iter().find(|(_, given)| *given) {
        Some((flag, _)) if bundles > 1 => {
            Err(usage(format!("{flag} is about one bundle, but there are {bundles}"), "verify them one by one, each with its own"))
        }
        _ => Ok(()),
    }
}

/// Where a trust file is looked for when none is named. Never next to the bundle, and never anywhere that depends on the working folder.
fn default_trust_file() -> Option<PathBuf> {
    if let Some(named) = env::var_os(TRUST_VARIABLE).filter(|value| !value.is_empty()) {
        return Some(named.into());
    }
    let folder = etcetera::choose_base_strategy().ok()?.config_dir();
    let file = folder.join("unbroken").join("trust.toml");
    // Where it cannot even be told whether it exists, reading it will say why.
    (folder.is_absolute() && file.try_exists().unwrap_or(true)).then_some(file)
}

fn read_trust(args: &TrustArgs, expect: &ExpectArgs, file: Option<&Path>) -> Result<Trust, Error> {
    let mut trust = file.map_or_else(|| Ok(Trust::default()), Trust::read)?;
    args.key.iter().try_for_each(|key| trust.add_key(key))?;
    args.mac_key.iter().try_for_each(|key| trust.add_mac_key(key))?;
    expect.after.iter().try_for_each(|after| trust.add_after(after))?;
    Ok(trust)
}

fn check_reports<'f>(
    output: OutputArgs,
    bundles: &'f [PathBuf],
    trust: &'f TrustArgs,
    files: impl Iterator<Item = &'f Path>,
) -> Result<Vec<ReportFile>, Error> {
    let key_files = trust.key.iter().chain(&trust.mac_key);
    let key_files = key_files.map(|argument| Path::new(argument.split_once('=').map_or(argument.as_str(), |(_, file)| file)));
    let read: Vec<&Path> = bundles.iter().map(PathBuf::as_path).chain(files).chain(key_files).collect();
    let existing = if output.force { Existing::Replace } else { Existing::Keep };
    files::check(output.report, existing, &read)
}

fn bounds(args: &LimitArgs) -> Limits {
    Limits {
        max_unpacked: args.max_unpacked,
        max_ratio: args.max_ratio,
        max_events: args.max_events,
        max_entries: args.max_entries,
        max_stdin: args.max_stdin,
    }
}

fn all_cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

fn usage(what: String, hint: &str) -> Error {
    Error::Usage { what, hint: hint.to_owned() }
}
