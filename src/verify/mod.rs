//! From an opened bundle to its report: everything but the events is opened, the events are walked once, breaks are explained, rows are written down.

mod again;
mod anchors;
mod answer;
mod breaks;
mod causes;
pub mod compare;
mod coverage;
mod encoded;
mod encoding;
mod events;
mod excerpt;
mod finish;
mod found;
mod handed;
mod inspect;
#[cfg(test)]
mod join_tests;
mod lacking;
mod ledger;
mod listing;
mod lookup;
mod moved;
mod opening;
mod path;
mod plan;
pub mod probe;
mod replay;
mod segment;
pub mod table;
mod walk;
mod words;

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::bundle::export::{self, Export};
use crate::bundle::manifest::Role;
use crate::bundle::table::Table;
use crate::bundle::{Container, Limits};
use crate::check::shortened;
use crate::digest::Digest;
use crate::error::Error;
use crate::finding::{CheckId, Why};
use crate::profile::Profile;
use crate::report::BundleReport;
use crate::time::Time;
use crate::trust::Trust;

pub use self::again::{Again, Worth};
pub use self::answer::Answer;
use self::events::{Statement, Walked};
use self::finish::Findings;
use self::handed::Handed;
pub use self::inspect::Wanted;
use self::lacking::Lacking;
pub use self::listing::{Column, Query, Visit, Wants};
use self::opening::Opened;
use self::table::{Sides, TableMatch};

/// What the auditor asks of one bundle. Nothing here ever narrows what is checked.
#[derive(Debug)]
pub struct Request<'t> {
    /// What the auditor trusts.
    pub trust: &'t Trust,
    /// Rows that must be upheld beside those that the profile requires (`--require`).
    pub require: Vec<CheckId>,
    /// Untested rows that the auditor accepts (`--skip`).
    pub skip: Vec<CheckId>,
    /// The profile that the auditor names (`--profile`).
    pub profile: Option<Profile>,
    /// The tenant that was asked for (`--tenant`).
    pub tenant: Option<String>,
    /// The time that was asked for (`--from`, inclusive).
    pub from: Option<Time>,
    /// The time that was asked for (`--to`, exclusive).
    pub to: Option<Time>,
    /// The number of events that was asked for (`--count`).
    pub count: Option<u64>,
    /// The saved answer of the source's server (`--expect`).
    pub expect: Option<Answer>,
    /// Bounds on what may be read.
    pub limits: Limits,
    /// What the path `-` stands for, where it may be given.
    pub stdin: Stdin,
    /// Worker threads, at least 1.
    pub jobs: usize,
    /// Bytes that a worker examines at a time; the report does not depend on it.
    pub block_bytes: usize,
    /// Findings to keep in the report (`--max-findings`).
    pub max_findings: usize,
    /// Whether to tell which proof covers what (`--coverage`); the events are read once more.
    pub coverage: bool,
}

impl<'t> Request<'t> {
    /// The least that can be asked: these keys, one thread, the default limits.
    pub fn new(trust: &'t Trust) -> Self {
        Self {
            trust,
            require: Vec::new(),
            skip: Vec::new(),
            profile: None,
            tenant: None,
            from: None,
            to: None,
            count: None,
            expect: None,
            limits: Limits::default(),
            stdin: Stdin::default(),
            jobs: 1,
            block_bytes: 1 << 20,
            max_findings: 100,
            coverage: false,
        }
    }
}

/// The one input that has no path, and can be read only once.
#[derive(Default)]
pub struct Stdin(Mutex<Option<Box<dyn Read + Send>>>);

impl Stdin {
    /// This reader.
    pub fn new(reader: impl Read + Send + 'static) -> Self {
        Self(Mutex::new(Some(Box::new(reader))))
    }

    /// Opens an export, in which `-` stands for this reader.
    fn open(&self, paths: &[PathBuf], limits: &Limits, jobs: usize) -> Result<Export, Error> {
        let is_named = paths.iter().any(|path| path.as_path() == Path::new(export::STDIN));
        let mut reader = if is_named { self.0.lock().unwrap_or_else(PoisonError::into_inner).take() } else { None };
        let reader = reader.as_mut().map(|reader| reader as &mut dyn Read);
        Export::open_with(paths, limits, jobs, reader)
    }
}

impl std::fmt::Debug for Stdin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Stdin")
    }
}

/// Told how far the work is; called from worker threads.
pub trait Progress: Sync {
    /// The events file is about to be read: its stored size.
    fn start(&self, bytes: u64);
    /// This many bytes and events were dealt with since the last call.
    fn advance(&self, bytes: u64, events: u64);
    /// Done, or given up.
    fn finish(&self);
    /// Whether the user wants to stop: then the work ends with [`Error::Interrupted`].
    fn interrupted(&self) -> bool;
}

/// Nobody is told.
#[derive(Debug, Clone, Copy, Default)]
pub struct Quiet;

impl Progress for Quiet {
    fn start(&self, _: u64) {}
    fn advance(&self, _: u64, _: u64) {}
    fn finish(&self) {}
    fn interrupted(&self) -> bool {
        false
    }
}

