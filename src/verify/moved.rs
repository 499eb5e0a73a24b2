//! Which events were moved: of all ways to read the file's order as the chain's order with some events out of place, the smallest.

/// Events that stand together in the file and in the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// The first event, by its number in the file.
    pub from: u64,
    /// The last event.
    pub to: u64,
}

impl Stretch {
    fn length(self) -> u64 {
        self.to.saturating_sub(self.from).saturating_add(1)
    }
}

/// The moved stretches, in file order: fewest events, then fewest stretches, then the earliest in the file. `chain` is in the order of the chain.
pub fn smallest_moved(chain: &[Stretch]) -> Vec<Stretch> {
    let mut ranked: Vec<(usize, Stretch)> = chain.iter().copied().enumerate().collect();
    ranked.sort_by_key(|(_, stretch)| stretch.from);
    if ranked.is_sorted_by_key(|(rank, _)| *rank) {
        return Vec::new();
    }
    let best = best_from(&ranked);
    let kept = keep_latest(&ranked, &best);
    ranked.iter().filter(|(rank, _)| !kept.contains(rank)).map(|(_, stretch)| *stretch).collect()
}

/// Events and stretches that stay in place.
type Kept = (u64, u64);

/// For each stretch, the most that can stay in place from it on.
fn best_from(ranked: &[(usize, Stretch)]) -> Vec<Kept> {
    let mut best: Vec<Kept> = Vec::with_capacity(ranked.len());
    for (index, (rank, stretch)) in ranked.iter().enumerate().rev() {
        let behind = ranked.iter().skip(index.saturating_add(1)).zip(best.iter().rev());
        let follow = behind.filter(|((later, _), _)| later > rank).map(|(_, kept)| *kept).max().unwrap_or_default();
        best.push((follow.0.saturating_add(stretch.length()), follow.1.saturating_add(1)));
    }
    best.reverse();
    best
}

/// The ranks that stay in place. At each step the latest possible stretch, so that what is moved stands early in the file.
fn keep_latest(ranked: &[(usize, Stretch)], best: &[Kept]) -> Vec<usize> {
    let mut wanted = best.iter().copied().max().unwrap_or_default();
    let mut kept: Vec<usize> = Vec::new();
    let mut after = 0;
    while wanted.1 > 0 {
        let fits = |(rank, _): &(usize, Stretch), kept_from: &Kept| *kept_from == wanted && kept.last().is_none_or(|last| rank > last);
        let mut candidates = ranked.iter().zip(best).enumerate().skip(after);
        let Some((index, ((rank, stretch), _))) = candidates.rfind(|(_, (item, from))| fits(item, from)) else {
            break;
        };
        kept.push(*rank);
        wanted = (wanted.0.saturating_sub(stretch.length()), wanted.1.saturating_sub(1));
        after = index.saturating_add(1);
    }
    kept.sort_unstable();
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(chain: &[(u64, u64)]) -> Vec<(u64, u64)> {
        let chain: Vec<Stretch> = chain.iter().map(|(from, to)| Stretch { from: *from, to: *to }).collect();
        smallest_moved(&chain).iter().map(|stretch| (stretch.from, stretch.to)).collect()
    }

    #[test]
    fn the_smallest_set_is_named_and_ties_go_to_the_earlier() {
        assert_eq!(moved(&[(1, 4), (5, 9)]), []);
        assert_eq!(moved(&[(1, 4), (6, 6), (5, 5), (7, 9)]), [(5, 5)], "an adjacent swap");
        assert_eq!(moved(&[(1, 2), (8, 8), (3, 7), (9, 9)]), [(8, 8)], "one event moved back");
        assert_eq!(moved(&[(1, 2), (4, 8), (3, 3), (9, 9)]), [(3, 3)], "one event moved forward");
        assert_eq!(moved(&[(1, 1), (6, 9), (2, 5)]), [(2, 5)], "two equal halves");
        assert_eq!(moved(&[(2, 2), (1, 1), (3, 5), (7, 7), (6, 6)]), [(1, 1), (6, 6)], "two swaps");
        assert_eq!(moved(&[(3, 3), (2, 2), (1, 1)]), [(1, 1), (2, 2)], "all in reverse");
    }
}
