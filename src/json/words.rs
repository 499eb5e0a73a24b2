//! Words for messages: what stands at a byte, and where a text leaves its canonical form. Not here: any decision.

/// Bytes of a text that a message quotes at most.
const QUOTED: usize = 24;

/// Where a text first differs from its canonical form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Offset of the first byte that differs.
    pub byte: usize,
    /// `expected X, found Y`, with a few bytes of both, escaped.
    pub message: String,
}

/// The first difference of a text from its canonical form; `None` if they are equal.
pub fn difference(text: &[u8], canonical: &[u8]) -> Option<Difference> {
    let shared = text.iter().zip(canonical).take_while(|(found, expected)| found == expected).count();
    (shared < text.len().max(canonical.len()))
        .then(|| Difference { byte: shared, message: format!("expected {}, found {}", piece(canonical, shared), piece(text, shared)) })
}

/// The character at a byte, in words.
pub(super) fn found(text: &str, at: usize) -> String {
    match text.get(at..).and_then(|rest| rest.chars().next()) {
        None => "the end of the text".to_owned(),
        Some(' ') => "a space".to_owned(),
        Some('\t') => "a tab".to_owned(),
        Some('\n') => "a line feed".to_owned(),
        Some('\r') => "a carriage return".to_owned(),
        Some(character @ '!'..='~') => format!("`{character}`"),
        Some(character) => format!("U+{:04X}", u32::from(character)),
    }
}

/// A name or number from the text, cut and escaped.
pub(super) fn quoted(text: &str) -> String {
    let mut shown: String = text.chars().take(QUOTED.saturating_mul(2)).flat_map(char::escape_default).collect();
    if text.chars().nth(QUOTED.saturating_mul(2)).is_some() {
        shown.push('…');
    }
    shown
}

/// A few characters from a byte on; from the start of its character, if the byte stands inside of one.
fn piece(text: &[u8], at: usize) -> String {
    let inside = |at: &usize| text.get(*at).is_some_and(|byte| byte & 0xc0 == 0x80);
    let start = (at.saturating_sub(3)..=at).rev().find(|at| !inside(at)).unwrap_or(at);
    let rest = text.get(start..).unwrap_or_default();
    if rest.is_empty() {
        return "the end of the text".to_owned();
    }
    let shown = String::from_utf8_lossy(rest.get(..QUOTED.min(rest.len())).unwrap_or_default());
    let dots = if rest.len() > QUOTED { "…" } else { "" };
    format!("`{}{dots}`", shown.trim_end_matches('\u{fffd}').escape_default().to_string().replace("\\\"", "\"").replace("\\'", "'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_has_both_sides() {
        let told = difference(br#"{"b":1,"a":2}"#, br#"{"a":2,"b":1}"#).unwrap();
        assert_eq!((told.byte, told.message.as_str()), (2, r#"expected `a":2,"b":1}`, found `b":1,"a":2}`"#));
        let told = difference(b"{}\r", b"{}").unwrap();
        assert_eq!((told.byte, told.message.as_str()), (2, r"expected the end of the text, found `\r`"));
        let told = difference("[\"é\"]".as_bytes(), "[\"è\"]".as_bytes()).unwrap();
        assert_eq!((told.byte, told.message.as_str()), (3, r#"expected `\u{e8}"]`, found `\u{e9}"]`"#));
        assert_eq!(difference(b"{}", b"{}"), None);
    }
}
