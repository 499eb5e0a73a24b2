//! Events as canonical lines, written as text in the order of RFC 8785 so that a million of them take seconds.

use std::fmt::Write as _;

use super::keys::{self, Key, digest, epoch_key, hex, tenant_key};

/// Which form the events have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// `file-transfer/1`
    FileTransfer,
    /// `passkey-actions/1`; its events are made in `actions`
    PasskeyActions,
    /// `qustody/1`
    Qustody,
    /// `trustgate/1`; its entries are made in `sources`
    Trustgate,
    /// `typed-events/1`; its events are made in `sources`
    TypedEvents,
}

impl Profile {
    pub fn name(self) -> &'static str {
        match self {
            Self::FileTransfer => "file-transfer/1",
            Self::PasskeyActions => "passkey-actions/1",
            Self::Qustody => "qustody/1",
            Self::Trustgate => "trustgate/1",
            Self::TypedEvents => "typed-events/1",
        }
    }
}

/// How long the events are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Under 400 bytes, for fixtures.
    Small,
    /// 500 to 700 bytes, as in the world.
    Full,
}

/// What proves each event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    None,
    Mac,
    Signature,
    Both,
}

/// A log that writes itself, one line after the other.
#[derive(Clone)]
pub struct Log {
    pub profile: Profile,
    pub tenant: &'static str,
    pub style: Style,
    pub proof: Proof,
    pub next_seq: u64,
    pub next_link: String,
    /// Milliseconds since 2026-10-01T00:00:00Z.
    pub clock: u64,
    /// Milliseconds from one event to the next.
    pub step: u64,
    random: u64,
    epoch: [u8; 32],
    signer: Key,
}

impl Log {
    pub fn new(profile: Profile, tenant: &'static str, first_seq: u64, first_link: String) -> Self {
        Self {
            profile,
            tenant,
            style: Style::Small,
            proof: Proof::Mac,
            next_seq: first_seq,
            next_link: first_link,
            clock: 0,
            step: 2_220_000,
            random: first_seq ^ tenant.bytes().fold(7, |sum, byte| sum * 31 + u64::from(byte)),
            epoch: epoch_key(tenant, &tenant_key(tenant), "2026-10"),
            signer: keys::event_key(tenant),
        }
    }

    /// The next event, without LF, chained to the one before.
    pub fn line(&mut self) -> String {
        let line = match self.profile {
            Profile::FileTransfer => self.transfer(),
            Profile::Qustody => self.entry(),
            Profile::PasskeyActions | Profile::Trustgate | Profile::TypedEvents => panic!("no chained log"),
        };
        self.next_seq += 1;
        self.clock += self.step;
        line
    }

    /// SplitMix64: the forge's only source of variety.
    fn draw(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut value = self.random;
        value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^ (value >> 31)
    }

