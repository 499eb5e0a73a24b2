//! Properties of the canonical form on random values: what the writer writes, the scanner and the reader take; and the scanner takes nothing else.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test fails by panicking")]

use proptest::collection::vec;
use proptest::prelude::*;
use unbroken::json::{self, Spans, Tidy, Value, Wanted, difference};

fn text() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        6 => prop::char::range('a', 'f'),
        1 => prop::char::range('\0', '\u{7f}'),
        1 => prop::sample::select(vec!['"', '\\', '/', '\u{8}', '\n', '\u{7f}', 'é', '\u{2028}', '\u{d7ff}', '\u{e000}', '\u{fb33}', '\u{ffff}', '😀', '\u{10ffff}']),
    ];
    vec(character, 0..20).prop_map(String::from_iter)
}

fn number() -> impl Strategy<Value = Value> {
    let double = prop_oneof![
        any::<i32>().prop_map(f64::from),
        (-9_007_199_254_740_992_i64..=9_007_199_254_740_992).prop_map(|integer| integer as f64),
        any::<f64>().prop_filter("finite", |double| double.is_finite()),
        (any::<i32>(), 0..9).prop_map(|(digits, places)| f64::from(digits) / 10_f64.powi(places)),
    ];
    double.prop_map(|double| {
        let text = String::from_utf8(Value::Number(double, String::new()).canonical()).unwrap();
        Value::Number(text.parse().unwrap(), text)
    })
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::Bool), number(), text().prop_map(Value::String)];
    leaf.prop_recursive(4, 40, 8, |inner| prop_oneof![vec(inner.clone(), 0..5).prop_map(Value::Array), object_of(inner)])
}

fn object() -> impl Strategy<Value = Value> {
    object_of(value())
}

fn object_of(inner: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    vec((text(), inner), 0..24).prop_map(|members| {
        let mut unique: Vec<(String, Value)> = Vec::new();
        for (name, value) in members {
            if unique.iter().all(|(own, _)| *own != name) {
                unique.push((name, value));
            }
        }
        Value::Object(unique)
    })
}

/// All objects in the order of the canonical form.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().map(|(name, value)| (name.clone(), sorted(value))).collect();
            members.sort_by_key(|(name, _)| name.encode_utf16().collect::<Vec<_>>());
            Value::Object(members)
        }
        other => other.clone(),
    }
}

/// Members in the order that they have, and space around everything.
fn loose(value: &Value, space: &str) -> String {
    let list = |[open, close]: [&str; 2], items: Vec<String>| format!("{open}{space}{}{space}{close}", items.join(&format!("{space},{space}")));
    match value {
        Value::Array(items) => list(["[", "]"], items.iter().map(|item| loose(item, space)).collect()),
        Value::Object(members) => {
            let name = |name: &String| String::from_utf8(Value::String(name.clone()).canonical()).unwrap();
            list(["{", "}"], members.iter().map(|(own, value)| format!("{}{space}:{space}{}", name(own), loose(value, space))).collect())
        }
        other => String::from_utf8(other.canonical()).unwrap(),
    }
}

fn pointers(value: &Value, prefix: &str, out: &mut Vec<String>) {
    if let Value::Object(members) = value {
        for (name, inner) in members {
            let pointer = format!("{prefix}/{}", name.replace('~', "~0").replace('/', "~1"));
            pointers(inner, &pointer, out);
            out.push(pointer);
        }
    }
}

/// The scanner says the same as reader and writer together, to the byte.
fn agree(line: &[u8]) -> Result<(), TestCaseError> {
    let scanned = json::scan(line, &Wanted::new(&["/a"]).unwrap(), &mut Spans::default());
    match json::parse(line) {
        Ok(value @ Value::Object(_)) => {
            let expected = difference(line, &value.canonical()).map_or(Ok(()), |difference| Err(difference.byte));
            prop_assert_eq!(scanned, expected, "{}", String::from_utf8_lossy(line));
        }
        Ok(_) => prop_assert_eq!(scanned, Err(0)),
        Err(flaw) => prop_assert!(scanned.is_err_and(|byte| byte <= flaw.byte), "{}: {:?} {:?}", String::from_utf8_lossy(line), scanned, flaw),
    }
    tidied_is_read(line)
}

