//! Which blocks of events can hold an event of a given hash, so that a second read need not look into the others. Kept as four bytes an event.

use std::collections::HashSet;
use std::fmt;

use crate::digest::Digest;

/// The first bytes of the hashes of a run of events, a list for each block. Empty is neutral, join is associative.
#[derive(Clone, Default)]
pub struct Hashes(Vec<Vec<u32>>);

/// How the hashes are heaped, says nothing.
impl fmt::Debug for Hashes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().flatten()).finish()
    }
}

impl Hashes {
    /// The hashes of one block.
    pub fn of_block(mut hashes: Vec<u32>) -> Self {
        hashes.shrink_to_fit();
        Self(vec![hashes])
    }

    /// Adds those of the events that follow.
    pub fn join(&mut self, mut next: Self) {
        self.0.append(&mut next.0);
    }

    /// The blocks, counted from 0, that can hold one of these; now and then one that does not.
    pub fn blocks_with(&self, wanted: &HashSet<Digest>) -> impl Iterator<Item = u64> {
        let wanted: HashSet<u32> = wanted.iter().map(first_bytes).collect();
        (0..).zip(&self.0).filter(move |(_, block)| block.iter().any(|hash| wanted.contains(hash))).map(|(index, _)| index)
    }
}

/// What is kept of a hash.
pub fn first_bytes(hash: &Digest) -> u32 {
    let [a, b, c, d, ..] = hash.0;
    u32::from_be_bytes([a, b, c, d])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_that_holds_the_hash_is_always_named() {
        let hashes: Vec<Digest> = (0..100_u8).map(|number| Digest::of(&[number])).collect();
        let mut joined = Hashes::default();
        for block in hashes.chunks(7) {
            joined.join(Hashes::of_block(block.iter().map(first_bytes).collect()));
        }
        for (index, hash) in hashes.iter().enumerate() {
            let blocks: Vec<u64> = joined.blocks_with(&HashSet::from([*hash])).collect();
            assert_eq!(blocks, [u64::try_from(index.checked_div(7).unwrap()).unwrap()]);
        }
        assert_eq!(joined.blocks_with(&HashSet::new()).count(), 0);
        assert_eq!(joined.blocks_with(&HashSet::from([Digest::of(b"another")])).count(), 0);
    }
}
