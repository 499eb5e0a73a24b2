//! The time that an export is of, and on which side of it another export's event lies.

use crate::report::BundleReport;
use crate::time::Time;
use crate::verify::table::Window;

/// One end of it.
#[derive(Debug, Clone, Copy)]
enum Edge {
    /// The manifest states it, or the auditor asked for it: from inclusive, to exclusive.
    Stated(Time),
    /// The time of the first or last event: what is as old may stand beside it.
    Seen(Time),
}

/// The time that an export is of; an end that nobody knows is none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    from: Option<Edge>,
    to: Option<Edge>,
}

impl Span {
    /// As the manifest states it, else between the first and the last event; what the auditor asked for comes before both.
    pub(super) fn of(report: &BundleReport, asked: (Option<Time>, Option<Time>)) -> Self {
        let stated = report.period.as_ref().and_then(|period| Some((period.from.parse().ok()?, period.to.parse().ok()?)));
        let seen = seen(report);
        let edge = |asked: Option<Time>, stated: Option<Time>, seen: Option<Time>| asked.or(stated).map(Edge::Stated).or(seen.map(Edge::Seen));
        Self {
            from: edge(asked.0, stated.map(|(from, _)| from), seen.map(|(first, _)| first)),
            to: edge(asked.1, stated.map(|(_, to)| to), seen.map(|(_, last)| last)),
        }
    }

    /// Where an event of this time lies.
    pub(super) fn window(self, time: Option<Time>) -> Window {
        let Some(time) = time else {
            return Window::Unsaid;
        };
        match (self.from, self.to) {
            (Some(Edge::Stated(from) | Edge::Seen(from)), _) if time < from => Window::Before,
            (_, Some(Edge::Stated(to))) if time >= to => Window::After,
            (_, Some(Edge::Seen(to))) if time > to => Window::After,
            (Some(Edge::Seen(edge)), _) | (_, Some(Edge::Seen(edge))) if time == edge => Window::Unsaid,
            (Some(_), Some(_)) => Window::Inside,
            _ => Window::Unsaid,
        }
    }

    /// Where it starts.
    pub(super) fn start(self) -> Option<Time> {
        let (Edge::Stated(from) | Edge::Seen(from)) = self.from?;
        Some(from)
    }

    /// Whether what lies outside at this end was never to be in it.
    pub(super) fn states(self, window: Window) -> bool {
        match window {
            Window::Before => matches!(self.from, Some(Edge::Stated(_))),
            Window::After => matches!(self.to, Some(Edge::Stated(_))),
            Window::Inside | Window::Unsaid => false,
        }
    }
}

/// The times of the oldest and the newest end of an export.
pub(super) fn seen(report: &BundleReport) -> Option<(Time, Time)> {
    let time = |end: &Option<crate::report::EventSummary>| end.as_ref()?.time.as_ref()?.parse::<Time>().ok();
    let (first, last) = (time(&report.first)?, time(&report.last)?);
    Some((first.min(last), first.max(last)))
}
