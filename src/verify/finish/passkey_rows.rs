//! The rows about who approved each event: assertions, tokens, and what several events show together.

use super::Evidence;
use super::event_rows::{events, tally};
use crate::check::{Count, Tally};
use crate::finding::{CheckId, Finding, Why};
use crate::profile::{ChallengeRule, PasskeyRule, Profile};
use crate::report::PasskeySummary;
use crate::verify::events::Walked;
use crate::verify::ledger::{Entry, Scope};

/// What the report tells of passkeys as a whole.
pub(super) fn passkeys(walked: &Walked, profile: Option<&Profile>) -> Option<PasskeySummary> {
    let rule = profile?.passkey.as_ref()?;
    let tally = tally(walked, CheckId::EventPasskey);
    let counted = |what: Count| tally.counted(what);
    Some(PasskeySummary {
        assertions: tally.upheld,
        pinned: counted(Count::Pinned),
        vouched_for: counted(Count::VouchedFor),
        claimed: counted(Count::Claimed),
        system_initiated: counted(Count::System),
        binding: binding(rule),
    })
}

fn binding(rule: &PasskeyRule) -> &'static str {
    match rule.challenge {
        ChallengeRule::Opaque => "opaque",
        ChallengeRule::Sha256Jcs(_) => "sha256-jcs",
    }
}

/// What a PASS does not show of approvals.
pub(super) fn not_shown(walked: &Walked, profile: &Profile) -> Vec<String> {
    let mut list = Vec::new();
    let tally = tally(walked, CheckId::EventPasskey);
    if let Some(rule) = &profile.passkey {
        if tally.upheld > 0 {
            list.push("whether a signature was used a second time outside this export".to_owned());
        }
        if rule.challenge == ChallengeRule::Opaque && tally.upheld > 0 {
            list.push(
                "what was approved: the challenge is random, so a passkey's signature shows that it was used, and does not bind the action"
                    .to_owned(),
            );
        }
        if tally.counted(Count::VouchedFor) > 0 {
            let count = events(tally.counted(Count::VouchedFor));
            list.push(format!("whose passkeys these are: the keys of {count} are the producer's word, who could have made keys of its own"));
        }
    }
    let system = tally.counted(Count::System);
    if system > 0 {
        list.push(format!("who caused {}: said to be the system's, with no name and no proof", events(system)));
    }
    if self::tally(walked, CheckId::EventToken).counted(Count::Unbound) > 0 {
        list.push("for whom some tokens were issued: they name no user".to_owned());
    }
    list
}

impl Evidence<'_> {
    pub(super) fn approvals(&mut self, walked: &Walked) {
        let Some(profile) = self.profile else {
            return;
        };
        if let Some(rule) = &profile.passkey {
            self.passkey(walked, rule);
        }
        if profile.token.is_some() {
            self.token(walked);
        }
        if profile.passkey.is_some() || profile.token.is_some() {
            self.replay(walked);
        }
    }

    fn passkey(&mut self, walked: &Walked, rule: &PasskeyRule) {
        let tally = tally(walked, CheckId::EventPasskey);
        self.ledger.report_tally(&tally, Scope::Event);
        let more = self.ledger.report(self.opened.credentials_findings.clone());
        let standing = [(Count::Pinned, "pinned by you"), (Count::VouchedFor, "the producer's word"), (Count::Claimed, "claimed")];
        let standing = standing.iter().filter(|(what, _)| tally.counted(*what) > 0);
        let keys: Vec<String> = standing.map(|(what, words)| format!("{} {words}", tally.counted(*what))).collect();
        let keys = if keys.is_empty() { String::new() } else { format!("; keys: {}", keys.join(", ")) };
        let used = match rule.challenge {
            ChallengeRule::Opaque => "credential used in",
            ChallengeRule::Sha256Jcs(_) => "approved:",
        };
        let upheld = format!("{used} {}{keys}{}", events(tally.upheld), system(&tally));
        self.ledger.row(CheckId::EventPasskey, of(&tally, more, "assertion").words(upheld, wrong(&tally, walked, "assertion")));
    }

    fn token(&mut self, walked: &Walked) {
        let tally = tally(walked, CheckId::EventToken);
        self.ledger.report_tally(&tally, Scope::Event);
        let unbound = tally.counted(Count::Unbound);
        let unbound = if unbound > 0 { format!("; {unbound} name no user") } else { String::new() };
        let upheld = format!("{}{unbound}{}", events(tally.upheld), system(&tally));
        self.ledger.row(CheckId::EventToken, of(&tally, 0, "assertion or a token").words(upheld, wrong(&tally, walked, "token")));
    }

    fn replay(&mut self, walked: &Walked) {
        let replayed = &walked.replayed;
        let (here, tokens): (Vec<Finding>, Vec<Finding>) =
            replayed.findings.iter().cloned().partition(|finding| finding.code.check() == CheckId::EventReplay);
        self.notes.extend(replayed.notes.clone());
        let refuted = self.ledger.report(here);
        let others = self.ledger.report(tokens);
        self.ledger.amend(CheckId::EventToken, |row| {
            if others > 0 {
                row.status = crate::report::Status::Refuted;
                row.refuted = row.refuted.saturating_add(others);
            }
        });
        let mut entry = Entry { upheld: walked.events.saturating_sub(refuted), refuted, ..Entry::default() };
        if refuted == 0 && !walked.uses {
            entry = Entry::default().untested(Why::NotCarried("assertion or token".to_owned()));
        }
        let wrong = format!("{refuted} of {} use what others used", events(walked.events));
        self.ledger.row(CheckId::EventReplay, entry.words("no assertion, challenge or token serves twice", wrong));
    }
}

/// Where all events are the system's, nothing was tested.
fn of(tally: &Tally, more: u64, what: &str) -> Entry {
    let entry = Entry::from(tally).refuted(more);
    match tally.counted(Count::System) {
        1.. if tally.upheld == 0 && tally.untested == 0 => {
            entry.untested(Why::NoAssertion(format!("no event carries an {what}: all are said to be the system's")))
        }
        _ => entry,
    }
}

fn system(tally: &Tally) -> String {
    match tally.counted(Count::System) {
        0 => String::new(),
        count => format!("; {} by the system, without proof", events(count)),
    }
}

fn wrong(tally: &Tally, walked: &Walked, what: &str) -> String {
    match tally.refuted.count() {
        0 => format!("no {what} is wrong, but what they are checked with is"),
        count => format!("{count} of {} with a wrong {what}", events(walked.events)),
    }
}
