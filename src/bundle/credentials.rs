//! `audit-credentials/1`: the public keys of passkey credentials that a bundle carries. Not here: whether anybody may rely on them.

use std::collections::HashMap;

use super::fields::{Faults, Field};
use super::signature::canonical;
use crate::crypto::{CredentialKey, KeyTrouble};
use crate::json::Value;

/// Characters of an id at most.
const ID: usize = 256;

/// A well-formed credentials file.
#[derive(Debug, Clone, Default)]
pub struct Credentials(HashMap<String, StatedCredential>);

/// One credential, as the producer states it.
#[derive(Debug, Clone)]
pub struct StatedCredential {
    /// Whose it is.
    pub user: String,
    /// Its key; an algorithm that is not supported is no fault of the file.
    pub key: Result<CredentialKey, KeyTrouble>,
}

impl Credentials {
    /// Parses a credentials file: canonical JSON, no final LF, members `credentials` (each `id public_key user`, ids unique) and `format`. The error is
    /// a sentence and the byte where it shows.
    pub fn parse(bytes: &[u8]) -> Result<Self, (String, Option<usize>)> {
        let value = canonical(bytes)?;
        let mut faults = Faults::default();
        let credentials = read(&value, &mut faults);
        faults.result(credentials).map_err(|message| (message, None))
    }

    /// The credential with this id.
    pub fn find(&self, id: &str) -> Option<&StatedCredential> {
        self.0.get(id)
    }
}

fn read(value: &Value, faults: &mut Faults) -> Option<Credentials> {
    let root = Field::root(value).object(faults)?;
    root.only(&["credentials", "format"], faults);
    let format = root.required("format", faults).and_then(|field| field.literal("audit-credentials/1", faults));
    let items = root.required("credentials", faults).and_then(|field| field.array(faults))?;
    let mut credentials = HashMap::new();
    for item in &items {
        let Some((id, credential)) = entry(item, faults) else { continue };
        if credentials.insert(id, credential).is_some() {
            item.wrong::<()>("each id once", faults);
        }
    }
    format.map(|()| Credentials(credentials))
}

fn entry(item: &Field<'_>, faults: &mut Faults) -> Option<(String, StatedCredential)> {
    let object = item.object(faults)?;
    object.only(&["id", "public_key", "user"], faults);
    let id = object.required("id", faults).and_then(|field| field.short_text(ID, faults));
    let user = object.required("user", faults).and_then(|field| field.short_text(ID, faults));
    let key = object.required("public_key", faults).and_then(|field| {
        let key = CredentialKey::from_text(field.text(faults)?);
        match key {
            Err(KeyTrouble::Malformed(error)) => field.wrong(&format!("a public key as SPKI or COSE in base64 ({})", error.what), faults),
            Err(KeyTrouble::Fingerprint) => field.wrong("a public key, not the fingerprint of one", faults),
            key => Some(key),
        }
    });
    Some((id?.to_owned(), StatedCredential { user: user?.to_owned(), key: key? }))
}
