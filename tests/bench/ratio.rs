//! How long a verification takes, as a ratio to `openssl dgst -sha256` over the same events file in the same run, and its peak memory.
//!
//! `cargo bench` measures 1,000,000 events with chain, HMAC and file digest checked, then the memory of 2,000,000. Both programs run in turn, several
//! times; the best time of each counts. Numbers from a machine that does other work at the same time say nothing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "a benchmark stops where something is wrong"
)]

#[path = "../forge/mod.rs"]
mod forge;
#[path = "measure.rs"]
mod measure;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use forge::record::{Profile, Proof};
use forge::stream::{Order, good};
use measure::{mebibytes, peak, ratio, time};

const EVENTS: u64 = 1_000_000;
const ROUNDS: usize = 5;

fn main() {
    // `cargo test --benches` only wants to know that it builds and runs
    let events = if std::env::args().any(|argument| argument == "--bench") { EVENTS } else { 1_000 };
    let folder = tempfile::tempdir().unwrap();
    let bundle = make(folder.path(), events);
    let file = bundle.join("events.ndjson");
    let bytes = fs::metadata(&file).unwrap().len();
    let (mut yardstick, mut one, mut all) = (Duration::MAX, Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        yardstick = yardstick.min(time(Command::new("openssl").args(["dgst", "-sha256"]).arg(&file), 0));
        all = all.min(time(&mut verify(folder.path(), &bundle, None), 0));
        one = one.min(time(&mut verify(folder.path(), &bundle, Some("1")), 0));
    }
    println!("{events} events, {bytes} bytes, best of {ROUNDS}");
    println!("openssl dgst -sha256        {:8.3} s", yardstick.as_secs_f64());
    println!("unbroken verify             {:8.3} s   ratio {:.2}", all.as_secs_f64(), ratio(all, yardstick));
    println!("unbroken verify --jobs 1    {:8.3} s   ratio {:.2}", one.as_secs_f64(), ratio(one, yardstick));
    let small = peak(&verify(folder.path(), &bundle, None), 0);
    fs::remove_dir_all(&bundle).unwrap();
    let bundle = make(folder.path(), events * 2);
    let large = peak(&verify(folder.path(), &bundle, None), 0);
    let growth = (large.saturating_sub(small) * 1024) as f64 / events as f64;
    println!("peak memory                 {:8.1} MiB at {events} events", mebibytes(small));
    println!("peak memory                 {:8.1} MiB at {} events: {growth:.1} bytes an event more", mebibytes(large), events * 2);
}

fn make(folder: &Path, events: u64) -> PathBuf {
    let bundle = folder.join("bundle");
    good(&Order { profile: Profile::FileTransfer, events, gzip: false, proof: Proof::Mac }, &bundle).unwrap();
    bundle
}

fn verify(folder: &Path, bundle: &Path, jobs: Option<&str>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_unbroken"));
    let mut key = std::ffi::OsString::from("acme-mac=");
    key.push(folder.join("acme-mac.key"));
    command.arg("verify").arg(bundle).arg("--trust").arg(folder.join("trust.toml")).arg("--mac-key").arg(key);
    command.args(jobs.map(|jobs| ["--jobs", jobs]).into_iter().flatten());
    command
}
