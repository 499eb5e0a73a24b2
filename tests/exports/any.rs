//! Any events, written in any form, split anyhow: the same records in the same order.

use proptest::prelude::*;
use unbroken::bundle::export::Direction;
use unbroken::json::parse;

use super::{files, gzip, qustody, read_as};

fn value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i32>().prop_map(Into::into),
        "[\\PC\"\\\\{}\\[\\],:\n]{0,12}".prop_map(Into::into),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::btree_map("[a-z\"\\\\{}]{0,4}", inner, 0..4)
                .prop_map(|members| members.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    })
}

fn event() -> impl Strategy<Value = serde_json::Value> {
    prop::collection::btree_map("[a-z\"\\\\]{1,4}", value(), 0..4).prop_map(|members| members.into_iter().collect::<serde_json::Map<_, _>>().into())
}

fn written(value: &serde_json::Value, pretty: bool) -> String {
    if pretty { serde_json::to_string_pretty(value).unwrap() } else { value.to_string() }
}

/// The files of each form.
fn forms(events: &[serde_json::Value], pretty: bool, size: usize) -> Vec<Vec<String>> {
    let lines: String = events.iter().map(|event| format!("{event}\n")).collect();
    let array = written(&events.to_vec().into(), pretty);
    let pages = events.chunks(size).enumerate().map(|(index, entries)| {
        let page = serde_json::json!({"total": events.len(), "entries": entries, "page": index + 1, "per_page": size, "x": {"entries": [1]}});
        written(&page, pretty)
    });
    let each = events.iter().map(|event| written(event, pretty)).collect();
    vec![vec![lines], vec![array], pages.collect(), each]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_form_gives_the_same_records(
        events in prop::collection::vec(event(), 1..9),
        pretty in any::<bool>(),
        size in 1..5_usize,
        packed in any::<bool>(),
        block in 1..200_usize,
    ) {
        let expected: Vec<_> = events.iter().map(|event| parse(event.to_string().as_bytes()).unwrap().canonical()).collect();
        for form in forms(&events, pretty, size) {
            let bytes = |text: &String| if packed { gzip(text.as_bytes()) } else { text.clone().into_bytes() };
            let mut named: Vec<_> = form.iter().enumerate().map(|(index, text)| (format!("f{index}"), bytes(text))).collect();
            if named.len() > 1 && form[0].contains("per_page") {
                named.reverse();
            }
            let named: Vec<_> = named.iter().map(|(name, bytes)| (name.as_str(), bytes)).collect();
            let export = files(&named);
            let export = (export.open().unwrap(), export);
            for direction in [Direction::OldestFirst, Direction::NewestFirst] {
                let read = read_as(&export.0, qustody(), direction, block);
                prop_assert_eq!(read.findings(), vec![]);
                let mut texts: Vec<_> = read.texts().iter().map(|text| parse(text.as_bytes()).unwrap().canonical()).collect();
                if direction == Direction::NewestFirst {
                    texts.reverse();
                }
                prop_assert_eq!(&texts, &expected);
            }
        }
    }
}
