//! What came of holding two exports against each other, in numbers of events. Not here: what a difference means.

use std::collections::HashMap;

use super::order::{Pair, Runs};
use super::purges::Record;
use crate::report::{Divergence, Rewritten};
use crate::verify::table::Waiting;

/// What came of it.
#[derive(Default)]
pub(super) struct Met {
    /// All pairs: numbers of the events of both.
    pub(super) runs: Runs,
    pub(super) same: u64,
    pub(super) relinked: u64,
    pub(super) resealed: u64,
    /// Numbers in the newer and in the older export.
    pub(super) rewritten: Vec<(u64, u64)>,
    /// Of the first of those, what differs; by their numbers.
    pub(super) told: HashMap<(u64, u64), Rewritten>,
    pub(super) old_only: Vec<Waiting>,
    pub(super) new_only: Vec<Waiting>,
    pub(super) unreadable: (u64, u64),
    /// The first pair whose hashes differ, and the pair before it: numbers in the older and the newer export.
    pub(super) parted: Option<(Option<Pair>, Pair)>,
    /// The same, where it was seen at once.
    pub(super) divergence: Option<Divergence>,
    /// Records of purges in the newer export.
    pub(super) purges: Vec<Record>,
}
