//! Whether members have the form that the source promises: actions, and what updates say of what they changed.

use super::{Event, FieldFault};
use crate::json::{self, Value};
use crate::profile::action_matches;

/// Bytes of a value that a fault quotes.
const QUOTED: usize = 80;

impl Event<'_> {
    /// Takes note of what has another form.
    pub(super) fn read_shape(&mut self) {
        let layout = self.layout;
        let Some(action) = self.text(layout.action).and_then(json::string).filter(|action| !action.is_empty()) else {
            return;
        };
        if let Some(form) = layout.action_form.filter(|form| !form.fits(&action)) {
            self.fault(layout.action, form.words().to_owned());
        }
        let Some(diff) = &layout.diff else {
            return;
        };
        let named = |list: &[String]| list.iter().any(|wanted| action_matches(wanted, &action));
        let must = named(&diff.always);
        let found = self.text(diff.member);
        let wrong = match found {
            None => must,
            Some(text) => (must || named(&diff.when_present)) && !is_diff(text),
        };
        if wrong {
            self.fault(diff.member, "what the update changed: an object with an array of two values, old and new, for each field".to_owned());
        }
    }

    fn fault(&mut self, slot: usize, expected: String) {
        let pointer = self.layout.pointers.get(slot).cloned().unwrap_or_default();
        let found = self.text(slot).map(|text| String::from_utf8_lossy(text.get(..QUOTED).unwrap_or(text)).into_owned());
        self.field_faults.push(FieldFault { pointer, expected, found });
    }
}

fn is_diff(text: &[u8]) -> bool {
    let Ok(Value::Object(fields)) = json::parse(text) else {
        return false;
    };
    fields.iter().all(|(_, value)| matches!(value, Value::Array(values) if values.len() == 2))
}
