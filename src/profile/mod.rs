//! What a source claims about its events, written down as data: where the fields stand, how the chain is linked, which proofs each event carries.
//! The built-in profiles are TOML files compiled into the binary; a user's own is a file of the same form. Not here: how a claim is checked.

mod chain;
mod export;
mod passkey;
mod pointers;
pub mod probe;
mod proof;
mod read;
mod rules;
mod shape;
mod text_form;
mod token;

use std::sync::LazyLock;

use serde::Deserialize;

use crate::digest::Digest;
use crate::finding::CheckId;

pub use self::chain::{ChainRule, FirstLink, Hashed, Names};
pub use self::export::{Cell, Column, PageRule, TableRule};
pub use self::passkey::{ChallengeRule, PasskeyRule};
pub use self::pointers::{Named, event_pointers};
pub use self::proof::{EcdsaForm, EventAlgorithm, MacKeyRule, MacRule, SignatureRule};
pub use self::shape::{ActionForm, DiffRule, PurgeRule, action_matches};
pub use self::text_form::{Encoding, TextForm};
pub use self::token::TokenRule;

/// One source.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// `file-transfer/1`
    pub name: String,
    /// What the source is, in a few words.
    pub source: String,
    /// Where the fields stand.
    pub fields: Fields,
    /// How events are chained.
    pub chain: Option<ChainRule>,
    /// The HMAC of each event.
    pub event_mac: Option<MacRule>,
    /// The signature of each event.
    pub event_signature: Option<SignatureRule>,
    /// The passkey assertion of each event.
    pub passkey: Option<PasskeyRule>,
    /// The token of each event.
    pub token: Option<TokenRule>,
    /// How the source's API pages its events.
    pub pages: Option<PageRule>,
    /// What updates say of what they changed.
    pub diff: Option<DiffRule>,
    /// The sets of columns in which the source writes tables.
    #[serde(default)]
    pub table: Vec<TableRule>,
    /// How the source records that it purged events.
    pub purges: Option<PurgeRule>,
    /// The order that the source promises.
    #[serde(default)]
    pub order: Order,
    /// What a PASS needs beside what every bundle needs.
    #[serde(default)]
    pub requires: Requires,
    /// The user's file that it was read from, and the digest of that; none for a built-in one.
    #[serde(skip)]
    pub file: Option<(String, Digest)>,
}

/// JSON Pointers (RFC 6901) of the fields that checks and filters read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fields {
    /// The event's id; a string.
    pub id: String,
    /// When it happened.
    pub time: String,
    /// Whose log it is in, where events say so.
    pub tenant: Option<String>,
    /// What was done; a string.
    pub action: String,
    /// The form of every action, where the source promises one.
    pub action_form: Option<ActionForm>,
    /// Who did it.
    pub actor: Option<String>,
    /// What kind of actor.
    pub actor_type: Option<String>,
    /// What kind of thing it was done to.
    pub resource_type: Option<String>,
    /// What it was done to.
    pub resource_id: Option<String>,
    /// The request it was done by.
    pub request_id: Option<String>,
    /// Of the fields that must be there, those that may be null.
    #[serde(default)]
    pub nullable: Vec<String>,
}

/// The order that a source promises.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// Of the times.
    pub time: Option<TimeOrder>,
}

/// The order of the times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeOrder {
    /// Each is at or after the one before.
    NeverBack,
}

/// What a PASS needs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requires {
    /// Fields that each event must have beside id, time, tenant and action: JSON Pointers to strings that are not empty.
    #[serde(default)]
    pub fields: Vec<String>,
    /// All of these rows.
    #[serde(default, deserialize_with = "checks")]
    pub claims: Vec<CheckId>,
    /// At least one of these must be declared.
    #[serde(default, deserialize_with = "checks")]
    pub one_of: Vec<CheckId>,
}

