//! Sets of event numbers, kept as ranges: cheap where events are alike, and never more than one range for two events.

use std::ops::RangeInclusive;

/// A set of event numbers: sorted, disjoint, not touching.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ranges(Vec<(u64, u64)>);

impl Ranges {
    /// Adds a number that is not below any in the set.
    pub fn push(&mut self, number: u64) {
        self.push_range(number, number);
    }

    /// Adds a range that does not start below the last one's start.
    pub fn push_range(&mut self, from: u64, to: u64) {
        match self.0.last_mut() {
            Some((_, end)) if from <= end.saturating_add(1) => *end = (*end).max(to),
            _ => self.0.push((from, to)),
        }
    }

    /// Adds a set that stands behind this one.
    pub fn join(&mut self, next: Self) {
        next.0.into_iter().for_each(|(from, to)| self.push_range(from, to));
    }

    /// How many numbers.
    pub fn count(&self) -> u64 {
        self.0.iter().fold(0, |sum, (from, to)| sum.saturating_add(length(*from, *to)))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the number is in the set.
    pub fn contains(&self, number: u64) -> bool {
        self.first_in(number, number).is_some()
    }

    /// The lowest number of the set that lies in `from..=to`.
    pub fn first_in(&self, from: u64, to: u64) -> Option<u64> {
        let index = self.0.partition_point(|(_, end)| *end < from);
        self.0.get(index).map(|(start, _)| (*start).max(from)).filter(|first| *first <= to)
    }

    /// How many numbers of the set lie in `from..=to`.
    pub fn count_in(&self, from: u64, to: u64) -> u64 {
        let index = self.0.partition_point(|(_, end)| *end < from);
        let tail = self.0.get(index..).unwrap_or_default();
        let inside = tail.iter().take_while(|(start, _)| *start <= to);
        inside.fold(0, |sum, (start, end)| sum.saturating_add(length((*start).max(from), (*end).min(to))))
    }

    /// The ranges, ascending.
    pub fn iter(&self) -> impl Iterator<Item = RangeInclusive<u64>> + '_ {
        self.0.iter().map(|(from, to)| *from..=*to)
    }

    /// From ranges in any order, overlapping or not.
    pub fn from_unsorted(mut ranges: Vec<(u64, u64)>) -> Self {
        ranges.sort_unstable();
        let mut set = Self::default();
        ranges.into_iter().filter(|(from, to)| from <= to).for_each(|(from, to)| set.push_range(from, to));
        set
    }
}

fn length(from: u64, to: u64) -> u64 {
    to.saturating_sub(from).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_melt_and_counts_hold() {
        let mut set = Ranges::default();
        [1, 2, 3, 7, 9, 10].into_iter().for_each(|number| set.push(number));
        assert_eq!(set.iter().collect::<Vec<_>>(), [1..=3, 7..=7, 9..=10]);
        assert_eq!(set.count(), 6);
        assert_eq!((set.first_in(4, 6), set.first_in(2, 9), set.first_in(4, 8)), (None, Some(2), Some(7)));
        assert_eq!((set.count_in(3, 9), set.count_in(11, 20)), (3, 0));
        assert!(set.contains(10) && !set.contains(8));
        let mut left = Ranges::default();
        left.push(0);
        left.join(set.clone());
        assert_eq!(left.iter().next(), Some(0..=3));
        assert_eq!(Ranges::from_unsorted(vec![(9, 10), (1, 2), (3, 3), (7, 7)]), set);
    }
}
