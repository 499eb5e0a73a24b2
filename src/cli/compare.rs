//! `unbroken compare`: both exports are verified, at the same time where there are threads for it, then held against each other.

use std::path::PathBuf;

use super::args::{CompareArgs, ComparisonFormat, ExpectArgs, OutputArgs, VerifyArgs};
use super::interrupt::Interrupt;
use super::output::Console;
use super::plan::Plan;
use super::progress::{Bar, Drawing, Share};
use super::values::Format;
use super::verify::{drawing, trust_note};
use crate::error::Error;
use crate::report::{self, Comparison};
use crate::verify::compare::compare;
use crate::verify::{Progress as _, Verified};

/// The exit code, or why nothing could be compared.
pub(super) fn run(args: CompareArgs, console: &Console) -> Result<u8, Error> {
    let drawing = drawing(args.output.no_progress, console);
    let format = args.output.format;
    let (sides, plan) = plan(args)?;
    console.note(&trust_note(plan.trust_file().as_ref()));
    let interrupt = Interrupt::install()?;
    let compared = examine(&sides, &plan, drawing, &interrupt);
    if let Some(code) = interrupt.exit_code() {
        console.error(&Error::Interrupted);
        return Ok(code);
    }
    let comparison = compared?;
    let text = match format {
        ComparisonFormat::Json => report::comparison_json(&comparison, env!("CARGO_PKG_VERSION")),
        ComparisonFormat::Text => report::comparison_text(&comparison),
    };
    let code = comparison.verdict().exit_code();
    match console.data(&text) {
        Err(error) if code != 1 => Err(error),
        _ => Ok(code),
    }
}

/// What each side is, and what is asked of both: the same as of one bundle.
fn plan(args: CompareArgs) -> Result<([Vec<PathBuf>; 2], Plan), Error> {
    let CompareArgs { older, newer, old, new, profile, trust, tenant, policy, output, limits } = args;
    let sides = [(older, old), (newer, new)].map(|(first, more)| [first].into_iter().chain(more).collect::<Vec<_>>());
    let expect = ExpectArgs { tenant, from: None, to: None, after: Vec::new(), count: None, answer: None };
    let output = OutputArgs {
        format: Format::Text,
        report: Vec::new(),
        force: false,
        max_findings: output.max_findings,
        quiet: false,
        verbose: false,
        no_progress: output.no_progress,
    };
    let plan = Plan::new(VerifyArgs { bundles: sides.concat(), profile, trust, expect, policy, output, limits })?;
    Ok((sides, plan))
}

fn examine([old, new]: &[Vec<PathBuf>; 2], plan: &Plan, drawing: Drawing, interrupt: &Interrupt) -> Result<Comparison, Error> {
    let request = plan.request();
    let bar = Bar::new(drawing, interrupt.clone());
    bar.start(0);
    let verified = |paths: &[PathBuf]| Verified::run(paths, &request, &Share(&bar));
    let (old, new) = match request.jobs {
        1 => (verified(old), verified(new)),
        // one fills the time in which the threads of the other wait for each other
        _ => std::thread::scope(|scope| {
            let new = scope.spawn(|| verified(new));
            let old = verified(old);
            (old, new.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        }),
    };
    bar.finish();
    let (old, new) = (old?, new?);
    let bar = Bar::new(drawing, interrupt.clone());
    let comparison = compare(&old, &new, &request, &bar);
    bar.finish();
    comparison
}
