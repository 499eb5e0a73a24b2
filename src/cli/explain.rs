//! `unbroken explain`: what a finding or a check means. The text is that of the specification; what is not known is answered with what comes nearest.

use super::output::Console;
use crate::error::Error;
use crate::finding::{CheckId, Code};
use crate::report;

/// Names that are offered in place of an unknown one.
const OFFERED: usize = 4;

pub(super) fn run(name: Option<&str>, console: &Console) -> Result<(), Error> {
    let options = console.text_options();
    let Some(name) = name else {
        return console.data(&report::explain_list(&options));
    };
    match report::explain(name, &options) {
        Some(text) => console.data(&text),
        None => Err(unknown(name)),
    }
}

fn unknown(name: &str) -> Error {
    let what = format!("\"{name}\" is no finding and no check");
    let hint = match nearest(name).as_slice() {
        [] => "`unbroken explain --list` lists all of them".to_owned(),
        names => format!("did you mean {}? `unbroken explain --list` lists all of them", names.join(", ")),
    };
    Error::Usage { what, hint }
}

/// The names that differ least from a text, and those of which it is a part.
fn nearest(text: &str) -> Vec<&'static str> {
    let text: String = text.chars().take(100).flat_map(char::to_lowercase).collect();
    let allowed = text.chars().count().div_euclid(3).max(2);
    let names = CheckId::ALL.iter().map(|check| check.id()).chain(Code::ALL.iter().map(|code| code.name()));
    let mut found: Vec<(usize, &str)> = names
        .filter_map(|name| {
            let part = text.len() > 2 && name.contains(&text);
            let behind = name.split_once('.').map_or(name, |(_, behind)| behind);
            let distance = distance(&text, name).min(distance(&text, behind));
            (part || distance <= allowed).then_some((if part { 1 } else { distance }, name))
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(|(_, name)| name).take(OFFERED).collect()
}

/// How many characters must be put in, left out or replaced (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (index, from) in one.chars().enumerate() {
        let mut next = vec![index.saturating_add(1)];
        for ((to, diagonal), above) in other.chars().zip(&row).zip(row.iter().skip(1)) {
            let left = next.last().copied().unwrap_or_default();
            let replaced = diagonal.saturating_add(usize::from(from != to));
            next.push(replaced.min(above.saturating_add(1)).min(left.saturating_add(1)));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_name_is_answered_with_what_was_meant() {
        assert_eq!(distance("kitten", "sitting"), 3);
        for (typed, meant) in
            [("chain.modifed", "chain.modified"), ("modified", "chain.modified"), ("Event.MAC", "event.mac"), ("tail_cut", "chain.tail-cut")]
        {
            assert!(nearest(typed).contains(&meant), "{typed}: {:?}", nearest(typed));
        }
        assert_eq!(nearest("wholly-unlike-anything-else"), Vec::<&str>::new());
    }
}
