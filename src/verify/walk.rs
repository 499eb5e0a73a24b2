//! The one pass over the events: workers take blocks in turn from one reader, and their segments are joined in the order of the file.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::bundle::block::{Block, Blocks, Stored};
use crate::error::Error;
use crate::event::Reader;
use crate::verify::Progress;
use crate::verify::segment::{Examination, Segment};

/// Reads and examines all events with `jobs` threads. The result does not depend on their number.
pub fn walk(
    blocks: Box<dyn Blocks + '_>,
    with: &Examination<'_>,
    jobs: usize,
    max_events: u64,
    progress: &dyn Progress,
) -> Result<(Segment, Stored), Error> {
    let source = Mutex::new(Source { blocks, failed: None, done: false, told: 0 });
    let joined = Mutex::new(Joined::default());
    std::thread::scope(|scope| {
        for _ in 1..jobs {
            scope.spawn(|| work(&source, &joined, with, max_events, progress));
        }
        work(&source, &joined, with, max_events, progress);
    });
    let source = source.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some(error) = source.failed {
        return Err(error);
    }
    let joined = joined.into_inner().unwrap_or_else(PoisonError::into_inner);
    if !joined.waiting.is_empty() {
        return Err(Error::Internal("a block of events was lost between two threads".to_owned()));
    }
    Ok((joined.segment, source.blocks.finish()?))
}

struct Source<'b> {
    blocks: Box<dyn Blocks + 'b>,
    failed: Option<Error>,
    done: bool,
    /// Stored bytes that the progress knows of.
    told: u64,
}

#[derive(Default)]
struct Joined {
    segment: Segment,
    next: u64,
    waiting: BTreeMap<u64, Segment>,
}

fn work(source: &Mutex<Source<'_>>, joined: &Mutex<Joined>, with: &Examination<'_>, max_events: u64, progress: &dyn Progress) {
    let mut block = Block::default();
    let mut reader = Reader::default();
    while take(&mut lock(source), &mut block, progress) {
        let segment = Segment::examine(&block, with, &mut reader);
        progress.advance(0, segment.events);
        let events = lock(joined).add(block.index, segment, with);
        if events > max_events {
            let what = format!("{} has more than {max_events} events, which", with.file);
            lock(source).failed.get_or_insert(Error::Limit { what, limit: format!("{max_events} events"), flag: "--max-events" });
        }
    }
}

fn take(source: &mut Source<'_>, block: &mut Block, progress: &dyn Progress) -> bool {
    if source.done || source.failed.is_some() {
        return false;
    }
    if progress.interrupted() {
        source.failed = Some(Error::Interrupted);
        return false;
    }
    match source.blocks.next(block) {
        Ok(true) => {
            let read = source.blocks.stored_bytes();
            progress.advance(read.saturating_sub(source.told), 0);
            source.told = read;
            true
        }
        Ok(false) => {
            source.done = true;
            false
        }
        Err(error) => {
            source.failed = Some(error);
            false
        }
    }
}

impl Joined {
    fn add(&mut self, index: u64, segment: Segment, with: &Examination<'_>) -> u64 {
        self.waiting.insert(index, segment);
        while let Some(next) = self.waiting.remove(&self.next) {
            self.segment.join(next, with);
            self.next = self.next.saturating_add(1);
        }
        self.segment.events
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
