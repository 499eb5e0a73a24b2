//! RSA public keys (RFC 8017 appendix A.1.1): their one DER encoding, and which of them are sound enough to trust. Deliberately no arithmetic: what
//! a signature is worth, the library says.

use super::{KeyError, KeyTrouble, der};

/// What the library verifies (NIST SP 800-131A allows no less).
const BITS: std::ops::RangeInclusive<usize> = 2048..=8192;
/// The library refuses greater exponents, since a verification would take too long.
const MAX_EXPONENT_BITS: usize = 33;
const HINT: &str = "ask for the public key again: openssl pkey -in private.pem -pubout";

/// `RSAPublicKey` from modulus and exponent, big-endian without leading zero bytes.
pub fn encode(modulus: &[u8], exponent: &[u8]) -> Result<Vec<u8>, KeyError> {
    if modulus.first().is_none_or(|byte| *byte == 0) || exponent.first().is_none_or(|byte| *byte == 0) {
        return Err(KeyError::new("expected modulus and exponent of the RSA key without leading zero bytes", HINT));
    }
    Ok(der::encode(der::SEQUENCE, &[&integer(modulus), &integer(exponent)]))
}

fn integer(magnitude: &[u8]) -> Vec<u8> {
    let sign: &[u8] = if magnitude.first().is_some_and(|byte| byte & 0x80 != 0) { &[0] } else { &[] };
    der::encode(der::INTEGER, &[sign, magnitude])
}

/// Whether the DER is an `RSAPublicKey` in its one encoding, odd, of an allowed size, with an odd exponent of at least 3.
pub fn check(key: &[u8]) -> Result<(), KeyTrouble> {
    let malformed = |what: &str| KeyTrouble::Malformed(KeyError::new(what, HINT));
    let Some((modulus, exponent)) = parts(key) else {
        return Err(malformed("expected an RSA key of a positive modulus and exponent in DER, found something else"));
    };
    let bits = bits(modulus);
    if !BITS.contains(&bits) {
        return Err(KeyTrouble::NotSupported(format!("RSA with {bits} bits (expected {} to {})", BITS.start(), BITS.end())));
    }
    if !is_odd(modulus) {
        return Err(malformed("expected an odd modulus of the RSA key, found an even one"));
    }
    if !is_odd(exponent) || exponent == [1] {
        return Err(malformed("expected an odd exponent of the RSA key of at least 3, found another, under which anyone can sign"));
    }
    if self::bits(exponent) > MAX_EXPONENT_BITS {
        return Err(KeyTrouble::NotSupported(format!("RSA with an exponent of more than {MAX_EXPONENT_BITS} bits")));
    }
    Ok(())
}

/// Modulus and exponent without leading zero bytes.
fn parts(key: &[u8]) -> Option<(&[u8], &[u8])> {
    let modulus = der::element(der::whole(der::SEQUENCE, key)?).filter(|element| element.tag == der::INTEGER)?;
    Some((magnitude(modulus.value)?, magnitude(der::whole(der::INTEGER, modulus.rest)?)?))
}

/// The bytes of a positive `INTEGER` in the shortest form.
fn magnitude(value: &[u8]) -> Option<&[u8]> {
    match value {
        [0, rest @ ..] if rest.first().is_some_and(|byte| byte & 0x80 != 0) => Some(rest),
        [1..=0x7f, ..] => Some(value),
        _ => None,
    }
}

fn bits(magnitude: &[u8]) -> usize {
    let zeros = magnitude.first().map_or(0, |first| usize::try_from(first.leading_zeros()).unwrap_or_default());
    magnitude.len().saturating_mul(8).saturating_sub(zeros)
}

fn is_odd(magnitude: &[u8]) -> bool {
    magnitude.last().is_some_and(|byte| byte & 1 == 1)
}
