//! The break point in its context: lines of the events file with their marks, drawn by annotate-snippets.
//!
//! That crate cleans titles and sources, but neither paths nor U+009B; and cleaning would move the marks. So everything is made safe first,
//! character by character, and the marks are carried along. Lines are cut here, so that a mark and its label always fit the width.

use std::ops::Range;

use annotate_snippets::renderer::DEFAULT_TERM_WIDTH;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::super::show::{Piece, pieces};
use super::Colour;
use super::sheet::columns;
use crate::finding::{Excerpt, Finding};

/// Columns of context in front of a mark.
const CONTEXT: usize = 28;
/// Columns that a mark has at least, where it needs them.
const MARK: usize = 8;
/// Hex digits that are shown of a digest inside a line; the finding shows it whole below.
const DIGITS: usize = 8;

/// A line that is ready to be drawn.
struct Line {
    number: usize,
    text: String,
    mark: Range<usize>,
    label: String,
    primary: bool,
}

/// The excerpts of a finding, one drawing; nothing where there are none.
pub(super) fn drawing(finding: &Finding, width: usize, colour: Colour) -> Option<String> {
    let last = finding.excerpts.iter().map(|excerpt| excerpt.line).max()?;
    let room = width.saturating_sub(last.to_string().len()).saturating_sub(4);
    let lines: Vec<Line> = finding.excerpts.iter().map(|excerpt| line(excerpt, room)).collect();
    let mut group = Group::with_level(Level::ERROR).element(origin(finding, width));
    for run in lines.chunk_by(|one, next| next.number == one.number.saturating_add(1)) {
        group = group.element(snippet(run));
    }
    let renderer = match colour {
        Colour::Always => Renderer::styled().hyperlink(false),
        Colour::Never => Renderer::plain(),
    };
    let drawn = renderer.term_width(DEFAULT_TERM_WIDTH.max(width.saturating_mul(4))).render(&[group]);
    let lines: Vec<&str> = drawn.lines().filter(|line| visible(line).trim() != ":::").collect();
    Some(lines.join("\n"))
}

/// A drawn line without its colours; the place stands in the first line alone, so a `:::` without a path says nothing.
fn visible(line: &str) -> String {
    let mut parts = line.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| out + part.split_once('m').map_or("", |(_, behind)| behind))
}

/// The place in the file itself: the column counts there, not in the cut line.
fn origin(finding: &Finding, width: usize) -> Origin<'static> {
    // What the manifest states is no line of an events file: then the event's own line is shown.
    let stated_at = finding.stated_at.as_ref().filter(|place| place.line.is_some() || finding.excerpts.is_empty());
    let place = stated_at.or(finding.event.as_ref().map(|event| &event.place)).or(finding.place.as_ref());
    // Then the line that is shown need not be the event's: what was appended to a log ends further down.
    let shown = match (stated_at, finding.excerpts.as_slice()) {
        (None, [excerpt]) => Some(excerpt.line),
        _ => None,
    };
    let mut origin = Origin::path(cut(place.map_or("", |place| &place.file), width.saturating_sub(36).max(12)));
    if let Some(line) = shown.or(place.and_then(|place| place.line)) {
        origin = origin.line(number(line));
        if let Some(column) = place.and_then(|place| place.column) {
            origin = origin.char_column(number(column));
        }
    }
    origin
}

fn snippet(run: &[Line]) -> Snippet<'static, annotate_snippets::Annotation<'static>> {
    let mut source = String::new();
    let mut marks = Vec::new();
    for line in run {
        let start = source.len();
        let span = line.mark.start.saturating_add(start)..line.mark.end.saturating_add(start);
        let kind = if line.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        marks.push(kind.span(span).label(line.label.clone()));
        source.push_str(&line.text);
        source.push('\n');
    }
    let first = run.first().map_or(1, |line| line.number);
    Snippet::source(source).line_start(first).annotations(marks)
}

