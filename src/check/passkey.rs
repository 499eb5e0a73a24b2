//! `event.passkey`: each sensitive action carries a passkey assertion, checked by the steps of WebAuthn Level 3, section 7.2. Which key counts, and how
//! much, is decided here: pinned by the auditor, vouched for by a verified manifest, or merely claimed. Not here: what several events show together.

mod assertion;
mod keys;

use std::sync::Arc;

use crate::bundle::credentials::Credentials;
use crate::check::{At, Check, Contradiction, Count, Tally, Vouched};
use crate::crypto::CredentialKey;
use crate::crypto::webauthn::{self, Fault, Party, Step};
use crate::digest::Digest;
use crate::event::{self, Event, Found};
use crate::finding::{CheckId, Code, Finding, Why};
use crate::profile::{ChallengeRule, PasskeyRule};
use crate::trust::{RelyingParty, Trust, UserVerification};

pub use self::assertion::{Assertion, Flaw};
use self::keys::{Keys, Resolved, Standing};

/// Tests each event's assertion.
pub struct Passkey<'t> {
    rule: &'t PasskeyRule,
    parties: &'t [RelyingParty],
    keys: Keys<'t>,
}

/// What one assertion comes to.
#[derive(Default)]
struct Outcome {
    faults: Vec<Contradiction>,
    /// Why it could not be tested to the end.
    open: Option<Why>,
    standing: Option<Standing>,
}

impl<'t> Passkey<'t> {
    /// By this rule, with the auditor's keys, those that the bundle states, and whether a verified manifest vouches for them.
    pub fn new(trust: &'t Trust, rule: &'t PasskeyRule, stated: Option<&'t Credentials>, vouched: Option<Vouched>) -> Self {
        Self { rule, parties: &trust.relying_parties, keys: Keys::new(trust, stated, vouched) }
    }

    /// The key that an event's assertion is checked with, and whose word it is ([`Count::Pinned`], [`Count::VouchedFor`], [`Count::Claimed`]); or why
    /// there is none.
    pub fn key(&self, found: &event::Passkey<'_>) -> Result<(Arc<CredentialKey>, Count), Option<Why>> {
        let id = found.credential.text().ok_or(None)?;
        let Resolved { key, standing, open, .. } = self.keys.resolve(id, found.user.text(), &found.public_key);
        key.zip(standing.map(Standing::count)).ok_or(open)
    }

