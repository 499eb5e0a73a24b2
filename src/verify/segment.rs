//! A run of consecutive events, examined. Segments of neighbouring runs join; the join is associative and the empty segment neutral, so one thread
//! and sixteen give the same result by the same code.

use std::hash::{BuildHasher, RandomState};

use crate::bundle::block::{Block, Piece, TooLong};
use crate::check::{
    At, Check, Collector, Facts, Form, Hashes, Ids, Neighbours, Replay, Row, Runs, StatedKeys, Tally, Tenants, examine_readable, first_bytes,
    shortened,
};
use crate::digest::Digest;
use crate::event::{Event, Layout, Reader, Record};
use crate::finding::{Code, Finding};
use crate::profile::{PasskeyRule, TokenRule};

/// Events named by anchors that are kept: a bundle in which all carry one number does not fill the memory.
const ANCHORED: usize = 1_000;

/// What every worker needs to examine events: the same for all of them.
pub struct Examination<'p> {
    /// The events file.
    pub file: String,
    /// What is asked of the form of each record.
    pub form: Form,
    /// Where the fields stand.
    pub layout: Layout,
    /// The checks of single events, in the order of the tallies.
    pub checks: Vec<Box<dyn Check + 'p>>,
    /// What is asked of neighbours.
    pub rules: Neighbours,
    /// Whose events these should be.
    pub tenant: Option<&'p str>,
    /// Hashes that the auditor kept: sequence number, hash.
    pub anchors: Vec<(u64, Digest)>,
    /// Hashes ids, challenges and tokens for the search of repeated ones.
    pub ids: RandomState,
    /// Members left out of what the next link names, where other forms of writing events are to be tried.
    pub other_forms: Option<Vec<String>>,
    /// The rules of passkeys and tokens, where the profile has them.
    pub approval: Option<Approval<'p>>,
}

/// Where an event says who approved it.
#[derive(Debug)]
pub struct Approval<'p> {
    /// By a passkey.
    pub passkey: Option<&'p PasskeyRule>,
    /// By a token.
    pub token: Option<&'p TokenRule>,
    /// The keys that events state.
    pub keys: StatedKeys,
}

impl Approval<'_> {
    /// What an event uses.
    pub fn facts(&self, event: &Event<'_>) -> Facts {
        Facts::of(event, self.passkey, self.token, &self.keys)
    }
}

/// Examined events.
#[derive(Debug, Default)]
pub struct Segment {
    /// How many.
    pub events: u64,
    /// `event.readable`
    pub readable: Tally,
    /// One tally for each check of single events.
    pub tallies: Vec<Tally>,
    /// Own hashes that are stated: whether they are the computed ones.
    pub own: Tally,
    /// What neighbours show.
    pub runs: Runs,
    /// Hashed ids.
    pub ids: Ids,
    /// Hashes, where events are chained.
    pub hashes: Hashes,
    /// Of which tenants the events are, where nothing says of which they should be.
    pub tenants: Tenants,
    /// What assertions and tokens use.
    pub replay: Replay,
    /// Events whose id cannot be read.
    pub unnamed: u64,
    /// Events that an anchor of the auditor names, with the hash that it says.
    pub anchored: Vec<Row>,
    /// Events that an anchor names, with another hash.
    pub misfits: Vec<Row>,
}

/// What repeats only in other blocks.
#[derive(Default)]
struct Seen<'h> {
    ids: Vec<u64>,
    hashes: Vec<u32>,
    uses: Option<Collector<'h>>,
}

impl Segment {
    /// Examines the events of one block of whole lines.
    pub fn examine(block: &Block, with: &Examination<'_>, reader: &mut Reader) -> Self {
        let mut segment = Self { tallies: vec![Tally::default(); with.checks.len()], ..Self::default() };
        let mut seen = Seen { uses: with.approval.as_ref().map(|_| Collector::new(&with.ids)), ..Seen::default() };
        match block.too_long {
            Some(too_long) => segment.push_too_long(too_long, &At::start(block), with, &mut seen),
            None => block.pieces().for_each(|piece| segment.push_record(&piece, &At::of(block, &piece), with, reader, &mut seen)),
        }
        segment.ids = Ids::of_block(seen.ids);
        segment.hashes = Hashes::of_block(seen.hashes);
        segment.replay = seen.uses.map(Collector::finish).unwrap_or_default();
        segment
    }

    /// Adds the events that follow.
    pub fn join(&mut self, next: Self, with: &Examination<'_>) {
        self.events = self.events.saturating_add(next.events);
        self.readable.join(next.readable);
        self.own.join(next.own);
        self.runs.join(next.runs, with.rules);
        self.ids.join(next.ids);
        self.hashes.join(next.hashes);
        self.tenants.join(next.tenants);
        self.replay.join(next.replay);
        self.unnamed = self.unnamed.saturating_add(next.unnamed);
        keep(&mut self.anchored, next.anchored);
        keep(&mut self.misfits, next.misfits);
        if self.tallies.is_empty() {
            self.tallies = next.tallies;
        } else {
            self.tallies.iter_mut().zip(next.tallies).for_each(|(tally, more)| tally.join(more));
        }
    }

