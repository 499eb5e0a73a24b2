//! Rows held against their events.

use std::io::Read;

use proptest::prelude::*;
use unbroken::bundle::Limits;
use unbroken::bundle::lines::Lines;
use unbroken::bundle::table::Table;
use unbroken::error::Error;
use unbroken::finding::{Code, Why};
use unbroken::profile::Profile;
use unbroken::verify::Quiet;
use unbroken::verify::table::{Sides, TableMatch};

fn try_compare(profile: &str, events: &str, table: &[u8], limits: &Limits) -> Result<TableMatch, Error> {
    let profile = Profile::built_in(profile).unwrap();
    let open_table = || Table::open("events.csv", Box::new(table) as Box<dyn Read + Send>, false, &profile.table, limits);
    let open_events = || Ok(Box::new(Lines::new("events.ndjson", events.as_bytes(), false, 100, limits)) as Box<_>);
    Sides { profile, table: &open_table, events: &open_events, limits }.compare(&Quiet)
}

fn compare(profile: &str, events: &str, table: impl AsRef<[u8]>) -> TableMatch {
    let found = try_compare(profile, events, table.as_ref(), &Limits::default()).unwrap();
    assert_eq!(found.refuted, found.findings.len() as u64);
    found
}

const ACTIONS: &str = concat!(
    r#"{"action":"/wallets","actionToken":"a.b.c","datePerformed":"2026-10-01T10:00:00.5Z","firstFactorCredential":{"id":"cr-1"},"id":"uj-1","userId":"us-1","username":"ann"}"#,
    "\n",
    r#"{"action":"/keys","actionToken":"d.e.f","datePerformed":null,"firstFactorCredential":null,"id":"uj-2","userId":null,"username":null}"#,
    "\n",
);
const FIRST: &str = "auditEventId,timestamp,userId,credentialId,actionPath,actionMetadata,signatureToken\n";
const SECOND: &str = "Date Performed,Audit Log ID,User ID,Username,Primary Credential ID,Action Path,Summary\n";

const SETTINGS: &str = concat!(
    r#"{"action":"matter.updated","actor_name":"O, \"B\"\nC","actor_role":"admin","actor_user_id":12345678901234567,"created_at":"2026-10-01T10:00:00Z","#,
    r#""id":"1","ip_address":"10.0.0.1","metadata":{"diff":{"n":[1,2.5]}},"resource_id":"0012","resource_type":"matter","user_agent":"=1+1"}"#,
    "\n",
);
const COLUMNS: &str = "id,actor_user_id,actor_name,actor_role,action,resource_type,resource_id,metadata,ip_address,user_agent,created_at\n";
const ROW: [&str; 11] = [
    "1",
    "12345678901234568",
    "\"O, \"\"B\"\"\nC\"",
    "admin",
    "matter.updated",
    "matter",
    "0012",
    "\"{ \"\"diff\"\": {\"\"n\"\": [1.0, 25e-1]} }\"",
    "10.0.0.1",
    "=1+1",
    "2026-10-01T12:00:00+02:00",
];

fn settings(change: Option<(usize, &str)>) -> TableMatch {
    let mut row = ROW;
    row[1] = "12345678901234568";
    if let Some((index, cell)) = change {
        row[index] = cell;
    }
    // The event's number is beyond what a double holds in 17 digits: a string there keeps its digits.
    let events = SETTINGS.replace("12345678901234567", "\"12345678901234568\"");
    compare("typed-events/1", &events, format!("{COLUMNS}{}\r\n", row.join(",")))
}

#[test]
fn both_column_sets_of_passkey_actions_match() {
    let rows = "uj-1,2026-10-01T10:00:00.500Z,us-1,cr-1,/wallets,{},a.b.c\nuj-2,,,,/keys,,d.e.f\n";
    let found = compare("passkey-actions/1", ACTIONS, format!("{FIRST}{rows}"));
    assert_eq!((found.upheld, &found.findings[..], &found.untested), (2, &[][..], &None));
    assert_eq!(found.note, "2 rows by 6 columns; not compared, for want of such a field: \"actionMetadata\"");
    let rows = "2026-10-01T12:00:00.5+02:00,uj-1,us-1,ann,cr-1,/wallets,x\n,uj-2,,,,/keys,\n";
    let found = compare("passkey-actions/1", ACTIONS, format!("\u{feff}{SECOND}{rows}"));
    assert_eq!((found.upheld, found.refuted, found.notes.len()), (2, 0, 1));
}

