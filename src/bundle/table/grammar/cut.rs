//! The line by which a source says that it cut its table.

use super::{Grammar, State};

impl Grammar<'_> {
    pub(super) fn is_mark(&self, rest: &[u8]) -> bool {
        let bare = rest.strip_prefix(b"\"").unwrap_or(rest);
        self.columns.is_some() && self.marks.iter().any(|mark| rest.starts_with(mark) || bare.starts_with(mark))
    }

    /// A row with cells behind the mark is no such line: nobody may hide a row behind an id that looks like it.
    pub(super) fn cut_goes_on(&mut self, byte: u8) -> Result<State, String> {
        match byte {
            b',' => self.row.cells = self.row.cells.saturating_add(1),
            b'\n' if self.row.length > 0 && Some(self.row.cells) == self.columns => {
                return Err(format!("expected the line that says that the table was cut, found a row of {} cells", self.row.cells));
            }
            b'\n' => return Ok(State::AfterCut),
            b'"' | b'\r' => {}
            _ if self.row.cells > 1 => self.row.length = self.row.length.saturating_add(1),
            _ => {}
        }
        Ok(State::Cut)
    }
}
