//! Tables beside events: as role `table` in a bundle, and as a file beside a raw export.

use serde_json::json;
use unbroken::finding::{CheckId, Code};

use super::super::actions::{events, ndjson, no_credential, system_event, three};
use super::super::edit::Event;
use super::super::expect::{At, Expect};
use super::super::table::{Columns, csv, csv_quoted, rows};
use super::Scenario;
use super::actions::{SKIP, sealed_with, table};

pub fn list() -> Vec<Scenario> {
    let mut list = fields();
    list.extend(shapes());
    list.extend(cut());
    list.extend(good());
    list
}

/// `bundle.zip`, and the same two files as a raw export.
fn both(name: impl Into<String>, events: &[Event], bytes: Vec<u8>, expect: Expect) -> Scenario {
    both_with(name, events, bytes, expect.clone(), expect)
}

/// The same, where the two have different answers.
fn both_with(name: impl Into<String>, events: &[Event], bytes: Vec<u8>, expect: Expect, of_raw: Expect) -> Scenario {
    let of_raw = of_raw.input(&["events.ndjson", "events.csv"]).args(&["--profile", "passkey-actions/1"]).args(&SKIP);
    let of_raw = if of_raw.exit == 0 { of_raw.qualified() } else { of_raw };
    sealed_with(name, events, &[table(bytes.clone())], expect).file("events.ndjson", ndjson(events)).file("events.csv", bytes).run("raw", of_raw)
}

fn three_events() -> Vec<Event> {
    events(&three())
}

type Rows = Vec<Vec<String>>;

fn changed(columns: Columns, change: impl FnOnce(&mut Rows)) -> Vec<u8> {
    let mut rows = rows(columns, &three_events());
    change(&mut rows);
    csv(&rows)
}

fn fail(name: &str, code: Code, at: At, bytes: Vec<u8>, why: &str) -> Scenario {
    both(format!("table-{name}"), &three_events(), bytes, Expect::fail(code, at, why))
}

fn fields() -> Vec<Scenario> {
    let cell = |name: &str, columns: Columns, column: usize, text: &'static str, why: &str| {
        let bytes = changed(columns, |rows| rows[2][column] = text.to_owned());
        fail(&format!("field-{name}"), Code::TableField, At::Event(2), bytes, why)
    };
    let (api, people) = (Columns::Api, Columns::People);
    let token = changed(api, |rows| rows[2][6] = rows[1][6].clone());
    let mut of_system = three_events();
    of_system[1] = system_event(2, no_credential());
    let mut named = rows(people, &of_system);
    named[2][2] = "us-ada".to_owned();
    vec![
        cell("time", api, 1, "2026-10-05T01:34:35.226Z", "another time"),
        cell("time-spreadsheet", people, 0, "10/5/2026 1:34", "a time that a spreadsheet wrote").or(Code::TableMalformed),
        cell("user", api, 2, "us-ben", "another user"),
        cell("user-empty", people, 2, "", "no user, where the event names one"),
        cell("credential", api, 3, "cr-ben-phone", "another credential"),
        cell("action", api, 4, "wallets/wa-1:read", "another action"),
        cell("action-space", people, 5, "wallets/wa-1:transfer ", "a blank behind the action"),
        cell("name", people, 3, "ada@globex.example", "another name"),
        fail("field-token", Code::TableField, At::Event(2), token, "the token of another event"),
        both(
            "table-field-system",
            &of_system,
            csv(&named),
            Expect::fail(Code::TableField, At::Event(2), "the table names a user, the event was initiated by the system"),
        ),
    ]
}

