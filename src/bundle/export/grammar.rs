//! The walk through a file of an export, piece by piece: where each record starts and ends. What stands around the records of a page is kept, so that
//! it can be parsed strictly. Not here: buffers, and what a record says.

use std::mem;

use super::extent::{Extent, is_space};
use super::state::{Shape, State};
use crate::json;

/// A page's text around its entries may have this many bytes.
const MAX_ENVELOPE: usize = 16_777_216;

/// What comes next in the bytes, at which offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// A byte that may not stand here; the walk is over.
    Broken(usize),
    /// A record ended before this byte.
    End(usize),
    /// Nothing more in these bytes.
    More,
    /// A record starts here.
    Start(usize),
}

/// The walk.
#[derive(Debug)]
pub(super) struct Grammar {
    shape: Shape,
    state: State,
    /// How many names of the path are behind us.
    level: usize,
    /// Whether the name before this value is the next of the path.
    on_path: bool,
    /// The text of a name, with its quotes.
    title: Vec<u8>,
    found: bool,
    envelope: Vec<u8>,
    /// How much of the envelope stands before the records.
    before: usize,
    too_large: bool,
}

impl Grammar {
    /// At the start of a file.
    pub(super) fn new(shape: Shape) -> Self {
        let state = if shape == Shape::Lines { State::Line } else { State::Start };
        Self { shape, state, level: 0, on_path: false, title: Vec::new(), found: false, envelope: Vec::new(), before: 0, too_large: false }
    }

    /// Before a record, wherever that stands in the file.
    pub(super) fn at_record(shape: Shape) -> Self {
        let state = match shape {
            Shape::Array | Shape::Page(_) => State::Next,
            Shape::Lines => State::Line,
            Shape::Whole => State::Start,
        };
        Self { state, ..Self::new(shape) }
    }

    /// The next mark in `bytes` from `at` on; `at` moves to where the walk stands.
    pub(super) fn next(&mut self, bytes: &[u8], at: &mut usize) -> Mark {
        while let Some(rest) = bytes.get(*at..).filter(|rest| !rest.is_empty()) {
            let from = *at;
            let mark = match self.state {
                State::Line => skip(rest, at).map(|_| self.go(State::RecordLine, Mark::Start(*at))),
                State::RecordLine => Some(self.line(rest, at)),
                State::Record(extent) => Some(self.record(extent, rest, at)),
                State::Passing(extent) => self.pass(extent, rest, at),
                State::Title(extent) => self.title(extent, rest, at),
                State::Broken => return Mark::More,
                _ => match skip(rest, at) {
                    Some(byte) => self.step(byte, at),
                    None => None,
                },
            };
            self.keep(bytes.get(from..*at).unwrap_or_default());
            if let Some(mark) = mark {
                return mark;
            }
        }
        Mark::More
    }

