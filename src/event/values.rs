//! Single values from their canonical text; `None` where the form is another.

use std::borrow::Cow;

use crate::json;
use crate::time::Time;

pub(super) fn text(text: &[u8]) -> Option<Cow<'_, str>> {
    json::string(text).filter(|text| !text.is_empty())
}

pub(super) fn tenant(text: &[u8]) -> Option<Cow<'_, str>> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    json::string(text).filter(|text| (1..=64).contains(&text.len()) && text.bytes().all(allowed))
}

pub(super) fn time(text: &[u8]) -> Option<Time> {
    json::string(text)?.parse().ok()
}

pub(super) fn sequence(text: &[u8]) -> Option<u64> {
    json::integer(text).filter(|number| *number >= 1)
}
