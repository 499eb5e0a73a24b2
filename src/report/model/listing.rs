//! What a list of events shows of each of them.

/// One value of one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Codes of findings.
    Codes(Vec<&'static str>),
    /// Canonical JSON text of a value that is no string.
    Json(String),
    /// There is none, or it is null.
    Nothing,
    /// A number of ours.
    Number(u64),
    /// A string of the event's, as it is.
    Text(String),
    /// A word of ours.
    Word(&'static str),
}

impl Cell {
    /// Bytes of what it holds.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Codes(codes) => codes.iter().map(|code| code.len()).sum(),
            Self::Json(text) | Self::Text(text) => text.len(),
            Self::Nothing | Self::Number(_) | Self::Word(_) => 0,
        }
    }
}

/// What a passkey's assertion or a token is worth, looked at by itself: whether it was used twice, only the whole file tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Held {
    /// It contradicts what it stands for.
    Fails,
    /// It holds, by a key that counts.
    Holds,
    /// It could not be checked.
    NotChecked,
    /// The event names nobody, and carries none.
    SystemInitiated,
}

impl Held {
    /// In words: `fails`, `holds`, `not checked`, `system-initiated`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Fails => "fails",
            Self::Holds => "holds",
            Self::NotChecked => "not checked",
            Self::SystemInitiated => "system-initiated",
        }
    }
}

/// What was asked for of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// Each filter's key and what it wants.
    pub filters: Vec<(&'static str, String)>,
    /// How many events may be listed.
    pub limit: Option<u64>,
}

/// How many events a list shows, and what they are worth.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Events that match.
    pub matched: u64,
    /// Of these, those that are proven.
    pub proven: u64,
    /// Of these, those that agree with their neighbours.
    pub consistent: u64,
    /// Of these, those for which the whole says nothing.
    pub not_verified: u64,
    /// Of the ones that are not verified, those whose own proof holds: an HMAC, a signature, a passkey's assertion or a token.
    pub own_proof: u64,
    /// Records of which nobody can tell whether they match: unreadable, or without a time where the time is asked for.
    pub undecided: u64,
}
