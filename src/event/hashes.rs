//! What an event hashes to, and the bytes that its proofs cover.

use std::ops::Range;

use super::{Covering, Event};
use crate::crypto::Algorithm;
use crate::digest::Digest;
use crate::json::{self, Member, Spans};
use crate::profile::{Hashed, MacKeyRule, Names};

use super::layout::ChainSlots;

impl<'r> Event<'r> {
    /// The hash that the next event must name.
    pub fn hash(&self) -> Digest {
        match &self.layout.chain {
            Some(chain) if chain.rule.hashed == Hashed::Raw => Digest::of(self.raw),
            Some(chain) if chain.rule.names == Names::Hash => self.hash_without(chain),
            Some(_) | None => Digest::of(self.canonical),
        }
    }

    fn hash_without(&self, chain: &ChainSlots) -> Digest {
        match chain.without.as_slice() {
            [] => Digest::of(self.canonical),
            slots => Digest::of_parts(self.without(slots)),
        }
    }

    /// The hash that the event would have if its link named `link`.
    pub fn hash_with_link(&self, link: Digest) -> Option<Digest> {
        let chain = self.layout.chain.as_ref()?;
        let value = chain.rule.write_link(link)?;
        if chain.rule.hashed == Hashed::Raw {
            return Some(Digest::of(&self.raw_with_link(chain, &value)?));
        }
        let text = json::with_value(self.canonical, self.spans.get(chain.link)?, &value);
        let mut spans = Spans::default();
        json::scan(&text, &self.layout.wanted, &mut spans).ok()?;
        let event = Event::new(self.layout, &spans, (&text, &text), None);
        Some(event.hash())
    }

    /// The bytes in the file with another link; only where it is plain which bytes the link is.
    fn raw_with_link(&self, chain: &ChainSlots, value: &[u8]) -> Option<Vec<u8>> {
        let place = self.place_of(self.text(chain.link).filter(|stated| stated.starts_with(b"\""))?)?;
        Some([self.raw.get(..place.start)?, value, self.raw.get(place.end..)?].concat())
    }

    /// Where this text of a string stands in the file, if it stands there once.
    fn place_of(&self, text: &[u8]) -> Option<Range<usize>> {
        let is_here = |at: &usize| self.raw.get(*at..).is_some_and(|rest| rest.starts_with(text));
        let mut places = memchr::memchr_iter(b'"', self.raw).filter(is_here);
        let at = places.next().filter(|_| places.next().is_none())?;
        Some(at..at.saturating_add(text.len()))
    }

    /// Where the strings at some of the pointers that the layout was compiled with stand in the record, with their quotes, counted from the
    /// first byte that is no white space; `None` where it is not plain which bytes they are.
    pub fn strings_compared(&self, indexes: Range<usize>) -> Option<Vec<Range<usize>>> {
        let slots = self.layout.filters.get(indexes)?.iter();
        let strings = slots.filter(|slot| self.text(**slot).is_some_and(|text| text.starts_with(b"\"")));
        if self.deviation.is_none() {
            return strings.map(|slot| Some(self.spans.get(*slot)?.value.clone())).collect();
        }
        // without escapes, a string stands there as it does in the canonical form
        let has_escapes = memchr::memchr(b'\\', self.raw).is_some();
        strings.map(|slot| self.place_of(self.text(*slot)?)).collect::<Option<_>>().filter(|_| !has_escapes)
    }

    /// The event's own hash as it states it, where that is what the next event must name; `None` where it is not, or has a wrong form.
    pub fn own_hash(&self) -> Option<Digest> {
        self.layout.chain.as_ref().filter(|chain| chain.rule.names == Names::Hash)?;
        self.stated_own()
    }

    /// The event's own hash as it states it, and as it is, where the next event must name another.
    pub fn own_beside_link(&self) -> Option<(Digest, Digest)> {
        let chain = self.layout.chain.as_ref().filter(|chain| chain.rule.names == Names::Whole)?;
        Some((self.stated_own()?, self.hash_without(chain)))
    }

    fn stated_own(&self) -> Option<Digest> {
        let chain = self.layout.chain.as_ref()?;
        chain.rule.text.digest(&json::string(self.text(chain.own?)?)?)
    }

    /// The bytes that the HMAC covers, in pieces.
    pub fn mac_covers(&self) -> Vec<&'r [u8]> {
        self.layout.mac.as_ref().map(|slots| self.without(&slots.without)).unwrap_or_default()
    }

    /// How the HMAC's key comes from the auditor's secret.
    pub fn mac_key(&self) -> MacKeyRule {
        self.layout.mac.as_ref().map(|slots| slots.rule.key).unwrap_or_default()
    }

    /// The bytes that the signature covers.
    pub fn signature_covers(&self) -> Vec<u8> {
        self.layout.signature.as_ref().map(|slots| self.without(&slots.without).concat()).unwrap_or_default()
    }

    /// The algorithm that the signature's key must have.
    pub fn signature_algorithm(&self) -> Algorithm {
        self.layout.signature.as_ref().map_or(Algorithm::Ed25519, |slots| slots.rule.key_algorithm())
    }

    /// The ranges of `line`, which the event was read from, that are covered; `None` where what is covered does not stand there byte by byte, since the
    /// line is not canonical. Empty where the profile has no such proof.
    pub fn covered(&self, by: Covering, line: &[u8]) -> Option<Vec<Range<usize>>> {
        let ranges = |pieces: Vec<&[u8]>, start: &[u8]| {
            let range = |piece: &&[u8]| {
                let from = piece.as_ptr().addr().saturating_sub(start.as_ptr().addr());
                from..from.saturating_add(piece.len())
            };
            pieces.iter().map(range).collect()
        };
        let pieces = match (by, &self.layout.chain) {
            (Covering::Hash, Some(chain)) if chain.rule.hashed == Hashed::Raw => return Some(ranges(vec![self.raw], line)),
            (Covering::Hash, Some(chain)) if chain.rule.names == Names::Hash => self.without(&chain.without),
            (Covering::Hash, _) => vec![self.canonical],
            (Covering::Mac, _) => self.mac_covers(),
            (Covering::Signature, _) => self.layout.signature.as_ref().map(|slots| self.without(&slots.without)).unwrap_or_default(),
        };
        self.deviation.is_none().then(|| ranges(pieces, self.canonical))
    }

    /// The canonical form without the members at some of the pointers that the layout was compiled with, by their indexes; in pieces.
    pub fn without_compared(&self, indexes: std::ops::Range<usize>) -> Vec<&'r [u8]> {
        self.without(self.layout.filters.get(indexes).unwrap_or_default())
    }

    fn without(&self, slots: &[usize]) -> Vec<&'r [u8]> {
        let members: Vec<&Member> = slots.iter().filter_map(|slot| self.spans.get(*slot)).collect();
        json::without(self.canonical, &members)
    }
}
