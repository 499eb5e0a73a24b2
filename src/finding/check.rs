//! The rows of every report: stable ids, in their order.

use std::fmt;
use std::str::FromStr;

macro_rules! checks {
    ($($variant:ident $id:literal $what:literal,)*) => {
        /// One row of the report. The order is the order of the rows.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum CheckId {
            $(#[doc = $what] $variant,)*
        }

        impl CheckId {
            /// All rows, in order.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The stable id.
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)* }
            }

            /// What the check tests, in one sentence.
            pub fn what(self) -> &'static str {
                match self { $(Self::$variant => $what,)* }
            }
        }
    };
}

checks! {
    ContainerStructure "container.structure" "The container is whole and has one reading; the manifest is strict JSON with known members.",
    ManifestSignature "manifest.signature" "A key that the auditor trusts signed the exact bytes of the manifest.",
    ManifestFiles "manifest.files" "Every member is listed in the manifest, with its size and digest.",
    ManifestCounts "manifest.counts" "The number of events and the first and last id are as the manifest says.",
    ManifestPeriod "manifest.period" "Every event lies in the manifest's period.",
    ManifestTenant "manifest.tenant" "Every event is of the manifest's tenant.",
    ManifestFilter "manifest.filter" "Every event of a filtered export matches the filter.",
    ManifestPrevious "manifest.previous" "The bundle continues the one that it names as its predecessor.",
    GenesisSignature "genesis.signature" "The genesis block is signed by a trusted key and fits the manifest.",
    EventReadable "event.readable" "Each line is one event in canonical JSON, with the fields of its profile.",
    EventUnique "event.unique" "No two events have one id.",
    ChainLinks "chain.links" "Each event names the digest of the one before it, from the stated first link to the stated last hash.",
    ChainSequence "chain.sequence" "Sequence numbers rise by one.",
    ChainTime "chain.time" "Times never go back.",
    ChainAnchor "chain.anchor" "The chain agrees with hashes that the auditor kept.",
    EventMac "event.mac" "Each event carries an HMAC by the tenant's key.",
    EventSignature "event.signature" "Each event carries a signature by a trusted key.",
    EventPasskey "event.passkey" "Each sensitive action carries a passkey assertion (WebAuthn) by a known credential.",
    EventToken "event.token" "Each sensitive action carries a token (JWS) by a trusted issuer that fits the event.",
    EventReplay "event.replay" "No assertion, challenge or token serves twice, and no credential has two keys or two users.",
    TableMatch "table.match" "The human-readable table says the same as the events.",
    PagesComplete "pages.complete" "The pages of an export are all there, each once, with as many events as they state.",
    ExportTruncated "export.truncated" "The export does not say of itself that it was cut.",
    ExpectAnswer "expect.answer" "The saved answer of the source's own server says what was computed.",
}

impl CheckId {
    /// What the check tests in a raw export, which has no manifest, in one sentence.
    pub fn what_of_raw(self) -> &'static str {
        match self {
            Self::ManifestSignature => "A key that the auditor trusts signed the export as a whole.",
            Self::ManifestCounts => "There are as many events as the auditor asked for.",
            Self::ManifestPeriod => "Every event lies in the time that the auditor asked for.",
            Self::ManifestTenant => "Every event is of the tenant that the auditor asked for.",
            Self::EventReadable => "Each event is one strict JSON object, with the fields of its profile.",
            Self::ChainLinks => "Each event names the digest of the one before it; what it states of its own digest is right.",
            _ => self.what(),
        }
    }
}

impl fmt::Display for CheckId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}

impl FromStr for CheckId {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.iter().copied().find(|check| check.id() == text).ok_or(())
    }
}
