//! Manifests that do not have their form, or that contradict the events; all signed by the right key.

use serde_json::{Value, json};
use unbroken::finding::{CheckId, Code};

use super::super::bundle::{ACME, Bundle, Member, export_key, genesis_block, signature_file};
use super::super::edit::Hand;
use super::super::expect::{At, Expect};
use super::{Scenario, entries, from_genesis, transfer, with};

pub fn list() -> Vec<Scenario> {
    let mut list = text();
    list.extend(members());
    list.extend(roles());
    list.extend(contradictions());
    list.extend(asked());
    list.extend(filters());
    list
}

fn fail(code: Code, why: &str) -> Expect {
    Expect::fail(code, At::Nowhere, why)
}

/// The manifest's text is changed by hand, and signed so.
fn text() -> Vec<Scenario> {
    let malformed = |name: &str, change: fn(String) -> Vec<u8>, why: &str| {
        let bundle = transfer();
        let bytes = change(String::from_utf8(bundle.manifest_bytes()).unwrap());
        let members = bundle.with_manifest(&bytes, &signature_file(&bytes, &bundle.signers));
        Scenario::zip(format!("manifest-malformed-{name}"), &members, fail(Code::ManifestMalformed, why))
    };
    let twice = |text: String| text.replacen('{', "{\"profile\":\"qustody/1\",", 1).into_bytes();
    let escaped = |text: String| text.replacen('{', "{\"\\u0070rofile\":\"qustody/1\",", 1).into_bytes();
    vec![
        malformed("duplicate-name", twice, "a member stands twice"),
        malformed("duplicate-name-escaped", escaped, "a member stands twice, once spelt with an escape"),
        malformed("bom", |text| [b"\xef\xbb\xbf", text.as_bytes()].concat(), "a byte order mark stands at the start"),
        malformed("trailing-text", |text| format!("{text},").into_bytes(), "something stands behind the object"),
        malformed("bad-utf8", |text| text.replacen("bnd_acme", "bnd_\u{e9}acme", 1).chars().map(|c| c as u8).collect(), "a byte is not UTF-8"),
    ]
}

fn changed(name: &str, bundle: Bundle, change: impl FnOnce(&mut Bundle), expect: Expect) -> Scenario {
    Scenario::sealed(format!("manifest-{name}"), &with(bundle, change), expect)
}

fn members() -> Vec<Scenario> {
    type Change = fn(&mut Bundle);
    let field: [(&str, Change, &str); 12] = [
        ("tenant-missing", |b| drop(b.manifest.remove("tenant_id")), "tenant_id is missing"),
        ("tenant-form", |b| drop(b.manifest.insert("tenant_id".to_owned(), json!("tnt acme"))), "tenant_id has a space"),
        ("count-text", |b| b.manifest["events"]["count"] = json!("8"), "the count is a string"),
        ("count-negative", |b| b.manifest["events"]["count"] = json!(-8), "the count is negative"),
        ("time-lower-case", |b| b.manifest["created_at"] = json!("2026-11-01t00:10:00z"), "a time is written in lower case"),
        ("time-leap-second", |b| b.manifest["created_at"] = json!("2026-11-01T00:10:60Z"), "a time has a leap second"),
        ("digest-upper-case", upper_case_digest, "a digest is written in upper case"),
        ("filter-empty", |b| b.manifest["selection"] = json!({"filter": {}}), "the filter is empty"),
        (
            "filter-unknown-key",
            |b| b.manifest["selection"] = json!({"filter": {"colour": "red"}}),
            "the filter has a key that the format does not know",
        ),
        ("selection-word", |b| b.manifest["selection"] = json!("partial"), "selection is neither complete nor a filter"),
        ("path-twice", path_twice, "a file is listed twice"),
        ("period-missing-end", |b| b.manifest["period"] = json!({"from": "2026-10-01T00:00:00Z"}), "the period has no end"),
    ];
    let mut list = Vec::new();
    for (name, change, why) in field {
        let expect = fail(Code::ManifestField, why);
        let expect = match name {
            "path-twice" => expect.or(Code::ManifestRoles),
            "filter-unknown-key" => expect.or(Code::ManifestUnknownMember),
            _ => expect,
        };
        list.push(changed(&format!("field-{name}"), transfer(), change, Expect { at: At::Any, ..expect }));
    }
    let put = |name: &'static str, value: Value| move |bundle: &mut Bundle| drop(bundle.manifest.insert(name.to_owned(), value));
    let unknown = Expect { at: At::Any, ..fail(Code::ManifestUnknownMember, "a member that the format does not know") };
    list.push(changed("unknown-member", transfer(), put("comment", json!("trust me")), unknown.clone()));
    list.push(changed("unknown-member-inside", transfer(), |b| b.manifest["events"]["note"] = json!("trust me"), unknown));
    let claim = fail(Code::ManifestUnknownClaim, "the manifest declares a proof that the profile does not have");
    list.push(changed("unknown-claim-mac", entries(), put("event_mac", json!({"key_id": "acme-mac"})), Expect { at: At::Any, ..claim.clone() }));
    list.push(changed(
        "unknown-claim-signature",
        entries(),
        put("event_signature", json!({"key_id": "acme-events"})),
        Expect { at: At::Any, ..claim },
    ));
    list
}

