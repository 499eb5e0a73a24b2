//! Every byte of a small bundle, and every event of a larger one: nothing that was touched passes, and each break is named as it must be.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic, reason = "test code")]

mod bytes;
mod events;
#[path = "../forge/mod.rs"]
mod forge;
mod many;
mod meaningless;

use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use forge::bundle::ACME;
use forge::keys::tenant_key;
use forge::trust::TrustFile;
use unbroken::trust::Trust;

/// A temporary folder, and what the auditor trusts: with the key of the HMACs, and without.
struct Desk {
    folder: tempfile::TempDir,
    plain: Trust,
    keyed: Trust,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (file, key) = (folder.path().join("trust.toml"), folder.path().join("acme-mac.key"));
        fs::write(&file, TrustFile::standard().text()).unwrap();
        fs::write(&key, tenant_key(ACME)).unwrap();
        let mut keyed = Trust::read(&file).unwrap();
        keyed.add_mac_key(&format!("acme-mac={}", key.display())).unwrap();
        Self { plain: Trust::read(&file).unwrap(), keyed, folder }
    }
}

/// Does all the work with as many threads as there are processors, each with a folder of its own; what it says stands in the order of the work.
fn spread<W: Sync, S: Send>(desk: &Desk, work: &[W], deal: impl Fn(&W, &Path) -> S + Sync) -> Vec<S> {
    let (next, said) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, Into::into) {
            scope.spawn(|| {
                let own = tempfile::tempdir_in(desk.folder.path()).unwrap();
                let mut mine = Vec::new();
                while let Some((index, item)) = take(&next, work) {
                    mine.push((index, deal(item, own.path())));
                }
                said.lock().unwrap().extend(mine);
            });
        }
    });
    let mut said = said.into_inner().unwrap();
    said.sort_by_key(|(index, _)| *index);
    said.into_iter().map(|(_, said)| said).collect()
}

fn take<'w, W>(next: &AtomicUsize, work: &'w [W]) -> Option<(usize, &'w W)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    Some((index, work.get(index)?))
}
