//! Which of the auditor's keys may have signed a token: by its `iss` and `kid`, compared as exact text. A `kid` is never a path, and nothing in a header
//! (`jwk`, `jku`, `x5c`) is ever a key.

use crate::crypto::CredentialKey;
use crate::finding::Why;
use crate::time::Time;
use crate::trust::Trust;

/// A key that may have signed.
pub(super) struct Signer<'t> {
    pub(super) key: &'t CredentialKey,
    /// What to call it.
    pub(super) name: String,
    pub(super) tenants: Option<&'t [String]>,
    pub(super) valid: Option<(Option<Time>, Option<Time>)>,
    pub(super) compromised: bool,
}

/// Why there is none.
pub(super) enum Unknown {
    /// The issuer is none of those that the auditor trusts: it, and them.
    Issuer(String, String),
    /// No key of the auditor's applies.
    Key(Why),
}

/// The keys of a trust file, for tokens.
pub(super) struct Signers<'t>(&'t Trust);

impl<'t> Signers<'t> {
    pub(super) fn of(trust: &'t Trust) -> Self {
        Self(trust)
    }

    /// Those that may have signed a token with this `iss` and `kid`.
    pub(super) fn find(&self, issuer: Option<&str>, key_id: Option<&str>) -> Result<Vec<Signer<'t>>, Unknown> {
        let _ = (self.0, issuer, key_id);
        todo!()
    }
}
