//! The report as JUnit XML, for CI systems that show tests: a suite for each bundle, a test case for each row, and one for the verdict.
//!
//! Whatever is not a PASS has at least one failure or error, so that no CI shows it green. Only what the verdict does not need is skipped. The form
//! is lossy; programs that want to know more read the JSON report.

mod comparison;

pub use self::comparison::comparison;

use super::model::{BundleReport, Entry, Report, Row, Status, Verdict};
use super::show::show_within;

/// Columns of a message that may quote the bundle.
const MESSAGE: usize = 600;

/// The report as one XML document, UTF-8, with a final line feed.
pub fn junit(report: &Report) -> String {
    let mut suites: Vec<Suite> = report.entries.iter().map(suite).collect();
    if suites.is_empty() {
        let nothing = Case::new("verdict", Result::Error("no bundle was looked at, nothing was decided".to_owned()));
        suites.push(Suite { name: "unbroken".to_owned(), cases: vec![nothing] });
    }
    document(&suites)
}

fn document(suites: &[Suite]) -> String {
    let all: Vec<&Case> = suites.iter().flat_map(|suite| &suite.cases).collect();
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    out.push_str(&format!("<testsuites name=\"unbroken\" {}>\n", counts(all)));
    suites.iter().for_each(|suite| suite.write(&mut out));
    out.push_str("</testsuites>\n");
    out
}

struct Suite {
    name: String,
    cases: Vec<Case>,
}

struct Case {
    name: String,
    result: Result,
}

enum Result {
    Error(String),
    Failure(String),
    Passed(String),
    Skipped(String),
}

impl Suite {
    fn write(&self, out: &mut String) {
        out.push_str(&format!("  <testsuite name=\"{}\" {}>\n", safe(&self.name), counts(self.cases.iter().collect())));
        for case in &self.cases {
            let (tag, words) = match &case.result {
                Result::Error(words) => ("error", words),
                Result::Failure(words) => ("failure", words),
                Result::Passed(words) => ("system-out", words),
                Result::Skipped(words) => ("skipped", words),
            };
            let inner = match tag {
                "system-out" if words.is_empty() => String::new(),
                "system-out" => format!("<system-out>{}</system-out>", safe(words)),
                _ => format!("<{tag} message=\"{}\"/>", safe(words)),
            };
            out.push_str(&format!("    <testcase classname=\"unbroken\" name=\"{}\">{inner}</testcase>\n", safe(&case.name)));
        }
        out.push_str("  </testsuite>\n");
    }
}

impl Case {
    fn new(name: impl Into<String>, result: Result) -> Self {
        Self { name: name.into(), result }
    }
}

fn counts(cases: Vec<&Case>) -> String {
    let count = |wanted: fn(&Result) -> bool| cases.iter().filter(|case| wanted(&case.result)).count();
    let failures = count(|result| matches!(result, Result::Failure(_)));
    let errors = count(|result| matches!(result, Result::Error(_)));
    let skipped = count(|result| matches!(result, Result::Skipped(_)));
    format!("tests=\"{}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\"", cases.len())
}

fn suite(entry: &Entry) -> Suite {
    let cases = match &entry.result {
        Ok(bundle) => bundle.rows.iter().map(|row| case(bundle, row)).chain([verdict(bundle)]).collect(),
        Err(error) => vec![Case::new("verdict", Result::Error(format!("no verdict: {error}; {}", error.hint())))],
    };
    Suite { name: entry.path.clone(), cases }
}

fn case(bundle: &BundleReport, row: &Row) -> Case {
    let result = match &row.status {
        Status::NotApplicable => Result::Skipped("not claimed here".to_owned()),
        Status::Refuted => Result::Failure(findings(bundle, row)),
        Status::Untested(why) if row.required && !bundle.skipped.contains(&row.id) => Result::Error(format!("required, and not checked: {why}")),
        Status::Untested(why) => Result::Skipped(format!("not checked: {why}")),
        Status::Upheld => Result::Passed(row.note.clone()),
    };
    Case::new(row.id.id(), result)
}

/// The first finding of a row, and how many more there are in the report.
fn findings(bundle: &BundleReport, row: &Row) -> String {
    let of_row: Vec<_> = bundle.findings.iter().filter(|finding| finding.code.check() == row.id).collect();
    match of_row.as_slice() {
        [] => format!("does not hold: {}", row.note),
        [only] => format!("{}: {}", only.code, only.message),
        [first, more @ ..] => format!("{} (and {} more): {}", first.code, more.len(), first.message),
    }
}

fn verdict(bundle: &BundleReport) -> Case {
    let result = match bundle.verdict() {
        Verdict::Pass if bundle.qualified() => Result::Passed("PASS (qualified)".to_owned()),
        Verdict::Pass => Result::Passed("PASS".to_owned()),
        Verdict::Incomplete => Result::Error("INCOMPLETE: nothing is contradicted, but what was checked does not prove the events".to_owned()),
        Verdict::Fail => Result::Failure("FAIL: the bytes contradict a claim".to_owned()),
    };
    Case::new("verdict", result)
}

/// Safe to show, so no character is left that XML 1.0 forbids; then the five predefined entities.
fn safe(text: &str) -> String {
    let mut out = String::new();
    for c in show_within(text, MESSAGE).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            _ => out.push(c),
        }
    }
    out
}
