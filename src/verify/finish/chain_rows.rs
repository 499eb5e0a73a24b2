//! The rows about the chain: links, sequence, time, anchors.

use super::Evidence;
use super::event_rows::{breaks, events};
use crate::bundle::manifest::Manifest;
use crate::check::Tally;
use crate::finding::{CheckId, Code, Finding, Why};
use crate::profile::{Encoding, FirstLink, TextForm};
use crate::verify::encoding::Fitted;
use crate::verify::events::Walked;
use crate::verify::ledger::{Entry, Scope};
use crate::verify::words::{ENCODING_DOUBT, ENCODING_HELP};

impl Evidence<'_> {
    pub(super) fn links(&mut self, manifest: Option<&Manifest>, walked: &Walked) {
        if self.profile.is_none_or(|profile| profile.chain.is_none()) {
            return;
        }
        let found = &walked.explained;
        self.ledger.report_tally(&own_hashes(walked), Scope::Event);
        let first_link = manifest.and_then(|manifest| self.first_link(manifest, walked));
        let stated = manifest.and_then(|manifest| manifest.chain.as_ref());
        let more = self.ledger.report(first_link);
        let (held, _, open) = walked.links;
        let refuted = breaks(walked).saturating_add(more).saturating_add(walked.own.refuted.count());
        let rule = self.profile.and_then(|profile| profile.chain.as_ref());
        let first = stated.map(|chain| chain.first_prev_hash).or_else(|| walked.first().filter(|_| manifest.is_none()).and_then(|row| row.link));
        let at_start = rule.filter(|rule| rule.start().is_some() && rule.start() == first);
        if let Some(rule) = at_start.filter(|_| walked.first().is_some_and(|row| row.sequence.is_none_or(|sequence| sequence == 1))) {
            let named = if rule.first == FirstLink::Zero { format!(", which names {}", zeros(&rule.text)) } else { String::new() };
            self.notes.push(format!("the export starts with the first entry of the chain{named}"));
        }
        let ends = u64::from(found.origin.is_some());
        // nothing states where a raw export starts and ends: of a single event only its own hash can be tested
        let alone = manifest.is_none() && walked.events == 1;
        let own = if alone { walked.own.upheld } else { 0 };
        let mut entry = Entry { upheld: held.saturating_add(ends).saturating_add(own), untested: open, refuted, ..Entry::default() };
        if walked.filtered {
            entry = entry.untested(Why::Filtered);
        } else if manifest.is_some() && stated.is_none() {
            entry = entry.untested(Why::NotCarried("statement of the chain's ends (`chain`)".to_owned()));
        } else if walked.events == 0 {
            entry = Entry::default().untested(Why::NothingToTest);
        } else if alone && own == 0 {
            let readable = walked.first().is_some_and(|row| row.readable);
            entry = entry.untested(if readable { Why::OneEvent } else { Why::Unreadable });
        } else if open > 0 || (manifest.is_some() && found.origin.is_none()) {
            entry = entry.untested(Why::Unreadable);
        }
        let upheld = match manifest {
            Some(_) => format!("{} from the stated first link to the stated last hash", events(walked.events)),
            None if alone => "1 event, and its own hash holds; it has no neighbour to link to".to_owned(),
            None => format!("{} link to each other; nothing states where they start and end", events(walked.events)),
        };
        let wrong = match breaks(walked) {
            0 => events(walked.events),
            breaks => format!("{}, broken in {}", events(walked.events), places(breaks)),
        };
        self.ledger.row(CheckId::ChainLinks, entry.words(upheld, wrong));
    }

    /// At seq 1 both the genesis block and the manifest name a first link; the event decides between them.
    fn first_link(&self, manifest: &Manifest, walked: &Walked) -> Option<Finding> {
        let row = walked.first().filter(|row| row.sequence == Some(1))?;
        let genesis = self.opened.genesis.as_ref()?.digest;
        let stated = manifest.chain.as_ref()?.first_prev_hash;
        if stated == genesis || row.link != Some(genesis) {
            return None;
        }
        let message = format!("the manifest states {stated} as the first link, the first event names the genesis block, {genesis}");
        Some(Finding::new(Code::ChainFirstLink, message).at(row.event_ref()).values(stated, genesis))
    }

    pub(super) fn sequence(&mut self, walked: &Walked) {
        let sequenced = self.profile.and_then(|profile| profile.chain.as_ref()).is_some_and(|chain| chain.sequence.is_some());
        if !sequenced {
            return;
        }
        let findings: Vec<Finding> = match walked.filtered {
            true => walked.sequence.kept.clone(),
            false => walked
                .explained
                .written
                .iter()
                .map(|(row, expected)| {
                    let here = row.sequence.unwrap_or_default();
                    let message = format!("expected seq {expected}, found {here}; the links hold, so the producer wrote it so");
                    Finding::new(Code::ChainSequenceGap, message).at(row.event_ref()).values(here, expected)
                })
                .collect(),
        };
        let late_first = self.late_first(walked);
        let is_late_first = late_first.is_some();
        let written = self.ledger.report(findings.into_iter().chain(late_first));
        let start = self.opened.manifest.as_ref().and_then(|manifest| manifest.chain.as_ref()).map(|chain| chain.first_prev_hash);
        let genesis = self.opened.genesis.as_ref().map(|genesis| genesis.digest);
        let late = walked.first().and_then(|row| row.sequence).is_some_and(|sequence| sequence > 1);
        let late_start = u64::from(is_late_first || (late && !walked.filtered && start.is_some() && start == genesis));
        let first = u64::from(walked.first().is_some_and(|row| row.sequence.is_some()));
        let mut entry = Entry::from(&walked.sequence);
        entry.upheld = entry.upheld.saturating_add(first);
        entry.refuted = entry.refuted.saturating_add(late_start).max(written);
        let ends = (walked.first().and_then(|row| row.sequence), walked.last().and_then(|row| row.sequence));
        let range = if let (Some(first), Some(last)) = ends { format!("seq {first}..{last}, ") } else { String::new() };
        let upheld = format!("{range}{}", if walked.filtered { "rising" } else { "no gap" });
        let wrong = format!("{range}out of line in {}", places(entry.refuted));
        self.ledger.row(CheckId::ChainSequence, entry.words(upheld, wrong));
    }

    /// An event that names what the chain starts with is its first, whose number is 1.
    fn late_first(&self, walked: &Walked) -> Option<Finding> {
        let start = self.profile?.chain.as_ref()?.start()?;
        let row = walked.first().filter(|row| !walked.filtered && row.link == Some(start))?;
        let here = row.sequence.filter(|sequence| *sequence > 1)?;
        let message = format!("expected seq 1 at the event that names the start of the chain, found {here}");
        Some(Finding::new(Code::ChainSequenceGap, message).at(row.event_ref()).values(here, 1))
    }

    pub(super) fn time(&mut self, walked: &Walked) {
        if self.profile.is_none_or(|profile| profile.order.time.is_none()) {
            let (later, earlier) = walked.turns;
            // where a chain fixes the order, times that go back say nothing about it
            if later > 0 && earlier > 0 && self.profile.is_some_and(|profile| profile.chain.is_none()) {
                let (forth, back) = (places(later), places(earlier));
                self.notes
                    .push(format!("the events stand in no order of time: it goes forth in {forth} and back in {back}; the source promises none"));
            }
            return;
        }
        self.ledger.report_tally(&walked.time, Scope::Neighbours);
        let mut entry = Entry::from(&walked.time);
        entry.upheld = entry.upheld.saturating_add(u64::from(walked.first().is_some_and(|row| row.time.is_some())));
        let stated = |row: Option<&crate::check::Row>| row.and_then(|row| row.stated_time.as_deref()).unwrap_or_default().to_owned();
        let upheld = format!("{} .. {}, never back", stated(walked.first()), stated(walked.last()));
        let wrong = format!("goes back in {}", places(entry.refuted));
        self.ledger.row(CheckId::ChainTime, entry.words(upheld, wrong));
    }

    pub(super) fn anchor(&mut self, walked: &Walked) {
        let anchors = &walked.anchors;
        self.notes.extend(anchors.notes.clone());
        let refuted = self.ledger.report(anchors.findings.clone());
        if refuted == 0 && anchors.upheld == 0 && anchors.untested.is_none() {
            return;
        }
        let mut entry = Entry { upheld: anchors.upheld, refuted, ..Entry::default() };
        if let Some(why) = &anchors.untested {
            entry = entry.untested(why.clone());
        }
        let upheld = format!("agrees with {} that you kept", hashes(anchors.upheld));
        let wrong = format!("does not agree with {refuted} of {} that you kept", hashes(anchors.upheld.saturating_add(refuted)));
        self.ledger.row(CheckId::ChainAnchor, entry.words(upheld, wrong));
    }
}

/// Own hashes that are wrong; where another form of writing explains one, the finding says so.
fn own_hashes(walked: &Walked) -> Tally {
    let mut own = walked.own.clone();
    for finding in &mut own.kept {
        let number = finding.event.as_ref().and_then(|event| event.place.number);
        if let Some(Fitted { form, .. }) = number.and_then(|number| walked.explained.forms.get(&number)) {
            finding.code = Code::ChainEncoding;
            finding.help = Some(ENCODING_HELP.to_owned());
            finding.message =
                format!("the hash that the event states of itself fits only when the event is written with {}: {ENCODING_DOUBT}", form.words());
        }
    }
    own
}

fn hashes(count: u64) -> String {
    if count == 1 { "1 hash".to_owned() } else { format!("{count} hashes") }
}

/// How the zero digest is written.
fn zeros(text: &TextForm) -> String {
    let digest = match text.encoding {
        Encoding::Hex => "64 zeros",
        Encoding::Base64 | Encoding::Base64url => "32 zero bytes in Base64",
    };
    if text.prefix.is_empty() { digest.to_owned() } else { format!("{} and {digest}", text.prefix) }
}

pub(super) fn places(count: u64) -> String {
    if count == 1 { "1 place".to_owned() } else { format!("{count} places") }
}
