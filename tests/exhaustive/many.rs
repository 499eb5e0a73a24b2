//! More breaks than keep their details: the totals stay exact, and what is kept does not depend on blocks and threads.

use std::fs;

use unbroken::report::BundleReport;
use unbroken::verify::{Quiet, Request, verify};

use crate::Desk;
use crate::forge::bundle::{Bundle, Start};
use crate::forge::container::{Archive, Method};
use crate::forge::edit::Hand;
use crate::forge::record::{Profile, Proof};

/// Breaks that keep their details, by the format: 10,000.
const KEPT: usize = 10_000;

fn reports(bundle: &Bundle) -> [BundleReport; 2] {
    let desk = Desk::new();
    let path = desk.folder.path().join("bundle.zip");
    fs::write(&path, Archive::of(&bundle.sealed(), Method::Stored).bytes()).unwrap();
    [(1, 1 << 22), (3, 1500)].map(|(jobs, block_bytes)| {
        let request = Request { jobs, block_bytes, max_findings: 3 * KEPT, ..Request::new(&desk.keyed) };
        verify(std::slice::from_ref(&path), &request, &Quiet).unwrap()
    })
}

#[test]
fn every_link_altered() {
    let mut bundle = Bundle::honest(Profile::FileTransfer, Start::Middle, KEPT + 50, Proof::Mac);
    (0..bundle.lines.len()).for_each(|index| bundle.unlink(index));
    let [one, several] = reports(&bundle);
    assert_eq!(one, several);
    assert_eq!(one.verdict().exit_code(), 1);
    assert!(one.break_point().is_some_and(|first| first.chain_break.is_some()));
}

#[test]
fn every_second_event_altered() {
    let mut bundle = Bundle::honest(Profile::FileTransfer, Start::Middle, 2 * KEPT + 50, Proof::None);
    (0..bundle.lines.len()).step_by(2).for_each(|index| bundle.alter(index));
    bundle.relink(0, bundle.first_link(), Hand::Tamperer);
    let [one, several] = reports(&bundle);
    assert_eq!(one, several);
    assert_eq!(one.breaks_total, KEPT as u64 + 25);
}
