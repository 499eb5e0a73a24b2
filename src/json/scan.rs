//! The check of the canonical form in one pass, without building anything: order of names, escapes, numbers, white space, depth. It also notes where
//! the wanted members stand. Not here: why a line that is not canonical is not; that is [`super::parse`]'s.

use std::cmp::Ordering;

use super::name::{Escapes, Name};
use super::pointer::Node;
use super::special::special;
use super::write::short;
use super::{MAX_DEPTH, Spans, Value, Wanted, difference, number, parse};

/// Walks one line that must be the canonical form of one object, and notes where the wanted members stand. The error is the offset of the first
/// byte that the canonical form would not have; what is wrong there, [`super::parse`] says. After an error there are no spans.
pub fn scan(line: &[u8], wanted: &Wanted, spans: &mut Spans) -> Result<(), usize> {
    walk(line, wanted, spans).map_err(|noticed| first_wrong(line, noticed))
}

/// The same, where it does not matter what is wrong: whether the line is canonical.
pub fn is_canonical(line: &[u8], wanted: &Wanted, spans: &mut Spans) -> bool {
    walk(line, wanted, spans).is_ok()
}

fn walk(line: &[u8], wanted: &Wanted, spans: &mut Spans) -> Result<(), usize> {
    spans.reset(wanted.count);
    let scanned = match str::from_utf8(line) {
        Ok(_) => Scanner { line, at: 0, spans }.document(&wanted.root),
        Err(flaw) => Err(flaw.valid_up_to()),
    };
    scanned.inspect_err(|_| spans.reset(wanted.count))
}

/// The walk notices a member out of place where it stands, but the canonical form has another member already in the place of an earlier one.
#[cold]
fn first_wrong(line: &[u8], noticed: usize) -> usize {
    match parse(line) {
        Ok(value @ Value::Object(_)) => difference(line, &value.canonical()).map_or(noticed, |difference| difference.byte),
        Ok(_) => 0,
        Err(flaw) => noticed.min(flaw.byte),
    }
}

struct Scanner<'b, 's> {
    line: &'b [u8],
    at: usize,
    spans: &'s mut Spans,
}

impl<'b> Scanner<'b, '_> {
    fn document(&mut self, root: &Node) -> Result<(), usize> {
        if self.peek() != Some(b'{') {
            return Err(0);
        }
        self.object(Some(root), 1)?;
        if self.at != self.line.len() {
            return Err(self.at);
        }
        self.spans.note(root, 0, 0..self.at);
        Ok(())
    }

    fn object(&mut self, node: Option<&Node>, depth: usize) -> Result<(), usize> {
        if depth > MAX_DEPTH {
            return Err(self.at);
        }
        self.step();
        if self.peek() == Some(b'}') {
            self.step();
            return Ok(());
        }
        let mut children = node.map_or(&[][..], |node| &node.children);
        let mut previous: Option<Name<'b>> = None;
        loop {
            let start = self.at;
            let name = self.name()?;
            if previous.is_some_and(|previous| previous.order(&name) != Ordering::Less) {
                return Err(start);
            }
            previous = Some(name);
            let wanted = advance(&mut children, name);
            self.expect(b':')?;
            let from = self.at;
            self.value(wanted, depth)?;
            if let Some(node) = wanted {
                self.spans.note(node, start, from..self.at);
            }
            if self.another(b'}')? == Next::End {
                return Ok(());
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<(), usize> {
        if depth > MAX_DEPTH {
            return Err(self.at);
        }
        self.step();
        if self.peek() == Some(b']') {
            self.step();
            return Ok(());
        }
        loop {
            self.value(None, depth)?;
            if self.another(b']')? == Next::End {
                return Ok(());
            }
        }
    }

    #[inline]
    fn value(&mut self, node: Option<&Node>, depth: usize) -> Result<(), usize> {
        match self.peek() {
            Some(b'"') => self.string().map(|_| ()),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'{') => self.object(node, depth.wrapping_add(1)),
            Some(b'[') => self.array(depth.wrapping_add(1)),
            Some(b't') => self.literal(b"true"),
            Some(b'f') => self.literal(b"false"),
            Some(b'n') => self.literal(b"null"),
            _ => Err(self.at),
        }
    }

    #[inline]
    fn name(&mut self) -> Result<Name<'b>, usize> {
        let start = self.at.wrapping_add(1);
        let escapes = self.string()?;
        let text = self.line.get(start..self.at.wrapping_sub(1)).ok_or(self.at)?;
        Ok(Name::new(text, escapes))
    }

    #[inline]
    fn string(&mut self) -> Result<Escapes, usize> {
        self.expect(b'"')?;
        self.at = special(self.line, self.at);
        if self.peek() == Some(b'"') {
            self.step();
            return Ok(Escapes::None);
        }
        self.escapes()
    }

    /// The rest of a string from its first escape on.
    fn escapes(&mut self) -> Result<Escapes, usize> {
        loop {
            let rest = self.line.get(self.at..).unwrap_or_default();
            let length = match rest {
                [b'"', ..] => {
                    self.step();
                    return Ok(Escapes::Some);
                }
                [b'\\', b'"' | b'\\' | b'b' | b'f' | b'n' | b'r' | b't', ..] => 2,
                [b'\\', b'u', b'0', b'0', high, low, ..] if long_escape(*high, *low) => 6,
                _ => return Err(self.at),
            };
            self.at = special(self.line, self.at.wrapping_add(length));
        }
    }

    #[inline]
    fn number(&mut self) -> Result<(), usize> {
        let length = number::canonical(self.line.get(self.at..).unwrap_or_default()).ok_or(self.at)?;
        self.at = self.at.wrapping_add(length);
        Ok(())
    }

    fn literal(&mut self, literal: &[u8]) -> Result<(), usize> {
        let end = self.at.wrapping_add(literal.len());
        if self.line.get(self.at..end) != Some(literal) {
            return Err(self.at);
        }
        self.at = end;
        Ok(())
    }

    #[inline]
    fn another(&mut self, end: u8) -> Result<Next, usize> {
        let next = match self.peek() {
            Some(b',') => Next::Another,
            Some(byte) if byte == end => Next::End,
            _ => return Err(self.at),
        };
        self.step();
        Ok(next)
    }

    #[inline]
    fn expect(&mut self, byte: u8) -> Result<(), usize> {
        if self.peek() != Some(byte) {
            return Err(self.at);
        }
        self.step();
        Ok(())
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.line.get(self.at).copied()
    }

    /// Past a byte that was seen, so never beyond the end.
    #[inline]
    fn step(&mut self) {
        self.at = self.at.wrapping_add(1);
    }
}

