//! `event.replay`: what several events show together. An assertion or challenge that serves twice, a counter that does not rise, a credential with two
//! keys or two users, a token id of two users. The pass over the events keeps keyed hashes; what seems to repeat is confirmed exactly in the second read.
//! Identity is never a signature: the twin with the other s fits the same bytes.

mod facts;

use std::collections::{BTreeMap, HashSet};
use std::hash::{BuildHasher, Hash, RandomState};

use crate::check::Ids;
use crate::time::Time;

pub use self::facts::{Facts, Looked, findings};

/// Different users or keys of one credential that are kept.
const VARIANTS: usize = 8;

/// Uses of credentials that are followed up.
const FOLLOWED: usize = 100_000;

/// What a run of events uses. Empty is neutral, join is associative.
#[derive(Debug, Clone, Default)]
pub struct Replay {
    used: bool,
    challenges: Ids,
    tokens: Ids,
    credentials: BTreeMap<u64, Variants>,
    /// Counters that are not zero, and of each credential the earliest and the latest that are: an authenticator without a counter states zero always.
    counters: Vec<CounterUse>,
    zeros: BTreeMap<u64, (CounterUse, CounterUse)>,
    /// Organisations that tokens name, in the order in which they first appear.
    organisations: Vec<u64>,
}

/// Hashed users and keys of one credential, in the order in which they first appear.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Variants {
    users: Vec<u64>,
    keys: Vec<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct CounterUse {
    credential: u64,
    time: Time,
    counter: u32,
    number: u64,
}

/// What the second read must look at.
#[derive(Debug, Clone, Default)]
pub struct Suspicion {
    challenges: HashSet<u64>,
    tokens: HashSet<u64>,
    credentials: HashSet<u64>,
    /// Events whose counter does not rise: number of the event, number of the one before it in time.
    pub counters: Vec<(u64, u64)>,
    numbers: HashSet<u64>,
    /// Tokens of several organisations.
    organisations: bool,
}

/// Collects the uses of the events of one block.
#[derive(Debug)]
pub struct Collector<'h> {
    hasher: &'h RandomState,
    challenges: Vec<u64>,
    tokens: Vec<u64>,
    replay: Replay,
}

impl<'h> Collector<'h> {
    /// With the hasher that all blocks of one file share.
    pub fn new(hasher: &'h RandomState) -> Self {
        Self { hasher, challenges: Vec::new(), tokens: Vec::new(), replay: Replay::default() }
    }

    /// Adds an event.
    pub fn push(&mut self, facts: &Facts, time: Option<Time>, number: u64) {
        self.replay.used |= facts.carries;
        if let Some(challenge) = &facts.challenge {
            self.challenges.push(self.hash(challenge));
        }
        if let Some(token) = facts.token_identity() {
            self.tokens.push(self.hash(token));
        }
        if let Some(organisation) = &facts.organisation {
            let organisation = self.hash(organisation);
            note(&mut self.replay.organisations, organisation);
        }
        let Some(credential) = facts.credential.as_ref().map(|credential| self.hash(credential)) else {
            return;
        };
        let (user, key) = (facts.user.as_ref().map(|user| self.hash(user)), facts.key.as_ref().map(|key| self.hash(key)));
        let variants = self.replay.credentials.entry(credential).or_default();
        user.into_iter().for_each(|user| note(&mut variants.users, user));
        key.into_iter().for_each(|key| note(&mut variants.keys, key));
        if let (Some(counter), Some(time)) = (facts.counter, time) {
            self.replay.count(CounterUse { credential, time, counter, number });
        }
    }

    /// What was collected.
    pub fn finish(self) -> Replay {
        Replay { challenges: Ids::of_block(self.challenges), tokens: Ids::of_block(self.tokens), ..self.replay }
    }

    fn hash(&self, value: impl Hash) -> u64 {
        self.hasher.hash_one(value)
    }
}

/// Keeps a value that is new.
fn note(kept: &mut Vec<u64>, value: u64) {
    if kept.len() < VARIANTS && !kept.contains(&value) {
        kept.push(value);
    }
}

