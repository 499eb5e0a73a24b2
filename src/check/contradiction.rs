//! What the proof of one event contradicts; several at once, each of them a finding.

use crate::check::{At, Tally};
use crate::event::Event;
use crate::finding::{Code, Finding};

/// One thing that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    /// Which.
    pub code: Code,
    /// One sentence, with both values.
    pub message: String,
    /// What is stated, and what is expected, where there are two values.
    pub values: Option<(String, String)>,
}

impl Contradiction {
    /// Without values beside the sentence.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), values: None }
    }

    /// The same, with what is stated and what is expected.
    #[must_use]
    pub fn values(mut self, stated: impl Into<String>, expected: impl Into<String>) -> Self {
        self.values = Some((stated.into(), expected.into()));
        self
    }
}

impl Tally {
    /// The event does not hold, for each of these reasons.
    pub fn contradict(&mut self, contradictions: &[Contradiction], event: &Event<'_>, at: &At<'_>) {
        for Contradiction { code, message, values } in contradictions {
            self.refute(at.number, || {
                let finding = Finding::new(*code, message.as_str()).at(at.event_ref(Some(event)));
                values.iter().fold(finding, |finding, (stated, expected)| finding.values(stated, expected))
            });
        }
    }
}
