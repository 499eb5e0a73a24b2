//! What raw exports cost: pages of an API against one file with the same entries, two exports held against each other, and all events listed.
//!
//! `cargo bench --bench exports` writes 1,000,000 entries of `qustody/1`, once as the source writes them (members in its own order, so each is put in
//! order before it is hashed) and once in canonical form (the fastest file that there can be). Each is verified as one file of lines and as 10,000 pages
//! of 100, then compared with an export in which three entries were rewritten: with the links as they were, and with all links behind them made anew.
//! Signed bundles of `file-transfer/1` are compared too. All times are ratios to `unbroken verify` of one export, not of both, as one file, in the same
//! run. The programs run in turn, several times; the best time of each counts. Numbers from a machine that does other work at the same time say little.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "a benchmark stops where something is wrong"
)]

#[path = "../forge/mod.rs"]
mod forge;
#[path = "measure.rs"]
mod measure;

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use forge::bundle::{ACME, Start, log};
use forge::keys::digest;
use forge::record::{Log, Profile, Proof, Style};
use forge::stream::{Order, good};
use measure::{mebibytes, peak, ratio, time};
use serde::{Deserialize, Serialize};
use serde_json::Value;

const ENTRIES: u64 = 1_000_000;
const PAGE: usize = 100;
const ROUNDS: usize = 3;

/// How an entry is written.
#[derive(Clone, Copy)]
enum Form {
    Canonical,
    Source,
}

/// The links behind an entry that was rewritten.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Links {
    AsTheyWere,
    MadeAnew,
}

/// A command, the code that it ends with, and its best time.
struct Run {
    name: String,
    command: Command,
    code: i32,
    best: Duration,
}

/// An entry, its members in the order in which the source's documentation lists them.
#[derive(Deserialize, Serialize)]
struct Entry<'a> {
    id: &'a str,
    tenant_id: &'a str,
    actor_id: &'a str,
    actor_type: &'a str,
    action: &'a str,
    resource_type: &'a str,
    resource_id: &'a str,
    request_id: &'a str,
    ip: &'a str,
    user_agent: &'a str,
    metadata: Value,
    prev_hash: &'a str,
    entry_hash: &'a str,
    created_at: &'a str,
}

fn main() {
    // `cargo test --benches` only wants to know that it builds and runs
    let is_measuring = std::env::args().any(|argument| argument == "--bench");
    let (entries, rounds) = if is_measuring { (ENTRIES, ROUNDS) } else { (1_000, 1) };
    println!("{entries} events, pages of {PAGE}, best of {rounds}; each ratio is to `verify` of one export as one file");
    let canonical = raw(Form::Canonical, entries, rounds);
    let source = raw(Form::Source, entries, rounds);
    println!("pages as the source writes them, to canonical lines: ratio {:.2}", ratio(source, canonical));
    bundles(entries, rounds);
}

/// Measures raw exports in one form; the time of the pages in the source's form, of the file in canonical form.
fn raw(form: Form, entries: u64, rounds: usize) -> Duration {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    write_lines(&path("old.ndjson"), form, entries, None);
    write_lines(&path("edited.ndjson"), form, entries, Some(Links::AsTheyWere));
    write_lines(&path("relinked.ndjson"), form, entries, Some(Links::MadeAnew));
    let pages = write_pages(folder.path());
    let command = |words: &str, files: &[String]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_unbroken"));
        command.current_dir(folder.path()).args(words.split(' ')).args(["--skip", "manifest.signature"]).args(files);
        command
    };
    let files = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let form_name = match form {
        Form::Canonical => "canonical",
        Form::Source => "source's form",
    };
    let run = |name: &str, command: Command, code: i32| Run { name: format!("{form_name}: {name}"), command, code, best: Duration::MAX };
    let mut runs = [
        run("verify lines", command("verify", &files(&["old.ndjson"])), 0),
        run("verify pages", command("verify", &pages), 0),
        run("verify lines, 3 rewritten", command("verify", &files(&["edited.ndjson"])), 1),
        run("compare, 3 rewritten", command("compare", &files(&["old.ndjson", "edited.ndjson"])), 1),
        run("compare, 3 rewritten, relinked", command("compare", &files(&["old.ndjson", "relinked.ndjson"])), 1),
        run("events --format json", command("events --format json", &files(&["old.ndjson"])), 0),
    ];
    measure(&mut runs, rounds);
    match form {
        Form::Canonical => runs[0].best,
        Form::Source => runs[1].best,
    }
}

