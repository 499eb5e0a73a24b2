//! `event.signature`: each event carries a signature (Ed25519, or ES256 where the profile says so) by a key that the auditor trusts for events.

use crate::check::{At, Check, Count, DeclaredBy, Tally};
use crate::crypto::Algorithm;
use crate::event::Event;
use crate::finding::{CheckId, Code, Finding, Why};
use crate::time::Time;
use crate::trust::{Trust, TrustedKey, Use};

/// Tests each event's signature with the key that the manifest names, as the auditor knows it.
pub struct Signature<'t> {
    key_id: String,
    /// The one whose events these should be; `None`: of each event, its own.
    tenant: Option<String>,
    declared: DeclaredBy,
    key: Option<&'t TrustedKey>,
}

impl<'t> Signature<'t> {
    /// The key of this id.
    pub fn new(trust: &'t Trust, key_id: impl Into<String>, tenant: Option<String>, declared: DeclaredBy) -> Self {
        let key_id = key_id.into();
        Self { key: trust.key(&key_id), key_id, tenant, declared }
    }

    /// Why the key may not sign an event of this time.
    fn objection(&self, key: &TrustedKey, tenant: Option<&str>, algorithm: Algorithm, time: Time) -> Option<String> {
        if !key.uses.contains(&Use::Event) {
            return Some(format!("key \"{}\" may not sign events: your trust file gives it another use", self.key_id));
        }
        if key.key.algorithm() != algorithm {
            return Some(format!("key \"{}\" is of {}, event signatures here need {}", self.key_id, key.key.algorithm().name(), algorithm.name()));
        }
        if !key.signs_for(tenant) {
            return Some(format!("key \"{}\" may not sign for tenant \"{}\"", self.key_id, tenant.unwrap_or_default()));
        }
        let (from, to) = key.valid.unwrap_or_default();
        let outside = from.is_some_and(|from| time < from) || to.is_some_and(|to| time > to);
        outside.then(|| format!("the event's time {time} lies outside the validity of key \"{}\"", self.key_id))
    }
}

impl Check for Signature<'_> {
    fn id(&self) -> CheckId {
        CheckId::EventSignature
    }

    fn examine(&self, event: &Event<'_>, at: &At<'_>, tally: &mut Tally) {
        if !event.carries_signature() {
            tally.missing = true;
            tally.count(Count::Missing);
            return tally.refute(at.number, || {
                Finding::new(Code::EventSignatureMissing, format!("the event carries no signature, {}", self.declared.words()))
                    .at(at.event_ref(Some(event)))
            });
        }
        let Some(signature) = &event.signature_bytes else {
            return tally.leave(|| Why::Unreadable);
        };
        let Some(key) = self.key else {
            return tally.leave(|| Why::KeyNotTrusted(vec![self.key_id.clone()]));
        };
        let Some(time) = event.time else {
            return tally.leave(|| Why::Unreadable);
        };
        let tenant = self.tenant.as_deref().or(event.tenant.as_deref());
        if self.declared == DeclaredBy::Auditor && !key.signs_for(tenant) {
            // nobody claims that this key signed the event
            return tally.leave(|| Why::NoKey(format!("that may sign for tenant \"{}\"", tenant.unwrap_or_default())));
        }
        if let Some(objection) = self.objection(key, tenant, event.signature_algorithm(), time) {
            return tally.refute(at.number, || Finding::new(Code::EventSignatureKey, objection).at(at.event_ref(Some(event))));
        }
        if !key.key.verify(&event.signature_covers(), signature) {
            let message = format!("the event's signature does not fit its bytes under key \"{}\"", self.key_id);
            return tally.refute(at.number, || Finding::new(Code::EventSignature, message).at(at.event_ref(Some(event))));
        }
        // whoever stole the key writes the event's time too: no date makes it safe
        if key.compromised_since.is_some() {
            return tally.leave(|| Why::Compromised(self.key_id.clone()));
        }
        tally.uphold();
    }
}
