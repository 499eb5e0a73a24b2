//! The path of proof: from the stated last hash back along the links, wherever the named events stand in the file. Whoever holds no key can write
//! the start of a log again and link it anew; only what the last hash names, directly or through others, is proven. Not here: what a gap means.

use std::collections::{BTreeMap, HashMap};

use crate::check::VerifiedManifest;
use crate::check::{Row, Run, Seam};
use crate::digest::Digest;
use crate::verify::lookup::Answer;

/// What is known of the chain when all events were read.
#[derive(Debug, Clone, Copy)]
pub struct Chain<'c> {
    /// The runs, in file order; where there were too many, the first ones and the last.
    pub runs: &'c [Run],
    /// The stated first link.
    pub start: Option<Digest>,
    /// The digest of the carried genesis block: an event with sequence number 1 may name it too.
    pub genesis: Option<Digest>,
    /// The stated hash of the last event.
    pub end: Option<Digest>,
    /// Whether a trusted key signed that statement: without it, nothing is proven.
    pub verified: Option<VerifiedManifest<'c>>,
}

impl Chain<'_> {
    /// Whether the event names an allowed start of the chain.
    pub fn starts_with(&self, row: &Row) -> bool {
        let genesis = self.genesis.filter(|_| row.sequence == Some(1));
        row.link.is_some() && (row.link == self.start || row.link == genesis)
    }

    /// Whether there is anything that the chain's first event must name.
    pub fn has_start(&self, row: &Row) -> bool {
        self.start.is_some() || (self.genesis.is_some() && row.sequence == Some(1))
    }
}

/// Consecutive events that the path goes through, last to first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The earliest in the file.
    pub from: u64,
    /// The latest in the file.
    pub to: u64,
    /// Whether the signed last hash leads here.
    pub proven: bool,
}

/// Where a link names no event in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The event whose link that is; `None` for the stated last hash.
    pub behind: Option<Row>,
    /// The event to go on from: usually the one before it in the file.
    pub before: Option<Row>,
    /// What the link names.
    pub link: Digest,
    /// How it came about, as far as the links tell.
    pub kind: GapKind,
}

/// What the links tell about a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GapKind {
    /// There is no event to go on from.
    Head,
    /// Everything else: sequence, counts and keys must tell.
    Plain,
    /// A run of another tenant stands before it (its first and last event).
    Spliced(u64, u64),
}

/// The path, whole.
#[derive(Debug, Default)]
pub struct Path {
    /// From the end of the chain to its start.
    pub steps: Vec<Step>,
    /// In the same order.
    pub gaps: Vec<Gap>,
    /// Runs that the path steps over, in file order: first and last event.
    pub stepped_over: Vec<(u64, u64)>,
    /// Where the path came to the start of the chain.
    pub origin: Option<u64>,
    /// Steps to an event that does not stand before in the file: from, to.
    pub hops: Vec<(u64, u64)>,
}

/// Follows the path of proof.
pub fn follow(chain: Chain<'_>, answer: &Answer) -> Path {
    let mut walk = Walk { chain, answer, places: HashMap::new(), path: Path::default(), seen: BTreeMap::new(), explained: BTreeMap::new() };
    walk.places = answer.by_hash.iter().filter_map(|(hash, copies)| Some((*hash, walk.in_place(copies)?))).collect();
    let mut next = walk.enter();
    while let Some((number, proven)) = next {
        next = walk.step(number, proven);
    }
    walk.path.stepped_over = walk.stepped_over();
    walk.path
}

struct Walk<'c> {
    chain: Chain<'c>,
    answer: &'c Answer,
    /// Where the event with a hash stands: of several copies, the one in place.
    places: HashMap<Digest, u64>,
    path: Path,
    /// Start and end of what the path went through.
    seen: BTreeMap<u64, u64>,
    /// Start and end of what a gap explains (a relinked event, a foreign run).
    explained: BTreeMap<u64, u64>,
}

