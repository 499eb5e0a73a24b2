//! A second verifier, written in Python from `spec/` alone by somebody who never saw the first, answers as this one does: verdict, rows, causes, break
//! points, missing counts, what is proven. `tests/second/differ.py` tampers with small bundles at random, always with the same seed.

use std::path::Path;
use std::process::Command;

#[test]
fn two_verifiers_agree_on_tampered_bundles() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/second");
    let output = Command::new("python3")
        .current_dir(folder)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .args(["differ.py", "--binary", env!("CARGO_BIN_EXE_unbroken"), "--seed", "10000", "--cases", "600"])
        .output()
        .expect("python3 is needed: apt-get install python3 openssl");
    let said = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("600 of 600 cases agree"), "{said}{complaint}");
}
