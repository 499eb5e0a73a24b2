//! `event.unique`: no two events have one id. Kept as eight bytes an event; what seems to repeat is confirmed exactly in the second read.

use std::collections::HashSet;
use std::fmt;

/// Keyed hashes of the ids of a run of events, a list for each block. Empty is neutral, join is associative.
#[derive(Clone, Default)]
pub struct Ids(Vec<Vec<u64>>);

/// How the hashes are heaped, says nothing.
impl fmt::Debug for Ids {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().flatten()).finish()
    }
}

/// Repeated hashes that are followed up; copies of more ids than that are not looked for.
const FOLLOWED: usize = 100_000;

/// The hashes are sorted in this many parts, so that sorting needs little room of its own.
const PARTS: u64 = 16;

impl Ids {
    /// The hashes of one block.
    pub fn of_block(mut hashes: Vec<u64>) -> Self {
        hashes.shrink_to_fit();
        Self(vec![hashes])
    }

    /// Adds those of the events that follow.
    pub fn join(&mut self, mut next: Self) {
        self.0.append(&mut next.0);
    }

    /// The hashes that stand there more than once.
    pub fn repeated(&self) -> HashSet<u64> {
        (0..PARTS).flat_map(|part| self.repeated_in(part)).take(FOLLOWED).collect()
    }

    /// The blocks, counted from 0, that hold one of these hashes.
    pub fn blocks_with(&self, wanted: &HashSet<u64>) -> impl Iterator<Item = u64> {
        (0..).zip(&self.0).filter(|(_, block)| block.iter().any(|hash| wanted.contains(hash))).map(|(index, _)| index)
    }

    fn repeated_in(&self, part: u64) -> Vec<u64> {
        let mut hashes: Vec<u64> = self.0.iter().flatten().copied().filter(|hash| hash.checked_rem(PARTS) == Some(part)).collect();
        hashes.sort_unstable();
        let pairs = hashes.iter().zip(hashes.iter().skip(1));
        pairs.filter(|(left, right)| left == right).map(|(hash, _)| *hash).collect()
    }
}
