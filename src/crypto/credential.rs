//! Public keys of passkey credentials and of token issuers, in the forms in which sources and trust files hand them over. Not here: whose key it is,
//! and who vouches for it.

use super::{KeyError, Spki, SpkiKind, aws, base64, base64url, cose, der, ed25519, fingerprint, jwk, key, pasted, pem, rsa, spki};
use crate::json::Value;

/// A public key that checks assertions and tokens; it fixes the algorithm. Equal keys have equal SPKI bytes.
#[derive(Debug, Clone)]
pub struct CredentialKey {
    spki: Spki,
    algorithm: SignatureAlgorithm,
    material: Material,
}

#[derive(Debug, Clone)]
enum Material {
    Aws(aws::Key),
    Ed25519(ed25519::Key),
}

impl PartialEq for CredentialKey {
    fn eq(&self, other: &Self) -> bool {
        self.spki == other.spki
    }
}

impl Eq for CredentialKey {}

/// Algorithms of assertions and tokens (RFC 7518 section 3.1, RFC 9053; COSE numbers in the IANA registry).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are those of RFC 7518 and RFC 8032")]
pub enum SignatureAlgorithm {
    Ed25519,
    Es256,
    Es384,
    Es512,
    Ps256,
    Ps384,
    Ps512,
    Rs256,
    Rs384,
    Rs512,
}

impl SignatureAlgorithm {
    /// Its name in tokens and trust files (RFC 7518, RFC 9864).
    pub fn name(self) -> &'static str {
        match self {
            Self::Ed25519 => "Ed25519",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Es512 => "ES512",
            Self::Ps256 => "PS256",
            Self::Ps384 => "PS384",
            Self::Ps512 => "PS512",
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
        }
    }

    /// The kind of key that it needs.
    pub fn kind(self) -> SpkiKind {
        match self {
            Self::Ed25519 => SpkiKind::Ed25519,
            Self::Es256 => SpkiKind::P256,
            Self::Es384 => SpkiKind::P384,
            Self::Es512 => SpkiKind::P521,
            Self::Ps256 | Self::Ps384 | Self::Ps512 | Self::Rs256 | Self::Rs384 | Self::Rs512 => SpkiKind::Rsa,
        }
    }
}

/// Why a text is no key that can check anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyTrouble {
    /// `SHA256:…`: a fingerprint, not a key.
    Fingerprint,
    /// It has not the form of a key, or is an unsound one.
    Malformed(KeyError),
    /// A key of an algorithm that no library here has; its name.
    NotSupported(String),
}

impl From<KeyTrouble> for KeyError {
    fn from(trouble: KeyTrouble) -> Self {
        match trouble {
            KeyTrouble::Fingerprint => pasted::fingerprint(),
            KeyTrouble::Malformed(error) => error,
            KeyTrouble::NotSupported(name) => Self::new(
                format!("keys of this algorithm are not supported: {name}"),
                "supported are Ed25519, P-256, P-384, P-521, and RSA of 2048 to 8192 bits",
            ),
        }
    }
}

impl CredentialKey {
    /// From what an event or a `credentials` file holds: PEM `PUBLIC KEY` or `RSA PUBLIC KEY` (line ends may be literal `\n`), SPKI, `RSAPublicKey` or
    /// COSE_Key in base64 or base64url, a JWK.
    pub fn from_text(text: &str) -> Result<Self, KeyTrouble> {
        if let Some(error) = pasted::private(text.as_bytes()) {
            return Err(KeyTrouble::Malformed(error));
        }
        let text = text.trim_ascii();
        let starts = |words: &str| text.get(..words.len()).is_some_and(|start| start.eq_ignore_ascii_case(words));
        if starts("SHA256:") {
            return Err(KeyTrouble::Fingerprint);
        }
        if text.starts_with('{') {
            return Self::from_jwk(&jwk::parse(text.as_bytes()).map_err(KeyTrouble::Malformed)?);
        }
        if text.starts_with(pem::BEGIN) || text.starts_with(pem::BEGIN_RSA) {
            return Self::from_pem(text);
        }
        if starts("ssh-") {
            return Err(KeyTrouble::Malformed(pasted::ssh()));
        }
        let bytes = base64(text).or_else(|| base64url(text)).filter(|bytes| !bytes.is_empty() && !pasted::is_hex(text.as_bytes()));
        match bytes {
            Some(bytes) if is_cbor_map(&bytes) => Self::from_cose(&bytes),
            Some(bytes) => Self::from_der(&bytes),
            None => Err(KeyTrouble::Malformed(pasted::explain(text.as_bytes()))),
        }
    }

    /// From an SPKI whose kind is known.
    pub fn from_spki(spki: &Spki) -> Result<Self, KeyTrouble> {
        let algorithm = match spki.kind() {
            SpkiKind::Ed25519 => SignatureAlgorithm::Ed25519,
            SpkiKind::P256 => SignatureAlgorithm::Es256,
            SpkiKind::P384 => SignatureAlgorithm::Es384,
            SpkiKind::P521 => SignatureAlgorithm::Es512,
            SpkiKind::Rsa => SignatureAlgorithm::Rs256,
        };
        Self::new(spki.clone(), algorithm)
    }

    /// From a COSE_Key (RFC 9052 section 7), as authenticators write it.
    pub fn from_cose(bytes: &[u8]) -> Result<Self, KeyTrouble> {
        let (spki, algorithm) = cose::read(bytes)?;
        Self::new(spki, algorithm)
    }

