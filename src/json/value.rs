//! A JSON value in memory.

/// A JSON value. Objects keep their members in the order of the text; names are unique.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `[…]`
    Array(Vec<Value>),
    /// `true`, `false`
    Bool(bool),
    /// `null`
    Null,
    /// A number: its double, which is exactly its decimal value by the rule of [`super::FlawKind::NumberInexact`], and its text.
    Number(f64, String),
    /// `{…}`
    Object(Vec<(String, Value)>),
    /// A string, decoded.
    String(String),
}

impl Value {
    /// The member of an object.
    pub fn member(&self, name: &str) -> Option<&Value> {
        match self {
            Self::Object(members) => members.iter().find(|(own, _)| own == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// What it is, in words: `an array`, `null`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Array(_) => "an array",
            Self::Bool(true) => "true",
            Self::Bool(false) => "false",
            Self::Null => "null",
            Self::Number(..) => "a number",
            Self::Object(_) => "an object",
            Self::String(_) => "a string",
        }
    }
}
