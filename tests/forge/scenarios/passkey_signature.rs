//! Signatures of assertions: those that do not fit, those in a wrong form, and those that fit although they look odd.

use aws_lc_rs::signature::RSA_PKCS1_SHA512;
use base64ct::{Base64UrlUnpadded, Encoding as _};
use serde_json::{Value, json};
use unbroken::finding::{CheckId, Code};

use super::super::actions::{Action, ada, ada_script, ben, cleo, events, lines, three};
use super::super::authenticator::{Ceremony, Order, UP, UV, base64url, signed_bytes};
use super::super::bundle::Bundle;
use super::super::edit::Event;
use super::super::expect::Expect;
use super::super::keys::{self, Key};
use super::super::trust::TrustFile;
use super::Scenario;
use super::actions::{both, sealed};
use super::passkey::{assertion, edited, fail};

pub fn list() -> Vec<Scenario> {
    let mut list = moved();
    list.extend(ecdsa());
    list.extend(others());
    list.extend(curves());
    list
}

fn code(name: &str, events: &[Event], why: &str) -> Scenario {
    fail(&format!("signature-{name}"), Code::PasskeySignature, events, why)
}

fn decoded(value: &Value) -> Vec<u8> {
    Base64UrlUnpadded::decode_vec(value.as_str().unwrap()).unwrap()
}

