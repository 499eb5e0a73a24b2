//! One event of what was verified, looked at closely: what it is, what proves it, and how to repeat that by hand. Not here: any judgement of its own;
//! what holds, the checks and the report of the whole have said.

mod approval;
mod fields;
mod find;
mod hand;
mod hand_approval;
mod proofs;
mod shell;

use std::ops::{ControlFlow, Range};
use std::path::PathBuf;

use self::find::Links;
pub use self::find::Wanted;
use self::hand::Hand;
use crate::check::{Count, Tally, shortened};
use crate::digest::Digest;
use crate::error::Error;
use crate::event::{Covering, Record};
use crate::finding::{CheckId, EventRef, Finding, Outcome};
use crate::json::{self, Value};
use crate::profile::Profile;
use crate::report::{EventCheck, Inspection, Neighbour, Update};
use crate::verify::again::Again;
use crate::verify::coverage::Proofs;
use crate::verify::events::Statement;
use crate::verify::{Progress, Request, Verified, Worth};

/// What is kept of an event and its neighbours.
struct Seen {
    event: EventRef,
    length: u64,
    hash: Digest,
    link: Option<Digest>,
    /// The hash that it states of itself, and what that should be.
    own: Option<(Digest, Digest)>,
    /// What of the record the hash covers; `None` where what was hashed does not stand there, since the record is not canonical.
    covered: Option<Vec<Range<usize>>>,
}

/// The three events in question, on the second read.
#[derive(Default)]
struct Gathered {
    before: Option<Seen>,
    seen: Option<Seen>,
    behind: Option<Seen>,
    inspection: Inspection,
    hand: Hand,
}

