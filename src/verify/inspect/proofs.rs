//! Chain, HMAC and signature of one event. The HMAC that would fit is never computed for show: in the hands of whoever altered the event, it would make
//! the forgery whole.

use super::find::Links;
use super::hand::{Form, Hand, Key};
use super::{Seen, held, shell};
use crate::bundle::manifest::Selection;
use crate::event::{Covering, Event};
use crate::finding::{CheckId, Outcome};
use crate::profile::{EcdsaForm, Encoding, EventAlgorithm, MacKeyRule};
use crate::report::{ByHand, EventCheck, Fact, Inspection, Part};
use crate::trust::SecretKind;
use crate::verify::Worth;
use crate::verify::events::Statement;

pub(super) fn mac(statement: Statement<'_>, (event, line): (&Event<'_>, &[u8]), inspection: &mut Inspection, hand: &mut Hand) {
    if !event.carries_mac() {
        return;
    }
    let key_id = statement.mac_key_id();
    let epoch = event.time.map(|time| time.month()).filter(|_| event.mac_key() == MacKeyRule::HkdfEpoch);
    let tenant = statement.tenant().or(event.tenant.as_deref());
    let outcome = held(inspection, CheckId::EventMac);
    let tag = event.mac_tag.map(|tag| hex(&tag));
    let part = Part::new("mac").with("key_id", key_id.clone()).with("epoch", epoch.clone()).with("tag_stated", tag.clone());
    inspection.parts.push(part.with("holds", holds(outcome)));
    let (Some(file), Some(tag)) = (hand.file().map(str::to_owned), tag) else {
        return;
    };
    let Some(covered) = event.covered(Covering::Mac, line) else {
        return hand.leave("the HMAC: the record is not canonical JSON, and what it covers is the canonical form");
    };
    let kept = statement.request.trust.secrets.iter().find(|secret| Some(&secret.id) == key_id.as_ref());
    let direct = event.mac_key() == MacKeyRule::Direct || matches!(kept.map(|secret| &secret.kind), Some(SecretKind::Epoch(_)));
    let (name, derive) = match (tenant, &epoch) {
        (Some(tenant), Some(epoch)) if !direct => ("tenant.key", derivation(tenant, epoch)),
        _ if direct => ("secret.key", format!("key=\"$(cat secret.key | {})\"", shell::HEX)),
        _ => return hand.leave("the HMAC: without a time or a tenant nobody knows which key it is by"),
    };
    let input = format!("{}-mac", file.trim_end_matches(".json"));
    hand.step(ByHand {
        title: format!("the event's HMAC; {name} is the file with your secret (it can be seen in the list of processes for a moment)"),
        commands: vec![
            format!("{} > {input}", shell::pieces(&file, hand.length(), &covered)),
            derive,
            format!("openssl mac -digest SHA256 -macopt \"hexkey:$key\" -in {input} HMAC | tr A-F a-f"),
        ],
        prints: Some(tag),
        outcome: outcome.unwrap_or(Outcome::Untested),
        note: Some("this is the tag that the event states; the one that would fit is not shown".to_owned()),
    });
}

/// The month's key from the tenant's (RFC 5869).
fn derivation(tenant: &str, epoch: &str) -> String {
    let info = hex(format!("audit-bundle/1 event-mac {epoch}").as_bytes());
    format!(
        "key=\"$(openssl kdf -keylen 32 -kdfopt digest:SHA256 -kdfopt \"hexkey:$(cat tenant.key | {})\" -kdfopt hexsalt:{} -kdfopt hexinfo:{info} HKDF | tr -d ':\\n')\"",
        shell::HEX,
        hex(tenant.as_bytes()),
    )
}

pub(super) fn signature(statement: Statement<'_>, (event, line): (&Event<'_>, &[u8]), inspection: &mut Inspection, hand: &mut Hand) {
    let Some(rule) = statement.profile.event_signature.as_ref().filter(|_| event.carries_signature()) else {
        return;
    };
    let key_id = statement.signature_key_id();
    let key = key_id.as_deref().and_then(|id| statement.request.trust.key(id));
    let outcome = held(inspection, CheckId::EventSignature);
    let part = Part::new("signature").with("key_id", key_id.clone()).with("algorithm", key.map(|key| key.key.algorithm().name()));
    inspection.parts.push(part.with("fingerprint", key.map(|key| key.key.fingerprint())).with("holds", holds(outcome)));
    let (Some(file), Some(key), Some(bytes)) = (hand.file().map(str::to_owned), key, &event.signature_bytes) else {
        return;
    };
    let place = event_text(event, &rule.member).and_then(|text| hand.place(&text));
    let (Some(place), Some(covered)) = (place, event.covered(Covering::Signature, line)) else {
        return hand.leave("the event's signature: the record is not canonical JSON, and what it covers is the canonical form");
    };
    let stem = file.trim_end_matches(".json");
    let (signed, mut signature, pem) = (format!("{stem}-signed"), format!("{stem}-signature"), format!("{stem}-key.pem"));
    let place = place.start.saturating_add(rule.text.prefix.len())..place.end;
    let decoded = match rule.text.encoding {
        Encoding::Base64 => format!("{} | base64 -d", shell::piece(&file, &place)),
        Encoding::Base64url => shell::base64url(&file, &place),
        Encoding::Hex => format!("{} | xxd -r -p", shell::piece(&file, &place)),
    };
    let mut prepare = vec![format!("{} > {signed}", shell::pieces(&file, hand.length(), &covered)), format!("{decoded} > {signature}")];
    if rule.algorithm == EventAlgorithm::Es256 && rule.form == Some(EcdsaForm::Fixed) {
        signature = shell::to_der(&signature, 32, &mut prepare);
    }
    // beside the signature itself, the check asks for what the trust file allows the key
    let fits = key.key.verify(&event.signature_covers(), bytes);
    let outcome = if fits { Outcome::Upheld } else { Outcome::Refuted };
    let algorithm = key.key.algorithm().name();
    let key = Key { algorithm, fingerprint: key.key.fingerprint(), spki: key.key.spki(), file: &pem, form: Form::of(algorithm, bytes) };
    hand.signature("the event's signature".to_owned(), &key, (&signed, &signature), outcome, prepare);
}

