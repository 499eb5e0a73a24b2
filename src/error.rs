//! Trouble of the tool itself: it could not do its work. Never says anything about the evidence.

use std::path::PathBuf;

/// Why the tool could not come to a verdict. Each has its exit code; none is ever a verdict.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Something of this machine: a file that cannot be opened, is no bundle, or changed meanwhile. Exit 4.
    #[error("{what}")]
    Environment {
        /// One sentence: what happened, to which file.
        what: String,
        /// One sentence: what to do.
        hint: String,
    },
    /// A bug. Exit 70.
    #[error("internal error: {0}")]
    Internal(String),
    /// The user stopped the work. Exit 130; the command line knows the signal, and makes it 143 for SIGTERM.
    #[error("interrupted: nothing was decided")]
    Interrupted,
    /// A limit was reached before a verdict. Exit 5.
    #[error("{what} reaches the limit of {limit}")]
    Limit {
        /// What was measured, with its value.
        what: String,
        /// The limit in force, with unit.
        limit: String,
        /// The flag that raises it.
        flag: &'static str,
    },
    /// Wrong flags, or the content of a trust or key file is wrong. Exit 2.
    #[error("{what}")]
    Usage {
        /// One sentence: what is wrong, where (file, line, column where there is one).
        what: String,
        /// One sentence: what to do.
        hint: String,
    },
}

impl Error {
    /// The exit code of the process.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Environment { .. } => 4,
            Self::Internal(_) => 70,
            Self::Interrupted => 130,
            Self::Limit { .. } => 5,
            Self::Usage { .. } => 2,
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::Environment { hint, .. } | Self::Usage { hint, .. } => hint.clone(),
            Self::Internal(_) => "NOT VERIFIED: this is a bug in unbroken; nothing was decided".to_owned(),
            Self::Interrupted => "run it again for a verdict".to_owned(),
            Self::Limit { flag, .. } => format!("raise it with {flag} if you expected an export of this size"),
        }
    }

    /// A file of this machine that could not be opened or read.
    pub fn io(path: impl Into<PathBuf>, doing: &str, source: &std::io::Error) -> Self {
        let path = path.into();
        let hint = match source.kind() {
            std::io::ErrorKind::NotFound => "check the path",
            std::io::ErrorKind::PermissionDenied => "check who may read it",
            _ => "check the file and the disk it is on",
        };
        Self::Environment { what: format!("cannot {doing} {}: {source}", path.display()), hint: hint.to_owned() }
    }
}
