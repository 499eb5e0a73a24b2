//! Texts that lack only the order and the compactness of the canonical form: white space is left out, members are sorted, every token stays as it is.
//! Not here: any test of the tokens. What comes out is canonical only where [`super::scan`] says so; then it says the same as the text it came from.

use super::MAX_DEPTH;
use super::special::special;

/// Sorts members; keeps its buffers from one text to the next.
#[derive(Debug, Default)]
pub struct Tidy {
    members: Vec<Place>,
    sorted: Vec<u8>,
}

/// Where a member stands in what was written.
#[derive(Debug, Clone, Copy)]
struct Place {
    start: usize,
    name_end: usize,
    end: usize,
}

impl Tidy {
    /// Writes the text of one object into `out`. `None` where its structure is broken, or where names that must be sorted are not plain ASCII.
    pub fn write(&mut self, text: &[u8], out: &mut Vec<u8>) -> Option<()> {
        out.clear();
        self.members.clear();
        let mut pen = Pen { text, at: 0, out, tidy: self };
        if pen.next()? != b'{' {
            return None;
        }
        pen.value(1)?;
        pen.next().is_none().then_some(())
    }
}

struct Pen<'t, 'o> {
    text: &'t [u8],
    at: usize,
    out: &'o mut Vec<u8>,
    tidy: &'o mut Tidy,
}

impl Pen<'_, '_> {
    fn value(&mut self, depth: usize) -> Option<()> {
        match self.next()? {
            b'{' | b'[' if depth > MAX_DEPTH => None,
            b'{' => self.object(depth),
            b'[' => self.array(depth),
            b'"' => self.string(),
            _ => self.word(),
        }
    }

    fn object(&mut self, depth: usize) -> Option<()> {
        let first = self.tidy.members.len();
        self.copy(b'{')?;
        if self.next()? == b'}' {
            return self.copy(b'}');
        }
        loop {
            let start = self.out.len();
            self.next()?;
            self.string()?;
            let name_end = self.out.len();
            self.copy(b':')?;
            self.value(depth.saturating_add(1))?;
            self.tidy.members.push(Place { start, name_end, end: self.out.len() });
            if self.next()? == b'}' {
                self.sort(first)?;
                return self.copy(b'}');
            }
            self.copy(b',')?;
        }
    }

    fn array(&mut self, depth: usize) -> Option<()> {
        self.copy(b'[')?;
        if self.next()? == b']' {
            return self.copy(b']');
        }
        loop {
            self.value(depth.saturating_add(1))?;
            if self.next()? == b']' {
                return self.copy(b']');
            }
            self.copy(b',')?;
        }
    }

    /// Puts the members from this index on in order, where they are in none, and forgets them.
    fn sort(&mut self, first: usize) -> Option<()> {
        let Tidy { members, sorted } = &mut *self.tidy;
        let places = members.get_mut(first..)?;
        let name = |place: &Place| self.out.get(place.start..place.name_end).unwrap_or_default();
        if !places.is_sorted_by(|one, other| name(one) < name(other)) {
            // the quote behind a name is less than what may stand in a name, but for ! and a space
            let is_plain = |place: &Place| name(place).iter().skip(1).rev().skip(1).all(|byte| matches!(byte, b'#'..=b'[' | b']'..=b'~'));
            if !places.iter().all(is_plain) {
                return None;
            }
            let from = places.first()?.start;
            places.sort_unstable_by(|one, other| name(one).cmp(name(other)));
            sorted.clear();
            for place in &*places {
                sorted.extend_from_slice(self.out.get(place.start..place.end)?);
                sorted.push(b',');
            }
            sorted.pop();
            self.out.truncate(from);
            self.out.extend_from_slice(sorted);
        }
        members.truncate(first);
        Some(())
    }

