//! COSE_Key (RFC 9052 section 7, RFC 9053 section 7, RFC 8230 section 4), as WebAuthn section 6.5.1.1 has it: algorithm and key parameters, and they
//! agree. Not here: signatures and encryption of COSE.

use super::cbor::{self, Item};
use super::{KeyError, KeyTrouble, SignatureAlgorithm, Spki, SpkiKind, pasted, rsa};

const KTY: i128 = 1;
const ALG: i128 = 3;
const KEY_OPS: i128 = 4;
/// `key_ops`: verify.
const VERIFY: u8 = 2;
const OKP: i128 = 1;
const EC2: i128 = 2;
const RSA: i128 = 3;
const SYMMETRIC: i128 = 4;

/// COSE algorithms (IANA registry "COSE Algorithms") that are known by name and that no library here has.
const UNSUPPORTED: [(i128, &str); 11] = [
    (-47, "ES256K (ECDSA on secp256k1)"),
    (-48, "ML-DSA-44"),
    (-49, "ML-DSA-65"),
    (-50, "ML-DSA-87"),
    (-53, "Ed448"),
    (-65_535, "RS1 (RSA with SHA-1)"),
    (-265, "ESB256 (ECDSA on brainpoolP256r1)"),
    (-266, "ESB320 (ECDSA on brainpoolP320r1)"),
    (-267, "ESB384 (ECDSA on brainpoolP384r1)"),
    (-268, "ESB512 (ECDSA on brainpoolP512r1)"),
    (-46, "HSS-LMS"),
];

/// Reads a COSE_Key to its last byte.
pub fn read(bytes: &[u8]) -> Result<(Spki, SignatureAlgorithm), KeyTrouble> {
    let (entries, length) = cbor::map(bytes).map_err(|wrong| malformed(format!("the COSE key: {wrong}")))?;
    if length != bytes.len() {
        return Err(malformed(format!("expected nothing behind the COSE key, found {} bytes", bytes.len().saturating_sub(length))));
    }
    let key = Key(&entries);
    let (kty, algorithm) = (key.integer(KTY, "kty")?, key.integer(ALG, "alg")?);
    if key.is_private(kty) {
        return Err(KeyTrouble::Malformed(pasted::private_key()));
    }
    key.is_for_verifying()?;
    match (kty, algorithm) {
        (OKP, -8 | -19) => match key.integer(-1, "crv")? {
            6 => Ok((Spki::new(SpkiKind::Ed25519, key.coordinate(-2, 32)?), SignatureAlgorithm::Ed25519)),
            7 if algorithm == -8 => Err(KeyTrouble::NotSupported("Ed448".to_owned())),
            other => Err(disagree(kty, algorithm, Some(other))),
        },
        (EC2, -7 | -9) => key.point(kty, algorithm, Curve { number: 1, kind: SpkiKind::P256, size: 32, algorithm: SignatureAlgorithm::Es256 }),
        (EC2, -35 | -51) => key.point(kty, algorithm, Curve { number: 2, kind: SpkiKind::P384, size: 48, algorithm: SignatureAlgorithm::Es384 }),
        (EC2, -36 | -52) => key.point(kty, algorithm, Curve { number: 3, kind: SpkiKind::P521, size: 66, algorithm: SignatureAlgorithm::Es512 }),
        (RSA, -257) => key.rsa(SignatureAlgorithm::Rs256),
        (RSA, -258) => key.rsa(SignatureAlgorithm::Rs384),
        (RSA, -259) => key.rsa(SignatureAlgorithm::Rs512),
        (RSA, -37) => key.rsa(SignatureAlgorithm::Ps256),
        (RSA, -38) => key.rsa(SignatureAlgorithm::Ps384),
        (RSA, -39) => key.rsa(SignatureAlgorithm::Ps512),
        (OKP | EC2 | RSA, -9..=-7 | -19 | -39..=-35 | -52 | -51 | -259..=-257) => Err(disagree(kty, algorithm, None)),
        _ => {
            let name = UNSUPPORTED.iter().find(|(number, _)| *number == algorithm).map(|(_, name)| (*name).to_owned());
            Err(KeyTrouble::NotSupported(name.unwrap_or_else(|| format!("the COSE algorithm {algorithm}"))))
        }
    }
}

