//! What has no other half: whether the other export should have it. Not here: why it has not.

use std::ops::RangeInclusive;

use super::span::Span;
use crate::report::Outside;
use crate::verify::table::{Waiting, Window};

/// Events of one export that the other has not.
#[derive(Debug, Default)]
pub(super) struct Missing {
    /// The numbers of those that it should have, in order.
    pub(super) numbers: Vec<u64>,
    /// How many it need not have.
    pub(super) outside: Outside,
    /// Of those behind its end, the first and the last in the file.
    pub(super) after: Option<(u64, u64)>,
}

/// How an export stands in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    NewestFirst,
    OldestFirst,
}

impl Missing {
    /// Of those without another half, `other` being the time that the other export is of. Without an overlap nothing is missing.
    pub(super) fn of(alone: &[Waiting], overlap: Option<&RangeInclusive<u64>>, other: Span, direction: Direction) -> Self {
        let mut missing = Self::default();
        let Some(overlap) = overlap else {
            return missing;
        };
        for one in alone {
            match place(one, overlap, other, direction) {
                Window::Before => missing.outside.before = missing.outside.before.saturating_add(1),
                Window::After => {
                    missing.outside.after = missing.outside.after.saturating_add(1);
                    let (first, last) = missing.after.unwrap_or((one.number, one.number));
                    missing.after = Some((first.min(one.number), last.max(one.number)));
                }
                Window::Inside | Window::Unsaid => missing.numbers.push(one.number),
            }
        }
        missing.numbers.sort_unstable();
        missing
    }
}

/// Where an event lies: its time says it, else its place in the file.
fn place(one: &Waiting, overlap: &RangeInclusive<u64>, other: Span, direction: Direction) -> Window {
    let stands_in = overlap.contains(&one.number);
    match one.window {
        Window::Before | Window::After if stands_in && !other.states(one.window) => Window::Inside,
        Window::Unsaid if stands_in => Window::Inside,
        Window::Unsaid if (one.number < *overlap.start()) == (direction == Direction::OldestFirst) => Window::Before,
        Window::Unsaid => Window::After,
        said => said,
    }
}