/// Cuts a line so that it fits: a little in front of the mark, then the mark, then what still fits.
fn line(excerpt: &Excerpt, room: usize) -> Line {
    let front_room = CONTEXT.min(room.saturating_div(4));
    let label = cut(&short_digests(&excerpt.label), room.saturating_sub(front_room).saturating_sub(2 + MARK + 2));
    let all = shown(&excerpt.text);
    let (front, rest) = all.split_at(all.partition_point(|piece| piece.at < excerpt.mark.start));
    let (marked, behind) = rest.split_at(rest.partition_point(|piece| piece.at < excerpt.mark.end));

    let kept = fitting(front.iter().rev(), front_room);
    let (dropped, kept_front) = front.split_at(front.len().saturating_sub(kept));
    let mut text = String::new();
    if excerpt.cut.0 || !dropped.is_empty() {
        text.push_str("… ");
    }
    kept_front.iter().for_each(|piece| text.push_str(&piece.text));

    let start = text.len();
    let mark_room = room.saturating_sub(columns(&text)).saturating_sub(columns(&label)).saturating_sub(2).max(MARK);
    let whole = marked.iter().map(|piece| piece.columns).sum::<usize>() <= mark_room;
    let shown_marked = if whole { marked.len() } else { fitting(marked.iter(), mark_room.saturating_sub(1)) };
    marked.iter().take(shown_marked).for_each(|piece| text.push_str(&piece.text));
    if !whole {
        text.push('…');
    }
    let end = text.len();

    let tail_room = room.saturating_sub(columns(&text)).saturating_sub(2);
    let tail = if whole { fitting(behind.iter(), tail_room) } else { 0 };
    behind.iter().take(tail).for_each(|piece| text.push_str(&piece.text));
    if whole && (excerpt.cut.1 || tail < behind.len()) {
        text.push_str(" …");
    }
    Line { number: number(excerpt.line), text, mark: start..end, label, primary: excerpt.primary }
}

/// Words on one line, cut so that they fit.
fn cut(words: &str, room: usize) -> String {
    let all: Vec<Piece> = pieces(words).collect();
    let whole = fitting(all.iter(), room) == all.len();
    let kept = if whole { all.len() } else { fitting(all.iter(), room.saturating_sub(1)) };
    let text: String = all.iter().take(kept).map(|piece| piece.text.as_str()).collect();
    if whole { text } else { text + "…" }
}

/// How many pieces fit.
fn fitting<'p>(pieces: impl Iterator<Item = &'p Piece>, room: usize) -> usize {
    let mut left = room;
    pieces
        .take_while(|piece| match left.checked_sub(piece.columns) {
            Some(rest) => {
                left = rest;
                true
            }
            None => false,
        })
        .count()
}

/// The line as it may be shown, string by string, since field names are ASCII and values need not be; digests shortened.
fn shown(text: &str) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut at = 0_usize;
    for part in text.split_inclusive('"') {
        let tail = part.strip_prefix("sha256:").and_then(|hex| hex.split_at_checked(64)).filter(|(hex, _)| is_hex(hex));
        let hidden = tail.map(|_| 7_usize.saturating_add(DIGITS)..71);
        for mut piece in pieces(part) {
            let inside = piece.at;
            piece.at = piece.at.saturating_add(at);
            match &hidden {
                Some(hidden) if inside == hidden.start => out.push(Piece { text: "…".to_owned(), columns: 1, ..piece }),
                Some(hidden) if hidden.contains(&inside) => {}
                Some(_) | None => out.push(piece),
            }
        }
        at = at.saturating_add(part.len());
    }
    out
}

/// `sha256:` and 64 digits, shortened wherever they stand in our own words.
fn short_digests(words: &str) -> String {
    let mut out = String::new();
    let mut rest = words;
    while let Some((before, after)) = rest.split_once("sha256:") {
        out.push_str(before);
        out.push_str("sha256:");
        rest = after;
        if let Some((hex, behind)) = after.split_at_checked(64).filter(|(hex, _)| is_hex(hex)) {
            out.push_str(hex.get(..DIGITS).unwrap_or(hex));
            out.push('…');
            rest = behind;
        }
    }
    out + rest
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn number(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX).min(usize::MAX >> 1)
}