/// Verifies what was given: a folder, a zip or loose files are a bundle; other files are a raw export.
pub fn verify(paths: &[PathBuf], request: &Request<'_>, progress: &dyn Progress) -> Result<BundleReport, Error> {
    let mut verified = Verified::run(paths, request, progress)?;
    if request.coverage {
        verified.report.coverage = Some(verified.coverage(request, progress)?);
    }
    Ok(verified.report)
}

/// What was verified, still open: its events can be read again.
#[derive(Debug)]
pub struct Verified {
    /// How it came out.
    pub report: BundleReport,
    /// The profile that its events were read by, where it is known.
    pub profile: Option<Profile>,
    handed: Handed,
    opened: Opened,
    /// Digest of the events as they were read.
    events_sha256: Option<Digest>,
}

impl Verified {
    /// Verifies, and keeps the files open.
    pub fn run(paths: &[PathBuf], request: &Request<'_>, progress: &dyn Progress) -> Result<Self, Error> {
        let verified = Self::of(Handed::open(paths, request)?, paths, request, progress)?;
        if !verified.handed.is_table_alone() || !Lacking::doubts(&verified.report) {
            return Ok(verified);
        }
        let mut handed = verified.handed;
        handed.leave_whole_events(request, progress)?;
        Self::of(handed, paths, request, progress)
    }

    fn of(handed: Handed, paths: &[PathBuf], request: &Request<'_>, progress: &dyn Progress) -> Result<Self, Error> {
        let mut opened = match &handed {
            Handed::Bundle(container) => Opened::read(container, request.trust)?,
            Handed::Raw(_) => Opened::default(),
        };
        let profile = profile(&handed, &opened, request)?;
        let walked = match (&profile, &handed, &opened.manifest) {
            (None, _, _) | (_, Handed::Bundle(_), None) => None,
            (Some(profile), _, manifest) => {
                let statement = Statement { manifest: manifest.as_ref(), profile, opened: &opened, request };
                Some(Walked::walk(&handed, statement, progress))
            }
        };
        progress.finish();
        let walked = walked.transpose()?.flatten();
        if let Handed::Bundle(container) = &handed {
            compare_events_file(container, &mut opened, walked.as_ref())?;
        }
        let table = match &profile {
            Some(profile) if walked.is_some() => match_table(&handed, &opened, profile, request, progress)?,
            _ => None,
        };
        handed.unchanged()?;
        let names: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
        let events_sha256 = walked.as_ref().map(|walked| walked.stored.sha256);
        let report = finish::report(names.join(", "), &handed, Findings { opened: &opened, walked, table }, profile.as_ref(), request)?;
        Ok(Self { report, profile, handed, opened, events_sha256 })
    }
}

/// The table that stands beside the events, compared with them; none where there is none.
fn match_table(
    handed: &Handed,
    opened: &Opened,
    profile: &Profile,
    request: &Request<'_>,
    progress: &dyn Progress,
) -> Result<Option<TableMatch>, Error> {
    let Some(name) = handed.table(opened.manifest.as_ref()) else {
        return Ok(None);
    };
    if profile.table.is_empty() {
        let why = Why::NotSupported(format!("comparing {name} with the events: the profile {} states no columns", profile.name));
        return Ok(Some(TableMatch { untested: Some(why), ..TableMatch::default() }));
    }
    let file = opened.manifest.as_ref().and_then(|manifest| manifest.file(Role::Events));
    let table = || {
        let (stored, gzip) = handed.table_stream(&name)?;
        Table::open(&name, stored, gzip, &profile.table, &request.limits)
    };
    let events = || handed.blocks(file, request.block_bytes, &request.limits);
    let sides = Sides { profile, table: &table, events: &events, limits: &request.limits };
    sides.compare(progress).map(Some)
}

/// The profile that a manifest names is a built-in one, or the one that the auditor gave; never one found by its name.
fn profile(handed: &Handed, opened: &Opened, request: &Request<'_>) -> Result<Option<Profile>, Error> {
    let named = match (handed, &opened.manifest) {
        (Handed::Raw(raw), _) => return Ok(Some(raw.profile.clone())),
        (_, None) => return Ok(None),
        (_, Some(manifest)) => &manifest.profile,
    };
    match &request.profile {
        Some(given) if given.name == *named => Ok(Some(given.clone())),
        Some(given) => Err(Error::Usage {
            what: format!("you gave the profile {}, the manifest names {}", given.name, shortened(named)),
            hint: "leave --profile out, or give the profile that the manifest names".to_owned(),
        }),
        None => Ok(Profile::built_in(named).cloned()),
    }
}

/// The events file was digested on its own way, with the lines; where it was not read, it is digested now.
fn compare_events_file(container: &Container, opened: &mut Opened, walked: Option<&Walked>) -> Result<(), Error> {
    let Some(file) = opened.manifest.as_ref().and_then(|manifest| manifest.file(Role::Events)).cloned() else {
        return Ok(());
    };
    match walked {
        Some(walked) if walked.stored.damage.is_some() => {}
        Some(walked) => opened.compare_file(&file.path, (file.size, file.sha256), (walked.stored.size, walked.stored.sha256)),
        None if container.members().iter().any(|member| member.name == file.path) => opened.digest_file(container, &file)?,
        None => {}
    }
    Ok(())
}
