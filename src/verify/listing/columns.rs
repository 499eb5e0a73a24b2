//! What a list can show of an event, and where a profile keeps it.

use std::fmt;
use std::str::FromStr;

use super::field;
use crate::error::Error;
use crate::finding::CheckId;
use crate::json::Wanted;
use crate::profile::Profile;

/// One column of a list of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column {
    /// A field of the profile, by its filter key.
    Field(&'static str),
    /// The file.
    File,
    /// Codes of the findings that name the event.
    Findings,
    /// The id.
    Id,
    /// The line.
    Line,
    /// Whether the HMAC holds.
    Mac,
    /// The number in the file.
    Number,
    /// Whether the passkey's assertion holds.
    Passkey,
    /// Whatever stands at a JSON Pointer.
    Pointer(String),
    /// The sequence number.
    Sequence,
    /// Whether the event's own signature holds.
    Signature,
    /// The tenant.
    Tenant,
    /// The time, as stated.
    Time,
    /// Whether the token holds.
    Token,
    /// What the whole file shows of it.
    Worth,
}

/// The columns that have a name, in the order in which they are shown.
const NAMED: [(&str, Column); 19] = [
    ("number", Column::Number),
    ("seq", Column::Sequence),
    ("id", Column::Id),
    ("time", Column::Time),
    ("tenant", Column::Tenant),
    ("actor", Column::Field("actor")),
    ("actor_type", Column::Field("actor_type")),
    ("action", Column::Field("action")),
    ("resource_type", Column::Field("resource_type")),
    ("resource_id", Column::Field("resource_id")),
    ("request_id", Column::Field("request_id")),
    ("file", Column::File),
    ("line", Column::Line),
    ("worth", Column::Worth),
    ("mac", Column::Mac),
    ("signature", Column::Signature),
    ("passkey", Column::Passkey),
    ("token", Column::Token),
    ("findings", Column::Findings),
];

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, NAMED.iter().find(|(_, column)| column == self)) {
            (_, Some((name, _))) => f.write_str(name),
            (Self::Pointer(pointer), None) => f.write_str(pointer),
            (_, None) => f.write_str("field"),
        }
    }
}

impl FromStr for Column {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some((_, column)) = NAMED.iter().find(|(name, _)| *name == text) {
            return Ok(column.clone());
        }
        if text.starts_with('/') && Wanted::new(&[text]).is_some() {
            return Ok(Self::Pointer(text.to_owned()));
        }
        let names: Vec<&str> = NAMED.iter().map(|(name, _)| *name).collect();
        Err(format!("expected a JSON Pointer like /actor/name, or one of: {}", names.join(", ")))
    }
}

impl Column {
    /// All that a profile has, for programs.
    pub fn all(profile: &Profile) -> Vec<Self> {
        NAMED.iter().map(|(_, column)| column.clone()).filter(|column| column.pointer(profile).is_ok()).collect()
    }

    /// Those that a page has room for, for people.
    pub fn few(profile: &Profile) -> Vec<Self> {
        let left_out = |column: &Self| matches!(column, Self::Tenant | Self::File | Self::Line | Self::Field("actor_type" | "request_id"));
        Self::all(profile).into_iter().filter(|column| !left_out(column)).collect()
    }

    /// The check whose outcome for the event it tells.
    pub fn check(&self) -> Option<CheckId> {
        match self {
            Self::Mac => Some(CheckId::EventMac),
            Self::Passkey => Some(CheckId::EventPasskey),
            Self::Signature => Some(CheckId::EventSignature),
            Self::Token => Some(CheckId::EventToken),
            _ => None,
        }
    }

    /// Where it stands in an event; none where it stands in no event, an error where events of this profile have no such thing.
    pub(super) fn pointer<'p>(&'p self, profile: &'p Profile) -> Result<Option<&'p str>, Error> {
        let fields = &profile.fields;
        let has = |there: bool| if there { Ok(None) } else { field(profile, &self.to_string()).map(Some) };
        let found = match self {
            Self::Field(key) => Some(field(profile, key)?),
            Self::Id => Some(fields.id.as_str()),
            Self::Mac => return has(profile.event_mac.is_some()),
            Self::Passkey => return has(profile.passkey.is_some()),
            Self::Pointer(pointer) => Some(pointer.as_str()),
            Self::Sequence => match profile.chain.as_ref().and_then(|chain| chain.sequence.as_deref()) {
                Some(pointer) => Some(pointer),
                None => return has(false),
            },
            Self::Signature => return has(profile.event_signature.is_some()),
            Self::Tenant => match fields.tenant.as_deref() {
                Some(pointer) => Some(pointer),
                None => return has(false),
            },
            Self::Time => Some(fields.time.as_str()),
            Self::Token => return has(profile.token.is_some()),
            Self::File | Self::Findings | Self::Line | Self::Number | Self::Worth => None,
        };
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_written_as_it_is_read() {
        for name in NAMED.iter().map(|(name, _)| *name).chain(["/actor/id", "/a~1b/0"]) {
            assert_eq!(name.parse::<Column>().expect(name).to_string(), name);
        }
        for bad in ["", "Number", "actor/id", "/a~2", "resource"] {
            assert!(bad.parse::<Column>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_profile_shows_what_it_has() {
        let names = |name: &str| {
            let profile = Profile::built_in(name).expect(name);
            Column::few(profile).iter().map(Column::to_string).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(names("file-transfer/1"), "number seq id time actor action worth mac signature findings");
        assert_eq!(names("qustody/1"), "number id time actor action resource_type resource_id worth findings");
        assert_eq!(names("passkey-actions/1"), "number id time actor action worth passkey token findings");
    }
}
