//! Numbers: ECMAScript's shortest text of a double (RFC 8785, section 3.2.2.3), and whether a text means exactly that double. Not here: the grammar.

/// Digits of an integer that is its own canonical text whatever they are: below 10^15 every integer is a double, and written in full.
const PLAIN_DIGITS: usize = 15;

/// No canonical number is longer: sign, 17 digits, point, `e-324`.
const MAX_CANONICAL: usize = 32;

/// A decimal that is not the value of the shortest text of any double.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Inexact {
    /// This double is the nearest.
    Nearest(f64),
    /// Greater than every double.
    OutOfRange,
}

/// The canonical text of a finite double, at the end of `out`.
pub(super) fn write(out: &mut Vec<u8>, number: f64) {
    out.extend_from_slice(ryu_js::Buffer::new().format(number).as_bytes());
}

/// The double of a text that keeps the number grammar of JSON, if the shortest text of that double means the same decimal.
pub(super) fn exact(text: &str) -> Result<f64, Inexact> {
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite()).ok_or(Inexact::OutOfRange)?;
    if plain(text.as_bytes()) == Some(text.len()) || Decimal::of(text) == Decimal::of(ryu_js::Buffer::new().format(number)) {
        return Ok(number);
    }
    Err(Inexact::Nearest(number))
}

/// The length of the canonical number that `text` starts with; `None` if the number there is written in another form.
#[inline]
pub(super) fn canonical(text: &[u8]) -> Option<usize> {
    plain(text).or_else(|| shortest(text))
}

/// The length of a leading integer that is canonical without further thought.
#[inline]
fn plain(text: &[u8]) -> Option<usize> {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    let count = digits.iter().take(PLAIN_DIGITS.wrapping_add(1)).take_while(|byte| byte.is_ascii_digit()).count();
    let starts = if digits.first() == Some(&b'0') { count == 1 && digits.len() == text.len() } else { (1..=PLAIN_DIGITS).contains(&count) };
    let ends = !matches!(digits.get(count), Some(b'.' | b'e' | b'E' | b'+' | b'-'));
    (starts && ends).then(|| text.len().wrapping_sub(digits.len()).wrapping_add(count))
}

fn shortest(text: &[u8]) -> Option<usize> {
    let number = |byte: &&u8| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E');
    let count = text.iter().take(MAX_CANONICAL.wrapping_add(1)).take_while(number).count();
    let token = str::from_utf8(text.get(..count)?).ok().filter(|_| count <= MAX_CANONICAL)?;
    let value = token.parse::<f64>().ok().filter(|value| value.is_finite())?;
    (ryu_js::Buffer::new().format(value) == token).then_some(count)
}

/// A decimal in its one form: digits without zeros at either end, and the power of ten of the last. Zero has no digits and no sign.
#[derive(PartialEq)]
struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    exponent: i64,
}

impl Decimal {
    fn of(text: &str) -> Self {
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, ""));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let unsigned = whole.strip_prefix('-').unwrap_or(whole);
        let mut digits: Vec<u8> = unsigned.bytes().chain(fraction.bytes()).skip_while(|digit| *digit == b'0').collect();
        let significant = digits.iter().rposition(|digit| *digit != b'0').map_or(0, |last| last.saturating_add(1));
        let zeros = digits.len().saturating_sub(significant);
        digits.truncate(significant);
        if digits.is_empty() {
            return Self { negative: false, digits, exponent: 0 };
        }
        let exponent = power(exponent).saturating_sub(length(fraction.len())).saturating_add(length(zeros));
        Self { negative: unsigned.len() != whole.len(), digits, exponent }
    }
}

/// The value of an exponent. One that does not fit is far beyond every double, so where it saturates does not matter.
fn power(text: &str) -> i64 {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let value = unsigned.bytes().fold(0_i64, |value, digit| value.saturating_mul(10).saturating_add(i64::from(digit & 0x0f)));
    if text.starts_with('-') { value.saturating_neg() } else { value }
}

fn length(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exact_decimal_decides() {
        for good in
            ["0", "-0", "-0.0", "0e999999999999999999999", "1.0", "1e2", "1E+2", "100e-2", "12345678901234567e-16", "5e-324", "1e22", "0.1", "10.10"]
        {
            assert!(exact(good).is_ok(), "{good}");
        }
        assert!(exact("18446744073709552000").is_ok());
        assert!(exact("1.7976931348623157e308").is_ok());
        for bad in ["9007199254740993", "18446744073709551616", "0.1000000000000000055", "1e-400", "0.30000000000000000001", "-9007199254740993"] {
            assert!(matches!(exact(bad), Err(Inexact::Nearest(_))), "{bad}");
        }
        for bad in ["1e400", "-1e400", "1e99999999999999999999999999"] {
            assert_eq!(exact(bad), Err(Inexact::OutOfRange), "{bad}");
        }
    }

    #[test]
    fn only_the_shortest_text_is_canonical() {
        for good in ["0", "-1", "123456789012345", "9007199254740993000", "1e+21", "1.5", "1e-7", "0.000001", "9007199254740992"] {
            assert_eq!(canonical(good.as_bytes()), Some(good.len()), "{good}");
            assert_eq!(canonical(format!("{good},").as_bytes()), Some(good.len()), "{good}");
        }
        for bad in
            ["-0", "00", "01", "1.0", "1e2", "1E+21", "1e21", "0.0000001", "9007199254740993", "-", "1.", "1e", "+1", ".5", "--1", "1-", "1e+400"]
        {
            assert_eq!(canonical(bad.as_bytes()), None, "{bad}");
        }
    }
}
