//! What two records show by their bytes alone: in most pairs of exports whose links were made anew, nothing else differs. Not here: any pair that needs to
//! be read.

use std::ops::Range;

use super::form::{Form, Pairing};
use crate::event::Event;

impl Form<'_> {
    /// As [`Form::compare`], told from the bytes of both records (the older event was read from `one`): nothing but the characters of links and proofs differs.
    /// `None` where they do not show it.
    pub(super) fn compare_bytes(&self, old: &Event<'_>, one: &[u8], other: &[u8]) -> Option<Pairing> {
        if self.columns.is_some() || self.id_apart || one.len() != other.len() {
            return None;
        }
        let ((margin, one), (other_margin, other)) = (at_first(one), at_first(other));
        if margin != other_margin {
            return None;
        }
        let (links, seals) = (old.strings_compared(self.links.clone())?, old.strings_compared(self.seals.clone())?);
        let mut places = [links.as_slice(), &seals].concat();
        places.sort_unstable_by_key(|place| place.start);
        let mut from = 0;
        for place in &places {
            let quoted = [one, other].map(|text| text.get(place.clone()).and_then(inside));
            let before = one.get(from..place.start)?;
            if quoted.contains(&None) || other.get(from..place.start) != Some(before) {
                return None;
            }
            from = place.end;
        }
        let differs = |places: &[Range<usize>]| places.iter().any(|place| one.get(place.clone()) != other.get(place.clone()));
        (one.get(from..) == other.get(from..)).then(|| match (differs(&links), differs(&seals)) {
            (true, _) => Pairing::Relinked,
            (false, true) => Pairing::Resealed,
            (false, false) => Pairing::Same,
        })
    }
}

/// White space before a record, and the record.
fn at_first(text: &[u8]) -> (&[u8], &[u8]) {
    text.split_at_checked(text.len().saturating_sub(text.trim_ascii_start().len())).unwrap_or_default()
}

/// What stands between the quotes of a JSON string that has no escapes, and is ASCII.
fn inside(text: &[u8]) -> Option<&[u8]> {
    let inside = text.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    inside.iter().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\')).then_some(inside)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "test code")]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::event::{Reader, Record};
    use crate::profile::Profile;

    /// What the bytes show, and what the events say; `None` where they are no two events of one id.
    fn both(old: &str, new: &str) -> (Option<Pairing>, Option<Pairing>) {
        let form = Form::new(Profile::built_in("qustody/1").unwrap(), None).unwrap();
        let (mut one, mut other) = (Reader::default(), Reader::default());
        let Record::Event(older) = one.read(old.as_bytes(), &form.layout) else { return (None, None) };
        let shown = form.compare_bytes(&older, old.as_bytes(), new.as_bytes());
        let said = match other.read(new.as_bytes(), &form.layout) {
            Record::Event(newer) if newer.id == older.id => Some(form.compare(&older, &newer)),
            _ => None,
        };
        (shown, said)
    }

    /// An entry whose strings are few and short, so that they are often the same; some are written with an escape.
    fn entry(parts: &[u8; 5]) -> String {
        let text = |part: u8| ["aa", "bb", "ab", "prev_hash", "id", "\\u0061a", "é1", "a"].get(usize::from(part % 8)).copied().unwrap_or_default();
        let [id, link, own, name, note] = parts.map(text);
        format!(r#"{{"id":"{id}", "prev_hash":"{link}","entry_hash":"{own}","metadata":{{"{name}":["{note}"]}}}}"#)
    }

    #[test]
    fn links_made_anew_show_in_the_bytes() {
        let old = r#"{"id":"1","prev_hash":"ab","entry_hash":"cd","metadata":{"n":1}}"#;
        assert_eq!(both(old, &old.replace("ab", "xy")), (Some(Pairing::Relinked), Some(Pairing::Relinked)));
        // white space around the record moves them
        let spaced = format!(" \t{old} ");
        assert_eq!(both(&spaced, &spaced.replace("ab", "xy")), (Some(Pairing::Relinked), Some(Pairing::Relinked)));
        assert_eq!(both(&spaced, &format!("{old}\x0c\x0c\x0c")), (None, None));
        assert_eq!(both(&spaced, &format!(" \t{old}\x0c")), (None, None));
        assert_eq!(both(old, old), (Some(Pairing::Same), Some(Pairing::Same)));
        assert_eq!(both(old, &old.replace(":1}", ":2}")), (None, Some(Pairing::Rewritten)));
    }

    #[test]
    fn what_is_not_plainly_a_link_is_not_told_by_its_bytes() {
        for (old, new) in [
            (r#"{"id":"1","prev_hash":"\u0061b","metadata":{"n":"ab"}}"#, r#"{"id":"1","prev_hash":"\u0061b","metadata":{"n":"xy"}}"#),
            (r#"{"id":"1","prev_hash":"ab","metadata":{"n":"ab"}}"#, r#"{"id":"1","prev_hash":"ab","metadata":{"n":"xy"}}"#),
            (r#"{"id":"1","prev_hash":"abcdefg"}"#, r#"{"id":"1","prev_hash":"","b":""}"#),
            (r#"{"id":"1","prev_hash":"ab","metadata":{"ab":"1"}}"#, r#"{"id":"1","prev_hash":"ab","metadata":{"xy":"1"}}"#),
        ] {
            assert_eq!(both(old, new), (None, Some(Pairing::Rewritten)));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_the_bytes_show_is_what_the_events_say(
            parts in any::<[u8; 5]>(),
            others in any::<[u8; 5]>(),
            margins in ("[ \t]{0,2}", "[ \t]{0,2}"),
            keep in any::<[bool; 5]>(),
            edit in prop::option::of((any::<prop::sample::Index>(), "[ab\"\\\\,:{}]")),
        ) {
            let mut changed = others;
            changed.iter_mut().zip(parts).zip(keep).filter(|(_, keep)| *keep).for_each(|((other, part), _)| *other = part);
            let (old, mut new) = (format!("{}{}", margins.0, entry(&parts)), format!("{}{}", margins.1, entry(&changed)));
            if let Some((at, text)) = edit {
                let at = at.index(new.len());
                if new.is_char_boundary(at) && new.is_char_boundary(at.saturating_add(1)) {
                    new.replace_range(at..at.saturating_add(1), &text);
                }
            }
            let (shown, said) = both(&old, &new);
            prop_assert!(shown.is_none() || shown == said, "{old} and {new}: {shown:?}, {said:?}");
        }
    }
}
