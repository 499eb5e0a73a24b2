//! JSON Pointers (RFC 6901): one looked up in a [`Value`], many compiled into a tree that [`super::scan`] walks beside the line.

use super::Value;
use super::name::{Name, OwnName, order};

/// The members to look for in a line, compiled from JSON Pointers. Only members of objects are found, never items of arrays.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub(super) root: Node,
    pub(super) count: usize,
}

/// A member that is wanted, or on the way to one.
#[derive(Debug, Clone)]
pub(super) struct Node {
    name: OwnName,
    /// The pointers that end here.
    pub(super) indexes: Vec<usize>,
    /// In the order of their names.
    pub(super) children: Vec<Node>,
}

impl Wanted {
    /// Compiles the pointers; a span's index is its pointer's index here. `None` if one is not a JSON Pointer.
    pub fn new(pointers: &[&str]) -> Option<Self> {
        let paths = pointers.iter().map(|pointer| tokens(pointer)).collect::<Option<Vec<_>>>()?;
        let mut paths: Vec<_> = paths.iter().map(Vec::as_slice).enumerate().collect();
        Some(Self { root: Node::new("", &mut paths), count: pointers.len() })
    }
}

impl Node {
    fn new(name: &str, paths: &mut [(usize, &[String])]) -> Self {
        paths.sort_by(|(_, one), (_, other)| match (one.first(), other.first()) {
            (Some(one), Some(other)) => order(one, other),
            (one, other) => one.is_some().cmp(&other.is_some()),
        });
        let indexes = paths.iter().filter(|(_, path)| path.is_empty()).map(|(index, _)| *index).collect();
        let children = paths.chunk_by(|(_, one), (_, other)| one.first() == other.first()).filter_map(|group| {
            let name = group.first()?.1.first()?;
            let mut below: Vec<_> = group.iter().filter_map(|(index, path)| Some((*index, path.get(1..)?))).collect();
            Some(Self::new(name, &mut below))
        });
        Self { name: OwnName::new(name), indexes, children: children.collect() }
    }

    #[inline]
    pub(super) fn name(&self) -> Name<'_> {
        self.name.name()
    }
}

impl Value {
    /// The value that a JSON Pointer (RFC 6901) names.
    pub fn pointer(&self, pointer: &str) -> Option<&Value> {
        tokens(pointer)?.iter().try_fold(self, |value, token| match value {
            Value::Array(items) => items.get(index(token)?),
            Value::Object(_) => value.member(token),
            _ => None,
        })
    }

    /// Puts a value where a JSON Pointer (RFC 6901) points, in objects that are made where there are none. `false`, and no value is put, if it is no
    /// pointer, or leads through something that is no object.
    pub fn put(&mut self, pointer: &str, new: Value) -> bool {
        let Some(names) = tokens(pointer) else {
            return false;
        };
        let mut value = self;
        for name in names {
            let Self::Object(members) = value else {
                return false;
            };
            let at = members.iter().position(|(own, _)| *own == name).unwrap_or(members.len());
            if at == members.len() {
                members.push((name, Self::Object(Vec::new())));
            }
            let Some((_, member)) = members.get_mut(at) else {
                return false;
            };
            value = member;
        }
        *value = new;
        true
    }
}

/// An array index: decimal, without leading zeros (RFC 6901, section 4).
fn index(token: &str) -> Option<usize> {
    let digits = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit());
    (digits && (token == "0" || !token.starts_with('0'))).then(|| token.parse().ok()).flatten()
}

/// The reference tokens of a pointer, unescaped; `None` if it is not one (RFC 6901, section 3).
pub fn tokens(pointer: &str) -> Option<Vec<String>> {
    if pointer.is_empty() {
        return Some(Vec::new());
    }
    pointer.strip_prefix('/')?.split('/').map(unescaped).collect()
}

fn unescaped(token: &str) -> Option<String> {
    let mut parts = token.split('~');
    let mut name = parts.next()?.to_owned();
    for part in parts {
        let (character, rest) = match part.as_bytes().first()? {
            b'0' => ('~', part.get(1..)?),
            b'1' => ('/', part.get(1..)?),
            _ => return None,
        };
        name.push(character);
        name.push_str(rest);
    }
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    #[test]
    fn the_examples_of_the_standard() {
        let text = r#"{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8}"#;
        let value = parse(text.as_bytes()).unwrap();
        let at = |pointer: &str| value.pointer(pointer).map(|found| String::from_utf8(found.canonical()).unwrap());
        assert_eq!(at("/foo").as_deref(), Some(r#"["bar","baz"]"#));
        assert_eq!(at("/foo/0").as_deref(), Some("\"bar\""));
        let numbered = ["/", "/a~1b", "/c%d", "/e^f", "/g|h", "/i\\j", "/k\"l", "/ ", "/m~0n"];
        for (number, pointer) in numbered.iter().enumerate() {
            assert_eq!(at(pointer), Some(number.to_string()), "{pointer}");
        }
        for none in ["/foo/2", "/foo/00", "/foo/-", "/foo/+1", "/foo/0/0", "/bar", "foo", "/m~2n", "/m~"] {
            assert_eq!(at(none), None, "{none}");
        }
        assert_eq!(value.pointer(""), Some(&value));
        assert!(Wanted::new(&["/a", "b"]).is_none());
    }
}
