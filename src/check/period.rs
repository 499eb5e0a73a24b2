//! `manifest.period`: every event's time lies in the manifest's period, and not behind the making of the manifest; in a raw export, in the time that
//! the auditor asked for.

use crate::bundle::manifest::{Instant, Manifest};
use crate::check::{At, Check, Tally};
use crate::event::Event;
use crate::finding::{CheckId, Code, Finding, Why};
use crate::time::Time;

/// Compares each event's time with a period.
#[derive(Debug)]
pub struct InPeriod {
    from: Option<Time>,
    to: Option<Time>,
    created_at: Option<Instant>,
    /// Whose period it is, and from when to when, in words.
    words: String,
}

impl InPeriod {
    /// The period of this manifest.
    pub fn of(manifest: &Manifest) -> Self {
        let words = format!("the manifest's period, {} to {} (exclusive)", manifest.from.text, manifest.to.text);
        Self { from: Some(manifest.from.time), to: Some(manifest.to.time), created_at: Some(manifest.created_at.clone()), words }
    }

    /// The time that was asked for.
    pub fn asked(from: Option<Time>, to: Option<Time>) -> Self {
        let text = |time: Option<Time>, open: &str| time.map_or_else(|| open.to_owned(), |time| time.to_string());
        let words = format!("the time that you asked for, {} to {} (exclusive)", text(from, "any time"), text(to, "any time"));
        Self { from, to, created_at: None, words }
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
        if self.from.is_some_and(|from| time < from) || self.to.is_some_and(|to| time >= to) {
            let message = format!("the event's time {time} lies outside {}", self.words);
            tally.refute(at.number, || Finding::new(Code::ManifestPeriod, message).at(at.event_ref(Some(event))).values(&self.words, time));
        } else if let Some(created_at) = self.created_at.as_ref().filter(|created_at| time > created_at.time) {
            let message = format!("the event's time {time} is later than the manifest's created_at, {}", created_at.text);
            tally.refute(at.number, || Finding::new(Code::ManifestCreated, message).at(at.event_ref(Some(event))).values(&created_at.text, time));
        } else {
            tally.uphold();
        }
    }
}
