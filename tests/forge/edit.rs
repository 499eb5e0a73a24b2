//! What a tamperer, or a producer with a change of mind, does to the lines of a bundle.

use serde_json::{Map, Value};

use super::bundle::{Bundle, GLOBEX, Start, log};
use super::keys::{self, digest, epoch_key, hex, tenant_key};
use super::record::{Profile, Proof, base64};

/// Whether who writes holds the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand {
    /// The producer: HMACs and signatures fit what is written.
    Producer,
    /// Somebody else: HMACs and signatures stay as they were.
    Tamperer,
}

pub type Event = Map<String, Value>;

/// A line as an object.
pub fn parse(line: &[u8]) -> Event {
    serde_json::from_slice(line).unwrap()
}

/// An object as its canonical line.
pub fn write(event: &Event) -> Vec<u8> {
    serde_json::to_vec(event).unwrap()
}

/// The hash that the next event must name; of the bytes where the line cannot be read.
pub fn hash_of(profile: Profile, line: &[u8]) -> String {
    match (profile, serde_json::from_slice::<Event>(line)) {
        (Profile::Qustody, Ok(mut event)) => {
            event.remove("entry_hash");
            digest(&write(&event))
        }
        _ => digest(line),
    }
}

/// A digest that nothing has.
pub fn nowhere(name: &str) -> Value {
    Value::from(digest(format!("nothing has this digest: {name}").as_bytes()))
}

impl Bundle {
    /// Changes the event at this index. Links, stated hashes and proofs stay.
    pub fn change(&mut self, index: usize, change: impl FnOnce(&mut Event)) {
        let mut event = parse(&self.lines[index]);
        change(&mut event);
        self.lines[index] = write(&event);
    }

    /// The same edit that an attacker would make: another actor.
    pub fn alter(&mut self, index: usize) {
        match self.profile {
            Profile::FileTransfer => self.change(index, |event| event["actor"]["id"] = Value::from("usr_99")),
            Profile::Qustody => self.change(index, |event| event["actor_id"] = Value::from("usr_99")),
            Profile::PasskeyActions => self.change(index, |event| event["action"] = Value::from("wallets/wa-99:transfer")),
            Profile::Trustgate => self.change(index, |event| event["actor"]["id"] = Value::from("user_999")),
            Profile::TypedEvents => self.change(index, |event| event["actor_user_id"] = Value::from("usr-99")),
        }
    }

    /// States the own hash anew (`qustody/1`).
    pub fn restamp(&mut self, index: usize) {
        if self.profile == Profile::Qustody {
            let own = hash_of(self.profile, &self.lines[index]);
            self.change(index, |event| event["entry_hash"] = Value::from(own));
        }
    }

    /// Names nothing as predecessor.
    pub fn unlink(&mut self, index: usize) {
        self.change(index, |event| event["prev_hash"] = nowhere("unlinked"));
    }

    /// Links the events from this index on anew, each to the one before it.
    pub fn relink_from(&mut self, from: usize, hand: Hand) {
        for index in from..self.lines.len() {
            let link = match index {
                0 => self.first_link(),
                _ => hash_of(self.profile, &self.lines[index - 1]),
            };
            self.relink(index, link, hand);
        }
    }

    /// Links one event anew.
    pub fn relink(&mut self, index: usize, link: String, hand: Hand) {
        self.change(index, |event| event["prev_hash"] = Value::from(link));
        self.restamp(index);
        if hand == Hand::Producer {
            self.prove(index);
        }
    }

    /// The producer writes the events so, from this index on: changed, linked, proven, stated.
    pub fn author(&mut self, index: usize, change: impl FnOnce(&mut Event)) {
        self.change(index, change);
        self.relink_from(index, Hand::Producer);
        self.restate();
    }

    /// The producer wrote this line so, and chained the others to its bytes.
    pub fn author_raw(&mut self, index: usize, line: Vec<u8>) {
        self.lines[index] = line;
        self.relink_from(index + 1, Hand::Producer);
        self.restate();
    }

    /// Makes the HMAC and the signature fit, where the event has them.
    pub fn prove(&mut self, index: usize) {
        let mut event = parse(&self.lines[index]);
        let (mac, signature) = (event.remove("hmac"), event.remove("signature"));
        let covered = write(&event);
        if mac.is_some() {
            let epoch = epoch_of(event["occurred_at"].as_str().unwrap());
            let key = epoch_key(self.tenant, &tenant_key(self.tenant), &epoch);
            event.insert("hmac".to_owned(), Value::from(format!("hmac-sha256:{}", hex(&keys::mac(&key, &[&covered])))));
        }
        if signature.is_some() {
            let raw = keys::event_key(self.tenant).sign(&covered);
            event.insert("signature".to_owned(), Value::from(format!("ed25519:{}", base64(&raw))));
        }
        self.lines[index] = write(&event);
    }

    /// A forged event of this tenant that stands where the event at this index stands: same link, same sequence, other content, no true proof.
    pub fn forgery(&self, index: usize, name: &str) -> Vec<u8> {
        let mut forged = self.clone();
        forged.alter(index);
        let (id, prefix) = (digest(name.as_bytes()), if self.profile == Profile::Qustody { "aud" } else { "evt" });
        forged.change(index, |event| event["id"] = Value::from(format!("{prefix}_{}", &id[7..23])));
        forged.restamp(index);
        forged.lines.swap_remove(index)
    }

    /// Events of another tenant, linked among themselves.
    pub fn foreign(&self, count: usize) -> Vec<Vec<u8>> {
        let mut log = log(self.profile, GLOBEX, Start::Middle);
        log.next_seq = 7001;
        log.proof = if self.lines.iter().any(|line| serde_json::from_slice::<Event>(line).is_ok_and(|event| event.contains_key("signature"))) {
            Proof::Signature
        } else {
            Proof::Mac
        };
        (0..count).map(|_| log.line().into_bytes()).collect()
    }

    /// Puts lines before the one at this index.
    pub fn insert(&mut self, index: usize, lines: impl IntoIterator<Item = Vec<u8>>) {
        self.lines.splice(index..index, lines);
    }

    /// Takes lines out.
    pub fn remove(&mut self, index: usize, count: usize) {
        self.lines.drain(index..index + count);
    }

    /// Takes a block out and puts it back in front of what then stands at `to`.
    pub fn shift(&mut self, from: usize, count: usize, to: usize) {
        let block: Vec<Vec<u8>> = self.lines.drain(from..from + count).collect();
        self.insert(to, block);
    }
}

/// The month of a time in UTC.
pub fn epoch_of(time: &str) -> String {
    let time: jiff::Timestamp = time.parse().unwrap();
    time.strftime("%Y-%m").to_string()
}
