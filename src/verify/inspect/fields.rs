//! The values of one event, each with the proofs that hold and cover it.

use crate::json::Value;
use crate::profile::{Profile, TokenRule};
use crate::report::Field;
use crate::verify::coverage::{Proofs, leaves};

/// All values of an event.
pub(super) fn fields(profile: &Profile, proofs: &Proofs<'_>, event: &Value) -> Vec<Field> {
    let token = profile.token.as_ref().map(|rule| rule.member.as_str());
    let field = |(pointer, value): (String, &Value)| {
        let value = match value {
            Value::String(text) if token == Some(pointer.as_str()) => TokenRule::shown(text),
            value => String::from_utf8_lossy(&value.canonical()).into_owned(),
        };
        Field { covered_by: proofs.covering(&pointer), pointer, value }
    };
    leaves(event, &|_| true).into_iter().map(field).collect()
}
