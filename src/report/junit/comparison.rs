//! A comparison as JUnit XML: a suite for each export by itself, and one for what they say of each other.

use super::{Case, Result, Suite, case, document};
use crate::report::model::{BundleReport, Comparison, Verdict};

/// The comparison as one XML document, UTF-8, with a final line feed.
pub fn comparison(comparison: &Comparison) -> String {
    let side = |which: &str, bundle: &BundleReport| {
        let cases = bundle.rows.iter().map(|row| case(bundle, row)).chain([super::verdict(bundle)]).collect();
        Suite { name: format!("{which}: {}", bundle.path), cases }
    };
    let cases = differences(comparison).into_iter().chain([start(comparison), end(comparison), verdict(comparison)]).collect();
    document(&[side("old", &comparison.old), side("new", &comparison.new), Suite { name: "compared".to_owned(), cases }])
}

fn differences(comparison: &Comparison) -> Vec<Case> {
    let explained = comparison.explained;
    let unexplained = comparison.removed.total.saturating_sub(explained);
    let counts = [
        ("rewritten", comparison.rewritten.total),
        ("removed", unexplained),
        ("added", comparison.added.total),
        ("moved", comparison.moved.total),
        ("re-linked", comparison.relinked),
    ];
    let result = |name: &str, count: u64| match count {
        0 if comparison.overlap.is_none() => Result::Skipped("nothing was compared".to_owned()),
        0 if name == "removed" && explained > 0 => Result::Error(format!("{explained} removed: a recorded purge can explain it, and proves nothing")),
        0 => Result::Passed(String::new()),
        1 => Result::Failure(format!("1 event was {name}")),
        count => Result::Failure(format!("{count} events were {name}")),
    };
    counts.into_iter().map(|(name, count)| Case::new(name, result(name, count))).collect()
}

fn start(comparison: &Comparison) -> Case {
    let result = match (&comparison.overlap, &comparison.not_compared) {
        (Some(overlap), _) => Result::Passed(format!("{} events in both", overlap.common)),
        (None, Some(why)) => Result::Error(format!("nothing was compared: {why}")),
        (None, None) => Result::Error("no event is in both".to_owned()),
    };
    Case::new("overlap", result)
}

fn end(comparison: &Comparison) -> Case {
    let result = match &comparison.ends_early {
        None => Result::Passed(String::new()),
        Some(_) => {
            let after = comparison.outside.0.after;
            Result::Error(format!(
                "the newer export ends before the older one: {after} events of the older are not in it; --to says that this was asked for"
            ))
        }
    };
    Case::new("end", result)
}

fn verdict(comparison: &Comparison) -> Case {
    let result = match comparison.verdict() {
        Verdict::Pass if comparison.qualified() => Result::Passed("AGREE (qualified)".to_owned()),
        Verdict::Pass => Result::Passed("AGREE".to_owned()),
        Verdict::Incomplete => Result::Error("INCOMPLETE: nothing is contradicted, but not everything could be checked or compared".to_owned()),
        Verdict::Fail if comparison.differs() => Result::Failure("DIFFER: the two exports contradict each other".to_owned()),
        Verdict::Fail => Result::Failure("FAIL: one of the two does not hold by itself".to_owned()),
    };
    Case::new("verdict", result)
}