#[test]
fn spelling_does_not_matter_and_content_does() {
    assert_eq!((settings(None).upheld, settings(None).refuted), (1, 0));
    for (index, cell, word, hint) in [
        (2, "\"O, \"\"B\"\"\r\nC\"", "\"actor_name\"", "line ends"),
        (4, "matter.deleted", "expected \"matter.updated\", found \"matter.deleted\"", "rely on the events"),
        (1, "1.23457E+16", "\"actor_user_id\"", "rewrote a number"),
        (1, "12345678901234560", "\"actor_user_id\"", "rewrote a number"),
        (6, "12", "expected \"0012\", found \"12\"", "rewrote a number"),
        (10, "01/10/2026 12:00", "expected \"2026-10-01T10:00:00Z\", found \"01/10/2026 12:00\"", "rewrote a date"),
        (10, "2026-10-01T12:00:00Z", "\"created_at\"", "rely on the events"),
        (9, "'=1+1", "expected \"=1+1\", found \"'=1+1\"", "formulas"),
        (9, "", "found nothing", "rely on the events"),
        (7, "\"{\"\"diff\"\":{\"\"n\"\":[1,3]}}\"", "\"metadata\"", "rely on the events"),
        (7, "[object Object]", "\"metadata\": expected", "rely on the events"),
    ] {
        let found = settings(Some((index, cell)));
        assert_eq!((found.upheld, found.refuted), (0, 1), "{cell}");
        let finding = &found.findings[0];
        assert_eq!(finding.code, Code::TableField);
        assert!(finding.message.starts_with("the row on line 2 of events.csv differs from event 1: column"), "{}", finding.message);
        assert!(finding.message.contains(word) && finding.help.as_ref().unwrap().contains(hint), "{} {:?}", finding.message, finding.help);
        assert_eq!((finding.event.as_ref().unwrap().place.number, finding.stated_at.as_ref().unwrap().line), (Some(1), Some(2)));
    }
}

#[test]
fn rows_that_are_missing_or_too_many_are_named() {
    let one = "uj-1,2026-10-01T10:00:00.5Z,us-1,cr-1,/wallets,{},a.b.c\n";
    let found = compare("passkey-actions/1", ACTIONS, format!("{FIRST}{one}"));
    assert_eq!((found.upheld, found.findings[0].code), (1, Code::TableMissingRow));
    assert_eq!(found.findings[0].event.as_ref().unwrap().id.as_deref(), Some("uj-2"));
    let two = "uj-2,,,,/keys,,d.e.f\n";
    let more = format!("{FIRST}{two}{one}uj-3,,,,,,\n{one},,,,,,\n");
    let found = compare("passkey-actions/1", ACTIONS, more);
    assert_eq!((found.upheld, found.refuted), (2, 3));
    let told: Vec<_> = found.findings.iter().map(|finding| (finding.code, finding.message.as_str())).collect();
    assert_eq!(
        told,
        [
            (Code::TableExtraRow, "the row on line 4 has the id \"uj-3\", which no event has"),
            (Code::TableExtraRow, "the row on line 5 has the id \"uj-1\" of event 1, which has another row already"),
            (Code::TableExtraRow, "the row on line 6 has no id"),
        ]
    );
}

#[test]
fn a_table_that_was_cut_is_untested_and_never_whole() {
    let one = "uj-1,2026-10-01T10:00:00.5Z,us-1,cr-1,/wallets,{},a.b.c\n";
    let found = compare("passkey-actions/1", ACTIONS, format!("{FIRST}{one}# TRUNCATED at 1\n"));
    assert_eq!((found.upheld, found.refuted), (1, 0));
    assert_eq!(found.untested, Some(Why::Truncated("events.csv says so on line 3; 1 event has no row".to_owned())));
    let wrong = one.replace("us-1", "us-2");
    assert_eq!(compare("passkey-actions/1", ACTIONS, format!("{FIRST}{wrong}# TRUNCATED")).findings[0].code, Code::TableField);
    let behind = compare("passkey-actions/1", ACTIONS, format!("{FIRST}{one}# TRUNCATED\nuj-2,,,,/keys,,d.e.f\n"));
    assert_eq!((behind.upheld, behind.refuted, behind.findings[0].code), (1, 1, Code::TableMalformed));
}

