//! What one check found over a run of events.

use std::collections::BTreeMap;

use crate::check::Ranges;
use crate::finding::{Finding, Outcome, Why};

/// Findings that keep their details, for each check; numbers stay exact beyond it.
const KEPT: usize = 10_000;

/// How many events held, which did not, and why some could not be tested. Empty is neutral, join is associative.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Events that hold.
    pub upheld: u64,
    /// Events that could not be tested.
    pub untested: u64,
    /// Why the first of them could not.
    pub why: Option<Why>,
    /// Whether an event carries no proof at all where one was declared.
    pub missing: bool,
    /// What the report tells of events beside their outcome.
    pub counts: BTreeMap<Count, u64>,
    /// Numbers of the events that do not hold.
    pub refuted: Ranges,
    /// The first findings, in file order.
    pub kept: Vec<Finding>,
}

/// What a report tells of events beside their outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Count {
    /// The key stands only in the export.
    Claimed,
    /// The event carries no proof.
    Missing,
    /// The event lies on a day that may belong to the time that was asked for or not.
    OnTheEdge,
    /// The event lies outside the period that the server's answer names.
    Outside,
    /// The auditor pins the key.
    Pinned,
    /// The event names nobody and carries no proof: the system made it.
    System,
    /// The token says nothing of the user.
    Unbound,
    /// The producer vouches for the key.
    VouchedFor,
}

impl Tally {
    /// One more event of which this is true.
    pub fn count(&mut self, what: Count) {
        let count = self.counts.entry(what).or_default();
        *count = count.saturating_add(1);
    }

    /// Of how many events this is true.
    pub fn counted(&self, what: Count) -> u64 {
        self.counts.get(&what).copied().unwrap_or_default()
    }

    /// One event holds.
    pub fn uphold(&mut self) {
        self.upheld = self.upheld.saturating_add(1);
    }

    /// One event could not be tested.
    pub fn leave(&mut self, why: impl FnOnce() -> Why) {
        self.untested = self.untested.saturating_add(1);
        self.why.get_or_insert_with(why);
    }

    /// The event with this number does not hold.
    pub fn refute(&mut self, number: u64, finding: impl FnOnce() -> Finding) {
        self.refuted.push(number);
        if self.kept.len() < KEPT {
            self.kept.push(finding());
        }
    }

    /// How it came out, where this is the tally of one event; none where the event makes no such claim.
    pub fn outcome(&self) -> Option<Outcome> {
        match (self.refuted.count(), self.untested, self.upheld) {
            (0, 0, 0) => None,
            (0, 0, _) => Some(Outcome::Upheld),
            (0, ..) => Some(Outcome::Untested),
            _ => Some(Outcome::Refuted),
        }
    }

    /// Adds the tally of the events that follow.
    pub fn join(&mut self, next: Self) {
        self.upheld = self.upheld.saturating_add(next.upheld);
        self.untested = self.untested.saturating_add(next.untested);
        self.why = self.why.take().or(next.why);
        self.missing |= next.missing;
        for (what, more) in next.counts {
            let count = self.counts.entry(what).or_default();
            *count = count.saturating_add(more);
        }
        self.refuted.join(next.refuted);
        let room = KEPT.saturating_sub(self.kept.len());
        self.kept.extend(next.kept.into_iter().take(room));
    }
}
