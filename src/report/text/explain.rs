//! What a finding or a row means: the section of the specification, embedded, without its markup. One source: nothing is said here that does not
//! stand there.

use super::TextOptions;
use super::sheet::{Ink, Sheet};
use crate::finding::{CheckId, Code};

const FINDINGS: &str = include_str!("../../../spec/findings.md");
const ROWS: &str = include_str!("../../../spec/verification.md");

/// Where text under a heading starts.
const INDENT: usize = 2;
/// Where the meaning stands behind a name in the list.
const MEANING: usize = 33;

/// The text about a finding's code or a check's id; both, where a name is both. `None` if it is neither.
pub fn explain(name: &str, options: &TextOptions) -> Option<String> {
    let check: Option<CheckId> = name.parse().ok();
    let code = Code::ALL.iter().find(|code| code.name() == name);
    let row = check.and_then(|_| section(ROWS, "### ", name));
    let finding = code.and_then(|_| section(FINDINGS, "## ", name));
    if row.is_none() && finding.is_none() {
        return None;
    }
    let mut sheet = Sheet::new(options);
    if let Some(text) = row {
        sheet.entry(&[(Ink::Strong, name), (Ink::Plain, ": a check, one row of every report")], INDENT, "");
        write(&mut sheet, text);
        let codes: Vec<&str> = Code::ALL.iter().filter(|code| Some(code.check()) == check).map(|code| code.name()).collect();
        labelled(&mut sheet, "Findings:", if codes.is_empty() { "none".to_owned() } else { codes.join(", ") }.as_str());
    }
    if let Some(text) = finding {
        if row.is_some() {
            sheet.blank();
        }
        sheet.entry(&[(Ink::Strong, name), (Ink::Plain, ": a finding")], INDENT, "");
        write(&mut sheet, text);
    }
    Some(sheet.finish())
}

/// All codes under the checks that they refute, a sentence each.
pub fn explain_list(options: &TextOptions) -> String {
    let mut sheet = Sheet::new(options);
    for check in CheckId::ALL {
        sheet.entry(&[(Ink::Strong, check.id())], MEANING, check.what());
        for code in Code::ALL.iter().filter(|code| code.check() == *check) {
            sheet.entry(&[(Ink::Plain, "  "), (Ink::Plain, code.name())], MEANING, code.what());
        }
    }
    sheet.finish()
}

/// What stands under a heading, up to the next one.
fn section<'p>(page: &'p str, mark: &str, name: &str) -> Option<&'p str> {
    let heading = format!("\n{mark}{name}\n");
    let start = page.find(&heading)?.saturating_add(heading.len());
    let rest = page.get(start..)?;
    let end = rest.find("\n## ").into_iter().chain(rest.find("\n### ")).min().unwrap_or(rest.len());
    rest.get(..end)
}

fn write(sheet: &mut Sheet, section: &str) {
    let mut in_code = false;
    for line in section.lines() {
        match line.trim_end() {
            fence if fence.starts_with("```") => in_code = !in_code,
            code if in_code => sheet.block(&format!("    {code}")),
            "" => {}
            rule if rule.starts_with("|--") => {}
            row if row.starts_with('|') => sheet.entry(&[], INDENT, &plain(&cells(row))),
            item if item.starts_with("- ") => sheet.entry(&[(Ink::Plain, "  -")], 4, &plain(item.trim_start_matches("- "))),
            paragraph => write_paragraph(sheet, paragraph),
        }
    }
}

fn cells(row: &str) -> String {
    let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
    cells.join(": ")
}

/// A paragraph, cut before each bold label: one that ends with a dot or a colon.
fn write_paragraph(sheet: &mut Sheet, paragraph: &str) {
    let (mut label, mut text) = (String::new(), String::new());
    for (index, piece) in paragraph.split("**").enumerate() {
        let bold = index % 2 == 1;
        if bold && piece.ends_with([':', '.']) {
            labelled(sheet, &label, &plain(&text));
            label = plain(piece);
            text.clear();
        } else {
            text.push_str(piece);
        }
    }
    labelled(sheet, &label, &plain(&text));
}

fn labelled(sheet: &mut Sheet, label: &str, text: &str) {
    if !label.is_empty() {
        sheet.entry(&[(Ink::Plain, "  "), (Ink::Strong, label)], INDENT, "");
    }
    let column = if label.is_empty() { INDENT } else { INDENT.saturating_add(2) };
    if !text.trim().is_empty() {
        sheet.entry(&[], column, text.trim());
    }
}

/// Text without its marks: links are their words, and what is code stands as it is.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("](") {
        let Some((words, tail)) = before.rsplit_once('[').zip(behind.split_once(')')).map(|((before, words), (_, tail))| ((before, words), tail))
        else {
            break;
        };
        out.push_str(words.0);
        out.push_str(words.1);
        rest = tail;
    }
    out.push_str(rest);
    let pieces = out.split('`').enumerate();
    pieces.map(|(index, piece)| if index % 2 == 1 { piece.to_owned() } else { piece.replace('*', "") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_gone_and_words_are_not() {
        assert_eq!(plain("see [events.md](events.md), section 5, and `event.mac`"), "see events.md, section 5, and event.mac");
        assert_eq!(plain("*all* of `matter.*`"), "all of matter.*");
        let text = explain("chain.modified", &TextOptions::default()).expect("a code");
        assert!(text.starts_with("chain.modified: a finding\n  Row: chain.links. An event was changed"), "{text}");
        assert!(text.contains("\n  Usual causes.\n    A record edited"), "{text}");
        let text = explain("event.mac", &TextOptions::default()).expect("a check and a code");
        assert!(text.contains("event.mac: a check") && text.contains("event.mac: a finding") && text.contains("\n  Tested:\n"), "{text}");
        assert!(text.contains("event.mac, event.mac-key, event.mac-missing"), "{text}");
        assert_eq!(explain("chain", &TextOptions::default()), None);
    }
}
