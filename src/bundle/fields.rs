//! Typed reading of a JSON value: required and optional members, their types, and members that are not known. Every fault names its place as a JSON
//! Pointer, and all faults are kept, not only the first. Not here: which members a file has.

use std::borrow::Cow;

use crate::bundle::manifest::Instant;
use crate::digest::Digest;
use crate::json::{MAX_INTEGER, Value, integer};

/// One fault in the form of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// A member is missing, or is not what it must be.
    Form(String),
    /// A member that the format does not know.
    Unknown(String),
}

impl Fault {
    /// The sentence.
    pub(super) fn message(&self) -> &str {
        match self {
            Self::Form(message) | Self::Unknown(message) => message,
        }
    }
}

/// The faults, in the order in which they were met. A hostile file can have millions; the first are kept, the others counted.
#[derive(Debug, Default)]
pub(super) struct Faults {
    kept: Vec<Fault>,
    more: u64,
    /// Whether one of all is a [`Fault::Form`].
    form: bool,
}

impl Faults {
    const KEPT: usize = 1000;

    pub(super) fn push(&mut self, fault: Fault) {
        self.form |= matches!(fault, Fault::Form(_));
        if self.kept.len() < Self::KEPT {
            self.kept.push(fault);
        } else {
            self.more = self.more.saturating_add(1);
        }
    }

    /// Whether a member is missing or wrong.
    pub(super) fn form(&self) -> bool {
        self.form
    }

    /// All that were kept, and a last one that counts the others.
    pub(super) fn into_kept(mut self) -> Vec<Fault> {
        if self.more > 0 {
            let more = format!("expected none of these faults, found {} more of them", self.more);
            self.kept.push(if self.form { Fault::Form(more) } else { Fault::Unknown(more) });
        }
        self.kept
    }

    /// What was read, if there are no faults; else all of them in one sentence.
    pub(super) fn result<T>(self, read: Option<T>) -> Result<T, String> {
        let faults = self.into_kept();
        match read {
            Some(read) if faults.is_empty() => Ok(read),
            _ => Err(faults.iter().map(Fault::message).collect::<Vec<_>>().join("; ")),
        }
    }
}

/// A value and its place.
#[derive(Debug, Clone)]
pub(super) struct Field<'v> {
    pub(super) pointer: String,
    pub(super) value: &'v Value,
}

/// An object and its place.
#[derive(Debug, Clone)]
pub(super) struct Object<'v> {
    pointer: String,
    members: &'v [(String, Value)],
}

impl<'v> Object<'v> {
    /// The member of this name.
    pub(super) fn optional(&self, name: &str) -> Option<Field<'v>> {
        let (_, value) = self.members.iter().find(|(own, _)| own == name)?;
        Some(Field { pointer: self.below(name), value })
    }

    /// The member of this name; that it is missing is a fault.
    pub(super) fn required(&self, name: &str, faults: &mut Faults) -> Option<Field<'v>> {
        let field = self.optional(name);
        if field.is_none() {
            faults.push(Fault::Form(format!("expected the member `{}`, found none", self.below(name))));
        }
        field
    }

    /// Members of other names are faults.
    pub(super) fn only(&self, names: &[&str], faults: &mut Faults) {
        for (name, _) in self.members.iter().filter(|(name, _)| !names.contains(&name.as_str())) {
            faults.push(Fault::Unknown(format!("expected only {}, found `{}`", names.join(", "), cut(&self.below(name)))));
        }
    }

    /// All members, in the order of the text.
    pub(super) fn fields(&self) -> impl Iterator<Item = (&'v str, Field<'v>)> {
        self.members.iter().map(|(name, value)| (name.as_str(), Field { pointer: self.below(name), value }))
    }

    fn below(&self, name: &str) -> String {
        format!("{}/{}", self.pointer, name.replace('~', "~0").replace('/', "~1"))
    }
}

impl<'v> Field<'v> {
    /// The whole file.
    pub(super) fn root(value: &'v Value) -> Self {
        Self { pointer: String::new(), value }
    }

