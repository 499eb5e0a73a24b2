//! Each form by itself: which records, and where they stand.

use std::io::Cursor;
use std::path::PathBuf;

use unbroken::bundle::Limits;
use unbroken::bundle::export::{Direction, Export, Form};
use unbroken::error::Error;
use unbroken::profile::Profile;

use super::{files, gzip, qustody, read, read_as, refused};

const BOTH: [Direction; 2] = [Direction::OldestFirst, Direction::NewestFirst];

fn records(text: &str) -> (Form, Vec<(String, u64, u64)>) {
    let files = files(&[("export", text)]);
    let export = files.open().unwrap();
    let form = export.files()[0].1;
    let read = read(&export, Direction::OldestFirst);
    assert_eq!(read.findings(), [], "{text}");
    let mut reversed = self::read(&export, Direction::NewestFirst).records;
    reversed.reverse();
    assert_eq!(reversed, read.records, "{text}");
    let packed = super::files(&[("export.gz", gzip(text.as_bytes()))]);
    for direction in BOTH {
        assert_eq!(packed.read(direction).texts(), super::read(&export, direction).texts(), "{text}");
    }
    (form, read.records)
}

fn record(text: &str, line: u64, byte: u64) -> (String, u64, u64) {
    (text.to_owned(), line, byte)
}

#[test]
fn lines() {
    let expected = vec![record("{\"a\":1}", 1, 0), record("{\"a\":2}", 2, 8)];
    assert_eq!(records("{\"a\":1}\n{\"a\":2}\n"), (Form::Lines, expected.clone()));
    assert_eq!(records("{\"a\":1}\n{\"a\":2}"), (Form::Lines, expected));
    let spaced = vec![record("{\"a\":1}", 2, 1), record("{\"a\":2}", 4, 12)];
    assert_eq!(records("\n{\"a\":1}\r\n\n {\"a\":2} \n \n"), (Form::Lines, spaced));
    assert_eq!(records("{\"a\":1} x\n17\n").1, [record("{\"a\":1} x", 1, 0), record("17", 2, 10)], "what is no event is for the reader to say");
    assert_eq!(records("{\"a\":\n{\"b\":1}}").0, Form::Object, "an object may start on the line behind a colon");
    assert_eq!(records("{\"a\":1\n{\"b\":2}\n").0, Form::Lines, "the first line is broken, the second an event");
}

#[test]
fn one_object() {
    assert_eq!(records("{\"a\":1}\n"), (Form::Object, vec![record("{\"a\":1}", 1, 0)]));
    assert_eq!(records(" {\n  \"a\": [\n {} ]\n}\n\n"), (Form::Object, vec![record("{\n  \"a\": [\n {} ]\n}", 1, 1)]));
}

#[test]
fn array() {
    assert_eq!(records("[]"), (Form::Array, vec![]));
    let expected = vec![record("{\"a\":\"]\\\"}\"}", 3, 4), record("{\"b\":[{}]}", 4, 18)];
    assert_eq!(records("\n[\n {\"a\":\"]\\\"}\"},\n{\"b\":[{}]}\n]\n"), (Form::Array, expected));
    let scalars = ["1", "\"x\"", "null", "[1,2]"];
    assert_eq!(records("[1, \"x\",null ,[1,2]]").1.into_iter().map(|(text, ..)| text).collect::<Vec<_>>(), scalars);
}

#[test]
fn page() {
    let page = "{\"page\":1,\"other\":{\"entries\":[{}]},\n\"entries\":[\n{\"a\":1},{\"a\":2}],\"per_page\":2,\"total\":2}";
    assert_eq!(records(page), (Form::Object, vec![record("{\"a\":1}", 3, 48), record("{\"a\":2}", 3, 56)]));
    let escaped = "{\"\\u0065ntries\":[{\"a\":1}],\"page\":1,\"per_page\":2,\"total\":1}";
    assert_eq!(records(escaped).1, [record("{\"a\":1}", 1, 17)]);
    assert_eq!(records("{\"entries\":null}").1, [record("{\"entries\":null}", 1, 0)], "no page without a list: then it is an event");
    let files = files(&[("p", page)]);
    let export = files.open().unwrap();
    let read = read(&export, Direction::OldestFirst);
    assert!(read.arranged.paged && read.arranged.pages.is_empty());
    assert_eq!(export.sample(Some(qustody()), 1).unwrap(), [b"{\"a\":1}"]);
    assert_eq!(export.sample(None, 9).unwrap(), [page.as_bytes()]);
}

