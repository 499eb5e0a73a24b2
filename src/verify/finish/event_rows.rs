//! The rows about events.

use std::ops::RangeInclusive;

use super::Evidence;
use crate::bundle::manifest::{FILTER_KEYS, Manifest, Selection};
use crate::check::{Ranges, Tally, shortened};
use crate::finding::{CheckId, Code, EventRef, Finding, Why};
use crate::verify::breaks::Explained;
use crate::verify::events::Walked;
use crate::verify::found::{Detail, Found};
use crate::verify::ledger::{Entry, Scope};

/// Breaks of the chain.
pub(super) fn breaks(walked: &Walked) -> u64 {
    u64::try_from(walked.explained.found.len()).unwrap_or(u64::MAX).saturating_add(walked.explained.more)
}

/// What the signed last hash leads to; where events are not chained, all of them, as soon as the signed manifest names their file's digest.
pub(super) fn proven(walked: &Walked, chained: bool, as_listed: bool) -> Vec<RangeInclusive<u64>> {
    match (chained, as_listed && walked.events > 0) {
        (true, _) => walked.explained.named.iter().collect(),
        (false, true) => vec![1..=walked.events],
        (false, false) => Vec::new(),
    }
}

/// What only agrees among itself; without a trusted signature, also what the last hash leads to. A range ends where the next event does not name its
/// last one.
pub(super) fn consistent(walked: &Walked) -> Vec<RangeInclusive<u64>> {
    let Explained { named, consistent, seams, .. } = &walked.explained;
    let named = named.iter().filter(|_| !walked.trusted);
    let all = consistent.iter().chain(named).map(|range| (*range.start(), *range.end()));
    let mut split = Vec::new();
    for range in Ranges::from_unsorted(all.collect()).iter() {
        let (mut from, to) = range.into_inner();
        while let Some(seam) = seams.first_in(from.saturating_add(1), to) {
            split.push(from..=seam.saturating_sub(1));
            from = seam;
        }
        split.push(from..=to);
    }
    split
}

