//! What a source promises of the form of its events' members, beside that they are there.

use serde::Deserialize;

/// The form of every action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum ActionForm {
    /// `matter.updated`: two names of the characters `a-z 0-9 _ -`, joined by one full stop.
    #[serde(rename = "domain.verb")]
    DomainVerb,
}

impl ActionForm {
    /// Whether this is such an action.
    pub fn fits(self, action: &str) -> bool {
        let Self::DomainVerb = self;
        let name =
            |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-".contains(&byte));
        action.split_once('.').is_some_and(|(domain, verb)| name(domain) && name(verb))
    }

    /// What it looks like.
    pub fn words(self) -> &'static str {
        let Self::DomainVerb = self;
        "an action <domain>.<verb>, in the characters a-z 0-9 _ -"
    }
}

/// Updates say what they changed: an object with an array of two values, old and new, for each field.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiffRule {
    /// Where that object stands (JSON Pointer).
    pub member: String,
    /// Events of these actions have it; `*` stands for any run of characters.
    pub always: Vec<String>,
    /// Events of these actions may have it.
    #[serde(default)]
    pub when_present: Vec<String>,
}

/// The events by which a source records that it purged others. What they say of it can only narrow what such a record can explain.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PurgeRule {
    /// Their action.
    pub action: String,
    /// How many events were purged (JSON Pointer to a number).
    pub count: Option<String>,
    /// Before which time those were (JSON Pointer).
    pub before: Option<String>,
    /// What a comparison repeats of the record (JSON Pointer).
    pub says: Option<String>,
}

/// Whether an action is the wanted one; each `*` in it stands for any run of characters, also none.
pub fn action_matches(wanted: &str, action: &str) -> bool {
    let mut pieces = wanted.split('*');
    let (Some(first), true) = (pieces.next(), wanted.contains('*')) else {
        return wanted == action;
    };
    let last = pieces.next_back().unwrap_or_default();
    let Some(middle) = action.strip_prefix(first).and_then(|rest| rest.strip_suffix(last)) else {
        return false;
    };
    // the leftmost place for each piece leaves the most room for the next
    let rest = pieces.try_fold(middle, |rest, piece| rest.split_once(piece).map(|(_, behind)| behind));
    rest.is_some()
}

#[cfg(test)]
mod tests {
    use super::ActionForm;

    #[test]
    fn an_action_is_a_domain_and_a_verb() {
        for action in ["matter.updated", "auth.2fa_enabled", "api_key.created", "audit.events_purged"] {
            assert!(ActionForm::DomainVerb.fits(action), "{action}");
        }
        for action in ["", ".", "matter", "matter.", ".updated", "a.b.c", "Matter.updated", "matter updated", "matter.*", "matter/x.updated"] {
            assert!(!ActionForm::DomainVerb.fits(action), "{action}");
        }
    }
}
