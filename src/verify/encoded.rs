//! Breaks that only another form of writing explains: which stated hashes to try, and one break instead of many where one form fits them all. Data only.

use std::collections::{BTreeMap, HashMap};

use crate::check::{Run, Seam};
use crate::digest::Digest;
use crate::finding::Cause;
use crate::verify::encoding::{Fitted, Form};
use crate::verify::found::{Detail, Fact, Found};

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

/// The broken links that hold as soon as the event before is written in another form: one break for each form, at the first of its events.
pub fn breaks(runs: &[Run], forms: &BTreeMap<u64, Fitted>) -> Vec<Found> {
    let mut found: Vec<(Form, Found)> = Vec::new();
    for (left, right) in seams(runs) {
        let Some(Fitted { form, .. }) = fitting(left, right, forms) else {
            continue;
        };
        if found.iter().any(|(known, _)| known == form) {
            continue;
        }
        let event = left.last.number;
        // an event that nobody links to, whose own hash is so explained, is no break of its own
        let covers = forms.range(event..).filter(|(_, other)| other.form == *form).map(|(event, _)| (*event, *event)).collect();
        let fact = Fact { stated: right.first.link, computed: Some(left.last.hash), stated_by: Some(right.first.clone()) };
        found.push((*form, Found { cause: Cause::Encoding, event, covers, missing: None, fact, detail: Detail::Plain }));
    }
    found.into_iter().map(|(_, found)| found).collect()
}

/// How many broken links a form explains, and the first one that none does.
pub fn explained<'r>(runs: &'r [Run], forms: &BTreeMap<u64, Fitted>) -> (u64, Option<(&'r Run, &'r Run)>) {
    let held = seams(runs).filter(|(left, right)| fitting(left, right, forms).is_some()).count();
    (u64::try_from(held).unwrap_or(u64::MAX), seams(runs).find(|(left, right)| fitting(left, right, forms).is_none()))
}

/// Neighbours whose link is broken.
fn seams(runs: &[Run]) -> impl Iterator<Item = (&Run, &Run)> {
    runs.iter().zip(runs.iter().skip(1)).filter(|(_, right)| right.left == Seam::Broken)
}

/// The form in which the event before has the very hash that the link names. One that only has the hash that it states of itself explains nothing: the
/// link may name another event, which is gone.
fn fitting<'f>(left: &Run, right: &Run, forms: &'f BTreeMap<u64, Fitted>) -> Option<&'f Fitted> {
    forms.get(&left.last.number).filter(|fitted| Some(fitted.hash) == right.first.link)
}
