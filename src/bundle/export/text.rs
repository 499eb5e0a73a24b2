//! Small things about bytes that the rooms of an export share.

use std::ops::Range;

use super::extent::is_space;

/// A byte, for a sentence.
pub(super) fn shown(byte: u8) -> String {
    if byte.is_ascii_graphic() { format!("`{}`", char::from(byte)) } else { format!("the byte 0x{byte:02x}") }
}

/// A record without the white space behind it, which only a line has.
pub(super) fn trimmed(bytes: &[u8], start: usize, end: usize) -> Range<usize> {
    let text = bytes.get(start..end).unwrap_or_default();
    let length = text.iter().rposition(|byte| !is_space(*byte)).map_or(0, |last| last.saturating_add(1));
    start..start.saturating_add(length)
}

/// A length as an offset.
pub(super) fn as_u64(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
