//! Strings that a producer chooses: control characters, reading direction, lines that look like a verdict or a command of a CI log, megabytes.

use serde_json::{Value, json};

use crate::forge::bundle::{Bundle, signature_file};
use crate::forge::container::Files;
use crate::forge::edit::nowhere;
use crate::{Desk, Ran, altered, honest};

/// What each string has in it: an escape sequence, the same in C1, a carriage return, a bell, a backspace, NUL, reading direction, nothing visible, tags,
/// line ends of three kinds, a verdict, commands of CI logs.
const EVIL: &str = "x\u{1b}[2J\u{1b}]0;t\u{7}\u{9b}31m\u{85}\u{8}\u{0}\r\u{202e}dne\u{2066}\u{200b}\u{e0041}\u{feff}\u{2028}\nPASS  every required check ran and holds\n::error::owned\n##[error]owned\r\nFAIL  owned\n";

fn evil(name: &str) -> String {
    format!("{name}{EVIL}")
}

fn big(name: &str) -> String {
    format!("{name}{EVIL}{}", "k".repeat(1 << 20))
}

/// One bundle, and how it must come out.
struct Case {
    name: &'static str,
    files: Files,
    code: i32,
}

fn sealed(name: &'static str, code: i32, bundle: Bundle, edit: impl FnOnce(&mut Bundle)) -> Case {
    let mut bundle = bundle;
    edit(&mut bundle);
    Case { name, files: bundle.sealed(), code }
}

/// Each event's field by the producer himself, so that links and proofs hold.
fn authored(name: &'static str, code: i32, bundle: Bundle, field: &'static str, value: Value) -> Case {
    sealed(name, code, bundle, |bundle| bundle.author(2, |event| drop(event.insert(field.to_owned(), value))))
}

fn in_events() -> Vec<Case> {
    let actor = json!({"id": evil("usr"), "type": big("t"), evil("more"): evil("more")});
    let break_at = |id: String| {
        move |bundle: &mut Bundle| {
            bundle.author(2, |event| event["id"] = id.into());
            bundle.alter(2);
        }
    };
    let repeated = |bundle: &mut Bundle| {
        for index in [1, 3] {
            bundle.author(index, |event| event["id"] = evil("evt").into());
        }
    };
    let unreadable = |bundle: &mut Bundle| bundle.author_raw(2, format!("{{\"a\":\"{EVIL}\",\"a\":1}}").replace('\n', " ").into_bytes());
    vec![
        authored("a good bundle with an evil id", 0, honest(), "id", evil("evt").into()),
        authored("a good bundle with a big id", 0, honest(), "id", big("evt").into()),
        authored("a good bundle with an evil actor", 0, honest(), "actor", actor.clone()),
        authored("a good bundle with an evil file", 0, honest(), "file", json!({"name": evil("q3.pdf")})),
        authored("a good bundle with an evil member", 0, honest(), EVIL, evil("value").into()),
        authored("an evil tenant", 1, honest(), "tenant_id", evil("tnt_acme").into()),
        authored("a big tenant", 1, honest(), "tenant_id", big("tnt_acme").into()),
        sealed("an evil time", 1, honest(), |bundle| bundle.change(2, |event| event["occurred_at"] = evil("2026-10-01T00:00:00Z").into())),
        authored("an evil number", 1, honest(), "seq", evil("1").into()),
        authored("an evil action", 1, honest(), "action", json!([evil("a"), big("b")])),
        sealed("an evil link", 1, honest(), |bundle| bundle.change(2, |event| event["prev_hash"] = evil("sha256:").into())),
        sealed("an evil HMAC", 1, honest(), |bundle| bundle.change(2, |event| event["hmac"] = big("hmac-sha256:").into())),
        sealed("a break at an evil id", 1, honest(), break_at(evil("evt"))),
        sealed("a break at a big id", 1, honest(), break_at(big("evt"))),
        sealed("an evil id twice", 1, honest(), repeated),
        sealed("an evil line that is no JSON", 1, honest(), unreadable),
        sealed("an evil actor beside a break", 1, honest(), |bundle| {
            bundle.author(2, |event| event["actor"] = actor);
            bundle.alter(3);
        }),
        sealed("a link to nowhere in an evil event", 1, honest(), |bundle| {
            bundle.author(2, |event| event["id"] = evil("evt").into());
            bundle.change(2, |event| event["prev_hash"] = nowhere("evil"));
        }),
    ]
}

fn in_manifest() -> Vec<Case> {
    let member = |name: &'static str, pointer: &'static [&'static str], value: Value, code: i32| {
        sealed(name, code, honest(), |bundle| match pointer {
            [top] => drop(bundle.manifest.insert((*top).to_owned(), value)),
            [top, below] => bundle.manifest[*top][*below] = value,
            _ => unreachable!(),
        })
    };
    let by_evil_key = |bundle: &Bundle, key: &str| {
        let manifest = bundle.manifest_bytes();
        bundle.with_manifest(&manifest, &signature_file(&manifest, &[(key, bundle.signers[0].1.clone())]))
    };
    vec![
        member("an evil bundle id", &["bundle_id"], evil("bnd").into(), 1),
        member("a big bundle id", &["bundle_id"], big("bnd").into(), 1),
        member("an evil tenant in the manifest", &["tenant_id"], evil("tnt").into(), 1),
        member("an evil profile", &["profile"], evil("file-transfer/1").into(), 1),
        member("a big evil format", &["format"], big("audit-bundle/1").into(), 3),
        member("an evil first id", &["events", "first_id"], evil("evt").into(), 1),
        member("an evil period", &["period", "from"], evil("2026-10-01T00:00:00Z").into(), 1),
        member("an evil key of the HMACs", &["event_mac", "key_id"], evil("acme-mac").into(), 1),
        member("an evil filter", &["selection"], json!({"filter": {"actor": evil("usr")}}), 1),
        member("an evil previous bundle", &["previous", "bundle_id"], big("bnd").into(), 1),
        member("an evil unknown member", &[EVIL], evil("v").into(), 1),
        Case { name: "signed by an evil key id", files: by_evil_key(&honest(), &evil("acme")), code: 1 },
        Case { name: "signed by a big key id", files: by_evil_key(&altered(), &big("acme")), code: 1 },
        Case { name: "signed by a key id of one megabyte", files: by_evil_key(&altered(), &"k".repeat(1 << 20)), code: 1 },
        member("a profile of one megabyte", &["profile"], "p".repeat(1 << 20).into(), 1),
        member("a format of one megabyte", &["format"], "f".repeat(1 << 20).into(), 3),
        member("a key of the HMACs of one megabyte", &["event_mac", "key_id"], "k".repeat(1 << 20).into(), 1),
        member("an id of one megabyte", &["events", "last_id"], "k".repeat(1 << 20).into(), 1),
        member("a filter of one megabyte", &["selection"], json!({"filter": {"actor": "k".repeat(1 << 20)}}), 1),
        member("a filter with a key of one megabyte", &["selection"], json!({"filter": {"k".repeat(1 << 20): "x"}}), 1),
    ]
}

