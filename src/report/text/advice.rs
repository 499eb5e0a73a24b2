//! What to do next, in words for somebody who cannot read code: for a claim that could not be tested, and for a finding that brings no advice.

use super::super::model::{BundleReport, Kind, Status};
use super::super::show::show;
use crate::finding::{CheckId, Code, Finding, Why};

/// What makes an untested row testable.
pub(super) fn to_do(bundle: &BundleReport, check: CheckId, why: &Why) -> String {
    match why {
        Why::Answer(_) => "fetch the server's answer again, for exactly the time of this export, or leave --expect out".to_owned(),
        Why::CarriedNotDeclared(member) => {
            format!("ask the producer to declare `{}` in the manifest; until then nobody knows what it is worth", show(member))
        }
        Why::ClaimedKey(_) => {
            "whoever wrote this export could have put in a key of their own: get the key by another way (best from its user), compare its fingerprint, \
             and pin it in your trust file as a [[credential]]"
                .to_owned()
        }
        Why::Compromised(_) if check == CheckId::EventToken => {
            "a thief could have made these tokens, with any date in them: ask the issuer for another record of who was let in".to_owned()
        }
        Why::Compromised(_) => {
            "ask the producer for the same export signed with a new key, or give the hash of its last event if you kept it (--after)".to_owned()
        }
        Why::Filtered => "ask the producer for the complete export of this period; a selection cannot show that nothing was left out".to_owned(),
        Why::KeyNotTrusted(_) => not_trusted(check).to_owned(),
        Why::NoKey(_) => no_key(bundle, check),
        Why::NoAssertion(_) => no_assertion(check).to_owned(),
        Why::NoneTrusted(what) => none_trusted(check, what),
        Why::NoProof => "ask the producer for a signed bundle; the server's own answer (--expect) is its word, and no proof".to_owned(),
        Why::NoSignature => no_signature(check),
        Why::NoSequence => "give the hash of the first link or of the last event instead (--after)".to_owned(),
        Why::OneEvent => {
            "export it together with the events before and behind it, or ask the producer for a signed bundle: the links of a chain say nothing of an event \
             that stands alone"
                .to_owned()
        }
        Why::NotSupported(_) => "look for a newer unbroken that can, or have this checked by other means".to_owned(),
        Why::NothingToTest => nothing_to_test(check).to_owned(),
        Why::NotCarried(what) => format!("ask the producer for an export that carries {}", show(what)),
        Why::RawExport => raw_export(bundle).to_owned(),
        Why::SeveralKeys { .. } => {
            "ask the producer which of these keys it is, and give that one alone: a trust file for this export that lists no other key of this use, and no \
             other --mac-key"
                .to_owned()
        }
        Why::Rows => "ask the producer for the events in JSON: only there does each event stand with all its members".to_owned(),
        Why::Truncated(_) => {
            "there is more than what you hold: export the same time again in shorter pieces, until none says that it was cut; or accept it in writing \
             (--skip export.truncated)"
                .to_owned()
        }
        Why::UnknownFilter(_) => "ask the producer for the complete export of this period".to_owned(),
        Why::UnknownProfile(_) => "look for a newer unbroken that knows it; until then nothing can be said of these events".to_owned(),
        Why::Unreadable => {
            "see the FAIL rows: what could not be read must be repaired at the source and exported again; where there is none, ask the producer for the \
             times that these events do not state"
                .to_owned()
        }
    }
}

fn not_trusted(check: CheckId) -> &'static str {
    match check {
        CheckId::EventToken => {
            "ask the issuer (not this export) for its key set at the time of these events, former keys included, and put it into your trust file"
        }
        CheckId::EventSignature => {
            "get the public key that signs events from the producer by another way than this bundle, compare its fingerprint by telephone, and put it into \
             your trust file as a [[key]] with use = [\"event\"]"
        }
        _ => {
            "get the public key from the producer by another way than this bundle (a person, a contract, a web page you know), compare its fingerprint, and \
             give it with --key or in your trust file"
        }
    }
}

