//! The words that people type, and their help. Each value is in its own form when it leaves here; nothing is opened and nothing compared yet,
//! that is [`super::plan`].

mod compare;
mod events;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueHint};
use clap_complete::Shell;

use super::values::{Format, InspectionFormat, ReportTarget, size, skippable, time};
use crate::bundle::Limits;
use crate::finding::CheckId;
use crate::time::Time;

pub(super) use self::compare::{CompareArgs, ComparisonOutputArgs};
pub(super) use self::events::{ControlArgs, EventsArgs, EventsOutputArgs, FilterArgs, WholeArgs};

const EXIT_CODES: &str = "\
Exit status:
  0    PASS: every required check ran and holds
  1    FAIL: the bytes handed over contradict a claim
  2    wrong flags, or the content of a trust, key or profile file is wrong
  3    INCOMPLETE: nothing contradicts, but a required claim could not be checked: no PASS
  4    a file cannot be opened, read or written, or is no bundle and no known export
  5    a limit was reached before a verdict
  70   NOT VERIFIED: a bug in unbroken
  130  interrupted (143: terminated); nothing was decided";

const VERIFY_EXAMPLES: &str = "\
Examples:
  unbroken verify -t trust.toml acme-2026-10.zip
  unbroken verify -k acme.pem --tenant tnt_acme manifest.json manifest.sig events.ndjson
  unbroken verify -t trust.toml --after 118200@sha256:4b1c… acme-2026-10.zip
  unbroken verify -t trust.toml --format json --report text=october.txt acme-2026-10.zip
";

/// Tells, offline, whether an exported audit log was changed, and where exactly it breaks.
#[derive(Debug, Parser)]
#[command(name = "unbroken", version, after_help = EXIT_CODES)]
pub(super) struct Line {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten, next_help_heading = "Output")]
    pub color: colorchoice_clap::Color,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Hold two exports of one source against each other: what was rewritten, removed, added, moved
    ///
    /// Both are verified first, each by itself. Then the part that both are of is compared event by event; where the source chains its events, the first
    /// hash that differs is named.
    Compare(Box<CompareArgs>),
    /// Write the completions of a shell to stdout
    Completions {
        /// Which shell
        shell: Shell,
    },
    /// List events: those that match, each with what it is worth
    ///
    /// The whole is verified first, and the exit status is its own; nothing is shown before all was read. Writes nothing.
    Events(Box<EventsArgs>),
    /// Say what a finding or a check means, its usual causes, and what to ask the producer
    Explain {
        /// A finding's code or a check's id, as reports print it; without one, all of them are listed
        name: Option<String>,
        /// List all codes and checks
        #[arg(long, conflicts_with = "name")]
        list: bool,
    },
    /// Explain one event: what it is, what proves it, and how to repeat that by hand
    ///
    /// The whole is verified first, and the exit status is its own. Writes nothing; the commands that it prints do, in the folder where you run them.
    Inspect(Box<InspectArgs>),
    /// Look at profiles: what sources claim, and which one a file is of
    #[command(subcommand)]
    Profile(ProfileCommand),
    /// Print a JSON Schema
    #[command(subcommand)]
    Schema(SchemaCommand),
    /// Look at trust files and keys before relying on them
    #[command(subcommand)]
    Trust(TrustCommand),
    /// Verify bundles and raw exports: was anything changed, and where
    ///
    /// Reads the files named here and nothing else, needs no network, and unpacks nothing to disk. Writes only where --report says.
    Verify(Box<VerifyArgs>),
}

#[derive(Debug, Clone, Copy, Subcommand)]
pub(super) enum SchemaCommand {
    /// The schema of `inspect --format json`
    Inspection,
    /// The schema of `events --format json`
    Events,
    /// The schema of `compare --format json`
    Comparison,
    /// The schema of a profile, taken from TOML to JSON
    Profile,
    /// The schema of `verify --format json`
    Report,
}

