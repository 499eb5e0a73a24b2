//! What one event uses, exactly; and the findings that several of them make.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::check::{Assertion, StatedKeys, Suspicion};
use crate::crypto::KeyTrouble;
use crate::crypto::jws::CompactJws;
use crate::digest::Digest;
use crate::event::Event;
use crate::finding::{Code, EventRef, Finding};
use crate::json::Value;
use crate::profile::{ChallengeRule, PasskeyRule, TokenRule};

/// What one event uses. What cannot be read is `None`; other checks say so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Whether an assertion or a token stands there that can be read.
    pub carries: bool,
    /// The user that the event names.
    pub user: Option<String>,
    /// The credential's id.
    pub credential: Option<String>,
    /// Its key as the event states it: the SPKI's digest; of a key that is not supported, the digest of its text.
    pub key: Option<Digest>,
    /// The challenge that the assertion answers.
    pub challenge: Option<String>,
    /// Digest of credential, authenticator data and client data.
    pub assertion: Option<Digest>,
    /// The signature counter; none for kinds without one.
    pub counter: Option<u32>,
    /// `iss` of the token.
    pub issuer: Option<String>,
    /// `jti` of the token.
    pub token_id: Option<String>,
    /// The organisation that the token names.
    pub organisation: Option<String>,
}

impl Facts {
    /// Those of an event, by its profile's rules; `keys` are shared by all events of a run.
    pub fn of(event: &Event<'_>, passkey: Option<&PasskeyRule>, token: Option<&TokenRule>, keys: &StatedKeys) -> Self {
        let mut facts = Self::default();
        if let (Some(rule), Some(found)) = (passkey, event.passkey()) {
            facts.user = found.user.text().map(str::to_owned);
            facts.credential = found.credential.text().map(str::to_owned);
            facts.key = found.public_key.text().and_then(|text| key(text, keys));
            if let Ok(assertion) = Assertion::read(&found, rule) {
                facts.carries = true;
                facts.assertion = Some(identity(found.credential.text().unwrap_or_default(), &assertion));
                facts.counter = assertion.authenticator.as_ref().map(|(_, data)| data.sign_count);
                facts.challenge = Some(assertion.client.challenge);
            }
        }
        if let (Some(rule), Some(found)) = (token, event.token()) {
            facts.user = facts.user.or_else(|| found.user.text().map(str::to_owned));
            if let Some(token) = found.token.text().and_then(|text| CompactJws::parse(text).ok()) {
                facts.carries = true;
                facts.read_claims(token.claims(), rule);
            }
        }
        facts
    }

    /// Issuer and id of the token: an id is unique under its issuer (RFC 7519, section 4.1.7).
    pub fn token_identity(&self) -> Option<(Option<&str>, &str)> {
        Some((self.issuer.as_deref(), self.token_id.as_deref()?))
    }

    fn read_claims(&mut self, claims: &Value, rule: &TokenRule) {
        let text = |value: Option<&Value>| match value {
            Some(Value::String(text)) => Some(text.clone()),
            _ => None,
        };
        self.issuer = text(claims.member("iss"));
        self.token_id = text(claims.member("jti"));
        self.organisation = text(rule.organisation.as_deref().and_then(|pointer| claims.pointer(pointer)));
    }
}

/// Keys in two spellings are one key.
fn key(text: &str, keys: &StatedKeys) -> Option<Digest> {
    match keys.read(text) {
        Ok(key) => Some(Digest::of(key.spki())),
        Err(KeyTrouble::NotSupported(_)) => Some(Digest::of(text.trim().as_bytes())),
        Err(KeyTrouble::Fingerprint | KeyTrouble::Malformed(_)) => None,
    }
}

/// The signature is no part of it.
fn identity(credential: &str, assertion: &Assertion) -> Digest {
    let authenticator = assertion.authenticator.as_ref().map_or(&[][..], |(bytes, _)| bytes);
    let parts = [credential.as_bytes(), authenticator, &assertion.client_bytes];
    Digest::of_parts(parts.map(|part| Digest::of(part).0).iter().map(<[u8; 32]>::as_slice))
}

/// An event that was looked at again.
pub type Looked = (EventRef, Facts);

/// The findings and notes of the events that were looked at again, in file order.
pub fn findings(events: &[Looked], suspicion: &Suspicion, rule: Option<&ChallengeRule>, tenant: Option<&str>) -> (Vec<Finding>, Vec<String>) {
    let mut found = Vec::new();
    let mut notes = Vec::new();
    challenges(events, rule, &mut found);
    variants(events, &mut found);
    counters(events, suspicion, &mut found);
    tokens(events, &mut found, &mut notes);
    if tenant.is_none() {
        organisations(events, &mut found);
    }
    (found, notes)
}

fn number(event: &EventRef) -> u64 {
    event.place.number.unwrap_or_default()
}

/// Groups by a key, keeping the order of the file.
fn grouped<K: Ord>(events: &[Looked], key: impl Fn(&Facts) -> Option<K>) -> BTreeMap<K, Vec<&Looked>> {
    let mut groups: BTreeMap<K, Vec<&Looked>> = BTreeMap::new();
    for event in events {
        if let Some(key) = key(&event.1) {
            groups.entry(key).or_default().push(event);
        }
    }
    groups
}

/// At the later of two events; the earlier is named too.
fn at_both(code: Code, earlier: &EventRef, later: &EventRef, message: String) -> Finding {
    let mut finding = Finding::new(code, message).at(later.clone());
    finding.stated_at = Some(earlier.place.clone());
    finding.help(format!("look at both: unbroken inspect … @{} and @{}", number(earlier), number(later)))
}

