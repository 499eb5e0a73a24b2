//! What the JSON report says of passkeys.

use serde::Serialize;

use super::super::model::PasskeySummary;

/// Numbers of events, and what a challenge binds.
#[derive(Serialize)]
pub(super) struct Passkeys {
    assertions: u64,
    pinned: u64,
    vouched_for: u64,
    claimed: u64,
    system_initiated: u64,
    binding: &'static str,
}

impl Passkeys {
    pub(super) fn of(summary: &PasskeySummary) -> Self {
        let PasskeySummary { assertions, pinned, vouched_for, claimed, system_initiated, binding } = *summary;
        Self { assertions, pinned, vouched_for, claimed, system_initiated, binding }
    }
}
