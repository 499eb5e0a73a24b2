//! The events of a bundle, walked and explained: which checks a manifest and its profile ask for, the one pass, and what its breaks mean.

use std::collections::{BTreeMap, HashSet};
use std::hash::RandomState;

use crate::bundle::block::Stored;
use crate::bundle::manifest::{Manifest, Role, Selection};
use crate::check::VerifiedManifest;
use crate::check::{Form, Neighbours, Ranges, Row, Run, StatedKeys, Tally, Tenants};
use crate::digest::Digest;
use crate::error::Error;
use crate::event::Layout;
use crate::finding::{CheckId, EventRef};
use crate::json;
use crate::profile::{FirstLink, Names, Profile, TimeOrder};
use crate::verify::anchors::{Anchors, Compared};
use crate::verify::breaks::{Case, Explained};
use crate::verify::causes::Circumstances;
use crate::verify::handed::Handed;
use crate::verify::lookup::{Answer, Question};
use crate::verify::opening::Opened;
use crate::verify::path::Chain;
use crate::verify::plan;
use crate::verify::replay::{self, Replayed};
use crate::verify::segment::{Approval, Examination, Segment};
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
    /// Neighbours of which the later is of a later time, and of an earlier one.
    pub turns: (u64, u64),
    /// Links that held, that did not, that could not be tested.
    pub links: (u64, u64, u64),
    /// The runs.
    pub runs: Vec<Run>,
    /// The breaks.
    pub explained: Explained,
    /// What serves twice.
    pub replayed: Replayed,
    /// Whether any event carries an assertion or a token that can be read.
    pub uses: bool,
    /// Whether any token names an organisation.
    pub organised: bool,
    /// Of which tenants the events are, where neither a manifest nor the auditor says of which they should be.
    pub tenants: Tenants,
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
    /// What the producer states; `None` for a raw export.
    pub manifest: Option<&'s Manifest>,
    /// What the source claims.
    pub profile: &'s Profile,
    /// Signatures and genesis block.
    pub opened: &'s Opened,
    /// What the auditor asks.
    pub request: &'s Request<'s>,
}

impl Walked {
    /// Walks the events; `None` where there is no events file to walk.
    pub fn walk(handed: &Handed, statement: Statement<'_>, progress: &dyn Progress) -> Result<Option<Self>, Error> {
        let request = statement.request;
        let Some((file, size)) = statement.events_file(handed) else {
            return Ok(None);
        };
        let (filter, unmapped) = filter(statement.manifest, statement.profile);
        let with = examination(statement, file, filter)?;
        let entry = statement.manifest.and_then(|manifest| manifest.file(Role::Events));
        let open = || handed.blocks(entry, request.block_bytes, &request.limits);
        progress.start(size);
        let (segment, stored) = walk(open()?, &with, request.jobs.max(1), request.limits.max_events, progress)?;
        let again = |question: &_, within: &_| Answer::find(question, within, open()?, stored.sha256, &with, request.jobs.max(1), progress);
        let suspicion = segment.replay.suspicion();
        let replayed = match suspicion.is_empty() {
            true => Replayed::default(),
            false => replay::look_again(open()?, &suspicion, stored.sha256, &with, progress)?,
        };
        let (uses, organised) = (segment.replay.is_used(), segment.replay.names_organisations());
        let walked = Self::finish(segment, stored.clone(), statement, &with, unmapped, again)?;
        Ok(Some(Self { replayed, uses, organised, ..walked }))
    }