/// What is put in order, and is canonical then, is what reader and writer make of it.
fn tidied_is_read(line: &[u8]) -> Result<(), TestCaseError> {
    let mut tidied = Vec::new();
    let written = Tidy::default().write(line, &mut tidied);
    if written.is_some() && json::scan(&tidied, &Wanted::new(&[]).unwrap(), &mut Spans::default()).is_ok() {
        let read = json::parse(line).map(|value| String::from_utf8(value.canonical()).unwrap());
        prop_assert_eq!(Ok(String::from_utf8(tidied).unwrap()), read, "{}", String::from_utf8_lossy(line));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_and_scanned(value in object()) {
        let line = value.canonical();
        prop_assert_eq!(json::parse(&line), Ok(sorted(&value)));
        let mut names = Vec::new();
        pointers(&value, "", &mut names);
        let wanted = Wanted::new(&names.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
        let mut spans = Spans::default();
        prop_assert_eq!(json::scan(&line, &wanted, &mut spans), Ok(()));
        for (index, pointer) in names.iter().enumerate() {
            let member = spans.get(index).unwrap();
            let inner = value.pointer(pointer).unwrap();
            prop_assert_eq!(line[member.value.clone()].to_vec(), inner.canonical());
            if let Value::String(text) = inner {
                let found = json::string(&line[member.value.clone()]);
                prop_assert_eq!(found.as_deref(), Some(text.as_str()));
            }
            let name = [b"{", &line[member.start..member.value.end], b"}"].concat();
            prop_assert!(matches!(json::parse(&name), Ok(Value::Object(members)) if members.len() == 1));
        }
    }

    #[test]
    fn members_are_left_out(value in object(), choice in any::<u64>()) {
        let Value::Object(members) = &value else { unreachable!() };
        let chosen = |index: usize| choice >> (index % 64) & 1 == 1;
        let names: Vec<_> = members.iter().map(|(name, _)| format!("/{}", name.replace('~', "~0").replace('/', "~1"))).collect();
        let wanted = Wanted::new(&names.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
        let line = value.canonical();
        let mut spans = Spans::default();
        prop_assert_eq!(json::scan(&line, &wanted, &mut spans), Ok(()));
        let out: Vec<_> = (0..members.len()).filter(|index| chosen(*index)).filter_map(|index| spans.get(index)).collect();
        let kept = members.iter().enumerate().filter(|(index, _)| !chosen(*index)).map(|(_, member)| member.clone()).collect();
        prop_assert_eq!(json::without(&line, &out).concat(), Value::Object(kept).canonical());
    }

    #[test]
    fn a_changed_byte_never_passes_unseen(value in object(), place in any::<prop::sample::Index>(), byte in any::<u8>(), kind in 0..4) {
        let mut line = value.canonical();
        let place = place.index(line.len());
        match kind {
            0 => line[place] = byte,
            1 => line.insert(place, byte),
            2 => { line.remove(place); }
            _ => line[place] = *br#""\,:{}[]0 "#.get(usize::from(byte) % 11).unwrap_or(&b'"'),
        }
        agree(&line)?;
    }

    #[test]
    fn members_in_any_order_with_any_spelling(value in object(), space in 0..3_usize) {
        let Value::Object(members) = &value else { unreachable!() };
        let inner: Vec<_> = members.iter().map(|(name, value)| {
            let name: String = name.encode_utf16().map(|unit| format!("\\u{unit:04X}")).collect();
            format!("\"{name}\"{}:{}", " ".repeat(space), String::from_utf8(value.canonical()).unwrap())
        }).collect();
        let line = format!("{{{}}}", inner.join(","));
        prop_assert_eq!(json::parse(line.as_bytes()).map(|found| found.canonical()), Ok(value.canonical()));
        agree(line.as_bytes())?;
    }

    #[test]
    fn members_in_any_order_with_any_space(value in object(), space in prop::sample::select(vec!["", " ", "\n\t"])) {
        let line = loose(&value, space);
        prop_assert_eq!(json::parse(line.as_bytes()).map(|found| found.canonical()), Ok(value.canonical()));
        agree(line.as_bytes())?;
    }

    #[test]
    fn any_bytes_are_survived(bytes in vec(any::<u8>(), 0..64)) {
        agree(&bytes)?;
    }

    #[test]
    fn any_json_like_bytes_are_survived(pieces in vec(prop::sample::select(vec![
        "{", "}", "[", "]", ",", ":", "\"", "\"a\":", "\"b\":", "\"é\":", "\\u00", "\\ud83d", "\\n", "1f", "0", "-", "12", ".5", "e+21", "1e400", "true", "null", " ", "\u{feff}", "x",
    ]), 0..24)) {
        agree(pieces.concat().as_bytes())?;
    }
}

#[test]
fn depth_is_bounded_alike() {
    for (levels, good) in [(1, true), (64, true), (65, false), (100_000, false)] {
        let line = format!("{}1{}", "{\"a\":".repeat(levels), "}".repeat(levels));
        let scanned = json::scan(line.as_bytes(), &Wanted::new(&["/a/a"]).unwrap(), &mut Spans::default());
        assert_eq!((json::parse(line.as_bytes()).is_ok(), scanned.is_ok()), (good, good), "{levels}");
    }
}

#[test]
fn many_members_stay_cheap() {
    let mut members: Vec<_> = (0..100_000).map(|index| (format!("name{index}"), Value::Null)).collect();
    let line = Value::Object(members.clone()).canonical();
    assert!(json::parse(&line).is_ok());
    members.push(("name7".to_owned(), Value::Null));
    let flaw = json::parse(&Value::Object(members).canonical()).unwrap_err();
    assert_eq!(flaw.kind, json::FlawKind::DuplicateName);
}

#[test]
fn every_short_text() {
    let alphabet = br#"{}[]",:\a01-. e"#;
    let count = alphabet.len();
    for number in 0..count.pow(5) {
        let text: Vec<u8> = (0..5)
            .scan(number, |rest, _| {
                let letter = alphabet[*rest % count];
                *rest /= count;
                Some(letter)
            })
            .collect();
        agree(&text).unwrap();
        agree(&[b"{\"a\":", text.as_slice(), b"}"].concat()).unwrap();
        agree(&[b"{", text.as_slice(), b":1}"].concat()).unwrap();
    }
}

#[test]
fn every_escape() {
    for unit in 0..=u16::MAX {
        for escape in [format!("\\u{unit:04x}"), format!("\\u{unit:04X}"), format!("\\ud83d\\u{unit:04x}")] {
            agree(format!("{{\"a\":\"{escape}\"}}").as_bytes()).unwrap();
            agree(format!("{{\"\":1,\"{escape}\":2}}").as_bytes()).unwrap();
        }
    }
    for byte in 0..=u8::MAX {
        agree(&[b"{\"a\":\"\\", &[byte][..], b"\"}"].concat()).unwrap();
        agree(&[b"{\"a\":\"", &[byte][..], b"\"}"].concat()).unwrap();
    }
}
