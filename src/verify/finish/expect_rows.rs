//! `expect.answer`: what the source's own server said of its chain, against what was computed. The answer is no proof of anything: where it differs, it
//! is one of two things that contradict each other, and the events keep the rows that they have.

use super::Evidence;
use super::event_rows::{breaks, events, tally};
use crate::check::{Count, Row, Standing, Tally, shortened};
use crate::digest::Digest;
use crate::finding::{CheckId, Code, Finding, Why};
use crate::verify::Answer;
use crate::verify::events::Walked;
use crate::verify::ledger::Entry;

/// What was compared so far.
struct Compared<'c> {
    answer: &'c Answer,
    walked: &'c Walked,
    tally: Tally,
    /// Whether hashes of these events can be computed.
    chained: bool,
    /// The statements in which it agrees, in words.
    upheld: Vec<&'static str>,
    findings: Vec<Finding>,
    why: Option<Why>,
    notes: Vec<String>,
}

impl Evidence<'_> {
    pub(super) fn answer(&mut self, walked: &Walked) {
        let Some(answer) = &self.request.expect else {
            return;
        };
        if walked.events == 0 || walked.filtered {
            let why = if walked.events == 0 { Why::NothingToTest } else { Why::Filtered };
            return self.ledger.row(CheckId::ExpectAnswer, Entry::default().untested(why));
        }
        let chained = self.profile.is_some_and(|profile| profile.chain.is_some());
        let tally = tally(walked, CheckId::ExpectAnswer);
        let mut compared = Compared { answer, walked, tally, chained, upheld: Vec::new(), findings: Vec::new(), why: None, notes: Vec::new() };
        compared.period();
        compared.count();
        compared.hashes();
        compared.verdict();
        let Compared { upheld, findings, why, notes, .. } = compared;
        self.notes.extend(notes);
        let refuted = self.ledger.report(findings);
        let agreed = u64::try_from(upheld.len()).unwrap_or(u64::MAX);
        let mut entry = Entry { upheld: agreed, refuted, ..Entry::default() };
        if let Some(why) = why {
            entry = entry.untested(why);
        }
        let right = format!("the server's answer and the export agree in {}", listed(&upheld));
        let wrong = format!("the server's answer contradicts the export in {refuted} of {}", statements(agreed.saturating_add(refuted)));
        self.ledger.row(CheckId::ExpectAnswer, entry.words(right, wrong));
    }
}

