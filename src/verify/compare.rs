//! Two exports of one source that overlap: what was rewritten, removed, added, moved, and from where on the hashes differ. Each is verified by itself
//! before; here they are only held against each other (chapter "Comparing two exports" of the specification).
//!
//! Not here: whether what either says is true.

mod bytes;
mod form;
mod judge;
mod meet;
mod met;
mod missing;
mod order;
mod purges;
mod side;
mod span;
mod told;

use std::collections::BTreeSet;

use self::form::Form;
use self::meet::{Rules, meet};
use self::met::Met;
use self::missing::{Direction, Missing};
use self::order::Order;
use self::purges::explain;
use self::side::Side;
use self::span::{Span, seen};
use self::told::{Told, Wanted, rewritten};
use crate::bundle::export::Form as FileForm;
use crate::bundle::manifest::Selection;
use crate::check::shortened;
use crate::error::Error;
use crate::finding::CheckId;
use crate::profile::{Column, Profile, TableRule};
use crate::report::{Comparison, Divergence, Kept, Moved, Overlap, Purge, Removed, Status};
use crate::verify::handed::Handed;
use crate::verify::{Progress, Request, Verified};

/// Holds two exports against each other, the older one first. Of each kind of difference `request.max_findings` are kept; `request.from` and
/// `request.to` are what the newer one was asked for.
///
/// Exports of two sources or of two tenants are an [`Error::Usage`].
pub fn compare(old: &Verified, new: &Verified, request: &Request<'_>, progress: &dyn Progress) -> Result<Comparison, Error> {
    let mut comparison = Comparison { old: old.report.clone(), new: new.report.clone(), ..Comparison::default() };
    let profile = match (old.readable_profile(), new.readable_profile()) {
        (Some(one), Some(other)) if one.name != other.name => return Err(apart("source", &one.name, &other.name)),
        (Some(profile), Some(_)) => profile,
        (one, _) => {
            let side = if one.is_none() { old } else { new };
            comparison.not_compared = Some(format!("the events of {} could not be read", side.report.path));
            return Ok(comparison);
        }
    };
    if let (Some(one), Some(other)) = (&old.report.tenant_id, &new.report.tenant_id)
        && one != other
    {
        return Err(apart("tenant", one, other));
    }
    comparison.profile = Some(profile.name.clone());
    let tables = (old.table_rule(profile)?, new.table_rule(profile)?);
    let columns = columns(profile, tables.0, tables.1);
    comparison.both_tables = tables.0.is_some() && tables.1.is_some();
    comparison.columns_left = left(tables.0, tables.1);
    comparison.columns = columns.as_ref().map(|columns| columns.iter().map(|column| column.name.clone()).collect());
    let form = Form::new(profile, columns)?;
    let keep = request.max_findings;
    let bytes = form.columns.is_none() && [old, new].iter().all(|side| side.reads_whole());
    let spans = (Span::of(&old.report, (None, None)), Span::of(&new.report, (request.from, request.to)));
    progress.start(old.report.bytes.saturating_add(new.report.bytes));
    let met = std::thread::scope(|scope| {
        let one = Side::start(scope, old, request, progress, &form, spans.1);
        let other = Side::start(scope, new, request, progress, &form, spans.0);
        meet(Rules { form: &form, bytes, keep, jobs: request.jobs }, one, other, spans)
    });
    progress.finish();
    let chained = profile.chain.is_some();
    let sorted = Sorted::new(met?, &mut comparison, (old, new), spans, keep, chained);
    let told = (sorted.wanted.0.look_up(old, request, progress)?, sorted.wanted.1.look_up(new, request, progress)?);
    sorted.fill(&mut comparison, &form, (&told.0, &told.1), keep);
    comparison.ends_early = sorted.cut.filter(|_| request.to.is_none()).map(|(first, last)| (told.0.line(first), told.0.line(last)));
    Ok(comparison)
}

fn apart(what: &str, one: &str, other: &str) -> Error {
    Error::Usage {
        what: format!("the older export is of the {what} {}, the newer one of {}", shortened(one), shortened(other)),
        hint: format!("give two exports of one {what}"),
    }
}

