//! Times as the format allows them: `YYYY-MM-DDThh:mm:ss[.d{1,9}](Z|±hh:mm)` (RFC 3339, upper case, no leap second), compared as instants.

use std::fmt;
use std::str::FromStr;

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

/// An instant, with nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(jiff::Timestamp);

impl Time {
    /// The month in UTC, `2026-10`: the epoch of a MAC key.
    pub fn month(self) -> String {
        let date = TimeZone::UTC.to_datetime(self.0);
        format!("{:04}-{:02}", date.year(), date.month())
    }

    /// So many seconds after 1970-01-01T00:00:00Z (RFC 7519, NumericDate); `None` beyond the year 9999.
    pub fn from_unix_seconds(seconds: i64) -> Option<Self> {
        jiff::Timestamp::from_second(seconds).ok().map(Self)
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// The text is not a time in the form that the format allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotATime;

impl FromStr for Time {
    type Err = NotATime;

    fn from_str(text: &str) -> Result<Self, NotATime> {
        parse(text.as_bytes()).ok_or(NotATime)
    }
}

fn parse(text: &[u8]) -> Option<Time> {
    let (date_time, rest) = text.split_at_checked(19)?;
    let [y1, y2, y3, y4, b'-', mo1, mo2, b'-', d1, d2, b'T', h1, h2, b':', mi1, mi2, b':', s1, s2] = date_time else {
        return None;
    };
    let year = number(&[*y1, *y2, *y3, *y4])?;
    let pair = |high: &u8, low: &u8| number(&[*high, *low]).and_then(|n| i8::try_from(n).ok());
    let (nanosecond, zone) = fraction(rest)?;
    let civil = DateTime::new(
        i16::try_from(year).ok()?,
        pair(mo1, mo2)?,
        pair(d1, d2)?,
        pair(h1, h2)?,
        pair(mi1, mi2)?,
        pair(s1, s2)?,
        i32::try_from(nanosecond).ok()?,
    )
    .ok()?;
    offset(zone)?.to_timestamp(civil).ok().map(Time)
}

/// The fraction in nanoseconds, and what stands behind it.
fn fraction(rest: &[u8]) -> Option<(u32, &[u8])> {
    let Some((b'.', tail)) = rest.split_first() else {
        return Some((0, rest));
    };
    let digits = tail.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, zone) = tail.split_at_checked(digits)?;
    let scale = 9_usize.checked_sub(digits.len()).filter(|_| !digits.is_empty())?;
    let nanosecond = number(digits)?.checked_mul(10_u32.checked_pow(u32::try_from(scale).ok()?)?)?;
    Some((nanosecond, zone))
}

fn offset(zone: &[u8]) -> Option<Offset> {
    let (sign, hours, minutes) = match zone {
        b"Z" => return Some(Offset::UTC),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => (*sign, number(&[*h1, *h2])?, number(&[*m1, *m2])?),
        _ => return None,
    };
    if hours > 23 || minutes > 59 {
        return None;
    }
    let seconds = i32::try_from(hours.checked_mul(3600)?.checked_add(minutes.checked_mul(60)?)?).ok()?;
    Offset::from_seconds(if sign == b'-' { seconds.checked_neg()? } else { seconds }).ok()
}

fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0_u32, |value, digit| {
        let digit = digit.checked_sub(b'0').filter(|digit| *digit < 10)?;
        value.checked_mul(10)?.checked_add(u32::from(digit))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_one_shape_is_a_time() {
        for good in ["2026-10-01T00:00:00Z", "2026-10-01T00:00:00.5Z", "2026-10-01T00:00:00.123456789+14:00", "2024-02-29T23:59:59-00:30"] {
            assert!(good.parse::<Time>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "2026-10-01",
            "2026-10-01T00:00:00",
            "2026-10-01t00:00:00Z",
            "2026-10-01T00:00:00z",
            "2026-10-01 00:00:00Z",
            "2026-10-01T00:00Z",
            "2026-10-01T00:00:60Z",
            "2026-10-01T24:00:00Z",
            "2025-02-29T00:00:00Z",
            "2026-10-01T00:00:00,5Z",
            "2026-10-01T00:00:00.Z",
            "2026-10-01T00:00:00.1234567890Z",
            "20261001T000000Z",
            "2026-10-01T00:00:00+24:00",
            "2026-10-01T00:00:00+01:60",
            "2026-10-01T00:00:00+0100",
            "2026-10-01T00:00:00Z[Europe/Paris]",
            "+2026-10-01T00:00:00Z",
            "2026-10-01T00:00:00Z ",
        ] {
            assert_eq!(bad.parse::<Time>(), Err(NotATime), "{bad}");
        }
    }

    #[test]
    fn times_compare_as_instants() {
        let parse = |text: &str| text.parse::<Time>().expect(text);
        assert_eq!(parse("2026-10-01T02:00:00+02:00"), parse("2026-10-01T00:00:00.000Z"));
        assert!(parse("2026-10-01T00:00:00.000000001Z") > parse("2026-10-01T00:00:00Z"));
        assert_eq!(parse("2026-11-01T00:30:00+01:00").month(), "2026-10");
    }
}
