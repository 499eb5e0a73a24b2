//! Which control is meant, and which of its filters are for the events at hand.

use crate::cli::args::ControlArgs;
use crate::cli::values::EventsFormat;
use crate::control::{Control, Filter};
use crate::error::Error;
use crate::profile::Profile;
use crate::report::show::show_within;
use crate::report::{Heading, ShelfHeading};
use crate::verify::Wants;

/// Columns of a sentence: all that a rule of controls allows.
const SENTENCE: usize = 512;

/// The built-in ones, and the user's own.
pub(super) fn controls(args: &ControlArgs) -> Result<Vec<Control>, Error> {
    let own = args.controls.as_deref().map(Control::read).transpose()?.unwrap_or_default();
    Ok(Control::all().iter().cloned().chain(own).collect())
}

/// The one with this id, in whatever case it is typed.
pub(super) fn named<'c>(controls: &'c [Control], id: &str) -> Result<&'c Control, Error> {
    let exactly = controls.iter().find(|control| control.id == id);
    exactly.or_else(|| controls.iter().find(|control| control.id.eq_ignore_ascii_case(id))).ok_or_else(|| {
        let near = near(controls, id);
        let list = "`unbroken events --list-controls` lists them; --controls FILE adds your own";
        let hint = if near.is_empty() { list.to_owned() } else { format!("did you mean {}? {list}", near.join(" or ")) };
        Error::Usage { what: format!("there is no control {id}"), hint }
    })
}

/// Ids that hold the typed one, or one of its parts.
fn near<'c>(controls: &'c [Control], id: &str) -> Vec<&'c str> {
    let id = id.to_ascii_lowercase();
    let parts = |id: &str| -> Vec<String> {
        let words = id.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_owned).collect()
    };
    let typed = parts(&id);
    let shares = |known: &str| parts(known).iter().filter(|part| typed.contains(part)).count();
    let scored = |control: &'c Control| {
        let known = control.id.to_ascii_lowercase();
        let holds = !id.is_empty() && known.contains(&id);
        (if holds { usize::MAX } else { shares(&known) }, control.id.as_str())
    };
    let scored: Vec<(usize, &str)> = controls.iter().map(scored).collect();
    let best = scored.iter().map(|(score, _)| *score).max().unwrap_or_default();
    scored.into_iter().filter(|(score, _)| best > 0 && *score == best).map(|(_, id)| id).collect()
}

/// Each control, what it asks for, and what its filters look for.
pub(super) fn list(controls: &[Control], format: EventsFormat) -> Result<String, Error> {
    if format == EventsFormat::Table {
        return Ok(list_text(controls));
    }
    let hint =
        "leave --format out; a program reads a control that it names, with its filters, in the output of --control ID --format json".to_owned();
    Err(Error::Usage { what: "controls are listed as text only".to_owned(), hint })
}

fn list_text(controls: &[Control]) -> String {
    let mut out = String::new();
    for control in controls {
        out.push_str(&format!("{}  {}\n  {}\n", control.id, shown(&control.title), shown(&control.says)));
        for filter in &control.filter {
            let profiles = if filter.profiles.is_empty() { String::new() } else { format!(" ({})", shown(&filter.profiles.join(", "))) };
            out.push_str(&format!("    - {}{profiles}: {}\n", shown(&filter.says), shown(&looks_for(filter))));
        }
    }
    out
}

fn looks_for(filter: &Filter) -> String {
    let keys: Vec<String> = filter.keys().map(|(key, values)| format!("{key} {}", values.join(" or "))).collect();
    keys.join(", ")
}

fn shown(text: &str) -> String {
    show_within(text, SENTENCE)
}

type Groups = (Vec<Vec<Wants>>, (Heading, Vec<ShelfHeading>));

/// The filters for events of this profile, and what is said of them.
pub(super) fn groups(control: &Control, profile: &Profile) -> Result<Groups, Error> {
    let filters: Vec<&Filter> = control.filters(&profile.name).collect();
    if filters.is_empty() {
        let what = format!("the control {} has no filter for events of the profile {}", control.id, profile.name);
        return Err(Error::Usage { what, hint: "write your own with --controls FILE, or choose another".to_owned() });
    }
    let wants = |filter: &Filter| filter.keys().map(|(key, values)| Wants { key, any: values.to_vec() }).collect();
    let groups = filters.iter().map(|filter| wants(filter)).collect();
    let keys = |filter: &Filter| filter.keys().map(|(key, values)| (key, values.to_vec())).collect();
    let headings = filters.iter().map(|filter| ShelfHeading { says: filter.says.clone(), keys: keys(filter) }).collect();
    let heading = Heading { id: control.id.clone(), title: control.title.clone(), says: control.says.clone() };
    Ok((groups, (heading, headings)))
}
