//! `unbroken explain`: every code and every check is explained, in the words of the specification and without its marks; what is unknown is answered
//! with what was meant.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic, reason = "test code")]

use std::process::{Command, Output};

use unbroken::finding::{CheckId, Code};
use unbroken::report::{TextOptions, explain, explain_list};

fn run(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_unbroken")).env_clear().arg("explain").args(args).output().unwrap()
}

#[test]
fn every_code_and_every_check_is_explained_without_marks() {
    let names = Code::ALL.iter().map(|code| code.name()).chain(CheckId::ALL.iter().map(|check| check.id()));
    for name in names {
        let text = explain(name, &TextOptions::default()).unwrap_or_else(|| panic!("{name}"));
        for mark in ["`", "**", "](", "|--", "\n#"] {
            assert!(!text.contains(mark), "{name}: {mark:?} in {text}");
        }
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
        assert!(text.len() > 150, "{text}");
    }
    for code in Code::ALL {
        let text = explain(code.name(), &TextOptions::default()).unwrap();
        for part in ["\n  Example.\n", "\n  Usual causes.\n", "\n  What to ask the producer.\n"] {
            assert!(text.contains(part), "{code}: {text}");
        }
    }
}

#[test]
fn the_list_has_all_of_them() {
    let list = explain_list(&TextOptions::default());
    for name in Code::ALL.iter().map(|code| code.name()).chain(CheckId::ALL.iter().map(|check| check.id())) {
        assert!(list.lines().any(|line| line.split_whitespace().next() == Some(name)), "{name}");
    }
    let outputs = [run(&[]), run(&["--list"])];
    assert!(outputs.iter().all(|output| output.status.code() == Some(0) && output.stdout == list.as_bytes()));
}

#[test]
fn an_unknown_name_is_answered_with_what_was_meant() {
    let output = run(&["chain.modifed"]);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    assert!(errors.contains("did you mean chain.modified"), "{errors}");
    assert_eq!(run(&["zzzzzzzz"]).status.code(), Some(2));
    assert_eq!(run(&["chain.modified"]).status.code(), Some(0));
}
