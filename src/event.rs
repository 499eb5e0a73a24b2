//! One record of an events file, read once: its canonical bytes, the fields of its profile, and the digests that the chain is made of. An [`Event`]
//! exists only for a record that is strict JSON. Not here: whether anything it says is true.

mod hashes;
mod layout;
mod members;
mod shape;
mod values;

use std::borrow::Cow;

use crate::digest::Digest;
use crate::json::{self, Flaw, Spans, Tidy};
use crate::profile::FirstLink;
use crate::time::Time;

use self::layout::ChainSlots;
pub use self::layout::Layout;
pub use self::members::{Covering, Found, Passkey, Token};
use self::values::{sequence, tenant, text, time};

/// Reads lines; keeps its buffers from one to the next.
#[derive(Debug, Default)]
pub struct Reader {
    spans: Spans,
    canonical: Vec<u8>,
    tidy: Tidy,
}

/// What became of one line.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "one stands on the stack at a time, and nearly all are events")]
pub enum Record<'r> {
    /// Strict JSON, an object.
    Event(Event<'r>),
    /// Not strict JSON, or no object.
    Unreadable(Flaw),
}

/// One event. Fields that are missing or have a wrong form are `None`, and [`Event::field_faults`] names them.
#[derive(Debug)]
pub struct Event<'r> {
    layout: &'r Layout,
    spans: &'r Spans,
    canonical: &'r [u8],
    /// The bytes as they stand in the file.
    raw: &'r [u8],
    /// The first byte at which the line differs from its canonical form.
    pub deviation: Option<usize>,
    /// The id.
    pub id: Option<Cow<'r, str>>,
    /// The time.
    pub time: Option<Time>,
    /// The tenant.
    pub tenant: Option<Cow<'r, str>>,
    /// The sequence number.
    pub sequence: Option<u64>,
    /// The hash of the event before, as stated.
    pub link: Option<Digest>,
    /// The HMAC; 32 bytes.
    pub mac_tag: Option<[u8; 32]>,
    /// The signature, as its algorithm takes it.
    pub signature_bytes: Option<Vec<u8>>,
    /// What is wrong with fields that the profile needs, and with proofs that are there.
    pub field_faults: Vec<FieldFault>,
}

/// A field that is missing or has a wrong form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFault {
    /// Its JSON Pointer.
    pub pointer: String,
    /// What is expected there.
    pub expected: String,
    /// What stands there; `None` where nothing does.
    pub found: Option<String>,
}

impl Reader {
    /// Reads one line (without its LF).
    pub fn read<'r>(&'r mut self, line: &'r [u8], layout: &'r Layout) -> Record<'r> {
        let Self { spans, canonical, tidy } = self;
        if json::is_canonical(line, &layout.wanted, spans) {
            return Record::Event(Event::new(layout, spans, (line, line), None));
        }
        // most sources only have another order of members; nothing is taken for canonical that the scan did not find so
        if tidy.write(line, canonical).is_none() || !json::is_canonical(canonical, &layout.wanted, spans) {
            let value = match json::parse(line) {
                Ok(value @ json::Value::Object(_)) => value,
                Ok(_) => return Record::Unreadable(not_an_object()),
                Err(flaw) => return Record::Unreadable(flaw),
            };
            *canonical = value.canonical();
            if let Err(byte) = json::scan(canonical, &layout.wanted, spans) {
                return Record::Unreadable(no_canonical_form(byte));
            }
        }
        let deviation = line.iter().zip(canonical.iter()).position(|(found, expected)| found != expected);
        let deviation = deviation.unwrap_or_else(|| line.len().min(canonical.len()));
        Record::Event(Event::new(layout, spans, (canonical, line.trim_ascii()), Some(deviation)))
    }
}

fn no_canonical_form(byte: usize) -> Flaw {
    Flaw { kind: json::FlawKind::Malformed, byte, message: "expected one canonical form, found a text that has none".to_owned() }
}

fn not_an_object() -> Flaw {
    Flaw { kind: json::FlawKind::Malformed, byte: 0, message: "expected an object, found another JSON value".to_owned() }
}

