//! A profile of the auditor's own: a challenge that binds the action, and tokens for one audience.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use unbroken::finding::Code;

use super::super::actions::{Action, events, ndjson, three};
use super::super::authenticator::base64url;
use super::super::edit::Event;
use super::super::expect::Expect;
use super::Scenario;
use super::actions::{SKIP, raw};

pub fn list() -> Vec<Scenario> {
    let mut list = challenges();
    list.extend(audiences());
    list
}

/// The built-in profile with another rule.
fn profile(line: &str, by: &str) -> Vec<u8> {
    let text = include_str!("../../../src/profile/builtin/passkey-actions-1.toml");
    assert!(text.contains(line), "no such line in the profile: {line}");
    text.replace("name = \"passkey-actions/1\"", "name = \"acme-actions/1\"").replace(line, by).into_bytes()
}

fn with_profile(name: &str, events: &[Event], profile: Vec<u8>, expect: Expect) -> Scenario {
    let mut scenario = raw(name, &[("events.ndjson", ndjson(events))], expect.args(&SKIP)).file("profile.toml", profile);
    let args = &mut scenario.expects[0].1.args;
    args.iter_mut().filter(|arg| *arg == "passkey-actions/1").for_each(|arg| "profile.toml".clone_into(arg));
    scenario
}

fn bound(list: &mut [Action]) {
    for action in list {
        let canonical = json!(action.name).to_string();
        action.ceremony.challenge = base64url(&Sha256::digest(canonical));
    }
}

fn challenges() -> Vec<Scenario> {
    let rule = || profile("challenge = \"opaque\"", "challenge = { sha256-jcs = \"/action\" }");
    let mut honest = three();
    bound(&mut honest);
    let mut moved = honest.clone();
    moved[1].ceremony.challenge = base64url(&Sha256::digest(json!("policies:archive").to_string()));
    let mut edited = events(&honest);
    edited[1]["action"] = json!("wallets/wa-9:transfer");
    let fail = |why: &str| Expect::fail_at(Code::PasskeyChallenge, 2, why);
    vec![
        with_profile("good-rules-challenge", &events(&honest), rule(), Expect::pass("each challenge is the hash of the action").qualified()),
        with_profile("rules-challenge-moved", &events(&moved), rule(), fail("an assertion that was made for another action")),
        with_profile("rules-challenge-edited", &edited, rule(), fail("the action was changed after it was signed")),
        with_profile("rules-challenge-random", &events(&three()), rule(), Expect::fail_at(Code::PasskeyChallenge, 1, "challenges that are random")),
    ]
}

fn audiences() -> Vec<Scenario> {
    let rule = || profile("organisation = \"/sub\"", "organisation = \"/sub\"\naudience = \"acme-wallets\"");
    let made = |second: Value| {
        let mut list = three();
        list.iter_mut().for_each(|action| drop(action.token.claims.insert("aud".to_owned(), json!("acme-wallets"))));
        list[1].token.claims["aud"] = second;
        events(&list)
    };
    let fail = |why: &str| Expect::fail_at(Code::TokenAudience, 2, why);
    vec![
        with_profile("good-rules-audience", &made(json!(["acme", "acme-wallets"])), rule(), Expect::pass("tokens for this audience").qualified()),
        with_profile("rules-audience-other", &made(json!("globex-wallets")), rule(), fail("a token for another audience")),
        with_profile("rules-audience-prefix", &made(json!(["acme-wallets-test"])), rule(), fail("an audience that starts like the right one")),
        with_profile("rules-audience-null", &made(Value::Null), rule(), fail("a token that names no audience").or(Code::TokenClaims)),
    ]
}