/// The second event with another signature.
fn signature(change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Vec<Event> {
    edited(|event| resign(event, change))
}

fn resign(event: &mut Event, change: impl FnOnce(Vec<u8>) -> Vec<u8>) {
    let bytes = decoded(&assertion(event)["signature"]);
    assertion(event)["signature"] = json!(base64url(&change(bytes)));
}

fn flip(mut bytes: Vec<u8>) -> Vec<u8> {
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    bytes
}

fn moved() -> Vec<Scenario> {
    let mut other = three();
    other[1].credential.key = Key::es256("somebody else");
    let mut by_other = events(&other);
    by_other[1]["firstFactorCredential"]["publicKey"] = json!(ada().key.pem());
    let again = edited(|event| {
        let mut ceremony = three()[1].ceremony.clone();
        ceremony.order = Order::Sorted;
        assertion(event)["clientData"] = json!(base64url(&ceremony.client_data()));
    });
    let counter = edited(|event| {
        let mut data = decoded(&assertion(event)["authenticatorData"]);
        data[36] += 1;
        assertion(event)["authenticatorData"] = json!(base64url(&data));
    });
    let elsewhere = edited(|event| {
        let other = Ceremony::of(ada().kind, "another action", 42).sign(&ada());
        assertion(event)["signature"] = json!(base64url(&other.signature));
    });
    vec![
        code("bit", &signature(flip), "one bit of the signature differs"),
        code("other-key", &by_other, "signed by another key than the event and the trust file name"),
        code("reordered", &again, "the same client data, its members in another order: other bytes than were signed"),
        code("counter", &counter, "the counter was raised after it was signed"),
        code("moved", &elsewhere, "the signature of another assertion"),
    ]
}

/// Order of P-256.
const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9,
    0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

fn integer(value: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = value.iter().copied().skip_while(|byte| *byte == 0).collect();
    let padding: &[u8] = if digits.first().is_none_or(|byte| *byte > 127) { &[0] } else { &[] };
    [&[0x02, u8::try_from(padding.len() + digits.len()).unwrap()], padding, &digits].concat()
}

fn der(r: &[u8], s: &[u8]) -> Vec<u8> {
    let body = [integer(r), integer(s)].concat();
    [vec![0x30, u8::try_from(body.len()).unwrap()], body].concat()
}

/// r and s of a DER signature.
fn halves(bytes: &[u8]) -> ([u8; 32], [u8; 32]) {
    let signature = p256::ecdsa::Signature::from_der(bytes).unwrap();
    let raw = signature.to_bytes();
    (raw[..32].try_into().unwrap(), raw[32..].try_into().unwrap())
}

/// The signature with n - s for s, which fits as well.
pub fn twin(bytes: &[u8]) -> Vec<u8> {
    let (r, s) = halves(bytes);
    let mut other = [0; 32];
    let mut borrow = 0;
    for index in (0..32).rev() {
        let digit = i32::from(ORDER[index]) - i32::from(s[index]) - borrow;
        borrow = i32::from(digit < 0);
        other[index] = digit.rem_euclid(256) as u8;
    }
    der(&r, &other)
}

fn ecdsa() -> Vec<Scenario> {
    let form = |name: &str, change: fn(Vec<u8>) -> Vec<u8>, why: &str| code(name, &signature(change), why);
    vec![
        form("zero", |_| der(&[], &[]), "r and s are 0"),
        form("zero-r", |bytes| der(&[], &halves(&bytes).1), "r is 0"),
        form("order", |bytes| der(&ORDER, &halves(&bytes).1), "r is the order of the curve"),
        form("order-both", |_| der(&ORDER, &ORDER), "r and s are the order of the curve"),
        form("trailing", |bytes| [bytes, vec![0]].concat(), "a byte stands behind the signature"),
        form("long-length", |bytes| [&[0x30, 0x81], &bytes[1..]].concat(), "BER: the length takes a byte more than it needs"),
        form("padded-integer", padded, "r starts with a zero byte that it does not need"),
        form("raw", |bytes| [halves(&bytes).0, halves(&bytes).1].concat(), "r and s side by side instead of DER"),
        form("empty", |_| Vec::new(), "no byte at all"),
        both("good-passkey-high-s", &signature(|bytes| twin(&bytes)), Expect::pass("n - s for s: WebAuthn demands DER, not a low s")),
    ]
}

fn padded(bytes: Vec<u8>) -> Vec<u8> {
    let (r, s) = halves(&bytes);
    let mut body = integer(&r);
    body.insert(2, 0);
    body[1] += 1;
    body.extend(integer(&s));
    [vec![0x30, u8::try_from(body.len()).unwrap()], body].concat()
}

/// The second action by another credential.
fn by(action: Action, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Vec<Event> {
    let mut list = three();
    list[1] = action;
    let mut events = events(&list);
    resign(&mut events[1], change);
    events
}

fn others() -> Vec<Scenario> {
    let synced = || {
        let mut action = Action::of(2, "wallets/wa-1:transfer", ben());
        (action.ceremony.counter, action.ceremony.flags) = (0, UP | UV);
        action
    };
    let rsa = || Action::of(2, "wallets/wa-1:transfer", cleo());
    let Key::Rs256(pair) = cleo().key else { unreachable!() };
    let message = signed_bytes(Some(&rsa().ceremony.authenticator_data()), &rsa().ceremony.client_data());
    let longer = by(Action::of(2, "wallets/wa-1:transfer", ada_script()), |bytes| [bytes, vec![0]].concat());
    vec![
        code("ed25519-bit", &by(synced(), flip), "one bit of an Ed25519 signature differs"),
        code("ed25519-order", &by(synced(), plus_order), "s plus the order of the group: another spelling of one signature"),
        code("ed25519-short", &by(synced(), |bytes| bytes[..63].to_vec()), "63 bytes"),
        code("ed25519-long", &by(synced(), |bytes| [bytes, vec![0]].concat()), "65 bytes"),
        code("rsa-bit", &by(rsa(), flip), "one bit of an RSA signature differs"),
        code("rsa-zero", &by(rsa(), |bytes| [vec![0], bytes].concat()), "a zero byte stands before an RSA signature"),
        code("rsa-sha512", &by(rsa(), |_| keys::rsa(&pair, &RSA_PKCS1_SHA512, &message)), "RSA over SHA-512 instead of SHA-256"),
        code("script-trailing", &longer, "a byte stands behind the signature of a raw key"),
        code("rsa-pss", &by(rsa(), |_| decoded(&json!(include_str!("../fixed/rsa-pss.sig")))), "PSS instead of PKCS #1 v1.5"),
    ]
}

/// s + L (RFC 8032, section 5.1.7, demands s < L).
fn plus_order(mut bytes: Vec<u8>) -> Vec<u8> {
    const L: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0x10,
    ];
    let mut carry = 0;
    for (digit, more) in bytes[32..].iter_mut().zip(L) {
        let sum = u16::from(*digit) + u16::from(more) + carry;
        (*digit, carry) = (sum as u8, sum >> 8);
    }
    bytes
}

/// An event whose assertion was made elsewhere, with a key that the forge does not have; `fixed/` has key and signature.
fn fixed(kind: &str, pem: &str, signature: &str) -> Vec<Event> {
    let type_ = if kind == "Fido2" { "webauthn.get" } else { "key.get" };
    let text = format!(
        r#"{{"type":"{type_}","challenge":"Zm9yIGtleXMgdGhhdCB0aGUgZm9yZ2UgY2Fubm90IHVzZQ","origin":"https://app.acme.example","crossOrigin":false}}"#
    );
    edited(|event| {
        let credential = &mut event["firstFactorCredential"];
        (credential["id"], credential["kind"], credential["publicKey"]) = (json!("cr-ada-other"), json!(kind), json!(pem));
        assertion(event)["clientData"] = json!(base64url(text.as_bytes()));
        assertion(event)["signature"] = json!(signature);
        if kind != "Fido2" {
            assertion(event)["authenticatorData"] = Value::Null;
        }
    })
}

fn curves() -> Vec<Scenario> {
    let p384 = fixed("Fido2", include_str!("../fixed/secp384r1.pem"), include_str!("../fixed/secp384r1.sig"));
    let k256 = fixed("Key", include_str!("../fixed/secp256k1.pem"), include_str!("../fixed/secp256k1.sig"));
    let passkey = [CheckId::EventPasskey];
    let unsigned = |mut bundle: Bundle| {
        bundle.signers = vec![("globex-export", Key::ed25519("globex export"))];
        bundle
    };
    let claimed = Expect::incomplete(&[CheckId::ManifestSignature, CheckId::EventPasskey], "the keys stand in events that nobody trusted signed");
    vec![
        sealed("good-passkey-p384", &p384, Expect::pass("ES384, the key vouched for")),
        sealed("weak-passkey-secp256k1", &k256, Expect::incomplete(&passkey, "a curve that no library here has")),
        Scenario::sealed("weak-passkey-claimed", &unsigned(Bundle::actions(lines(&events(&three())))), claimed)
            .trust(&TrustFile::unpinned())
            .file("acme-jwks.json", super::super::token::jwks()),
    ]
}
