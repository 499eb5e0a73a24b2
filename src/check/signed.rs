//! Detached signatures over a manifest or a genesis block, against the keys that the auditor holds. Walks the list once; a signature by an unknown
//! key is listed, not believed; one by a trusted key that does not verify refutes.

use crate::bundle::manifest::{Instant, Manifest};
use crate::bundle::signature::{self, DetachedSignature};
use crate::digest::Digest;
use crate::finding::{Code, Finding, Why};
use crate::trust::{Trust, TrustedKey, TrustedSecret, Use};

/// What is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// The tenant's genesis block.
    Genesis,
    /// The manifest.
    Manifest,
}

/// The document, and what its signature is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Document<'d> {
    /// What it is.
    pub subject: Subject,
    /// Its exact bytes.
    pub bytes: &'d [u8],
    /// The name of its signature file.
    pub file: &'d str,
    /// Whose it is.
    pub tenant: &'d str,
    /// When it was made.
    pub made_at: &'d Instant,
}

/// How the signatures came out. Only [`Signatures::check`] makes one that holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Signatures {
    subject: Option<Subject>,
    findings: Vec<Finding>,
    upheld: Vec<String>,
    compromised: Vec<String>,
    unknown: Vec<String>,
    asymmetric: bool,
    tenant_pinned: bool,
    present: bool,
}

/// A manifest that a trusted key signed: what it says of the chain's end proves events.
#[derive(Debug, Clone, Copy)]
pub struct VerifiedManifest<'m>(&'m Manifest);

impl VerifiedManifest<'_> {
    /// The signed hash of the last event.
    pub fn last_hash(self) -> Option<Digest> {
        self.0.chain.as_ref().map(|chain| chain.last_hash)
    }
}

/// Keys that stand in a bundle whose manifest a trusted key signed: the producer's word, and no more than that.
#[derive(Debug, Clone, Copy)]
pub struct Vouched(());

impl Vouched {
    /// Only a verified manifest vouches.
    pub fn by(_: VerifiedManifest<'_>) -> Self {
        Self(())
    }
}

impl Signatures {
    /// Checks all signatures of a document.
    pub fn check(document: Document<'_>, signature_file: Option<&[u8]>, trust: &Trust) -> Self {
        let mut signatures = Self { subject: Some(document.subject), ..Self::default() };
        let Some(bytes) = signature_file else {
            return signatures;
        };
        match signature::parse(bytes) {
            Err((message, byte)) => {
                signatures.present = true;
                let code = document.code(Code::GenesisSignatureMalformed, Code::ManifestSignatureMalformed);
                let byte = byte.and_then(|byte| u64::try_from(byte).ok());
                signatures.findings.push(Finding::new(code, message).in_file(document.file, byte));
            }
            Ok(list) => list.iter().for_each(|signature| signatures.check_one(document, signature, trust, list.len())),
        }
        signatures
    }

    /// Whether it holds; a compromised key counts only where an anchor of the auditor pins what it signed.
    pub fn holds(&self, pinned: bool) -> bool {
        self.findings.is_empty() && (!self.upheld.is_empty() || (pinned && !self.compromised.is_empty()))
    }

    /// What refutes.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Signatures that hold, in words; those of compromised keys only where an anchor pins what they signed.
    pub fn upheld(&self, pinned: bool) -> Vec<String> {
        let pinned = self.compromised.iter().filter(|_| pinned);
        let pinned = pinned.map(|id| format!("key \"{id}\" (counts as compromised; your anchor pins this history)"));
        self.upheld.iter().cloned().chain(pinned).collect()
    }

    /// Ids that the auditor does not know.
    pub fn unknown(&self) -> &[String] {
        &self.unknown
    }

    /// Whether it holds by shared secrets alone: any of their holders could have made it.
    pub fn is_secret_only(&self, pinned: bool) -> bool {
        self.holds(pinned) && !self.asymmetric && (!pinned || self.compromised.is_empty())
    }

    /// Whether what speaks for it speaks for this tenant and no other.
    pub fn is_bound_to_tenant(&self) -> bool {
        self.tenant_pinned
    }

    /// Why it could not be tested, where it neither holds nor is refuted.
    pub fn why(&self) -> Why {
        match (self.compromised.first(), self.present) {
            (Some(id), _) => Why::Compromised(id.clone()),
            (None, true) => Why::KeyNotTrusted(self.unknown.clone()),
            (None, false) => Why::NoSignature,
        }
    }

