//! What a reader and a machine get to see, byte for byte: `tests/golden/`. `UPDATE_GOLDEN=1` writes the files again.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic, reason = "test code")]

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use unbroken::finding::{Cause, CheckId, Code};
use unbroken::report::{self, Colour, Report, TextOptions, Verbosity, text};

#[path = "report_rendering/samples.rs"]
mod samples;

fn golden(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, found).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert!(expected == found, "{name} differs; look at it, then UPDATE_GOLDEN=1\n--- expected\n{expected}\n--- found\n{found}");
}

fn plain(report: &Report) -> String {
    text(report, &TextOptions::default())
}

#[test]
fn the_text_report_is_as_agreed() {
    for (name, report) in samples::all() {
        golden(&format!("{name}.txt"), &plain(&report));
    }
}

#[test]
fn verbose_quiet_and_narrow_reports_are_as_agreed() {
    let verbose = TextOptions { verbosity: Verbosity::Verbose, ..TextOptions::default() };
    golden("pass.verbose.txt", &text(&samples::one(samples::pass()), &verbose));
    let quiet = TextOptions { verbosity: Verbosity::Quiet, ..TextOptions::default() };
    golden("several.quiet.txt", &text(&samples::several(), &quiet));
    let narrow = TextOptions { width: 60, ..TextOptions::default() };
    golden("fail-break-point.narrow.txt", &text(&samples::one(samples::fail_break_point()), &narrow));
}

#[test]
fn colour_only_repeats_the_words() {
    let coloured = TextOptions { colour: Colour::Always, ..TextOptions::default() };
    for (name, report) in samples::all() {
        let text = text(&report, &coloured);
        assert!(text.contains('\u{1b}'), "{name}");
        let visible: Vec<String> = without_ansi(&text).lines().map(|line| line.trim_end().to_owned()).collect();
        assert_eq!(visible, plain(&report).lines().collect::<Vec<_>>(), "{name}");
    }
}

fn without_ansi(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| out + part.split_once('m').map_or("", |(_, behind)| behind))
}

/// Our own words, which alone may start a line; a line number of the drawing is ours too.
const STARTS: &[&str] = &["bundle ", "error", "FAIL ", "PASS ", "INCOMPLETE ", "NO VERDICT ", "also found ", "all ", "coverage "];

#[test]
fn no_foreign_text_starts_a_line_or_leaves_it() {
    let verbosities = [Verbosity::Quiet, Verbosity::Normal, Verbosity::Verbose];
    for (name, report) in samples::all() {
        for (width, verbosity) in [40, 60, 80, 100, 140].into_iter().flat_map(|width| verbosities.map(|verbosity| (width, verbosity))) {
            let text = text(&report, &TextOptions { width, verbosity, colour: Colour::Never });
            for line in text.lines() {
                let ours = STARTS.iter().any(|start| line.starts_with(start));
                assert!(ours || line.is_empty() || line.starts_with(' ') || line.as_bytes()[0].is_ascii_digit(), "{name} {width}: {line}");
                assert!(!line.chars().any(|c| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c)), "{name}: {line:?}");
                let digest = line.contains("sha256:");
                // one line is one line there
                let quiet = verbosity == Verbosity::Quiet;
                assert!(
                    quiet || digest || width < 60 || line.chars().count() <= usize::from(width),
                    "{name} {width}: {} {line}",
                    line.chars().count()
                );
            }
            let verdicts = text.lines().filter(|line| line.starts_with("PASS")).count();
            let passes = report.entries.iter().filter(|entry| entry.exit_code() == 0).count();
            assert_eq!(verdicts, passes, "{name} {width} {verbosity:?}\n{text}");
        }
    }
}

#[test]
fn findings_that_were_not_kept_are_counted() {
    let text = plain(&samples::one(samples::fail_several_breaks()));
    assert!(text.contains("… and 15 more (--max-findings)"), "{text}");
    assert!(text.contains("chain broken in 3 places, first at event 42 of 4823"), "{text}");
}

fn schema() -> Value {
    serde_json::from_str(report::SCHEMA).unwrap()
}

fn parsed(report: &Report) -> Value {
    serde_json::from_str(&report::json(report, "0.1.0")).unwrap()
}

#[test]
fn the_json_report_is_as_agreed_and_fits_its_schema() {
    let validator = jsonschema::draft202012::new(&schema()).unwrap();
    let empty = ("empty", Report::default());
    for (name, report) in samples::all().into_iter().chain([empty]) {
        let document = parsed(&report);
        let errors: Vec<String> = validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
        assert_eq!(document["exit_code"], json!(report.exit_code()), "{name}");
    }
    for (name, report) in samples::all().into_iter().filter(|(name, _)| ["fail-several-breaks", "several"].contains(name)) {
        golden(&format!("{name}.json"), &report::json(&report, "0.1.0"));
    }
}

