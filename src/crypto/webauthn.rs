//! Web Authentication Level 3, section 7.2 "Verifying an Authentication Assertion": client data, authenticator data, and the steps that need neither
//! an account nor a network. Not here: which credential, key or relying party applies.

use base64ct::{Base64UrlUnpadded, Encoding};

use super::{base64url, cbor};
use crate::digest::Digest;
use crate::json::{self, Value};

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
    /// Reads client data: UTF-8 (a BOM is passed over, section 7.2 step 8), strict JSON, an object; members that are not known are passed over. The
    /// error says what is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        // Steps 8 and 9. What was signed are the bytes with the BOM.
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let value = json::parse(text).map_err(|flaw| format!("the client data is not strict JSON, at its byte {}: {}", flaw.byte, flaw.message))?;
        if !matches!(value, Value::Object(_)) {
            return Err(format!("expected a JSON object as client data, found {}", value.kind()));
        }
        Ok(Self {
            ceremony: required(&value, "type")?,
            challenge: required(&value, "challenge")?,
            origin: required(&value, "origin")?,
            cross_origin: match value.member("crossOrigin") {
                None => false,
                Some(Value::Bool(flag)) => *flag,
                Some(other) => return Err(format!("expected true or false as crossOrigin of the client data, found {}", other.kind())),
            },
            top_origin: value.member("topOrigin").map(|_| required(&value, "topOrigin")).transpose()?,
        })
    }
}

fn required(value: &Value, name: &str) -> Result<String, String> {
    match value.member(name) {
        Some(Value::String(text)) => Ok(text.clone()),
        Some(other) => Err(format!("expected a text as {name} of the client data, found {}", other.kind())),
        None => Err(format!("expected a text as {name} of the client data, found none")),
    }
}

impl AuthenticatorData {
    /// Reads authenticator data to its last byte. The error says what is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let short = || format!("expected at least 37 bytes of authenticator data, found {}", bytes.len());
        let (rp_id_hash, rest) = bytes.split_first_chunk::<32>().ok_or_else(short)?;
        let ([flags], rest) = rest.split_first_chunk::<1>().ok_or_else(short)?;
        let (sign_count, mut rest) = rest.split_first_chunk::<4>().ok_or_else(short)?;
        if flags & ATTESTED != 0 {
            rest = behind_attested(rest)?;
        }
        if flags & EXTENSIONS != 0 {
            rest = behind_map(rest, "extension data")?;
        }
        if !rest.is_empty() {
            return Err(format!("expected the end of the authenticator data with the flags {flags:#04x}, found {} more bytes", rest.len()));
        }
        Ok(Self { rp_id_hash: *rp_id_hash, flags: Flags(*flags), sign_count: u32::from_be_bytes(*sign_count) })
    }
}

/// AT: attested credential data follow.
const ATTESTED: u8 = 0x40;
/// ED: extension data follow.
const EXTENSIONS: u8 = 0x80;
/// Section 6.5.1.
const MAX_CREDENTIAL_ID: usize = 1023;

/// What stands behind attested credential data (section 6.5.1). Some authenticators send them with assertions too; no step of section 7.2 looks at
/// them, and the key in them is nobody's word but the assertion's own.
fn behind_attested(bytes: &[u8]) -> Result<&[u8], String> {
    let cut = || format!("expected attested credential data, as the flag AT says, found {} bytes", bytes.len());
    let (_aaguid, rest) = bytes.split_first_chunk::<16>().ok_or_else(cut)?;
    let (length, rest) = rest.split_first_chunk::<2>().ok_or_else(cut)?;
    let length = usize::from(u16::from_be_bytes(*length));
    if length > MAX_CREDENTIAL_ID {
        return Err(format!("expected a credential id of at most {MAX_CREDENTIAL_ID} bytes in the authenticator data, found {length}"));
    }
    let (_credential_id, rest) = rest.split_at_checked(length).ok_or_else(cut)?;
    behind_map(rest, "credential public key")
}

fn behind_map<'b>(bytes: &'b [u8], name: &str) -> Result<&'b [u8], String> {
    let (_, length) = cbor::map(bytes).map_err(|wrong| format!("the {name} in the authenticator data: {wrong}"))?;
    Ok(bytes.get(length..).unwrap_or_default())
}

