//! Reads a trust file: TOML to tables, tables to keys, secrets and anchors, each with the place of what is wrong.

use std::path::Path;

use toml::Spanned;

use super::raw::{self, Text, Texts};
use super::{Anchor, SecretKind, TokenKey, Trust, TrustedKey, TrustedSecret, Use, rules};
use crate::crypto::{Algorithm, CredentialKey, KeyError, PublicKey, Secret, SignatureAlgorithm, Spki};
use crate::digest::Digest;
use crate::error::Error;
use crate::place::{self, Refusal, Source, contents, shown};
use crate::time::Time;

const FILE_LIMIT: u32 = 4 << 20;
/// Far above any key or certificate, far below what would fill memory.
pub const KEY_LIMIT: u32 = 64 << 10;
/// Above any secret in any spelling, so that a wrong length can be named.
pub const SECRET_LIMIT: u32 = 4 << 10;

impl Trust {
    /// Reads a trust file. Paths in it are relative to it.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let bytes = contents(path, "read the trust file", FILE_LIMIT)?;
        let text = place::text(path, &bytes, "trust file")?;
        let source = Source { path, text, kind: "trust file" };
        source.refuse_private_keys()?;
        let file: raw::File = toml::from_str(text).map_err(|error| source.refuse_toml(&error))?;
        if *file.version.get_ref() != 1 {
            let refusal = Refusal::new(format!("expected version = 1, found {}", file.version.get_ref()), "this program reads version 1");
            return Err(source.refuse(file.version.span(), refusal));
        }
        let files = file.names().map(|named| source.beside(named)).collect();
        let mut trust = Self { source: Some((path.to_owned(), Digest::of(&bytes))), files, ..Self::default() };
        file.key.into_iter().try_for_each(|entry| source.key(&mut trust, entry))?;
        file.secret.into_iter().try_for_each(|entry| source.secret(&mut trust, entry))?;
        file.relying_party.into_iter().try_for_each(|entry| source.relying_party(&mut trust, entry))?;
        file.credential.into_iter().try_for_each(|entry| source.credential(&mut trust, entry))?;
        file.issuer.into_iter().try_for_each(|entry| source.issuer(&mut trust, entry))?;
        file.anchor.into_iter().try_for_each(|entry| source.anchor(&mut trust, entry))?;
        Ok(trust)
    }
}

/// The algorithms of `[[key]]`: for everything, or for tokens only.
enum Named {
    Signature(Algorithm),
    Token(SignatureAlgorithm),
}

fn algorithm(name: &str) -> Result<Named, Refusal> {
    Ok(match name {
        "Ed25519" => Named::Signature(Algorithm::Ed25519),
        "ES256" => Named::Signature(Algorithm::Es256),
        "ES384" => Named::Token(SignatureAlgorithm::Es384),
        "ES512" => Named::Token(SignatureAlgorithm::Es512),
        "PS256" => Named::Token(SignatureAlgorithm::Ps256),
        "PS384" => Named::Token(SignatureAlgorithm::Ps384),
        "PS512" => Named::Token(SignatureAlgorithm::Ps512),
        "RS256" => Named::Token(SignatureAlgorithm::Rs256),
        "RS384" => Named::Token(SignatureAlgorithm::Rs384),
        "RS512" => Named::Token(SignatureAlgorithm::Rs512),
        "EdDSA" => return Err(Refusal::new("expected an algorithm that names its curve, found \"EdDSA\"", "write Ed25519")),
        "HS256" | "HS384" | "HS512" => {
            return Err(Refusal::new(format!("{name} is not for public keys"), "a shared secret stands under [[secret]]"));
        }
        _ => {
            let hint = "Ed25519 or ES256; for tokens also RS256, RS384, RS512, PS256, PS384, PS512, ES384, ES512";
            return Err(Refusal::new(format!("unknown algorithm {}", shown(name)), hint));
        }
    })
}

