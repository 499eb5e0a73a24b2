//! What a file of an export is, told by its first bytes, never by its name. Not here: whether it is well formed to its end.

use std::io::Read as _;

use super::extent::{Extent, is_space};
use super::item::{Item, Stored};
use super::text::as_u64;
use super::{Form, Limits};
use crate::bundle::fault::ReadFault;
use crate::bundle::flow::{Flow, Tap};
use crate::bundle::gzip::{Flaw, GzipFault};
use crate::bundle::table::is_utf16;
use crate::error::Error;

/// Bytes looked at where not the whole first value is needed.
const HEAD: usize = 64 * 1024;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The form, and whether it is packed.
pub(super) fn recognise(item: &Item, limits: &Limits) -> Result<(Form, bool), Error> {
    let (mut stored, mut mark) = (item.stored()?, Vec::new());
    (&mut stored).take(2).read_to_end(&mut mark).map_err(as_error)?;
    stored.seek(0);
    let gzip = mark == b"\x1f\x8b";
    let mut pieces = Pieces::of(&item.name, stored, gzip, limits);
    // there may be thousands of small files
    let most = if gzip { HEAD } else { usize::try_from(item.length()).unwrap_or(usize::MAX).min(HEAD) };
    let mut head = vec![0; most];
    let length = pieces.fill(&mut head)?;
    head.truncate(length);
    let start = head.iter().position(|byte| !is_space(*byte));
    let form = match start.and_then(|start| head.get(start..)) {
        Some([b'[', ..]) => Form::Array,
        Some([b'{', ..]) => object_or_lines(&head, pieces, || Ok(Pieces::of(&item.name, item.stored()?, gzip, limits)))?,
        _ => table_or_nothing(&head, item, pieces.flaw.as_ref())?,
    };
    Ok((form, gzip))
}

/// A file's bytes; a damaged one ends where the damage is, and says so when it is read for its events.
struct Pieces<'i> {
    flow: Flow<Stored<'i>>,
    flaw: Option<Flaw>,
}

impl<'i> Pieces<'i> {
    fn of(name: &str, stored: Stored<'i>, gzip: bool, limits: &Limits) -> Self {
        Self { flow: Flow::new(name, Tap::undigested(stored), gzip, limits), flaw: None }
    }

    fn read(&mut self, out: &mut [u8]) -> Result<usize, Error> {
        if self.flaw.is_some() {
            return Ok(0);
        }
        match self.flow.read(out) {
            Ok(length) => Ok(length),
            Err(GzipFault::Flaw(flaw)) => {
                self.flaw = Some(flaw);
                Ok(0)
            }
            Err(GzipFault::Read(ReadFault::Error(error))) => Err(error),
            Err(GzipFault::Read(ReadFault::Finding(finding))) => Err(Error::Internal(finding.message)),
        }
    }

    fn fill(&mut self, out: &mut [u8]) -> Result<usize, Error> {
        let mut filled = 0_usize;
        while let Some(free) = out.get_mut(filled..).filter(|free| !free.is_empty())
            && self.flaw.is_none()
        {
            match self.read(free)? {
                0 => break,
                length => filled = filled.saturating_add(length),
            }
        }
        Ok(filled)
    }
}

/// One object in the file, on however many lines; or one a line. Only the first line and the start of the second tell: an object that goes on behind a
/// line end is one object, unless the next line starts with `{` where no object can start. Then the first line is a broken one of several.
///
/// `head` is what was read of the file, `rest` what follows; `again` starts anew.
fn object_or_lines<'i>(head: &[u8], mut rest: Pieces<'i>, again: impl FnOnce() -> Result<Pieces<'i>, Error>) -> Result<Form, Error> {
    let Some(second) = Second::find(head, &mut rest)? else { return Ok(Form::Object) };
    let first = usize::try_from(second.line_end).ok().and_then(|end| head.get(..end));
    let ends = match first {
        Some(line) => Extent::new(b'{').end(line).is_some(),
        // Most long first lines have no second: so one is read again only here.
        None => ends_within(again()?, second.line_end)?,
    };
    let broken = second.first == b'{' && !matches!(second.before, b':' | b'[' | b',');
    Ok(if ends || broken { Form::Lines } else { Form::Object })
}

