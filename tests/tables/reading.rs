//! Rows, columns, and what is no table.

use std::io::{self, Read, Write as _};

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use unbroken::bundle::table::{Next, Table, TableRow};
use unbroken::bundle::{Limits, ReadFault};
use unbroken::finding::{Code, Finding};
use unbroken::profile::{Cell, Column, TableRule};

/// Yields its bytes a few at a time.
struct Trickle<'a>(&'a [u8], usize);

impl Read for Trickle<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let length = self.1.min(out.len()).min(self.0.len());
        out[..length].copy_from_slice(&self.0[..length]);
        self.0 = &self.0[length..];
        Ok(length)
    }
}

pub fn rule(names: &[&str]) -> TableRule {
    let column = |name: &&str| Column { name: (*name).to_owned(), field: Some(format!("/{name}")), holds: Cell::Text };
    TableRule { columns: names.iter().map(column).collect(), truncated: Some("# TRUNCATED".to_owned()) }
}

struct Read1 {
    rows: Vec<TableRow>,
    truncated: Option<u64>,
    notes: usize,
    fault: Option<Finding>,
}

fn finding(fault: ReadFault) -> Finding {
    match fault {
        ReadFault::Finding(finding) => *finding,
        ReadFault::Error(error) => panic!("{error}"),
    }
}

fn read_in(bytes: &[u8], piece: usize, gzip: bool, rules: &[TableRule]) -> Read1 {
    let mut out = Read1 { rows: Vec::new(), truncated: None, notes: 0, fault: None };
    let mut table = match Table::open("events.csv", Box::new(Trickle(bytes, piece)), gzip, rules, &Limits::default()) {
        Ok(table) => table,
        Err(fault) => return Read1 { fault: Some(finding(fault)), ..out },
    };
    loop {
        match table.next() {
            Ok(Next::Row(row)) => out.rows.push(row),
            Ok(Next::Truncated(line)) => {
                out.truncated = Some(line);
                break;
            }
            Ok(Next::End) => break,
            Err(fault) => {
                out.fault = Some(finding(fault));
                assert_eq!(table.next().unwrap(), Next::End, "a fault is the last thing");
                break;
            }
        }
    }
    out.notes = table.notes().len();
    out
}

fn read(bytes: &[u8]) -> Read1 {
    let rules = [rule(&["a", "b"])];
    let whole = read_in(bytes, usize::MAX, false, &rules);
    let slow = read_in(bytes, 1, false, &rules);
    assert_eq!((&whole.rows, &whole.fault, whole.truncated), (&slow.rows, &slow.fault, slow.truncated), "the pieces do not matter");
    whole
}

fn cells(read: &Read1) -> Vec<Vec<&str>> {
    assert_eq!(read.fault, None);
    read.rows.iter().map(|row| row.cells.iter().map(String::as_str).collect()).collect()
}

fn malformed(bytes: &[u8], rows: usize, word: &str) -> Finding {
    let read = read(bytes);
    let finding = read.fault.unwrap_or_else(|| panic!("{:?} is no table", String::from_utf8_lossy(bytes)));
    assert_eq!((finding.code, read.rows.len()), (Code::TableMalformed, rows), "{}", finding.message);
    assert!(finding.message.contains(word), "{}", finding.message);
    finding
}

#[test]
fn every_spelling_of_a_table_has_the_same_cells() {
    let expected = vec![vec!["1", "x"], vec!["2", ""]];
    for text in ["a,b\n1,x\n2,\n", "a,b\r\n1,x\r\n2,", "\"a\",\"b\"\r\n\"1\",\"x\"\n2,\"\"\r\n", "b,a\nx,1\n,2\n", "\u{feff}a,b\n1,x\n2,\n"] {
        let found = read(text.as_bytes());
        assert_eq!(cells(&found), expected, "{text:?}");
        assert_eq!(found.notes, usize::from(text.starts_with('\u{feff}')));
    }
    assert_eq!(cells(&read(b"a,b\n")), Vec::<Vec<&str>>::new());
    assert_eq!(cells(&read(b"a,b\n1,x\0\n2,\"\0\"\n")), [["1", "x\0"], ["2", "\0"]], "NUL is a character");
}

