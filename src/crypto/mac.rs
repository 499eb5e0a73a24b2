//! HMAC-SHA-256 (RFC 2104, FIPS 198-1) and HKDF-SHA-256 (RFC 5869). A tag is all of its 32 bytes; truncated tags do not exist here.

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::KeyError;

/// The shortest secret, in bytes: the size of the hash (RFC 2104 section 3).
const SHORTEST: usize = 32;
/// The longest, in bytes: a longer one would be hashed first, so its hash would be the same key (RFC 2104 section 2).
const LONGEST: usize = 64;

/// A secret for HMAC-SHA-256 (RFC 2104), 32 to 64 bytes. `Debug` does not show it; it leaves memory on drop.
#[derive(Clone)]
pub struct Secret(Zeroizing<Vec<u8>>);

/// An HMAC-SHA-256 key, prepared once and used for many messages.
#[derive(Clone)]
pub struct MacKey(Hmac<Sha256>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl std::fmt::Debug for MacKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MacKey(…)")
    }
}

impl Secret {
    /// From raw bytes; other lengths than 32 to 64 are refused with a hint (a final LF, hex digits).
    pub fn new(bytes: Vec<u8>) -> Result<Self, KeyError> {
        let bytes = Zeroizing::new(bytes);
        refusal(&bytes).map_or(Ok(Self(bytes)), Err)
    }

    /// Used as it is.
    pub fn mac_key(&self) -> MacKey {
        MacKey::new(&self.0)
    }

    /// The epoch key: HKDF-SHA-256 (RFC 5869) with this secret as IKM, the tenant id as salt, `audit-bundle/1 event-mac ` and the epoch as info, 32 bytes.
    pub fn epoch_key(&self, tenant_id: &str, epoch: &str) -> MacKey {
        let info = format!("audit-bundle/1 event-mac {epoch}");
        MacKey::new(&*Zeroizing::new(hkdf_sha256(&self.0, tenant_id.as_bytes(), info.as_bytes())))
    }

    /// Whether both are the same HMAC key. HMAC pads a key with zero bytes (RFC 2104 section 2), so zeros at the end make no difference.
    pub fn is_same_key(&self, other: &Self) -> bool {
        unpadded(&self.0) == unpadded(&other.0)
    }
}

fn unpadded(key: &[u8]) -> &[u8] {
    let zeros = key.iter().rev().take_while(|byte| **byte == 0).count();
    key.split_at_checked(key.len().saturating_sub(zeros)).map_or(key, |(start, _)| start)
}

fn refusal(bytes: &[u8]) -> Option<KeyError> {
    let expected = "a secret of 32 to 64 raw bytes";
    let line = bytes.strip_suffix(b"\n").map_or(bytes, |line| line.strip_suffix(b"\r").unwrap_or(line));
    if line.len() == LONGEST && line.iter().all(u8::is_ascii_hexdigit) {
        let hint = "these are probably 32 bytes written in hex; turn them into raw bytes: xxd -r -p secret.hex > secret.key";
        return Some(KeyError::new(format!("expected {expected}, found 64 hex digits"), hint));
    }
    if line.windows(11).any(|window| window == b"PRIVATE KEY" || window == b"PUBLIC KEY-") {
        return Some(KeyError::new(
            format!("expected {expected}, found a PEM key"),
            "name the secret that was shared for the HMAC, not a key for signatures",
        ));
    }
    if matches!(bytes.len(), 33 | 65) && bytes.ends_with(b"\n") {
        let hint = "an editor or `echo` probably added a line feed (LF); write the file without it: printf, or head -c -1";
        return Some(KeyError::new(format!("expected {expected}, found {} bytes that end with a line feed", bytes.len()), hint));
    }
    if (SHORTEST..=LONGEST).contains(&bytes.len()) {
        return None;
    }
    let hint = if bytes.len() < SHORTEST {
        "a shorter secret could be guessed; ask the producer for the secret in use"
    } else {
        "ask the producer for the secret as raw bytes, not in base64 or hex"
    };
    Some(KeyError::new(format!("expected {expected}, found {} bytes", bytes.len()), hint))
}

impl MacKey {
    fn new(key: &[u8]) -> Self {
        match Hmac::new_from_slice(key) {
            Ok(mac) => Self(mac),
            Err(_) => unreachable!("HMAC takes keys of any length"),
        }
    }

    /// Whether the tag (32 bytes) fits the message, in constant time. A tag of another length does not.
    pub fn verify(&self, message: &[&[u8]], tag: &[u8]) -> bool {
        self.fed(message).verify_slice(tag).is_ok()
    }

    /// The tag, for showing what was computed.
    pub fn tag(&self, message: &[&[u8]]) -> [u8; 32] {
        self.fed(message).finalize().into_bytes().into()
    }

    fn fed(&self, message: &[&[u8]]) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        message.iter().for_each(|part| mac.update(part));
        mac
    }
}

/// The first 32 bytes that HKDF-SHA-256 (RFC 5869) gives for this input key material, salt and info.
pub fn hkdf_sha256(ikm: &[u8], salt: &[u8], info: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    if Hkdf::<Sha256>::new(Some(salt), ikm).expand(info, &mut key).is_err() {
        unreachable!("32 bytes are less than 255 hashes (RFC 5869 section 2.3)");
    }
    key
}
