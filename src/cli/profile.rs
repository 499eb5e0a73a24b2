//! `unbroken profile`: which sources are known, what they claim, and which one a file is of.

use comfy_table::{ContentArrangement, Table, presets};

use super::args::ProfileCommand;
use super::output::Console;
use crate::bundle::Limits;
use crate::bundle::export::Export;
use crate::error::Error;
use crate::finding::CheckId;
use crate::profile::Profile;
use crate::profile::probe::Fit;
use crate::report::show;
use crate::verify::probe::Probe;

/// Missing fields that are named.
const NAMED: usize = 4;

pub(super) fn run(command: &ProfileCommand, console: &Console) -> Result<(), Error> {
    match command {
        ProfileCommand::List { profile } => {
            let own = profile.as_deref().map(Profile::read).transpose()?;
            console.data(&list(Profile::all().iter().chain(&own)))
        }
        ProfileCommand::Probe { files, profile } => {
            let own = profile.as_deref().map(Profile::read).transpose()?;
            let export = Export::open_with(files, &Limits::default(), 1, Some(&mut std::io::stdin()))?;
            let probe = Probe::of(&export, own.as_ref())?;
            let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
            let names = names.join(", ");
            let found = probe.found(&names);
            let sentence = match &found {
                Ok(profile) => format!("{}: {}\n", show(&names), profile.name),
                Err(_) => String::new(),
            };
            console.data(&format!("{}{sentence}", table(probe.fits.iter().map(|(profile, fit)| described(profile, fit)))))?;
            found.map(|_| ())
        }
        ProfileCommand::Show { name } => {
            let unknown = || Error::Usage {
                what: format!("no built-in profile has the name \"{name}\""),
                hint: "`unbroken profile list` lists them".to_owned(),
            };
            console.data(Profile::built_in_text(name).ok_or_else(unknown)?)
        }
    }
}

fn list<'p>(profiles: impl Iterator<Item = &'p Profile>) -> String {
    table(profiles.map(|profile| {
        let claims: Vec<&str> = profile.claims().into_iter().map(CheckId::id).collect();
        let claims = if claims.is_empty() { "no proof of single events".to_owned() } else { claims.join(" ") };
        [profile.name.clone(), show(&profile.source), claims]
    }))
}

/// The profile, whether it fits, and what speaks for and against it.
fn described(profile: &Profile, fit: &Fit) -> [String; 3] {
    let answer = if fit.fits() { "fits" } else { "no" };
    let reason = match fit.columns {
        Some((0, _)) if profile.table.is_empty() => "this profile knows no table".to_owned(),
        Some((found, of)) => format!("{found} of {of} columns"),
        None => {
            let missing =
                fit.missing.iter().take(NAMED).map(|missing| format!("{} lack {} ({})", missing.records, missing.pointer, missing.expected));
            let unread = (fit.unread > 0).then(|| format!("{} cannot be read", fit.unread));
            let missing: Vec<String> = unread.into_iter().chain(missing).collect();
            let more = match fit.missing.len().saturating_sub(NAMED) {
                0 => String::new(),
                more => format!(", and {more} more fields"),
            };
            let all = fit.named.saturating_mul(fit.records);
            let found = format!("{} of {} records have what it needs; {} of {all} members found", fit.fitting, fit.records, fit.found);
            if missing.is_empty() { found } else { format!("{found}; {}{more}", missing.join(", ")) }
        }
    };
    [profile.name.clone(), answer.to_owned(), reason]
}

fn table(rows: impl Iterator<Item = [String; 3]>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled).add_rows(rows);
    table.lines().map(|line| format!("{}\n", line.trim())).collect()
}
