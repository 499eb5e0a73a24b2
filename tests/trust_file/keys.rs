//! `[[key]]`.

use unbroken::trust::Trust;

use super::desk::*;

#[test]
fn a_private_key_is_refused_and_never_repeated() {
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{PRIVATE}\n-----END PRIVATE KEY-----\n");
    let desk = Desk::new().with("private.pem", &pem).with("openssh", pem.replace("PRIVATE", "OPENSSH PRIVATE")).with("base64", PRIVATE);
    desk.refuses(&file(&[&key("a", "\"manifest\"", "Ed25519", PRIVATE)]), "6:14", "private key");
    desk.refuses(&file(&[&format!("# {}", pem.replace('\n', " "))]), "2:14", "private key");
    desk.refuses(&file(&[&pem]), "2:12", "private key");
    desk.refuses(&file(&[&format!("public_key = \"\"\"\n{pem}\"\"\"\n")]), "3:12", "private key");
    for name in ["private.pem", "openssh", "base64"] {
        let text = format!("[[key]]\nid = \"a\"\nuse = [\"manifest\"]\nalgorithm = \"Ed25519\"\nfile = \"{name}\"\n");
        desk.refuses(&file(&[&text]), "6:8", "private key");
        let error = Trust::default().add_key(&desk.path(name).display().to_string()).expect_err(name);
        assert!(error.exit_code() == 2 && error.to_string().contains("private key"), "{error}");
        assert_silent(&format!("{error:?}"));
    }
    // Where no rule knows that it is one, the value is still not repeated.
    desk.refuses(&format!("version = \"{PRIVATE}\"\n"), "1:11", "another type");
    desk.refuses(&file(&[&format!("\"{PRIVATE}\" = 1\n")]), "2:1", "unknown key");
    desk.refuses(&file(&[&format!("{}\n", PRIVATE.replace(['+', '/'], "_"))]), "2:65", "not TOML");
    desk.refuses(&file(&[&key("a", &format!("\"{PRIVATE}\""), "Ed25519", ED25519)]), "4:8", "unknown use");
    desk.refuses(&file(&[&key("a", "\"manifest\"", PRIVATE, ED25519)]), "5:13", "unknown algorithm");
    desk.refuses(&file(&[&key("a", "\"manifest\"", "Ed25519", &PRIVATE[20..])]), "6:14", "");
    desk.refuses(&file(&[&manifest_key(), &format!("compromised_since = \"{PRIVATE}\"\n")]), "7:21", "expected a time");
    desk.refuses(&file(&[&anchor("t", "1", PRIVATE)]), "5:8", "expected a hash");
}

#[test]
fn a_key_is_given_exactly_once() {
    let desk = Desk::new().with("a.b64", ED25519);
    let neither = "[[key]]\nid = \"a\"\nuse = [\"manifest\"]\nalgorithm = \"Ed25519\"\n";
    desk.refuses(&file(&[neither]), "2:1", "exactly one of public_key and file");
    desk.refuses(&file(&[&manifest_key(), "file = \"a.b64\"\n"]), "2:1", "exactly one of public_key and file");
    assert!(desk.read(&file(&[neither, "file = \"a.b64\"\n"])).is_ok());
    desk.refuses(&file(&[neither, "file = \"\"\n"]), "6:8", "expected a file");
}

#[test]
fn a_key_fits_its_algorithm() {
    let desk = Desk::new();
    for (algorithm, public_key, words) in [
        ("ES256", ED25519, "a key for ES256, found a key for Ed25519"),
        ("Ed25519", P256, "a key for Ed25519, found a key for ES256"),
        ("EdDSA", ED25519, "names its curve"),
        ("HS256", ED25519, "not for public keys"),
        ("none", ED25519, "unknown algorithm \"none\""),
        ("ed25519", ED25519, "unknown algorithm \"ed25519\""),
        ("RS256", RSA, "RS256 keys are for tokens only"),
    ] {
        desk.refuses(&file(&[&key("a", "\"manifest\"", algorithm, public_key)]), "5:13", words);
    }
    desk.refuses(&file(&[&key("a", "\"token\"", "ES384", RSA)]), "5:13", "a key for ES384, found a key for RSA");
    desk.refuses(&file(&[&key("a", "\"token\", \"event\"", "RS256", RSA)]), "5:13", "for tokens only");
    desk.refuses(&file(&[&key("a", "\"token\"", "RS256", SHORT_RSA)]), "6:14", "RSA with 1024 bits");
    desk.refuses(&file(&[&key("a", "\"manifest\"", "Ed25519", RSA)]), "6:14", "RSA keys are not for manifests");
}

