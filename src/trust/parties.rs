//! `[[relying_party]]`, `[[credential]]` and `[[issuer]]`: whom passkeys and tokens are trusted from.

use toml::Spanned;

use super::raw;
use super::read::KEY_LIMIT;
use super::{Credential, Issuer, IssuerKey, RelyingParty, Trust, UserVerification, rules};
use crate::crypto::{CredentialKey, KeyError, KeyTrouble, is_private_jwk};
use crate::error::Error;
use crate::json::{self, Value};
use crate::place::{Refusal, Source, shown};

impl Source<'_> {
    pub fn relying_party(&self, trust: &mut Trust, entry: Spanned<raw::RelyingParty>) -> Result<(), Error> {
        let raw = entry.into_inner();
        let rp_id = self.checked(&raw.rp_id, domain)?;
        if trust.relying_parties.iter().any(|other| other.rp_id == rp_id) {
            return Err(self.refuse(raw.rp_id.span(), rules::duplicate("relying party", &rp_id)));
        }
        let taken = |origin: &String| trust.relying_parties.iter().any(|other| other.origins.contains(origin));
        let origins = self.list(&raw.origins, |text| {
            let origin = origin(text)?;
            let twice = || {
                Refusal::new(format!("the origin {} belongs to another relying party already", shown(text)), "an origin belongs to one relying party")
            };
            if taken(&origin) { Err(twice()) } else { Ok(origin) }
        })?;
        let user_verification = raw.user_verification.as_ref().map(|text| self.checked(text, user_verification)).transpose()?;
        let user_verification = user_verification.unwrap_or(UserVerification::Required);
        trust.relying_parties.push(RelyingParty { rp_id, origins, user_verification, cross_origin: raw.cross_origin });
        Ok(())
    }

    pub fn credential(&self, trust: &mut Trust, entry: Spanned<raw::Credential>) -> Result<(), Error> {
        let raw = entry.into_inner();
        let id = self.checked(&raw.id, rules::name)?;
        let user = self.checked(&raw.user, rules::name)?;
        let key = self.checked(&raw.public_key, |text| Ok(CredentialKey::from_text(text).map_err(KeyError::from)?))?;
        if trust.credentials.iter().any(|other| other.id == id) {
            return Err(self.refuse(raw.id.span(), rules::duplicate("credential", &id)));
        }
        trust.credentials.push(Credential { id, user, key });
        Ok(())
    }

    pub fn issuer(&self, trust: &mut Trust, entry: Spanned<raw::Issuer>) -> Result<(), Error> {
        let raw = entry.into_inner();
        let issuer = self.checked(&raw.issuer, rules::name)?;
        let keys = self.in_file(&raw.jwks, "read the JWK Set", KEY_LIMIT.saturating_mul(16), |bytes| key_set(&bytes))?;
        let issuer = Issuer { issuer, keys };
        rules::admit_issuer(trust, &issuer).map_err(|refusal| self.refuse(raw.issuer.span(), refusal))?;
        trust.issuers.push(issuer);
        Ok(())
    }
}

/// A host name in lower case: letters, digits and hyphens, in labels of 1 to 63 (RFC 1123 section 2.1).
fn is_host(text: &str) -> bool {
    let is_label = |label: &str| {
        let allowed = label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        allowed && (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

fn domain(text: &str) -> Result<String, Refusal> {
    let refusal = || {
        Refusal::new(
            format!("expected a domain, found {}", shown(text)),
            "only the domain, in lower case, as in acme.example; no https://, port or path",
        )
    };
    is_host(text).then(|| text.to_owned()).ok_or_else(refusal)
}

/// An origin as browsers write it (RFC 6454 section 6.2): lower case, no path, no default port. It is compared as text, so it has one spelling.
fn origin(text: &str) -> Result<String, Refusal> {
    let is_port = |port: &str| port.parse::<u16>().is_ok_and(|number| number != 0 && number != 443 && number.to_string() == port);
    let fits = text.strip_prefix("https://").is_some_and(|rest| match rest.split_once(':') {
        Some((host, port)) => is_host(host) && is_port(port),
        None => is_host(rest),
    });
    let hint = "https:// and a host in lower case, a port only if it is not 443, nothing behind it (also no /): https://app.acme.example";
    fits.then(|| text.to_owned()).ok_or_else(|| Refusal::new(format!("expected an origin, found {}", shown(text)), hint))
}

fn user_verification(text: &str) -> Result<UserVerification, Refusal> {
    match text {
        "discouraged" => Ok(UserVerification::Discouraged),
        "preferred" => Ok(UserVerification::Preferred),
        "required" => Ok(UserVerification::Required),
        _ => Err(Refusal::new(format!("unknown user_verification {}", shown(text)), "required, preferred or discouraged")),
    }
}

/// The keys of a JWK Set (RFC 7517 section 5). What the JSON reader says may quote the text, so only the place of a flaw is passed on.
fn key_set(bytes: &[u8]) -> Result<Vec<IssuerKey>, Refusal> {
    let flaw = |flaw: json::Flaw| Refusal::new(format!("not strict JSON, at byte {}", flaw.byte), "export the JWK Set again");
    let Some(Value::Array(keys)) = json::parse(bytes).map_err(flaw)?.member("keys").cloned() else {
        return Err(Refusal::new(
            "expected a JWK Set, an object with an array \"keys\", found something else",
            "take the document that the issuer publishes as jwks_uri",
        ));
    };
    if keys.is_empty() {
        return Err(Refusal::new("expected at least one key in \"keys\", found none", "take the document that the issuer publishes as jwks_uri"));
    }
    (1..).zip(&keys).map(|(number, key)| issuer_key(number, key)).collect()
}

/// An Ed25519 or P-256 key for signatures must be sound. Issuers publish keys of many other kinds and for encryption too: those are kept as what
/// they are, so that a token that names one can be told why it is not checked.
fn issuer_key(number: usize, jwk: &Value) -> Result<IssuerKey, Refusal> {
    if is_private_jwk(jwk) {
        let hint = "take the public JWK Set, and tell the owner that the private one was handed out";
        return Err(Refusal::new(format!("key {number} of the JWK Set is private or symmetric (its text is not repeated here)"), hint));
    }
    if text(jwk, "kty").is_none() {
        return Err(Refusal::new(format!("expected a text kty in key {number} of the JWK Set, found none"), "export the JWK Set again"));
    }
    let for_signatures = text(jwk, "use").is_none_or(|name| name == "sig");
    let must_be_sound = matches!((text(jwk, "kty"), text(jwk, "crv")), (Some("OKP"), Some("Ed25519")) | (Some("EC"), Some("P-256")));
    let key = match CredentialKey::from_jwk(jwk) {
        Ok(key) => Ok(key),
        Err(_) if !for_signatures => Err("a key that is not for signatures".to_owned()),
        Err(KeyTrouble::NotSupported(name)) => Err(name),
        Err(trouble) => {
            let KeyError { what, hint } = trouble.into();
            if must_be_sound {
                return Err(Refusal::new(format!("key {number} of the JWK Set: {what}"), hint));
            }
            Err(what)
        }
    };
    Ok(IssuerKey { key_id: text(jwk, "kid").map(str::to_owned), key })
}

fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    match value.member(name) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}
