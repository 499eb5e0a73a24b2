//! `manifest.filter`: every event of a filtered export matches the filter that the manifest states.

use crate::check::{At, Check, Tally, shortened};
use crate::event::Event;
use crate::finding::{CheckId, Code, Finding};
use crate::profile::action_matches;
use crate::time::Time;

/// Compares each event with a filter.
#[derive(Debug, Default)]
pub struct Filtered {
    from: Option<Time>,
    to: Option<Time>,
    /// Key, wanted value; the index is that of the filter pointer in the event's layout.
    fields: Vec<(String, String)>,
}

impl Filtered {
    /// From the keys that the profile can map, in the order of the layout's filter pointers, and the time keys.
    pub fn new(from: Option<Time>, to: Option<Time>, fields: Vec<(String, String)>) -> Self {
        Self { from, to, fields }
    }

    fn mismatch(&self, event: &Event<'_>) -> Option<(&str, String, String)> {
        for (index, (key, wanted)) in self.fields.iter().enumerate() {
            let value = event.filter_value(index);
            if !value.as_deref().is_some_and(|value| matches(key, wanted, value)) {
                return Some((key, shortened(wanted), value.map_or_else(|| "nothing".to_owned(), |value| shortened(&value))));
            }
        }
        let found = || event.time.map_or_else(|| "no time".to_owned(), |time| time.to_string());
        match (self.from, self.to) {
            (Some(from), _) if event.time.is_none_or(|time| time < from) => Some(("from", from.to_string(), found())),
            (_, Some(to)) if event.time.is_none_or(|time| time >= to) => Some(("to", to.to_string(), found())),
            _ => None,
        }
    }
}

/// Whether a value is what a filter wants. Only actions are matched with stars.
pub fn matches(key: &str, wanted: &str, value: &str) -> bool {
    if key == "action" { action_matches(wanted, value) } else { wanted == value }
}

impl Check for Filtered {
    fn id(&self) -> CheckId {
        CheckId::ManifestFilter
    }

    fn examine(&self, event: &Event<'_>, at: &At<'_>, tally: &mut Tally) {
        match self.mismatch(event) {
            None => tally.uphold(),
            Some((key, wanted, found)) => tally.refute(at.number, || {
                let message = format!("the manifest's filter says {key} = \"{wanted}\", the event has {found}");
                Finding::new(Code::ManifestFilter, message).at(at.event_ref(Some(event))).values(wanted, found)
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_stand_for_anything_in_actions_only() {
        for (wanted, value) in [
            ("*", ""),
            ("*", "file.read"),
            ("file.*", "file.read"),
            ("file.*", "file."),
            ("*.read", "file.read"),
            ("f*e.*d", "file.read"),
            ("a*b*b", "abb"),
        ] {
            assert!(matches("action", wanted, value), "{wanted} {value}");
        }
        for (wanted, value) in [("file.*", "files.read"), ("*.read", "file.reads"), ("a*a", "a"), ("a*b*b", "ab"), ("", "x")] {
            assert!(!matches("action", wanted, value), "{wanted} {value}");
        }
        assert!(!matches("actor", "usr_*", "usr_1") && matches("actor", "usr_*", "usr_*"));
    }
}
