//! `chain.anchor`: hashes that the auditor kept from earlier, against the chain that was handed over now.

use crate::check::Row;
use crate::digest::Digest;
use crate::finding::{Code, Finding, Why};
use crate::trust::Anchor;

/// What the anchors are compared with.
#[derive(Debug)]
pub struct Compared<'c> {
    /// The first event in the file.
    pub first: &'c Row,
    /// The last event in the file.
    pub last: &'c Row,
    /// Events that an anchor names by their sequence number.
    pub anchored: &'c [Row],
    /// The digest of the carried genesis block.
    pub genesis: Option<Digest>,
    /// Whether the profile has sequence numbers.
    pub sequenced: bool,
    /// Whether the file holds a selection: then its edges say nothing about the log's.
    pub filtered: bool,
}

/// How the anchors came out.
#[derive(Debug, Default)]
pub struct Anchors {
    /// Those that hold.
    pub upheld: u64,
    /// Why one could not be tested.
    pub untested: Option<Why>,
    /// Those that do not hold.
    pub findings: Vec<Finding>,
    /// Those that say nothing about this range.
    pub notes: Vec<String>,
    /// Whether one that holds pins the last event.
    pub pins_last: bool,
    /// Number of the last event that one that holds names.
    pub pins: Option<u64>,
    /// Whether one that holds pins the genesis block.
    pub pins_genesis: bool,
}

impl Anchors {
    /// Compares each anchor.
    pub fn compare<'a>(anchors: impl Iterator<Item = &'a Anchor>, with: &Compared<'_>) -> Self {
        let mut outcome = Self::default();
        for anchor in anchors {
            let present = anchor.seq.is_some_and(|sequence| with.anchored.iter().any(|row| row.sequence == Some(sequence)));
            match anchor.seq {
                _ if with.filtered && !present => outcome.leave(anchor, Why::Filtered, "an anchor could not be tested: the export is filtered"),
                None => outcome.first_link(anchor, with),
                Some(0) => outcome.genesis(anchor, with),
                Some(sequence) => outcome.event(anchor, sequence, with),
            }
        }
        outcome
    }

    fn hold(&mut self) {
        self.upheld = self.upheld.saturating_add(1);
    }

    fn pin(&mut self, row: &Row, with: &Compared<'_>) {
        self.pins_last |= row.number == with.last.number;
        self.pins = self.pins.max(Some(row.number));
        self.hold();
    }

    fn first_link(&mut self, anchor: &Anchor, with: &Compared<'_>) {
        if with.first.link.is_none() {
            return self.leave(anchor, Why::Unreadable, "an anchor could not be tested: the link of the first event cannot be read");
        }
        if with.first.link == Some(anchor.hash) {
            return self.hold();
        }
        let message = "the first event does not continue from the hash that you kept";
        self.findings.push(link_finding(Code::ChainAnchor, message.to_owned(), anchor, with));
    }

    fn genesis(&mut self, anchor: &Anchor, with: &Compared<'_>) {
        let late = with.first.sequence.is_some_and(|sequence| sequence > 1);
        if let Some(genesis) = with.genesis.filter(|_| !(anchor.strict && late)) {
            if genesis == anchor.hash {
                self.pins_genesis = true;
                return self.hold();
            }
            let message = "the genesis block in the bundle is another than the one whose hash you kept";
            return self.findings.push(Finding::new(Code::ChainAnchor, message).values(anchor.hash, genesis));
        }
        match with.first.sequence {
            Some(1) | None => self.first_link(anchor, with),
            Some(first) => self.apart(anchor, format!("the bundle starts at seq {first}, not at the genesis block")),
        }
    }

    fn event(&mut self, anchor: &Anchor, sequence: u64, with: &Compared<'_>) {
        let rows: Vec<&Row> = with.anchored.iter().filter(|row| row.sequence == Some(sequence)).collect();
        if !rows.is_empty() {
            return self.present(anchor, sequence, &rows, with);
        }
        if !with.sequenced {
            return self.unsequenced(anchor, with);
        }
        if with.first.sequence.is_some() && sequence.checked_add(1) == with.first.sequence {
            return self.first_link(anchor, with);
        }
        let (Some(first), Some(last)) = (with.first.sequence, with.last.sequence) else {
            return self.leave(anchor, Why::Unreadable, "an anchor could not be placed: the first or last sequence number cannot be read");
        };
        if sequence > last {
            let message = format!("you have seen seq {sequence}, the bundle ends at seq {last}: the log was rolled back, or the export is older");
            match anchor.strict {
                true => self.findings.push(Finding::new(Code::ChainRolledBack, message).at(with.last.event_ref()).values(last, sequence)),
                false => self.notes.push(format!("the anchor at seq {sequence} lies behind the end of this bundle (seq {last})")),
            }
            return;
        }
        if sequence < first {
            let message = format!("the anchor at seq {sequence} lies before the start of this bundle (seq {first}), with a gap");
            return self.apart(anchor, message);
        }
        self.findings.push(Finding::new(Code::ChainAnchor, format!("you kept a hash for seq {sequence}, the bundle has no such event")));
    }

    /// Events that carry the anchor's number.
    fn present(&mut self, anchor: &Anchor, sequence: u64, rows: &[&Row], with: &Compared<'_>) {
        if let Some(row) = rows.iter().find(|row| row.hash == anchor.hash) {
            return self.pin(row, with);
        }
        let Some(row) = rows.first() else {
            return;
        };
        let message = format!("you kept {} for seq {sequence}, the event in the bundle hashes to {}", anchor.hash, row.hash);
        self.findings.push(Finding::new(Code::ChainAnchor, message).at(row.event_ref()).values(anchor.hash, row.hash));
    }

    /// A chain without sequence numbers: an anchor can be found only by its hash.
    fn unsequenced(&mut self, anchor: &Anchor, with: &Compared<'_>) {
        if with.last.hash == anchor.hash {
            return self.pin(with.last, with);
        }
        if let Some(row) = with.anchored.iter().find(|row| row.hash == anchor.hash) {
            return self.pin(row, with);
        }
        if with.first.link == Some(anchor.hash) {
            return self.hold();
        }
        self.leave(anchor, Why::NoSequence, "an anchor could not be placed: these events have no sequence numbers");
    }

    fn leave(&mut self, anchor: &Anchor, why: Why, note: &str) {
        match anchor.strict {
            true => self.untested = Some(why),
            false => self.notes.push(note.to_owned()),
        }
    }

    /// An anchor that says nothing about this range.
    fn apart(&mut self, anchor: &Anchor, message: String) {
        match anchor.strict {
            true => {
                self.findings.push(Finding::new(Code::ChainAnchor, message).help("ask the producer for what lies in between, and verify that too"))
            }
            false => self.notes.push(message),
        }
    }
}

fn link_finding(code: Code, message: String, anchor: &Anchor, with: &Compared<'_>) -> Finding {
    let found = with.first.link.map_or_else(|| "no readable link".to_owned(), |link| link.to_string());
    let mut finding = Finding::new(code, message).at(with.first.event_ref()).values(anchor.hash, found);
    finding.stated_at = Some(with.first.link_place());
    finding
}
