//! Everything of a bundle but its events: manifest, signatures, the files listed, the genesis block. Small members are read whole, once.

use std::io::Read;

use crate::bundle::credentials::Credentials;
use crate::bundle::genesis::Genesis;
use crate::bundle::manifest::{FileEntry, Manifest, Parsed, Role};
use crate::bundle::{Container, ReadFault, Whole};
use crate::check::shortened;
use crate::check::{Document, Signatures, Subject};
use crate::digest::{Digest, Hasher};
use crate::error::Error;
use crate::finding::{Code, Finding};
use crate::trust::Trust;

/// Manifests, signature files and genesis blocks may have this many bytes.
const MAX_SMALL: u64 = 16 * 1024 * 1024;

/// What a bundle says of itself.
#[derive(Debug, Default)]
pub struct Opened {
    /// Findings about the container and the form of the manifest.
    pub structure: Vec<Finding>,
    /// The manifest, if it is well formed.
    pub manifest: Option<Manifest>,
    /// The format that it names, if it is none that we know.
    pub unknown_format: Option<String>,
    /// Digest of its bytes.
    pub manifest_sha256: Option<Digest>,
    /// The manifest's signatures.
    pub signatures: Signatures,
    /// Names of the files that are listed, digested, and as they should be; the events file is digested on its own way.
    pub files_upheld: Vec<String>,
    /// What is wrong with files.
    pub files: Vec<Finding>,
    /// The credentials file, if one is carried and well formed.
    pub credentials: Option<Credentials>,
    /// What is wrong with it.
    pub credentials_findings: Vec<Finding>,
    /// The genesis block, if one is carried.
    pub genesis: Option<CarriedGenesis>,
}

/// A genesis block that the bundle carries.
#[derive(Debug)]
pub struct CarriedGenesis {
    /// Digest of its bytes.
    pub digest: Digest,
    /// If it is well formed.
    pub block: Option<Genesis>,
    /// Its signatures.
    pub signatures: Signatures,
    /// What is wrong with it.
    pub findings: Vec<Finding>,
}

impl Opened {
    /// Reads it. What the bytes contradict becomes a finding; only trouble of this machine is an error.
    pub fn read(container: &Container, trust: &Trust) -> Result<Self, Error> {
        let mut opened = Self { structure: container.findings().to_vec(), ..Self::default() };
        if !has(container, "manifest.json") {
            return Ok(opened);
        }
        let Some(bytes) = opened.small(container, "manifest.json")? else {
            return Ok(opened);
        };
        opened.manifest_sha256 = Some(Digest::of(&bytes));
        let manifest = match Manifest::parse(&bytes) {
            Parsed::Known(manifest, findings) => {
                opened.structure.extend(findings);
                *manifest
            }
            Parsed::Refuted(findings) => {
                opened.structure.extend(findings);
                return Ok(opened);
            }
            Parsed::UnknownFormat(format) => {
                opened.unknown_format = Some(shortened(&format));
                return Ok(opened);
            }
        };
        let signature = match has(container, "manifest.sig") {
            true => opened.small(container, "manifest.sig")?,
            false => None,
        };
        let document =
            Document { subject: Subject::Manifest, bytes: &bytes, file: "manifest.sig", tenant: &manifest.tenant_id, made_at: &manifest.created_at };
        opened.signatures = Signatures::check(document, signature.as_deref(), trust);
        opened.compare_files(container, &manifest)?;
        opened.read_genesis(container, &manifest, trust)?;
        opened.read_credentials(container, &manifest)?;
        opened.manifest = Some(manifest);
        Ok(opened)
    }

    /// A member read whole; none (and a finding) where it is damaged or too large.
    fn small(&mut self, container: &Container, name: &str) -> Result<Option<Vec<u8>>, Error> {
        match container.read(name, MAX_SMALL) {
            Ok(Whole::Bytes(bytes)) => Ok(Some(bytes)),
            Ok(Whole::Larger(size)) => {
                let message = format!("{name} has {size} bytes, {MAX_SMALL} are allowed");
                self.structure.push(Finding::new(Code::ManifestMalformed, message).in_file(name, None).values(size, MAX_SMALL));
                Ok(None)
            }
            Err(ReadFault::Error(error)) => Err(error),
            Err(ReadFault::Finding(finding)) => {
                self.structure.push(*finding);
                Ok(None)
            }
        }
    }

    /// Compares all members but the events with the manifest.
    fn compare_files(&mut self, container: &Container, manifest: &Manifest) -> Result<(), Error> {
        for member in container.members() {
            let known = ["manifest.json", "manifest.sig"].contains(&member.name.as_str());
            if !known && !manifest.files.iter().any(|file| file.path == member.name) {
                let message = format!("{} ({} bytes) is there, but the manifest does not list it", member.name, member.size);
                self.files.push(Finding::new(Code::ManifestFileUnlisted, message).in_file(&member.name, None));
            }
        }
        for file in &manifest.files {
            if !has(container, &file.path) {
                let message = format!("the manifest lists {} ({} bytes), but it is not there", file.path, file.size);
                self.files.push(Finding::new(Code::ManifestFileMissing, message).in_file(&file.path, None));
            } else if file.role != Role::Events {
                self.digest_file(container, file)?;
            }
        }
        Ok(())
    }

