//! Passkey and token of one event, decoded. What of it counts, the checks have said; a token is never repeated whole, since whoever holds it may use it.

use super::hand::Hand;
use super::proofs::{hex, holds};
use super::{hand_approval, held};
use crate::check::{Assertion, Count, Flaw, Passkey, Token, Vouched};
use crate::crypto::CredentialKey;
use crate::crypto::jws::{CompactJws, JwsFault};
use crate::crypto::webauthn::AuthenticatorData;
use crate::digest::Digest;
use crate::event::{self, Event};
use crate::finding::{CheckId, Why};
use crate::json::{Value, integer};
use crate::profile::{ChallengeRule, PasskeyRule, TokenRule};
use crate::report::{Fact, Inspection, Part};
use crate::time::Time;
use crate::trust::Trust;
use crate::verify::Verified;
use crate::verify::events::Statement;

impl Verified {
    pub(super) fn passkey(&self, statement: Statement<'_>, event: &Event<'_>, inspection: &mut Inspection, hand: &mut Hand) {
        let (Some(rule), Some(found)) = (&statement.profile.passkey, event.passkey()) else {
            return;
        };
        let verified = statement.manifest.and_then(|manifest| self.opened.signatures.verified(manifest, false));
        let trust = statement.request.trust;
        let check = Passkey::new(trust, rule, self.opened.credentials.as_ref(), verified.map(Vouched::by));
        let outcome = held(inspection, CheckId::EventPasskey);
        let part = Part::new("passkey").with("user", text(&found.user)).with("credential", text(&found.credential)).with("kind", text(&found.kind));
        inspection.parts.push(part.with("binds", binds(rule)).with("holds", holds(outcome)));
        if found.assertion.is_nothing() {
            return;
        }
        let assertion = match Assertion::read(&found, rule) {
            Ok(assertion) => assertion,
            Err(flaw) => {
                let why = match flaw {
                    Flaw::Refuted(_, message) => message,
                    Flaw::Untested(why) => why.to_string(),
                };
                return hand.leave(format!("the assertion: {why}"));
            }
        };
        inspection.parts.push(client_data(&assertion));
        if let Some((bytes, data)) = &assertion.authenticator {
            inspection.parts.push(authenticator_data(bytes, data, trust));
        }
        let key = check.key(&found);
        inspection.parts.push(key_part(&key));
        match &key {
            Ok((key, _)) => hand_approval::assertion(hand, &found, &assertion, key),
            Err(why) => {
                let why = why.as_ref().map_or_else(|| "it names no credential".to_owned(), Why::to_string);
                hand.leave(format!("the assertion's signature: {why}"));
            }
        }
    }

    pub(super) fn token(&self, statement: Statement<'_>, event: &Event<'_>, inspection: &mut Inspection, hand: &mut Hand) {
        let (Some(rule), Some(found)) = (&statement.profile.token, event.token()) else {
            return;
        };
        let outcome = held(inspection, CheckId::EventToken);
        let Some(text) = found.token.text() else {
            return;
        };
        let part = Part::new("token").with("token", TokenRule::shown(text));
        let token = match CompactJws::parse(text) {
            Ok(token) => token,
            Err(JwsFault::Algorithm(message) | JwsFault::Critical(message) | JwsFault::Malformed(message)) => {
                inspection.parts.push(part.with("not_a_token", message).with("holds", holds(outcome)));
                return;
            }
        };
        let signers = Token::new(statement.request.trust, rule, statement.tenant()).signers(&token);
        let signer = signers.iter().find(|(_, key)| token.verify(key).is_ok());
        let part = part.with("signed_by", signer.map(|(name, _)| name.clone())).with("fingerprint", signer.map(|(_, key)| key.fingerprint()));
        let part = token_binding(part, rule, &token, &found);
        inspection.parts.push(part.with("holds", holds(outcome)));
        inspection.parts.push(members("token_header", token.header()));
        inspection.parts.push(members("token_claims", token.claims()));
        match signer.or(signers.first()) {
            Some((_, key)) => hand_approval::token(hand, text, key, token.verify(key)),
            None => hand.leave("the token's signature: none of your keys is for it"),
        }
    }
}

