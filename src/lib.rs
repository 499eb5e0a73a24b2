//! Tells, offline, whether an exported audit log was changed, and where exactly it breaks.
//!
//! A source makes claims about its export; a [`profile`] writes them down as data; for each claim there is one check. Workers turn runs of
//! consecutive events into segments, segments join, and the joined segment is finished into a [`report`]. Everything after that is printing.

pub mod bundle;
pub mod check;
pub mod cli;
pub mod control;
pub mod crypto;
pub mod digest;
pub mod error;
pub mod event;
pub mod finding;
pub mod json;
mod place;
pub mod profile;
pub mod report;
pub mod time;
pub mod trust;
pub mod verify;
