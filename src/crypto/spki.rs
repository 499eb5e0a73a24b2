//! SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7) by its outer shape: which kind of key, and its bytes. Whether an Ed25519 or P-256 key is sound,
//! `PublicKey` says; of all kinds, `CredentialKey`.

use super::{KeyError, base64, der, pasted, pem};

/// A public key as SPKI DER.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spki {
    der: Vec<u8>,
    kind: SpkiKind,
}

/// The kinds of public keys that some check can use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SpkiKind {
    /// RFC 8410.
    Ed25519,
    /// RFC 5480, curve secp256r1.
    P256,
    /// RFC 5480, curve secp384r1.
    P384,
    /// RFC 5480, curve secp521r1.
    P521,
    /// RFC 3279 section 2.3.1.
    Rsa,
}

impl SpkiKind {
    /// Its usual name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ed25519 => "Ed25519",
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
            Self::Rsa => "RSA",
        }
    }
}

/// The complete `AlgorithmIdentifier`, parameters included: there is one encoding of each.
const ALGORITHMS: [(&[u8], SpkiKind); 5] = [
    (&[0x06, 0x03, 0x2b, 0x65, 0x70], SpkiKind::Ed25519),
    (&[0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07], SpkiKind::P256),
    (&[0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22], SpkiKind::P384),
    (&[0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x23], SpkiKind::P521),
    (&[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00], SpkiKind::Rsa),
];
const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];

impl Spki {
    /// From DER.
    pub fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        let (algorithm, _) = parts(der).ok_or_else(|| pasted::explain_der(der))?;
        let known = ALGORITHMS.iter().find(|(bytes, _)| *bytes == algorithm);
        known.map(|(_, kind)| Self { der: der.to_vec(), kind: *kind }).ok_or_else(|| unknown_algorithm(algorithm))
    }

    /// From the bits of `subjectPublicKey`.
    pub(super) fn new(kind: SpkiKind, key_bits: &[u8]) -> Self {
        let algorithm = ALGORITHMS.iter().find(|(_, own)| *own == kind).map_or(&[][..], |(bytes, _)| bytes);
        let der = der::encode(der::SEQUENCE, &[&der::encode(der::SEQUENCE, &[algorithm]), &der::encode(der::BIT_STRING, &[&[0], key_bits])]);
        Self { der, kind }
    }

    /// From strict base64, as it stands in a trust file.
    pub fn from_base64(text: &str) -> Result<Self, KeyError> {
        if let Some(error) = pasted::private(text.as_bytes()) {
            return Err(error);
        }
        match base64(text).filter(|der| !der.is_empty() && !pasted::is_hex(text.as_bytes())) {
            Some(der) => Self::from_der(&der),
            None => Err(pasted::explain(text.as_bytes())),
        }
    }

    /// From a text that holds one PEM `PUBLIC KEY` (RFC 7468 section 13), or SPKI in base64, and white space around it.
    pub fn from_text(text: &[u8]) -> Result<Self, KeyError> {
        if let Some(error) = pasted::private(text) {
            return Err(error);
        }
        let Some(trimmed) = std::str::from_utf8(text).ok().map(str::trim_ascii) else {
            return Err(pasted::explain(text));
        };
        if trimmed.starts_with(pem::BEGIN) { Self::from_der(&pem::public_key(trimmed)?) } else { Self::from_base64(trimmed) }
    }

    /// The kind of key.
    pub fn kind(&self) -> SpkiKind {
        self.kind
    }

    /// The DER.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The bits of `subjectPublicKey`.
    pub fn key_bits(&self) -> &[u8] {
        parts(&self.der).map_or(&[], |(_, bits)| bits)
    }
}

/// The contents of `algorithm` and `subjectPublicKey`.
fn parts(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let algorithm = der::element(der::whole(der::SEQUENCE, der)?)?;
    let bits = der::whole(der::BIT_STRING, algorithm.rest)?;
    let identifier = der::element(algorithm.value).filter(|element| element.tag == der::OBJECT_IDENTIFIER);
    match bits.split_first() {
        Some((0, bits)) if algorithm.tag == der::SEQUENCE && identifier.is_some() => Some((algorithm.value, bits)),
        _ => None,
    }
}

/// The object identifiers (X.690 section 8.19) of algorithms and curves that keys may name and no library here has.
const UNSUPPORTED: [(&[u8], &str); 12] = [
    (&[0x2b, 0x65, 0x6e], "X25519"),
    (&[0x2b, 0x65, 0x6f], "X448"),
    (&[0x2b, 0x65, 0x71], "Ed448"),
    (&[0x2b, 0x81, 0x04, 0x00, 0x0a], "ECDSA on secp256k1"),
    (&[0x2b, 0x81, 0x04, 0x00, 0x21], "ECDSA on P-224"),
    (&[0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x07], "ECDSA on brainpoolP256r1"),
    (&[0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01], "DSA"),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a], "a key for RSASSA-PSS alone"),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x01], "ECDSA on P-192"),
    (&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x11], "ML-DSA-44"),
    (&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x12], "ML-DSA-65"),
    (&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x13], "ML-DSA-87"),
];

/// The name of the algorithm, where the DER is an SPKI of one that no library here has; `None` for all else, also for explicit curve parameters.
pub(super) fn unsupported(der: &[u8]) -> Option<String> {
    let (algorithm, _) = parts(der)?;
    let identifier = der::element(algorithm)?;
    let parameters = der::element(identifier.rest);
    let (named, is_curve) = match parameters {
        Some(curve) if identifier.value == EC_PUBLIC_KEY && curve.tag == der::OBJECT_IDENTIFIER && curve.rest.is_empty() => (curve.value, true),
        _ if identifier.value == EC_PUBLIC_KEY => return None,
        _ => (identifier.value, false),
    };
    if ALGORITHMS.iter().any(|(known, _)| der::element(known).is_some_and(|own| own.value == named)) {
        return None;
    }
    let name = UNSUPPORTED.iter().find(|(bytes, _)| *bytes == named).map(|(_, name)| (*name).to_owned());
    let unknown = if is_curve { "ECDSA on the curve" } else { "the algorithm" };
    name.or_else(|| Some(format!("{unknown} {}", der::dotted(named)?)))
}

fn unknown_algorithm(algorithm: &[u8]) -> KeyError {
    let identifier = der::element(algorithm).map(|element| element.value);
    let named_curve =
        der::element(algorithm).and_then(|element| der::element(element.rest)).is_some_and(|element| element.tag == der::OBJECT_IDENTIFIER);
    match identifier {
        Some(EC_PUBLIC_KEY) if !named_curve => KeyError::new(
            "the EC key does not name its curve but spells out its parameters, which would let anyone choose them",
            "export it again with the named curve: openssl pkey -pubin -ec_param_enc named_curve",
        ),
        Some(EC_PUBLIC_KEY) => KeyError::new("the EC key is on a curve that is not P-256, P-384 or P-521", "ask for an Ed25519 or P-256 key"),
        _ => KeyError::new(
            "the public key is of a kind that is not known here, or has unexpected parameters",
            "known are Ed25519 and P-256 keys; for tokens also RSA, P-384 and P-521",
        ),
    }
}
