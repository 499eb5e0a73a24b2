//! An authenticator that signs the same bytes every time: WebAuthn assertions, and those of keys that sign the client data alone.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use sha2::{Digest as _, Sha256};

use super::keys::{Key, seed};

pub const RP_ID: &str = "acme.example";
pub const ORIGIN: &str = "https://app.acme.example";

/// Flags of authenticator data (WebAuthn Level 3, section 6.1).
pub const UP: u8 = 0x01;
pub const UV: u8 = 0x04;
pub const BE: u8 = 0x08;
pub const BS: u8 = 0x10;
pub const AT: u8 = 0x40;
pub const ED: u8 = 0x80;

/// What kind of credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Fido2,
    Key,
    PasswordProtectedKey,
    RecoveryKey,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Fido2 => "Fido2",
            Self::Key => "Key",
            Self::PasswordProtectedKey => "PasswordProtectedKey",
            Self::RecoveryKey => "RecoveryKey",
        }
    }
}

/// In which order an SDK writes the members of the client data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// As browsers do: type, challenge, origin, crossOrigin.
    Browser,
    /// origin first.
    OriginFirst,
    /// By name.
    Sorted,
}

/// A credential and its private key.
#[derive(Clone)]
pub struct Credential {
    pub id: &'static str,
    pub kind: Kind,
    pub user: &'static str,
    pub key: Key,
}

/// One use of a credential, before it is signed.
#[derive(Clone)]
pub struct Ceremony {
    pub type_: &'static str,
    pub challenge: String,
    pub origin: String,
    pub cross_origin: Option<bool>,
    /// Further members, as text that starts with a comma.
    pub more: String,
    pub order: Order,
    /// Stands for all of the above.
    pub client_data: Option<Vec<u8>>,
    pub rp_id: String,
    pub flags: u8,
    pub counter: u32,
    /// What stands behind the counter.
    pub tail: Vec<u8>,
    /// Stands for the whole authenticator data.
    pub authenticator_data: Option<Vec<u8>>,
}

/// What the authenticator returns.
#[derive(Clone)]
pub struct Assertion {
    pub authenticator_data: Option<Vec<u8>>,
    pub client_data: Vec<u8>,
    pub signature: Vec<u8>,
}

/// Base64url without padding.
pub fn base64url(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// 32 bytes that depend on the name alone, as a challenge.
pub fn challenge(name: &str) -> String {
    base64url(&seed(&format!("challenge {name}")))
}

impl Ceremony {
    /// What an honest client does with a credential of this kind.
    pub fn of(kind: Kind, name: &str, counter: u32) -> Self {
        Self {
            type_: if kind == Kind::Fido2 { "webauthn.get" } else { "key.get" },
            challenge: challenge(name),
            origin: ORIGIN.to_owned(),
            cross_origin: Some(false),
            more: String::new(),
            order: Order::Browser,
            client_data: None,
            rp_id: RP_ID.to_owned(),
            flags: UP | UV,
            counter,
            tail: Vec::new(),
            authenticator_data: None,
        }
    }

    /// The client data.
    pub fn client_data(&self) -> Vec<u8> {
        if let Some(bytes) = &self.client_data {
            return bytes.clone();
        }
        let (type_, challenge, origin) = (self.type_, &self.challenge, &self.origin);
        let type_ = format!(r#""type":"{type_}""#);
        let challenge = format!(r#""challenge":"{challenge}""#);
        let origin = format!(r#""origin":"{origin}""#);
        let cross_origin = self.cross_origin.map(|value| format!(r#""crossOrigin":{value}"#));
        let members = match self.order {
            Order::Browser => [Some(type_), Some(challenge), Some(origin), cross_origin],
            Order::OriginFirst => [Some(origin), Some(type_), cross_origin, Some(challenge)],
            Order::Sorted => [Some(challenge), cross_origin, Some(origin), Some(type_)],
        };
        let members: Vec<String> = members.into_iter().flatten().collect();
        format!("{{{}{}}}", members.join(","), self.more).into_bytes()
    }

    /// The authenticator data.
    pub fn authenticator_data(&self) -> Vec<u8> {
        if let Some(bytes) = &self.authenticator_data {
            return bytes.clone();
        }
        let mut bytes = Sha256::digest(self.rp_id.as_bytes()).to_vec();
        bytes.push(self.flags);
        bytes.extend(self.counter.to_be_bytes());
        bytes.extend(&self.tail);
        bytes
    }

    /// Signed with the key of a credential.
    pub fn sign(&self, credential: &Credential) -> Assertion {
        let client_data = self.client_data();
        let authenticator_data = (credential.kind == Kind::Fido2).then(|| self.authenticator_data());
        let signature = credential.key.sign(&signed_bytes(authenticator_data.as_deref(), &client_data));
        Assertion { authenticator_data, client_data, signature }
    }
}

/// What the signature covers.
pub fn signed_bytes(authenticator_data: Option<&[u8]>, client_data: &[u8]) -> Vec<u8> {
    match authenticator_data {
        Some(data) => [data, Sha256::digest(client_data).as_slice()].concat(),
        None => client_data.to_vec(),
    }
}
