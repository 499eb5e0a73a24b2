//! Containers: archives written by hand, so that each byte is ours to spoil, and folders.

use std::collections::BTreeMap;

use super::deflate::{crc32, deflate};

/// Members by name.
pub type Files = BTreeMap<String, Vec<u8>>;

/// How an entry is stored.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// As it is.
    Stored,
    /// RFC 1951.
    Deflated,
    /// Any other method number, body as it is.
    Other(u16),
}

/// One entry of an archive, with all that a hostile writer may want to say differently in the two places.
#[derive(Clone)]
pub struct Entry {
    pub name: Vec<u8>,
    pub local_name: Vec<u8>,
    pub body: Vec<u8>,
    pub method: Method,
    pub flags: u16,
    pub crc_flip: u32,
    pub unix_mode: u32,
    pub listed: bool,
}

impl Entry {
    pub fn new(name: &str, body: &[u8], method: Method) -> Self {
        let name = name.as_bytes().to_vec();
        Self { local_name: name.clone(), name, body: body.to_vec(), method, flags: 0, crc_flip: 0, unix_mode: 0o100_644, listed: true }
    }
}

/// An archive: entries, and what stands around them.
#[derive(Clone, Default)]
pub struct Archive {
    pub before: Vec<u8>,
    pub entries: Vec<Entry>,
    pub comment: Vec<u8>,
    pub after: Vec<u8>,
    pub count_off: i32,
}

impl Archive {
    /// All members in the order of their names.
    pub fn of(files: &Files, method: Method) -> Self {
        Self { entries: files.iter().map(|(name, body)| Entry::new(name, body, method)).collect(), ..Self::default() }
    }

    /// The entry of this name.
    pub fn entry(&mut self, name: &str) -> &mut Entry {
        self.entries.iter_mut().find(|entry| entry.name == name.as_bytes()).unwrap()
    }

    /// The bytes.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = self.before.clone();
        let mut directory = Vec::new();
        for entry in &self.entries {
            let offset = u32::try_from(out.len()).unwrap();
            let (head, packed) = head(entry);
            out.extend(0x0403_4b50_u32.to_le_bytes());
            out.extend(&head);
            out.extend(short(entry.local_name.len()));
            out.extend([0, 0]);
            out.extend(&entry.local_name);
            out.extend(packed);
            if entry.listed {
                directory.extend(listing(entry, &head, offset));
            }
        }
        let count = i32::try_from(self.entries.iter().filter(|entry| entry.listed).count()).unwrap() + self.count_off;
        let count = u16::try_from(count).unwrap().to_le_bytes();
        let start = u32::try_from(out.len()).unwrap();
        out.extend(&directory);
        out.extend(0x0605_4b50_u32.to_le_bytes());
        out.extend([0, 0, 0, 0]);
        out.extend([count, count].concat());
        out.extend(u32::try_from(directory.len()).unwrap().to_le_bytes());
        out.extend(start.to_le_bytes());
        out.extend(short(self.comment.len()));
        out.extend(&self.comment);
        out.extend(&self.after);
        out
    }
}

/// What the local header and the directory have in common, and the packed body.
fn head(entry: &Entry) -> (Vec<u8>, Vec<u8>) {
    let (number, packed) = match entry.method {
        Method::Stored => (0, entry.body.clone()),
        Method::Deflated => (8, deflate(&entry.body)),
        Method::Other(number) => (number, entry.body.clone()),
    };
    let mut out = Vec::new();
    out.extend(20_u16.to_le_bytes());
    out.extend(entry.flags.to_le_bytes());
    out.extend(u16::to_le_bytes(number));
    // 2026-11-01 00:00:00, the only time stamp there is
    out.extend([0x00, 0x00, 0x61, 0x5d]);
    out.extend((crc32(&entry.body) ^ entry.crc_flip).to_le_bytes());
    out.extend(u32::try_from(packed.len()).unwrap().to_le_bytes());
    out.extend(u32::try_from(entry.body.len()).unwrap().to_le_bytes());
    (out, packed)
}

fn listing(entry: &Entry, head: &[u8], offset: u32) -> Vec<u8> {
    let mut out = 0x0201_4b50_u32.to_le_bytes().to_vec();
    out.extend([20, 3]);
    out.extend(head);
    out.extend(short(entry.name.len()));
    out.extend([0; 8]);
    out.extend((entry.unix_mode << 16).to_le_bytes());
    out.extend(offset.to_le_bytes());
    out.extend(&entry.name);
    out
}

fn short(length: usize) -> [u8; 2] {
    u16::try_from(length).unwrap().to_le_bytes()
}
