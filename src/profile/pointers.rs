//! Every JSON Pointer that a profile names, with the key that holds it.

use super::Profile;

/// A JSON Pointer of a profile, and the key that holds it.
pub struct Named<'p> {
    /// The key: names and indexes of items, joined by dots.
    pub key: String,
    /// The pointer.
    pub pointer: &'p str,
}

/// All pointers into events.
pub fn event_pointers(profile: &Profile) -> Vec<Named<'_>> {
    let fields = &profile.fields;
    let mut found = vec![named("fields.id", &fields.id), named("fields.time", &fields.time), named("fields.action", &fields.action)];
    let optional = [
        ("fields.tenant", &fields.tenant),
        ("fields.actor", &fields.actor),
        ("fields.actor_type", &fields.actor_type),
        ("fields.resource_type", &fields.resource_type),
        ("fields.resource_id", &fields.resource_id),
        ("fields.request_id", &fields.request_id),
    ];
    found.extend(optional.into_iter().filter_map(|(key, pointer)| Some(named(key, pointer.as_deref()?))));
    found.extend(all("fields.nullable", &fields.nullable));
    if let Some(chain) = &profile.chain {
        found.push(named("chain.link", &chain.link));
        found.extend(chain.own.as_deref().map(|pointer| named("chain.own", pointer)));
        found.extend(chain.sequence.as_deref().map(|pointer| named("chain.sequence", pointer)));
        found.extend(all("chain.without", &chain.without));
    }
    for (table, member, without) in proofs(profile) {
        found.push(named(&format!("{table}.member"), member));
        found.extend(all(&format!("{table}.without"), without));
    }
    if let Some(passkey) = &profile.passkey {
        found.extend(passkey.pointers().into_iter().map(|(key, pointer)| named(&format!("passkey.{key}"), pointer)));
    }
    if let Some(token) = &profile.token {
        found.push(named("token.member", &token.member));
        found.extend(token.event_user.as_deref().map(|pointer| named("token.event_user", pointer)));
    }
    found.extend(profile.diff.as_ref().map(|rule| named("diff.member", &rule.member)));
    found.extend(all("requires.fields", &profile.requires.fields));
    found
}

/// All other pointers: into pages, claims of tokens, the events that rows of tables stand for, and records of purges.
pub fn other_pointers(profile: &Profile) -> Vec<Named<'_>> {
    let mut found = Vec::new();
    if let Some(token) = &profile.token {
        let claims = [("token.organisation", &token.organisation), ("token.user", &token.user)];
        found.extend(claims.into_iter().filter_map(|(key, pointer)| Some(named(key, pointer.as_deref()?))));
    }
    if let Some(pages) = &profile.pages {
        found.push(named("pages.entries", &pages.entries));
        let numbers = [("pages.page", &pages.page), ("pages.per_page", &pages.per_page), ("pages.total", &pages.total)];
        found.extend(numbers.into_iter().filter_map(|(key, pointer)| Some(named(key, pointer.as_deref()?))));
    }
    for (table, rule) in profile.table.iter().enumerate() {
        let columns = rule.columns.iter().enumerate();
        found.extend(columns.filter_map(|(column, rule)| Some(named(&format!("table.{table}.columns.{column}.field"), rule.field.as_deref()?))));
    }
    if let Some(rule) = &profile.purges {
        let members = [("purges.count", &rule.count), ("purges.before", &rule.before), ("purges.says", &rule.says)];
        found.extend(members.into_iter().filter_map(|(key, pointer)| Some(named(key, pointer.as_deref()?))));
    }
    found
}

/// The tables of proofs of single events: name, member, what they do not cover.
pub fn proofs(profile: &Profile) -> impl Iterator<Item = (&'static str, &str, &[String])> {
    let mac = profile.event_mac.as_ref().map(|rule| ("event_mac", rule.member.as_str(), rule.without.as_slice()));
    let signature = profile.event_signature.as_ref().map(|rule| ("event_signature", rule.member.as_str(), rule.without.as_slice()));
    mac.into_iter().chain(signature)
}

fn named<'p>(key: &str, pointer: &'p str) -> Named<'p> {
    Named { key: key.to_owned(), pointer }
}

fn all<'p>(key: &str, pointers: &'p [String]) -> impl Iterator<Item = Named<'p>> {
    pointers.iter().enumerate().map(move |(index, pointer)| named(&format!("{key}.{index}"), pointer))
}
