//! What a PASS does not show: printed with every one, so that nobody takes it for more than it is.

use super::passkey_rows;
use crate::finding::CheckId;
use crate::profile::Profile;
use crate::verify::Request;
use crate::verify::events::Walked;
use crate::verify::opening::Opened;

/// The list, in the order in which it is printed.
pub(super) fn of(opened: &Opened, walked: Option<&Walked>, profile: Option<&Profile>, request: &Request<'_>) -> Vec<String> {
    let mut list = vec![
        "events that were never recorded".to_owned(),
        "whether the producer's clock was right".to_owned(),
        "events that the producer left out before the first one".to_owned(),
    ];
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
