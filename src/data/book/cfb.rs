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

/// Bytes of a sector of the files that are made here.
const LARGE: usize = 4096;

/// What one table of sectors, listed in the header alone, can reach.
const MOST: usize = 109 * (LARGE / 4) * LARGE - 112 * LARGE;

/// A compound file that holds nothing but a workbook's stream, and where in it that begins.
pub(super) fn enveloped(stream: &[u8]) -> Option<(Vec<u8>, usize)> {
    const END: u32 = 0xFFFF_FFFE;
    let numbers = |numbers: &mut dyn Iterator<Item = u32>| -> Vec<u8> {
        numbers.flat_map(u32::to_le_bytes).collect()
    };
    // Shorter streams would stand among the small ones.
    let length = stream.len().max(LARGE).next_multiple_of(LARGE);
    let held = u32::try_from(length / LARGE).ok().filter(|_| length <= MOST)?;
    let tables = (held + 1).div_ceil(LARGE as u32 / 4 - 1);
    let (list, last) = (held + tables, held + tables + 1);
    let mut file = vec![0; LARGE];
    file[..8].copy_from_slice(MAGIC);
    for (at, number) in [(24, 0x3E_u16), (26, 3), (28, 0xFFFE), (30, 12), (32, 6)] {
        file[at..at + 2].copy_from_slice(&number.to_le_bytes());
    }
    for (at, number) in [(44, tables), (48, list), (56, 4096), (60, END), (68, END)] {
        file[at..at + 4].copy_from_slice(&number.to_le_bytes());
    }
    file[76..512]
        .copy_from_slice(&numbers(&mut (held..list).chain(std::iter::repeat(u32::MAX)).take(109)));
    file.extend_from_slice(stream);
    file.resize(LARGE + length, 0);
    // The stream's sectors, those of the table, the list of streams.
    let chain = (1..held).chain([END]).chain((0..tables).map(|_| 0xFFFF_FFFD)).chain([END]);
    let all = tables as usize * LARGE / 4;
    file.extend(numbers(&mut chain.chain(std::iter::repeat(u32::MAX)).take(all)));
    debug_assert!(last as usize <= all);
    for (name, kind, start, size) in [("Root Entry", 5, 0, 0), ("Workbook", 2, 0, length as u64)] {
        let mut entry = [0; 128];
        for (at, letter) in name.bytes().enumerate() {
            entry[at * 2] = letter;
        }
        entry[64] = name.len().to_le_bytes()[0] * 2 + 2;
        (entry[66], entry[67]) = (kind, 1);
        entry[68..80].fill(0xFF);
        entry[116..120].copy_from_slice(&u32::to_le_bytes(start));
        entry[120..128].copy_from_slice(&size.to_le_bytes());
        file.extend(entry);
    }
    file.resize(file.len().next_multiple_of(LARGE), 0);
    Some((file, LARGE))
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
