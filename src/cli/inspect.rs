//! `unbroken inspect`: one event of what was verified as a whole. The exit code is that of the whole, so that a FAIL elsewhere is not hidden.

use super::args::InspectArgs;
use super::interrupt::Interrupt;
use super::output::Console;
use super::plan::Plan;
use super::progress::{Bar, Drawing};
use super::values::InspectionFormat;
use crate::error::Error;
use crate::report;
use crate::verify::{Progress as _, Verified, Wanted};

/// The exit code, or why the event cannot be shown.
pub(super) fn run(args: InspectArgs, console: &Console) -> Result<u8, Error> {
    let (wanted, format) = (Wanted::parse(&args.event), args.format);
    let in_ci = std::env::var_os("CI").is_some_and(|value| !value.is_empty());
    let drawing = if in_ci || !console.draws_progress() { Drawing::Off } else { Drawing::On };
    let mut plan = Plan::for_inspection(args)?;
    let interrupt = Interrupt::install()?;
    let mut inputs = std::mem::take(&mut plan.inputs);
    let (Some(input), true) = (inputs.pop(), inputs.is_empty()) else {
        let hint = "name one zip, one folder, or the files of one export, then the event".to_owned();
        return Err(Error::Usage { what: "several bundles were named; an event is of one".to_owned(), hint });
    };
    let paths = input.paths?;
    let request = plan.request();
    let bar = Bar::new(drawing, interrupt.clone());
    let result = Verified::run(&paths, &request, &bar).and_then(|verified| {
        let inspection = verified.inspect(&paths, &request, &bar, &wanted)?;
        Ok((verified.report, inspection))
    });
    bar.finish();
    if let Some(code) = interrupt.exit_code() {
        console.error(&Error::Interrupted);
        return Ok(code);
    }
    let (whole, inspection) = result?;
    let text = match format {
        InspectionFormat::Json => report::inspection_json(&whole, &inspection, env!("CARGO_PKG_VERSION")),
        InspectionFormat::Text => report::inspection_text(&whole, &inspection, &console.text_options()),
    };
    let verdict = whole.verdict().exit_code();
    match console.data(&text) {
        // a FAIL outweighs that nobody could read it
        Err(error) if verdict == 1 => {
            console.error(&error);
            Ok(verdict)
        }
        written => written.map(|()| verdict),
    }
}