fn no_key(bundle: &BundleReport, check: CheckId) -> String {
    let chained = bundle.row(CheckId::ChainLinks).is_some_and(|row| row.status == Status::Upheld);
    let accept = if chained { "; or accept in writing that the HMACs are not checked (--skip event.mac)" } else { "" };
    match check {
        CheckId::EventPasskey => {
            "ask the producer for the public key itself (a fingerprint is only its short name), get it by another way than this export (best from its user), \
             and pin it in your trust file as a [[credential]]"
                .to_owned()
        }
        CheckId::EventSignature => {
            "get the public key that signs events from the producer by another way than this export, compare its fingerprint by telephone, and put it into \
             your trust file as a [[key]] with use = [\"event\"]"
                .to_owned()
        }
        _ if bundle.kind == Kind::Raw => format!(
            "ask the producer for the secret of these HMACs, and give it with --mac-key ID=FILE (the key of one month: --mac-key ID:2026-10=FILE), or in \
             your trust file as a [[secret]]{accept}"
        ),
        _ => "ask the producer for this key, or for that month's epoch key, and give it with --mac-key or in your trust file".to_owned(),
    }
}

/// What can be accepted in writing, and what not.
fn raw_export(bundle: &BundleReport) -> &'static str {
    let no_proof = bundle.row(CheckId::ChainLinks).is_some_and(|row| row.status == Status::Untested(Why::NoProof));
    match bundle.rewritable {
        _ if no_proof => {
            "ask the producer for a signed bundle. Accepting this in writing (--skip manifest.signature) does not help: nothing else in this export \
             proves anything, so it never becomes a PASS"
        }
        Some(_) => {
            "ask the producer for a signed bundle; or accept in writing (--skip manifest.signature) that anybody who held this export could have left \
             out, put in or altered events and made its hashes anew, since they need no key; the result says so"
        }
        None => {
            "ask the producer for a signed bundle; or accept in writing that nothing shows whether events were left out or put in (--skip \
             manifest.signature), and the result says so"
        }
    }
}

fn nothing_to_test(check: CheckId) -> &'static str {
    match check {
        CheckId::EventPasskey | CheckId::EventReplay | CheckId::EventToken => {
            "ask the producer whether only the system acted in this period, and no user: no event carries a proof of who did it"
        }
        _ => "ask the producer whether nothing happened in this period; an empty export proves nothing",
    }
}

fn no_assertion(check: CheckId) -> &'static str {
    match check {
        CheckId::EventToken => "ask the producer for these events with their tokens; without, only the log itself says who was let in",
        _ => {
            "ask the producer for these events with their passkey assertions, and why they carry none; without, only the log itself says who did this. A \
             table (CSV) carries none: ask for the details in JSON"
        }
    }
}

fn none_trusted(check: CheckId, what: &str) -> String {
    let what = show(what);
    match check {
        CheckId::EventPasskey => format!(
            "ask somebody at the producer whom you know (not this export) for it, compare it by telephone, and add the {what} to your trust file: a \
             [[relying_party]] is a web site at which users sign, a [[credential]] one user's public key"
        ),
        CheckId::EventToken => format!(
            "get the issuer's name and key set (JWKS) from the issuer or by another way than this export, and add the {what} to your trust file as an \
             [[issuer]]"
        ),
        _ => format!("get it from the producer by another way than this export, and add the {what} to your trust file"),
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
            "ask the producer for a signed bundle, or for an export whose events carry a hash chain or signatures; without, anybody could have written \
             these events"
        }
    }
}

