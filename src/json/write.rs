//! The writer of the canonical form (RFC 8785, section 3.2).

use super::name::order;
use super::special::special;
use super::{Value, number};

impl Value {
    /// The canonical form (RFC 8785).
    pub fn canonical(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Array(items) => list(out, *b"[]", items, |out, item| item.write(out)),
            Self::Bool(true) => out.extend_from_slice(b"true"),
            Self::Bool(false) => out.extend_from_slice(b"false"),
            Self::Null => out.extend_from_slice(b"null"),
            Self::Number(value, _) => number::write(out, *value),
            Self::Object(members) => {
                let mut members: Vec<_> = members.iter().collect();
                members.sort_by(|(one, _), (other, _)| order(one, other));
                list(out, *b"{}", members, |out, (name, value)| {
                    quoted(out, name);
                    out.push(b':');
                    value.write(out);
                });
            }
            Self::String(text) => quoted(out, text),
        }
    }
}

fn list<T>(out: &mut Vec<u8>, [open, close]: [u8; 2], items: impl IntoIterator<Item = T>, write: impl Fn(&mut Vec<u8>, T)) {
    out.push(open);
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write(out, item);
    }
    out.push(close);
}

fn quoted(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    escaped(out, text);
    out.push(b'"');
}

/// A string without its quotes: section 3.2.2.2, the shortest escape, and only where one is needed.
pub(super) fn escaped(out: &mut Vec<u8>, text: &str) {
    let mut rest = text.as_bytes();
    while let Some((run, tail)) = rest.split_at_checked(special(rest, 0)) {
        out.extend_from_slice(run);
        let Some((byte, tail)) = tail.split_first() else {
            return;
        };
        match short(*byte) {
            Some(letter) => out.extend_from_slice(&[b'\\', letter]),
            None => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
        }
        rest = tail;
    }
}

/// The letter behind the backslash, for a byte that has a two-character escape.
pub(super) fn short(byte: u8) -> Option<u8> {
    match byte {
        b'"' | b'\\' => Some(byte),
        0x08 => Some(b'b'),
        b'\t' => Some(b't'),
        b'\n' => Some(b'n'),
        0x0c => Some(b'f'),
        b'\r' => Some(b'r'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;

    /// The first number of the example has a digit more than its double holds, which [`parse`] refuses; here it stands without it.
    #[test]
    fn the_examples_of_the_standard() {
        let canonical = |text: &str| String::from_utf8(parse(text.as_bytes()).unwrap().canonical()).unwrap();
        assert_eq!(
            canonical(
                "{\"numbers\":[333333333.3333333,1E30,4.50,2e-3,0.000000000000000000000000001],\"string\":\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\",\"literals\":[null,true,false]}"
            ),
            "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}"
        );
        assert_eq!(
            canonical("{\"\\u20ac\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"\\ud83d\\ude00\":5,\"\\u0080\":6,\"\\u00f6\":7}"),
            "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\u{fb33}\":3}"
        );
    }
}
