//! The checks of one event as lines for a shell. Every byte that they work on is cut out of the files by its place: nothing that the event says stands
//! in a command. Keys stand there as PEM; secrets never do.

use std::ops::Range;
use std::path::PathBuf;

use super::find::Found;
use super::{Seen, shell};
use crate::bundle::export;
use crate::bundle::manifest::Role;
use crate::crypto::{is_ecdsa_signature, public_key_lines};
use crate::digest::Digest;
use crate::finding::{EventRef, Outcome};
use crate::report::ByHand;
use crate::verify::Verified;
use crate::verify::handed::Handed;

/// How the file with the event is read.
pub(super) enum Feed {
    /// Each event is a line.
    Lines(Stream),
    /// Events stand anywhere in the file.
    Records(Stream),
    /// It cannot be done, and why.
    None(&'static str),
}

/// Unpacked bytes.
pub(super) enum Stream {
    /// Of a file; its name, quoted.
    File(String),
    /// What a command writes.
    Pipe(String),
}

/// The steps so far.
pub(super) struct Hand {
    feed: Feed,
    steps: Vec<ByHand>,
    not: Vec<String>,
    /// The file that holds the event's record, and the record.
    record: Option<(String, Vec<u8>)>,
}

impl Default for Hand {
    fn default() -> Self {
        Self::new(Feed::None("nothing was read"))
    }
}

impl Hand {
    pub(super) fn new(feed: Feed) -> Self {
        Self { feed, steps: Vec::new(), not: Vec::new(), record: None }
    }

    pub(super) fn finish(mut self) -> (Vec<ByHand>, Vec<String>) {
        if let Feed::None(why) = self.feed {
            self.not = vec![why.to_owned()];
        }
        (self.steps, self.not)
    }

    pub(super) fn step(&mut self, step: ByHand) {
        self.steps.push(step);
    }

    pub(super) fn leave(&mut self, why: impl Into<String>) {
        self.not.push(why.into());
    }

    /// The file that holds the event's record, once there is one.
    pub(super) fn file(&self) -> Option<&str> {
        self.record.as_ref().map(|(file, _)| file.as_str())
    }

    /// Bytes of the record.
    pub(super) fn length(&self) -> usize {
        self.record.as_ref().map(|(_, text)| text.len()).unwrap_or_default()
    }

    /// Where this text stands in the record as a whole string without escapes; without its quotes.
    pub(super) fn place(&self, text: &str) -> Option<Range<usize>> {
        let (_, record) = self.record.as_ref()?;
        let quoted = format!("\"{text}\"");
        let start = record.windows(quoted.len()).position(|window| window == quoted.as_bytes())?.saturating_add(1);
        Some(start..start.saturating_add(text.len()))
    }

    /// First the record itself.
    pub(super) fn record(&mut self, seen: &Seen, text: &[u8]) {
        let Some(command) = self.cut(&seen.event, seen.length).filter(|_| !text.is_empty()) else {
            return;
        };
        let file = format!("event-{}.json", number(&seen.event));
        self.step(ByHand {
            title: "the record as it stands in the file, and its SHA-256".to_owned(),
            commands: vec![format!("{command} > {file}"), format!("cat {file} | {}", shell::SHA256)],
            prints: Some(hex(Digest::of(text))),
            outcome: Outcome::Upheld,
            note: None,
        });
        self.record = Some((file, text.to_vec()));
    }

    fn cut(&self, event: &EventRef, length: u64) -> Option<String> {
        let place = &event.place;
        match (&self.feed, place.line, place.byte) {
            (Feed::Lines(stream), Some(line), _) => Some(match stream {
                Stream::File(file) => format!("sed -n {line}p {file} | tr -d '\\n'"),
                Stream::Pipe(command) => format!("{command} | sed -n {line}p | tr -d '\\n'"),
            }),
            (Feed::Records(stream), _, Some(byte)) => {
                let from = byte.saturating_add(1);
                Some(match stream {
                    Stream::File(file) => format!("tail -c +{from} {file} | head -c {length}"),
                    Stream::Pipe(command) => format!("{command} | tail -c +{from} | head -c {length}"),
                })
            }
            _ => None,
        }
    }

