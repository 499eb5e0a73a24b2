//! The strict reader: RFC 8259 within I-JSON (RFC 7493), with the exact byte of the first flaw. Not here: the canonical form.

use std::collections::hash_map::RandomState;

use super::name::Names;
use super::number::{self, Inexact};
use super::special::special;
use super::words::{found, quoted};
use super::{MAX_DEPTH, Value};

/// What is wrong with a text that is not strict JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// Which rule it breaks.
    pub kind: FlawKind,
    /// Offset of the first wrong byte.
    pub byte: usize,
    /// `expected X, found Y`, in words that may quote the input (a few bytes of it, escaped).
    pub message: String,
}

/// The rules of strict JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlawKind {
    /// One name twice in an object, however it is spelt.
    DuplicateName,
    /// Not JSON by its grammar; also anything behind the value.
    Malformed,
    /// A number whose exact decimal value is not that of its shortest double.
    NumberInexact,
    /// Deeper than [`MAX_DEPTH`].
    TooDeep,
    /// Bad UTF-8, a byte order mark, a lone surrogate.
    Unicode,
}

/// Parses one strict JSON text. White space around and inside is allowed.
pub fn parse(text: &[u8]) -> Result<Value, Flaw> {
    let text = str::from_utf8(text).map_err(|error| not_utf8(text, error.valid_up_to()))?;
    if text.starts_with('\u{feff}') {
        return Err(Flaw { kind: FlawKind::Unicode, byte: 0, message: "expected a value, found a byte order mark (U+FEFF)".to_owned() });
    }
    let mut parser = Parser { text, at: 0, hashes: RandomState::new() };
    parser.space();
    let value = parser.value(1)?;
    parser.space();
    if parser.at < text.len() {
        return Err(parser.expected("nothing behind the value"));
    }
    Ok(value)
}

fn not_utf8(text: &[u8], byte: usize) -> Flaw {
    let found = text.get(byte).map_or(String::new(), |found| format!("0x{found:02x}"));
    Flaw { kind: FlawKind::Unicode, byte, message: format!("expected UTF-8, found the byte {found}, which no character has here") }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    hashes: RandomState,
}

