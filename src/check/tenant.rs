//! `manifest.tenant`: every event is of the manifest's tenant; in a raw export, of the one that the auditor asked for.

use crate::check::{At, Check, Tally};
use crate::event::Event;
use crate::finding::{CheckId, Code, Finding, Why};

/// Compares each event's tenant with this one.
#[derive(Debug)]
pub struct OfTenant(pub String);

impl Check for OfTenant {
    fn id(&self) -> CheckId {
        CheckId::ManifestTenant
    }

    fn examine(&self, event: &Event<'_>, at: &At<'_>, tally: &mut Tally) {
        match event.tenant.as_deref() {
            Some(tenant) if tenant == self.0 => tally.uphold(),
            Some(tenant) => tally.refute(at.number, || {
                let message = format!("the event is of tenant \"{tenant}\", expected \"{}\"", self.0);
                Finding::new(Code::ManifestTenant, message).at(at.event_ref(Some(event))).values(tenant, &self.0)
            }),
            None => tally.leave(|| Why::Unreadable),
        }
    }
}
