//! The last line of defence: whatever goes wrong inside, the process says that nothing was verified, and its exit code is never a verdict.

use std::panic::{self, AssertUnwindSafe, PanicHookInfo};

use super::output::Console;
use crate::error::Error;

/// Runs the work; a panic in it, or in a thread that it waits for, is exit 70.
pub(super) fn guard(work: impl FnOnce() -> u8) -> u8 {
    panic::set_hook(Box::new(|panicked| Console::plain().line(&describe(panicked))));
    // Nothing that the work touched is looked at again, so it does not matter in what state it is left.
    panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let error = Error::Internal("unbroken panicked".to_owned());
        Console::plain().error(&error);
        error.exit_code()
    })
}

fn describe(panicked: &PanicHookInfo<'_>) -> String {
    let message = panicked.payload_as_str().unwrap_or("no message");
    match panicked.location() {
        Some(location) => format!("panic: {message} (line {} of {})", location.line(), location.file()),
        None => format!("panic: {message}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_never_a_verdict() {
        let hook = panic::take_hook();
        assert_eq!(guard(|| panic!("broken")), 70);
        assert_eq!(guard(|| std::thread::spawn(|| panic!("in a thread")).join().map_or_else(|cause| panic::resume_unwind(cause), |()| 0)), 70);
        assert_eq!(guard(|| 3), 3);
        panic::set_hook(hook);
    }
}
