//! Which profile the files of a raw export are of: the first records, held against each profile. Not here: how a record fits a profile.

use crate::bundle::export::{Export, Form};
use crate::error::Error;
use crate::json::{self, Value};
use crate::profile::Profile;
use crate::profile::probe::{Choice, Fit, choose, fit};

/// Records that are looked at.
const SAMPLE: usize = 200;

/// How each built-in profile, and the auditor's own, fits.
pub fn fits<'p>(export: &Export, own: Option<&'p Profile>) -> Result<Vec<(&'p Profile, Fit)>, Error> {
    let header = export.header()?;
    let only_tables = export.files().iter().all(|(_, form)| *form == Form::Table);
    let profiles = Profile::all().iter().chain(own);
    let fits = profiles.map(|profile| {
        // a table has the members of its columns only; its first row says more of it than its events
        let sample = if only_tables { Vec::new() } else { export.sample(Some(profile), SAMPLE)? };
        // A record that cannot be read is one that does not fit.
        let sample: Vec<Value> = sample.iter().map(|text| json::parse(text).unwrap_or(Value::Null)).collect();
        Ok((profile, fit(profile, &sample, header.as_deref())))
    });
    fits.collect()
}

/// The profile that fits best; `files` is what errors call the export.
pub fn found<'p>(fits: &[(&'p Profile, Fit)], files: &str) -> Result<&'p Profile, Error> {
    match choose(fits) {
        Choice::One(profile) => Ok(profile),
        Choice::None => Err(Error::Environment {
            what: format!("{files} is no known export: no profile fits its records"),
            hint: "`unbroken profile probe` says what is missing; name the profile with --profile, or write one for this source".to_owned(),
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
