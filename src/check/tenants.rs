//! Of which tenants the events of a raw export are, where the auditor did not say whose log it should be: no claim, but a reader must see a mixture.

use crate::check::shortened;

/// Tenants that are named; more are only told to be there.
const NAMED: usize = 8;

/// Different tenants, in the order in which they occur: the first few, and one more to know that there are more. Empty is neutral, join is associative.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tenants {
    names: Vec<String>,
}

impl Tenants {
    /// One more event of this tenant.
    pub fn push(&mut self, tenant: &str) {
        let known = |name: &String| name == tenant || (name.ends_with('…') && *name == shortened(tenant));
        if self.names.len() <= NAMED && !self.names.iter().any(known) {
            self.names.push(shortened(tenant));
        }
    }

    /// Adds the tenants of the events that follow.
    pub fn join(&mut self, next: Self) {
        for name in next.names {
            if self.names.len() <= NAMED && !self.names.contains(&name) {
                self.names.push(name);
            }
        }
    }

    /// What a reader must know: that there are several.
    pub fn note(&self) -> Option<String> {
        let count = match self.names.len() {
            0 | 1 => return None,
            count if count > NAMED => format!("more than {NAMED} tenants, among them"),
            count => format!("{count} tenants:"),
        };
        let names: Vec<String> = self.names.iter().take(NAMED).map(|name| format!("\"{}\"", name.chars().take(40).collect::<String>())).collect();
        Some(format!("events of {count} {}; --tenant says which one you asked for", names.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(names: &[&str]) -> Tenants {
        let mut tenants = Tenants::default();
        names.iter().for_each(|name| tenants.push(name));
        tenants
    }

    #[test]
    fn a_mixture_is_named_and_bounded() {
        assert_eq!((of(&[]).note(), of(&["a", "a"]).note()), (None, None));
        assert_eq!(of(&["b", "a", "b"]).note().as_deref(), Some("events of 2 tenants: \"b\", \"a\"; --tenant says which one you asked for"));
        let many: Vec<String> = (0..20).map(|number| format!("{number}{}", "x".repeat(1_000))).collect();
        let note = of(&many.iter().map(String::as_str).collect::<Vec<_>>()).note().expect("several");
        assert!(note.starts_with("events of more than 8 tenants, among them \"0x") && note.len() < 500, "{note}");
    }

    #[test]
    fn however_a_file_is_cut_the_same_tenants_are_named() {
        let names: Vec<String> = (0..30).map(|number| format!("t{}", number * 7 % 12)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        for cut in 0..=names.len() {
            let mut joined = of(&names[..cut]);
            joined.join(of(&names[cut..]));
            assert_eq!(joined, of(&names));
        }
    }
}
