//! Member names: in canonical text, their order by UTF-16 code units (RFC 8785, section 3.2.3); in any text, whether they repeat. Not here: values.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use super::write::escaped;
use super::{Value, parse};

/// A name as canonical text writes it, without its quotes. One name has one such text, so equal bytes are equal names.
#[derive(Debug, Clone, Copy)]
pub(super) struct Name<'b> {
    text: &'b [u8],
    /// Only ASCII, no escapes: then the order of the bytes is the order of the code units.
    plain: bool,
}

impl<'b> Name<'b> {
    /// The name whose canonical text this is.
    #[inline]
    pub(super) fn new(text: &'b [u8], escapes: Escapes) -> Self {
        Self { text, plain: escapes == Escapes::None && text.is_ascii() }
    }

    /// The order of two names.
    #[inline]
    pub(super) fn order(&self, other: &Self) -> Ordering {
        if self.plain && other.plain {
            return self.text.cmp(other.text);
        }
        order(&self.decoded(), &other.decoded())
    }

    #[cold]
    fn decoded(&self) -> Cow<'b, str> {
        match str::from_utf8(self.text) {
            Ok(text) if !text.contains('\\') => Cow::Borrowed(text),
            _ => match parse(&[b"\"", self.text, b"\""].concat()) {
                Ok(Value::String(text)) => Cow::Owned(text),
                _ => String::from_utf8_lossy(self.text),
            },
        }
    }
}

/// Whether a string has escapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escapes {
    None,
    Some,
}

/// A name of one's own, to look for.
#[derive(Debug, Clone)]
pub(super) struct OwnName {
    text: Vec<u8>,
    plain: bool,
}

impl OwnName {
    pub(super) fn new(name: &str) -> Self {
        let mut text = Vec::new();
        escaped(&mut text, name);
        let plain = name.is_ascii() && text.len() == name.len();
        Self { text, plain }
    }

    #[inline]
    pub(super) fn name(&self) -> Name<'_> {
        Name { text: &self.text, plain: self.plain }
    }
}

/// The order of two names by their UTF-16 code units.
pub(super) fn order(one: &str, other: &str) -> Ordering {
    one.encode_utf16().cmp(other.encode_utf16())
}

/// The names that an object had so far. Few are compared one by one; many by keyed hashes, which a hostile text cannot make collide.
#[derive(Default)]
pub(super) struct Names {
    hashes: HashSet<u64>,
}

impl Names {
    const FEW: usize = 16;

    /// `false` if the name is among the members.
    pub(super) fn insert(&mut self, hasher: &RandomState, name: &str, members: &[(String, Value)]) -> bool {
        let among = || members.iter().any(|(own, _)| own == name);
        if members.len() < Self::FEW {
            return !among();
        }
        if self.hashes.is_empty() {
            self.hashes.extend(members.iter().map(|(own, _)| hasher.hash_one(own.as_str())));
        }
        self.hashes.insert(hasher.hash_one(name)) || !among()
    }
}
