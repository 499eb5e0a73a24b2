//! Whose key it is: pinned, vouched for, or merely claimed; and keys that are none.

use base64ct::{Base64, Encoding as _};
use serde_json::{Value, json};
use unbroken::finding::{CheckId, Code};

use super::super::actions::{Action, KeyForm, ada, ben, credentials, events, fingerprint, ndjson, three};
use super::super::authenticator::{Credential, base64url};
use super::super::edit::Event;
use super::super::expect::{At, Expect};
use super::super::keys::{Key, pem};
use super::super::token::{Token, jwks};
use super::super::trust::{TrustFile, issuer, pin, relying_party};
use super::Scenario;
use super::actions::{SKIP, both, credentials_file, credentials_of, raw, sealed, sealed_with};
use super::passkey::{assertion, edited, fail, made};

const PASSKEY: [CheckId; 1] = [CheckId::EventPasskey];

pub fn list() -> Vec<Scenario> {
    let mut list = owners();
    list.extend(mismatches());
    list.extend(malformed());
    list.extend(credential_files());
    list.extend(untrusted());
    list.extend(refused());
    list
}

/// The second action by this user, with this user's token.
fn by(user: &'static str) -> Vec<Event> {
    made(|action| {
        action.user = user;
        action.token = Token::of(user, "jti-moved", action.seconds() - 4);
    })
}

fn owners() -> Vec<Scenario> {
    let renamed = edited(|event| event["userId"] = json!("us-ben"));
    let expect = Expect::fail_at(Code::PasskeyCredential, 2, "the event was moved to another user").also(Code::TokenUser);
    let borrowed = made(|action| action.credential.user = "us-ada");
    let known = credentials_file(&credentials());
    let vouched = Expect::fail_at(Code::PasskeyCredential, 2, "a credential of another user, says the credentials file");
    let mut moved = events(&three());
    // ada's own and valid assertion, in ben's event
    let ceremony = Action::of(9, "wallets:create", ada()).ceremony;
    moved[1] = Action { user: "us-ben", token: Token::of("us-ben", "jti-ben", three()[1].seconds() - 4), ceremony, ..three().remove(1) }.event();
    vec![
        fail("credential", Code::PasskeyCredential, &by("us-ben"), "a credential of another user"),
        fail("credential-moved", Code::PasskeyCredential, &moved, "a valid assertion of one user in the event of another"),
        both("passkey-credential-renamed", &renamed, expect),
        sealed_with("passkey-credential-vouched", &by("us-ben"), std::slice::from_ref(&known), vouched).trust(&TrustFile::unpinned()),
        both("good-passkey-credential", &borrowed, Expect::pass("each credential is used by its own user")),
    ]
}

fn mismatches() -> Vec<Scenario> {
    let other = Credential { key: Key::es256("ada's other key"), ..ada() };
    let by_other = made(|action| action.credential.key = other.key.clone());
    let stated = edited(|event| event["firstFactorCredential"]["publicKey"] = json!(other.key.pem()));
    let honest = events(&three());
    let of_file = credentials_file(&[other, ben()]);
    let expect = |why: &str| Expect::fail(Code::PasskeyKeyMismatch, At::Any, why);
    vec![
        fail("key-mismatch", Code::PasskeyKeyMismatch, &by_other, "signed by the key that the event states, which is not the pinned one"),
        fail("key-mismatch-stated", Code::PasskeyKeyMismatch, &stated, "signed by the pinned key, but the event states another"),
        sealed_with(
            "passkey-key-mismatch-file",
            &honest,
            std::slice::from_ref(&of_file),
            expect("the credentials file has another key than the trust file"),
        ),
        sealed_with("passkey-key-mismatch-event", &honest, &[of_file], expect("the credentials file has another key than the event"))
            .trust(&TrustFile::unpinned()),
    ]
}

/// The second event states this key; nothing is pinned. It contradicts itself, so the raw export fails as the bundle does.
fn stating(name: &str, text: &str, why: &str) -> Scenario {
    let events = edited(|event| event["firstFactorCredential"]["publicKey"] = json!(text));
    fail(&format!("key-{name}"), Code::PasskeyKey, &events, why).trust(&TrustFile::unpinned())
}

