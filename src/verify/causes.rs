//! What a broken chain means: the path of proof, sequence numbers, counts and keys, turned into causes. Facts are kept apart: each cause points to the
//! disagreement that it explains. Pure; one cause is reported once.

use crate::check::{Ranges, Row, Run, Seam};
use crate::digest::Digest;
use crate::finding::Cause;
use crate::verify::found::{Detail, Fact, Found, SequenceGap};
use crate::verify::lookup::Answer;
use crate::verify::moved::{Stretch, smallest_moved};
use crate::verify::path::{Chain, Gap, GapKind, Path};

/// What else is known, beside the chain.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances<'c> {
    /// Events in the file.
    pub events: u64,
    /// Events by the manifest's count.
    pub count: Option<u64>,
    /// Events whose HMAC or signature does not fit, where the auditor holds a key and not all of them fail.
    pub failing: Option<&'c Ranges>,
    /// Events of another tenant.
    pub foreign: &'c Ranges,
    /// Jumps of the sequence where links hold: the number before, the event behind.
    pub jumps: &'c [(u64, Row)],
}

/// Explains all breaks, in file order. `mended` are breaks that are known already.
pub fn explain(chain: Chain<'_>, path: &Path, answer: &Answer, known: Circumstances<'_>, mended: Vec<Found>) -> (Vec<Found>, Vec<SequenceGap>) {
    let on_path = Ranges::from_unsorted(path.steps.iter().map(|step| (step.from, step.to)).collect());
    let mut causes = Causes { chain, path, on_path, answer, known, found: mended, open: Vec::new(), written: Vec::new() };
    causes.stepped_over();
    causes.reordered();
    path.gaps.iter().for_each(|gap| causes.gap(gap));
    causes.jumps();
    causes.settle();
    let Causes { mut found, written, .. } = causes;
    found.sort_by_key(|found| (found.event, found.rank()));
    found.dedup_by(|later, earlier| {
        let same = later.cause == earlier.cause && later.event == earlier.event && later.cause == Cause::Modified;
        if same {
            earlier.covers.append(&mut later.covers);
        }
        same
    });
    (found, written)
}

/// Explains the broken links of a filtered export: there is no path, only neighbours whose sequence numbers are consecutive.
pub fn filtered(chain: Chain<'_>, answer: &Answer, known: Circumstances<'_>, mended: Vec<Found>) -> Vec<Found> {
    let path = Path::default();
    let seams = chain.runs.iter().zip(chain.runs.iter().skip(1)).filter(|(_, right)| right.left == Seam::Broken);
    let gaps: Vec<Gap> = seams
        .filter_map(|(left, right)| {
            let link = right.first.link?;
            Some(Gap { behind: Some(right.first.clone()), before: Some(left.last.clone()), link, kind: GapKind::Plain })
        })
        .collect();
    let mut causes = Causes { chain, path: &path, on_path: Ranges::default(), answer, known, found: mended, open: Vec::new(), written: Vec::new() };
    gaps.iter().for_each(|gap| causes.gap(gap));
    causes.found.sort_by_key(|found| found.event);
    causes.found
}

struct Causes<'c> {
    chain: Chain<'c>,
    path: &'c Path,
    on_path: Ranges,
    answer: &'c Answer,
    known: Circumstances<'c>,
    found: Vec<Found>,
    /// Gaps whose cause depends on how many events are missing altogether.
    open: Vec<&'c Gap>,
    /// Jumps that the producer wrote.
    written: Vec<SequenceGap>,
}

impl<'c> Causes<'c> {
    fn add(&mut self, cause: Cause, covers: (u64, u64), fact: Fact, detail: Detail) {
        self.found.push(Found { cause, event: covers.0, covers: vec![covers], missing: None, fact, detail });
    }

    fn add_missing(&mut self, cause: Cause, event: u64, fact: Fact, detail: Detail, missing: Option<(u64, bool)>) {
        self.found.push(Found { cause, event, covers: vec![(event, event)], missing, fact, detail });
    }

