//! What reaches the terminal, and how: data on stdout, everything else on stderr. Words carry the meaning; colour only repeats it. Whatever is
//! shown goes through [`show_within`], since even an error may name a file that the bundle named.

use std::io::{self, IsTerminal as _, Write as _};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};

use super::values::Format;
use crate::error::Error;
use crate::report::show::show_within;
use crate::report::{Colour, TextOptions, Verbosity};

/// Columns of a message of ours: long enough for two paths.
const MESSAGE: usize = 1000;
/// Columns of a report on a terminal, whatever the terminal says of itself.
const NARROWEST: u16 = 60;
const WIDEST: u16 = 160;

/// Stdout and stderr.
#[derive(Debug, Clone, Copy)]
pub(super) struct Console {
    colour: ColorChoice,
    verbosity: Verbosity,
}

impl Console {
    /// With the user's choice of colours.
    pub fn new(colour: ColorChoice, verbosity: Verbosity) -> Self {
        Self { colour, verbosity }
    }

    /// For trouble before the user's wishes are known.
    pub fn plain() -> Self {
        Self::new(ColorChoice::Auto, Verbosity::Normal)
    }

    /// An error, and what to do about it.
    pub fn error(&self, error: &Error) {
        self.labelled(AnsiColor::Red, "error", &error.to_string());
        self.hint(&error.hint());
    }

    /// What to do.
    pub fn hint(&self, text: &str) {
        self.labelled(AnsiColor::Cyan, "hint", text);
    }

    /// Something worth knowing for those who asked for more.
    pub fn note(&self, text: &str) {
        if self.verbosity == Verbosity::Verbose {
            self.labelled(AnsiColor::Cyan, "note", text);
        }
    }

    /// One line on stderr that was made safe to show already.
    pub fn shown_line(&self, text: &str) {
        _ = writeln!(self.stderr(), "{text}");
    }

    /// One line on stderr that may start with spaces of ours.
    pub fn line(&self, text: &str) {
        let bare = text.trim_start_matches(' ');
        let indent = text.len().saturating_sub(bare.len());
        // Nobody is left to tell when stderr is gone.
        _ = writeln!(self.stderr(), "{:indent$}{}", "", show_within(bare, MESSAGE));
    }

    /// Whether a progress bar has a place here.
    pub fn draws_progress(&self) -> bool {
        self.verbosity != Verbosity::Quiet && io::stderr().is_terminal()
    }

    /// Whether whoever reads stdout sees the errors of single bundles there, with their hints, and needs no second copy.
    pub fn shows_errors(&self, format: Format) -> bool {
        format == Format::Text && self.verbosity != Verbosity::Quiet && io::stdout().is_terminal()
    }

    /// How text for stdout looks.
    pub fn text_options(&self) -> TextOptions {
        let colour = if self.stdout_choice() == ColorChoice::Never { Colour::Never } else { Colour::Always };
        let width = terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| width.0.clamp(NARROWEST, WIDEST));
        TextOptions { colour, width: width.unwrap_or(TextOptions::default().width), verbosity: self.verbosity }
    }

    /// Columns of the terminal that stdout is; none where it is none.
    pub fn terminal_width(&self) -> Option<u16> {
        let width = || terminal_size::terminal_size_of(io::stdout()).map_or(TextOptions::default().width, |(width, _)| width.0.max(NARROWEST));
        io::stdout().is_terminal().then(width)
    }

    /// How text for a file looks: no colours, and the same width everywhere.
    pub fn file_options(&self) -> TextOptions {
        TextOptions { verbosity: self.verbosity, ..TextOptions::default() }
    }

    /// Writes data to stdout, byte for byte. A reader that has seen enough (`| head`) is no error.
    pub fn data(&self, text: &str) -> Result<(), Error> {
        write(AutoStream::always(io::stdout().lock()), text)
    }

    /// Writes text with colours to stdout, where there is a place for them.
    pub fn styled(&self, text: &str) -> Result<(), Error> {
        write(AutoStream::new(io::stdout().lock(), self.colour), text)
    }

    fn labelled(&self, colour: AnsiColor, label: &str, text: &str) {
        let style = Style::new().fg_color(Some(colour.into())).bold();
        _ = writeln!(self.stderr(), "{style}{label}:{style:#} {}", show_within(text, MESSAGE));
    }

    fn stderr(&self) -> AutoStream<io::Stderr> {
        AutoStream::new(io::stderr(), self.colour)
    }

    /// The user's choice, or what the terminal, NO_COLOR, CLICOLOR, CLICOLOR_FORCE and TERM say.
    fn stdout_choice(&self) -> ColorChoice {
        match self.colour {
            ColorChoice::Auto => AutoStream::choice(&io::stdout()),
            chosen => chosen,
        }
    }
}

fn write(mut stdout: impl io::Write, text: &str) -> Result<(), Error> {
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Error::io("stdout", "write to", &error)),
        _ => Ok(()),
    }
}
