//! How a value is written in a form.

use super::{Escapes, Form, Fraction, HTML, Numbers};
use crate::json::Value;
use crate::time::Time;

impl Form {
    /// Appends the text of a value.
    pub(super) fn write(&self, value: &Value, out: &mut Vec<u8>) {
        match value {
            Value::Array(items) => {
                out.push(b'[');
                for (index, item) in items.iter().enumerate() {
                    self.comma(index, out);
                    self.write(item, out);
                }
                out.push(b']');
            }
            Value::Object(members) => self.write_object(members, out),
            Value::Number(_, text) => self.write_number(value, text, out),
            Value::String(text) => self.write_string(&self.time(text).unwrap_or_else(|| text.clone()), out),
            Value::Bool(_) | Value::Null => out.extend(value.canonical()),
        }
    }

    fn write_object(&self, members: &[(String, Value)], out: &mut Vec<u8>) {
        let mut members: Vec<&(String, Value)> = members.iter().filter(|(_, value)| !self.no_null || *value != Value::Null).collect();
        if !self.as_in_file {
            members.sort_by(|(left, _), (right, _)| left.encode_utf16().cmp(right.encode_utf16()));
        }
        out.push(b'{');
        for (index, (name, value)) in members.into_iter().enumerate() {
            self.comma(index, out);
            self.write_string(name, out);
            out.extend_from_slice(if self.spaces { b": " } else { b":" });
            self.write(value, out);
        }
        out.push(b'}');
    }

    fn comma(&self, index: usize, out: &mut Vec<u8>) {
        if index > 0 {
            out.extend_from_slice(if self.spaces { b", " } else { b"," });
        }
    }

    fn write_number(&self, value: &Value, text: &str, out: &mut Vec<u8>) {
        if self.numbers == Numbers::InFile {
            return out.extend_from_slice(text.as_bytes());
        }
        let shortest = value.canonical();
        let whole = shortest.iter().all(|byte| byte.is_ascii_digit() || *byte == b'-');
        out.extend(shortest);
        if whole && self.numbers == Numbers::Fraction {
            out.extend_from_slice(b".0");
        }
    }

    fn write_string(&self, text: &str, out: &mut Vec<u8>) {
        let plain = match self.escapes {
            Escapes::Few => true,
            Escapes::Ascii => text.is_ascii(),
            Escapes::Html => !text.contains(HTML),
        };
        let canonical = Value::String(text.to_owned()).canonical();
        if plain {
            return out.extend(canonical);
        }
        for character in String::from_utf8_lossy(&canonical).chars() {
            let escaped = if self.escapes == Escapes::Ascii { !character.is_ascii() } else { HTML.contains(&character) };
            if escaped {
                let units = character.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect::<String>();
                out.extend(units.into_bytes());
            } else {
                out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
    }

    /// The same instant (or its start) in another spelling; `None` where the text is no time, or stays as it is.
    fn time(&self, text: &str) -> Option<String> {
        if self.fraction == Fraction::Stated && !self.other_zone {
            return None;
        }
        text.parse::<Time>().ok()?;
        let (seconds, rest) = text.split_at_checked(19)?;
        let zone_at = rest.find(|character: char| character != '.' && !character.is_ascii_digit())?;
        let (stated, zone) = rest.split_at_checked(zone_at)?;
        let fraction = match self.fraction {
            Fraction::Stated => stated.to_owned(),
            Fraction::Digits(0) => String::new(),
            Fraction::Digits(count) => {
                let digits: String = stated.chars().skip(1).chain(std::iter::repeat('0')).take(count).collect();
                format!(".{digits}")
            }
        };
        let zone = match zone {
            "Z" if self.other_zone => "+00:00",
            "+00:00" if self.other_zone => "Z",
            zone => zone,
        };
        Some(format!("{seconds}{fraction}{zone}"))
    }
}
