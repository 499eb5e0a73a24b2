//! Profiles: the built-in ones keep the rules and the schema, a user's file is refused with line and column, what a rule says is what is hashed and
//! read, and records are told apart.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic, reason = "test code")]

use std::fs;
use std::path::Path;

use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use p256::pkcs8::EncodePublicKey;
use serde_json::Value as Json;
use unbroken::crypto::PublicKey;
use unbroken::digest::Digest;
use unbroken::event::{Event, Layout, Reader, Record};
use unbroken::json::{self, Value};
use unbroken::profile::probe::{Choice, Fit, choose, fit};
use unbroken::profile::{self, Profile};

const BASE: &str = "name = \"my-app/1\"\nsource = \"an app\"\n\n[fields]\nid = \"/id\"\ntime = \"/at\"\naction = \"/what\"\n";

fn parse(text: &str) -> Result<Profile, String> {
    Profile::parse(Path::new("app.toml"), text).map_err(|error| {
        assert_eq!(error.exit_code(), 2);
        assert!(!error.hint().is_empty());
        error.to_string()
    })
}

fn profile(more: &str) -> Profile {
    parse(&format!("{BASE}{more}")).unwrap_or_else(|error| panic!("{error}"))
}

fn with_event<T>(profile: &Profile, line: &str, work: impl FnOnce(&Event<'_>) -> T) -> T {
    let layout = Layout::new(profile, &[]).unwrap();
    match Reader::default().read(line.as_bytes(), &layout) {
        Record::Event(event) => work(&event),
        Record::Unreadable(flaw) => panic!("{flaw:?}"),
    }
}

fn schema() -> jsonschema::Validator {
    jsonschema::validator_for(&serde_json::from_str(profile::SCHEMA).unwrap()).unwrap()
}

fn to_json(text: &str) -> Json {
    serde_json::to_value(text.parse::<toml::Table>().unwrap()).unwrap()
}

#[test]
fn the_built_in_profiles_and_the_example_fit_the_schema() {
    let schema = schema();
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("spec/profiles.md")).unwrap();
    let example = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    parse(example).unwrap();
    for text in Profile::all().iter().map(|profile| Profile::built_in_text(&profile.name).unwrap()).chain([example]) {
        let errors: Vec<String> = schema.iter_errors(&to_json(text)).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{text}: {errors:?}");
    }
}

#[test]
fn a_built_in_profile_under_another_name_is_a_users_profile() {
    for built_in in Profile::all() {
        let text = Profile::built_in_text(&built_in.name).unwrap();
        assert_eq!(parse(text).unwrap_err(), format!("app.toml:1:8: the name \"{}\" is that of a built-in profile", built_in.name));
        let own = text.replacen(&built_in.name, "own/1", 1);
        assert_eq!(parse(&own).unwrap(), Profile { name: "own/1".to_owned(), ..built_in.clone() });
    }
}

