//! One of the two exports, read record by record while its bytes are read and digested on a thread of their own. Not here: the other export.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::Scope;

use super::form::Form;
use super::judge::Ahead;
use super::span::Span;
use crate::bundle::block::Block;
use crate::check::At;
use crate::digest::Digest;
use crate::error::Error;
use crate::event::{Event, Layout, Reader, Record};
use crate::report::EventLine;
use crate::time::Time;
use crate::verify::table::Waiting;
use crate::verify::{Progress, Request, Verified};

/// Blocks that are read ahead.
const AHEAD: usize = 4;

/// One export.
pub(super) struct Side<'s> {
    incoming: Receiver<Result<Block, Error>>,
    spent: Sender<Block>,
    layout: &'s Layout,
    form: &'s Form<'s>,
    /// The time that the other one is of.
    other: Span,
    block: Block,
    records: Vec<Place>,
    next: usize,
    /// The last record of the block before.
    before: Option<(Vec<u8>, Place)>,
    ended: bool,
    reader: Reader,
    /// Events that were read, and not yet dealt with.
    pub(super) queue: VecDeque<Waiting>,
    /// Events that have not met their other half.
    pub(super) alone: Vec<Waiting>,
    /// Records that cannot be read, or have no id.
    pub(super) unreadable: u64,
}

/// Where a record stands.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// In the bytes of the block.
    pub(super) range: Range<usize>,
    number: u64,
    line: u64,
    byte: u64,
}

impl<'s> Side<'s> {
    /// Starts to read.
    pub(super) fn start<'scope>(
        scope: &'scope Scope<'scope, '_>,
        verified: &'scope Verified,
        request: &'scope Request<'_>,
        progress: &'scope dyn Progress,
        form: &'s Form<'s>,
        other: Span,
    ) -> Self {
        let (out, incoming) = sync_channel(AHEAD);
        let (spent, again) = channel();
        scope.spawn(move || read(verified, request, progress, &out, &again));
        Self {
            incoming,
            spent,
            layout: &form.layout,
            form,
            other,
            block: Block::default(),
            records: Vec::new(),
            next: 0,
            before: None,
            ended: false,
            reader: Reader::default(),
            queue: VecDeque::new(),
            alone: Vec::new(),
            unreadable: 0,
        }
    }

    /// Goes to the next record; `false` at the end.
    pub(super) fn advance(&mut self) -> Result<bool, Error> {
        while self.next >= self.records.len() {
            if self.ended {
                return Ok(false);
            }
            if let Some(place) = self.place().cloned() {
                self.before = Some((self.text().to_vec(), place));
            }
            match self.incoming.recv() {
                Err(_) => self.ended = true,
                Ok(block) => {
                    _ = self.spent.send(std::mem::replace(&mut self.block, block?));
                    self.unreadable = self.unreadable.saturating_add(u64::from(self.block.too_long.is_some()));
                    self.records = places(&self.block);
                    self.next = 0;
                }
            }
        }
        self.next = self.next.saturating_add(1);
        Ok(true)
    }

    fn place(&self) -> Option<&Place> {
        self.records.get(self.next.checked_sub(1)?)
    }

    /// The bytes of the record.
    pub(super) fn text(&self) -> &[u8] {
        self.place().and_then(|place| self.block.bytes.get(place.range.clone())).unwrap_or_default()
    }

    /// The record, and what follows it in the block.
    pub(super) fn ahead(&self) -> Ahead<'_> {
        Ahead { bytes: &self.block.bytes, places: self.next.checked_sub(1).and_then(|from| self.records.get(from..)).unwrap_or_default() }
    }

    /// The number of the record.
    pub(super) fn number(&self) -> u64 {
        self.place().map_or(0, |place| place.number)
    }

    /// The record, if it is an event with an id, and where it stands.
    pub(super) fn read(&mut self) -> Option<(Event<'_>, At<'_>)> {
        let Self { block, records, next, reader, layout, .. } = self;
        let place = records.get(next.checked_sub(1)?)?;
        match reader.read(block.bytes.get(place.range.clone()).unwrap_or_default(), layout) {
            Record::Event(event) if event.id.is_some() => {
                Some((event, At { file: &block.file, number: place.number, line: place.line, byte: place.byte }))
            }
            Record::Event(_) | Record::Unreadable(_) => None,
        }
    }

    /// Reads the record, and lets it wait in the queue.
    pub(super) fn enqueue(&mut self) -> Option<(Waiting, Option<Time>)> {
        let (form, other) = (self.form, self.other);
        let read = self.read().and_then(|(event, at)| Some((form.waiting(&event, at.number, other.window(event.time))?, event.time)));
        match &read {
            Some((waiting, _)) => self.queue.push_back(*waiting),
            None => self.unreadable = self.unreadable.saturating_add(1),
        }
        read
    }

    /// The event at this place of the queue; `None` at the end of the export.
    pub(super) fn queued(&mut self, at: usize) -> Result<Option<Waiting>, Error> {
        while self.queue.len() <= at && self.advance()? {
            self.enqueue();
        }
        Ok(self.queue.get(at).copied())
    }

    /// Gives up on the first events of the queue: they wait for their other halves elsewhere.
    pub(super) fn put_aside(&mut self, count: usize) {
        let count = count.min(self.queue.len());
        self.alone.extend(self.queue.drain(..count));
    }

    /// The event before this one, where it has this number: for the report, and its hash.
    pub(super) fn before(&self, number: u64) -> Option<(EventLine, Digest)> {
        let inside = self.next.checked_sub(2).and_then(|index| self.records.get(index));
        let (text, place) = match inside {
            Some(place) => (self.block.bytes.get(place.range.clone())?, place),
            None => self.before.as_ref().map(|(text, place)| (text.as_slice(), place))?,
        };
        let mut reader = Reader::default();
        match reader.read(text, self.layout) {
            Record::Event(event) if place.number == number => {
                let at = At { file: &self.block.file, number, line: place.line, byte: place.byte };
                Some((line(&event, &at, self.form.action), event.hash()))
            }
            _ => None,
        }
    }
}