#[test]
fn what_is_pasted_by_mistake_is_named() {
    let desk = Desk::new();
    let small_order = "MCowBQYDK2VwAyEAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    for (public_key, words) in [
        (small_order, "small order"),
        ("", "found nothing"),
        ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIyb2Xg user@host", "SSH public key"),
        ("ssh-rsa AAAAB3NzaC1yc2E user@host", "RSA keys are not for manifests"),
        ("SHA256:BuP9j9opu2CrWVV95h7bCuzbIxE0vjDnW0Vfjht5L6k", "a fingerprint, not a key"),
        ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "bare bytes"),
        ("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", "bare bytes"),
        (&ED25519[..58], "expected a public key"),
        (&format!("{ED25519} "), "expected a public key"),
        ("MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgACiEb8HQBC3RiUxv5WDFux9lF8kFtKuPK7FZ3gK9t7KWs=", "uncompressed"),
    ] {
        desk.refuses(&file(&[&key("a", "\"manifest\"", "Ed25519", public_key)]), "6:14", words);
    }
    let pem = |label: &str| format!("-----BEGIN {label}-----\n{ED25519}\n-----END {label}-----\n");
    let public = pem("PUBLIC KEY");
    let desk = desk
        .with("cert", pem("CERTIFICATE"))
        .with("rsa", pem("RSA PUBLIC KEY"))
        .with("two", format!("{public}{public}"))
        .with("before", format!("key of acme\n{public}"))
        .with("cut", &public[..60])
        .with("raw", [0x9a; 32])
        .with("blank", public.replace("MCow", "\n\nMCow"));
    for (name, words) in [
        ("cert", "certificate"),
        ("rsa", "RSA keys"),
        ("two", "found several"),
        ("before", "found something else"),
        ("cut", "one block that ends with"),
        ("raw", "bare bytes"),
        ("blank", "lines of base64"),
    ] {
        let text = format!("[[key]]\nid = \"a\"\nuse = [\"manifest\"]\nalgorithm = \"Ed25519\"\nfile = \"{name}\"\n");
        desk.refuses(&file(&[&text]), "6:8", words);
    }
}

#[test]
fn lists_times_and_names_have_their_shapes() {
    let desk = Desk::new();
    desk.refuses(&file(&[&key("a", "", "Ed25519", ED25519)]), "4:7", "at least one entry");
    desk.refuses(&file(&[&key("a", "\"manifest\", \"manifest\"", "Ed25519", ED25519)]), "4:20", "twice");
    desk.refuses(&file(&[&key("a", "\"Manifest\"", "Ed25519", ED25519)]), "4:8", "unknown use");
    desk.refuses(&file(&[&key(" a", "\"manifest\"", "Ed25519", ED25519)]), "3:6", "expected an id");
    desk.refuses(&file(&[&key("", "\"manifest\"", "Ed25519", ED25519)]), "3:6", "expected an id");
    for (line, place, words) in [
        ("tenant = []", "7:10", "at least one entry"),
        ("tenant = [\"tnt acme\"]", "7:11", "expected a tenant id"),
        ("tenant = [\"a\", \"a\"]", "7:16", "twice"),
        ("tenant = \"a\"", "7:10", "another type"),
        ("valid = {}", "7:9", "found neither"),
        ("valid = { from = \"2026-01-02T00:00:00Z\", to = \"2026-01-01T00:00:00Z\" }", "7:9", "is later than to"),
        ("valid = { until = \"2026-01-02T00:00:00Z\" }", "7:11", "unknown key \"until\""),
        ("valid = { from = \"2026-01-02\" }", "7:18", "expected a time"),
        ("valid = { from = 2026-01-02T00:00:00Z }", "7:18", "another type"),
        ("compromised_since = \"yesterday\"", "7:21", "expected a time, found \"yesterday\""),
    ] {
        desk.refuses(&file(&[&manifest_key(), line, "\n"]), place, words);
    }
    let one_instant = "valid = { from = \"2026-01-02T00:00:00Z\", to = \"2026-01-02T00:00:00Z\" }\n";
    assert!(desk.read(&file(&[&manifest_key(), one_instant])).is_ok());
}

#[test]
fn ids_of_keys_are_unique() {
    let desk = Desk::new().with("hs.key", [9; 33]);
    desk.refuses(&file(&[&manifest_key(), &key("a", "\"manifest\"", "Ed25519", OTHER)]), "8:6", "a second time");
    desk.refuses(&file(&[&manifest_key(), &key("a", "\"token\"", "RS256", RSA)]), "8:6", "a second time");
    desk.refuses(&file(&[&manifest_key(), &secret("a", "hs.key", "kind = \"manifest\"")]), "8:6", "both a public key and a manifest secret");
}

#[test]
fn a_key_for_events_signs_no_manifests() {
    let desk = Desk::new();
    for data in ["event", "token"] {
        for statement in ["manifest", "genesis"] {
            let (data, statement) = (format!("\"{data}\""), format!("\"{statement}\""));
            desk.refuses(&file(&[&key("a", &format!("{data}, {statement}"), "Ed25519", ED25519)]), "3:6", "one public key");
            let two = |one: &str, two: &str| file(&[&key("a", one, "Ed25519", ED25519), &key("b", two, "Ed25519", ED25519)]);
            desk.refuses(&two(&data, &statement), "8:6", "this entry and key \"a\"");
            desk.refuses(&two(&statement, &data), "8:6", "this entry and key \"a\"");
        }
    }
    let apart = file(&[&key("a", "\"manifest\"", "Ed25519", ED25519), &key("b", "\"event\"", "Ed25519", OTHER)]);
    assert!(desk.read(&apart).is_ok());
    assert!(desk.read(&file(&[&key("a", "\"manifest\"", "Ed25519", ED25519), &key("b", "\"genesis\"", "Ed25519", ED25519)])).is_ok());
}

#[test]
fn a_compromised_key_is_so_under_every_name() {
    let desk = Desk::new().with("a.b64", ED25519);
    let compromised = [manifest_key(), "compromised_since = \"2026-06-01T00:00:00Z\"\n".to_owned()].concat();
    desk.refuses(&file(&[&compromised, &key("b", "\"manifest\"", "Ed25519", ED25519)]), "9:6", "another compromised_since");
    let mut trust = desk.read(&file(&[&compromised])).expect("a sound file");
    let error = trust.add_key(&desk.path("a.b64").display().to_string()).expect_err("compromised");
    assert!(error.exit_code() == 2 && error.to_string().contains("compromised_since"), "{error}");
}
