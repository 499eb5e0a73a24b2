//! Where in a TOML file of the auditor's something is wrong, said without repeating what stands there: it may be a private key. So neither the
//! source line that `toml` would print nor a long value that its messages quote is ever passed on. Not here: what such a file may say.

use std::fs::{File, Metadata};
use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use crate::crypto::KeyError;
use crate::error::Error;

/// What is wrong, and what to do; where, the caller knows.
pub struct Refusal {
    pub what: String,
    pub hint: String,
}

impl Refusal {
    pub fn new(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { what: what.into(), hint: hint.into() }
    }

    /// The error of a flag or a file without lines.
    pub fn at(self, place: &str) -> Error {
        Error::Usage { what: format!("{place}: {}", self.what), hint: self.hint }
    }
}

impl From<KeyError> for Refusal {
    fn from(error: KeyError) -> Self {
        Self { what: error.what, hint: error.hint }
    }
}

/// The text of a file, and its path.
pub struct Source<'t> {
    pub path: &'t Path,
    pub text: &'t str,
    /// What it is: `trust file`, `profile`.
    pub kind: &'static str,
}

impl Source<'_> {
    /// `FILE:LINE:COLUMN: what`, both counted from 1, columns in characters.
    pub fn refuse(&self, span: Range<usize>, refusal: impl Into<Refusal>) -> Error {
        let refusal = refusal.into();
        Error::Usage { what: format!("{}: {}", self.place(span.start), refusal.what), hint: refusal.hint }
    }

    fn place(&self, byte: usize) -> String {
        let before = self.text.get(..byte).unwrap_or(self.text);
        let line = before.matches('\n').count().saturating_add(1);
        let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()).saturating_add(1);
        format!("{}:{line}:{column}", self.path.display())
    }

    /// What the TOML reader found.
    pub fn refuse_toml(&self, error: &toml::de::Error) -> Error {
        self.refuse(error.span().unwrap_or(0..0), words(error.message(), self.kind))
    }

    /// Where the value of a key stands: names and indexes of items, joined by dots. Where the last of them are not there, the value around them.
    pub fn span_of(&self, key: &str) -> Range<usize> {
        let Ok(document) = DeTable::parse(self.text) else {
            return 0..0;
        };
        let mut steps = key.split('.');
        let first = steps.next().unwrap_or_default();
        let Some(mut value) = document.get_ref().get(first) else {
            return 0..0;
        };
        for step in steps {
            let inner = match value.get_ref() {
                DeValue::Array(items) => step.parse::<usize>().ok().and_then(|index| items.get(index)),
                other => other.get(step),
            };
            let Some(inner) = inner else {
                break;
            };
            value = inner;
        }
        value.span()
    }

    /// A path in the file is relative to the file.
    pub fn beside(&self, file: &str) -> PathBuf {
        self.path.parent().unwrap_or(Path::new("")).join(file)
    }
}

/// A message of the TOML reader or of serde, without the values that it may quote.
fn words(message: &str, kind: &str) -> Refusal {
    let message = message.split('\n').next().unwrap_or_default();
    if let Some((name, expected)) = message.strip_prefix("unknown field `").and_then(|rest| rest.rsplit_once("`, expected ")) {
        return Refusal::new(format!("unknown key {}", shown(name)), format!("expected {expected}"));
    }
    if let Some(name) = message.strip_prefix("missing field ") {
        return Refusal::new(
            format!("expected a key {name}, found none"),
            format!("add it; the documentation of the {kind} has an example of each table"),
        );
    }
    if let Some((name, expected)) = message.strip_prefix("unknown variant `").and_then(|rest| rest.split_once("`, expected ")) {
        return Refusal::new(
            format!("expected {}, found {}", expected.replace('`', "\""), shown(name)),
            "write it exactly so, in lower case or capitals as shown",
        );
    }
    if let Some(name) = message.strip_prefix("unknown check ") {
        return Refusal::new(format!("unknown check {}", shown(name)), "`unbroken explain` lists the checks");
    }
    let wrong = message.strip_prefix("invalid type: ").or_else(|| message.strip_prefix("invalid value: "));
    if let Some((found, expected)) = wrong.and_then(|rest| rest.rsplit_once(", expected ")) {
        let kind = found.split(' ').next().unwrap_or_default();
        return Refusal::new(
            format!("expected {expected}, found another type ({kind})"),
            "text and times stand in quotes; integers and true or false do not",
        );
    }
    let quotes = message.split(|c: char| c.is_whitespace() || matches!(c, '`' | '"' | '\'')).any(|word| word.len() > 24);
    let what = if quotes { "the file is not TOML here" } else { message };
    Refusal::new(format!("not TOML: {what}"), format!("compare with the examples in the documentation of the {kind}"))
}

/// A value in quotes, if it is short enough not to be a key.
pub fn shown(text: &str) -> String {
    if text.len() <= 40 && !text.chars().any(char::is_control) {
        format!("\"{}\"", text.escape_debug())
    } else {
        format!("a text of {} bytes", text.len())
    }
}

/// The text of a file of the auditor's.
pub fn text<'b>(path: &Path, bytes: &'b [u8], kind: &str) -> Result<&'b str, Error> {
    let refusal = |_| Refusal::new(format!("the {kind} is not UTF-8"), "save it as UTF-8 text").at(&path.display().to_string());
    std::str::from_utf8(bytes).map_err(refusal)
}

/// The bytes of a file of the auditor's that should be small.
pub fn contents(path: &Path, doing: &str, limit: u32) -> Result<Vec<u8>, Error> {
    let trouble = |error| Error::io(path, doing, &error);
    let metadata = path.metadata().map_err(trouble)?;
    if !is_readable(&metadata) {
        let what = format!("cannot {doing} {}: it is neither a regular file nor a pipe", path.display());
        return Err(Error::Environment { what, hint: "name a file, or give a pipe that something writes to".to_owned() });
    }
    // Room for everything from the start: no outgrown copy of a secret stays in memory.
    let mut bytes = Vec::with_capacity(usize::try_from(limit).unwrap_or_default().saturating_add(64));
    File::open(path).map_err(trouble)?.take(u64::from(limit).saturating_add(1)).read_to_end(&mut bytes).map_err(trouble)?;
    if u32::try_from(bytes.len()).is_ok_and(|length| length <= limit) {
        return Ok(bytes);
    }
    let what = format!("expected at most {limit} bytes, found more");
    Err(Refusal::new(what, "check that the path names the file you mean").at(&path.display().to_string()))
}

/// A pipe is for what a shell makes of `<(command)`. A terminal or another device would wait for ever, or never end.
fn is_readable(metadata: &Metadata) -> bool {
    #[cfg(unix)]
    let is_pipe = std::os::unix::fs::FileTypeExt::is_fifo(&metadata.file_type());
    #[cfg(not(unix))]
    let is_pipe = false;
    metadata.is_file() || is_pipe
}