fn upper_case_digest(bundle: &mut Bundle) {
    let digest = bundle.manifest["chain"]["last_hash"].as_str().unwrap();
    let digest = format!("sha256:{}", digest[7..].to_uppercase());
    bundle.manifest["chain"]["last_hash"] = json!(digest);
}

fn path_twice(bundle: &mut Bundle) {
    bundle.members.push(Member { name: "notes.txt", role: "other", bytes: b"a note\n".to_vec() });
    let mut files = bundle.files();
    let again = files[1].clone();
    files.as_array_mut().unwrap().push(again);
    bundle.manifest.insert("files".to_owned(), files);
}

fn roles() -> Vec<Scenario> {
    let roles = |why: &str| Expect { at: At::Any, ..fail(Code::ManifestRoles, why) };
    let copy = |b: &mut Bundle| b.members.push(Member { name: "events-2.ndjson", role: "events", bytes: b.events() });
    let retitled = |b: &mut Bundle| {
        let mut files = b.files();
        files[0]["role"] = json!("table");
        b.manifest.insert("files".to_owned(), files);
    };
    let other = |b: &mut Bundle| b.members.push(Member { name: "more.ndjson", role: "other", bytes: b.events() });
    let credentials = |b: &mut Bundle| b.members.push(Member { name: "credentials.json", role: "credentials", bytes: b"{}".to_vec() });
    let genesis = |b: &mut Bundle| b.put_genesis(genesis_block(ACME), &[("acme-export-2026", export_key())]);
    let other_gz = |b: &mut Bundle| b.members.push(Member { name: "more.csv.gz", role: "other", bytes: b"x".to_vec() });
    vec![
        changed("roles-two-events", transfer(), copy, roles("two files have the role events")),
        changed("roles-no-events", transfer(), retitled, roles("no file has the role events")),
        changed(
            "roles-genesis-alone",
            from_genesis(),
            |b| b.members.retain(|member| member.role != "genesis-signature"),
            roles("a genesis block without its signature"),
        ),
        changed("roles-other-ndjson", transfer(), other, roles("a file that looks like events has the role other").or(Code::ManifestField)),
        changed("roles-credentials", transfer(), credentials, fail(Code::ManifestUnknownClaim, "credentials, in a profile without passkeys")),
        changed("roles-genesis-entries", entries(), genesis, fail(Code::ManifestUnknownClaim, "a genesis block, in a profile without one")),
        changed("roles-other-csv-gz", transfer(), other_gz, roles("a file that looks like a table has the role other").or(Code::ManifestField)),
    ]
}

fn contradictions() -> Vec<Scenario> {
    let from = |b: &mut Bundle| b.manifest["period"]["from"] = json!("2026-10-01T00:36:59.5Z");
    let from = |b: &mut Bundle| (b.author(0, |event| event["occurred_at"] = json!("2026-10-01T00:36:59Z")), from(b)).1;
    let to = |b: &mut Bundle| b.manifest["period"]["to"] = json!("2026-10-01T04:19:00Z");
    let created = |b: &mut Bundle| b.manifest["created_at"] = json!("2026-10-01T04:18:59Z");
    let foreign = |b: &mut Bundle| b.author(3, |event| event["tenant_id"] = json!("tnt_globex"));
    let entry = |b: &mut Bundle| b.author(3, |event| event["tenant_id"] = json!("tnt_globex"));
    let count = |b: &mut Bundle| b.manifest["events"]["count"] = json!(9);
    let first = |b: &mut Bundle| b.manifest["events"]["first_id"] = json!("evt_0000000000000000");
    let last = |b: &mut Bundle| b.manifest["events"]["last_id"] = json!("evt_0000000000000000");
    let empty = |b: &mut Bundle| b.lines.clear();
    let counts = Code::ManifestCounts;
    vec![
        changed("period-before", transfer(), from, Expect::fail_at(Code::ManifestPeriod, 1, "an event lies before the period")),
        changed(
            "period-at-the-end",
            transfer(),
            to,
            Expect::fail_at(Code::ManifestPeriod, 8, "an event lies exactly at the period's end, which is exclusive"),
        ),
        changed("created", transfer(), created, Expect::fail(Code::ManifestCreated, At::Any, "the manifest was made before its last event")),
        changed(
            "tenant",
            transfer(),
            foreign,
            Expect::fail_at(Code::ManifestTenant, 4, "the producer put an event of another tenant into the chain"),
        ),
        changed(
            "tenant-entries",
            entries(),
            entry,
            Expect::fail_at(Code::ManifestTenant, 4, "the producer put an entry of another tenant into the chain"),
        ),
        changed("counts-high", transfer(), count, fail(counts, "all links hold to the last hash, and the count is wrong")),
        changed("counts-first-id", transfer(), first, Expect::fail(counts, At::Any, "the first id is another")),
        changed("counts-last-id", transfer(), last, Expect::fail(counts, At::Any, "the last id is another")),
        changed("counts-events-gone", transfer(), empty, fail(counts, "the events file is empty and the manifest counts eight")),
    ]
}

