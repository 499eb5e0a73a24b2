//! The one way in which a string of the bundle (a field, a member's name, a path, an error text) reaches a reader's screen.
//!
//! Works by character class, never by recognising escape sequences, so half a sequence is as harmless as a whole one. What is not plainly visible
//! is written `\u{1b}`, everywhere in this one form; a literal `\u{` of the bundle is written `\u{5c}u{`, so that two different strings never look
//! alike on that account; of several spaces in a row only the first stays one, since columns are how a report is laid out. It does not quote for a shell, for HTML or for XML: the renderers of those formats do that themselves.

use std::fmt;
use std::iter;

/// Columns after which [`show`] cuts.
pub const COLUMNS: usize = 200;

/// A string as it may be shown: one line, no controls, no bidirectional or invisible characters, at most [`COLUMNS`] columns and then how long it was.
///
/// Where ASCII letters mix with letters of a script that can be taken for them (Cyrillic, Greek, mathematical, full-width …), all letters beyond ASCII are
/// written as escapes. Han, kana and Hangul beside Latin are ordinary text (UTS #39, "highly restrictive").
pub fn show(text: &str) -> String {
    show_within(text, COLUMNS)
}

/// The same, with another width.
pub fn show_within(text: &str, columns: usize) -> String {
    let mut out = String::new();
    let mut used = 0_usize;
    for piece in pieces(text) {
        used = used.saturating_add(piece.columns);
        if used > columns {
            out.push_str(&format!("… ({} bytes)", grouped(text.len())));
            return out;
        }
        out.push_str(&piece.text);
    }
    out
}

/// A whole string on one line, for a cell of a table that other programs read: only what is never shown as it is is spelt out.
pub fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c == '\\' && chars.as_str().starts_with("u{") || is_unsafe(c) {
            true => out.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            false => out.push(c),
        }
    }
    out
}

/// [`show`] for a format string.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a>(pub &'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&show(self.0))
    }
}

/// One character of a string, as it may be shown.
pub(super) struct Piece {
    /// Its offset in the string, in bytes.
    pub(super) at: usize,
    /// What to show.
    pub(super) text: String,
    /// How wide that is.
    pub(super) columns: usize,
}

/// The string, character by character.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = Piece> {
    let spell_out = mixes_scripts(text);
    let mut chars = text.char_indices();
    let mut carries_mark = false;
    let mut after_space = false;
    iter::from_fn(move || {
        let (at, c) = chars.next()?;
        let looks_escaped = c == '\\' && chars.as_str().starts_with("u{");
        let stray_mark = is_combining(c) && !carries_mark;
        let second_space = c == ' ' && after_space;
        after_space = c == ' ';
        let escaped = looks_escaped || stray_mark || second_space || is_unsafe(c) || (spell_out && !c.is_ascii() && c.is_alphabetic());
        carries_mark = !escaped && c.is_alphabetic();
        if escaped {
            let text = format!("\\u{{{:x}}}", u32::from(c));
            return Some(Piece { at, columns: text.len(), text });
        }
        Some(Piece { at, columns: width(c), text: c.to_string() })
    })
}

/// Whether a character is invisible, acts on its neighbours, or means nothing outside one font: it is never shown as it is.
pub(super) fn is_unsafe(c: char) -> bool {
    let code = u32::from(c);
    c.is_control() || is_format(code) || is_blank(code) || is_private(code) || is_noncharacter(code)
}

/// General category Cf, line and paragraph separators, tags, variation selectors.
fn is_format(code: u32) -> bool {
    matches!(code,
        0xad | 0x34f | 0x600..=0x605 | 0x61c | 0x6dd | 0x70f | 0x890..=0x891 | 0x8e2 | 0x17b4..=0x17b5 | 0x180b..=0x180f
        | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0xfe00..=0xfe0f | 0xfeff | 0xfff0..=0xfffc
        | 0x110bd | 0x110cd | 0x13430..=0x1345f | 0x1bca0..=0x1bca3 | 0x1d173..=0x1d17a | 0xe0000..=0xe0fff)
}

/// Every space but the ASCII one, and letters that have no ink.
fn is_blank(code: u32) -> bool {
    matches!(code, 0xa0 | 0x115f..=0x1160 | 0x1680 | 0x2000..=0x200a | 0x202f | 0x205f | 0x2800 | 0x3000 | 0x3164 | 0xffa0)
}

fn is_private(code: u32) -> bool {
    matches!(code, 0xe000..=0xf8ff | 0xf_0000..=0x10_ffff)
}

fn is_noncharacter(code: u32) -> bool {
    matches!(code, 0xfdd0..=0xfdef) || code & 0xfffe == 0xfffe
}

/// Marks that are drawn over the character before them. One is an accent; a heap of them draws over the neighbouring lines.
fn is_combining(c: char) -> bool {
    matches!(u32::from(c), 0x300..=0x36f | 0x483..=0x489 | 0x1ab0..=0x1aff | 0x1dc0..=0x1dff | 0x20d0..=0x20ff | 0xfe20..=0xfe2f)
}