    /// The hash of the event, and that of the one before it.
    pub(super) fn chain(&mut self, seen: &Seen, (before, behind): (Option<&Seen>, Option<&Seen>)) {
        if self.record.is_none() {
            return;
        }
        let names = |whose: &str, link: Option<Digest>| link.map(|link| format!("{whose} names {link}"));
        let note = behind.and_then(|behind| names("the event behind it", behind.link));
        match (&seen.covered, self.steps.first_mut()) {
            (Some(covered), Some(first)) if is_all(covered, seen.length) => {
                first.title = "the record as it stands in the file, and its SHA-256, which is the event's hash".to_owned();
                first.note = note;
            }
            _ => self.hash("the event's hash", seen, Vec::new(), note),
        }
        let command = before.and_then(|before| self.cut(&before.event, before.length).filter(|_| before.length > 0));
        if let (Some(before), Some(command)) = (before, command) {
            let file = format!("event-{}.json", number(&before.event));
            self.hash("the hash of the event before it", before, vec![format!("{command} > {file}")], names("this event", seen.link));
        }
    }

    fn hash(&mut self, title: &str, seen: &Seen, mut commands: Vec<String>, note: Option<String>) {
        let file = format!("event-{}.json", number(&seen.event));
        let Some(covered) = &seen.covered else {
            let why = "the record is not canonical JSON (RFC 8785); what is hashed is its canonical form, which needs a JSON program";
            return self.leave(format!("{title}: {why}"));
        };
        let bytes = shell::pieces(&file, usize::try_from(seen.length).unwrap_or(usize::MAX), covered);
        commands.push(format!("{bytes} | {}", shell::SHA256));
        self.step(ByHand { title: title.to_owned(), commands, prints: Some(hex(seen.hash)), outcome: Outcome::Upheld, note });
    }

    /// Whether a signature by this key fits: raw Ed25519, else as `openssl dgst` takes it.
    pub(super) fn signature(&mut self, title: String, key: &Key<'_>, (signed, signature): (&str, &str), outcome: Outcome, prepare: Vec<String>) {
        let file = key.file;
        let mut commands = prepare;
        commands.push(shell::lines_to(&public_key_lines(key.spki), file));
        let (command, prints) = match key.algorithm {
            "Ed25519" => {
                (format!("openssl pkeyutl -verify -pubin -inkey {file} -rawin -in {signed} -sigfile {signature}"), "Signature Verified Successfully")
            }
            other => {
                let bits = other.get(2..).filter(|bits| ["256", "384", "512"].contains(bits)).unwrap_or("256");
                let padding = if other.starts_with("PS") { "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest " } else { "" };
                (format!("openssl dgst -sha{bits} {padding}-verify {file} -signature {signature} {signed}"), "Verified OK")
            }
        };
        commands.push(command);
        let lenient = match (key.form, key.algorithm, outcome) {
            (Form::Refused, ..) => "; the signature is not in strict DER and so refused here, whatever openssl says of it",
            (Form::Read, "Ed25519", Outcome::Refuted) => "; openssl does not refuse points of small order, as is done here",
            (Form::Read, ..) => "",
        };
        let prints = (key.form == Form::Read).then(|| prints.to_owned());
        let note = Some(format!("the {} key {}{lenient}", key.algorithm, key.fingerprint));
        self.step(ByHand { title, commands, prints, outcome, note });
    }
}

/// A public key for a step.
pub(super) struct Key<'k> {
    pub(super) algorithm: &'k str,
    pub(super) fingerprint: String,
    pub(super) spki: &'k [u8],
    /// The file to write it to.
    pub(super) file: &'k str,
    /// The form of the signature.
    pub(super) form: Form,
}

