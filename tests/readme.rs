//! The README says what the program prints: every `console` block with a command of the program runs here. What people repeat by hand with other tools
//! is run by `tests/console.py`.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "test code")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn page(name: &str) -> String {
    fs::read_to_string(root().join(name)).expect("the page")
}

/// The arguments of a command of the program, if it is one.
fn arguments(command: &str) -> Option<Vec<&str>> {
    let words = command.strip_prefix("unbroken ").or_else(|| command.strip_prefix("cargo run --release -- "))?;
    Some(words.split_whitespace().collect())
}

/// Commands of the program in the `console` blocks of a page, each with the lines that it prints.
fn commands(page: &str) -> Vec<(&str, Vec<&str>)> {
    let mut found: Vec<(&str, Vec<&str>)> = Vec::new();
    let mut inside = false;
    for line in page.lines() {
        match (inside, line.strip_prefix("$ ")) {
            (false, _) => inside = line == "```console",
            (true, _) if line == "```" => inside = false,
            (true, Some(command)) => found.push((command, Vec::new())),
            (true, None) => found.last_mut().expect("a command before what it prints").1.push(line),
        }
    }
    found.retain(|(command, _)| arguments(command).is_some());
    found
}

/// A line `...` stands for any lines.
fn matches(expected: &[&str], found: &[&str]) -> bool {
    match expected.split_first() {
        None => found.is_empty(),
        Some((&"...", rest)) => (0..=found.len()).any(|skipped| matches(rest, &found[skipped..])),
        Some((line, rest)) => found.split_first().is_some_and(|(first, others)| first == line && matches(rest, others)),
    }
}

fn run(arguments: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_unbroken"));
    let output = command.args(arguments).current_dir(root()).env_clear().env("HOME", root().join("target")).output().expect("the program");
    (output.status.code().expect("an exit code"), String::from_utf8(output.stdout).expect("UTF-8"))
}

fn exit_code(printed: &[&str]) -> i32 {
    let starts = |word: &str| printed.iter().any(|line| line.starts_with(word));
    [("FAIL ", 1), ("DIFFER ", 1), ("INCOMPLETE ", 3)].into_iter().find(|(word, _)| starts(word)).map_or(0, |(_, code)| code)
}

#[test]
fn the_readme_shows_what_the_program_prints() {
    let readme = page("README.md");
    let commands = commands(&readme);
    assert!(commands.len() >= 3, "found only {commands:?}");
    for (command, expected) in commands {
        let (code, found) = run(&arguments(command).expect("a command of the program"));
        let lines: Vec<&str> = found.lines().collect();
        assert!(matches(&expected, &lines), "$ {command}\n--- README.md\n{}\n--- printed\n{found}", expected.join("\n"));
        assert_eq!(code, exit_code(&expected), "exit code of {command}");
    }
}

#[test]
fn what_the_readme_names_is_there() {
    let readme = page("README.md");
    let links: Vec<&str> = readme.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link).collect();
    let table = readme.lines().filter(|line| line.starts_with("| `")).filter_map(|line| line.split('|').nth(1));
    let places: Vec<&str> = table.flat_map(|cell| cell.split('`').skip(1).step_by(2)).filter(|place| place.contains('/')).collect();
    assert!(links.len() > 5 && places.len() > 8, "found only {links:?} and {places:?}");
    for place in links.into_iter().chain(places) {
        assert!(root().join(Path::new(place)).exists(), "README.md names {place}, which is not there");
    }
}

#[test]
fn the_two_commands_stand_there_as_they_are_typed() {
    let readme = page("README.md");
    for command in ["cargo run --release -- verify fixtures/good.zip --trust fixtures/trust.toml", "cargo test"] {
        assert!(readme.lines().any(|line| line == command), "README.md lacks the line `{command}`");
    }
}

#[test]
fn lines_left_out_match_any() {
    assert!(matches(&["a", "...", "d"], &["a", "b", "c", "d"]));
    assert!(matches(&["...", "d"], &["d"]));
    assert!(!matches(&["a", "...", "d"], &["a", "b", "c"]));
    assert!(!matches(&["a"], &["a", "b"]));
}
