//! The second read: only of what was not at hand when it was seen, and only as far as it is needed. Not here: what is looked for.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use super::form::Form;
use super::side::line;
use crate::digest::Digest;
use crate::error::Error;
use crate::event::{Reader, Record};
use crate::report::{EventLine, Rewritten};
use crate::time::Time;
use crate::verify::{Progress, Request, Verified};

/// Bytes of events that are held at a time; events beyond are named, and not taken apart.
const HELD: usize = 64 * 1024 * 1024;

/// What is wanted of one export.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    /// Events to name, by number.
    pub(super) lines: BTreeSet<u64>,
    /// Events whose time decides something.
    pub(super) times: BTreeSet<u64>,
    /// Events to take apart.
    pub(super) texts: BTreeSet<u64>,
}

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) lines: BTreeMap<u64, (EventLine, Digest)>,
    pub(super) times: BTreeMap<u64, Option<Time>>,
    texts: BTreeMap<u64, Vec<u8>>,
    held: usize,
}

impl Wanted {
    /// Looks all of it up.
    pub(super) fn look_up(&self, verified: &Verified, request: &Request<'_>, progress: &dyn Progress) -> Result<Told, Error> {
        let mut told = Told::default();
        let last = [&self.lines, &self.times, &self.texts].into_iter().filter_map(|numbers| numbers.last()).max().copied();
        let (Some(last), Some(profile)) = (last, &verified.profile) else {
            return Ok(told);
        };
        verified.each(request, progress, &[&profile.fields.action], &mut |again| {
            let number = again.at.number;
            if let Record::Event(event) = &again.record {
                if self.lines.contains(&number) || self.texts.contains(&number) {
                    told.lines.insert(number, (line(event, &again.at, 0), event.hash()));
                }
                if self.times.contains(&number) {
                    told.times.insert(number, event.time);
                }
                if self.texts.contains(&number) && told.held.saturating_add(again.text.len()) <= HELD {
                    told.held = told.held.saturating_add(again.text.len());
                    told.texts.insert(number, again.text.to_vec());
                }
            }
            Ok(if number >= last { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
        Ok(told)
    }
}

impl Told {
    /// An event, for the report.
    pub(super) fn line(&self, number: u64) -> EventLine {
        self.lines.get(&number).map(|(line, _)| line.clone()).unwrap_or_default()
    }
}

/// An event that differs, field by field.
pub(super) fn rewritten(form: &Form<'_>, (old, old_number): (&Told, u64), (new, new_number): (&Told, u64)) -> Rewritten {
    let (mut one, mut other) = (Reader::default(), Reader::default());
    let texts = (old.texts.get(&old_number), new.texts.get(&new_number));
    let (changes, changes_total) = match texts {
        (Some(old), Some(new)) => match (one.read(old, &form.layout), other.read(new, &form.layout)) {
            (Record::Event(old), Record::Event(new)) => form.changes(&old, &new),
            _ => Default::default(),
        },
        _ => Default::default(),
    };
    Rewritten { old: old.line(old_number), new: new.line(new_number), changes, changes_total }
}
