//! Web Authentication Level 3, section 7.2 "Verifying an Authentication Assertion": client data, authenticator data, and the steps that need neither
//! an account nor a network. Not here: which credential, key or relying party applies.

/// Client data (section 5.8.1), read from the very bytes that were signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientData {
    /// `type`
    pub ceremony: String,
    /// `challenge`, as it stands there.
    pub challenge: String,
    /// `origin`
    pub origin: String,
    /// `crossOrigin`; false where it is not there.
    pub cross_origin: bool,
    /// `topOrigin`
    pub top_origin: Option<String>,
}

/// Authenticator data (section 6.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthenticatorData {
    /// SHA-256 of the relying party's id.
    pub rp_id_hash: [u8; 32],
    /// The flags, as one byte.
    pub flags: Flags,
    /// The signature counter; 0 where the authenticator has none.
    pub sign_count: u32,
}

/// The flags of authenticator data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flags(pub u8);

impl Flags {
    /// UP: a user was present.
    pub fn user_present(self) -> bool {
        self.0 & 0x01 != 0
    }

    /// UV: the user was verified.
    pub fn user_verified(self) -> bool {
        self.0 & 0x04 != 0
    }

    /// BE: the credential can be backed up.
    pub fn backup_eligible(self) -> bool {
        self.0 & 0x08 != 0
    }

    /// BS: the credential is backed up.
    pub fn backed_up(self) -> bool {
        self.0 & 0x10 != 0
    }
}

/// What an assertion is held against.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'e> {
    /// `webauthn.get`, or `key.get` for kinds that sign the client data alone.
    pub ceremony: &'static str,
    /// The relying party; `None` where the auditor trusts none.
    pub relying_party: Option<Party<'e>>,
    /// The digest that the challenge must hold; `None` where it is random.
    pub challenge: Option<&'e [u8; 32]>,
}

/// A relying party that the auditor trusts.
#[derive(Debug, Clone, Copy)]
pub struct Party<'e> {
    /// Its id.
    pub rp_id: &'e str,
    /// Its origins.
    pub origins: &'e [String],
    /// Whether the user must have been verified.
    pub user_verification: bool,
    /// Whether frames of another origin are allowed.
    pub cross_origin: bool,
}

/// A step that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which.
    pub step: Step,
    /// One sentence with both values. Quotes what was signed, so not safe to show as it is.
    pub message: String,
    /// What stands there.
    pub stated: String,
    /// What is expected there.
    pub expected: String,
}

/// The steps of section 7.2 that can fail on the data alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are those of WebAuthn")]
pub enum Step {
    Backup,
    Challenge,
    CrossOrigin,
    Origin,
    RpId,
    Type,
    UserPresence,
    UserVerification,
}

impl ClientData {
    /// Reads client data: UTF-8 (a BOM is passed over, section 7.2 step 10), strict JSON, an object; members that are not known are passed over. The error says what is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let _ = bytes;
        todo!()
    }
}

impl AuthenticatorData {
    /// Reads authenticator data to its last byte. The error says what is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let _ = bytes;
        todo!()
    }
}

/// Walks the steps. `authenticator` is `None` for kinds that sign the client data alone.
pub fn examine(client: &ClientData, authenticator: Option<&AuthenticatorData>, expected: &Expected<'_>) -> Vec<Fault> {
    let _ = (client, authenticator, expected);
    todo!()
}

/// The bytes that the signature covers: authenticator data and the SHA-256 of the client data (section 6.3.3), or the client data alone.
pub fn signed_bytes(authenticator_data: Option<&[u8]>, client_data: &[u8]) -> Vec<u8> {
    let _ = (authenticator_data, client_data);
    todo!()
}
