//! Pages a table on a terminal: the one child process that this program ever starts, and only the one that its user configured. What it gets is made
//! harmless before, and a `less` is told to start nothing itself.

use std::env;
use std::io::Write as _;
use std::process::{Command, Stdio};

/// Quits by itself if all fits on one screen, and leaves it there.
const FITTING: &str = "less -FRX";
/// For lines that are wider than the screen: they are not folded, and arrow keys move sideways.
const WIDE: &str = "less -RS";

/// How the rows of a table stand on the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rows {
    Fitting,
    TooWide,
}

/// Shows a text in the pager. Whether it was shown; if not, the caller writes it.
pub(super) fn page(text: &str, rows: Rows) -> bool {
    let default = if rows == Rows::TooWide { WIDE } else { FITTING };
    let named = env::var("PAGER").unwrap_or_else(|_| default.to_owned());
    // No shell reads it: words are what stands between spaces.
    let mut words = named.split_whitespace();
    let Some(program) = words.next().filter(|program| *program != "cat") else {
        return false;
    };
    let Ok(mut pager) = Command::new(program).args(words).env("LESSSECURE", "1").stdin(Stdio::piped()).spawn() else {
        return false;
    };
    if let Some(mut stdin) = pager.stdin.take() {
        // Its user may have seen enough.
        _ = stdin.write_all(text.as_bytes());
    }
    pager.wait().is_ok()
}