/// Measures signed bundles.
fn bundles(events: u64, rounds: usize) {
    let folder = tempfile::tempdir().unwrap();
    for name in ["old", "new"] {
        good(&Order { profile: Profile::FileTransfer, events, gzip: false, proof: Proof::Mac }, &folder.path().join(name)).unwrap();
    }
    let file = folder.path().join("new/events.ndjson");
    let mut bytes = fs::read(&file).unwrap();
    let lines: Vec<usize> = memchr::memchr_iter(b'\n', &bytes).collect();
    for index in rewritten(events) {
        let line = &mut bytes[lines[index as usize - 1]..lines[index as usize]];
        let at = line.windows(8).position(|window| window == b"external").unwrap();
        line[at] = b'E';
    }
    fs::write(&file, bytes).unwrap();
    let command = |words: &[&str]| {
        let mut key = OsString::from("acme-mac=");
        key.push(folder.path().join("acme-mac.key"));
        let mut command = Command::new(env!("CARGO_BIN_EXE_unbroken"));
        command.current_dir(folder.path()).args(words).args(["--trust", "trust.toml", "--mac-key"]).arg(key);
        command
    };
    let run = |name: &str, command: Command, code: i32| Run { name: format!("bundle: {name}"), command, code, best: Duration::MAX };
    let mut runs = [
        run("verify", command(&["verify", "old"]), 0),
        run("verify, 3 rewritten", command(&["verify", "new"]), 1),
        run("compare, 3 rewritten", command(&["compare", "old", "new"]), 1),
        run("events --format json", command(&["events", "old", "--format", "json"]), 0),
    ];
    measure(&mut runs, rounds);
}

/// Runs all in turn and prints them, the first as the yardstick.
fn measure(runs: &mut [Run], rounds: usize) {
    for _ in 0..rounds {
        for run in &mut *runs {
            run.best = run.best.min(time(&mut run.command, run.code));
        }
    }
    let yardstick = runs[0].best;
    for run in runs {
        let (seconds, memory) = (run.best.as_secs_f64(), mebibytes(peak(&run.command, run.code)));
        println!("{:<48} {seconds:8.3} s   ratio {:5.2}   peak {memory:8.1} MiB", run.name, ratio(run.best, yardstick));
    }
}

/// Which three are rewritten: early ones, so that most links stand behind them.
fn rewritten(entries: u64) -> [u64; 3] {
    [entries / 10, entries / 2, entries - 10]
}

/// One entry a line.
fn write_lines(path: &Path, form: Form, entries: u64, links: Option<Links>) {
    let mut out = BufWriter::with_capacity(1 << 20, File::create_new(path).unwrap());
    let mut log = log(Profile::Qustody, ACME, Start::First);
    log.style = Style::Full;
    log.step = (31 * 86_400_000 / entries).clamp(1, 2_220_000);
    let rewritten = rewritten(entries);
    for index in 0..entries {
        let line = match links.filter(|_| rewritten.contains(&index)) {
            None => log.line(),
            Some(links) => rewrite(&mut log, links),
        };
        match form {
            Form::Canonical => out.write_all(line.as_bytes()).unwrap(),
            Form::Source => serde_json::to_writer(&mut out, &serde_json::from_str::<Entry<'_>>(&line).unwrap()).unwrap(),
        }
        out.write_all(b"\n").unwrap();
    }
    out.flush().unwrap();
}

/// The next entry with another note.
fn rewrite(log: &mut Log, links: Links) -> String {
    const OWN: &str = r#","entry_hash":""#;
    let line = log.line().replace("quarterly review", "holiday");
    if links == Links::AsTheyWere {
        return line;
    }
    let (head, rest) = line.split_once(OWN).unwrap();
    let (_, tail) = rest.split_once('"').unwrap();
    log.next_link = digest(format!("{head}{tail}").as_bytes());
    format!(r#"{head}{OWN}{}"{tail}"#, log.next_link)
}

/// The lines of the older export as pages; the names of their files.
fn write_pages(folder: &Path) -> Vec<String> {
    let lines: Vec<String> = BufReader::new(File::open(folder.join("old.ndjson")).unwrap()).lines().map(Result::unwrap).collect();
    let total = lines.len();
    let page = |(index, entries): (usize, &[String])| {
        let (name, number) = (format!("page-{:05}.json", index + 1), index + 1);
        let text = format!(r#"{{"entries":[{}],"page":{number},"per_page":{PAGE},"total":{total}}}"#, entries.join(","));
        fs::write(folder.join(&name), text).unwrap();
        name
    };
    lines.chunks(PAGE).enumerate().map(page).collect()
}