    /// Explains what the pass has seen.
    fn finish(
        segment: Segment,
        stored: Stored,
        statement: Statement<'_>,
        with: &Examination<'_>,
        unmapped: Vec<String>,
        again: impl FnOnce(&Question, &HashSet<u64>) -> Result<Answer, Error>,
    ) -> Result<Self, Error> {
        let Statement { manifest, opened, request, .. } = statement;
        let Segment { events, readable, tallies, own, runs, ids, hashes, tenants, unnamed, mut anchored, misfits, .. } = segment;
        anchored.extend(misfits);
        let tallies: BTreeMap<CheckId, Tally> = with.checks.iter().map(|check| check.id()).zip(tallies).collect();
        let links = (runs.held, runs.broken, runs.untested);
        let (sequence, time, jumps, reversed, turns) = (runs.sequence.clone(), runs.time.clone(), runs.jumps.clone(), runs.reversed, runs.turns);
        let runs = runs.into_runs();
        let genesis = opened.genesis.as_ref().map(|genesis| genesis.digest);
        let anchors = compare_anchors(&runs, &anchored, genesis, statement, with);
        let verified = manifest.and_then(|manifest| opened.signatures.verified(manifest, anchors.pins_last));
        let failing = failing(&tallies);
        let foreign = tallies.get(&CheckId::ManifestTenant).map(|tally| tally.refuted.clone()).unwrap_or_default();
        let count = manifest.map(|manifest| manifest.count).or(request.count);
        let case = Case {
            chain: chain(&runs, statement, genesis, verified),
            known: Circumstances { events, count, failing: failing.as_ref(), foreign: &foreign, jumps: &jumps },
            file: &with.file,
            filtered: with.rules.filtered,
            chained: with.rules.chained,
            broken: links.1,
            reversed,
            repeated: ids.repeated(),
            named: named(&tallies),
        };
        let explained = if events > 0 { case.explain(|question| again(question, &question.blocks(&hashes, &ids)))? } else { Explained::default() };
        let anew = || compare_anchors(&runs, &with_mended(anchored, &explained.mended), genesis, statement, with);
        let anchors = if explained.mended.is_empty() { anchors } else { anew() };
        Ok(Self {
            file: with.file.clone(),
            stored,
            events,
            unnamed,
            tallies,
            readable,
            own,
            sequence,
            time,
            turns,
            links,
            explained,
            replayed: Replayed::default(),
            uses: false,
            organised: false,
            tenants,
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

impl<'s> Statement<'s> {
    /// Whose events these should be, as the manifest states it, or as the auditor asked.
    pub fn tenant(&self) -> Option<&'s str> {
        self.manifest.map(|manifest| manifest.tenant_id.as_str()).or(self.request.tenant.as_deref())
    }

    /// Name and stored size of the events file.
    fn events_file(&self, handed: &'s Handed) -> Option<(String, u64)> {
        match handed {
            Handed::Bundle(container) => {
                let file = self.manifest?.file(Role::Events)?;
                let member = container.members().iter().find(|member| member.name == file.path)?;
                Some((member.name.clone(), member.size))
            }
            Handed::Raw(raw) => {
                let names: Vec<String> = raw.export.files().into_iter().map(|(name, _)| name).collect();
                let name = if let [name] = names.as_slice() { name.clone() } else { format!("{} files", names.len()) };
                Some((name, raw.export.bytes()))
            }
        }
    }
}

/// The manifest's filter as a check, and the keys that the profile cannot map.
fn filter(manifest: Option<&Manifest>, profile: &Profile) -> (Vec<(String, String)>, Vec<String>) {
    let Some(Selection::Filter(keys)) = manifest.map(|manifest| &manifest.selection) else {
        return (Vec::new(), Vec::new());
    };
    let fields = keys.iter().filter(|(key, _)| !["from", "to"].contains(&key.as_str()));
    let (mapped, unmapped): (Vec<_>, Vec<_>) = fields.cloned().partition(|(key, _)| profile.filter_pointer(key).is_some());
    (mapped, unmapped.into_iter().map(|(key, _)| key).collect())
}

pub(super) fn examination<'p>(statement: Statement<'p>, file: String, filter: Vec<(String, String)>) -> Result<Examination<'p>, Error> {
    let Statement { manifest, profile, request, .. } = statement;
    let pointers: Vec<&str> = filter.iter().filter_map(|(key, _)| profile.filter_pointer(key)).collect();
    let layout = Layout::new(profile, &pointers);
    let layout = layout.ok_or_else(|| Error::Internal(format!("profile {} names something that is no JSON Pointer", profile.name)))?;
    let filtered = manifest.is_some_and(|manifest| manifest.selection != Selection::Complete);
    let rules = Neighbours {
        chained: profile.chain.is_some(),
        sequenced: profile.chain.as_ref().is_some_and(|chain| chain.sequence.is_some()),
        filtered,
        ordered: profile.order.time == Some(TimeOrder::NeverBack),
    };
    let anchors = request.trust.anchors_for(statement.tenant().unwrap_or_default());
    let anchors = anchors.filter_map(|anchor| Some((anchor.seq?, anchor.hash))).collect();
    let form = if manifest.is_some() { Form::Canonical } else { Form::Free };
    let checks = plan::checks(statement, filter);
    let approval = (profile.passkey.is_some() || profile.token.is_some()).then_some(Approval {
        passkey: profile.passkey.as_ref(),
        token: profile.token.as_ref(),
        keys: StatedKeys::default(),
    });
    let chain = profile.chain.as_ref().filter(|_| manifest.is_none());
    let other_forms = chain.map(|rule| match rule.names {
        Names::Hash => rule.without.iter().filter_map(|pointer| json::tokens(pointer)?.pop()).collect(),
        Names::Whole => Vec::new(),
    });
    let tenant = statement.tenant();
    Ok(Examination { file, form, layout, checks, rules, tenant, anchors, ids: RandomState::new(), other_forms, approval })
}

fn chain<'r>(runs: &'r [Run], statement: Statement<'_>, genesis: Option<Digest>, verified: Option<VerifiedManifest<'r>>) -> Chain<'r> {
    let rule = statement.profile.chain.as_ref();
    let ends = statement.manifest.and_then(|manifest| manifest.chain.as_ref());
    Chain {
        runs,
        start: ends.map(|chain| chain.first_prev_hash),
        genesis: genesis.filter(|_| rule.is_some_and(|rule| rule.first == FirstLink::Genesis)),
        end: ends.map(|chain| chain.last_hash).filter(|_| rule.is_some()),
        verified,
    }
}

/// What the auditor kept may be the hash of an event as it was before somebody altered its link.
fn with_mended(mut rows: Vec<Row>, mended: &[Row]) -> Vec<Row> {
    rows.retain(|row| !mended.iter().any(|mended| mended.number == row.number));
    rows.extend_from_slice(mended);
    rows
}

fn compare_anchors(runs: &[Run], anchored: &[Row], genesis: Option<Digest>, statement: Statement<'_>, with: &Examination<'_>) -> Anchors {
    let (Some(first), Some(last)) = (runs.first(), runs.last()) else {
        return Anchors::default();
    };
    let compared =
        Compared { first: &first.first, last: &last.last, anchored, genesis, sequenced: with.rules.sequenced, filtered: with.rules.filtered };
    Anchors::compare(statement.request.trust.anchors_for(statement.tenant().unwrap_or_default()), &compared)
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
