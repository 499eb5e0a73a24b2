//! What the program reads and writes beside the bundle: what no report may replace, what is no input, what a hint names, and how long a line may be.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic, reason = "test code")]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

/// A copy of a fixture, in which the program runs.
struct Bench(tempfile::TempDir);

impl Bench {
    fn new(fixture: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(fixture)).expect("the fixture") {
            let entry = entry.expect("an entry");
            fs::copy(entry.path(), folder.path().join(entry.file_name())).expect("a copy");
        }
        Self(folder)
    }

    fn run_with(&self, words: &str, stdin: &[u8]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_unbroken"));
        command.args(words.split_whitespace()).current_dir(self.0.path()).env_clear().env("HOME", self.0.path());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program");
        // it may end before it has read all
        _ = child.stdin.take().expect("its stdin").write_all(stdin);
        let output = child.wait_with_output().expect("its end");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    fn run(&self, words: &str) -> Ran {
        self.run_with(words, b"")
    }

    fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.0.path().join(name)).expect("a file")
    }
}

#[test]
fn no_report_replaces_a_file_that_the_trust_file_names() {
    let bench = Bench::new("table-field-token");
    fs::create_dir(bench.0.path().join("keys")).unwrap();
    fs::write(bench.0.path().join("keys/mac.key"), [7; 32]).unwrap();
    let mut trust = String::from_utf8(bench.bytes("trust.toml")).unwrap();
    trust.push_str("\n[[secret]]\nid = \"mac\"\nfile = \"keys/mac.key\"\nkind = \"tenant\"\ntenant = \"tnt_acme\"\n");
    fs::write(bench.0.path().join("trust.toml"), trust).unwrap();
    for file in ["acme-jwks.json", "keys/mac.key", "keys/../acme-jwks.json", "trust.toml"] {
        let before = bench.bytes(file);
        let ran = bench.run(&format!("verify -t trust.toml --force --report json={file} bundle.zip"));
        assert_eq!(ran.code, Some(2), "{file}: {}", ran.stderr);
        assert!(ran.stderr.contains("is also an input"), "{}", ran.stderr);
        assert_eq!(bench.bytes(file), before);
    }
}

#[test]
fn a_file_of_controls_alone_asks_for_nothing() {
    let bench = Bench::new("good-actions");
    let control = "[[control]]\nid = \"a:1\"\ntitle = \"t\"\nsays = \"s\"\n[[control.filter]]\nsays = \"f\"\naction = [\"*\"]\n";
    fs::write(bench.0.path().join("own.toml"), control).unwrap();
    let ran = bench.run("events -t trust.toml --controls own.toml bundle.zip");
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{}", ran.stderr);
    assert!(ran.stderr.contains("--control ID") && ran.stderr.contains("--list-controls"), "{}", ran.stderr);
    assert_eq!(bench.run("events -t trust.toml --controls own.toml --control a:1 bundle.zip").code, Some(0));
    assert!(bench.run("events --controls own.toml --list-controls").stdout.contains("a:1"));
}

#[test]
fn a_quiet_line_is_never_broken() {
    let bench = Bench::new("good");
    for words in ["verify -q bundle.zip", "verify -q -t trust.toml bundle.zip", "verify -q -t trust.toml -k none.pem bundle.zip"] {
        let ran = bench.run(words);
        assert!(ran.stdout.lines().count() <= 1, "{words}: {}", ran.stdout);
    }
    let long = "a".repeat(200);
    fs::copy(bench.0.path().join("bundle.zip"), bench.0.path().join(&long)).unwrap();
    let ran = bench.run(&format!("verify -q {long}"));
    assert_eq!(ran.stdout.lines().count(), 1, "{}", ran.stdout);
    let two = bench.run("verify -q bundle.zip bundle.zip");
    assert_eq!(two.stdout.lines().count(), 3, "one each, and one for all: {}", two.stdout);
}

#[test]
fn a_folder_of_a_raw_export_is_told_what_to_name() {
    let bench = Bench::new("good-raw-pages");
    let ran = bench.run("verify .");
    assert_eq!(ran.code, Some(4));
    assert!(ran.stderr.contains("unbroken verify ./*.json"), "{}", ran.stderr);
}

#[test]
fn the_standard_input_can_be_probed() {
    let bench = Bench::new("table-field-token");
    let ran = bench.run_with("profile probe -", &bench.bytes("events.ndjson"));
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.ends_with("-: passkey-actions/1\n"), "{}", ran.stdout);
}

#[test]
fn a_limit_on_a_packed_file_names_the_file() {
    let bench = Bench::new("table-field-token");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(&bench.bytes("events.ndjson")).unwrap();
    fs::write(bench.0.path().join("october.ndjson.gz"), packed.finish().unwrap()).unwrap();
    let ran = bench.run("verify --profile passkey-actions/1 --max-unpacked 100 october.ndjson.gz");
    assert_eq!(ran.code, Some(5), "{}", ran.stderr);
    assert!(ran.stderr.contains("october.ndjson.gz: "), "{}", ran.stderr);
}

#[cfg(unix)]
#[test]
fn keys_come_from_files_and_pipes_and_from_no_device() {
    let bench = Bench::new("good");
    for words in ["-t /dev/zero", "-k /dev/zero", "--mac-key a=/dev/zero", "--profile /dev/zero", "--expect /dev/zero"] {
        let ran = bench.run(&format!("verify {words} bundle.zip"));
        assert_eq!(ran.code, Some(4), "{words}: {}", ran.stderr);
        assert!(ran.stderr.contains("neither a regular file nor a pipe"), "{words}: {}", ran.stderr);
    }
    let piped = bench.run_with("verify -t /dev/stdin bundle.zip", &bench.bytes("trust.toml"));
    assert!(!piped.stderr.contains("neither a regular file nor a pipe"), "{}", piped.stderr);
}
