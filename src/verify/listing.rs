//! The events of what was verified, one row each, of those that match. Reads what was verified again; decides nothing.

mod columns;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use crate::check::{At, Check, Tally, filter_matches};
use crate::error::Error;
use crate::event::{Event, Found, Record};
use crate::finding::{CheckId, Outcome};
use crate::profile::{Profile, TokenRule};
use crate::report::{Cell, Counts, Held};
use crate::time::Time;
use crate::verify::{Again, Progress, Request, Verified, Worth};

pub use self::columns::Column;

/// One field, and the values of which it must have one. In an action, `*` stands for any run of characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wants {
    /// The key, as in [`Profile::filter_pointer`].
    pub key: &'static str,
    /// The values.
    pub any: Vec<String>,
}

/// Is given the cells of an event, one for each column, and the groups that it belongs to.
pub type Visit<'v> = dyn FnMut(&[Cell], &[usize]) -> Result<(), Error> + 'v;

/// Which events are wanted, and what of them.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// At or after this time.
    pub from: Option<Time>,
    /// Before this time.
    pub to: Option<Time>,
    /// All of these.
    pub wants: Vec<Wants>,
    /// And all of at least one of these groups; no group at all is one of everything.
    pub groups: Vec<Vec<Wants>>,
    /// What to show.
    pub columns: Vec<Column>,
}

impl Query {
    /// Whether everything matches.
    fn takes_all(&self) -> bool {
        self.from.is_none() && self.to.is_none() && self.wants.is_empty() && self.groups.is_empty()
    }
}

/// A query, held against the fields of one profile.
struct Compiled<'q> {
    query: &'q Query,
    pointers: Vec<String>,
    /// The wanted values of a group, each with the index of its pointer.
    wants: Vec<(usize, &'q Wants)>,
    groups: Vec<Vec<(usize, &'q Wants)>>,
    /// Of each column that stands in the event.
    columns: Vec<Option<usize>>,
}

impl<'q> Compiled<'q> {
    fn new(query: &'q Query, profile: &Profile) -> Result<Self, Error> {
        let mut pointers = Vec::new();
        let mut group = |wants: &'q [Wants]| -> Result<Vec<_>, Error> {
            wants.iter().map(|want| Ok((place(&mut pointers, field(profile, want.key)?), want))).collect()
        };
        let wants = group(&query.wants)?;
        let groups = query.groups.iter().map(|wants| group(wants)).collect::<Result<_, _>>()?;
        let columns = query.columns.iter();
        let columns = columns.map(|column| Ok(column.pointer(profile)?.map(|pointer| place(&mut pointers, pointer))));
        let columns = columns.collect::<Result<_, Error>>()?;
        Ok(Self { query, pointers, wants, groups, columns })
    }

    /// The groups that an event belongs to; `None` where nobody can tell.
    fn groups_of(&self, event: &Event<'_>) -> Option<Vec<usize>> {
        let holds = |wants: &[(usize, &Wants)]| {
            wants.iter().all(|(index, want)| {
                let found = event.compared(*index);
                let value = value(&found);
                value.is_some_and(|value| want.any.iter().any(|wanted| filter_matches(want.key, wanted, value)))
            })
        };
        if !holds(&self.wants) {
            return Some(Vec::new());
        }
        let groups: Vec<usize> = match self.groups.is_empty() {
            true => vec![0],
            false => self.groups.iter().enumerate().filter(|(_, wants)| holds(wants)).map(|(index, _)| index).collect(),
        };
        if groups.is_empty() || (self.query.from.is_none() && self.query.to.is_none()) {
            return Some(groups);
        }
        let time = event.time?;
        let inside = self.query.from.is_none_or(|from| time >= from) && self.query.to.is_none_or(|to| time < to);
        Some(if inside { groups } else { Vec::new() })
    }
}

/// The index of a pointer among those that are asked for.
fn place(pointers: &mut Vec<String>, pointer: &str) -> usize {
    let known = pointers.iter().position(|known| known == pointer);
    known.unwrap_or_else(|| {
        pointers.push(pointer.to_owned());
        pointers.len().saturating_sub(1)
    })
}

/// Where a profile has a field, or a usage error that names both.
fn field<'p>(profile: &'p Profile, key: &str) -> Result<&'p str, Error> {
    profile.filter_pointer(key).ok_or_else(|| Error::Usage {
        what: format!("events of the profile {} have no {key}", profile.name),
        hint: "leave it out; the table [fields] of the profile lists what its events have (`unbroken profile show`)".to_owned(),
    })
}

/// A string, or another value but null as its JSON text: some sources number their users.
fn value<'f>(found: &'f Found<'_>) -> Option<&'f str> {
    match found {
        Found::Absent | Found::Null => None,
        Found::Other(text) => std::str::from_utf8(text).ok(),
        Found::Text(text) => Some(text),
    }
}

