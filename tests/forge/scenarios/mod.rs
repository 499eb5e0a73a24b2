//! Every fixture: a folder of files and the answers that a verifier must give. One fault each.

mod actions;
mod anchor;
mod answer;
mod archive;
mod chain;
mod encoding;
mod event;
mod genesis;
mod good;
mod manifest;
mod pages;
mod passkey;
mod passkey_key;
mod passkey_signature;
mod proof;
mod raw_proofs;
mod replay;
mod rules;
mod signature;
mod sources;
mod table;
mod token;
mod token_form;
mod transfer_raw;
mod weak;

use unbroken::finding::Code;

use super::bundle::{ACME, Bundle, Start};
use super::container::{Archive, Files, Method};
use super::expect::Expect;
use super::keys::tenant_key;
use super::record::{Profile, Proof};
use super::trust::TrustFile;

/// One fixture.
pub struct Scenario {
    pub name: String,
    /// All its files by path in the fixture's folder, without the `expect` files.
    pub files: Files,
    /// `expect`, `expect-mac` and so on: one run each.
    pub expects: Vec<(String, Expect)>,
}

impl Scenario {
    /// A fixture whose bundle is this archive.
    pub fn archive(name: impl Into<String>, archive: Vec<u8>, expect: Expect) -> Self {
        let mut scenario = Self { name: name.into(), files: Files::new(), expects: vec![("expect".to_owned(), expect)] };
        scenario.files.insert("bundle.zip".to_owned(), archive);
        scenario.trust(&TrustFile::standard())
    }

    /// A fixture whose bundle is an archive of these members.
    pub fn zip(name: impl Into<String>, members: &Files, expect: Expect) -> Self {
        Self::archive(name, Archive::of(members, Method::Deflated).bytes(), expect)
    }

    /// A fixture whose bundle is this one, sealed as it is.
    pub fn sealed(name: impl Into<String>, bundle: &Bundle, expect: Expect) -> Self {
        Self::zip(name, &bundle.sealed(), expect)
    }

    /// A fixture whose bundle is a folder `bundle` with these members.
    pub fn folder(name: impl Into<String>, members: &Files, expect: Expect) -> Self {
        let mut scenario = Self::archive(name, Vec::new(), expect.input(&["bundle"]));
        scenario.files.remove("bundle.zip");
        scenario.files.extend(members.iter().map(|(name, bytes)| (format!("bundle/{name}"), bytes.clone())));
        scenario
    }

    pub fn trust(self, trust: &TrustFile) -> Self {
        self.file("trust.toml", trust.text().into_bytes())
    }

    pub fn file(mut self, name: &str, bytes: Vec<u8>) -> Self {
        self.files.insert(name.to_owned(), bytes);
        self
    }

    /// Further arguments in every run so far.
    pub fn more_args(mut self, args: &[&str]) -> Self {
        self.expects = self.expects.into_iter().map(|(name, expect)| (name, expect.args(args))).collect();
        self
    }

    /// In every run, this code is an answer too.
    pub fn or(mut self, code: Code) -> Self {
        self.expects = self.expects.into_iter().map(|(name, expect)| (name, expect.or(code))).collect();
        self
    }

    /// Adds a run with other arguments; `name` follows `expect-`.
    pub fn run(mut self, name: &str, expect: Expect) -> Self {
        self.expects.push((format!("expect-{name}"), expect));
        self
    }

    /// Adds a run with the MAC key, and the key.
    pub fn keyed(self, expect: Expect) -> Self {
        let expect = expect.with_key();
        self.run("mac", expect).file("acme-mac.key", tenant_key(ACME).to_vec())
    }

    /// All files as they stand in the repository.
    pub fn all_files(&self) -> Files {
        let mut files = self.files.clone();
        files.extend(self.expects.iter().map(|(name, expect)| (name.clone(), expect.text().into_bytes())));
        files
    }
}

/// All fixtures, by name.
pub fn all() -> Vec<Scenario> {
    let mut list = Vec::new();
    let parts = [
        actions::list,
        anchor::list,
        answer::list,
        archive::list,
        chain::list,
        encoding::list,
        event::list,
        genesis::list,
        good::list,
        manifest::list,
        pages::list,
        passkey::list,
        passkey_key::list,
        passkey_signature::list,
        proof::list,
        raw_proofs::list,
        replay::list,
        rules::list,
        signature::list,
        sources::list,
        table::list,
        token::list,
        token_form::list,
        transfer_raw::list,
        weak::list,
    ];
    for part in parts {
        list.extend(part());
    }
    list.sort_by(|left, right| left.name.cmp(&right.name));
    list
}

/// Everything under `fixtures/` but the README: path and bytes.
pub fn tree() -> Files {
    let mut tree = Files::new();
    for scenario in all() {
        let files = scenario.all_files().into_iter().map(|(path, bytes)| (format!("{}/{path}", scenario.name), bytes));
        tree.extend(files);
    }
    let bundle = transfer();
    tree.insert("good.zip".to_owned(), Archive::of(&bundle.sealed(), Method::Deflated).bytes());
    tree.insert("trust.toml".to_owned(), TrustFile::standard().text().into_bytes());
    tree.insert("acme-mac.key".to_owned(), tenant_key(ACME).to_vec());
    tree
}

/// Eight events of the middle of a `file-transfer/1` log.
fn transfer() -> Bundle {
    Bundle::honest(Profile::FileTransfer, Start::Middle, 8, Proof::Mac)
}

/// Eight events from the start of a `file-transfer/1` log, with genesis.
fn from_genesis() -> Bundle {
    Bundle::honest(Profile::FileTransfer, Start::First, 8, Proof::Mac)
}

/// Eight entries of the middle of a `qustody/1` log.
fn entries() -> Bundle {
    Bundle::honest(Profile::Qustody, Start::Middle, 8, Proof::None)
}

/// A copy that was changed.
fn with<T>(thing: T, change: impl FnOnce(&mut T)) -> T {
    let mut thing = thing;
    change(&mut thing);
    thing
}
