//! Which event is meant, and where in the file the links lead that its neighbours do not explain.

use std::ops::ControlFlow;

use crate::digest::Digest;
use crate::error::Error;
use crate::event::Record;
use crate::verify::again::Again;
use crate::verify::{Progress, Request, Verified};

/// Events of one name that an error lists.
const LISTED: usize = 10;

/// How the user names an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// Its id, exactly.
    Id(String),
    /// `@N`: its number, as every report counts; in an events file with one event a line, its line.
    Number(u64),
    /// `#SEQ`: its sequence number.
    Sequence(u64),
}

impl Wanted {
    /// Reads `ID`, `#SEQ` or `@N`. What follows `#` or `@` and is no number belongs to an id.
    pub fn parse(text: &str) -> Self {
        let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
        if let Some(seq) = text.strip_prefix('#').and_then(number) {
            return Self::Sequence(seq);
        }
        match text.strip_prefix('@').and_then(number) {
            Some(line) => Self::Number(line),
            None => Self::Id(text.to_owned()),
        }
    }

    fn words(&self) -> String {
        match self {
            Self::Id(id) => format!("the id \"{}\"", crate::check::shortened(id)),
            Self::Number(number) => format!("the number {number}"),
            Self::Sequence(seq) => format!("seq {seq}"),
        }
    }

    fn is(&self, again: &Again<'_, '_>) -> bool {
        match (self, &again.record) {
            (Self::Number(number), _) => *number == again.at.number,
            (Self::Id(id), Record::Event(event)) => event.id.as_deref() == Some(id),
            (Self::Sequence(seq), Record::Event(event)) => event.sequence == Some(*seq),
            (_, Record::Unreadable(_)) => false,
        }
    }
}

/// The event that is meant.
pub(super) struct Found {
    pub(super) number: u64,
    pub(super) file: String,
    hash: Digest,
    link: Option<Digest>,
}

/// Who names whom, over the whole file.
#[derive(Default)]
pub(super) struct Links {
    number: u64,
    hash: Option<Digest>,
    link: Option<Digest>,
    /// The first event whose hash the link names.
    pub(super) names: Option<u64>,
    /// The first event that names this one.
    pub(super) named_by: Option<u64>,
}

impl Links {
    pub(super) fn of(found: &Found) -> Self {
        Self { number: found.number, hash: Some(found.hash), link: found.link, ..Self::default() }
    }

    pub(super) fn look(&mut self, again: &Again<'_, '_>) {
        let number = again.at.number;
        let (hash, link) = match &again.record {
            Record::Event(event) => (event.hash(), event.link),
            Record::Unreadable(_) => (Digest::of(again.text), None),
        };
        if self.link == Some(hash) && number != self.number {
            self.names.get_or_insert(number);
        }
        if link.is_some() && link == self.hash && number != self.number {
            self.named_by.get_or_insert(number);
        }
    }
}

impl Verified {
    pub(super) fn find(&self, request: &Request<'_>, progress: &dyn Progress, wanted: &Wanted) -> Result<Found, Error> {
        let mut found: Option<Found> = None;
        let (mut numbers, mut count) = (Vec::new(), 0_u64);
        self.each(request, progress, &[], &mut |again| {
            if !wanted.is(&again) {
                return Ok(ControlFlow::Continue(()));
            }
            count = count.saturating_add(1);
            if numbers.len() < LISTED {
                numbers.push(format!("@{}", again.at.number));
            }
            found.get_or_insert_with(|| Found::of(&again));
            Ok(if matches!(wanted, Wanted::Number(_)) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
        let (path, total) = (&self.report.path, self.report.events);
        match found {
            Some(found) if count == 1 => Ok(found),
            Some(_) => {
                let more = if count > 10 { ", …" } else { "" };
                let what = format!("{count} events of {path} have {}: {}{more}", wanted.words(), numbers.join(", "));
                Err(Error::Environment { what, hint: "name one of them by its number: '@N'".to_owned() })
            }
            None => {
                let verdict = self.report.verdict().name().to_uppercase();
                let what = format!("none of the {total} events of {path} has {}; the whole is {verdict}", wanted.words());
                let hint = "an event is named by its id, by '#SEQ' (its sequence number), or by '@N' (its number, counted from 1: in an events file, its line); \
                            an event that was removed is not there to be looked at: unbroken verify says where events are missing";
                Err(Error::Environment { what, hint: hint.to_owned() })
            }
        }
    }
}

impl Found {
    fn of(again: &Again<'_, '_>) -> Self {
        let (hash, link) = match &again.record {
            Record::Event(event) => (event.hash(), event.link),
            Record::Unreadable(_) => (Digest::of(again.text), None),
        };
        Self { number: again.at.number, file: again.at.file.to_string(), hash, link }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_named_in_three_ways() {
        for (text, wanted) in [("#12", Wanted::Sequence(12)), ("@7", Wanted::Number(7)), ("evt_1", Wanted::Id("evt_1".to_owned()))] {
            assert_eq!(Wanted::parse(text), wanted);
        }
        for id in ["#", "@", "#1a", "@-1", "#+1", "@99999999999999999999", "a@1", ""] {
            assert_eq!(Wanted::parse(id), Wanted::Id(id.to_owned()), "{id}");
        }
    }
}
