//! Causes that depend on how many events there should be: jumps of the sequence, cuts at both ends, and gaps without sequence numbers.

use super::{Cause, Causes, Detail, Fact, Found, Gap, GapKind};
use crate::check::Row;

impl Causes<'_> {
    /// Jumps between neighbours on the path: written so by the producer where that is proven, a hole that was linked over where it is not.
    pub(super) fn jumps(&mut self) {
        let jumps = self.known.jumps.iter().map(|(before, row)| (*before, row.clone()));
        let hops = self.path.hops.iter().filter_map(|(from, to)| Some((self.row(*to)?.sequence?, self.row(*from)?.clone())));
        let jumps: Vec<(u64, Row)> = jumps.chain(hops).collect();
        for (before, row) in jumps {
            if !self.is_edited(&row) && self.on_path.contains(row.number) {
                self.jump(before, row);
            }
        }
        let origin = self.path.origin.and_then(|number| self.row(number)).filter(|row| row.link == self.chain.genesis);
        if let Some(row) = origin.filter(|row| row.sequence.is_some_and(|sequence| sequence > 1) && !self.is_edited(row)).cloned() {
            self.jump(0, row);
        }
    }

    /// Whether a break says already that the event's sequence number was edited.
    fn is_edited(&self, row: &Row) -> bool {
        self.found.iter().any(|found| found.detail == Detail::BySequence && covers(found, row.number))
    }

    fn jump(&mut self, before: u64, row: Row) {
        let expected = before.saturating_add(1);
        let proven = self.path.steps.iter().any(|step| step.proven && (step.from..=step.to).contains(&row.number));
        match row.sequence.and_then(|here| here.checked_sub(expected)) {
            Some(0) => {}
            Some(missing) if !proven => {
                self.add_missing(Cause::Removed, row.number, Fact::default(), Detail::OverHole, Some((missing, true)));
            }
            _ if row.sequence.is_some() => self.written.push((row, expected)),
            _ => {}
        }
    }

    /// Decides the gaps that counts decide.
    pub(super) fn settle(&mut self) {
        let open = std::mem::take(&mut self.open);
        let total = self.found.len().saturating_add(open.len());
        let (head, open): (Vec<&Gap>, Vec<&Gap>) = open.into_iter().partition(|gap| gap.before.is_none());
        for gap in head {
            if let Some(first) = &gap.behind {
                self.head(gap, first, total);
            }
        }
        // the end comes last: what it misses is what nothing else accounts for
        let (end, open): (Vec<&Gap>, Vec<&Gap>) = open.into_iter().partition(|gap| gap.behind.is_none());
        for gap in open.into_iter().chain(end) {
            match (&gap.behind, &gap.before) {
                (Some(behind), Some(before)) => self.unsequenced(gap, behind, before, total),
                (None, Some(last)) => self.tail(gap, last),
                _ => {}
            }
        }
    }

    /// Events that the manifest counts and that nothing yet explains. Events that the path steps over do not count.
    fn unexplained(&self) -> Option<u64> {
        let stepped = self.path.stepped_over.iter().fold(0_u64, |sum, (from, to)| sum.saturating_add(to.saturating_sub(*from).saturating_add(1)));
        let present = self.known.events.saturating_sub(stepped);
        let spliced = self.path.gaps.iter().filter_map(|gap| match gap.kind {
            GapKind::Spliced(from, to) => Some(to.saturating_sub(from).saturating_add(1)),
            GapKind::Head | GapKind::Plain => None,
        });
        let present = present.saturating_sub(spliced.fold(0_u64, u64::saturating_add));
        let removed = self.found.iter().filter_map(|found| found.missing.filter(|(_, exact)| *exact));
        let removed = removed.fold(0_u64, |sum, (count, _)| sum.saturating_add(count));
        self.known.count.map(|count| count.saturating_sub(present).saturating_sub(removed))
    }

    fn head(&mut self, gap: &Gap, first: &Row, total: usize) {
        let fact = Fact { stated: Some(gap.link), computed: self.chain.start.or(self.chain.genesis), stated_by: Some(first.clone()) };
        let from_genesis = self.chain.genesis.is_some() && self.chain.start == self.chain.genesis;
        let unexplained = self.unexplained().filter(|count| *count > 0 && total == 1);
        let missing = match (first.sequence, unexplained) {
            (Some(1), _) => None,
            (Some(sequence), _) if from_genesis => Some((sequence.saturating_sub(1), true)),
            (_, Some(count)) => Some((count, true)),
            (_, None) => Some((1, false)),
        };
        self.add_missing(Cause::HeadCut, first.number, fact, Detail::Plain, missing);
    }

    fn unsequenced(&mut self, gap: &Gap, behind: &Row, before: &Row, total: usize) {
        let fact = Fact { stated: Some(gap.link), computed: Some(before.hash), stated_by: Some(behind.clone()) };
        match self.unexplained() {
            Some(0) => self.add(Cause::Modified, (before.number, before.number), fact, Detail::Plain),
            Some(count) if total == 1 => {
                self.add_missing(Cause::Removed, behind.number, fact, Detail::Plain, Some((count, true)));
            }
            Some(_) | None => {
                self.add(Cause::ModifiedOrRemoved, (behind.number, behind.number), fact, Detail::Plain);
            }
        }
    }

    fn tail(&mut self, gap: &Gap, last: &Row) {
        let number = last.number;
        let fact = Fact { stated: Some(gap.link), computed: Some(last.hash), stated_by: None };
        if let Some(count) = self.unexplained().filter(|count| *count > 0) {
            self.add_missing(Cause::TailCut, number, fact, Detail::Plain, Some((count, true)));
            return;
        }
        let start = self.run_of(number).map_or(number, |run| run.first.number);
        match self.known.failing.and_then(|failing| failing.first_in(start, number)) {
            Some(first) if first == number => self.add(Cause::Modified, (number, number), fact, Detail::ByKey),
            Some(first) => self.add(Cause::Reforged, (first, number), fact, Detail::ByKey),
            None => self.add(Cause::Reforged, (number, number), fact, Detail::Plain),
        }
    }
}

fn covers(found: &Found, number: u64) -> bool {
    found.covers.iter().any(|(from, to)| (*from..=*to).contains(&number))
}
