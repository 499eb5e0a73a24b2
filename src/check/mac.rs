//! `event.mac`: each event carries an HMAC-SHA-256 (RFC 2104), by the tenant's key of its month (RFC 5869) where the profile derives one. The tag that would fit is never reported:
//! in the hands of whoever altered the event, it would make the forgery whole.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use crate::check::{At, Check, Count, DeclaredBy, Tally};
use crate::crypto::MacKey;
use crate::event::Event;
use crate::finding::{CheckId, Code, Finding, Why};
use crate::profile::MacKeyRule;
use crate::trust::Trust;

/// Derived keys that are kept: a file of a million tenants does not fill the memory.
const KEPT: usize = 10_000;

/// Tests each event's HMAC with the key of its own month, where the auditor holds it.
pub struct Mac<'t> {
    trust: &'t Trust,
    key_id: String,
    /// The one whose events these should be; `None`: of each event, its own.
    tenant: Option<String>,
    declared: DeclaredBy,
    epochs: RwLock<HashMap<(String, String), Option<MacKey>>>,
}

impl<'t> Mac<'t> {
    /// The keys of this id and tenant.
    pub fn new(trust: &'t Trust, key_id: impl Into<String>, tenant: Option<String>, declared: DeclaredBy) -> Self {
        Self { trust, key_id: key_id.into(), tenant, declared, epochs: RwLock::default() }
    }

    fn key(&self, tenant: &str, epoch: &str, rule: MacKeyRule) -> Option<MacKey> {
        let place = (tenant.to_owned(), epoch.to_owned());
        if let Some(known) = self.epochs.read().unwrap_or_else(PoisonError::into_inner).get(&place) {
            return known.clone();
        }
        let key = match rule {
            MacKeyRule::Direct => self.trust.direct_mac_key(&self.key_id, tenant, epoch),
            MacKeyRule::HkdfEpoch => self.trust.mac_key(&self.key_id, tenant, epoch),
        };
        let mut epochs = self.epochs.write().unwrap_or_else(PoisonError::into_inner);
        if epochs.len() < KEPT {
            epochs.insert(place, key.clone());
        }
        key
    }
}

impl Check for Mac<'_> {
    fn id(&self) -> CheckId {
        CheckId::EventMac
    }

    fn examine(&self, event: &Event<'_>, at: &At<'_>, tally: &mut Tally) {
        if !event.carries_mac() {
            tally.missing = true;
            tally.count(Count::Missing);
            return tally.refute(at.number, || {
                Finding::new(Code::EventMacMissing, format!("the event carries no HMAC, {}", self.declared.words())).at(at.event_ref(Some(event)))
            });
        }
        let (Some(tag), Some(time)) = (event.mac_tag, event.time) else {
            return tally.leave(|| Why::Unreadable);
        };
        let epoch = time.month();
        let rule = event.mac_key();
        // a key that is derived is one of a tenant; a secret that is the key may be anybody's
        let tenant = self.tenant.as_deref().or(event.tenant.as_deref()).or((rule == MacKeyRule::Direct).then_some(""));
        let Some(tenant) = tenant else {
            return tally.leave(|| Why::Unreadable);
        };
        match self.key(tenant, &epoch, rule) {
            None => tally.leave(|| Why::NoKey(format!("\"{}\" for {epoch}", self.key_id))),
            Some(key) if key.verify(&event.mac_covers(), &tag) => tally.uphold(),
            Some(_) => tally.refute(at.number, || {
                let message = format!("the event's HMAC does not fit its bytes under key \"{}\", epoch {epoch}", self.key_id);
                Finding::new(Code::EventMac, message).at(at.event_ref(Some(event)))
            }),
        }
    }
}
