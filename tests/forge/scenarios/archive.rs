//! Archives and folders that have two readings, or none.

use unbroken::finding::Code;

use super::super::bundle::Member;
use super::super::container::{Archive, Entry, Files, Method};
use super::super::deflate::gzip;
use super::super::expect::{At, Expect};
use super::{Scenario, transfer, with};

pub fn list() -> Vec<Scenario> {
    let members = transfer().sealed();
    let mut list = spoilt(&members);
    list.extend(named(&members));
    list.extend(listed());
    list.extend(compressed());
    list.extend(no_bundle(&members));
    list
}

fn fail(code: Code, why: &str) -> Expect {
    Expect::fail(code, At::Nowhere, why)
}

fn archive(name: &str, members: &Files, spoil: impl FnOnce(&mut Archive), expect: Expect) -> Scenario {
    let mut archive = Archive::of(members, Method::Deflated);
    spoil(&mut archive);
    Scenario::archive(format!("container-{name}"), archive.bytes(), expect)
}

fn spoilt(members: &Files) -> Vec<Scenario> {
    let ambiguous = |why: &str| fail(Code::ContainerAmbiguous, why);
    let whole = Archive::of(members, Method::Deflated).bytes();
    let hidden =
        |archive: &mut Archive| archive.entries.insert(1, Entry { listed: false, ..Entry::new("events.ndjson", b"hidden\n", Method::Stored) });
    let renamed = |archive: &mut Archive| archive.entry("events.ndjson").local_name = b"eventz.ndjson".to_vec();
    let two = |archive: &mut Archive| archive.before = whole.clone();
    let cut = whole[..whole.len() - 200].to_vec();
    let crc = |archive: &mut Archive| archive.entry("events.ndjson").crc_flip = 1;
    vec![
        archive("bytes-before", members, |archive| archive.before = b"#!/bin/sh\nexit 0\n".to_vec(), ambiguous("bytes stand before the first entry")),
        archive("bytes-after", members, |archive| archive.after = b"more".to_vec(), ambiguous("bytes stand behind the end of the archive")),
        archive(
            "comment",
            members,
            |archive| archive.comment = b"a comment may hide another end record".to_vec(),
            ambiguous("the archive has a comment"),
        ),
        archive("hidden-entry", members, hidden, ambiguous("an entry stands in the archive that its directory does not list")),
        archive("local-name", members, renamed, ambiguous("an entry has one name in the directory and another where it stands")),
        archive("two-archives", members, two, ambiguous("two archives stand one behind the other")),
        archive(
            "count-low",
            members,
            |archive| archive.count_off = -1,
            ambiguous("the end record counts fewer entries than the directory has").or(Code::ContainerBroken),
        ),
        archive("crc", members, crc, fail(Code::ContainerBroken, "an entry's bytes do not have the checksum that the archive states")),
        Scenario::archive("container-truncated", cut, fail(Code::ContainerBroken, "the archive was cut: its end record is missing")),
    ]
}

fn named(members: &Files) -> Vec<Scenario> {
    let push = |entry: Entry| move |archive: &mut Archive| archive.entries.push(entry);
    let events = &members["events.ndjson"];
    let link = Entry { unix_mode: 0o120_777, ..Entry::new("notes.txt", b"/etc/passwd", Method::Stored) };
    let folder = Entry { unix_mode: 0o040_755, ..Entry::new("attachments/", b"", Method::Stored) };
    let top: Files = members.iter().map(|(name, bytes)| (format!("acme-2026-10/{name}"), bytes.clone())).collect();
    let bzip2 = |archive: &mut Archive| archive.entry("events.ndjson").method = Method::Other(12);
    let encrypted = |archive: &mut Archive| archive.entry("events.ndjson").flags = 1;
    vec![
        archive(
            "duplicate",
            members,
            push(Entry::new("events.ndjson", b"{}\n", Method::Stored)),
            fail(Code::ContainerDuplicate, "two entries have one name"),
        ),
        archive(
            "duplicate-case",
            members,
            push(Entry::new("Events.ndjson", events, Method::Stored)),
            fail(Code::ContainerDuplicate, "two names differ in case only"),
        ),
        archive(
            "name-parent",
            members,
            push(Entry::new("../notes.txt", b"out", Method::Stored)),
            fail(Code::ContainerName, "a name leads out of the folder"),
        ),
        archive("name-hidden", members, push(Entry::new(".notes", b"dot", Method::Stored)), fail(Code::ContainerName, "a name starts with a dot")),
        archive("name-space", members, push(Entry::new("my notes.txt", b"space", Method::Stored)), fail(Code::ContainerName, "a name has a space")),
        archive("symlink", members, push(link), fail(Code::ContainerNotRegular, "an entry is a symbolic link")),
        archive("folder-entry", members, push(folder), fail(Code::ContainerNotRegular, "an entry is a folder").or(Code::ContainerName)),
        archive("method", members, bzip2, fail(Code::ContainerUnsupported, "an entry is compressed by bzip2")),
        archive("encrypted", members, encrypted, fail(Code::ContainerUnsupported, "an entry is encrypted")),
        archive("repacked", &top, |_| {}, fail(Code::ContainerRepacked, "somebody unpacked it and packed the folder")),
        archive(
            "repacked-macosx",
            members,
            push(Entry::new("__MACOSX/._events.ndjson", b"\0", Method::Stored)),
            fail(Code::ContainerRepacked, "a Mac packed it again"),
        ),
        Scenario::folder(
            "container-folder-in-folder",
            &with_file(members, "sub/notes.txt"),
            fail(Code::ContainerNotRegular, "a folder stands in the folder"),
        ),
    ]
}

