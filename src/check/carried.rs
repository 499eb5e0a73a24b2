//! Proof that is carried and not declared: nobody may take an `hmac` for tested that no claim of the manifest covers.

use crate::check::{At, Check, Tally};
use crate::event::Event;
use crate::finding::{CheckId, Why};

/// Leaves every event untested that carries the member of an undeclared proof.
#[derive(Debug)]
pub struct Carried {
    id: CheckId,
    member: String,
}

impl Carried {
    /// For the row `event.mac` or `event.signature`, and the JSON Pointer of its member.
    pub fn new(id: CheckId, member: impl Into<String>) -> Self {
        Self { id, member: member.into() }
    }
}

impl Check for Carried {
    fn id(&self) -> CheckId {
        self.id
    }

    fn pass_over(&self, _: &mut Tally) {}

    fn examine(&self, event: &Event<'_>, _: &At<'_>, tally: &mut Tally) {
        let carried = if self.id == CheckId::EventMac { event.carries_mac() } else { event.carries_signature() };
        if carried {
            tally.leave(|| Why::CarriedNotDeclared(self.member.trim_start_matches('/').to_owned()));
        }
    }
}
