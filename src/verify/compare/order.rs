//! Which events stand elsewhere: of all ways to read the one order as the other with some events out of place, the smallest. Not here: what that means.

use std::ops::RangeInclusive;

/// The numbers of one event in both exports.
pub(super) type Pair = (u64, u64);

/// Events that stand one behind the other in both exports: the first of both, and how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Run {
    old: u64,
    new: u64,
    count: u64,
}

/// All pairs of events.
#[derive(Debug, Default)]
pub(super) struct Runs(Vec<Run>);

/// What the order is.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Order {
    /// How many events stand elsewhere.
    pub(super) moved: u64,
    /// The first of them: numbers in the newer and in the older export.
    pub(super) first: Vec<Pair>,
    /// The whole of it stands the other way round.
    pub(super) reversed: bool,
}

impl Runs {
    pub(super) fn push(&mut self, old: u64, new: u64) {
        if let Some(last) = self.0.last_mut()
            && old.checked_sub(last.count) == Some(last.old)
            && new.checked_sub(last.count) == Some(last.new)
        {
            last.count = last.count.saturating_add(1);
            return;
        }
        self.0.push(Run { old, new, count: 1 });
    }

    /// How many pairs.
    pub(super) fn pairs(&self) -> u64 {
        self.0.iter().fold(0, |sum, run| sum.saturating_add(run.count))
    }

    /// From the first event to the last that the other has too: in the older export, in the newer one.
    pub(super) fn overlap(&self) -> Option<(RangeInclusive<u64>, RangeInclusive<u64>)> {
        let last = |from: u64, run: &Run| from.saturating_add(run.count).saturating_sub(1);
        let old = (self.0.iter().map(|run| run.old).min()?, self.0.iter().map(|run| last(run.old, run)).max()?);
        let new = (self.0.iter().map(|run| run.new).min()?, self.0.iter().map(|run| last(run.new, run)).max()?);
        Some((old.0..=old.1, new.0..=new.1))
    }

    /// Which events stand elsewhere.
    pub(super) fn order(mut self, keep: usize) -> Order {
        self.0.sort_unstable();
        let runs = merged(&self.0);
        if runs.is_sorted_by_key(|run| run.new) {
            return Order::default();
        }
        let reversed = runs.len() > 2 && runs.iter().all(|run| run.count == 1) && runs.is_sorted_by(|one, other| one.new > other.new);
        let stays = longest(&runs);
        let mut moved: Vec<Run> = runs.iter().zip(&stays).filter(|(_, stays)| !**stays).map(|(run, _)| *run).collect();
        moved.sort_unstable_by_key(|run| run.new);
        let total = moved.iter().fold(0_u64, |sum, run| sum.saturating_add(run.count));
        let each = |run: &Run| (0..run.count).zip(run.new..).zip(run.old..).map(|((_, new), old)| (new, old)).collect::<Vec<_>>();
        let first = moved.iter().take(keep).flat_map(each).take(keep).collect();
        Order { moved: total, first, reversed }
    }
}

/// Neighbours that hang together are one run, however they were found.
fn merged(runs: &[Run]) -> Vec<Run> {
    let mut merged: Vec<Run> = Vec::new();
    for run in runs {
        match merged.last_mut() {
            Some(last) if last.old.checked_add(last.count) == Some(run.old) && last.new.checked_add(last.count) == Some(run.new) => {
                last.count = last.count.saturating_add(run.count);
            }
            _ => merged.push(*run),
        }
    }
    merged
}

/// Which runs stay in place, so that the fewest events are moved: the heaviest rising sequence, by a tree of prefix maxima (Fenwick).
fn longest(runs: &[Run]) -> Vec<bool> {
    let mut by_new: Vec<usize> = (0..runs.len()).collect();
    by_new.sort_unstable_by_key(|index| runs.get(*index).map(|run| run.new));
    let mut ranks = vec![0_usize; runs.len()];
    for (rank, index) in by_new.iter().enumerate() {
        if let Some(place) = ranks.get_mut(*index) {
            *place = rank.saturating_add(1);
        }
    }
    let mut tree: Vec<(u64, Option<usize>)> = vec![(0, None); runs.len().saturating_add(1)];
    let mut previous: Vec<Option<usize>> = Vec::with_capacity(runs.len());
    let mut best: (u64, Option<usize>) = (0, None);
    for (index, (run, rank)) in runs.iter().zip(&ranks).enumerate() {
        let (weight, before) = heaviest(&tree, rank.saturating_sub(1));
        let own = (weight.saturating_add(run.count), Some(index));
        previous.push(before);
        raise(&mut tree, *rank, own);
        best = if own.0 > best.0 { own } else { best };
    }
    let mut stays = vec![false; runs.len()];
    let mut at = best.1;
    while let Some(index) = at {
        if let Some(place) = stays.get_mut(index) {
            *place = true;
        }
        at = previous.get(index).copied().flatten();
    }
    stays
}

fn heaviest(tree: &[(u64, Option<usize>)], mut rank: usize) -> (u64, Option<usize>) {
    let mut best = (0, None);
    while rank > 0 {
        best = tree.get(rank).copied().filter(|node| node.0 > best.0).unwrap_or(best);
        rank &= rank.saturating_sub(1);
    }
    best
}

fn raise(tree: &mut [(u64, Option<usize>)], mut rank: usize, own: (u64, Option<usize>)) {
    while let Some(node) = tree.get_mut(rank) {
        if own.0 > node.0 {
            *node = own;
        }
        rank = rank.saturating_add(rank & rank.wrapping_neg());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(new: &[u64]) -> Order {
        let mut runs = Runs::default();
        (1..).zip(new).for_each(|(old, new)| runs.push(old, *new));
        runs.order(10)
    }

    #[test]
    fn the_fewest_events_are_moved() {
        assert_eq!(order(&[5, 6, 7, 8]), Order::default());
        assert_eq!((order(&[2, 1]).reversed, order(&[2, 1]).moved, order(&[3, 2, 1]).reversed), (false, 1, true));
        for (new, moved, first) in [
            (&[1, 2, 4, 3, 5][..], 1, &[(3, 4)][..]),
            (&[5, 1, 2, 3, 4], 1, &[(5, 1)]),
            (&[2, 3, 4, 5, 1], 1, &[(1, 5)]),
            (&[3, 4, 1, 2, 5], 2, &[(1, 3), (2, 4)]),
        ] {
            let found = order(new);
            assert_eq!((found.moved, found.reversed), (moved, false), "{new:?}");
            assert_eq!(found.first.len(), first.len(), "{new:?}: {found:?}");
        }
    }

    #[test]
    fn runs_found_apart_hang_together() {
        let mut runs = Runs::default();
        [(1, 1), (2, 2), (5, 5), (6, 6), (3, 3), (4, 4)].iter().for_each(|(old, new)| runs.push(*old, *new));
        assert_eq!((runs.pairs(), runs.overlap()), (6, Some((1..=6, 1..=6))));
        assert_eq!(runs.order(10), Order::default());
    }
}
