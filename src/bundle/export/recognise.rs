//! What a file of an export is, told by its first bytes, never by its name. Not here: whether it is well formed to its end.

use std::io::Read as _;

use super::extent::{Extent, is_space};
use super::item::{Item, Stored};
use super::{Form, Limits};
use crate::bundle::fault::ReadFault;
use crate::bundle::flow::{Flow, Tap};
use crate::bundle::gzip::{Flaw, GzipFault};
use crate::error::Error;

/// Bytes looked at where not the whole first value is needed.
const HEAD: usize = 64 * 1024;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The form, and whether it is packed.
pub(super) fn recognise(item: &Item, limits: &Limits) -> Result<(Form, bool), Error> {
    let mut mark = Vec::new();
    item.stored()?.take(2).read_to_end(&mut mark).map_err(as_error)?;
    let gzip = mark == b"\x1f\x8b";
    let mut pieces = Pieces { flow: Flow::new(Tap::undigested(item.stored()?), gzip, limits), flaw: None };
    let mut head = vec![0; HEAD];
    let length = pieces.fill(&mut head)?;
    head.truncate(length);
    let start = head.iter().position(|byte| !is_space(*byte));
    let form = match start.and_then(|start| head.get(start..)) {
        Some([b'[', ..]) => Form::Array,
        Some(object @ [b'{', ..]) => object_or_lines(object, &mut pieces)?,
        _ => table_or_nothing(&head, item, pieces.flaw.as_ref())?,
    };
    Ok((form, gzip))
}

/// A file's bytes; a damaged one ends where the damage is, and says so when it is read for its events.
struct Pieces<'i> {
    flow: Flow<Stored<'i>>,
    flaw: Option<Flaw>,
}

impl Pieces<'_> {
    fn read(&mut self, out: &mut [u8]) -> Result<usize, Error> {
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

/// One object in the file, on however many lines; or one a line. An object that goes on behind a line end is one object, unless the next line starts
/// with `{` where no object can start: then the first line is a broken one of several.
fn object_or_lines(head: &[u8], pieces: &mut Pieces<'_>) -> Result<Form, Error> {
    let mut seen = Seen::default();
    let mut form = seen.see(head);
    let mut bytes = vec![0; HEAD];
    while form.is_none() {
        let length = if pieces.flaw.is_some() { 0 } else { pieces.read(&mut bytes)? };
        if length == 0 {
            break;
        }
        form = seen.see(bytes.get(..length).unwrap_or_default());
    }
    Ok(form.unwrap_or(Form::Object))
}

/// What was seen of a file that starts with an object.
#[derive(Default)]
struct Seen {
    extent: Option<Extent>,
    ended: bool,
    /// In the value, behind the first line end: what stood before that.
    line_end: Option<u8>,
    last: u8,
    many_lines: bool,
}

impl Seen {
    fn see(&mut self, bytes: &[u8]) -> Option<Form> {
        let mut rest = bytes;
        while !self.ended && !rest.is_empty() {
            if self.many_lines {
                let extent = self.extent.get_or_insert(Extent::new(b'{'));
                let end = extent.end(rest)?;
                self.ended = true;
                rest = rest.get(end..).unwrap_or_default();
                break;
            }
            rest = self.see_line(rest)?;
            if self.many_lines && self.line_end.take().is_some() {
                return Some(Form::Lines);
            }
        }
        let something_follows = self.ended && rest.iter().any(|byte| !is_space(*byte));
        match (something_follows, self.many_lines) {
            (false, _) => None,
            (true, true) => Some(Form::Object),
            (true, false) => Some(Form::Lines),
        }
    }

    /// Goes on through the first line of the value, and to the first byte of the next. What is left; `None` where all was seen.
    fn see_line<'b>(&mut self, bytes: &'b [u8]) -> Option<&'b [u8]> {
        if let Some(before) = self.line_end {
            let start = bytes.iter().position(|byte| !is_space(*byte))?;
            let rest = bytes.get(start..)?;
            self.many_lines = true;
            self.line_end = (rest.first() == Some(&b'{') && !matches!(before, b':' | b'[' | b',')).then_some(before);
            return Some(rest);
        }
        let line = memchr::memchr(b'\n', bytes).map_or(bytes, |end| bytes.get(..end).unwrap_or_default());
        if let Some(end) = self.extent.get_or_insert(Extent::new(b'{')).end(line) {
            self.ended = true;
            return bytes.get(end..);
        }
        self.last = line.iter().rev().find(|byte| !is_space(**byte)).copied().unwrap_or(self.last);
        let rest = bytes.get(line.len()..).filter(|rest| !rest.is_empty())?;
        self.line_end = Some(self.last);
        Some(rest)
    }
}

fn table_or_nothing(head: &[u8], item: &Item, flaw: Option<&Flaw>) -> Result<Form, Error> {
    let text = head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(head);
    let start = text.iter().find(|byte| !is_space(**byte));
    let again = "export or copy it again";
    let (what, hint) = match (head, start) {
        _ if flaw.is_some() && head.is_empty() => ("a damaged gzip file, of which nothing can be unpacked".to_owned(), again),
        ([0xff, 0xfe, ..] | [0xfe, 0xff, ..], _) => ("text in UTF-16, not in UTF-8".to_owned(), "export it as UTF-8"),
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

/// A character may be cut at the end of the head.
fn is_binary(head: &[u8]) -> bool {
    head.contains(&0) || str::from_utf8(head).is_err_and(|error| error.error_len().is_some())
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
