//! Both exports side by side. As long as their events come in one order they are compared as they are read, and nothing is kept; where they part, so
//! many are read ahead as it takes to find an event that both have; what still has no other half waits, and is matched by id. Not here: what a
//! difference means.

use std::collections::{HashMap, VecDeque};

use super::form::{Form, Pairing};
use super::judge::judge;
use super::met::Met;
use super::order::Pair;
use super::purges::{self, Record};
use super::side::{Side, line};
use super::span::Span;
use crate::error::Error;
use crate::report::{Divergence, Rewritten};
use crate::verify::table::{Waiting, join};

/// How far both are read ahead for an event that both have.
const AHEAD: usize = 1 << 16;

/// So many events wait before those that are equal are looked for.
const SETTLE_FROM: usize = 1 << 16;

/// What the meeting needs beside the sides.
pub(super) struct Rules<'m> {
    pub(super) form: &'m Form<'m>,
    /// Equal bytes are equal events: whole events are compared, and all of them could be read.
    pub(super) bytes: bool,
    /// Changes that are kept.
    pub(super) keep: usize,
    /// Threads.
    pub(super) jobs: usize,
}

struct Meeting<'m> {
    rules: Rules<'m>,
    old: Side<'m>,
    new: Side<'m>,
    met: Met,
    /// The last pair, in the order of both.
    last: Option<Pair>,
    /// How the pair compares at which both stand, and those that follow, as far as that was looked at.
    judged: VecDeque<Option<Pairing>>,
    settle_from: usize,
}

/// Reads both to their end. `spans` are the times that they are of.
pub(super) fn meet<'m>(rules: Rules<'m>, old: Side<'m>, new: Side<'m>, spans: (Span, Span)) -> Result<Met, Error> {
    let mut meeting = Meeting { rules, old, new, met: Met::default(), last: None, judged: VecDeque::new(), settle_from: SETTLE_FROM };
    meeting.skip_head(spans)?;
    meeting.run()?;
    Ok(meeting.finish())
}