/// The columns by which a table and events, or two tables, are compared.
fn columns<'p>(profile: &Profile, old: Option<&'p TableRule>, new: Option<&'p TableRule>) -> Option<Vec<&'p Column>> {
    let (one, other) = match (old, new) {
        (None, None) => return None,
        (Some(rule), None) | (None, Some(rule)) => (rule, rule),
        (Some(one), Some(other)) => (one, other),
    };
    let both = |column: &&Column| column.field.is_some() && other.columns.iter().any(|own| own.field == column.field);
    let columns: Vec<&Column> = one.columns.iter().filter(both).collect();
    columns.iter().any(|column| column.field.as_ref() == Some(&profile.fields.id)).then_some(columns)
}

/// The columns that stand for no field, of two tables those that both have.
fn left(old: Option<&TableRule>, new: Option<&TableRule>) -> Vec<String> {
    let names = |rule: &TableRule| rule.columns.iter().filter(|column| column.field.is_none()).map(|column| column.name.clone()).collect();
    let (one, other): (Vec<String>, Vec<String>) = (old.or(new).map(names).unwrap_or_default(), new.or(old).map(names).unwrap_or_default());
    one.into_iter().filter(|name| other.contains(name)).collect()
}

impl Verified {
    fn readable_profile(&self) -> Option<&Profile> {
        self.profile.as_ref().filter(|_| self.events_sha256.is_some())
    }

    /// Whether every event could be read.
    fn reads_whole(&self) -> bool {
        self.report.row(CheckId::EventReadable).is_some_and(|row| row.status != Status::Refuted)
    }

    /// Of a table that is all there is, its columns.
    fn table_rule<'p>(&self, profile: &'p Profile) -> Result<Option<&'p TableRule>, Error> {
        let Handed::Raw(raw) = &self.handed else {
            return Ok(None);
        };
        if raw.export.files().iter().any(|(_, form)| *form != FileForm::Table) {
            return Ok(None);
        }
        let names = raw.export.header()?.unwrap_or_default();
        let fits = |rule: &&TableRule| rule.columns.len() == names.len() && rule.columns.iter().all(|column| names.contains(&column.name));
        Ok(profile.table.iter().find(fits))
    }

    fn filter(&self) -> Option<&Selection> {
        let selection = &self.opened.manifest.as_ref()?.selection;
        (*selection != Selection::Complete).then_some(selection)
    }
}

/// What has no other half is sorted into what is missed and what is not.
struct Sorted {
    removed: Vec<u64>,
    added: Vec<u64>,
    /// The first and the last event of the older export behind the end of the newer one, in the file.
    cut: Option<(u64, u64)>,
    wanted: (Wanted, Wanted),
    order: Order,
    met: Met,
}

impl Sorted {
    fn new(mut met: Met, comparison: &mut Comparison, (old, new): (&Verified, &Verified), spans: (Span, Span), keep: usize, chained: bool) -> Self {
        comparison.same = met.same;
        comparison.relinked = met.relinked;
        comparison.resealed = met.resealed;
        let common = met.runs.pairs();
        let overlap = met.runs.overlap();
        let filters = (old.filter(), new.filter());
        let mut gone = Missing::of(&met.old_only, overlap.as_ref().map(|(old, _)| old), spans.1, old.direction());
        let mut more = Missing::of(&met.new_only, overlap.as_ref().map(|(_, new)| new), spans.0, new.direction());
        comparison.outside = (gone.outside, more.outside);
        if filters.0 != filters.1 {
            gone.after = gone.after.filter(|_| filters.1.is_none());
            let unjudged = [filters.1.map(|_| std::mem::take(&mut gone.numbers)), filters.0.map(|_| std::mem::take(&mut more.numbers))];
            let count = unjudged.into_iter().flatten().fold(0_usize, |sum, list| sum.saturating_add(list.len()));
            let note = format!("the two were filtered in different ways: of {count} events it cannot be told whether they are missing");
            comparison.notes.extend((count > 0).then_some(note));
        }
        met.unreadable_note(&mut comparison.notes);
        comparison.overlap = overlap.map(|(old, new)| Overlap { old, new, common });
        let mut order = std::mem::take(&mut met.runs).order(keep);
        if order.reversed && !chained {
            comparison.notes.push("one of them is the other way round: the newest event first".to_owned());
            order = Order::default();
        }
        met.rewritten.sort_unstable();
        let new_only: BTreeSet<u64> = met.new_only.iter().map(|one| one.number).collect();
        met.purges.retain(|record| new_only.contains(&record.number));
        let mut sorted = Self { removed: gone.numbers, added: more.numbers, cut: gone.after, wanted: Default::default(), order, met };
        sorted.want(keep);
        sorted
    }

