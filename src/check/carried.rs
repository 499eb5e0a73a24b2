//! Proof that is carried, and that nothing says how to check: nobody may take an `hmac` for tested that no claim of the manifest covers, or, in a raw
//! export, no key of the auditor's.

use crate::check::{At, Check, Tally};
use crate::event::Event;
use crate::finding::{CheckId, Why};

/// Leaves every event untested that carries such a proof.
#[derive(Debug)]
pub struct Carried {
    id: CheckId,
    why: Why,
}

impl Carried {
    /// For the row `event.mac` or `event.signature`.
    pub fn new(id: CheckId, why: Why) -> Self {
        Self { id, why }
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
            tally.leave(|| self.why.clone());
        }
    }
}
