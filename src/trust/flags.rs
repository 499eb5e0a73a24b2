//! Trust that is given on the command line: `--key`, `--mac-key`, `--after`. The same rules hold as in the trust file.

use std::path::Path;

use super::read::{KEY_LIMIT, SECRET_LIMIT};
use super::{Anchor, SecretKind, Trust, TrustedKey, TrustedSecret, Use, rules};
use crate::crypto::{PublicKey, Secret};
use crate::error::Error;
use crate::place::{Refusal, contents, shown};

impl Trust {
    /// Adds `--key FILE` or `--key ID=FILE`: a key for the manifest (and genesis) signature.
    pub fn add_key(&mut self, argument: &str) -> Result<(), Error> {
        let (id, file) = match argument.split_once('=') {
            Some((id, file)) => (Some(rules::name(id).map_err(|refusal| refusal.at("--key"))?), file),
            None => (None, argument),
        };
        let bytes = file_contents("--key", file, "read the key", KEY_LIMIT)?;
        let place = format!("--key {file}");
        let key = PublicKey::from_text(&bytes).map_err(|error| Refusal::from(error).at(&place))?;
        let key = TrustedKey { id, uses: vec![Use::Manifest, Use::Genesis], key, tenants: None, valid: None, compromised_since: None };
        rules::admit_key(self, &key).map_err(|refusal| refusal.at(&place))?;
        self.keys.push(key);
        Ok(())
    }

    /// Adds `--mac-key ID=FILE` (tenant key) or `--mac-key ID:2026-10=FILE` (epoch key).
    pub fn add_mac_key(&mut self, argument: &str) -> Result<(), Error> {
        let flag = |refusal: Refusal| refusal.at("--mac-key");
        let form = || {
            Refusal::new(
                "expected ID=FILE or ID:EPOCH=FILE, found no =",
                "for example --mac-key acme-mac=acme-mac.key; a secret itself is never an argument",
            )
        };
        let (name, file) = argument.split_once('=').ok_or_else(form).map_err(flag)?;
        let (id, kind) = match name.rsplit_once(':') {
            Some((id, epoch)) => (id, SecretKind::Epoch(rules::epoch(epoch).map_err(flag)?)),
            None => (name, SecretKind::Tenant),
        };
        let id = rules::name(id).map_err(flag)?;
        let bytes = file_contents("--mac-key", file, "read the secret", SECRET_LIMIT)?;
        let place = format!("--mac-key {file}");
        let secret = Secret::new(bytes).map_err(|error| Refusal::from(error).at(&place))?;
        let secret = TrustedSecret { id, kind, tenant: None, secret };
        rules::admit_secret(self, &secret).map_err(|refusal| refusal.at(&place))?;
        self.secrets.push(secret);
        Ok(())
    }

    /// Adds `--after [SEQ@]HASH`.
    pub fn add_after(&mut self, argument: &str) -> Result<(), Error> {
        let anchor =
            after(argument).and_then(|anchor| rules::admit_anchor(self, &anchor).map(|()| anchor)).map_err(|refusal| refusal.at("--after"))?;
        self.anchors.push(anchor);
        Ok(())
    }
}

fn after(argument: &str) -> Result<Anchor, Refusal> {
    let (seq, hash) = match argument.split_once('@') {
        Some((seq, hash)) => (Some(number(seq)?), hash),
        None => (None, argument),
    };
    let refusal = || Refusal::new(format!("expected a hash, found {}", shown(hash)), "sha256: and 64 lower-case hex digits, as a report prints it");
    Ok(Anchor { tenant: None, seq, hash: hash.parse().map_err(|_| refusal())?, strict: true })
}

/// Decimal digits, no sign, no leading zero.
fn number(text: &str) -> Result<u64, Refusal> {
    let refusal = || {
        Refusal::new(
            format!("expected a sequence number before @, found {}", shown(text)),
            "an integer from 0 (the genesis block) to 9007199254740991",
        )
    };
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    text.parse().ok().filter(|_| plain).ok_or_else(refusal).and_then(rules::seq)
}

fn file_contents(flag: &str, file: &str, doing: &str, limit: u32) -> Result<Vec<u8>, Error> {
    if file.is_empty() {
        return Err(Refusal::new("expected a file, found nothing", "name a file; nothing secret is ever an argument").at(flag));
    }
    contents(Path::new(file), doing, limit)
}
