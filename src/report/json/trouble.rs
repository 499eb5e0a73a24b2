//! What the JSON report says of a bundle without a verdict.

use serde::Serialize;

use crate::error::Error;

/// Why there is none, and what to do.
#[derive(Serialize)]
pub(super) struct Trouble {
    message: String,
    hint: String,
    exit_code: u8,
}

impl Trouble {
    pub(super) fn of(error: &Error) -> Self {
        Self { message: error.to_string(), hint: error.hint(), exit_code: error.exit_code() }
    }
}
