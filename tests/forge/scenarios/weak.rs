//! Bundles that nothing contradicts, and that claim less than their profile requires: never a PASS.

use serde_json::json;
use unbroken::finding::CheckId;

use super::super::bundle::{Bundle, Member, Start};
use super::super::expect::Expect;
use super::super::record::{Profile, Proof};
use super::{Scenario, entries, transfer, with};

pub fn list() -> Vec<Scenario> {
    let honest = |proof: Proof| Bundle::honest(Profile::FileTransfer, Start::Middle, 8, proof);
    let without = |bundle: Bundle, names: &[&str]| with(bundle, |bundle| names.iter().for_each(|name| drop(bundle.manifest.remove(*name))));
    let unchained = without(transfer(), &["chain", "previous"]);
    let chainless = without(entries(), &["chain", "previous"]);
    let undeclared = without(transfer(), &["event_mac"]);
    let both = without(honest(Proof::Both), &["event_mac"]);
    let signed_undeclared = without(honest(Proof::Both), &["event_signature"]);
    let neither = honest(Proof::None);
    let renamed = |member: &str, value: &str| with(transfer(), |bundle| bundle.manifest[member] = json!(value));
    let empty = |bundle: Bundle| {
        with(bundle, |bundle| {
            bundle.lines.clear();
            bundle.restate();
        })
    };
    let tabled = with(transfer(), |bundle| bundle.members.push(Member { name: "events.csv", role: "table", bytes: b"id,action\n".to_vec() }));
    let table = [CheckId::TableMatch];
    let table_skipped = Expect::pass("the auditor relies on the events alone").qualified();
    let links = [CheckId::ChainLinks];
    let mac = [CheckId::EventMac];
    let skipped = Expect::pass("the auditor accepts the undeclared HMAC untested").qualified();
    vec![
        Scenario::sealed("weak-no-chain", &unchained, Expect::incomplete(&links, "the manifest declares no chain, the profile requires it")),
        Scenario::sealed("weak-no-chain-entries", &chainless, Expect::incomplete(&links, "the manifest declares no chain, the profile requires it")),
        Scenario::sealed(
            "weak-mac-undeclared",
            &undeclared,
            Expect::incomplete(&mac, "the events carry HMACs, the manifest declares none, nor signatures"),
        ),
        Scenario::sealed("weak-mac-undeclared-signed", &both, Expect::incomplete(&mac, "the events carry HMACs that the manifest does not declare"))
            .run("skip", skipped.args(&["--skip", "event.mac"])),
        Scenario::sealed(
            "weak-signature-undeclared",
            &signed_undeclared,
            Expect::incomplete(&[CheckId::EventSignature], "the events carry signatures that the manifest does not declare"),
        ),
        Scenario::sealed(
            "weak-no-event-proof",
            &neither,
            Expect::incomplete(&[], "the profile requires an HMAC or a signature for each event; there is neither"),
        ),
        Scenario::sealed("weak-table", &tabled, Expect::incomplete(&table, "nobody compares the table for people with the events"))
            .run("skip", table_skipped.args(&["--skip", "table.match"])),
        Scenario::sealed("weak-require", &transfer(), Expect::pass("everything that the profile requires is there")).run(
            "require",
            Expect::incomplete(&[CheckId::EventSignature], "the auditor requires what is not carried").args(&["--require", "event.signature"]),
        ),
        Scenario::sealed("weak-unknown-profile", &renamed("profile", "file-transfer/9"), Expect::incomplete(&[], "the profile is not known")),
        Scenario::sealed("weak-unknown-format", &renamed("format", "audit-bundle/2"), Expect::incomplete(&[], "the format is not known")),
        Scenario::sealed("weak-no-events", &empty(transfer()), Expect::incomplete(&[], "there are no events")),
        Scenario::sealed("weak-no-events-entries", &empty(entries()), Expect::incomplete(&[], "there are no entries")),
    ]
}
