//! The forge: makes bundles, honest and tampered with, and says what a verifier must answer. Deterministic to the byte: no clock, no randomness
//! but its own seeded generator, no compressor whose output could change. Written from the format alone; not here: any code that verifies.

#![allow(dead_code, reason = "each test includes the forge and uses a part of it")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic, reason = "test code")]

pub mod actions;
pub mod authenticator;
pub mod bundle;
pub mod container;
pub mod deflate;
pub mod edit;
pub mod expect;
pub mod keys;
pub mod matrix;
pub mod pairs;
pub mod record;
pub mod runs;
pub mod scenarios;
pub mod sources;
pub mod stream;
pub mod table;
pub mod token;
pub mod trust;