fn with_file(members: &Files, name: &str) -> Files {
    let mut members = members.clone();
    members.insert(name.to_owned(), b"a note\n".to_vec());
    members
}

fn listed() -> Vec<Scenario> {
    let bundle =
        with(transfer(), |bundle| bundle.members.push(Member { name: "protocol.pdf", role: "other", bytes: b"%PDF-1.7 protocol\n".to_vec() }));
    let sealed = bundle.sealed();
    let changed = |bytes: &[u8]| {
        let mut members = sealed.clone();
        members.insert("protocol.pdf".to_owned(), bytes.to_vec());
        members
    };
    let mut missing = sealed.clone();
    missing.remove("protocol.pdf");
    let mut no_events = sealed.clone();
    no_events.remove("events.ndjson");
    let code = Code::ManifestFiles;
    vec![
        Scenario::zip("good-other-member", &sealed, Expect::pass("a further file is listed and carried")),
        Scenario::folder(
            "good-folder-ds-store",
            &with_file(&sealed, ".DS_Store"),
            Expect::pass("a folder with what a Mac leaves in folders: a note"),
        ),
        Scenario::zip("manifest-files-digest", &changed(b"%PDF-1.7 protokoll"), fail(code, "a file has other bytes than the manifest says")),
        Scenario::zip("manifest-files-size", &changed(b"%PDF-1.7"), fail(code, "a file is shorter than the manifest says")),
        Scenario::zip("manifest-file-missing", &missing, fail(Code::ManifestFileMissing, "a file that the manifest lists is not there")),
        Scenario::zip("manifest-file-missing-events", &no_events, fail(Code::ManifestFileMissing, "the events file is not there")),
        Scenario::zip(
            "manifest-file-unlisted",
            &with_file(&sealed, "notes.txt"),
            fail(Code::ManifestFileUnlisted, "a file is there that the manifest does not list"),
        ),
        Scenario::folder(
            "manifest-file-unlisted-folder",
            &with_file(&sealed, "notes.txt"),
            fail(Code::ManifestFileUnlisted, "a file is there that the manifest does not list"),
        ),
    ]
}

fn compressed() -> Vec<Scenario> {
    let bundle = with(transfer(), |bundle| bundle.events_name = "events.ndjson.gz");
    let packed = bundle.events();
    let spoilt = |name: &str, raw: Vec<u8>, why: &str| {
        let bundle = with(bundle.clone(), |bundle| bundle.raw = Some(raw));
        Scenario::sealed(format!("event-compression-{name}"), &bundle, fail(Code::EventCompression, why))
    };
    let mut crc = packed.clone();
    let at = crc.len() - 8;
    crc[at] ^= 1;
    vec![
        Scenario::sealed("good-gzip", &bundle, Expect::pass("the events are one gzip member")),
        spoilt("trailing", [packed.as_slice(), b"more"].concat(), "bytes stand behind the gzip member"),
        spoilt("second-member", [packed.clone(), gzip(b"")].concat(), "a second gzip member stands behind the first"),
        spoilt("checksum", crc, "the gzip member's checksum is wrong"),
    ]
}

fn no_bundle(members: &Files) -> Vec<Scenario> {
    let mut without = members.clone();
    without.remove("manifest.json");
    vec![
        Scenario::archive("environment-empty-file", Vec::new(), Expect::exit(4, "an empty file is no bundle")),
        Scenario::zip("environment-no-manifest", &without, Expect::exit(4, "an archive without manifest.json is no bundle")),
        Scenario::folder("environment-no-manifest-folder", &without, Expect::exit(4, "a folder without manifest.json is no bundle")),
    ]
}
