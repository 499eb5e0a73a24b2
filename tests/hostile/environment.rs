//! What the machine may do: files that are missing, empty, of another kind, unreadable; outputs that are full or gone; signals.

use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

use crate::{Desk, Ran, altered, honest};

impl Ran {
    /// This exit code, no verdict, one sentence and one hint, with these words.
    #[track_caller]
    fn refuses(&self, code: i32, words: &[&str]) {
        assert_eq!(self.code, Some(code), "{}{}", self.stdout, self.stderr);
        let lines = |start: &str| self.stderr.lines().filter(|line| line.starts_with(start)).count();
        assert_eq!((lines("error: "), lines("hint: ")), (1, 1), "{}", self.stderr);
        for word in words {
            assert!(self.stderr.contains(word), "no `{word}` in: {}", self.stderr);
        }
        assert!(!self.stdout.lines().any(|line| ["PASS", "FAIL", "INCOMPLETE"].iter().any(|verdict| line.starts_with(verdict))), "{}", self.stdout);
    }
}

fn tar() -> Vec<u8> {
    let mut header = vec![0; 512];
    header[..13].copy_from_slice(b"manifest.json");
    header[100..107].copy_from_slice(b"0000644");
    header[124..135].copy_from_slice(b"00000000002");
    header[257..263].copy_from_slice(b"ustar\0");
    header.extend(b"{}");
    header.resize(512 * 4, 0);
    header
}

#[test]
fn what_is_no_bundle_is_no_verdict() {
    let desk = Desk::new();
    desk.write("empty.zip", b"");
    desk.write("acme.tar", &tar());
    desk.write("notes.txt", b"not a bundle\n");
    desk.write("lines.ndjson", b"{}\n");
    fs::create_dir(desk.path().join("empty")).unwrap();
    fs::create_dir(desk.path().join("other")).unwrap();
    desk.write("other/readme.txt", b"hello");
    for name in ["missing.zip", "missing/acme.zip", "empty.zip", "acme.tar", "notes.txt", "lines.ndjson", "empty", "other", "trust.toml/acme.zip"] {
        desk.run(&[name]).refuses(4, &[name]);
    }
}

