//! The second read: only when something broke, and only for the few events that the explanation asks for. The same bytes as in the first read, or it
//! is an error.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::BuildHasher;
use std::sync::Arc;

use crate::bundle::block::{Block, Blocks};
use crate::check::{At, Hashes, Ids, Row};
use crate::digest::Digest;
use crate::error::Error;
use crate::event::{Event, Reader, Record};
use crate::finding::EventRef;
use crate::verify::Progress;
use crate::verify::encoding::{Fitted, Search};
use crate::verify::excerpt::LineText;
use crate::verify::segment::{Examination, row, unreadable};
use crate::verify::walk::in_order;

/// Rows that are kept; a file made of copies does not fill the memory.
const KEPT: usize = 100_000;

/// What the explanation wants to know.
#[derive(Debug, Default)]
pub struct Question {
    /// Which events have one of these hashes?
    pub hashes: HashSet<Digest>,
    /// Which events have an id that hashes to one of these?
    pub ids: HashSet<u64>,
    /// The rows and texts of these events.
    pub numbers: HashSet<u64>,
    /// Events whose links on both sides are broken: does another link mend both?
    pub mend: HashMap<u64, Mend>,
    /// Events whose hash is not the one that is stated, with what is: written in another form, do they have it?
    pub stated: HashMap<u64, Vec<Digest>>,
}

/// An event that fits neither side.
#[derive(Debug, Clone)]
pub struct Mend {
    /// The hashes that its link could name: that of the event before it, or what the chain may start with.
    pub left: Vec<Digest>,
    /// The hash that the next link names.
    pub next: Option<Digest>,
    /// Whether that is where the chain starts: then it leads past this event.
    pub next_is_start: bool,
}

/// An event that fits both sides as soon as its link is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mended {
    /// The replaced link.
    pub link: Digest,
    /// The hash of the event with it.
    pub hash: Digest,
    /// Only the event's own stated hash says so; the next link names this.
    pub elsewhere: Option<Digest>,
}

/// What the second read found.
#[derive(Debug, Default)]
pub struct Answer {
    /// The events asked for, and the event behind each that was asked for by its hash.
    pub rows: BTreeMap<u64, Row>,
    /// Their numbers by hash, ascending.
    pub by_hash: HashMap<Digest, Vec<u64>>,
    /// Numbers of events by id, where several have it; ascending.
    pub by_id: BTreeMap<String, Vec<u64>>,
    /// Events of which only the link was altered.
    pub mended: BTreeMap<u64, Mended>,
    /// Events that have the stated hash when they are written in another form.
    pub forms: BTreeMap<u64, Fitted>,
    /// Texts of the events asked for by number.
    pub texts: BTreeMap<u64, LineText>,
    /// The last event that was asked for by its hash or id.
    last_hit: u64,
}

/// A record that can be part of the answer.
struct Picked {
    file: Arc<str>,
    number: u64,
    line: u64,
    byte: u64,
    /// Its bytes; of one that is too long, their digest.
    text: Result<Vec<u8>, Digest>,
}

/// The second read counts for nothing, and can be stopped.
struct Unheard<'p>(&'p dyn Progress);

impl Question {
    /// The blocks that can hold what is asked for by its hash or id.
    pub fn blocks(&self, hashes: &Hashes, ids: &Ids) -> HashSet<u64> {
        hashes.blocks_with(&self.hashes).chain(ids.blocks_with(&self.ids)).collect()
    }

    /// The records of a block that can be part of the answer: what is asked for, and what stands behind it. With `search`, that includes what is asked
    /// for by its hash or id.
    fn pick(&self, block: &Block, search: bool, with: &Examination<'_>, reader: &mut Reader) -> Vec<Picked> {
        if let Some(too_long) = block.too_long {
            return vec![Picked::new(At::start(block), Err(too_long.hash))];
        }
        let mut picked = Vec::new();
        // of what stands before the block nothing is known here
        let mut behind_hit = true;
        for piece in block.pieces() {
            let hit = search && self.is_hit(piece.text, with, reader);
            if hit || behind_hit || self.asks_for(piece.number) {
                picked.push(Picked::new(At::of(block, &piece), Ok(piece.text.to_vec())));
            }
            behind_hit = hit;
        }
        picked
    }

    fn is_hit(&self, text: &[u8], with: &Examination<'_>, reader: &mut Reader) -> bool {
        match reader.read(text, &with.layout) {
            Record::Unreadable(_) => self.hashes.contains(&Digest::of(text)),
            Record::Event(event) => {
                let is_named = |id: &str| self.ids.contains(&with.ids.hash_one(id.as_bytes()));
                self.hashes.contains(&event.hash()) || event.id.as_deref().is_some_and(is_named)
            }
        }
    }

    fn asks_for(&self, number: u64) -> bool {
        self.numbers.contains(&number) || self.mend.contains_key(&number) || self.stated.contains_key(&number)
    }
}

impl Picked {
    fn new(at: At<'_>, text: Result<Vec<u8>, Digest>) -> Self {
        Self { file: at.file.clone(), number: at.number, line: at.line, byte: at.byte, text }
    }

    fn at(&self) -> At<'_> {
        At { file: &self.file, number: self.number, line: self.line, byte: self.byte }
    }
}

impl Progress for Unheard<'_> {
    fn start(&self, _: u64) {}
    fn advance(&self, _: u64, _: u64) {}
    fn finish(&self) {}
    fn interrupted(&self) -> bool {
        self.0.interrupted()
    }
}