impl Compared<'_> {
    fn hold(&mut self, what: &'static str) {
        self.upheld.push(what);
    }

    fn leave(&mut self, why: Why) {
        self.why.get_or_insert(why);
    }

    fn refute(&mut self, code: Code, message: String, stated: impl ToString, computed: impl ToString) {
        let finding = Finding::new(code, format!("the server's answer {message}")).in_file(self.answer.path.clone(), None);
        self.findings.push(finding.values(stated, computed));
    }

    fn outside(&self) -> u64 {
        self.tally.counted(Count::Outside)
    }

    /// Entries in the time of the answer: without the day that it may end with, and with it.
    fn inside(&self) -> (u64, u64) {
        let most = self.walked.events.saturating_sub(self.outside());
        (most.saturating_sub(self.tally.counted(Count::OnTheEdge)), most)
    }

    /// Whether the answer's number of entries shows that the day that it ends with belongs to it.
    fn takes_last_day(&self) -> bool {
        let (least, most) = self.inside();
        least < most && self.answer.entries == most
    }

    fn period(&mut self) {
        let period = self.answer.period;
        let words = |text: &Option<String>| text.as_deref().map_or_else(|| "none".to_owned(), shortened);
        let (from, to) = (words(&self.answer.stated.0), words(&self.answer.stated.1));
        let end = period.day.or(period.to);
        if period.from.zip(end).is_some_and(|(from, to)| from >= to) {
            self.refute(Code::ExpectPeriod, format!("is about no time at all: from {from} to {to}"), &from, &to);
        } else if self.outside() > 0 {
            let outside = events(self.outside());
            self.notes.push(format!("{outside} outside the time that the server's answer is about, {from} to {to}: it says nothing of them"));
        }
        let late = |row: &&Row| row.time.zip(self.answer.verified).is_some_and(|(time, verified)| time > verified);
        let counted = self.answer.entries == self.walked.events && self.outside() == 0;
        if let (Some(row), Some(verified)) = (self.walked.last().filter(late), self.answer.verified.filter(|_| counted)) {
            let time = row.stated_time.as_deref().unwrap_or_default().to_owned();
            let message = format!("was given at {verified}, and counts an entry that is later, of {time}");
            self.refute(Code::ExpectPeriod, message, verified, time);
        }
    }

    fn count(&mut self) {
        let (least, most) = self.inside();
        let stated = self.answer.entries;
        if self.tally.untested > 0 {
            return self.leave(Why::Unreadable);
        }
        if most == 0 && stated == 0 {
            return self.leave(Why::Answer("no event of the export lies in the time that the server's answer is about".to_owned()));
        }
        if stated == least || stated == most {
            return self.hold("the number of entries");
        }
        if !self.answer.valid && stated < most {
            // whoever finds a break may stop there
            return self.notes.push(format!("the server's answer counts {}: it found a break, and may have stopped there", entries(stated)));
        }
        let found = if least == most { most.to_string() } else { format!("{least} (without the day that the answer ends with) or {most} (with it)") };
        self.refute(Code::ExpectCount, format!("counts {}, the export has {found} in that time", entries(stated)), stated, &found);
    }

    fn hashes(&mut self) {
        let (answer, walked) = (self.answer, self.walked);
        self.hash(Code::ExpectFirstHash, ("first", "the first hash"), answer.first, walked.first());
        self.hash(Code::ExpectLastHash, ("last", "the last hash"), answer.last, walked.last());
    }

    fn hash(&mut self, code: Code, (which, what): (&str, &'static str), stated: Option<Digest>, row: Option<&Row>) {
        let (Some(stated), Some(row)) = (stated, row) else {
            return;
        };
        if !self.chained {
            return self.leave(Why::Answer("the server's answer names hashes, and the profile has no chain to compute them by".to_owned()));
        }
        let bounded = self.answer.period.from.is_some() || self.answer.period.to.is_some();
        let inside = row.time.map_or(!bounded, |time| match self.answer.period.standing(time) {
            Standing::Inside => true,
            Standing::Edge => self.takes_last_day(),
            Standing::Outside => false,
        });
        if !inside {
            let message =
                format!("the {which} event of the export lies outside the time of the server's answer, so its hash is not the one that it names");
            return self.leave(Why::Answer(message));
        }
        // an altered entry that states its old hash is a finding of its own
        if stated == row.hash || Some(stated) == row.own {
            return self.hold(what);
        }
        let event = row.id.as_deref().map_or_else(|| format!("event {}", row.number), |id| format!("event {} (\"{id}\")", row.number));
        self.refute(code, format!("names {stated} as the hash of the {which} entry; that of {event} is {}", row.hash), stated, row.hash);
    }

    /// Whether the chain holds, and where it breaks.
    fn verdict(&mut self) {
        let answer = self.answer;
        if let (true, Some(id)) = (answer.valid, &answer.broken_at) {
            let id = shortened(id);
            return self.refute(Code::ExpectValid, format!("contradicts itself: it calls the chain valid, and broken at \"{id}\""), "valid", id);
        }
        if answer.valid && answer.status.as_deref().is_some_and(|status| status != "verified") {
            let status = shortened(answer.status.as_deref().unwrap_or_default());
            self.notes.push(format!("the server's answer has the status \"{status}\", and calls its chain valid"));
        }
        if !self.chained {
            return self.unseen();
        }
        let broken = breaks(self.walked) > 0 || self.walked.own.refuted.count() > 0;
        match (answer.valid, broken, &answer.broken_at) {
            (true, false, _) => self.hold("that the chain holds"),
            (true, true, _) => {
                let place = self.first_break();
                self.refute(Code::ExpectValid, format!("calls the chain valid; in the export it is broken, first at {place}"), "valid", place);
            }
            (false, false, Some(id)) => {
                let id = shortened(id);
                self.refute(Code::ExpectBrokenAt, format!("says that the chain is broken at \"{id}\"; in the export it holds"), id, "none");
            }
            (false, false, None) => {
                self.refute(Code::ExpectValid, "says that the chain is broken; in the export it holds".to_owned(), "not valid", "valid");
            }
            (false, true, None) => self.hold("that the chain is broken"),
            (false, true, Some(id)) => self.place(&shortened(id)),
        }
    }

    /// No hash is in the export: nobody but the server can tell.
    fn unseen(&mut self) {
        if self.answer.valid {
            let note = "the server says that its hash chain is valid: no hash is in the export, so nobody else can tell";
            return self.notes.push(note.to_owned());
        }
        let message = "the server says that its hash chain is broken, and no hash is in the export that could confirm or refute it";
        self.leave(Why::Answer(message.to_owned()));
    }

    fn place(&mut self, id: &str) {
        let walked = self.walked;
        let kept = walked.explained.findings.iter().chain(&walked.own.kept);
        let named = kept.filter_map(|finding| finding.event.as_ref()?.id.as_deref());
        let seams = walked.explained.found.iter().filter_map(|found| found.fact.stated_by.as_ref()?.id.as_deref());
        let mended = named.chain(seams).any(|named| named == id);
        if mended || walked.explained.more > 0 {
            return self.hold("where the chain is broken");
        }
        let place = self.first_break();
        self.refute(
            Code::ExpectBrokenAt,
            format!("says that the chain is broken at \"{id}\"; in the export it is broken first at {place}"),
            id,
            &place,
        );
    }

    fn first_break(&self) -> String {
        let findings = self.walked.explained.findings.iter().chain(&self.walked.own.kept);
        let event = findings.filter_map(|finding| finding.event.as_ref()).min_by_key(|event| event.place.number);
        match event {
            Some(event) => match &event.id {
                Some(id) => format!("event {} (\"{id}\")", event.place.number.unwrap_or_default()),
                None => format!("event {}", event.place.number.unwrap_or_default()),
            },
            None => "an event".to_owned(),
        }
    }
}

fn entries(count: u64) -> String {
    if count == 1 { "1 entry".to_owned() } else { format!("{count} entries") }
}

fn statements(count: u64) -> String {
    if count == 1 { "1 statement".to_owned() } else { format!("{count} statements") }
}

/// `the number of entries, the last hash and that the chain holds`
fn listed(what: &[&str]) -> String {
    match what {
        [] => "nothing".to_owned(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
