//! Whether the pages of an export are all there, once each, with as many events as they state. Not here: the order in which their events are read.

use super::envelope::Envelope;
use crate::finding::{Code, Finding};
use crate::profile::PageRule;

/// Runs of missing pages, and other findings of one kind, that are named.
const NAMED: usize = 100;

/// Pages, with the names of their files, in the order of their numbers.
pub(super) struct Pages<'p> {
    pub(super) rule: &'p PageRule,
    pub(super) pages: Vec<(&'p str, &'p Envelope)>,
}

impl Pages<'_> {
    /// Whether any of them states its number or how many events there are, in whatever form.
    pub(super) fn state_something(&self) -> bool {
        self.pages.iter().any(|(_, page)| page.page.is_some() || page.total.is_some() || !page.odd.is_empty())
    }

    /// Whether any of them states how many events there are.
    pub(super) fn state_total(&self) -> bool {
        self.total().is_some()
    }

    /// What is wrong with them.
    pub(super) fn findings(&self) -> Vec<Finding> {
        let mut findings = self.odd();
        findings.extend(self.unnumbered());
        findings.extend(self.repeated());
        findings.extend(self.missing());
        findings.extend(self.unequal());
        findings.extend(self.lengths());
        if findings.is_empty() {
            findings.extend(self.sum());
        }
        findings
    }

    /// What a page states in another form than a whole number counts as stated, not as absent.
    fn odd(&self) -> Vec<Finding> {
        let odd = self.pages.iter().flat_map(|(file, page)| page.odd.iter().map(move |pointer| (*file, pointer)));
        let finding = |(file, pointer): (&str, &String)| {
            let message = format!("expected a whole number from 0 at {pointer} of the page, found another value");
            Finding::new(Code::PagesTotal, message).in_file(file, None)
        };
        odd.take(NAMED).map(finding).collect()
    }

    fn total(&self) -> Option<u64> {
        self.pages.iter().filter_map(|(_, page)| page.total).max()
    }

    fn per_page(&self) -> Option<u64> {
        self.pages.iter().filter_map(|(_, page)| page.per_page).max().filter(|size| *size > 0)
    }

    /// The last page that holds events, as far as the pages tell.
    fn last(&self) -> Option<u64> {
        let stated = self.total().zip(self.per_page()).map(|(total, size)| total.div_ceil(size));
        let seen = self.pages.iter().filter(|(_, page)| page.entries > 0).filter_map(|(_, page)| page.page).max();
        stated.max(seen)
    }

    /// Numbers are compared only where they are there: without one, nobody can say that no page is missing.
    fn unnumbered(&self) -> Vec<Finding> {
        let Some(pointer) = &self.rule.page else { return Vec::new() };
        let wrong = self.pages.iter().filter(|(_, page)| page.page.is_none_or(|number| number == 0));
        let finding = |(file, page): &(&str, &Envelope)| {
            let found = page.page.map_or_else(|| "none".to_owned(), |number| number.to_string());
            let message = format!("expected the number of the page, from 1, at {pointer}, found {found}");
            Finding::new(Code::PagesMissing, message).in_file(*file, None)
        };
        wrong.take(NAMED).map(finding).collect()
    }

    fn repeated(&self) -> Vec<Finding> {
        let twice = self.pages.windows(2).filter_map(|pair| match pair {
            [(first, one), (second, other)] if one.page.is_some() && one.page == other.page => Some((*first, *second, one.page?)),
            _ => None,
        });
        let finding = |(first, second, number): (&str, &str, u64)| {
            let message = format!("expected each page once, found page {number} in {first:?} and in {second:?}");
            Finding::new(Code::PagesRepeated, message).in_file(second, None).help("give each page once, and all of one request")
        };
        twice.take(NAMED).map(finding).collect()
    }

    fn missing(&self) -> Vec<Finding> {
        let mut numbers: Vec<u64> = self.pages.iter().filter_map(|(_, page)| page.page).collect();
        let Some(last) = self.last().filter(|_| self.rule.page.is_some() && !numbers.is_empty()) else { return Vec::new() };
        numbers.sort_unstable();
        let mut next = 1_u64;
        let mut runs = Vec::new();
        for number in numbers.into_iter().filter(|number| *number <= last).chain([last.saturating_add(1)]) {
            if number > next {
                runs.push((next, number.saturating_sub(1)));
            }
            next = next.max(number.saturating_add(1));
        }
        let finding = |(from, to): (u64, u64)| {
            let which = if from == to { format!("page {from} is") } else { format!("pages {from} to {to} are") };
            let message = format!("expected pages 1 to {last}, found {}: {which} missing", self.pages.len());
            Finding::new(Code::PagesMissing, message).values(last, self.pages.len()).help("fetch what is missing, and give all pages in one command")
        };
        runs.into_iter().take(NAMED).map(finding).collect()
    }

    /// A log that grew while its pages were fetched states another total from some page on; its pages then do not fit each other.
    fn unequal(&self) -> Vec<Finding> {
        let differs = |what: &str, value: fn(&Envelope) -> Option<u64>| {
            let (first, stated) = self.pages.first().map(|(file, page)| (*file, value(page)))?;
            let (other, found) = self.pages.iter().map(|(file, page)| (*file, value(page))).find(|(_, found)| *found != stated)?;
            let words = |value: Option<u64>| value.map_or_else(|| "none".to_owned(), |value| value.to_string());
            let message = format!("expected one {what} on all pages, found {} in {first:?} and {} in {other:?}", words(stated), words(found));
            let help = "the log may have changed while its pages were fetched: fetch them again, for a period that is over";
            Some(Finding::new(Code::PagesTotal, message).in_file(other, None).values(words(stated), words(found)).help(help))
        };
        let total = differs("total", |page| page.total);
        total.into_iter().chain(differs("number of events a page", |page| page.per_page)).collect()
    }

    /// Full pages up to the last, and nothing behind that.
    fn lengths(&self) -> Vec<Finding> {
        let stated = self.pages.iter().filter_map(|(_, page)| page.per_page).max();
        let (Some(size), Some(last)) = (stated, self.last()) else { return Vec::new() };
        let wrong = self.pages.iter().filter(|(_, page)| match page.page {
            Some(number) if number < last => page.entries != size,
            _ => page.entries > size,
        });
        let finding = |(file, page): &(&str, &Envelope)| {
            let number = page.page.map_or_else(|| "a page".to_owned(), |number| format!("page {number} of {last}"));
            let message = format!("expected {size} events on {number}, found {}", page.entries);
            Finding::new(Code::PagesTotal, message).in_file(*file, None).values(size, page.entries)
        };
        wrong.take(NAMED).map(finding).collect()
    }

    fn sum(&self) -> Option<Finding> {
        let total = self.total()?;
        let sum = self.pages.iter().fold(0_u64, |sum, (_, page)| sum.saturating_add(page.entries));
        let message = format!("expected {total} events on all pages together, as they state, found {sum}");
        (sum != total).then(|| Finding::new(Code::PagesTotal, message).values(total, sum))
    }
}
