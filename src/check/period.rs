//! `manifest.period`: every event's time lies in the manifest's period, and not behind the making of the manifest.

use crate::bundle::manifest::{Instant, Manifest};
use crate::check::{At, Check, Tally};
use crate::event::Event;
use crate::finding::{CheckId, Code, Finding, Why};

/// Compares each event's time with the manifest's period.
#[derive(Debug)]
pub struct InPeriod {
    from: Instant,
    to: Instant,
    created_at: Instant,
}

impl InPeriod {
    /// The period of this manifest.
    pub fn new(manifest: &Manifest) -> Self {
        Self { from: manifest.from.clone(), to: manifest.to.clone(), created_at: manifest.created_at.clone() }
    }
}

impl Check for InPeriod {
    fn id(&self) -> CheckId {
        CheckId::ManifestPeriod
    }

    fn examine(&self, event: &Event<'_>, at: &At<'_>, tally: &mut Tally) {
        let Some(time) = event.time else {
            return tally.leave(|| Why::Unreadable);
        };
        if time < self.from.time || time >= self.to.time {
            let period = format!("{} to {} (exclusive)", self.from.text, self.to.text);
            let message = format!("the event's time {time} lies outside the manifest's period, {period}");
            tally.refute(at.number, || Finding::new(Code::ManifestPeriod, message).at(at.event_ref(Some(event))).values(period, time));
        } else if time > self.created_at.time {
            let message = format!("the event's time {time} is later than the manifest's created_at, {}", self.created_at.text);
            let stated = &self.created_at.text;
            tally.refute(at.number, || Finding::new(Code::ManifestCreated, message).at(at.event_ref(Some(event))).values(stated, time));
        } else {
            tally.uphold();
        }
    }
}
