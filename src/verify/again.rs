//! The events of what was verified, read again: for commands that show single events. The same bytes that were verified, or it is an error.

use std::ops::{ControlFlow, RangeInclusive};

use crate::bundle::block::{Block, Blocks};
use crate::bundle::manifest::Role;
use crate::check::{At, Check, Tally};
use crate::error::Error;
use crate::event::{Event, Layout, Reader, Record};
use crate::finding::CheckId;
use crate::report::Status;
use crate::verify::events::Statement;
use crate::verify::{Progress, Request, Verified, plan};

/// What the whole file shows of one event (section "What a row is worth" of the specification).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Worth {
    /// A signed hash leads to it, or the signed manifest names the digest of its file.
    Proven,
    /// It agrees with its neighbours; nothing proves them.
    Consistent,
    /// Nothing shows that the file is whole and in order at this place.
    NotVerified,
}

impl Worth {
    /// In words: `proven`, `consistent`, `not verified`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Consistent => "consistent",
            Self::NotVerified => "not verified",
        }
    }
}

/// Bytes of a block that is read again: a few of them fit into the caches of a processor.
const AGAIN: usize = 256 * 1024;

/// One record, read again.
pub struct Again<'a, 'r> {
    /// Where it stands.
    pub at: At<'a>,
    /// As it stands in the file, without LF.
    pub text: &'a [u8],
    /// What it is.
    pub record: Record<'r>,
}

impl Verified {
    /// What the whole file shows of the event with this number.
    pub fn worth(&self, number: u64) -> Worth {
        let holds = |ranges: &[RangeInclusive<u64>]| {
            let index = ranges.partition_point(|range| *range.end() < number);
            ranges.get(index).is_some_and(|range| range.contains(&number))
        };
        if self.report.proven.as_deref().is_some_and(holds) {
            Worth::Proven
        } else if holds(&self.report.consistent) {
            Worth::Consistent
        } else {
            Worth::NotVerified
        }
    }

    /// Visits all records in the order of their events, until one visit breaks off. `filters` are JSON Pointers whose values the visitor asks for by
    /// their index ([`Event::filter_value`]).
    pub fn each(
        &self,
        request: &Request<'_>,
        progress: &dyn Progress,
        filters: &[&str],
        visit: &mut dyn FnMut(Again<'_, '_>) -> Result<ControlFlow<()>, Error>,
    ) -> Result<(), Error> {
        let (Some(profile), Some(_)) = (&self.profile, self.events_sha256) else {
            return Ok(());
        };
        let layout = Layout::new(profile, filters).ok_or_else(|| Error::Internal("a filter is no JSON Pointer".to_owned()))?;
        let mut blocks = self.blocks(request)?;
        let (mut block, mut reader) = (Block::default(), Reader::default());
        while blocks.next(&mut block)? {
            if progress.interrupted() {
                return Err(Error::Interrupted);
            }
            for piece in block.pieces() {
                let record = reader.read(piece.text, &layout);
                if visit(Again { at: At::of(&block, &piece), text: piece.text, record })?.is_break() {
                    return self.handed.unchanged();
                }
            }
        }
        self.ended(blocks)
    }

    /// The events from the start, as they were verified.
    pub(in crate::verify) fn blocks(&self, request: &Request<'_>) -> Result<Box<dyn Blocks + '_>, Error> {
        let file = self.opened.manifest.as_ref().and_then(|manifest| manifest.file(Role::Events));
        self.handed.blocks(file, request.block_bytes.min(AGAIN), &request.limits)
    }

    /// Fails if what was read to its end is not what was verified.
    pub(in crate::verify) fn ended(&self, blocks: Box<dyn Blocks + '_>) -> Result<(), Error> {
        if Some(blocks.finish()?.sha256) == self.events_sha256 {
            return Ok(());
        }
        let hint = "copy it to a place where nothing writes, and run again".to_owned();
        Err(Error::Environment { what: format!("{} changed while it was read", self.report.path), hint })
    }

    /// The checks of single events, on one event alone.
    pub fn examine(&self, request: &Request<'_>, event: &Event<'_>, at: &At<'_>) -> Vec<(CheckId, Tally)> {
        let checks = self.checks(request).into_iter().map(|check| {
            let mut tally = Tally::default();
            check.examine(event, at, &mut tally);
            (check.id(), tally)
        });
        checks.collect()
    }

    /// The checks of single events, for many of them.
    pub(super) fn checks<'p>(&'p self, request: &'p Request<'_>) -> Vec<Box<dyn Check + 'p>> {
        let Some(profile) = &self.profile else {
            return Vec::new();
        };
        let statement = Statement { manifest: self.opened.manifest.as_ref(), profile, opened: &self.opened, request };
        // what a server answered is about all events; what the whole does not claim, no event lacks
        let applies = |id: CheckId| self.report.row(id).is_none_or(|row| row.status != Status::NotApplicable);
        plan::checks(statement, Vec::new()).into_iter().filter(|check| check.id() != CheckId::ExpectAnswer && applies(check.id())).collect()
    }
}
