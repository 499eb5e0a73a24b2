//! SIGINT and SIGTERM: the first one is a wish that the work sees between two blocks, the second one ends the process at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::{SigId, flag, low_level};

use crate::error::Error;

/// Which signal has arrived, if one has.
#[derive(Debug, Clone, Default)]
pub(super) struct Interrupt {
    /// The exit code that tells which; 0 as long as none has.
    code: Arc<AtomicUsize>,
    /// What ends the process at once on a second SIGINT.
    at_once: Option<SigId>,
}

impl Interrupt {
    /// Takes over both signals for the rest of the process.
    pub fn install() -> Result<Self, Error> {
        let mut interrupt = Self::default();
        let seen = Arc::new(AtomicBool::new(false));
        for (signal, code) in [(SIGINT, 130_u8), (SIGTERM, 143)] {
            // The order counts: the first signal finds `seen` unset here, and sets it below; the second one finds it set.
            let at_once = flag::register_conditional_shutdown(signal, i32::from(code), Arc::clone(&seen));
            let at_once = at_once.and_then(|at_once| {
                flag::register(signal, Arc::clone(&seen))?;
                flag::register_usize(signal, Arc::clone(&interrupt.code), usize::from(code))?;
                Ok(at_once)
            });
            let at_once = at_once.map_err(|source| Error::Internal(format!("cannot take over signal {signal}: {source}")))?;
            if signal == SIGINT {
                interrupt.at_once = Some(at_once);
            }
        }
        Ok(interrupt)
    }

    /// From now on SIGINT ends nothing: it is meant for a program in the foreground, which would lose its terminal.
    pub fn leave_to_child(&self) {
        self.at_once.map(low_level::unregister);
    }

    /// The exit code, 130 or 143, if the work should end.
    pub fn exit_code(&self) -> Option<u8> {
        u8::try_from(self.code.load(Ordering::Relaxed)).ok().filter(|code| *code != 0)
    }
}