/// At each later event, naming the first with the same assertion, else the first with the same challenge. A copy of a whole event is told by its id.
fn challenges(events: &[Looked], rule: Option<&ChallengeRule>, found: &mut Vec<Finding>) {
    for group in grouped(events, |facts| facts.challenge.clone()).values() {
        let mut firsts: BTreeMap<Digest, &EventRef> = BTreeMap::new();
        let Some((first, _)) = group.first() else { continue };
        for (later, facts) in group.iter().filter_map(|(event, facts)| Some((event, facts.assertion?))) {
            let (twin, same) = match firsts.entry(facts) {
                Entry::Vacant(place) => {
                    place.insert(later);
                    (first, false)
                }
                Entry::Occupied(place) => (*place.get(), true),
            };
            let (one, other) = (number(twin), number(later));
            if one == other || (twin.id.is_some() && twin.id == later.id) {
                continue;
            }
            if same {
                found.push(at_both(Code::ReplayAssertion, twin, later, format!("events {one} and {other} carry one and the same assertion")));
            } else if rule == Some(&ChallengeRule::Opaque) {
                found.push(at_both(Code::ReplayChallenge, twin, later, format!("the assertions of events {one} and {other} answer one challenge")));
            }
        }
    }
}

fn variants(events: &[Looked], found: &mut Vec<Finding>) {
    for (credential, group) in grouped(events, |facts| facts.credential.clone()) {
        let Some((first, _)) = group.split_first() else { continue };
        let keyed = || group.iter().find(|(_, facts)| facts.key.is_some());
        let owned = || group.iter().find(|(_, facts)| facts.user.is_some());
        let mut keys = vec![first.1.key];
        let mut users = vec![first.1.user.clone()];
        for (later, facts) in &group {
            if let Some((earlier, _)) = keyed().filter(|(_, before)| facts.key.is_some() && before.key != facts.key)
                && !keys.contains(&facts.key)
            {
                keys.push(facts.key);
                let message =
                    format!("credential \"{credential}\" has one public key in event {} and another in event {}", number(earlier), number(later));
                found.push(at_both(Code::ReplayCredentialKey, earlier, later, message));
            }
            if let Some((earlier, before)) = owned().filter(|(_, before)| facts.user.is_some() && before.user != facts.user)
                && !users.contains(&facts.user)
            {
                users.push(facts.user.clone());
                let names = (before.user.clone().unwrap_or_default(), facts.user.clone().unwrap_or_default());
                let (one, other) = (number(earlier), number(later));
                let message =
                    format!("credential \"{credential}\" is of user \"{}\" in event {one} and of user \"{}\" in event {other}", names.0, names.1);
                found.push(at_both(Code::ReplayCredentialUser, earlier, later, message).values(names.1, names.0));
            }
        }
    }
}

fn counters(events: &[Looked], suspicion: &Suspicion, found: &mut Vec<Finding>) {
    let by_number: BTreeMap<u64, &Looked> = events.iter().map(|event| (number(&event.0), event)).collect();
    for (one, other) in &suspicion.counters {
        let (Some((event, facts)), Some((before, earlier))) = (by_number.get(one), by_number.get(other)) else { continue };
        // the very same assertion is told as such
        if facts.assertion == earlier.assertion {
            continue;
        }
        let (here, there) = (facts.counter.unwrap_or_default(), earlier.counter.unwrap_or_default());
        let credential = facts.credential.clone().unwrap_or_default();
        let message = format!(
            "the counter of credential \"{credential}\" is {here} in event {one}, but {there} in event {other}, which happened before: the authenticator may have been copied"
        );
        let (first, later) = if one < other { (event, before) } else { (before, event) };
        found.push(at_both(Code::ReplayCounter, first, later, message).values(here, format!("more than {there}")));
    }
}

fn tokens(events: &[Looked], found: &mut Vec<Finding>, notes: &mut Vec<String>) {
    let identity = |facts: &Facts| facts.token_identity().map(|(issuer, id)| (issuer.map(str::to_owned), id.to_owned()));
    for ((_, id), group) in grouped(events, identity) {
        let Some(((first, earlier), copies)) = group.split_first() else { continue };
        let (other, same): (Vec<_>, Vec<_>) = copies
            .iter()
            .copied()
            .filter(|(event, _)| event.id.is_none() || event.id != first.id)
            .partition(|(_, facts)| facts.user != earlier.user || facts.credential != earlier.credential);
        for (later, _) in other {
            let message = format!("events {} and {} carry one token id, but differ in user or credential", number(first), number(later));
            found.push(at_both(Code::ReplayToken, first, later, message));
        }
        if !same.is_empty() {
            let shown: String = id.chars().take(40).collect();
            notes.push(format!("one token (jti {shown}) stands in {} events of one user and credential", same.len().saturating_add(1)));
        }
    }
}

/// Without a tenant that was asked for, the tokens of one export must at least agree among themselves: the rarer organisations are told.
fn organisations(events: &[Looked], found: &mut Vec<Finding>) {
    let groups = grouped(events, |facts| facts.organisation.clone());
    let usual = groups.iter().max_by_key(|(_, group)| (group.len(), std::cmp::Reverse(group.first().map(|(event, _)| number(event)))));
    let Some(usual) = usual.map(|(name, _)| name.clone()) else { return };
    for (name, group) in groups.iter().filter(|(name, _)| **name != usual) {
        if let Some((event, _)) = group.first() {
            let more = if group.len() > 1 { format!(", and {} more events", group.len().saturating_sub(1)) } else { String::new() };
            let message = format!("the token is of organisation \"{name}\"{more}; the other tokens of this export are of \"{usual}\"");
            found.push(Finding::new(Code::TokenTenant, message).at(event.clone()).values(name, &usual));
        }
    }
}
