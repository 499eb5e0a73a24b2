//! The events of a bundle, walked and explained: which checks a manifest and its profile ask for, the one pass, and what its breaks mean.

use std::collections::BTreeMap;
use std::hash::RandomState;

use crate::bundle::Container;
use crate::bundle::block::{Blocks, Stored};
use crate::bundle::lines::Lines;
use crate::bundle::manifest::{FileEntry, Manifest, Role, Selection};
use crate::check::{Carried, Check, Filtered, InPeriod, Mac, Neighbours, OfTenant, Ranges, Row, Run, Signature, Tally};
use crate::digest::Digest;
use crate::error::Error;
use crate::event::Layout;
use crate::finding::{CheckId, EventRef};
use crate::profile::{FirstLink, Profile, TimeOrder};
use crate::verify::anchors::{Anchors, Compared};
use crate::verify::breaks::{Case, Explained};
use crate::verify::causes::Circumstances;
use crate::verify::lookup::{Answer, Question};
use crate::verify::opening::Opened;
use crate::verify::path::Chain;
use crate::verify::segment::{Examination, Segment};
use crate::verify::signed::VerifiedManifest;
use crate::verify::walk::walk;
use crate::verify::{Progress, Request};

/// What the events showed.
pub struct Walked {
    /// The name of the events file.
    pub file: String,
    /// Its bytes.
    pub stored: Stored,
    /// How many events.
    pub events: u64,
    /// Events whose id cannot be read.
    pub unnamed: u64,
    /// The tallies of the checks of single events.
    pub tallies: BTreeMap<CheckId, Tally>,
    /// `event.readable`
    pub readable: Tally,
    /// Own hashes.
    pub own: Tally,
    /// Steps of the sequence.
    pub sequence: Tally,
    /// Steps of the time.
    pub time: Tally,
    /// Links that held, that did not, that could not be tested.
    pub links: (u64, u64, u64),
    /// The runs.
    pub runs: Vec<Run>,
    /// The breaks.
    pub explained: Explained,
    /// Anchors.
    pub anchors: Anchors,
    /// Keys of the manifest's filter that the profile cannot map.
    pub unmapped: Vec<String>,
    /// Whether a trusted key signed what the manifest says of the chain.
    pub trusted: bool,
    /// Whether the file holds a selection.
    pub filtered: bool,
}

/// What a bundle says of its events, and what is asked of it.
#[derive(Clone, Copy)]
pub struct Statement<'s> {
    /// What the producer states.
    pub manifest: &'s Manifest,
    /// What the source claims.
    pub profile: &'s Profile,
    /// Signatures and genesis block.
    pub opened: &'s Opened,
    /// What the auditor asks.
    pub request: &'s Request<'s>,
}