impl Meeting<'_> {
    /// What the one has from before the other's time needs no other half.
    fn skip_head(&mut self, (old, new): (Span, Span)) -> Result<(), Error> {
        let (Some(old_start), Some(new_start)) = (old.start(), new.start()) else {
            return Ok(());
        };
        let (side, start) = if old_start < new_start { (&mut self.old, new_start) } else { (&mut self.new, old_start) };
        while side.advance()? {
            if let Some((_, time)) = side.enqueue() {
                if time.is_none_or(|time| time >= start) {
                    break;
                }
                side.put_aside(1);
            }
        }
        Ok(())
    }

    fn run(&mut self) -> Result<(), Error> {
        loop {
            if self.old.queue.is_empty() && self.new.queue.is_empty() && !self.lockstep()? {
                return Ok(());
            }
            self.empty_queues()?;
            self.settle_at(self.settle_from);
        }
    }

    /// Compares as long as both come in one order. What parts them stands in the queues; `false` at the end of both.
    fn lockstep(&mut self) -> Result<bool, Error> {
        loop {
            match (self.old.advance()?, self.new.advance()?) {
                (false, false) => return Ok(false),
                (true, true) if self.rules.bytes && self.old.text() == self.new.text() => {
                    self.judged.pop_front();
                    self.paired(Pairing::Same, self.old.number(), self.new.number());
                }
                (true, true) if self.judged_pair() || self.pair_in_hand() => {}
                (old, new) => {
                    self.judged.clear();
                    if old {
                        self.old.enqueue();
                    }
                    if new {
                        self.enqueue_new();
                    }
                    if !(self.old.queue.is_empty() && self.new.queue.is_empty()) {
                        return Ok(true);
                    }
                }
            }
        }
    }

    fn paired(&mut self, pairing: Pairing, old: u64, new: u64) {
        self.count(pairing, old, new);
        self.met.runs.push(old, new);
        self.last = Some((old, new));
    }

    fn enqueue_new(&mut self) {
        if self.rules.form.purge.is_some()
            && self.met.purges.len() < purges::KEPT
            && let Some((event, at)) = self.new.read()
        {
            self.met.purges.extend(Record::of(self.rules.form, &event, &at));
        }
        self.new.enqueue();
    }

    /// The two events at which both stand, where they were looked at ahead and nothing is to be told of them.
    fn judged_pair(&mut self) -> bool {
        let Rules { form, jobs, keep, .. } = self.rules;
        if form.chained && self.met.parted.is_none() {
            return false;
        }
        if self.judged.is_empty() {
            self.judged = judge(form, jobs, self.old.ahead(), self.new.ahead());
        }
        match self.judged.pop_front().flatten() {
            Some(pairing) if pairing != Pairing::Rewritten || self.met.told.len() >= keep => {
                self.paired(pairing, self.old.number(), self.new.number());
                true
            }
            _ => false,
        }
    }

    /// The two events at which both stand, if they have one id.
    fn pair_in_hand(&mut self) -> bool {
        let (old_number, new_number) = (self.old.number(), self.new.number());
        let last = self.last;
        let parts = self.rules.form.chained && self.met.parted.is_none();
        let before = last.filter(|_| parts).and_then(|(number, _)| self.old.before(number));
        let (Some((old, old_at)), Some((new, new_at))) = (self.old.read(), self.new.read()) else {
            return false;
        };
        if old.id != new.id {
            return false;
        }
        let form = self.rules.form;
        let pairing = form.compare(&old, &new);
        if pairing == Pairing::Rewritten && self.met.told.len() < self.rules.keep {
            let (changes, changes_total) = form.changes(&old, &new);
            let (old, new) = (line(&old, &old_at, form.action), line(&new, &new_at, form.action));
            self.met.told.insert((new_number, old_number), Rewritten { old, new, changes, changes_total });
        }
        if parts && old.hash() != new.hash() {
            self.met.parted = Some((last, (old_number, new_number)));
            // Where the event before is not at hand, it is looked up later.
            self.met.divergence = (last.is_some() == before.is_some()).then(|| Divergence {
                last_common: before,
                old: (line(&old, &old_at, form.action), old.hash()),
                new: (line(&new, &new_at, form.action), new.hash()),
            });
        }
        self.paired(pairing, old_number, new_number);
        true
    }

    fn count(&mut self, pairing: Pairing, old: u64, new: u64) {
        let met = &mut self.met;
        let total = match pairing {
            Pairing::Same => &mut met.same,
            Pairing::Resealed => &mut met.resealed,
            Pairing::Relinked => &mut met.relinked,
            Pairing::Rewritten => return met.rewritten.push((new, old)),
        };
        *total = total.saturating_add(1);
    }

    /// Deals with what waits in the queues, until both are empty or the two have parted for good.
    fn empty_queues(&mut self) -> Result<(), Error> {
        loop {
            match (self.old.queue.front().copied(), self.new.queue.front().copied()) {
                (None, None) => return Ok(()),
                (Some(old), Some(new)) if old.id == new.id => {
                    self.old.queue.pop_front();
                    self.new.queue.pop_front();
                    self.pair_waiting(&old, &new);
                }
                (Some(_), Some(_)) => match self.search()? {
                    Some((old, new)) => {
                        self.old.put_aside(old);
                        self.new.put_aside(new);
                    }
                    None => {
                        self.old.put_aside(usize::MAX);
                        self.new.put_aside(usize::MAX);
                        return Ok(());
                    }
                },
                (Some(_), None) if !self.read_new()? => return self.rest(),
                (None, Some(_)) if self.old.queued(0)?.is_none() => return self.rest(),
                (Some(_), None) | (None, Some(_)) => {}
            }
        }
    }

    /// The one is at its end: what the other still has, has no other half here.
    fn rest(&mut self) -> Result<(), Error> {
        loop {
            self.old.put_aside(usize::MAX);
            self.new.put_aside(usize::MAX);
            self.settle_at(self.settle_from);
            let old = self.old.queued(0)?.is_some();
            if !old && !self.read_new()? {
                return Ok(());
            }
        }
    }

    /// Puts one more of the newer export into its queue; `false` at its end.
    fn read_new(&mut self) -> Result<bool, Error> {
        let count = self.new.queue.len();
        while self.new.queue.len() == count && self.new.advance()? {
            self.enqueue_new();
        }
        Ok(self.new.queue.len() > count)
    }

    /// Where the next event stands that both have: the places in the queues.
    fn search(&mut self) -> Result<Option<(usize, usize)>, Error> {
        let (mut olds, mut news): (HashMap<u64, usize>, HashMap<u64, usize>) = (HashMap::new(), HashMap::new());
        for at in 0..AHEAD {
            let old = self.old.queued(at)?;
            if self.new.queue.len() <= at {
                self.read_new()?;
            }
            let new = self.new.queue.get(at).copied();
            if let Some(old) = old {
                olds.entry(old.id).or_insert(at);
                if let Some(new) = news.get(&old.id) {
                    return Ok(Some((at, *new)));
                }
            }
            if let Some(new) = new {
                news.entry(new.id).or_insert(at);
                if let Some(old) = olds.get(&new.id) {
                    return Ok(Some((*old, at)));
                }
            }
            if old.is_none() && new.is_none() {
                break;
            }
        }
        Ok(None)
    }

    fn pair_waiting(&mut self, old: &Waiting, new: &Waiting) {
        let pairing = Form::pairing(old, new);
        if self.rules.form.chained && matches!(pairing, Pairing::Relinked | Pairing::Rewritten) && self.met.parted.is_none() {
            self.met.parted = Some((self.last, (old.number, new.number)));
        }
        self.paired(pairing, old.number, new.number);
    }

    /// Takes away those that wait and are equal.
    fn settle_at(&mut self, from: usize) {
        if self.old.alone.len().max(self.new.alone.len()) < from {
            return;
        }
        let met = &mut self.met;
        join(&mut self.old.alone, &mut self.new.alone, Waiting::key, &mut |old, new| {
            met.same = met.same.saturating_add(1);
            met.runs.push(old.number, new.number);
        });
        self.settle_from = self.old.alone.len().max(self.new.alone.len()).saturating_mul(2).max(SETTLE_FROM);
    }

    fn finish(mut self) -> Met {
        self.settle_at(0);
        let (mut old, mut new, mut pairs) = (std::mem::take(&mut self.old.alone), std::mem::take(&mut self.new.alone), Vec::new());
        join(&mut old, &mut new, |one| one.id, &mut |old, new| pairs.push((*old, *new)));
        for (old, new) in pairs {
            self.count(Form::pairing(&old, &new), old.number, new.number);
            self.met.runs.push(old.number, new.number);
        }
        self.met.unreadable = (self.old.unreadable, self.new.unreadable);
        Met { old_only: old, new_only: new, ..self.met }
    }
}
