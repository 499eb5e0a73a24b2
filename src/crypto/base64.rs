//! Base64 (RFC 4648), strict: one text for one byte string. No white space, no other alphabet, no set bits behind the last byte.

use base64ct::{Base64, Base64UrlUnpadded, Encoding};

/// Standard base64 (RFC 4648 section 4), padded, strict: one text for one byte string.
pub fn base64(text: &str) -> Option<Vec<u8>> {
    Base64::decode_vec(text).ok()
}

/// Base64url (RFC 4648 section 5) without padding, as JOSE writes it (RFC 7515 section 2); strict.
pub fn base64url(text: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(text).ok()
}

/// The text of [`base64`].
pub fn base64_text(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}

/// The text of [`base64url`].
pub fn base64url_text(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_rfc_4648_section_10() {
        for (bytes, text) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(text).as_deref(), Some(bytes.as_bytes()), "{text}");
            assert_eq!((base64_text(bytes.as_bytes()).as_str(), base64url_text(bytes.as_bytes()).as_str()), (text, text.trim_end_matches('=')));
            assert_eq!(base64url(text.trim_end_matches('=')).as_deref(), Some(bytes.as_bytes()), "{text}");
        }
    }

    #[test]
    fn a_second_spelling_is_refused() {
        for text in [
            "Zg",
            "Zg=",
            "Zg===",
            "Zh==",
            "Zm9=",
            "Zg==\n",
            " Zg==",
            "Z g==",
            "Zm9v=",
            "====",
            "=",
            "Zm-_",
            "Zg==Zg==",
            "Zm9vZg==Zm9v",
            "Zm\u{e9}v",
            "Zm9v\0",
        ] {
            assert_eq!(base64(text), None, "{text:?}");
        }
        for text in ["Zg==", "Zh", "Zm9", "Zm+/", "Zm9v\n", "Z"] {
            assert_eq!(base64url(text), None, "{text:?}");
        }
        assert_eq!(base64("+/+/"), base64url("-_-_"));
    }
}
