//! What the JSON report says of coverage.

use std::collections::BTreeMap;

use serde::Serialize;

use super::super::model::{self, Cover};

/// Which proof covers which file, and which field of the events.
#[derive(Serialize)]
pub(super) struct Coverage<'r> {
    files: Vec<File<'r>>,
    events: u64,
    unreadable: u64,
    fields: Vec<Field<'r>>,
    other_fields: Covered,
}

#[derive(Serialize)]
struct File<'r> {
    path: &'r str,
    bytes: u64,
    proof: bool,
    covered_by: Vec<&'static str>,
}

#[derive(Serialize)]
struct Field<'r> {
    pointer: &'r str,
    proof: bool,
    #[serde(flatten)]
    covered: Covered,
}

#[derive(Serialize)]
struct Covered {
    values: u64,
    covered_by: BTreeMap<&'static str, u64>,
    bare: u64,
}

impl<'r> Coverage<'r> {
    pub(super) fn of(coverage: &'r model::Coverage) -> Self {
        let model::Coverage { files, events, unreadable, fields, others } = coverage;
        let file = |file: &'r model::CoveredFile| File {
            path: &file.path,
            bytes: file.bytes,
            proof: file.is_proof,
            covered_by: file.covered_by.iter().map(|cover| cover.name()).collect(),
        };
        let field = |field: &'r model::CoveredField| Field { pointer: &field.pointer, proof: field.is_proof, covered: Covered::of(&field.covered) };
        Self {
            files: files.iter().map(file).collect(),
            events: *events,
            unreadable: *unreadable,
            fields: fields.iter().map(field).collect(),
            other_fields: Covered::of(others),
        }
    }
}

impl Covered {
    fn of(covered: &model::Covered) -> Self {
        let covered_by = Cover::ALL.iter().map(|cover| (cover.name(), covered.by(*cover))).collect();
        Self { values: covered.values, covered_by, bare: covered.bare }
    }
}
