//! The rows about what proves each event by itself: its HMAC, its signature.

use super::Evidence;
use super::event_rows::{events, tally};
use crate::bundle::manifest::Manifest;
use crate::check::{Count, Tally};
use crate::finding::{CheckId, Code, Finding, Why};
use crate::verify::events::{Statement, Walked};
use crate::verify::ledger::{Entry, Scope};

impl Evidence<'_> {
    pub(super) fn proofs(&mut self, manifest: Option<&Manifest>, walked: &Walked) {
        let one_of = self.profile.map(|profile| profile.requires.one_of.clone()).unwrap_or_default();
        let (mac, signature) = self.key_ids(manifest);
        // a raw export declares nothing: where the source gives one proof or another, the one that no event carries is not missing
        let stripped = |id: CheckId| manifest.is_none() && carries_none(&tally(walked, id));
        let has_rule = |id: CheckId| self.profile.is_some_and(|profile| profile.claims().contains(&id));
        for (id, what) in [(CheckId::EventMac, "HMAC"), (CheckId::EventSignature, "signature")] {
            if has_rule(id) && stripped(id) && !one_of.contains(&id) {
                self.ledger.row(id, Entry::default().untested(Why::NotCarried(format!("{what} of any event"))));
            }
        }
        let (mac, signature) = (mac.filter(|_| !stripped(CheckId::EventMac)), signature.filter(|_| !stripped(CheckId::EventSignature)));
        let declared = [(CheckId::EventMac, &mac, Code::EventMacKey), (CheckId::EventSignature, &signature, Code::EventSignatureKey)];
        for (id, key_id, code) in declared {
            let tally = tally(walked, id);
            match key_id {
                Some(key_id) => self.proof(walked, id, key_id, code),
                None if tally.untested > 0 && !tally.missing => self.ledger.row(id, Entry::from(&tally)),
                None => {}
            }
        }
        let none = mac.is_none() && signature.is_none();
        let carried = |id: &CheckId| tally(walked, *id).untested > 0 && !tally(walked, *id).missing;
        if let Some(id) = one_of.first().filter(|_| none && !one_of.iter().any(carried)) {
            let why = Why::NotCarried("HMAC or signature of each event".to_owned());
            self.ledger.row(*id, Entry::default().untested(why));
        }
    }

    /// The ids of the keys of the events' HMACs and signatures.
    fn key_ids(&self, manifest: Option<&Manifest>) -> (Option<String>, Option<String>) {
        let Some(profile) = self.profile else {
            return (None, None);
        };
        let statement = Statement { manifest, profile, opened: self.opened, request: self.request };
        let of = |rule: bool, id: Option<String>| id.filter(|_| rule);
        (of(profile.event_mac.is_some(), statement.mac_key_id()), of(profile.event_signature.is_some(), statement.signature_key_id()))
    }

    fn proof(&mut self, walked: &Walked, id: CheckId, key_id: &str, code: Code) {
        let mut tally = tally(walked, id);
        let pinned = walked.anchors.pins_last && self.ledger.is_upheld(CheckId::ChainLinks);
        if pinned && matches!(tally.why, Some(Why::Compromised(_))) {
            tally = Tally { upheld: tally.upheld.saturating_add(tally.untested), untested: 0, why: None, ..tally };
        }
        let failing = tally.refuted.count();
        if failing > 1 && tally.upheld == 0 && !tally.missing {
            let finding = match tally.kept.iter().find(|finding| finding.code == Code::EventSignatureKey) {
                Some(objection) => Finding::new(code, format!("none of {failing} events counts as signed: {}", objection.message))
                    .help("check what your trust file says of this key, and ask the producer which key signs events"),
                None => Finding::new(code, format!("none of {failing} events fits key \"{key_id}\": the wrong key, or the wrong kind of key"))
                    .help("check the key with the producer before you conclude anything about the events"),
            };
            self.ledger.report([finding]);
        } else {
            if let ([finding], 0) = (tally.kept.as_mut_slice(), tally.upheld) {
                finding.help = Some("either the event was altered, or this is the wrong key: it is the only one that could be tested".to_owned());
            }
            self.ledger.report_tally(&tally, Scope::Event);
        }
        let upheld = format!("{}, key \"{key_id}\"", events(tally.upheld));
        let all = tally.upheld.saturating_add(tally.untested).saturating_add(failing);
        let wrong = format!("key \"{key_id}\" does not fit {failing} of {}", events(all));
        self.ledger.row(id, Entry::from(&tally).words(upheld, wrong));
    }
}

/// Whether each event that can be read lacks the proof; without a key, nothing is counted of those.
fn carries_none(tally: &Tally) -> bool {
    if !tally.missing && tally.refuted.count() == 0 {
        return tally.upheld == 0 && tally.untested == 0;
    }
    let readable = tally.untested == 0 || tally.why == Some(Why::Unreadable);
    tally.missing && tally.upheld == 0 && readable && tally.counted(Count::Missing) == tally.refuted.count()
}
