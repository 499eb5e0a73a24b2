//! Which profile a file is of: how much of what a profile names stands in some of its records, or in the first row of its table. Pure. Not here: any
//! test whether what stands there is true; a file of another source that uses the same names fits as well.

use super::pointers::event_pointers;
use super::{FirstLink, Profile};
use crate::json::Value;
use crate::time::Time;

/// How a profile fits a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fit {
    /// Records that were looked at; for a table 0.
    pub records: usize,
    /// Of them, those that cannot be read.
    pub unread: usize,
    /// Of them, those that have every field which the profile needs.
    pub fitting: usize,
    /// Members that the profile names.
    pub named: usize,
    /// How many of them were found, over all records; in a table, how many columns.
    pub found: usize,
    /// What a record needs and some lack.
    pub missing: Vec<Missing>,
    /// The columns of a table are those of the profile: how many of how many.
    pub columns: Option<(usize, usize)>,
    /// Where the profile claims no proof: what stands in records that another one reads as a proof.
    pub carried: Option<Carried>,
}

/// A proof that records carry, and a profile does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// Its JSON Pointer.
    pub pointer: String,
    /// The profile that reads it.
    pub profile: String,
    /// How many records carry it.
    pub records: usize,
}

/// A field that the profile needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Its JSON Pointer.
    pub pointer: String,
    /// What is expected there.
    pub expected: &'static str,
    /// How many records do not have it so.
    pub records: usize,
}

/// Which of several profiles a file is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice<'p> {
    /// None fits.
    None,
    /// This one.
    One(&'p Profile),
    /// These fit, and nothing decides between them.
    Several(Vec<&'p Profile>),
    /// This one fits and claims no proof, but records carry one: whoever takes the proofs out of most records must not choose the profile.
    Proofless(&'p Profile, Carried),
}

impl Fit {
    /// Whether the file can be of this profile: most records have what it needs, or most columns are its columns. A few that do not, do not make
    /// it a file of another source: whoever takes a proof out of one record must not choose the profile.
    pub fn fits(&self) -> bool {
        match self.columns {
            Some((found, of)) => found.saturating_mul(2) > of,
            None => self.fitting.saturating_mul(2) > self.records,
        }
    }
}

/// How a profile fits some records (`None`: one that cannot be read), or, where there are none, the first row of a table.
pub fn fit(profile: &Profile, sample: &[Option<Value>], header: Option<&[String]>) -> Fit {
    match header {
        Some(header) if sample.is_empty() => fit_table(profile, header),
        _ => fit_records(profile, sample),
    }
}

/// The profile that fits: the one that claims proofs, if one such does; of those that claim none, the one of whose members most were found.
pub fn choose<'p>(fits: &[(&'p Profile, Fit)]) -> Choice<'p> {
    let fitting = || fits.iter().filter(|(_, fit)| fit.fits());
    // whoever writes the file could add members until a profile wins that asks for less
    let proving: Vec<&Profile> = fitting().map(|(profile, _)| *profile).filter(|profile| profile.carries_proof()).collect();
    match proving.as_slice() {
        [] => {}
        [one] => return Choice::One(one),
        _ => return Choice::Several(proving),
    }
    let most = fitting().map(|(_, fit)| fit.found).max().unwrap_or_default();
    let best: Vec<&(&Profile, Fit)> = fitting().filter(|(_, fit)| fit.found == most).collect();
    match best.as_slice() {
        [] => Choice::None,
        [(profile, Fit { carried: Some(carried), .. })] => Choice::Proofless(profile, carried.clone()),
        [(profile, _)] => Choice::One(profile),
        _ => Choice::Several(best.into_iter().map(|(profile, _)| *profile).collect()),
    }
}

