//! Reads controls, and keeps their rules. What is wrong is told with line and column.

use std::path::Path;

use serde::Deserialize;

use super::Control;
use crate::error::Error;
use crate::place::{self, Refusal, Source};

const FILE_LIMIT: u32 = 1 << 20;
const KIND: &str = "controls file";

/// A whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    #[serde(default)]
    pub control: Vec<Control>,
}

/// What is wrong: the key, a sentence, what to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    key: String,
    what: String,
    hint: &'static str,
}

pub(super) fn document(text: &str) -> Result<Document, toml::de::Error> {
    toml::from_str(text)
}

impl Control {
    /// Reads a file of controls.
    pub fn read(path: &Path) -> Result<Vec<Self>, Error> {
        let bytes = place::contents(path, "read the controls", FILE_LIMIT)?;
        Self::parse(path, place::text(path, &bytes, KIND)?)
    }

    /// Reads the text of a file of controls; `path` is what errors call it.
    pub fn parse(path: &Path, text: &str) -> Result<Vec<Self>, Error> {
        let source = Source { path, text, kind: KIND };
        let controls = document(text).map_err(|error| source.refuse_toml(&error))?.control;
        check(&controls).map_err(|wrong| source.refuse(source.span_of(&wrong.key), Refusal::new(wrong.what, wrong.hint)))?;
        let built_in = |control: &Self| Self::all().iter().any(|known| known.id == control.id);
        match controls.iter().position(built_in) {
            None => Ok(controls),
            Some(index) => {
                let refusal = Refusal::new("this id is that of a built-in control", "give yours another id, so that nobody takes one for the other");
                Err(source.refuse(source.span_of(&format!("control.{index}.id")), refusal))
            }
        }
    }
}

/// Whether controls keep all rules.
pub(super) fn check(controls: &[Control]) -> Result<(), Wrong> {
    require(!controls.is_empty(), "", || ("expected a [[control]], found none".to_owned(), "write one; `unbroken events --help` names an example"))?;
    for (index, control) in controls.iter().enumerate() {
        let key = format!("control.{index}");
        check_id(controls, index, &control.id)?;
        check_line(&format!("{key}.title"), &control.title)?;
        check_line(&format!("{key}.says"), &control.says)?;
        require(!control.filter.is_empty(), &format!("{key}.id"), || {
            (format!("the control \"{}\" has no filter", control.id), "write a [[control.filter]] below it, with `says` and an `action`")
        })?;
        for (index, filter) in control.filter.iter().enumerate() {
            let key = format!("{key}.filter.{index}");
            check_line(&format!("{key}.says"), &filter.says)?;
            require(filter.keys().next().is_some(), &format!("{key}.says"), || {
                ("this filter asks for nothing".to_owned(), "add a key, for example action = [\"policy.*\"]; action = [\"*\"] is every event")
            })?;
            for (name, values) in filter.keys().chain([("profiles", filter.profiles.as_slice())]) {
                values.iter().enumerate().try_for_each(|(index, value)| check_line(&format!("{key}.{name}.{index}"), value))?;
            }
        }
    }
    Ok(())
}

fn check_id(controls: &[Control], index: usize, id: &str) -> Result<(), Wrong> {
    let key = format!("control.{index}.id");
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".:_/()-".contains(&byte);
    require((1..=64).contains(&id.len()) && id.bytes().all(allowed), &key, || {
        ("expected an id of 1 to 64 of A-Z a-z 0-9 . : _ / ( ) -".to_owned(), "for example acme:LOG-1")
    })?;
    require(!controls.iter().take(index).any(|other| other.id == id), &key, || {
        (format!("the id \"{id}\" stands here twice"), "give each control its own")
    })
}

fn check_line(key: &str, text: &str) -> Result<(), Wrong> {
    require((1..=256).contains(&text.chars().count()) && !text.chars().any(char::is_control), key, || {
        ("expected a text of 1 to 256 characters on one line".to_owned(), "it is shown, or compared, as it stands")
    })
}

fn require(holds: bool, key: &str, words: impl FnOnce() -> (String, &'static str)) -> Result<(), Wrong> {
    if holds {
        return Ok(());
    }
    let (what, hint) = words();
    Err(Wrong { key: key.to_owned(), what, hint })
}
