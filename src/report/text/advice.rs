//! What to do next, in words for somebody who cannot read code: for a claim that could not be tested, and for a finding that brings no advice.

use super::super::model::BundleReport;
use super::super::show::show;
use crate::finding::{CheckId, Code, Finding, Why};

/// What makes an untested row testable.
pub(super) fn to_do(check: CheckId, why: &Why) -> String {
    match why {
        Why::CarriedNotDeclared(member) => {
            format!("ask the producer to declare `{}` in the manifest; until then nobody knows what it is worth", show(member))
        }
        Why::ClaimedKey(_) => "get the key by another way than this export, compare its fingerprint, and pin it in your trust file".to_owned(),
        Why::Compromised(_) => {
            "ask the producer for the same export signed with a new key, or give the hash of its last event if you kept it (--after)".to_owned()
        }
        Why::Filtered => "ask the producer for the complete export of this period; a selection cannot show that nothing was left out".to_owned(),
        Why::KeyNotTrusted(_) => {
            "get the public key from the producer by another way than this bundle (a person, a contract, a web page you know), compare its \
                                  fingerprint, and give it with --key or in your trust file"
                .to_owned()
        }
        Why::NoKey(_) => "ask the producer for this key, or for that month's epoch key, and give it with --mac-key or in your trust file".to_owned(),
        Why::NoAssertion(_) => "ask the producer why this action carries no proof; nothing shows who approved it".to_owned(),
        Why::NoneTrusted(what) => format!("get it from the producer by another way than this export, and add the {} to your trust file", show(what)),
        Why::NoSignature => no_signature(check),
        Why::NoSequence => "give the hash of the first link or of the last event instead (--after)".to_owned(),
        Why::NotSupported(_) => "look for a newer unbroken that can, or have this checked by other means".to_owned(),
        Why::NothingToTest => "ask the producer whether nothing happened in this period; an empty export proves nothing".to_owned(),
        Why::NotCarried(what) => format!("ask the producer for an export that carries {}", show(what)),
        Why::RawExport => {
            "ask the producer for a signed bundle, or accept in writing that nothing signs the whole (--skip manifest.signature)".to_owned()
        }
        Why::Truncated(_) => "ask the source for the same time in smaller exports, each of which is whole".to_owned(),
        Why::UnknownFilter(_) => "ask the producer for the complete export of this period".to_owned(),
        Why::UnknownProfile(_) => "look for a newer unbroken that knows it; until then nothing can be said of these events".to_owned(),
        Why::Unreadable => "see the FAIL rows: what could not be read must be repaired at the source and exported again".to_owned(),
    }
}

fn no_signature(check: CheckId) -> String {
    match check {
        CheckId::ManifestSignature => "ask the producer for the signed bundle: manifest.sig belongs beside manifest.json".to_owned(),
        CheckId::GenesisSignature => "ask the producer for the signature of the genesis block".to_owned(),
        _ => "ask the producer for an export in which this is signed".to_owned(),
    }
}

/// What to do where every row is fine, and still nothing proves an event.
pub(super) fn no_proof(bundle: &BundleReport) -> &'static str {
    match bundle.events {
        0 => "ask the producer whether nothing happened in this period; an empty export proves nothing",
        _ => {
            "ask the producer for a signed bundle, or for an export that carries a hash chain; without either, anybody could have written these events"
        }
    }
}

/// The next step for a finding that names none.
pub(super) fn next_step(finding: &Finding) -> String {
    let words = match finding.code.check() {
        CheckId::TableMatch => "rely on the events file alone, and ask the producer to explain the difference",
        CheckId::ContainerStructure => "ask the producer for the original file, byte for byte, and verify that",
        CheckId::ManifestSignature => {
            "make sure that you hold the right public key, then ask the producer for the bundle again; do not use this one as evidence"
        }
        CheckId::ManifestFiles => "ask the producer for the bundle again: a file in it is not the one that was exported",
        CheckId::ManifestTenant if finding.code == Code::ManifestTenantUnexpected => "check --tenant, and ask the producer for your own export",
        CheckId::ManifestPeriod if finding.code == Code::ManifestPeriodUncovered => {
            "check --from and --to, and ask the producer for the rest of the time that you asked for"
        }
        CheckId::ManifestCounts | CheckId::ManifestPeriod | CheckId::ManifestTenant | CheckId::ManifestFilter => {
            "ask the producer to explain the difference and to export again; the manifest and the events do not describe the same thing"
        }
        CheckId::ManifestPrevious => "ask the producer for the export in between, or for an explanation of the break between the two",
        CheckId::GenesisSignature => "ask the producer for the genesis block of this tenant, and compare it with what you were given at the start",
        CheckId::EventReadable => "ask the producer to export this event again from the source system",
        CheckId::EventUnique => "ask the producer which of the events is the real one, and how the other came into the log",
        CheckId::ChainLinks | CheckId::ChainSequence | CheckId::ChainTime => {
            "ask the producer for these events from the source system or a backup, and for an explanation"
        }
        CheckId::ChainAnchor => "keep both exports: they show two histories. Ask the producer which is the true one, and why there is another",
        CheckId::EventPasskey | CheckId::EventToken => {
            "look at the event (unbroken inspect), then ask the producer for it from the source system; do not take this action for approved"
        }
        CheckId::EventReplay => "look at both events (unbroken inspect): at most one of them was approved by what they carry",
        CheckId::PagesComplete => "export the pages again, all with the same page size and none left out",
        CheckId::ExportTruncated => "ask the source for the same time in smaller exports, each of which is whole",
        CheckId::EventMac | CheckId::EventSignature => {
            "make sure that you hold the right key; if so, ask the producer for this event from the source system and for an explanation"
        }
    };
    words.to_owned()
}