impl Answer {
    /// Reads the events again, with `jobs` threads. `within` are the blocks of [`Question::blocks`], `digest` is what the first read saw.
    pub fn find(
        question: &Question,
        within: &HashSet<u64>,
        blocks: Box<dyn Blocks + '_>,
        digest: Digest,
        with: &Examination<'_>,
        jobs: usize,
        progress: &dyn Progress,
    ) -> Result<Self, Error> {
        let (mut answer, mut reader, mut forms) = (Self::default(), Reader::default(), Search::default());
        let pick = |block: &Block, reader: &mut Reader| question.pick(block, within.contains(&block.index), with, reader);
        let look = |picked: Vec<Picked>| {
            for picked in picked {
                answer.search(question, &picked, with, &mut reader);
                answer.try_forms(question, &picked, with, &mut forms);
            }
            Ok(())
        };
        let blocks = in_order(blocks, jobs, &Unheard(progress), pick, look)?;
        same_bytes(blocks, digest, with)?;
        answer.by_id.retain(|_, numbers| numbers.len() > 1);
        // Anybody can state a hash of their own: it does not make an event part of a chain that leads past it.
        let named = |hash: Digest| answer.by_hash.contains_key(&hash);
        answer.mended.retain(|_, mended| !mended.elsewhere.is_some_and(named));
        Ok(answer)
    }

    /// The events that have one id with others.
    pub fn repeated(&self) -> BTreeMap<String, Vec<EventRef>> {
        let event = |number: &u64| self.rows.get(number).map(Row::event_ref);
        self.by_id.iter().map(|(id, numbers)| (id.clone(), numbers.iter().filter_map(event).collect())).collect()
    }

    fn search(&mut self, question: &Question, picked: &Picked, with: &Examination<'_>, reader: &mut Reader) {
        let at = picked.at();
        let text = match &picked.text {
            Ok(text) => text,
            Err(too_long) => return self.keep(question, unreadable(*too_long, &at)),
        };
        match reader.read(text, &with.layout) {
            Record::Unreadable(_) => self.keep(question, unreadable(Digest::of(text), &at)),
            Record::Event(event) => self.search_event(question, &event, &at, with),
        }
        // A line that holds a token is not shown, for the excerpt could hold a part of it.
        if question.numbers.contains(&at.number) && !with.layout.has_token() {
            let span = self.rows.get(&at.number).and_then(|row| row.column).and_then(|column| usize::try_from(column.saturating_sub(1)).ok());
            self.texts.insert(at.number, LineText::of(text, span));
        }
    }

    fn try_forms(&mut self, question: &Question, picked: &Picked, with: &Examination<'_>, forms: &mut Search) {
        let (Some(without), Some(stated), Ok(text)) = (&with.other_forms, question.stated.get(&picked.number), &picked.text) else {
            return;
        };
        if let Some(fitted) = forms.find(text, without, stated) {
            self.forms.insert(picked.number, fitted);
        }
    }

    fn search_event(&mut self, question: &Question, event: &Event<'_>, at: &At<'_>, with: &Examination<'_>) {
        if let Some(mended) = question.mend.get(&at.number).and_then(|mend| self.mend(event, at.number, mend)) {
            self.mended.insert(at.number, mended);
        }
        let row = row(event, at, with);
        let repeated = event.id.as_deref().filter(|id| question.ids.contains(&with.ids.hash_one(id.as_bytes())));
        match repeated {
            Some(id) if self.rows.len() < KEPT => {
                self.by_id.entry(id.to_owned()).or_default().push(at.number);
                self.last_hit = at.number;
                self.insert(row);
            }
            _ => self.keep(question, row),
        }
    }

    /// The event before may have been mended itself: then its mended hash counts.
    fn mend(&self, event: &Event<'_>, number: u64, mend: &Mend) -> Option<Mended> {
        let before = self.mended.get(&number.wrapping_sub(1)).map(|mended| mended.hash);
        if before.is_some() && before == event.link {
            return None;
        }
        let left = before.map_or_else(|| mend.left.clone(), |hash| vec![hash]);
        let fits = |hash: Digest| Some(hash) == mend.next || (Some(hash) == event.own_hash() && !mend.next_is_start);
        let mended = left.into_iter().filter_map(|link| {
            let hash = event.hash_with_link(link)?;
            Some(Mended { link, hash, elsewhere: mend.next.filter(|next| *next != hash) })
        });
        mended.into_iter().find(|mended| fits(mended.hash))
    }

    fn keep(&mut self, question: &Question, row: Row) {
        let follows_hit = self.last_hit > 0 && self.last_hit.checked_add(1) == Some(row.number);
        let is_hit = question.hashes.contains(&row.hash);
        if is_hit {
            self.last_hit = row.number;
        }
        let wanted = is_hit || follows_hit || question.numbers.contains(&row.number);
        if wanted && self.rows.len() < KEPT {
            self.insert(row);
        }
    }

    fn insert(&mut self, row: Row) {
        self.by_hash.entry(row.hash).or_default().push(row.number);
        self.rows.insert(row.number, row);
    }
}

/// Fails if what was read again is not what was read before.
pub fn same_bytes(blocks: Box<dyn Blocks + '_>, digest: Digest, with: &Examination<'_>) -> Result<(), Error> {
    if blocks.finish()?.sha256 == digest {
        return Ok(());
    }
    Err(Error::Environment {
        what: format!("{} changed while it was read", with.file),
        hint: "copy the bundle to a place that nobody writes to, and run again".to_owned(),
    })
}
