//! `unbroken events`: the whole is verified, then read again, and only then are the events shown that were asked for. The exit code is that of the
//! whole: a filter that shows only what is fine hides no FAIL.

mod pager;
mod window;

use super::args::{EventsArgs, EventsOutputArgs, FilterArgs};
use super::interrupt::Interrupt;
use super::output::Console;
use super::plan::Plan;
use super::progress::{Bar, Drawing};
use super::values::EventsFormat;
use super::verify::worse;
use crate::control::Control;
use crate::error::Error;
use crate::profile::Profile;
use crate::report::{self, Asked, BundleReport, Caption, Colour, Finished, Listing, ListingForm, Status, TextOptions};
use crate::verify::{Column, Progress as _, Query, Request, Verified, Wants};

/// The exit code, or why nothing can be shown.
pub(super) fn run(args: EventsArgs, console: &Console) -> Result<u8, Error> {
    let controls = window::controls(&args.control)?;
    if args.control.list_controls {
        return window::list(&controls, args.output.format).and_then(|listed| console.data(&listed)).map(|()| 0);
    }
    if args.control.controls.is_some() && args.control.control.is_none() {
        let hint = "name one with --control ID, or see what there is with --list-controls".to_owned();
        return Err(Error::Usage { what: "--controls names a file of controls, and none of them is asked for".to_owned(), hint });
    }
    let control = args.control.control.as_deref().map(|id| window::named(&controls, id)).transpose()?;
    let asked = Asked { filters: asked(&args.filters), limit: args.output.limit };
    let wanted = Wanted { query: query(&args.filters, args.output.columns.clone())?, control, asked: &asked };
    let drawing = drawing(&args.output, console);
    let mut plan = Plan::for_events(args.whole)?;
    let interrupt = Interrupt::install()?;
    let mut inputs = std::mem::take(&mut plan.inputs);
    let (Some(input), true) = (inputs.pop(), inputs.is_empty()) else {
        let hint = "name one zip, one folder, or the files of one export".to_owned();
        return Err(Error::Usage { what: "several bundles were named; their events are listed one bundle at a time".to_owned(), hint });
    };
    let paths = input.paths?;
    let request = plan.request();
    let bar = Bar::new(drawing, interrupt.clone());
    let verified = Verified::run(&paths, &request, &bar);
    let listed = verified.map(|verified| {
        let listed = list(&verified, &request, &bar, wanted, &args.output, console);
        (verified.report, listed)
    });
    bar.finish();
    if let Some(code) = interrupt.exit_code() {
        console.error(&Error::Interrupted);
        return Ok(code);
    }
    let (whole, listed) = listed?;
    let verdict = whole.verdict().exit_code();
    let shown = listed.and_then(|listed| show(&listed, &whole, &args.output, (console, &interrupt)));
    match shown {
        Ok(()) => Ok(verdict),
        Err(error) => {
            console.error(&error);
            if verdict == 1 {
                console.shown_line(&report::one_line(&whole));
            }
            Ok(worse(verdict, error.exit_code()))
        }
    }
}

/// What was asked for, before the profile is known.
struct Wanted<'c> {
    query: Query,
    control: Option<&'c Control>,
    asked: &'c Asked,
}

/// The filters as they were given.
fn asked(filters: &FilterArgs) -> Vec<(&'static str, String)> {
    let FilterArgs { from, to, actor, actor_type, action, resource_type, resource_id, request_id } = filters;
    let times = [("from", from), ("to", to)].into_iter().filter_map(|(key, time)| Some((key, time.as_ref()?.to_string())));
    let texts = [
        ("actor", actor),
        ("actor_type", actor_type),
        ("action", action),
        ("resource_type", resource_type),
        ("resource_id", resource_id),
        ("request_id", request_id),
    ];
    times.chain(texts.into_iter().filter_map(|(key, text)| Some((key, text.clone()?)))).collect()
}

