//! In which form two events are compared: as a whole, links and proofs apart, or by the columns that a table has. Not here: which two events.

use std::hash::{BuildHasher, RandomState};
use std::ops::Range;

use super::purges::PurgeSlots;
use crate::digest::{Digest, Hasher};
use crate::error::Error;
use crate::event::{Event, Found, Layout};
use crate::json::{self, Value};
use crate::profile::{Column, Profile, TokenRule};
use crate::report::FieldChange;
use crate::verify::table::{Waiting, Window, stated};

/// Fields that are told of one event.
const TOLD: usize = 1000;

/// Characters of a value that are told.
const LENGTH: usize = 4096;

/// How two events that have one id compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pairing {
    /// They are the same.
    Same,
    /// Only the HMAC or the signature differs.
    Resealed,
    /// The link or the own hash differs, and what they say does not.
    Relinked,
    /// They say something else.
    Rewritten,
}

/// What is compared.
pub(super) struct Form<'p> {
    pub(super) layout: Layout,
    /// The columns that both sides have; `None`: whole events are compared.
    pub(super) columns: Option<Vec<&'p Column>>,
    /// Where the profile has a chain, and both sides carry it.
    pub(super) chained: bool,
    pub(super) links: Range<usize>,
    pub(super) seals: Range<usize>,
    fields: Range<usize>,
    pub(super) action: usize,
    /// Where a record of a purge says what, for profiles that have such records.
    pub(super) purge: Option<PurgeSlots<'p>>,
    /// Links and proofs: what they are is not told as a change of the event.
    apart: Vec<String>,
    /// One of them is the id.
    pub(super) id_apart: bool,
    token: Option<&'p TokenRule>,
    ids: RandomState,
    /// Makes digests for which nobody can prepare a collision.
    secret: [u8; 16],
}

impl<'p> Form<'p> {
    pub(super) fn new(profile: &'p Profile, columns: Option<Vec<&'p Column>>) -> Result<Self, Error> {
        let links: Vec<&str> = profile.chain.iter().flat_map(|rule| [Some(&rule.link), rule.own.as_ref()]).flatten().map(String::as_str).collect();
        let seals = [profile.event_mac.as_ref().map(|rule| &rule.member), profile.event_signature.as_ref().map(|rule| &rule.member)];
        let seals: Vec<&str> = seals.into_iter().flatten().map(String::as_str).collect();
        let fields: Vec<&str> = columns.iter().flatten().filter_map(|column| column.field.as_deref()).collect();
        let mut pointers: Vec<&str> = [links.as_slice(), &seals, &fields, &[profile.fields.action.as_str()]].concat();
        let action = pointers.len().saturating_sub(1);
        let mut slot = |pointer: &'p Option<String>| {
            pointers.push(pointer.as_deref()?);
            Some(pointers.len().saturating_sub(1))
        };
        let purge = profile.purges.as_ref();
        let purge =
            purge.map(|rule| PurgeSlots { action: &rule.action, count: slot(&rule.count), before: slot(&rule.before), says: slot(&rule.says) });
        let layout = Layout::new(profile, &pointers);
        let layout = layout.ok_or_else(|| Error::Internal(format!("profile {} names something that is no JSON Pointer", profile.name)))?;
        let behind = |from: usize, list: &[&str]| from..from.saturating_add(list.len());
        let (links_at, ids) = (behind(0, &links), RandomState::new());
        let seals_at = behind(links_at.end, &seals);
        let fields_at = behind(seals_at.end, &fields);
        let mut secret = [0; 16];
        let halves = [ids.hash_one(0_u8), ids.hash_one(1_u8)].map(u64::to_le_bytes);
        secret.iter_mut().zip(halves.concat()).for_each(|(byte, random)| *byte = random);
        Ok(Self {
            layout,
            chained: profile.chain.is_some() && columns.is_none(),
            id_apart: links.iter().chain(&seals).any(|pointer| *pointer == profile.fields.id),
            apart: links.iter().chain(&seals).map(|pointer| (*pointer).to_owned()).collect(),
            token: profile.token.as_ref(),
            action,
            purge,
            links: links_at,
            seals: seals_at,
            fields: fields_at,
            columns,
            ids,
            secret,
        })
    }

    /// One event that waits for its other half; `None` where it has no id.
    pub(super) fn waiting(&self, event: &Event<'_>, number: u64, window: Window) -> Option<Waiting> {
        let id = self.ids.hash_one(event.id.as_deref()?);
        let mut content = [0; 32];
        let said = match &self.columns {
            None => self.digest(event.without_compared(self.whole()).into_iter()),
            Some(columns) => {
                let found: Vec<_> = self.fields.clone().map(|slot| event.compared(slot)).collect();
                let cells: Vec<_> = columns.iter().zip(&found).map(|(column, found)| stated(column, found)).collect();
                self.digest_each(&cells.iter().map(|cell| cell.as_bytes()).collect::<Vec<_>>())
            }
        };
        let (links, seals) = (self.beside(event, &self.links), self.beside(event, &self.seals));
        let parts = said.0.iter().take(16).chain(links.0.iter().take(8)).chain(seals.0.iter().take(8));
        content.iter_mut().zip(parts).for_each(|(byte, part)| *byte = *part);
        Some(Waiting { id, content, number, window })
    }

    fn whole(&self) -> Range<usize> {
        self.links.start..self.seals.end
    }

    /// Of links or proofs; by columns they are not compared.
    fn beside(&self, event: &Event<'_>, slots: &Range<usize>) -> Digest {
        let found: Vec<_> = slots.clone().filter(|_| self.columns.is_none()).map(|slot| event.compared(slot)).collect();
        let text = |found| match found {
            &Found::Absent => b"".as_slice(),
            &Found::Null => b"null",
            Found::Other(text) => text,
            Found::Text(text) => text.as_bytes(),
        };
        self.digest_each(&found.iter().map(text).collect::<Vec<_>>())
    }

    /// Of several texts, told apart.
    fn digest_each(&self, parts: &[&[u8]]) -> Digest {
        let lengths: Vec<_> = parts.iter().map(|part| u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes()).collect();
        self.digest(lengths.iter().zip(parts).flat_map(|(length, part)| [length.as_slice(), *part]))
    }

    fn digest<'b>(&self, parts: impl Iterator<Item = &'b [u8]>) -> Digest {
        let mut hasher = Hasher::new();
        hasher.update(&self.secret);
        parts.for_each(|part| hasher.update(part));
        hasher.finish()
    }

    /// Compares two that wait.
    pub(super) fn pairing(old: &Waiting, new: &Waiting) -> Pairing {
        let part = |range: Range<usize>| old.content.get(range.clone()) == new.content.get(range);
        match (part(0..16), part(16..24), part(24..32)) {
            (false, _, _) => Pairing::Rewritten,
            (true, false, _) => Pairing::Relinked,
            (true, true, false) => Pairing::Resealed,
            (true, true, true) => Pairing::Same,
        }
    }

    /// Compares two events that have one id.
    pub(super) fn compare(&self, old: &Event<'_>, new: &Event<'_>) -> Pairing {
        let Some(columns) = &self.columns else {
            return self.compare_whole(old, new);
        };
        let same = columns.iter().zip(self.fields.clone()).all(|(column, slot)| {
            let (one, other) = (old.compared(slot), new.compared(slot));
            stated(column, &one) == stated(column, &other)
        });
        if same { Pairing::Same } else { Pairing::Rewritten }
    }

    fn compare_whole(&self, old: &Event<'_>, new: &Event<'_>) -> Pairing {
        if old.canonical() == new.canonical() {
            return Pairing::Same;
        }
        let (one, other) = (old.without_compared(self.whole()), new.without_compared(self.whole()));
        if one != other && one.concat() != other.concat() {
            return Pairing::Rewritten;
        }
        let differs = |slots: &Range<usize>| slots.clone().any(|slot| old.compared(slot) != new.compared(slot));
        if differs(&self.links) { Pairing::Relinked } else { Pairing::Resealed }
    }

    /// What differs, field by field; and how many fields do.
    pub(super) fn changes(&self, old: &Event<'_>, new: &Event<'_>) -> (Vec<FieldChange>, u64) {
        let mut changes = Changes { form: self, list: Vec::new(), total: 0 };
        match &self.columns {
            Some(columns) => {
                for (column, slot) in columns.iter().zip(self.fields.clone()) {
                    let (one, other) = (old.compared(slot), new.compared(slot));
                    if stated(column, &one) != stated(column, &other) {
                        let text = |found: &Found<'_>| (!found.is_nothing()).then(|| quoted(found));
                        changes.add(column.field.as_deref().unwrap_or_default(), text(&one), text(&other));
                    }
                }
            }
            None => {
                if let (Ok(one), Ok(other)) = (json::parse(old.canonical()), json::parse(new.canonical())) {
                    changes.walk("", Some(&one), Some(&other));
                }
            }
        }
        (changes.list, changes.total)
    }
}

