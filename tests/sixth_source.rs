//! A source that none of the built-in profiles describes, by the specification alone: the script and the profile of `spec/profiles.md`, as they stand
//! there. The log that the script writes verifies, and an altered line is found.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic, reason = "test code")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// The first block of this language in the chapter.
fn block(language: &str) -> String {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("spec/profiles.md")).unwrap();
    let fence = format!("\n```{language}\n");
    let start = page.find(&fence).expect("a block") + fence.len();
    page[start..].split("\n```").next().unwrap().to_owned() + "\n"
}

fn log() -> String {
    let output = Command::new("python3").args(["-c", &block("python")]).output().expect("python3");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A folder with the log, changed by `edit`, and the profile.
struct Case(tempfile::TempDir);

impl Case {
    fn new(edit: impl Fn(&str) -> String) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("log.ndjson"), edit(&log())).unwrap();
        fs::write(folder.path().join("app.toml"), block("toml")).unwrap();
        Self(folder)
    }

    fn run(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_unbroken")).env_clear().current_dir(self.0.path()).args(args).output().unwrap()
    }

    /// Exit code and report of `verify log.ndjson --profile app.toml`.
    fn verify(&self, args: &[&str]) -> (Option<i32>, Value) {
        let output = self.run(&[&["verify", "log.ndjson", "--profile", "app.toml", "-f", "json"], args].concat());
        let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
        (output.status.code(), report["bundles"][0].clone())
    }
}

const SKIP: [&str; 2] = ["--skip", "manifest.signature"];

#[test]
fn the_log_of_the_example_verifies() {
    let case = Case::new(str::to_owned);
    let (code, report) = case.verify(&SKIP);
    assert_eq!((code, &report["verdict"], &report["qualified"]), (Some(0), &Value::from("pass"), &Value::from(true)), "{report:#}");
    assert_eq!((&report["profile"], &report["events"]), (&Value::from("my-app/1"), &Value::from(4)));
    let (code, report) = case.verify(&[]);
    assert_eq!((code, &report["verdict"]), (Some(3), &Value::from("incomplete")), "nothing signs the export as a whole");
}

#[test]
fn an_altered_line_is_found() {
    let case = Case::new(|log| {
        assert!(log.contains("invoice.approve"));
        log.replace("invoice.approve", "invoice.discard")
    });
    let (code, report) = case.verify(&SKIP);
    assert_eq!(
        (code, &report["break_point"]["code"], &report["break_point"]["event"]["number"]),
        (Some(1), &Value::from("chain.modified"), &Value::from(2))
    );
    assert!(
        report["findings"].as_array().unwrap().iter().any(|finding| finding["code"] == "chain.modified" && finding["event"]["id"] == "e-2"),
        "{report:#}"
    );
}

#[test]
fn a_removed_line_is_found() {
    let case = Case::new(|log| log.lines().enumerate().filter(|(index, _)| *index != 2).map(|(_, line)| format!("{line}\n")).collect());
    let (code, report) = case.verify(&SKIP);
    assert_eq!(
        (code, &report["break_point"]["code"], &report["break_point"]["missing"]["count"]),
        (Some(1), &Value::from("chain.removed"), &Value::from(1))
    );
}

#[test]
fn the_profile_of_the_example_is_the_one_that_fits() {
    let case = Case::new(str::to_owned);
    let output = case.run(&["profile", "probe", "--profile", "app.toml", "log.ndjson"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!((output.status.code(), text.lines().last()), (Some(0), Some("log.ndjson: my-app/1")), "{text}");
    let output = case.run(&["profile", "probe", "log.ndjson"]);
    assert_eq!(output.status.code(), Some(4), "without it, none does");
    assert!(String::from_utf8_lossy(&output.stdout).contains("4 lack "), "{}", String::from_utf8_lossy(&output.stdout));
}

/// The four lines of Python above the profile are all that its table of variants needs: a log for each, and the key that the table names.
#[test]
fn the_variants_of_the_example_verify_too() {
    let (script, profile) = (block("python"), block("toml"));
    let bare = "text = { encoding = \"hex\" }";
    let (digest, start) = ("hashlib.sha256(canonical(record)).hexdigest()", "previous = \"0\" * 64\n");
    let own = "own = \"/hash\"\n";
    type Edits<'e> = &'e [(&'e str, &'e str)];
    let cases: [(Edits<'_>, Edits<'_>); 7] = [
        (
            &[(digest, "'sha256:' + hashlib.sha256(canonical(record)).hexdigest()"), (start, "previous = 'sha256:' + '0' * 64\n")],
            &[(bare, "text = { prefix = \"sha256:\", encoding = \"hex\" }")],
        ),
        (
            &[
                ("import hashlib", "import base64, hashlib"),
                (digest, "base64.b64encode(hashlib.sha256(canonical(record)).digest()).decode()"),
                (start, "previous = base64.b64encode(bytes(32)).decode()\n"),
            ],
            &[(bare, "text = { encoding = \"base64\" }")],
        ),
        (
            &[(
                "    record[\"hash\"] = hashlib.sha256(canonical(record)).hexdigest()\n    previous = record[\"hash\"]\n",
                "    previous = hashlib.sha256(json.dumps(record).encode()).hexdigest()\n",
            )],
            &[(own, ""), ("without = [\"/hash\"]\n", "hashed = \"raw\"\n")],
        ),
        (
            &[("previous = record[\"hash\"]", "previous = hashlib.sha256(canonical(record)).hexdigest()")],
            &[(own, "own = \"/hash\"\nnames = \"whole\"\n")],
        ),
        (&[(start, "previous = None\n")], &[("first = \"zero\"", "first = \"null\"")]),
        (&[(start, "previous = \"GENESIS\"\n")], &[("first = \"zero\"", "first = { text = \"GENESIS\" }")]),
        (&[(start, "previous = hashlib.sha256(b\"my-app v1\").hexdigest()\n")], &[("first = \"zero\"", "first = { digest-of = \"my-app v1\" }")]),
    ];
    for (in_script, in_profile) in cases {
        let replaced = |text: &str, edits: &[(&str, &str)]| {
            edits.iter().fold(text.to_owned(), |text, (from, to)| {
                assert!(text.contains(from), "{from}");
                text.replace(from, to)
            })
        };
        let output = Command::new("python3").args(["-c", &replaced(&script, in_script)]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let log = String::from_utf8(output.stdout).unwrap();
        for (log, expected) in [(log.clone(), 0), (log.replace("invoice.approve", "invoice.discard"), 1)] {
            let case = Case::new(|_| log.clone());
            fs::write(case.0.path().join("app.toml"), replaced(&profile, in_profile)).unwrap();
            let (code, report) = case.verify(&SKIP);
            assert_eq!(code, Some(expected), "{in_profile:?}: {report:#}");
            if expected == 1 {
                assert_eq!(
                    (&report["break_point"]["code"], &report["break_point"]["event"]["number"]),
                    (&Value::from("chain.modified"), &Value::from(2)),
                    "{in_profile:?}"
                );
            }
        }
    }
}
