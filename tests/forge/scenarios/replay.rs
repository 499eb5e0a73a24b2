//! One thing used twice. The finding names the later event in the file: here the third of three.

use serde_json::json;
use unbroken::finding::Code;

use super::super::actions::{Action, ada, ada_script, ben, events};
use super::super::authenticator::{Credential, base64url};
use super::super::edit::Event;
use super::super::expect::Expect;
use super::super::keys::Key;
use super::super::token::Token;
use super::super::trust::TrustFile;
use super::Scenario;
use super::actions::{both, sealed};
use super::passkey::assertion;
use super::passkey_signature::twin;

pub fn list() -> Vec<Scenario> {
    let mut list = assertions();
    list.extend(counters());
    list.extend(owners());
    list.extend(tokens());
    list
}

fn fail(name: &str, code: Code, events: &[Event], why: &str) -> Scenario {
    both(format!("replay-{name}"), events, Expect::fail_at(code, 3, why))
}

/// Two of ada's actions with one of ben's between them.
fn actions() -> Vec<Action> {
    vec![Action::of(1, "wallets:create", ada()), Action::of(2, "policies:update", ben()), Action::of(3, "wallets/wa-1:transfer", ada())]
}

fn made(change: impl FnOnce(&mut Vec<Action>)) -> Vec<Event> {
    let mut list = actions();
    change(&mut list);
    events(&list)
}

fn assertions() -> Vec<Scenario> {
    let mut same = events(&actions());
    same[2]["firstFactorCredential"] = same[0]["firstFactorCredential"].clone();
    let mut high = same.clone();
    let credential = ada();
    let signature = actions()[0].ceremony.sign(&credential).signature;
    assertion(&mut high[2])["signature"] = json!(base64url(&twin(&signature)));
    let challenge = made(|list| list[2].ceremony.challenge = list[0].ceremony.challenge.clone());
    let others = made(|list| list[2].ceremony.challenge = list[1].ceremony.challenge.clone());
    vec![
        fail("assertion", Code::ReplayAssertion, &same, "two events with one assertion"),
        fail("assertion-twin", Code::ReplayAssertion, &high, "one assertion, the second time with n - s for s"),
        fail("challenge", Code::ReplayChallenge, &challenge, "two assertions of one credential answer one challenge"),
        fail("challenge-two-credentials", Code::ReplayChallenge, &others, "assertions of two credentials answer one challenge"),
    ]
}

fn counters() -> Vec<Scenario> {
    let count = |first: u32, second: u32| made(move |list| (list[0].ceremony.counter, list[2].ceremony.counter) = (first, second));
    let mut swapped = events(&actions());
    let first = swapped[0]["firstFactorCredential"].clone();
    swapped[0]["firstFactorCredential"] = swapped[2]["firstFactorCredential"].clone();
    swapped[2]["firstFactorCredential"] = first;
    let code = Code::ReplayCounter;
    let largest = u32::MAX;
    vec![
        fail("counter-back", code, &count(45, 44), "the counter goes back"),
        fail("counter-equal", code, &count(45, 45), "the counter stays"),
        fail("counter-to-zero", code, &count(45, 0), "the counter goes back to 0"),
        fail("counter-wrapped", code, &count(largest, 1), "the counter starts again"),
        fail("counter-swapped", code, &swapped, "two events of one credential exchanged their assertions: the counter goes back"),
        both("good-replay-counter-zero", &count(0, 0), Expect::pass("an authenticator without a counter: always 0")),
        both("good-replay-counter-starts", &count(0, 7), Expect::pass("a counter that starts")),
        both("good-replay-counter-jumps", &count(1, largest), Expect::pass("a counter that jumps: other sites use it too")),
    ]
}

/// Nothing is pinned, so that only the events themselves tell.
fn owners() -> Vec<Scenario> {
    let two_keys = made(|list| list[2].credential = Credential { key: Key::es256("ada's other key"), ..ada() });
    let two_users = made(|list| {
        list[2].user = "us-ben";
        list[2].token = Token::of("us-ben", "jti-ben", list[2].seconds() - 4);
    });
    let expect = |code: Code, why: &str| Expect::fail_at(code, 3, why);
    vec![
        sealed("replay-credential-key", &two_keys, expect(Code::ReplayCredentialKey, "one credential with two keys")).trust(&TrustFile::unpinned()),
        sealed("replay-credential-user", &two_users, expect(Code::ReplayCredentialUser, "one credential of two users")).trust(&TrustFile::unpinned()),
    ]
}

fn tokens() -> Vec<Scenario> {
    let shared = |other: Credential| {
        made(move |list| {
            list[2] = Action::of(3, "wallets/wa-1:transfer", other);
            list[2].token.claims["jti"] = list[0].token.claims["jti"].clone();
        })
    };
    let whole = made(|list| {
        list[2].clock = list[0].clock + 60_000;
        list[2].token = list[0].token.clone();
    });
    let mut of_ben = ben();
    of_ben.key = ben().key;
    vec![
        fail("token-user", Code::ReplayToken, &shared(of_ben), "one token id for two users"),
        fail("token-credential", Code::ReplayToken, &shared(ada_script()), "one token id for two credentials"),
        both("good-replay-token-id", &shared(ada()), Expect::pass("one token id for two actions of one user with one credential: a note")),
        both("good-replay-token", &whole, Expect::pass("one token for two actions of one user with one credential: a note")),
    ]
}
