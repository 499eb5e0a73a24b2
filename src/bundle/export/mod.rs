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
mod recognise;
mod rows;
mod state;
mod text;

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use self::backward::Backward;
use self::cut::Cutter;
use self::forward::Forward;
use self::item::Item;
use self::recognise::as_error;
use self::rows::Rows;
use self::state::Shape;
use super::block::{Block, Blocks};
use super::flow::Tap;
use super::{Limits, MemberInfo};
use crate::digest::{Digest, Hasher};
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
        Self::open_with(paths, limits, None)
    }

    /// The same; the path `-` stands for `stdin`, which is read to its end and held in memory.
    pub fn open_with(paths: &[PathBuf], limits: &Limits, mut stdin: Option<&mut dyn Read>) -> Result<Self, Error> {
        let mut items: Vec<Item> = Vec::new();
        for path in paths {
            let item = match stdin.as_deref_mut().filter(|_| path == Path::new(STDIN)) {
                Some(stdin) => Item::read(stdin, limits)?,
                None => Item::open(path, limits)?,
            };
            items.push(item);
        }
        if items.is_empty() {
            return Err(Error::Usage { what: "no export was given".to_owned(), hint: "give the files of one export, or - for stdin".to_owned() });
        }
        item::refuse_repeated(&items)?;
        item::shorten_names(&mut items);
        Ok(Self { items, limits: limits.clone(), jobs: 1 })
    }

    /// The same, looked through by this many threads where there are many files. What comes out does not depend on it.
    pub fn with_jobs(self, jobs: usize) -> Self {
        Self { jobs: jobs.max(1), ..self }
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

    /// Digests of the files, in the order given.
    pub fn digests(&self) -> Result<Vec<Digest>, Error> {
        let digest = |item: &Item| {
            let mut tap = Tap::new(item.stored()?);
            io::copy(&mut tap, &mut io::sink()).map_err(as_error)?;
            Ok(tap.into_hasher().finish())
        };
        self.items.iter().map(digest).collect()
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
                None => records.extend(take(&mut Forward::new(self, std::slice::from_ref(&part), SAMPLE), missing)?),
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

    fn cutter(&self, part: &Part, target: usize, hasher: Option<Hasher>) -> Result<Cutter<'_>, Error> {
        Cutter::new(self.item(part)?, part.shape.clone(), target, hasher, &self.limits)
    }

    /// The first records of one file.
    fn first_records(&self, part: &Part, profile: &Profile, most: usize) -> Result<Vec<Vec<u8>>, Error> {
        let parts = std::slice::from_ref(part);
        match part.form {
            Form::Table => take(&mut Rows::new(self, parts, profile, Direction::OldestFirst, SAMPLE), most),
            _ => take(&mut Forward::new(self, parts, SAMPLE), most),
        }
    }
}

/// Bytes of a block where only the first records are wanted.
const SAMPLE: usize = 64 * 1024;

fn take(blocks: &mut dyn Blocks, most: usize) -> Result<Vec<Vec<u8>>, Error> {
    let (mut records, mut block) = (Vec::new(), Block::default());
    while records.len() < most && blocks.next(&mut block)? {
        let missing = most.saturating_sub(records.len());
        records.extend(block.pieces().take(missing).map(|piece| piece.text.to_vec()));
    }
    Ok(records)
}