    /// The manifest, as one that a trusted key signed.
    pub fn verified<'m>(&self, manifest: &'m Manifest, pinned: bool) -> Option<VerifiedManifest<'m>> {
        (self.subject == Some(Subject::Manifest) && self.holds(pinned)).then_some(VerifiedManifest(manifest))
    }

    fn check_one(&mut self, document: Document<'_>, signature: &DetachedSignature, trust: &Trust, listed: usize) {
        self.present = true;
        if let Some(key) = trust.key(&signature.key_id) {
            return self.check_key(document, signature, key);
        }
        if document.subject == Subject::Manifest
            && let Some(secret) = trust.manifest_secret(&signature.key_id, document.tenant)
        {
            return self.check_secret(document, signature, secret);
        }
        let unnamed: Vec<&TrustedKey> = trust.unnamed_keys().collect();
        if let Some(key) = unnamed.iter().find(|key| fits(key, document, signature)) {
            return self.check_key(document, signature, key);
        }
        match unnamed.first() {
            Some(key) if listed == 1 => self.check_key(document, signature, key),
            _ => self.unknown.push(signature.key_id.clone()),
        }
    }

    fn check_key(&mut self, document: Document<'_>, signature: &DetachedSignature, key: &TrustedKey) {
        if let Some(finding) = objection(document, signature, key) {
            return self.findings.push(finding.in_file(document.file, None));
        }
        let name = format!("{} key \"{}\" ({})", signature.algorithm, signature.key_id, key.key.fingerprint());
        if key.compromised_since.is_some() {
            return self.compromised.push(signature.key_id.clone());
        }
        self.asymmetric = true;
        self.tenant_pinned |= key.tenants.as_ref().is_some_and(|tenants| tenants.len() == 1);
        self.upheld.push(name);
    }

    fn check_secret(&mut self, document: Document<'_>, signature: &DetachedSignature, secret: &TrustedSecret) {
        let refute = |code: Code, message: String| Finding::new(code, message).in_file(document.file, None);
        if signature.algorithm != "HS256" {
            let message =
                format!("the trust file has a shared secret under \"{}\" (HS256), the signature names {}", signature.key_id, signature.algorithm);
            let finding = refute(Code::ManifestSignatureAlgorithm, message).values(&signature.algorithm, "HS256");
            return self.findings.push(finding);
        }
        if !secret.secret.mac_key().verify(&[document.bytes], &signature.signature) {
            let message = format!("the HMAC under \"{}\" does not fit the bytes of the manifest", signature.key_id);
            return self.findings.push(refute(Code::ManifestSignatureInvalid, message));
        }
        self.tenant_pinned |= secret.tenant.is_some();
        self.upheld.push(format!("HS256 secret \"{}\"", signature.key_id));
    }
}

impl Document<'_> {
    fn code(self, genesis: Code, manifest: Code) -> Code {
        match self.subject {
            Subject::Genesis => genesis,
            Subject::Manifest => manifest,
        }
    }

    fn name(self) -> &'static str {
        match self.subject {
            Subject::Genesis => "genesis block",
            Subject::Manifest => "manifest",
        }
    }
}

fn fits(key: &TrustedKey, document: Document<'_>, signature: &DetachedSignature) -> bool {
    key.key.algorithm().name() == signature.algorithm && key.key.verify(document.bytes, &signature.signature)
}

/// Why a signature that names a trusted key does not count.
fn objection(document: Document<'_>, signature: &DetachedSignature, key: &TrustedKey) -> Option<Finding> {
    let (id, what) = (&signature.key_id, document.name());
    let wanted = if document.subject == Subject::Genesis { Use::Genesis } else { Use::Manifest };
    let algorithm = key.key.algorithm().name();
    if signature.algorithm != algorithm {
        let code = document.code(Code::GenesisSignatureAlgorithm, Code::ManifestSignatureAlgorithm);
        let message = format!("the trusted key \"{id}\" is an {algorithm} key, the signature names {}", signature.algorithm);
        return Some(Finding::new(code, message).values(&signature.algorithm, algorithm));
    }
    if !key.uses.contains(&wanted) {
        let code = document.code(Code::GenesisSignatureUse, Code::ManifestSignatureUse);
        return Some(Finding::new(code, format!("the trusted key \"{id}\" may not sign a {what}: your trust file gives it another use")));
    }
    if key.tenants.as_ref().is_some_and(|tenants| !tenants.iter().any(|tenant| tenant == document.tenant)) {
        let code = document.code(Code::GenesisSignatureTenant, Code::ManifestSignatureTenant);
        let tenants = key.tenants.clone().unwrap_or_default().join(", ");
        let message = format!("the trusted key \"{id}\" may sign for {tenants}, this {what} is of tenant \"{}\"", document.tenant);
        return Some(Finding::new(code, message).values(document.tenant, tenants));
    }
    let (from, to) = key.valid.unwrap_or_default();
    let made = document.made_at;
    if from.is_some_and(|from| made.time < from) || to.is_some_and(|to| made.time > to) {
        let code = document.code(Code::GenesisSignatureValidity, Code::ManifestSignatureValidity);
        let text = |time: Option<crate::time::Time>| time.map_or_else(|| "any time".to_owned(), |time| time.to_string());
        let window = format!("{} to {}", text(from), text(to));
        let message = format!("the {what} was made at {}, the trusted key \"{id}\" is valid from {window}", made.text);
        return Some(Finding::new(code, message).values(&made.text, window));
    }
    if key.key.verify(document.bytes, &signature.signature) {
        return None;
    }
    let code = document.code(Code::GenesisSignatureInvalid, Code::ManifestSignatureInvalid);
    let finding = match key.id {
        Some(_) => Finding::new(code, format!("the signature by \"{id}\" does not fit the bytes of the {what}"))
            .help("the file was changed after it was signed, or the key under this id is another: compare its fingerprint with the producer"),
        None => Finding::new(code, format!("the key that you gave does not verify the signature by \"{id}\" over the {what}")).help(
            "either the file was changed after it was signed, or this is not the key that signed it: compare its fingerprint with the producer",
        ),
    };
    Some(finding)
}