/// Walks the steps. `authenticator` is `None` for kinds that sign the client data alone.
pub fn examine(client: &ClientData, authenticator: Option<&AuthenticatorData>, expected: &Expected<'_>) -> Vec<Fault> {
    // Steps 1 to 4 are the browser's. Steps 5, 6, 19, 22 and 24 are about the account's record, which an export does not hold whole: credential, user
    // and the counter over events are held against the trust file and the other events by the caller. Steps 20 and 21: `signed_bytes` and the key.
    // Step 23: no rule is known for any extension, and their outputs are not in an export.
    let mut faults = Vec::new();
    client_steps(client, expected, &mut faults);
    if let Some(data) = authenticator {
        authenticator_steps(data, expected, &mut faults);
    }
    faults
}

fn client_steps(client: &ClientData, expected: &Expected<'_>, faults: &mut Vec<Fault>) {
    // Step 10.
    if client.ceremony != expected.ceremony {
        faults.push(Fault::new(Step::Type, "type of the client data", &client.ceremony, expected.ceremony));
    }
    // Step 11. Where the profile does not bind the challenge it is random, and all that can be said is that it is one.
    let decoded = base64url(&client.challenge).filter(|bytes| !bytes.is_empty());
    match (decoded, expected.challenge) {
        (None, _) => faults.push(Fault::new(Step::Challenge, "challenge", &client.challenge, "base64url without padding, not empty")),
        (Some(bytes), Some(digest)) if !is_digest(&bytes, digest) => {
            faults.push(Fault::new(Step::Challenge, "challenge", &client.challenge, &Base64UrlUnpadded::encode_string(digest)));
        }
        _ => {}
    }
    // A browser sets topOrigin only in a frame of another origin (section 5.8.1).
    if client.top_origin.is_some() && !client.cross_origin {
        let stated = client.top_origin.as_deref().unwrap_or_default();
        faults.push(Fault::new(Step::CrossOrigin, "topOrigin beside a crossOrigin that is not true", stated, "no topOrigin"));
    }
    let Some(party) = &expected.relying_party else { return };
    // Step 12, as exact text.
    if !party.origins.contains(&client.origin) {
        faults.push(Fault::new(Step::Origin, "origin", &client.origin, &party.origins.join(" or ")));
    }
    // Steps 13 and 14. Which pages may frame it, a trust file does not say: it allows all or none.
    if client.cross_origin && !party.cross_origin {
        let stated = client.top_origin.as_ref().map_or_else(|| "true".to_owned(), |top| format!("true, in a page of {top}"));
        faults.push(Fault::new(Step::CrossOrigin, "crossOrigin", &stated, "false"));
    }
}

fn authenticator_steps(data: &AuthenticatorData, expected: &Expected<'_>, faults: &mut Vec<Fault>) {
    // Step 15.
    if let Some(party) = &expected.relying_party {
        let hash = Digest::of(party.rp_id.as_bytes());
        if hash.0 != data.rp_id_hash {
            faults.push(Fault::new(Step::RpId, "rpIdHash", &Digest(data.rp_id_hash).to_string(), &format!("{hash}, that of {}", party.rp_id)));
        }
    }
    // Step 16.
    if !data.flags.user_present() {
        faults.push(Fault::new(Step::UserPresence, "flag UP (user present)", "0", "1"));
    }
    // Step 17.
    if expected.relying_party.is_some_and(|party| party.user_verification) && !data.flags.user_verified() {
        faults.push(Fault::new(Step::UserVerification, "flag UV (user verified)", "0", "1"));
    }
    // Step 18.
    if data.flags.backed_up() && !data.flags.backup_eligible() {
        faults.push(Fault::new(Step::Backup, "flags BE and BS (backup eligible, backed up)", "0 and 1", "BS 0 where BE is 0"));
    }
}

impl Fault {
    fn new(step: Step, what: &str, stated: &str, expected: &str) -> Self {
        let message = format!("{what}: expected {expected}, found {stated}");
        Self { step, message, stated: stated.to_owned(), expected: expected.to_owned() }
    }
}

/// Whether a decoded challenge is the digest, or an ASCII text that is the digest in base64url or lower-case hex: some clients encode it twice.
fn is_digest(challenge: &[u8], digest: &[u8; 32]) -> bool {
    let hex = Digest(*digest).to_string();
    let texts = [Base64UrlUnpadded::encode_string(digest), hex.trim_start_matches("sha256:").to_owned()];
    challenge == digest || texts.iter().any(|text| text.as_bytes() == challenge)
}

/// The bytes that the signature covers: authenticator data and the SHA-256 of the client data (section 6.3.3), or the client data alone.
pub fn signed_bytes(authenticator_data: Option<&[u8]>, client_data: &[u8]) -> Vec<u8> {
    match authenticator_data {
        // Step 20: the hash is over the very bytes, spaces and member order included.
        Some(data) => [data, &Digest::of(client_data).0].concat(),
        None => client_data.to_vec(),
    }
}
