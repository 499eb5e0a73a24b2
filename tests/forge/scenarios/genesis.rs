//! The genesis block: its form, who signed it, and what it has to agree with.

use serde_json::{Value, json};
use unbroken::finding::{CheckId, Code};

use super::super::bundle::{Bundle, export_key, genesis_block, signature_file};
use super::super::edit::Hand;
use super::super::expect::{At, Expect};
use super::super::keys::{Key, digest};
use super::super::trust::TrustFile;
use super::{Scenario, from_genesis, transfer, with};

pub fn list() -> Vec<Scenario> {
    let mut list = blocks();
    list.extend(keys());
    list.extend(signature_files());
    list.extend(ends());
    list
}

fn fail(code: Code, why: &str) -> Expect {
    Expect::fail(code, At::Any, why)
}

/// The chain starts from this block, signed by the right key.
fn starting_from(block: Vec<u8>) -> Bundle {
    with(from_genesis(), |bundle| {
        bundle.manifest["chain"]["first_prev_hash"] = json!(digest(&block));
        bundle.put_genesis(block, &[("acme-export-2026", export_key())]);
        bundle.relink_from(0, Hand::Producer);
        bundle.restate();
    })
}

fn block(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut block = serde_json::from_slice(&genesis_block("tnt_acme")).unwrap();
    change(&mut block);
    block.to_string().into_bytes()
}

fn blocks() -> Vec<Scenario> {
    let spoilt =
        |name: &str, block: Vec<u8>, code: Code, why: &str| Scenario::sealed(format!("genesis-{name}"), &starting_from(block), fail(code, why));
    let malformed = Code::GenesisMalformed;
    let mismatch = Code::GenesisMismatch;
    vec![
        spoilt("malformed-newline", [genesis_block("tnt_acme"), b"\n".to_vec()].concat(), malformed, "a LF stands at the end"),
        spoilt("malformed-nonce-missing", block(|block| drop(block.as_object_mut().unwrap().remove("nonce"))), malformed, "there is no nonce"),
        spoilt("malformed-format", block(|block| block["format"] = json!("audit-bundle/1")), malformed, "the format is that of a manifest"),
        spoilt("malformed-more", block(|block| block["note"] = json!("more")), malformed, "there is a member too many"),
        spoilt("mismatch-tenant", genesis_block("tnt_globex"), mismatch, "the block is another tenant's"),
        spoilt("mismatch-profile", block(|block| block["profile"] = json!("qustody/1")), mismatch, "the block is of another profile"),
        spoilt(
            "mismatch-later",
            block(|block| block["created_at"] = json!("2026-10-01T00:00:01Z")),
            mismatch,
            "the block was made after the first event",
        ),
    ]
}