/// Looks at as much as can ever be shown.
fn mixes_scripts(text: &str) -> bool {
    const ENOUGH: usize = 4096;
    let ascii = text.chars().take(ENOUGH).any(|c| c.is_ascii_alphabetic());
    ascii && text.chars().take(ENOUGH).any(is_foreign_letter)
}

fn is_foreign_letter(c: char) -> bool {
    let latin = matches!(u32::from(c), 0..=0x24f | 0x1e00..=0x1eff);
    c.is_alphabetic() && !latin && !is_east_asian_letter(u32::from(c)) && !is_combining(c)
}

fn is_east_asian_letter(code: u32) -> bool {
    matches!(code, 0x3005..=0x3007 | 0x3041..=0x30ff | 0x3105..=0x312f | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xac00..=0xd7a3 | 0x2_0000..=0x3_ffff)
}

/// Columns of a text that is safe to show.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(width).sum()
}

/// Columns of one character on a terminal (UAX #11, coarsely): 0 for an accent, 2 for wide ones.
pub(super) fn width(c: char) -> usize {
    match u32::from(c) {
        _ if is_combining(c) => 0,
        0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f | 0xff01..=0xff60 | 0xffe0..=0xffe6 => 2,
        0x1f300..=0x1faff | 0x2_0000..=0x3_ffff => 2,
        _ => 1,
    }
}

/// `1 048 576`
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_acts_on_a_terminal_is_spelt_out() {
        for (raw, shown) in [
            ("\u{1b}[2J\u{1b}]8;;x", "\\u{1b}[2J\\u{1b}]8;;x"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("evil\rok\u{8}\u{b}\u{c}\u{7f}\0", "evil\\u{d}ok\\u{8}\\u{b}\\u{c}\\u{7f}\\u{0}"),
            ("a\u{202e}b\u{2066}c", "a\\u{202e}b\\u{2066}c"),
            ("a\u{200b}\u{feff}\u{e0041}\u{2028}\u{fffe}\u{e000}", "a\\u{200b}\\u{feff}\\u{e0041}\\u{2028}\\u{fffe}\\u{e000}"),
            ("\nPASS  every check holds", "\\u{a}PASS \\u{20}every check holds"),
            ("a\u{a0}b\u{3164}", "a\\u{a0}b\\u{3164}"),
            ("a\\u{1b}", "a\\u{5c}u{1b}"),
            ("C:\\users\\x", "C:\\users\\x"),
            ("e\u{301}\u{301}\u{301}", "e\u{301}\\u{301}\\u{301}"),
        ] {
            assert_eq!(show(raw), shown);
        }
    }

    #[test]
    fn scripts_that_can_be_taken_for_latin_do_not_mix_with_it() {
        assert_eq!(show("tnt_аcme"), "tnt_\\u{430}cme");
        assert_eq!(show("αdmin-ü"), "\\u{3b1}dmin-\\u{fc}");
        assert_eq!(show("ａdmin"), "\\u{ff41}dmin");
        for ordinary in ["Иван", "Müller, Straße, Łódź", "監査-acme.zip", "감사 log", "", "✓ 5 €"] {
            assert_eq!(show(ordinary), ordinary);
        }
    }

    #[test]
    fn a_long_string_is_cut_and_says_how_long_it_was() {
        let shown = show(&"x".repeat(1 << 20));
        assert_eq!(shown, format!("{}… (1 048 576 bytes)", "x".repeat(200)));
        assert_eq!(show(&"x".repeat(200)), "x".repeat(200));
        assert_eq!(show(&"監".repeat(150)), format!("{}… (450 bytes)", "監".repeat(100)));
    }

    proptest! {
        #[test]
        fn nothing_unsafe_comes_out(text in any::<String>(), wild in proptest::collection::vec(any::<char>(), 0..300)) {
            for raw in [text, wild.into_iter().collect()] {
                let shown = show(&raw);
                prop_assert!(!shown.chars().any(is_unsafe), "{shown:?}");
                prop_assert_eq!(shown.lines().count().max(1), 1);
                prop_assert!(shown.chars().map(width).sum::<usize>() <= COLUMNS + 20);
            }
        }

        #[test]
        fn different_strings_look_different(one in short_and_tricky(), other in short_and_tricky()) {
            prop_assert_eq!(one == other, show(&one) == show(&other));
        }
    }

    fn short_and_tricky() -> impl Strategy<Value = String> {
        let alphabet = vec!["\\", "u", "{", "}", "1b", "5c", "\u{1b}", "\\u{1b}", "\\u{", " ", "20"];
        proptest::collection::vec(proptest::sample::select(alphabet), 0..4).prop_map(|parts| parts.concat())
    }
}
