//! What people type to compare two exports, and its help.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::{LimitArgs, PolicyArgs, TrustArgs};
use crate::cli::values::{Format, ReportTarget, time};
use crate::time::Time;

const COMPARE_AFTER: &str = "\
Examples:
  unbroken compare -t trust.toml acme-2026-Q3.zip acme-2026-Q4.zip
  unbroken compare september.csv october.json
  unbroken compare --format json page-1.json --old page-2.json all.ndjson

Exit status:
  0    both PASS, and the events that both should have are the same
  1    an event was rewritten, re-linked, removed, added or moved; or one of the two FAILs
  2    wrong flags, exports of two sources or tenants, or the content of a trust, key or profile file is wrong
  3    nothing contradicts, but one of the two is INCOMPLETE, they have no event in common, two tables have a column that was not compared,
       the newer ends before the older (and no --to says that it was asked to), or only a recorded purge explains what is gone
  4, 5, 70, 130, 143: as for verify; nothing was decided";

#[derive(Debug, Args)]
#[command(after_help = COMPARE_AFTER)]
pub(in crate::cli) struct CompareArgs {
    /// The older export: a zip, a folder, or a file of a raw export
    #[arg(value_name = "OLD", value_hint = ValueHint::AnyPath)]
    pub older: PathBuf,
    /// The newer export
    #[arg(value_name = "NEW", value_hint = ValueHint::AnyPath)]
    pub newer: PathBuf,
    /// One more file of the older export: a page, or a loose file of a bundle; repeatable
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub old: Vec<PathBuf>,
    /// One more file of the newer export; repeatable
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub new: Vec<PathBuf>,
    /// What raw exports hold: the name of a profile, or a profile file [default: what the files look like]
    #[arg(long, value_name = "NAME|FILE")]
    pub profile: Option<String>,
    #[command(flatten, next_help_heading = "Trust")]
    pub trust: TrustArgs,
    /// The tenant that both must be of
    #[arg(long, value_name = "ID", help_heading = "Expectations")]
    pub tenant: Option<String>,
    /// Where the newer export was asked to begin, inclusive: 2026-10-01 (its first instant, UTC), or a time with its zone
    #[arg(long, value_name = "TIME", value_parser = time, help_heading = "Expectations")]
    pub from: Option<Time>,
    /// Where the newer export was asked to end, exclusive; without it, an end before that of the older is INCOMPLETE
    #[arg(long, value_name = "TIME", value_parser = time, help_heading = "Expectations")]
    pub to: Option<Time>,
    #[command(flatten, next_help_heading = "Policy")]
    pub policy: PolicyArgs,
    #[command(flatten, next_help_heading = "Output")]
    pub output: ComparisonOutputArgs,
    #[command(flatten, next_help_heading = "Limits")]
    pub limits: LimitArgs,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ComparisonOutputArgs {
    /// What to write to stdout
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Also write the comparison to a file, whole or not at all; repeatable
    #[arg(long, value_name = "FORMAT=FILE")]
    pub report: Vec<ReportTarget>,
    /// Let --report replace a file
    #[arg(long)]
    pub force: bool,
    /// How many differences of each kind to print; the counts stay exact
    #[arg(long, value_name = "N", default_value = "100", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_findings: u32,
    /// Do not draw the progress bar
    #[arg(long)]
    pub no_progress: bool,
}
