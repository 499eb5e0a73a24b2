//! From an opened bundle to its report: everything but the events is opened, the events are walked once, breaks are explained, rows are written down.

mod anchors;
mod breaks;
mod causes;
mod events;
mod finish;
mod found;
#[cfg(test)]
mod join_tests;
mod ledger;
mod lookup;
mod moved;
mod opening;
mod path;
mod segment;
mod signed;
pub mod table;
mod walk;
mod words;

use std::path::PathBuf;

use crate::bundle::manifest::Role;
use crate::bundle::{Container, Limits};
use crate::error::Error;
use crate::finding::CheckId;
use crate::profile::Profile;
use crate::report::BundleReport;
use crate::time::Time;
use crate::trust::Trust;

use self::events::{Statement, Walked};
use self::opening::Opened;

/// What the auditor asks of one bundle. Nothing here ever narrows what is checked.
#[derive(Debug)]
pub struct Request<'t> {
    /// What the auditor trusts.
    pub trust: &'t Trust,
    /// Rows that must be upheld beside those that the profile requires (`--require`).
    pub require: Vec<CheckId>,
    /// Untested rows that the auditor accepts (`--skip`).
    pub skip: Vec<CheckId>,
    /// The tenant that was asked for (`--tenant`).
    pub tenant: Option<String>,
    /// The time that was asked for (`--from`, inclusive).
    pub from: Option<Time>,
    /// The time that was asked for (`--to`, exclusive).
    pub to: Option<Time>,
    /// The number of events that was asked for (`--count`).
    pub count: Option<u64>,
    /// Bounds on what may be read.
    pub limits: Limits,
    /// Worker threads, at least 1.
    pub jobs: usize,
    /// Bytes that a worker examines at a time; the report does not depend on it.
    pub block_bytes: usize,
    /// Findings to keep in the report (`--max-findings`).
    pub max_findings: usize,
}

impl<'t> Request<'t> {
    /// The least that can be asked: these keys, one thread, the default limits.
    pub fn new(trust: &'t Trust) -> Self {
        Self {
            trust,
            require: Vec::new(),
            skip: Vec::new(),
            tenant: None,
            from: None,
            to: None,
            count: None,
            limits: Limits::default(),
            jobs: 1,
            block_bytes: 1 << 20,
            max_findings: 100,
        }
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

/// Verifies one bundle: a folder, a zip, or loose files.
pub fn verify(paths: &[PathBuf], request: &Request<'_>, progress: &dyn Progress) -> Result<BundleReport, Error> {
    let container = Container::open(paths, &request.limits)?;
    let mut opened = Opened::read(&container, request.trust)?;
    let profile = opened.manifest.as_ref().and_then(|manifest| Profile::built_in(&manifest.profile));
    let walked = match (&opened.manifest, profile) {
        (Some(manifest), Some(profile)) => {
            let statement = Statement { manifest, profile, opened: &opened, request };
            Some(Walked::walk(&container, statement, progress))
        }
        _ => None,
    };
    progress.finish();
    let walked = walked.transpose()?;
    let stated = opened.manifest.as_ref().and_then(|manifest| manifest.file(Role::Events)).cloned();
    match (stated, walked.as_ref().map(Option::as_ref)) {
        (Some(_), Some(Some(walked))) if walked.stored.damage.is_some() => {}
        (Some(file), Some(Some(walked))) => {
            opened.compare_file(&file.path, (file.size, file.sha256), (walked.stored.size, walked.stored.sha256));
        }
        (Some(file), None) if container.members().iter().any(|member| member.name == file.path) => opened.digest_file(&container, &file)?,
        _ => {}
    }
    container.unchanged()?;
    let names: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    Ok(finish::report(names.join(", "), &container, opened, walked.flatten(), profile, request))
}