#[test]
fn what_cannot_be_read_is_no_match() {
    let found = compare("passkey-actions/1", ACTIONS, "auditEventId,timestamp\n");
    assert_eq!((found.refuted, found.findings[0].code), (1, Code::TableColumn));
    let found = compare("passkey-actions/1", ACTIONS, format!("{FIRST}uj-1,x\n"));
    assert_eq!((found.refuted, found.findings[0].code), (1, Code::TableMalformed));
    let rows = "uj-1,2026-10-01T10:00:00.5Z,us-1,cr-1,/wallets,{},a.b.c\nuj-2,,,,/keys,,d.e.f\n";
    let broken = ACTIONS.replace("\"action\":\"/keys\"", "\"action\":");
    let found = compare("passkey-actions/1", &broken, format!("{FIRST}{rows}"));
    assert_eq!((found.upheld, found.refuted, found.untested), (1, 0, Some(Why::Unreadable)));
    let few = Limits { max_events: 1, ..Limits::default() };
    assert_eq!(try_compare("passkey-actions/1", ACTIONS, format!("{FIRST}{rows}").as_bytes(), &few).unwrap_err().exit_code(), 5);
}

/// Many rows in another order, one of them wrong: the rest is equal, whatever the order.
#[test]
fn any_order_matches_and_totals_are_exact() {
    let events: String =
        (0..70_000).map(|n| format!("{{\"action\":\"a\",\"datePerformed\":null,\"id\":\"{n}\",\"username\":\"{}\"}}\n", n % 7)).collect();
    let row = |n: u32, name: u32| format!(",{n},,{name},,a,\n");
    let backwards: String = (0..70_000).rev().map(|n| row(n, if n == 5 { 9 } else { n % 7 })).collect();
    let found = compare("passkey-actions/1", &events, format!("{SECOND}{backwards}"));
    assert_eq!((found.upheld, found.refuted), (69_999, 1));
    assert!(found.findings[0].message.contains("expected \"5\", found \"9\""), "{}", found.findings[0].message);
    let wrong: String = (0..70_000).map(|n| row(n, 9)).collect();
    let limits = Limits::default();
    let found = try_compare("passkey-actions/1", &events, format!("{SECOND}{wrong}").as_bytes(), &limits).unwrap();
    assert_eq!((found.upheld, found.refuted, found.findings.len()), (0, 70_000, 8000));
}

fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec(prop_oneof![Just(','), Just('"'), Just('\n'), Just('\r'), Just('#'), Just('é'), any::<char>()], 1..8)
        .prop_map(|characters| characters.into_iter().filter(|character| *character != '\0').collect())
}

fn json_text(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

proptest! {
    /// Events to a table by the csv crate's writer, in any quoting, line ends and order: it matches; with one cell altered it does not.
    #[test]
    fn what_was_written_from_the_events_matches(
        texts in proptest::collection::vec((text(), text(), proptest::option::of(text())), 1..12),
        order in any::<prop::sample::Index>(),
        always in any::<bool>(),
        crlf in any::<bool>(),
        backwards in any::<bool>(),
        altered in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let mut events = String::new();
        let mut rows = Vec::new();
        for (number, (name, action, metadata)) in texts.iter().enumerate() {
            let metadata = metadata.as_ref().map_or("null".to_owned(), |text| format!("{{ \"t\" : {} }}", json_text(text)));
            events += &format!("{{\"action\":{},\"actor_name\":{},\"created_at\":\"2026-10-01T10:00:00Z\",\"id\":\"{number}\",\"metadata\":{metadata}}}\n", json_text(action), json_text(name));
            rows.push([number.to_string(), String::new(), name.clone(), String::new(), action.clone(), String::new(), String::new(), metadata, String::new(), String::new(), "2026-10-01T09:00:00.000-01:00".to_owned()]);
        }
        let count = rows.len();
        rows.rotate_left(order.index(count));
        if backwards {
            rows.reverse();
        }
        if let Some(altered) = altered {
            rows[altered.index(count)][2].push('!');
        }
        let mut writer = csv::WriterBuilder::new()
            .quote_style(if always { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary })
            .terminator(if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') })
            .from_writer(COLUMNS.as_bytes().to_vec());
        rows.iter().for_each(|row| writer.write_record(row).unwrap());
        let found = compare("typed-events/1", &events, writer.into_inner().unwrap());
        let wrong = u64::from(altered.is_some());
        prop_assert_eq!((found.upheld, found.refuted), (count as u64 - wrong, wrong), "{:?}", found.findings);
        prop_assert!(found.findings.iter().all(|finding| finding.code == Code::TableField));
    }
}
