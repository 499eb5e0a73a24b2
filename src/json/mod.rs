//! Strict JSON (RFC 8259 within I-JSON, RFC 7493) and its canonical form (RFC 8785, JCS).
//!
//! Two ways in. [`scan`] walks a line once, proves that it already is canonical, and notes where the wanted members stand: the fast path of every
//! event. [`Tidy`] puts the members of a text in order whose tokens are canonical already; [`scan`] proves it. [`parse`] builds a [`Value`] of anything well formed, for manifests, and for lines that are not canonical. What neither accepts has a
//! [`Flaw`] with its byte. Not here: what members mean.

mod name;
mod number;
mod parse;
mod pointer;
mod scan;
mod spans;
mod special;
mod splice;
mod tidy;
mod value;
mod words;
mod write;

pub use parse::{Flaw, FlawKind, parse};
pub use pointer::{Wanted, tokens};
pub use scan::{is_canonical, scan};
pub use spans::{Member, Spans};
pub use splice::{integer, string, with_value, without};
pub use tidy::Tidy;
pub use value::Value;
pub use words::{Difference, difference};

/// Levels of nesting that are allowed: arrays and objects that stand in each other, the root being level 1.
pub const MAX_DEPTH: usize = 64;

/// The greatest integer that I-JSON (RFC 7493, section 2.2) holds exactly.
pub const MAX_INTEGER: u64 = 9_007_199_254_740_991;
