//! Raw exports: what sources hand out beside bundles. JSON arrays, pages of an API, one event a line, one event a file, tables; each also as gzip.
//! Records are cut out of the files, never changed. Not here: which profile they are of, and what a record means.

mod arrange;
mod backward;
mod cut;
mod envelope;
mod extent;
mod forward;
mod grammar;
mod item;
mod pages;
mod parallel;
mod recognise;
mod rows;
mod state;
mod text;

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use self::backward::Backward;
use self::cut::Cutter;
use self::forward::Forward;
use self::item::Item;
use self::rows::Rows;
use self::state::Shape;
use super::block::{Block, Blocks};
use super::{Limits, MemberInfo};
use crate::digest::Digest;
use crate::error::Error;
use crate::finding::Finding;
use crate::profile::Profile;

/// The path that stands for stdin.
pub const STDIN: &str = "-";

/// The files of one raw export, opened and told apart by their first bytes. None of them stays open: each is opened again when it is read, and must then
/// be what it was.
#[derive(Debug)]
pub struct Export {
    items: Vec<Item>,
    limits: Limits,
    jobs: usize,
}

/// A file in an export, and how its records stand in it.
#[derive(Debug, Clone)]
struct Part {
    /// Which of the files.
    item: usize,
    form: Form,
    shape: Shape,
    /// Its records depend on the reader, so none is read.
    refused: bool,
}

impl Part {
    fn is_page(&self) -> bool {
        matches!(self.shape, Shape::Page(_))
    }
}

/// What a file of an export is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A JSON array of events.
    Array,
    /// One JSON object a line.
    Lines,
    /// One JSON object: an event, or a page of an API.
    Object,
    /// A table (CSV, RFC 4180).
    Table,
}

/// Which event stands first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Direction {
    /// The newest: the files are read from their end.
    NewestFirst,
    /// The oldest.
    #[default]
    OldestFirst,
}

/// An export in the order of its events.
#[derive(Debug, Default)]
pub struct Arranged {
    /// What is wrong with its pages: `pages.…`.
    pub pages: Vec<Finding>,
    /// Whether the files are pages that state their number or how many events there are.
    pub paged: bool,
    /// Whether they state how many events there are.
    pub counted: bool,
    /// Where the source says that it cut the export, in words.
    pub truncated: Option<String>,
    /// The table beside the events; `None` where there is none, or where it is all there is.
    pub table: Option<String>,
    /// Data without weight.
    pub notes: Vec<String>,
    /// The files, the oldest events first.
    parts: Vec<Part>,
    direction: Direction,
}

impl Export {
    /// Opens the files. What is no known form is an [`Error::Environment`]. There is no stdin here: see [`Export::open_with`].
    pub fn open(paths: &[PathBuf], limits: &Limits) -> Result<Self, Error> {
        Self::open_with(paths, limits, 1, None)
    }

    /// The same; the path `-` stands for `stdin`, which is read to its end and held in memory. Many files are looked through by `jobs` threads; what comes
    /// out does not depend on it.
    pub fn open_with(paths: &[PathBuf], limits: &Limits, jobs: usize, stdin: Option<&mut dyn Read>) -> Result<Self, Error> {
        let is_piped = |path: &Path| path == Path::new(STDIN);
        let mut piped = Vec::new();
        let is_given = stdin.is_some();
        if let Some(stdin) = stdin {
            for _ in paths.iter().filter(|path| is_piped(path)) {
                piped.push(Item::read(stdin, limits)?);
            }
        }
        let open = |path: &PathBuf| if is_given && is_piped(path) { Ok(None) } else { Item::open(path, limits).map(Some) };
        let opened = parallel::each(jobs, paths, open)?;
        let mut piped = piped.into_iter();
        let mut items: Vec<Item> = opened.into_iter().filter_map(|item| item.or_else(|| piped.next())).collect();
        if items.is_empty() {
            return Err(Error::Usage { what: "no export was given".to_owned(), hint: "give the files of one export, or - for stdin".to_owned() });
        }
        item::refuse_repeated(&items)?;
        item::shorten_names(&mut items);
        Ok(Self { items, limits: limits.clone(), jobs })
    }

    /// Names of the files and their forms, in the order given.
    pub fn files(&self) -> Vec<(String, Form)> {
        self.items.iter().map(|item| (item.name.clone(), item.form)).collect()
    }

    /// Names of the files and their sizes as they are stored, in the order given.
    pub fn members(&self) -> Vec<MemberInfo> {
        self.items.iter().map(|item| MemberInfo { name: item.name.clone(), size: item.length() }).collect()
    }

    /// Bytes of all files together.
    pub fn bytes(&self) -> u64 {
        self.items.iter().fold(0, |sum, item| sum.saturating_add(item.length()))
    }

