//! The values of one event, each with the proofs that hold and cover it.

use crate::digest::Digest;
use crate::json::Value;
use crate::profile::Profile;
use crate::report::Field;
use crate::verify::coverage::{Proofs, leaves};

/// Characters of a token that are shown.
const TOKEN_SHOWN: usize = 12;

/// All values of an event.
pub(super) fn fields(profile: &Profile, proofs: &Proofs<'_>, event: &Value) -> Vec<Field> {
    let token = profile.token.as_ref().map(|rule| rule.member.as_str());
    let field = |(pointer, value): (String, &Value)| {
        let value = match value {
            Value::String(text) if token == Some(pointer.as_str()) => shown_token(text),
            value => String::from_utf8_lossy(&value.canonical()).into_owned(),
        };
        Field { covered_by: proofs.covering(&pointer), pointer, value }
    };
    leaves(event, &|_| true).into_iter().map(field).collect()
}

/// The first characters and the digest of a token: whoever holds all of it may use it.
pub(super) fn shown_token(text: &str) -> String {
    let start: String = text.chars().take(TOKEN_SHOWN).collect();
    format!("{start}… ({} bytes, {})", text.len(), Digest::of(text.as_bytes()))
}
