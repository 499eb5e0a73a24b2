//! Encoding or tampering: whether a stated hash is that of the same content, written in another form than the canonical one. A closed list of forms, tried
//! where the chain is broken, and nowhere else. Pure; a match never makes anything hold.

mod written;

use crate::digest::Digest;
use crate::json::Value;
use crate::time::Time;

/// Places at which all forms are tried; at later ones, those that fitted before.
const PLACES: usize = 100;

/// Bytes that are written and hashed in all.
const BUDGET: usize = 256 << 20;

/// One way to write JSON; the default is the canonical one (RFC 8785).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Form {
    as_in_file: bool,
    spaces: bool,
    escapes: Escapes,
    fraction: Fraction,
    other_zone: bool,
    numbers: Numbers,
    no_null: bool,
    line_feed: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Escapes {
    #[default]
    Few,
    /// Everything beyond ASCII, as Python's `json` does it.
    Ascii,
    /// `<`, `>` and `&`, U+2028 and U+2029, as Go's `encoding/json` does it.
    Html,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Fraction {
    #[default]
    Stated,
    Digits(usize),
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Numbers {
    #[default]
    Shortest,
    InFile,
    /// Whole numbers too have a fraction: `1.0`.
    Fraction,
}

/// What a value has that forms can differ in.
#[derive(Debug, Clone, Copy, Default)]
struct Has {
    times: bool,
    numbers: bool,
    nulls: bool,
    beyond_ascii: bool,
    html: bool,
}

/// A form in which an event has a hash that is stated of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fitted {
    /// The form.
    pub form: Form,
    /// The hash.
    pub hash: Digest,
}

/// Tries forms, place by place.
#[derive(Debug)]
pub struct Search {
    forms: Vec<Form>,
    fitted: Vec<Form>,
    places: usize,
    budget: usize,
}

impl Default for Search {
    fn default() -> Self {
        Self { forms: Form::all(), fitted: Vec::new(), places: PLACES, budget: BUDGET }
    }
}

impl Search {
    /// The form in which `text` hashes to one of `targets`: the nearest to the canonical one. `without` names members of the root that are left out.
    pub fn find(&mut self, text: &[u8], without: &[String], targets: &[Digest]) -> Option<Fitted> {
        let value = self.budget.checked_sub(text.len()).and_then(|_| crate::json::parse(text).ok())?;
        let Value::Object(mut members) = value else {
            return None;
        };
        members.retain(|(name, _)| !without.contains(name));
        let value = Value::Object(members);
        let mut has = Has::default();
        has.look(&value);
        let all = if self.places > 0 { self.forms.as_slice() } else { &[] };
        self.places = self.places.saturating_sub(1);
        let mut out = Vec::with_capacity(text.len());
        for form in self.fitted.iter().chain(all).filter(|form| form.differs(has)) {
            out.clear();
            form.write(&value, &mut out);
            if form.line_feed {
                out.push(b'\n');
            }
            let hash = Digest::of(&out);
            if targets.contains(&hash) {
                let form = *form;
                self.fitted.retain(|other| *other != form);
                self.fitted.push(form);
                return Some(Fitted { form, hash });
            }
            self.budget = self.budget.checked_sub(out.len())?;
        }
        None
    }
}

impl Has {
    fn look(&mut self, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.look(item)),
            Value::Object(members) => members.iter().for_each(|(name, value)| {
                self.look_at_text(name);
                self.look(value);
            }),
            Value::Null => self.nulls = true,
            Value::Number(..) => self.numbers = true,
            Value::Bool(_) => {}
            Value::String(text) => {
                self.times |= text.parse::<Time>().is_ok();
                self.look_at_text(text);
            }
        }
    }

    fn look_at_text(&mut self, text: &str) {
        self.beyond_ascii |= !text.is_ascii();
        self.html |= text.contains(HTML);
    }
}

const HTML: [char; 5] = ['<', '>', '&', '\u{2028}', '\u{2029}'];

impl Form {
    /// All but the canonical one, the nearest to it first.
    fn all() -> Vec<Self> {
        let mut all = vec![Self::default()];
        let mut vary = |change: &dyn Fn(Self) -> Vec<Self>| all = all.iter().flat_map(|form| change(*form)).collect();
        vary(&|form| vec![form, Self { as_in_file: true, ..form }]);
        vary(&|form| vec![form, Self { spaces: true, ..form }]);
        vary(&|form| [Escapes::Few, Escapes::Ascii, Escapes::Html].map(|escapes| Self { escapes, ..form }).to_vec());
        let fractions = [Fraction::Stated, Fraction::Digits(0), Fraction::Digits(3), Fraction::Digits(6)];
        vary(&|form| fractions.map(|fraction| Self { fraction, ..form }).to_vec());
        vary(&|form| vec![form, Self { other_zone: true, ..form }]);
        vary(&|form| [Numbers::Shortest, Numbers::InFile, Numbers::Fraction].map(|numbers| Self { numbers, ..form }).to_vec());
        vary(&|form| vec![form, Self { no_null: true, ..form }]);
        vary(&|form| vec![form, Self { line_feed: true, ..form }]);
        all.sort_by_key(|form| form.differences().len());
        all.retain(|form| *form != Self::default());
        all
    }

    /// Whether it writes such a value in another way than simpler forms.
    fn differs(&self, has: Has) -> bool {
        (has.times || (self.fraction == Fraction::Stated && !self.other_zone))
            && (has.numbers || self.numbers == Numbers::Shortest)
            && (has.nulls || !self.no_null)
            && match self.escapes {
                Escapes::Few => true,
                Escapes::Ascii => has.beyond_ascii,
                Escapes::Html => has.html,
            }
    }

    fn differences(&self) -> Vec<&'static str> {
        let escapes = match self.escapes {
            Escapes::Few => None,
            Escapes::Ascii => Some("characters beyond ASCII as \\u escapes"),
            Escapes::Html => Some("<, > and & as \\u escapes"),
        };
        let fraction = match self.fraction {
            Fraction::Stated => None,
            Fraction::Digits(0) => Some("times without a fraction of a second"),
            Fraction::Digits(3) => Some("times in milliseconds"),
            Fraction::Digits(_) => Some("times in microseconds"),
        };
        let numbers = match self.numbers {
            Numbers::Shortest => None,
            Numbers::InFile => Some("numbers as the file writes them"),
            Numbers::Fraction => Some("whole numbers with .0"),
        };
        let list = [
            self.as_in_file.then_some("members in the order of the file"),
            self.spaces.then_some("a space after each colon and comma"),
            escapes,
            fraction,
            self.other_zone.then_some("Z and +00:00 exchanged in times"),
            numbers,
            self.no_null.then_some("members that are null left out"),
            self.line_feed.then_some("a line feed at the end"),
        ];
        list.into_iter().flatten().collect()
    }

    /// How it differs from the canonical form.
    pub fn words(&self) -> String {
        self.differences().join(", ")
    }
}
