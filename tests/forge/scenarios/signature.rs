//! Who signed the manifest, and whether the auditor may believe it.

use unbroken::finding::{CheckId, Code};

use super::super::bundle::{ACME, Bundle, export_key, signature_file};
use super::super::edit::hash_of;
use super::super::expect::{At, Expect};
use super::super::keys::{Key, seed};
use super::super::trust::TrustFile;
use super::{Scenario, transfer, with};

const ROW: [CheckId; 1] = [CheckId::ManifestSignature];

pub fn list() -> Vec<Scenario> {
    let mut list = keys();
    list.extend(files());
    list.extend(several());
    list.extend(compromised());
    list
}

fn fail(code: Code, why: &str) -> Expect {
    Expect::fail(code, At::Nowhere, why)
}

fn keys() -> Vec<Scenario> {
    let bundle = transfer();
    let good = |name: &str, trust: &TrustFile, expect: Expect| Scenario::sealed(name, &bundle, expect).trust(trust);
    let with_lines = |lines: &str| TrustFile::with(&["manifest", "genesis"], lines);
    let until = |time: &str| with_lines(&format!("valid = {{ from = \"2026-01-01T00:00:00Z\", to = \"{time}\" }}\n"));
    let p256 = TrustFile::standard().without("acme-export-2026").key("acme-export-2026", &["manifest", "genesis"], Key::es256("acme es256"), "");
    let impostor = TrustFile::standard().without("acme-export-2026").key("acme-export-2026", &["manifest"], Key::ed25519("another"), "");
    let pem = Key::ed25519("another").pem().into_bytes();
    vec![
        good(
            "signature-key-unknown",
            &TrustFile::standard().without("acme-export-2026"),
            Expect::incomplete(&ROW, "signed, but by no key that is trusted"),
        ),
        good("signature-wrong-key", &impostor, fail(Code::ManifestSignatureInvalid, "another key has this id in the trust file")),
        good("signature-algorithm", &p256, fail(Code::ManifestSignatureAlgorithm, "the trusted key is ES256, the signature says Ed25519")),
        good("signature-use", &TrustFile::with(&["genesis"], ""), fail(Code::ManifestSignatureUse, "the key may sign genesis blocks only")),
        good("signature-tenant", &with_lines("tenant = [\"tnt_globex\"]\n"), fail(Code::ManifestSignatureTenant, "the key is another tenant's")),
        good("signature-tenant-right", &with_lines("tenant = [\"tnt_globex\", \"tnt_acme\"]\n"), Expect::pass("the key may sign for this tenant")),
        good("signature-validity", &until("2026-11-01T00:09:59Z"), fail(Code::ManifestSignatureValidity, "the key was valid until a second before")),
        good("signature-validity-end", &until("2026-11-01T00:10:00Z"), Expect::pass("the key was valid until that very second: inclusive")),
        good("signature-key-file", &TrustFile::standard(), Expect::pass("one public key by flag").only_args(&["--key", "acme.pem"]))
            .file("acme.pem", export_key().pem().into_bytes()),
        good(
            "signature-key-file-wrong",
            &TrustFile::standard(),
            fail(Code::ManifestSignatureInvalid, "another public key by flag").only_args(&["--key", "other.pem"]),
        )
        .file("other.pem", pem),
    ]
}

fn files() -> Vec<Scenario> {
    let bundle = transfer();
    let manifest = bundle.manifest_bytes();
    let signature = String::from_utf8(signature_file(&manifest, &bundle.signers)).unwrap();
    let signed_as = |name: &str, signature: Vec<u8>, expect: Expect| Scenario::zip(name, &bundle.with_manifest(&manifest, &signature), expect);
    let malformed = |name: &str, text: String, why: &str| {
        signed_as(&format!("signature-malformed-{name}"), text.into_bytes(), fail(Code::ManifestSignatureMalformed, why))
    };
    let mut unsigned = bundle.sealed();
    unsigned.remove("manifest.sig");
    let mut changed = bundle.clone();
    changed.manifest["bundle_id"] = "bnd_acme_2026_1O".into();
    let signature_of_other = signature_file(&changed.manifest_bytes(), &bundle.signers);
    let unpadded = signature.replacen("==", "", 1);
    let again = signature.replacen(
        "\"signatures\":[",
        &format!("\"signatures\":[{},", &signature[signature.find("{\"alg").unwrap()..signature.len() - 2]),
        1,
    );
    vec![
        Scenario::zip("signature-missing", &unsigned, Expect::incomplete(&ROW, "nothing signs the manifest")),
        signed_as("signature-empty-list", signature_file(&manifest, &[]), Expect::incomplete(&ROW, "the list of signatures is empty")),
        signed_as(
            "signature-invalid",
            signature_of_other,
            fail(Code::ManifestSignatureInvalid, "one letter of the manifest was changed after it was signed"),
        ),
        malformed("final-newline", format!("{signature}\n"), "a LF stands at the end"),
        malformed(
            "order",
            signature.replacen(
                "\"algorithm\":\"Ed25519\",\"key_id\":\"acme-export-2026\"",
                "\"key_id\":\"acme-export-2026\",\"algorithm\":\"Ed25519\"",
                1,
            ),
            "the members stand in another order",
        ),
        malformed("unpadded", unpadded, "the base64 has no padding"),
        malformed("url-safe", signature.replacen("==", "=-", 1), "the base64 has a character of another alphabet"),
        malformed("empty", String::new(), "the file is empty"),
        malformed("key-twice", again, "one key id stands twice"),
        malformed("format", signature.replacen("audit-signature/1", "audit-signature/2", 1), "the format is another"),
    ]
}