fn checks<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<CheckId>, D::Error> {
    let names = Vec::<String>::deserialize(deserializer)?;
    let unknown = |name: &str| serde::de::Error::custom(format!("unknown check {name}"));
    names.iter().map(|name| name.parse().map_err(|()| unknown(name))).collect()
}

impl Profile {
    /// The built-in profile of this name.
    pub fn built_in(name: &str) -> Option<&'static Self> {
        BUILT_IN.iter().find(|profile| profile.name == name)
    }

    /// The TOML text of the built-in profile of this name.
    pub fn built_in_text(name: &str) -> Option<&'static str> {
        let place = BUILT_IN.iter().position(|profile| profile.name == name)?;
        TEXTS.get(place).copied()
    }

    /// All built-in profiles.
    pub fn all() -> &'static [Self] {
        &BUILT_IN
    }

    /// Whether the source publishes anything that proves a single event, or its place among others.
    pub fn has_proof(&self) -> bool {
        self.chain.is_some() || self.event_mac.is_some() || self.event_signature.is_some() || self.passkey.is_some() || self.token.is_some()
    }

    /// The rows that events of this profile can have beside those of every bundle.
    pub fn claims(&self) -> Vec<CheckId> {
        CheckId::ALL.iter().copied().filter(|claim| rules::has(self, *claim)).collect()
    }

    /// Whether its events carry anything that could be computed again.
    pub fn carries_proof(&self) -> bool {
        let by_event = self.event_mac.is_some() || self.event_signature.is_some() || self.passkey.is_some() || self.token.is_some();
        self.chain.is_some() || by_event
    }

    /// Where proofs stand in an event.
    pub fn proof_pointers(&self) -> Vec<&str> {
        let chain = self.chain.iter().flat_map(|rule| [Some(&rule.link), rule.own.as_ref()]).flatten();
        let passkey = self.passkey.iter().map(|rule| &rule.assertion);
        let members = [self.event_mac.as_ref().map(|rule| &rule.member), self.event_signature.as_ref().map(|rule| &rule.member)];
        let token = self.token.iter().map(|rule| &rule.member);
        chain.chain(passkey).chain(members.into_iter().flatten()).chain(token).map(String::as_str).collect()
    }

    /// The pointer of a filter key; none where the profile has no such field, or the key is a time.
    pub fn filter_pointer(&self, key: &str) -> Option<&str> {
        match key {
            "action" => Some(&self.fields.action),
            "actor" => self.fields.actor.as_deref(),
            "actor_type" => self.fields.actor_type.as_deref(),
            "request_id" => self.fields.request_id.as_deref(),
            "resource_id" => self.fields.resource_id.as_deref(),
            "resource_type" => self.fields.resource_type.as_deref(),
            _ => None,
        }
    }
}

const TEXTS: [&str; 5] = [
    include_str!("builtin/file-transfer-1.toml"),
    include_str!("builtin/passkey-actions-1.toml"),
    include_str!("builtin/qustody-1.toml"),
    include_str!("builtin/trustgate-1.toml"),
    include_str!("builtin/typed-events-1.toml"),
];

/// The JSON Schema (2020-12) of a profile, taken from TOML to JSON.
pub const SCHEMA: &str = include_str!("../../spec/profile.schema.json");

// A test parses each of them; a broken one would make its bundles untested, never pass.
static BUILT_IN: LazyLock<Vec<Profile>> = LazyLock::new(|| TEXTS.iter().filter_map(|text| toml::from_str(text).ok()).collect());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_profile_is_well_formed() {
        for text in TEXTS {
            let profile = toml::from_str::<Profile>(text).expect("a built-in profile");
            assert_eq!(rules::check(&profile), Ok(()), "{}", profile.name);
            assert_eq!(Profile::built_in_text(&profile.name), Some(text));
        }
        let names: Vec<_> = Profile::all().iter().map(|profile| profile.name.as_str()).collect();
        assert_eq!(names, ["file-transfer/1", "passkey-actions/1", "qustody/1", "trustgate/1", "typed-events/1"]);
    }
}
