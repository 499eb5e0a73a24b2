//! A pass over the events: workers take blocks in turn from one reader, and what they make of them is joined in the order of the file. Not here: what is
//! made of a block.

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
    let mut joined = Segment::default();
    let examine = |block: &Block, reader: &mut Reader| {
        let segment = Segment::examine(block, with, reader);
        progress.advance(0, segment.events);
        segment
    };
    let join = |segment| {
        joined.join(segment, with);
        if joined.events > max_events {
            let what = format!("{} has more than {max_events} events, which", with.file);
            return Err(Error::Limit { what, limit: format!("{max_events} events"), flag: "--max-events" });
        }
        Ok(())
    };
    let blocks = in_order(blocks, jobs, progress, examine, join)?;
    Ok((joined, blocks.finish()?))
}

/// Examines all blocks with `jobs` threads, each block in one of them, and adds what comes of them in their order.
pub fn in_order<'b, T: Send>(
    blocks: Box<dyn Blocks + 'b>,
    jobs: usize,
    progress: &dyn Progress,
    examine: impl Fn(&Block, &mut Reader) -> T + Sync,
    add: impl FnMut(T) -> Result<(), Error> + Send,
) -> Result<Box<dyn Blocks + 'b>, Error> {
    let source = Mutex::new(Source { blocks, failed: None, done: false, told: 0 });
    let joined = Mutex::new(Joined { add, next: 0, waiting: BTreeMap::new() });
    let work = || {
        let (mut block, mut reader) = (Block::default(), Reader::default());
        while take(&mut lock(&source), &mut block, progress) {
            let made = examine(&block, &mut reader);
            let added = lock(&joined).add(block.index, made);
            if let Err(error) = added {
                lock(&source).failed.get_or_insert(error);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..jobs {
            scope.spawn(work);
        }
        work();
    });
    let source = source.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some(error) = source.failed {
        return Err(error);
    }
    let joined = joined.into_inner().unwrap_or_else(PoisonError::into_inner);
    if !joined.waiting.is_empty() {
        return Err(Error::Internal("a block of events was lost between two threads".to_owned()));
    }
    Ok(source.blocks)
}

struct Source<'b> {
    blocks: Box<dyn Blocks + 'b>,
    failed: Option<Error>,
    done: bool,
    /// Stored bytes that the progress knows of.
    told: u64,
}

struct Joined<T, A> {
    add: A,
    next: u64,
    waiting: BTreeMap<u64, T>,
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

impl<T, A: FnMut(T) -> Result<(), Error>> Joined<T, A> {
    fn add(&mut self, index: u64, made: T) -> Result<(), Error> {
        self.waiting.insert(index, made);
        while let Some(made) = self.waiting.remove(&self.next) {
            (self.add)(made)?;
            self.next = self.next.saturating_add(1);
        }
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
