//! Assertions and tokens as lines for a shell. A token's text is cut out of the file, so that it stands in no command and on no screen.

use std::ops::Range;

use super::hand::{Form, Hand, Key};
use super::proofs::hex;
use super::shell;
use crate::check::Assertion;
use crate::crypto::jws::NotSigned;
use crate::crypto::{CredentialKey, SignatureAlgorithm, base64url};
use crate::event::{Found, Passkey};
use crate::finding::Outcome;
use crate::report::ByHand;

/// Its parts as files, the relying party's digest, the signature.
pub(super) fn assertion(hand: &mut Hand, found: &Passkey<'_>, assertion: &Assertion, key: &CredentialKey) {
    let Some(file) = hand.file().map(str::to_owned) else {
        return;
    };
    let place = |found: &Found<'_>| found.text().and_then(|text| hand.place(text));
    let (Some(client_data), Some(signature)) = (place(&found.client_data), place(&found.signature)) else {
        return hand.leave("the assertion: its parts are written with escapes in the record, so they cannot be cut out of it");
    };
    let stem = file.trim_end_matches(".json").to_owned();
    let name = |what: &str| format!("{stem}-{what}");
    let decode = |range: &Range<usize>, what: &str| format!("{} > {}", shell::base64url(&file, range), name(what));
    let mut commands = vec![decode(&client_data, "client-data"), decode(&signature, "signature")];
    let signed = match &assertion.authenticator {
        None => name("client-data"),
        Some((_, data)) => {
            let Some(range) = place(&found.authenticator_data) else {
                return hand.leave("the assertion: its parts are written with escapes in the record, so they cannot be cut out of it");
            };
            let authenticator = name("authenticator-data");
            commands.push(decode(&range, "authenticator-data"));
            let digest = format!("openssl dgst -sha256 -binary {}", name("client-data"));
            commands.push(format!("{{ cat {authenticator}; {digest}; }} > {}", name("signed")));
            hand.step(ByHand {
                title: "the parts of the assertion, and what its signature covers; then the relying party's digest".to_owned(),
                commands: std::mem::take(&mut commands).into_iter().chain([format!("head -c 32 {authenticator} | {}; echo", shell::HEX)]).collect(),
                prints: Some(hex(&data.rp_id_hash)),
                outcome: Outcome::Upheld,
                note: Some("it is the SHA-256 of the relying party's domain: printf %s DOMAIN | sha256sum".to_owned()),
            });
            name("signed")
        }
    };
    let fits = key.verify(&assertion.signed_bytes(), &assertion.signature);
    let outcome = if fits { Outcome::Upheld } else { Outcome::Refuted };
    let pem = name("credential.pem");
    let algorithm = key.algorithm().name();
    let form = Form::of(algorithm, &assertion.signature);
    let key = Key { algorithm, fingerprint: key.fingerprint(), spki: key.spki(), file: &pem, form };
    hand.signature("the assertion's signature".to_owned(), &key, (&signed, &name("signature")), outcome, commands);
}

/// What was signed and the signature as files; the signature's two numbers put into the form that openssl takes.
pub(super) fn token(hand: &mut Hand, text: &str, key: &CredentialKey, result: Result<(), NotSigned>) {
    let Some(file) = hand.file().map(str::to_owned) else {
        return;
    };
    let (Some(place), Some(dot)) = (hand.place(text), text.rfind('.')) else {
        return hand.leave("the token: it is written with escapes in the record, so it cannot be cut out of it");
    };
    let outcome = match result {
        Ok(()) => Outcome::Upheld,
        Err(NotSigned::Signature) => Outcome::Refuted,
        Err(NotSigned::Algorithm(theirs, ours)) => {
            return hand.leave(format!(
                "the token's signature: its header names the algorithm {theirs}, the key has {ours}; no signature is looked at then"
            ));
        }
    };
    let stem = file.trim_end_matches(".json").to_owned();
    let name = |what: &str| format!("{stem}-token-{what}");
    let end = place.start.saturating_add(dot);
    let (signed, mut signature, pem) = (name("signed"), name("signature"), name("key.pem"));
    let mut commands = vec![
        format!("{} > {signed}", shell::piece(&file, &(place.start..end))),
        format!("{} > {signature}", shell::base64url(&file, &(end.saturating_add(1)..place.end))),
    ];
    let half: Option<usize> = match key.algorithm() {
        SignatureAlgorithm::Es256 => Some(32),
        SignatureAlgorithm::Es384 => Some(48),
        SignatureAlgorithm::Es512 => Some(66),
        _ => None,
    };
    if let Some(half) = half {
        let bytes = half.saturating_mul(2);
        let found = base64url(text.get(dot.saturating_add(1)..).unwrap_or_default()).map(|bytes| bytes.len());
        if found != Some(bytes) {
            return hand.leave(format!("the token's signature: expected {bytes} bytes, as {} has, found another length", key.algorithm().name()));
        }
        signature = shell::to_der(&signature, half, &mut commands);
    }
    let key = Key { algorithm: key.algorithm().name(), fingerprint: key.fingerprint(), spki: key.spki(), file: &pem, form: Form::Read };
    hand.signature("the token's signature".to_owned(), &key, (&signed, &signature), outcome, commands);
}