/// What is added to [`BASE`] (line 8 on), where it is refused, and with which words.
#[test]
fn what_is_wrong_is_told_with_line_and_column() {
    let chain = "[chain]\nlink = \"/previous\"\nfirst = \"zero\"\n";
    let column = "columns = [{ name = \"id\", field = \"/id\" }, { name = \"id\" }]";
    let cases = [
        ("colour = 1".to_owned(), "8:1", "unknown key"),
        ("tenant = 1".to_owned(), "8:10", "expected a string"),
        ("tenant = \"t\"".to_owned(), "8:10", "expected a JSON Pointer"),
        ("tenant = \"\"".to_owned(), "8:10", "expected a JSON Pointer"),
        ("tenant = \"/a~2\"".to_owned(), "8:10", "expected a JSON Pointer"),
        ("nullable = [\"/at\", \"/id\"]".to_owned(), "8:20", "no field that may be null"),
        ("[chain]\nlink = \"/p\"".to_owned(), "8:1", "expected a key `first`"),
        (format!("{chain}without = [\"/h\", \"/previous\"]"), "11:18", "the link must not be left out"),
        (format!("{chain}without = [\"/at\"]"), "11:12", "holds the event's time"),
        (format!("{chain}without = [\"/id\"]"), "11:12", "holds the event's id"),
        (format!("{chain}without = [\"/what\"]"), "11:12", "holds the event's action"),
        (format!("{chain}without = [\"/a/b\"]"), "11:12", "a member of the root object"),
        (format!("{chain}without = [\"/a\", \"/a\"]"), "11:18", "stands here twice"),
        (format!("{chain}own = \"/hash\"\nwithout = [\"/other\"]"), "12:11", "expected \"/hash\" in it"),
        (format!("{chain}own = \"/hash\""), "8:1", "expected \"/hash\" in it"),
        (format!("{chain}own = \"/previous\"\nwithout = [\"/previous\"]"), "12:12", "the link must not"),
        (format!("{chain}sequence = \"/previous\""), "8:1", "stand at one place"),
        (format!("{chain}hashed = \"raw\"\nwithout = [\"/h\"]"), "12:11", "canonical form only"),
        (format!("{chain}hashed = \"raw\"\nown = \"/h\""), "12:7", "cannot hold the hash of all of its bytes"),
        (format!("{chain}hashed = \"cooked\""), "11:10", "expected \"canonical\" or \"raw\", found \"cooked\""),
        (format!("{chain}names = \"whole\""), "11:9", "needs an own hash"),
        (format!("{chain}text = {{ prefix = \"x\" }}"), "11:8", "expected a key `encoding`"),
        (format!("{chain}text = {{ prefix = \"é\", encoding = \"hex\" }}"), "11:19", "printable ASCII"),
        ("[event_mac]\nmember = \"/p/mac\"\nwithout = [\"/mac\"]".to_owned(), "10:11", "expected \"/p\" in it"),
        ("[event_signature]\nmember = \"/s\"\nwithout = [\"/s\"]\nform = \"der\"".to_owned(), "11:8", "one form"),
        (format!("[[table]]\n{column}"), "9:53", "expected each column once"),
        ("[[table]]\ncolumns = [{ name = \"x\" }]".to_owned(), "9:11", "expected a column for the id"),
        ("[requires]\nclaims = [\"chain.links\"]".to_owned(), "9:11", "no rule for chain.links"),
        (format!("{chain}[requires]\nclaims = [\"chain.links\"]\none_of = [\"chain.links\"]"), "13:11", "stands here twice"),
        ("[requires]\nclaims = [\"chain.link\"]".to_owned(), "9:10", "unknown check \"chain.link\""),
        ("[requires]\nclaims = [\"manifest.signature\"]".to_owned(), "9:11", "no rule for manifest.signature"),
    ];
    let mut wrong = Vec::new();
    for (more, place, words) in cases {
        let error = parse(&format!("{BASE}{more}\n")).expect_err(&more);
        if !error.starts_with(&format!("app.toml:{place}: ")) || !error.contains(words) {
            wrong.push(format!("{more}\n  expected {place}: {words}\n  found    {error}\n"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.concat());
    for name in ["", "a b", "é", &"x".repeat(65)] {
        assert!(parse(&BASE.replace("my-app/1", name)).unwrap_err().starts_with("app.toml:1:8: expected a name"), "{name}");
    }
}

const LINE: &str = r#"{"at":"2026-10-01T08:00:00Z","hash":"HASH","id":"e-1","previous":PREVIOUS,"what":"login"}"#;

fn line(previous: &str, hash: &str) -> String {
    LINE.replace("PREVIOUS", previous).replace("HASH", hash)
}

#[test]
fn links_and_own_hashes_are_of_what_the_rule_says() {
    let chain = "[chain]\nlink = \"/previous\"\nown = \"/hash\"\nwithout = [\"/hash\"]\ntext = { encoding = \"hex\" }\nfirst = \"null\"\n";
    let bare = r#"{"at":"2026-10-01T08:00:00Z","id":"e-1","previous":null,"what":"login"}"#;
    let digest = Digest::of(bare.as_bytes());
    let text = digest.to_string().replace("sha256:", "");
    let whole = line("null", &text);
    with_event(&profile(chain), &whole, |event| {
        assert!(event.field_faults.is_empty(), "{:?}", event.field_faults);
        assert_eq!((event.hash(), event.own_hash(), event.link, event.own_beside_link()), (digest, Some(digest), Some(Digest::ZERO), None));
        let relinked = event.hash_with_link(Digest::of(b"x")).unwrap();
        let expected = bare.replace("null", &format!("\"{}\"", Digest::of(b"x").to_string().replace("sha256:", "")));
        assert_eq!(relinked, Digest::of(expected.as_bytes()));
    });
    with_event(&profile(&format!("{chain}names = \"whole\"\n")), &whole, |event| {
        assert_eq!((event.hash(), event.own_hash(), event.own_beside_link()), (Digest::of(whole.as_bytes()), None, Some((digest, digest))));
    });
    with_event(&profile(chain), &line("null", &text.to_uppercase()), |event| assert_eq!(event.field_faults[0].pointer, "/hash"));
    let zeros = format!("\"{}\"", "0".repeat(64));
    with_event(&profile(chain), &line(&zeros, &text), |event| assert_eq!(event.field_faults[0].pointer, "/previous"));
}

#[test]
fn raw_bytes_are_those_in_the_file() {
    let profile = profile("[chain]\nlink = \"/previous\"\nhashed = \"raw\"\ntext = { encoding = \"base64\" }\nfirst = { digest-of = \"v1\" }\n");
    let text = unbroken::crypto::base64_text(&Digest::of(b"v1").0);
    let record = format!("{{ \"what\":\"login\", \"id\":\"e-1\",\"at\":\"2026-10-01T08:00:00Z\", \"previous\":\"{text}\" }}");
    with_event(&profile, &format!(" {record}\r"), |event| {
        assert_eq!((event.hash(), event.link), (Digest::of(record.as_bytes()), Some(Digest::of(b"v1"))));
        let other = Digest::of(b"x");
        let expected = record.replace(&text, &unbroken::crypto::base64_text(&other.0));
        assert_eq!(event.hash_with_link(other), Some(Digest::of(expected.as_bytes())));
    });
}

#[test]
fn a_first_event_may_have_no_link() {
    let profile = profile("[chain]\nlink = \"/previous\"\nfirst = \"absent\"\n");
    let without = r#"{"at":"2026-10-01T08:00:00Z","id":"e-1","what":"login"}"#;
    with_event(&profile, without, |event| assert_eq!((event.link, event.field_faults.len()), (Some(Digest::ZERO), 0)));
    with_event(&profile, &line("null", ""), |event| assert_eq!((event.link, event.field_faults.len()), (None, 1)));
}

#[test]
fn signatures_of_both_forms_are_read() {
    let key = SigningKey::from_slice(&[7; 32]).unwrap();
    let public = PublicKey::from_spki(key.verifying_key().to_public_key_der().unwrap().as_bytes()).unwrap();
    let bare = r#"{"at":"2026-10-01T08:00:00Z","id":"e-1","what":"login"}"#;
    let signature: Signature = key.sign(bare.as_bytes());
    let forms = [("der", signature.to_der().as_bytes().to_vec()), ("fixed", signature.to_bytes().to_vec())];
    for (form, bytes) in &forms {
        let rule = format!(
            "[event_signature]\nmember = \"/sig\"\nwithout = [\"/sig\"]\nalgorithm = \"ES256\"\nform = \"{form}\"\ntext = {{ encoding = \"base64url\" }}\n"
        );
        let profile = profile(&rule);
        let line = |bytes: &[u8]| bare.replace(",\"what\"", &format!(",\"sig\":\"{}\",\"what\"", unbroken::crypto::base64url_text(bytes)));
        with_event(&profile, &line(bytes), |event| {
            assert!(public.verify(&event.signature_covers(), event.signature_bytes.as_ref().unwrap()), "{form}");
        });
        with_event(&profile, &line(&[0; 64]), |event| {
            assert!(!public.verify(&event.signature_covers(), event.signature_bytes.as_deref().unwrap_or_default()), "{form}: zeros");
        });
    }
}

fn records(text: &str, count: usize) -> Vec<Option<Value>> {
    (0..count).map(|_| Some(json::parse(text.as_bytes()).unwrap())).collect()
}

fn fits<'p>(profiles: &'p [Profile], sample: &[Option<Value>], header: Option<&[String]>) -> Vec<(&'p Profile, Fit)> {
    profiles.iter().map(|profile| (profile, fit(profile, sample, header))).collect()
}

fn chosen<'p>(fits: &[(&'p Profile, Fit)]) -> Option<&'p str> {
    match choose(fits) {
        Choice::One(profile) => Some(&profile.name),
        Choice::None | Choice::Several(_) | Choice::Proofless(..) => None,
    }
}

