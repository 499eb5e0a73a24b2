//! Pairs that stand side by side in both exports, compared by several threads ahead of being dealt with one by one. Not here: what becomes of a pair.

use std::collections::VecDeque;
use std::thread;

use super::form::{Form, Pairing};
use super::side::Place;
use crate::event::{Reader, Record};

/// Fewer pairs are not worth a thread.
const FEW: usize = 16;

/// The record at which a side stands, and what follows it in the block.
#[derive(Clone, Copy)]
pub(super) struct Ahead<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) places: &'a [Place],
}

impl Ahead<'_> {
    fn text(&self, at: usize) -> Option<&[u8]> {
        self.bytes.get(self.places.get(at)?.range.clone())
    }
}

/// How the pairs compare; `None` for two records that are no pair. Nothing at all where they are few, or there is one thread.
pub(super) fn judge(form: &Form<'_>, jobs: usize, old: Ahead<'_>, new: Ahead<'_>) -> VecDeque<Option<Pairing>> {
    let count = old.places.len().min(new.places.len());
    if jobs < 2 || count < FEW {
        return VecDeque::new();
    }
    let share = count.div_ceil(jobs);
    let part = |from: usize| {
        let (mut one, mut other) = (Reader::default(), Reader::default());
        let to = from.saturating_add(share).min(count);
        (from..to).map(|at| pairing(form, (old.text(at)?, &mut one), (new.text(at)?, &mut other))).collect::<Vec<_>>()
    };
    thread::scope(|scope| {
        let running: Vec<_> = (share..count).step_by(share).map(|from| scope.spawn(move || part(from))).collect();
        let mut judged: VecDeque<_> = part(0).into();
        for thread in running {
            // what was not judged is compared when it is dealt with
            let Ok(part) = thread.join() else { break };
            judged.extend(part);
        }
        judged
    })
}

fn pairing(form: &Form<'_>, (old, one): (&[u8], &mut Reader), (new, other): (&[u8], &mut Reader)) -> Option<Pairing> {
    let Record::Event(event) = one.read(old, &form.layout) else { return None };
    event.id.as_ref()?;
    if let Some(pairing) = form.compare_bytes(&event, old, new) {
        return Some(pairing);
    }
    match other.read(new, &form.layout) {
        Record::Event(newer) if event.id == newer.id => Some(form.compare(&event, &newer)),
        _ => None,
    }
}
