//! `expect.answer`: how many events lie in the time that a server's saved answer is about. What the answer says of them is compared when all are counted.

use crate::check::{At, Check, Count, Tally};
use crate::event::Event;
use crate::finding::{CheckId, Why};
use crate::time::Time;

/// The time that an answer is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Answered {
    /// Inclusive.
    pub from: Option<Time>,
    /// Exclusive.
    pub to: Option<Time>,
    /// Where the end is stated as a day: its last instant, since nobody knows whether that day belongs to it.
    pub day: Option<Time>,
}

/// Where a time stands to that of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Inside.
    Inside,
    /// On the day that may belong to it or not.
    Edge,
    /// Outside.
    Outside,
}

impl Answered {
    /// Where this time stands.
    pub fn standing(&self, time: Time) -> Standing {
        let late = self.to.is_some_and(|to| time >= to);
        match (self.from.is_some_and(|from| time < from), late) {
            (true, _) => Standing::Outside,
            (false, false) => Standing::Inside,
            (false, true) if self.day.is_some_and(|day| time <= day) => Standing::Edge,
            (false, true) => Standing::Outside,
        }
    }
}

impl Check for Answered {
    fn id(&self) -> CheckId {
        CheckId::ExpectAnswer
    }

    fn examine(&self, event: &Event<'_>, _: &At<'_>, tally: &mut Tally) {
        match event.time.map(|time| self.standing(time)) {
            None if self.from.is_some() || self.to.is_some() => tally.leave(|| Why::Unreadable),
            None | Some(Standing::Inside) => tally.uphold(),
            Some(Standing::Edge) => tally.count(Count::OnTheEdge),
            Some(Standing::Outside) => tally.count(Count::Outside),
        }
    }
}
