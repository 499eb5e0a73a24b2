//! CBOR (RFC 8949) as authenticators write it (CTAP2 section 8): definite lengths, heads in the shortest form, no tags, no map key twice, bounded
//! nesting. The order of map keys is not demanded: real authenticators break it. Not here: what the items mean.

use std::collections::BTreeSet;

use minicbor::Decoder;
use minicbor::data::Type;
use minicbor::decode::Error;

/// Levels of arrays and maps in each other; CTAP2 allows 4.
const MAX_DEPTH: usize = 8;

/// One item, as far as keys are made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item<'b> {
    Bool(bool),
    Bytes(&'b [u8]),
    Integer(i128),
    /// Any other; its encoding.
    Other(&'b [u8]),
}

/// The entries of the map that `bytes` starts with, and its length in bytes. The error says what is wrong, and where.
pub fn map(bytes: &[u8]) -> Result<(Vec<(Item<'_>, Item<'_>)>, usize), String> {
    let mut reader = Reader { bytes, decoder: Decoder::new(bytes) };
    match reader.decoder.datatype().map_err(|_| reader.cut())? {
        Type::Map | Type::MapIndef => {}
        other => return Err(format!("expected a CBOR map, found {other}")),
    }
    let entries = reader.entries(1)?;
    Ok((entries, reader.decoder.position()))
}

struct Reader<'b> {
    bytes: &'b [u8],
    decoder: Decoder<'b>,
}

impl<'b> Reader<'b> {
    fn item(&mut self, depth: usize) -> Result<Item<'b>, String> {
        let start = self.decoder.position();
        let kind = self.decoder.datatype().map_err(|_| self.cut())?;
        match kind {
            Type::U8 | Type::U16 | Type::U32 | Type::U64 | Type::I8 | Type::I16 | Type::I32 | Type::I64 | Type::Int => {
                let number = i128::from(self.decoder.int().map_err(|error| self.bad(&error))?);
                self.shortest(start, if number < 0 { number.saturating_neg().saturating_sub(1) } else { number }, 0)?;
                Ok(Item::Integer(number))
            }
            Type::Bytes => {
                let bytes = self.decoder.bytes().map_err(|error| self.bad(&error))?;
                self.shortest(start, as_number(bytes.len()), bytes.len())?;
                Ok(Item::Bytes(bytes))
            }
            Type::String => {
                let text = self.decoder.str().map_err(|error| self.bad(&error))?;
                self.shortest(start, as_number(text.len()), text.len())?;
                Ok(Item::Other(self.since(start)))
            }
            Type::Bool => self.decoder.bool().map(Item::Bool).map_err(|error| self.bad(&error)),
            Type::Null | Type::F16 | Type::F32 | Type::F64 => {
                self.decoder.skip().map_err(|error| self.bad(&error))?;
                Ok(Item::Other(self.since(start)))
            }
            Type::Array | Type::Map => {
                if kind == Type::Map {
                    self.entries(depth)?;
                } else {
                    self.elements(depth)?;
                }
                Ok(Item::Other(self.since(start)))
            }
            other => Err(format!("expected CBOR as authenticators write it, found {other} at byte {start}")),
        }
    }

    fn elements(&mut self, depth: usize) -> Result<(), String> {
        let start = self.decoder.position();
        let count = self.decoder.array().map_err(|error| self.bad(&error))?;
        let count = self.count(start, count, depth)?;
        (0..count).try_for_each(|_| self.item(depth.saturating_add(1)).map(|_| ()))
    }

    fn entries(&mut self, depth: usize) -> Result<Vec<(Item<'b>, Item<'b>)>, String> {
        let start = self.decoder.position();
        let count = self.decoder.map().map_err(|error| self.bad(&error))?;
        let count = self.count(start, count, depth)?;
        let (mut entries, mut keys) = (Vec::new(), BTreeSet::new());
        for _ in 0..count {
            let start = self.decoder.position();
            let key = self.item(depth.saturating_add(1))?;
            if !keys.insert(self.since(start)) {
                return Err(format!("the CBOR map has one key twice, the second time at byte {start}"));
            }
            entries.push((key, self.item(depth.saturating_add(1))?));
        }
        Ok(entries)
    }

    fn count(&self, start: usize, count: Option<u64>, depth: usize) -> Result<u64, String> {
        if depth > MAX_DEPTH {
            return Err(format!("expected at most {MAX_DEPTH} levels of CBOR, found one more at byte {start}"));
        }
        let count = count.ok_or_else(|| format!("expected CBOR of definite length, found an indefinite one at byte {start}"))?;
        self.shortest(start, i128::from(count), 0)?;
        Ok(count)
    }

    /// Whether the head that starts there holds its number in the shortest form (RFC 8949 section 4.2.1).
    fn shortest(&self, start: usize, number: i128, content: usize) -> Result<(), String> {
        let head = match number {
            ..24 => 1_usize,
            24..256 => 2,
            256..65_536 => 3,
            65_536..4_294_967_296 => 5,
            _ => 9,
        };
        let fits = self.decoder.position().checked_sub(start) == head.checked_add(content);
        if fits { Ok(()) } else { Err(format!("expected a CBOR number in its shortest form, found a longer one at byte {start}")) }
    }

    fn since(&self, start: usize) -> &'b [u8] {
        self.bytes.get(start..self.decoder.position()).unwrap_or_default()
    }

    fn cut(&self) -> String {
        format!("expected a CBOR item at byte {}, found the end", self.decoder.position())
    }

    fn bad(&self, error: &Error) -> String {
        if error.is_end_of_input() {
            self.cut()
        } else {
            format!("expected CBOR as authenticators write it, found another item near byte {}", self.decoder.position())
        }
    }
}

fn as_number(length: usize) -> i128 {
    i128::try_from(length).unwrap_or(i128::MAX)
}
