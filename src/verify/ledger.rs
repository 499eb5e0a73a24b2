//! Rows and findings, as they are written down. Every finding refutes its row, also one that is not repeated because a break explains it.

use crate::check::{Ranges, Tally};
use crate::finding::{CheckId, Finding, Why};
use crate::report::{Row, Status};

/// The rows of a report in the making.
#[derive(Debug, Default)]
pub struct Ledger {
    rows: Vec<Row>,
    findings: Vec<Finding>,
    total: u64,
    /// Events that breaks explain: other rows do not report them again.
    explained: Ranges,
}

/// What a row comes to.
#[derive(Debug, Default)]
pub struct Entry {
    /// Things that held.
    pub upheld: u64,
    /// Things that could not be tested.
    pub untested: u64,
    /// Things that did not hold, and are findings or evidence of one.
    pub refuted: u64,
    /// Why it is untested.
    pub why: Option<Why>,
    /// A few words.
    pub note: String,
}

impl Ledger {
    /// Takes note of the events that breaks explain.
    pub fn explain(&mut self, covers: Ranges) {
        self.explained = covers;
    }

    /// Adds findings.
    pub fn report(&mut self, findings: impl IntoIterator<Item = Finding>) -> u64 {
        let before = self.total;
        for finding in findings {
            self.total = self.total.saturating_add(1);
            self.findings.push(finding);
        }
        self.total.saturating_sub(before)
    }

    /// Adds the findings of a tally: all of them, or those that no break explains.
    pub fn report_tally(&mut self, tally: &Tally, scope: Scope) {
        let explained = |number: u64| match scope {
            Scope::All => false,
            Scope::Event => self.explained.contains(number),
            Scope::Neighbours => self.explained.contains(number) || self.explained.contains(number.saturating_sub(1)),
        };
        let hidden = match scope {
            Scope::All => 0,
            _ => tally.refuted.iter().flatten().filter(|number| explained(*number)).count(),
        };
        let kept = tally.kept.iter().filter(|finding| {
            let number = finding.event.as_ref().and_then(|event| event.place.number);
            !number.is_some_and(explained)
        });
        let before = self.findings.len();
        self.findings.extend(kept.cloned());
        // one event may have several findings
        let told = u64::try_from(self.findings.len().saturating_sub(before)).unwrap_or(u64::MAX);
        let hidden = u64::try_from(hidden).unwrap_or(u64::MAX);
        self.total = self.total.saturating_add(tally.refuted.count().saturating_sub(hidden).max(told));
    }

    /// Counts findings that are not kept.
    pub fn count_more(&mut self, more: u64) {
        self.total = self.total.saturating_add(more);
    }

    /// Adds a row that applies: refuted if anything was, untested if anything was left or nothing held.
    pub fn row(&mut self, id: CheckId, entry: Entry) {
        let status = entry.status();
        let Entry { upheld, untested, refuted, note, .. } = entry;
        self.rows.push(Row { id, required: true, status, upheld, refuted, untested, note });
    }

    /// Adds the rows that do not apply, and puts all in their order.
    pub fn complete(&mut self) {
        let absent = |id: &CheckId| !self.rows.iter().any(|row| row.id == *id);
        let absent: Vec<CheckId> = CheckId::ALL.iter().copied().filter(absent).collect();
        let status = Status::NotApplicable;
        let row = |id| Row { id, required: false, status: status.clone(), upheld: 0, refuted: 0, untested: 0, note: String::new() };
        self.rows.extend(absent.into_iter().map(row));
        self.rows.sort_by_key(|row| row.id);
    }

    /// Whether a row is upheld.
    pub fn is_upheld(&self, id: CheckId) -> bool {
        self.rows.iter().any(|row| row.id == id && row.status == Status::Upheld)
    }

    /// Whether a row is upheld or does not apply.
    pub fn is_clear(&self, id: CheckId) -> bool {
        let clear = |row: &Row| matches!(row.status, Status::Upheld | Status::NotApplicable);
        self.rows.iter().any(|row| row.id == id && clear(row))
    }

    /// Changes a row.
    pub fn amend(&mut self, id: CheckId, change: impl FnOnce(&mut Row)) {
        if let Some(row) = self.rows.iter_mut().find(|row| row.id == id) {
            change(row);
        }
    }

    /// Rows in the order of the checks, findings in the order of the file (those about no event last; at most `max`, the first break always among
    /// them), and how many there were.
    pub fn close(mut self, max: usize) -> (Vec<Row>, Vec<Finding>, u64) {
        let number = |finding: &Finding| finding.event.as_ref().and_then(|event| event.place.number).unwrap_or(u64::MAX);
        self.findings.sort_by_key(|finding| (number(finding), finding.chain_break.is_none()));
        let first_break = self.findings.iter().position(|finding| finding.chain_break.is_some());
        if let Some(index) = first_break.filter(|index| *index >= max && max > 0) {
            self.findings.swap(index, max.saturating_sub(1));
        }
        self.findings.truncate(max);
        (self.rows, self.findings, self.total)
    }
}

/// Which findings of a tally a break explains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// None: they are always reported.
    All,
    /// Those at its events.
    Event,
    /// Those at its events, and at the events behind them.
    Neighbours,
}

impl From<&Tally> for Entry {
    fn from(tally: &Tally) -> Self {
        Self { upheld: tally.upheld, untested: tally.untested, refuted: tally.refuted.count(), why: tally.why.clone(), note: String::new() }
    }
}

impl Entry {
    /// The same, with a few words.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// The same, with words for what it comes to so far; what could not be tested has its reason instead.
    #[must_use]
    pub fn words(self, upheld: impl Into<String>, refuted: impl Into<String>) -> Self {
        match self.status() {
            Status::Refuted => self.note(refuted),
            Status::Upheld => self.note(upheld),
            Status::NotApplicable | Status::Untested(_) => self,
        }
    }

    fn status(&self) -> Status {
        match self {
            Self { refuted: 1.., .. } => Status::Refuted,
            Self { why: Some(why), .. } => Status::Untested(why.clone()),
            Self { untested: 1.., .. } => Status::Untested(Why::Unreadable),
            Self { upheld: 0, .. } => Status::Untested(Why::NothingToTest),
            Self { .. } => Status::Upheld,
        }
    }

    /// The same, untested for a reason.
    #[must_use]
    pub fn untested(mut self, why: Why) -> Self {
        self.untested = self.untested.max(1);
        self.why = Some(why);
        self
    }

    /// The same, with more that does not hold.
    #[must_use]
    pub fn refuted(mut self, more: u64) -> Self {
        self.refuted = self.refuted.saturating_add(more);
        self
    }
}
