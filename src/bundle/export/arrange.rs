//! The order of an export's files: pages by their numbers, other files by the times of their first events. Not here: the order inside a file.

use super::envelope::{self, Envelope, Found};
use super::pages::Pages;
use super::state::Shape;
use super::{Arranged, Direction, Export, Form, Part, parallel, rows};
use crate::error::Error;
use crate::json::{self, Value};
use crate::profile::Profile;
use crate::time::Time;

/// A part that was looked at.
struct Read {
    part: Part,
    /// If it is a page that can be read.
    envelope: Option<Envelope>,
    /// It may be a page: it breaks off before that shows.
    broken: bool,
}

/// Arranges the files.
pub(super) fn arrange(export: &Export, profile: &Profile, direction: Direction) -> Result<Arranged, Error> {
    let (tables, others): (Vec<Part>, Vec<Part>) = export.parts().partition(|part| part.form == Form::Table);
    let mut arranged = Arranged { direction, ..Arranged::default() };
    if let Some(table) = tables.first().filter(|_| profile.table.is_empty()) {
        return Err(Error::Environment {
            what: format!("{} is a table (CSV), and profile {} knows no columns", export.item(table)?.name, profile.name),
            hint: "give the export as JSON, or name another profile with --profile".to_owned(),
        });
    }
    for table in &tables {
        let truncated = rows::truncated(export, table, profile)?;
        arranged.truncated = arranged.truncated.or(truncated);
    }
    if others.is_empty() {
        arranged.parts = in_time(export, tables, profile, &mut arranged)?;
        return Ok(arranged);
    }
    arranged.table = beside(export, &tables)?;
    let read = parallel::each(export.jobs, &others, |part| read(export, part.clone(), profile))?;
    let paged = read.iter().any(|read| read.part.is_page());
    arranged.parts = if paged {
        pages(export, read, profile, &mut arranged)?
    } else {
        let parts = read.into_iter().map(|read| read.part).collect();
        in_time(export, parts, profile, &mut arranged)?
    };
    Ok(arranged)
}

/// The one table that stands beside events.
fn beside(export: &Export, tables: &[Part]) -> Result<Option<String>, Error> {
    let names = tables.iter().map(|part| export.item(part).map(|item| item.name.clone())).collect::<Result<Vec<_>, _>>()?;
    match names.as_slice() {
        [] => Ok(None),
        [name] => Ok(Some(name.clone())),
        [first, second, ..] => Err(Error::Usage {
            what: format!("{first} and {second} are two tables beside events in JSON"),
            hint: "give the events with one table, that of the same period".to_owned(),
        }),
    }
}

/// Looks whether an object is a page, as far as its first records tell.
pub(super) fn as_page(export: &Export, part: &mut Part, profile: &Profile) -> Result<(), Error> {
    let (Some(page), Some(rule)) = (page(part, profile), &profile.pages) else { return Ok(()) };
    let is_page = !export.first_records(&page, profile, 1)?.is_empty() || matches!(envelope::read(export, &page, rule)?, Found::Page(_));
    if is_page {
        *part = page;
    }
    Ok(())
}

/// The part as the page that it may be.
fn page(part: &Part, profile: &Profile) -> Option<Part> {
    let rule = profile.pages.as_ref().filter(|_| part.form == Form::Object)?;
    let path = json::tokens(&rule.entries).filter(|path| !path.is_empty())?;
    Some(Part { shape: Shape::Page(path), ..part.clone() })
}

/// Looks whether an object is a page.
fn read(export: &Export, part: Part, profile: &Profile) -> Result<Read, Error> {
    let (Some(mut page), Some(rule)) = (page(&part, profile), &profile.pages) else { return Ok(Read { part, envelope: None, broken: false }) };
    Ok(match envelope::read(export, &page, rule)? {
        Found::Page(envelope) => Read { part: page, envelope: Some(envelope), broken: false },
        Found::Twofold => {
            page.refused = true;
            Read { part: page, envelope: None, broken: false }
        }
        found => Read { part, envelope: None, broken: found == Found::Broken },
    })
}

/// Pages by their numbers; each of the files must be one, or be broken before it could show.
fn pages(export: &Export, mut read: Vec<Read>, profile: &Profile, arranged: &mut Arranged) -> Result<Vec<Part>, Error> {
    let Some(rule) = &profile.pages else { return Ok(Vec::new()) };
    let page = read.iter().find(|read| read.part.is_page());
    let other = read.iter().find(|read| !read.part.is_page() && !read.broken);
    if let (Some(page), Some(other)) = (page, other) {
        let (page, other) = (&export.item(&page.part)?.name, &export.item(&other.part)?.name);
        return Err(Error::Environment {
            what: format!("{page} is a page of an API, with its events at {}, and {other} is none", rule.entries),
            hint: "give the pages of one export, and nothing else; fetch a page again that holds an error instead".to_owned(),
        });
    }
    read.sort_by_key(|read| read.envelope.as_ref().and_then(|envelope| envelope.page).unwrap_or(u64::MAX));
    let mut named = Vec::new();
    for Read { part, envelope, .. } in &read {
        let file = export.item(part)?.name.as_str();
        let Some(envelope) = envelope else { continue };
        let lists =
            envelope.other_lists.iter().map(|list| format!("{file}: {list:?} is a list of objects too; the events are those at {}", rule.entries));
        arranged.notes.extend(lists);
        named.push((file, envelope));
    }
    let pages = Pages { rule, pages: named };
    arranged.paged = pages.state_something();
    arranged.counted = pages.state_total();
    arranged.pages = pages.findings();
    let mut parts: Vec<Part> = read.into_iter().map(|read| read.part).collect();
    if arranged.direction == Direction::NewestFirst {
        parts.reverse();
    }
    Ok(parts)
}

/// Files in the order of their first events' times, if each has one; else as they were given.
fn in_time(export: &Export, mut parts: Vec<Part>, profile: &Profile, arranged: &mut Arranged) -> Result<Vec<Part>, Error> {
    if parts.len() < 2 {
        return Ok(parts);
    }
    if arranged.direction == Direction::NewestFirst {
        parts.reverse();
    }
    let mut timed = Vec::new();
    for part in &parts {
        let first = export.first_records(part, profile, 1)?;
        timed.push(first.first().and_then(|record| time(record, profile)));
    }
    let Some(times) = timed.into_iter().collect::<Option<Vec<Time>>>() else { return Ok(parts) };
    if times.is_sorted() {
        return Ok(parts);
    }
    arranged.notes.push("the files are read in the order of their first events' times, not in the order given".to_owned());
    let mut order: Vec<_> = times.into_iter().zip(parts).collect();
    order.sort_by_key(|(time, _)| *time);
    Ok(order.into_iter().map(|(_, part)| part).collect())
}

fn time(record: &[u8], profile: &Profile) -> Option<Time> {
    match json::parse(record).ok()?.pointer(&profile.fields.time)? {
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}
