//! The corpus of the fuzzer, and random changes of it, through the same functions: no panic on any bytes.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "a helper of tests may stop the test"
)]

use std::path::Path;

use proptest::prelude::*;
use proptest::sample::Index;

#[path = "fuzz/targets.rs"]
mod targets;

/// A parser, by the name of its corpus.
type Target = (&'static str, fn(&[u8]));

const TARGETS: [Target; 6] = [
    ("authenticator_data", targets::authenticator_data),
    ("client_data", targets::client_data),
    ("cose", targets::cose),
    ("jwk", targets::jwk),
    ("jws", targets::jws),
    ("pem", targets::pem),
];

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fuzz/corpus")).join(target);
    let files = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    files.sort();
    files.iter().map(|path| std::fs::read(path).expect("a file")).collect()
}

#[test]
fn every_prefix_of_the_corpus() {
    for (name, target) in TARGETS {
        let files = corpus(name);
        assert!(files.len() >= 4, "{name}");
        for bytes in files {
            (0..=bytes.len()).for_each(|end| target(&bytes[..end]));
        }
    }
}

/// One change: a byte set, removed, or put in.
fn change() -> impl Strategy<Value = (Index, u8, u8)> {
    (any::<Index>(), any::<u8>(), 0..3_u8)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn random_changes_of_the_corpus(target in 0..TARGETS.len(), file in any::<Index>(), changes in prop::collection::vec(change(), 1..6)) {
        let (name, target) = TARGETS[target];
        let files = corpus(name);
        let mut bytes = files[file.index(files.len())].clone();
        for (at, byte, kind) in changes {
            let at = at.index(bytes.len().max(1));
            match kind {
                0 if !bytes.is_empty() => bytes[at] = byte,
                1 if !bytes.is_empty() => drop(bytes.remove(at)),
                _ => bytes.insert(at, byte),
            }
        }
        target(&bytes);
    }

    #[test]
    fn any_bytes(target in 0..TARGETS.len(), bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        TARGETS[target].1(&bytes);
    }
}