impl Walked {
    /// Walks the events; `None` where there is no events file to walk.
    pub fn walk(container: &Container, statement: Statement<'_>, progress: &dyn Progress) -> Result<Option<Self>, Error> {
        let Statement { manifest, profile, request, .. } = statement;
        let Some(file) = manifest.file(Role::Events).filter(|file| container.members().iter().any(|member| member.name == file.path)) else {
            return Ok(None);
        };
        let (filter, unmapped) = filter(manifest, profile);
        let with = examination(manifest, profile, file, filter, request)?;
        let open = || -> Result<Box<dyn Blocks + '_>, Error> {
            let stored = container.stream(&file.path)?;
            Ok(Box::new(Lines::new(&file.path, stored, file.path.ends_with(".gz"), request.block_bytes, &request.limits)))
        };
        let size = container.members().iter().find(|member| member.name == file.path).map_or(0, |member| member.size);
        progress.start(size);
        let (segment, stored) = walk(open()?, &with, request.jobs.max(1), request.limits.max_events, progress)?;
        let again = |question: &_| Answer::find(question, open()?, stored.sha256, &with, progress);
        Self::finish(segment, stored.clone(), statement, &with, unmapped, again).map(Some)
    }

    /// Explains what the pass has seen.
    fn finish(
        segment: Segment,
        stored: Stored,
        statement: Statement<'_>,
        with: &Examination<'_>,
        unmapped: Vec<String>,
        again: impl FnOnce(&Question) -> Result<Answer, Error>,
    ) -> Result<Self, Error> {
        let Statement { manifest, profile, opened, request } = statement;
        let Segment { events, readable, tallies, own, runs, ids, unnamed, mut anchored, misfits } = segment;
        anchored.extend(misfits);
        let tallies: BTreeMap<CheckId, Tally> = with.checks.iter().map(|check| check.id()).zip(tallies).collect();
        let links = (runs.held, runs.broken, runs.untested);
        let (sequence, time, jumps, reversed) = (runs.sequence.clone(), runs.time.clone(), runs.jumps.clone(), runs.reversed);
        let runs = runs.into_runs();
        let genesis = opened.genesis.as_ref().map(|genesis| genesis.digest);
        let anchors = compare_anchors(&runs, &anchored, genesis, manifest, request, with);
        let verified = opened.signatures.verified(manifest, anchors.pins_last);
        let failing = failing(&tallies);
        let foreign = tallies.get(&CheckId::ManifestTenant).map(|tally| tally.refuted.clone()).unwrap_or_default();
        let case = Case {
            chain: chain(&runs, manifest, profile, genesis, verified),
            known: Circumstances { events, count: Some(manifest.count), failing: failing.as_ref(), foreign: &foreign, jumps: &jumps },
            file: with.file,
            filtered: with.rules.filtered,
            broken: links.1,
            reversed,
            repeated: ids.repeated(),
            named: named(&tallies),
        };
        let explained = if events > 0 { case.explain(again)? } else { Explained::default() };
        let anchors = match explained.mended.is_empty() {
            true => anchors,
            false => compare_anchors(&runs, &with_mended(anchored, &explained.mended), genesis, manifest, request, with),
        };
        Ok(Self {
            file: with.file.to_owned(),
            stored,
            events,
            unnamed,
            tallies,
            readable,
            own,
            sequence,
            time,
            links,
            explained,
            anchors,
            unmapped,
            trusted: verified.is_some(),
            filtered: with.rules.filtered,
            runs,
        })
    }

    /// The first event.
    pub fn first(&self) -> Option<&Row> {
        self.runs.first().map(|run| &run.first)
    }

    /// The last event.
    pub fn last(&self) -> Option<&Row> {
        self.runs.last().map(|run| &run.last)
    }
}

/// The manifest's filter as a check, and the keys that the profile cannot map.
fn filter(manifest: &Manifest, profile: &Profile) -> (Vec<(String, String)>, Vec<String>) {
    let Selection::Filter(keys) = &manifest.selection else {
        return (Vec::new(), Vec::new());
    };
    let fields = keys.iter().filter(|(key, _)| !["from", "to"].contains(&key.as_str()));
    let (mapped, unmapped): (Vec<_>, Vec<_>) = fields.cloned().partition(|(key, _)| profile.filter_pointer(key).is_some());
    (mapped, unmapped.into_iter().map(|(key, _)| key).collect())
}

