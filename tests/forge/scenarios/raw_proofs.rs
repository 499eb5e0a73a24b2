//! Raw exports whose events prove themselves, by own hashes, HMACs or signatures, with one fault each; exports of one event; and what was asked for.

use unbroken::finding::{CheckId, Code};

use super::super::bundle::{Bundle, Start};
use super::super::edit::{Hand, nowhere, write};
use super::super::expect::{At, Expect};
use super::super::record::{Profile, Proof};
use super::super::sources::{entries, typed};
use super::super::trust::TrustFile;
use super::actions::SKIP;
use super::sources::raw;
use super::{Scenario, transfer, with};

const INPUT: [&str; 1] = ["events.ndjson"];

pub fn list() -> Vec<Scenario> {
    [links(), macs(), signatures(), alone(), asked()].into_iter().flatten().collect()
}

fn of(name: &str, bundle: &Bundle, expect: Expect) -> Scenario {
    raw(name, bundle.profile, &[("events.ndjson".to_owned(), bundle.events())], expect)
}

/// Eight entries from the zero link on.
fn log() -> Bundle {
    Bundle::honest(Profile::Qustody, Start::First, 8, Proof::None)
}

fn links() -> Vec<Scenario> {
    let broken = |name: &str, change: fn(&mut Bundle), expect: Expect| of(&format!("chain-raw-{name}"), &with(log(), change), expect);
    let why = "an entry was put in that names the same predecessor as the next one";
    let forked = Expect::fail_at(Code::ChainForked, 5, why).or(Code::ChainInserted);
    let relinked = Expect::fail_at(Code::ChainRelinked, 4, "only the link of an entry was changed");
    let why = "an entry was altered and its own hash made anew; the next link names the old one";
    let restamped = Expect::fail_at(Code::ChainModifiedOrRemoved, 5, why).or(Code::ChainModified);
    let forge = |bundle: &mut Bundle| {
        bundle.alter(3);
        bundle.restamp(3);
        bundle.relink_from(4, Hand::Tamperer);
    };
    let forged = with(log(), forge);
    let open = "everything was written again, with hashes that fit: no chain without a key can tell, and nothing says that it is sound";
    let skip = Expect::pass("accepted in writing: hashes need no key").qualified();
    vec![
        broken("inserted", |bundle| bundle.insert(3, [bundle.forgery(3, "inserted")]), forked),
        broken("relinked", |bundle| bundle.change(3, |entry| entry["prev_hash"] = nowhere("relinked")), relinked),
        broken(
            "restamped",
            |bundle| {
                bundle.alter(3);
                bundle.restamp(3);
            },
            restamped,
        ),
        of("weak-raw-written-again", &forged, Expect::incomplete(&[CheckId::ManifestSignature], open))
            .run("skip", skip.input(&INPUT).args(&["--profile", "qustody/1"]).args(&SKIP)),
    ]
}

fn macs() -> Vec<Scenario> {
    let altered = with(transfer(), |bundle| bundle.alter(7));
    let open = [CheckId::ManifestSignature, CheckId::EventMac];
    let keyed = Expect::fail_at(Code::EventMac, 8, "the last event was altered: no link names it, and its HMAC does not fit");
    let args = ["--profile", "file-transfer/1"];
    vec![
        of("event-mac-raw", &altered, Expect::incomplete(&open, "the last event was altered, and no key was given"))
            .keyed(keyed.input(&INPUT).args(&args).args(&SKIP)),
    ]
}

/// A source that signs its events, and does not chain them.
const PROFILE: &str = r#"name = "acme-signed/1"
source = "events that are signed one by one"

[fields]
id = "/id"
time = "/occurred_at"
action = "/action"
tenant = "/tenant_id"
actor = "/actor/id"

[event_signature]
member = "/signature"
without = ["/signature"]

[requires]
claims = ["event.signature"]
"#;

