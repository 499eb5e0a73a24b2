//! The words of `events`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::{EXIT_CODES, LimitArgs, PolicyArgs, TrustArgs};
use crate::cli::values::{EventsFormat, size, time};
use crate::time::Time;
use crate::verify::Column;

const EXAMPLES: &str = "\
Examples:
  unbroken events -t trust.toml --action 'policy.*' --from 2026-10-01 acme-2026-10.zip
  unbroken events -t trust.toml --format csv --columns number,id,/metadata/diff,worth page-1.json page-2.json
  unbroken events -t trust.toml --control soc2:CC7.2 acme-2026-10.zip
A controls file:
  [[control]]
  id = \"acme:LOG-1\"
  title = \"Changes of rules\"
  says = \"Each change of a rule is approved by a second person.\"
  [[control.filter]]
  says = \"Rules that changed\"
  action = [\"policy.*\"]
";

#[derive(Debug, Args)]
#[command(after_help = format!("{EXAMPLES}\n{EXIT_CODES}"))]
pub(in crate::cli) struct EventsArgs {
    #[command(flatten)]
    pub whole: WholeArgs,
    #[command(flatten, next_help_heading = "Filters")]
    pub filters: FilterArgs,
    #[command(flatten, next_help_heading = "Evidence windows")]
    pub control: ControlArgs,
    #[command(flatten, next_help_heading = "Output")]
    pub output: EventsOutputArgs,
}

/// What is verified before anything is shown.
#[derive(Debug, Args)]
pub(in crate::cli) struct WholeArgs {
    /// A zip, a folder, the loose files of one bundle, or the files of one raw export
    #[arg(required_unless_present = "list_controls", value_name = "BUNDLE", value_hint = ValueHint::AnyPath)]
    pub bundles: Vec<PathBuf>,
    /// What a raw export holds, as in `verify`
    #[arg(long, value_name = "NAME|FILE")]
    pub profile: Option<String>,
    #[command(flatten, next_help_heading = "Trust")]
    pub trust: TrustArgs,
    /// The tenant that you asked for
    #[arg(long, value_name = "ID", help_heading = "Expectations")]
    pub tenant: Option<String>,
    /// A hash that you kept from an earlier check, as in `verify`; repeatable
    #[arg(long, value_name = "[SEQ@]HASH", help_heading = "Expectations")]
    pub after: Vec<String>,
    #[command(flatten, next_help_heading = "Policy")]
    pub policy: PolicyArgs,
    #[command(flatten, next_help_heading = "Limits")]
    pub limits: LimitArgs,
}

/// Which events are shown; all is verified all the same. Several filters must all match.
#[derive(Debug, Args)]
pub(in crate::cli) struct FilterArgs {
    /// At or after this time: 2026-10-01 (its first instant, UTC), or a time with its zone
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub from: Option<Time>,
    /// Before this time
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub to: Option<Time>,
    /// Who did it, exactly
    #[arg(long, value_name = "ID")]
    pub actor: Option<String>,
    /// What kind of actor, exactly
    #[arg(long, value_name = "TYPE")]
    pub actor_type: Option<String>,
    /// What was done; each `*` stands for any characters, as in 'matter.*'
    #[arg(long, value_name = "PATTERN")]
    pub action: Option<String>,
    /// What kind of thing it was done to, exactly
    #[arg(long, value_name = "TYPE")]
    pub resource_type: Option<String>,
    /// What it was done to, exactly
    #[arg(long, value_name = "ID")]
    pub resource_id: Option<String>,
    /// The request that it was done by, exactly
    #[arg(long, value_name = "ID")]
    pub request_id: Option<String>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ControlArgs {
    /// Show the events that bear on a control, grouped by its filters; --list-controls lists them
    #[arg(long, value_name = "ID")]
    pub control: Option<String>,
    /// Your own controls, beside those that are built in
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub controls: Option<PathBuf>,
    /// List all controls, with what their filters look for, and read no bundle
    #[arg(long, conflicts_with_all = ["bundles", "control"])]
    pub list_controls: bool,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct EventsOutputArgs {
    /// What to write to stdout
    #[arg(short, long, value_enum, default_value_t = EventsFormat::Table)]
    pub format: EventsFormat,
    /// What to show of each event: names of columns, or JSON Pointers into the event [default: what the profile has]
    #[arg(long, value_name = "NAME|/POINTER,…", value_delimiter = ',')]
    pub columns: Vec<Column>,
    /// List at most so many events; the counts stay exact
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub limit: Option<u64>,
    /// Do not page a table that goes to a terminal
    #[arg(long)]
    pub no_pager: bool,
    /// Do not draw the progress bar
    #[arg(long)]
    pub no_progress: bool,
    /// Bytes of rows that may be held in memory: none is shown before all was read
    #[arg(long, value_name = "SIZE", default_value = "1G", value_parser = size)]
    pub max_output: u64,
}