impl Evidence<'_> {
    pub(super) fn event_rows(&mut self, manifest: Option<&Manifest>) {
        let Some(walked) = self.walked.take() else {
            return self.without_events(manifest);
        };
        // in a raw export an event may always have been what nobody can read: why it cannot be read is told beside the break
        let told = |found: &&Found| manifest.is_some() || found.detail != Detail::ByReading;
        let covers = walked.explained.found.iter().filter(told).flat_map(|found| found.covers.clone()).collect();
        self.ledger.explain(Ranges::from_unsorted(covers));
        self.ledger.report(walked.explained.findings.clone());
        self.ledger.count_more(walked.explained.more);
        self.readable(&walked);
        self.counts(manifest, &walked);
        self.period(manifest, &walked);
        self.tenant(manifest, &walked);
        self.filter(manifest, &walked);
        self.genesis(Some(&walked));
        self.unique(&walked);
        self.links(manifest, &walked);
        self.sequence(&walked);
        self.time(&walked);
        self.anchor(&walked);
        self.proofs(manifest, &walked);
        self.approvals(&walked);
        self.answer(&walked);
        self.walked = Some(walked);
    }

    /// There is no events file that could be walked: unknown profile, or the file is missing.
    fn without_events(&mut self, manifest: Option<&Manifest>) {
        let why = match (self.profile, manifest) {
            (None, Some(manifest)) => Why::UnknownProfile(manifest.profile.clone()),
            _ => Why::Unreadable,
        };
        use CheckId::{EventReadable, EventUnique, ManifestCounts, ManifestPeriod, ManifestTenant};
        for id in [ManifestCounts, ManifestPeriod, ManifestTenant, EventReadable, EventUnique] {
            self.ledger.row(id, Entry::default().untested(why.clone()));
        }
        let claims = self.profile.map(|profile| profile.requires.claims.clone()).unwrap_or_default();
        claims.into_iter().for_each(|id| self.ledger.row(id, Entry::default().untested(why.clone())));
        self.genesis(None);
        if self.request.expect.is_some() {
            self.ledger.row(CheckId::ExpectAnswer, Entry::default().untested(Why::Unreadable));
        }
    }

    fn readable(&mut self, walked: &Walked) {
        self.ledger.report_tally(&walked.readable, Scope::Event);
        let flaw =
            walked.stored.flaw.as_ref().map(|(message, byte)| Finding::new(Code::EventCompression, message).in_file(&walked.file, Some(*byte)));
        let more = self.ledger.report(flaw.into_iter().chain(walked.stored.findings.clone()));
        let entry = Entry::from(&walked.readable).refuted(more);
        let all = format!("{} in {}", events(walked.events), walked.file);
        let wrong = match (walked.readable.refuted.count(), more) {
            (wrong, 0) => format!("{wrong} of {all} not as the format says"),
            (0, _) => format!("{all}; {}", breaks_off(more)),
            (wrong, _) => format!("{wrong} of {all} not as the format says; {}", breaks_off(more)),
        };
        self.ledger.row(CheckId::EventReadable, entry.words(all, wrong));
    }

    fn counts(&mut self, manifest: Option<&Manifest>, walked: &Walked) {
        if manifest.is_none() && self.request.count.is_none() {
            return;
        }
        let mut findings = Vec::new();
        let mut compare = |name: &str, stated: String, found: String| {
            if stated != found {
                let message = format!("{name} is {stated}, the events file has {found}");
                findings.push(Finding::new(Code::ManifestCounts, message).in_file("manifest.json", None).values(stated, found));
            }
        };
        if let Some(manifest) = manifest {
            compare("the manifest's events.count", manifest.count.to_string(), walked.events.to_string());
        }
        let id = |id: Option<&str>| id.map_or_else(|| "none".to_owned(), |id| format!("\"{}\"", shortened(id)));
        let edges = manifest.map(|manifest| {
            [
                ("the manifest's events.first_id", &manifest.first_id, walked.first()),
                ("the manifest's events.last_id", &manifest.last_id, walked.last()),
            ]
        });
        for (name, stated, row) in edges.into_iter().flatten() {
            // An event whose id cannot be read is no other event for that.
            if row.is_none_or(|row| row.id.is_some()) {
                compare(name, id(stated.as_deref()), id(row.and_then(|row| row.id.as_deref())));
            }
        }
        findings.extend(self.request.count.filter(|count| *count != walked.events).map(|count| not_asked(count, walked)));
        let refuted = self.ledger.report(findings);
        let compared = if manifest.is_some() { 3_u64 } else { 1 };
        let upheld = if walked.events > 0 { compared.saturating_sub(refuted) } else { 0 };
        let found = events(walked.events);
        let (right, wrong) = match manifest {
            None => (format!("{found}, as you asked for"), format!("{found}, not as many as you asked for")),
            Some(manifest) if manifest.count == walked.events => (format!("{found}, first and last id as stated"), found),
            Some(manifest) => (String::new(), format!("{found}, {} stated", manifest.count)),
        };
        let entry = Entry { upheld, refuted, ..Entry::default() };
        self.ledger.row(CheckId::ManifestCounts, entry.words(right, wrong));
    }

    fn period(&mut self, manifest: Option<&Manifest>, walked: &Walked) {
        let tally = tally(walked, CheckId::ManifestPeriod);
        let Some(manifest) = manifest else {
            if self.request.from.is_some() || self.request.to.is_some() {
                self.ledger.report_tally(&tally, Scope::All);
                let wrong = format!("{} of {} outside the time that you asked for", tally.refuted.count(), events(walked.events));
                self.ledger.row(CheckId::ManifestPeriod, Entry::from(&tally).words("every event inside the time that you asked for", wrong));
            }
            return;
        };
        self.ledger.report_tally(&tally, Scope::All);
        let mut findings = Vec::new();
        let asked = [(self.request.from, manifest.from.time, "--from"), (self.request.to, manifest.to.time, "--to")];
        for (asked, stated, flag) in asked {
            let Some(asked) = asked else {
                continue;
            };
            let uncovered = if flag == "--from" { stated > asked } else { stated < asked };
            if uncovered {
                let message = format!("you asked for {flag} {asked}, the manifest's period has {stated}");
                findings.push(Finding::new(Code::ManifestPeriodUncovered, message).in_file("manifest.json", None).values(stated, asked));
            } else if stated != asked {
                self.notes.push(format!("the bundle's period is wider than you asked for ({flag} {asked})"));
            }
        }
        let more = self.ledger.report(findings);
        let wrong = match tally.refuted.count() {
            0 => "less than you asked for".to_owned(),
            outside => format!("{outside} of {} outside", events(walked.events)),
        };
        self.ledger.row(CheckId::ManifestPeriod, Entry::from(&tally).refuted(more).words("every event inside", wrong));
    }

    fn tenant(&mut self, manifest: Option<&Manifest>, walked: &Walked) {
        let named = self.profile.is_some_and(|profile| profile.fields.tenant.is_some());
        let Some(tenant) = manifest.map(|manifest| manifest.tenant_id.clone()).or_else(|| self.request.tenant.clone()) else {
            return self.notes.extend(walked.tenants.note());
        };
        let mut tally = tally(walked, CheckId::ManifestTenant);
        self.ledger.report_tally(&tally, Scope::Event);
        let asked = manifest.zip(self.request.tenant.as_ref()).filter(|(manifest, asked)| **asked != manifest.tenant_id);
        if !named {
            // such events name no tenant: what is left to compare is the manifest with what was asked for, or the tokens, which is their row's
            let tokens = self.profile.is_some_and(|profile| profile.token.as_ref().is_some_and(|rule| rule.organisation.is_some()));
            match manifest {
                Some(_) if self.request.tenant.is_none() => return,
                Some(_) => tally.upheld = u64::from(asked.is_none()),
                None if tokens && walked.organised => return,
                None => {
                    let why = Why::NotCarried("tenant in its events".to_owned());
                    return self.ledger.row(CheckId::ManifestTenant, Entry::default().untested(why));
                }
            }
        }
        let finding = asked.map(|(manifest, asked)| {
            let message = format!("you asked for tenant \"{asked}\", the bundle is of tenant \"{}\"", manifest.tenant_id);
            Finding::new(Code::ManifestTenantUnexpected, message).in_file("manifest.json", None).values(&manifest.tenant_id, asked)
        });
        let more = self.ledger.report(finding);
        let wrong = match tally.refuted.count() {
            0 => format!("{tenant}, not the one that you asked for"),
            foreign => format!("{foreign} of {} of another tenant than {tenant}", events(walked.events)),
        };
        let right = if named { format!("every event is of {tenant}") } else { format!("the manifest is of {tenant}; these events name no tenant") };
        self.ledger.row(CheckId::ManifestTenant, Entry::from(&tally).refuted(more).words(right, wrong));
    }

    fn filter(&mut self, manifest: Option<&Manifest>, walked: &Walked) {
        let Some(Selection::Filter(keys)) = manifest.map(|manifest| &manifest.selection) else {
            return;
        };
        let tally = tally(walked, CheckId::ManifestFilter);
        self.ledger.report_tally(&tally, Scope::All);
        let shown = keys.iter().take(FILTER_KEYS.len()).map(|(key, value)| format!("{} = {}", shortened(key), shortened(value)));
        let note = shown.collect::<Vec<_>>().join(", ");
        let mut entry = Entry::from(&tally).note(note);
        if let Some(key) = walked.unmapped.first() {
            entry = entry.untested(Why::UnknownFilter(shortened(key)));
        }
        self.ledger.row(CheckId::ManifestFilter, entry);
    }

    fn unique(&mut self, walked: &Walked) {
        let mut repeated = Tally { upheld: walked.events.saturating_sub(walked.unnamed), untested: walked.unnamed, ..Tally::default() };
        for copies in walked.explained.repeated.values() {
            let Some((first, copies)) = copies.split_first() else {
                continue;
            };
            let number = |event: &EventRef| event.place.number.unwrap_or_default();
            for event in copies {
                let message = format!("events {} and {} have the same id", number(first), number(event));
                repeated.kept.push(Finding::new(Code::EventDuplicateId, message).at(event.clone()));
            }
        }
        repeated.kept.sort_by_key(|finding| finding.event.as_ref().and_then(|event| event.place.number));
        let numbers = repeated.kept.iter().filter_map(|finding| finding.event.as_ref()?.place.number);
        repeated.refuted = Ranges::from_unsorted(numbers.map(|number| (number, number)).collect());
        repeated.upheld = repeated.upheld.saturating_sub(repeated.refuted.count());
        self.ledger.report_tally(&repeated, Scope::Event);
        let ids = if repeated.upheld == 1 { "1 id".to_owned() } else { format!("{} ids", repeated.upheld) };
        let wrong = format!("{ids} for {}", events(walked.events));
        self.ledger.row(CheckId::EventUnique, Entry::from(&repeated).words(format!("{ids}, no two alike"), wrong));
    }
}

/// Where the reading of a file ended before the file did.
fn breaks_off(places: u64) -> String {
    match places {
        1 => "the file is broken in 1 place, and nothing behind it could be read".to_owned(),
        _ => format!("the files are broken in {places} places, and nothing behind them could be read"),
    }
}

/// Another number of events than the auditor asked for.
fn not_asked(count: u64, walked: &Walked) -> Finding {
    let message = format!("you asked for {} (--count), the export has {}", events(count), walked.events);
    let help = "compare --count with what you asked the producer for; if it is right, ask why the export has another number of events";
    Finding::new(Code::ManifestCounts, message).in_file(&walked.file, None).values(count, walked.events).help(help)
}

pub(super) fn events(count: u64) -> String {
    if count == 1 { "1 event".to_owned() } else { format!("{count} events") }
}

/// The tally of a check of single events; empty where it did not run.
pub(super) fn tally(walked: &Walked, id: CheckId) -> Tally {
    walked.tallies.get(&id).cloned().unwrap_or_default()
}