#[test]
fn one_event_a_file_in_the_order_of_their_times() {
    let event = |time: &str| format!("{{\"created_at\":\"2026-10-0{time}T00:00:00Z\"}}");
    let given = [("c", event("3")), ("a", event("1")), ("b", event("2"))];
    let files = files(&given);
    for (direction, times) in [(BOTH[0], ["1", "2", "3"]), (BOTH[1], ["1", "2", "3"])] {
        let read = files.read(direction);
        assert_eq!(read.texts(), times.map(event));
        assert_eq!(read.arranged.notes.len(), 1);
    }
    let untimed = super::files(&[("b", "{\"a\":1}"), ("a", "[{\"a\":2},{\"a\":3}]"), ("c", "{\"a\":4}\n{\"a\":5}")]);
    let read = untimed.read(Direction::OldestFirst);
    assert_eq!(read.texts().concat(), "{\"a\":1}{\"a\":2}{\"a\":3}{\"a\":4}{\"a\":5}");
    assert_eq!(read.arranged.notes, [""; 0]);
}

#[test]
fn tables() {
    let profile = Profile::built_in("typed-events/1").unwrap();
    let header = "id,actor_user_id,actor_name,actor_role,action,resource_type,resource_id,metadata,ip_address,user_agent,created_at";
    let table = format!("{header}\r\ne1,u,,,user.created,,,{{}},,,2026-10-01T00:00:00Z\r\ne2,u,,,user.created,,,{{}},,,2026-10-01T00:00:01Z\r\n");
    let alone = files(&[("t.csv", &table)]);
    let export = alone.open().unwrap();
    assert_eq!(export.header().unwrap().unwrap().join(","), header);
    let read = read_as(&export, profile, Direction::OldestFirst, 16);
    assert_eq!(read.records.iter().map(|(_, line, _)| *line).collect::<Vec<_>>(), [2, 3]);
    assert!(read.records[0].0.contains("\"id\":\"e1\""), "{:?}", read.records);
    let reversed = read_as(&export, profile, Direction::NewestFirst, 16);
    assert!(reversed.records[0].0.contains("\"id\":\"e2\""));
    assert_eq!(read.arranged.table, None);
    let beside = files(&[("t.csv", table.as_str()), ("e.ndjson", "{\"id\":\"e1\"}\n{\"id\":\"e2\"}\n")]);
    let arranged = beside.open().unwrap().arrange(profile, Direction::OldestFirst).unwrap();
    assert_eq!(arranged.table.as_deref(), Some("t.csv"));
    assert!(matches!(alone.open().unwrap().arrange(qustody(), Direction::OldestFirst), Err(Error::Environment { .. })));
}

#[test]
fn stdin() {
    let open = |limit: u64| {
        let limits = Limits { max_stdin: limit, ..Limits::default() };
        Export::open_with(&[PathBuf::from("-")], &limits, 1, Some(&mut Cursor::new("[{\"a\":1},{\"a\":2}]")))
    };
    let export = open(17).unwrap();
    assert_eq!(export.files(), [("stdin".to_owned(), Form::Array)]);
    assert_eq!(read(&export, Direction::NewestFirst).texts(), ["{\"a\":2}", "{\"a\":1}"]);
    assert_eq!(open(16).unwrap_err().exit_code(), 5);
}

#[test]
fn what_is_no_export() {
    let tar = {
        let mut tar = vec![b'a'; 512];
        tar[257..262].copy_from_slice(b"ustar");
        tar
    };
    for (bytes, words) in [
        (&b""[..], "empty"),
        (b" \n", "empty"),
        (b"\xef\xbb\xbf[]", "byte order mark"),
        (b"\xff\xfe[\0]\0", "UTF-16"),
        (b"PK\x03\x04", "zip"),
        (b"\0\x01\x02,", "no text"),
        (b"hello", "neither"),
        (b"x{\"a\":1,\"b\":2}", "neither"),
        (&tar, "tar"),
        (&gzip(&gzip(b"[]")), "gzip inside"),
        (b"\x1f\x8b", "damaged"),
    ] {
        let message = refused(&[("f", bytes)]);
        assert!(message.contains(words), "{message}");
    }
    let one = files(&[("f", "[]")]);
    let twice = Export::open(&[one.paths[0].clone(), one.folder.path().join(".").join("f")], &Limits::default());
    assert_eq!(twice.unwrap_err().exit_code(), 2);
}

#[test]
fn a_file_that_changes_is_no_evidence() {
    let files = files(&[("a", "[{}]"), ("b", "[{}]")]);
    let export = files.open().unwrap();
    std::fs::write(&files.paths[1], "[{},{}]").unwrap();
    assert_eq!(export.unchanged().unwrap_err().exit_code(), 4);
    assert_eq!(export.arrange(qustody(), Direction::OldestFirst).unwrap_err().exit_code(), 4);
}
