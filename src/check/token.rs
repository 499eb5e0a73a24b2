//! `event.token`: each sensitive action carries a token (RFC 7519) as a compact JWS, signed by a key that the auditor trusts, valid when the event
//! happened, and about this event's user and tenant. The key fixes the algorithm; a clock is never asked. The token is a bearer's: no finding repeats it.

mod signers;

use crate::check::{At, Check, Contradiction, Count, Tally};
use crate::crypto::CredentialKey;
use crate::crypto::jws::{CompactJws, JwsFault, NotSigned};
use crate::event::{self, Event, Found};
use crate::finding::{CheckId, Code, Finding, Why};
use crate::json::{Value, integer};
use crate::profile::TokenRule;
use crate::time::Time;
use crate::trust::Trust;

use self::signers::Signer;

/// Seconds by which two clocks may differ.
const LEEWAY: i64 = 60;

/// Tests each event's token.
pub struct Token<'t> {
    rule: &'t TokenRule,
    trust: &'t Trust,
    /// Whose events these should be.
    tenant: Option<&'t str>,
}

/// What one token comes to.
#[derive(Default)]
struct Outcome {
    faults: Vec<Contradiction>,
    open: Option<Why>,
    /// Whether nothing in the token names the user.
    unbound: bool,
}

impl<'t> Token<'t> {
    /// By this rule, with the auditor's keys, for the tenant that the manifest states or the auditor asked for.
    pub fn new(trust: &'t Trust, rule: &'t TokenRule, tenant: Option<&'t str>) -> Self {
        Self { rule, trust, tenant }
    }

    /// The auditor's keys that may have signed a token, each with what to call it.
    pub fn signers(&self, token: &CompactJws<'_>) -> Vec<(String, CredentialKey)> {
        let found = signers::find(self.trust, text(token.claims().member("iss")), token.key_id());
        found.unwrap_or_default().into_iter().map(|signer| (signer.name, signer.key.clone())).collect()
    }

    fn outcome(&self, text: &str, user: &Found<'_>, time: Option<Time>) -> Outcome {
        let mut outcome = Outcome::default();
        let token = match CompactJws::parse(text) {
            Ok(token) => token,
            Err(fault) => {
                outcome.refute(malformed(fault));
                return outcome;
            }
        };
        self.signature(&token, time, &mut outcome);
        self.times(token.claims(), time, &mut outcome);
        self.binding(token.claims(), user, &mut outcome);
        outcome
    }

    fn signature(&self, token: &CompactJws<'_>, time: Option<Time>, outcome: &mut Outcome) {
        let issuer = token.claims().member("iss");
        if let Some(issuer) = issuer.filter(|issuer| !matches!(issuer, Value::String(_))) {
            return outcome.refute(Contradiction::new(Code::TokenClaims, format!("expected a string in the claim `iss`, found {}", issuer.kind())));
        }
        let candidates = match signers::find(self.trust, text(issuer), token.key_id()) {
            Ok(candidates) => candidates,
            Err(signers::Unknown::Issuer(found, known)) => {
                let message = format!("the token is of issuer {found}, which your trust file does not list");
                return outcome.refute(Contradiction::new(Code::TokenIssuer, message).values(found, known));
            }
            Err(signers::Unknown::Use(message)) => return outcome.refute(Contradiction::new(Code::TokenKey, message)),
            Err(signers::Unknown::Key(why)) => return outcome.leave(why),
        };
        let results: Vec<_> = candidates.iter().map(|signer| (signer, token.verify(signer.key))).collect();
        if let Some((signer, _)) = results.iter().find(|(_, result)| result.is_ok()) {
            return self.examine_signer(signer, time, outcome);
        }
        let names = candidates.iter().map(|signer| signer.name.as_str()).collect::<Vec<_>>().join(", ");
        match results.iter().find(|(_, result)| *result == Err(NotSigned::Signature)).or(results.first()) {
            Some((_, Err(NotSigned::Algorithm(theirs, ours)))) => {
                let message = format!("the token's header names the algorithm {theirs}, the trusted key ({names}) has {ours}");
                outcome.refute(Contradiction::new(Code::TokenAlgorithm, message).values(theirs.clone(), (*ours).to_owned()));
            }
            _ => outcome.refute(Contradiction::new(Code::TokenSignature, format!("the token's signature does not fit its bytes under {names}"))),
        }
    }

    /// What the trust file says of the key that signed.
    fn examine_signer(&self, signer: &Signer<'_>, time: Option<Time>, outcome: &mut Outcome) {
        let name = &signer.name;
        if let (Some(tenants), Some(tenant)) = (signer.tenants, self.tenant)
            && !tenants.iter().any(|own| own == tenant)
        {
            return outcome.refute(Contradiction::new(Code::TokenKey, format!("{name} may not sign for tenant \"{tenant}\"")));
        }
        let (from, to) = signer.valid.unwrap_or_default();
        if let Some(time) = time.filter(|time| from.is_some_and(|from| *time < from) || to.is_some_and(|to| *time > to)) {
            return outcome.refute(Contradiction::new(Code::TokenKey, format!("the event's time {time} lies outside the validity of {name}")));
        }
        if signer.compromised {
            outcome.leave(Why::Compromised(name.clone()));
        }
    }

