//! `unbroken trust`: what a trust file trusts, and the fingerprint that two people read to each other. Secrets are named, never shown.

use std::path::Path;

use comfy_table::{ContentArrangement, Table, presets};

use super::args::TrustCommand;
use super::output::Console;
use crate::crypto::PublicKey;
use crate::error::Error;
use crate::place::contents;
use crate::report::show;
use crate::trust::{Issuer, SecretKind, Trust, TrustedKey, TrustedSecret, Use};

/// A public key is at most a few thousand bytes.
const MAX_KEY_FILE: u32 = 65_536;

pub(super) fn run(command: &TrustCommand, console: &Console) -> Result<(), Error> {
    match command {
        TrustCommand::Check { file } => console.data(&describe(&Trust::read(file)?)),
        TrustCommand::Fingerprint { file } => {
            let key = read_key(file)?;
            console.data(&format!("{}  {}\n", key.fingerprint(), key.algorithm().name()))
        }
    }
}

fn read_key(path: &Path) -> Result<PublicKey, Error> {
    let bytes = contents(path, "read the key", MAX_KEY_FILE)?;
    let place = path.display();
    PublicKey::from_text(&bytes).map_err(|fault| Error::Usage { what: format!("{place}: {}", fault.what), hint: fault.hint })
}

/// A table with a line for each thing that is trusted.
fn describe(trust: &Trust) -> String {
    // The others stand among the keys, with all their uses.
    let tokens = trust.token_keys.iter().filter(|key| trust.key(&key.id).is_none()).map(|key| {
        let tenants = of_tenants(key.tenants.as_deref().unwrap_or_default());
        row("key", show(&key.id), "token", format!("{}  {}{tenants}", key.key.algorithm().name(), key.key.fingerprint()))
    });
    let parties = trust.relying_parties.iter().map(|party| row("relying party", show(&party.rp_id), "passkeys", listed(&party.origins)));
    let credentials = trust.credentials.iter().map(|one| {
        row("credential", show(&one.id), "passkeys", format!("user {}  {}  {}", show(&one.user), one.key.algorithm().name(), one.key.fingerprint()))
    });
    let issuers = trust.issuers.iter().map(|one| row("issuer", show(&one.issuer), "tokens", issuer_keys(one)));
    let anchors = trust.anchors.iter().map(|anchor| {
        let seq = anchor.seq.map_or_else(|| "first link".to_owned(), |seq| format!("seq {seq}"));
        row("anchor", seq, "chain", format!("{}{}", anchor.hash, of_tenants(anchor.tenant.as_slice())))
    });
    let rows = trust.keys.iter().map(describe_key).chain(tokens).chain(trust.secrets.iter().map(describe_secret));
    let rows: Vec<[String; 4]> = rows.chain(parties).chain(credentials).chain(issuers).chain(anchors).collect();
    if rows.is_empty() {
        return "nothing is trusted: the file is empty\n".to_owned();
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled).add_rows(rows);
    table.lines().map(|line| format!("{}\n", line.trim())).collect()
}

fn row(what: &str, name: String, purpose: &str, detail: String) -> [String; 4] {
    [what.to_owned(), name, purpose.to_owned(), detail]
}

fn describe_key(key: &TrustedKey) -> [String; 4] {
    let id = key.id.as_deref().map_or_else(|| "(any id)".to_owned(), show);
    let uses: Vec<_> = key.uses.iter().copied().map(use_name).collect();
    let tenants = of_tenants(key.tenants.as_deref().unwrap_or_default());
    let valid = key.valid.map_or_else(String::new, |(from, to)| {
        let from = from.map_or_else(String::new, |from| format!("  from {from}"));
        format!("{from}{}", to.map_or_else(String::new, |to| format!("  to {to}")))
    });
    let compromised = key.compromised_since.map_or_else(String::new, |since| format!("  compromised since {since}"));
    let name = key.key.algorithm().name();
    row("key", id, &uses.join(","), format!("{name}  {}{tenants}{valid}{compromised}", key.key.fingerprint()))
}

fn describe_secret(secret: &TrustedSecret) -> [String; 4] {
    let kind = match &secret.kind {
        SecretKind::Epoch(epoch) => format!("epoch {}", show(epoch)),
        SecretKind::Manifest => "manifest".to_owned(),
        SecretKind::Tenant => "tenant".to_owned(),
    };
    row("secret", show(&secret.id), &kind, of_tenants(secret.tenant.as_slice()))
}

/// How many of its keys check tokens, and why the others do not.
fn issuer_keys(issuer: &Issuer) -> String {
    let unusable = issuer.keys.iter().filter_map(|key| key.key.as_ref().err());
    let unusable: String = unusable.map(|reason| format!("  not usable: {}", show(reason))).collect();
    format!("{} keys{unusable}", issuer.keys.len())
}

fn of_tenants(tenants: &[String]) -> String {
    if tenants.is_empty() {
        return "  any tenant".to_owned();
    }
    format!("  tenant {}", listed(tenants))
}

fn listed(texts: &[String]) -> String {
    texts.iter().map(|text| show(text)).collect::<Vec<_>>().join(",")
}

fn use_name(purpose: Use) -> &'static str {
    match purpose {
        Use::Event => "event",
        Use::Genesis => "genesis",
        Use::Manifest => "manifest",
        Use::Token => "token",
    }
}