    /// An object.
    pub(super) fn object(&self, faults: &mut Faults) -> Option<Object<'v>> {
        match self.value {
            Value::Object(members) => Some(Object { pointer: self.pointer.clone(), members }),
            _ => self.wrong("an object", faults),
        }
    }

    /// An array.
    pub(super) fn array(&self, faults: &mut Faults) -> Option<Vec<Field<'v>>> {
        let Value::Array(items) = self.value else {
            return self.wrong("an array", faults);
        };
        let field = |(index, value)| Field { pointer: format!("{}/{index}", self.pointer), value };
        Some(items.iter().enumerate().map(field).collect())
    }

    /// A string, also an empty one.
    pub(super) fn string(&self, faults: &mut Faults) -> Option<&'v str> {
        match self.value {
            Value::String(text) => Some(text),
            _ => self.wrong("a string", faults),
        }
    }

    /// A string with at least one character.
    pub(super) fn text(&self, faults: &mut Faults) -> Option<&'v str> {
        match self.value {
            Value::String(text) if !text.is_empty() => Some(text),
            _ => self.wrong("a string that is not empty", faults),
        }
    }

    /// A string of 1 to `max` characters.
    pub(super) fn short_text(&self, max: usize, faults: &mut Faults) -> Option<&'v str> {
        match self.value {
            Value::String(text) if (1..=max).contains(&text.chars().count()) => Some(text),
            _ => self.wrong(&format!("a string of 1 to {max} characters"), faults),
        }
    }

    /// This very string.
    pub(super) fn literal(&self, literal: &str, faults: &mut Faults) -> Option<()> {
        match self.value {
            Value::String(text) if text == literal => Some(()),
            _ => self.wrong(&format!("\"{literal}\""), faults),
        }
    }

    /// A string of 1 to `max` of the characters `A-Za-z0-9._-`.
    pub(super) fn label(&self, max: usize, faults: &mut Faults) -> Option<&'v str> {
        match self.value {
            Value::String(text) if is_label(text, max) => Some(text),
            _ => self.wrong(&format!("1 to {max} of the characters A-Z a-z 0-9 . _ -"), faults),
        }
    }

    /// A profile's name: 1 to 64 of the characters `A-Za-z0-9._/-`.
    pub(super) fn profile(&self, faults: &mut Faults) -> Option<&'v str> {
        match self.value {
            Value::String(text) if is_label(&text.replace('/', "-"), 64) => Some(text),
            _ => self.wrong("1 to 64 of the characters A-Z a-z 0-9 . _ / -", faults),
        }
    }

    /// An integer from 0 to 2^53-1.
    pub(super) fn integer(&self, faults: &mut Faults) -> Option<u64> {
        let number = match self.value {
            Value::Number(_, text) => integer(text.as_bytes()),
            _ => None,
        };
        number.or_else(|| self.wrong(&format!("an integer from 0 to {MAX_INTEGER}"), faults))
    }

    /// A digest.
    pub(super) fn digest(&self, faults: &mut Faults) -> Option<Digest> {
        let digest = match self.value {
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        digest.or_else(|| self.wrong("`sha256:` and 64 lower-case hex digits", faults))
    }

    /// A time.
    pub(super) fn instant(&self, faults: &mut Faults) -> Option<Instant> {
        let instant = match self.value {
            Value::String(text) => text.parse().ok().map(|time| Instant { time, text: text.clone() }),
            _ => None,
        };
        instant.or_else(|| self.wrong("a time like 2026-10-01T00:00:00Z", faults))
    }

    /// Notes that something else was expected here.
    pub(super) fn wrong<T>(&self, expected: &str, faults: &mut Faults) -> Option<T> {
        let place = if self.pointer.is_empty() { "the file".to_owned() } else { format!("`{}`", cut(&self.pointer)) };
        faults.push(Fault::Form(format!("{place}: expected {expected}, found {}", shown(self.value))));
        None
    }
}

/// Whether a text is 1 to `max` of the characters `A-Za-z0-9._-`.
pub(super) fn is_label(text: &str, max: usize) -> bool {
    (1..=max).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

/// A value for a message: short ones as they are.
fn shown(value: &Value) -> String {
    match value {
        Value::Number(_, text) => format!("the number {}", cut(text)),
        Value::String(text) => format!("the string \"{}\"", cut(text)),
        _ => value.kind().to_owned(),
    }
}

/// A text for a message: its first 80 characters.
pub(super) fn cut(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(80) {
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(text),
    }
}
