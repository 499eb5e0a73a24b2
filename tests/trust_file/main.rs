//! The trust file and its flags: one test a rule. Each refusal is exit 2, names line and column, and repeats nothing secret.
#![allow(clippy::arithmetic_side_effects, clippy::expect_used, reason = "a helper of tests may stop the test")]

mod desk;
mod flags;
mod keys;
mod parties;
mod secrets;
mod whole;
