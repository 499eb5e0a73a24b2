//! `audit-signature/1`: detached signatures over the exact bytes of the file beside it. Not here: keys, and whether a signature fits.

use std::collections::HashSet;

use super::fields::{Fault, Faults, Field, cut};
use super::manifest::KEY_ID;
use crate::crypto::base64;
use crate::json::{self, Value, difference};

/// Signatures in one file at most: each is checked over the whole document.
const MAX_SIGNATURES: usize = 16;

/// One signature in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetachedSignature {
    /// As named there; the trusted key decides, not this.
    pub algorithm: String,
    /// Which key made it.
    pub key_id: String,
    /// Decoded.
    pub signature: Vec<u8>,
}

/// Parses a signature file: canonical JSON without final LF, key ids unique, strict base64. The list may be empty. The error is a sentence and the
/// byte where it shows.
pub fn parse(bytes: &[u8]) -> Result<Vec<DetachedSignature>, (String, Option<usize>)> {
    let value = canonical(bytes)?;
    let mut faults = Faults::default();
    let signatures = read(&value, &mut faults);
    faults.result(signatures).map_err(|message| (message, None))
}

/// A file that must be canonical JSON to the byte, so that no byte in it is free.
pub(super) fn canonical(bytes: &[u8]) -> Result<Value, (String, Option<usize>)> {
    let value = json::parse(bytes).map_err(|flaw| (flaw.message, Some(flaw.byte)))?;
    match difference(bytes, &value.canonical()) {
        None => Ok(value),
        Some(difference) => Err((format!("not canonical JSON (RFC 8785): {}", difference.message), Some(difference.byte))),
    }
}

fn read(value: &Value, faults: &mut Faults) -> Option<Vec<DetachedSignature>> {
    let root = Field::root(value).object(faults)?;
    root.only(&["format", "signatures"], faults);
    let format = root.required("format", faults).and_then(|field| field.literal("audit-signature/1", faults));
    let items = root.required("signatures", faults)?.array(faults)?;
    if items.len() > MAX_SIGNATURES {
        faults.push(Fault::Form(format!("`/signatures`: expected at most {MAX_SIGNATURES}, found {}", items.len())));
        return None;
    }
    let signatures: Vec<_> = items.iter().map(|item| one(item, faults)).collect();
    let mut ids = HashSet::new();
    for (item, signature) in items.iter().zip(&signatures) {
        if let Some(signature) = signature
            && !ids.insert(signature.key_id.as_str())
        {
            faults.push(Fault::Form(format!("`{}/key_id`: expected each key id once, found \"{}\" again", item.pointer, cut(&signature.key_id))));
        }
    }
    format?;
    signatures.iter().cloned().collect()
}

fn one(item: &Field<'_>, faults: &mut Faults) -> Option<DetachedSignature> {
    let object = item.object(faults)?;
    object.only(&["algorithm", "key_id", "signature"], faults);
    let algorithm = object.required("algorithm", faults).and_then(|field| field.text(faults));
    let key_id = object.required("key_id", faults).and_then(|field| field.label(KEY_ID, faults));
    let signature = object.required("signature", faults).and_then(|field| {
        let text = field.string(faults)?;
        base64(text).or_else(|| field.wrong("standard base64 (RFC 4648), padded, without white space", faults))
    });
    Some(DetachedSignature { algorithm: algorithm?.to_owned(), key_id: key_id?.to_owned(), signature: signature? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(signatures: &str) -> String {
        format!(r#"{{"format":"audit-signature/1","signatures":[{signatures}]}}"#)
    }

    const ONE: &str = r#"{"algorithm":"Ed25519","key_id":"acme","signature":"AAE="}"#;

    #[test]
    fn the_one_form() {
        let expected = DetachedSignature { algorithm: "Ed25519".to_owned(), key_id: "acme".to_owned(), signature: vec![0, 1] };
        assert_eq!(parse(file(ONE).as_bytes()), Ok(vec![expected]));
        assert_eq!(parse(file("").as_bytes()), Ok(vec![]));
    }

    #[test]
    fn every_fault_is_told() {
        for (bytes, message, byte) in [
            (String::new(), "expected a value, found the end of the text", Some(0)),
            (file(ONE) + "\n", "not canonical JSON (RFC 8785): expected the end of the text, found `\\n`", Some(104)),
            (file(ONE).replace(':', ": "), "not canonical JSON", Some(10)),
            ("[]".to_owned(), "the file: expected an object, found an array", None),
            (r#"{"format":"audit-signature/1"}"#.to_owned(), "expected the member `/signatures`, found none", None),
            (
                file(ONE).replace("signature/1", "signature/2"),
                "`/format`: expected \"audit-signature/1\", found the string \"audit-signature/2\"",
                None,
            ),
            (file(&format!("{ONE},{ONE}")), "`/signatures/1/key_id`: expected each key id once, found \"acme\" again", None),
            (file(&ONE.replace("}", r#","x":1}"#)), "expected only algorithm, key_id, signature, found `/signatures/0/x`", None),
            (file(&ONE.replace("\"acme\"", "\"\"")), "`/signatures/0/key_id`: expected 1 to 128 of the characters", None),
            (file(&ONE.replace("\"AAE=\"", "1")), "`/signatures/0/signature`: expected a string, found the number 1", None),
            (file("1"), "`/signatures/0`: expected an object, found the number 1", None),
        ] {
            let (told, at) = parse(bytes.as_bytes()).unwrap_err();
            assert!(told.contains(message), "{bytes}: {told}");
            assert_eq!(at, byte, "{bytes}");
        }
        for bad in ["AAE", "AAF=", "AAE=\\n", "AA-_", "A", "AAE=AAE=", " AAE="] {
            let (told, _) = parse(file(&ONE.replace("AAE=", bad)).as_bytes()).unwrap_err();
            assert!(told.contains("`/signatures/0/signature`: expected standard base64"), "{bad}: {told}");
        }
    }
}