/// What the event's links and those of its neighbours state, and what was computed. Neighbours in a filtered export are neighbours in the log only
/// where their sequence numbers follow each other.
pub(super) fn chain(statement: Statement<'_>, seen: &Seen, (before, behind): (Option<&Seen>, Option<&Seen>), links: &Links) -> Part {
    let complete = statement.manifest.is_none_or(|manifest| manifest.selection == Selection::Complete);
    let follows =
        |one: &Seen, next: &Seen| complete || one.event.seq.and_then(|seq| seq.checked_add(1)).is_some_and(|seq| next.event.seq == Some(seq));
    let ends = statement.manifest.and_then(|manifest| manifest.chain.as_ref()).filter(|_| complete);
    let mut part = Part::new("chain").with("own_hash", seen.hash).with("link", seen.link);
    if let Some((stated, computed)) = seen.own {
        part = part.with("own_hash_stated", stated).with("own_hash_as_stated", stated == computed);
    }
    part = match (before, ends) {
        (Some(before), _) => {
            let holds = follows(before, seen).then_some(seen.link == Some(before.hash));
            part.with("hash_of_the_event_before", before.hash).with("link_holds", holds)
        }
        (None, Some(ends)) => {
            let holds = seen.link == Some(ends.first_prev_hash);
            part.with("first_link_of_the_manifest", ends.first_prev_hash).with("link_holds", holds)
        }
        (None, None) => {
            let start = statement.profile.chain.as_ref().and_then(|rule| rule.start());
            part.with("starts_the_chain", start.is_some() && start == seen.link)
        }
    };
    if let Some(number) = links.names.filter(|names| Some(*names) != before.and_then(|before| before.event.place.number)) {
        part = part.with("link_names_event", number);
    }
    part = match (behind, ends) {
        (Some(behind), _) => part.with("named_by_the_event_behind", follows(seen, behind).then_some(behind.link == Some(seen.hash))),
        (None, Some(ends)) => part.with("last_hash_of_the_manifest", ends.last_hash).with("named_by_the_manifest", ends.last_hash == seen.hash),
        (None, None) => part,
    };
    match links.named_by.filter(|number| Some(*number) != behind.and_then(|behind| behind.event.place.number)) {
        Some(number) => part.with("named_by_event", number),
        None => part,
    }
}

/// How the links around an event came out. A broken seam has two sides: which of them is suspect, the whole has decided.
pub(super) fn chain_check(chain: &Part, inspection: &Inspection, worth: Worth) -> EventCheck {
    let flag = |name: &str| chain.facts.iter().find(|(own, _)| own == name).map(|(_, fact)| fact);
    let no = |name: &str| flag(name) == Some(&Fact::Flag(false));
    let said = [
        ("own_hash_as_stated", "the hash that it states of itself is not that of its bytes"),
        ("link_holds", "its link does not name what stands before it"),
        ("named_by_the_event_behind", "the event behind it does not name it"),
        ("named_by_the_manifest", "the last hash of the manifest does not name it"),
    ];
    let words: Vec<String> = said.iter().filter(|(name, _)| no(name)).map(|(_, words)| (*words).to_owned()).collect();
    let tested = said.iter().any(|(name, _)| matches!(flag(name), Some(Fact::Flag(_))));
    let suspected = inspection.suspicions().any(|finding| finding.code.check() == CheckId::ChainLinks);
    let outcome = match worth {
        _ if suspected || no("own_hash_as_stated") => Outcome::Refuted,
        Worth::Proven => Outcome::Upheld,
        _ if words.is_empty() && tested => Outcome::Upheld,
        _ => Outcome::Untested,
    };
    EventCheck { id: CheckId::ChainLinks, outcome: Some(outcome), words }
}

pub(super) fn holds(outcome: Option<Outcome>) -> Fact {
    match outcome {
        Some(Outcome::Refuted) => Fact::Flag(false),
        Some(Outcome::Upheld) => Fact::Flag(true),
        Some(Outcome::Untested) | None => Fact::Nothing,
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The string at a JSON Pointer of an event.
fn event_text(event: &Event<'_>, pointer: &str) -> Option<String> {
    match crate::json::parse(event.canonical()).ok()?.pointer(pointer) {
        Some(crate::json::Value::String(text)) => Some(text.clone()),
        _ => None,
    }
}