/// A curve as COSE numbers it, and what comes with it.
struct Curve {
    number: i128,
    kind: SpkiKind,
    /// Bytes of a coordinate.
    size: usize,
    algorithm: SignatureAlgorithm,
}

struct Key<'k, 'b>(&'k [(Item<'b>, Item<'b>)]);

impl<'b> Key<'_, 'b> {
    fn member(&self, label: i128) -> Option<Item<'b>> {
        self.0.iter().find(|(key, _)| *key == Item::Integer(label)).map(|(_, value)| *value)
    }

    fn integer(&self, label: i128, name: &str) -> Result<i128, KeyTrouble> {
        match self.member(label) {
            Some(Item::Integer(number)) => Ok(number),
            _ => Err(malformed(format!("expected an integer {name} in the COSE key, found none"))),
        }
    }

    fn bytes(&self, label: i128) -> Result<&'b [u8], KeyTrouble> {
        match self.member(label) {
            Some(Item::Bytes(bytes)) => Ok(bytes),
            _ => Err(malformed(format!("expected bytes at the label {label} of the COSE key, found none"))),
        }
    }

    /// All leading zero bytes are there (RFC 9053 section 7.1.1).
    fn coordinate(&self, label: i128, size: usize) -> Result<&'b [u8], KeyTrouble> {
        let bytes = self.bytes(label)?;
        let wrong = || malformed(format!("expected {size} bytes at the label {label} of the COSE key, found {}", bytes.len()));
        if bytes.len() == size { Ok(bytes) } else { Err(wrong()) }
    }

    fn point(&self, kty: i128, algorithm: i128, curve: Curve) -> Result<(Spki, SignatureAlgorithm), KeyTrouble> {
        let number = self.integer(-1, "crv")?;
        if number != curve.number {
            return Err(disagree(kty, algorithm, Some(number)));
        }
        if matches!(self.member(-3), Some(Item::Bool(_))) {
            // WebAuthn section 5.8.5 forbids it.
            return Err(malformed("expected both coordinates in the COSE key, found a compressed point".to_owned()));
        }
        let point = [&[0x04], self.coordinate(-2, curve.size)?, self.coordinate(-3, curve.size)?].concat();
        Ok((Spki::new(curve.kind, &point), curve.algorithm))
    }

    fn rsa(&self, algorithm: SignatureAlgorithm) -> Result<(Spki, SignatureAlgorithm), KeyTrouble> {
        let key = rsa::encode(self.bytes(-1)?, self.bytes(-2)?).map_err(KeyTrouble::Malformed)?;
        Ok((Spki::new(SpkiKind::Rsa, &key), algorithm))
    }

    /// The labels that only private and symmetric keys have.
    fn is_private(&self, kty: i128) -> bool {
        match kty {
            OKP | EC2 => self.member(-4).is_some(),
            RSA => (-12..=-3).any(|label| self.member(label).is_some()),
            SYMMETRIC => true,
            _ => false,
        }
    }

    fn is_for_verifying(&self) -> Result<(), KeyTrouble> {
        match self.member(KEY_OPS) {
            None => Ok(()),
            // a short array of small numbers: its elements are its bytes
            Some(Item::Other([0x80..=0x97, operations @ ..])) if operations.contains(&VERIFY) => Ok(()),
            Some(_) => Err(malformed("the COSE key says in key_ops that it is not for verifying".to_owned())),
        }
    }
}

fn malformed(what: String) -> KeyTrouble {
    KeyTrouble::Malformed(KeyError::new(
        what,
        "expected is a COSE_Key (RFC 9052) as the authenticator gave it; export it again, or hand over the key as PEM",
    ))
}

fn disagree(kty: i128, algorithm: i128, curve: Option<i128>) -> KeyTrouble {
    let curve = curve.map_or_else(String::new, |curve| format!(" and crv {curve}"));
    malformed(format!("kty {kty}, alg {algorithm}{curve} of the COSE key do not belong together"))
}