const QUSTODY: &str = r#"{"id":"aud_1","tenant_id":"t","actor_id":"u","actor_type":"user","action":"a.b","resource_type":"r","resource_id":"1","request_id":"q",
    "metadata":{},"prev_hash":"sha256:0","entry_hash":"sha256:1","created_at":"2026-10-01T00:00:00Z"}"#;

#[test]
fn records_are_told_apart_by_what_they_carry() {
    let all = Profile::all();
    let typed = r#"{"id":"1","actor_user_id":"u","actor_name":"n","actor_role":"admin","action":"org.updated","resource_type":"org","resource_id":"1",
        "metadata":{"diff":{}},"ip_address":"192.0.2.1","user_agent":"x","created_at":"2026-10-01T00:00:00Z"}"#;
    let trustgate = r#"{"id":"1","timestamp":"2026-10-01T00:00:00Z","action":"a","actor":{"type":"user","id":"u"},"details":{}}"#;
    for (name, text) in [("qustody/1", QUSTODY), ("typed-events/1", typed), ("trustgate/1", trustgate)] {
        assert_eq!(chosen(&fits(all, &records(text, 3), None)), Some(name));
    }
    assert_eq!(choose(&fits(all, &records(r#"{"x":1}"#, 3), None)), Choice::None);
    assert_eq!(choose(&fits(all, &[], None)), Choice::None);
    let own = Profile { name: "own/1".to_owned(), ..Profile::built_in("qustody/1").unwrap().clone() };
    let both = [own, Profile::built_in("qustody/1").unwrap().clone()];
    assert_eq!(choose(&fits(&both, &records(QUSTODY, 3), None)), Choice::Several(both.iter().collect()));
}

/// Whoever takes the proof out of a few records does not choose a profile that asks for none.
#[test]
fn a_record_without_its_proof_does_not_choose_the_profile() {
    let mut sample = records(QUSTODY, 5);
    sample[0] = json::parse(QUSTODY.replace("prev_hash", "x").as_bytes()).ok();
    sample[3] = None;
    let fits = fits(Profile::all(), &sample, None);
    assert_eq!(chosen(&fits), Some("qustody/1"));
    let (_, fit) = fits.iter().find(|(profile, _)| profile.name == "qustody/1").unwrap();
    assert_eq!((fit.records, fit.unread, fit.fitting), (5, 1, 3));
    assert!(fit.missing.iter().any(|missing| missing.pointer == "/prev_hash" && missing.records == 1), "{fit:?}");
}

/// Nor does whoever takes it out of most of them.
#[test]
fn a_profile_without_proofs_is_not_chosen_for_records_that_carry_one() {
    let typed = r#"{"id":"1","actor_user_id":"u","actor_name":"n","actor_role":"admin","action":"org.updated","resource_type":"org","resource_id":"1",
        "metadata":{"diff":{}},"ip_address":"192.0.2.1","user_agent":"x","created_at":"2026-10-01T00:00:00Z"}"#;
    let mut sample = records(typed, 9);
    sample.extend(records(&typed.replacen("\"id\"", "\"entry_hash\":\"sha256:1\",\"id\"", 1), 1));
    let Choice::Proofless(profile, carried) = choose(&fits(Profile::all(), &sample, None)) else { panic!("a choice was made") };
    assert_eq!(
        (profile.name.as_str(), carried.pointer.as_str(), carried.profile.as_str(), carried.records),
        ("typed-events/1", "/entry_hash", "qustody/1", 1)
    );
}

#[test]
fn tables_are_told_apart_by_their_first_row() {
    let header = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
    for (name, columns) in [
        ("passkey-actions/1", "auditEventId,timestamp,userId,credentialId,actionPath,actionMetadata,signatureToken"),
        ("passkey-actions/1", "Date Performed,Audit Log ID,User ID,Username,Primary Credential ID,Action Path,Summary"),
        ("typed-events/1", "id,actor_user_id,actor_name,actor_role,action,resource_type,resource_id,metadata,ip_address,user_agent,created_at"),
    ] {
        assert_eq!(chosen(&fits(Profile::all(), &[], Some(&header(columns)))), Some(name));
    }
    assert_eq!(choose(&fits(Profile::all(), &[], Some(&header("a,b,c")))), Choice::None);
}