fn query(filters: &FilterArgs, columns: Vec<Column>) -> Result<Query, Error> {
    let FilterArgs { from, to, .. } = filters;
    if let (Some(from), Some(to)) = (from, to)
        && from >= to
    {
        let hint = "--from is inclusive, --to exclusive".to_owned();
        return Err(Error::Usage { what: format!("--from {from} is not before --to {to}"), hint });
    }
    let twice = columns.iter().enumerate().find(|(index, column)| columns.iter().take(*index).any(|other| other == *column));
    if let Some((_, column)) = twice {
        let hint = "name each column once: in JSON it is a member".to_owned();
        return Err(Error::Usage { what: format!("the column {column} stands twice in --columns"), hint });
    }
    let wants = asked(filters).into_iter().filter(|(key, _)| !["from", "to"].contains(key));
    let wants = wants.map(|(key, value)| Wants { key, any: vec![value] }).collect();
    Ok(Query { from: *from, to: *to, wants, groups: Vec::new(), columns })
}

/// The rows, rendered, and their counts.
fn list(
    verified: &Verified,
    request: &Request<'_>,
    bar: &Bar,
    wanted: Wanted<'_>,
    output: &EventsOutputArgs,
    console: &Console,
) -> Result<Finished, Error> {
    let Wanted { mut query, control, asked } = wanted;
    let mut heading = None;
    if let Some(profile) = &verified.profile {
        if query.columns.is_empty() {
            query.columns = default_columns(profile, &verified.report, output.format);
        }
        if let Some(control) = control {
            let (groups, texts) = window::groups(control, profile)?;
            query.groups = groups;
            heading = Some(texts);
        }
    }
    let columns = query.columns.iter().map(Column::to_string).collect();
    let mut listing = Listing::new(form(output.format), columns, heading, asked.limit);
    let counts = verified.list(request, bar, &query, &mut |cells, groups| {
        listing.add(cells, groups);
        if u64::try_from(listing.bytes()).is_ok_and(|bytes| bytes <= output.max_output) {
            return Ok(());
        }
        let limit = format!("{} bytes", output.max_output);
        Err(Error::Limit { what: "the list of events, which is held back until all was read,".to_owned(), limit, flag: "--max-output" })
    })?;
    let (report, tool_version) = (&verified.report, env!("CARGO_PKG_VERSION"));
    // without colours: not every pager knows them
    let options = TextOptions { colour: Colour::Never, ..console.text_options() };
    Ok(listing.finish(&Caption { report, asked, counts: &counts, options: &options, tool_version }))
}

/// For people what a page has room for, for programs all; proofs that are not claimed here have no column.
fn default_columns(profile: &Profile, report: &BundleReport, format: EventsFormat) -> Vec<Column> {
    let claimed = |column: &Column| match column {
        Column::Mac | Column::Signature => column.check().and_then(|check| report.row(check)).is_some_and(|row| row.status != Status::NotApplicable),
        _ => true,
    };
    let mut columns = if format == EventsFormat::Table { Column::few(profile) } else { Column::all(profile) };
    columns.retain(claimed);
    if format == EventsFormat::Table {
        columns.retain(|column| *column != Column::Findings || report.findings.iter().any(|finding| finding.event.is_some()));
    }
    columns
}

fn form(format: EventsFormat) -> ListingForm {
    match format {
        EventsFormat::Csv => ListingForm::Csv,
        EventsFormat::Json => ListingForm::Json,
        EventsFormat::Ndjson => ListingForm::Ndjson,
        EventsFormat::Table => ListingForm::Table,
    }
}

fn show(listed: &Finished, whole: &BundleReport, output: &EventsOutputArgs, (console, interrupt): (&Console, &Interrupt)) -> Result<(), Error> {
    if let Some(width) = console.terminal_width().filter(|_| output.format == EventsFormat::Table && !output.no_pager) {
        interrupt.leave_to_child();
        let rows = if listed.width > usize::from(width) { pager::Rows::TooWide } else { pager::Rows::Fitting };
        if pager::page(&listed.text, rows) {
            // what stood in the pager may be gone from the screen
            console.shown_line(&report::one_line(whole));
            return Ok(());
        }
    }
    let written = console.data(&listed.text);
    if !listed.aside.is_empty() {
        console.shown_line(listed.aside.trim_end());
    }
    written
}

fn drawing(output: &EventsOutputArgs, console: &Console) -> Drawing {
    let in_ci = std::env::var_os("CI").is_some_and(|value| !value.is_empty());
    if output.no_progress || in_ci || !console.draws_progress() { Drawing::Off } else { Drawing::On }
}