fn fit_records(profile: &Profile, sample: &[Option<Value>]) -> Fit {
    let needs = needs(profile);
    let mut missing: Vec<Missing> = Vec::new();
    let mut fitting: usize = 0;
    for record in sample.iter().flatten() {
        let lacking: Vec<&Need<'_>> = needs.iter().filter(|need| !need.is_met(record)).collect();
        fitting = fitting.saturating_add(usize::from(lacking.is_empty()));
        for need in lacking {
            match missing.iter_mut().find(|missing| missing.pointer == need.pointer) {
                Some(missing) => missing.records = missing.records.saturating_add(1),
                None => missing.push(Missing { pointer: need.pointer.to_owned(), expected: need.form.words(), records: 1 }),
            }
        }
    }
    let mut names: Vec<&str> = event_pointers(profile).into_iter().map(|named| named.pointer).collect();
    names.extend(profile.table.iter().flat_map(|table| table.columns.iter().filter_map(|column| column.field.as_deref())));
    names.sort_unstable();
    names.dedup();
    let found = sample.iter().flatten().map(|record| names.iter().filter(|name| record.pointer(name).is_some()).count()).sum();
    let unread = sample.iter().filter(|record| record.is_none()).count();
    let carried = if profile.carries_proof() { None } else { carried(sample) };
    Fit { records: sample.len(), unread, fitting, named: names.len(), found, missing, columns: None, carried }
}

/// The proof of a built-in profile that most of the records carry.
fn carried(sample: &[Option<Value>]) -> Option<Carried> {
    let proofs = Profile::all().iter().flat_map(|profile| profile.proof_pointers().into_iter().map(move |pointer| (profile, pointer)));
    let counted = proofs.map(|(profile, pointer)| {
        let carries = |record: &&Value| record.pointer(pointer).is_some_and(|value| *value != Value::Null);
        let records = sample.iter().flatten().filter(carries).count();
        Carried { pointer: pointer.to_owned(), profile: profile.name.clone(), records }
    });
    counted.filter(|carried| carried.records > 0).max_by_key(|carried| carried.records)
}

fn fit_table(profile: &Profile, header: &[String]) -> Fit {
    let none = Fit { records: 0, unread: 0, fitting: 0, named: 0, found: 0, missing: Vec::new(), columns: Some((0, 0)), carried: None };
    let fits = profile.table.iter().map(|table| {
        let found = table.columns.iter().filter(|column| header.contains(&column.name)).count();
        Fit { named: table.columns.len(), found, columns: Some((found, table.columns.len())), ..none.clone() }
    });
    fits.max_by_key(|fit| fit.found).unwrap_or(none)
}

/// A field that every record must have.
struct Need<'p> {
    pointer: &'p str,
    form: Form,
    nullable: bool,
}

#[derive(Clone, Copy)]
enum Form {
    Any,
    Text,
    Time,
}

impl Need<'_> {
    fn is_met(&self, record: &Value) -> bool {
        match (record.pointer(self.pointer), self.form) {
            (None, _) => false,
            (Some(Value::Null), _) if self.nullable => true,
            (Some(_), Form::Any) => true,
            (Some(Value::String(text)), Form::Text) => !text.is_empty(),
            (Some(Value::String(text)), Form::Time) => text.parse::<Time>().is_ok(),
            (Some(_), Form::Text | Form::Time) => false,
        }
    }
}

impl Form {
    fn words(self) -> &'static str {
        match self {
            Self::Any => "any value",
            Self::Text => "a text that is not empty",
            Self::Time => "a time (RFC 3339)",
        }
    }
}

fn needs<'p>(profile: &'p Profile) -> Vec<Need<'p>> {
    let fields = &profile.fields;
    let nullable = |pointer: &str| fields.nullable.iter().any(|field| field == pointer);
    let need = |pointer: &'p str, form| Need { pointer, form, nullable: nullable(pointer) };
    let mut needs = vec![need(&fields.id, Form::Text), need(&fields.time, Form::Time), need(&fields.action, Form::Text)];
    needs.extend(fields.tenant.iter().map(|pointer| need(pointer, Form::Text)));
    needs.extend(profile.requires.fields.iter().map(|pointer| need(pointer, Form::Text)));
    if let Some(chain) = &profile.chain {
        let link = Some(&chain.link).filter(|_| chain.first != FirstLink::Absent);
        needs.extend([link, chain.own.as_ref(), chain.sequence.as_ref()].into_iter().flatten().map(|pointer| need(pointer, Form::Any)));
    }
    needs.extend(profile.passkey.iter().map(|rule| need(&rule.user, Form::Any)));
    needs.extend(profile.token.iter().map(|rule| need(&rule.member, Form::Any)));
    needs
}