impl<'r> Event<'r> {
    fn new(layout: &'r Layout, spans: &'r Spans, (canonical, raw): (&'r [u8], &'r [u8]), deviation: Option<usize>) -> Self {
        let mut event = Self {
            layout,
            spans,
            canonical,
            raw,
            deviation,
            id: None,
            time: None,
            tenant: None,
            sequence: None,
            link: None,
            mac_tag: None,
            signature_bytes: None,
            field_faults: Vec::new(),
        };
        event.id = event.field(layout.id, "a string that is not empty", text);
        event.time = event.field(layout.time, "a time, YYYY-MM-DDThh:mm:ss[.d{1,9}](Z|±hh:mm)", time);
        event.tenant = layout.tenant.and_then(|slot| event.field(slot, "1 to 64 of the characters A-Z a-z 0-9 . _ -", tenant));
        for slot in &layout.texts {
            event.field(*slot, "a string that is not empty", text);
        }
        event.read_shape();
        if let Some(chain) = &layout.chain {
            event.read_chain(chain);
        }
        event.read_proofs();
        event
    }

    fn read_chain(&mut self, chain: &'r ChainSlots) {
        let (link, own) = &chain.expected;
        self.link = match (&chain.rule.first, self.text(chain.link)) {
            (FirstLink::Absent, None) => chain.rule.start(),
            _ => self.field(chain.link, link, |text| chain.rule.read_link(text)),
        };
        self.sequence = chain.sequence.and_then(|slot| self.field(slot, "an integer from 1 to 2^53-1", sequence));
        if let Some(slot) = chain.own {
            self.field(slot, own, |text| chain.rule.text.digest(&json::string(text)?));
        }
    }

    /// A proof that is not there is no fault of the form: whether it must be there, the manifest says.
    fn read_proofs(&mut self) {
        if let Some(slots) = self.layout.mac.as_ref().filter(|_| self.carries_mac()) {
            self.mac_tag = self.field(slots.member, &slots.expected, |text| slots.rule.text.read32(&json::string(text)?));
        }
        if let Some(slots) = self.layout.signature.as_ref().filter(|_| self.carries_signature()) {
            self.signature_bytes = self.field(slots.member, &slots.expected, |text| slots.rule.read(&json::string(text)?));
        }
    }

    fn field<T>(&mut self, slot: usize, expected: &str, read: impl Fn(&'r [u8]) -> Option<T>) -> Option<T> {
        let text = self.text(slot);
        let value = text.and_then(read);
        let null = || text == Some(b"null") && self.layout.nullable.contains(&slot);
        if value.is_none() && !null() {
            let pointer = self.layout.pointers.get(slot).cloned().unwrap_or_default();
            let found = text.map(|text| match self.layout.holds_token(&pointer) {
                true => "a value that is not shown, since a token stands there".to_owned(),
                false => String::from_utf8_lossy(text.get(..80).unwrap_or(text)).into_owned(),
            });
            self.field_faults.push(FieldFault { pointer, expected: expected.to_owned(), found });
        }
        value
    }

    /// The event's canonical form (RFC 8785).
    pub fn canonical(&self) -> &'r [u8] {
        self.canonical
    }

    /// The time as stated.
    pub fn stated_time(&self) -> Option<Cow<'r, str>> {
        self.text(self.layout.time).and_then(json::string)
    }

    /// Where the value of the link stands in the line: offset and length. Only where the line is canonical.
    pub fn link_span(&self) -> Option<std::ops::Range<usize>> {
        let member = self.spans.get(self.layout.chain.as_ref()?.link)?;
        self.deviation.is_none().then(|| member.value.clone())
    }

    /// Whether the event carries an HMAC, well formed or not.
    pub fn carries_mac(&self) -> bool {
        self.layout.mac.as_ref().is_some_and(|slots| self.spans.get(slots.member).is_some())
    }

    /// Whether the event carries a signature, well formed or not.
    pub fn carries_signature(&self) -> bool {
        self.layout.signature.as_ref().is_some_and(|slots| self.spans.get(slots.member).is_some())
    }

    /// The string at the filter pointer with this index.
    pub fn filter_value(&self, index: usize) -> Option<Cow<'r, str>> {
        self.layout.filters.get(index).and_then(|slot| self.text(*slot)).and_then(json::string)
    }

    fn text(&self, slot: usize) -> Option<&'r [u8]> {
        self.spans.get(slot).and_then(|member| self.canonical.get(member.value.clone()))
    }
}