#[derive(PartialEq, Eq)]
enum Next {
    Another,
    End,
}

/// The child of this name. The names of the line rise, so children that stand before it will not come any more.
#[inline]
fn advance<'w>(children: &mut &'w [Node], name: Name<'_>) -> Option<&'w Node> {
    while let Some((child, rest)) = children.split_first() {
        match child.name().order(&name) {
            Ordering::Greater => return None,
            Ordering::Less => *children = rest,
            Ordering::Equal => {
                *children = rest;
                return Some(child);
            }
        }
    }
    None
}

/// Whether `\u00` and these two digits are the canonical escape: a control character, in lower case, that has no shorter one.
fn long_escape(high: u8, low: u8) -> bool {
    let low = match low {
        b'0'..=b'9' => low.wrapping_sub(b'0'),
        b'a'..=b'f' => low.wrapping_sub(b'a').wrapping_add(10),
        _ => return false,
    };
    match high {
        b'0' => short(low).is_none(),
        b'1' => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_wrong_byte() {
        let wanted = Wanted::new(&[]).unwrap();
        let at = |line: &str| scan(line.as_bytes(), &wanted, &mut Spans::default());
        assert_eq!(at(r#"{"a":{"b":[1,"\u001f",null,true,false,1.5]},"é":1}"#), Ok(()));
        assert_eq!(at("{\"😀\":1,\"\u{fb33}\":2}"), Ok(()));
        for (line, byte) in [
            ("", 0),
            ("[1]", 0),
            ("{} ", 2),
            (r#"{"a": 1}"#, 5),
            (r#"{"b":1,"a":2}"#, 2),
            (r#"{"b": 1,"a":2}"#, 2),
            (r#"{"a":1,"a":2}"#, 7),
            (r#"{"a":1.0}"#, 6),
            (r#"{"a":"\/"}"#, 6),
            (r#"{"a":"\u001F"}"#, 11),
            (r#"{"a":"\u0008"}"#, 7),
            ("{\"\u{fb33}\":1,\"😀\":2}", 2),
        ] {
            assert_eq!(at(line), Err(byte), "{line}");
        }
    }

    #[test]
    fn wanted_members_are_found_wherever_they_stand() {
        let wanted = Wanted::new(&["/b/x", "/b", "/é~1", "/none", "/b/x", "", "/a/0", "/c/\n"]).unwrap();
        let line = r#"{"a":[1],"b":{"x":"1","y":2},"c":{"\n":3},"é/":null}"#;
        let mut spans = Spans::default();
        scan(line.as_bytes(), &wanted, &mut spans).unwrap();
        let text = |index: usize| spans.get(index).map(|member| (&line[member.start..member.value.start], &line[member.value.clone()]));
        assert_eq!(text(0), Some(("\"x\":", "\"1\"")));
        assert_eq!(text(1), Some(("\"b\":", r#"{"x":"1","y":2}"#)));
        assert_eq!(text(2), Some(("\"é/\":", "null")));
        assert_eq!((text(3), text(6), text(8)), (None, None, None));
        assert_eq!(text(4), text(0));
        assert_eq!(text(5), Some(("", line)));
        assert_eq!(text(7), Some((r#""\n":"#, "3")));
        assert!(scan(br#"{"b":1,}"#, &wanted, &mut spans).is_err());
        assert_eq!(spans.get(1), None);
    }
}
