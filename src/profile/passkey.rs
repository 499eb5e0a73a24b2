//! What a source claims about who approved an action: a passkey assertion, a token.

use serde::Deserialize;

/// Where the parts of a passkey assertion stand (JSON Pointers), and what its challenge means.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasskeyRule {
    /// The user that the event names.
    pub user: String,
    /// A name of the user to show; an event in which it stands is not the system's.
    pub username: Option<String>,
    /// The credential's id.
    pub credential: String,
    /// The kind of credential.
    pub kind: String,
    /// Its public key, as the event states it.
    pub public_key: String,
    /// The assertion: an object, or null where there is none.
    pub assertion: String,
    /// Authenticator data, base64url; null for kinds without an authenticator.
    pub authenticator_data: String,
    /// Client data, base64url of the very bytes that were signed.
    pub client_data: String,
    /// The signature, base64url.
    pub signature: String,
    /// What the challenge binds.
    pub challenge: ChallengeRule,
    /// Kinds whose signature covers authenticator data and the hash of the client data (WebAuthn Level 3, section 6.3.3).
    pub webauthn: Vec<String>,
    /// Kinds whose signature covers the client data alone; its type is `key.get`.
    #[serde(default)]
    pub raw: Vec<String>,
}

impl PasskeyRule {
    /// The pointers of the objects that the members which name somebody stand in.
    pub(crate) fn parents(&self) -> Vec<String> {
        let named = [Some(&self.user), self.username.as_ref(), Some(&self.credential), Some(&self.kind), Some(&self.public_key)];
        let mut parents: Vec<String> = Vec::new();
        for pointer in named.into_iter().flatten() {
            for (end, _) in pointer.match_indices('/').skip(1) {
                let parent = pointer.get(..end).unwrap_or_default();
                if !parents.iter().any(|known| known == parent) {
                    parents.push(parent.to_owned());
                }
            }
        }
        parents
    }

    /// Its pointers, with their keys.
    pub(super) fn pointers(&self) -> Vec<(&'static str, &str)> {
        let mut pointers = vec![
            ("user", self.user.as_str()),
            ("credential", &self.credential),
            ("kind", &self.kind),
            ("public_key", &self.public_key),
            ("assertion", &self.assertion),
            ("authenticator_data", &self.authenticator_data),
            ("client_data", &self.client_data),
            ("signature", &self.signature),
        ];
        pointers.extend(self.username.as_deref().map(|pointer| ("username", pointer)));
        if let ChallengeRule::Sha256Jcs(pointer) = &self.challenge {
            pointers.push(("challenge.sha256-jcs", pointer));
        }
        pointers
    }
}

/// What a challenge binds.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChallengeRule {
    /// It is random: the signature shows that the credential was used, not for what.
    Opaque,
    /// It is the SHA-256 of the canonical form (RFC 8785) of what stands at this JSON Pointer.
    Sha256Jcs(String),
}
