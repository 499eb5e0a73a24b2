//! The forms of single values on the command line. An error is one sentence: what was expected; clap adds what was found and where.

use std::path::PathBuf;
use std::str::FromStr;

use clap::ValueEnum;
use clap::builder::{EnumValueParser, PossibleValue, TypedValueParser};

use crate::finding::CheckId;
use crate::time::Time;

/// The forms of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For reading
    Text,
    /// For programs: one document; `unbroken schema` prints its schema
    Json,
    /// For CI servers: JUnit XML, where whatever has another exit code than 0 is red
    Junit,
}

/// The forms of what `inspect` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum InspectionFormat {
    /// For reading
    Text,
    /// For programs: unbroken-inspection/1, see `unbroken schema inspection`
    Json,
}

/// The forms of a list of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum EventsFormat {
    /// For reading
    Table,
    /// For spreadsheets: RFC 4180, formulas made harmless
    Csv,
    /// For programs: one document, unbroken-events/1, see `unbroken schema events`
    Json,
    /// For programs: one object a line, the events alone
    Ndjson,
}

impl Format {
    fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Junit => "junit",
            Self::Text => "text",
        }
    }
}

/// `FORMAT=FILE`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReportTarget {
    pub format: Format,
    pub path: PathBuf,
}

impl FromStr for ReportTarget {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let names: Vec<_> = Format::value_variants().iter().map(|format| format.name()).collect();
        let names = names.join(", ");
        let (name, path) = text.split_once('=').ok_or_else(|| format!("expected FORMAT=FILE, FORMAT being one of: {names}"))?;
        let format = Format::from_str(name, false).map_err(|_| format!("expected a format ({names}) before the `=`, found `{name}`"))?;
        if path.is_empty() {
            return Err("expected a file name behind the `=`, found nothing".to_owned());
        }
        Ok(Self { format, path: path.into() })
    }
}

impl ValueEnum for CheckId {
    fn value_variants<'a>() -> &'a [Self] {
        Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.id()).help(self.what()))
    }
}

/// A check that `--skip` may name: one reading of the container and readable events are what all others stand on.
pub(super) fn skippable() -> impl TypedValueParser<Value = CheckId> {
    EnumValueParser::<CheckId>::new().try_map(|check| match check {
        CheckId::ContainerStructure | CheckId::EventReadable => Err(format!("{check} cannot be skipped: without it no other check means anything")),
        other => Ok(other),
    })
}

/// A time in the one form that the format allows; a plain day is its first instant, UTC.
pub(super) fn time(text: &str) -> Result<Time, String> {
    let day = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let whole = if day { format!("{text}T00:00:00Z") } else { text.to_owned() };
    let expected = "expected a day like 2026-10-01 (its first instant, UTC), or a time with its zone, like 2026-10-01T02:00:00+02:00";
    whole.parse().map_err(|_| expected.to_owned())
}

/// Bytes: an integer above 0, then nothing, K, M or G (1024, 1024², 1024³).
pub(super) fn size(text: &str) -> Result<u64, String> {
    let expected = || "expected a number of bytes above 0, like 1048576, 512K, 64M or 2G".to_owned();
    let (digits, shift) = match text.char_indices().last().ok_or_else(expected)? {
        (at, 'K' | 'k') => (text.get(..at), 10),
        (at, 'M' | 'm') => (text.get(..at), 20),
        (at, 'G' | 'g') => (text.get(..at), 30),
        _ => (Some(text), 0),
    };
    let digits = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit())).ok_or_else(expected)?;
    let number: u64 = digits.parse().map_err(|_| expected())?;
    let bytes = number.checked_mul(1 << shift).ok_or_else(|| format!("expected at most {} bytes", u64::MAX))?;
    if bytes == 0 { Err(expected()) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_one_reading() {
        for (text, bytes) in [("1", 1), ("512K", 524_288), ("64m", 67_108_864), ("2G", 2_147_483_648), ("18446744073709551615", u64::MAX)] {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for bad in ["", "0", "0G", "K", "+1", "-1", "1.5G", "1 G", "1KB", "1T", "18446744073709551616", "18446744073709551615K", "1é", "é"] {
            assert!(size(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_day_is_its_first_instant() {
        assert_eq!(time("2026-10-01"), time("2026-10-01T00:00:00Z"));
        assert_eq!(time("2026-10-01"), time("2026-10-01T02:00:00+02:00"));
        for bad in ["", "2026-10", "2026-13-01", "2026-10-1", "2026-1-001", "20261001", "2026-10-01T00:00:00", "01-10-2026", "2026-10-01 "] {
            assert!(time(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_report_has_a_format_and_a_file() {
        let target = |text: &str| text.parse::<ReportTarget>();
        assert_eq!(target("json=a=b.json"), Ok(ReportTarget { format: Format::Json, path: "a=b.json".into() }));
        for bad in ["json", "json=", "=a", "JSON=a", "pdf=a"] {
            assert!(target(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn names_of_formats_are_what_clap_reads() {
        for format in Format::value_variants() {
            assert_eq!(Format::from_str(format.name(), false), Ok(*format));
        }
    }
}
