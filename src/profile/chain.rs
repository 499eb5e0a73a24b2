//! How a source chains its events: where the hashes stand, what they are of, how they are written, and where the chain begins.

use serde::Deserialize;

use super::TextForm;
use crate::digest::Digest;
use crate::json::Value;

/// How events are chained.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChainRule {
    /// The link: the hash of the event before.
    pub link: String,
    /// The event's own hash, where it is stated.
    pub own: Option<String>,
    /// The sequence number, where there is one: from 1, rising by 1.
    pub sequence: Option<String>,
    /// What is hashed.
    #[serde(default)]
    pub hashed: Hashed,
    /// Members of the root object that are left out when the event is hashed.
    #[serde(default)]
    pub without: Vec<String>,
    /// What a link names.
    #[serde(default)]
    pub names: Names,
    /// How digests are written.
    #[serde(default = "TextForm::of_digests")]
    pub text: TextForm,
    /// What the chain's first event names.
    pub first: FirstLink,
}

/// What is hashed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hashed {
    /// The canonical form (RFC 8785) of the event without the members `without`.
    #[default]
    Canonical,
    /// The bytes of the event as they stand in the file, from its `{` to its `}`.
    Raw,
}

/// What a link names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Names {
    /// The hash of the event before without the members `without`: where events state their own hash, that one.
    #[default]
    Hash,
    /// The hash of the whole event before, its own hash included.
    Whole,
}

/// What the chain's first event names.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FirstLink {
    /// Nothing: it has no link.
    Absent,
    /// The digest of this text's UTF-8.
    DigestOf(String),
    /// The digest of the genesis block.
    Genesis,
    /// `null`.
    Null,
    /// This text.
    Text(String),
    /// 32 zero bytes, written as a digest is: 64 zeros in hex.
    Zero,
}

impl ChainRule {
    /// What the first event's link stands for as a digest; `None` where only a genesis block says it. A first link that is no digest stands for the
    /// zero digest, which no event has.
    pub fn start(&self) -> Option<Digest> {
        match &self.first {
            FirstLink::Genesis => None,
            FirstLink::DigestOf(text) => Some(Digest::of(text.as_bytes())),
            FirstLink::Text(text) => Some(self.text.digest(text).unwrap_or(Digest::ZERO)),
            FirstLink::Absent | FirstLink::Null | FirstLink::Zero => Some(Digest::ZERO),
        }
    }

    /// The digest that the JSON text of a link stands for. Zeros are refused where the first link is written in another way: one start, one spelling.
    pub fn read_link(&self, text: &[u8]) -> Option<Digest> {
        let digest = |text: &[u8]| self.text.digest(&crate::json::string(text)?);
        match &self.first {
            FirstLink::DigestOf(_) | FirstLink::Genesis | FirstLink::Zero => digest(text),
            FirstLink::Null if text == b"null" => Some(Digest::ZERO),
            FirstLink::Text(first) if crate::json::string(text).is_some_and(|text| text == first.as_str()) => self.start(),
            FirstLink::Absent | FirstLink::Null | FirstLink::Text(_) => digest(text).filter(|digest| *digest != Digest::ZERO),
        }
    }

    /// The JSON text of a link that stands for a digest; `None` where it is written by leaving it out.
    pub fn write_link(&self, digest: Digest) -> Option<Vec<u8>> {
        let text = match &self.first {
            FirstLink::Absent if digest == Digest::ZERO => return None,
            FirstLink::Null if digest == Digest::ZERO => return Some(b"null".to_vec()),
            FirstLink::Text(first) if Some(digest) == self.start() => first.clone(),
            _ => self.text.write(&digest.0),
        };
        Some(Value::String(text).canonical())
    }

    /// What a link looks like, in words.
    pub fn link_words(&self) -> String {
        let digest = self.text.words(32);
        match &self.first {
            FirstLink::Null => format!("{digest} (in the chain's first event: null)"),
            FirstLink::Text(text) => format!("{digest} (in the chain's first event: \"{text}\")"),
            FirstLink::Absent | FirstLink::DigestOf(_) | FirstLink::Genesis | FirstLink::Zero => digest,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Encoding;

    fn rule(first: FirstLink) -> ChainRule {
        ChainRule {
            link: "/previous".to_owned(),
            own: None,
            sequence: None,
            hashed: Hashed::Canonical,
            without: Vec::new(),
            names: Names::Hash,
            text: TextForm { prefix: String::new(), encoding: Encoding::Hex },
            first,
        }
    }

    #[test]
    fn the_first_link_has_one_spelling() {
        let zeros = format!("\"{}\"", "0".repeat(64));
        let firsts = [
            (FirstLink::Zero, zeros.clone()),
            (FirstLink::Null, "null".to_owned()),
            (FirstLink::Text("GENESIS".to_owned()), "\"GENESIS\"".to_owned()),
            (FirstLink::Text(String::new()), "\"\"".to_owned()),
            (
                FirstLink::DigestOf("app".to_owned()),
                format!("\"{}\"", TextForm { prefix: String::new(), encoding: Encoding::Hex }.write(&Digest::of(b"app").0)),
            ),
        ];
        for (first, spelling) in &firsts {
            let rule = rule(first.clone());
            let start = rule.start().expect("no genesis block");
            for (_, text) in &firsts {
                assert_eq!(rule.read_link(text.as_bytes()) == Some(start), text == spelling, "{first:?}: {text}");
            }
            assert_eq!(rule.write_link(start).as_deref(), Some(spelling.as_bytes()));
        }
        let absent = rule(FirstLink::Absent);
        assert_eq!((absent.read_link(zeros.as_bytes()), absent.read_link(b"null"), absent.write_link(Digest::ZERO)), (None, None, None));
        let other = Digest::of(b"x");
        assert_eq!(absent.read_link(&absent.write_link(other).expect("a text")), Some(other));
    }
}