/// Whether the object that a file starts with ends in its first `left` bytes.
fn ends_within(mut pieces: Pieces<'_>, mut left: u64) -> Result<bool, Error> {
    let (mut bytes, mut extent) = (vec![0; HEAD], Extent::new(b'{'));
    while left > 0 {
        let length = pieces.read(&mut bytes)?;
        let line = bytes.get(..length.min(usize::try_from(left).unwrap_or(usize::MAX))).unwrap_or_default();
        left = left.saturating_sub(as_u64(line.len()));
        if line.is_empty() || extent.end(line).is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What stands around the end of the first line that is not blank.
struct Second {
    /// Offset of that end.
    line_end: u64,
    /// The last byte before it that is no white space.
    before: u8,
    /// The first behind it.
    first: u8,
}

/// The way to it.
#[derive(Default)]
struct Search {
    at: u64,
    before: Option<u8>,
    line_end: Option<u64>,
}

impl Second {
    fn find(head: &[u8], rest: &mut Pieces<'_>) -> Result<Option<Self>, Error> {
        let mut search = Search::default();
        let mut found = search.go_on(head);
        let mut bytes = Vec::new();
        while found.is_none() {
            bytes.resize(HEAD, 0);
            let length = rest.read(&mut bytes)?;
            if length == 0 {
                break;
            }
            found = search.go_on(bytes.get(..length).unwrap_or_default());
        }
        Ok(found)
    }
}

impl Search {
    fn go_on(&mut self, mut rest: &[u8]) -> Option<Second> {
        while self.line_end.is_none() && !rest.is_empty() {
            let line = memchr::memchr(b'\n', rest);
            let (text, behind) = rest.split_at_checked(line.unwrap_or(rest.len())).unwrap_or_default();
            self.before = text.iter().rev().find(|byte| !is_space(**byte)).copied().or(self.before);
            self.at = self.at.saturating_add(as_u64(text.len()));
            self.line_end = self.before.filter(|_| line.is_some()).map(|_| self.at);
            self.at = self.at.saturating_add(u64::from(line.is_some()));
            rest = behind.get(1..).unwrap_or_default();
        }
        let line_end = self.line_end?;
        let first = rest.iter().find(|byte| !is_space(**byte))?;
        Some(Second { line_end, before: self.before?, first: *first })
    }
}

fn table_or_nothing(head: &[u8], item: &Item, flaw: Option<&Flaw>) -> Result<Form, Error> {
    let text = head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(head);
    let start = text.iter().find(|byte| !is_space(**byte));
    let again = "export or copy it again";
    let (what, hint) = match (head, start) {
        _ if flaw.is_some() && head.is_empty() => ("a damaged gzip file, of which nothing can be unpacked".to_owned(), again),
        (head, _) if matches!(head, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) || is_utf16(head) => {
            ("text in UTF-16, not in UTF-8".to_owned(), "export it as UTF-8")
        }
        ([b'P', b'K', ..], _) => ("a zip archive, which is a bundle and not a file of a raw export".to_owned(), "name it in a command of its own"),
        ([0x1f, 0x8b, ..], _) => ("gzip inside gzip".to_owned(), "unpack it once"),
        (head, _) if head.get(257..262) == Some(b"ustar") => ("a tar archive".to_owned(), "unpack it, and give the files"),
        (_, None) => ("empty".to_owned(), again),
        (_, Some(b'{' | b'[')) => ("JSON with a byte order mark (U+FEFF) before it".to_owned(), "export it as UTF-8 without a byte order mark"),
        (head, _) if is_binary(head) => ("no text in UTF-8".to_owned(), "give the export as JSON or CSV"),
        _ if is_header(text) => return Ok(Form::Table),
        _ => ("neither JSON nor a table (CSV)".to_owned(), "give the export as the source wrote it"),
    };
    Err(Error::Environment { what: format!("{} is {what}", item.name), hint: hint.to_owned() })
}

/// A character may be cut at the end of the head. A NUL is one too (U+0000), in any row but the one that names the columns.
fn is_binary(head: &[u8]) -> bool {
    let first = head.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
    first.contains(&0) || str::from_utf8(head).is_err_and(|error| error.error_len().is_some())
}

/// Whether the first row can be the names of columns: several cells, none of them JSON.
fn is_header(text: &[u8]) -> bool {
    let line = text.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
    line.contains(&b',') && !line.iter().any(|byte| matches!(byte, b'{' | b'}' | b'[' | b']' | b':'))
}

/// An item's error carries one of ours.
pub(super) fn as_error(error: std::io::Error) -> Error {
    match ReadFault::from_io(error) {
        ReadFault::Error(error) => error,
        ReadFault::Finding(finding) => Error::Internal(finding.message),
    }
}
