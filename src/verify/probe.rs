//! Which profile the files of a raw export are of: the first records, held against each profile. Not here: how a record fits a profile.

use crate::bundle::export::{Export, Form};
use crate::error::Error;
use crate::json::{self, Value};
use crate::profile::Profile;
use crate::profile::probe::{Carried, Choice, Fit, choose, fit};

/// Records that are looked at.
const SAMPLE: usize = 200;

/// What the first records show.
#[derive(Debug)]
pub struct Probe<'p> {
    /// How each profile fits.
    pub fits: Vec<(&'p Profile, Fit)>,
    /// What is wrong with the first record that cannot be read.
    flaw: Option<String>,
}

/// The first records.
struct Sample {
    texts: Vec<Vec<u8>>,
    /// `None`: cannot be read.
    records: Vec<Option<Value>>,
}

impl<'p> Probe<'p> {
    /// Holds the built-in profiles, and the auditor's own, against an export.
    pub fn of(export: &Export, own: Option<&'p Profile>) -> Result<Self, Error> {
        let header = export.header()?;
        let only_tables = export.files().iter().all(|(_, form)| *form == Form::Table);
        let mut probe = Self { fits: Vec::new(), flaw: None };
        // many profiles see the same records
        let mut samples: Vec<Sample> = Vec::new();
        for profile in Profile::all().iter().chain(own) {
            // a table has the members of its columns only; its first row says more of it than its events
            let texts = if only_tables { Vec::new() } else { export.sample(Some(profile), SAMPLE)? };
            let sample = match samples.iter().position(|sample| sample.texts == texts) {
                Some(known) => samples.get(known),
                None => Some(&*samples.push_mut(probe.read(texts))),
            };
            let records = sample.map(|sample| sample.records.as_slice()).unwrap_or_default();
            probe.fits.push((profile, fit(profile, records, header.as_deref())));
        }
        Ok(probe)
    }

    fn read(&mut self, texts: Vec<Vec<u8>>) -> Sample {
        let mut records = Vec::with_capacity(texts.len());
        for (index, text) in texts.iter().enumerate() {
            let record = json::parse(text);
            if let (Err(flaw), None) = (&record, &self.flaw) {
                self.flaw = Some(format!("record {} cannot be read: {} (byte {})", index.saturating_add(1), flaw.message, flaw.byte));
            }
            records.push(record.ok());
        }
        Sample { texts, records }
    }

    /// The profile that fits best; `files` is what errors call the export.
    pub fn found(&self, files: &str) -> Result<&'p Profile, Error> {
        let name = "name the profile with --profile, or write one for this source";
        match choose(&self.fits) {
            Choice::One(profile) => Ok(profile),
            Choice::None => Err(self.none(files)),
            Choice::Proofless(profile, Carried { pointer, profile: reader, records }) => Err(Error::Usage {
                what: format!(
                    "{files} looks like {}, a source without proofs, but {records} of its first records carry {pointer}, a proof of {reader}",
                    profile.name
                ),
                hint: format!("{name}: with --profile {reader}, what is missing of its proofs becomes a finding"),
            }),
            Choice::Several(profiles) => {
                let names: Vec<String> = profiles.iter().map(|profile| format!("\"{}\"", profile.name)).collect();
                Err(Error::Usage {
                    what: format!("{files} fits several profiles: {}", names.join(" and ")),
                    hint: "name the one that is meant with --profile".to_owned(),
                })
            }
        }
    }

    fn none(&self, files: &str) -> Error {
        let hint = "`unbroken profile probe` says what is missing; name the profile with --profile, or write one for this source";
        let empty = self.fits.iter().any(|(_, fit)| fit.columns.is_none() && fit.records == 0);
        let what = match &self.flaw {
            Some(flaw) => format!("{files} is no known export: {flaw}"),
            None if empty => format!("{files} holds no events, so nothing tells which source it is of"),
            None => format!("{files} is no known export: no profile fits its records"),
        };
        Error::Environment { what, hint: hint.to_owned() }
    }
}
