//! The walls between the rooms: who may use whom, which outside crates belong where, who may look at clock and terminal, and how long things may be.
//! Reads the source as text; test modules are no part of it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic, reason = "test code")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms from the bottom up: each may use those before it.
const ROOMS: [&str; 18] = [
    "digest", "time", "finding", "error", "json", "crypto", "place", "trust", "profile", "control", "bundle", "event", "check", "verify", "report",
    "cli", "main", "lib",
];

/// Rooms that may use less than all before them.
const NARROW: [(&str, &[&str]); 5] = [
    ("digest", &[]),
    ("time", &[]),
    // the two ways of going wrong never mix
    ("finding", &[]),
    ("error", &[]),
    // renders, and never verifies
    ("report", &["digest", "time", "finding", "error"]),
];

/// Outside crates, and the rooms that may use them.
const CRATES: &[(&str, &[&str])] = &[
    ("annotate_snippets", &["report"]),
    ("anstream", &["cli"]),
    ("anstyle", &["report", "cli"]),
    ("aws_lc_rs", &["crypto"]),
    ("base64ct", &["crypto"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("colorchoice_clap", &["cli"]),
    ("comfy_table", &["report", "cli"]),
    ("csv", &["bundle", "report"]),
    ("ed25519_dalek", &["crypto"]),
    ("etcetera", &["cli"]),
    ("flate2", &["bundle"]),
    ("hkdf", &["crypto"]),
    ("hmac", &["crypto"]),
    ("indicatif", &["cli"]),
    ("jiff", &["time"]),
    ("jsonwebtoken", &["crypto"]),
    ("memchr", &["bundle", "event"]),
    ("minicbor", &["crypto"]),
    ("p256", &["crypto"]),
    ("rawzip", &["bundle"]),
    ("ryu_js", &["json"]),
    ("serde", &["report", "trust", "profile", "control"]),
    ("serde_json", &["report"]),
    ("sha2", &["digest", "crypto"]),
    ("signal_hook", &["cli"]),
    ("tempfile", &["cli"]),
    ("terminal_size", &["cli"]),
    ("thiserror", &["error"]),
    ("toml", &["place", "trust", "profile", "control"]),
    ("zeroize", &["crypto"]),
    ("zip", &["bundle"]),
];

/// What belongs to the machine, and to `cli` and `main` alone.
const MACHINE: [&str; 13] = [
    "std::env",
    "std::net",
    "std::os::unix::net",
    "std::process",
    "SystemTime::now",
    "Instant::now",
    "Zoned::now",
    "Timestamp::now",
    "stdin()",
    "stdout()",
    "stderr()",
    "print!(",
    "println!(",
];

const MAX_LINES_OF_A_FILE: usize = 300;
const MAX_LINES_OF_A_FUNCTION: usize = 60;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// One source file.
struct Source {
    /// Under `src/`.
    path: PathBuf,
    room: String,
    /// How deep its module lies: 1 for a room's own file.
    depth: usize,
    text: String,
}

impl Source {
    /// Its lines that are code: numbers from 1, without comments and test modules.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let tests = self
            .text
            .lines()
            .position(|line| line == "#[cfg(test)]")
            .filter(|at| self.text.lines().nth(at + 1).is_some_and(|line| line.ends_with('{')));
        let lines = self.text.lines().take(tests.unwrap_or(usize::MAX)).enumerate();
        lines.map(|(index, line)| (index + 1, line.split(" //").next().unwrap())).filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    fn at(&self, line: usize) -> String {
        format!("src/{}:{line}", self.path.display())
    }
}

fn sources() -> Vec<Source> {
    let mut sources = Vec::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(".rs") {
                let inner = path.strip_prefix(root().join("src")).unwrap().to_owned();
                let room = inner.components().next().unwrap().as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned();
                let depth = inner.components().count() - usize::from(name == "mod.rs");
                sources.push(Source { path: inner, room, depth, text: fs::read_to_string(path).unwrap() });
            }
        }
    }
    sources.sort_by(|left, right| left.path.cmp(&right.path));
    sources
}

/// The same without files of tests.
fn product() -> Vec<Source> {
    let mut sources = sources();
    sources.retain(|source| !source.path.to_str().unwrap().ends_with("tests.rs"));
    sources
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// The words that follow each `prefix` that stands by itself.
fn words_after<'l>(line: &'l str, prefix: &'l str) -> impl Iterator<Item = &'l str> {
    let alone = move |(at, _): &(usize, &str)| !line[..*at].ends_with(|before: char| is_word(before) || before == ':');
    line.match_indices(prefix).filter(alone).map(move |(at, _)| {
        let rest = &line[at + prefix.len()..];
        rest.split(|character: char| !is_word(character)).next().unwrap()
    })
}

fn rooms_for(room: &str) -> Vec<&'static str> {
    if let Some((_, allowed)) = NARROW.iter().find(|(narrow, _)| *narrow == room) {
        return allowed.to_vec();
    }
    let own =
        ROOMS.iter().position(|known| *known == room).unwrap_or_else(|| panic!("src/{room} is a room that the list of this test does not have"));
    ROOMS[..own].to_vec()
}

fn assert_none(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} places:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_room_uses_only_rooms_before_it() {
    let mut wrong = Vec::new();
    for source in product() {
        let allowed = rooms_for(&source.room);
        for (number, line) in source.code() {
            for used in words_after(line, "crate::") {
                let model = source.room == "verify" && used == "report";
                if used != source.room && !allowed.contains(&used) && !model {
                    wrong.push(format!("{}: {} uses {used:?}: {}", source.at(number), source.room, line.trim()));
                }
            }
            if line.contains(&"super::".repeat(source.depth)) {
                wrong.push(format!("{}: leaves its room by `super`, write `crate::`: {}", source.at(number), line.trim()));
            }
        }
    }
    assert_none(&wrong);
}