fn shapes() -> Vec<Scenario> {
    let api = Columns::Api;
    let column =
        |name: &str, change: fn(&mut Rows), why: &str| fail(&format!("column-{name}"), Code::TableColumn, At::Nowhere, changed(api, change), why);
    // nothing says what such a file is where no manifest does
    let unknown = |name: &str, code: Code, bytes: Vec<u8>, why: &str| {
        let of_raw = Expect::exit(4, why).input(&["events.ndjson", "events.csv"]).args(&["--profile", "passkey-actions/1"]).args(&SKIP);
        let sealed = sealed_with(name, &three_events(), &[table(bytes.clone())], Expect::fail(code, At::Any, why));
        sealed.file("events.ndjson", ndjson(&three_events())).file("events.csv", bytes).run("raw", of_raw)
    };
    let broken = |name: &str, bytes: Vec<u8>, why: &str| fail(&format!("malformed-{name}"), Code::TableMalformed, At::Any, bytes, why);
    let text = || String::from_utf8(csv(&rows(api, &three_events()))).unwrap();
    let utf16: Vec<u8> = [0xfeff].into_iter().chain(text().encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let bare: Vec<u8> = text().encode_utf16().flat_map(u16::to_le_bytes).collect();
    let extra = |rows: &mut Rows| {
        let mut row = rows[2].clone();
        row[0] = "uj-00000-nobody".to_owned();
        rows.push(row);
    };
    let twice = |rows: &mut Rows| rows.push(rows[2].clone());
    let renamed = changed(api, |rows| rows[2][0] = "uj-00000-nobody".to_owned());
    let id = both(
        "table-id",
        &three_events(),
        renamed,
        Expect::fail(Code::TableMissingRow, At::Any, "a row has the id of no event, and one event has no row").also(Code::TableExtraRow),
    );
    vec![
        column("missing", |rows| rows.iter_mut().for_each(|row| drop(row.remove(3))), "there is no credential column"),
        column("unknown", |rows| rows[0][3] = "credential".to_owned(), "a column has a name that the profile does not know"),
        column("twice", |rows| rows[0][3] = "userId".to_owned(), "a column is there twice"),
        unknown("table-column-no-head", Code::TableColumn, changed(api, |rows| drop(rows.remove(0))), "the first row is an event"),
        fail("extra-row", Code::TableExtraRow, At::Any, changed(api, extra), "a row for which there is no event"),
        fail("row-twice", Code::TableExtraRow, At::Any, changed(api, twice), "a row stands twice"),
        fail("missing-row", Code::TableMissingRow, At::Event(2), changed(api, |rows| drop(rows.remove(2))), "an event without a row"),
        fail("missing-last", Code::TableMissingRow, At::Event(3), changed(api, |rows| drop(rows.pop())), "the last event has no row"),
        id,
        broken("short-row", changed(api, |rows| drop(rows[2].pop())), "a row has a cell too few"),
        broken("long-row", changed(api, |rows| rows[2].push(String::new())), "a row has a cell too many"),
        broken("quote", text().replacen("\nuj-", "\n\"uj-", 1).into_bytes(), "a quotation mark that does not close"),
        unknown("table-malformed-utf-16", Code::TableMalformed, utf16, "UTF-16"),
        unknown(
            "table-malformed-utf-8",
            Code::TableMalformed,
            [text().into_bytes(), b"\xc3\x28,,,,,,\n".to_vec()].concat(),
            "two bytes are not UTF-8",
        ),
        unknown("table-malformed-utf-16-bare", Code::TableMalformed, bare, "UTF-16 without a byte order mark"),
        fail("field-nul", Code::TableField, At::Event(2), text().replacen("us-ada", "us-\0ada", 1).into_bytes(), "a cell has a NUL more"),
    ]
}

/// The source cut the table, and says so.
fn cut() -> Vec<Scenario> {
    let people = Columns::People;
    let short = |change: fn(&mut Rows), end: &str| {
        let mut bytes = changed(people, |rows| {
            rows.truncate(3);
            change(rows);
        });
        bytes.extend(end.as_bytes());
        bytes
    };
    let truncated = "# TRUNCATED at 2 of 3 rows\n";
    let why = "the table was cut by its source; the third event has no row";
    let (of_bundle, untested) =
        (Expect::incomplete(&[CheckId::TableMatch, CheckId::ExportTruncated], why), Expect::incomplete(&[CheckId::ExportTruncated], why));
    vec![
        both_with("weak-table-truncated", &three_events(), short(|_| {}, truncated), of_bundle, untested),
        fail(
            "truncated-field",
            Code::TableField,
            At::Event(2),
            short(|rows| rows[2][2] = "us-ben".to_owned(), truncated),
            "a cut table, and another user in one of its rows",
        ),
        fail(
            "truncated-more",
            Code::TableMalformed,
            At::Any,
            short(|_| {}, &format!("{truncated}{truncated}")),
            "something stands behind the line that ends a cut table",
        ),
    ]
}

fn good() -> Vec<Scenario> {
    let pass = |name: &str, events: &[Event], bytes: Vec<u8>, why: &str| both(format!("good-table-{name}"), events, bytes, Expect::pass(why));
    let (api, people) = (Columns::Api, Columns::People);
    let three = three_events();
    let mut odd = three.clone();
    odd[1]["username"] = json!("Ada \"the\" One,\nthe second =1+1");
    let zone = |rows: &mut Rows| rows[1..].iter_mut().for_each(|row| row[1] = row[1].replace('Z', "+00:00"));
    vec![
        pass("quoted", &three, csv_quoted(&rows(people, &three)), "everything quoted, CR and LF"),
        pass("odd-cells", &odd, csv(&rows(people, &odd)), "a cell with quotation marks, a comma and a line end"),
        pass("bom", &three, [b"\xef\xbb\xbf".to_vec(), csv(&rows(api, &three))].concat(), "a byte order mark"),
        pass("newest-first", &three, changed(api, |rows| rows[1..].reverse()), "rows in another order"),
        pass("zone", &three, changed(api, zone), "the same instants, written in another way"),
    ]
}
