//! How many passkey assertions a second and core a verification gets through, as a ratio to `openssl speed ecdsap256` in the same run.
//!
//! `cargo bench --bench passkeys` writes 100,000 actions of 200 people, each with its own assertion by a pinned P-256 credential and its own Ed25519
//! token, and verifies them as a raw export. One core: by processor time, as openssl counts it. The token's cost is told apart in two ways: by a
//! profile without a token rule, and by the time of a bare Ed25519 verification. Best of several rounds; numbers from a busy machine say little.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "a benchmark stops where something is wrong"
)]

#[path = "../forge/mod.rs"]
mod forge;

use std::fs;
use std::hint::black_box;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Instant;

use forge::actions::{Action, KeyForm, seconds};
use forge::authenticator::{Ceremony, Credential, Kind};
use forge::edit::write;
use forge::keys::Key;
use forge::token::{Token, jwks, token_key};
use forge::trust::{TrustFile, pin};
use unbroken::crypto::CredentialKey;

const EVENTS: u64 = 100_000;
const PEOPLE: u64 = 200;
const ROUNDS: usize = 3;

/// Seconds of one run.
#[derive(Clone, Copy)]
struct Taken {
    wall: f64,
    processor: f64,
}

fn main() {
    // `cargo test --benches` only wants to know that it builds and runs
    let is_measuring = std::env::args().any(|argument| argument == "--bench");
    let (events, rounds) = if is_measuring { (EVENTS, ROUNDS) } else { (400, 1) };
    let folder = tempfile::tempdir().unwrap();
    make(folder.path(), events);
    let start = Taken { wall: f64::MAX, processor: f64::MAX };
    let (mut openssl, mut one, mut two, mut bare) = (0.0_f64, start, start, start);
    for _ in 0..rounds {
        openssl = openssl.max(yardstick(if is_measuring { "3" } else { "1" }));
        one = one.min(verify(folder.path(), "passkey-actions/1", "1"));
        two = two.min(verify(folder.path(), "passkey-actions/1", "2"));
        bare = bare.min(verify(folder.path(), "without-token.toml", "1"));
    }
    let ed25519 = ed25519_seconds(rounds);
    let count = events as f64;
    let ratio = |seconds: f64| count / seconds / openssl;
    let line = |name: &str, seconds: f64| println!("{name:<44} {:8.0}/s   ratio {:.2}", count / seconds, ratio(seconds));
    println!("{events} events of {PEOPLE} credentials, best of {rounds}; one core: by processor time");
    println!("{:<44} {openssl:8.0}/s", "openssl speed ecdsap256, verify");
    line("whole events, one core", one.processor);
    line("the same less a bare Ed25519 verification", one.processor - count * ed25519);
    line("profile without a token rule, one core", bare.processor);
    let micros = |seconds: f64| seconds * 1e6;
    let token = (one.processor - bare.processor) / count;
    println!("a token costs {:.1} us, of which a bare Ed25519 verification {:.1} us", micros(token), micros(ed25519));
    println!("--jobs 1: {:.2} s; --jobs 2: {:.2} s; speed-up {:.2}", one.wall, two.wall, one.wall / two.wall);
}

impl Taken {
    fn min(self, other: Self) -> Self {
        Self { wall: self.wall.min(other.wall), processor: self.processor.min(other.processor) }
    }
}

/// Export, trust file, JWKS and the profile without a token rule.
fn make(folder: &Path, events: u64) {
    let people: Vec<Credential> = (0..PEOPLE).map(person).collect();
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let share = events.div_ceil(threads as u64);
    let parts: Vec<Vec<u8>> = thread::scope(|scope| {
        let part = |index: u64| {
            let people = &people;
            scope.spawn(move || lines(people, index * share..events.min((index + 1) * share)))
        };
        let running: Vec<_> = (0..threads as u64).map(part).collect();
        running.into_iter().map(|part| part.join().unwrap()).collect()
    });
    let mut file = fs::File::create(folder.join("events.ndjson")).unwrap();
    parts.iter().for_each(|part| file.write_all(part).unwrap());
    let trust = people.iter().fold(TrustFile::unpinned(), |trust, person| trust.table(&pin(person)));
    fs::write(folder.join("trust.toml"), trust.text()).unwrap();
    fs::write(folder.join("acme-jwks.json"), jwks()).unwrap();
    fs::write(folder.join("without-token.toml"), without_token()).unwrap();
}

