//! `unbroken verify`: the work itself, and what is done with its result.

use super::args::VerifyArgs;
use super::interrupt::Interrupt;
use super::output::Console;
use super::plan::Plan;
use super::progress::{Bar, Drawing};
use super::values::Format;
use crate::error::Error;
use crate::report::{self, Entry, Report, TextOptions, UsedFile};
use crate::verify::{self, Progress as _};

/// The exit code, or why the tool could not even start.
pub(super) fn run(args: VerifyArgs, console: &Console) -> Result<u8, Error> {
    let drawing = drawing(args.output.no_progress, console);
    let mut plan = Plan::new(args)?;
    console.note(&trust_note(plan.trust_file().as_ref()));
    let interrupt = Interrupt::install()?;
    let report = examine(&mut plan, drawing, &interrupt);
    if let Some(code) = interrupt.exit_code() {
        console.error(&Error::Interrupted);
        return Ok(code);
    }
    let report = report?;
    if !console.shows_errors(plan.format) {
        report.entries.iter().filter_map(|entry| entry.result.as_ref().err()).for_each(|error| console.error(error));
    }
    Ok(publish(&plan, console, report.exit_code(), |format, options| render(format, &report, options)))
}

/// Verifies one bundle after the other. A bug or an interruption in one ends all: then nothing is reported, since nothing can be relied on.
fn examine(plan: &mut Plan, drawing: Drawing, interrupt: &Interrupt) -> Result<Report, Error> {
    let inputs = std::mem::take(&mut plan.inputs);
    let request = plan.request();
    let mut report = Report { trust: plan.trust_file(), ..Report::default() };
    for input in inputs {
        let bar = Bar::new(drawing, interrupt.clone());
        let result = input.paths.and_then(|paths| verify::verify(&paths, &request, &bar));
        bar.finish();
        match result {
            Err(fatal @ (Error::Internal(_) | Error::Interrupted)) => return Err(fatal),
            result => report.entries.push(Entry { path: input.label, result }),
        }
        if interrupt.exit_code().is_some() {
            return Err(Error::Interrupted);
        }
    }
    Ok(report)
}

/// Writes a report everywhere; everything is rendered before anything is written.
pub(super) fn publish(plan: &Plan, console: &Console, mut code: u8, render: impl Fn(Format, &TextOptions) -> String) -> u8 {
    let files: Vec<_> = plan.reports.iter().map(|file| (file, render(file.format, &console.file_options()))).collect();
    let text = render(plan.format, &console.text_options());
    let written = files.iter().map(|(file, text)| file.write(text));
    for error in written.chain([console.data(&text)]).filter_map(Result::err) {
        console.error(&error);
        code = worse(code, error.exit_code());
    }
    code
}

fn render(format: Format, report: &Report, options: &TextOptions) -> String {
    match format {
        Format::Json => report::json(report, env!("CARGO_PKG_VERSION")),
        Format::Junit => report::junit(report),
        Format::Text => report::text(report, options),
    }
}

/// The worse of two exit codes; a FAIL outweighs a report that could not be written.
pub(super) fn worse(verdict: u8, trouble: u8) -> u8 {
    match verdict {
        70 | 2 | 1 => verdict,
        _ => trouble,
    }
}

pub(super) fn trust_note(file: Option<&UsedFile>) -> String {
    match file {
        Some(UsedFile { path, sha256 }) => format!("trust file {path}, {sha256}"),
        None => "no trust file: only the keys given here are trusted".to_owned(),
    }
}

pub(super) fn drawing(unwanted: bool, console: &Console) -> Drawing {
    let in_ci = std::env::var_os("CI").is_some_and(|value| !value.is_empty());
    if unwanted || in_ci || !console.draws_progress() { Drawing::Off } else { Drawing::On }
}