#[test]
fn a_pipe_is_refused_and_does_not_hang() {
    let desk = Desk::new();
    desk.folder("bundle", &honest().sealed());
    for name in ["pipe.zip", "bundle/more.txt"] {
        assert!(Command::new("mkfifo").arg(desk.path().join(name)).status().expect("this test needs mkfifo: install coreutils").success());
    }
    desk.run(&["pipe.zip"]).refuses(4, &["pipe.zip"]);
    let ran = desk.run(&["bundle"]);
    assert_eq!(ran.code, Some(1), "a pipe among the members is a finding: {}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("container.not-regular"), "{}", ran.stdout);
}

#[test]
fn an_unreadable_file_is_an_environment_error() {
    let desk = Desk::new();
    desk.zip("acme.zip", &honest().sealed());
    desk.folder("bundle", &honest().sealed());
    let closed = [desk.path().join("acme.zip"), desk.path().join("bundle/events.ndjson")];
    for path in &closed {
        fs::set_permissions(path, fs::Permissions::from_mode(0o000)).unwrap();
    }
    if File::open(&closed[0]).is_ok() {
        // root reads everything: then there is nothing unreadable to test
        return;
    }
    desk.run(&["acme.zip"]).refuses(4, &["acme.zip", "who may read"]);
    desk.run(&["bundle"]).refuses(4, &["events.ndjson", "who may read"]);
}

#[test]
fn names_of_files_are_shown_safely() {
    let desk = Desk::new();
    let name = std::ffi::OsStr::from_bytes(b"acme\x1b[2J\n\rPASS  every required check\xff.zip");
    fs::write(desk.path().join("plain.zip"), b"").unwrap();
    desk.zip("good.zip", &honest().sealed());
    fs::rename(desk.path().join("good.zip"), desk.path().join(name)).unwrap();
    let missing = Ran::of(desk.command(&[]).arg("\u{1b}[2Jacme\n\rPASS  every.zip").output().unwrap());
    missing.refuses(4, &["acme"]);
    let good = Ran::of(desk.command(&[]).arg(name).output().unwrap());
    assert_eq!(good.code, Some(0), "{}{}", good.stdout, good.stderr);
    fs::write(desk.path().join(name), b"").unwrap();
    let empty = Ran::of(desk.command(&[]).arg(name).output().unwrap());
    empty.refuses(4, &["acme"]);
    for text in [good.stdout.as_str(), &good.stderr, &empty.stdout, &empty.stderr, &missing.stdout, &missing.stderr] {
        assert!(text.chars().all(|character| character == '\n' || !character.is_control()), "{text:?}");
    }
    assert_eq!(good.stdout.lines().filter(|line| line.starts_with("PASS")).count(), 1);
}

/// A FAIL is worth more than trouble with the report; a PASS that nobody can read is none.
#[cfg(target_os = "linux")]
#[test]
fn a_verdict_on_a_full_disk() {
    let desk = Desk::new();
    desk.zip("good.zip", &honest().sealed());
    desk.zip("bad.zip", &altered().sealed());
    for (bundle, code) in [("good.zip", 4), ("bad.zip", 1)] {
        for format in ["text", "json", "junit"] {
            let full = File::options().write(true).open("/dev/full").unwrap();
            let ran = Ran::of(desk.command(&[bundle, "--format", format]).stdout(full).output().unwrap());
            assert_eq!(ran.code, Some(code), "{bundle} as {format}: {}", ran.stderr);
            assert!(ran.stderr.contains("error: ") && ran.stderr.contains("stdout"), "{}", ran.stderr);
        }
        desk.run(&[bundle, "--report", "json=/dev/full"]).refuses(2, &["/dev/full"]);
        desk.run(&[bundle, "--report", "json=missing/report.json"]).refuses(4, &["missing"]);
    }
}

/// Whoever closes the pipe has seen enough: the exit code stays that of the verdict.
#[test]
fn a_verdict_into_a_closed_pipe() {
    let desk = Desk::new();
    desk.zip("good.zip", &honest().sealed());
    desk.zip("bad.zip", &altered().sealed());
    for (bundle, code) in [("good.zip", 0), ("bad.zip", 1)] {
        for format in ["text", "json", "junit"] {
            let (reader, writer) = std::io::pipe().unwrap();
            drop(reader);
            let ran = Ran::of(desk.command(&[bundle, "--format", format]).stdout(writer).stderr(Stdio::piped()).output().unwrap());
            assert_eq!((ran.code, ran.stderr.as_str()), (Some(code), ""), "{bundle} as {format}");
        }
    }
}

#[test]
fn slips_in_the_trust_file_are_usage_errors() {
    let desk = Desk::new();
    desk.zip("acme.zip", &honest().sealed());
    let good = fs::read_to_string(desk.path().join("trust.toml")).unwrap();
    let slips = [
        ("a wrong version", good.replace("version = 1", "version = 2")),
        ("no version", good.replace("version = 1", "")),
        ("a mistyped key", good.replace("algorithm", "algoritm")),
        ("a mistyped table", good.replace("[[key]]", "[[keys]]")),
        ("a mistyped algorithm", good.replace("\"Ed25519\"", "\"ed25519\"")),
        ("another algorithm", good.replace("\"Ed25519\"", "\"ES256\"")),
        ("a mistyped use", good.replace("\"manifest\"", "\"manifests\"")),
        ("one id twice", good.replace("acme-events", "acme-export-2026")),
        ("a cut public key", good.replace("public_key = \"MCow", "public_key = \"Cow")),
        ("a quote too few", good.replacen("id = \"acme-export-2026\"", "id = \"acme-export-2026", 1)),
        ("not UTF-8", good.replace("acme-export-2026", "acme\u{0}")),
        ("JSON", "{\"version\": 1}".to_owned()),
        ("nothing", String::new()),
    ];
    for (name, text) in slips {
        assert_ne!(text, good, "{name}");
        desk.write("trust.toml", text.as_bytes());
        let ran = desk.run(&["acme.zip"]);
        assert_eq!(ran.stdout, "", "{name}");
        ran.refuses(2, &["trust.toml"]);
    }
    desk.write("trust.toml", good.as_bytes());
    assert_eq!(desk.run(&["acme.zip"]).code, Some(0));
}

#[test]
fn files_of_the_wrong_kind_are_usage_errors() {
    let desk = Desk::new();
    desk.zip("acme.zip", &honest().sealed());
    let key = fs::read(desk.path().join("acme-mac.key")).unwrap();
    desk.write("with-line-end.key", &[&key[..], b"\n"].concat());
    desk.write("short.key", &key[..31]);
    desk.write("hex.key", crate::forge::keys::hex(&key).as_bytes());
    for name in ["with-line-end.key", "short.key", "hex.key"] {
        desk.run(&["acme.zip", "--mac-key", &format!("acme-mac={name}")]).refuses(2, &[name]);
    }
    for (args, word) in [(["--trust", "acme.zip"], "acme.zip"), (["--key", "acme.zip"], "acme.zip"), (["--key", "acme-mac.key"], "acme-mac.key")] {
        let ran = Ran::of(desk.command(&["acme.zip"]).args(if args[0] == "--trust" { &args[..0] } else { &args[..] }).output().unwrap());
        if args[0] == "--trust" {
            let mut command = Command::new(env!("CARGO_BIN_EXE_unbroken"));
            let output = command.current_dir(desk.path()).env_clear().args(["verify", "acme.zip"]).args(args).output().unwrap();
            Ran::of(output).refuses(2, &[word]);
        } else {
            ran.refuses(2, &[word]);
        }
    }
}

/// The signal is sent when the events file is open, which is long before its millions of lines are read; so nothing here waits for a clock.
#[cfg(target_os = "linux")]
#[test]
fn an_interrupted_run_has_no_verdict_and_no_report() {
    let desk = Desk::new();
    let mut files = honest().sealed();
    files.insert("events.ndjson".to_owned(), b"{}\n".repeat(1 << 24));
    desk.folder("bundle", &files);
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        let args = ["bundle", "--report", "json=report.json", "--jobs", "1"];
        let mut child = desk.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let open = format!("/proc/{}/fd", child.id());
        let reads = || {
            let files = fs::read_dir(&open).into_iter().flatten().filter_map(|entry| fs::read_link(entry.ok()?.path()).ok());
            files.into_iter().any(|file| file.ends_with("bundle/events.ndjson"))
        };
        while !reads() {
            assert!(child.try_wait().unwrap().is_none(), "ended before it read the events");
            std::thread::yield_now();
        }
        let id = child.id().to_string();
        assert!(Command::new("sh").args(["-c", "kill \"$0\" \"$1\"", signal, &id]).status().unwrap().success());
        let ran = Ran::of(child.wait_with_output().unwrap());
        ran.refuses(code, &["interrupted"]);
        assert_eq!(ran.stdout, "");
        assert!(!desk.path().join("report.json").exists());
    }
}
