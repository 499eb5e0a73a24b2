//! Which checks of single events a manifest and its profile ask for; in a raw export, which ones the profile and the auditor's keys make possible.

use std::collections::BTreeSet;

use crate::bundle::manifest::Selection;
use crate::check::{Asked, Carried, Check, DeclaredBy, Filtered, InPeriod, Mac, OfTenant, Passkey, Signature, Token, Vouched};
use crate::finding::{CheckId, Why};
use crate::trust::{SecretKind, Trust, Use};
use crate::verify::events::Statement;

/// The checks, in the order of their tallies. `filter` holds the keys of the manifest's filter that the profile can map.
pub fn checks<'p>(statement: Statement<'p>, filter: Vec<(String, String)>) -> Vec<Box<dyn Check + 'p>> {
    let Statement { manifest, profile, request, .. } = statement;
    let mut checks: Vec<Box<dyn Check + 'p>> = Vec::new();
    match manifest {
        Some(manifest) => checks.push(Box::new(InPeriod(manifest))),
        None if request.from.is_some() || request.to.is_some() => checks.push(Box::new(Asked { from: request.from, to: request.to })),
        None => {}
    }
    if let Some(tenant) = statement.tenant().filter(|_| profile.fields.tenant.is_some()) {
        checks.push(Box::new(OfTenant(tenant.to_owned())));
    }
    if let Some(Selection::Filter(keys)) = manifest.map(|manifest| &manifest.selection) {
        let time = |wanted: &str| keys.iter().find(|(key, _)| key == wanted).and_then(|(_, text)| text.parse().ok());
        checks.push(Box::new(Filtered::new(time("from"), time("to"), filter)));
    }
    if let Some(answer) = request.expect.as_ref() {
        checks.push(Box::new(answer.period));
    }
    proofs(statement, &mut checks);
    passkeys(statement, &mut checks);
    checks
}

fn proofs<'p>(statement: Statement<'p>, checks: &mut Vec<Box<dyn Check + 'p>>) {
    let Statement { profile, request, .. } = statement;
    let tenant = statement.tenant().map(str::to_owned);
    let declared = if statement.manifest.is_some() { DeclaredBy::Manifest } else { DeclaredBy::Auditor };
    if let Some(rule) = &profile.event_mac {
        checks.push(match statement.mac_key_id() {
            Some(key_id) => Box::new(Mac::new(request.trust, key_id, tenant.clone(), declared)),
            None => Box::new(Carried::new(CheckId::EventMac, statement.unchecked(&rule.member, &mac_keys(request.trust, statement.tenant())))),
        });
    }
    if let Some(rule) = &profile.event_signature {
        checks.push(match statement.signature_key_id() {
            Some(key_id) => Box::new(Signature::new(request.trust, key_id, tenant, declared)),
            None => {
                Box::new(Carried::new(CheckId::EventSignature, statement.unchecked(&rule.member, &signature_keys(request.trust, statement.tenant()))))
            }
        });
    }
}

fn passkeys<'p>(statement: Statement<'p>, checks: &mut Vec<Box<dyn Check + 'p>>) {
    let Statement { manifest, profile, opened, request } = statement;
    if let Some(rule) = &profile.passkey {
        let verified = manifest.and_then(|manifest| opened.signatures.verified(manifest, false));
        let vouched = verified.map(Vouched::by);
        checks.push(Box::new(Passkey::new(request.trust, rule, opened.credentials.as_ref(), vouched)));
    }
    if let Some(rule) = &profile.token {
        checks.push(Box::new(Token::new(request.trust, rule, statement.tenant())));
    }
}

impl<'s> Statement<'s> {
    /// The id of the key of the events' HMACs: as the manifest declares it; for a raw export, which declares nothing, the one that the auditor holds.
    pub fn mac_key_id(&self) -> Option<String> {
        match self.manifest {
            Some(manifest) => manifest.event_mac.clone(),
            None => only(mac_keys(self.request.trust, self.tenant())),
        }
    }

    /// The id of the key of the events' signatures.
    pub fn signature_key_id(&self) -> Option<String> {
        match self.manifest {
            Some(manifest) => manifest.event_signature.clone(),
            None => only(signature_keys(self.request.trust, self.tenant())),
        }
    }

    /// Why a proof that events carry cannot be checked: nothing declares it, or which of the auditor's keys it is made with.
    fn unchecked(&self, member: &str, keys: &BTreeSet<&str>) -> Why {
        let member = member.trim_start_matches('/').to_owned();
        match (self.manifest, keys.is_empty()) {
            (Some(_), _) => Why::CarriedNotDeclared(member),
            (None, true) => Why::NoKey(format!("to check the events' `{member}` with")),
            (None, false) => Why::SeveralKeys { member, ids: keys.iter().map(|id| (*id).to_owned()).collect() },
        }
    }
}

/// Where the auditor says whose log it is, those of others do not count.
fn mac_keys<'t>(trust: &'t Trust, tenant: Option<&str>) -> BTreeSet<&'t str> {
    let of = |own: Option<&str>| own.is_none() || tenant.is_none() || own == tenant;
    let secrets = trust.secrets.iter().filter(|secret| secret.kind != SecretKind::Manifest && of(secret.tenant.as_deref()));
    secrets.map(|secret| secret.id.as_str()).collect()
}

fn signature_keys<'t>(trust: &'t Trust, tenant: Option<&str>) -> BTreeSet<&'t str> {
    let keys = trust.keys.iter().filter(|key| key.uses.contains(&Use::Event) && (tenant.is_none() || key.signs_for(tenant)));
    keys.filter_map(|key| key.id.as_deref()).collect()
}

/// Which of several keys an export without a manifest means, nobody knows.
fn only(ids: BTreeSet<&str>) -> Option<String> {
    let mut ids = ids.into_iter();
    ids.next().filter(|_| ids.next().is_none()).map(str::to_owned)
}
