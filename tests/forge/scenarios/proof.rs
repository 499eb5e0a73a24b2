//! Per-event HMACs and signatures, written wrong by the producer: the chain over them holds.

use serde_json::json;
use unbroken::finding::{CheckId, Code};

use super::super::bundle::{ACME, Bundle, Start};
use super::super::edit::Hand;
use super::super::expect::{At, Expect};
use super::super::keys::{Key, epoch_key, event_key, seed, tenant_key};
use super::super::record::{Profile, Proof, base64};
use super::super::trust::TrustFile;
use super::{Scenario, transfer, with};

pub fn list() -> Vec<Scenario> {
    let mut list = macs();
    list.extend(signatures());
    list
}

/// The producer wrote this member of this event so, and chained on.
fn stated(bundle: Bundle, index: usize, member: &str, value: Option<String>) -> Bundle {
    with(bundle, |bundle| {
        bundle.change(index, |event| match value {
            Some(value) => event[member] = json!(value),
            None => drop(event.remove(member)),
        });
        bundle.relink_from(index + 1, Hand::Producer);
        bundle.restate();
    })
}

fn macs() -> Vec<Scenario> {
    let wrong = stated(transfer(), 3, "hmac", Some(format!("hmac-sha256:{}", "0".repeat(64))));
    let missing = stated(transfer(), 3, "hmac", None);
    let form = stated(transfer(), 3, "hmac", Some("hmac-sha256:none".to_owned()));
    let not_required = "the HMAC is not required where signature, files and chain are upheld";
    let one = Expect::fail_at(Code::EventMac, 4, "one HMAC does not fit; the chain holds over it");
    let none = Expect::fail_at(Code::EventMacMissing, 4, "one event has no HMAC although the manifest declares it");
    let wrong_key = Expect::fail(Code::EventMacKey, At::Nowhere, "no HMAC fits: the wrong key");
    let wrong_kind = Expect::fail(Code::EventMacKey, At::Nowhere, "no HMAC fits: a tenant key given as the key of a month");
    vec![
        Scenario::sealed("event-mac", &wrong, Expect::pass(not_required)).keyed(one),
        Scenario::sealed("event-mac-missing", &missing, none.clone()).keyed(none),
        Scenario::sealed("event-mac-form", &form, Expect::fail(Code::EventField, At::Event(4), "the HMAC has another form").or(Code::EventMac)),
        Scenario::sealed("event-mac-wrong-key", &transfer(), wrong_key.with_key()).file("acme-mac.key", seed("another secret").to_vec()),
        Scenario::sealed("event-mac-wrong-kind", &transfer(), wrong_kind.args(&["--mac-key", "acme-mac:2026-10=acme-mac.key"]))
            .file("acme-mac.key", tenant_key(ACME).to_vec()),
        Scenario::sealed(
            "event-mac-other-epoch",
            &transfer(),
            Expect::incomplete(&[CheckId::EventMac], "required, and the key given is of another month").args(&[
                "--require",
                "event.mac",
                "--mac-key",
                "acme-mac:2026-09=acme-mac.key",
            ]),
        )
        .file("acme-mac.key", epoch_key(ACME, &tenant_key(ACME), "2026-09").to_vec()),
        Scenario::sealed(
            "event-mac-required",
            &transfer(),
            Expect::incomplete(&[CheckId::EventMac], "the auditor requires the HMAC and has no key").args(&["--require", "event.mac"]),
        )
        .keyed(Expect::pass("the auditor requires the HMAC and has the key").args(&["--require", "event.mac"])),
    ]
}

fn signatures() -> Vec<Scenario> {
    let signed = || Bundle::honest(Profile::FileTransfer, Start::Middle, 8, Proof::Signature);
    let zero = format!("ed25519:{}", base64(&[0; 64]));
    let wrong = stated(signed(), 3, "signature", Some(zero));
    let missing = stated(signed(), 3, "signature", None);
    let events = TrustFile::standard().without("acme-events");
    let other = TrustFile::standard().without("acme-events").key("acme-events", &["event"], Key::ed25519("another"), "");
    let tenant = TrustFile::standard().without("acme-events").key("acme-events", &["event"], event_key(ACME), "tenant = [\"tnt_globex\"]\n");
    let wrong_use = TrustFile::standard().without("acme-events").key("acme-events", &["token"], event_key(ACME), "");
    let key = |why: &str| Expect::fail(Code::EventSignatureKey, At::Nowhere, why);
    let altered = with(signed(), |bundle| {
        bundle.alter(2);
        bundle.relink_from(3, Hand::Tamperer);
    });
    let why = "one event was changed and all behind it linked anew; its signature is the first that fails";
    vec![
        Scenario::sealed("good-event-signatures", &signed(), Expect::pass("each event is signed by a trusted key")),
        Scenario::sealed("event-signature", &wrong, Expect::fail_at(Code::EventSignature, 4, "one signature does not fit; the chain holds over it")),
        Scenario::sealed(
            "event-signature-missing",
            &missing,
            Expect::fail_at(Code::EventSignatureMissing, 4, "one event has no signature although the manifest declares it"),
        ),
        Scenario::sealed("event-signature-key-wrong", &signed(), key("no signature fits: another key has this id")).trust(&other),
        Scenario::sealed("event-signature-key-tenant", &signed(), key("the key is another tenant's")).trust(&tenant),
        Scenario::sealed("event-signature-key-use", &signed(), key("the key is not for events")).trust(&wrong_use),
        Scenario::sealed("event-signature-key-unknown", &signed(), Expect::incomplete(&[CheckId::EventSignature], "the events key is not trusted"))
            .trust(&events),
        Scenario::sealed("chain-reforged-signed-events", &altered, Expect::fail_at(Code::ChainReforged, 3, why)),
    ]
}
