//! Bundles that nobody touched.

use serde_json::json;
use unbroken::finding::CheckId;

use super::super::bundle::{Bundle, Start};
use super::super::container::{Archive, Method};
use super::super::edit::Hand;
use super::super::expect::Expect;
use super::super::keys::{epoch_key, tenant_key};
use super::super::record::{Profile, Proof};
use super::{ACME, Scenario, entries, from_genesis, transfer, with};

pub fn list() -> Vec<Scenario> {
    let pass = |why: &str| Expect::pass(why);
    let key = || pass("as without the key, and each HMAC fits");
    let honest = |profile, start, proof| Bundle::honest(profile, start, 8, proof);
    let both = honest(Profile::FileTransfer, Start::First, Proof::Both);
    let first_entries = honest(Profile::Qustody, Start::First, Proof::None);
    let one = Bundle::honest(Profile::FileTransfer, Start::First, 1, Proof::Mac);
    let loose = ["bundle/manifest.json", "bundle/manifest.sig", "bundle/events.ndjson"];
    vec![
        Scenario::sealed("good", &transfer(), pass("eight events from the middle of a log")).keyed(key()),
        Scenario::sealed("good-genesis", &from_genesis(), pass("eight events from the genesis block on")).keyed(key()),
        Scenario::sealed("good-one-event", &one, pass("one event behind the genesis block")).keyed(key()),
        Scenario::sealed("good-mac-and-signature", &both, pass("each event has an HMAC and a signature")).keyed(key()),
        Scenario::sealed("good-entries", &entries(), pass("eight entries from the middle of a log")),
        Scenario::sealed("good-entries-first", &first_entries, pass("eight entries from the zero link on")),
        Scenario::folder("good-folder", &transfer().sealed(), pass("a folder")).keyed(key().input(&["bundle"])),
        Scenario::folder("good-loose", &transfer().sealed(), pass("loose files")).run("loose", pass("loose files").input(&loose)),
        Scenario::archive("good-stored", Archive::of(&transfer().sealed(), Method::Stored).bytes(), pass("an archive without compression")),
        Scenario::sealed("good-equal-times", &equal_times(), pass("two events of one instant, written in two zones")).keyed(key()),
        two_months(),
        Scenario::sealed("good-extra-members", &extra(), pass("events with further members")).keyed(key()),
    ]
}

fn equal_times() -> Bundle {
    with(transfer(), |bundle| {
        bundle.change(3, |event| event["occurred_at"] = json!("2026-10-01T01:14:00.000Z"));
        bundle.change(4, |event| event["occurred_at"] = json!("2026-10-01T03:14:00+02:00"));
        bundle.author(2, |event| event["occurred_at"] = json!("2026-10-01T01:14:00Z"));
    })
}

/// Two events of September, one of them by its zone only; so two epoch keys.
fn two_months() -> Scenario {
    let bundle = with(transfer(), |bundle| {
        bundle.manifest["period"]["from"] = json!("2026-09-30T00:00:00Z");
        bundle.change(0, |event| event["occurred_at"] = json!("2026-09-30T21:00:00Z"));
        bundle.change(1, |event| event["occurred_at"] = json!("2026-10-01T01:30:00+02:00"));
        bundle.relink_from(0, Hand::Producer);
        bundle.restate();
    });
    let month = |epoch: &str| epoch_key(ACME, &tenant_key(ACME), epoch).to_vec();
    let october = ["--mac-key", "acme-mac:2026-10=october.key"];
    let both = [&october[..], &["--mac-key", "acme-mac:2026-09=september.key"]].concat();
    let require = [&october[..], &["--require", "event.mac"]].concat();
    Scenario::sealed("good-two-months", &bundle, Expect::pass("events of two months in UTC"))
        .keyed(Expect::pass("the tenant key gives both months' keys"))
        .run("october", Expect::pass("one month's key: what it does not cover is untested, and not required").args(&october))
        .run("october-required", Expect::incomplete(&[CheckId::EventMac], "one month's key, and every HMAC required").args(&require))
        .run("both-months", Expect::pass("both months' keys").args(&both).args(&["--require", "event.mac"]))
        .file("october.key", month("2026-10"))
        .file("september.key", month("2026-09"))
}

fn extra() -> Bundle {
    with(transfer(), |bundle| {
        bundle.change(2, |event| {
            event["actor"]["federation"] = json!("saml:idp.acme.example");
            event["actor"]["name"] = json!("Zoë \u{1f512} \"quoted\" \\ \u{8}\u{7f}");
            event.insert(
                "file".to_owned(),
                json!({"name": "a/b.pdf", "sha256": format!("sha256:{}", "ab".repeat(32)), "size": 9_007_199_254_740_991_u64, "version": 3}),
            );
        });
        bundle.author(1, |event| drop(event.insert("tags".to_owned(), json!([null, true, -1, "", [], {}]))));
    })
}
