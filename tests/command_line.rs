//! The real binary, as a shell would run it: what it refuses, where it writes, and which exit code tells what. What a bundle is worth is tested
//! elsewhere.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic, reason = "test code")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// The program in an empty folder, with nothing of this machine's settings.
struct Bench {
    folder: TempDir,
}

impl Bench {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path().join(name), bytes).expect("a file");
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).expect("a file")
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path()).expect("the folder");
        let mut names: Vec<_> = entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")).collect();
        names.sort();
        names
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_unbroken"));
        command.args(line.split_whitespace()).current_dir(self.path()).env_clear();
        command.env("HOME", self.path()).env("XDG_CONFIG_HOME", self.path().join("config"));
        command
    }

    fn run(&self, line: &str) -> Ran {
        Ran::of(self.command(line).output().expect("the program"))
    }
}

struct Ran {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Ran {
    fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Self { code: output.status.code().expect("an exit code"), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// An error with this exit code that says these words, and what to do.
    #[track_caller]
    fn refuses(&self, code: i32, words: &[&str]) {
        assert_eq!(self.code, code, "{}", self.stderr);
        for line in ["error: ", "hint: "] {
            assert!(self.stderr.lines().any(|found| found.starts_with(line)), "no line `{line}` in: {}", self.stderr);
        }
        for word in words {
            assert!(self.stderr.contains(word), "no `{word}` in: {}", self.stderr);
        }
    }
}

#[test]
fn help_and_version_are_data() {
    let bench = Bench::new();
    for line in ["--help", "--version", "help verify", "verify --help", "verify -h", "trust --help", "schema report", "completions bash"] {
        let ran = bench.run(line);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{line}");
        assert!(!ran.stdout.is_empty(), "{line}");
    }
    let help = bench.run("verify --help").stdout;
    for word in ["Trust:", "Expectations:", "Policy:", "Output:", "Limits:", "Examples:", "Exit status:", "chain.links"] {
        assert!(help.contains(word), "no `{word}` in the help");
    }
}

#[test]
fn wrong_words_are_usage_errors() {
    let bench = Bench::new();
    let cases = [
        ("verfy", &["verfy"][..]),
        ("verify", &["<BUNDLE>"]),
        ("verify --narrow x", &["--narrow"]),
        ("verify --jobs 0 x", &["--jobs", "0"]),
        ("verify --max-unpacked 1T x", &["--max-unpacked", "1T", "2G"]),
        ("verify --max-ratio 0 x", &["--max-ratio"]),
        ("verify --count -1 x", &["-1"]),
        ("verify --format pdf x", &["pdf", "text", "json", "junit"]),
        ("verify --report pdf=a x", &["pdf", "text", "json", "junit"]),
        ("verify --report a.json x", &["FORMAT=FILE"]),
        ("verify --from 2026-13-01 x", &["2026-13-01", "a day like 2026-10-01", "2026-10-01T02:00:00+02:00", "`unbroken verify --help`"]),
        ("events --format pdf x", &["\n  [possible values: table, csv, json, ndjson]", "`unbroken events --help`"]),
        ("compare - -", &["stdin (-) stands here twice"]),
        ("verify --from 2026-10-02T00:00:00Z --to 2026-10-01T00:00:00Z x", &["--from", "--to"]),
        ("verify --require chain.link x", &["chain.link", "chain.links", "event.mac", "container.structure"]),
        ("verify --skip chain.links,chain.foo x", &["chain.foo", "chain.sequence"]),
        ("verify --skip container.structure x", &["container.structure cannot be skipped"]),
        ("verify --skip event.readable x", &["event.readable cannot be skipped"]),
        ("verify --skip event.mac --require event.mac x", &["event.mac", "--require", "--skip"]),
        ("verify -q -v x", &["--quiet", "--verbose"]),
        ("verify --trust a --trust b x", &["--trust"]),
        ("verify --count 3 a.zip b.zip", &["--count", "2"]),
        ("verify --from 2026-10-01T00:00:00Z a.zip b.zip", &["--from"]),
        ("completions cobol", &["cobol"]),
    ];
    for (line, words) in cases {
        let ran = bench.run(line);
        ran.refuses(2, words);
        assert_eq!(ran.stdout, "", "{line}");
    }
}

#[test]
fn a_missing_bundle_is_an_environment_error_in_every_format() {
    let bench = Bench::new();
    for format in ["text", "json", "junit"] {
        let ran = bench.run(&format!("verify --format {format} acme.zip"));
        ran.refuses(4, &["acme.zip"]);
        assert!(!ran.stdout.is_empty(), "{format}");
    }
}

#[test]
fn trouble_with_one_bundle_does_not_stop_the_others() {
    let ran = Bench::new().run("verify one.zip two.zip");
    ran.refuses(4, &["one.zip", "two.zip"]);
    let at = |name| ran.stdout.find(name).expect(name);
    assert!(at("one.zip") < at("two.zip"), "in the order given: {}", ran.stdout);
}

#[test]
fn a_mistyped_loose_file_is_no_missing_file() {
    let bench = Bench::new();
    bench.write("manifest.json", b"{}");
    bench.run("verify manifest.json manifest.sig evnets.ndjson").refuses(4, &["manifest.sig"]);
}

#[cfg(unix)]
#[test]
fn a_socket_is_refused_at_once() {
    let bench = Bench::new();
    let _socket = std::os::unix::net::UnixListener::bind(bench.path().join("pipe")).expect("a socket");
    bench.run("verify pipe").refuses(4, &["pipe", "neither a file nor a folder"]);
}

#[test]
fn a_trust_file_must_be_there_if_named() {
    let bench = Bench::new();
    bench.run("verify --trust none.toml acme.zip").refuses(4, &["none.toml"]);
    bench.run("verify --trust . acme.zip").refuses(4, &["."]);
    let named = bench.command("verify acme.zip").env("UNBROKEN_TRUST", "named.toml").output().expect("the program");
    Ran::of(named).refuses(4, &["named.toml"]);
}

#[test]
fn a_slip_in_the_trust_file_is_a_usage_error() {
    let bench = Bench::new();
    bench.write("trust.toml", b"version = 1\n[[keys]]\nid = \"acme\"\n");
    for line in ["verify --trust trust.toml acme.zip", "trust check trust.toml"] {
        bench.run(line).refuses(2, &["trust.toml", "keys"]);
    }
    bench.write("key.pem", b"no key");
    bench.run("trust fingerprint key.pem").refuses(2, &["key.pem"]);
    bench.run("verify --key key.pem acme.zip").refuses(2, &["key.pem"]);
}

#[test]
fn a_trust_file_in_the_config_folder_is_used_and_named() {
    let bench = Bench::new();
    fs::create_dir_all(bench.path().join("config/unbroken")).expect("a folder");
    bench.write("config/unbroken/trust.toml", b"version = 1\n");
    let ran = bench.run("verify -v acme.zip");
    ran.refuses(4, &["note: trust file", "unbroken/trust.toml", "sha256:"]);
    assert!(!bench.run("verify acme.zip").stderr.contains("note: "), "only with -v");
}

#[test]
fn a_trust_file_next_to_the_bundle_is_not_looked_for() {
    let bench = Bench::new();
    bench.write("trust.toml", b"not read");
    fs::create_dir(bench.path().join("unbroken")).expect("a folder");
    bench.write("unbroken/trust.toml", b"not read");
    for folder in ["", ".", "relative"] {
        let output = bench.command("verify -v acme.zip").env("XDG_CONFIG_HOME", folder).env("UNBROKEN_TRUST", "").output();
        let ran = Ran::of(output.expect("the program"));
        ran.refuses(4, &["acme.zip", "no trust file"]);
    }
    let homeless = bench.command("verify -v acme.zip").env_remove("XDG_CONFIG_HOME").env("HOME", "").output();
    Ran::of(homeless.expect("the program")).refuses(4, &["acme.zip", "no trust file"]);
}

#[test]
fn colours_only_where_they_are_wanted() {
    let bench = Bench::new();
    let escapes = |line: &str, variable: &str, value: &str| {
        let ran = Ran::of(bench.command(line).env(variable, value).output().expect("the program"));
        assert_eq!(ran.code, 4);
        [ran.stdout, ran.stderr].map(|text| text.contains('\u{1b}'))
    };
    assert_eq!(escapes("verify acme.zip", "TERM", "xterm"), [false; 2], "no terminal");
    assert_eq!(escapes("verify acme.zip", "CLICOLOR_FORCE", "1"), [true; 2]);
    assert_eq!(escapes("verify --color never acme.zip", "CLICOLOR_FORCE", "1"), [false; 2]);
    assert_eq!(escapes("verify --color always acme.zip", "NO_COLOR", "1"), [true; 2]);
    assert_eq!(escapes("verify --color always --format json acme.zip", "TERM", "xterm"), [false, true], "JSON has no colours");
}

#[test]
fn a_report_is_written_beside_stdout() {
    let bench = Bench::new();
    let ran = bench.run("verify --color always --report json=a.json --report text=b.txt --format json acme.zip");
    assert_eq!(ran.code, 4);
    assert_eq!(bench.names(), ["a.json", "b.txt"]);
    assert_eq!(bench.read("a.json"), ran.stdout, "one report, one text");
    assert!(!bench.read("b.txt").contains('\u{1b}'), "no colours in files");
}

#[test]
fn a_report_never_takes_a_place_that_is_taken() {
    let bench = Bench::new();
    bench.write("old.json", b"old");
    bench.run("verify --report json=old.json acme.zip").refuses(2, &["old.json", "exists", "--force"]);
    assert_eq!(bench.read("old.json"), "old");
    bench.run("verify --report json=old.json --force acme.zip").refuses(4, &["acme.zip"]);
    assert_ne!(bench.read("old.json"), "old");

    fs::create_dir(bench.path().join("folder")).expect("a folder");
    bench.run("verify --report json=folder --force acme.zip").refuses(2, &["folder"]);
    bench.run("verify --report json=none/a.json acme.zip").refuses(4, &["none"]);
    bench.run("verify --report json=a.json --report text=./a.json acme.zip").refuses(2, &["two --report"]);
    assert_eq!(bench.names(), ["folder", "old.json"], "nothing is left over");
}

#[test]
fn a_report_spares_what_is_read() {
    let bench = Bench::new();
    bench.write("acme.zip", b"PK\x03\x04");
    fs::create_dir(bench.path().join("bundle")).expect("a folder");
    bench.run("verify --report json=./acme.zip --force acme.zip").refuses(2, &["acme.zip", "input"]);
    bench.run("verify --report json=bundle/a.json bundle").refuses(2, &["bundle"]);
    assert_eq!(bench.read("acme.zip"), "PK\x03\x04");
}

#[cfg(unix)]
#[test]
fn a_link_is_replaced_and_never_followed() {
    let bench = Bench::new();
    bench.write("precious", b"precious");
    std::os::unix::fs::symlink("precious", bench.path().join("link")).expect("a link");
    bench.run("verify --report json=link acme.zip").refuses(2, &["link", "exists"]);
    bench.run("verify --report json=link --force acme.zip").refuses(4, &["acme.zip"]);
    assert_eq!(bench.read("precious"), "precious");
    assert!(bench.path().join("link").symlink_metadata().expect("the report").is_file());
}

#[cfg(target_os = "linux")]
#[test]
fn an_unwritable_folder_is_found_before_the_work() {
    let ran = Bench::new().run("verify --report json=/proc/report.json acme.zip");
    ran.refuses(4, &["/proc"]);
    assert_eq!(ran.stdout, "");
}

#[test]
fn a_reader_that_has_seen_enough_changes_nothing() {
    let bench = Bench::new();
    for (line, code) in [("verify acme.zip", 4), ("verify --format json acme.zip", 4), ("verify --help", 0), ("completions zsh", 0)] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output = bench.command(line).stdout(writer).stderr(Stdio::piped()).output().expect("the program");
        let ran = Ran::of(output);
        assert_eq!(ran.code, code, "{line}: {}", ran.stderr);
        assert!(!ran.stderr.contains("panic") && !ran.stderr.contains("ipe"), "{line}: {}", ran.stderr);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_environment_error() {
    let bench = Bench::new();
    let full = || fs::File::options().write(true).open("/dev/full").expect("the full device");
    for line in ["completions bash", "--help"] {
        Ran::of(bench.command(line).stdout(full()).output().expect("the program")).refuses(4, &["stdout"]);
    }
}
