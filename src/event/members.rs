//! The members of an event that passkeys and tokens are read from, as they stand there. Not here: whether anything they say is true.

use std::borrow::Cow;

use super::Event;
use crate::json;

/// What stands at a JSON Pointer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found<'r> {
    /// No such member.
    Absent,
    /// `null`.
    Null,
    /// Another value: its canonical text.
    Other(&'r [u8]),
    /// A string, decoded.
    Text(Cow<'r, str>),
}

/// What an event says about its passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of the profile's rule")]
pub struct Passkey<'r> {
    pub user: Found<'r>,
    pub username: Found<'r>,
    pub credential: Found<'r>,
    pub kind: Found<'r>,
    pub public_key: Found<'r>,
    pub assertion: Found<'r>,
    pub authenticator_data: Found<'r>,
    pub client_data: Found<'r>,
    pub signature: Found<'r>,
    /// Whether something else than an object or null stands where the credential should.
    pub hidden: bool,
    /// The canonical text of what the challenge must be the digest of, where the profile binds it.
    pub bound: Option<Found<'r>>,
}

/// What an event says about its token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token<'r> {
    /// The token.
    pub token: Found<'r>,
    /// The user that the event names.
    pub user: Found<'r>,
}

/// What covers a part of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Covering {
    /// The hash that the next event names.
    Hash,
    /// The HMAC.
    Mac,
    /// The event's signature.
    Signature,
}

impl<'r> Found<'r> {
    /// The string.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether there is nothing: no such member, or null.
    pub fn is_nothing(&self) -> bool {
        matches!(self, Self::Absent | Self::Null)
    }

    /// What stands there, for a sentence: `null`, `nothing`, a string as it is.
    pub fn words(&self) -> Cow<'_, str> {
        match self {
            Self::Absent => Cow::Borrowed("nothing"),
            Self::Null => Cow::Borrowed("null"),
            Self::Other(text) => String::from_utf8_lossy(text.get(..80).unwrap_or(text)),
            Self::Text(text) => Cow::Owned(format!("\"{}\"", text.chars().take(80).collect::<String>())),
        }
    }
}

impl Passkey<'_> {
    /// Whether anything in the event names a user or a credential.
    pub fn names_somebody(&self) -> bool {
        let named = [&self.user, &self.username, &self.credential, &self.kind, &self.public_key];
        self.hidden || named.iter().any(|found| !found.is_nothing())
    }
}

impl<'r> Event<'r> {
    /// What it says about its passkey; `None` where the profile has no such rule.
    pub fn passkey(&self) -> Option<Passkey<'r>> {
        let slots = self.layout.passkey.as_ref()?;
        let is_hidden = |slot: &usize| self.text(*slot).is_some_and(|text| text != b"null" && !text.starts_with(b"{"));
        Some(Passkey {
            hidden: slots.parents.iter().any(is_hidden),
            user: self.found(slots.user),
            username: slots.username.map_or(Found::Absent, |slot| self.found(slot)),
            credential: self.found(slots.credential),
            kind: self.found(slots.kind),
            public_key: self.found(slots.public_key),
            assertion: self.found(slots.assertion),
            authenticator_data: self.found(slots.authenticator_data),
            client_data: self.found(slots.client_data),
            signature: self.found(slots.signature),
            bound: slots.bound.map(|slot| self.text(slot).map_or(Found::Absent, Found::Other)),
        })
    }

    /// What it says about its token; `None` where the profile has no such rule.
    pub fn token(&self) -> Option<Token<'r>> {
        let slots = self.layout.token.as_ref()?;
        Some(Token { token: self.found(slots.member), user: slots.event_user.map_or(Found::Absent, |slot| self.found(slot)) })
    }

    /// What stands at the pointer with this index, of those that the layout was compiled with.
    pub fn compared(&self, index: usize) -> Found<'r> {
        self.layout.filters.get(index).map_or(Found::Absent, |slot| self.found(*slot))
    }

    fn found(&self, slot: usize) -> Found<'r> {
        match self.text(slot) {
            None => Found::Absent,
            Some(b"null") => Found::Null,
            Some(text) => json::string(text).map_or(Found::Other(text), Found::Text),
        }
    }
}
