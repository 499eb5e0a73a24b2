//! What two exports of one source say of each other.

use std::ops::RangeInclusive;

use super::{BundleReport, Verdict};
use crate::digest::Digest;
use crate::finding::EventRef;

/// Two exports, held against each other. Totals are exact; of each kind at most as many are kept as asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// How the older export came out by itself.
    pub old: BundleReport,
    /// How the newer one did.
    pub new: BundleReport,
    /// The profile that both were read by.
    pub profile: Option<String>,
    /// The columns by which events were compared, where one of the exports is a table; else whole events were.
    pub columns: Option<Vec<String>>,
    /// Columns of a table that stand for no field of an event: what they say was not compared. Of two tables, those that both have.
    pub columns_left: Vec<String>,
    /// Whether both exports are tables: then what those columns say could differ.
    pub both_tables: bool,
    /// What both have; none where they have no event in common, or nothing was compared.
    pub overlap: Option<Overlap>,
    /// Why nothing was compared.
    pub not_compared: Option<String>,
    /// Events that are the same in both.
    pub same: u64,
    /// Events that say the same, whose link or own hash differs.
    pub relinked: u64,
    /// Events that say the same, whose HMAC or signature alone differs.
    pub resealed: u64,
    /// Events that say something else.
    pub rewritten: Kept<Rewritten>,
    /// Events of the older export that the newer should have, and has not.
    pub removed: Kept<Removed>,
    /// How many of those a recorded purge can explain.
    pub explained: u64,
    /// Events that the older export should have, and has not.
    pub added: Kept<EventLine>,
    /// Events that stand elsewhere in the newer export: the fewest that explain its order.
    pub moved: Kept<Moved>,
    /// Events outside of what the other export is of: of the older, of the newer; none where there is no overlap.
    pub outside: (Outside, Outside),
    /// The first and the last event of the older export behind the newer one's end, where nobody asked it to end there.
    pub ends_early: Option<(EventLine, EventLine)>,
    /// Records of purges that the newer export alone has, as far as they bear on what is gone.
    pub purges: Kept<Purge>,
    /// Where the hashes part; none where they agree, or the profile has no chain.
    pub divergence: Option<Divergence>,
    /// Data without weight.
    pub notes: Vec<String>,
}

/// Some of many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept<T> {
    /// The first of them.
    pub first: Vec<T>,
    /// How many there are.
    pub total: u64,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self { first: Vec::new(), total: 0 }
    }
}

/// The part that both exports are of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// Numbers of the older export's events.
    pub old: RangeInclusive<u64>,
    /// Numbers of the newer export's events.
    pub new: RangeInclusive<u64>,
    /// Events that both have.
    pub common: u64,
}

/// One event, as far as a reader needs it to find it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventLine {
    /// Number, place, sequence, id.
    pub event: EventRef,
    /// Its time, as stated.
    pub time: Option<String>,
    /// Its action.
    pub action: Option<String>,
}

/// One event that says something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewritten {
    /// As the older export has it.
    pub old: EventLine,
    /// As the newer one has it.
    pub new: EventLine,
    /// What differs, in the order of the older event's members.
    pub changes: Vec<FieldChange>,
    /// How many fields differ.
    pub changes_total: u64,
}

/// One field that differs. Values are JSON in canonical form, in a comparison by columns the text of the cell; long ones are cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// Its JSON Pointer.
    pub pointer: String,
    /// What the older export says; none where it has no such member.
    pub old: Option<String>,
    /// What the newer export says.
    pub new: Option<String>,
}

/// One event that is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removed {
    /// The event, in the older export.
    pub event: EventLine,
    /// The record of a purge, in the newer export, that can explain it.
    pub explained_by: Option<EventLine>,
}

/// One record of a purge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purge {
    /// The record, in the newer export.
    pub event: EventLine,
    /// What it says of the purge, as JSON; long texts are cut.
    pub says: Option<String>,
    /// How many of the removed events it can explain.
    pub explains: u64,
    /// Whether it can be why the newer export begins later than the older one.
    pub reaches_start: bool,
}

/// Events of one export from before and from after what the other is of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outside {
    /// Before.
    pub before: u64,
    /// After.
    pub after: u64,
}

/// One event that stands elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// In the older export.
    pub old: EventLine,
    /// In the newer one.
    pub new: EventLine,
}

/// Where the hashes of two chained exports part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Divergence {
    /// The last common event before, and its hash, which both have; none where the very first differs.
    pub last_common: Option<(EventLine, Digest)>,
    /// The first event whose hash differs: in the older export, and its hash.
    pub old: (EventLine, Digest),
    /// The same in the newer one.
    pub new: (EventLine, Digest),
}

impl Comparison {
    /// Whether two tables have a column that nobody compared.
    pub fn leaves_columns(&self) -> bool {
        self.both_tables && !self.columns_left.is_empty()
    }

    /// Whether a PASS stands on what the auditor accepted untested in one of the two.
    pub fn qualified(&self) -> bool {
        self.verdict() == Verdict::Pass && (self.old.qualified() || self.new.qualified())
    }

    /// Whether the two contradict each other.
    pub fn differs(&self) -> bool {
        let unexplained = self.removed.total.saturating_sub(self.explained);
        [self.rewritten.total, unexplained, self.added.total, self.moved.total, self.relinked].iter().any(|total| *total > 0)
    }

    /// FAIL where the two contradict each other, or one of them fails by itself; INCOMPLETE where one is so, where nothing could be compared, where
    /// something is gone that only a recorded purge explains, or where the newer export ends before the older one.
    pub fn verdict(&self) -> Verdict {
        let alone = [self.old.verdict(), self.new.verdict()];
        if self.differs() || alone.contains(&Verdict::Fail) {
            return Verdict::Fail;
        }
        if self.overlap.is_none() || self.leaves_columns() || self.explained > 0 || self.ends_early.is_some() || alone.contains(&Verdict::Incomplete)
        {
            return Verdict::Incomplete;
        }
        Verdict::Pass
    }
}
