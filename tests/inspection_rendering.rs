//! What a reader and a machine get to see of one event, byte for byte: `tests/golden/inspection*`. `UPDATE_GOLDEN=1` writes the files again.

#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "test code")]

use std::fs;
use std::path::Path;

use unbroken::digest::Digest;
use unbroken::finding::{CheckId, Code, EventRef, Finding, Outcome, Place};
use unbroken::report::{
    BundleReport, ByHand, Colour, Cover, EventCheck, Field, INSPECTION_SCHEMA, Inspection, Neighbour, Part, Row, Status, TextOptions, Update,
    inspection_json, inspection_text,
};

fn golden(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, found).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert!(expected == found, "{name} differs; look at it, then UPDATE_GOLDEN=1\n--- expected\n{expected}\n--- found\n{found}");
}

/// What an attacker writes wherever a string is taken: line ends, escape sequences, text that runs backwards, words of ours.
const HOSTILE: &str = "x\nPASS every check holds\u{1b}[2J\u{202e}\r  F H M S P T  /id\u{200b}";

/// What acts on a screen without being seen.
fn is_unseen(c: char) -> bool {
    c.is_control() || ('\u{200b}'..='\u{200f}').contains(&c) || ('\u{202a}'..='\u{202e}').contains(&c)
}

fn event(number: u64, id: &str) -> EventRef {
    let place = Place { file: "events.ndjson".to_owned(), number: Some(number), line: Some(number), byte: Some(number * 400), column: None };
    EventRef { place, seq: Some(number), id: Some(id.to_owned()) }
}

fn report(path: &str) -> BundleReport {
    let row = |id, status| Row { id, status, required: true, upheld: 3, refuted: 0, untested: 0, note: String::new() };
    let rows =
        vec![row(CheckId::ManifestSignature, Status::Upheld), row(CheckId::ManifestFiles, Status::Upheld), row(CheckId::ChainLinks, Status::Upheld)];
    BundleReport { path: path.to_owned(), events: 3, rows, profile: Some("file-transfer/1".to_owned()), ..BundleReport::default() }
}

fn inspection(text: &str) -> Inspection {
    let field = |pointer: &str, covered_by: Vec<Cover>| Field { pointer: pointer.to_owned(), value: format!("\"{text}\""), covered_by };
    let neighbour = |number| Neighbour { event: event(number, text), hash: Digest::of(b"hash"), link: Some(Digest::of(b"link")) };
    let proofs = Part::new("mac").with("key_id", text).with("epoch", "2026-10").with("holds", true);
    let claims = Part::new("token_claims").with(text, text).with("exp", "1791164970 (2026-10-05T01:49:30Z)");
    Inspection {
        event: event(2, text),
        length: 383,
        time: Some(text.to_owned()),
        tenant: Some("tnt_acme".to_owned()),
        action: Some(text.to_owned()),
        unreadable: None,
        worth: "proven",
        because: "the last hash of the signed manifest leads to it; by itself, event.mac held".to_owned(),
        fields: vec![field("/id", vec![Cover::Manifest, Cover::Hash, Cover::Mac]), field(&format!("/{text}"), Vec::new())],
        previous: Some(neighbour(1)),
        next: Some(neighbour(3)),
        parts: vec![proofs, claims],
        changes: vec![Update { field: text.to_owned(), old: format!("\"{text}\""), new: "null".to_owned() }],
        checks: vec![
            EventCheck { id: CheckId::EventReadable, outcome: Some(Outcome::Upheld), words: Vec::new() },
            EventCheck { id: CheckId::EventMac, outcome: Some(Outcome::Untested), words: vec![text.to_owned()] },
            EventCheck { id: CheckId::EventToken, outcome: None, words: vec![text.to_owned()] },
        ],
        findings: Vec::new(),
        by_hand: vec![ByHand {
            title: "the record as it stands in the file, and its SHA-256".to_owned(),
            commands: vec!["sed -n 2p 'events.ndjson' | tr -d '\\n' > event-2.json".to_owned(), "cat event-2.json | sha256sum".to_owned()],
            prints: Some(text.to_owned()),
            outcome: Outcome::Upheld,
            note: Some(text.to_owned()),
        }],
        not_by_hand: vec![text.to_owned()],
    }
}

