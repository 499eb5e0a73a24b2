//! Finds the bytes at which the plain run of a JSON string ends, eight at a time. Not here: what to do about them.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// Offset of the first quote, backslash or control character (below U+0020) at `from` or behind it; the length of the text if there is none.
#[inline]
pub(super) fn special(text: &[u8], from: usize) -> usize {
    let mut rest = text.get(from..).unwrap_or_default();
    let mut at = from;
    while let Some((chunk, tail)) = rest.split_first_chunk::<8>() {
        let marks = marks(u64::from_le_bytes(*chunk));
        if marks != 0 {
            return at.wrapping_add((marks.trailing_zeros() >> 3) as usize);
        }
        at = at.wrapping_add(8);
        rest = tail;
    }
    at.wrapping_add(rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20)).unwrap_or(rest.len()))
}

/// The high bit of each byte that is special. A borrow can mark a byte above the first special one by mistake, never one below it; so the lowest
/// mark is right, and with little-endian words the lowest byte is the first.
#[inline]
fn marks(word: u64) -> u64 {
    let quote = word ^ ONES.wrapping_mul(0x22);
    let backslash = word ^ ONES.wrapping_mul(0x5c);
    let control = word.wrapping_sub(ONES.wrapping_mul(0x20)) & !word;
    ((quote.wrapping_sub(ONES) & !quote) | (backslash.wrapping_sub(ONES) & !backslash) | control) & HIGHS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_a_plain_loop_finds() {
        let filler = [b'a', b'!', b'#', b'[', b']', 0x7f, 0x80, 0xff, b' '];
        for fill in filler {
            for length in 0..20 {
                for byte in 0..=255_u8 {
                    for place in 0..length {
                        let mut text = vec![fill; length];
                        text[place] = byte;
                        let expected = if byte < 0x20 || byte == b'"' || byte == b'\\' { place } else { length };
                        assert_eq!(special(&text, 0), expected, "{byte:#x} at {place} of {length}");
                        assert_eq!(special(&text, place.min(3)), expected, "{byte:#x} at {place} of {length}");
                    }
                }
            }
        }
        assert_eq!(special(b"abc", 7), 7);
    }

    #[test]
    fn the_first_of_two_is_found() {
        for first in [b'"', b'\\', 0, 0x1f] {
            for second in 0..=255_u8 {
                assert_eq!(special(&[b'a', b'a', first, second, b'a', b'a', b'a', b'a', b'a'], 0), 2);
            }
        }
    }
}
