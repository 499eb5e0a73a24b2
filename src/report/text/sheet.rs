//! A page of text in the making: hanging indents, so that no foreign text ever starts a line of the screen, and ink that only repeats the words.

use anstyle::{AnsiColor, Style};

pub(super) use super::super::show::columns;
use super::super::show::width;
use super::{Colour, TextOptions};

/// What a word is, for those who see colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    Bad,
    Dim,
    Good,
    Open,
    Plain,
    Strong,
}

impl Ink {
    fn style(self) -> Style {
        match self {
            Self::Bad => AnsiColor::BrightRed.on_default().bold(),
            Self::Dim => Style::new().dimmed(),
            Self::Good => AnsiColor::Green.on_default().bold(),
            Self::Open => AnsiColor::Yellow.on_default().bold(),
            Self::Plain => Style::new(),
            Self::Strong => Style::new().bold(),
        }
    }
}

/// The page.
pub(super) struct Sheet {
    out: String,
    width: usize,
    colour: Colour,
}

impl Sheet {
    pub(super) fn new(options: &TextOptions) -> Self {
        Self { out: String::new(), width: usize::from(options.width).max(40), colour: options.colour }
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    pub(super) fn colour(&self) -> Colour {
        self.colour
    }

    pub(super) fn blank(&mut self) {
        self.out.push('\n');
    }

    /// Lines that are ready, each with its line end.
    pub(super) fn block(&mut self, lines: &str) {
        for line in lines.lines() {
            self.out.push_str(line.trim_end());
            self.out.push('\n');
        }
    }

    /// Our own words in front, then `text` from `column` on; what does not fit goes on in the next line, at `column` again.
    pub(super) fn entry(&mut self, front: &[(Ink, &str)], column: usize, text: &str) {
        let mut at = 0_usize;
        for (ink, words) in front {
            let painted = self.paint(*ink, words);
            self.out.push_str(&painted);
            at = at.saturating_add(columns(words));
        }
        if text.is_empty() {
            return self.end_line();
        }
        let gap = column.saturating_sub(at).max(usize::from(at > 0));
        let first = self.width.saturating_sub(at.saturating_add(gap)).max(20);
        let room = self.width.saturating_sub(column).max(20);
        for (index, line) in wrapped(text, first, room).iter().enumerate() {
            if index > 0 {
                self.end_line();
            }
            self.out.push_str(&" ".repeat(if index == 0 { gap } else { column }));
            self.out.push_str(line);
        }
        self.end_line();
    }

    fn end_line(&mut self) {
        self.out.truncate(self.out.trim_end_matches(' ').len());
        self.out.push('\n');
    }

    fn paint(&self, ink: Ink, words: &str) -> String {
        let style = ink.style();
        let bare = words.trim_end_matches(' ');
        let rest = words.get(bare.len()..).unwrap_or_default();
        match self.colour {
            Colour::Always if style != Style::new() && !bare.is_empty() => format!("{style}{bare}{style:#}{rest}"),
            Colour::Always | Colour::Never => words.to_owned(),
        }
    }
}

/// Lines of at most `room` columns (the first: `first`). A digest is never broken: it is there to be compared and copied.
fn wrapped(text: &str, first: usize, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut left = first;
    let mut fresh = true;
    for word in text.split(' ') {
        let needed = columns(word).saturating_add(usize::from(!fresh));
        if needed > left && !fresh {
            lines.push(String::new());
            left = room;
            fresh = true;
        }
        if !fresh {
            push(&mut lines, ' ');
            left = left.saturating_sub(1);
        }
        for c in word.chars() {
            if width(c) > left && !is_digest(word) {
                lines.push(String::new());
                left = room;
            }
            push(&mut lines, c);
            left = left.saturating_sub(width(c));
        }
        fresh = false;
    }
    lines
}

fn push(lines: &mut [String], c: char) {
    if let Some(line) = lines.last_mut() {
        line.push(c);
    }
}

fn is_digest(word: &str) -> bool {
    let hex = word.trim_end_matches([',', ';', '.', ')']).rsplit(':').next().unwrap_or_default();
    hex.len() == 64 && word.len() < 90 && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_words_are_broken_and_digests_are_not() {
        assert_eq!(wrapped("ab cd ef", 5, 5), ["ab cd", "ef"]);
        assert_eq!(wrapped("abcdefgh", 5, 3), ["abcde", "fgh"]);
        let digest = format!("sha256:{}", "0a".repeat(32));
        assert_eq!(wrapped(&digest, 20, 20), [digest]);
        assert_eq!(wrapped("a  b", 10, 10), ["a  b"]);
    }
}
