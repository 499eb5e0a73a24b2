//! PEM `PUBLIC KEY` (RFC 7468 section 13) and `RSA PUBLIC KEY` (PKCS #1, RFC 8017 appendix A.1.1): one block, LF or CRLF, base64 in lines. No explanatory text, no headers, no second block.

use base64ct::{Base64, Encoding};

use super::{KeyError, base64};

pub const BEGIN: &str = "-----BEGIN PUBLIC KEY-----";
const END: &str = "-----END PUBLIC KEY-----";
pub const BEGIN_RSA: &str = "-----BEGIN RSA PUBLIC KEY-----";
const END_RSA: &str = "-----END RSA PUBLIC KEY-----";

/// The DER inside the block that `text`, which starts with [`BEGIN`] and has no white space around it, holds.
pub fn public_key(text: &str) -> Result<Vec<u8>, KeyError> {
    block(text, BEGIN, END)
}

/// The same for [`BEGIN_RSA`].
pub fn rsa_public_key(text: &str) -> Result<Vec<u8>, KeyError> {
    block(text, BEGIN_RSA, END_RSA)
}

/// The lines of a PEM `PUBLIC KEY` that holds this SPKI DER.
pub fn public_key_lines(der: &[u8]) -> Vec<String> {
    const COLUMNS: usize = 64;
    let text = Base64::encode_string(der);
    let body = text.as_bytes().chunks(COLUMNS).map(|line| String::from_utf8_lossy(line).into_owned());
    [BEGIN.to_owned()].into_iter().chain(body).chain([END.to_owned()]).collect()
}

fn block(text: &str, begin: &str, end: &str) -> Result<Vec<u8>, KeyError> {
    let body = text.strip_prefix(begin).and_then(|text| text.strip_suffix(end));
    let body = body.ok_or_else(|| KeyError::new(format!("expected one block that ends with {end}"), "copy the whole block, and nothing else"))?;
    if body.contains("-----") {
        return Err(KeyError::new("expected one PEM block, found several", "put each key into its own file"));
    }
    let lines: Vec<&str> = body.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).collect();
    let [first, middle @ .., last] = lines.as_slice() else {
        return Err(not_base64());
    };
    let tidy = first.is_empty() && last.is_empty() && !middle.iter().any(|line| line.is_empty());
    base64(&middle.concat()).filter(|der| tidy && !der.is_empty()).ok_or_else(not_base64)
}

fn not_base64() -> KeyError {
    KeyError::new("expected lines of base64 inside the PEM block, found something else", "copy the whole block again, without blank lines or blanks")
}