#[test]
fn cells_hold_line_ends_quotes_and_commas_and_rows_know_their_place() {
    let found = read("a,b\r\n\"1\r\n,\"\"\n\",\"é\"\r\n2,\" x \"\n".as_bytes());
    assert_eq!(cells(&found), [["1\r\n,\"\n", "é"], ["2", " x "]]);
    let places: Vec<_> = found.rows.iter().map(|row| (row.line, row.byte)).collect();
    assert_eq!(places, [(2, 5), (5, 21)]);
}

#[test]
fn what_two_readers_could_take_differently_is_malformed() {
    for (text, rows, word, line, byte) in [
        (&b"a,b\n1,x\n2\"y,z\n"[..], 1, "quote inside", 3, 9),
        (b"a,b\n\"1\"y,z\n", 0, "behind a closing quote", 2, 7),
        (b"a,b\n1,\"x\n", 0, "to be closed", 3, 9),
        (b"a,b\n1,x\ry,z\n", 0, "carriage return", 2, 8),
        (b"a,b\n1,x\r", 0, "carriage return", 2, 8),
        (b"a,b\n1\n", 0, "found 1", 2, 5),
        (b"a,b\n1,x\n1,2,3\n", 1, "found more", 3, 11),
        (b"a,b\n1,x\n\n", 1, "empty line", 3, 8),
        (b"a,b\r\n\r\n1,x\r\n", 0, "empty line", 2, 5),
        (b"a\0,\0b\0\n\0", 0, "UTF-16", 1, 0),
        (b"\xff\xfea\0", 0, "UTF-16", 1, 0),
        (b"\xfe\xff\0a", 0, "UTF-16", 1, 0),
        (b"\xef\xbb\xbf\xef\xbb\xbfa,b\n", 0, "found two", 1, 0),
        (b"a,b\n1,x\n2,\xe9\n", 1, "UTF-8", 3, 8),
        (b"a,b\n1,\"\xc3\"\n", 0, "UTF-8", 2, 4),
    ] {
        let found = malformed(text, rows, word);
        let place = found.place.unwrap();
        assert_eq!((place.file.as_str(), place.line, place.byte), ("events.csv", Some(line), Some(byte)), "{}", found.message);
    }
    malformed(b"", 0, "empty table");
    malformed(b"\xef\xbb\xbf", 0, "empty table");
}

#[test]
fn a_cell_has_a_greatest_length() {
    for (extra, good) in [(0, true), (1, false)] {
        let long = "y".repeat(16_777_216 + extra);
        for text in [format!("a,b\n{long},x\n"), format!("a,b\nx,{long}\r\n"), format!("a,b\nx,{long}")] {
            let found = read_in(text.as_bytes(), usize::MAX, false, &[rule(&["a", "b"])]);
            assert_eq!((found.rows.len(), found.fault.is_none()), (usize::from(good), good));
        }
    }
    let text = format!("a,b\n{}", ",".repeat(1_000_000));
    assert!(read_in(text.as_bytes(), usize::MAX, false, &[rule(&["a", "b"])]).fault.unwrap().message.contains("found more"));
    let header = ",".repeat(1_000_000);
    assert!(read_in(header.as_bytes(), usize::MAX, false, &[rule(&["a", "b"])]).fault.unwrap().message.contains("4096"));
}

#[test]
fn the_source_may_say_that_it_cut_the_table() {
    for (text, rows, line) in [
        ("a,b\n1,x\n# TRUNCATED\n", 1, 3),
        ("a,b\n1,x\n# TRUNCATED: 100,000 rows, \"narrow\" the range", 1, 3),
        ("a,b\r\n# TRUNCATED\r\n", 0, 2),
        ("a,b\n1,\"x\ny\"\n\"# TRUNCATED, at 100,000\"\n", 1, 4),
    ] {
        let found = read(text.as_bytes());
        assert_eq!((found.fault, found.rows.len(), found.truncated), (None, rows, Some(line)), "{text:?}");
    }
    malformed(b"a,b\n1,x\n# TRUNCATED\n2,y\n", 1, "nothing behind");
    malformed(b"a,b\n1,x\n# TRUNCATED\n\n", 1, "nothing behind");
    assert_eq!(cells(&read(b"a,b\n # TRUNCATED,x\n1,# TRUNCATED\n")).len(), 2);
    malformed(b"a,b\n# TRUNCATE\n", 0, "found 1");
    let plain = TableRule { truncated: None, ..rule(&["a"]) };
    assert_eq!(cells(&read_in(b"a\n# TRUNCATED\n", 3, false, &[plain])), [["# TRUNCATED"]]);
}

