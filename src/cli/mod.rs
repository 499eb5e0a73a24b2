//! The command line: typed words become a plan, the plan is worked off, the result is shown. The only room that knows the environment, the terminal
//! and the file system's folders; it decides nothing about evidence.

mod args;
mod compare;
mod events;
mod explain;
mod files;
mod inputs;
mod inspect;
mod interrupt;
mod output;
mod panics;
mod plan;
mod profile;
mod progress;
mod trust;
mod values;
mod verify;

use std::ffi::OsString;

use clap::{CommandFactory as _, Parser as _};

use self::args::{Command, Line, SchemaCommand};
use self::output::Console;
use crate::error::Error;
use crate::report::{self, Verbosity};

/// The exit code of [`Error::Usage`], for what clap refuses.
const USAGE: u8 = 2;

/// Runs the program. The result is its exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    panics::guard(|| match Line::try_parse_from(&arguments) {
        Ok(line) => work(line),
        Err(error) => help_or_usage(&error, &arguments),
    })
}

/// All commands with their flags, for the man pages and their test.
pub fn command() -> clap::Command {
    Line::command()
}

fn work(line: Line) -> u8 {
    let console = Console::new(line.color.as_choice(), verbosity(&line.command));
    let done = match line.command {
        Command::Compare(args) => compare::run(*args, &console),
        Command::Completions { shell } => console.data(&completions(shell)).map(|()| 0),
        Command::Events(args) => events::run(*args, &console),
        Command::Explain { name, list: _ } => explain::run(name.as_deref(), &console).map(|()| 0),
        Command::Inspect(args) => inspect::run(*args, &console),
        Command::Profile(command) => profile::run(&command, &console).map(|()| 0),
        Command::Schema(SchemaCommand::Inspection) => console.data(report::INSPECTION_SCHEMA).map(|()| 0),
        Command::Schema(SchemaCommand::Events) => console.data(report::EVENTS_SCHEMA).map(|()| 0),
        Command::Schema(SchemaCommand::Comparison) => console.data(report::COMPARISON_SCHEMA).map(|()| 0),
        Command::Schema(SchemaCommand::Profile) => console.data(crate::profile::SCHEMA).map(|()| 0),
        Command::Schema(SchemaCommand::Report) => console.data(report::SCHEMA).map(|()| 0),
        Command::Trust(command) => trust::run(&command, &console).map(|()| 0),
        Command::Verify(args) => verify::run(*args, &console),
    };
    done.unwrap_or_else(|error| fail(&error, &console))
}

fn fail(error: &Error, console: &Console) -> u8 {
    console.error(error);
    error.exit_code()
}

fn completions(shell: clap_complete::Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Line::command(), "unbroken", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

fn verbosity(command: &Command) -> Verbosity {
    match command {
        Command::Verify(args) if args.output.quiet => Verbosity::Quiet,
        Command::Verify(args) if args.output.verbose => Verbosity::Verbose,
        _ => Verbosity::Normal,
    }
}

/// Help and version are data; everything else that clap refuses is a usage error.
fn help_or_usage(error: &clap::Error, arguments: &[OsString]) -> u8 {
    let console = Console::plain();
    if !error.use_stderr() {
        let shown = console.styled(&error.render().ansi().to_string());
        return shown.map_or_else(|trouble| fail(&trouble, &console), |()| 0);
    }
    let text = error.render().to_string();
    let advice = "For more information, try '--help'.";
    let text = text.trim_end();
    text.strip_suffix(advice).unwrap_or(text).trim_end().lines().for_each(|line| console.line(line));
    let commands = Line::command();
    let known = |argument: &&OsString| argument.to_str().is_some_and(|name| commands.get_subcommands().any(|command| command.get_name() == name));
    match arguments.iter().skip(1).find(known).and_then(|name| name.to_str()) {
        Some(name) => console.hint(&format!("`unbroken {name} --help` lists its flags")),
        None => console.hint("`unbroken --help` lists the commands, `unbroken verify --help` the flags of the most important one"),
    }
    USAGE
}
