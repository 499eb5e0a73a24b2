//! Lines for a POSIX shell. Whatever is not our own word stands in single quotes, or, where it holds more than plain ASCII, as octal escapes for
//! `printf`: no name can end its quotes, and none can put a control character on the reader's screen.

use std::ops::Range;

/// A word, quoted; `None` where no quoting keeps it as it is (line ends at its end, NUL).
pub(super) fn quote(text: &str) -> Option<String> {
    if text.contains('\0') || text.ends_with('\n') {
        return None;
    }
    let plain = |c: char| (c.is_ascii_graphic() || c == ' ') && c != '\'' && c != '\\';
    if text.chars().all(plain) && !text.contains("  ") {
        return Some(format!("'{text}'"));
    }
    let kept = |byte: u8| byte.is_ascii_alphanumeric() || b"._/-".contains(&byte);
    // a minus in front would be an option of printf
    let escaped = |(index, byte): (usize, u8)| match kept(byte) && (index > 0 || byte != b'-') {
        true => char::from(byte).to_string(),
        false => format!("\\{byte:03o}"),
    };
    let escaped: String = text.bytes().enumerate().map(escaped).collect();
    Some(format!("\"$(printf '{escaped}')\""))
}

/// A path that no program takes for an option.
pub(super) fn path(text: &str) -> Option<String> {
    if text.starts_with('-') { quote(&format!("./{text}")) } else { quote(text) }
}

/// A member of a zip: `unzip` reads patterns.
pub(super) fn member(name: &str) -> Option<String> {
    let escaped = |(index, c): (usize, char)| match c {
        '*' | '?' | '[' | '\\' => format!("[{c}]"),
        '-' if index == 0 => "[-]".to_owned(),
        c => c.to_string(),
    };
    quote(&name.chars().enumerate().map(escaped).collect::<String>())
}

/// Writes a range of a file's bytes to stdout.
pub(super) fn piece(file: &str, range: &Range<usize>) -> String {
    let length = range.len();
    match range.start {
        0 => format!("head -c {length} {file}"),
        start => format!("tail -c +{} {file} | head -c {length}", start.saturating_add(1)),
    }
}

/// Writes several, one after the other; all of a file where that is what they are.
pub(super) fn pieces(file: &str, length: usize, ranges: &[Range<usize>]) -> String {
    match ranges {
        [all] if *all == (0..length) => format!("cat {file}"),
        [one] => piece(file, one),
        many => {
            let pieces: Vec<String> = many.iter().map(|range| piece(file, range)).collect();
            format!("{{ {}; }}", pieces.join("; "))
        }
    }
}

/// Decodes the base64url text that stands in this range.
pub(super) fn base64url(file: &str, range: &Range<usize>) -> String {
    let text = piece(file, range);
    let text = match range.len() % 4 {
        2 => format!("{{ {text}; printf '=='; }}"),
        3 => format!("{{ {text}; printf '='; }}"),
        _ => text,
    };
    format!("{text} | tr '_-' '/+' | base64 -d")
}

/// Puts the two numbers of an ECDSA signature, `half` bytes each, into the DER that openssl takes; the result is the file that holds it.
pub(super) fn to_der(signature: &str, half: usize, commands: &mut Vec<String>) -> String {
    let (config, der) = (format!("{signature}-numbers"), format!("{signature}.der"));
    let number = |command: &str| format!("\"$({command} -c {half} {signature} | {HEX})\"");
    let (r, s) = (number("head"), number("tail"));
    commands.push(format!("printf 'asn1=SEQUENCE:both\\n[both]\\nr=INTEGER:0x%s\\ns=INTEGER:0x%s\\n' {r} {s} > {config}"));
    commands.push(format!("openssl asn1parse -genconf {config} -noout -out {der}"));
    der
}

/// Writes lines of our own to a file.
pub(super) fn lines_to(lines: &[String], file: &str) -> String {
    let quoted: Vec<String> = lines.iter().map(|line| format!("'{line}'")).collect();
    format!("printf '%s\\n' {} > {file}", quoted.join(" "))
}

/// Lower-case hex of stdin.
pub(super) const HEX: &str = "od -An -v -tx1 | tr -d ' \\n'";

/// The digest of stdin, hex digits alone.
pub(super) const SHA256: &str = "sha256sum | cut -d ' ' -f 1";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_its_quotes() {
        assert_eq!(quote("acme 2026.zip").as_deref(), Some("'acme 2026.zip'"));
        assert_eq!(quote("$(id)`id`;|&").as_deref(), Some("'$(id)`id`;|&'"));
        assert_eq!(quote("a'b").as_deref(), Some("\"$(printf 'a\\047b')\""));
        assert_eq!(quote("-\u{1b}[%s").as_deref(), Some("\"$(printf '\\055\\033\\133\\045s')\""));
        assert_eq!(quote("a  b").as_deref(), Some("\"$(printf 'a\\040\\040b')\""));
        assert_eq!((quote("a\n"), quote("a\0b")), (None, None));
        assert_eq!(path("-rf").as_deref(), Some("'./-rf'"));
        assert_eq!(member("-a[*].gz").as_deref(), Some("'[-]a[[][*]].gz'"));
    }

    #[test]
    fn ranges_count_from_one_for_tail() {
        assert_eq!(piece("f", &(0..3)), "head -c 3 f");
        assert_eq!(piece("f", &(3..5)), "tail -c +4 f | head -c 2");
        assert_eq!(pieces("f", 9, std::slice::from_ref(&(0..9))), "cat f");
        assert_eq!(pieces("f", 9, &[0..3, 5..9]), "{ head -c 3 f; tail -c +6 f | head -c 4; }");
        assert_eq!(base64url("f", &(0..6)), "{ head -c 6 f; printf '=='; } | tr '_-' '/+' | base64 -d");
    }
}