pub(super) fn examination<'p>(
    manifest: &'p Manifest,
    profile: &'p Profile,
    file: &'p FileEntry,
    filter: Vec<(String, String)>,
    request: &Request<'p>,
) -> Result<Examination<'p>, Error> {
    let pointers: Vec<&str> = filter.iter().filter_map(|(key, _)| profile.filter_pointer(key)).collect();
    let layout = Layout::new(profile, &pointers);
    let layout = layout.ok_or_else(|| Error::Internal(format!("profile {} names something that is no JSON Pointer", profile.name)))?;
    let mut checks: Vec<Box<dyn Check + 'p>> = vec![Box::new(InPeriod::new(manifest)), Box::new(OfTenant(manifest.tenant_id.clone()))];
    if let Selection::Filter(keys) = &manifest.selection {
        let time = |wanted: &str| keys.iter().find(|(key, _)| key == wanted).and_then(|(_, text)| text.parse().ok());
        checks.push(Box::new(Filtered::new(time("from"), time("to"), filter)));
    }
    let trust = request.trust;
    match (&profile.event_mac, &manifest.event_mac) {
        (Some(_), Some(key_id)) => checks.push(Box::new(Mac::new(trust, key_id, &manifest.tenant_id))),
        (Some(rule), None) => checks.push(Box::new(Carried::new(CheckId::EventMac, &rule.member))),
        (None, _) => {}
    }
    match (&profile.event_signature, &manifest.event_signature) {
        (Some(_), Some(key_id)) => checks.push(Box::new(Signature::new(trust, key_id, &manifest.tenant_id))),
        (Some(rule), None) => checks.push(Box::new(Carried::new(CheckId::EventSignature, &rule.member))),
        (None, _) => {}
    }
    let rules = Neighbours {
        chained: profile.chain.is_some(),
        sequenced: profile.chain.as_ref().is_some_and(|chain| chain.sequence.is_some()),
        filtered: manifest.selection != Selection::Complete,
        ordered: profile.order.time == Some(TimeOrder::NeverBack),
    };
    let anchors = trust.anchors_for(&manifest.tenant_id).filter_map(|anchor| Some((anchor.seq?, anchor.hash))).collect();
    Ok(Examination { file: &file.path, layout, checks, rules, tenant: &manifest.tenant_id, anchors, ids: RandomState::new() })
}

fn chain<'r>(runs: &'r [Run], manifest: &Manifest, profile: &Profile, genesis: Option<Digest>, verified: Option<VerifiedManifest<'r>>) -> Chain<'r> {
    let first = profile.chain.as_ref().map(|rule| rule.first);
    Chain {
        runs,
        start: manifest.chain.as_ref().map(|chain| chain.first_prev_hash),
        genesis: genesis.filter(|_| first == Some(FirstLink::Genesis)),
        end: manifest.chain.as_ref().map(|chain| chain.last_hash).filter(|_| profile.chain.is_some()),
        verified,
    }
}

/// What the auditor kept may be the hash of an event as it was before somebody altered its link.
fn with_mended(mut rows: Vec<Row>, mended: &[Row]) -> Vec<Row> {
    rows.retain(|row| !mended.iter().any(|mended| mended.number == row.number));
    rows.extend_from_slice(mended);
    rows
}

fn compare_anchors(
    runs: &[Run],
    anchored: &[Row],
    genesis: Option<Digest>,
    manifest: &Manifest,
    request: &Request<'_>,
    with: &Examination<'_>,
) -> Anchors {
    let (Some(first), Some(last)) = (runs.first(), runs.last()) else {
        return Anchors::default();
    };
    let compared =
        Compared { first: &first.first, last: &last.last, anchored, genesis, sequenced: with.rules.sequenced, filtered: with.rules.filtered };
    Anchors::compare(request.trust.anchors_for(&manifest.tenant_id), &compared)
}

/// Events whose HMAC or signature does not fit. Where none fits, the key is wrong, and tells nothing.
fn failing(tallies: &BTreeMap<CheckId, Tally>) -> Option<Ranges> {
    let mut failing = Vec::new();
    for id in [CheckId::EventMac, CheckId::EventSignature] {
        if let Some(tally) = tallies.get(&id).filter(|tally| tally.upheld > 0) {
            failing.extend(tally.refuted.iter().map(|range| (*range.start(), *range.end())));
        }
    }
    (!failing.is_empty()).then(|| Ranges::from_unsorted(failing))
}

/// Events that findings name, by number.
fn named(tallies: &BTreeMap<CheckId, Tally>) -> BTreeMap<u64, EventRef> {
    let findings = tallies.values().flat_map(|tally| &tally.kept);
    let events = findings.filter_map(|finding| finding.event.as_ref());
    events.filter_map(|event| Some((event.place.number?, event.clone()))).collect()
}
