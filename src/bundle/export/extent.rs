//! Where a JSON value ends, found in bytes that come piece by piece: strings, escapes and depth, nothing else. What it takes for a value need not be
//! one; whoever parses it says so. Not here: what stands around the value.

/// The way through one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extent {
    depth: u64,
    inside: Inside,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inside {
    /// Of a string, behind a backslash.
    Escape,
    /// Of an object or array.
    Structure,
    /// Of a string.
    Text,
    /// Of a number or literal.
    Word,
}

impl Extent {
    /// Before a value that starts with this byte.
    pub(super) fn new(first: u8) -> Self {
        let inside = if matches!(first, b'{' | b'[' | b'"') { Inside::Structure } else { Inside::Word };
        Self { depth: 0, inside }
    }

    /// Goes on through these bytes. The offset behind the value, if it ends here; a number or literal ends before the byte that follows it.
    pub(super) fn end(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0_usize;
        loop {
            let rest = bytes.get(at..)?;
            match self.inside {
                Inside::Escape => {
                    rest.first()?;
                    at = at.saturating_add(1);
                    self.inside = Inside::Text;
                }
                Inside::Structure => {
                    let (length, mark) = rest.iter().enumerate().find(|(_, byte)| is_mark(**byte))?;
                    at = at.saturating_add(length).saturating_add(1);
                    match mark {
                        b'"' => self.inside = Inside::Text,
                        b'{' | b'[' => self.depth = self.depth.saturating_add(1),
                        _ => self.depth = self.depth.saturating_sub(1),
                    }
                    if self.depth == 0 && self.inside == Inside::Structure {
                        return Some(at);
                    }
                }
                Inside::Text => {
                    let length = memchr::memchr2(b'"', b'\\', rest)?;
                    at = at.saturating_add(length).saturating_add(1);
                    self.inside = if rest.get(length) == Some(&b'"') { Inside::Structure } else { Inside::Escape };
                    if self.depth == 0 && self.inside == Inside::Structure {
                        return Some(at);
                    }
                }
                Inside::Word => {
                    return rest.iter().position(|byte| is_mark(*byte) || *byte == b',' || is_space(*byte)).map(|end| at.saturating_add(end));
                }
            }
        }
    }
}

/// What JSON calls white space.
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

#[inline]
fn is_mark(byte: u8) -> bool {
    matches!(byte, b'"' | b'{' | b'}' | b'[' | b']')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_does_not_depend_on_the_pieces() {
        for (text, end) in [(r#"{"a":"}\"]","b":[{}]} ,"#, 21), (r#""\\",1"#, 4), ("[[],\"[\"]x", 8), ("12.5e3]", 6), ("null }", 4), (r#""a"b"#, 3)] {
            let text = text.as_bytes();
            assert_eq!(Extent::new(text[0]).end(text), Some(end), "{}", String::from_utf8_lossy(text));
            for cut in 0..end {
                let (front, back) = text.split_at(cut);
                let mut extent = Extent::new(text[0]);
                assert_eq!(extent.end(front), None);
                assert_eq!(extent.end(back).map(|end| cut + end), Some(end));
            }
        }
    }
}