/// Whether a signature has a form in which it can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// It has.
    Read,
    /// It has not, but openssl may take it.
    Refused,
}

impl Form {
    /// That of a signature by a key of this algorithm: ECDSA is written in DER.
    pub(super) fn of(algorithm: &str, signature: &[u8]) -> Self {
        if algorithm.starts_with("ES") && !is_ecdsa_signature(signature) { Self::Refused } else { Self::Read }
    }
}

impl Verified {
    /// How the commands read the file with the event.
    pub(super) fn feed(&self, paths: &[PathBuf], found: &Found) -> Feed {
        let Some(stored) = self.stored(paths, &found.file) else {
            return Feed::None("the checks cannot be repeated from stdin, or from a file whose name no shell can be given");
        };
        let (packed, lines) = match &self.handed {
            Handed::Bundle(_) => (found.file.ends_with(".gz"), true),
            Handed::Raw(raw) => {
                let table = raw.export.files().iter().any(|(name, form)| *name == found.file && *form == export::Form::Table);
                if table {
                    return Feed::None("the events stand in a table: their fields are read from its cells, so there is no record to cut out");
                }
                (raw.export.stream(&found.file).is_ok_and(|(_, packed)| packed), false)
            }
        };
        let stream = match (stored, packed) {
            (stored, false) => stored,
            (Stream::File(file), true) => Stream::Pipe(format!("zcat < {file}")),
            (Stream::Pipe(command), true) => Stream::Pipe(format!("{command} | zcat")),
        };
        if lines { Feed::Lines(stream) } else { Feed::Records(stream) }
    }

    /// The file as it is stored: a member of an archive, a file of a folder, one of several files.
    fn stored(&self, paths: &[PathBuf], name: &str) -> Option<Stream> {
        if paths.iter().any(|path| path.as_os_str() == "-") {
            return None;
        }
        let named = |path: &&PathBuf| path.file_name().is_some_and(|file| file == name) || path.as_os_str() == name;
        match (&self.handed, paths) {
            (Handed::Bundle(container), [archive]) if container.sha256().is_some() => {
                Some(Stream::Pipe(format!("unzip -p {} {}", shell::path(archive.to_str()?)?, shell::member(name)?)))
            }
            (Handed::Bundle(_), [folder]) => Some(Stream::File(shell::path(folder.join(name).to_str()?)?)),
            (Handed::Raw(_), [file]) => Some(Stream::File(shell::path(file.to_str()?)?)),
            (_, files) => {
                let mut files = files.iter().filter(named);
                let file = files.next().filter(|_| files.next().is_none())?;
                Some(Stream::File(shell::path(file.to_str()?)?))
            }
        }
    }

    /// The digest of the events file, which the manifest states.
    pub(super) fn file_by_hand(&self, paths: &[PathBuf], hand: &mut Hand) {
        let file = self.opened.manifest.as_ref().and_then(|manifest| manifest.file(Role::Events));
        let (Some(file), Some(found), false) = (file, self.events_sha256, hand.steps.is_empty()) else {
            return;
        };
        let command = match self.stored(paths, &file.path) {
            Some(Stream::File(path)) => format!("cat {path} | {}", shell::SHA256),
            Some(Stream::Pipe(command)) => format!("{command} | {}", shell::SHA256),
            None => return,
        };
        hand.step(ByHand {
            title: "the digest of the events file, which the manifest states".to_owned(),
            commands: vec![command],
            prints: Some(hex(file.sha256)),
            outcome: if file.sha256 == found { Outcome::Upheld } else { Outcome::Refuted },
            note: None,
        });
    }
}

fn is_all(ranges: &[Range<usize>], length: u64) -> bool {
    matches!(ranges, [all] if all.start == 0 && u64::try_from(all.end) == Ok(length))
}

pub(super) fn hex(digest: Digest) -> String {
    digest.to_string().trim_start_matches("sha256:").to_owned()
}

fn number(event: &EventRef) -> u64 {
    event.place.number.unwrap_or_default()
}
