//! The row about the block that a tenant's chain starts from.

use super::Evidence;
use crate::finding::{CheckId, Code, Finding, Why};
use crate::profile::FirstLink;
use crate::verify::events::Walked;
use crate::verify::ledger::Entry;

impl Evidence<'_> {
    /// The genesis block, if one is carried, or if the first event says that there must be one.
    pub(super) fn genesis(&mut self, walked: Option<&Walked>) {
        let first = walked.and_then(Walked::first);
        let chained = self.profile.and_then(|profile| profile.chain.as_ref()).is_some_and(|chain| chain.first == FirstLink::Genesis);
        let Some(genesis) = &self.opened.genesis else {
            if chained && self.opened.manifest.is_some() && first.is_some_and(|row| row.sequence == Some(1)) {
                let why = Why::NotCarried("genesis block, although its first event has seq 1".to_owned());
                self.ledger.row(CheckId::GenesisSignature, Entry::default().untested(why));
            }
            return;
        };
        let pinned = walked.is_some_and(|walked| walked.anchors.pins_genesis);
        let mut findings = genesis.findings.clone();
        findings.extend(genesis.signatures.findings().to_vec());
        if let (Some(block), Some(time)) = (&genesis.block, first.and_then(|row| row.time))
            && block.created_at.time > time
        {
            let message = format!("the genesis block was made at {}, the first event is earlier, {time}", block.created_at.text);
            findings.push(Finding::new(Code::GenesisMismatch, message).values(&block.created_at.text, time));
        }
        let start = self.opened.manifest.as_ref().and_then(|manifest| manifest.chain.as_ref()).map(|chain| chain.first_prev_hash);
        let at_start = first.is_some_and(|row| row.sequence == Some(1));
        let named = start.filter(|start| at_start && *start != genesis.digest && first.is_some_and(|row| row.link == Some(*start)));
        if let Some(start) = named {
            let message = format!("the first event names {start}, the genesis block has the digest {}", genesis.digest);
            findings.push(Finding::new(Code::GenesisMismatch, message).values(start, genesis.digest));
        }
        let linked = at_start || start == Some(genesis.digest);
        let note = format!("{}{}", genesis.digest, if linked { "" } else { " (not linked from here)" });
        let holds = genesis.signatures.holds(pinned);
        let why = genesis.signatures.why();
        let refuted = self.ledger.report(findings);
        let mut entry = Entry { upheld: u64::from(holds), refuted, ..Entry::default() }.note(note);
        if !holds && refuted == 0 {
            entry = entry.untested(why);
        }
        self.ledger.row(CheckId::GenesisSignature, entry);
    }
}
