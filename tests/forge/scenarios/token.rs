//! Tokens: who signed them, for whom and for when. The second of three events has the one that matters.

use serde_json::{Value, json};
use unbroken::finding::{CheckId, Code};

use super::super::actions::{Action, events, ndjson, no_credential, system_event, three};
use super::super::bundle::export_key;
use super::super::edit::Event;
use super::super::expect::Expect;
use super::super::keys::Key;
use super::super::token::{ISSUER, KEY_ID, METADATA, Token, jwk, jwks};
use super::super::trust::{TrustFile, issuer};
use super::Scenario;
use super::actions::{SKIP, both, raw};
use super::passkey::{edited, made};

pub fn list() -> Vec<Scenario> {
    let mut list = about();
    list.extend(times());
    list.extend(keys());
    list.extend(absent());
    list
}

/// Three events, the token of the second made so and signed.
pub fn token(change: impl FnOnce(&mut Token)) -> Vec<Event> {
    made(|action| change(&mut action.token))
}

pub fn fail(name: &str, code: Code, events: &[Event], why: &str) -> Scenario {
    both(format!("token-{name}"), events, Expect::fail_at(code, 2, why))
}

pub fn pass(name: &str, events: &[Event], why: &str) -> Scenario {
    both(format!("good-token-{name}"), events, Expect::pass(why))
}

pub fn untested(name: &str, events: &[Event], why: &str) -> Scenario {
    both(format!("weak-token-{name}"), events, Expect::incomplete(&[CheckId::EventToken], why))
}

fn about() -> Vec<Scenario> {
    let claim = |name: &'static str, value: Value| token(move |token| drop(token.claims.insert(name.to_owned(), value)));
    let moved = made(|action| action.token = Token::of("us-ben", "jti-moved", action.seconds() - 4));
    let no_user = token(|token| drop(token.claims.remove(METADATA)));
    vec![
        fail("issuer", Code::TokenIssuer, &claim("iss", json!("auth.globex.example")), "another issuer"),
        fail(
            "issuer-prefix",
            Code::TokenIssuer,
            &claim("iss", json!(format!("{ISSUER}.evil.example"))),
            "an issuer that starts like the trusted one",
        ),
        fail("tenant", Code::TokenTenant, &claim("sub", json!("tnt_globex")), "the token of another organisation"),
        fail("user", Code::TokenUser, &moved, "a valid token of another user"),
        pass("no-user", &no_user, "a token that names no user"),
        pass("more-claims", &claim("scope", json!(["wallets:read"])), "a token with a further claim"),
    ]
}

/// The second action on a whole second, and its token.
fn timed(change: impl FnOnce(&mut Token, u64)) -> Vec<Event> {
    made(|action| {
        action.clock -= action.clock % 1000;
        let now = action.seconds();
        change(&mut action.token, now);
    })
}

fn times() -> Vec<Scenario> {
    let set = |iat: i64, exp: i64| {
        timed(move |token, now| {
            (token.claims["iat"], token.claims["exp"]) = (json!(now.strict_add_signed(iat)), json!(now.strict_add_signed(exp)));
        })
    };
    let nbf = |nbf: i64| timed(move |token, now| drop(token.claims.insert("nbf".to_owned(), json!(now.strict_add_signed(nbf)))));
    let time = Code::TokenTime;
    vec![
        fail("time-expired", time, &set(-961, -61), "expired 61 seconds before the event"),
        fail("time-later", time, &set(61, 961), "issued 61 seconds after the event"),
        fail("time-not-before", time, &nbf(61), "not valid before 61 seconds after the event"),
        fail("time-old", time, &set(-90_000, -86_400), "a token of the day before"),
        pass("time-expired", &set(-960, -60), "expired 60 seconds before the event: two clocks may differ so much"),
        pass("time-later", &set(60, 960), "issued 60 seconds after the event"),
        pass("time-not-before", &nbf(60), "not valid before 60 seconds after the event"),
    ]
}

fn keys() -> Vec<Scenario> {
    let signed = |key: Key, algorithm: &'static str| {
        let mut list = three();
        for action in &mut list {
            action.token.key = key.clone();
            action.token.header.insert("alg".to_owned(), json!(algorithm));
        }
        events(&list)
    };
    let set =
        |key: &Key| format!("{}\n", json!({"keys": [jwk("acme-tokens-2025", &Key::ed25519("acme tokens 2025")), jwk(KEY_ID, key)]})).into_bytes();
    let (p256, rsa) = (Key::es256("acme tokens P-256"), Key::rs256(2));
    let manifest_key = token(|token| {
        token.header.insert("kid".to_owned(), json!("acme-export-2026"));
        token.key = export_key();
    });
    let pinned = |key: Key, more: &str| TrustFile::pinned().without_table(&issuer()).key(KEY_ID, &["token"], key, more);
    let honest = events(&three());
    let own = || Key::ed25519("acme tokens 2026");
    let first = |code: Code, why: &str| Expect::fail_at(code, 1, why);
    vec![
        pass("es256", &signed(p256.clone(), "ES256"), "ES256 by the issuer's key set").file("acme-jwks.json", set(&p256)),
        pass("rs256", &signed(rsa.clone(), "RS256"), "RS256 by the issuer's key set").file("acme-jwks.json", set(&rsa)),
        pass("key", &honest, "a pinned key instead of an issuer").trust(&pinned(own(), "")),
        pass("key-rs256", &signed(rsa.clone(), "RS256"), "a pinned RSA key instead of an issuer").trust(&pinned(rsa, "")),
        fail("key-manifest", Code::TokenKey, &manifest_key, "signed by a key that may sign manifests only"),
        both("token-key-tenant", &honest, first(Code::TokenKey, "the key may sign for another tenant"))
            .trust(&pinned(own(), "tenant = [\"tnt_globex\"]\n")),
        both("token-key-valid", &honest, first(Code::TokenKey, "the key was valid until September"))
            .trust(&pinned(own(), "valid = { to = \"2026-09-30T23:59:59Z\" }\n")),
        untested("key-compromised", &honest, "the key counts as compromised since September")
            .trust(&pinned(own(), "compromised_since = \"2026-09-01T00:00:00Z\"\n")),
        both("token-key-other", &honest, first(Code::TokenSignature, "the issuer's key set has another key of this id"))
            .file("acme-jwks.json", set(&Key::ed25519("somebody else"))),
        untested("key-unknown", &honest, "the issuer's key set has no key of this id")
            .file("acme-jwks.json", String::from_utf8(jwks()).unwrap().replace(KEY_ID, "acme-tokens-2024").into_bytes()),
    ]
}

fn absent() -> Vec<Scenario> {
    let named = |value: Value| {
        let mut list = events(&three());
        list[1] = system_event(2, no_credential());
        list[1]["actionToken"] = value;
        list
    };
    let of_ada = json!(Token::of("us-ada", "jti-system", Action::seconds(&three()[1]) - 4).text());
    let no_time = edited(|event| event["datePerformed"] = Value::Null);
    let timeless = Expect::incomplete(&[CheckId::EventToken], "the event has no time, so nothing tells whether its token was valid").args(&SKIP);
    vec![
        untested("null", &edited(|event| event["actionToken"] = Value::Null), "the event names a user and carries no token"),
        fail("system", Code::TokenUser, &named(of_ada), "the event names no user, its token does"),
        raw("weak-token-no-time", &[("events.ndjson", ndjson(&no_time))], timeless),
    ]
}
