//! `chain.links`, `chain.sequence`, `chain.time`: what neighbours show. Events whose links hold melt into runs; where a link does not hold, or
//! cannot be tested, a seam stays between two runs, with the rows on both sides. Not here: what a broken seam means.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::check::Tally;
use crate::digest::Digest;
use crate::finding::{Code, EventRef, Finding, Place, Why};
use crate::time::Time;

/// Runs and jumps that keep their rows. A file with more broken links than that gets exact totals, and details for the first ones.
pub const KEPT: usize = 10_000;

/// One event, as its neighbours see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its file.
    pub file: Arc<str>,
    /// Its number.
    pub number: u64,
    /// Its line.
    pub line: u64,
    /// Offset of its line.
    pub byte: u64,
    /// Its id, shortened.
    pub id: Option<Box<str>>,
    /// Its sequence number.
    pub sequence: Option<u64>,
    /// Its time.
    pub time: Option<Time>,
    /// Its time as stated.
    pub stated_time: Option<Box<str>>,
    /// The hash that the next event must name.
    pub hash: Digest,
    /// The hash that it names; `None` where that cannot be read.
    pub link: Option<Digest>,
    /// Its own hash as stated, where its profile has one.
    pub own: Option<Digest>,
    /// Column of the link's value, from 1.
    pub column: Option<u64>,
    /// Whether it is of another tenant than the manifest.
    pub foreign: bool,
    /// Whether it could be read.
    pub readable: bool,
}

impl Row {
    /// The same, for a finding.
    pub fn event_ref(&self) -> EventRef {
        EventRef {
            place: Place { file: self.file.to_string(), number: Some(self.number), line: Some(self.line), byte: Some(self.byte), column: None },
            seq: self.sequence,
            id: self.id.as_deref().map(str::to_owned),
        }
    }

    /// Where its link stands.
    pub fn link_place(&self) -> Place {
        Place { column: self.column, ..self.event_ref().place }
    }
}

/// How two neighbours hang together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seam {
    /// The link names another hash than that of the event before.
    Broken,
    /// The link holds.
    Holds,
    /// The link cannot be tested: unreadable, or not neighbours in the log.
    Open,
}

/// What is asked of neighbours.
#[derive(Debug, Clone, Copy)]
pub struct Neighbours {
    /// Whether the profile chains its events.
    pub chained: bool,
    /// Whether the export is filtered: then only events with consecutive sequence numbers are neighbours.
    pub filtered: bool,
    /// Whether events have sequence numbers.
    pub sequenced: bool,
    /// Whether times may not go back.
    pub ordered: bool,
}

/// Consecutive events whose links hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its first event.
    pub first: Row,
    /// Its last event.
    pub last: Row,
    /// How its first event hangs together with the event before it in the file (for the first run of a file: `Open`).
    pub left: Seam,
    /// How many of its events are of another tenant.
    pub foreign: u64,
}

impl Run {
    fn of(row: Row, left: Seam) -> Self {
        Self { foreign: u64::from(row.foreign), first: row.clone(), last: row, left }
    }

    /// How many events.
    pub fn length(&self) -> u64 {
        self.last.number.saturating_sub(self.first.number).saturating_add(1)
    }

    /// Whether all its events are of another tenant.
    pub fn is_foreign(&self) -> bool {
        self.foreign == self.length()
    }
}

/// The runs of consecutive events, and what else neighbours show. Empty is neutral, join is associative.
#[derive(Debug, Clone, Default)]
pub struct Runs {
    /// Closed runs, in file order: the first [`KEPT`].
    closed: Vec<Run>,
    /// The run that the next event may continue.
    open: Option<Run>,
    /// Links that hold.
    pub held: u64,
    /// Links that do not.
    pub broken: u64,
    /// Links that could not be tested.
    pub untested: u64,
    /// Neighbours of which the earlier names the later.
    pub reversed: u64,
    /// Neighbours of which the later is of a later time, and of an earlier one.
    pub turns: (u64, u64),
    /// Sequence numbers that do not rise by one.
    pub sequence: Tally,
    /// Jumps of the sequence where the link holds: the number before, and the event behind. The first [`KEPT`].
    pub jumps: Vec<(u64, Row)>,
    /// Times that go back.
    pub time: Tally,
}

impl Runs {
    /// Adds the next event.
    pub fn push(&mut self, row: Row, rules: Neighbours) {
        let Some(run) = &self.open else {
            self.open = Some(Run::of(row, Seam::Open));
            return;
        };
        let seam = self.meet(&run.last.clone(), &row, rules);
        match (seam, &mut self.open) {
            (Seam::Holds, Some(run)) => {
                run.foreign = run.foreign.saturating_add(u64::from(row.foreign));
                run.last = row;
            }
            _ => {
                let closed = self.open.replace(Run::of(row, seam));
                self.close(closed);
            }
        }
    }