fn keys() -> Vec<Scenario> {
    let root = Key::ed25519("acme root");
    let rooted = |signer: &Key| with(from_genesis(), |bundle| bundle.put_genesis(genesis_block("tnt_acme"), &[("acme-root", signer.clone())]));
    let trust = |key: Key, uses: &'static [&'static str], more: &str| TrustFile::standard().key("acme-root", uses, key, more);
    let of_root = |name: &str, trust: TrustFile, expect: Expect| Scenario::sealed(name, &rooted(&root), expect).trust(&trust);
    let until = |time: &str| trust(root.clone(), &["genesis"], &format!("valid = {{ from = \"2026-01-01T00:00:00Z\", to = \"{time}\" }}\n"));
    let since = trust(root.clone(), &["genesis"], "compromised_since = \"2026-12-01T00:00:00Z\"\n");
    let pinned = trust(root.clone(), &["genesis"], "compromised_since = \"2026-12-01T00:00:00Z\"\n").anchor(0, &digest(&genesis_block("tnt_acme")));
    let row = [CheckId::GenesisSignature];
    vec![
        of_root("genesis-key-own", trust(root.clone(), &["genesis"], ""), Expect::pass("the genesis block has its own key")),
        of_root("genesis-key-unknown", TrustFile::standard(), Expect::incomplete(&row, "the genesis block is signed by no key that is trusted")),
        of_root("genesis-signature-use", trust(root.clone(), &["manifest"], ""), fail(Code::GenesisSignatureUse, "the key may sign manifests only")),
        of_root(
            "genesis-signature-tenant",
            trust(root.clone(), &["genesis"], "tenant = [\"tnt_globex\"]\n"),
            fail(Code::GenesisSignatureTenant, "the key is another tenant's"),
        ),
        of_root(
            "genesis-signature-validity",
            until("2026-09-30T21:59:59Z"),
            fail(Code::GenesisSignatureValidity, "the key was valid until a second before"),
        ),
        of_root("genesis-signature-validity-end", until("2026-09-30T22:00:00Z"), Expect::pass("the key was valid until that very second: inclusive")),
        of_root(
            "genesis-signature-algorithm",
            trust(Key::es256("root"), &["genesis"], ""),
            fail(Code::GenesisSignatureAlgorithm, "the trusted key is ES256, the signature says Ed25519"),
        ),
        of_root(
            "genesis-signature-invalid",
            trust(Key::ed25519("another"), &["genesis"], ""),
            fail(Code::GenesisSignatureInvalid, "another key has this id in the trust file"),
        ),
        of_root("genesis-compromised", since, Expect::incomplete(&row, "the genesis key was stolen")),
        of_root("genesis-compromised-anchored", pinned, Expect::pass("the genesis key was stolen, but the auditor knows the block")),
    ]
}

fn signature_files() -> Vec<Scenario> {
    let spoilt = |change: fn(&mut Vec<u8>)| {
        with(from_genesis(), |bundle| {
            let signature = bundle.members.iter_mut().find(|member| member.role == "genesis-signature").unwrap();
            change(&mut signature.bytes);
        })
    };
    let newline = spoilt(|bytes| bytes.push(b'\n'));
    let other = spoilt(|bytes| *bytes = signature_file(b"another block", &[("acme-export-2026", export_key())]));
    let empty = spoilt(|bytes| *bytes = signature_file(b"", &[]));
    vec![
        Scenario::sealed(
            "genesis-signature-malformed",
            &newline,
            fail(Code::GenesisSignatureMalformed, "a LF stands at the end of the signature file"),
        ),
        Scenario::sealed("genesis-signature-other-block", &other, fail(Code::GenesisSignatureInvalid, "the signature is of another block")),
        Scenario::sealed("genesis-signature-empty", &empty, Expect::incomplete(&[CheckId::GenesisSignature], "the list of signatures is empty")),
    ]
}

fn ends() -> Vec<Scenario> {
    let row = [CheckId::GenesisSignature];
    let absent = with(from_genesis(), |bundle| bundle.members.clear());
    let differs = with(from_genesis(), |bundle| {
        bundle.put_genesis(block(|block| block["nonce"] = json!("00000000000000000000000000000000")), &[("acme-export-2026", export_key())]);
    });
    let later = with(transfer(), |bundle| bundle.put_genesis(genesis_block("tnt_acme"), &[("acme-export-2026", export_key())]));
    let anchored = |hash: &str| TrustFile::standard().anchor(0, hash);
    let good = digest(&genesis_block("tnt_acme"));
    vec![
        Scenario::sealed("genesis-absent", &absent, Expect::incomplete(&row, "the first event has the number 1, and there is no genesis block")),
        Scenario::sealed(
            "genesis-differs",
            &differs,
            fail(Code::GenesisMismatch, "the first event names the manifest's first link, not this genesis block"),
        ),
        Scenario::sealed("good-genesis-not-linked", &later, Expect::pass("a genesis block beside events from the middle: not linked from here")),
        Scenario::sealed("genesis-anchor", &from_genesis(), Expect::pass("the auditor knows the genesis block")).trust(&anchored(&good)),
        Scenario::sealed("genesis-anchor-differs", &from_genesis(), fail(Code::ChainAnchor, "the auditor knows another genesis block"))
            .trust(&anchored(&digest(b"another"))),
    ]
}