impl Source<'_> {
    /// Before anything else looks at the text: also in a comment, or where it breaks the TOML, a private key is named as what it is.
    fn refuse_private_keys(&self) -> Result<(), Error> {
        let upper = self.text.to_ascii_uppercase();
        let Some(byte) = ["PRIVATE KEY-----", "AGE-SECRET-KEY-"].iter().filter_map(|words| upper.find(words)).min() else {
            return Ok(());
        };
        let refusal = Refusal::new(
            "a private key stands in the trust file (its text is not repeated here)",
            "take it out, put in the public key, and tell the owner that the private one was handed out",
        );
        Err(self.refuse(byte..byte, refusal))
    }

    fn key(&self, trust: &mut Trust, entry: Spanned<raw::Key>) -> Result<(), Error> {
        let span = entry.span();
        let raw = entry.into_inner();
        let id = self.checked(&raw.id, rules::name)?;
        let named = self.checked(&raw.algorithm, algorithm)?;
        let uses = self.uses(&raw.uses)?;
        let tenants = raw.tenant.as_ref().map(|tenants| self.list(tenants, rules::tenant)).transpose()?;
        let valid = raw.valid.as_ref().map(|valid| self.valid(valid)).transpose()?;
        let compromised_since = raw.compromised_since.as_ref().map(|time| self.checked(time, time_of)).transpose()?;
        let at_id = |refusal| self.refuse(raw.id.span(), refusal);
        match named {
            Named::Signature(algorithm) => {
                let key = self.public_key(&raw, span)?;
                self.refuse_unless(key.algorithm() == algorithm, &raw.algorithm, || mismatch(algorithm.name(), key.algorithm().name()))?;
                let token_key = uses.contains(&Use::Token).then(|| token_key(&key)).transpose();
                let token_key = token_key.map_err(|refusal| self.refuse(raw.algorithm.span(), refusal))?;
                let key = TrustedKey { id: Some(id.clone()), uses, key, tenants: tenants.clone(), valid, compromised_since };
                rules::admit_key(trust, &key).map_err(at_id)?;
                trust.keys.push(key);
                trust.token_keys.extend(token_key.map(|key| TokenKey { id, key, tenants, valid, compromised_since }));
            }
            Named::Token(algorithm) => {
                let tokens_only = || {
                    Refusal::new(
                        format!("{} keys are for tokens only", raw.algorithm.get_ref()),
                        "write use = [\"token\"]; manifests and events need Ed25519 or ES256",
                    )
                };
                self.refuse_unless(uses == [Use::Token], &raw.algorithm, tokens_only)?;
                let key = self.spki(&raw, span)?;
                self.refuse_unless(key.kind() == algorithm.kind(), &raw.algorithm, || mismatch(algorithm.name(), key.kind().name()))?;
                let place = raw.public_key.as_ref().or(raw.file.as_ref()).map_or(raw.algorithm.span(), Spanned::span);
                let key = for_tokens(&key, algorithm).map_err(|refusal| self.refuse(place, refusal))?;
                let key = TokenKey { id, key, tenants, valid, compromised_since };
                rules::admit_token_key(trust, &key).map_err(at_id)?;
                trust.token_keys.push(key);
            }
        }
        Ok(())
    }

    fn public_key(&self, raw: &raw::Key, span: std::ops::Range<usize>) -> Result<PublicKey, Error> {
        match (&raw.public_key, &raw.file) {
            (Some(text), None) => self.checked(text, |text| Ok(PublicKey::from_parsed(&Spki::from_base64(text)?)?)),
            (None, Some(file)) => self.in_file(file, "read the key", KEY_LIMIT, |bytes| Ok(PublicKey::from_text(&bytes)?)),
            _ => Err(self.refuse(span, exactly_one())),
        }
    }

    fn spki(&self, raw: &raw::Key, span: std::ops::Range<usize>) -> Result<Spki, Error> {
        match (&raw.public_key, &raw.file) {
            (Some(text), None) => self.checked(text, |text| Ok(Spki::from_base64(text)?)),
            (None, Some(file)) => self.in_file(file, "read the key", KEY_LIMIT, |bytes| Ok(Spki::from_text(&bytes)?)),
            _ => Err(self.refuse(span, exactly_one())),
        }
    }

    fn uses(&self, raw: &Texts) -> Result<Vec<Use>, Error> {
        let unknown = |text: &str| Refusal::new(format!("unknown use {}", shown(text)), "manifest, genesis, event or token");
        self.list(raw, |text| match text {
            "event" => Ok(Use::Event),
            "genesis" => Ok(Use::Genesis),
            "manifest" => Ok(Use::Manifest),
            "token" => Ok(Use::Token),
            _ => Err(unknown(text)),
        })
    }

    fn valid(&self, raw: &Spanned<raw::Valid>) -> Result<(Option<Time>, Option<Time>), Error> {
        let bound = |time: &Option<Text>| time.as_ref().map(|time| self.checked(time, time_of)).transpose();
        let (from, to) = (bound(&raw.get_ref().from)?, bound(&raw.get_ref().to)?);
        let refusal = match (from, to) {
            (None, None) => Refusal::new("expected from or to, found neither", "leave valid out if the key has no limits"),
            (Some(from), Some(to)) if from > to => {
                Refusal::new(format!("from ({from}) is later than to ({to})"), "both are inclusive; exchange them")
            }
            _ => return Ok((from, to)),
        };
        Err(self.refuse(raw.span(), refusal))
    }

    fn secret(&self, trust: &mut Trust, entry: Spanned<raw::Secret>) -> Result<(), Error> {
        let raw = entry.into_inner();
        let id = self.checked(&raw.id, rules::name)?;
        let tenant = raw.tenant.as_ref().map(|tenant| self.checked(tenant, rules::tenant)).transpose()?;
        let epoch = raw.epoch.as_ref().map(|epoch| self.checked(epoch, rules::epoch)).transpose()?;
        let kind = match (raw.kind.get_ref().as_str(), epoch) {
            ("epoch", Some(epoch)) => Ok(SecretKind::Epoch(epoch)),
            ("epoch", None) => Err(Refusal::new("kind \"epoch\" needs an epoch, found none", "add the month: epoch = \"2026-10\"")),
            ("manifest", None) => Ok(SecretKind::Manifest),
            ("tenant", None) => Ok(SecretKind::Tenant),
            ("manifest" | "tenant", Some(_)) => {
                Err(Refusal::new("an epoch stands only beside kind \"epoch\"", "leave epoch out, or write kind = \"epoch\""))
            }
            (other, _) => Err(Refusal::new(format!("unknown kind {}", shown(other)), "tenant, epoch or manifest")),
        };
        let kind = kind.map_err(|refusal| self.refuse(raw.kind.span(), refusal))?;
        let secret = self.in_file(&raw.file, "read the secret", SECRET_LIMIT, |bytes| Ok(Secret::new(bytes)?))?;
        let secret = TrustedSecret { id, kind, tenant, secret };
        rules::admit_secret(trust, &secret).map_err(|refusal| self.refuse(raw.id.span(), refusal))?;
        trust.secrets.push(secret);
        Ok(())
    }

    fn anchor(&self, trust: &mut Trust, entry: Spanned<raw::Anchor>) -> Result<(), Error> {
        let raw = entry.into_inner();
        let tenant = self.checked(&raw.tenant, rules::tenant)?;
        let negative = || {
            Refusal::new(
                format!("expected a sequence number, found {}", raw.seq.get_ref()),
                "an integer from 0 (the genesis block) to 9007199254740991",
            )
        };
        let seq =
            u64::try_from(*raw.seq.get_ref()).map_err(|_| negative()).and_then(rules::seq).map_err(|refusal| self.refuse(raw.seq.span(), refusal))?;
        let not_a_hash = |text: &str| Refusal::new(format!("expected a hash, found {}", shown(text)), "sha256: and 64 lower-case hex digits");
        let hash = self.checked(&raw.hash, |text| text.parse().map_err(|_| not_a_hash(text)))?;
        let anchor = Anchor { tenant: Some(tenant), seq: Some(seq), hash, strict: false };
        rules::admit_anchor(trust, &anchor).map_err(|refusal| self.refuse(raw.hash.span(), refusal))?;
        trust.anchors.push(anchor);
        Ok(())
    }

    /// A text by its rule, or the place where it stands.
    pub fn checked<T>(&self, text: &Text, rule: impl FnOnce(&str) -> Result<T, Refusal>) -> Result<T, Error> {
        rule(text.get_ref()).map_err(|refusal| self.refuse(text.span(), refusal))
    }

    /// A list that is not empty and has nothing twice, each text by its rule.
    pub fn list<T: PartialEq>(&self, texts: &Texts, rule: impl Fn(&str) -> Result<T, Refusal>) -> Result<Vec<T>, Error> {
        let mut items = Vec::new();
        for text in texts.get_ref() {
            let item = self.checked(text, &rule)?;
            let twice = || Refusal::new(format!("{} stands twice in the list", shown(text.get_ref())), "leave one out");
            self.refuse_unless(!items.contains(&item), text, twice)?;
            items.push(item);
        }
        let empty = Refusal::new("expected a list with at least one entry, found an empty one", "fill it; an empty list would allow nothing");
        if items.is_empty() { Err(self.refuse(texts.span(), empty)) } else { Ok(items) }
    }

    /// The content of a file that the trust file names.
    pub fn in_file<T>(&self, file: &Text, doing: &str, limit: u32, rule: impl FnOnce(Vec<u8>) -> Result<T, Refusal>) -> Result<T, Error> {
        self.refuse_unless(!file.get_ref().is_empty(), file, || {
            Refusal::new("expected a file, found an empty text", "name a file; its path is relative to this one")
        })?;
        let path = self.beside(file.get_ref());
        let bytes = contents(&path, doing, limit)?;
        let named = |refusal: Refusal| Refusal::new(format!("{}: {}", path.display(), refusal.what), refusal.hint);
        rule(bytes).map_err(|refusal| self.refuse(file.span(), named(refusal)))
    }

    fn refuse_unless(&self, holds: bool, text: &Text, refusal: impl FnOnce() -> Refusal) -> Result<(), Error> {
        if holds { Ok(()) } else { Err(self.refuse(text.span(), refusal())) }
    }
}