impl Parser<'_> {
    fn value(&mut self, depth: usize) -> Result<Value, Flaw> {
        match self.peek() {
            Some(b'{' | b'[') if depth > MAX_DEPTH => {
                let message = format!("expected at most {MAX_DEPTH} levels, found one more");
                Err(Flaw { kind: FlawKind::TooDeep, byte: self.at, message })
            }
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => self.string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.literal("true", Value::Bool(true)),
            Some(b'f') => self.literal("false", Value::Bool(false)),
            Some(b'n') => self.literal("null", Value::Null),
            _ => Err(self.expected("a value")),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, Flaw> {
        let mut members = Vec::new();
        let mut names = Names::default();
        self.skip(1);
        self.space();
        if self.eat(b'}') {
            return Ok(Value::Object(members));
        }
        loop {
            if self.peek() != Some(b'"') {
                return Err(self.expected(if members.is_empty() { "a name in double quotes or `}`" } else { "a name in double quotes" }));
            }
            let byte = self.at;
            let name = self.string()?;
            if !names.insert(&self.hashes, &name, &members) {
                let message = format!("expected each name once in an object, found \"{}\" again", quoted(&name));
                return Err(Flaw { kind: FlawKind::DuplicateName, byte, message });
            }
            self.space();
            if !self.eat(b':') {
                return Err(self.expected("`:`"));
            }
            self.space();
            members.push((name, self.value(depth.saturating_add(1))?));
            self.space();
            if self.eat(b'}') {
                return Ok(Value::Object(members));
            }
            if !self.eat(b',') {
                return Err(self.expected("`,` or `}`"));
            }
            self.space();
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, Flaw> {
        let mut items = Vec::new();
        self.skip(1);
        self.space();
        if self.eat(b']') {
            return Ok(Value::Array(items));
        }
        loop {
            items.push(self.value(depth.saturating_add(1))?);
            self.space();
            if self.eat(b']') {
                return Ok(Value::Array(items));
            }
            if !self.eat(b',') {
                return Err(self.expected("`,` or `]`"));
            }
            self.space();
        }
    }

    fn literal(&mut self, literal: &str, value: Value) -> Result<Value, Flaw> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let same = rest.bytes().zip(literal.bytes()).take_while(|(found, expected)| found == expected).count();
        self.skip(same);
        if same < literal.len() {
            return Err(self.expected(&format!("`{literal}`")));
        }
        Ok(value)
    }

    fn number(&mut self) -> Result<Value, Flaw> {
        let byte = self.at;
        self.eat(b'-');
        if self.eat(b'0') {
            if matches!(self.peek(), Some(b'0'..=b'9')) {
                return Err(self.expected("no digit behind a leading 0"));
            }
        } else {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _sign = self.eat(b'+') || self.eat(b'-');
            self.digits()?;
        }
        let text = self.text.get(byte..self.at).unwrap_or_default();
        match number::exact(text) {
            Ok(value) => Ok(Value::Number(value, text.to_owned())),
            Err(inexact) => Err(Flaw { kind: FlawKind::NumberInexact, byte, message: not_exact(text, inexact) }),
        }
    }

    fn digits(&mut self) -> Result<(), Flaw> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if count == 0 {
            return Err(self.expected("a digit"));
        }
        self.skip(count);
        Ok(())
    }

    fn string(&mut self) -> Result<String, Flaw> {
        let mut string = String::new();
        self.skip(1);
        loop {
            let end = special(self.text.as_bytes(), self.at);
            string.push_str(self.text.get(self.at..end).unwrap_or_default());
            self.at = end;
            match self.peek() {
                Some(b'"') => {
                    self.skip(1);
                    return Ok(string);
                }
                Some(b'\\') => string.push(self.escape()?),
                None => return Err(self.expected("`\"` at the end of the string")),
                Some(_) => return Err(self.expected("control characters in a string to be escaped")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Flaw> {
        let backslash = self.at;
        self.skip(1);
        let character = match self.peek() {
            Some(b'u') => return self.code_point(backslash),
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            _ => return Err(self.expected("one of `\"\\/bfnrtu` behind a backslash")),
        };
        self.skip(1);
        Ok(character)
    }

    /// `\uXXXX`, or two of them that are a surrogate pair.
    fn code_point(&mut self, backslash: usize) -> Result<char, Flaw> {
        let mut units = vec![self.unit()?];
        let pair = matches!(units.first(), Some(0xd800..=0xdbff)) && self.text.get(self.at..).is_some_and(|rest| rest.starts_with("\\u"));
        if pair {
            self.skip(1);
            units.push(self.unit()?);
        }
        match char::decode_utf16(units).next() {
            Some(Ok(character)) => Ok(character),
            _ => {
                let escape = self.text.get(backslash..backslash.saturating_add(6)).unwrap_or_default();
                let message = format!("expected a surrogate pair, found the lone surrogate {escape}");
                Err(Flaw { kind: FlawKind::Unicode, byte: backslash, message })
            }
        }
    }

    /// `uXXXX`
    fn unit(&mut self) -> Result<u16, Flaw> {
        self.skip(1);
        let mut unit = 0_u32;
        for _ in 0..4 {
            let Some(digit) = self.peek().and_then(|byte| char::from(byte).to_digit(16)) else {
                return Err(self.expected("four hex digits behind `\\u`"));
            };
            unit = unit << 4 | digit;
            self.skip(1);
        }
        Ok(u16::try_from(unit).unwrap_or_default())
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.skip(1);
        }
    }

    fn eat(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.skip(usize::from(there));
        there
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip(&mut self, count: usize) {
        self.at = self.at.saturating_add(count);
    }

    fn expected(&self, what: &str) -> Flaw {
        Flaw { kind: FlawKind::Malformed, byte: self.at, message: format!("expected {what}, found {}", found(self.text, self.at)) }
    }
}

fn not_exact(text: &str, inexact: Inexact) -> String {
    let text = quoted(text);
    match inexact {
        Inexact::OutOfRange => format!("expected a number within the range of a double, found {text}"),
        Inexact::Nearest(nearest) => {
            let nearest = ryu_js::Buffer::new().format(nearest).to_owned();
            format!("expected a number that a double holds as written, found {text}, which every reader with doubles takes for {nearest}")
        }
    }
}
