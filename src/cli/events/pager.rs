//! Pages a table on a terminal: the one child process that this program ever starts, and only the one that its user configured. What it gets is made
//! harmless before, and a `less` is told to start nothing itself.

use std::env;
use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::report::show::columns;

/// Quits by itself if all fits on one screen, and leaves it there.
const FITTING: &str = "less -FRX";
/// For lines that are wider than the screen: they are not folded, and arrow keys move sideways.
const WIDE: &str = "less -RS";

/// Shows a text in the pager, on a terminal of this width. Whether it was shown; if not, the caller writes it.
pub(super) fn page(text: &str, width: u16) -> bool {
    let wide = text.lines().any(|line| columns(line) > usize::from(width));
    let named = env::var("PAGER").unwrap_or_else(|_| if wide { WIDE } else { FITTING }.to_owned());
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
