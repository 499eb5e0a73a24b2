//! Works on canonical text with the spans that [`super::scan`] found: leaves members out, puts values in, reads strings and integers. Not here: any
//! test whether the text is canonical.

use std::borrow::Cow;

use super::special::special;
use super::{MAX_INTEGER, Member, Value, parse};

/// The canonical text without some members of its root object: the pieces that remain, to be hashed one after the other. `line` is canonical, and
/// the members stand in it as [`super::scan`] found them.
pub fn without<'b>(line: &'b [u8], members: &[&Member]) -> Vec<&'b [u8]> {
    let mut members = members.to_vec();
    members.sort_unstable_by_key(|member| member.start);
    let mut pieces: Vec<&[u8]> = Vec::with_capacity(members.len().saturating_add(1));
    let mut from = 0;
    for member in members {
        if member.start < from {
            continue;
        }
        pieces.push(line.get(from..member.start).unwrap_or_default());
        let comma = line.get(member.value.end) == Some(&b',');
        from = member.value.end.saturating_add(usize::from(comma));
    }
    pieces.retain(|piece| !piece.is_empty());
    let tail = line.get(from..).unwrap_or_default();
    // where the last members are gone, the comma before them must go too
    if tail.first() == Some(&b'}')
        && let Some(last) = pieces.last_mut()
    {
        *last = last.strip_suffix(b",").unwrap_or(last);
    }
    pieces.push(tail);
    pieces
}

/// The canonical text with the value of one member replaced by another text.
pub fn with_value(line: &[u8], member: &Member, value: &[u8]) -> Vec<u8> {
    [line.get(..member.value.start).unwrap_or_default(), value, line.get(member.value.end..).unwrap_or_default()].concat()
}

/// The text of a string value from its span in canonical text (quotes included); `None` if it is not a string.
pub fn string(value: &[u8]) -> Option<Cow<'_, str>> {
    let inner = value.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    if special(inner, 0) == inner.len() {
        return str::from_utf8(inner).ok().map(Cow::Borrowed);
    }
    match parse(value) {
        Ok(Value::String(text)) => Some(Cow::Owned(text)),
        _ => None,
    }
}

/// An integer from 0 to 2^53-1 from its canonical text.
pub fn integer(value: &[u8]) -> Option<u64> {
    let canonical = value == b"0" || (value.first() != Some(&b'0') && (1..=16).contains(&value.len()));
    let digit = |byte: &u8| byte.checked_sub(b'0').filter(|digit| *digit < 10).map(u64::from);
    let number = value.iter().filter(|_| canonical).try_fold(0_u64, |number, byte| number.checked_mul(10)?.checked_add(digit(byte)?))?;
    (canonical && number <= MAX_INTEGER).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::super::{Spans, Wanted, scan};
    use super::*;

    #[test]
    fn members_go_with_the_right_commas() {
        let line = br#"{"a":1,"b":[1,","],"c":{"a":2},"d":"}"}"#;
        let names = ["/a", "/b", "/c", "/d"];
        let mut spans = Spans::default();
        scan(line, &Wanted::new(&names).unwrap(), &mut spans).unwrap();
        for set in 0..16_usize {
            let members: Vec<_> = (0..4).rev().filter(|bit| set >> bit & 1 == 1).map(|index| spans.get(index).unwrap()).collect();
            let Ok(Value::Object(mut left)) = parse(line) else { panic!() };
            left.retain(|(name, _)| !names.iter().enumerate().any(|(bit, own)| own[1..] == **name && set >> bit & 1 == 1));
            assert_eq!(without(line, &members).concat(), Value::Object(left).canonical(), "{set:04b}");
            let twice: Vec<_> = members.iter().chain(&members).copied().collect();
            assert_eq!(without(line, &twice).concat(), without(line, &members).concat());
        }
        assert_eq!(with_value(line, spans.get(1).unwrap(), b"null"), br#"{"a":1,"b":null,"c":{"a":2},"d":"}"}"#);
    }

    #[test]
    fn strings_and_integers_from_spans() {
        assert_eq!(string(br#""plain""#).as_deref(), Some("plain"));
        assert_eq!(string(br#""a\n\"\u001f""#).as_deref(), Some("a\n\"\u{1f}"));
        for none in [&b"1"[..], b"\"", b"\"a\"b\"", b"null", b"", b"\"\xff\""] {
            assert_eq!(string(none), None);
        }
        assert_eq!(integer(b"0"), Some(0));
        assert_eq!(integer(b"9007199254740991"), Some(MAX_INTEGER));
        for none in [&b"9007199254740992"[..], b"01", b"00", b"-1", b"1.5", b"", b"\"1\"", b"1e3", b"99999999999999999999999"] {
            assert_eq!(integer(none), None);
        }
    }
}