/// What the auditor asked for differs.
fn asked() -> Vec<Scenario> {
    let asked = |name: &str, args: &[&str], expect: Expect| Scenario::sealed(format!("asked-{name}"), &transfer(), expect.args(args));
    vec![
        asked("from", &["--from", "2026-09-01T00:00:00Z"], fail(Code::ManifestPeriodUncovered, "asked from September on")),
        asked("to", &["--to", "2026-11-01T00:00:01Z"], fail(Code::ManifestPeriodUncovered, "asked up to a second later")),
        asked("narrower", &["--from", "2026-10-02T00:00:00Z", "--to", "2026-10-31T00:00:00Z"], Expect::pass("asked for less than was given: a note")),
        asked("tenant", &["--tenant", "tnt_globex"], fail(Code::ManifestTenantUnexpected, "asked for another tenant")),
        asked("count", &["--count", "9"], fail(Code::ManifestCounts, "asked for another number of events")),
        asked(
            "all-as-given",
            &["--tenant", "tnt_acme", "--count", "8", "--from", "2026-10-01T00:00:00Z", "--to", "2026-11-01T00:00:00Z"],
            Expect::pass("all that was asked for"),
        ),
    ]
}

/// Events of one actor, as an API filter gives them; the producer's links name events that are not there.
fn filtered(keep: &[usize], filter: Value) -> Bundle {
    with(transfer(), |bundle| {
        for index in 0..bundle.lines.len() {
            let user = if [1, 2, 5, 7].contains(&index) { "usr_07" } else { "usr_08" };
            bundle.change(index, |event| event["actor"]["id"] = json!(user));
        }
        bundle.relink_from(0, Hand::Producer);
        let lines = keep.iter().map(|index| bundle.lines[*index].clone()).collect();
        bundle.lines = lines;
        bundle.manifest.remove("previous");
        bundle.manifest.insert("selection".to_owned(), json!({ "filter": filter }));
        let first = super::super::edit::parse(&bundle.lines[0])["prev_hash"].clone();
        bundle.manifest["chain"]["first_prev_hash"] = first;
        bundle.restate();
    })
}

fn filters() -> Vec<Scenario> {
    let by_actor = filtered(&[1, 2, 5, 7], json!({"actor": "usr_07"}));
    let one_too_many = filtered(&[1, 2, 4, 7], json!({"actor": "usr_07"}));
    let by_request = filtered(&[1, 2, 5, 7], json!({"request_id": "req_1"}));
    let broken = with(by_actor.clone(), |bundle| bundle.change(0, |event| event["network"]["ip"] = json!("198.51.100.1")));
    let skip = &["--skip", "chain.links,event.mac"];
    let links = [CheckId::ChainLinks];
    let qualified = Expect::pass("a filtered export, its links accepted untested").qualified();
    vec![
        Scenario::sealed(
            "filter-actor",
            &by_actor,
            Expect::incomplete(&links, "a filtered export: most links have no neighbour to be tested against"),
        )
        .run("skip", qualified.clone().args(skip))
        .run("skip-links", Expect::incomplete(&[CheckId::EventMac], "with the links skipped the HMAC is required").args(&["--skip", "chain.links"]))
        .keyed(qualified.args(&["--skip", "chain.links"])),
        Scenario::sealed("filter-mismatch", &one_too_many, Expect::fail_at(Code::ManifestFilter, 3, "an event does not match the filter")),
        Scenario::sealed(
            "filter-unmapped",
            &by_request,
            Expect::incomplete(&[CheckId::ManifestFilter], "the profile has no field for this filter key"),
        ),
        Scenario::sealed(
            "filter-broken-link",
            &broken,
            Expect::fail_at(Code::ChainModified, 1, "the link between two consecutive numbers does not hold"),
        ),
    ]
}