fn malformed() -> Vec<Scenario> {
    let spki = ada().key.spki();
    let mut off_curve = spki.clone();
    off_curve[90] ^= 1;
    let cut = &spki[..60];
    // the neutral element, under which everybody's signature of nothing fits
    let small = [&[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00, 0x01][..], &[0; 31]].concat();
    let weak = edited(|event| {
        event["firstFactorCredential"]["publicKey"] = json!(pem("PUBLIC KEY", &small));
        assertion(event)["signature"] = json!(base64url(&[&[1][..], &[0; 63]].concat()));
    });
    vec![
        stating("text", "none", "no key at all"),
        stating("base64", "-----BEGIN PUBLIC KEY-----\nMFkwEwYH*oZIzj0CAQ==\n-----END PUBLIC KEY-----\n", "a letter that base64 does not have"),
        stating("cut", &pem("PUBLIC KEY", cut), "the key is cut"),
        stating("off-curve", &pem("PUBLIC KEY", &off_curve), "a point that is not on its curve"),
        stating("compressed", include_str!("../fixed/compressed.pem"), "a compressed point"),
        stating("explicit", include_str!("../fixed/explicit.pem"), "a curve that is written out instead of named"),
        stating("label", &ada().key.pem().replace("PUBLIC KEY", "CERTIFICATE"), "a label that is no key's"),
        fail("key-small-order", Code::PasskeyKey, &weak, "a point of small order: any message fits").trust(&TrustFile::unpinned()),
    ]
}

/// COSE_Key (RFC 9052) of a P-256 key.
fn cose(key: &Key, algorithm: u8) -> Vec<u8> {
    let spki = key.spki();
    [&[0xa5, 0x01, 0x02, 0x03, algorithm, 0x20, 0x01, 0x21, 0x58, 0x20], &spki[27..59], &[0x22, 0x58, 0x20], &spki[59..]].concat()
}

fn entry(credential: &Credential, key: &[u8]) -> Value {
    json!({"id": credential.id, "public_key": Base64::encode_string(key), "user": credential.user})
}

fn credential_files() -> Vec<Scenario> {
    let honest = events(&three());
    let with_key = |key: &[u8]| credentials_of(vec![entry(&ada(), key), entry(&ben(), &ben().key.spki())]);
    let file = |name: &str, member, expect: Expect| sealed_with(name, &honest, &[member], expect).trust(&TrustFile::unpinned());
    let good = cose(&ada().key, 0x26);
    let mut twice = good.clone();
    twice[0] = 0xa6;
    twice.extend([0x03, 0x26]);
    let bad = |name: &str, key: Vec<u8>, why: &str| {
        file(&format!("passkey-key-file-{name}"), with_key(&key), Expect::fail(Code::PasskeyCredentials, At::Any, why))
    };
    let form = |why: &str| Expect::fail(Code::PasskeyCredentials, At::Any, why);
    let mut spaced = credentials_file(&[ada(), ben()]);
    spaced.bytes.push(b'\n');
    let repeated = credentials_of(vec![entry(&ada(), &ada().key.spki()), entry(&ada(), &ada().key.spki())]);
    let mut more = entry(&ada(), &ada().key.spki());
    more["note"] = json!("more");
    let pinned = events(&three()).into_iter().map(fingerprinted).collect::<Vec<_>>();
    vec![
        file("good-passkey-cose", with_key(&good), Expect::pass("a key as COSE_Key, the same as the event's")),
        bad("cose-algorithm", cose(&ada().key, 0x27), "a COSE_Key whose algorithm is not of its curve"),
        bad("cose-twice", twice, "a COSE_Key that names its algorithm twice"),
        bad("cose-trailing", [good.clone(), vec![0]].concat(), "a byte stands behind a COSE_Key"),
        bad("cose-indefinite", [vec![0xbf], good[1..].to_vec(), vec![0xff]].concat(), "a COSE_Key of indefinite length"),
        file("passkey-key-file-newline", spaced, form("the credentials file is not canonical")),
        file("passkey-key-file-id-twice", repeated, form("the credentials file has one id twice")),
        file("passkey-key-file-member", credentials_of(vec![more]), form("the credentials file has a member that the format does not know")),
        file("good-passkey-file-one", credentials_file(&[ada()]), Expect::pass("the other key stands in the events: vouched for as well")),
        sealed_with(
            "good-passkey-fingerprint-file",
            &pinned,
            &[credentials_file(&credentials())],
            Expect::pass("the events state fingerprints; the keys stand in the credentials file"),
        )
        .trust(&TrustFile::unpinned()),
    ]
}

