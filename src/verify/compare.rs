//! Two exports of one source that overlap: what was rewritten, removed, added, moved, and from where on the hashes differ. Each is verified by itself
//! before; here they are only held against each other (chapter "Comparing two exports" of the specification).
//!
//! Not here: whether what either says is true.

mod form;
mod judge;
mod meet;
mod met;
mod order;
mod side;
mod told;

use std::ops::RangeInclusive;

use self::form::Form;
use self::meet::{Rules, meet};
use self::met::Met;
use self::order::Order;
use self::side::{Side, Span};
use self::told::{Told, Wanted, rewritten};
use crate::bundle::export::Form as FileForm;
use crate::bundle::manifest::Selection;
use crate::check::shortened;
use crate::error::Error;
use crate::finding::CheckId;
use crate::profile::{Column, Profile, TableRule};
use crate::report::{Comparison, Divergence, EventLine, Kept, Moved, Overlap, Removed, Status};
use crate::time::Time;
use crate::verify::handed::Handed;
use crate::verify::table::{Waiting, Window};
use crate::verify::{Progress, Request, Verified};

/// Holds two exports against each other, the older one first. Of each kind of difference `request.max_findings` are kept.
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
    let columns = columns(profile, old.table_rule(profile)?, new.table_rule(profile)?);
    comparison.columns = columns.as_ref().map(|columns| columns.iter().map(|column| column.name.clone()).collect());
    let form = Form::new(profile, columns)?;
    let keep = request.max_findings;
    let bytes = form.columns.is_none() && [old, new].iter().all(|side| side.reads_whole());
    let spans = (Span::of(&old.report), Span::of(&new.report));
    progress.start(old.report.bytes.saturating_add(new.report.bytes));
    let met = std::thread::scope(|scope| {
        let one = Side::start(scope, old, request, progress, &form, spans.1);
        let other = Side::start(scope, new, request, progress, &form, spans.0);
        let purge = profile.purges.as_deref();
        meet(Rules { form: &form, bytes, purge, keep, jobs: request.jobs }, one, other, spans)
    });
    progress.finish();
    let Sorted { removed, added, wanted, order, met } = Sorted::new(met?, &mut comparison, (old, new), keep, profile);
    let told = (wanted.0.look_up(old, request, progress)?, wanted.1.look_up(new, request, progress)?);
    fill(&mut comparison, &form, &met, (&told.0, &told.1), (&removed, &added, &order), keep);
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
    wanted: (Wanted, Wanted),
    order: Order,
    met: Met,
}