    /// What must be looked up to tell it.
    fn want(&mut self, keep: usize) {
        let (old, new) = (&mut self.wanted.0, &mut self.wanted.1);
        for (in_new, in_old) in self.met.rewritten.iter().take(keep).filter(|pair| !self.met.told.contains_key(pair)) {
            old.texts.insert(*in_old);
            new.texts.insert(*in_new);
        }
        if !self.met.purges.is_empty() {
            old.times.extend(&self.removed);
        }
        old.lines.extend(self.removed.iter().take(keep));
        old.lines.extend(self.cut.into_iter().flat_map(|(first, last)| [first, last]));
        new.lines.extend(self.added.iter().take(keep));
        for (in_new, in_old) in &self.order.first {
            old.lines.insert(*in_old);
            new.lines.insert(*in_new);
        }
        if let Some((last, first)) = self.met.parted.filter(|_| self.met.divergence.is_none()) {
            old.lines.extend(last.iter().map(|last| last.0).chain([first.0]));
            new.lines.insert(first.1);
        }
    }

    fn fill(&self, comparison: &mut Comparison, form: &Form<'_>, (old, new): (&Told, &Told), keep: usize) {
        let Self { removed, added, order, met, .. } = self;
        let each = met.rewritten.iter().take(keep);
        let first = each.map(|pair| met.told.get(pair).cloned().unwrap_or_else(|| rewritten(form, (old, pair.1), (new, pair.0)))).collect();
        comparison.rewritten = Kept { first, total: count(met.rewritten.len()) };
        let explained = explain(&met.purges, &old.times);
        comparison.explained = count(explained.len());
        let record = |number: &u64| met.purges.get(*explained.get(number)?);
        let gone = |number: &u64| Removed { event: old.line(*number), explained_by: record(number).map(|record| record.line.clone()) };
        comparison.removed = Kept { first: removed.iter().take(keep).map(gone).collect(), total: count(removed.len()) };
        comparison.added = Kept { first: added.iter().take(keep).map(|number| new.line(*number)).collect(), total: count(added.len()) };
        let moved = order.first.iter().map(|(to, from)| Moved { old: old.line(*from), new: new.line(*to) });
        comparison.moved = Kept { first: moved.collect(), total: order.moved };
        comparison.purges = self.purges(comparison, explained.into_values(), keep);
        comparison.divergence = met.divergence.clone().or_else(|| {
            let (last, (one, other)) = met.parted?;
            let last_common = last.and_then(|(number, _)| old.lines.get(&number).cloned());
            Some(Divergence { last_common, old: old.lines.get(&one).cloned()?, new: new.lines.get(&other).cloned()? })
        });
    }

    /// The records that bear on what is gone: those that can explain something; all where something is left unexplained; and those that can be why the
    /// newer export begins later.
    fn purges(&self, comparison: &Comparison, explained: impl Iterator<Item = usize>, keep: usize) -> Kept<Purge> {
        let mut explains = vec![0_u64; self.met.purges.len()];
        for index in explained {
            explains.get_mut(index).into_iter().for_each(|count| *count = count.saturating_add(1));
        }
        let unexplained = comparison.removed.total > comparison.explained;
        let start = seen(&comparison.old).map(|(start, _)| start).filter(|_| comparison.outside.0.before > 0);
        let told = self.met.purges.iter().zip(explains).filter_map(|(record, explains)| {
            let reaches_start = start.is_some_and(|start| record.reaches(start));
            let bears = explains > 0 || unexplained || reaches_start;
            bears.then(|| Purge { event: record.line.clone(), says: record.says.clone(), explains, reaches_start })
        });
        let told: Vec<Purge> = told.collect();
        Kept { total: count(told.len()), first: told.into_iter().take(keep).collect() }
    }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

impl Verified {
    /// Which end of the file is the newest, by the times of its ends.
    fn direction(&self) -> Direction {
        let time = |end: &Option<crate::report::EventSummary>| end.as_ref()?.time.as_ref()?.parse::<crate::time::Time>().ok();
        match (time(&self.report.first), time(&self.report.last)) {
            (Some(first), Some(last)) if first > last => Direction::NewestFirst,
            _ => Direction::OldestFirst,
        }
    }
}

impl Met {
    fn unreadable_note(&self, notes: &mut Vec<String>) {
        for (count, which) in [(self.unreadable.0, "older"), (self.unreadable.1, "newer")] {
            if count > 0 {
                notes.push(format!(
                    "{count} events of the {which} export cannot be read, and were not compared: they may be among those that seem to be missing"
                ));
            }
        }
    }
}