    /// What must still come for the file to be whole; `None` if it is.
    pub(super) fn missing(&self) -> Option<&'static str> {
        let ended = matches!(self.state, State::End | State::Line | State::RecordLine | State::Broken);
        (!ended).then(|| self.expected())
    }

    /// What may stand here.
    pub(super) fn expected(&self) -> &'static str {
        self.state.expected(&self.shape)
    }

    /// Whether a record is not ended yet.
    pub(super) fn is_in_record(&self) -> bool {
        matches!(self.state, State::Record(_))
    }

    /// Whether the array of entries was there.
    pub(super) fn found(&self) -> bool {
        self.found
    }

    /// Whether the text around the entries is too long to be kept.
    pub(super) fn is_too_large(&self) -> bool {
        self.too_large
    }

    /// What stands around the entries, these left out; and how much of it stands before them.
    pub(super) fn envelope(&self) -> (&[u8], usize) {
        (&self.envelope, self.before)
    }

    /// Nothing behind this will be looked at.
    pub(super) fn give_up(&mut self) {
        self.state = State::Broken;
    }

    fn go(&mut self, state: State, mark: Mark) -> Mark {
        self.state = state;
        mark
    }

    fn line(&mut self, rest: &[u8], at: &mut usize) -> Mark {
        let Some(length) = memchr::memchr(b'\n', rest) else {
            *at = at.saturating_add(rest.len());
            return Mark::More;
        };
        *at = at.saturating_add(length);
        self.go(State::Line, Mark::End(*at))
    }

    fn record(&mut self, mut extent: Extent, rest: &[u8], at: &mut usize) -> Mark {
        let Some(length) = extent.end(rest) else {
            *at = at.saturating_add(rest.len());
            return self.go(State::Record(extent), Mark::More);
        };
        *at = at.saturating_add(length);
        let behind = if self.shape == Shape::Whole { State::End } else { State::Behind };
        self.go(behind, Mark::End(*at))
    }

    fn pass(&mut self, mut extent: Extent, rest: &[u8], at: &mut usize) -> Option<Mark> {
        let end = extent.end(rest);
        *at = at.saturating_add(end.unwrap_or(rest.len()));
        self.state = end.map_or(State::Passing(extent), |_| State::Member);
        None
    }

    fn title(&mut self, mut extent: Extent, rest: &[u8], at: &mut usize) -> Option<Mark> {
        let end = extent.end(rest);
        let text = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        *at = at.saturating_add(text.len());
        if self.title.len() <= MAX_ENVELOPE {
            self.title.extend_from_slice(text);
        }
        self.state = State::Title(extent);
        if end.is_some() {
            let title = mem::take(&mut self.title);
            self.on_path = self.wanted().is_some_and(|name| json::parse(&title) == Ok(json::Value::String(name.to_owned())));
            self.state = State::Colon;
        }
        None
    }

    /// One byte of structure. `at` stands on it, and moves past it where it belongs to no value.
    fn step(&mut self, byte: u8, at: &mut usize) -> Option<Mark> {
        let taken = match (self.state, byte) {
            (State::Start, b'[') if self.shape == Shape::Array => State::First,
            (State::Start, b'{') if self.shape == Shape::Whole => return Some(self.go(State::Record(Extent::new(byte)), Mark::Start(*at))),
            (State::Start, b'{') if self.shape != Shape::Array => State::Name,
            (State::First | State::Behind, b']') => self.close_array(),
            (State::Behind, b',') => State::Next,
            (State::First | State::Next, byte) if starts_value(byte) => return Some(self.go(State::Record(Extent::new(byte)), Mark::Start(*at))),
            (State::Name | State::Member, b'}') => self.close_object(),
            (State::Member, b',') => State::NextName,
            (State::Name | State::NextName, b'"') => {
                self.state = State::Title(Extent::new(byte));
                return None;
            }
            (State::Colon, b':') => State::Value,
            (State::Value, b'[') if self.on_path && self.is_last() && !self.found => State::First,
            (State::Value, b'{') if self.on_path && !self.is_last() => {
                self.level = self.level.saturating_add(1);
                State::Name
            }
            (State::Value, byte) if starts_value(byte) => {
                self.state = State::Passing(Extent::new(byte));
                return None;
            }
            _ => return Some(Mark::Broken(*at)),
        };
        *at = at.saturating_add(1);
        if taken == State::First {
            self.found = true;
        }
        self.state = taken;
        None
    }

    fn close_array(&self) -> State {
        if self.shape == Shape::Array { State::End } else { State::Member }
    }

    fn close_object(&mut self) -> State {
        let state = if self.level == 0 { State::End } else { State::Member };
        self.level = self.level.saturating_sub(1);
        state
    }

    /// The name of the path that would lead on from here.
    fn wanted(&self) -> Option<&str> {
        match &self.shape {
            Shape::Page(path) => path.get(self.level).map(String::as_str),
            _ => None,
        }
    }

    fn is_last(&self) -> bool {
        matches!(&self.shape, Shape::Page(path) if self.level.saturating_add(1) == path.len())
    }

    /// Keeps what was passed, if it stands around the entries.
    fn keep(&mut self, passed: &[u8]) {
        let inside = matches!(self.state, State::Behind | State::Next | State::Record(_));
        if !matches!(self.shape, Shape::Page(_)) || self.too_large || (inside && self.before > 0) {
            return;
        }
        self.envelope.extend_from_slice(passed);
        self.too_large = self.envelope.len() > MAX_ENVELOPE;
        if self.state == State::First {
            self.before = self.envelope.len();
        }
    }
}

/// Moves `at` past white space; the byte behind it.
fn skip(rest: &[u8], at: &mut usize) -> Option<u8> {
    let space = rest.iter().take_while(|byte| is_space(**byte)).count();
    *at = at.saturating_add(space);
    rest.get(space).copied()
}

fn starts_value(byte: u8) -> bool {
    matches!(byte, b'{' | b'[' | b'"' | b'-' | b't' | b'f' | b'n') || byte.is_ascii_digit()
}