    fn transfer(&mut self) -> String {
        const ACTIONS: [&str; 4] = ["file.upload", "file.download", "file.share", "policy.update"];
        let (draw, name) = (self.draw(), self.draw());
        let action = ACTIONS[(draw % 4) as usize];
        let user = draw >> 8 & 15;
        let seq = self.next_seq;
        let (mut head, middle, tail) = match self.style {
            Style::Small => (
                format!(r#"{{"action":"{action}","actor":{{"id":"usr_{user:02}","type":"user"}}"#),
                format!(
                    r#","id":"evt_{name:016x}","network":{{"ip":"192.0.2.{}"}},"occurred_at":"{}","permissions":["write"],"prev_hash":"{}","seq":{seq}"#,
                    draw >> 16 & 127,
                    time(self.clock),
                    self.next_link
                ),
                format!(r#","tenant_id":"{}"}}"#, self.tenant),
            ),
            Style::Full => self.full(action, user, draw, name),
        };
        let mut proof = String::new();
        if matches!(self.proof, Proof::Mac | Proof::Both) {
            let tag = keys::mac(&self.epoch, &[head.as_bytes(), middle.as_bytes(), tail.as_bytes()]);
            proof = format!(r#","hmac":"hmac-sha256:{}""#, hex(&tag));
        }
        let mut signature = String::new();
        if matches!(self.proof, Proof::Signature | Proof::Both) {
            let raw = self.signer.sign(format!("{head}{middle}{tail}").as_bytes());
            signature = format!(r#","signature":"ed25519:{}""#, base64(&raw));
        }
        head.reserve(proof.len() + middle.len() + signature.len() + tail.len());
        head.extend([proof, middle, signature, tail]);
        self.next_link = digest(head.as_bytes());
        head
    }

    fn full(&mut self, action: &str, user: u64, draw: u64, name: u64) -> (String, String, String) {
        let file = self.draw();
        let mut sha = String::with_capacity(64);
        for part in 0..4_u64 {
            write!(sha, "{:016x}", file.wrapping_mul(part * 2 + 1)).unwrap();
        }
        (
            format!(
                r#"{{"action":"{action}","actor":{{"federation":"saml:idp.acme.example","id":"usr_{user:02}","name":"Zo\u00eb {user}","type":"user"}},"file":{{"name":"matter-{}/exhibit-{}.pdf","sha256":"sha256:{sha}","size":{},"version":{}}}"#,
                file % 997,
                file >> 12 & 255,
                file % 9_000_000,
                file >> 40 & 7,
            )
            .replace("\\u00eb", "ë"),
            format!(
                r#","id":"evt_{name:016x}","network":{{"ip":"192.0.2.{}"}},"occurred_at":"{}","permissions":["matter.read"],"policy":{{"name":"external-share","version":{}}},"prev_hash":"{}","seq":{}"#,
                draw >> 16 & 127,
                time(self.clock),
                draw >> 32 & 15,
                self.next_link,
                self.next_seq
            ),
            format!(r#","tenant_id":"{}","transfer":{{"protocol":"sftp"}}}}"#, self.tenant),
        )
    }

    fn entry(&mut self) -> String {
        const ACTIONS: [&str; 4] = ["wallet.create", "policy.update", "transaction.sign", "user.invite"];
        let (draw, name) = (self.draw(), self.draw());
        let head = format!(
            r#"{{"action":"{}","actor_id":"usr_{:02}","actor_type":"user","created_at":"{}""#,
            ACTIONS[(draw % 4) as usize],
            draw >> 8 & 15,
            time(self.clock)
        );
        let (metadata, agent) = match self.style {
            Style::Small => ("{}".to_owned(), "cli/1"),
            Style::Full => (
                format!(r#"{{"amount":"{}","diff":{{"limit":[{},{}]}},"note":"quarterly review"}}"#, name % 1_000_000, draw % 500, draw % 900),
                "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
            ),
        };
        let tail = format!(
            r#","id":"aud_{name:016x}","ip":"192.0.2.{}","metadata":{metadata},"prev_hash":"{}","request_id":"req_{:08x}","resource_id":"wal_{:02}","resource_type":"wallet","tenant_id":"{}","user_agent":"{agent}"}}"#,
            draw >> 16 & 127,
            self.next_link,
            draw >> 32,
            draw >> 24 & 31,
            self.tenant
        );
        let own = digest(format!("{head}{tail}").as_bytes());
        let line = format!(r#"{head},"entry_hash":"{own}"{tail}"#);
        self.next_link = own;
        line
    }
}

/// RFC 3339 in UTC; days count from the 1st of October 2026 and may run into November.
pub fn time(clock: u64) -> String {
    let (millis, seconds) = (clock % 1000, clock / 1000);
    let (day, month) = match seconds / 86_400 {
        day @ 0..=30 => (day + 1, 10),
        day => (day - 30, 11),
    };
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    let fraction = if millis == 0 { String::new() } else { format!(".{millis:03}") };
    format!("2026-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
}

/// RFC 4648, padded.
pub fn base64(bytes: &[u8]) -> String {
    use base64ct::{Base64, Encoding as _};
    Base64::encode_string(bytes)
}