/// The text of a cell, as JSON where it is a string.
pub(super) fn quoted(found: &Found<'_>) -> String {
    match found {
        Found::Text(text) => text_of(&Value::String(text.clone().into_owned())),
        Found::Other(text) => String::from_utf8_lossy(text).into_owned(),
        Found::Absent | Found::Null => found.words().into_owned(),
    }
}

fn text_of(value: &Value) -> String {
    String::from_utf8_lossy(&value.canonical()).into_owned()
}

struct Changes<'f> {
    form: &'f Form<'f>,
    list: Vec<FieldChange>,
    total: u64,
}

impl Changes<'_> {
    fn walk(&mut self, pointer: &str, old: Option<&Value>, new: Option<&Value>) {
        if old == new || self.form.apart.iter().any(|apart| apart == pointer) {
            return;
        }
        match (old, new) {
            (Some(Value::Object(one)), Some(Value::Object(other))) => {
                let added = other.iter().filter(|(name, _)| !one.iter().any(|(own, _)| own == name));
                let names: Vec<&String> = one.iter().chain(added).map(|(name, _)| name).collect();
                for name in names {
                    let below = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
                    self.walk(&below, old.and_then(|value| value.member(name)), new.and_then(|value| value.member(name)));
                }
            }
            (Some(Value::Array(one)), Some(Value::Array(other))) if one.len() == other.len() => {
                for (index, (old, new)) in one.iter().zip(other).enumerate() {
                    self.walk(&format!("{pointer}/{index}"), Some(old), Some(new));
                }
            }
            _ => self.add(pointer, old.map(text_of), new.map(text_of)),
        }
    }

    fn add(&mut self, pointer: &str, old: Option<String>, new: Option<String>) {
        self.total = self.total.saturating_add(1);
        if self.list.len() >= TOLD {
            return;
        }
        let told = |text: Option<String>| {
            text.map(|text| {
                cut(self.form.token.filter(|token| token.is_in(pointer)).map_or_else(|| text.clone(), |token| token.hidden(pointer, &text)))
            })
        };
        self.list.push(FieldChange { pointer: pointer.to_owned(), old: told(old), new: told(new) });
    }
}

pub(super) fn cut(text: String) -> String {
    match text.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