fn text(found: &event::Found<'_>) -> Fact {
    match found {
        event::Found::Absent | event::Found::Null => Fact::Nothing,
        event::Found::Other(_) => Fact::Text(found.words().into_owned()),
        event::Found::Text(text) => Fact::Text(text.clone().into_owned()),
    }
}

fn binds(rule: &PasskeyRule) -> String {
    match &rule.challenge {
        ChallengeRule::Opaque => "nothing: the challenge is random, so the signature shows that the credential was used, not for what".to_owned(),
        ChallengeRule::Sha256Jcs(pointer) => format!("{pointer}: the challenge must be the SHA-256 of its canonical form"),
    }
}

fn client_data(assertion: &Assertion) -> Part {
    let client = &assertion.client;
    let part = Part::new("client_data").with("type", client.ceremony.as_str()).with("challenge", client.challenge.as_str());
    let part = part.with("origin", client.origin.as_str()).with("crossOrigin", client.cross_origin);
    let part = part.with("topOrigin", client.top_origin.clone());
    part.with("text", String::from_utf8_lossy(&assertion.client_bytes).into_owned()).with("sha256", Digest::of(&assertion.client_bytes))
}

fn authenticator_data(bytes: &[u8], data: &AuthenticatorData, trust: &Trust) -> Part {
    let party = trust.relying_parties.iter().find(|party| Digest::of(party.rp_id.as_bytes()).0 == data.rp_id_hash);
    let flag = |mask: u8| data.flags.0 & mask != 0;
    let part = Part::new("authenticator_data").with("rpIdHash", hex(&data.rp_id_hash));
    let part = part.with("relying_party", party.map(|party| party.rp_id.clone())).with("flags", format!("0x{:02x}", data.flags.0));
    let part = part.with("UP_user_present", flag(0x01)).with("UV_user_verified", flag(0x04)).with("BE_can_be_backed_up", flag(0x08));
    let part = part.with("BS_is_backed_up", flag(0x10)).with("AT_attested_data", flag(0x40)).with("ED_extensions", flag(0x80));
    part.with("counter", u64::from(data.sign_count)).with("bytes", u64::try_from(bytes.len()).unwrap_or(u64::MAX))
}

fn key_part<K: std::ops::Deref<Target = CredentialKey>>(key: &Result<(K, Count), Option<Why>>) -> Part {
    let part = Part::new("key");
    match key {
        Ok((key, count)) => {
            let whose = match count {
                Count::Pinned => "pinned in your trust file",
                Count::VouchedFor => "the producer's word, in a bundle whose manifest a trusted key signed",
                _ => "claimed by the export alone",
            };
            part.with("provenance", whose).with("algorithm", key.algorithm().name()).with("fingerprint", key.fingerprint())
        }
        Err(why) => part.with("none", why.as_ref().map_or_else(|| "the event names no credential".to_owned(), Why::to_string)),
    }
}

/// What the claims say of the organisation and the user, beside what the event says.
fn token_binding(part: Part, rule: &TokenRule, token: &CompactJws<'_>, found: &event::Token<'_>) -> Part {
    let claim = |pointer: &Option<String>| match pointer.as_ref().and_then(|pointer| token.claims().pointer(pointer)) {
        Some(Value::String(text)) => Fact::Text(text.clone()),
        _ => Fact::Nothing,
    };
    let part = part.with("organisation", claim(&rule.organisation));
    part.with("user_of_the_token", claim(&rule.user)).with("user_of_the_event", text(&found.user))
}

/// The members of a header or of claims; times also as times.
fn members(name: &'static str, value: &Value) -> Part {
    let Value::Object(members) = value else {
        return Part::new(name);
    };
    let fact = |(name, value): &(String, Value)| {
        let text = match value {
            Value::String(text) => text.clone(),
            value => String::from_utf8_lossy(&value.canonical()).into_owned(),
        };
        let time = ["exp", "iat", "nbf"].contains(&name.as_str()).then(|| integer(text.as_bytes())).flatten();
        let time = time.and_then(|seconds| Time::from_unix_seconds(i64::try_from(seconds).ok()?));
        (name.clone(), Fact::Text(time.map_or(text.clone(), |time| format!("{text} ({time})"))))
    };
    Part { name, facts: members.iter().map(fact).collect() }
}