fn fingerprinted(mut event: Event) -> Event {
    let keys = credentials();
    let credential = keys.iter().find(|credential| event["firstFactorCredential"]["id"] == credential.id).unwrap();
    event["firstFactorCredential"]["publicKey"] = json!(KeyForm::Fingerprint.text(&credential.key));
    event
}

fn untrusted() -> Vec<Scenario> {
    let honest = events(&three());
    let stated = edited(|event| event["firstFactorCredential"]["publicKey"] = json!(fingerprint(&ada().key)));
    let file = || [("events.ndjson", ndjson(&honest))];
    let none = || TrustFile::pinned().without_table(&relying_party(""));
    let one = || TrustFile::pinned().without_table(&pin(&ada()));
    let mut spoilt = honest.clone();
    assertion(&mut spoilt[1])["clientData"] = assertion(&mut spoilt[0].clone())["clientData"].clone();
    let refuted = Expect::fail_at(Code::PasskeySignature, 2, "the key is only claimed, and the signature does not even fit it");
    vec![
        both("good-passkey-fingerprint", &stated, Expect::pass("the event states a fingerprint; the key is pinned")),
        sealed("weak-passkey-fingerprint", &stated, Expect::incomplete(&PASSKEY, "the event states a fingerprint, which is not a key"))
            .trust(&TrustFile::unpinned()),
        raw("weak-raw-claimed", &file(), Expect::incomplete(&PASSKEY, "the keys stand in the export alone").args(&SKIP))
            .trust(&TrustFile::unpinned()),
        raw("weak-raw-one-claimed", &file(), Expect::incomplete(&PASSKEY, "one key stands in the export alone").args(&SKIP)).trust(&one()),
        raw("passkey-claimed-signature", &[("events.ndjson", ndjson(&spoilt))], refuted).trust(&TrustFile::unpinned()),
        sealed("good-passkey-one-vouched", &honest, Expect::pass("one key is not pinned, but vouched for")).trust(&one()),
        both("weak-passkey-no-party", &honest, Expect::incomplete(&PASSKEY, "the trust file lists no relying party")).trust(&none()),
        both("weak-token-no-issuer", &honest, Expect::incomplete(&[CheckId::EventToken], "the trust file lists no issuer, nor a key for tokens"))
            .trust(&TrustFile::pinned().without_table(&issuer())),
    ]
}

/// Trust files that are refused.
fn refused() -> Vec<Scenario> {
    let trust = |name: &str, spki: &str, why: &str| {
        let table = format!("\n[[credential]]\nid = \"cr-new\"\nuser = \"us-new\"\npublic_key = \"{spki}\"\n");
        sealed(format!("trust-credential-{name}"), &events(&three()), Expect::exit(2, why)).trust(&TrustFile::pinned().table(&table))
    };
    let ed25519 =
        |point: [u8; 32]| Base64::encode_string(&[&[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00][..], &point].concat());
    let body = |pem: &str| pem.lines().filter(|line| !line.starts_with('-')).collect::<String>();
    let (mut small, mut beyond, mut off_curve) = ([0; 32], [0xff; 32], ada().key.spki());
    small[0] = 1;
    (beyond[0], beyond[31]) = (0xee, 0x7f);
    off_curve[90] ^= 1;
    let keys = |text: &str| {
        sealed("trust-jwks-short", &events(&three()), Expect::exit(2, "the issuer's key is 3 bytes long"))
            .file("acme-jwks.json", text.as_bytes().to_vec())
    };
    let honest = String::from_utf8(jwks()).unwrap();
    let at = honest.find("\"x\":\"").unwrap() + 5;
    vec![
        trust("small-order", &ed25519(small), "a pinned key of small order"),
        trust("not-canonical", &ed25519(beyond), "a pinned key whose coordinate is not reduced"),
        trust("off-curve", &Base64::encode_string(&off_curve), "a pinned key that is not on its curve"),
        trust("explicit", &body(include_str!("../fixed/explicit.pem")), "a pinned key with its curve written out"),
        keys(&format!("{}AAAA{}", &honest[..at], &honest[at + 43..])),
    ]
}