/// The next step for a finding that names none.
pub(super) fn next_step(bundle: &BundleReport, finding: &Finding) -> String {
    let words = match finding.code.check() {
        CheckId::TableMatch => table(finding.code),
        CheckId::ContainerStructure => "ask the producer for the original file, byte for byte, and verify that",
        CheckId::ManifestSignature => {
            "make sure that you hold the right public key, then ask the producer for the bundle again; do not use this one as evidence"
        }
        CheckId::ManifestFiles => "ask the producer for the bundle again: a file in it is not the one that was exported",
        CheckId::ManifestTenant if finding.code == Code::ManifestTenantUnexpected => "check --tenant, and ask the producer for your own export",
        CheckId::ManifestTenant if bundle.kind == Kind::Raw => {
            "compare --tenant with what you asked the producer for; if it is right, ask how events of another tenant came into this export: data of others \
             may have been disclosed to you"
        }
        CheckId::ManifestPeriod if finding.code == Code::ManifestPeriodUncovered => {
            "check --from and --to, and ask the producer for the rest of the time that you asked for"
        }
        CheckId::ManifestCounts | CheckId::ManifestPeriod | CheckId::ManifestTenant | CheckId::ManifestFilter => {
            "ask the producer to explain the difference and to export again; the manifest and the events do not describe the same thing"
        }
        CheckId::ManifestPrevious => "ask the producer for the export in between, or for an explanation of the break between the two",
        CheckId::GenesisSignature => "ask the producer for the genesis block of this tenant, and compare it with what you were given at the start",
        CheckId::EventReadable if finding.event.is_none() => "ask the producer for the whole file again: what stands behind this place is unknown",
        CheckId::EventReadable => "ask the producer to export this event again from the source system",
        CheckId::EventUnique => "ask the producer which of the events is the real one, and how the other came into the log",
        CheckId::ChainLinks | CheckId::ChainSequence | CheckId::ChainTime => {
            "ask the producer for these events from the source system or a backup, and for an explanation"
        }
        CheckId::ChainAnchor => "keep both exports: they show two histories. Ask the producer which is the true one, and why there is another",
        CheckId::EventPasskey => passkey(finding.code),
        CheckId::EventToken => token(finding.code),
        CheckId::EventReplay => replay(finding.code),
        CheckId::PagesComplete => {
            "fetch all pages again in one go, for a time that is over, with one page size; do not rely on what you hold, since events may be missing"
        }
        CheckId::ExpectAnswer => {
            "keep the answer and the export: they contradict each other. Fetch both again for one time that is over; if they still do, ask the producer \
             which of them is wrong, and why"
        }
        CheckId::ExportTruncated => "export the same time again in shorter pieces, until none says that it was cut",
        CheckId::EventMac | CheckId::EventSignature => {
            "make sure that you hold the right key; if so, ask the producer for this event from the source system and for an explanation"
        }
    };
    words.to_owned()
}

fn table(code: Code) -> &'static str {
    match code {
        Code::TableColumn | Code::TableMalformed => "ask the producer for the table as the source wrote it, never opened and saved by a spreadsheet",
        Code::TableExtraRow => "do not use this row: nothing proves it. Ask the producer for its event, with its proof, from the source system",
        Code::TableMissingRow => "read this event in the events file, and ask the producer why the table leaves it out",
        _ => "rely on the event, not on the table, and ask the producer to explain the difference",
    }
}

fn passkey(code: Code) -> &'static str {
    match code {
        Code::PasskeyCredential | Code::PasskeyKey | Code::PasskeyKeyMismatch => {
            "ask the producer which key and user this credential was registered with, and compare the key's fingerprint with that user by telephone; \
             until then do not take this action for signed"
        }
        Code::PasskeyOrigin | Code::PasskeyRpId => {
            "ask somebody whom you know at the producer whether this web site is theirs; add it to your trust file only then. If it is not, somebody was \
             led to sign on a false site"
        }
        Code::PasskeyCrossOrigin | Code::PasskeyUserVerification => {
            "ask the producer whether the product is meant to work so; if it is, and you accept that, say so at the [[relying_party]] in your trust file"
        }
        _ => "look at the event (unbroken inspect), then ask the producer for it from the source system; do not take this action for signed",
    }
}

fn token(code: Code) -> &'static str {
    match code {
        Code::TokenAlgorithm | Code::TokenIssuer | Code::TokenKey | Code::TokenSignature => {
            "make sure that your trust file has the issuer's keys of the time of this event; if it has, ask the producer for the event from the source \
             system, and do not take its user for shown"
        }
        Code::TokenTenant => "ask the producer how a token of another organisation came into this log; data of others may have been disclosed to you",
        _ => "look at the event (unbroken inspect), then ask the producer for it from the source system; do not take its user for shown",
    }
}

fn replay(code: Code) -> &'static str {
    match code {
        Code::ReplayCounter => "ask the user whether both actions were theirs: this is a warning sign, not proof of a copied key",
        Code::ReplayCredentialKey | Code::ReplayCredentialUser => {
            "ask the producer which key and user this credential was registered with, and pin them in your trust file: then it shows which events are wrong"
        }
        _ => "look at both events (unbroken inspect): what they carry was made once, so at most one of them is what was signed",
    }
}
