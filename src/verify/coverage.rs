//! Which member of an event is covered by which proof that holds. A proof that does not hold, or was not tested, covers nothing.

mod whole;

use crate::finding::CheckId;
use crate::json::Value;
use crate::profile::{ChallengeRule, Profile};
use crate::report::{Cover, Status};
use crate::verify::{Verified, Worth};

/// The checks of single events whose outcome decides about a cover.
const PROOFS: [CheckId; 4] = [CheckId::EventMac, CheckId::EventPasskey, CheckId::EventSignature, CheckId::EventToken];

/// The proofs that hold for one event.
pub(super) struct Proofs<'p> {
    profile: &'p Profile,
    holding: Vec<Cover>,
}

impl<'p> Proofs<'p> {
    /// `own` says whether a check of single events held on this one.
    pub(super) fn of(verified: &Verified, profile: &'p Profile, number: u64, own: &dyn Fn(CheckId) -> bool) -> Self {
        let holds = |cover: &Cover| match cover {
            Cover::Hash => profile.chain.is_some() && verified.worth(number) == Worth::Proven,
            Cover::Mac => own(CheckId::EventMac),
            Cover::Manifest => verified.is_upheld(CheckId::ManifestSignature) && verified.opened.events_are_as_listed(),
            Cover::Passkey => own(CheckId::EventPasskey),
            Cover::Signature => own(CheckId::EventSignature),
            Cover::Token => own(CheckId::EventToken),
        };
        Self { profile, holding: Cover::ALL.iter().copied().filter(holds).collect() }
    }

    /// Those that cover one value.
    pub(super) fn covering(&self, pointer: &str) -> Vec<Cover> {
        self.holding.iter().copied().filter(|cover| self.covers(*cover, pointer)).collect()
    }

    fn covers(&self, cover: Cover, pointer: &str) -> bool {
        let Profile { chain, event_mac, event_signature, passkey, token, .. } = self.profile;
        let outside = |without: &[String]| !without.iter().any(|left_out| is_in(pointer, left_out));
        match cover {
            Cover::Manifest => true,
            Cover::Hash => chain.as_ref().is_some_and(|rule| outside(&rule.without)),
            Cover::Mac => event_mac.as_ref().is_some_and(|rule| outside(&rule.without)),
            Cover::Signature => event_signature.as_ref().is_some_and(|rule| outside(&rule.without)),
            Cover::Passkey => passkey.as_ref().is_some_and(|rule| {
                let bound = match &rule.challenge {
                    ChallengeRule::Opaque => None,
                    ChallengeRule::Sha256Jcs(pointer) => Some(pointer),
                };
                [&rule.authenticator_data, &rule.client_data].into_iter().chain(bound).any(|signed| is_in(pointer, signed))
            }),
            Cover::Token => token.as_ref().is_some_and(|rule| is_in(pointer, &rule.member)),
        }
    }
}

impl Verified {
    fn is_upheld(&self, id: CheckId) -> bool {
        self.report.row(id).is_some_and(|row| row.status == Status::Upheld)
    }
}

/// Whether a pointer is another one, or points into what that points at.
fn is_in(pointer: &str, whole: &str) -> bool {
    pointer.strip_prefix(whole).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Values that hold no others, and empty arrays and objects, with their JSON Pointers (RFC 6901). `opens` says whether the items of an array are
/// values of their own.
pub(super) fn leaves<'v>(event: &'v Value, opens: &dyn Fn(&str) -> bool) -> Vec<(String, &'v Value)> {
    let mut leaves = Vec::new();
    flatten(event, String::new(), opens, &mut leaves);
    leaves
}

fn flatten<'v>(value: &'v Value, pointer: String, opens: &dyn Fn(&str) -> bool, leaves: &mut Vec<(String, &'v Value)>) {
    match value {
        Value::Array(items) if !items.is_empty() && opens(&pointer) => {
            items.iter().enumerate().for_each(|(index, item)| flatten(item, format!("{pointer}/{index}"), opens, leaves));
        }
        Value::Object(members) if !members.is_empty() => {
            for (name, value) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                flatten(value, format!("{pointer}/{name}"), opens, leaves);
            }
        }
        value => leaves.push((pointer, value)),
    }
}