impl Sorted {
    fn new(mut met: Met, comparison: &mut Comparison, (old, new): (&Verified, &Verified), keep: usize, profile: &Profile) -> Self {
        comparison.same = met.same;
        comparison.relinked = met.relinked;
        comparison.resealed = met.resealed;
        let common = met.runs.pairs();
        let overlap = met.runs.overlap();
        let filters = (old.filter(), new.filter());
        let (mut removed, old_outside) = missed(&met.old_only, overlap.as_ref().map(|(old, _)| old));
        let (mut added, new_outside) = missed(&met.new_only, overlap.as_ref().map(|(_, new)| new));
        comparison.outside = (old_outside, new_outside);
        if filters.0 != filters.1 {
            let unjudged = [filters.1.map(|_| std::mem::take(&mut removed)), filters.0.map(|_| std::mem::take(&mut added))];
            let count = unjudged.into_iter().flatten().fold(0_usize, |sum, list| sum.saturating_add(list.len()));
            let note = format!("the two were filtered in different ways: of {count} events it cannot be told whether they are missing");
            comparison.notes.extend((count > 0).then_some(note));
        }
        met.unreadable_note(&mut comparison.notes);
        comparison.overlap = overlap.map(|(old, new)| Overlap { old, new, common });
        let mut order = std::mem::take(&mut met.runs).order(keep);
        if order.reversed && profile.chain.is_none() {
            comparison.notes.push("one of them is the other way round: the newest event first".to_owned());
            order = Order::default();
        }
        met.rewritten.sort_unstable();
        let mut wanted = (Wanted::default(), Wanted::default());
        for (new, old) in met.rewritten.iter().take(keep).filter(|pair| !met.told.contains_key(pair)) {
            wanted.0.texts.insert(*old);
            wanted.1.texts.insert(*new);
        }
        let new_only: std::collections::BTreeSet<u64> = met.new_only.iter().map(|one| one.number).collect();
        met.purges.retain(|(number, _, _)| new_only.contains(number));
        if !met.purges.is_empty() {
            wanted.0.times.extend(&removed);
        }
        wanted.0.lines.extend(removed.iter().take(keep));
        wanted.1.lines.extend(added.iter().take(keep));
        for (new, old) in &order.first {
            wanted.0.lines.insert(*old);
            wanted.1.lines.insert(*new);
        }
        if let Some((last, first)) = met.parted.filter(|_| met.divergence.is_none()) {
            wanted.0.lines.extend(last.iter().map(|last| last.0).chain([first.0]));
            wanted.1.lines.insert(first.1);
        }
        Self { removed, added, wanted, order, met }
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

/// The numbers of those that the other side should have, in order; and how many it need not have.
fn missed(alone: &[Waiting], overlap: Option<&RangeInclusive<u64>>) -> (Vec<u64>, u64) {
    let Some(overlap) = overlap else {
        return (Vec::new(), u64::try_from(alone.len()).unwrap_or(u64::MAX));
    };
    let expected = |one: &&Waiting| match one.window {
        Window::Inside => true,
        Window::Outside => false,
        Window::Unsaid => overlap.contains(&one.number),
    };
    let mut numbers: Vec<u64> = alone.iter().filter(expected).map(|one| one.number).collect();
    numbers.sort_unstable();
    let outside = alone.len().saturating_sub(numbers.len());
    (numbers, u64::try_from(outside).unwrap_or(u64::MAX))
}

fn fill(
    comparison: &mut Comparison,
    form: &Form<'_>,
    met: &Met,
    (old, new): (&Told, &Told),
    (removed, added, order): (&[u64], &[u64], &Order),
    keep: usize,
) {
    let count = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
    let each = met.rewritten.iter().take(keep);
    let first = each.map(|pair| met.told.get(pair).cloned().unwrap_or_else(|| rewritten(form, (old, pair.1), (new, pair.0)))).collect();
    comparison.rewritten = Kept { first, total: count(met.rewritten.len()) };
    comparison.explained = count(old.times.values().filter(|time| purge(met, **time).is_some()).count());
    let gone = |number: &u64| Removed { event: old.line(*number), explained_by: old.times.get(number).and_then(|time| purge(met, *time)).cloned() };
    comparison.removed = Kept { first: removed.iter().take(keep).map(gone).collect(), total: count(removed.len()) };
    comparison.added = Kept { first: added.iter().take(keep).map(|number| new.line(*number)).collect(), total: count(added.len()) };
    let moved = order.first.iter().map(|(to, from)| Moved { old: old.line(*from), new: new.line(*to) });
    comparison.moved = Kept { first: moved.collect(), total: order.moved };
    comparison.divergence = met.divergence.clone().or_else(|| {
        let (last, (one, other)) = met.parted?;
        let last_common = last.and_then(|(number, _)| old.lines.get(&number).cloned());
        Some(Divergence { last_common, old: old.lines.get(&one).cloned()?, new: new.lines.get(&other).cloned()? })
    });
}

/// The record of a purge that can explain why an event of this time is gone: the newer export alone has it, and it is later.
fn purge(met: &Met, time: Option<Time>) -> Option<&EventLine> {
    let time = time?;
    met.purges.iter().find(|(_, purged, _)| purged.is_some_and(|purged| purged > time)).map(|(_, _, line)| line)
}
