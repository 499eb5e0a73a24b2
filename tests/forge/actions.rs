//! Actions signed by passkeys: the details object of each event as the source writes it.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::authenticator::{Assertion, BE, BS, Ceremony, Credential, Kind, Order, UP, UV, base64url};
use super::edit::{Event, write};
use super::keys::{Key, digest};
use super::record::time;
use super::token::{Token, object};

/// How an event writes the public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyForm {
    /// `SHA256:` and base64 of the SPKI's digest: no key.
    Fingerprint,
    /// PEM `PUBLIC KEY`.
    Pem,
    /// The same, its line ends as `\` and `n`.
    PemOneLine,
    /// PEM `RSA PUBLIC KEY`.
    RsaPem,
}

impl KeyForm {
    pub fn text(self, key: &Key) -> String {
        match self {
            Self::Fingerprint => fingerprint(key),
            Self::Pem => key.pem(),
            Self::PemOneLine => key.pem().replace('\n', "\\n"),
            Self::RsaPem => key.rsa_pem(),
        }
    }
}

/// `SHA256:` and unpadded base64 of the digest of the SPKI.
pub fn fingerprint(key: &Key) -> String {
    use base64ct::{Base64Unpadded, Encoding as _};
    use sha2::{Digest as _, Sha256};
    format!("SHA256:{}", Base64Unpadded::encode_string(&Sha256::digest(key.spki())))
}

/// One action before anything is signed.
#[derive(Clone)]
pub struct Action {
    pub id: String,
    pub name: &'static str,
    pub user: &'static str,
    /// Milliseconds since 2026-10-01T00:00:00Z.
    pub clock: u64,
    pub credential: Credential,
    pub key_form: KeyForm,
    pub ceremony: Ceremony,
    pub token: Token,
}

impl Action {
    /// What this user does with this credential: the n-th action of an export.
    pub fn of(number: u64, name: &'static str, credential: Credential) -> Self {
        // 47 minutes and a bit from one to the next: all within one week
        let clock = 4 * 86_400_000 + number * 2_837_113;
        let key = digest(format!("action {number}").as_bytes());
        let ceremony = Ceremony::of(credential.kind, &key, 40 + u32::try_from(number).unwrap());
        let user = credential.user;
        let token = Token::of(user, &format!("jti-{}", &key[7..19]), seconds(clock) - 4);
        Self { id: format!("uj-{}-{}", &key[19..24], &key[24..40]), name, user, clock, credential, key_form: KeyForm::Pem, ceremony, token }
    }

    /// The details object.
    pub fn event(&self) -> Event {
        self.event_with(&self.ceremony.sign(&self.credential))
    }

    /// The details object with an assertion from elsewhere.
    pub fn event_with(&self, assertion: &Assertion) -> Event {
        object(json!({
            "id": self.id, "action": self.name, "actionToken": self.token.text(), "userId": self.user,
            "username": format!("{}@acme.example", &self.user[3..]), "datePerformed": time(self.clock),
            "firstFactorCredential": {
                "id": self.credential.id, "kind": self.credential.kind.name(), "publicKey": self.key_form.text(&self.credential.key),
                "assertion": {
                    "authenticatorData": assertion.authenticator_data.as_ref().map(|data| base64url(data)),
                    "clientData": base64url(&assertion.client_data), "signature": base64url(&assertion.signature)
                }
            }
        }))
    }

    /// When it happens, in seconds since 1970.
    pub fn seconds(&self) -> u64 {
        seconds(self.clock)
    }
}

/// In seconds since 1970.
pub fn seconds(clock: u64) -> u64 {
    time(clock).parse::<Timestamp>().unwrap().as_second().unsigned_abs()
}

/// An event that the system did by itself: no user, no credential, nothing signed.
pub fn system_event(number: u64, credential: Value) -> Event {
    let mut event = Action::of(number, "policies:archive", ada()).event();
    event.insert("firstFactorCredential".to_owned(), credential);
    ["actionToken", "userId", "username"].into_iter().for_each(|name| event[name] = Value::Null);
    event
}

/// The members of a credential, all null.
pub fn no_credential() -> Value {
    json!({"id": null, "kind": null, "publicKey": null, "assertion": null})
}

fn credential(id: &'static str, kind: Kind, user: &'static str, key: Key) -> Credential {
    Credential { id, kind, user, key }
}

/// A security key: P-256, with a counter.
pub fn ada() -> Credential {
    credential("cr-ada-key", Kind::Fido2, "us-ada", Key::es256("ada security key"))
}

/// A synced passkey: Ed25519, its counter is always 0.
pub fn ben() -> Credential {
    credential("cr-ben-phone", Kind::Fido2, "us-ben", Key::ed25519("ben phone"))
}

/// A laptop: RSA.
pub fn cleo() -> Credential {
    credential("cr-cleo-laptop", Kind::Fido2, "us-cleo", Key::rs256(1))
}

/// A P-256 key of a script.
pub fn ada_script() -> Credential {
    credential("cr-ada-script", Kind::Key, "us-ada", Key::es256("ada script"))
}

/// An Ed25519 key behind a password.
pub fn ben_password() -> Credential {
    credential("cr-ben-password", Kind::PasswordProtectedKey, "us-ben", Key::ed25519("ben password"))
}

/// An RSA key on paper.
pub fn cleo_recovery() -> Credential {
    credential("cr-cleo-recovery", Kind::RecoveryKey, "us-cleo", Key::rs256(2))
}

/// All credentials.
pub fn credentials() -> Vec<Credential> {
    vec![ada(), ada_script(), ben(), ben_password(), cleo(), cleo_recovery()]
}

/// Seven actions with every kind of credential, the three orders of client data and the forms of keys.
pub fn every_kind() -> Vec<Action> {
    let mut list = vec![
        Action::of(1, "wallets:create", ada()),
        Action::of(2, "policies:update", ben()),
        Action::of(3, "wallets/wa-1:transfer", cleo()),
        Action::of(4, "wallets/wa-1:transfer", ada_script()),
        Action::of(5, "users:invite", ben_password()),
        Action::of(6, "credentials:recover", cleo_recovery()),
        Action::of(7, "wallets/wa-2:transfer", ada()),
    ];
    (list[1].ceremony.counter, list[1].ceremony.flags) = (0, UP | UV | BE | BS);
    list[2].key_form = KeyForm::RsaPem;
    list[3].ceremony.order = Order::Sorted;
    list[4].ceremony.order = Order::OriginFirst;
    list[4].key_form = KeyForm::PemOneLine;
    // encoded twice, as some SDKs do
    list[5].ceremony.challenge = base64url(list[5].ceremony.challenge.as_bytes());
    list[6].ceremony.cross_origin = None;
    list
}

/// Three actions of three users, each with a security key; the faults stand in the second.
pub fn three() -> Vec<Action> {
    let mut list =
        vec![Action::of(1, "wallets:create", ben()), Action::of(2, "wallets/wa-1:transfer", ada()), Action::of(3, "policies:update", ben())];
    for index in [0, 2] {
        (list[index].ceremony.counter, list[index].ceremony.flags) = (0, UP | UV | BE | BS);
    }
    list
}

/// The events of actions.
pub fn events(actions: &[Action]) -> Vec<Event> {
    actions.iter().map(Action::event).collect()
}

/// Their lines, without LF.
pub fn lines(events: &[Event]) -> Vec<Vec<u8>> {
    events.iter().map(write).collect()
}

/// NDJSON.
pub fn ndjson(events: &[Event]) -> Vec<u8> {
    lines(events).iter().flat_map(|line| [line.as_slice(), b"\n"].concat()).collect()
}
