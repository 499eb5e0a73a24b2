//! The real program against bundles that are written to deceive its reader, and against a hostile environment.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic, reason = "test code")]

#[cfg(unix)]
mod environment;
#[path = "../forge/mod.rs"]
mod forge;
mod strings;

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use forge::bundle::{ACME, Bundle, Start};
use forge::container::{Archive, Files, Method};
use forge::keys::tenant_key;
use forge::record::{Profile, Proof};
use forge::trust::TrustFile;
use tempfile::TempDir;

/// A folder with the auditor's files; the program runs in it.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        desk.write("trust.toml", TrustFile::standard().text().as_bytes());
        desk.write("acme-mac.key", &tenant_key(ACME));
        desk
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path().join(name), bytes).unwrap();
    }

    fn zip(&self, name: &str, files: &Files) {
        self.write(name, &Archive::of(files, Method::Stored).bytes());
    }

    fn folder(&self, name: &str, files: &Files) {
        fs::create_dir(self.path().join(name)).unwrap();
        files.iter().for_each(|(file, bytes)| fs::write(self.path().join(name).join(file), bytes).unwrap());
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_unbroken"));
        command.current_dir(self.path()).env_clear().stdin(Stdio::null()).args(["verify", "--trust", "trust.toml"]).args(args);
        command
    }

    fn run(&self, args: &[&str]) -> Ran {
        Ran::of(self.command(args).output().unwrap())
    }
}

/// How a run ended.
struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Ran {
    fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Self { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

/// Five honest events.
fn honest() -> Bundle {
    Bundle::honest(Profile::FileTransfer, Start::Middle, 5, Proof::Mac)
}

/// One of its events altered.
fn altered() -> Bundle {
    let mut bundle = honest();
    bundle.alter(2);
    bundle
}
