//! How a source writes bytes as text: a prefix, and one of three encodings. One text for one byte string: a second spelling is not read.

use serde::Deserialize;

use crate::crypto::{base64, base64_text, base64url, base64url_text};
use crate::digest::{Digest, hex32};

/// How bytes are written as text.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextForm {
    /// What stands before them, exactly; may be nothing.
    #[serde(default)]
    pub prefix: String,
    /// How they are written.
    pub encoding: Encoding,
}

/// An encoding of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// RFC 4648 section 4, padded.
    Base64,
    /// RFC 4648 section 5, without padding.
    Base64url,
    /// Two lower-case hex digits a byte.
    Hex,
}

impl TextForm {
    fn new(prefix: &str, encoding: Encoding) -> Self {
        Self { prefix: prefix.to_owned(), encoding }
    }

    /// `sha256:` and hex: digests, where a profile says nothing else.
    pub fn of_digests() -> Self {
        Self::new("sha256:", Encoding::Hex)
    }

    /// `hmac-sha256:` and hex: HMACs, where a profile says nothing else.
    pub fn of_macs() -> Self {
        Self::new("hmac-sha256:", Encoding::Hex)
    }

    /// `ed25519:` and base64: signatures, where a profile says nothing else.
    pub fn of_signatures() -> Self {
        Self::new("ed25519:", Encoding::Base64)
    }

    /// The bytes of a text.
    pub fn read(&self, text: &str) -> Option<Vec<u8>> {
        let rest = text.strip_prefix(self.prefix.as_str())?;
        match self.encoding {
            Encoding::Base64 => base64(rest),
            Encoding::Base64url => base64url(rest),
            Encoding::Hex => hex(rest),
        }
    }

    /// The 32 bytes of a text.
    pub fn read32(&self, text: &str) -> Option<[u8; 32]> {
        match self.encoding {
            Encoding::Hex => hex32(text.strip_prefix(self.prefix.as_str())?).ok(),
            Encoding::Base64 | Encoding::Base64url => self.read(text)?.try_into().ok(),
        }
    }

    /// The digest of a text.
    pub fn digest(&self, text: &str) -> Option<Digest> {
        self.read32(text).map(Digest)
    }

    /// The one text of some bytes.
    pub fn write(&self, bytes: &[u8]) -> String {
        let text = match self.encoding {
            Encoding::Base64 => base64_text(bytes),
            Encoding::Base64url => base64url_text(bytes),
            Encoding::Hex => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        };
        format!("{}{text}", self.prefix)
    }

    /// What a text of this many bytes looks like, in words.
    pub fn words(&self, bytes: usize) -> String {
        self.with_prefix(&match self.encoding {
            Encoding::Base64 => format!("the base64 of {bytes} bytes"),
            Encoding::Base64url => format!("the base64url (without padding) of {bytes} bytes"),
            Encoding::Hex => format!("{} lower-case hex digits", bytes.saturating_mul(2)),
        })
    }

    /// What a text of something of any length looks like, in words.
    pub fn words_of(&self, what: &str) -> String {
        self.with_prefix(&match self.encoding {
            Encoding::Base64 => format!("the base64 of {what}"),
            Encoding::Base64url => format!("the base64url (without padding) of {what}"),
            Encoding::Hex => format!("the lower-case hex digits of {what}"),
        })
    }

    fn with_prefix(&self, words: &str) -> String {
        if self.prefix.is_empty() { words.to_owned() } else { format!("{} and {words}", self.prefix) }
    }
}

/// Two lower-case hex digits a byte.
fn hex(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let digit = |digit: u8| char::from(digit).to_digit(16).filter(|_| !digit.is_ascii_uppercase());
    let byte = |[high, low]: &[u8; 2]| u8::try_from(digit(*high)? << 4 | digit(*low)?).ok();
    rest.is_empty().then(|| pairs.iter().map(byte).collect()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_nothing_else() {
        let digest = Digest::of(b"abc");
        for encoding in [Encoding::Base64, Encoding::Base64url, Encoding::Hex] {
            for prefix in ["", "sha256:", "SHA-256="] {
                let form = TextForm::new(prefix, encoding);
                let text = form.write(&digest.0);
                assert_eq!(form.digest(&text), Some(digest), "{text}");
                assert_eq!(form.read(&text).as_deref(), Some(&digest.0[..]), "{text}");
                for wrong in
                    [format!(" {text}"), format!("{text}0"), text[1..].to_owned(), format!("{text}="), text.replace('a', "A").replace('b', "B")]
                {
                    assert!(wrong == text || form.digest(&wrong) != Some(digest), "{wrong}");
                }
            }
        }
        assert_eq!(TextForm::of_digests().write(&digest.0), digest.to_string());
        assert_eq!(TextForm::new("", Encoding::Hex).digest(&digest.to_string()), None);
        assert_eq!((hex("0g"), hex("0A"), hex("0"), hex("00ff")), (None, None, None, Some(vec![0, 255])));
    }
}