    /// From a JWK (RFC 7517).
    pub fn from_jwk(jwk: &Value) -> Result<Self, KeyTrouble> {
        let (spki, algorithm) = jwk::read(jwk)?;
        Self::new(spki, algorithm)
    }

    /// The same key for an RSA algorithm other than RS256; `None` where the algorithm is not of this kind of key.
    pub fn with_algorithm(&self, algorithm: SignatureAlgorithm) -> Option<Self> {
        if algorithm == self.algorithm {
            return Some(self.clone());
        }
        (algorithm.kind() == self.spki.kind()).then(|| Self::new(self.spki.clone(), algorithm).ok()).flatten()
    }

    /// The algorithm.
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// `SHA256:` and base64 (no padding) of the digest of its SPKI DER.
    pub fn fingerprint(&self) -> String {
        fingerprint(self.spki.der())
    }

    /// Its SPKI DER.
    pub fn spki(&self) -> &[u8] {
        self.spki.der()
    }

    /// Whether an assertion's signature fits: ECDSA in ASN.1 DER, Ed25519 strict, RSA with at least 2048 bits.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.material {
            Material::Aws(key) => key.verify(message, signature),
            Material::Ed25519(key) => key.verify(message, signature),
        }
    }

    /// Whether the signature of a JWS fits: as in [`Self::verify`], but ECDSA as r and s of fixed size (RFC 7518 section 3.4).
    pub(super) fn verify_jws(&self, message: &[u8], signature: &[u8]) -> bool {
        match self.spki.kind() {
            SpkiKind::Ed25519 | SpkiKind::Rsa => self.verify(message, signature),
            SpkiKind::P256 | SpkiKind::P384 | SpkiKind::P521 => aws::verify_fixed(self.algorithm, self.spki.key_bits(), message, signature),
        }
    }

    fn from_pem(text: &str) -> Result<Self, KeyTrouble> {
        let text = text.replace("\\r\\n", "\n").replace("\\n", "\n");
        let text = text.trim_ascii();
        let is_rsa = text.starts_with(pem::BEGIN_RSA);
        let der = if is_rsa { pem::rsa_public_key(text) } else { pem::public_key(text) };
        let der = der.map_err(KeyTrouble::Malformed)?;
        if is_rsa { Self::from_rsa(&der) } else { Self::from_spki_der(&der) }
    }

    fn from_der(bytes: &[u8]) -> Result<Self, KeyTrouble> {
        let first = der::whole(der::SEQUENCE, bytes).and_then(der::element);
        let is_rsa = first.is_some_and(|first| first.tag == der::INTEGER && first.value.len() > 1);
        if is_rsa { Self::from_rsa(bytes) } else { Self::from_spki_der(bytes) }
    }

    fn from_spki_der(bytes: &[u8]) -> Result<Self, KeyTrouble> {
        match (Spki::from_der(bytes), spki::unsupported(bytes)) {
            (Ok(spki), _) => Self::from_spki(&spki),
            (Err(_), Some(name)) => Err(KeyTrouble::NotSupported(name)),
            (Err(error), None) => Err(KeyTrouble::Malformed(error)),
        }
    }

    fn from_rsa(key: &[u8]) -> Result<Self, KeyTrouble> {
        rsa::check(key)?;
        Self::new(Spki::new(SpkiKind::Rsa, key), SignatureAlgorithm::Rs256)
    }

    /// The kind of the SPKI is that of the algorithm.
    fn new(spki: Spki, algorithm: SignatureAlgorithm) -> Result<Self, KeyTrouble> {
        let bits = spki.key_bits();
        let material = match spki.kind() {
            SpkiKind::Ed25519 => {
                let bytes = key::sized(&spki, "32 bytes").map_err(KeyTrouble::Malformed)?;
                Material::Ed25519(ed25519::Key::new(bytes).map_err(KeyTrouble::Malformed)?)
            }
            SpkiKind::P256 => ec::<65>(&spki, algorithm)?,
            SpkiKind::P384 => ec::<97>(&spki, algorithm)?,
            SpkiKind::P521 => ec::<133>(&spki, algorithm)?,
            SpkiKind::Rsa => {
                rsa::check(bits)?;
                let refused = || {
                    KeyTrouble::Malformed(KeyError::new("the RSA key is refused by the library", "ask the producer to export the public key again"))
                };
                Material::Aws(aws::Key::new(algorithm, bits).ok_or_else(refused)?)
            }
        };
        Ok(Self { spki, algorithm, material })
    }
}

fn ec<const LENGTH: usize>(spki: &Spki, algorithm: SignatureAlgorithm) -> Result<Material, KeyTrouble> {
    let (name, hint) = (spki.kind().name(), "ask the producer to export the public key again, as an uncompressed point on its curve");
    let malformed = |what: &str| KeyTrouble::Malformed(KeyError::new(format!("the {name} key is not {what}"), hint));
    let point: &[u8; LENGTH] = key::sized(spki, &format!("an uncompressed point of {LENGTH} bytes")).map_err(KeyTrouble::Malformed)?;
    if point.first() != Some(&0x04) {
        return Err(malformed("an uncompressed point"));
    }
    aws::Key::new(algorithm, point).map(Material::Aws).ok_or_else(|| malformed("a point on the curve"))
}

/// CBOR's major type 5; no DER of a key starts so.
fn is_cbor_map(bytes: &[u8]) -> bool {
    matches!(bytes.first(), Some(0xa0..=0xbf))
}
