//! Evidence becomes a report: one row a claim, findings, what is proven, what a PASS does not show. Pure.

use crate::bundle::Container;
use crate::bundle::manifest::{Manifest, Role};
use crate::check::Row;
use crate::error::Error;
use crate::finding::{CheckId, Code, Finding, Why};
use crate::profile::{FirstLink, Profile};
use crate::report::{BundleReport, EventSummary, Kind, Period, Status, UsedFile};
use crate::verify::Request;
use crate::verify::events::Walked;
use crate::verify::handed::Handed;
use crate::verify::ledger::{Entry, Ledger};
use crate::verify::opening::Opened;
use crate::verify::table::TableMatch;

mod chain_rows;
mod event_rows;
mod expect_rows;
mod genesis_row;
mod not_shown;
mod passkey_rows;
mod proof_rows;
mod raw_rows;

/// Everything that a report is made of.
struct Evidence<'e> {
    handed: &'e Handed,
    opened: &'e Opened,
    walked: Option<Walked>,
    table: Option<TableMatch>,
    profile: Option<&'e Profile>,
    request: &'e Request<'e>,
    ledger: Ledger,
    notes: Vec<String>,
}

/// What was found out, stage by stage.
pub struct Findings<'f> {
    /// Everything but the events.
    pub opened: &'f Opened,
    /// The events.
    pub walked: Option<Walked>,
    /// The table beside them.
    pub table: Option<TableMatch>,
}

/// Writes the report.
pub fn report(
    path: String,
    handed: &Handed,
    findings: Findings<'_>,
    profile: Option<&Profile>,
    request: &Request<'_>,
) -> Result<BundleReport, Error> {
    let Findings { opened, walked, table } = findings;
    let notes = match handed {
        Handed::Bundle(container) => container.notes().to_vec(),
        Handed::Raw(raw) => raw.arranged.notes.clone(),
    };
    let mut evidence = Evidence { handed, opened, walked, table, profile, request, ledger: Ledger::default(), notes };
    match (handed, &opened.manifest) {
        (Handed::Raw(raw), _) => {
            evidence.raw_rows(raw);
            evidence.table();
        }
        (Handed::Bundle(container), Some(manifest)) => {
            evidence.structure(container);
            evidence.signature();
            evidence.files(container);
            evidence.previous(manifest);
            evidence.event_rows(Some(manifest));
            evidence.table();
        }
        (Handed::Bundle(container), None) => {
            evidence.structure(container);
            evidence.without_manifest();
        }
    }
    evidence.ledger.complete();
    evidence.policy();
    evidence.close(path)
}

