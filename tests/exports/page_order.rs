//! Pages: any order given, each once, as many events as they state.

use unbroken::bundle::export::Direction;

use super::{Files, files, refused};

fn page(number: u64, per_page: u64, total: u64, entries: std::ops::Range<u64>) -> String {
    let entries: Vec<_> = entries.map(|entry| format!("{{\"e\":{entry}}}")).collect();
    format!("{{\"entries\":[{}],\"page\":{number},\"per_page\":{per_page},\"total\":{total}}}", entries.join(","))
}

fn pages(pages: &[(u64, u64, u64, std::ops::Range<u64>)]) -> Files {
    let texts: Vec<_> = pages.iter().map(|(number, size, total, entries)| page(*number, *size, *total, entries.clone())).collect();
    let names: Vec<_> = (0..texts.len()).map(|index| format!("p{index}")).collect();
    files(&names.iter().map(String::as_str).zip(texts).collect::<Vec<_>>())
}

#[test]
fn any_order_given() {
    let files = pages(&[(3, 2, 5, 4..5), (1, 2, 5, 0..2), (2, 2, 5, 2..4)]);
    let read = files.read(Direction::OldestFirst);
    assert_eq!(read.texts(), ["{\"e\":0}", "{\"e\":1}", "{\"e\":2}", "{\"e\":3}", "{\"e\":4}"]);
    assert_eq!((read.pages(), read.arranged.paged), (vec![], true));
    let newest = files.read(Direction::NewestFirst);
    assert_eq!(newest.texts(), ["{\"e\":4}", "{\"e\":3}", "{\"e\":2}", "{\"e\":1}", "{\"e\":0}"]);
    assert_eq!(newest.pages(), [""; 0]);
}

#[test]
fn what_pages_contradict() {
    for (given, codes) in [
        (&[(1, 2, 2, 0..2)][..], &[][..]),
        (&[(1, 2, 0, 0..0)], &[]),
        (&[(1, 2, 2, 0..2), (2, 2, 2, 0..0)], &[]),
        (&[(1, 2, 5, 0..2), (3, 2, 5, 4..5)], &["pages.missing"]),
        (&[(2, 2, 4, 2..4)], &["pages.missing"]),
        (&[(1, 2, 4, 0..2)], &["pages.missing"]),
        (&[(1, 1, 3_000_000_000_000, 0..1)], &["pages.missing"]),
        (&[(1, 2, 4, 0..2), (1, 2, 4, 0..2), (2, 2, 4, 2..4)], &["pages.repeated"]),
        (&[(1, 2, 3, 0..2), (2, 2, 3, 2..4)], &["pages.total"]),
        (&[(1, 2, 4, 0..2), (2, 2, 4, 2..3)], &["pages.total"]),
        (&[(1, 2, 5, 0..2), (2, 2, 5, 2..3), (3, 2, 5, 3..5)], &["pages.total"]),
        (&[(1, 2, 4, 0..3), (2, 2, 4, 3..4)], &["pages.total", "pages.total"][..1]),
        (&[(1, 2, 3, 0..2), (2, 2, 4, 2..4)], &["pages.total"]),
        (&[(0, 2, 3, 0..2), (1, 2, 3, 2..3)], &["pages.missing"]),
    ] {
        let found = pages(given).read(Direction::OldestFirst).pages();
        assert!(!codes.is_empty() || found.is_empty(), "{given:?}: {found:?}");
        assert!(codes.iter().all(|code| found.contains(code)), "{given:?}: {found:?}");
    }
}

#[test]
fn pages_and_something_else_are_no_export() {
    let page = page(1, 1, 2, 0..1);
    for other in ["{\"error\":\"rate limited\"}", "[{}]", "{}\n{}\n"] {
        let given = files(&[("p1", page.as_str()), ("p2", other)]);
        let error = given.open().unwrap().arrange(super::qustody(), Direction::OldestFirst).unwrap_err();
        assert!(error.exit_code() == 4 && error.to_string().contains("p2"), "{error}");
    }
    refused(&[("p1", page.as_bytes()), ("p2", b"<html>rate limited</html>")]);
    let broken = files(&[("p1", page.as_str()), ("p2", "{\"page\":2,\"per")]).read(Direction::OldestFirst);
    assert_eq!((broken.findings().len(), broken.pages()), (1, vec!["pages.missing"]));
}

#[test]
fn other_lists_of_a_page_are_a_note() {
    let text = "{\"entries\":[{}],\"page\":1,\"total\":1,\"per_page\":1,\"hidden\":[{}],\"tags\":[\"x\"]}";
    let read = files(&[("p", text)]).read(Direction::OldestFirst);
    assert_eq!((read.arranged.notes.len(), read.findings()), (1, vec![]));
}

/// More files than a process may usually have open.
#[test]
fn two_thousand_pages() {
    let given: Vec<_> = (0..2000).rev().map(|page| (page + 1, 1, 2000, page..page + 1)).collect();
    let files = pages(&given);
    let read = files.read(Direction::NewestFirst);
    assert_eq!((read.records.len(), read.pages().len()), (2000, 0));
    assert_eq!(read.records[0].0, "{\"e\":1999}");
}
