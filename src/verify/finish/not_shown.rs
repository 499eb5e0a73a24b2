//! What a PASS does not show: printed with every one, so that nobody takes it for more than it is.

use std::ops::RangeInclusive;

use super::passkey_rows;
use crate::finding::CheckId;
use crate::profile::{ChainRule, Profile};
use crate::report::{BundleReport, Status};
use crate::verify::Request;
use crate::verify::events::Walked;
use crate::verify::opening::Opened;

/// Events that only hashes bind, which need no key: no signature, HMAC, passkey or token, and no hash that the auditor kept.
pub(super) fn rewritable(walked: &Walked, report: &BundleReport) -> Option<RangeInclusive<u64>> {
    use CheckId::{EventMac, EventPasskey, EventSignature, EventToken};
    let upheld = |id: CheckId| report.row(id).is_some_and(|row| row.status == Status::Upheld);
    if walked.trusted || !upheld(CheckId::ChainLinks) || [EventMac, EventSignature, EventPasskey, EventToken].into_iter().any(upheld) {
        return None;
    }
    let from = walked.anchors.pins.unwrap_or_default().saturating_add(1);
    (from <= walked.events).then_some(from..=walked.events)
}

/// Whether the first event is, by its link, the first of its chain.
fn starts_the_chain(walked: &Walked, profile: &Profile) -> bool {
    let start = profile.chain.as_ref().and_then(ChainRule::start);
    start.is_some() && walked.first().and_then(|row| row.link) == start
}

/// The list, in the order in which it is printed.
pub(super) fn of(
    opened: &Opened,
    walked: Option<&Walked>,
    profile: Option<&Profile>,
    request: &Request<'_>,
    rewritable: Option<&RangeInclusive<u64>>,
) -> Vec<String> {
    let mut list: Vec<String> = rewritable.map(written_again).into_iter().collect();
    list.push("events that were never recorded".to_owned());
    list.push("whether the producer's clock was right".to_owned());
    if !walked.zip(profile).is_some_and(|(walked, profile)| starts_the_chain(walked, profile)) {
        list.push("events that the producer left out before the first one".to_owned());
    }
    if walked.is_none_or(|walked| walked.anchors.upheld == 0) {
        list.push("a history that the producer itself wrote again or rolled back (no --after, no [[anchor]] of yours)".to_owned());
    }
    let secret_alone = walked.is_some_and(|walked| !walked.trusted && walked.tallies.get(&CheckId::EventMac).is_some_and(|tally| tally.upheld > 0));
    if walked.is_some_and(|walked| walked.filtered) {
        list.push("whether the filter left nothing else out, and the links between events that are no neighbours in the log".to_owned());
    }
    let pinned = walked.is_some_and(|walked| walked.anchors.pins_last);
    if opened.signatures.is_secret_only(pinned) {
        list.push("who signed the manifest: any holder of the shared secret could have made this bundle".to_owned());
    }
    list.extend(walked.zip(profile).map(|(walked, profile)| passkey_rows::not_shown(walked, profile)).into_iter().flatten());
    if opened.manifest.is_none() && walked.is_some() {
        list.push("events that somebody left out of this export, or put into it".to_owned());
        list.push("whether members that no proof covers were changed: nothing signs the export as a whole".to_owned());
        list.push("whether the export covers the time that you asked for".to_owned());
    }
    if secret_alone {
        list.push("who made the events: any holder of the shared secret could have made their HMACs".to_owned());
    }
    if request.tenant.is_none() && !opened.signatures.is_bound_to_tenant() {
        list.push("whether this is the tenant that you asked for (no --tenant, and the key is not bound to one)".to_owned());
    }
    list
}

fn written_again(events: &RangeInclusive<u64>) -> String {
    let what = match (events.start(), events.end()) {
        (1, _) => "all of it".to_owned(),
        (from, to) if from == to => format!("event {from}, behind the last one whose hash you kept,"),
        (from, to) => format!("events {from} to {to}, behind the last one whose hash you kept,"),
    };
    format!("whether somebody who held this export wrote {what} again: its hashes need no key, so whoever alters an event can make them fit")
}