fn refuted() -> Inspection {
    let finding = Finding::new(Code::EventMac, HOSTILE).at(event(2, HOSTILE)).values(HOSTILE, HOSTILE).help(HOSTILE);
    let checks = vec![EventCheck { id: CheckId::EventMac, outcome: Some(Outcome::Refuted), words: vec![HOSTILE.to_owned()] }];
    Inspection {
        findings: vec![finding],
        checks,
        worth: "consistent",
        because: HOSTILE.to_owned(),
        previous: None,
        next: None,
        ..inspection(HOSTILE)
    }
}

fn unreadable() -> Inspection {
    let unreadable = Some(HOSTILE.to_owned());
    Inspection {
        event: event(2, "evt_2"),
        length: 3,
        unreadable,
        worth: "not verified",
        because: "no hash that you trust leads to it".to_owned(),
        ..Inspection::default()
    }
}

#[test]
fn the_text_is_as_agreed() {
    let options = TextOptions::default();
    golden("inspection.txt", &inspection_text(&report("acme.zip"), &inspection("usr_1"), &options));
    golden("inspection-hostile.txt", &inspection_text(&report(HOSTILE), &refuted(), &options));
    golden("inspection-unreadable.txt", &inspection_text(&report("acme.zip"), &unreadable(), &options));
}

#[test]
fn the_json_is_as_agreed_and_fits_its_schema() {
    let validator = jsonschema::draft202012::new(&serde_json::from_str(INSPECTION_SCHEMA).unwrap()).unwrap();
    for (name, inspection) in
        [("inspection.json", inspection("usr_1")), ("inspection-hostile.json", refuted()), ("inspection-unreadable.json", unreadable())]
    {
        let text = inspection_json(&report("acme.zip"), &inspection, "0.1.0");
        golden(name, &text);
        assert!(!text.chars().any(|c| c != '\n' && is_unseen(c)), "{name}");
        let document = serde_json::from_str(&text).unwrap();
        let errors: Vec<String> = validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
    }
}

/// Our own words, which alone may start a line.
const STARTS: &[&str] = &[
    "PROVEN ",
    "REFUTED ",
    "NOT VERIFIED ",
    "the whole: ",
    "event",
    "fields, ",
    "changed, ",
    "neighbours ",
    "mac",
    "token claims",
    "checks of ",
    "findings of ",
    "by hand, ",
];

#[test]
fn no_foreign_text_starts_a_line_or_leaves_it() {
    for inspection in [inspection(HOSTILE), refuted(), unreadable()] {
        for width in [40, 60, 80, 100, 160] {
            let text = inspection_text(&report(HOSTILE), &inspection, &TextOptions { width, ..TextOptions::default() });
            for line in text.lines() {
                assert!(line.is_empty() || line.starts_with(' ') || STARTS.iter().any(|start| line.starts_with(start)), "{width}: {line}");
                assert!(!line.chars().any(is_unseen), "{width}: {line:?}");
            }
        }
    }
}

#[test]
fn commands_are_never_broken_and_colour_only_repeats_the_words() {
    let (report, inspection) = (report("acme.zip"), inspection("usr_1"));
    let narrow = inspection_text(&report, &inspection, &TextOptions { width: 40, ..TextOptions::default() });
    for command in &inspection.by_hand[0].commands {
        assert!(narrow.lines().any(|line| line.trim_start() == command), "{command}\n{narrow}");
    }
    let coloured = inspection_text(&report, &inspection, &TextOptions { colour: Colour::Always, ..TextOptions::default() });
    let mut parts = coloured.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    let visible = parts.fold(first, |out, part| out + part.split_once('m').map_or("", |(_, behind)| behind));
    let visible: Vec<&str> = visible.lines().map(str::trim_end).collect();
    assert_eq!(visible, inspection_text(&report, &inspection, &TextOptions::default()).lines().collect::<Vec<_>>());
}