#[derive(Debug, Subcommand)]
pub(super) enum ProfileCommand {
    /// List the profiles that are built in, with their sources and what they can prove
    List {
        /// Your own profile, to be read and listed too
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        profile: Option<PathBuf>,
    },
    /// Tell which profile a raw export is of, and why
    Probe {
        /// The files of one export
        #[arg(required = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
        files: Vec<PathBuf>,
        /// Your own profile, to be held against them too
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        profile: Option<PathBuf>,
    },
    /// Print a built-in profile as TOML
    Show {
        /// Its name, as in file-transfer/1
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum TrustCommand {
    /// Read a trust file and list what it trusts
    Check {
        /// The trust file
        file: PathBuf,
    },
    /// Print the fingerprint of a public key, to compare with the producer over another channel
    Fingerprint {
        /// The key: PEM, JWK, or SPKI in base64
        file: PathBuf,
    },
}

#[derive(Debug, Args)]
#[command(after_help = verify_after())]
pub(super) struct VerifyArgs {
    /// A zip, a folder, the loose files of one bundle, or a raw export; `-` is a raw export on stdin
    ///
    /// Each zip and each folder is one bundle. Loose files (manifest.json, manifest.sig, the events …) named in one command are together one bundle; without
    /// a manifest they are one raw export: its pages, its events, its table.
    #[arg(required = true, value_name = "BUNDLE", value_hint = ValueHint::AnyPath)]
    pub bundles: Vec<PathBuf>,
    /// What a raw export holds: the name of a profile, or a profile file; of a bundle, what its manifest must name [default: what the files look like]
    #[arg(long, value_name = "NAME|FILE")]
    pub profile: Option<String>,
    #[command(flatten, next_help_heading = "Trust")]
    pub trust: TrustArgs,
    #[command(flatten, next_help_heading = "Expectations")]
    pub expect: ExpectArgs,
    #[command(flatten, next_help_heading = "Policy")]
    pub policy: PolicyArgs,
    #[command(flatten, next_help_heading = "Output")]
    pub output: OutputArgs,
    #[command(flatten, next_help_heading = "Limits")]
    pub limits: LimitArgs,
}

#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(super) struct InspectArgs {
    /// A zip, a folder, the loose files of one bundle, or the files of one raw export
    #[arg(required = true, value_name = "BUNDLE", value_hint = ValueHint::AnyPath)]
    pub bundles: Vec<PathBuf>,
    /// Its id; '#SEQ', its sequence number; or '@LINE', its number in the file: with one event a line, its line
    #[arg(required = true, value_name = "ID|#SEQ|@LINE", allow_hyphen_values = true)]
    pub event: String,
    /// What a raw export holds, as in `verify`
    #[arg(long, value_name = "NAME|FILE")]
    pub profile: Option<String>,
    /// What to write to stdout
    #[arg(short, long, value_enum, default_value_t = InspectionFormat::Text, help_heading = "Output")]
    pub format: InspectionFormat,
    #[command(flatten, next_help_heading = "Trust")]
    pub trust: TrustArgs,
    #[command(flatten, next_help_heading = "Expectations")]
    pub expect: ExpectArgs,
    #[command(flatten, next_help_heading = "Policy")]
    pub policy: PolicyArgs,
    #[command(flatten, next_help_heading = "Limits")]
    pub limits: LimitArgs,
}

/// Examples, checks and exit status: the end of the help of `verify`.
fn verify_after() -> String {
    let ids: Vec<_> = CheckId::ALL.iter().map(|check| check.id()).collect();
    let checks: String = ids.chunks(4).map(|ids| format!("  {}\n", ids.join("  "))).collect();
    format!("{VERIFY_EXAMPLES}\nChecks, for --require and --skip:\n{checks}\n{EXIT_CODES}")
}

#[derive(Debug, Args)]
pub(super) struct TrustArgs {
    /// The keys and secrets that you trust [default: $UNBROKEN_TRUST, else unbroken/trust.toml in your config folder]
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub trust: Option<PathBuf>,
    /// The producer's public key (PEM, JWK, or SPKI in base64), for quick use; repeatable
    #[arg(short, long, value_name = "FILE|ID=FILE")]
    pub key: Vec<String>,
    /// A secret for the events' HMAC: the tenant's key, or one month's (EPOCH is 2026-10); repeatable
    #[arg(long, value_name = "ID[:EPOCH]=FILE")]
    pub mac_key: Vec<String>,
}

/// What was asked for, to be compared with what was handed over; nothing here narrows what is checked.
#[derive(Debug, Args)]
pub(super) struct ExpectArgs {
    /// The tenant that you asked for
    #[arg(long, value_name = "ID")]
    pub tenant: Option<String>,
    /// The start of the time that you asked for, inclusive: 2026-10-01 (its first instant, UTC), or a time with its zone
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub from: Option<Time>,
    /// The end of the time that you asked for, exclusive
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub to: Option<Time>,
    /// A hash that you kept from an earlier check: of event SEQ, or of the last event before this bundle; repeatable
    #[arg(long, value_name = "[SEQ@]HASH")]
    pub after: Vec<String>,
    /// The number of events that you asked for
    #[arg(long, value_name = "N")]
    pub count: Option<u64>,
    /// What the source's own server answered when it was asked to verify its chain, saved as JSON: says whether it is right
    #[arg(long = "expect", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub answer: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct PolicyArgs {
    /// Checks that must hold, beside those that the profile requires
    #[arg(long, value_name = "CHECK,…", value_delimiter = ',', hide_possible_values = true)]
    pub require: Vec<CheckId>,
    /// Checks that may stay untested; the report says so, and a PASS is then qualified. What is refuted stays refuted
    #[arg(long, value_name = "CHECK,…", value_delimiter = ',', hide_possible_values = true, value_parser = skippable())]
    pub skip: Vec<CheckId>,
}

#[derive(Debug, Args)]
pub(super) struct OutputArgs {
    /// What to write to stdout
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Also write a report to a file, whole or not at all; repeatable
    #[arg(long, value_name = "FORMAT=FILE")]
    pub report: Vec<ReportTarget>,
    /// Let --report replace a file
    #[arg(long)]
    pub force: bool,
    /// How many findings to print of each bundle; the counts stay exact
    #[arg(long, value_name = "N", default_value = "100", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_findings: u32,
    /// Also tell which proof that holds covers which file, and which field of the events; reads the events once more
    #[arg(long, conflicts_with = "quiet")]
    pub coverage: bool,
    /// One line a bundle, its verdict; no progress bar
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,
    /// All checks with what each tests, the first and last event with their hashes, and which trust file was used
    #[arg(short, long)]
    pub verbose: bool,
    /// Do not draw the progress bar
    #[arg(long)]
    pub no_progress: bool,
}

/// Bounds on what may be read; reaching one is exit 5, never a verdict.
#[derive(Debug, Args)]
pub(super) struct LimitArgs {
    /// Worker threads; the report is the same with any number [default: one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
    /// Bytes of one member after unpacking; K, M and G are powers of 1024
    #[arg(long, value_name = "SIZE", default_value = "64G", value_parser = size)]
    pub max_unpacked: u64,
    /// How many times larger a member may be unpacked than packed
    #[arg(long, value_name = "N", default_value_t = Limits::default().max_ratio, value_parser = clap::value_parser!(u64).range(1..))]
    pub max_ratio: u64,
    /// Events in one bundle or raw export
    #[arg(long, value_name = "N", default_value_t = Limits::default().max_events, value_parser = clap::value_parser!(u64).range(1..))]
    pub max_events: u64,
    /// Files in one bundle; the files of a raw export are as many as you name
    #[arg(long, value_name = "N", default_value_t = Limits::default().max_entries, value_parser = clap::value_parser!(u64).range(1..))]
    pub max_entries: u64,
    /// Bytes of stdin, and of a gzip file that is read from its end: both are held in memory
    #[arg(long, value_name = "SIZE", default_value = "1G", value_parser = size)]
    pub max_stdin: u64,
}
