//! What a verifier must answer, as a type and as the text of an `expect` file.

use unbroken::finding::{CheckId, Code};

/// How many events are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The report says null.
    Null,
    Exactly(u64),
    AtLeast(u64),
}

/// Which event the break point names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// The format does not say.
    Any,
    /// There is no break point.
    Nowhere,
    Event(u64),
}

/// The answer to one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expect {
    /// What to verify; several for loose files.
    pub input: Vec<String>,
    pub args: Vec<String>,
    pub exit: u8,
    /// The code of the break point (or, where it names no event, of a finding). More than one where the format leaves it open; the first is better.
    pub codes: Vec<Code>,
    pub at: At,
    /// `None`: not looked at.
    pub missing: Option<Missing>,
    /// Further codes that must be among the findings.
    pub also: Vec<Code>,
    /// Rows that must be untested.
    pub untested: Vec<CheckId>,
    pub qualified: bool,
    pub why: String,
}

impl Expect {
    fn new(exit: u8, why: &str) -> Self {
        Self {
            input: vec!["bundle.zip".to_owned()],
            args: vec!["--trust".to_owned(), "trust.toml".to_owned()],
            exit,
            codes: Vec::new(),
            at: At::Any,
            missing: None,
            also: Vec::new(),
            untested: Vec::new(),
            qualified: false,
            why: why.to_owned(),
        }
    }

    pub fn pass(why: &str) -> Self {
        Self::new(0, why)
    }

    pub fn incomplete(untested: &[CheckId], why: &str) -> Self {
        Self { untested: untested.to_vec(), ..Self::new(3, why) }
    }

    pub fn exit(exit: u8, why: &str) -> Self {
        Self::new(exit, why)
    }

    pub fn fail(code: Code, at: At, why: &str) -> Self {
        Self { codes: vec![code], at, ..Self::new(1, why) }
    }

    pub fn fail_at(code: Code, event: u64, why: &str) -> Self {
        Self::fail(code, At::Event(event), why)
    }

    pub fn missing(mut self, missing: Missing) -> Self {
        self.missing = Some(missing);
        self
    }

    pub fn or(mut self, code: Code) -> Self {
        self.codes.push(code);
        self
    }

    pub fn also(mut self, code: Code) -> Self {
        self.also.push(code);
        self
    }

    pub fn args(mut self, args: &[&str]) -> Self {
        self.args.extend(args.iter().map(|arg| (*arg).to_owned()));
        self
    }

    /// These arguments and no others, not even a trust file.
    pub fn only_args(mut self, args: &[&str]) -> Self {
        self.args = args.iter().map(|arg| (*arg).to_owned()).collect();
        self
    }

    pub fn with_key(self) -> Self {
        self.args(&["--mac-key", "acme-mac=acme-mac.key"])
    }

    pub fn input(mut self, input: &[&str]) -> Self {
        self.input = input.iter().map(|name| (*name).to_owned()).collect();
        self
    }

    pub fn qualified(mut self) -> Self {
        self.qualified = true;
        self
    }

    /// As in the JSON report; none where the tool comes to no verdict.
    pub fn verdict(&self) -> Option<&'static str> {
        match self.exit {
            0 => Some("pass"),
            1 => Some("fail"),
            3 => Some("incomplete"),
            _ => None,
        }
    }

    /// The text of the `expect` file.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let mut line = |key: &str, value: String| out.push_str(&format!("{key}: {value}\n"));
        let codes = |codes: &[Code], between: &str| codes.iter().map(|code| code.name()).collect::<Vec<_>>().join(between);
        line("input", self.input.join(" "));
        line("args", self.args.join(" "));
        line("exit", self.exit.to_string());
        line("verdict", self.verdict().unwrap_or("none").to_owned());
        if !self.codes.is_empty() {
            line("code", codes(&self.codes, " | "));
        }
        match self.at {
            At::Any => {}
            At::Nowhere => line("event", "none".to_owned()),
            At::Event(number) => line("event", number.to_string()),
        }
        match self.missing {
            None => {}
            Some(Missing::Null) => line("missing", "null".to_owned()),
            Some(Missing::Exactly(count)) => line("missing", format!("{count} exact")),
            Some(Missing::AtLeast(count)) => line("missing", format!("{count} at least")),
        }
        if !self.also.is_empty() {
            line("also", codes(&self.also, " "));
        }
        if !self.untested.is_empty() {
            line("untested", self.untested.iter().map(|row| row.id()).collect::<Vec<_>>().join(" "));
        }
        if self.qualified {
            line("qualified", "true".to_owned());
        }
        line("why", self.why.clone());
        out
    }
}
