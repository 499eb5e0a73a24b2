//! What was found out about one event. Strings are as the export states them, so not safe to show as they are; a token stands nowhere in here whole.

use super::coverage::Cover;
use crate::digest::Digest;
use crate::finding::{Cause, CheckId, EventRef, Finding, Outcome};

/// One event, looked at closely.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inspection {
    /// Number, place, sequence, id.
    pub event: EventRef,
    /// Bytes of its record as it stands in the file, without line end.
    pub length: u64,
    /// Its time as stated.
    pub time: Option<String>,
    /// Its tenant as stated.
    pub tenant: Option<String>,
    /// Its action as stated.
    pub action: Option<String>,
    /// Why nothing of it can be read; then all that follows from its members is empty.
    pub unreadable: Option<String>,
    /// `proven`, `consistent`, `not verified`.
    pub worth: &'static str,
    /// What that rests on, in a sentence.
    pub because: String,
    /// All members that hold a value, in canonical order.
    pub fields: Vec<Field>,
    /// The event before it in the file.
    pub previous: Option<Neighbour>,
    /// The event behind it in the file.
    pub next: Option<Neighbour>,
    /// What its proofs hold, decoded.
    pub parts: Vec<Part>,
    /// For an update: what was changed, where the event says so.
    pub changes: Vec<Update>,
    /// The checks that look at single events, each on this one.
    pub checks: Vec<EventCheck>,
    /// Findings of the whole that concern it.
    pub findings: Vec<Finding>,
    /// How to repeat the checks with a shell.
    pub by_hand: Vec<ByHand>,
    /// Checks that cannot be repeated so, and why.
    pub not_by_hand: Vec<String>,
}

impl Inspection {
    /// Whether something that the event states is contradicted: by a check of its own, or by a finding of the whole that suspects it.
    pub fn is_refuted(&self) -> bool {
        let refuted = self.checks.iter().any(|check| check.outcome == Some(Outcome::Refuted));
        refuted || self.suspicions().next().is_some()
    }

    /// The findings that suspect the event itself; a hole beside it says nothing against it.
    pub fn suspicions(&self) -> impl Iterator<Item = &Finding> {
        let number = self.event.place.number.unwrap_or_default();
        self.findings.iter().filter(move |finding| {
            let first = finding.event.as_ref().and_then(|event| event.place.number);
            let (run, cause) = finding.chain_break.as_ref().map_or((1, None), |found| (found.run.max(1), Some(found.cause)));
            let hole = matches!(cause, Some(Cause::HeadCut | Cause::Removed | Cause::TailCut));
            !hole && first.is_some_and(|first| (first..first.saturating_add(run)).contains(&number))
        })
    }
}

/// One value of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// JSON Pointer.
    pub pointer: String,
    /// Its canonical JSON text; of a token, the start and the digest.
    pub value: String,
    /// The proofs that hold and cover it; empty: nothing does.
    pub covered_by: Vec<Cover>,
}

/// The event before or behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbour {
    /// Number, place, sequence, id.
    pub event: EventRef,
    /// The hash that the event behind it must name; of a record that cannot be read, of its bytes.
    pub hash: Digest,
    /// The hash that it names.
    pub link: Option<Digest>,
}

/// What one proof of the event holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Which: `chain`, `mac`, `signature`, `passkey`, `client_data`, `authenticator_data`, `key`, `token`, `token_header`, `token_claims`.
    pub name: &'static str,
    /// Names and values. The names of a token's header and claims are the token's own.
    pub facts: Vec<(String, Fact)>,
}

/// One value of a [`Part`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// Whether something is so.
    Flag(bool),
    /// There is none.
    Nothing,
    /// A count.
    Number(u64),
    /// In words, or as stated.
    Text(String),
}

impl Part {
    /// Without facts yet.
    pub fn new(name: &'static str) -> Self {
        Self { name, facts: Vec::new() }
    }

    /// One more fact.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, fact: impl Into<Fact>) -> Self {
        self.facts.push((name.into(), fact.into()));
        self
    }
}

impl From<bool> for Fact {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<u64> for Fact {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<String> for Fact {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Fact {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Digest> for Fact {
    fn from(digest: Digest) -> Self {
        Self::Text(digest.to_string())
    }
}

impl<T: Into<Fact>> From<Option<T>> for Fact {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Nothing, Into::into)
    }
}

/// One member that an update changed, as the event states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// Its name.
    pub field: String,
    /// Canonical JSON text of the value before.
    pub old: String,
    /// Canonical JSON text of the value behind.
    pub new: String,
}

/// One check on one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventCheck {
    /// Which.
    pub id: CheckId,
    /// How it came out; none where it does not apply to this event.
    pub outcome: Option<Outcome>,
    /// Why it could not be tested, or what does not hold.
    pub words: Vec<String>,
}

/// A check, repeated with a shell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByHand {
    /// What it does.
    pub title: String,
    /// Lines for a POSIX shell, in the folder in which the program ran. Printable ASCII; nothing of the event stands in them unquoted.
    pub commands: Vec<String>,
    /// What the last line prints where the check holds; none where nothing is printed.
    pub prints: Option<String>,
    /// Whether it does; `Untested` where the program could not tell.
    pub outcome: Outcome,
    /// What to compare it with.
    pub note: Option<String>,
}