fn person(number: u64) -> Credential {
    let key = Key::es256(&format!("person {number}"));
    Credential { id: format!("cr-{number:04}").leak(), kind: Kind::Fido2, user: format!("us-{number:04}").leak(), key }
}

fn lines(people: &[Credential], numbers: std::ops::Range<u64>) -> Vec<u8> {
    let line = |number: u64| {
        let person = &people[usize::try_from(number % PEOPLE).unwrap()];
        let clock = number * 20_000;
        let name = format!("person's action {number}");
        let action = Action {
            id: format!("uj-{number:08}"),
            name: "wallets/wa-1:transfer",
            user: person.user,
            clock,
            credential: person.clone(),
            key_form: KeyForm::Pem,
            ceremony: Ceremony::of(Kind::Fido2, &name, u32::try_from(number).unwrap() + 1),
            token: Token::of(person.user, &format!("jti-{number:08}"), seconds(clock) - 4),
        };
        [write(&action.event()), b"\n".to_vec()].concat()
    };
    numbers.flat_map(line).collect()
}

/// The built-in profile under another name, and with nothing about tokens.
fn without_token() -> String {
    let output = unbroken().args(["profile", "show", "passkey-actions/1"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let start = text.find("[token]").unwrap();
    let end = start + text[start..].find("[[table]]").unwrap();
    let text = format!("{}{}", &text[..start], &text[end..]);
    text.replace("passkey-actions/1", "without-token/1").replace(", \"event.token\"", "")
}

fn unbroken() -> Command {
    Command::new(env!("CARGO_BIN_EXE_unbroken"))
}

/// One run, which must be a PASS.
fn verify(folder: &Path, profile: &str, jobs: &str) -> Taken {
    let mut command = Command::new("/usr/bin/time");
    command.current_dir(folder).args(["-f", "%e %U %S"]).arg(env!("CARGO_BIN_EXE_unbroken"));
    command.args(["verify", "events.ndjson", "--trust", "trust.toml", "--skip", "manifest.signature"]);
    command.args(["--profile", profile, "--jobs", jobs]);
    let start = Instant::now();
    let output = command.output().expect("GNU time is needed: apt-get install time");
    let wall = start.elapsed().as_secs_f64();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let text = String::from_utf8(output.stderr).unwrap();
    let seconds: Vec<f64> = text.lines().last().unwrap().split(' ').map(|number| number.parse().unwrap()).collect();
    // GNU time counts in hundredths
    Taken { wall, processor: (seconds[1] + seconds[2]).max(0.01) }
}

/// Verifications a second, by processor time.
fn yardstick(seconds: &str) -> f64 {
    let mut command = Command::new("openssl");
    let output = command.args(["speed", "-mr", "-seconds", seconds, "ecdsap256"]).output().expect("openssl is needed: apt-get install openssl");
    let text = String::from_utf8(output.stdout).unwrap();
    // +F4:index:bits:signatures a second:verifications a second
    let line = text.lines().find(|line| line.starts_with("+F4:")).unwrap_or_else(|| panic!("no figures in {text}"));
    line.rsplit(':').next().unwrap().parse().unwrap()
}

/// Seconds of one Ed25519 verification of a message as long as a token, by the function that the product uses.
fn ed25519_seconds(rounds: usize) -> f64 {
    const TIMES: u32 = 10_000;
    let signer = token_key();
    let message = Token::of("us-0001", "jti-00000001", 1_800_000_000).signing_input();
    let (key, signature) = (CredentialKey::from_text(&signer.public_key()).unwrap(), signer.sign(message.as_bytes()));
    let round = |_| {
        let start = processor_seconds();
        for _ in 0..TIMES {
            assert!(black_box(&key).verify(black_box(message.as_bytes()), black_box(&signature)));
        }
        (processor_seconds() - start) / f64::from(TIMES)
    };
    (0..rounds).map(round).fold(f64::MAX, f64::min)
}

/// Processor time of this thread, as Linux counts it.
fn processor_seconds() -> f64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").expect("the benchmark is for Linux");
    text.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
}
