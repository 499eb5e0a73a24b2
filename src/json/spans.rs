//! Where the wanted members stand in a line. Not here: finding them.

use std::ops::Range;

use super::pointer::Node;

/// Where a member stands in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Offset of the opening quote of its name.
    pub start: usize,
    /// The value.
    pub value: Range<usize>,
}

/// What [`super::scan`] found: one slot a wanted pointer. Reused from line to line.
#[derive(Debug, Clone, Default)]
pub struct Spans {
    slots: Vec<Option<Member>>,
}

impl Spans {
    /// The member of the pointer with this index.
    #[inline]
    pub fn get(&self, index: usize) -> Option<&Member> {
        self.slots.get(index)?.as_ref()
    }

    pub(super) fn reset(&mut self, count: usize) {
        self.slots.clear();
        self.slots.resize(count, None);
    }

    pub(super) fn note(&mut self, node: &Node, start: usize, value: Range<usize>) {
        for index in &node.indexes {
            if let Some(slot) = self.slots.get_mut(*index) {
                *slot = Some(Member { start, value: value.clone() });
            }
        }
    }
}
