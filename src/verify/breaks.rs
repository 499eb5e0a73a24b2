//! From examined events to explained breaks: what to look up, the second read, the path of proof, the causes, and what is proven.

use std::collections::BTreeMap;

use crate::check::{Ranges, Row, Run, Seam};
use crate::error::Error;
use crate::finding::{Cause, EventRef, Finding};
use crate::verify::causes::{self, Circumstances};
use crate::verify::encoded;
use crate::verify::encoding::Fitted;
use crate::verify::found::{Detail, Fact, Found, SequenceGap};
use crate::verify::lookup::{Answer, Mend, Mended, Question};
use crate::verify::path::{self, Chain, Path};
use crate::verify::words::Events;

/// Runs whose lines can be shown.
const SHOWN: usize = 1_000;

/// What the chain shows, explained.
#[derive(Debug, Default)]
pub struct Explained {
    /// The breaks, in file order.
    pub found: Vec<Found>,
    /// The same, as findings.
    pub findings: Vec<Finding>,
    /// Breaks beyond those that keep details.
    pub more: u64,
    /// Events that the last hash leads to. They are proven if that hash is signed.
    pub named: Ranges,
    /// Events that only agree among themselves.
    pub consistent: Ranges,
    /// Events whose link does not name the event before them in the file.
    pub seams: Ranges,
    /// Jumps of the sequence that the producer wrote.
    pub written: Vec<SequenceGap>,
    /// Events of which only the link was altered, as they were before.
    pub mended: Vec<Row>,
    /// The first event of the chain, where the path came to it.
    pub origin: Option<u64>,
    /// Events that have the stated hash when they are written in another form.
    pub forms: BTreeMap<u64, Fitted>,
    /// Ids that several events have.
    pub repeated: BTreeMap<String, Vec<EventRef>>,
}

/// What is asked.
pub struct Case<'c> {
    /// The chain.
    pub chain: Chain<'c>,
    /// What else is known.
    pub known: Circumstances<'c>,
    /// The events file.
    pub file: &'c str,
    /// Whether the file holds a selection: then neither its first link nor its last hash says anything.
    pub filtered: bool,
    /// Whether events are chained at all.
    pub chained: bool,
    /// Links that are broken.
    pub broken: u64,
    /// Neighbours of which the earlier names the later.
    pub reversed: u64,
    /// Hashed ids that stand there more than once.
    pub repeated: std::collections::HashSet<u64>,
    /// Events that findings of other checks name.
    pub named: BTreeMap<u64, EventRef>,
}

