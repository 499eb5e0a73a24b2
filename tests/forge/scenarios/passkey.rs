//! Assertions that a step of WebAuthn Level 3, section 7.2, refuses although they are signed, and those that must not be refused. The second of three
//! events is the one.

use serde_json::{Value, json};
use unbroken::finding::{CheckId, Code};

use super::super::actions::{Action, ada, ada_script, events, three};
use super::super::authenticator::{AT, BE, BS, ED, ORIGIN, UP, UV, base64url};
use super::super::edit::Event;
use super::super::expect::Expect;
use super::super::trust::{TrustFile, relying_party};
use super::Scenario;
use super::actions::both;

pub fn list() -> Vec<Scenario> {
    let mut list = client_data();
    list.extend(origins());
    list.extend(authenticator_data());
    list.extend(forms());
    list.extend(stripped());
    list.extend(good());
    list
}

/// Three events, the second made so and signed.
pub fn made(change: impl FnOnce(&mut Action)) -> Vec<Event> {
    let mut list = three();
    change(&mut list[1]);
    events(&list)
}

/// Three events, the second edited after it was signed.
pub fn edited(change: impl FnOnce(&mut Event)) -> Vec<Event> {
    let mut list = events(&three());
    change(&mut list[1]);
    list
}

/// The assertion of an event.
pub fn assertion(event: &mut Event) -> &mut Value {
    &mut event["firstFactorCredential"]["assertion"]
}

pub fn fail(name: &str, code: Code, events: &[Event], why: &str) -> Scenario {
    both(format!("passkey-{name}"), events, Expect::fail_at(code, 2, why))
}

fn pass(name: &str, events: &[Event], why: &str) -> Scenario {
    both(format!("good-passkey-{name}"), events, Expect::pass(why))
}

fn untested(name: &str, events: &[Event], why: &str) -> Scenario {
    both(format!("weak-passkey-{name}"), events, Expect::incomplete(&[CheckId::EventPasskey], why))
}

fn script(type_: &'static str) -> Vec<Event> {
    let mut list = three();
    list[1] = Action::of(2, "wallets/wa-1:transfer", ada_script());
    list[1].ceremony.type_ = type_;
    events(&list)
}