impl Walk<'_> {
    /// Where the path starts.
    fn enter(&mut self) -> Option<(u64, bool)> {
        let last = self.chain.runs.last()?.last.clone();
        let Some(end) = self.chain.end else {
            let named = |hash: Digest| self.chain.runs.iter().any(|run| run.first.link == Some(hash));
            let in_place = |row: &Row| self.place(row.hash).is_none_or(|place| place == row.number);
            let mut tips = self.chain.runs.iter().rev().map(|run| &run.last);
            let tip = tips.find(|row| !named(row.hash) && in_place(row)).unwrap_or(&last);
            return Some((tip.number, false));
        };
        let proven = self.chain.verified.is_some_and(|manifest| manifest.last_hash() == Some(end));
        match self.place(end) {
            Some(number) => Some((number, proven)),
            None if end == last.hash => Some((last.number, proven)),
            None => self.gap(None, last.number.saturating_add(1), end),
        }
    }

    /// Goes back from an event as far as links hold, and then where the first of them leads.
    fn step(&mut self, number: u64, proven: bool) -> Option<(u64, bool)> {
        let run = self.run_of(number)?.clone();
        let from = self.unseen_from(run.first.number, number);
        if let Some((copy, original)) = self.copy_in(from, number) {
            self.visit(copy.saturating_add(1), number, proven);
            self.path.hops.push((copy.saturating_add(1), original));
            return Some((original, proven));
        }
        self.visit(from, number, proven);
        let first = &run.first;
        if from != first.number {
            return self.resume(from);
        }
        if self.chain.starts_with(first) {
            self.path.origin = Some(first.number);
            return None;
        }
        let Some(link) = first.link.filter(|_| first.number == 1 || run.left == Seam::Broken) else {
            return self.resume(first.number);
        };
        match self.place(link) {
            Some(place) if !self.is_seen(place) && covering(&self.explained, place).is_none() => {
                self.path.hops.push((first.number, place));
                Some((place, proven))
            }
            Some(_) => self.resume(first.number),
            None => self.gap(Some(first.clone()), first.number, link),
        }
    }

    /// Goes on without proof, where a link says nothing: unreadable, or naming an event that the path has been to.
    fn resume(&self, number: u64) -> Option<(u64, bool)> {
        self.go_on(number).map(|number| (number, false))
    }

    fn gap(&mut self, behind: Option<Row>, number: u64, link: Digest) -> Option<(u64, bool)> {
        let neighbour = number.checked_sub(1).filter(|neighbour| !self.is_seen(*neighbour));
        let next = self.go_on(number);
        for before in [neighbour, next].into_iter().flatten().filter_map(|number| self.row(number).cloned()) {
            if let Some((from, to)) = self.foreign_run(&before) {
                self.explained.insert(from, to);
                self.path.gaps.push(Gap { behind, before: Some(before), link, kind: GapKind::Spliced(from, to) });
                return self.resume(from);
            }
        }
        let before = next.and_then(|number| self.row(number)).cloned();
        let kind = if before.is_some() { GapKind::Plain } else { GapKind::Head };
        if kind == GapKind::Head && behind.as_ref().is_some_and(|row| !self.chain.has_start(row)) {
            return None;
        }
        self.path.gaps.push(Gap { behind, before, link, kind });
        next.map(|number| (number, false))
    }

    /// The linked run of another tenant that ends in this event, if its left link is broken.
    fn foreign_run(&self, event: &Row) -> Option<(u64, u64)> {
        let run = self.run_of(event.number)?;
        let broken = run.left == Seam::Broken || (run.first.number == 1 && self.chain.has_start(&run.first) && !self.chain.starts_with(&run.first));
        (run.is_foreign() && broken && run.last.number == event.number).then_some((run.first.number, run.last.number))
    }

    /// The event to go on from: the nearest one before `number` in the file that the path has not seen and that is no copy out of place.
    fn go_on(&self, number: u64) -> Option<u64> {
        let mut candidate = number.checked_sub(1).filter(|candidate| *candidate > 0)?;
        loop {
            if let Some(start) = covering(&self.seen, candidate).or_else(|| covering(&self.explained, candidate)) {
                candidate = start.checked_sub(1).filter(|candidate| *candidate > 0)?;
                continue;
            }
            let run = self.run_of(candidate);
            let out_of_place = self.row(candidate).and_then(|row| self.place(row.hash)).is_some_and(|place| place != candidate);
            if run.is_some() && !out_of_place {
                return Some(candidate);
            }
            candidate = match run {
                Some(_) => candidate.checked_sub(1).filter(|candidate| *candidate > 0)?,
                None => self.run_before(candidate)?.last.number,
            };
        }
    }

    /// Of several copies of one event, the one with the longest holding run on its left is in place; else the earlier.
    fn in_place(&self, copies: &[u64]) -> Option<u64> {
        let left = |number: u64| self.run_of(number).map_or(0, |run| number.saturating_sub(run.first.number));
        copies.iter().copied().max_by_key(|number| (left(*number), std::cmp::Reverse(*number)))
    }

    fn place(&self, hash: Digest) -> Option<u64> {
        self.places.get(&hash).copied()
    }

    /// The last event in `from..=to` that is a copy out of place, and where the one in place stands.
    fn copy_in(&self, from: u64, to: u64) -> Option<(u64, u64)> {
        let rows = (from <= to).then(|| self.answer.rows.range(from..=to)).into_iter().flatten().rev();
        rows.filter_map(|(number, row)| Some((*number, self.place(row.hash)?))).find(|(number, place)| number != place && !self.is_seen(*place))
    }

    fn visit(&mut self, from: u64, to: u64, proven: bool) {
        if from <= to {
            self.seen.insert(from, to);
            self.path.steps.push(Step { from, to, proven });
        }
    }

    /// The start of what the path has not seen in `from..=to`, going back from `to`.
    fn unseen_from(&self, from: u64, to: u64) -> u64 {
        let before = self.seen.range(..=to).next_back().map(|(_, end)| end.saturating_add(1));
        before.unwrap_or(from).max(from)
    }

    fn is_seen(&self, number: u64) -> bool {
        covering(&self.seen, number).is_some()
    }

    fn run_of(&self, number: u64) -> Option<&Run> {
        self.run_before(number).filter(|run| number <= run.last.number)
    }

    /// The last run that starts at or before this event.
    fn run_before(&self, number: u64) -> Option<&Run> {
        let index = self.chain.runs.partition_point(|run| run.first.number <= number);
        self.chain.runs.get(index.checked_sub(1)?)
    }

    fn row(&self, number: u64) -> Option<&Row> {
        let run = self.run_of(number)?;
        let edge = [&run.first, &run.last].into_iter().find(|row| row.number == number);
        edge.or_else(|| self.answer.rows.get(&number))
    }

    fn stepped_over(&self) -> Vec<(u64, u64)> {
        let mut left = Vec::new();
        for run in self.chain.runs {
            let mut from = run.first.number;
            while from <= run.last.number {
                if let Some(end) = covering_end(&self.seen, from).or_else(|| covering_end(&self.explained, from)) {
                    from = end.saturating_add(1);
                    continue;
                }
                let next = self.seen.range(from..).next().map_or(u64::MAX, |(start, _)| start.saturating_sub(1));
                let to = run.last.number.min(next);
                left.push((from, to));
                from = to.saturating_add(1);
            }
        }
        left
    }
}

/// The start of the range that covers a number.
fn covering(ranges: &BTreeMap<u64, u64>, number: u64) -> Option<u64> {
    ranges.range(..=number).next_back().filter(|(_, end)| **end >= number).map(|(start, _)| *start)
}

fn covering_end(ranges: &BTreeMap<u64, u64>, number: u64) -> Option<u64> {
    ranges.range(..=number).next_back().map(|(_, end)| *end).filter(|end| *end >= number)
}
