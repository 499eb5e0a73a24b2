//! Tokens that are no compact JWS, or want to be read in another way than the trusted key says.

use serde_json::{Value, json};
use unbroken::finding::Code;

use super::super::authenticator::base64url;
use super::super::edit::Event;
use super::super::keys::Key;
use super::super::token::{KEY_ID, Token, jwk, token_key};
use super::Scenario;
use super::passkey::edited;
use super::token::{fail, pass, token, untested};

pub fn list() -> Vec<Scenario> {
    let mut list = algorithms();
    list.extend(headers());
    list.extend(forms());
    list.extend(claims());
    list
}

fn header(name: &'static str, value: Value) -> Vec<Event> {
    token(move |token| drop(token.header.insert(name.to_owned(), value)))
}

/// The second event with another text for its token.
fn text(change: impl FnOnce(&str) -> String) -> Vec<Event> {
    edited(|event| {
        let text = change(event["actionToken"].as_str().unwrap());
        event["actionToken"] = Value::from(text);
    })
}

/// With a last part that is empty.
fn unsigned(algorithm: &str) -> Vec<Event> {
    let algorithm = json!(algorithm);
    let mut events = token(|token| drop(token.header.insert("alg".to_owned(), algorithm)));
    let cut = |text: &str| text[..=text.rfind('.').unwrap()].to_owned();
    let whole = events[1]["actionToken"].as_str().unwrap().to_owned();
    events[1]["actionToken"] = json!(cut(&whole));
    events
}

fn algorithms() -> Vec<Scenario> {
    let code = Code::TokenAlgorithm;
    // the public key as if it were a shared secret
    let confused = token(|token| {
        token.header.insert("alg".to_owned(), json!("HS256"));
        token.key = Key::Hs256(token_key().spki()[12..].try_into().unwrap());
    });
    let missing = token(|token| drop(token.header.remove("alg")));
    vec![
        fail("algorithm-none", code, &unsigned("none"), "no signature, says the header"),
        fail("algorithm-none-case", code, &unsigned("None"), "no signature, says the header in another spelling"),
        fail("algorithm-empty", code, &unsigned(""), "the algorithm is an empty text"),
        fail("algorithm-missing", code, &missing, "the header names no algorithm"),
        fail("algorithm-number", code, &header("alg", json!(-8)), "the algorithm is a number"),
        fail("algorithm-hs256", code, &confused, "an HMAC with the public key as its secret"),
        fail("algorithm-other", code, &header("alg", json!("RS256")), "RSA, says the header; the trusted key is an Ed25519 key"),
    ]
}

fn headers() -> Vec<Scenario> {
    let other = Key::ed25519("somebody else");
    let own = token(|token| {
        token.header.insert("jwk".to_owned(), jwk(KEY_ID, &other));
        token.key = other.clone();
    });
    let more = token(|token| {
        token.header.insert("jku".to_owned(), json!("https://globex.example/jwks.json"));
        token.header.insert("x5u".to_owned(), json!("https://globex.example/key.pem"));
        token.header.insert("jwk".to_owned(), jwk(KEY_ID, &other));
    });
    let unencoded = token(|token| {
        token.header.insert("b64".to_owned(), json!(false));
        token.header.insert("crit".to_owned(), json!(["b64"]));
    });
    let kid = |kid: &str| header("kid", json!(kid));
    vec![
        fail("critical", Code::TokenCritical, &header("crit", json!(["exp"])), "an extension that must be understood"),
        fail("critical-empty", Code::TokenCritical, &header("crit", json!([])), "an empty list of extensions"),
        fail("critical-unencoded", Code::TokenCritical, &unencoded, "claims that are said not to be encoded"),
        fail("critical-b64", Code::TokenCritical, &header("b64", json!(false)), "claims that are said not to be encoded, without a list"),
        fail("signature-own-key", Code::TokenSignature, &own, "signed by a key that the token itself brings"),
        pass("header", &more, "the token brings a key and names two addresses: none of them is looked at"),
        untested("kid-path", &kid("../../../../dev/null"), "the key's id is a path"),
        untested("kid-query", &kid("x' UNION SELECT 'AAAA"), "the key's id is a database query"),
        untested("kid-url", &kid("https://globex.example/jwks.json"), "the key's id is an address"),
        untested("kid-prefix", &kid("acme-tokens-20"), "the key's id starts like the trusted one"),
    ]
}