    /// Digests of the files, in the order given. Those that were taken when the events were `read` are used as they are; a table beside the events is read
    /// for its own.
    pub fn digests(&self, read: &BTreeMap<usize, Digest>) -> Result<Vec<Digest>, Error> {
        let digest = |(index, item): (usize, &Item)| match read.get(&index) {
            Some(sha256) => Ok(*sha256),
            None => Ok(item.digest()?.0),
        };
        self.items.iter().enumerate().map(digest).collect()
    }

    /// The first records (JSON texts) as the files hold them, to tell profile and direction by: with `profile`, those of its pages, and the rows of its
    /// tables, where there is nothing else; without, an object is one record, and a table has none.
    pub fn sample(&self, profile: Option<&Profile>, most: usize) -> Result<Vec<Vec<u8>>, Error> {
        let mut records = Vec::new();
        let beside = self.items.iter().any(|item| item.form != Form::Table);
        for mut part in self.parts().filter(|part| !beside || part.form != Form::Table) {
            let missing = most.saturating_sub(records.len());
            if missing == 0 {
                break;
            }
            match profile {
                Some(profile) => {
                    arrange::as_page(self, &mut part, profile)?;
                    records.extend(self.first_records(&part, profile, missing)?);
                }
                None if part.form == Form::Table => {}
                None => records.extend(self.cut(&part, missing)?),
            }
        }
        Ok(records)
    }

    /// The first row of a table, where there is one.
    pub fn header(&self) -> Result<Option<Vec<String>>, Error> {
        let table = self.parts().find(|part| part.form == Form::Table);
        table.map(|part| rows::header(self, &part)).transpose()
    }

    /// Puts pages in order, and tells events from their table.
    pub fn arrange(&self, profile: &Profile, direction: Direction) -> Result<Arranged, Error> {
        arrange::arrange(self, profile, direction)
    }

    /// The events, in blocks of about this many bytes. May be called again for a second read.
    ///
    /// A file that breaks off, or holds something between its records, is a finding in [`super::block::Stored::findings`]; what stands before that is
    /// delivered.
    pub fn blocks<'e>(&'e self, arranged: &'e Arranged, profile: &'e Profile, block: usize) -> Result<Box<dyn Blocks + 'e>, Error> {
        let parts = arranged.parts.as_slice();
        Ok(match arranged.direction {
            direction if parts.iter().any(|part| part.form == Form::Table) => Box::new(Rows::new(self, parts, profile, direction, block)),
            Direction::NewestFirst => Box::new(Backward::new(self, parts, block)),
            Direction::OldestFirst => Box::new(Forward::new(self, parts, block)),
        })
    }

    /// The stored bytes of one file, and whether they are gzip.
    pub fn stream(&self, file: &str) -> Result<(Box<dyn Read + Send + '_>, bool), Error> {
        let item = self.items.iter().find(|item| item.name == file);
        let item = item.ok_or_else(|| Error::Internal(format!("there is no file {file:?}")))?;
        Ok((Box::new(item.stored()?), item.gzip))
    }

    /// Fails with "changed while it was read" if a file is not what it was when it was opened.
    pub fn unchanged(&self) -> Result<(), Error> {
        self.items.iter().try_for_each(Item::unchanged)
    }

    fn parts(&self) -> impl Iterator<Item = Part> {
        self.items.iter().enumerate().map(|(index, item)| {
            let shape = match item.form {
                Form::Array => Shape::Array,
                Form::Lines | Form::Table => Shape::Lines,
                Form::Object => Shape::Whole,
            };
            Part { item: index, form: item.form, shape, refused: false }
        })
    }

    fn item(&self, part: &Part) -> Result<&Item, Error> {
        self.items.get(part.item).ok_or_else(|| Error::Internal("a file of the export was lost".to_owned()))
    }

    fn cutter(&self, part: &Part, target: usize, digest: bool) -> Result<Cutter<'_>, Error> {
        Cutter::new(self.item(part)?, part.shape.clone(), target, digest, &self.limits)
    }

    /// The first records of one file.
    fn first_records(&self, part: &Part, profile: &Profile, most: usize) -> Result<Vec<Vec<u8>>, Error> {
        match part.form {
            Form::Table => {
                let mut rows = Rows::new(self, std::slice::from_ref(part), profile, Direction::OldestFirst, SAMPLE);
                take(most, |block| rows.next(block))
            }
            _ => self.cut(part, most),
        }
    }

    fn cut(&self, part: &Part, most: usize) -> Result<Vec<Vec<u8>>, Error> {
        let mut cutter = self.cutter(part, SAMPLE, false)?;
        take(most, |block| cutter.next(block))
    }
}

/// Bytes of a block where only the first records are wanted.
const SAMPLE: usize = 64 * 1024;

fn take(most: usize, mut next: impl FnMut(&mut Block) -> Result<bool, Error>) -> Result<Vec<Vec<u8>>, Error> {
    let (mut records, mut block) = (Vec::new(), Block::default());
    while records.len() < most && next(&mut block)? {
        let missing = most.saturating_sub(records.len());
        records.extend(block.pieces().take(missing).map(|piece| piece.text.to_vec()));
    }
    Ok(records)
}
