//! A table on a terminal is paged, by the program that its user configured and by nothing else. Python gives the terminal.

use std::path::Path;
use std::process::{Command, Stdio};

const TERMINAL: &str = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";

/// What stands on the terminal in the end, and the exit code.
fn terminal(pager: Option<&str>, words: &str) -> (i32, String) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::new("python3");
    command.args(["-c", TERMINAL, env!("CARGO_BIN_EXE_unbroken"), "events", "--no-progress", "-t", "../trust.toml"]).args(words.split_whitespace());
    command.current_dir(root.join("fixtures/good")).env_remove("UNBROKEN_TRUST").env_remove("PAGER").stdin(Stdio::null());
    if let Some(pager) = pager {
        command.env("PAGER", pager);
    }
    let output = command.output().expect("python3");
    (output.status.code().expect("an exit code"), String::from_utf8_lossy(&output.stdout).replace("\r\n", "\n"))
}

#[test]
fn a_table_on_a_terminal_is_paged() {
    let (code, shown) = terminal(Some("tr a-z A-Z"), "bundle.zip");
    assert_eq!(code, 0, "{shown}");
    assert!(shown.contains("FILE.UPLOAD") && !shown.contains("file.upload"), "{shown}");
    // the verdict stands above the rows, and again when the pager has ended
    assert!(shown.contains("VERDICT   PASS: ") && shown.contains("8 OF 8 EVENTS MATCH") && shown.contains("\nPASS: "), "{shown}");
    // no shell reads it, and less is told to start nothing
    let (_, shown) = terminal(Some("env"), "bundle.zip");
    assert!(shown.contains("LESSSECURE=1"), "{shown}");
    let (_, shown) = terminal(Some("echo $HOME ; true"), "bundle.zip");
    assert!(shown.contains("$HOME ; true"), "{shown}");
}

#[test]
fn nothing_is_paged_that_need_not_be() {
    for (pager, words) in [
        (Some(""), "bundle.zip"),
        (Some("cat"), "bundle.zip"),
        (Some("no-such-program-is-there"), "bundle.zip"),
        (Some("tr a-z A-Z"), "--no-pager bundle.zip"),
        (Some("tr a-z A-Z"), "--format csv bundle.zip"),
    ] {
        let (code, shown) = terminal(pager, words);
        assert_eq!(code, 0, "{shown}");
        assert!(shown.contains("file.upload") && shown.contains("8 of 8 events match"), "{pager:?} {words}: {shown}");
    }
}
