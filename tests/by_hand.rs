//! What the program decides, an auditor can repeat by hand with OpenSSL and coreutils: the same signatures, the same links, the same HMACs. The
//! commands that the specification prints are run as they stand there.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic, reason = "test code")]

#[path = "forge/mod.rs"]
mod forge;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use forge::bundle::{ACME, export_key};
use forge::keys::{hex, tenant_key};
use serde_json::Value;

const EXIT: &str = "exit status ";

/// A shell with the programs that are needed, in a folder of its own.
struct Shell(tempfile::TempDir);

impl Shell {
    /// Fails where a program is missing: skipping in silence would look like success.
    fn new() -> Self {
        let shell = Self(tempfile::tempdir().unwrap());
        for (program, package) in [
            ("openssl", "openssl (3.0 or later)"),
            ("sha256sum", "coreutils"),
            ("base64", "coreutils"),
            ("od", "coreutils"),
            ("sed", "sed"),
            ("grep", "grep"),
        ] {
            let found = shell.run(&format!("command -v {program}"));
            assert!(!found.starts_with(EXIT), "this test needs the program {program}: install {package}");
        }
        let version = shell.run("openssl version");
        let major: u32 = version.trim_start_matches("OpenSSL ").split('.').next().and_then(|major| major.parse().ok()).unwrap_or(0);
        assert!(major >= 3, "this test needs OpenSSL 3.0 or later (for `openssl kdf` and `openssl mac`), found: {version}");
        shell
    }

    fn folder(&self) -> &Path {
        self.0.path()
    }

    /// Runs a script; what it prints on either stream, without the last line's end; at the end the exit status where that is not 0.
    fn run(&self, script: &str) -> String {
        let output =
            Command::new("sh").current_dir(self.folder()).args(["-c", &format!("exec 2>&1\n{script}")]).output().expect("this test needs sh");
        let text = String::from_utf8_lossy(&output.stdout).trim_end().to_owned();
        match output.status.code() {
            Some(0) => text,
            code => format!("{text}\n{EXIT}{}", code.unwrap_or(-1)).trim_start().to_owned(),
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() { copy(&entry.path(), &to) } else { fs::copy(entry.path(), to).map(drop).unwrap() }
    }
}

/// The program's report on a folder.
fn report(bundle: &Path, trust: &Path, more: &[String]) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_unbroken"));
    let output = command.env_clear().arg("verify").arg(bundle).arg("--trust").arg(trust).args(more).args(["--format", "json"]).output().unwrap();
    serde_json::from_slice::<Value>(&output.stdout).unwrap()["bundles"][0].take()
}

fn status(report: &Value, row: &str) -> String {
    let rows = report["checks"].as_array().unwrap();
    rows.iter().find(|found| found["id"] == row).unwrap()["status"].as_str().unwrap().to_owned()
}

/// A command of the specification, and what it prints.
#[derive(Debug, Default)]
struct Step {
    command: String,
    prints: String,
}

/// All lines with a `$ ` in front, with their continuations, and the lines that follow them.
fn steps(page: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let (mut open, mut continued) = (false, false);
    for line in page.lines() {
        match line.strip_prefix("$ ") {
            _ if line.starts_with("```") => open = false,
            Some(command) => {
                steps.push(Step { command: command.to_owned(), ..Step::default() });
                open = true;
                continued = command.ends_with('\\');
            }
            None if open && continued => {
                let step = steps.last_mut().unwrap();
                step.command = format!("{}\n{line}", step.command);
                continued = line.ends_with('\\');
            }
            None if open => {
                let step = steps.last_mut().unwrap();
                step.prints = format!("{}{line}\n", step.prints);
            }
            None => {}
        }
    }
    steps
}

#[test]
fn the_commands_of_the_specification_print_what_it_says() {
    let shell = Shell::new();
    copy(&root().join("spec/example"), shell.folder());
    let steps = steps(&fs::read_to_string(root().join("spec/README.md")).unwrap());
    assert!(steps.len() >= 14, "expected the commands of five steps, found {}", steps.len());
    let script: Vec<String> = steps.iter().map(|step| format!("{}\necho '=== next'", step.command)).collect();
    let printed = shell.run(&script.join("\n"));
    let printed: Vec<&str> = printed.split("=== next").map(str::trim).collect();
    assert_eq!(printed.len(), steps.len() + 1, "{printed:#?}");
    for (step, printed) in steps.iter().zip(printed) {
        assert_eq!(step.prints.trim(), printed, "{}", step.command);
    }
}

