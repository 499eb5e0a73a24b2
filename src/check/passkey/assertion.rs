//! The parts of an assertion, decoded from an event. Not here: whether any of them holds.

use crate::crypto::base64url;
use crate::crypto::webauthn::{self, AuthenticatorData, ClientData};
use crate::event::{Found, Passkey};
use crate::finding::{Code, Why};
use crate::profile::PasskeyRule;

/// An assertion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assertion {
    /// Authenticator data: its bytes, and what they say; none for kinds that sign the client data alone.
    pub authenticator: Option<(Vec<u8>, AuthenticatorData)>,
    /// The client data: the very bytes that were signed.
    pub client_bytes: Vec<u8>,
    /// What they say.
    pub client: ClientData,
    /// The signature.
    pub signature: Vec<u8>,
}

/// Why an event carries no assertion that could be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// Its form contradicts its kind, or the standard.
    Refuted(Code, String),
    /// A kind that signs nothing that is known here.
    Untested(Why),
}

impl Assertion {
    /// Reads what stands in the event.
    pub fn read(found: &Passkey<'_>, rule: &PasskeyRule) -> Result<Self, Flaw> {
        if !matches!(found.assertion, Found::Other(text) if text.starts_with(b"{")) {
            return Err(malformed(format!("expected an object or null at {}, found {}", rule.assertion, found.assertion.words())));
        }
        let kind = found.kind.text().unwrap_or_default();
        let with_authenticator = rule.webauthn.iter().any(|own| own == kind);
        if !with_authenticator && !rule.raw.iter().any(|own| own == kind) {
            return Err(Flaw::Untested(Why::NotSupported(format!("assertions by credentials of the kind {}", found.kind.words()))));
        }
        let client_bytes = decoded(&found.client_data, &rule.client_data)?;
        let signature = decoded(&found.signature, &rule.signature)?;
        let client = ClientData::parse(&client_bytes).map_err(|message| Flaw::Refuted(Code::PasskeyClientData, message))?;
        let authenticator = if with_authenticator {
            let bytes = decoded(&found.authenticator_data, &rule.authenticator_data)?;
            let data = AuthenticatorData::parse(&bytes).map_err(|message| Flaw::Refuted(Code::PasskeyAuthenticatorData, message))?;
            Some((bytes, data))
        } else if found.authenticator_data.is_nothing() {
            None
        } else {
            let what = found.authenticator_data.words();
            return Err(malformed(format!("expected null at {} for the kind \"{kind}\", found {what}", rule.authenticator_data)));
        };
        Ok(Self { authenticator, client_bytes, client, signature })
    }

    /// What the signature covers.
    pub fn signed_bytes(&self) -> Vec<u8> {
        webauthn::signed_bytes(self.authenticator.as_ref().map(|(bytes, _)| bytes.as_slice()), &self.client_bytes)
    }
}

fn decoded(found: &Found<'_>, pointer: &str) -> Result<Vec<u8>, Flaw> {
    let bytes = found.text().and_then(base64url);
    bytes.ok_or_else(|| malformed(format!("expected base64url without padding at {pointer}, found {}", found.words())))
}

fn malformed(message: String) -> Flaw {
    Flaw::Refuted(Code::PasskeyMalformed, message)
}
