//! A saved answer of the source's own server to "verify the chain": read strictly. What it is worth, [`super::finish`] compares; here nothing is
//! believed.

use std::path::Path;

use crate::check::Answered;
use crate::digest::Digest;
use crate::error::Error;
use crate::json::{self, Value};
use crate::place::{self, Refusal};
use crate::time::Time;

const FILE_LIMIT: u32 = 1 << 20;
const HINT: &str = "give the server's answer as it was saved, a JSON object with `entries_checked` and `valid`, or with `verification`";

/// What the server says of its log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The file, as given.
    pub path: String,
    /// The time that it is about.
    pub period: Answered,
    /// The same as stated: from, to.
    pub stated: (Option<String>, Option<String>),
    /// Entries that it verified.
    pub entries: u64,
    /// The first entry's own hash.
    pub first: Option<Digest>,
    /// The last entry's own hash.
    pub last: Option<Digest>,
    /// The entry at which it found the chain broken.
    pub broken_at: Option<String>,
    /// Whether it says that the chain holds.
    pub valid: bool,
    /// When it verified last.
    pub verified: Option<Time>,
    /// What it says of itself beside that (`status`).
    pub status: Option<String>,
}

impl Answer {
    /// Reads the file. What it holds beside an answer in one of the two forms is an [`Error::Usage`].
    pub fn read(path: &Path) -> Result<Self, Error> {
        let bytes = place::contents(path, "read the server's answer", FILE_LIMIT)?;
        let name = path.display().to_string();
        Self::parse(&name, &bytes).map_err(|what| Refusal::new(what, HINT).at(&name))
    }

    /// Reads the text; `path` is what reports call it. An error is one sentence.
    pub fn parse(path: &str, text: &[u8]) -> Result<Self, String> {
        let value = json::parse(text).map_err(|flaw| format!("not strict JSON at byte {}: {}", flaw.byte, flaw.message))?;
        match value.member("verification") {
            Some(verification) => {
                Members::of(&value, "the answer", &["verification"])?;
                summary(path, &Members::of(verification, "`verification`", &SUMMARY)?)
            }
            None => flat(path, &Members::of(&value, "the answer", &FLAT)?),
        }
    }
}

const FLAT: [&str; 7] = ["from", "to", "entries_checked", "first_entry_hash", "last_entry_hash", "broken_at", "valid"];
const SUMMARY: [&str; 5] = ["status", "period", "entries_verified", "hash_chain_valid", "last_verified"];

fn flat(path: &str, members: &Members<'_>) -> Result<Answer, String> {
    let (from, to) = (members.text("from")?, members.text("to")?);
    Ok(Answer {
        path: path.to_owned(),
        period: period(from.as_deref(), to.as_deref())?,
        stated: (from, to),
        entries: members.count("entries_checked")?,
        first: members.digest("first_entry_hash")?,
        last: members.digest("last_entry_hash")?,
        broken_at: members.text("broken_at")?,
        valid: members.truth("valid")?,
        verified: None,
        status: None,
    })
}

fn summary(path: &str, members: &Members<'_>) -> Result<Answer, String> {
    let period_value = members.value("period").ok_or("expected a member `period`, found none")?;
    let bounds = Members::of(period_value, "`period`", &["from", "to"])?;
    let (from, to) = (bounds.text("from")?, bounds.text("to")?);
    let verified = members.text("last_verified")?;
    let verified = verified.map(|text| text.parse().map_err(|_| wrong("last_verified", "a time", &format!("\"{text}\"")))).transpose()?;
    Ok(Answer {
        path: path.to_owned(),
        period: period(from.as_deref(), to.as_deref())?,
        stated: (from, to),
        entries: members.count("entries_verified")?,
        first: None,
        last: None,
        broken_at: None,
        valid: members.truth("hash_chain_valid")?,
        verified,
        status: members.text("status")?,
    })
}

/// Times, or days in UTC.
fn period(from: Option<&str>, to: Option<&str>) -> Result<Answered, String> {
    let instant = |name: &str, text: &str| {
        let day = format!("{text}T00:00:00Z");
        let expected = "a time, YYYY-MM-DDThh:mm:ss[.d{1,9}](Z|±hh:mm), or a day";
        text.parse::<Time>().or_else(|_| day.parse()).map_err(|_| wrong(name, expected, &format!("\"{text}\"")))
    };
    let (start, end) = (from.map(|text| instant("from", text)).transpose()?, to.map(|text| instant("to", text)).transpose()?);
    let day = to.and_then(|text| format!("{text}T23:59:59.999999999Z").parse().ok());
    Ok(Answered { from: start, to: end, day })
}

fn wrong(name: &str, expected: &str, found: &str) -> String {
    format!("expected {expected} as `{name}`, found {found}")
}

/// The members of an object; null is as good as none.
struct Members<'v>(&'v [(String, Value)]);

impl<'v> Members<'v> {
    fn of(value: &'v Value, what: &str, known: &[&str]) -> Result<Self, String> {
        let Value::Object(members) = value else {
            return Err(format!("expected an object as {what}, found {}", value.kind()));
        };
        match members.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            Some((name, _)) => Err(format!("expected the members {} in {what}, found {}", known.join(", "), place::shown(name))),
            None => Ok(Self(members)),
        }
    }

    fn value(&self, name: &str) -> Option<&'v Value> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value).filter(|value| **value != Value::Null)
    }

    fn text(&self, name: &str) -> Result<Option<String>, String> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) if (1..=256).contains(&text.len()) => Ok(Some(text.clone())),
            Some(other) => Err(wrong(name, "a string of 1 to 256 bytes", other.kind())),
        }
    }

    fn digest(&self, name: &str) -> Result<Option<Digest>, String> {
        let read = |text: String| text.parse().map_err(|_| wrong(name, "sha256: and 64 lower-case hex digits", &place::shown(&text)));
        self.text(name)?.map(read).transpose()
    }

    fn truth(&self, name: &str) -> Result<bool, String> {
        match self.value(name) {
            Some(Value::Bool(truth)) => Ok(*truth),
            other => Err(wrong(name, "true or false", other.map_or("none", Value::kind))),
        }
    }

    fn count(&self, name: &str) -> Result<u64, String> {
        match self.value(name) {
            Some(Value::Number(_, text)) => text.parse().map_err(|_| wrong(name, "an integer from 0", text)),
            other => Err(wrong(name, "an integer from 0", other.map_or("none", Value::kind))),
        }
    }
}
