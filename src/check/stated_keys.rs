//! Public keys as events state them, each text read once: an export repeats one key in thousands of events. Not here: what a key is worth.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::crypto::{CredentialKey, KeyTrouble};

/// Texts that are kept: a file of a million credentials does not fill the memory.
const KEPT: usize = 10_000;

/// Bytes of a text that is kept: more than the PEM of the largest RSA key, less than what would fill the memory.
const LONGEST: usize = 4_096;

/// A key, or why the text is none.
pub type StatedKey = Result<Arc<CredentialKey>, KeyTrouble>;

/// The texts that were read.
#[derive(Debug, Default)]
pub struct StatedKeys(RwLock<HashMap<String, StatedKey>>);

impl StatedKeys {
    /// What [`CredentialKey::from_text`] says of this text.
    pub fn read(&self, text: &str) -> StatedKey {
        if let Some(known) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(text) {
            return known.clone();
        }
        let read = CredentialKey::from_text(text).map(Arc::new);
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < KEPT && text.len() <= LONGEST {
            kept.insert(text.to_owned(), read.clone());
        }
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ED25519: &str = "MCowBQYDK2VwAyEA11CXoMH6xXilq3fcYAdufnP0ozxNH9uGo8TsjXGuqGc=";

    #[test]
    fn a_text_is_read_once_and_means_the_same_again() {
        let keys = StatedKeys::default();
        let (first, second) = (keys.read(ED25519).expect("a key"), keys.read(ED25519).expect("a key"));
        assert!(Arc::ptr_eq(&first, &second));
        assert_eq!(*first, CredentialKey::from_text(ED25519).expect("a key"));
        for text in ["", "SHA256:AAAA", "no key"] {
            let expected = CredentialKey::from_text(text).map(Arc::new);
            assert_eq!((keys.read(text), keys.read(text)), (expected.clone(), expected), "{text}");
        }
    }

    #[test]
    fn neither_many_texts_nor_long_ones_are_kept() {
        let keys = StatedKeys::default();
        let long = format!("{ED25519}{}", " ".repeat(LONGEST));
        assert!(keys.read(&long).is_ok());
        assert_eq!(keys.0.read().expect("unpoisoned").len(), 0);
        for number in 0..=KEPT {
            assert!(keys.read(&format!("SHA256:{number}")).is_err());
        }
        assert_eq!(keys.0.read().expect("unpoisoned").len(), KEPT);
        assert!(keys.read(ED25519).is_ok());
    }
}
