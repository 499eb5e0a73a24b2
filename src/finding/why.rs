//! Why a claim could not be tested: no finding, since the bytes contradict nothing.

use std::fmt;

/// Why a claim could not be tested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// What the server's saved answer says cannot be compared; in words, why.
    Answer(String),
    /// Members that a profile reads as proof, but no claim of the manifest declares.
    CarriedNotDeclared(String),
    /// The key stands only in what was handed over; in words, which.
    ClaimedKey(String),
    /// The signing key counts as compromised.
    Compromised(String),
    /// A filtered export: neighbours that are not neighbours in the log.
    Filtered,
    /// The source publishes nothing that proves its events.
    NoProof,
    /// Signed, but by no key that the auditor trusts; the ids.
    KeyNotTrusted(Vec<String>),
    /// The event names a user or a credential, but carries no assertion or token; in words, which.
    NoAssertion(String),
    /// No key, or none for this tenant or epoch; the key that is missing, in words: its id, for which epoch, or what it would check.
    NoKey(String),
    /// The auditor's trust file lists no such thing; in words, which.
    NoneTrusted(String),
    /// One event, and no neighbour that it could link to.
    OneEvent,
    /// The events have no sequence numbers to find an anchor by.
    NoSequence,
    /// The auditor gave several keys, and a raw export does not say which of them is meant.
    SeveralKeys {
        /// The member that one of them fits.
        member: String,
        /// Their ids.
        ids: Vec<String>,
    },
    /// Nothing is signed.
    NoSignature,
    /// Zero events.
    NothingToTest,
    /// This version cannot do it; what.
    NotSupported(String),
    /// A raw export: nothing signs it as a whole.
    RawExport,
    /// Rows of a table that stands alone: they may lack members of their events.
    Rows,
    /// The export says of itself that it was cut; in words, where.
    Truncated(String),
    /// The filter has a key that the profile cannot map.
    UnknownFilter(String),
    /// The profile or format is not known.
    UnknownProfile(String),
    /// What was handed over does not carry what the row needs.
    NotCarried(String),
    /// What this needs could not be read.
    Unreadable,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answer(what) => write!(f, "{what}"),
            Self::CarriedNotDeclared(member) => write!(f, "carried, not declared: the events have `{member}`, the manifest says nothing of it"),
            Self::ClaimedKey(what) => write!(f, "{what} stands only in the export itself: a claim, which proves nothing"),
            Self::Compromised(id) => write!(f, "key \"{id}\" counts as compromised, and no anchor of yours pins this history"),
            Self::Filtered => write!(f, "a filtered export: links can be tested only between neighbours"),
            Self::KeyNotTrusted(ids) if ids.is_empty() => write!(f, "signed, but by no key that you trust"),
            Self::KeyNotTrusted(ids) => write!(f, "signed by {}, which you do not trust", quoted(ids)),
            Self::NoAssertion(what) => write!(f, "{what}"),
            Self::NoneTrusted(what) => write!(f, "your trust file lists no {what}"),
            Self::NoKey(id) => write!(f, "you gave no key {id}"),
            Self::SeveralKeys { member, ids } => {
                write!(f, "you gave several keys, {}, and a raw export does not say with which of them the events' `{member}` is made", quoted(ids))
            }
            Self::NoSequence => write!(f, "these events have no sequence numbers to find the anchor by"),
            Self::NoProof => {
                write!(f, "the source publishes no proof of its events: an export carries no hash and no signature that could be computed again")
            }
            Self::NoSignature => write!(f, "there is no signature"),
            Self::OneEvent => write!(f, "one event alone has no neighbour to link to"),
            Self::NothingToTest => write!(f, "there are no events to test"),
            Self::NotCarried(what) => write!(f, "needed, but what was handed over carries no {what}"),
            Self::NotSupported(what) => write!(f, "this version cannot do it: {what}"),
            Self::RawExport => write!(f, "a raw export: nothing signs it as a whole"),
            Self::Rows => {
                write!(f, "hashes and signatures do not fit the rows of the table, which may lack members of their events: so nothing can be said")
            }
            Self::Truncated(what) => write!(f, "the export was cut by its source: {what}"),
            Self::UnknownFilter(key) => write!(f, "the profile has no field for the filter key \"{key}\""),
            Self::UnknownProfile(name) => write!(f, "this version of unbroken does not know \"{name}\""),
            Self::Unreadable => write!(f, "what this needs could not be read"),
        }
    }
}

fn quoted(ids: &[String]) -> String {
    ids.iter().map(|id| format!("\"{id}\"")).collect::<Vec<_>>().join(", ")
}