impl Case<'_> {
    /// Explains; `read_again` is called at most once.
    pub fn explain(&self, read_again: impl FnOnce(&Question) -> Result<Answer, Error>) -> Result<Explained, Error> {
        let mut answer = if self.needs_second_read() { read_again(&self.question())? } else { Answer::default() };
        let events = |answer| Events { file: self.file, runs: self.chain.runs, answer, named: self.named.clone(), chain: self.chain };
        if !self.chained {
            return Ok(Explained { repeated: answer.repeated(), ..Explained::default() });
        }
        if self.is_newest_first() {
            let found = vec![self.newest_first()];
            let findings = found.iter().map(|found| events(&answer).finding(found)).collect();
            let mut named = Ranges::default();
            named.push_range(1, self.known.events);
            return Ok(Explained { found, findings, named, repeated: answer.repeated(), ..Explained::default() });
        }
        let kept = self.chain.runs.iter().filter(|run| run.left == Seam::Broken).count();
        if u64::try_from(kept).is_ok_and(|kept| kept < self.broken) {
            return Ok(self.unexplained(&answer, &events(&answer)));
        }
        let relinked = self.relinked(&answer);
        let runs = mend(self.chain.runs, &mut answer);
        let mended = answer.mended.keys().filter_map(|number| answer.rows.get(number).cloned()).collect();
        let chain = Chain { runs: &runs, ..self.chain };
        let (path, (found, written)) = match self.filtered {
            true => (Path::default(), (causes::filtered(chain, &answer, self.known, relinked), Vec::new())),
            false => {
                let path = path::follow(chain, &answer);
                let found = causes::explain(chain, &path, &answer, self.known, relinked);
                (path, found)
            }
        };
        let mut found = [found, encoded::breaks(self.chain.runs, &answer.forms)].concat();
        found.sort_by_key(|found| (found.event, found.rank()));
        if found.is_empty() && self.broken > 0 {
            return Ok(self.unexplained(&answer, &events(&answer)));
        }
        let findings = found.iter().map(|found| events(&answer).finding(found)).collect();
        Ok(Explained {
            findings,
            written,
            more: 0,
            named: ranges(&path, &found, true),
            consistent: ranges(&path, &found, false),
            seams: seams(&runs),
            origin: path.origin,
            mended,
            repeated: answer.repeated(),
            forms: answer.forms,
            found,
        })
    }

    /// More broken links than rows are kept for: what each means cannot be told, so only the first is named.
    fn unexplained(&self, answer: &Answer, events: &Events<'_>) -> Explained {
        let (encoded, first) = encoded::explained(self.chain.runs, &answer.forms);
        let mut found = encoded::breaks(self.chain.runs, &answer.forms);
        let told = encoded.saturating_add(u64::from(first.is_some()));
        found.extend(first.map(|(left, right)| {
            let (number, row) = (right.first.number, right.first.clone());
            let fact = Fact { stated: row.link, computed: Some(left.last.hash), stated_by: Some(row) };
            let detail = Detail::TooMany(self.broken);
            Found { cause: Cause::ModifiedOrRemoved, event: number, covers: vec![(number, number)], missing: None, fact, detail }
        }));
        found.sort_by_key(|found| (found.event, found.rank()));
        let mut named = Ranges::default();
        if let Some(run) = self.chain.runs.last().filter(|run| Some(run.last.hash) == self.chain.end) {
            named.push_range(run.first.number, run.last.number);
        }
        Explained {
            findings: found.iter().map(|found| events.finding(found)).collect(),
            found,
            more: self.broken.saturating_sub(told),
            named,
            seams: seams(self.chain.runs),
            forms: answer.forms.clone(),
            repeated: answer.repeated(),
            ..Explained::default()
        }
    }

    /// Events of which only the link was altered: one break explains both their seams.
    fn relinked(&self, answer: &Answer) -> Vec<Found> {
        let run = |number: u64| self.chain.runs.iter().find(|run| run.first.number == number);
        let found = |(number, mended): (&u64, &Mended)| {
            let row = run(*number)?.first.clone();
            let fact = Fact { stated: row.link, computed: Some(mended.link), stated_by: Some(row) };
            Some(Found { cause: Cause::Relinked, event: *number, covers: vec![(*number, *number)], missing: None, fact, detail: Detail::Plain })
        };
        answer.mended.iter().filter_map(found).collect()
    }

    fn needs_second_read(&self) -> bool {
        let (Some(first), Some(last)) = (self.first(), self.last()) else {
            return false;
        };
        let cut = !self.filtered
            && ((first.link.is_some() && self.chain.has_start(first) && !self.chain.starts_with(first))
                || self.chain.end.is_some_and(|end| end != last.hash));
        let restated = last.own.is_some_and(|own| own != last.hash);
        self.broken > 0 || cut || restated || !self.known.jumps.is_empty() || !self.repeated.is_empty()
    }

    fn question(&self) -> Question {
        let mut question = Question { ids: self.repeated.clone(), ..Question::default() };
        question.hashes.extend(self.chain.end);
        for (index, run) in self.chain.runs.iter().enumerate() {
            question.hashes.extend(run.first.link);
            question.hashes.insert(run.last.hash);
            if let Some(mend) = self.mend_of(index, run) {
                question.mend.insert(run.first.number, mend);
            }
            if index < SHOWN {
                self.ask_numbers(run, &mut question);
            }
        }
        question.stated = encoded::stated(self.chain.runs);
        question.numbers.extend(self.known.jumps.iter().take(SHOWN).map(|(_, row)| row.number.saturating_sub(1)));
        question
    }

    /// What would mend an event whose links on both sides are broken.
    fn mend_of(&self, index: usize, run: &Run) -> Option<Mend> {
        let row = &run.first;
        let before = index.checked_sub(1).and_then(|before| self.chain.runs.get(before)).map(|before| &before.last);
        let broken = match before {
            Some(_) => run.left == Seam::Broken,
            None => !self.filtered && !self.chain.starts_with(row),
        };
        let next = match self.chain.runs.get(index.saturating_add(1)) {
            Some(next) => next.first.link.filter(|_| next.left == Seam::Broken),
            None if self.filtered => return None,
            None => self.chain.end,
        };
        if run.length() != 1 || row.link.is_none() || !broken || next == Some(row.hash) {
            return None;
        }
        let start = || self.chain.start.into_iter().chain(self.chain.genesis.filter(|_| row.sequence == Some(1))).collect();
        let left = before.map_or_else(start, |before| vec![before.hash]);
        let next_is_start = next.is_some() && (next == self.chain.start || next == self.chain.genesis);
        Some(Mend { left, next, next_is_start })
    }

    fn ask_numbers(&self, run: &Run, question: &mut Question) {
        let (first, last) = (run.first.number, run.last.number);
        let failing = self.known.failing.and_then(|failing| failing.first_in(first, last));
        let failing = failing.into_iter().flat_map(|number| [number.saturating_sub(1), number]);
        question.numbers.extend([first, last, last.saturating_sub(1)].into_iter().chain(failing));
    }

    /// A whole log in reverse, from its stated start to its stated end: said at once, however many events it has.
    fn is_newest_first(&self) -> bool {
        let from_end = self.first().is_some_and(|row| Some(row.hash) == self.chain.end);
        let to_start = self.last().is_some_and(|row| self.chain.starts_with(row));
        self.known.events > 2 && self.reversed == self.known.events.saturating_sub(1) && from_end && to_start
    }

    fn newest_first(&self) -> Found {
        let second = self.chain.runs.get(1).map(|run| run.first.clone());
        let fact = Fact { stated: second.as_ref().and_then(|row| row.link), computed: self.first().map(|row| row.hash), stated_by: second };
        let covers = vec![(1, self.known.events)];
        Found { cause: Cause::Reordered, event: 1, covers, missing: None, fact, detail: Detail::NewestFirst }
    }

    fn first(&self) -> Option<&Row> {
        self.chain.runs.first().map(|run| &run.first)
    }

    fn last(&self) -> Option<&Row> {
        self.chain.runs.last().map(|run| &run.last)
    }
}

