//! What a report tells of all passkey assertions together.

/// Whose word passkey keys are, and what assertions bind; numbers of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeySummary {
    /// Assertions that hold.
    pub assertions: u64,
    /// By a key that the auditor pins.
    pub pinned: u64,
    /// By a key that the producer vouches for, in a bundle that a trusted key signed.
    pub vouched_for: u64,
    /// By a key that stands only in the export.
    pub claimed: u64,
    /// Events that name nobody and carry no proof.
    pub system_initiated: u64,
    /// What a challenge binds: `opaque` or `sha256-jcs`.
    pub binding: &'static str,
}
