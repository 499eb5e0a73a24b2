//! `manifest.period`: every event's time lies in the manifest's period, and not behind the making of the manifest; in a raw export, which states no
//! period, in the time that was asked for.

use crate::bundle::manifest::Manifest;
use crate::check::{At, Check, Tally};
use crate::event::Event;
use crate::finding::{CheckId, Code, Finding, Why};
use crate::time::Time;

/// Compares each event's time with the manifest's period.
#[derive(Debug)]
pub struct InPeriod<'m>(pub &'m Manifest);

/// Compares each event's time with what was asked for.
#[derive(Debug)]
pub struct Asked {
    /// Inclusive.
    pub from: Option<Time>,
    /// Exclusive.
    pub to: Option<Time>,
}

impl Check for InPeriod<'_> {
    fn id(&self) -> CheckId {
        CheckId::ManifestPeriod
    }

    fn examine(&self, event: &Event<'_>, at: &At<'_>, tally: &mut Tally) {
        let Some(time) = event.time else {
            return tally.leave(|| Why::Unreadable);
        };
        let Manifest { from, to, created_at, .. } = self.0;
        if time < from.time || time >= to.time {
            let period = format!("{} to {} (exclusive)", from.text, to.text);
            let message = format!("the event's time {time} lies outside the manifest's period, {period}");
            tally.refute(at.number, || Finding::new(Code::ManifestPeriod, message).at(at.event_ref(Some(event))).values(period, time));
        } else if time > created_at.time {
            let stated = &created_at.text;
            let message = format!("the event's time {time} is later than the manifest's created_at, {stated}");
            tally.refute(at.number, || Finding::new(Code::ManifestCreated, message).at(at.event_ref(Some(event))).values(stated, time));
        } else {
            tally.uphold();
        }
    }
}

impl Check for Asked {
    fn id(&self) -> CheckId {
        CheckId::ManifestPeriod
    }

    fn examine(&self, event: &Event<'_>, at: &At<'_>, tally: &mut Tally) {
        let Some(time) = event.time else {
            return tally.leave(|| Why::Unreadable);
        };
        if self.from.is_none_or(|from| time >= from) && self.to.is_none_or(|to| time < to) {
            return tally.uphold();
        }
        let text = |time: Option<Time>| time.map_or_else(|| "any time".to_owned(), |time| time.to_string());
        let asked = format!("{} to {} (exclusive)", text(self.from), text(self.to));
        let message = format!("the event's time {time} lies outside the time that you asked for, {asked}");
        let help = "compare --from and --to with what you asked the producer for; if they are right, ask why the export holds events of another time";
        tally.refute(at.number, || Finding::new(Code::ManifestPeriod, message).at(at.event_ref(Some(event))).values(time, asked).help(help));
    }
}
