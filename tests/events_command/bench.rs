//! The program in a fixture's folder, or in one of its own, with nothing of this machine's settings.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    /// An error with this exit code that says these words, and nothing on stdout.
    #[track_caller]
    pub fn refuses(&self, code: i32, words: &[&str]) {
        assert_eq!((self.code, self.stdout.as_str()), (code, ""), "{}", self.stderr);
        assert!(self.stderr.lines().any(|line| line.starts_with("error: ")), "{}", self.stderr);
        for word in words {
            assert!(self.stderr.contains(word), "no `{word}` in: {}", self.stderr);
        }
    }
}

fn command(folder: &Path, words: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_unbroken"));
    command.arg("events").args(words.split_whitespace()).current_dir(folder).env_clear();
    command.env("HOME", folder).env("XDG_CONFIG_HOME", folder.join("config"));
    command
}

fn run(mut command: Command) -> Ran {
    let output = command.output().expect("the program");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Ran { code: output.status.code().expect("an exit code"), stdout: text(output.stdout), stderr: text(output.stderr) }
}

fn folder_of(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

/// In the folder of a fixture.
pub fn fixture(name: &str, words: &str) -> Ran {
    run(command(&folder_of(name), words))
}

/// In an empty folder with these files.
pub fn own(files: &[(&str, &str)], words: &str) -> Ran {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    run(command(folder.path(), words))
}

/// The exit code, where nobody reads stdout.
pub fn closed(name: &str, words: &str) -> i32 {
    let mut child = command(&folder_of(name), words).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program");
    drop(child.stdout.take());
    child.wait().expect("its end").code().expect("an exit code")
}

/// Lines of typed-events/1: actor, action, time.
pub fn typed(events: &[(&str, &str, &str)]) -> String {
    let lines = (1..).zip(events).map(|(number, (actor, action, time))| {
        let domain = action.split('.').next().unwrap();
        let event = serde_json::json!({
            "action": action, "actor_name": "Ada", "actor_role": "admin", "actor_user_id": actor, "created_at": time, "id": format!("ev-{number}"),
            "ip_address": "192.0.2.1", "metadata": {"diff": {"title": ["a", "b"]}}, "resource_id": "r-1", "resource_type": domain, "user_agent": "-2+3",
        });
        format!("{event}\n")
    });
    lines.collect()
}
