//! What may stand beside what: the rules over several entries, the same for the trust file and for flags; and the shapes of names.

use super::{Anchor, Issuer, SecretKind, TokenKey, Trust, TrustedKey, TrustedSecret, Use};
use crate::place::{Refusal, shown};

/// `[A-Za-z0-9._-]{1,64}`
pub fn tenant(text: &str) -> Result<String, Refusal> {
    let fits = (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    let refusal = || Refusal::new(format!("expected a tenant id, found {}", shown(text)), "1 to 64 of A-Z a-z 0-9 . _ -");
    fits.then(|| text.to_owned()).ok_or_else(refusal)
}

/// A name: 1 to 256 bytes, no control characters, no white space at its ends.
pub fn name(text: &str) -> Result<String, Refusal> {
    let fits = (1..=256).contains(&text.len()) && text.trim() == text && !text.chars().any(char::is_control);
    let refusal = || Refusal::new(format!("expected an id, found {}", shown(text)), "1 to 256 bytes, no control characters, no blanks at the ends");
    fits.then(|| text.to_owned()).ok_or_else(refusal)
}

/// `YYYY-MM`
pub fn epoch(text: &str) -> Result<String, Refusal> {
    let fits = match text.as_bytes() {
        [y1, y2, y3, y4, b'-', month @ ..] => {
            [y1, y2, y3, y4].iter().all(|digit| digit.is_ascii_digit()) && matches!(month, [b'0', b'1'..=b'9'] | [b'1', b'0'..=b'2'])
        }
        _ => false,
    };
    let refusal = || Refusal::new(format!("expected an epoch, found {}", shown(text)), "a month in UTC: YYYY-MM, as in 2026-10");
    fits.then(|| text.to_owned()).ok_or_else(refusal)
}

/// 0 to 2^53-1.
pub fn seq(number: u64) -> Result<u64, Refusal> {
    let refusal = || Refusal::new(format!("expected a sequence number, found {number}"), "an integer from 0 (the genesis block) to 9007199254740991");
    (number < (1 << 53)).then_some(number).ok_or_else(refusal)
}

/// Whether a key may be added to the others.
pub fn admit_key(trust: &Trust, new: &TrustedKey) -> Result<(), Refusal> {
    admit_key_id(trust, new.id.as_deref())?;
    let is_manifest_secret = |secret: &&TrustedSecret| secret.kind == SecretKind::Manifest && Some(secret.id.as_str()) == new.id.as_deref();
    if trust.secrets.iter().any(|secret| is_manifest_secret(&secret)) {
        return Err(one_id_two_algorithms(new.id.as_deref().unwrap_or_default()));
    }
    admit_spki(trust, new.key.spki(), &new.uses)?;
    for other in trust.keys.iter().filter(|other| other.key == new.key) {
        if other.compromised_since != new.compromised_since {
            let what = format!("the same public key as {}, with another compromised_since", label(other.id.as_deref()));
            return Err(Refusal::new(what, "a key is compromised under every name: write the same time at each"));
        }
        if other.id.is_none() && new.id.is_none() {
            return Err(Refusal::new("the same public key is given twice", "leave one out"));
        }
    }
    Ok(())
}

/// Whether a token key may be added to the others.
pub fn admit_token_key(trust: &Trust, new: &TokenKey) -> Result<(), Refusal> {
    admit_key_id(trust, Some(&new.id))?;
    let same = trust.token_keys.iter().find(|other| other.key == new.key && other.compromised_since != new.compromised_since);
    same.map_or(Ok(()), |other| {
        let what = format!("the same public key as {}, with another compromised_since", label(Some(&other.id)));
        Err(Refusal::new(what, "a key is compromised under every name: write the same time at each"))
    })
}

fn admit_key_id(trust: &Trust, id: Option<&str>) -> Result<(), Refusal> {
    let Some(id) = id else { return Ok(()) };
    let taken = trust.key(id).is_some() || trust.token_keys.iter().any(|other| other.id == id);
    if taken { Err(duplicate("key", id)) } else { Ok(()) }
}

/// Events and tokens hold what others chose; so that none can ever serve as a manifest, their keys sign nothing else.
fn admit_spki(trust: &Trust, spki: &[u8], uses: &[Use]) -> Result<(), Refusal> {
    let refusal = |other: &str| {
        let what = format!("one public key for {other}: \"event\" or \"token\" together with \"manifest\" or \"genesis\"");
        Refusal::new(what, "use separate keys, so that no signed event or token can serve as a manifest")
    };
    if clash(uses, uses) {
        return Err(refusal("several uses"));
    }
    let keys = trust.keys.iter().filter(|other| other.key.spki() == spki && clash(&other.uses, uses));
    let issuers = trust.issuers.iter().filter(|issuer| clash(&[Use::Token], uses) && issuer.usable_keys().any(|key| key.spki() == spki));
    let labels = keys.map(|key| label(key.id.as_deref())).chain(issuers.map(|issuer| format!("issuer {}", shown(&issuer.issuer))));
    labels.into_iter().next().map_or(Ok(()), |other| Err(refusal(&format!("this entry and {other}"))))
}

fn clash(left: &[Use], right: &[Use]) -> bool {
    let is_data = |use_: &Use| matches!(use_, Use::Event | Use::Token);
    let mixed = |left: &[Use], right: &[Use]| left.iter().any(is_data) && !right.iter().all(is_data);
    mixed(left, right) || mixed(right, left)
}

/// Whether an issuer may be added to the others.
pub fn admit_issuer(trust: &Trust, new: &Issuer) -> Result<(), Refusal> {
    if trust.issuers.iter().any(|other| other.issuer == new.issuer) {
        return Err(duplicate("issuer", &new.issuer));
    }
    new.usable_keys().try_for_each(|key| admit_spki(trust, key.spki(), &[Use::Token]))
}

/// Whether a secret may be added to the others.
pub fn admit_secret(trust: &Trust, new: &TrustedSecret) -> Result<(), Refusal> {
    for other in &trust.secrets {
        if other.id == new.id {
            match (&other.kind, &new.kind) {
                (SecretKind::Epoch(one), SecretKind::Epoch(two)) if one != two => {}
                (one, two) if one == two => return Err(duplicate("secret", &new.id)),
                _ => {
                    let what = format!("the id {} is already a secret of kind \"{}\"", shown(&new.id), kind_name(&other.kind));
                    return Err(Refusal::new(what, "an id is one tenant key, or epoch keys, or one manifest secret; give this one another id"));
                }
            }
        }
        if kind_name(&other.kind) != kind_name(&new.kind) && other.secret.is_same_key(&new.secret) {
            let what = format!("the same secret as {}, under another kind", shown(&other.id));
            return Err(Refusal::new(what, "use separate secrets, so that no tag of one kind can serve as another"));
        }
    }
    if new.kind == SecretKind::Manifest && trust.key(&new.id).is_some() {
        return Err(one_id_two_algorithms(&new.id));
    }
    Ok(())
}

/// Whether an anchor may be added to the others.
pub fn admit_anchor(trust: &Trust, new: &Anchor) -> Result<(), Refusal> {
    let contradicts = |other: &&Anchor| other.tenant == new.tenant && other.seq == new.seq && other.hash != new.hash;
    let Some(other) = trust.anchors.iter().find(contradicts) else { return Ok(()) };
    let place = new.seq.map_or("the first link".to_owned(), |seq| format!("sequence number {seq}"));
    let what = format!("two hashes for {place} of the same tenant: {} and {}", other.hash, new.hash);
    Err(Refusal::new(what, "one of them is wrong, or the history was rewritten between them; find out before you go on"))
}

/// The name of a kind in a trust file.
fn kind_name(kind: &SecretKind) -> &'static str {
    match kind {
        SecretKind::Epoch(_) => "epoch",
        SecretKind::Manifest => "manifest",
        SecretKind::Tenant => "tenant",
    }
}

fn label(id: Option<&str>) -> String {
    id.map_or("the key without an id".to_owned(), |id| format!("key {}", shown(id)))
}

/// The refusal of a second entry of one id.
pub fn duplicate(table: &str, id: &str) -> Refusal {
    Refusal::new(format!("the {table} {} stands here a second time", shown(id)), "each id stands once; a new key gets a new id")
}

fn one_id_two_algorithms(id: &str) -> Refusal {
    Refusal::new(format!("the id {} is both a public key and a manifest secret", shown(id)), "give one of them another id: an id has one algorithm")
}
