//! Records of purges: which of them can explain that an event is gone. Not here: whether any of it is true.

use std::collections::BTreeMap;

use super::form::{Form, cut, quoted};
use super::side::line;
use crate::check::At;
use crate::event::{Event, Found};
use crate::report::EventLine;
use crate::time::Time;

/// So many records are kept.
pub(super) const KEPT: usize = 10_000;

/// Where a record of a purge says what.
pub(super) struct PurgeSlots<'p> {
    pub(super) action: &'p str,
    pub(super) count: Option<usize>,
    pub(super) before: Option<usize>,
    pub(super) says: Option<usize>,
}

/// One record of a purge.
#[derive(Debug, Clone)]
pub(super) struct Record {
    pub(super) number: u64,
    pub(super) line: EventLine,
    pub(super) says: Option<String>,
    time: Option<Time>,
    count: Option<u64>,
    before: Option<Time>,
}

impl Record {
    /// What an event records; `None` where it records no purge.
    pub(super) fn of(form: &Form<'_>, event: &Event<'_>, at: &At<'_>) -> Option<Self> {
        let slots = form.purge.as_ref()?;
        if event.filter_value(form.action).as_deref() != Some(slots.action) {
            return None;
        }
        let found = |slot: Option<usize>| slot.map_or(Found::Absent, |slot| event.compared(slot));
        let count = match found(slots.count) {
            Found::Other(text) => std::str::from_utf8(text).ok().and_then(|text| text.parse().ok()),
            _ => None,
        };
        let before = match found(slots.before) {
            Found::Text(text) => text.parse().ok(),
            _ => None,
        };
        let says = found(slots.says);
        let says = (!says.is_nothing()).then(|| cut(quoted(&says)));
        Some(Self { number: at.number, line: line(event, at, form.action), says, time: event.time, count, before })
    }

    /// What it purged is older than this.
    fn reach(&self) -> Option<Time> {
        let time = self.time?;
        Some(self.before.map_or(time, |before| before.min(time)))
    }

    /// Whether it can have purged an event of this time.
    pub(super) fn reaches(&self, time: Time) -> bool {
        self.reach().is_some_and(|reach| time < reach) && self.count != Some(0)
    }
}

/// Which record can explain which event: the index of one for each number, for as many events as can be. No record explains more events than it says
/// that it purged, nor one that is not as old as it says.
pub(super) fn explain(records: &[Record], times: &BTreeMap<u64, Option<Time>>) -> BTreeMap<u64, usize> {
    let mut events: Vec<(Time, u64)> = times.iter().filter_map(|(number, time)| Some(((*time)?, *number))).collect();
    events.sort_unstable();
    let mut order: Vec<(Time, usize)> = records.iter().enumerate().filter_map(|(index, record)| Some((record.reach()?, index))).collect();
    order.sort_unstable();
    let mut events = events.into_iter().peekable();
    let mut explained = BTreeMap::new();
    // whatever a record reaches, a later one reaches too: so the oldest events go to those that reach the least
    for (reach, index) in order {
        let mut left = records.get(index).and_then(|record| record.count).unwrap_or(u64::MAX);
        while left > 0
            && let Some((_, number)) = events.next_if(|(time, _)| *time < reach)
        {
            explained.insert(number, index);
            left = left.saturating_sub(1);
        }
    }
    explained
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(time: i64, before: Option<i64>, count: Option<u64>) -> Record {
        Record { number: 1, line: EventLine::default(), says: None, time: Some(at(time)), count, before: before.map(at) }
    }

    fn at(minute: i64) -> Time {
        format!("2026-10-01T00:{minute:02}:00Z").parse().expect("a time")
    }

    #[test]
    fn no_record_explains_more_than_it_says() {
        let times: BTreeMap<u64, Option<Time>> =
            (1..=6).map(|number| (number, (number != 6).then(|| at(i64::try_from(number).expect("small"))))).collect();
        let indexes = |records: &[Record]| explain(records, &times).into_iter().collect::<Vec<_>>();
        assert_eq!(indexes(&[]), []);
        assert_eq!(indexes(&[record(9, None, None)]), [(1, 0), (2, 0), (3, 0), (4, 0), (5, 0)]);
        assert_eq!(indexes(&[record(9, None, Some(2))]), [(1, 0), (2, 0)]);
        assert_eq!(indexes(&[record(9, Some(3), Some(9))]), [(1, 0), (2, 0)]);
        assert_eq!(indexes(&[record(1, None, None)]), []);
        // the narrow one takes the oldest, wherever it stands
        assert_eq!(indexes(&[record(9, None, Some(3)), record(9, Some(2), Some(1))]), [(1, 1), (2, 0), (3, 0), (4, 0)]);
    }
}
