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
                    let length = text_end(rest)?;
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

/// Where the next quote or backslash stands. Most strings are short: their first words are looked at here, which costs less than a call.
#[inline]
fn text_end(rest: &[u8]) -> Option<usize> {
    let (words, _) = rest.as_chunks::<8>();
    let mut passed = 0_usize;
    for word in words.iter().take(WORDS) {
        let word = u64::from_le_bytes(*word);
        let found = zeros(word ^ QUOTES) | zeros(word ^ BACKSLASHES);
        if found != 0 {
            return Some(passed.saturating_add(usize::try_from(found.trailing_zeros() / 8).unwrap_or_default()));
        }
        passed = passed.saturating_add(8);
    }
    memchr::memchr2(b'"', b'\\', rest.get(passed..)?).map(|at| passed.saturating_add(at))
}

const WORDS: usize = 4;
const QUOTES: u64 = u64::from_le_bytes([b'"'; 8]);
const BACKSLASHES: u64 = u64::from_le_bytes([b'\\'; 8]);

/// The highest bit of the first byte that is 0 (of those behind it, perhaps more).
#[inline]
fn zeros(word: u64) -> u64 {
    word.wrapping_sub(u64::from_le_bytes([1; 8])) & !word & u64::from_le_bytes([0x80; 8])
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

    #[test]
    fn the_end_of_a_text_is_its_first_quote_or_backslash() {
        // bytes that differ from a quote or a backslash in one bit, or by one
        let others = [b'!', b'#', b'[', b']', 0, 1, 0x80, 0xa2, 0xdc, 0xff, b'a'];
        for length in 0..80_usize {
            for (turn, last) in [b'"', b'\\'].into_iter().cycle().take(others.len()).enumerate() {
                let mut text: Vec<u8> = others.iter().cycle().skip(turn).take(length).copied().collect();
                assert_eq!(text_end(&text), None);
                text.push(last);
                text.extend_from_slice(b"\"\\!#");
                assert_eq!(text_end(&text), Some(length));
            }
        }
    }
}