fn forms() -> Vec<Scenario> {
    let form = |name: &str, events: &[Event], why: &str| fail(&format!("malformed-{name}"), Code::TokenMalformed, events, why);
    let parts = |text: &str| text.split('.').map(str::to_owned).collect::<Vec<String>>();
    let raw_claims = |claims: &'static str| token(move |token| token.raw_claims = Some(claims.as_bytes().to_vec()));
    let raw_header = |header: &'static str| token(move |token| token.raw_header = Some(header.as_bytes().to_vec()));
    let twice = token(|token| {
        let text = serde_json::to_string(&token.claims).unwrap();
        token.raw_claims = Some(text.replacen('{', r#"{"sub":"tnt_globex","#, 1).into_bytes());
    });
    let serialised = |text: &str| json!({"payload": parts(text)[1], "protected": parts(text)[0], "signature": parts(text)[2]}).to_string();
    let bits = |text: &str| {
        // 64 bytes are 85 letters and two bits of the last one
        let (start, last) = text.split_at(text.len() - 1);
        let next = match last {
            "A" => "B",
            "Q" => "R",
            "g" => "h",
            _ => "x",
        };
        format!("{start}{next}")
    };
    vec![
        form("two-parts", &text(|text| parts(text)[..2].join(".")), "two parts"),
        form("four-parts", &text(|text| format!("{text}.AAAA")), "four parts"),
        form("five-parts", &text(|text| format!("{text}.AAAA.AAAA")), "five parts: an encrypted token"),
        form("json", &text(serialised), "the JSON form of a JWS"),
        form("padded", &text(|text| format!("{text}==")), "the signature is padded"),
        form("newline", &text(|text| format!("{text}\n")), "a line end stands behind the token"),
        form("space", &text(|text| text.replacen('.', ". ", 1)), "a space stands behind a dot"),
        form("bits", &text(bits), "the last letter has bits that are not used and not zero"),
        form("empty", &text(|_| String::new()), "an empty text"),
        form("claims-text", &raw_claims("approved"), "the claims are no JSON, though signed"),
        form("claims-array", &raw_claims(r#"["approved"]"#), "the claims are no object, though signed"),
        form("claims-twice", &twice, "a claim stands twice"),
        form("header-twice", &raw_header(r#"{"alg":"none","alg":"EdDSA","kid":"acme-tokens-2026"}"#), "the header names two algorithms"),
        form("header-text", &text(|text| format!("{}.{}.{}", base64url(b"EdDSA"), parts(text)[1], parts(text)[2])), "the header is no JSON"),
        form("number", &edited(|event| event["actionToken"] = json!(7)), "the token is a number"),
    ]
}

fn claims() -> Vec<Scenario> {
    let claim = |name: &'static str, value: Value| token(move |token| drop(token.claims.insert(name.to_owned(), value)));
    let wrong = |name: &str, events: &[Event], why: &str| fail(&format!("claims-{name}"), Code::TokenClaims, events, why);
    let without = |name: &'static str| token(move |token| drop(token.claims.remove(name)));
    let huge = token(|token: &mut Token| {
        let text = serde_json::to_string(&token.claims).unwrap();
        let exp = token.claims["exp"].to_string();
        token.raw_claims = Some(text.replace(&format!("\"exp\":{exp}"), "\"exp\":1e400").into_bytes());
    });
    let flipped = text(|text| {
        let at = text.rfind('.').unwrap() + 9;
        let letter = if &text[at..=at] == "A" { "B" } else { "A" };
        format!("{}{letter}{}", &text[..at], &text[at + 1..])
    });
    let untimed = token(|token| ["exp", "iat", "nbf"].iter().for_each(|name| drop(token.claims.remove(*name))));
    let longer = {
        let mut changed = token(|token| token.claims["exp"] = json!(4_000_000_000_u64));
        let honest = token(|_| {});
        let signature = |event: &Event| event["actionToken"].as_str().unwrap().rsplit_once('.').unwrap().1.to_owned();
        let stolen = signature(&honest[1]);
        let input = changed[1]["actionToken"].as_str().unwrap().rsplit_once('.').unwrap().0.to_owned();
        changed[1]["actionToken"] = json!(format!("{input}.{stolen}"));
        changed
    };
    vec![
        wrong("exp-text", &claim("exp", json!("never")), "the expiry is a text"),
        wrong("exp-null", &claim("exp", Value::Null), "the expiry is null"),
        wrong("exp-negative", &claim("exp", json!(-1)), "the expiry is negative").or(Code::TokenTime),
        wrong("iat-text", &claim("iat", json!("2026-10-05")), "the time of issue is a text"),
        wrong("nbf-text", &claim("nbf", json!("0")), "the time from which it is valid is a text"),
        wrong("sub-number", &claim("sub", json!(7)), "the organisation is a number"),
        wrong("user-number", &claim(super::super::token::METADATA, json!({"userId": 7})), "the user is a number").or(Code::TokenUser),
        wrong("issuer-missing", &without("iss"), "there is no issuer").or(Code::TokenIssuer),
        pass("expiry-missing", &without("exp"), "there is no expiry: the token is judged by the times that it states"),
        untested("tenant-missing", &without("sub"), "there is no organisation: nothing ties the token to the tenant"),
        untested("time-missing", &untimed, "neither expiry nor a time of issue"),
        fail("claims-exp-huge", Code::TokenMalformed, &huge, "the expiry is beyond the range of numbers"),
        fail("signature", Code::TokenSignature, &flipped, "a letter of the signature differs"),
        fail("signature-expiry", Code::TokenSignature, &longer, "the expiry was moved after the token was signed"),
    ]
}
