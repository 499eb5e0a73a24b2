//! What was handed over: a signed bundle, or a raw export with its profile and its order. Not here: what its events say.

use std::io::Read;
use std::path::PathBuf;

use crate::bundle::block::Blocks;
use crate::bundle::export::{Arranged, Direction, Export, Form};
use crate::bundle::lines::Lines;
use crate::bundle::manifest::{FileEntry, Manifest, Role};
use crate::bundle::{self, Container};
use crate::error::Error;
use crate::event::{Layout, Reader, Record};
use crate::profile::Profile;
use crate::verify::lacking::{self, Lacking};
use crate::verify::probe::Probe;
use crate::verify::{Progress, Request};

/// Records that tell which event stands first.
const SAMPLE: usize = 200;

/// The files, opened.
#[derive(Debug)]
pub enum Handed {
    /// A folder, an archive, or loose files with a manifest.
    Bundle(Box<Container>),
    /// Files without a manifest.
    Raw(Box<Raw>),
}

/// A raw export: nothing in it says what it is, so the auditor or its form must.
#[derive(Debug)]
pub struct Raw {
    /// The files.
    pub export: Export,
    /// In their order.
    pub arranged: Arranged,
    /// The profile that its events are read by.
    pub profile: Profile,
    /// Which event stands first.
    pub direction: Direction,
    /// What its rows cannot decide; `None` where they are no rows, or decide all.
    pub lacking: Option<Lacking>,
}

impl Handed {
    /// Opens what was given.
    pub fn open(paths: &[PathBuf], request: &Request<'_>) -> Result<Self, Error> {
        if !bundle::is_raw(paths)? {
            return Ok(Self::Bundle(Box::new(Container::open(paths, &request.limits)?)));
        }
        let export = request.stdin.open(paths, &request.limits, request.jobs)?;
        let profile = match &request.profile {
            Some(profile) => profile.clone(),
            None => {
                let names: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
                Probe::of(&export, None)?.found(&names.join(", "))?.clone()
            }
        };
        let direction = direction(&export, &profile)?;
        let arranged = export.arrange(&profile, direction)?;
        Ok(Self::Raw(Box::new(Raw { export, arranged, profile, direction, lacking: None })))
    }

    /// Whether its events are rows of tables.
    pub fn is_table_alone(&self) -> bool {
        matches!(self, Self::Raw(raw) if raw.export.files().iter().all(|(_, form)| *form == Form::Table))
    }

    /// Leaves untested what needs more of an event than a row may have; sequence numbers are compared by themselves.
    pub fn leave_whole_events(&mut self, request: &Request<'_>, progress: &dyn Progress) -> Result<(), Error> {
        let Self::Raw(raw) = self else {
            return Ok(());
        };
        let sequence = raw.profile.chain.as_ref().and_then(|chain| chain.sequence.clone());
        let mut lacking = Lacking::take(&mut raw.profile);
        if let Some(pointer) = sequence {
            let blocks = raw.export.blocks(&raw.arranged, &raw.profile, request.block_bytes)?;
            lacking.sequence = Some(lacking::sequence(blocks, &raw.profile, &pointer, progress)?);
        }
        raw.lacking = Some(lacking);
        Ok(())
    }

    /// The table that stands beside the events: listed as such, or given so.
    pub fn table(&self, manifest: Option<&Manifest>) -> Option<String> {
        match self {
            Self::Bundle(container) => {
                let file = manifest?.file(Role::Table)?;
                container.members().iter().any(|member| member.name == file.path).then(|| file.path.clone())
            }
            Self::Raw(raw) => raw.arranged.table.clone(),
        }
    }

    /// The stored bytes of a table, and whether they are gzip.
    pub fn table_stream(&self, name: &str) -> Result<(Box<dyn Read + Send + '_>, bool), Error> {
        match self {
            Self::Bundle(container) => Ok((container.stream(name)?, name.ends_with(".gz"))),
            Self::Raw(raw) => raw.export.stream(name),
        }
    }

    /// Fails if a file is not what it was when it was opened.
    pub fn unchanged(&self) -> Result<(), Error> {
        match self {
            Self::Bundle(container) => container.unchanged(),
            Self::Raw(raw) => raw.export.unchanged(),
        }
    }

    /// The events, from the start; `file` is the events file of a bundle.
    pub fn blocks<'h>(&'h self, file: Option<&FileEntry>, block: usize, limits: &bundle::Limits) -> Result<Box<dyn Blocks + 'h>, Error> {
        match (self, file) {
            (Self::Raw(raw), _) => raw.export.blocks(&raw.arranged, &raw.profile, block),
            (Self::Bundle(container), Some(file)) => {
                let stored = container.stream(&file.path)?;
                Ok(Box::new(Lines::new(&file.path, stored, file.path.ends_with(".gz"), block, limits)))
            }
            (Self::Bundle(_), None) => Err(Error::Internal("a bundle without an events file was to be read".to_owned())),
        }
    }
}

/// Which event stands first: more neighbours of which the earlier names the later than the other way round mean that the newest does.
fn direction(export: &Export, profile: &Profile) -> Result<Direction, Error> {
    let layout = Layout::new(profile, &[]).filter(|_| profile.chain.is_some());
    let Some(layout) = layout else {
        return Ok(Direction::OldestFirst);
    };
    let mut reader = Reader::default();
    let sample = export.sample(Some(profile), SAMPLE)?;
    let rows = sample.iter().map(|text| match reader.read(text, &layout) {
        Record::Event(event) => Some(([Some(event.hash()), event.own_hash()], event.link)),
        Record::Unreadable(_) => None,
    });
    let rows: Vec<_> = rows.collect();
    let pairs = rows.iter().zip(rows.iter().skip(1)).filter_map(|(left, right)| Some((left.as_ref()?, right.as_ref()?)));
    let (mut forward, mut back) = (0_usize, 0_usize);
    for ((left_hashes, left_link), (right_hashes, right_link)) in pairs {
        forward = forward.saturating_add(usize::from(right_link.is_some() && left_hashes.contains(right_link)));
        back = back.saturating_add(usize::from(left_link.is_some() && right_hashes.contains(left_link)));
    }
    Ok(if back > forward { Direction::NewestFirst } else { Direction::OldestFirst })
}
