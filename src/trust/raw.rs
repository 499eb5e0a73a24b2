//! The tables of a trust file as TOML has them, with their places. No rules but names and types.

use serde::Deserialize;
use toml::Spanned;

pub type Text = Spanned<String>;
pub type Texts = Spanned<Vec<Text>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    pub version: Spanned<i64>,
    #[serde(default)]
    pub key: Vec<Spanned<Key>>,
    #[serde(default)]
    pub secret: Vec<Spanned<Secret>>,
    #[serde(default)]
    pub relying_party: Vec<Spanned<RelyingParty>>,
    #[serde(default)]
    pub credential: Vec<Spanned<Credential>>,
    #[serde(default)]
    pub issuer: Vec<Spanned<Issuer>>,
    #[serde(default)]
    pub anchor: Vec<Spanned<Anchor>>,
}

impl File {
    /// The files that it names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let keys = self.key.iter().filter_map(|key| key.get_ref().file.as_ref());
        let secrets = self.secret.iter().map(|secret| &secret.get_ref().file);
        let sets = self.issuer.iter().map(|issuer| &issuer.get_ref().jwks);
        keys.chain(secrets).chain(sets).map(|file| file.get_ref().as_str())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    pub id: Text,
    #[serde(rename = "use")]
    pub uses: Texts,
    pub algorithm: Text,
    pub public_key: Option<Text>,
    pub file: Option<Text>,
    pub tenant: Option<Texts>,
    pub valid: Option<Spanned<Valid>>,
    pub compromised_since: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Valid {
    pub from: Option<Text>,
    pub to: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secret {
    pub id: Text,
    pub file: Text,
    pub kind: Text,
    pub epoch: Option<Text>,
    pub tenant: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RelyingParty {
    pub rp_id: Text,
    pub origins: Texts,
    pub user_verification: Option<Text>,
    #[serde(default)]
    pub cross_origin: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credential {
    pub id: Text,
    pub user: Text,
    pub public_key: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    pub issuer: Text,
    pub jwks: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    pub tenant: Text,
    pub seq: Spanned<i64>,
    pub hash: Text,
}