#[test]
fn a_report_with_another_shape_does_not_fit() {
    let validator = jsonschema::draft202012::new(&schema()).unwrap();
    let good = parsed(&samples::one(samples::fail_several_breaks()));
    for pointer in
        ["", "/tool", "/bundles/0", "/bundles/0/checks/0", "/bundles/0/findings/0", "/bundles/0/findings/0/break", "/bundles/0/break_point/event"]
    {
        let mut more = good.clone();
        more.pointer_mut(pointer).unwrap().as_object_mut().unwrap().insert("extra".to_owned(), json!(1));
        assert!(!validator.is_valid(&more), "{pointer}");
    }
    for (pointer, value) in
        [("/verdict", json!("ok")), ("/bundles/0/checks/0/status", json!("passed")), ("/bundles/0/findings/0/code", json!("chain.odd"))]
    {
        let mut other = good.clone();
        *other.pointer_mut(pointer).unwrap() = value;
        assert!(!validator.is_valid(&other), "{pointer}");
    }
}

#[test]
fn the_schema_names_every_check_code_and_cause() {
    let names = |definition: &str| -> Vec<String> { serde_json::from_value(schema()["$defs"][definition]["enum"].clone()).unwrap() };
    assert_eq!(names("check_id"), CheckId::ALL.iter().map(|check| check.id()).collect::<Vec<_>>());
    assert_eq!(names("code"), Code::ALL.iter().map(|code| code.name()).collect::<Vec<_>>());
    let of_chain = |code: &Code| names("cause").iter().any(|cause| code.name() == format!("chain.{cause}"));
    assert_eq!(Code::ALL.iter().filter(|code| of_chain(code)).count(), names("cause").len());
    for cause in [Cause::Duplicated, Cause::Forked, Cause::ModifiedOrRemoved, Cause::TailCut, Cause::Spliced, Cause::Relinked] {
        assert!(names("cause").contains(&cause.name().to_owned()));
    }
}

#[test]
fn a_json_report_harms_no_terminal_and_keeps_every_string() {
    let report = samples::one(samples::hostile());
    let text = report::json(&report, "0.1.0");
    let harmful = |c: char| (c.is_control() && c != '\n') || ('\u{200b}'..='\u{200f}').contains(&c) || ('\u{2028}'..='\u{202e}').contains(&c);
    assert!(!text.chars().any(harmful));
    assert!(text.contains("\\u202e") && text.contains("\\u009b") && text.contains("\\udb40\\udc41"));
    let bundle = report.entries[0].result.as_ref().unwrap();
    assert_eq!(parsed(&report)["bundles"][0]["profile"], json!(bundle.profile));
    assert!(text.ends_with("}\n"));
}

#[test]
fn one_failing_bundle_makes_the_whole_report_fail() {
    let document = parsed(&samples::several());
    assert_eq!((&document["verdict"], &document["exit_code"]), (&json!("fail"), &json!(1)));
    assert_eq!(parsed(&samples::error())["verdict"], Value::Null);
}

/// Reads the document back, strictly: returns how many elements of each name it has.
fn elements(xml: &str) -> Vec<String> {
    let (mut open, mut seen) = (Vec::new(), Vec::new());
    let body = xml.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").unwrap();
    for part in body.split('<').skip(1) {
        let (tag, words) = part.split_once('>').unwrap();
        assert!(!words.contains('>') && !words.chars().any(|c| c.is_control() && c != '\n'), "{words:?}");
        for entity in words.split('&').skip(1).chain(tag.split('&').skip(1)) {
            assert!(["amp;", "lt;", "gt;", "quot;", "apos;"].iter().any(|name| entity.starts_with(name)), "{entity:?}");
        }
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name));
            continue;
        }
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag:?}");
        let name = tag.split([' ', '/']).next().unwrap().to_owned();
        seen.push(name.clone());
        if !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
    seen
}

#[test]
fn junit_is_well_formed_and_green_only_for_a_pass() {
    for (name, report) in samples::all().into_iter().chain([("none", Report::default())]) {
        let xml = report::junit(&report);
        let seen = elements(&xml);
        let count = |wanted: &[&str]| seen.iter().filter(|name| wanted.contains(&name.as_str())).count();
        assert_eq!(count(&["failure", "error"]) == 0, report.exit_code() == 0, "{name}\n{xml}");
        assert_eq!(count(&["testsuite"]), report.entries.len().max(1), "{name}");
        assert!(xml.contains(&format!("tests=\"{}\"", count(&["testcase"]))), "{name}");
    }
    golden("several.junit.xml", &report::junit(&samples::several()));
}
