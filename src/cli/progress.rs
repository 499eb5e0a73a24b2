//! The progress bar: bytes, events a second and the time left, on stderr, for people only. It knows nothing of the result.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::interrupt::Interrupt;
use crate::verify::Progress;

const DRAWS_A_SECOND: u8 = 10;

/// Whether to draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Drawing {
    Off,
    On,
}

/// How far the work on one bundle is, and whether the user wants it to stop.
pub(super) struct Bar {
    bar: ProgressBar,
    events: Arc<AtomicU64>,
    interrupt: Interrupt,
}

impl Bar {
    /// A bar that shows nothing until the work starts.
    pub fn new(drawing: Drawing, interrupt: Interrupt) -> Self {
        let bar = match drawing {
            Drawing::Off => ProgressBar::hidden(),
            Drawing::On => ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(DRAWS_A_SECOND)),
        };
        let events = Arc::new(AtomicU64::new(0));
        Self { bar: bar.with_style(style(Arc::clone(&events))), events, interrupt }
    }
}

impl Progress for Bar {
    fn start(&self, bytes: u64) {
        self.events.store(0, Ordering::Relaxed);
        self.bar.reset();
        self.bar.set_length(bytes);
    }

    fn advance(&self, bytes: u64, events: u64) {
        self.events.fetch_add(events, Ordering::Relaxed);
        self.bar.inc(bytes);
    }

    fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn interrupted(&self) -> bool {
        self.interrupt.exit_code().is_some()
    }
}

/// One of several works that are shown together by one bar, which is finished when all of them are.
pub(super) struct Share<'b>(pub &'b Bar);

impl Progress for Share<'_> {
    fn start(&self, bytes: u64) {
        self.0.bar.inc_length(bytes);
    }

    fn advance(&self, bytes: u64, events: u64) {
        self.0.advance(bytes, events);
    }

    fn finish(&self) {}

    fn interrupted(&self) -> bool {
        self.0.interrupted()
    }
}

fn style(events: Arc<AtomicU64>) -> ProgressStyle {
    let rate = move |state: &ProgressState, out: &mut dyn std::fmt::Write| {
        let seconds = state.elapsed().as_secs_f64();
        let events = events.load(Ordering::Relaxed);
        let rate = if seconds > 0.0 { events as f64 / seconds } else { 0.0 };
        _ = write!(out, "{}", HumanCount(rate as u64));
    };
    let template = "{bar:30} {binary_bytes} of {binary_total_bytes}  {events} events/s  {eta} left";
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()).with_key("events", rate)
}
