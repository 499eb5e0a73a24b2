//! `audit-genesis/1`: the block that a tenant's chain starts from. Not here: its signature, and whether it fits the manifest.

use super::fields::{Faults, Field};
use super::signature::canonical;
use crate::bundle::manifest::{Instant, TENANT_ID};
use crate::json::Value;

/// Characters of a nonce at most.
const NONCE: usize = 128;

/// A well-formed genesis block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Genesis {
    /// When the tenant was set up.
    pub created_at: Instant,
    /// The profile of the chain.
    pub profile: String,
    /// Whose chain it is.
    pub tenant_id: String,
}

impl Genesis {
    /// Parses `genesis.json`: canonical JSON, no final LF, members `created_at format nonce profile tenant_id`. The error is a sentence and the byte where it shows.
    pub fn parse(bytes: &[u8]) -> Result<Self, (String, Option<usize>)> {
        let value = canonical(bytes)?;
        let mut faults = Faults::default();
        let genesis = read(&value, &mut faults);
        faults.result(genesis).map_err(|message| (message, None))
    }
}

fn read(value: &Value, faults: &mut Faults) -> Option<Genesis> {
    let root = Field::root(value).object(faults)?;
    root.only(&["created_at", "format", "nonce", "profile", "tenant_id"], faults);
    let created_at = root.required("created_at", faults).and_then(|field| field.instant(faults));
    let format = root.required("format", faults).and_then(|field| field.literal("audit-genesis/1", faults));
    // the nonce only makes two blocks differ: any short text will do
    let nonce = root.required("nonce", faults).and_then(|field| field.short_text(NONCE, faults));
    let profile = root.required("profile", faults).and_then(|field| field.profile(faults));
    let tenant_id = root.required("tenant_id", faults).and_then(|field| field.label(TENANT_ID, faults));
    format.and(nonce)?;
    Some(Genesis { created_at: created_at?, profile: profile?.to_owned(), tenant_id: tenant_id?.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str =
        r#"{"created_at":"2026-01-01T00:00:00Z","format":"audit-genesis/1","nonce":"8f3a","profile":"file-transfer/1","tenant_id":"tnt_acme"}"#;

    #[test]
    fn the_one_form() {
        let genesis = Genesis::parse(GOOD.as_bytes()).unwrap();
        assert_eq!((genesis.profile.as_str(), genesis.tenant_id.as_str()), ("file-transfer/1", "tnt_acme"));
        assert_eq!(genesis.created_at.text, "2026-01-01T00:00:00Z");
    }

    #[test]
    fn every_fault_is_told() {
        for (from, to, message) in [
            ("}", "}\n", "not canonical JSON (RFC 8785): expected the end of the text, found `\\n`"),
            ("{", "", "expected nothing behind the value, found `:`"),
            ("\"nonce\":\"8f3a\",", "", "expected the member `/nonce`, found none"),
            ("8f3a", "", "`/nonce`: expected a string of 1 to 128 characters, found the string \"\""),
            ("genesis/1", "genesis/2", "`/format`: expected \"audit-genesis/1\", found the string \"audit-genesis/2\""),
            ("00:00Z", "00:60Z", "`/created_at`: expected a time like 2026-10-01T00:00:00Z, found the string \"2026-01-01T00:00:60Z\""),
            ("tnt_acme", "tnt acme", "`/tenant_id`: expected 1 to 64 of the characters A-Z a-z 0-9 . _ -, found the string \"tnt acme\""),
            ("\"file-transfer/1\"", "null", "`/profile`: expected 1 to 64 of the characters A-Z a-z 0-9 . _ / -, found null"),
            ("\"tenant_id\"", "\"tenant\":1,\"tenant_id\"", "expected only created_at, format, nonce, profile, tenant_id, found `/tenant`"),
        ] {
            let (told, _) = Genesis::parse(GOOD.replacen(from, to, 1).as_bytes()).unwrap_err();
            assert_eq!(told, message);
        }
    }
}
