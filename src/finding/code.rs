//! Every finding code, the row it belongs to, and its meaning in one sentence. `spec/findings.md` says more of each.

use std::fmt;

use super::CheckId;

macro_rules! codes {
    ($($variant:ident $code:literal $check:ident $what:literal,)*) => {
        /// What is wrong. The dotted name is stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $what] $variant,)*
        }

        impl Code {
            /// All codes, in the order of their rows.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The stable dotted name.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The row that it refutes.
            pub fn check(self) -> CheckId {
                match self { $(Self::$variant => CheckId::$check,)* }
            }

            /// Its meaning, in one sentence.
            pub fn what(self) -> &'static str {
                match self { $(Self::$variant => $what,)* }
            }
        }
    };
}

codes! {
    ContainerAmbiguous "container.ambiguous" ContainerStructure "Two readers could see different members in this archive.",
    ContainerBroken "container.broken" ContainerStructure "The archive is damaged.",
    ContainerDuplicate "container.duplicate" ContainerStructure "Two members have one name (upper and lower case count as one).",
    ContainerName "container.name" ContainerStructure "A member's name is not allowed.",
    ContainerNotRegular "container.not-regular" ContainerStructure "A member is a link, a folder or a device, not a file.",
    ContainerRepacked "container.repacked" ContainerStructure "The archive was packed again: its files stand in a folder.",
    ContainerUnsupported "container.unsupported" ContainerStructure "A member is encrypted or compressed by an unknown method.",
    ManifestField "manifest.field" ContainerStructure "A member of the manifest is missing or has a wrong form.",
    ManifestMalformed "manifest.malformed" ContainerStructure "The manifest is not strict JSON.",
    ManifestRoles "manifest.roles" ContainerStructure "The files listed do not have the roles that a bundle needs.",
    ManifestUnknownClaim "manifest.unknown-claim" ContainerStructure "The manifest declares a proof that its profile does not have.",
    ManifestUnknownMember "manifest.unknown-member" ContainerStructure "The manifest has a member that the format does not know.",
    ManifestSignatureAlgorithm "manifest.signature-algorithm" ManifestSignature "A trusted key's signature names another algorithm than the trust file.",
    ManifestSignatureInvalid "manifest.signature-invalid" ManifestSignature "A signature by a trusted key does not fit the manifest's bytes.",
    ManifestSignatureMalformed "manifest.signature-malformed" ManifestSignature "The signature file is not in its one form.",
    ManifestSignatureTenant "manifest.signature-tenant" ManifestSignature "The key may not sign for this tenant.",
    ManifestSignatureUse "manifest.signature-use" ManifestSignature "The key may not sign manifests.",
    ManifestSignatureValidity "manifest.signature-validity" ManifestSignature "The manifest was made outside the key's validity.",
    ManifestFileMissing "manifest.file-missing" ManifestFiles "A file that the manifest lists is not there.",
    ManifestFileUnlisted "manifest.file-unlisted" ManifestFiles "A file is there that the manifest does not list.",
    ManifestFiles "manifest.files" ManifestFiles "A file's size or digest differs from the manifest.",
    ManifestCounts "manifest.counts" ManifestCounts "The number of events, or the first or last id, differs from the manifest or from --count.",
    ManifestCreated "manifest.created" ManifestPeriod "The manifest was made before its last event.",
    ManifestPeriod "manifest.period" ManifestPeriod "An event lies outside the manifest's period.",
    ManifestPeriodUncovered "manifest.period-uncovered" ManifestPeriod "The manifest's period does not cover the time asked for.",
    ManifestTenant "manifest.tenant" ManifestTenant "An event is of another tenant than the manifest.",
    ManifestTenantUnexpected "manifest.tenant-unexpected" ManifestTenant "The bundle is of another tenant than asked for.",
    ManifestFilter "manifest.filter" ManifestFilter "An event does not match the filter that the manifest states.",
    ManifestPrevious "manifest.previous" ManifestPrevious "The bundle's first link differs from the last hash of the bundle that it continues.",
    GenesisMalformed "genesis.malformed" GenesisSignature "The genesis block is not canonical JSON with its members.",
    GenesisMismatch "genesis.mismatch" GenesisSignature "The genesis block contradicts the manifest or the first event.",
    GenesisSignatureAlgorithm "genesis.signature-algorithm" GenesisSignature "A trusted key's signature names another algorithm than the trust file.",
    GenesisSignatureInvalid "genesis.signature-invalid" GenesisSignature "A signature by a trusted key does not fit the genesis block's bytes.",
    GenesisSignatureMalformed "genesis.signature-malformed" GenesisSignature "The genesis signature file is not in its one form.",
    GenesisSignatureTenant "genesis.signature-tenant" GenesisSignature "The key may not sign for this tenant.",
    GenesisSignatureUse "genesis.signature-use" GenesisSignature "The key may not sign genesis blocks.",
    GenesisSignatureValidity "genesis.signature-validity" GenesisSignature "The genesis block was made outside the key's validity.",
    EventCompression "event.compression" EventReadable "The compressed events file is damaged or has more than one member.",
    EventDuplicateName "event.duplicate-name" EventReadable "An object in the event has one name twice.",
    EventField "event.field" EventReadable "A field that the profile needs is missing or has a wrong form.",
    EventMalformed "event.malformed" EventReadable "The line is not one JSON object.",
    EventNoNewline "event.no-newline" EventReadable "The last line does not end with a line feed.",
    EventNotCanonical "event.not-canonical" EventReadable "The event is well formed, but not written in its one canonical form.",
    EventNumberInexact "event.number-inexact" EventReadable "A number has a value that no double holds exactly.",
    EventTooDeep "event.too-deep" EventReadable "The event is nested deeper than 64 levels.",
    EventTooLong "event.too-long" EventReadable "The line is longer than 16,777,216 bytes.",
    EventUnicode "event.unicode" EventReadable "The line is not UTF-8, starts with a byte order mark, or has a lone surrogate.",
    EventDuplicateId "event.duplicate-id" EventUnique "Two events have one id.",
    ChainDuplicated "chain.duplicated" ChainLinks "An event is a copy of another.",
    ChainEncoding "chain.encoding" ChainLinks "The stated hash fits the event only when that is written in another form.",
    ChainFirstLink "chain.first-link" ChainLinks "The manifest's first link is not the one of the first event.",
    ChainForked "chain.forked" ChainLinks "Two events name one predecessor.",
    ChainHeadCut "chain.head-cut" ChainLinks "Events are missing at the start.",
    ChainInserted "chain.inserted" ChainLinks "Events stand in the file that the chain does not name.",
    ChainModified "chain.modified" ChainLinks "An event was altered after it was chained.",
    ChainModifiedOrRemoved "chain.modified-or-removed" ChainLinks "An event was altered, or events were removed.",
    ChainOwnHash "chain.own-hash" ChainLinks "An event's stated hash is not the hash of its bytes.",
    ChainReforged "chain.reforged" ChainLinks "The last event, or everything from an unknown event on, was written again.",
    ChainRelinked "chain.relinked" ChainLinks "Only the link of an event was altered.",
    ChainRemoved "chain.removed" ChainLinks "Events are missing in the middle.",
    ChainReordered "chain.reordered" ChainLinks "The events stand in another order than the chain names.",
    ChainSpliced "chain.spliced" ChainLinks "Events of another tenant stand in the chain.",
    ChainTailCut "chain.tail-cut" ChainLinks "Events are missing at the end.",
    ChainSequenceGap "chain.sequence-gap" ChainSequence "Sequence numbers jump although the links hold.",
    ChainTime "chain.time" ChainTime "An event is earlier than the one before it.",
    ChainAnchor "chain.anchor" ChainAnchor "The chain contradicts a hash that the auditor kept.",
    ChainRolledBack "chain.rolled-back" ChainAnchor "The chain ends before an event that the auditor has seen.",
    EventMac "event.mac" EventMac "An event's HMAC does not fit its bytes.",
    EventMacKey "event.mac-key" EventMac "No event's HMAC fits: the wrong key, or the wrong kind of key.",
    EventMacMissing "event.mac-missing" EventMac "An event carries no HMAC although every event should.",
    EventSignature "event.signature" EventSignature "An event's signature does not fit its bytes.",
    EventSignatureKey "event.signature-key" EventSignature "The key may not sign these events, or no event's signature fits it.",
    EventSignatureMissing "event.signature-missing" EventSignature "An event carries no signature although every event should.",
    PasskeyAuthenticatorData "passkey.authenticator-data" EventPasskey "The authenticator data is not what WebAuthn defines.",
    PasskeyBackup "passkey.backup" EventPasskey "The credential is said to be backed up although it cannot be.",
    PasskeyChallenge "passkey.challenge" EventPasskey "The challenge has a wrong form, or is not the one that the event requires.",
    PasskeyClientData "passkey.client-data" EventPasskey "The client data is not JSON with the members that WebAuthn demands.",
    PasskeyCredential "passkey.credential" EventPasskey "The credential belongs to another user than the event names.",
    PasskeyCredentials "passkey.credentials" EventPasskey "The credentials file is not canonical JSON with its members.",
    PasskeyCrossOrigin "passkey.cross-origin" EventPasskey "The assertion was made in a frame of another origin, which the relying party does not allow.",
    PasskeyKey "passkey.key" EventPasskey "The event's public key is not well formed.",
    PasskeyKeyMismatch "passkey.key-mismatch" EventPasskey "The event's public key is another than the one known for this credential.",
    PasskeyMalformed "passkey.malformed" EventPasskey "The assertion has not the members or the form that its kind of credential needs.",
    PasskeyOrigin "passkey.origin" EventPasskey "The assertion was made at an origin that no trusted relying party lists.",
    PasskeyRpId "passkey.rp-id" EventPasskey "The assertion was made for another relying party.",
    PasskeySignature "passkey.signature" EventPasskey "The assertion's signature does not fit its bytes.",
    PasskeyType "passkey.type" EventPasskey "The client data is of another ceremony than an assertion.",
    PasskeyUserPresence "passkey.user-presence" EventPasskey "The authenticator did not see a user.",
    PasskeyUserVerification "passkey.user-verification" EventPasskey "The authenticator did not verify the user, as the relying party requires.",
    TokenAlgorithm "token.algorithm" EventToken "The token names another algorithm than the trusted key has.",
    TokenAudience "token.audience" EventToken "The token is meant for another audience.",
    TokenClaims "token.claims" EventToken "A claim of the token is missing or has a wrong form.",
    TokenCritical "token.critical" EventToken "The token demands an extension that is not understood.",
    TokenIssuer "token.issuer" EventToken "The token is of an issuer that you do not trust.",
    TokenKey "token.key" EventToken "The key may not sign this token.",
    TokenMalformed "token.malformed" EventToken "The token is not a compact JWS with JSON objects inside.",
    TokenSignature "token.signature" EventToken "The token's signature does not fit its bytes.",
    TokenTenant "token.tenant" EventToken "The token is of another organisation than the export.",
    TokenTime "token.time" EventToken "The token was not valid when the event happened.",
    TokenUser "token.user" EventToken "The token is of another user than the event names.",
    ReplayAssertion "replay.assertion" EventReplay "Two events carry one assertion.",
    ReplayChallenge "replay.challenge" EventReplay "Two assertions answer one challenge.",
    ReplayCounter "replay.counter" EventReplay "A credential's signature counter does not rise.",
    ReplayCredentialKey "replay.credential-key" EventReplay "One credential has two public keys.",
    ReplayCredentialUser "replay.credential-user" EventReplay "One credential has two users.",
    ReplayToken "replay.token" EventReplay "One token id serves two users or credentials.",
    TableColumn "table.column" TableMatch "A column of the table is missing, unknown or there twice.",
    TableExtraRow "table.extra-row" TableMatch "The table has a row for which there is no event.",
    TableField "table.field" TableMatch "A field of the table differs from the event.",
    TableMalformed "table.malformed" TableMatch "The table is not well-formed CSV.",
    TableMissingRow "table.missing-row" TableMatch "An event has no row in the table.",
    PagesMissing "pages.missing" PagesComplete "A page is missing.",
    PagesRepeated "pages.repeated" PagesComplete "A page is there twice.",
    PagesTotal "pages.total" PagesComplete "The pages hold another number of events than they state.",
    ExpectBrokenAt "expect.broken-at" ExpectAnswer "The server's answer names another place where the chain breaks.",
    ExpectCount "expect.count" ExpectAnswer "The server's answer counts another number of entries.",
    ExpectFirstHash "expect.first-hash" ExpectAnswer "The server's answer names another hash for the first entry.",
    ExpectLastHash "expect.last-hash" ExpectAnswer "The server's answer names another hash for the last entry.",
    ExpectPeriod "expect.period" ExpectAnswer "The server's answer cannot be about these entries: its times contradict each other or them.",
    ExpectValid "expect.valid" ExpectAnswer "The server's answer calls a broken chain valid, a whole one broken, or contradicts itself.",
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
