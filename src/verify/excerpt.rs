//! What a report shows of a line: its start, and the surroundings of its link. Not here: which lines are shown.

/// Lines of an excerpt are cut to about this many bytes on each side of what they show.
const AROUND: usize = 70;

/// A line, cut to what is worth showing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LineText {
    /// The start of the line, and whether more follows.
    pub start: (String, bool),
    /// The surroundings of the link: text, what was cut before and behind, the range of the link in the text.
    pub link: Option<(String, (bool, bool), std::ops::Range<usize>)>,
}

impl LineText {
    /// Cuts a line, and notes where its link starts.
    pub fn of(line: &[u8], link: Option<usize>) -> Self {
        let cut = |from: usize, to: usize| {
            let piece = line.get(from..to.min(line.len())).unwrap_or_default();
            String::from_utf8_lossy(piece).into_owned()
        };
        let start = (cut(0, AROUND), line.len() > AROUND);
        let link = link.map(|at| {
            let end = link_end(line, at);
            let from = (at.saturating_sub(AROUND)..=at).find(|from| is_boundary(line, *from)).unwrap_or(at);
            let to = end.saturating_add(2).min(line.len());
            let before = cut(from, at);
            let value = cut(at, end);
            let mark = before.len()..before.len().saturating_add(value.len());
            (format!("{before}{value}{}", cut(end, to)), (from > 0, to < line.len()), mark)
        });
        Self { start, link }
    }
}

/// The end of the string that starts at `at`; a link holds no escapes. Where it is no string, the end of the value.
fn link_end(line: &[u8], at: usize) -> usize {
    if line.get(at) != Some(&b'"') {
        let rest = line.get(at..).unwrap_or_default();
        return at.saturating_add(rest.iter().position(|byte| b",}]".contains(byte)).unwrap_or(rest.len()));
    }
    let rest = line.get(at.saturating_add(1)..).unwrap_or_default();
    let length = rest.iter().position(|byte| *byte == b'"').unwrap_or(rest.len());
    at.saturating_add(length).saturating_add(2).min(line.len())
}

fn is_boundary(line: &[u8], at: usize) -> bool {
    line.get(at).is_none_or(|byte| byte & 0xC0 != 0x80)
}
