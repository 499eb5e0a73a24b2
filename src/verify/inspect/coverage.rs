//! Which member of an event is covered by which proof that holds. A proof that does not hold, or was not tested, covers nothing.

use crate::digest::Digest;
use crate::finding::{CheckId, Outcome};
use crate::json::Value;
use crate::profile::{ChallengeRule, Profile};
use crate::report::{BundleReport, Cover, Field, Inspection, Status};
use crate::verify::Worth;

use super::held;

/// Characters of a token that are shown.
const TOKEN_SHOWN: usize = 12;

/// The proofs that hold for one event.
pub(super) struct Proofs<'p> {
    profile: &'p Profile,
    holding: Vec<Cover>,
}

impl<'p> Proofs<'p> {
    pub(super) fn of(profile: &'p Profile, report: &BundleReport, worth: Worth, inspection: &Inspection) -> Self {
        let row = |id: CheckId| report.row(id).is_some_and(|row| row.status == Status::Upheld);
        let own = |id: CheckId| held(inspection, id) == Some(Outcome::Upheld);
        let holds = |cover: &Cover| match cover {
            Cover::Hash => profile.chain.is_some() && worth == Worth::Proven,
            Cover::Mac => own(CheckId::EventMac),
            Cover::Manifest => row(CheckId::ManifestSignature) && row(CheckId::ManifestFiles),
            Cover::Passkey => own(CheckId::EventPasskey),
            Cover::Signature => own(CheckId::EventSignature),
            Cover::Token => own(CheckId::EventToken),
        };
        Self { profile, holding: Cover::ALL.iter().copied().filter(holds).collect() }
    }

    /// All values of an event.
    pub(super) fn fields(&self, event: &Value) -> Vec<Field> {
        let mut leaves = Vec::new();
        flatten(event, String::new(), &mut leaves);
        let token = self.profile.token.as_ref().map(|rule| rule.member.as_str());
        let field = |(pointer, value): (String, &Value)| {
            let value = match value {
                Value::String(text) if token == Some(pointer.as_str()) => shown_token(text),
                value => String::from_utf8_lossy(&value.canonical()).into_owned(),
            };
            Field { covered_by: self.holding.iter().copied().filter(|cover| self.covers(*cover, &pointer)).collect(), pointer, value }
        };
        leaves.into_iter().map(field).collect()
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

/// The first characters and the digest of a token: whoever holds all of it may use it.
pub(super) fn shown_token(text: &str) -> String {
    let start: String = text.chars().take(TOKEN_SHOWN).collect();
    format!("{start}… ({} bytes, {})", text.len(), Digest::of(text.as_bytes()))
}

fn is_in(pointer: &str, whole: &str) -> bool {
    pointer.strip_prefix(whole).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Values that hold no others, and empty arrays and objects, with their JSON Pointers (RFC 6901).
fn flatten<'v>(value: &'v Value, pointer: String, leaves: &mut Vec<(String, &'v Value)>) {
    match value {
        Value::Array(items) if !items.is_empty() => {
            items.iter().enumerate().for_each(|(index, item)| flatten(item, format!("{pointer}/{index}"), leaves));
        }
        Value::Object(members) if !members.is_empty() => {
            for (name, value) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                flatten(value, format!("{pointer}/{name}"), leaves);
            }
        }
        value => leaves.push((pointer, value)),
    }
}