    fn string(&mut self) -> Option<()> {
        let start = self.at;
        if self.text.get(start) != Some(&b'"') {
            return None;
        }
        let mut end = special(self.text, start.saturating_add(1));
        while self.text.get(end)? == &b'\\' {
            end = special(self.text, end.saturating_add(2));
        }
        self.at = end.saturating_add(1);
        self.out.extend_from_slice(self.text.get(start..self.at)?);
        (self.text.get(end) == Some(&b'"')).then_some(())
    }

    /// A number or literal.
    fn word(&mut self) -> Option<()> {
        let rest = self.text.get(self.at..)?;
        let length = rest.iter().position(|byte| !matches!(byte, b'0'..=b'9' | b'a'..=b'z' | b'E' | b'+' | b'-' | b'.'))?;
        self.out.extend_from_slice(rest.get(..length)?);
        self.at = self.at.saturating_add(length);
        (length > 0).then_some(())
    }

    /// Writes this byte, if it is the next one that is no white space.
    fn copy(&mut self, byte: u8) -> Option<()> {
        if self.next()? != byte {
            return None;
        }
        self.out.push(byte);
        self.at = self.at.saturating_add(1);
        Some(())
    }

    /// The next byte that is no white space.
    fn next(&mut self) -> Option<u8> {
        loop {
            match self.text.get(self.at)? {
                b' ' | b'\t' | b'\n' | b'\r' => self.at = self.at.saturating_add(1),
                byte => return Some(*byte),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Spans, Wanted, parse, scan};
    use super::*;

    fn tidied(text: &str) -> Option<String> {
        let mut out = Vec::new();
        Tidy::default().write(text.as_bytes(), &mut out)?;
        scan(&out, &Wanted::new(&[]).unwrap(), &mut Spans::default()).ok()?;
        Some(String::from_utf8(out).unwrap())
    }

    #[test]
    fn what_comes_out_is_the_canonical_form() {
        for text in [
            "{}",
            " { } \r\n",
            r#"{"b":1,"a":2}"#,
            "{\"b\" : {\"d\":[ 1 , {\"z\":null,\"y\":\"}, \\\" \"} ] ,\t\"c\":true},\n\"a\":-1.5,\"aa\":\"é\\n\"}",
            r#"{"ab":1,"a":2,"a_b":3,"aB":4,"":{},"~":[[],[{}]]}"#,
            r#"{"é":1,"日":2,"z":{"b":1,"a":2}}"#.replace("\"z\"", "\"日本\"").as_str(),
        ] {
            let canonical = parse(text.as_bytes()).unwrap().canonical();
            assert_eq!(tidied(text).as_deref(), str::from_utf8(&canonical).ok(), "{text}");
        }
    }

    #[test]
    fn what_needs_more_than_order_is_left_alone() {
        for text in [
            "",
            "[]",
            "{",
            r#"{"a":1"#,
            r#"{"a":1}x"#,
            r#"{"a":1 2}"#,
            r#"{"a":1,}"#,
            r#"{"a":1,,"b":2}"#,
            r#"{"a" "b":1}"#,
            r#"{a:1}"#,
            r#"{"a":[1 2]}"#,
            r#"{"a":[1,]}"#,
            r#"{"a":}"#,
            r#"{"a":tr ue}"#,
            r#"{"a":1.0}"#,
            r#"{"a":"\u0041"}"#,
            r#"{"b":1,"\u0061":1}"#,
            r#"{"b":1,"a":1,"b":2}"#,
            r#"{"b":1,"a!":1}"#,
            "{\"a\":\"\n\"}",
            "{\"a\":\"\\",
            "\u{feff}{}",
            r#"{"é":1,"a":2}"#,
        ] {
            assert_eq!(tidied(text), None, "{text}");
        }
        let deep = |levels: usize| format!("{}1{}", r#"{"b":1,"a":"#.repeat(levels), "}".repeat(levels));
        assert!(tidied(&deep(MAX_DEPTH)).is_some());
        assert!(tidied(&deep(MAX_DEPTH + 1)).is_none());
    }
}
