//! Files that break off or hold something else: named at its place, never half read in silence.

use unbroken::bundle::Limits;
use unbroken::bundle::export::{Direction, Export};

use super::{files, gzip, qustody, read_as};

const BOTH: [Direction; 2] = [Direction::OldestFirst, Direction::NewestFirst];

/// Number of records, code and byte.
fn broken(text: &str) -> (usize, Vec<(&'static str, Option<u64>)>) {
    let files = files(&[("f", text)]);
    let found = BOTH.map(|direction| files.read(direction)).map(|read| (read.records.len(), read.findings()));
    assert_eq!(found[0], found[1]);
    found[0].clone()
}

#[test]
fn structure() {
    for (text, records, byte) in [
        ("[{},{}", 2, 6),
        ("[", 0, 1),
        ("[{},]", 1, 4),
        ("[,{}]", 0, 1),
        ("[{} {}]", 1, 4),
        ("[{}}", 1, 3),
        ("[{}],", 1, 4),
        ("[{}][{}]", 1, 4),
        ("[{},{\"a\":[1}", 1, 4),
        ("[{},x]", 1, 4),
        ("{\n\"a\":1}\n{\"a\":2}", 1, 9),
        ("{\n\"a\":1", 0, 0),
        ("{\"entries\":[{},{}", 2, 17),
        ("{\"entries\":[{},{}]", 2, 18),
        ("{\"entries\":[{},{}],", 2, 19),
        ("{\"entries\":[{}] \"page\":1}", 1, 16),
        ("{\"entries\":[{}],\"page\":tru}", 1, 26),
        ("{\"entries\":[{}],\"page\":1}\nx\n", 1, 0),
    ] {
        let (count, findings) = broken(text);
        if text.ends_with("x\n") {
            assert_eq!((count, findings), (2, vec![]), "a line is a line");
        } else {
            assert_eq!((count, findings), (records, vec![("event.malformed", Some(byte))]), "{text}");
        }
    }
}

#[test]
fn no_name_that_stands_twice_chooses_what_is_read() {
    let duplicate = vec![("event.duplicate-name", Some(16))];
    for text in ["{\"entries\":[{}],\"entries\":[{},{}]}", "{\"entries\":[{}],\"\\u0065ntries\":[{},{}]}", "{\"entries\":[{}],\"entries\":null}"] {
        assert_eq!(broken(text), (0, duplicate.clone()), "{text}");
    }
    assert_eq!(broken("{\"entries\":null,\"entries\":[{},{}]}"), (0, vec![("event.duplicate-name", Some(16))]));
    assert_eq!(broken("{\"page\":1,\"page\":2,\"entries\":[{}]}").1, [("event.duplicate-name", Some(10))]);
}

/// Every cut of each form: no cut reads as the whole, except where only white space is lost.
#[test]
fn every_cut() {
    let page = "{\"page\":1,\"per_page\":3,\"entries\":[{\"a\":\"}\\\"\"},{\"b\":[1,{}]},{\"c\":2}],\"total\":3}\n";
    let array = "[ {\"a\":\"}\\\"\"},\n{\"b\":[1,{}]} , {\"c\":2} ]\n";
    let object = "{\n\"a\": [1, {}]\n}\n";
    for text in [page, array, object] {
        for bytes in [text.as_bytes().to_vec(), gzip(text.as_bytes())] {
            let whole = files(&[("f", &bytes)]).read(Direction::OldestFirst);
            assert_eq!(whole.findings(), []);
            for cut in 1..bytes.len() {
                let cut = &bytes[..cut];
                let files = files(&[("f", cut)]);
                let Ok(export) = files.open() else { continue };
                for direction in BOTH {
                    let read = super::read(&export, direction);
                    let same = cut.trim_ascii_end() == bytes.trim_ascii_end();
                    assert_eq!(read.findings().is_empty(), same, "{}", String::from_utf8_lossy(cut));
                    assert!(read.records.len() <= whole.records.len());
                    assert!(read.texts().iter().all(|text| whole.texts().contains(text)));
                }
            }
        }
    }
}

#[test]
fn a_record_that_is_too_long_is_passed_over() {
    const LIMIT: usize = 16_777_216;
    let of = |length: usize| format!("{{\"a\":\"{}\"}}", "x".repeat(length - 8));
    let (fits, long) = (of(LIMIT), of(LIMIT + 1));
    for text in [
        format!("[{{}},{long},{fits},{{}}]"),
        format!("{{}}\n{long}\n{fits}\n{{}}\n"),
        format!("{{\"entries\":[{{}},{long},{fits},{{}}],\"page\":1}}"),
    ] {
        let files = files(&[("f", &text)]);
        let export = files.open().unwrap();
        for (direction, block) in [(BOTH[0], 3_000_000), (BOTH[1], 1 << 20)] {
            let read = read_as(&export, qustody(), direction, block);
            let lengths: Vec<_> = read.texts().iter().map(|text| text.len().min(1000)).collect();
            let words = read.texts().iter().filter(|text| **text == "16777217 bytes").count();
            assert_eq!((words, read.texts().len()), (1, 4), "{lengths:?}");
            assert_eq!(read.findings(), []);
        }
    }
    let (count, findings) = broken(&format!("[{{}},{}", &long[..long.len() - 1]));
    assert_eq!((count, findings), (1, vec![("event.malformed", Some(4))]));
}

#[test]
fn limits_of_gzip() {
    let bytes = gzip("[{}]".as_bytes());
    let files = files(&[("f", &bytes)]);
    let limits = Limits { max_unpacked: 3, ..Limits::default() };
    assert_eq!(Export::open(&files.paths, &limits).unwrap_err().exit_code(), 5);
    let limits = Limits { max_stdin: 1, ..Limits::default() };
    let export = Export::open(&files.paths, &limits).unwrap();
    let arranged = export.arrange(qustody(), Direction::NewestFirst).unwrap();
    let mut blocks = export.blocks(&arranged, qustody(), 64).unwrap();
    assert_eq!(blocks.next(&mut unbroken::bundle::block::Block::default()).unwrap_err().exit_code(), 5);
}

#[test]
fn a_damaged_gzip_file_delivers_what_stands_before_the_damage() {
    let mut bytes = gzip(b"{\"a\":1}\n{\"a\":2}\n");
    let last = bytes.len() - 6;
    bytes[last] ^= 1;
    let read = files(&[("f", &bytes)]).read(Direction::OldestFirst);
    assert_eq!(read.texts().len(), 2);
    assert_eq!(read.findings()[0].0, "event.compression");
}