    fn push_record(&mut self, piece: &Piece<'_>, at: &At<'_>, with: &Examination<'_>, reader: &mut Reader, seen: &mut Seen<'_>) {
        let record = reader.read(piece.text, &with.layout);
        examine_readable(piece.text, &record, at, with.form, &mut self.readable);
        if !piece.ended {
            let event = match &record {
                Record::Event(event) => Some(event),
                Record::Unreadable(_) => None,
            };
            self.readable.refute(at.number, || no_newline(at, event));
        }
        match record {
            Record::Unreadable(_) => self.push_unreadable(Digest::of(piece.text), at, with, seen),
            Record::Event(event) => self.push_event(&event, at, with, seen),
        }
    }

    fn push_event(&mut self, event: &Event<'_>, at: &At<'_>, with: &Examination<'_>, seen: &mut Seen<'_>) {
        for (check, tally) in with.checks.iter().zip(&mut self.tallies) {
            check.examine(event, at, tally);
        }
        match &event.id {
            Some(id) => seen.ids.push(with.ids.hash_one(id.as_bytes())),
            None => self.unnamed = self.unnamed.saturating_add(1),
        }
        if let Some(tenant) = event.tenant.as_deref().filter(|_| with.tenant.is_none()) {
            self.tenants.push(tenant);
        }
        if let (Some(approval), Some(uses)) = (&with.approval, &mut seen.uses) {
            uses.push(&approval.facts(event), event.time, at.number);
        }
        let row = row(event, at, with);
        self.examine_own(&row, event, at);
        let anchored = |(sequence, hash): &(u64, Digest)| row.sequence.map_or(row.hash == *hash, |number| number == *sequence);
        if !row.foreign && with.anchors.iter().any(anchored) {
            let fits = with.anchors.iter().any(|(_, hash)| row.hash == *hash);
            let kept = if fits { &mut self.anchored } else { &mut self.misfits };
            if kept.len() < ANCHORED {
                kept.push(row.clone());
            }
        }
        self.push_row(row, with, seen);
    }

    fn push_too_long(&mut self, line: TooLong, at: &At<'_>, with: &Examination<'_>, seen: &mut Seen<'_>) {
        self.readable.refute(at.number, || {
            let message = format!("the line has {} bytes, 16777216 are allowed", line.length);
            Finding::new(Code::EventTooLong, message).at(at.event_ref(None)).values(line.length, 16_777_216)
        });
        if !line.newline {
            self.readable.refute(at.number, || no_newline(at, None));
        }
        self.push_unreadable(line.hash, at, with, seen);
    }

    fn push_unreadable(&mut self, hash: Digest, at: &At<'_>, with: &Examination<'_>, seen: &mut Seen<'_>) {
        with.checks.iter().zip(&mut self.tallies).for_each(|(check, tally)| check.pass_over(tally));
        self.unnamed = self.unnamed.saturating_add(1);
        self.push_row(unreadable(hash, at), with, seen);
    }

    fn push_row(&mut self, row: Row, with: &Examination<'_>, seen: &mut Seen<'_>) {
        self.events = self.events.saturating_add(1);
        seen.hashes.extend(with.rules.chained.then(|| first_bytes(&row.hash)));
        self.runs.push(row, with.rules);
    }

    fn examine_own(&mut self, row: &Row, event: &Event<'_>, at: &At<'_>) {
        match row.own.map(|own| (own, row.hash)).or_else(|| event.own_beside_link()) {
            None => {}
            Some((own, hash)) if own == hash => self.own.uphold(),
            Some((own, hash)) => self.own.refute(at.number, || {
                let message = "the hash that the event states of itself is not the hash of its bytes";
                Finding::new(Code::ChainOwnHash, message).at(at.event_ref(Some(event))).values(own, hash)
            }),
        }
    }
}

fn keep(kept: &mut Vec<Row>, more: Vec<Row>) {
    let room = ANCHORED.saturating_sub(kept.len());
    kept.extend(more.into_iter().take(room));
}

/// The row of an event.
pub fn row(event: &Event<'_>, at: &At<'_>, with: &Examination<'_>) -> Row {
    let column = event.link_span().and_then(|span| u64::try_from(span.start).ok()).map(|start| start.saturating_add(1));
    Row {
        file: at.file.clone(),
        number: at.number,
        line: at.line,
        byte: at.byte,
        id: event.id.as_deref().map(|id| shortened(id).into_boxed_str()),
        sequence: event.sequence,
        time: event.time,
        stated_time: event.stated_time().map(|text| shortened(&text).into_boxed_str()),
        hash: event.hash(),
        link: event.link,
        own: event.own_hash(),
        column,
        foreign: event.tenant.as_deref().is_some_and(|tenant| with.tenant.is_some_and(|own| own != tenant)),
        readable: true,
    }
}

/// The row of a line that cannot be read: it has a number and the hash of its bytes, nothing else.
pub fn unreadable(hash: Digest, at: &At<'_>) -> Row {
    Row {
        file: at.file.clone(),
        number: at.number,
        line: at.line,
        byte: at.byte,
        id: None,
        sequence: None,
        time: None,
        stated_time: None,
        hash,
        link: None,
        own: None,
        column: None,
        foreign: false,
        readable: false,
    }
}

fn no_newline(at: &At<'_>, event: Option<&Event<'_>>) -> Finding {
    let message = "the last line does not end with a line feed: the file may have been cut or edited";
    Finding::new(Code::EventNoNewline, message).at(at.event_ref(event))
}