fn client_data() -> Vec<Scenario> {
    let text = |name: &str, text: &str, why: &str| {
        fail(name, Code::PasskeyClientData, &made(|action| action.ceremony.client_data = Some(text.as_bytes().to_vec())), why)
    };
    let more = |more: &'static str| made(move |action| action.ceremony.more = more.to_owned());
    let challenge = |name: &str, change: fn(&str) -> String, why: &str| {
        let events = made(|action| action.ceremony.challenge = change(&action.ceremony.challenge));
        fail(&format!("challenge-{name}"), Code::PasskeyChallenge, &events, why)
    };
    let type_ = |type_: &'static str| made(move |action| action.ceremony.type_ = type_);
    vec![
        fail("type-create", Code::PasskeyType, &type_("webauthn.create"), "the client data of a registration"),
        fail("type-key", Code::PasskeyType, &type_("key.get"), "the type of a raw key, at a security key"),
        fail("type-webauthn", Code::PasskeyType, &script("webauthn.get"), "the type of a security key, at a raw key"),
        challenge("padded", |text| format!("{text}="), "the challenge is padded"),
        challenge("alphabet", |text| format!("+/{}", &text[2..]), "the challenge is in the other alphabet of base64"),
        challenge("empty", |_| String::new(), "the challenge is empty"),
        fail("client-data-twice", Code::PasskeyClientData, &more(r#","origin":"https://app.acme.example""#), "the origin stands twice"),
        fail(
            "client-data-twice-escaped",
            Code::PasskeyClientData,
            &more(r#","\u006frigin":"https://globex.example""#),
            "the origin stands twice, once spelt with an escape",
        ),
        fail("client-data-two", Code::PasskeyClientData, &made(two_documents), "two JSON documents"),
        text("client-data-text", "webauthn.get", "no JSON"),
        text("client-data-array", r#"["webauthn.get"]"#, "no object"),
        text("client-data-no-origin", r#"{"type":"webauthn.get","challenge":"AAAAAAAAAAAAAAAAAAAAAA"}"#, "there is no origin"),
        text("client-data-no-challenge", r#"{"type":"webauthn.get","origin":"https://app.acme.example"}"#, "there is no challenge"),
        text("client-data-number", r#"{"type":"webauthn.get","challenge":7,"origin":"https://app.acme.example"}"#, "the challenge is a number"),
        text(
            "client-data-cross-origin-text",
            r#"{"type":"webauthn.get","challenge":"AAAAAAAAAAAAAAAAAAAAAA","origin":"https://app.acme.example","crossOrigin":"false"}"#,
            "crossOrigin is a string",
        ),
    ]
}

fn two_documents(action: &mut Action) {
    let text = action.ceremony.client_data();
    action.ceremony.client_data = Some([text, b"{}".to_vec()].concat());
}

fn origins() -> Vec<Scenario> {
    let origin = |name: &str, origin: &'static str, why: &str| {
        let events = made(move |action| action.ceremony.origin = origin.to_owned());
        fail(&format!("origin-{name}"), Code::PasskeyOrigin, &events, why)
    };
    let framed = made(|action| action.ceremony.cross_origin = Some(true));
    let top = made(|action| action.ceremony.more = r#","topOrigin":"https://globex.example""#.to_owned());
    let party = |name: &str, id: &'static str, why: &str| {
        fail(&format!("rp-id-{name}"), Code::PasskeyRpId, &made(move |action| action.ceremony.rp_id = id.to_owned()), why)
    };
    let allowed = TrustFile::pinned().without_table(&relying_party("")).table(&relying_party("cross_origin = true\n"));
    vec![
        origin("prefix", "https://app.acme.example.evil.example", "an origin that starts like the trusted one"),
        origin("scheme", "http://app.acme.example", "http"),
        origin("port", "https://app.acme.example:8443", "another port"),
        origin("punycode", "https://app.xn--cme-7na.example", "a name that looks alike"),
        origin("case", "https://App.acme.example", "an upper-case letter: origins are compared exactly"),
        origin("slash", "https://app.acme.example/", "a slash at the end: origins are compared exactly"),
        origin("parent", "https://acme.example", "the parent domain, which is not listed"),
        origin("other-site", "https://app.globex.example", "the site of another tenant"),
        fail("cross-origin", Code::PasskeyCrossOrigin, &framed, "made in a frame of another origin"),
        fail("cross-origin-top", Code::PasskeyCrossOrigin, &top, "made under another top-level page"),
        pass("cross-origin", &framed, "made in a frame of another origin, which the relying party allows").trust(&allowed),
        party("other", "globex.example", "made for another relying party"),
        party("host", "app.acme.example", "made for the host of the origin instead of its parent domain"),
        party("app-id", "https://app.acme.example/app-id.json", "made by U2F for an application id"),
    ]
}

/// An attested credential (WebAuthn Level 3, section 6.5.2) with ada's key.
fn attested() -> Vec<u8> {
    let spki = ada().key.spki();
    let (x, y) = (&spki[27..59], &spki[59..]);
    let cose = [&[0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20], x, &[0x22, 0x58, 0x20], y].concat();
    [&[0; 16][..], &[0, 4], b"ada!", &cose].concat()
}

fn authenticator_data() -> Vec<Scenario> {
    let data = |name: &str, flags: u8, tail: Vec<u8>, why: &str| {
        let events = made(|action| (action.ceremony.flags, action.ceremony.tail) = (flags, tail));
        fail(&format!("authenticator-data-{name}"), Code::PasskeyAuthenticatorData, &events, why)
    };
    let (plain, attested_, extended) = (UP | UV, UP | UV | AT, UP | UV | ED);
    let short = made(|action| {
        let mut bytes = action.ceremony.authenticator_data();
        bytes.pop();
        action.ceremony.authenticator_data = Some(bytes);
    });
    let flags = |flags: u8| made(move |action| action.ceremony.flags = flags);
    let tail = |flags: u8, tail: Vec<u8>| made(|action| (action.ceremony.flags, action.ceremony.tail) = (flags, tail));
    let mut cut = attested();
    cut.truncate(40);
    vec![
        fail("authenticator-data-short", Code::PasskeyAuthenticatorData, &short, "36 bytes; the counter is cut"),
        data("trailing", plain, vec![0], "a byte stands behind the counter, and no flag says so"),
        data("attested-none", attested_, Vec::new(), "the flag says that a credential is attested; there is none"),
        data("attested-cut", attested_, cut, "the attested credential is cut"),
        data("extensions-none", extended, Vec::new(), "the flag says that there are extensions; there are none"),
        data("extensions-trailing", extended, vec![0xa1, 0x61, 0x78, 0xf5, 0x00], "a byte stands behind the extensions"),
        data("extensions-deep", extended, [vec![0x81; 4000], vec![0]].concat(), "extensions of 4000 arrays in arrays"),
        data("extensions-long", extended, vec![0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], "extensions that announce 2^64-1 members"),
        data("extensions-text", extended, vec![0x61, 0x78], "the extensions are a text, no map"),
        fail("user-presence", Code::PasskeyUserPresence, &flags(UV), "the user was verified and not present"),
        fail("user-verification", Code::PasskeyUserVerification, &flags(UP), "the user was not verified"),
        fail("backup", Code::PasskeyBackup, &flags(UP | UV | BS), "backed up, and not eligible for it"),
        pass("attested", &tail(attested_, attested()), "some authenticators repeat the credential"),
        pass("extensions", &tail(extended, vec![0xa1, 0x61, 0x78, 0xf5]), "extensions are a map"),
        pass("backup-eligible", &flags(UP | UV | BE), "eligible for backup, not backed up"),
    ]
}

fn forms() -> Vec<Scenario> {
    let form = |name: &str, member: &'static str, value: Value, why: &str| {
        let events = edited(|event| assertion(event)[member] = value);
        fail(&format!("malformed-{name}"), Code::PasskeyMalformed, &events, why)
    };
    let signature = assertion(&mut events(&three())[1])["signature"].as_str().unwrap().to_owned();
    let mut of_script = script("key.get");
    assertion(&mut of_script[1])["authenticatorData"] = json!(base64url(&[0; 37]));
    let text = edited(|event| *assertion(event) = json!("signed"));
    let missing = edited(|event| drop(assertion(event).as_object_mut().unwrap().remove("signature")));
    vec![
        form("no-authenticator-data", "authenticatorData", Value::Null, "a security key without authenticator data"),
        fail("malformed-authenticator-data", Code::PasskeyMalformed, &of_script, "a raw key with authenticator data"),
        form("padded", "signature", json!(format!("{signature}==")), "the signature is padded"),
        form("alphabet", "clientData", json!("+/8="), "the client data is in the other alphabet of base64"),
        form("bits", "authenticatorData", json!("AB"), "the last letter has bits that are not used and not zero"),
        form("null", "clientData", Value::Null, "there is no client data"),
        form("number", "signature", json!(7), "the signature is a number"),
        fail("malformed-text", Code::PasskeyMalformed, &text, "the assertion is a text"),
        fail("malformed-no-signature", Code::PasskeyMalformed, &missing, "the assertion has no signature"),
    ]
}

fn stripped() -> Vec<Scenario> {
    let strip = |event: &mut Event| *assertion(event) = Value::Null;
    let nobody = edited(|event| {
        strip(event);
        ["userId", "username", "actionToken"].into_iter().for_each(|name| event[name] = Value::Null);
    });
    let password = edited(|event| {
        strip(event);
        (event["firstFactorCredential"]["kind"], event["firstFactorCredential"]["publicKey"]) = (json!("Password"), Value::Null);
    });
    let whole = edited(|event| event["firstFactorCredential"] = Value::Null);
    let unknown = edited(|event| event["firstFactorCredential"]["kind"] = json!("Smartcard"));
    vec![
        untested("stripped", &edited(strip), "the assertion was taken away"),
        untested("stripped-user", &nobody, "the assertion, user and token were taken away; the event names a credential"),
        untested("stripped-credential", &whole, "the credential was taken away; the event names a user"),
        untested("password", &password, "approved by a password: nothing is signed"),
        untested("kind", &unknown, "a kind of credential that nobody knows"),
    ]
}

fn good() -> Vec<Scenario> {
    let bytes = |change: fn(Vec<u8>) -> Vec<u8>| made(move |action| action.ceremony.client_data = Some(change(action.ceremony.client_data())));
    let preferred = TrustFile::pinned().without_table(&relying_party("")).table(&relying_party("user_verification = \"preferred\"\n"));
    let more = r#","tokenBinding":{"status":"supported"},"new_keys_may_be_added_here":"do not compare clientDataJSON against a template""#;
    let spaced =
        format!("{{\r\n\t\"type\" : \"webauthn.get\",\r\n\t\"challenge\" : \"{}\",\r\n\t\"origin\" : \"{ORIGIN}\"\r\n}}", base64url(&[7; 32]));
    let mut changed = three();
    changed[2] = Action::of(3, "policies:update", ada());
    changed[2].ceremony.flags = UP | UV | BE;
    vec![
        pass("bom", &bytes(|text| [b"\xef\xbb\xbf".to_vec(), text].concat()), "client data with a byte order mark: passed over, and signed"),
        pass("more-members", &made(|action| action.ceremony.more = more.to_owned()), "client data with members that nobody knows"),
        pass("spaces", &made(|action| action.ceremony.client_data = Some(spaced.into_bytes())), "client data with tabs and line ends"),
        pass("not-verified", &made(|action| action.ceremony.flags = UP), "not verified, where the relying party only prefers it").trust(&preferred),
        pass("backup-changed", &events(&changed), "a credential that becomes eligible for backup: a note"),
    ]
}
