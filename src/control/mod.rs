//! Controls: what an auditing standard asks for, and which events bear on it, written down as data. The built-in ones are a TOML file compiled into
//! the binary; a user's own is a file of the same form. Not here: any judgement whether a control is met.

mod read;

use std::sync::LazyLock;

use serde::Deserialize;

/// One control.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// `soc2:CC7.2`
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What it asks for, in one sentence.
    pub says: String,
    /// Which events bear on it.
    #[serde(default)]
    pub filter: Vec<Filter>,
}

/// Events of one kind. An event must match every key that is there, by one of its values; in an action, `*` stands for any run of characters.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// What these events are evidence of, in one sentence.
    pub says: String,
    /// The profiles that it is for; none for all.
    #[serde(default)]
    pub profiles: Vec<String>,
    #[serde(default)]
    action: Vec<String>,
    #[serde(default)]
    actor: Vec<String>,
    #[serde(default)]
    actor_type: Vec<String>,
    #[serde(default)]
    resource_type: Vec<String>,
    #[serde(default)]
    resource_id: Vec<String>,
    #[serde(default)]
    request_id: Vec<String>,
}

impl Control {
    /// The built-in controls.
    pub fn all() -> &'static [Self] {
        &BUILT_IN
    }

    /// The filters for events of a profile.
    pub fn filters<'c>(&'c self, profile: &str) -> impl Iterator<Item = &'c Filter> {
        self.filter.iter().filter(move |filter| filter.profiles.is_empty() || filter.profiles.iter().any(|name| name == profile))
    }
}

impl Filter {
    /// The keys that it looks at, each with the values of which an event must have one.
    pub fn keys(&self) -> impl Iterator<Item = (&'static str, &[String])> {
        let keys = [
            ("action", &self.action),
            ("actor", &self.actor),
            ("actor_type", &self.actor_type),
            ("resource_type", &self.resource_type),
            ("resource_id", &self.resource_id),
            ("request_id", &self.request_id),
        ];
        keys.into_iter().filter(|(_, values)| !values.is_empty()).map(|(key, values)| (key, values.as_slice()))
    }
}

const TEXT: &str = include_str!("controls.toml");

// A test parses it.
static BUILT_IN: LazyLock<Vec<Control>> = LazyLock::new(|| read::document(TEXT).map(|document| document.control).unwrap_or_default());

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::{Profile, action_matches};

    #[test]
    fn every_built_in_control_is_well_formed() {
        let document = read::document(TEXT).expect("the built-in controls");
        assert_eq!(read::check(&document.control), Ok(()));
        let ids: Vec<_> = Control::all().iter().map(|control| control.id.as_str()).collect();
        for id in ["soc2:CC7.2", "iso27001:A.8.15", "hipaa:164.312(b)", "nist800-53:AU-9", "nist800-53:AU-10", "sox:404", "dora:10", "finra:17a-4"] {
            assert!(ids.contains(&id), "{id} in {ids:?}");
        }
    }

    /// The sentences of the filters that an action of a source falls into.
    fn bears_on(id: &str, profile: &str, action: &str) -> Vec<String> {
        let control = Control::all().iter().find(|control| control.id == id).expect(id);
        let filters = control.filters(profile).filter(|filter| filter.action.iter().any(|wanted| action_matches(wanted, action)));
        filters.map(|filter| filter.says.clone()).collect()
    }

    #[test]
    fn published_actions_fall_into_the_filters_that_are_meant() {
        let (rules, people, money, log) = ("Rules", "People", "Money", "What was done to the log");
        for (id, profile, action, filter) in [
            ("soc2:CC7.2", "trustgate/1", "api_key.created", people),
            ("soc2:CC7.2", "trustgate/1", "permission.granted", people),
            ("soc2:CC7.2", "trustgate/1", "auth.login_failed", people),
            ("soc2:CC7.2", "trustgate/1", "applicant.exported", "Documents"),
            ("soc2:CC7.2", "passkey-actions/1", "policies:update", rules),
            ("soc2:CC7.2", "passkey-actions/1", "policies/po-1:update", rules),
            ("soc2:CC7.2", "passkey-actions/1", "/policies/update", rules),
            ("soc2:CC7.2", "passkey-actions/1", "users/us-1:activate", people),
            ("soc2:CC7.2", "passkey-actions/1", "credentials:recover", people),
            ("soc2:CC7.2", "passkey-actions/1", "wallets/wa-1:transfer", money),
            ("soc2:CC7.2", "passkey-actions/1", "/wallets/transfer", money),
            ("sox:404", "passkey-actions/1", "wallets/wa-1:update", "Accounts and wallets"),
            ("sox:404", "qustody/1", "wallet.create", "Accounts and wallets"),
            ("soc2:CC7.2", "qustody/1", "transaction.create", money),
            ("soc2:CC7.2", "typed-events/1", "audit.events_purged", log),
            ("dora:10", "typed-events/1", "audit.events_purged", log),
            ("dora:10", "typed-events/1", "org.settings_updated", rules),
            ("nist800-53:AU-10", "typed-events/1", "matter.deleted", "Actions of members"),
            ("nist800-53:AU-10", "typed-events/1", "client.created", "Actions of members"),
            ("hipaa:164.312(b)", "trustgate/1", "case.note_added", "Access"),
            ("soc2:CC7.2", "file-transfer/1", "file.download", "Documents"),
        ] {
            let found = bears_on(id, profile, action);
            assert!(found.iter().any(|says| says.starts_with(filter)), "{id}: {action} of {profile} is in {found:?}");
        }
        for (id, profile, action) in
            [("soc2:CC7.2", "passkey-actions/1", "wallets:create"), ("nist800-53:AU-10", "typed-events/1", "audit.events_purged")]
        {
            assert_eq!(bears_on(id, profile, action), Vec::<String>::new(), "{action}");
        }
    }

    #[test]
    fn keys_act_for_somebody() {
        let control = Control::all().iter().find(|control| control.id == "nist800-53:AU-10").expect("AU-10");
        assert!(control.filters("trustgate/1").any(|filter| filter.actor_type.iter().any(|kind| kind == "api_key")));
    }

    #[test]
    fn every_control_has_filters_for_every_profile_that_the_profile_can_map() {
        for control in Control::all() {
            for profile in Profile::all() {
                assert!(control.filters(&profile.name).count() > 0, "{} of {}", control.id, profile.name);
                for (key, _) in control.filters(&profile.name).flat_map(Filter::keys) {
                    assert!(profile.filter_pointer(key).is_some(), "{}: {key} of {}", control.id, profile.name);
                }
            }
            let known = |name: &String| Profile::built_in(name).is_some();
            assert!(control.filter.iter().all(|filter| filter.profiles.iter().all(known)), "{}", control.id);
        }
    }
}