    /// The relying party that an assertion is held against.
    pub fn relying_party(&self, assertion: &Assertion) -> Option<&'t RelyingParty> {
        self.party(assertion)
    }

    fn outcome(&self, found: &event::Passkey<'_>) -> Result<Outcome, Flaw> {
        let assertion = Assertion::read(found, self.rule)?;
        let party = self.party(&assertion);
        let bound = match (&self.rule.challenge, &found.bound) {
            (ChallengeRule::Opaque, _) => None,
            (ChallengeRule::Sha256Jcs(_), Some(Found::Other(text))) => Some(Digest::of(text).0),
            (ChallengeRule::Sha256Jcs(pointer), _) => {
                return Err(Flaw::Refuted(
                    Code::PasskeyChallenge,
                    format!("expected at {pointer} what the challenge is the digest of, found nothing"),
                ));
            }
        };
        let ceremony = if assertion.authenticator.is_some() { "webauthn.get" } else { "key.get" };
        let expected = webauthn::Expected { ceremony, relying_party: party.map(as_party), challenge: bound.as_ref() };
        let faults = webauthn::examine(&assertion.client, assertion.authenticator.as_ref().map(|(_, data)| data), &expected);
        let mut outcome = Outcome { faults: faults.into_iter().map(told).collect(), ..Outcome::default() };
        self.examine_key(found, &assertion, &mut outcome);
        if party.is_none() {
            outcome.open = outcome.open.or_else(|| Some(Why::NoneTrusted("relying party".to_owned())));
        }
        Ok(outcome)
    }

    /// The relying party that lists the origin; where none does, the one that the authenticator data names, so that the difference can be told.
    fn party(&self, assertion: &Assertion) -> Option<&'t RelyingParty> {
        let hash = assertion.authenticator.as_ref().map(|(_, data)| data.rp_id_hash);
        let lists = |party: &&RelyingParty| party.origins.contains(&assertion.client.origin);
        let hashed = |party: &&RelyingParty| hash == Some(Digest::of(party.rp_id.as_bytes()).0);
        self.parties.iter().find(lists).or_else(|| self.parties.iter().find(hashed)).or_else(|| self.parties.first())
    }

    fn examine_key(&self, found: &event::Passkey<'_>, assertion: &Assertion, outcome: &mut Outcome) {
        let Some(id) = found.credential.text() else {
            let message = format!("expected the id of a credential at {}, found {}", self.rule.credential, found.credential.words());
            return outcome.faults.push(Contradiction::new(Code::PasskeyMalformed, message));
        };
        let Resolved { key, standing, faults, open } = self.keys.resolve(id, found.user.text(), &found.public_key);
        outcome.faults.extend(faults);
        (outcome.standing, outcome.open) = (standing, open);
        let Some(key) = key.filter(|key| !key.verify(&assertion.signed_bytes(), &assertion.signature)) else {
            return;
        };
        let (name, fingerprint) = (key.algorithm().name(), key.fingerprint());
        let message = format!("the assertion's signature does not fit its bytes under the {name} key of credential \"{id}\" ({fingerprint})");
        outcome.faults.push(Contradiction::new(Code::PasskeySignature, message));
    }

    /// An event without an assertion.
    fn without(event: &Event<'_>, found: &event::Passkey<'_>, tally: &mut Tally) {
        let carries_token = event.token().is_some_and(|token| !token.token.is_nothing());
        match (found.names_somebody(), carries_token) {
            (true, _) => tally.leave(|| Why::NoAssertion("an event names a user or a credential, but carries no assertion".to_owned())),
            (false, true) => tally.leave(|| Why::NoAssertion("an event carries a token, so somebody acted, but no assertion".to_owned())),
            (false, false) => tally.count(Count::System),
        }
    }
}

impl Check for Passkey<'_> {
    fn id(&self) -> CheckId {
        CheckId::EventPasskey
    }

    fn examine(&self, event: &Event<'_>, at: &At<'_>, tally: &mut Tally) {
        let Some(found) = event.passkey() else {
            return;
        };
        if found.assertion.is_nothing() {
            return Self::without(event, &found, tally);
        }
        let outcome = match self.outcome(&found) {
            Ok(outcome) => outcome,
            Err(Flaw::Refuted(code, message)) => {
                return tally.refute(at.number, || Finding::new(code, message).at(at.event_ref(Some(event))));
            }
            Err(Flaw::Untested(why)) => return tally.leave(|| why),
        };
        tally.contradict(&outcome.faults, event, at);
        if let Some(standing) = outcome.standing {
            tally.count(standing.count());
        }
        match outcome.open {
            _ if !outcome.faults.is_empty() => {}
            Some(why) => tally.leave(|| why),
            None => tally.uphold(),
        }
    }
}

fn as_party(party: &RelyingParty) -> Party<'_> {
    Party {
        rp_id: &party.rp_id,
        origins: &party.origins,
        user_verification: party.user_verification == UserVerification::Required,
        cross_origin: party.cross_origin,
    }
}

fn told(fault: Fault) -> Contradiction {
    let code = match fault.step {
        Step::Backup => Code::PasskeyBackup,
        Step::Challenge => Code::PasskeyChallenge,
        Step::CrossOrigin => Code::PasskeyCrossOrigin,
        Step::Origin => Code::PasskeyOrigin,
        Step::RpId => Code::PasskeyRpId,
        Step::Type => Code::PasskeyType,
        Step::UserPresence => Code::PasskeyUserPresence,
        Step::UserVerification => Code::PasskeyUserVerification,
    };
    Contradiction::new(code, fault.message).values(fault.stated, fault.expected)
}