fn signatures() -> Vec<Scenario> {
    let honest = Bundle::honest(Profile::FileTransfer, Start::Middle, 8, Proof::Signature);
    let signed = |name: &str, bundle: &Bundle, expect: Expect| {
        let why = "the trust file has no key for events";
        let keyless = Expect::incomplete(&[CheckId::ManifestSignature, CheckId::EventSignature], why).input(&INPUT);
        let keyless = keyless.only_args(&["--trust", "no-key.toml", "--profile", "profile.toml"]);
        let expect = expect.input(&INPUT).args(&["--profile", "profile.toml"]).args(&SKIP);
        let mut scenario = of(name, bundle, expect.clone());
        scenario.expects[0].1 = expect;
        let without = TrustFile::standard().without("acme-events").text();
        scenario.file("profile.toml", PROFILE.as_bytes().to_vec()).file("no-key.toml", without.into_bytes()).run("no-key", keyless)
    };
    let altered = with(honest.clone(), |bundle| bundle.alter(3));
    let stripped = with(honest.clone(), |bundle| bundle.change(3, |event| drop(event.remove("signature"))));
    vec![
        signed("good-raw-event-signatures", &honest, Expect::pass("each event is signed by the key of the trust file").qualified()),
        signed("event-signature-raw", &altered, Expect::fail_at(Code::EventSignature, 4, "one event was altered")),
        signed("event-signature-raw-missing", &stripped, Expect::fail_at(Code::EventSignatureMissing, 4, "one signature was taken out")),
    ]
}

fn alone() -> Vec<Scenario> {
    let entry = with(log(), |bundle| bundle.lines.truncate(1));
    let altered = with(entry.clone(), |bundle| bundle.alter(0));
    let event = with(transfer(), |bundle| bundle.lines.truncate(1));
    let args = ["--profile", "qustody/1"];
    let pass = Expect::pass("its own hash holds, and the auditor accepts that nothing signs the whole").qualified();
    let open = [CheckId::ManifestSignature, CheckId::ChainLinks, CheckId::EventMac];
    let links = Expect::incomplete(&[CheckId::ChainLinks], "the HMAC fits; a link without a neighbour says nothing").input(&INPUT);
    let both = ["--profile", "file-transfer/1", "--skip", "manifest.signature,chain.links"];
    let skipped = Expect::pass("the HMAC fits, and the auditor accepts the rest").qualified().input(&INPUT).args(&both).with_key();
    vec![
        of("good-raw-one-entry", &entry, Expect::incomplete(&[CheckId::ManifestSignature], "one entry, whose own hash holds"))
            .run("skip", pass.input(&INPUT).args(&args).args(&SKIP)),
        of("chain-raw-one-own-hash", &altered, Expect::fail_at(Code::ChainOwnHash, 1, "one entry, which was altered")),
        of("good-raw-transfer-one", &event, Expect::incomplete(&open, "one event: nothing to link to, and no key"))
            .keyed(links.args(&["--profile", "file-transfer/1"]).args(&SKIP))
            .run("skip", skipped),
    ]
}

fn asked() -> Vec<Scenario> {
    let lines = |events: &[super::super::edit::Event]| events.iter().flat_map(|event| [write(event), b"\n".to_vec()].concat()).collect::<Vec<u8>>();
    let one = |name: &str, profile: Profile, bytes: Vec<u8>, args: &[&str], expect: Expect| {
        raw(&format!("asked-raw-{name}"), profile, &[("events.ndjson".to_owned(), bytes)], expect).more_args(args)
    };
    let early = |event: u64| Expect::fail_at(Code::ManifestPeriod, event, "an event is later than what was asked for");
    let late = |event: u64| Expect::fail_at(Code::ManifestPeriod, event, "events are earlier than what was asked for");
    let count = Expect::fail(Code::ManifestCounts, At::Nowhere, "nine were asked for, there are eight");
    vec![
        one("trustgate-to", Profile::Trustgate, lines(&entries()), &["--to", "2026-10-07T11:00:00Z"], early(6)),
        one("trustgate-from", Profile::Trustgate, lines(&entries()), &["--from", "2026-10-02T00:00:00Z"], late(1)),
        one("typed-to", Profile::TypedEvents, lines(&typed()), &["--to", "2026-10-07T11:00:00Z"], early(6)),
        one("typed-from", Profile::TypedEvents, lines(&typed()), &["--from", "2026-10-02T00:00:00Z"], late(1)),
        one("count", Profile::Qustody, log().events(), &["--count", "9"], count),
    ]
}
