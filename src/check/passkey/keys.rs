//! Which key an assertion is checked with, and what it is worth. A key of the auditor comes first, then what the producer states.

use std::collections::HashMap;
use std::sync::Arc;

use crate::bundle::credentials::Credentials;
use crate::check::{Contradiction, Count, StatedKey, StatedKeys, Vouched};
use crate::crypto::{CredentialKey, KeyTrouble};
use crate::event::Found;
use crate::finding::{Code, Why};
use crate::trust::{Credential, Trust};

/// What a key is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It stands only in the export.
    Claimed,
    /// The auditor pins it.
    Pinned,
    /// It stands in a bundle whose manifest a trusted key signed.
    VouchedFor,
}

impl Standing {
    pub(super) fn count(self) -> Count {
        match self {
            Self::Claimed => Count::Claimed,
            Self::Pinned => Count::Pinned,
            Self::VouchedFor => Count::VouchedFor,
        }
    }
}

/// The key for one event, and what its sources contradict.
#[derive(Default)]
pub(super) struct Resolved {
    pub(super) key: Option<Arc<CredentialKey>>,
    pub(super) standing: Option<Standing>,
    pub(super) faults: Vec<Contradiction>,
    /// Why a signature that fits still upholds nothing, or why there is no key.
    pub(super) open: Option<Why>,
}

/// The keys that are known.
pub(super) struct Keys<'t> {
    pinned: HashMap<&'t str, (&'t Credential, Arc<CredentialKey>)>,
    stated: Option<&'t Credentials>,
    vouched: Option<Vouched>,
    in_events: StatedKeys,
}

impl<'t> Keys<'t> {
    pub(super) fn new(trust: &'t Trust, stated: Option<&'t Credentials>, vouched: Option<Vouched>) -> Self {
        let pinned = trust.credentials.iter().map(|credential| (credential.id.as_str(), (credential, Arc::new(credential.key.clone()))));
        Self { pinned: pinned.collect(), stated, vouched, in_events: StatedKeys::default() }
    }

    /// The key of a credential, as the user that the event names is said to hold it.
    pub(super) fn resolve(&self, id: &str, user: Option<&str>, in_event: &Found<'_>) -> Resolved {
        let mut resolved = Resolved::default();
        let pinned = self.pinned.get(id);
        let listed = self.stated.and_then(|stated| stated.find(id));
        resolved.compare_owner(id, user, pinned.map(|(credential, _)| credential.user.as_str()), "your trust file");
        resolved.compare_owner(id, user, listed.map(|listed| listed.user.as_str()), "the credentials file");
        let pinned = pinned.map(|(_, key)| Ok(key.clone()));
        let listed = listed.map(|listed| listed.key.clone().map(Arc::new));
        let event = self.in_event(in_event, &mut resolved);
        resolved.compare_keys(id, &[(&pinned, "your trust file"), (&listed, "the credentials file"), (&event, "the event")]);
        resolved.choose(id, pinned, listed.or(event), self.vouched);
        resolved
    }

    /// The key that stands in the event; none where there is nothing.
    fn in_event(&self, found: &Found<'_>, resolved: &mut Resolved) -> Option<StatedKey> {
        let text = match found {
            Found::Absent | Found::Null => return None,
            Found::Text(text) => text,
            Found::Other(_) => {
                resolved.refute(Code::PasskeyKey, format!("expected a public key as text, found {}", found.words()), None);
                return None;
            }
        };
        let stated = self.in_events.read(text);
        if let Err(KeyTrouble::Malformed(error)) = &stated {
            resolved.refute(Code::PasskeyKey, format!("the event's public key cannot be used: {}", error.what), None);
            return None;
        }
        Some(stated)
    }
}

impl Resolved {
    fn refute(&mut self, code: Code, message: String, values: Option<(String, String)>) {
        self.faults.push(Contradiction { code, message, values });
    }

    fn compare_owner(&mut self, id: &str, user: Option<&str>, owner: Option<&str>, whose: &str) {
        let Some(owner) = owner.filter(|owner| Some(*owner) != user) else {
            return;
        };
        let stated = user.map_or_else(|| "nobody".to_owned(), |user| format!("\"{user}\""));
        let message = format!("the event names {stated}, by {whose} the credential \"{id}\" belongs to \"{owner}\"");
        self.refute(Code::PasskeyCredential, message, Some((stated, format!("\"{owner}\""))));
    }

    /// All sources must state one key.
    fn compare_keys(&mut self, id: &str, sources: &[(&Option<StatedKey>, &str)]) {
        let known = sources.iter().filter_map(|(key, whose)| Some((key.as_ref()?.as_ref().ok()?, *whose)));
        let known: Vec<_> = known.collect();
        for ((left, one), (right, other)) in known.iter().zip(known.iter().skip(1)) {
            if left.spki() != right.spki() {
                let message = format!("{other} has another public key for credential \"{id}\" than {one}");
                self.refute(Code::PasskeyKeyMismatch, message, Some((right.fingerprint(), left.fingerprint())));
            }
        }
    }

    fn choose(&mut self, id: &str, pinned: Option<StatedKey>, stated: Option<StatedKey>, vouched: Option<Vouched>) {
        let standing = match (&pinned, vouched) {
            (Some(_), _) => Standing::Pinned,
            (None, Some(_)) => Standing::VouchedFor,
            (None, None) => Standing::Claimed,
        };
        self.open = match pinned.or(stated) {
            Some(Ok(key)) => {
                (self.key, self.standing) = (Some(key), Some(standing));
                (standing == Standing::Claimed).then(|| Why::ClaimedKey(format!("the public key of credential \"{id}\"")))
            }
            Some(Err(KeyTrouble::NotSupported(name))) => Some(Why::NotSupported(format!("keys of the kind {name}"))),
            Some(Err(KeyTrouble::Fingerprint)) => {
                Some(Why::NoKey(format!("for credential \"{id}\": what the event carries is a fingerprint, which is no key")))
            }
            Some(Err(KeyTrouble::Malformed(_))) | None => Some(Why::NoKey(format!("for credential \"{id}\""))),
        };
    }
}