impl Verified {
    /// Finds one event and looks at it closely. `paths` are those that were verified: the commands name them.
    ///
    /// An event that is not there, or a name that several events have, is an [`Error::Environment`]. A request that keeps few findings makes the
    /// inspection miss some.
    pub fn inspect(&self, paths: &[PathBuf], request: &Request<'_>, progress: &dyn Progress, wanted: &Wanted) -> Result<Inspection, Error> {
        let Some(profile) = &self.profile else {
            let hint = "run unbroken verify on it: it says what is missing".to_owned();
            return Err(Error::Environment { what: format!("no event of {} can be read: its profile is not known", self.report.path), hint });
        };
        let found = self.find(request, progress, wanted)?;
        let statement = Statement { manifest: self.opened.manifest.as_ref(), profile, opened: &self.opened, request };
        let mut gathered = Gathered { hand: Hand::new(self.feed(paths, &found)), ..Gathered::default() };
        let mut links = Links::of(&found);
        self.each(request, progress, &[&profile.fields.action], &mut |again| {
            let number = again.at.number;
            links.look(&again);
            if number.checked_add(1) == Some(found.number) {
                gathered.before = Some(Seen::of(&again));
            } else if number == found.number {
                self.look(statement, &again, &mut gathered);
            } else if found.number.checked_add(1) == Some(number) {
                gathered.behind = Some(Seen::of(&again));
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(self.finish(paths, statement, gathered, &links))
    }

    fn look(&self, statement: Statement<'_>, again: &Again<'_, '_>, gathered: &mut Gathered) {
        let seen = Seen::of(again);
        gathered.inspection = Inspection { event: seen.event.clone(), length: seen.length, ..Inspection::default() };
        gathered.hand.record(&seen, again.text);
        gathered.seen = Some(seen);
        let (inspection, hand) = (&mut gathered.inspection, &mut gathered.hand);
        let event = match &again.record {
            Record::Unreadable(flaw) => {
                inspection.unreadable = Some(format!("{} (byte {} of the record)", flaw.message, flaw.byte));
                return;
            }
            Record::Event(event) => event,
        };
        let results = self.examine(statement.request, event, &again.at);
        inspection.time = event.stated_time().map(|time| shortened(&time));
        inspection.tenant = event.tenant.as_deref().map(shortened);
        inspection.action = event.filter_value(0).as_deref().map(shortened);
        inspection.checks = results.iter().map(|(id, tally)| event_check(*id, tally)).collect();
        proofs::mac(statement, (event, again.text), inspection, hand);
        proofs::signature(statement, (event, again.text), inspection, hand);
        self.passkey(statement, event, inspection, hand);
        self.token(statement, event, inspection, hand);
        let value = json::parse(event.canonical()).unwrap_or(Value::Null);
        inspection.changes = changes(statement.profile, &value);
        let number = again.at.number;
        let proofs = Proofs::of(self, statement.profile, number, &|id| held(inspection, id) == Some(Outcome::Upheld));
        inspection.fields = fields::fields(statement.profile, &proofs, &value);
    }

    fn finish(&self, paths: &[PathBuf], statement: Statement<'_>, gathered: Gathered, links: &Links) -> Inspection {
        let Gathered { before, seen, behind, mut inspection, mut hand } = gathered;
        let number = inspection.event.place.number.unwrap_or_default();
        let worth = self.worth(number);
        inspection.findings = self.report.findings.iter().filter(|finding| concerns(finding, number)).cloned().collect();
        if let (Some(seen), Some(_)) = (&seen, &statement.profile.chain) {
            let neighbours = (before.as_ref(), behind.as_ref());
            let chain = proofs::chain(statement, seen, neighbours, links);
            inspection.checks.insert(0, proofs::chain_check(&chain, &inspection, worth));
            inspection.parts.insert(0, chain);
            hand.chain(seen, neighbours);
        }
        self.file_by_hand(paths, &mut hand);
        (inspection.by_hand, inspection.not_by_hand) = hand.finish();
        inspection.checks.insert(0, readable(&inspection));
        inspection.worth = worth.words();
        inspection.because = because(worth, statement.profile, &inspection, before.is_none() && behind.is_none());
        inspection.previous = before.map(Neighbour::from);
        inspection.next = behind.map(Neighbour::from);
        inspection
    }
}

impl Seen {
    fn of(again: &Again<'_, '_>) -> Self {
        let length = u64::try_from(again.text.len()).unwrap_or(u64::MAX);
        match &again.record {
            Record::Event(event) => Self {
                event: again.at.event_ref(Some(event)),
                length,
                hash: event.hash(),
                link: event.link,
                own: event.own_hash().map(|stated| (stated, event.hash())).or_else(|| event.own_beside_link()),
                covered: event.covered(Covering::Hash, again.text),
            },
            Record::Unreadable(_) => Self {
                event: again.at.event_ref(None),
                length,
                hash: Digest::of(again.text),
                link: None,
                own: None,
                covered: Some(std::iter::once(0..again.text.len()).collect()),
            },
        }
    }
}

impl From<Seen> for Neighbour {
    fn from(seen: Seen) -> Self {
        Self { event: seen.event, hash: seen.hash, link: seen.link }
    }
}

fn event_check(id: CheckId, tally: &Tally) -> EventCheck {
    let outcome = tally.outcome();
    let words = match outcome {
        Some(Outcome::Refuted) => tally.kept.iter().map(|finding| finding.message.clone()).collect(),
        Some(Outcome::Untested) => tally.why.iter().map(ToString::to_string).collect(),
        Some(Outcome::Upheld) => Vec::new(),
        None if tally.counted(Count::System) > 0 => vec!["the event names nobody and carries none: the system made it".to_owned()],
        None => vec!["the event carries none".to_owned()],
    };
    EventCheck { id, outcome, words }
}

fn readable(inspection: &Inspection) -> EventCheck {
    let found = inspection.findings.iter().filter(|finding| finding.code.check() == CheckId::EventReadable);
    let mut words: Vec<String> = found.map(|finding| finding.message.clone()).collect();
    if words.is_empty() {
        words.extend(inspection.unreadable.clone());
    }
    let outcome = if words.is_empty() { Outcome::Upheld } else { Outcome::Refuted };
    EventCheck { id: CheckId::EventReadable, outcome: Some(outcome), words }
}

/// Whether a finding is at the event, in a run with it, or names it as the other side.
fn concerns(finding: &Finding, number: u64) -> bool {
    let at = finding.event.as_ref().and_then(|event| event.place.number);
    let run = finding.chain_break.as_ref().map_or(1, |chain_break| chain_break.run.max(1));
    let inside = at.is_some_and(|first| (first..first.saturating_add(run)).contains(&number));
    let stated = finding.stated_at.as_ref().and_then(|place| place.number) == Some(number);
    let missing = finding.chain_break.as_ref().and_then(|chain_break| chain_break.missing.as_ref());
    let edges = missing.into_iter().flat_map(|missing| [&missing.after, &missing.before]).flatten();
    inside || stated || edges.into_iter().any(|event| event.place.number == Some(number))
}

fn because(worth: Worth, profile: &Profile, inspection: &Inspection, alone: bool) -> String {
    let named = |outcome: Outcome| -> Vec<&str> {
        inspection.checks.iter().filter(|check| check.outcome == Some(outcome)).map(|check| check.id.id()).collect()
    };
    let whole = match (worth, profile.chain.is_some()) {
        (Worth::Proven, true) => "the last hash of the signed manifest leads to it",
        (Worth::Proven, false) => "the signed manifest names the digest of its file",
        (Worth::Consistent, _) if alone => "it is the only event, so no link could be tested, and no signature that you trust leads to it",
        (Worth::Consistent, _) => "it agrees with its neighbours, and no signature that you trust leads to it",
        (Worth::NotVerified, true) => "no hash that you trust leads to it",
        (Worth::NotVerified, false) => "no signature that you trust speaks for the whole",
    };
    let proofs = ["event.mac", "event.signature", "event.passkey", "event.token"];
    let own: Vec<&str> = named(Outcome::Upheld).into_iter().filter(|id| proofs.contains(id)).collect();
    let own = if own.is_empty() { String::new() } else { format!("; by itself, {} held", own.join(", ")) };
    let mut refuted = named(Outcome::Refuted);
    let codes: Vec<&str> =
        inspection.suspicions().filter(|finding| !refuted.contains(&finding.code.check().id())).map(|finding| finding.code.name()).collect();
    refuted.extend(codes);
    let refuted = if refuted.is_empty() { String::new() } else { format!("; but refuted: {}", refuted.join(", ")) };
    format!("{whole}{own}{refuted}")
}

/// Where the profile has updates: an object of members that are pairs of the value before and the value behind.
fn changes(profile: &Profile, value: &Value) -> Vec<Update> {
    let diff = profile.diff.as_ref().and_then(|rule| value.pointer(&rule.member));
    let Some(Value::Object(members)) = diff else {
        return Vec::new();
    };
    let text = |value: &Value| String::from_utf8_lossy(&value.canonical()).into_owned();
    let change = |(field, pair): &(String, Value)| match pair {
        Value::Array(pair) => match pair.as_slice() {
            [old, new] => Some(Update { field: field.clone(), old: text(old), new: text(new) }),
            _ => None,
        },
        _ => None,
    };
    members.iter().filter_map(change).collect()
}

/// Whether a check of single events held on this one.
fn held(inspection: &Inspection, id: CheckId) -> Option<Outcome> {
    inspection.checks.iter().find(|check| check.id == id).and_then(|check| check.outcome)
}