impl Replay {
    /// Adds what the events that follow use.
    pub fn join(&mut self, next: Self) {
        self.used |= next.used;
        self.challenges.join(next.challenges);
        self.tokens.join(next.tokens);
        self.counters.extend(next.counters);
        next.zeros.into_values().flat_map(|(earliest, latest)| [earliest, latest]).for_each(|zero| self.count(zero));
        next.organisations.into_iter().for_each(|organisation| note(&mut self.organisations, organisation));
        for (credential, variants) in next.credentials {
            let own = self.credentials.entry(credential).or_default();
            variants.users.into_iter().for_each(|user| note(&mut own.users, user));
            variants.keys.into_iter().for_each(|key| note(&mut own.keys, key));
        }
    }

    fn count(&mut self, use_: CounterUse) {
        if use_.counter > 0 {
            return self.counters.push(use_);
        }
        let (earliest, latest) = self.zeros.entry(use_.credential).or_insert((use_, use_));
        let place = |use_: &CounterUse| (use_.time, use_.number);
        if place(&use_) < place(earliest) {
            *earliest = use_;
        }
        if place(&use_) > place(latest) {
            *latest = use_;
        }
    }

    /// Whether any event has an assertion or a token.
    pub fn is_used(&self) -> bool {
        self.used
    }

    /// Whether any token names an organisation.
    pub fn names_organisations(&self) -> bool {
        !self.organisations.is_empty()
    }

    /// What must be looked at again.
    pub fn suspicion(&self) -> Suspicion {
        let mixed = self.credentials.iter().filter(|(_, variants)| variants.users.len() > 1 || variants.keys.len() > 1);
        let counters = self.counters_that_do_not_rise();
        let numbers = counters.iter().flat_map(|(later, earlier)| [*later, *earlier]).collect();
        Suspicion {
            challenges: self.challenges.repeated(),
            tokens: self.tokens.repeated(),
            credentials: mixed.map(|(credential, _)| *credential).take(FOLLOWED).collect(),
            counters,
            numbers,
            organisations: self.organisations.len() > 1,
        }
    }

    /// In the order of the events' times, which a file need not have. Uses at one instant have no order, and are not compared with each other.
    fn counters_that_do_not_rise(&self) -> Vec<(u64, u64)> {
        let counted: HashSet<u64> = self.counters.iter().map(|use_| use_.credential).collect();
        let zeros = self.zeros.iter().filter(|(credential, _)| counted.contains(credential));
        let mut uses: Vec<CounterUse> = zeros.flat_map(|(_, (earliest, latest))| [*earliest, *latest]).chain(self.counters.iter().copied()).collect();
        uses.sort_by_key(|use_| (use_.credential, use_.time, use_.number));
        uses.dedup();
        let mut found = Vec::new();
        let mut highest: Option<CounterUse> = None;
        for group in uses.chunk_by(|one, other| one.credential == other.credential && one.time == other.time) {
            let same = |before: &CounterUse| group.first().is_some_and(|first| first.credential == before.credential);
            let before = highest.filter(same);
            for use_ in group {
                if let Some(before) = before.filter(|before| before.counter > 0 && use_.counter <= before.counter) {
                    found.push((use_.number, before.number));
                }
            }
            let top = group.iter().copied().max_by_key(|use_| use_.counter);
            highest = match (before, top) {
                (Some(before), Some(top)) if before.counter >= top.counter => Some(before),
                (_, top) => top,
            };
        }
        found.truncate(FOLLOWED);
        found
    }
}

impl Suspicion {
    /// Whether there is nothing to look at.
    pub fn is_empty(&self) -> bool {
        self.challenges.is_empty() && self.tokens.is_empty() && self.credentials.is_empty() && self.counters.is_empty() && !self.organisations
    }

    /// Whether an event must be looked at.
    pub fn concerns(&self, facts: &Facts, number: u64, hasher: &RandomState) -> bool {
        let is_in = |set: &HashSet<u64>, value: Option<u64>| value.is_some_and(|value| set.contains(&value));
        self.organisations && facts.organisation.is_some()
            || self.numbers.contains(&number)
            || is_in(&self.challenges, facts.challenge.as_ref().map(|challenge| hasher.hash_one(challenge)))
            || is_in(&self.tokens, facts.token_identity().map(|token| hasher.hash_one(token)))
            || is_in(&self.credentials, facts.credential.as_ref().map(|credential| hasher.hash_one(credential)))
    }
}
