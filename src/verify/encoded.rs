//! Breaks that only another form of writing explains: which stated hashes to try, and one break instead of many where one form fits them all. Data only.

use std::collections::{BTreeMap, HashMap};

use crate::check::{Run, Seam};
use crate::digest::Digest;
use crate::finding::Cause;
use crate::verify::encoding::Form;
use crate::verify::found::{Detail, Found};

/// Events at the left of broken links, and the last one, with the hashes that others, or they themselves, state of them.
pub fn stated(runs: &[Run]) -> HashMap<u64, Vec<Digest>> {
    let next = runs.iter().skip(1).map(Some).chain([None]);
    let stated = runs.iter().zip(next).filter_map(|(run, next)| {
        let link = next.filter(|next| next.left == Seam::Broken).and_then(|next| next.first.link);
        let own = run.last.own.filter(|own| *own != run.last.hash);
        let stated: Vec<Digest> = link.into_iter().chain(own).collect();
        (!stated.is_empty() && run.last.readable).then_some((run.last.number, stated))
    });
    stated.collect()
}

/// The breaks, with one for each form instead of those that it explains.
pub fn settle(found: Vec<Found>, forms: &BTreeMap<u64, Form>) -> Vec<Found> {
    if forms.is_empty() {
        return found;
    }
    let mut settled: Vec<Found> = Vec::with_capacity(found.len());
    let mut firsts: Vec<(Form, usize)> = Vec::new();
    for found in found {
        let Some((event, form)) = explained(&found, forms) else {
            settled.push(found);
            continue;
        };
        let known = firsts.iter().find(|(other, _)| *other == form).and_then(|(_, at)| settled.get_mut(*at));
        match known {
            Some(first) => first.covers.push((event, event)),
            None => {
                firsts.push((form, settled.len()));
                settled.push(Found { cause: Cause::Encoding, event, covers: vec![(event, event)], missing: None, detail: Detail::Plain, ..found });
            }
        }
    }
    for first in settled.iter_mut().filter(|found| found.cause == Cause::Encoding) {
        // an event that nobody links to, whose own hash is so explained, is no break of its own
        let form = forms.get(&first.event);
        let more = forms.iter().filter(|(_, other)| Some(*other) == form).map(|(event, _)| (*event, *event));
        first.covers.extend(more.filter(|(event, _)| *event > first.event));
        first.covers.sort_unstable();
        first.covers.dedup();
    }
    settled.sort_by_key(|found| (found.event, found.rank()));
    settled
}

/// The event at the left of the broken link, and the form that makes the link hold.
fn explained(found: &Found, forms: &BTreeMap<u64, Form>) -> Option<(u64, Form)> {
    let causes = [Cause::Modified, Cause::ModifiedOrRemoved, Cause::Reforged, Cause::Removed];
    let event = found.fact.stated_by.as_ref().filter(|_| causes.contains(&found.cause))?.number.checked_sub(1)?;
    forms.get(&event).map(|form| (event, *form))
}

/// Of more breaks than are explained one by one: the one that stands for all, and how many it tells of.
pub fn many(found: Vec<Found>, runs: &[Run], forms: &BTreeMap<u64, Form>) -> (Vec<Found>, u64) {
    let seams = runs.iter().zip(runs.iter().skip(1)).filter(|(_, right)| right.left == Seam::Broken);
    let events: Vec<u64> = seams.map(|(left, _)| left.last.number).collect();
    let form = events.first().and_then(|event| forms.get(event));
    let one = form.is_some() && events.iter().all(|event| forms.get(event) == form);
    let (Some(first), true) = (events.first().copied(), one) else {
        return (found, 1);
    };
    let covers: Vec<(u64, u64)> = forms.keys().map(|event| (*event, *event)).collect();
    let found = found.into_iter().map(|found| Found { cause: Cause::Encoding, event: first, covers: covers.clone(), ..found });
    (found.collect(), u64::try_from(events.len()).unwrap_or(u64::MAX))
}
