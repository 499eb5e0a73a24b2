//! Breaks of the chain, explained: the cause, and the disagreement that it explains. Data only.

use crate::check::Row;
use crate::digest::Digest;
use crate::finding::Cause;

/// One break, explained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The inference.
    pub cause: Cause,
    /// The event that it is about.
    pub event: u64,
    /// What the break explains, from its event on (first and last event): nothing else is reported of them.
    pub covers: Vec<(u64, u64)>,
    /// How many are missing: at least, and whether exactly; `None` where nothing tells.
    pub missing: Option<(u64, bool)>,
    /// The disagreement.
    pub fact: Fact,
    /// What the words need beside that.
    pub detail: Detail,
}

impl Found {
    /// Of several breaks at one event, those in the middle of the chain are told before that of its head, and that of its end last.
    pub(super) fn rank(&self) -> u8 {
        match self.cause {
            Cause::HeadCut => 1,
            Cause::Modified | Cause::Reforged | Cause::TailCut if self.fact.stated_by.is_none() => 2,
            _ => 0,
        }
    }
}

/// Two values that should be one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fact {
    /// What a link, or the manifest, names.
    pub stated: Option<Digest>,
    /// What was computed for the event that should be named.
    pub computed: Option<Digest>,
    /// Whose link states it; `None`: the manifest's `last_hash`.
    pub stated_by: Option<Row>,
}

/// Shades of one cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Stands after the end that the manifest states.
    Appended,
    /// The event states its own hash as before.
    ByOwnHash,
    /// A key shows it: from this event on, HMACs or signatures fail.
    ByKey,
    /// Its line cannot be read.
    ByReading,
    /// Its sequence number is out of line on both sides.
    BySequence,
    /// Names the same predecessor as this event.
    Fork(u64),
    /// All events stand in reverse.
    NewestFirst,
    /// Links were made anew over the hole.
    OverHole,
    /// So many links are broken that they are not explained one by one.
    TooMany(u64),
    /// Nothing else to say.
    Plain,
}

/// A jump of the sequence that the producer wrote: the event behind it, and the number that was to be expected.
pub type SequenceGap = (Row, u64);
