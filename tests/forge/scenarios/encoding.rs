//! Logs whose hashes were made over another form of writing, by the source or by somebody who altered an event: one finding, that names the form.

use serde_json::{Value, json};
use unbroken::finding::Code;

use super::super::bundle::{Bundle, Start};
use super::super::edit::{Event, parse, write};
use super::super::expect::Expect;
use super::super::keys::digest;
use super::super::record::{Profile, Proof};
use super::Scenario;
use super::sources::raw;

pub fn list() -> Vec<Scenario> {
    let all = |name: &str, form: fn(&Event) -> String, why: &str| scenario(name, log(form, |_| true), 1, why);
    let fourth = |name: &str, form: fn(&Event) -> String, why: &str| scenario(name, log(form, |index| index == 3), 4, why);
    let last = scenario("last", log(spaced, |index| index == 7), 8, "only the last entry, whose own hash alone tells");
    let lines = log(|event| plain(event) + "\n", |index| index == 3).into_iter().enumerate();
    let altered = lines.map(|(index, line)| if index == 5 { line.replacen("wal_", "wbl_", 1) } else { line }).collect();
    let (mut removed, mut reordered) = (log(spaced, |_| true), log(spaced, |_| true));
    removed.remove(4);
    reordered.swap(4, 5);
    vec![
        all("spaces", spaced, "every hash is that of a text with spaces"),
        fourth("escapes", escaped, "one hash is that of a text with escapes"),
        fourth("escapes-html", |event| plain(event).replace('<', "\\u003c"), "one hash is that of a text whose < is escaped"),
        fourth("zone", |event| time(event, |time| time.replace('Z', "+00:00")), "one hash is that of a time with +00:00"),
        fourth("milliseconds", |event| time(event, |time| time.replace('Z', ".000Z")), "one hash is that of a time in milliseconds"),
        fourth("microseconds", |event| time(event, |time| time.replace('Z', ".000000+00:00")), "one hash is that of a time in microseconds"),
        fourth("float", |event| plain(event).replace("\"count\":2", "\"count\":2.0"), "one hash is that of 2.0"),
        fourth("null", without_null, "one hash leaves out what is null"),
        all("newline", |event| plain(event) + "\n", "every hash is that of a line with its line feed"),
        fourth("order", in_order, "one hash is that of the members in the order of the file"),
        last,
        also("tampering", altered, 4, Code::ChainModified, "one hash is that of another form; another entry was altered"),
        also("removal", removed, 1, Code::ChainModifiedOrRemoved, "every hash is that of another form, and an entry is gone"),
        also("order", reordered, 1, Code::ChainReordered, "every hash is that of another form, and two entries changed places"),
        forged(),
        transfer(),
    ]
}

fn scenario(name: &str, lines: Vec<String>, event: u64, why: &str) -> Scenario {
    let bytes = lines.iter().map(|line| format!("{line}\n")).collect::<String>().into_bytes();
    raw(&format!("chain-encoding-{name}"), Profile::Qustody, &[("events.ndjson".to_owned(), bytes)], Expect::fail_at(Code::ChainEncoding, event, why))
}

fn also(name: &str, lines: Vec<String>, event: u64, code: Code, why: &str) -> Scenario {
    let mut scenario = scenario(&format!("and-{name}"), lines, event, why);
    scenario.expects[0].1.also.push(code);
    scenario
}

/// An entry was altered, and whoever did it made its hash again: nothing tells that from a source that writes so.
fn forged() -> Scenario {
    let mut entries = honest();
    entries[3]["actor_id"] = Value::from("usr_EVIL");
    let lines = hashed(entries, |event| plain(event) + "\n", |index| index == 3);
    scenario("forged", lines, 4, "one entry was altered, and its hash made again with a line feed")
}

fn honest() -> Vec<Event> {
    Bundle::honest(Profile::Qustody, Start::First, 8, Proof::None).lines.iter().map(|line| parse(line)).collect()
}

/// Eight entries from the zero link on; the own hashes of some are those of another form. Their links name the stated hashes.
fn log(form: fn(&Event) -> String, of: fn(usize) -> bool) -> Vec<String> {
    hashed(honest(), form, of)
}

fn hashed(entries: Vec<Event>, form: fn(&Event) -> String, of: fn(usize) -> bool) -> Vec<String> {
    let mut link = entries[0]["prev_hash"].clone();
    let lines = entries.into_iter().enumerate().map(|(index, mut event)| {
        event.remove("entry_hash");
        event.insert("prev_hash".to_owned(), link.clone());
        event.insert("metadata".to_owned(), json!({"by": "Zoë <3 \u{1f512}", "count": 2, "limit": null}));
        link = Value::from(digest(if of(index) { form(&event) } else { plain(&event) }.as_bytes()));
        // in the order of the source, which is not that of the alphabet
        let written = in_order(&event);
        format!("{},\"entry_hash\":{link}}}", &written[..written.len() - 1])
    });
    lines.collect()
}

fn plain(event: &Event) -> String {
    String::from_utf8(write(event)).unwrap()
}

fn spaced(event: &Event) -> String {
    fn text(value: &Value) -> String {
        match value {
            Value::Object(members) => {
                let members: Vec<String> = members.iter().map(|(name, value)| format!("{}: {}", Value::from(name.as_str()), text(value))).collect();
                format!("{{{}}}", members.join(", "))
            }
            other => other.to_string(),
        }
    }
    text(&Value::Object(event.clone()))
}

fn escaped(event: &Event) -> String {
    plain(event).replace('ë', "\\u00eb").replace('\u{1f512}', "\\ud83d\\udd12")
}

fn time(event: &Event, change: fn(&str) -> String) -> String {
    let mut event = event.clone();
    event["created_at"] = Value::from(change(event["created_at"].as_str().unwrap()));
    plain(&event)
}

fn without_null(event: &Event) -> String {
    plain(event).replace(",\"limit\":null", "")
}

/// As [`log`] writes it.
fn in_order(event: &Event) -> String {
    let mut rest = event.clone();
    let id = rest.remove("id").unwrap();
    format!("{{\"id\":{id},{}", &plain(&rest)[1..])
}

/// Links alone, no own hashes: each names the hash of the line before, with spaces.
fn transfer() -> Scenario {
    let bundle = Bundle::honest(Profile::FileTransfer, Start::First, 8, Proof::None);
    let mut link = parse(&bundle.lines[0])["prev_hash"].clone();
    let lines = bundle.lines.iter().map(|line| {
        let mut event = parse(line);
        event.insert("prev_hash".to_owned(), link.clone());
        // the one list in such an event has one item: no comma stands in it
        link = Value::from(digest(spaced(&event).as_bytes()));
        plain(&event) + "\n"
    });
    let bytes = lines.collect::<String>().into_bytes();
    let expect = Expect::fail_at(Code::ChainEncoding, 1, "every link is the hash of a text with spaces");
    raw("chain-encoding-links", Profile::FileTransfer, &[("events.ndjson".to_owned(), bytes)], expect)
}
