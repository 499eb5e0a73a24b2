//! Tables: read strictly, whatever the spelling that RFC 4180 allows, and compared with the events field by field.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::result_large_err,
    clippy::unwrap_used,
    reason = "test code"
)]

mod matching;
mod reading;