/// A key that may sign tokens beside other things, as the tokens' check uses it.
fn token_key(key: &PublicKey) -> Result<CredentialKey, Refusal> {
    Ok(CredentialKey::from_spki(&Spki::from_der(key.spki())?).map_err(KeyError::from)?)
}

/// A key of the kind that the algorithm needs.
fn for_tokens(spki: &Spki, algorithm: SignatureAlgorithm) -> Result<CredentialKey, Refusal> {
    let key = CredentialKey::from_spki(spki).map_err(KeyError::from)?;
    key.with_algorithm(algorithm).ok_or_else(|| mismatch(algorithm.name(), spki.kind().name()))
}

fn time_of(text: &str) -> Result<Time, Refusal> {
    text.parse()
        .map_err(|_| Refusal::new(format!("expected a time, found {}", shown(text)), "as in 2026-01-31T00:00:00Z or 2026-01-31T01:00:00+01:00"))
}

fn mismatch(algorithm: &str, found: &str) -> Refusal {
    Refusal::new(
        format!("expected a key for {algorithm}, found a key for {found}"),
        "check that this is the key you mean, then correct the algorithm",
    )
}

fn exactly_one() -> Refusal {
    Refusal::new("expected exactly one of public_key and file", "public_key = SPKI in base64, or file = a PEM or JWK file")
}