/// An event for the report.
pub(super) fn line(event: &Event<'_>, at: &At<'_>, action: usize) -> EventLine {
    EventLine {
        event: at.event_ref(Some(event)),
        time: event.stated_time().map(|time| time.chars().take(64).collect()),
        action: event.filter_value(action).map(|action| crate::check::shortened(&action)),
    }
}

fn places(block: &Block) -> Vec<Place> {
    let offset = |index: usize, byte: u64| match &block.records {
        Some(spans) => spans.get(index).map_or(0, |span| span.range.start),
        None => usize::try_from(byte.saturating_sub(block.byte)).unwrap_or(usize::MAX),
    };
    let pieces = block.pieces().enumerate().map(|(index, piece)| {
        let start = offset(index, piece.byte);
        Place { range: start..start.saturating_add(piece.text.len()), number: piece.number, line: piece.line, byte: piece.byte }
    });
    pieces.collect()
}

/// Reads all blocks, until nobody wants more.
fn read(verified: &Verified, request: &Request<'_>, progress: &dyn Progress, out: &SyncSender<Result<Block, Error>>, again: &Receiver<Block>) {
    let all = || -> Result<(), Error> {
        let mut blocks = verified.blocks(request)?;
        let mut told = 0;
        loop {
            if progress.interrupted() {
                return Err(Error::Interrupted);
            }
            let mut block = again.try_recv().unwrap_or_default();
            if !blocks.next(&mut block)? {
                return verified.ended(blocks);
            }
            let read = blocks.stored_bytes();
            progress.advance(read.saturating_sub(told), 0);
            told = read;
            if out.send(Ok(block)).is_err() {
                return Ok(());
            }
        }
    };
    if let Err(error) = all() {
        _ = out.send(Err(error));
    }
}
