//! The words in which the whole house speaks about evidence: checks, their outcomes, findings and where they stand.
//!
//! A finding says what the handed-over bytes contradict; the same bytes give the same finding on every machine. What could not be tested is a
//! [`Why`], what the tool could not do is an [`crate::error::Error`]; the three never mix.

mod check;
mod code;
mod why;

pub use check::CheckId;
pub use code::Code;
pub use why::Why;

/// How one claim came out. The worst wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Tested, and it holds.
    Upheld,
    /// Could not be tested.
    Untested,
    /// Tested, and the bytes contradict it.
    Refuted,
}

/// Where something stands in what was handed over. Numbers, lines and columns count from 1, bytes from 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The member (or file) by name.
    pub file: String,
    /// Number of the event in the file.
    pub number: Option<u64>,
    /// Line in the (decompressed) file.
    pub line: Option<u64>,
    /// Offset in the (decompressed) file: of the line for an event, of the fault itself where there is no event.
    pub byte: Option<u64>,
    /// Column in the line, in bytes.
    pub column: Option<u64>,
}

/// One event, by everything that a reader can find it with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventRef {
    /// Where its line stands; `number` is always set.
    pub place: Place,
    /// Its sequence number, where its profile has one.
    pub seq: Option<u64>,
    /// Its id as far as it could be read; from the bundle, so not safe to show as it is.
    pub id: Option<String>,
}

/// The inferred cause of a break of the chain; the fact stands beside it in the [`Finding`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    /// A copy of another event.
    Duplicated,
    /// The content is what was hashed, written in another form.
    Encoding,
    /// Two events name one predecessor, and nothing trusted decides between them.
    Forked,
    /// Events are missing at the start.
    HeadCut,
    /// Events that the path of proof steps over.
    Inserted,
    /// The event was altered after it was chained.
    Modified,
    /// Altered, or events before it removed: the facts are the same.
    ModifiedOrRemoved,
    /// Everything from an unknown event on may have been written again.
    Reforged,
    /// The event's link was altered, nothing else.
    Relinked,
    /// Events are missing in the middle.
    Removed,
    /// The same events in another order.
    Reordered,
    /// Events of another tenant.
    Spliced,
    /// Events are missing at the end.
    TailCut,
}

impl Cause {
    /// The stable name, as in the JSON report and behind the dot of the finding code.
    pub fn name(self) -> &'static str {
        match self {
            Self::Duplicated => "duplicated",
            Self::Encoding => "encoding",
            Self::Forked => "forked",
            Self::HeadCut => "head-cut",
            Self::Inserted => "inserted",
            Self::Modified => "modified",
            Self::ModifiedOrRemoved => "modified-or-removed",
            Self::Reforged => "reforged",
            Self::Relinked => "relinked",
            Self::Removed => "removed",
            Self::Reordered => "reordered",
            Self::Spliced => "spliced",
            Self::TailCut => "tail-cut",
        }
    }

    /// The finding code of this cause.
    pub fn code(self) -> Code {
        match self {
            Self::Duplicated => Code::ChainDuplicated,
            Self::Encoding => Code::ChainEncoding,
            Self::Forked => Code::ChainForked,
            Self::HeadCut => Code::ChainHeadCut,
            Self::Inserted => Code::ChainInserted,
            Self::Modified => Code::ChainModified,
            Self::ModifiedOrRemoved => Code::ChainModifiedOrRemoved,
            Self::Reforged => Code::ChainReforged,
            Self::Relinked => Code::ChainRelinked,
            Self::Removed => Code::ChainRemoved,
            Self::Reordered => Code::ChainReordered,
            Self::Spliced => Code::ChainSpliced,
            Self::TailCut => Code::ChainTailCut,
        }
    }
}

/// How many events are missing at a break, and between which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// How many, at least.
    pub count: u64,
    /// Whether `count` is exact.
    pub exact: bool,
    /// The event before the hole.
    pub after: Option<EventRef>,
    /// The event behind the hole.
    pub before: Option<EventRef>,
}

/// What the chain shows at a break, beside the fact itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    /// The inference.
    pub cause: Cause,
    /// What is missing, for `removed` and the cuts; `None` also where nothing tells.
    pub missing: Option<Missing>,
    /// The last event before the break whose own link agrees.
    pub last_good: Option<EventRef>,
    /// How many consecutive events the break covers, from its event on (1 for a single one).
    pub run: u64,
}

/// One line of an events file, cut to what is worth showing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The line in the file.
    pub line: u64,
    /// The text, valid UTF-8, cut around the mark; raw: not yet safe to show.
    pub text: String,
    /// Whether something was cut off before and behind `text`.
    pub cut: (bool, bool),
    /// The marked range, in bytes of `text`.
    pub mark: std::ops::Range<usize>,
    /// What the mark says.
    pub label: String,
    /// Whether this is where the disagreement stands.
    pub primary: bool,
}

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The stable code.
    pub code: Code,
    /// One sentence with both values. May quote the bundle, so not safe to show as it is.
    pub message: String,
    /// The event it is about, if it is about one.
    pub event: Option<EventRef>,
    /// The place it is about, if that is not an event.
    pub place: Option<Place>,
    /// What the bundle states.
    pub stated: Option<String>,
    /// What was computed.
    pub computed: Option<String>,
    /// Where the stated value stands.
    pub stated_at: Option<Place>,
    /// For a break of the chain: the inference.
    pub chain_break: Option<Break>,
    /// What to do next.
    pub help: Option<String>,
    /// Lines to show, in file order; may be empty.
    pub excerpts: Vec<Excerpt>,
}

impl Finding {
    /// A finding with a code and a sentence, about nothing in particular yet.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            event: None,
            place: None,
            stated: None,
            computed: None,
            stated_at: None,
            chain_break: None,
            help: None,
            excerpts: Vec::new(),
        }
    }

    /// The same, about a file (and a byte in it).
    #[must_use]
    pub fn in_file(mut self, file: impl Into<String>, byte: Option<u64>) -> Self {
        self.place = Some(Place { file: file.into(), byte, ..Place::default() });
        self
    }

    /// The same, about an event.
    #[must_use]
    pub fn at(mut self, event: EventRef) -> Self {
        self.event = Some(event);
        self
    }

    /// The same, with what was stated and what was computed.
    #[must_use]
    pub fn values(mut self, stated: impl ToString, computed: impl ToString) -> Self {
        self.stated = Some(stated.to_string());
        self.computed = Some(computed.to_string());
        self
    }

    /// The same, with a next step.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