impl Evidence<'_> {
    fn structure(&mut self, container: &Container) {
        let mut refuted = self.ledger.report(self.opened.structure.clone());
        if let (Some(manifest), Some(profile)) = (&self.opened.manifest, self.profile) {
            let claims = [
                ("chain", manifest.chain.is_some() && profile.chain.is_none()),
                ("event_mac", manifest.event_mac.is_some() && profile.event_mac.is_none()),
                ("event_signature", manifest.event_signature.is_some() && profile.event_signature.is_none()),
                ("credentials", manifest.file(Role::Credentials).is_some() && profile.passkey.is_none()),
                ("genesis", manifest.file(Role::Genesis).is_some() && profile.chain.as_ref().is_none_or(|chain| chain.first != FirstLink::Genesis)),
            ];
            let unknown = claims.iter().filter(|(_, unknown)| *unknown).map(|(claim, _)| {
                let message = format!("the manifest declares `{claim}`, which the profile {} does not have", profile.name);
                Finding::new(Code::ManifestUnknownClaim, message).in_file("manifest.json", None)
            });
            refuted = refuted.saturating_add(self.ledger.report(unknown.collect::<Vec<_>>()));
        }
        if let Some(damage) = self.walked.as_mut().and_then(|walked| walked.stored.damage.take()) {
            refuted = refuted.saturating_add(self.ledger.report([damage]));
        }
        let members = container.members().len();
        let note = match members {
            0 => "none of its members could be read".to_owned(),
            1 => "1 member".to_owned(),
            _ => format!("{members} members"),
        };
        let entry = Entry { upheld: u64::try_from(members).unwrap_or(u64::MAX), refuted, ..Entry::default() };
        let entry = match &self.opened.unknown_format {
            Some(format) if refuted == 0 => entry.untested(Why::UnknownProfile(format.clone())),
            _ => entry,
        };
        self.ledger.row(CheckId::ContainerStructure, entry.note(note));
    }

    /// No manifest to go by: nothing else can be tested.
    fn without_manifest(&mut self) {
        let why = match &self.opened.unknown_format {
            Some(format) => Why::UnknownProfile(format.clone()),
            None => Why::Unreadable,
        };
        use CheckId::{EventReadable, ManifestCounts, ManifestFiles, ManifestPeriod, ManifestSignature, ManifestTenant};
        for id in [ManifestSignature, ManifestFiles, ManifestCounts, ManifestPeriod, ManifestTenant, EventReadable] {
            self.ledger.row(id, Entry::default().untested(why.clone()));
        }
    }

    fn pinned(&self) -> bool {
        self.walked.as_ref().is_some_and(|walked| walked.anchors.pins_last)
    }

    fn signature(&mut self) {
        let pinned = self.pinned();
        let signatures = &self.opened.signatures;
        let refuted = self.ledger.report(signatures.findings().to_vec());
        let upheld = signatures.upheld(pinned);
        let (held, note) = (upheld.len(), upheld.join(", "));
        let mut entry = Entry { upheld: u64::try_from(held).unwrap_or(u64::MAX), refuted, ..Entry::default() };
        if !signatures.holds(pinned) && refuted == 0 {
            entry = entry.untested(signatures.why());
        }
        if signatures.holds(pinned) && !signatures.unknown().is_empty() {
            self.notes.push(format!("also signed by {}, which your trust file does not know", signatures.unknown().join(", ")));
        }
        let wrong = if refuted == 1 { "1 signature does not hold".to_owned() } else { format!("{refuted} signatures do not hold") };
        self.ledger.row(CheckId::ManifestSignature, entry.words(note, wrong));
    }

    fn files(&mut self, container: &Container) {
        let refuted = self.ledger.report(self.opened.files.clone());
        let listed = self.opened.manifest.as_ref().map_or(0, |manifest| manifest.files.len());
        let files = if listed == 1 { "file" } else { "files" };
        let upheld = format!("{listed} {files}, sizes and digests as listed, {} bytes in all", container.bytes());
        let held = self.opened.files_upheld.len();
        let wrong = format!("{held} of {listed} {files} as listed");
        let entry = Entry { upheld: u64::try_from(held).unwrap_or(u64::MAX), refuted, ..Entry::default() };
        self.ledger.row(CheckId::ManifestFiles, entry.words(upheld, wrong));
    }

    /// A table is for people: what it says must be compared with the events, or nobody may rely on it.
    fn table(&mut self) {
        if let Some(table) = self.table.take() {
            self.ledger.report(table.findings.clone());
            self.ledger.count_more(table.refuted.saturating_sub(u64::try_from(table.findings.len()).unwrap_or(u64::MAX)));
            self.notes.extend(table.notes);
            let mut entry = Entry { upheld: table.upheld, refuted: table.refuted, ..Entry::default() };
            if let Some(why) = table.untested {
                if self.opened.manifest.is_some() && matches!(why, Why::Truncated(_)) {
                    self.ledger.row(CheckId::ExportTruncated, Entry::default().untested(why.clone()));
                }
                entry = entry.untested(why);
            }
            return self.ledger.row(CheckId::TableMatch, entry.note(table.note));
        }
        let listed = self.opened.manifest.as_ref().is_some_and(|manifest| manifest.file(Role::Table).is_some());
        if listed {
            self.ledger.row(CheckId::TableMatch, Entry::default().untested(Why::Unreadable));
        }
    }

    fn previous(&mut self, manifest: &Manifest) {
        let Some(previous) = &manifest.previous else {
            return;
        };
        let note = format!("continues {}", previous.bundle_id);
        let first = manifest.chain.as_ref().map(|chain| chain.first_prev_hash);
        let entry = match first {
            Some(first) if first == previous.last_hash => Entry { upheld: 1, ..Entry::default() },
            Some(first) => {
                let message = format!("previous.last_hash is {}, chain.first_prev_hash is {first}", previous.last_hash);
                let finding = Finding::new(Code::ManifestPrevious, message).in_file("manifest.json", None).values(previous.last_hash, first);
                Entry { refuted: self.ledger.report([finding]), ..Entry::default() }
            }
            None => Entry::default().untested(Why::NotCarried("first link (chain.first_prev_hash)".to_owned())),
        };
        self.ledger.row(CheckId::ManifestPrevious, entry.note(note));
    }

    /// Required rows: all that apply, what the auditor requires; not the HMAC where signature and chain cover every event.
    fn policy(&mut self) {
        use CheckId::{ChainLinks, ChainSequence, EventMac, ManifestFiles, ManifestSignature};
        let skipped = |id: &CheckId| self.request.skip.contains(id);
        let covered = [ManifestSignature, ManifestFiles, ChainLinks].iter().all(|id| self.ledger.is_upheld(*id) && !skipped(id))
            && self.ledger.is_clear(ChainSequence)
            && !skipped(&ChainSequence);
        self.ledger.amend(EventMac, |row| {
            let no_key = matches!(row.status, Status::Untested(Why::NoKey(_)));
            row.required = row.required && !(covered && no_key);
        });
        let claims = self.profile.filter(|_| self.walked.is_some()).map(|profile| profile.requires.claims.clone()).unwrap_or_default();
        for id in self.request.require.iter().copied().chain(claims) {
            self.ledger.amend(id, |row| {
                row.required = true;
                if row.status == Status::NotApplicable {
                    row.status = Status::Untested(Why::NotCarried("such claim".to_owned()));
                }
            });
        }
    }

    fn close(self, path: String) -> Result<BundleReport, Error> {
        let Self { handed, opened, walked, profile, request, ledger, notes, .. } = self;
        let (sha256, bytes, kind) = match handed {
            Handed::Bundle(container) => (container.sha256(), container.bytes(), Kind::Bundle),
            Handed::Raw(raw) => (None, raw.export.bytes(), Kind::Raw),
        };
        let files = raw_rows::files(handed, walked.as_ref())?;
        let sha256 = if let [file] = files.as_slice() { Some(file.sha256) } else { sha256 };
        let chained = profile.is_some_and(|profile| profile.chain.is_some());
        let (rows, findings, findings_total) = ledger.close(request.max_findings);
        let manifest = opened.manifest.as_ref();
        let summary = |row: &Row| EventSummary {
            event: row.event_ref(),
            time: row.stated_time.as_deref().map(str::to_owned),
            hash: profile.is_some_and(|profile| profile.chain.is_some()).then_some(row.hash),
        };
        let walked = walked.as_ref();
        let edge = |row: Option<&Row>| row.map(summary);
        let pinned = walked.as_ref().is_some_and(|walked| walked.anchors.pins_last);
        let only_secret = opened.signatures.is_secret_only(pinned);
        let qualification = "only a shared secret signs the manifest: any holder of it could have made this bundle";
        let mut report = BundleReport {
            path,
            kind,
            sha256,
            files,
            manifest_sha256: opened.manifest_sha256,
            bytes,
            profile: manifest.map(|manifest| manifest.profile.clone()).or_else(|| profile.map(|profile| profile.name.clone())),
            profile_file: profile.and_then(|profile| profile.file.clone()).map(|(path, sha256)| UsedFile { path, sha256 }),
            tenant_id: manifest.map(|manifest| manifest.tenant_id.clone()).or_else(|| request.tenant.clone()),
            period: manifest.map(|manifest| Period { from: manifest.from.text.clone(), to: manifest.to.text.clone() }),
            events: walked.map_or(0, |walked| walked.events),
            first: edge(walked.and_then(Walked::first)),
            last: edge(walked.and_then(Walked::last)),
            rows,
            skipped: request.skip.clone(),
            qualifications: if only_secret { vec![qualification.to_owned()] } else { Vec::new() },
            findings,
            findings_total,
            breaks_total: walked.map_or(0, event_rows::breaks),
            proven: walked.filter(|walked| walked.trusted).map(|walked| event_rows::proven(walked, chained, opened.events_are_as_listed())),
            consistent: walked.filter(|_| chained).map(event_rows::consistent).unwrap_or_default(),
            passkeys: walked.and_then(|walked| passkey_rows::passkeys(walked, profile)),
            notes,
            ..BundleReport::default()
        };
        report.rewritable = walked.and_then(|walked| not_shown::rewritable(walked, &report));
        report.not_shown = not_shown::of(opened, walked, profile, request, report.rewritable.as_ref());
        Ok(report)
    }
}
