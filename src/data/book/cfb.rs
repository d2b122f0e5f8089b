//! The compound file that an old workbook is wrapped in: a small file system of sectors.

use std::io::Read;

use super::{Beyond, Guard, Stop};
use crate::disk::ReadSeek;

pub(super) const MAGIC: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// Greater numbers of sectors have meanings of their own: free, an end, a table.
const LAST: u32 = 0xFFFF_FFFA;

/// Bytes of a sector of a small stream.
const MINI: usize = 64;

/// A compound file in memory.
pub(super) struct Compound {
    bytes: Vec<u8>,
    sector: usize,
    next: Vec<u32>,
    entries: Vec<Entry>,
    /// Streams that are shorter stand in sectors of their own within the root's stream.
    cutoff: usize,
    mini: Vec<u8>,
    mini_next: Vec<u32>,
}

struct Entry {
    name: String,
    start: u32,
    size: usize,
}

impl Compound {
    /// Reads all of a file of at most so many megabytes.
    pub(super) fn open(reader: Box<dyn ReadSeek>, most_mb: u32) -> Result<Self, Stop> {
        let mut bytes = Vec::new();
        let most = u64::from(most_mb) << 20;
        Guard::new(reader, most, Beyond::Held(most_mb)).read_to_end(&mut bytes)?;
        Self::of(bytes)
            .ok_or_else(|| Stop::broken("it is cut off, or its table of sectors is damaged"))
    }

    fn of(bytes: Vec<u8>) -> Option<Self> {
        if !bytes.starts_with(MAGIC) {
            return None;
        }
        let sector = match u16_at(&bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut file = Self {
            sector,
            next: Vec::new(),
            entries: Vec::new(),
            cutoff: size(u32_at(&bytes, 56)?),
            mini: Vec::new(),
            mini_next: Vec::new(),
            bytes,
        };
        file.next = file.table()?;
        let whole = file.bytes.len();
        let folder = file.chain(u32_at(&file.bytes, 48)?, whole)?;
        file.entries = folder.chunks_exact(128).filter_map(entry).collect();
        let (start, size) = file.entries.first().map(|root| (root.start, root.size))?;
        file.mini = file.chain(start, size).unwrap_or_default();
        let links = file.chain(u32_at(&file.bytes, 60)?, whole).unwrap_or_default();
        file.mini_next = numbers(&links).collect();
        Some(file)
    }

    /// Which sector follows which: the table stands in sectors that the header, and then a chain, list.
    fn table(&self) -> Option<Vec<u32>> {
        let mut listed: Vec<u32> = numbers(self.bytes.get(76..512)?).collect();
        let (mut more, mut seen) = (u32_at(&self.bytes, 68)?, 0);
        while more < LAST {
            let list = self.at(more)?;
            let (inside, link) = list.split_at_checked(self.sector - 4)?;
            listed.extend(numbers(inside));
            more = u32_at(link, 0)?;
            seen += 1;
            if seen > self.sectors() {
                return None;
            }
        }
        let mut next = Vec::new();
        for sector in listed.into_iter().filter(|sector| *sector < LAST) {
            // A table longer than the file means nothing.
            if next.len() > self.sectors() {
                break;
            }
            next.extend(numbers(self.at(sector)?));
        }
        Some(next)
    }

    fn sectors(&self) -> usize {
        self.bytes.len() / self.sector + 1
    }

    /// A sector, which the end of the file may cut.
    fn at(&self, sector: u32) -> Option<&[u8]> {
        let start = size(sector).checked_add(1)?.checked_mul(self.sector)?;
        let end = start.checked_add(self.sector)?.min(self.bytes.len());
        self.bytes.get(start..end)
    }

    /// The bytes of a chain of sectors, up to a size.
    fn chain(&self, start: u32, most: usize) -> Option<Vec<u8>> {
        follow(&self.next, start, most, self.sectors(), |sector| self.at(sector))
    }

    fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.entry(name).is_some()
    }

    /// A stream's bytes.
    pub(super) fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let entry = self.entry(name)?;
        if entry.size >= self.cutoff {
            return self.chain(entry.start, entry.size);
        }
        let sectors = self.mini.len() / MINI + 1;
        follow(&self.mini_next, entry.start, entry.size, sectors, |sector| {
            let start = size(sector).checked_mul(MINI)?;
            self.mini.get(start..start.checked_add(MINI)?.min(self.mini.len()))
        })
    }
}

/// Follows a chain, which may be a circle: never further than there are sectors.
fn follow<'a>(
    next: &[u32],
    start: u32,
    most: usize,
    sectors: usize,
    at: impl Fn(u32) -> Option<&'a [u8]>,
) -> Option<Vec<u8>> {
    let (mut bytes, mut sector, mut seen) = (Vec::new(), start, 0);
    while sector < LAST && bytes.len() < most {
        seen += 1;
        if seen > sectors {
            return None;
        }
        let all = at(sector)?;
        bytes.extend_from_slice(&all[..all.len().min(most - bytes.len())]);
        sector = next.get(size(sector)).copied()?;
    }
    Some(bytes)
}

fn entry(bytes: &[u8]) -> Option<Entry> {
    let length = usize::from(u16_at(bytes, 64)?).min(64);
    let units = bytes.get(..length.checked_sub(2)?)?;
    let units: Vec<u16> =
        units.as_chunks::<2>().0.iter().map(|unit| u16::from_le_bytes(*unit)).collect();
    // Files of small sectors leave what is above four gigabytes undefined.
    let (start, size) = (u32_at(bytes, 116)?, size(u32_at(bytes, 120)?));
    Some(Entry { name: String::from_utf16_lossy(&units), start, size })
}

fn size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.as_chunks::<4>().0.iter().map(|number| u32::from_le_bytes(*number))
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|bytes| u16::from_le_bytes(*bytes))
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
}

pub(super) fn f64_at(bytes: &[u8], at: usize) -> Option<f64> {
    bytes.get(at..)?.first_chunk().map(|bytes| f64::from_le_bytes(*bytes))
}