    /// Whether the file with this name is listed, and has the size and the digest that the manifest states.
    pub fn is_as_listed(&self, name: &str) -> bool {
        self.files_upheld.iter().any(|upheld| upheld == name)
    }

    /// Whether that holds of the events.
    pub fn events_are_as_listed(&self) -> bool {
        self.manifest.as_ref().and_then(|manifest| manifest.file(Role::Events)).is_some_and(|file| self.is_as_listed(&file.path))
    }

    /// Reads one file for its size and digest alone, and compares them with what the manifest states.
    pub fn digest_file(&mut self, container: &Container, file: &FileEntry) -> Result<(), Error> {
        match digest(container, &file.path) {
            Ok(found) => self.compare_file(&file.path, (file.size, file.sha256), found),
            Err(ReadFault::Error(error)) => return Err(error),
            Err(ReadFault::Finding(finding)) => self.structure.push(*finding),
        }
        Ok(())
    }

    /// Compares one file's size and digest with what the manifest states.
    pub fn compare_file(&mut self, path: &str, stated: (u64, Digest), found: (u64, Digest)) {
        if stated == found {
            self.files_upheld.push(path.to_owned());
            return;
        }
        let message = match (stated.0, found.0) {
            (stated, found) if stated == found => {
                format!("{path} has the stated size, {found} bytes, but they are not those that the manifest lists")
            }
            (stated, found) => format!("the manifest lists {path} with {stated} bytes, it has {found}"),
        };
        self.files.push(Finding::new(Code::ManifestFiles, message).in_file(path, None).values(stated.1, found.1));
    }

    fn read_credentials(&mut self, container: &Container, manifest: &Manifest) -> Result<(), Error> {
        let Some(file) = manifest.file(Role::Credentials).filter(|file| has(container, &file.path)) else {
            return Ok(());
        };
        let Some(bytes) = self.small(container, &file.path)? else {
            return Ok(());
        };
        match Credentials::parse(&bytes) {
            Ok(credentials) => self.credentials = Some(credentials),
            Err((message, byte)) => {
                let byte = byte.and_then(|byte| u64::try_from(byte).ok());
                self.credentials_findings.push(Finding::new(Code::PasskeyCredentials, message).in_file(&file.path, byte));
            }
        }
        Ok(())
    }

    fn read_genesis(&mut self, container: &Container, manifest: &Manifest, trust: &Trust) -> Result<(), Error> {
        let Some(file) = manifest.file(Role::Genesis).filter(|file| has(container, &file.path)) else {
            return Ok(());
        };
        let Some(bytes) = self.small(container, &file.path)? else {
            return Ok(());
        };
        let mut genesis = CarriedGenesis { digest: Digest::of(&bytes), block: None, signatures: Signatures::default(), findings: Vec::new() };
        match Genesis::parse(&bytes) {
            Err((message, byte)) => {
                let byte = byte.and_then(|byte| u64::try_from(byte).ok());
                genesis.findings.push(Finding::new(Code::GenesisMalformed, message).in_file(&file.path, byte));
            }
            Ok(block) => {
                let signature_file = manifest.file(Role::GenesisSignature).filter(|file| has(container, &file.path));
                let signature = match signature_file {
                    Some(file) => self.small(container, &file.path)?,
                    None => None,
                };
                let document = Document {
                    subject: Subject::Genesis,
                    bytes: &bytes,
                    file: signature_file.map_or("", |file| &file.path),
                    tenant: &block.tenant_id,
                    made_at: &block.created_at,
                };
                genesis.signatures = Signatures::check(document, signature.as_deref(), trust);
                genesis.findings.extend(mismatches(&block, manifest, &file.path));
                genesis.block = Some(block);
            }
        }
        self.genesis = Some(genesis);
        Ok(())
    }
}

fn mismatches(block: &Genesis, manifest: &Manifest, file: &str) -> Vec<Finding> {
    let pairs = [("tenant_id", &block.tenant_id, &manifest.tenant_id), ("profile", &block.profile, &manifest.profile)];
    let different = pairs.into_iter().filter(|(_, genesis, manifest)| genesis != manifest);
    let finding = |(name, genesis, manifest): (&str, &String, &String)| {
        let message = format!("the genesis block's {name} is \"{genesis}\", the manifest's is \"{manifest}\"");
        Finding::new(Code::GenesisMismatch, message).in_file(file, None).values(genesis, manifest)
    };
    different.map(finding).collect()
}

fn has(container: &Container, name: &str) -> bool {
    container.members().iter().any(|member| member.name == name)
}

/// Size and digest of a member.
fn digest(container: &Container, name: &str) -> Result<(u64, Digest), ReadFault> {
    let mut stream = container.stream(name)?;
    let mut hasher = Hasher::new();
    let mut buffer = vec![0; 65_536];
    let mut size: u64 = 0;
    loop {
        let read = stream.read(&mut buffer).map_err(ReadFault::from_io)?;
        let Some(piece) = buffer.get(..read).filter(|piece| !piece.is_empty()) else {
            return Ok((size, hasher.finish()));
        };
        hasher.update(piece);
        size = size.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
    }
}
