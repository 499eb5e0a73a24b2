//! Indented JSON in which a string can harm nobody who prints the file: controls, bidirectional and invisible characters are `\u` escapes.

use std::io;

use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

use super::super::show::is_unsafe;

/// The document, indented by two, with a final line feed.
pub(in crate::report) fn to_string(document: &impl Serialize) -> String {
    let mut out = Vec::new();
    let written = document.serialize(&mut Serializer::with_formatter(&mut out, Escaping(PrettyFormatter::new())));
    debug_assert!(written.is_ok(), "a Vec takes every byte, and every key is a string");
    out.push(b'\n');
    String::from_utf8(out).unwrap_or_default()
}

/// JSON text on one line, in which a string can harm nobody either. What is unsafe can only stand inside of a string, so that the escape is right.
pub(in crate::report) fn spelt_out(json: &str) -> String {
    let mut out = Vec::new();
    let written = Escaping(PrettyFormatter::new()).write_string_fragment(&mut out, json);
    debug_assert!(written.is_ok(), "a Vec takes every byte");
    String::from_utf8(out).unwrap_or_default()
}

struct Escaping(PrettyFormatter<'static>);

impl Formatter for Escaping {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((plain, c)) = rest.find(is_unsafe).and_then(|at| Some((rest.get(..at)?, rest.get(at..)?.chars().next()?))) {
            writer.write_all(plain.as_bytes())?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = rest.get(plain.len().saturating_add(c.len_utf8())..).unwrap_or_default();
        }
        writer.write_all(rest.as_bytes())
    }

    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}