#[test]
fn verify_knows_the_data_of_a_report_and_no_renderer() {
    let sources = product();
    let rooms = sources.iter().find(|source| source.path == Path::new("report/mod.rs")).unwrap();
    let model = rooms.text.split("pub use model::{").nth(1).unwrap().split('}').next().unwrap();
    let model: BTreeSet<&str> = model.split(',').map(str::trim).collect();
    let mut seen = BTreeSet::new();
    for source in sources.iter().filter(|source| source.room == "verify") {
        for (number, line) in source.code() {
            let Some(used) = line.split("crate::report::").nth(1) else {
                assert!(!line.contains("crate::report"), "{}", source.at(number));
                continue;
            };
            let names: Vec<&str> = used
                .split(|character| !is_word(character))
                .filter(|word| !word.is_empty())
                .take(if used.starts_with('{') { 99 } else { 1 })
                .collect();
            assert!(names.iter().all(|name| model.contains(name)), "{}: expected only {model:?}, found {names:?}", source.at(number));
            seen.extend(names.iter().map(|name| (*name).to_owned()));
        }
    }
    assert!(!seen.is_empty(), "verify makes reports");
}

#[test]
fn outside_crates_stay_in_their_rooms() {
    let (mut wrong, mut used) = (Vec::new(), BTreeSet::new());
    for source in product() {
        for (number, line) in source.code() {
            for (name, rooms) in CRATES {
                let path = format!("{name}::");
                let named = line.trim() == format!("use {name};") || words_after(line, &path).next().is_some();
                if named && rooms.contains(&source.room.as_str()) {
                    used.insert((name, source.room.clone()));
                } else if named {
                    wrong.push(format!("{}: {name} in {}: {}", source.at(number), source.room, line.trim()));
                }
            }
        }
    }
    for (name, rooms) in CRATES {
        let idle = rooms.iter().filter(|room| !used.contains(&(name, (**room).to_owned())));
        wrong.extend(idle.map(|room| format!("{room} may use {name} and does not: take the leave back")));
    }
    assert_none(&wrong);
}

/// The manifest says the same as the table above: each dependency stands in a group whose comment names the rooms.
#[test]
fn the_manifest_names_the_rooms_of_each_dependency() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let section = manifest.split("[dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
    let (mut stated, mut used) = (BTreeMap::new(), BTreeMap::<BTreeSet<String>, BTreeSet<String>>::new());
    let mut comment = String::new();
    let mut fresh = false;
    for line in section.lines() {
        if let Some(text) = line.strip_prefix("# ") {
            comment = if fresh { comment + text } else { text.to_owned() };
            fresh = true;
        } else if let Some((name, _)) = line.split_once(" = ") {
            let groups = comment.split('[').skip(1).filter_map(|group| group.split(']').next());
            let rooms: BTreeSet<String> = groups.flat_map(|group| group.split(", ")).map(str::to_owned).collect();
            assert!(!rooms.is_empty(), "the comment above {name} names no room in brackets");
            stated.insert(name.replace('-', "_"), rooms);
            fresh = false;
        } else {
            (comment, fresh) = (String::new(), false);
        }
    }
    let names: BTreeSet<String> = CRATES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(stated.keys().cloned().collect::<BTreeSet<_>>(), names, "Cargo.toml and the table of this test have other crates");
    for (name, rooms) in CRATES {
        let group = &stated[*name];
        assert!(rooms.iter().all(|room| group.contains(*room)), "Cargo.toml leaves {name} to {group:?}, the table of this test to {rooms:?}");
        used.entry(group.clone()).or_default().extend(rooms.iter().map(|room| (*room).to_owned()));
    }
    used.iter().for_each(|(group, rooms)| assert_eq!(group, rooms, "Cargo.toml names a room that uses no crate of its group"));
}

#[test]
fn only_the_command_line_knows_the_machine() {
    let mut wrong = Vec::new();
    for source in product().iter().filter(|source| !["cli", "main"].contains(&source.room.as_str())) {
        for (number, line) in source.code() {
            let found = MACHINE.iter().filter(|word| line.contains(**word)).map(|word| format!("{}: {word}", source.at(number)));
            wrong.extend(found);
        }
    }
    assert_none(&wrong);
}

#[test]
fn files_and_functions_are_short() {
    let mut wrong = Vec::new();
    for source in sources() {
        let lines = source.text.lines().count();
        if lines > MAX_LINES_OF_A_FILE {
            wrong.push(format!("src/{}: {lines} lines", source.path.display()));
        }
        let mut open: Vec<(usize, usize)> = Vec::new();
        for (number, line) in (1..).zip(source.text.lines()) {
            let indent = line.len() - line.trim_start().len();
            if words_after(line, "fn ").next().is_some() && !line.trim_start().starts_with("//") && !line.ends_with(';') && !line.ends_with('}') {
                open.push((indent, number));
            } else if let Some((_, start)) = open.pop_if(|(start, _)| *start == indent && line.trim() == "}") {
                let length = number - start + 1;
                wrong.extend((length > MAX_LINES_OF_A_FUNCTION).then(|| format!("{}: a function of {length} lines", source.at(start))));
            }
        }
        assert!(open.is_empty(), "src/{}: found no end of the functions at {open:?}", source.path.display());
    }
    assert_none(&wrong);
    let main = fs::read_to_string(root().join("src/main.rs")).unwrap();
    assert!(main.lines().count() <= 40);
}