fn in_names() -> Vec<Case> {
    let with = |name: &str| {
        let mut files = honest().sealed();
        files.insert(name.to_owned(), b"x".to_vec());
        files
    };
    vec![
        Case { name: "an evil member name", files: with(EVIL), code: 1 },
        Case { name: "a long member name", files: with(&format!("{EVIL}{}", "k".repeat(60_000))), code: 1 },
        Case { name: "a member name like a verdict", files: with("PASS"), code: 1 },
    ]
}

/// Characters that move the cursor, turn the direction of reading, or hide.
fn is_dangerous(character: char) -> bool {
    let hidden = matches!(character, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}');
    (character != '\n' && character.is_control()) || hidden || matches!(character, '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// The words that the program itself begins a line with.
const OWN: [&str; 9] = ["bundle  ", "PASS  ", "FAIL  ", "INCOMPLETE  ", "error[", "also found", "error: ", "hint: ", "note: "];

fn complaints(case: &Case, ran: &Ran, args: &[&str]) -> Vec<String> {
    let mut wrong = Vec::new();
    if ran.code != Some(case.code) {
        wrong.push(format!("expected exit {}, found {:?}: {}", case.code, ran.code, ran.stderr.chars().take(300).collect::<String>()));
    }
    for (stream, text) in [("stdout", &ran.stdout), ("stderr", &ran.stderr)] {
        if let Some(character) = text.chars().find(|character| is_dangerous(*character)) {
            wrong.push(format!("{stream} has {character:?}"));
        }
        if text.len() > 200_000 {
            wrong.push(format!("{stream} has {} bytes", text.len()));
        }
    }
    let machine = args.contains(&"json") || args.contains(&"junit");
    let lines = ran.stdout.lines().filter(|_| !machine).chain(ran.stderr.lines());
    let foreign = lines.filter(|line| !line.is_empty() && !line.starts_with(' ') && !OWN.iter().any(|own| line.starts_with(own)));
    // the number of a source line stands in the margin
    wrong.extend(
        foreign
            .filter(|line| !line.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(" | "))
            .map(|line| format!("a line starts with {line:?}")),
    );
    let verdict = ["PASS", "FAIL", "", "INCOMPLETE"][usize::try_from(case.code).unwrap()];
    let verdicts: Vec<&str> = ran.stdout.lines().filter(|line| ["PASS", "FAIL", "INCOMPLETE"].iter().any(|word| line.starts_with(word))).collect();
    if !machine && (verdicts.len() != 1 || !verdicts[0].starts_with(verdict)) {
        wrong.push(format!("expected one line {verdict}, found {verdicts:?}"));
    }
    wrong
}

fn run(cases: Vec<Case>) {
    let desk = Desk::new();
    let forms: [&[&str]; 5] = [&[], &["--mac-key", "acme-mac=acme-mac.key", "-v"], &["-q"], &["--format", "json"], &["--format", "junit"]];
    let mut wrong = Vec::new();
    for case in &cases {
        desk.zip("acme.zip", &case.files);
        for args in forms {
            let ran = desk.run(&[&["acme.zip"], args].concat());
            wrong.extend(complaints(case, &ran, args).into_iter().map(|complaint| format!("{} {args:?}: {complaint}", case.name)));
            if args.contains(&"json") {
                let report: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{}: {error}: {}", case.name, ran.stdout));
                assert_eq!(report["exit_code"].as_i64(), ran.code.map(i64::from), "{}", case.name);
            }
        }
    }
    let some: Vec<&String> = wrong.iter().take(30).collect();
    assert!(wrong.is_empty(), "{} complaints, the first ones: {some:#?}", wrong.len());
}

#[test]
fn events_cannot_write_to_the_terminal() {
    run(in_events());
}

#[test]
fn a_manifest_cannot_write_to_the_terminal() {
    run(in_manifest());
}

#[test]
fn names_of_members_cannot_write_to_the_terminal() {
    run(in_names());
}

/// What a JSON reader gets back is what stands in the bundle.
#[test]
fn json_escapes_and_does_not_lose() {
    let desk = Desk::new();
    let case = authored("an evil id", 0, honest(), "id", evil("evt").into());
    let mut last = honest();
    last.author(4, |event| event["id"] = evil("evt").into());
    desk.zip("acme.zip", &last.sealed());
    let ran = desk.run(&["acme.zip", "--format", "json"]);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(report["bundles"][0]["last"]["id"], evil("evt"), "{}", case.name);
}
