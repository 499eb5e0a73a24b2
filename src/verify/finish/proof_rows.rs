//! The rows about what proves each event by itself: its HMAC, its signature.

use super::Evidence;
use super::event_rows::{events, tally};
use crate::bundle::manifest::Manifest;
use crate::check::Tally;
use crate::finding::{CheckId, Code, Finding, Why};
use crate::verify::events::Walked;
use crate::verify::ledger::{Entry, Scope};

impl Evidence<'_> {
    pub(super) fn proofs(&mut self, manifest: &Manifest, walked: &Walked) {
        let declared = [
            (CheckId::EventMac, &manifest.event_mac, Code::EventMacKey),
            (CheckId::EventSignature, &manifest.event_signature, Code::EventSignatureKey),
        ];
        for (id, key_id, code) in declared {
            let tally = tally(walked, id);
            match key_id {
                Some(key_id) => self.proof(walked, id, key_id, code),
                None if tally.untested > 0 => self.ledger.row(id, Entry::from(&tally)),
                None => {}
            }
        }
        let one_of = self.profile.map(|profile| profile.requires.one_of.clone()).unwrap_or_default();
        let none = manifest.event_mac.is_none() && manifest.event_signature.is_none();
        if let Some(id) = one_of.first().filter(|id| none && tally(walked, **id).untested == 0) {
            let why = Why::NotCarried("HMAC or signature of each event".to_owned());
            self.ledger.row(*id, Entry::default().untested(why));
        }
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