#[test]
fn columns_are_named_and_the_nearest_rule_too() {
    let rules = [rule(&["a", "b", "c"]), rule(&["d", "e"])];
    let wrong = |text: &[u8]| {
        let finding = read_in(text, usize::MAX, false, &rules).fault.unwrap();
        assert_eq!(finding.code, Code::TableColumn);
        finding.message
    };
    assert_eq!(wrong(b"a,c\n"), "expected the columns \"a\", \"b\", \"c\"; missing: \"b\"");
    assert_eq!(wrong(b"d,e,x\n"), "expected the columns \"d\", \"e\"; unknown: \"x\"");
    assert_eq!(wrong(b"d,e,d\n"), "expected the columns \"d\", \"e\"; there twice: \"d\"");
    assert_eq!(wrong(b"d,D\n"), "expected the columns \"d\", \"e\"; missing: \"e\"; unknown: \"D\"");
    assert_eq!(wrong(b"x\n"), "expected the columns \"a\", \"b\", \"c\"; missing: \"a\", \"b\", \"c\"; unknown: \"x\"");
    assert_eq!(cells(&read_in(b"e,d\n1,2\n", 1, false, &rules)), [["2", "1"]]);
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_packed_table_is_one_whole_gzip_member() {
    let rules = [rule(&["a", "b"])];
    let packed = gzip(b"a,b\n1,x\n2,y\n");
    assert_eq!(cells(&read_in(&packed, 1, true, &rules)).len(), 2);
    let behind = read_in(&[&packed[..], b"x"].concat(), 1, true, &rules);
    assert_eq!((behind.rows.len(), behind.fault.unwrap().code), (2, Code::TableMalformed));
    for length in 0..packed.len() {
        let cut = read_in(&packed[..length], 1, true, &rules).fault.unwrap();
        assert_eq!(cut.code, Code::TableMalformed, "{length}");
    }
}

#[test]
fn a_row_is_an_event() {
    let mut rule = rule(&["id", "when", "what", "more"]);
    rule.columns[0].field = Some("/a/id".to_owned());
    rule.columns[1].field = Some("/a/b~1c/when".to_owned());
    rule.columns[2].field = None;
    rule.columns[3].holds = Cell::Json;
    let row = |cells: [&str; 4]| TableRow { line: 7, byte: 70, cells: cells.map(str::to_owned).to_vec() };
    let event = |cells| rule.event(&row(cells)).map(|text| String::from_utf8(text).unwrap());
    assert_eq!(event(["x\"", "", "w", "{\"b\": 1.0, \"a\":[]}"]).unwrap(), r#"{"a":{"b/c":{"when":null},"id":"x\""},"more":{"a":[],"b":1}}"#);
    assert_eq!(event(["", "1", "", ""]).unwrap(), r#"{"a":{"b/c":{"when":"1"},"id":null},"more":null}"#);
    let wrong = event(["x", "", "", "{\"a\":1,\"a\":2}"]).unwrap_err();
    assert_eq!((wrong.code, wrong.place.unwrap().line), (Code::TableMalformed, Some(7)));
    assert!(wrong.message.contains("\"more\"") && wrong.message.contains("each name once"), "{}", wrong.message);
    rule.columns[3].field = Some("/a/id/x".to_owned());
    assert!(rule.event(&row(["x", "", "", "1"])).is_err());
}

proptest! {
    /// No bytes bring it down, the pieces do not matter, and what is accepted has rows of equal length.
    #[test]
    fn any_bytes(text in proptest::collection::vec(prop_oneof![Just(b','), Just(b'"'), Just(b'\n'), Just(b'\r'), Just(b'a'), Just(b'#'), any::<u8>()], 0..60)) {
        let bytes = [b"a,b\n".as_slice(), &text].concat();
        prop_assert!(read(&bytes).rows.iter().all(|row| row.cells.len() == 2));
        read(&text);
    }
}