impl Verified {
    /// Visits each event that matches, in the order of the events: its cells, one for each column, and the groups that it belongs to. The counts are
    /// of events, each counted once. What was visited counts only if this ends well: until then nobody knows that the bytes are those that were
    /// verified.
    ///
    /// # Errors
    /// [`Error::Usage`] for a field that the profile does not have; else those of [`Verified::each`].
    pub fn list(&self, request: &Request<'_>, progress: &dyn Progress, query: &Query, visit: &mut Visit<'_>) -> Result<Counts, Error> {
        let Some(profile) = &self.profile else {
            return Ok(Counts::default());
        };
        let compiled = Compiled::new(query, profile)?;
        let filters: Vec<&str> = compiled.pointers.iter().map(String::as_str).collect();
        let token = profile.token.as_ref();
        let shown = Shown { codes: self.codes(), checks: self.checks(request), holding: self.holding(), compiled: &compiled, token };
        let mut counts = Counts::default();
        self.each(request, progress, &filters, &mut |again| {
            let groups = match &again.record {
                Record::Event(event) => compiled.groups_of(event),
                Record::Unreadable(_) => query.takes_all().then(|| vec![0]),
            };
            match groups {
                Some(groups) if groups.is_empty() => {}
                Some(groups) => {
                    self.count(&shown, &again, &mut counts);
                    visit(&self.cells(&shown, &again), &groups)?;
                }
                None => counts.undecided = counts.undecided.saturating_add(1),
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(counts)
    }

    fn count(&self, shown: &Shown<'_>, again: &Again<'_, '_>, counts: &mut Counts) {
        let worth = match self.worth(again.at.number) {
            Worth::Proven => &mut counts.proven,
            Worth::Consistent => &mut counts.consistent,
            Worth::NotVerified => {
                counts.own_proof = counts.own_proof.saturating_add(u64::from(shown.holds_its_own(again)));
                &mut counts.not_verified
            }
        };
        *worth = worth.saturating_add(1);
        counts.matched = counts.matched.saturating_add(1);
    }

    /// The checks of single events that hold for at least one of them.
    fn holding(&self) -> Vec<CheckId> {
        let ids = [CheckId::EventMac, CheckId::EventSignature, CheckId::EventPasskey, CheckId::EventToken];
        ids.into_iter().filter(|id| self.report.row(*id).is_some_and(|row| row.upheld > 0)).collect()
    }

    /// The codes of the findings that name an event, by its number.
    fn codes(&self) -> BTreeMap<u64, Vec<&'static str>> {
        let mut codes = BTreeMap::<u64, Vec<&'static str>>::new();
        for finding in &self.report.findings {
            let Some(number) = finding.event.as_ref().and_then(|event| event.place.number) else {
                continue;
            };
            let known = codes.entry(number).or_default();
            if !known.contains(&finding.code.name()) {
                known.push(finding.code.name());
            }
        }
        codes
    }

    fn cells(&self, shown: &Shown<'_>, again: &Again<'_, '_>) -> Vec<Cell> {
        let event = match &again.record {
            Record::Event(event) => Some(event),
            Record::Unreadable(_) => None,
        };
        let number = again.at.number;
        let columns = shown.compiled.query.columns.iter().zip(&shown.compiled.columns);
        let cells = columns.map(|(column, slot)| match (column, slot, event) {
            (_, Some(slot), Some(event)) => shown.cell(*slot, event.compared(*slot)),
            (Column::Number, ..) => Cell::Number(number),
            (Column::File, ..) => Cell::Text(again.at.file.to_string()),
            (Column::Line, ..) => Cell::Number(again.at.line),
            (Column::Worth, ..) => Cell::Word(self.worth(number).words()),
            (Column::Findings, ..) => Cell::Codes(shown.codes.get(&number).cloned().unwrap_or_default()),
            (column, _, Some(event)) => match column.check().and_then(|id| shown.held(id, event, &again.at)) {
                Some(held) => Cell::Word(held.words()),
                None => Cell::Nothing,
            },
            _ => Cell::Nothing,
        });
        cells.collect()
    }
}

/// What rows are made from.
struct Shown<'s> {
    codes: BTreeMap<u64, Vec<&'static str>>,
    checks: Vec<Box<dyn Check + 's>>,
    /// Those of them that hold for at least one event.
    holding: Vec<CheckId>,
    compiled: &'s Compiled<'s>,
    token: Option<&'s TokenRule>,
}

impl Shown<'_> {
    /// A value of the event; of a token only its start and its digest.
    fn cell(&self, slot: usize, found: Found<'_>) -> Cell {
        let pointer = self.compiled.pointers.get(slot).map_or("", String::as_str);
        let told = |text: &str| self.token.map_or_else(|| text.to_owned(), |token| token.hidden(pointer, text));
        match found {
            Found::Absent | Found::Null => Cell::Nothing,
            Found::Other(text) => Cell::Json(told(&String::from_utf8_lossy(text))),
            Found::Text(text) => Cell::Text(told(&text)),
        }
    }

    /// What one check says of one event.
    fn held(&self, id: CheckId, event: &Event<'_>, at: &At<'_>) -> Option<Held> {
        let check = self.checks.iter().find(|check| check.id() == id)?;
        let mut tally = Tally::default();
        check.examine(event, at, &mut tally);
        held(id, &tally)
    }

    /// Whether a proof of this event alone holds, and nothing speaks against it.
    fn holds_its_own(&self, again: &Again<'_, '_>) -> bool {
        let Record::Event(event) = &again.record else {
            return false;
        };
        let all: Vec<Held> = self.holding.iter().filter_map(|id| self.held(*id, event, &again.at)).collect();
        !self.codes.contains_key(&again.at.number) && all.contains(&Held::Holds) && !all.contains(&Held::Fails)
    }
}

fn held(id: CheckId, tally: &Tally) -> Option<Held> {
    match tally.outcome() {
        Some(Outcome::Refuted) => Some(Held::Fails),
        Some(Outcome::Untested) => Some(Held::NotChecked),
        Some(Outcome::Upheld) => Some(Held::Holds),
        None => matches!(id, CheckId::EventPasskey | CheckId::EventToken).then_some(Held::SystemInitiated),
    }
}
