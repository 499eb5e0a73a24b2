//! Where a token stands in an event, and how little of it is shown: whoever holds all of it may use it as long as it lives. Not here: whether it holds.

use serde::Deserialize;

use crate::digest::Digest;
use crate::json::{self, Value};

/// Characters of a token that are shown.
const SHOWN: usize = 12;

/// Where a token stands, and which of its claims say what.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenRule {
    /// Where it stands in the event.
    pub member: String,
    /// The user that the event names.
    pub event_user: Option<String>,
    /// In the claims: the organisation, which is the tenant.
    pub organisation: Option<String>,
    /// In the claims: the user.
    pub user: Option<String>,
    /// What `aud` must contain (RFC 7519, section 4.1.3).
    pub audience: Option<String>,
}

impl TokenRule {
    /// What of a token is shown: its first characters, its length, and its digest.
    pub fn shown(token: &str) -> String {
        let start: String = token.chars().take(SHOWN).collect();
        format!("{start}… ({} bytes, {})", token.len(), Digest::of(token.as_bytes()))
    }

    /// Whether the value at a JSON Pointer is the token, or holds it.
    pub fn is_in(&self, pointer: &str) -> bool {
        self.below(pointer).is_some()
    }

    /// Puts what is shown of the token into its place, in the value that stands at a JSON Pointer of the event.
    pub fn hide(&self, pointer: &str, value: &mut Value) {
        let Some(below) = self.below(pointer) else {
            return;
        };
        if let Some(Value::String(token)) = value.pointer(below) {
            let shown = Self::shown(token);
            value.put(below, Value::String(shown));
        }
    }

    /// The same with a value that is text: what is no JSON is hidden as a whole.
    pub fn hidden(&self, pointer: &str, text: &str) -> String {
        match (self.below(pointer), json::parse(text.as_bytes())) {
            (_, Ok(Value::Null)) => text.to_owned(),
            (Some(""), Ok(Value::String(token))) => Self::shown(&token),
            (Some(below), Ok(mut value)) if !below.is_empty() => {
                self.hide(pointer, &mut value);
                String::from_utf8_lossy(&value.canonical()).into_owned()
            }
            (Some(_), _) if !text.is_empty() => Self::shown(text),
            _ => text.to_owned(),
        }
    }

    /// The rest of the token's pointer, behind another.
    fn below(&self, pointer: &str) -> Option<&str> {
        self.member.strip_prefix(pointer).filter(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_never_shown_whole() {
        let token = "eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJhIn0.c2lnbmF0dXJl";
        let rule: TokenRule = toml::from_str("member = \"/proof/token\"").expect("a rule");
        let shown = format!("eyJhbGciOiJF… (49 bytes, {})", Digest::of(token.as_bytes()));
        assert_eq!(TokenRule::shown(token), shown);
        for (pointer, text, expected) in [
            ("/proof/token", token.to_owned(), shown.clone()),
            ("/proof/token", format!("\"{token}\""), shown.clone()),
            ("/proof", format!("{{\"a\":1,\"token\":\"{token}\"}}"), format!("{{\"a\":1,\"token\":\"{shown}\"}}")),
            ("/proof", "{\"a\":1}".to_owned(), "{\"a\":1}".to_owned()),
            ("/proof/token", String::new(), String::new()),
            ("/proof/tokens", token.to_owned(), token.to_owned()),
            ("/proof/token/x", token.to_owned(), token.to_owned()),
        ] {
            assert_eq!(rule.hidden(pointer, &text), expected, "{pointer} {text}");
        }
        assert!(!rule.hidden("/proof", &format!("{{\"token\":\"{token}")).contains("c2ln"), "what is no JSON is hidden too");
    }
}