    /// Runs that the path steps over: copies, other tenants' events, insertions; and whether one of them forks off.
    fn stepped_over(&mut self) {
        let left = Ranges::from_unsorted(self.path.stepped_over.clone());
        for range in left.iter() {
            let mut from = *range.start();
            while from <= *range.end() {
                let (cause, to) = self.alike(from, *range.end());
                self.stepped_run(cause, from, to);
                from = to.saturating_add(1);
            }
        }
    }

    /// What the event is, and up to where the events behind it are the same.
    fn alike(&self, from: u64, end: u64) -> (Cause, u64) {
        let rows = (from <= end).then(|| self.answer.rows.range(from..=end)).into_iter().flatten();
        let copies = rows.filter(|(_, row)| self.is_copy(row)).map(|(number, _)| *number);
        let mut copied = Ranges::default();
        copies.for_each(|number| copied.push(number));
        let until = |set: &Ranges| set.first_in(from, end).map_or(end, |first| first.saturating_sub(1));
        let through = |set: &Ranges| set.iter().find(|range| range.contains(&from)).map_or(from, |range| (*range.end()).min(end));
        if copied.contains(from) {
            return (Cause::Duplicated, through(&copied));
        }
        if self.known.foreign.contains(from) {
            return (Cause::Spliced, through(self.known.foreign).min(until(&copied)));
        }
        (Cause::Inserted, until(&copied).min(until(self.known.foreign)))
    }

    /// Whether another event of the file, on the path, has the same hash.
    fn is_copy(&self, row: &Row) -> bool {
        let copies = self.answer.by_hash.get(&row.hash).map(Vec::as_slice).unwrap_or_default();
        copies.len() > 1 && copies.iter().any(|number| *number != row.number && self.on_path.contains(*number))
    }

    fn stepped_run(&mut self, cause: Cause, from: u64, to: u64) {
        let fact = self.fact_around(from, to);
        let fork = self.row(from).and_then(|row| self.rival(row));
        let appended = to == self.known.events && self.path.steps.first().is_some_and(|step| step.to < from);
        match (cause, fork) {
            (Cause::Inserted, Some(rival)) if self.chain.verified.is_none() => {
                let event = from.max(rival);
                self.add(Cause::Forked, (event, event), fact, Detail::Fork(from.min(rival)));
            }
            (Cause::Inserted, Some(rival)) => {
                self.add(cause, (from, to), fact, Detail::Fork(rival));
            }
            _ if appended => {
                self.add(cause, (from, to), fact, Detail::Appended);
            }
            _ => {
                self.add(cause, (from, to), fact, Detail::Plain);
            }
        }
    }

    /// The event on the path that names the same predecessor.
    fn rival(&self, row: &Row) -> Option<u64> {
        let link = row.link?;
        let on_path = |number: u64| self.on_path.contains(number);
        let named = self.chain.runs.iter().map(|run| &run.first).find(|first| first.link == Some(link) && on_path(first.number));
        let follower = || {
            let before = *self.answer.by_hash.get(&link)?.first()?;
            let next = before.saturating_add(1);
            let linked = self.run_of(next).is_some_and(|run| run.first.number <= before);
            (linked && on_path(next) && next != row.number).then_some(next)
        };
        named.map(|first| first.number).or_else(follower)
    }

    /// The disagreement at the edge of some events: that of the link behind them, else that of their own.
    fn fact_around(&self, from: u64, to: u64) -> Fact {
        let broken = |number: u64| self.run_starting(number).filter(|run| run.left == Seam::Broken);
        if let Some(run) = broken(to.saturating_add(1)).or_else(|| broken(from)) {
            return Fact { stated: run.first.link, computed: self.hash_of(run.first.number.saturating_sub(1)), stated_by: Some(run.first.clone()) };
        }
        if to == self.known.events {
            return Fact { stated: self.chain.end, computed: self.hash_of(to), stated_by: None };
        }
        let stated_by = self.row(from).cloned();
        Fact { stated: stated_by.as_ref().and_then(|row| row.link), computed: self.chain.start, stated_by }
    }