/// The runs, with mended events in place of the altered ones, and with the hashes that events have in the form in which they were hashed: links that hold
/// then are not broken.
fn mend(runs: &[Run], answer: &mut Answer) -> Vec<Run> {
    let mut joined: Vec<Run> = Vec::with_capacity(runs.len());
    for run in runs {
        let mut run = run.clone();
        if let Some(mended) = answer.mended.get(&run.first.number).copied() {
            run.first = Row { hash: mended.hash, link: Some(mended.link), ..run.first };
            run.last = run.first.clone();
            answer.by_hash.entry(mended.hash).or_default().push(run.first.number);
            answer.rows.insert(run.first.number, run.first.clone());
        } else if let Some(fitted) = answer.forms.get(&run.last.number) {
            if run.length() == 1 {
                run.first.hash = fitted.hash;
            }
            run.last.hash = fitted.hash;
            answer.by_hash.entry(fitted.hash).or_default().push(run.last.number);
            answer.rows.insert(run.last.number, run.last.clone());
        }
        match joined.last_mut() {
            Some(before) if run.left == Seam::Broken && run.first.link == Some(before.last.hash) => {
                before.foreign = before.foreign.saturating_add(run.foreign);
                before.last = run.last;
            }
            _ => joined.push(run),
        }
    }
    joined
}

/// The events behind broken links.
fn seams(runs: &[Run]) -> Ranges {
    let mut seams = Ranges::default();
    runs.iter().filter(|run| run.left == Seam::Broken).for_each(|run| seams.push(run.first.number));
    seams
}

/// The events on the path that the end leads to, or those that it does not, less those that a break accuses.
fn ranges(path: &Path, found: &[Found], proven: bool) -> Ranges {
    let accused = |found: &&Found| matches!(found.cause, Cause::Encoding | Cause::Modified | Cause::Reforged);
    let accused: Vec<(u64, u64)> = found.iter().filter(accused).flat_map(|found| found.covers.clone()).collect();
    let accused = Ranges::from_unsorted(accused);
    let mut left = Vec::new();
    for step in path.steps.iter().filter(|step| step.proven == proven) {
        let mut from = step.from;
        while from <= step.to {
            match accused.first_in(from, step.to) {
                None => {
                    left.push((from, step.to));
                    break;
                }
                Some(first) => {
                    left.push((from, first.saturating_sub(1)));
                    from = first.saturating_add(1);
                }
            }
        }
    }
    Ranges::from_unsorted(left)
}