    /// `exp`, `nbf`, `iat` (RFC 7519, sections 4.1.4 to 4.1.6), at the time of the event.
    fn times(&self, claims: &Value, time: Option<Time>, outcome: &mut Outcome) {
        const CLAIMS: [&str; 3] = ["exp", "nbf", "iat"];
        if CLAIMS.iter().all(|name| claims.member(name).is_none()) {
            outcome.leave(Why::NoAssertion("a token states no time: neither `exp` nor `nbf` nor `iat`".to_owned()));
        }
        for name in CLAIMS {
            let Some(claim) = claims.member(name) else { continue };
            let seconds = match claim {
                Value::Number(_, text) => integer(text.as_bytes()).and_then(|seconds| i64::try_from(seconds).ok()),
                _ => None,
            };
            let Some(seconds) = seconds else {
                let message = format!("expected whole seconds since 1970 in the claim `{name}`, found {}", claim.kind());
                outcome.refute(Contradiction::new(Code::TokenClaims, message));
                continue;
            };
            let Some(time) = time else {
                outcome.leave(Why::NoAssertion("an event states no time at which its token could be judged".to_owned()));
                continue;
            };
            // what lies beyond the year 9999 lies behind every event
            let at = |seconds: i64| Time::from_unix_seconds(seconds);
            let (wrong, what) = match name {
                "exp" => (at(seconds.saturating_add(LEEWAY)).is_some_and(|end| end < time), "had expired"),
                _ => (at(seconds.saturating_sub(LEEWAY)).is_none_or(|start| start > time), "was not valid yet"),
            };
            if wrong {
                let stated = at(seconds).map_or_else(|| seconds.to_string(), |time| time.to_string());
                let message = format!("the token {what} when the event happened: `{name}` is {stated}, the event's time {time}");
                outcome.refute(Contradiction::new(Code::TokenTime, message).values(stated, time.to_string()));
            }
        }
    }

    /// What ties the token to this event: organisation, user, audience.
    fn binding(&self, claims: &Value, user: &Found<'_>, outcome: &mut Outcome) {
        if let Some(pointer) = &self.rule.organisation {
            let stated = claims.pointer(pointer);
            if let Some(other) = stated.filter(|stated| !matches!(stated, Value::String(_) | Value::Null)) {
                outcome
                    .refute(Contradiction::new(Code::TokenClaims, format!("expected a string as the token's organisation, found {}", other.kind())));
            }
            match (text(stated), self.tenant) {
                (Some(found), Some(tenant)) if found != tenant => {
                    let message = format!("the token is of organisation \"{found}\", expected \"{tenant}\"");
                    outcome.refute(Contradiction::new(Code::TokenTenant, message).values(found.to_owned(), tenant.to_owned()));
                }
                (None, _) => outcome.leave(Why::NoAssertion(format!("a token names no organisation at {pointer} of its claims"))),
                _ => {}
            }
        }
        if let Some(audience) = self.rule.audience.as_ref().filter(|audience| !names(claims.member("aud"), audience)) {
            outcome
                .refute(Contradiction::new(Code::TokenAudience, format!("expected the audience \"{audience}\" in the claim `aud`, found another")));
        }
        let stated = self.rule.user.as_ref().and_then(|pointer| claims.pointer(pointer));
        match stated {
            None | Some(Value::Null) => outcome.unbound = true,
            Some(Value::String(stated)) if user.text() == Some(stated) => {}
            Some(Value::String(stated)) => {
                let found = user.words();
                let message = format!("the token is of user \"{stated}\", the event names {found}");
                outcome.refute(Contradiction::new(Code::TokenUser, message).values(stated.clone(), found.into_owned()));
            }
            Some(other) => {
                outcome.refute(Contradiction::new(Code::TokenClaims, format!("expected a string as the token's user, found {}", other.kind())))
            }
        }
    }

    /// An event without a token.
    fn without(event: &Event<'_>, found: &event::Token<'_>, tally: &mut Tally) {
        let passkey = event.passkey();
        let named = passkey.as_ref().map_or(!found.user.is_nothing(), event::Passkey::names_somebody);
        if !named && passkey.is_none_or(|passkey| passkey.assertion.is_nothing()) {
            return tally.count(Count::System);
        }
        tally.leave(|| Why::NoAssertion("an event names a user or a credential, but carries no token".to_owned()));
    }
}

impl Check for Token<'_> {
    fn id(&self) -> CheckId {
        CheckId::EventToken
    }

    fn examine(&self, event: &Event<'_>, at: &At<'_>, tally: &mut Tally) {
        let Some(found) = event.token() else {
            return;
        };
        if found.token.is_nothing() {
            return Self::without(event, &found, tally);
        }
        let Some(token) = found.token.text() else {
            let message = format!("expected a token as text or null at {}, found another value", self.rule.member);
            return tally.refute(at.number, || Finding::new(Code::TokenMalformed, message).at(at.event_ref(Some(event))));
        };
        let outcome = self.outcome(token, &found.user, event.time);
        tally.contradict(&outcome.faults, event, at);
        if outcome.unbound {
            tally.count(Count::Unbound);
        }
        match outcome.open {
            _ if !outcome.faults.is_empty() => {}
            Some(why) => tally.leave(|| why),
            None => tally.uphold(),
        }
    }
}

impl Outcome {
    fn refute(&mut self, contradiction: Contradiction) {
        self.faults.push(contradiction);
    }

    fn leave(&mut self, why: Why) {
        self.open.get_or_insert(why);
    }
}

fn malformed(fault: JwsFault) -> Contradiction {
    match fault {
        JwsFault::Algorithm(message) => Contradiction::new(Code::TokenAlgorithm, message),
        JwsFault::Critical(message) => Contradiction::new(Code::TokenCritical, message),
        JwsFault::Malformed(message) => Contradiction::new(Code::TokenMalformed, message),
    }
}

fn text(value: Option<&Value>) -> Option<&str> {
    match value {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

/// `aud` is one string or an array of strings (RFC 7519, section 4.1.3).
fn names(claim: Option<&Value>, audience: &str) -> bool {
    match claim {
        Some(Value::String(text)) => text == audience,
        Some(Value::Array(items)) => items.iter().any(|item| matches!(item, Value::String(text) if text == audience)),
        _ => false,
    }
}