    fn reordered(&mut self) {
        let mut chain: Vec<Stretch> = Vec::new();
        for step in self.path.steps.iter().rev() {
            match chain.last_mut() {
                Some(before) if before.to.checked_add(1) == Some(step.from) => before.to = step.to,
                _ => chain.push(Stretch { from: step.from, to: step.to }),
            }
        }
        let moved = smallest_moved(&chain);
        let Some(first) = moved.first() else {
            return;
        };
        let newest_first = self.known.events > 2
            && self.on_path.count() == self.known.events
            && chain.iter().all(|stretch| stretch.from == stretch.to)
            && chain.iter().zip(chain.iter().skip(1)).all(|(left, right)| left.from > right.to);
        let detail = if newest_first { Detail::NewestFirst } else { Detail::Plain };
        let event = if newest_first { 1 } else { first.from };
        let fact = self.fact_around(event, first.to);
        let covers = moved.iter().map(|stretch| (stretch.from, stretch.to)).collect();
        self.found.push(Found { cause: Cause::Reordered, event, covers, missing: None, fact, detail });
    }

    fn gap(&mut self, gap: &'c Gap) {
        let fact = Fact { stated: Some(gap.link), computed: gap.before.as_ref().map(|row| row.hash), stated_by: gap.behind.clone() };
        let Some(before) = &gap.before else {
            return self.open.push(gap);
        };
        let here = before.number;
        match gap.kind {
            GapKind::Head => return self.open.push(gap),
            GapKind::Spliced(from, to) => {
                self.add(Cause::Spliced, (from, to), fact, Detail::Plain);
                return;
            }
            GapKind::Plain => {}
        }
        if before.link.is_none() {
            self.add(Cause::Modified, (here, here), fact, Detail::ByReading);
            return;
        }
        if before.own == Some(gap.link) && before.own != Some(before.hash) {
            self.add(Cause::Modified, (here, here), fact, Detail::ByOwnHash);
            return;
        }
        let Some(behind) = &gap.behind else {
            return self.open.push(gap);
        };
        match (before.sequence, behind.sequence) {
            (Some(left), Some(right)) if left.checked_add(1) == Some(right) => self.modified(here, behind.number, fact),
            (Some(_), Some(_)) if self.is_out_of_line(before) => {
                self.add(Cause::Modified, (here, here), fact, Detail::BySequence);
            }
            (Some(left), Some(right)) if right > left.saturating_add(1) => {
                let missing = right.saturating_sub(left).saturating_sub(1);
                self.add_missing(Cause::Removed, behind.number, fact, Detail::Plain, Some((missing, true)));
            }
            (Some(_), Some(_)) => self.add(Cause::Modified, (here, here), fact, Detail::Plain),
            _ => self.open.push(gap),
        }
    }

    /// An altered event, or a run of them: with a key, the first that fails.
    fn modified(&mut self, here: u64, next: u64, fact: Fact) {
        let start = self.run_of(here).map_or(here, |run| run.first.number);
        let failing = self.known.failing.and_then(|failing| failing.first_in(start, here));
        let next_fails = self.known.failing.is_some_and(|failing| failing.contains(next));
        match failing {
            Some(first) => self.add(Cause::Modified, (first, here), fact, Detail::ByKey),
            None if next_fails => self.add(Cause::Modified, (next, next), fact, Detail::ByKey),
            None => self.add(Cause::Modified, (here, here), fact, Detail::Plain),
        }
    }

    /// Whether the sequence jumps before this event although its link holds.
    fn is_out_of_line(&self, row: &Row) -> bool {
        let late_start = row.number == 1 && row.sequence != Some(1) && row.link.is_some() && row.link == self.chain.genesis;
        late_start || self.known.jumps.iter().any(|(_, jump)| jump.number == row.number)
    }

    fn run_of(&self, number: u64) -> Option<&'c Run> {
        let index = self.chain.runs.partition_point(|run| run.first.number <= number);
        self.chain.runs.get(index.checked_sub(1)?).filter(|run| number <= run.last.number)
    }

    fn run_starting(&self, number: u64) -> Option<&'c Run> {
        self.run_of(number).filter(|run| run.first.number == number)
    }

    fn row(&self, number: u64) -> Option<&'c Row> {
        let run = self.run_of(number)?;
        let edge = [&run.first, &run.last].into_iter().find(|row| row.number == number);
        edge.or_else(|| self.answer.rows.get(&number))
    }

    fn hash_of(&self, number: u64) -> Option<Digest> {
        self.row(number).map(|row| row.hash)
    }
}

mod counts;
