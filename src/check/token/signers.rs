//! Which of the auditor's keys may have signed a token: by its `iss` and `kid`, compared as exact text. A `kid` is never a path, and nothing in a header
//! (`jwk`, `jku`, `x5c`) is ever a key.

use crate::crypto::CredentialKey;
use crate::finding::Why;
use crate::time::Time;
use crate::trust::{Issuer, IssuerKey, Trust};

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
    /// The key that is named may not sign tokens.
    Use(String),
}

/// Those that may have signed a token with this `iss` and `kid`.
pub(super) fn find<'t>(trust: &'t Trust, issuer: Option<&str>, key_id: Option<&str>) -> Result<Vec<Signer<'t>>, Unknown> {
    if let Some(key) = key_id.and_then(|key_id| trust.token_key(key_id)) {
        return Ok(vec![Signer {
            key: &key.key,
            name: format!("key \"{}\"", key.id),
            tenants: key.tenants.as_deref(),
            valid: key.valid,
            compromised: key.compromised_since.is_some(),
        }]);
    }
    if let Some(other) = key_id.filter(|key_id| trust.key(key_id).is_some()) {
        return Err(Unknown::Use(format!("key \"{other}\" may not sign tokens: your trust file gives it another use")));
    }
    if trust.issuers.is_empty() {
        let named = key_id.map(|key_id| vec![key_id.to_owned()]).unwrap_or_default();
        return Err(Unknown::Key(match trust.token_keys.is_empty() {
            true => Why::NoneTrusted("issuer of tokens".to_owned()),
            false => Why::KeyNotTrusted(named),
        }));
    }
    let Some(known) = issuer.and_then(|issuer| trust.issuer(issuer)) else {
        let found = issuer.map_or_else(|| "nobody".to_owned(), |issuer| format!("\"{issuer}\""));
        let known = trust.issuers.iter().map(|issuer| format!("\"{}\"", issuer.issuer)).collect::<Vec<_>>().join(", ");
        return Err(Unknown::Issuer(found, known));
    };
    let signers: Vec<_> = known.keys_for(key_id).filter_map(|key| signer(known, key)).collect();
    if !signers.is_empty() {
        return Ok(signers);
    }
    let unusable = known.keys_for(key_id).find_map(|key| key.key.as_ref().err());
    Err(Unknown::Key(match unusable {
        Some(name) => Why::NotSupported(format!("token keys of the kind {name}")),
        None => Why::KeyNotTrusted(key_id.map(|key_id| vec![key_id.to_owned()]).unwrap_or_default()),
    }))
}

fn signer<'t>(issuer: &Issuer, key: &'t IssuerKey) -> Option<Signer<'t>> {
    let name = match &key.key_id {
        Some(key_id) => format!("key \"{key_id}\" of issuer \"{}\"", issuer.issuer),
        None => format!("a key of issuer \"{}\"", issuer.issuer),
    };
    Some(Signer { key: key.key.as_ref().ok()?, name, tenants: None, valid: None, compromised: false })
}