fn several() -> Vec<Scenario> {
    let two = |second: &'static str, key: Key| with(transfer(), |bundle| bundle.signers.push((second, key)));
    let with_second = TrustFile::standard().key("acme-second", &["manifest"], Key::es256("acme second"), "");
    let es256 = with(transfer(), |bundle| bundle.signers = vec![("acme-second", Key::es256("acme second"))]);
    let hs256 = with(transfer(), |bundle| bundle.signers = vec![("acme-shared", Key::hs256("acme shared"))]);
    let shared = TrustFile::standard().manifest_secret("acme-shared", "acme-shared.key");
    let secret = seed("acme shared").to_vec();
    let impostor = two("acme-second", Key::es256("another"));
    let reading = |bundle: &Bundle| {
        Scenario::sealed("signature-two-one-bad", bundle, fail(Code::ManifestSignatureInvalid, "two trusted keys signed, one signature does not fit"))
            .trust(&with_second)
    };
    vec![
        Scenario::sealed("good-es256", &es256, Expect::pass("an ES256 signature in DER")).trust(&with_second),
        Scenario::sealed("good-two-signatures", &two("acme-second", Key::es256("acme second")), Expect::pass("two trusted keys signed"))
            .trust(&with_second),
        Scenario::sealed(
            "good-second-unknown",
            &two("notary-7", Key::ed25519("notary")),
            Expect::pass("a trusted key signed; another is listed, not believed"),
        ),
        reading(&impostor),
        Scenario::sealed("good-hs256", &hs256, Expect::pass("a shared secret alone speaks for the manifest").qualified())
            .trust(&shared)
            .file("acme-shared.key", secret.clone()),
        Scenario::sealed("signature-hs256-wrong", &hs256, fail(Code::ManifestSignatureInvalid, "the shared secret is another"))
            .trust(&shared)
            .file("acme-shared.key", seed("else").to_vec()),
        Scenario::sealed("good-hs256-beside", &two("acme-shared", Key::hs256("acme shared")), Expect::pass("a key and a shared secret"))
            .trust(&shared)
            .file("acme-shared.key", secret),
    ]
}

fn compromised() -> Vec<Scenario> {
    let bundle = transfer();
    let since = |time: &str| TrustFile::with(&["manifest", "genesis"], &format!("tenant = [\"{ACME}\"]\ncompromised_since = \"{time}\"\n"));
    let last = hash_of(bundle.profile, bundle.lines.last().unwrap());
    let first = hash_of(bundle.profile, &bundle.lines[0]);
    let seq = |offset: u64, hash: &str| format!("{}@{hash}", super::super::bundle::MIDDLE_SEQ + offset);
    let why = "the key was stolen before the manifest says that it was made";
    let beside = with(transfer(), |bundle| bundle.signers.push(("acme-shared", Key::hs256("acme shared"))));
    let beside_trust = since("2026-06-01T00:00:00Z").manifest_secret("acme-shared", "acme-shared.key");
    let secret_alone = Expect::pass("the stolen key counts for nothing, so a shared secret alone speaks for the manifest").qualified();
    vec![
        Scenario::sealed("signature-compromised-beside-secret", &beside, secret_alone)
            .trust(&beside_trust)
            .file("acme-shared.key", seed("acme shared").to_vec()),
        Scenario::sealed("signature-compromised", &bundle, Expect::incomplete(&ROW, why))
            .trust(&since("2026-06-01T00:00:00Z"))
            .run("anchored", Expect::pass("the last event is one that the auditor knows").args(&["--after", &seq(7, &last)]))
            .run(
                "anchored-first",
                Expect::incomplete(&ROW, "the first event is one that the auditor knows, the last is not").args(&["--after", &seq(0, &first)]),
            ),
        Scenario::sealed("signature-compromised-later", &bundle, Expect::incomplete(&ROW, "stolen later; but the thief writes created_at"))
            .trust(&since("2026-12-01T00:00:00Z")),
    ]
}
