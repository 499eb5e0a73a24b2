//! Where a walk through a file stands, and what may come there. Not here: the walk.

use super::extent::Extent;

/// How the records stand in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    /// Items of the array that is the file.
    Array,
    /// Each line is one; blank lines are none.
    Lines,
    /// Items of the array that these names lead to, from object to object.
    Page(Vec<String>),
    /// The object that is the file.
    Whole,
}

/// Where the walk stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Behind a record in the array: `,` or `]`.
    Behind,
    Broken,
    /// Behind a name.
    Colon,
    /// Behind the document.
    End,
    /// In the array: a record, or its end.
    First,
    /// A line, or white space.
    Line,
    /// Behind a member: `,` or `}`.
    Member,
    /// In an object: a name, or its end.
    Name,
    /// Behind a comma in the array: a record.
    Next,
    /// Behind a comma in an object: a name.
    NextName,
    /// In a value that is no record.
    Passing(Extent),
    /// In a line.
    RecordLine,
    /// In a record.
    Record(Extent),
    Start,
    /// In a name.
    Title(Extent),
    /// Behind a colon.
    Value,
}

impl State {
    /// What may stand here.
    pub(super) fn expected(self, shape: &Shape) -> &'static str {
        match self {
            Self::Start if *shape == Shape::Array => "`[`",
            Self::Start => "`{`",
            Self::Behind => "`,` or `]` behind an event",
            Self::Colon => "`:` behind a name",
            Self::First => "an event or `]`",
            Self::Member => "`,` or `}` behind a member",
            Self::Name => "a name in double quotes or `}`",
            Self::Next => "an event behind the comma",
            Self::NextName | Self::Title(_) => "a name in double quotes",
            Self::Passing(_) | Self::Value => "a value",
            Self::Record(_) => "the rest of the event",
            Self::End if *shape == Shape::Array => "nothing behind the array",
            Self::End => "nothing behind the object",
            Self::Broken | Self::Line | Self::RecordLine => "an event",
        }
    }
}