#[test]
fn the_example_of_the_specification_is_printed_as_it_is() {
    let page = fs::read_to_string(root().join("spec/README.md")).unwrap();
    for name in ["manifest.json", "manifest.sig", "genesis.json", "events.ndjson"] {
        let text = fs::read_to_string(root().join("spec/example/bundle").join(name)).unwrap();
        assert!(page.contains(&format!("```json\n{}\n```", text.trim_end())), "spec/README.md shows another {name}");
    }
}

/// A good fixture and what an auditor holds, in the shell's folder.
fn good(shell: &Shell) -> (PathBuf, PathBuf, Value) {
    let fixture = root().join("fixtures/good-folder");
    copy(&fixture, shell.folder());
    fs::write(shell.folder().join("acme.pem"), export_key().pem()).unwrap();
    let key = root().join("fixtures/acme-mac.key");
    let (bundle, trust) = (shell.folder().join("bundle"), shell.folder().join("trust.toml"));
    let report = report(&bundle, &trust, &["--mac-key".to_owned(), format!("acme-mac={}", key.display())]);
    (bundle, trust, report)
}

const VERIFY: &str = r#"sed 's/.*"signature":"\([^"]*\)".*/\1/' bundle/manifest.sig | base64 -d > sig.bin
openssl pkeyutl -verify -pubin -inkey acme.pem -rawin -in bundle/manifest.json -sigfile sig.bin"#;

#[test]
fn openssl_verifies_the_same_signature() {
    let shell = Shell::new();
    let (bundle, trust, good) = good(&shell);
    assert_eq!(shell.run(VERIFY), "Signature Verified Successfully");
    assert_eq!((status(&good, "manifest.signature"), good["verdict"].as_str()), ("upheld".to_owned(), Some("pass")));
    let manifest = fs::read_to_string(bundle.join("manifest.json")).unwrap();
    fs::write(bundle.join("manifest.json"), manifest.replace("\"complete\"", "\"complete\" ")).unwrap();
    let refused = shell.run(VERIFY);
    assert!(refused.contains("Signature Verification Failure") && refused.contains(EXIT), "{refused}");
    assert_eq!(status(&report(&bundle, &trust, &[]), "manifest.signature"), "refuted");
}

#[test]
fn coreutils_give_the_same_links() {
    let shell = Shell::new();
    let (bundle, _, good) = good(&shell);
    let text = fs::read_to_string(bundle.join("events.ndjson")).unwrap();
    let events: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let hash = |number: usize| {
        let printed = shell.run(&format!(r"sed -n {number}p bundle/events.ndjson | tr -d '\n' | sha256sum"));
        format!("sha256:{}", printed.trim_end_matches(" -").trim())
    };
    for (number, next) in (1..).zip(&events[1..]) {
        assert_eq!(next["prev_hash"], hash(number), "the link of event {}", number + 1);
    }
    assert_eq!((&good["first"]["hash"], &good["last"]["hash"]), (&Value::from(hash(1)), &Value::from(hash(events.len()))));
    assert_eq!(status(&good, "chain.links"), "upheld");
}

#[test]
fn openssl_gives_the_same_hmacs() {
    let shell = Shell::new();
    let (bundle, _, good) = good(&shell);
    let kdf = format!(
        "openssl kdf -keylen 32 -kdfopt digest:SHA256 -kdfopt hexkey:{} -kdfopt salt:{ACME} -kdfopt 'info:audit-bundle/1 event-mac 2026-10' HKDF | tr -d ':\\n'",
        hex(&tenant_key(ACME))
    );
    let epoch = shell.run(&kdf);
    assert_eq!(epoch.to_lowercase(), hex(&forge::keys::epoch_key(ACME, &tenant_key(ACME), "2026-10")));
    let text = fs::read_to_string(bundle.join("events.ndjson")).unwrap();
    for (number, line) in (1..).zip(text.lines()) {
        let event: Value = serde_json::from_str(line).unwrap();
        assert!(event["occurred_at"].as_str().unwrap().starts_with("2026-10"), "the fixture lies in October");
        let printed = shell.run(&format!(
            r#"sed -n {number}p bundle/events.ndjson | tr -d '\n' | sed 's/"hmac":"[^"]*",//' > event
openssl mac -digest SHA256 -macopt hexkey:{epoch} -in event HMAC"#
        ));
        assert_eq!(event["hmac"], format!("hmac-sha256:{}", printed.to_lowercase()), "event {number}");
    }
    assert_eq!(status(&good, "event.mac"), "upheld");
}
