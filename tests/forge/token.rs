//! An issuer of tokens: compact JWS with the claims that the source is known to write.

use serde_json::{Map, Value, json};

use super::authenticator::base64url;
use super::bundle::ACME;
use super::keys::Key;

pub const ISSUER: &str = "auth.acme.example";
pub const KEY_ID: &str = "acme-tokens-2026";
pub const METADATA: &str = "https://custom/app_metadata";

/// A token before it is signed.
#[derive(Clone)]
pub struct Token {
    pub header: Map<String, Value>,
    pub claims: Map<String, Value>,
    /// Stand for the JSON of the two above.
    pub raw_header: Option<Vec<u8>>,
    pub raw_claims: Option<Vec<u8>>,
    pub key: Key,
}

/// The key that signs acme's tokens.
pub fn token_key() -> Key {
    Key::ed25519("acme tokens 2026")
}

impl Token {
    /// What the issuer gives this user at this time (seconds since 1970).
    pub fn of(user: &str, jti: &str, issued_at: u64) -> Self {
        let claims = json!({
            "iss": ISSUER, "sub": ACME, "iat": issued_at, "exp": issued_at + 900, "jti": jti, METADATA: {"userId": user}
        });
        let header = json!({"alg": "EdDSA", "kid": KEY_ID, "typ": "JWT"});
        Self { header: object(header), claims: object(claims), raw_header: None, raw_claims: None, key: token_key() }
    }

    /// The part that is signed.
    pub fn signing_input(&self) -> String {
        let part = |raw: &Option<Vec<u8>>, map: &Map<String, Value>| base64url(&raw.clone().unwrap_or_else(|| serde_json::to_vec(map).unwrap()));
        format!("{}.{}", part(&self.raw_header, &self.header), part(&self.raw_claims, &self.claims))
    }

    /// The token.
    pub fn text(&self) -> String {
        let input = self.signing_input();
        let signature = match &self.key {
            // RFC 7518 section 3.4: r and s, not DER
            Key::Es256(key) => {
                let signature: p256::ecdsa::Signature = p256::ecdsa::signature::Signer::sign(key, input.as_bytes());
                signature.to_bytes().to_vec()
            }
            key => key.sign(input.as_bytes()),
        };
        format!("{input}.{}", base64url(&signature))
    }
}

pub fn object(value: Value) -> Map<String, Value> {
    let Value::Object(map) = value else { panic!("no object") };
    map
}

/// A public key as JWK (RFC 8037, RFC 7518).
pub fn jwk(kid: &str, key: &Key) -> Value {
    let spki = key.spki();
    match key {
        Key::Ed25519(_) => json!({"alg": "EdDSA", "crv": "Ed25519", "kid": kid, "kty": "OKP", "use": "sig", "x": base64url(&spki[12..])}),
        Key::Es256(_) => {
            json!({"alg": "ES256", "crv": "P-256", "kid": kid, "kty": "EC", "use": "sig", "x": base64url(&spki[27..59]), "y": base64url(&spki[59..])})
        }
        Key::Rs256(_) => {
            // the modulus of 256 bytes stands before the exponent 65537, which is the end of the SPKI
            let modulus = &spki[spki.len() - 5 - 256..spki.len() - 5];
            json!({"alg": "RS256", "e": "AQAB", "kid": kid, "kty": "RSA", "n": base64url(modulus), "use": "sig"})
        }
        Key::Hs256(_) => panic!("a shared secret has no public key"),
    }
}

/// The issuer's JWK Set.
pub fn jwks() -> Vec<u8> {
    format!("{}\n", json!({"keys": [jwk(KEY_ID, &token_key())]})).into_bytes()
}