    /// Adds the runs of the events that follow.
    pub fn join(&mut self, next: Self, rules: Neighbours) {
        let Self { closed, open, held, broken, untested, reversed, turns, sequence, jumps, time } = next;
        let mut runs = closed.into_iter().chain(open);
        let Some(mut first) = runs.next() else {
            return;
        };
        if let Some(last) = self.open.as_ref().map(|run| run.last.clone()) {
            let seam = self.meet(&last, &first.first, rules);
            match (seam, self.open.take()) {
                (Seam::Holds, Some(run)) => {
                    first = Run { foreign: run.foreign.saturating_add(first.foreign), first: run.first, left: run.left, last: first.last };
                }
                (_, run) => {
                    first.left = seam;
                    self.close(run);
                }
            }
        }
        self.open = Some(first);
        for run in runs {
            let closed = self.open.replace(run);
            self.close(closed);
        }
        self.held = self.held.saturating_add(held);
        self.broken = self.broken.saturating_add(broken);
        self.untested = self.untested.saturating_add(untested);
        self.reversed = self.reversed.saturating_add(reversed);
        self.turns = (self.turns.0.saturating_add(turns.0), self.turns.1.saturating_add(turns.1));
        self.sequence.join(sequence);
        self.time.join(time);
        let room = KEPT.saturating_sub(self.jumps.len());
        self.jumps.extend(jumps.into_iter().take(room));
    }

    /// All runs that were kept, in file order; the last run of the file is always the last.
    pub fn into_runs(self) -> Vec<Run> {
        self.closed.into_iter().chain(self.open).collect()
    }

    fn close(&mut self, run: Option<Run>) {
        if self.closed.len() < KEPT {
            self.closed.extend(run);
        }
    }

    fn meet(&mut self, left: &Row, right: &Row, rules: Neighbours) -> Seam {
        let seam = seam(left, right, rules);
        let count = match seam {
            Seam::Broken => &mut self.broken,
            Seam::Holds => &mut self.held,
            Seam::Open => &mut self.untested,
        };
        *count = count.saturating_add(1);
        if left.link == Some(right.hash) {
            self.reversed = self.reversed.saturating_add(1);
        }
        match left.time.zip(right.time).map(|(left, right)| right.cmp(&left)) {
            Some(Ordering::Greater) => self.turns.0 = self.turns.0.saturating_add(1),
            Some(Ordering::Less) => self.turns.1 = self.turns.1.saturating_add(1),
            Some(Ordering::Equal) | None => {}
        }
        if rules.sequenced {
            self.compare_sequence(left, right, seam, rules);
        }
        if rules.ordered {
            compare_times(&mut self.time, left, right);
        }
        seam
    }

    fn compare_sequence(&mut self, left: &Row, right: &Row, seam: Seam, rules: Neighbours) {
        let (Some(before), Some(here)) = (left.sequence, right.sequence) else {
            return self.sequence.leave(|| Why::Unreadable);
        };
        let next = before.saturating_add(1);
        if here == next || (rules.filtered && here > before) {
            return self.sequence.uphold();
        }
        if seam == Seam::Holds && self.jumps.len() < KEPT {
            self.jumps.push((before, right.clone()));
        }
        self.sequence.refute(right.number, || {
            let message = format!("expected seq {next} after {before}, found {here}");
            Finding::new(Code::ChainSequenceGap, message).at(right.event_ref()).values(here, next)
        });
    }
}

fn seam(left: &Row, right: &Row, rules: Neighbours) -> Seam {
    if !rules.chained {
        return Seam::Holds;
    }
    let consecutive = || matches!((left.sequence, right.sequence), (Some(before), Some(here)) if before.checked_add(1) == Some(here));
    match right.link {
        None => Seam::Open,
        Some(_) if rules.filtered && !consecutive() => Seam::Open,
        Some(link) if link == left.hash => Seam::Holds,
        Some(_) => Seam::Broken,
    }
}

fn compare_times(tally: &mut Tally, left: &Row, right: &Row) {
    let (Some(before), Some(here)) = (left.time, right.time) else {
        return tally.leave(|| Why::Unreadable);
    };
    if here >= before {
        return tally.uphold();
    }
    tally.refute(right.number, || {
        let message = format!("the event's time {here} is earlier than that of event {}, {before}", left.number);
        Finding::new(Code::ChainTime, message).at(right.event_ref()).values(here, before)
    });
}
