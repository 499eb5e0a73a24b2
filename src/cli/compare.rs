//! `unbroken compare`: both exports are verified, at the same time where there are threads for it, then held against each other.

use std::path::{Path, PathBuf};

use super::args::{CompareArgs, ComparisonOutputArgs, ExpectArgs, OutputArgs, VerifyArgs};
use super::interrupt::Interrupt;
use super::output::Console;
use super::plan::Plan;
use super::progress::{Bar, Drawing, Share};
use super::values::Format;
use super::verify::{drawing, publish, trust_note};
use crate::error::Error;
use crate::report::{self, Comparison, TextOptions};
use crate::verify::compare::compare;
use crate::verify::{Progress as _, Request, Verified};

/// The exit code, or why nothing could be compared.
pub(super) fn run(args: CompareArgs, console: &Console) -> Result<u8, Error> {
    let drawing = drawing(args.output.no_progress, console);
    let (sides, plan) = plan(args)?;
    console.note(&trust_note(plan.trust_file().as_ref()));
    let interrupt = Interrupt::install()?;
    let compared = examine(&sides, &plan, drawing, &interrupt);
    if let Some(code) = interrupt.exit_code() {
        console.error(&Error::Interrupted);
        return Ok(code);
    }
    let comparison = compared?;
    let render = |format: Format, options: &TextOptions| match format {
        Format::Json => report::comparison_json(&comparison, env!("CARGO_PKG_VERSION")),
        Format::Junit => report::comparison_junit(&comparison),
        Format::Text => report::comparison_text(&comparison, options),
    };
    Ok(publish(&plan, console, comparison.verdict().exit_code(), render))
}

/// What each side is, and what is asked of both: the same as of one bundle. Only the newer export has a time that it was asked for.
fn plan(args: CompareArgs) -> Result<([Vec<PathBuf>; 2], Plan), Error> {
    let CompareArgs { older, newer, old, new, profile, trust, tenant, from, to, policy, output, limits } = args;
    let sides = [(older, old), (newer, new)].map(|(first, more)| [first].into_iter().chain(more).collect::<Vec<_>>());
    if sides.iter().flatten().filter(|path| *path == Path::new("-")).count() > 1 {
        let hint = "write one of the two to a file".to_owned();
        return Err(Error::Usage { what: "stdin (-) stands here twice, and can be read once".to_owned(), hint });
    }
    let expect = ExpectArgs { tenant, from: None, to: None, after: Vec::new(), count: None, answer: None };
    let ComparisonOutputArgs { format, report, force, max_findings, no_progress } = output;
    let output = OutputArgs { format, report, force, max_findings, coverage: false, quiet: false, verbose: false, no_progress };
    let plan = Plan::new(VerifyArgs { bundles: sides.concat(), profile, trust, expect, policy, output, limits })?;
    Ok((sides, plan.newer(from, to)?))
}

fn examine([old, new]: &[Vec<PathBuf>; 2], plan: &Plan, drawing: Drawing, interrupt: &Interrupt) -> Result<Comparison, Error> {
    let (older, newer) = (Request { from: None, to: None, ..plan.request() }, plan.request());
    let bar = Bar::new(drawing, interrupt.clone());
    bar.start(0);
    let verified = |paths: &[PathBuf], request: &Request<'_>| Verified::run(paths, request, &Share(&bar));
    let (old, new) = match newer.jobs {
        1 => (verified(old, &older), verified(new, &newer)),
        // one fills the time in which the threads of the other wait for each other
        _ => std::thread::scope(|scope| {
            let new = scope.spawn(|| verified(new, &newer));
            let old = verified(old, &older);
            (old, new.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        }),
    };
    bar.finish();
    let (old, new) = (old?, new?);
    let bar = Bar::new(drawing, interrupt.clone());
    let comparison = compare(&old, &new, &newer, &bar);
    bar.finish();
    comparison
}
