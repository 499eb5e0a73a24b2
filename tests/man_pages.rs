//! The man pages say what the program takes: every long flag of a command stands in its page, and no page has a flag that its command does not have.

#![allow(clippy::indexing_slicing, reason = "test code")]

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use clap::Command;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("man")
}

fn command() -> Command {
    let mut command = unbroken::cli::command();
    command.build();
    command
}

/// The long flags of a command and of those below it.
fn flags(command: &Command, below: bool) -> BTreeSet<String> {
    let own = command.get_arguments().filter(|argument| !argument.is_hide_set()).filter_map(|argument| argument.get_long()).map(str::to_owned);
    let children = command.get_subcommands().filter(|child| below && child.get_name() != "help").flat_map(|child| flags(child, true));
    own.chain(children).collect()
}

/// What stands behind `.Fl` in a page, as far as it is a long flag: `.It Fl t , Fl -trust Ar FILE`.
fn flags_in(page: &str) -> BTreeSet<String> {
    let macros = page.lines().filter(|line| line.starts_with('.'));
    let words = macros.flat_map(|line| {
        let words: Vec<&str> = line.trim_start_matches('.').split_whitespace().collect();
        words.windows(2).filter(|pair| pair[0] == "Fl").map(|pair| pair[1].to_owned()).collect::<Vec<_>>()
    });
    words.filter_map(|word| word.strip_prefix('-').map(str::to_owned)).collect()
}

fn commands_with_pages() -> Vec<(String, BTreeSet<String>)> {
    let root = command();
    let mut pages = vec![("unbroken.1".to_owned(), flags(&root, false))];
    for child in root.get_subcommands().filter(|child| child.get_name() != "help") {
        pages.push((format!("unbroken-{}.1", child.get_name()), flags(child, true)));
    }
    pages
}

#[test]
fn every_flag_stands_in_its_page_and_the_reverse() {
    for (name, expected) in commands_with_pages() {
        let page = fs::read_to_string(folder().join(&name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(flags_in(&page), expected, "{name}");
    }
}

#[test]
fn there_is_a_page_for_each_command_and_no_other() {
    let expected: BTreeSet<_> = commands_with_pages().into_iter().map(|(name, _)| name).collect();
    let entries = fs::read_dir(folder()).expect("the folder");
    let found: BTreeSet<_> = entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")).collect();
    assert_eq!(found, expected);
}

#[test]
fn the_pages_name_what_the_program_has() {
    let verify = fs::read_to_string(folder().join("unbroken-verify.1")).expect("the page");
    for check in unbroken::finding::CheckId::ALL {
        assert!(verify.contains(check.id()), "{check}");
    }
    let root = fs::read_to_string(folder().join("unbroken.1")).expect("the page");
    for child in command().get_subcommands() {
        assert!(root.contains(&format!(".It Cm {}", child.get_name())), "{}", child.get_name());
    }
    for code in [0, 1, 2, 3, 4, 5, 70, 130, 143] {
        assert!(root.contains(&format!(".It {code}\n")), "exit status {code}");
        assert!(verify.contains(&format!(".It {code}")) || code == 143, "exit status {code}");
    }
}
