//! Why bytes could not be read: the container contradicts itself (evidence), or the tool could not do its work.

use std::fmt;
use std::io;

use crate::error::Error;
use crate::finding::{Code, Finding};
use crate::json::FlawKind;

/// What stops a read. Travels through [`std::io::Read`] as the payload of an [`io::Error`].
#[derive(Debug)]
pub enum ReadFault {
    /// The tool could not read, or a limit was reached.
    Error(Error),
    /// The container is damaged; what was read before stands.
    Finding(Box<Finding>),
}

impl ReadFault {
    /// The fault that an error of a member's stream stands for. An error without such a payload is trouble of this machine.
    pub fn from_io(error: io::Error) -> Self {
        match error.downcast::<Self>() {
            Ok(fault) => fault,
            Err(error) => Self::Error(Error::Environment {
                what: format!("cannot read the bundle: {error}"),
                hint: "check the file and the disk it is on".to_owned(),
            }),
        }
    }

    /// A finding about one byte of a file.
    pub(crate) fn finding(code: Code, file: &str, byte: u64, message: impl Into<String>) -> Self {
        Self::from(Finding::new(code, message).in_file(file, Some(byte)))
    }
}

/// The code of what is not strict JSON where events should be.
pub fn flaw_code(kind: FlawKind) -> Code {
    match kind {
        FlawKind::DuplicateName => Code::EventDuplicateName,
        FlawKind::Malformed => Code::EventMalformed,
        FlawKind::NumberInexact => Code::EventNumberInexact,
        FlawKind::TooDeep => Code::EventTooDeep,
        FlawKind::Unicode => Code::EventUnicode,
    }
}

impl From<Finding> for ReadFault {
    fn from(finding: Finding) -> Self {
        Self::Finding(Box::new(finding))
    }
}

impl From<Error> for ReadFault {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<ReadFault> for io::Error {
    fn from(fault: ReadFault) -> Self {
        io::Error::other(fault)
    }
}

impl fmt::Display for ReadFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Error(error) => error.fmt(f),
            Self::Finding(finding) => f.write_str(&finding.message),
        }
    }
}

impl std::error::Error for ReadFault {}
