//! The coverage of everything that was handed over: each file, and each field of all events, read once more.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use super::{PROOFS, Proofs, is_in, leaves};
use crate::bundle::manifest::Role;
use crate::check::{Check, Tally};
use crate::error::Error;
use crate::event::Record;
use crate::finding::{CheckId, Outcome};
use crate::json::{self, Value};
use crate::profile::{Profile, event_pointers};
use crate::report::{Coverage, Covered, CoveredField, CoveredFile, FileCover};
use crate::verify::handed::Handed;
use crate::verify::{Again, Progress, Request, Verified};

/// Fields that are told one by one. Events may name as many as they like.
const FIELDS: usize = 1_000;

/// What is counted while the events are read.
struct Count<'p> {
    profile: &'p Profile,
    /// Where the profile looks.
    pointers: Vec<&'p str>,
    checks: Vec<Box<dyn Check + 'p>>,
    fields: BTreeMap<String, Covered>,
    coverage: Coverage,
}

impl Verified {
    /// Which proof that holds covers which file, and which field of how many events.
    ///
    /// # Errors
    /// Those of [`Verified::each`].
    pub fn coverage(&self, request: &Request<'_>, progress: &dyn Progress) -> Result<Coverage, Error> {
        let files = self.files();
        let Some(profile) = &self.profile else {
            return Ok(Coverage { files, ..Coverage::default() });
        };
        let checks = self.checks(request).into_iter().filter(|check| PROOFS.contains(&check.id())).collect();
        let pointers = event_pointers(profile).into_iter().map(|named| named.pointer).collect();
        let mut count = Count { profile, pointers, checks, fields: BTreeMap::new(), coverage: Coverage { files, ..Coverage::default() } };
        self.each(request, progress, &[], &mut |again| {
            count.event(self, &again);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(count.finish())
    }

    fn files(&self) -> Vec<CoveredFile> {
        let members = match &self.handed {
            Handed::Bundle(container) => container.members().to_vec(),
            Handed::Raw(raw) => raw.export.members(),
        };
        let table = self.handed.table(self.opened.manifest.as_ref()).filter(|_| self.is_upheld(CheckId::TableMatch));
        let mut files: Vec<CoveredFile> = members
            .into_iter()
            .map(|member| {
                let (is_proof, mut covered_by) = self.spoken_for(&member.name);
                covered_by.extend((table.as_ref() == Some(&member.name)).then_some(FileCover::Events));
                CoveredFile { is_proof, covered_by, path: member.name, bytes: member.size }
            })
            .collect();
        if let Handed::Bundle(_) = self.handed {
            let rank = |file: &CoveredFile| ["manifest.json", "manifest.sig"].iter().position(|name| *name == file.path).unwrap_or(2);
            files.sort_by(|left, right| (rank(left), &left.path).cmp(&(rank(right), &right.path)));
        }
        files
    }

    /// Whether a member is a detached signature, and what speaks for it.
    fn spoken_for(&self, name: &str) -> (bool, Vec<FileCover>) {
        let Handed::Bundle(_) = self.handed else {
            return (false, Vec::new());
        };
        let signed = self.is_upheld(CheckId::ManifestSignature);
        let has_role = |role: Role| self.opened.manifest.as_ref().and_then(|manifest| manifest.file(role)).is_some_and(|file| file.path == name);
        let by_signature = (name == "manifest.json" && signed) || (has_role(Role::Genesis) && self.is_upheld(CheckId::GenesisSignature));
        let by_manifest = signed && self.opened.is_as_listed(name);
        let covers = [(FileCover::Manifest, by_manifest), (FileCover::Signature, by_signature)];
        let is_proof = name == "manifest.sig" || has_role(Role::GenesisSignature);
        (is_proof, covers.into_iter().filter(|(_, covers)| *covers).map(|(cover, _)| cover).collect())
    }
}

impl Count<'_> {
    fn event(&mut self, verified: &Verified, again: &Again<'_, '_>) {
        let Record::Event(event) = &again.record else {
            self.coverage.unreadable = self.coverage.unreadable.saturating_add(1);
            return;
        };
        self.coverage.events = self.coverage.events.saturating_add(1);
        let held = |id: CheckId| {
            let check = self.checks.iter().find(|check| check.id() == id);
            check.is_some_and(|check| {
                let mut tally = Tally::default();
                check.examine(event, &again.at, &mut tally);
                tally.outcome() == Some(Outcome::Upheld)
            })
        };
        let proofs = Proofs::of(verified, self.profile, again.at.number, &held);
        let value = json::parse(event.canonical()).unwrap_or(Value::Null);
        let opens = |array: &str| self.pointers.iter().any(|pointer| *pointer != array && is_in(pointer, array));
        for (pointer, _) in leaves(&value, &opens) {
            let covers = proofs.covering(&pointer);
            if let Some(known) = self.fields.get_mut(&pointer) {
                known.add(&covers);
            } else if self.fields.len() < FIELDS {
                self.fields.entry(pointer).or_default().add(&covers);
            } else {
                self.coverage.others.add(&covers);
            }
        }
    }

    fn finish(self) -> Coverage {
        let Self { profile, fields, mut coverage, .. } = self;
        let proofs = [
            profile.chain.as_ref().and_then(|rule| rule.own.as_ref()),
            profile.event_mac.as_ref().map(|rule| &rule.member),
            profile.event_signature.as_ref().map(|rule| &rule.member),
            profile.passkey.as_ref().map(|rule| &rule.signature),
        ];
        let is_proof = |pointer: &str| proofs.into_iter().flatten().any(|proof| proof == pointer);
        coverage.fields = fields.into_iter().map(|(pointer, covered)| CoveredField { is_proof: is_proof(&pointer), pointer, covered }).collect();
        coverage
    }
}
