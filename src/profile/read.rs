//! Reads a user's profile: the same form as the built-in ones. What is wrong is told with line and column.

use std::path::Path;

use super::{Profile, rules};
use crate::digest::Digest;
use crate::error::Error;
use crate::place::{self, Refusal, Source};

const FILE_LIMIT: u32 = 1 << 20;
const KIND: &str = "profile";

impl Profile {
    /// Reads a profile file.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let bytes = place::contents(path, "read the profile", FILE_LIMIT)?;
        let mut profile = Self::parse(path, place::text(path, &bytes, KIND)?)?;
        profile.file = Some((path.display().to_string(), Digest::of(&bytes)));
        Ok(profile)
    }

    /// Reads the text of a profile file; `path` is what errors call it.
    pub fn parse(path: &Path, text: &str) -> Result<Self, Error> {
        let source = Source { path, text, kind: KIND };
        let profile: Self = toml::from_str(text).map_err(|error| source.refuse_toml(&error))?;
        rules::check(&profile).map_err(|wrong| source.refuse(source.span_of(&wrong.key), Refusal::new(wrong.what, wrong.hint)))?;
        if Self::built_in(&profile.name).is_some() {
            let what = format!("the name \"{}\" is that of a built-in profile", profile.name);
            return Err(source.refuse(source.span_of("name"), Refusal::new(what, "give yours another name, so that nobody takes one for the other")));
        }
        Ok(profile)
    }
}
