//! The parts of a zipped workbook, unpacked within bounds.

use std::collections::BTreeMap;
use std::io::{self, Read};

use memchr::memrchr;
use zip::ZipArchive;

use super::shared::{Gate, Shared};
use super::{Beyond, Stop};
use crate::catalog::Limits;
use crate::disk::ReadSeek;

/// What a part may unpack to before its ratio is looked at.
const SMALL: u64 = 64 << 20;

/// The longest text or tag of an XML part, far beyond what a cell can hold.
const LONGEST: u64 = 8 << 20;

/// An archive whose parts are found by name, in any letter case.
pub(super) struct Package {
    archive: ZipArchive<Shared>,
    file: Shared,
    parts: BTreeMap<String, usize>,
    pub(super) limits: Limits,
}

impl Package {
    /// Looks at the names and sizes that the archive states; what it unpacks to is counted again.
    pub(super) fn open(reader: Box<dyn ReadSeek>, limits: Limits) -> Result<Self, Stop> {
        let broken = |error: zip::result::ZipError| Stop::Broken(error.to_string());
        let file = Shared::of(reader);
        let mut archive = ZipArchive::new(file.ahead()).map_err(broken)?;
        let (mut parts, mut bytes) = (BTreeMap::new(), 0u64);
        for at in 0..archive.len() {
            let entry = archive.by_index_raw(at).map_err(broken)?;
            bytes = bytes.saturating_add(entry.size());
            let name = entry.name().map_err(broken)?.replace('\\', "/").to_lowercase();
            if parts.insert(name, at).is_some() {
                // Two readers could take two of them.
                return Err(Stop::broken("two parts of it have one name"));
            }
        }
        if bytes > u64::from(limits.unpacked_mb) << 20 {
            return Err(Stop::Beyond(Beyond::Unpacked(limits.unpacked_mb)));
        }
        Ok(Self { archive, file, parts, limits })
    }

    /// The file once more, from its start.
    pub(super) fn again(&self) -> Shared {
        self.file.clone()
    }

    /// From now on, whoever has the file once more waits in a part for who reads it here.
    pub(super) fn gate(&mut self, name: &str) -> Result<Gate, Stop> {
        let Some(at) = self.parts.get(&name.to_lowercase()) else {
            return Ok(self.file.gate(0..0));
        };
        let entry = self.archive.by_index(*at).map_err(|e| Stop::Broken(e.to_string()))?;
        let (start, size) = (entry.data_start().unwrap_or_default(), entry.compressed_size());
        Ok(self.file.gate(start..start.saturating_add(size)))
    }

    /// Unpacks a part as it is read; none where there is no such part.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<impl Read + '_>, Stop> {
        self.bounded(name, Beyond::Unpacked(self.limits.unpacked_mb))
    }

    /// The same of a part whose contents are kept.
    pub(super) fn held(&mut self, name: &str) -> Result<Option<impl Read + '_>, Stop> {
        self.bounded(name, Beyond::Held(self.limits.held_mb))
    }

    /// The same of a part of which something much larger is made: names, relations.
    pub(super) fn little(&mut self, name: &str) -> Result<Option<impl Read + '_>, Stop> {
        let beyond = Beyond::Held(self.limits.held_mb);
        let most = u64::from(self.limits.held_mb) << 17;
        Ok(self.held(name)?.map(|part| Guard::new(part, most, beyond)))
    }

    fn bounded(&mut self, name: &str, beyond: Beyond) -> Result<Option<impl Read + '_>, Stop> {
        let Some(at) = self.parts.get(&name.to_lowercase()) else { return Ok(None) };
        let entry = self.archive.by_index(*at).map_err(|e| Stop::Broken(e.to_string()))?;
        let ratio = self.limits.ratio;
        let by_ratio = entry.compressed_size().saturating_mul(ratio.into()).max(SMALL);
        let bounded = Guard::new(entry, by_ratio, Beyond::Ratio(ratio));
        Ok(Some(Guard::new(bounded, u64::from(beyond.key().1) << 20, beyond)))
    }
}

/// Whether so many bytes may stand in memory.
pub(super) fn room(limits: Limits, bytes: u64) -> Result<(), Stop> {
    let held = limits.held_mb;
    if bytes > u64::from(held) << 20 { Err(Stop::Beyond(Beyond::Held(held))) } else { Ok(()) }
}

/// Bytes up to a bound.
pub(in crate::data) struct Guard<R> {
    reader: R,
    left: u64,
    beyond: Beyond,
}

impl<R: Read> Guard<R> {
    pub(in crate::data) fn new(reader: R, most: u64, beyond: Beyond) -> Self {
        Self { reader, left: most, beyond }
    }
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let got = self.reader.read(out)?;
        match self.left.checked_sub(got as u64) {
            Some(left) => self.left = left,
            None => return Err(io::Error::other(self.beyond)),
        }
        Ok(got)
    }
}

/// XML in which no text and no tag is so long that it would fill the memory.
pub(super) struct Tame<R> {
    reader: R,
    run: u64,
}

impl<R: Read> Tame<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, run: 0 }
    }
}

impl<R: Read> Read for Tame<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let got = self.reader.read(out)?;
        self.run = match memrchr(b'<', &out[..got]) {
            Some(at) => (got - at) as u64,
            None => self.run + got as u64,
        };
        if self.run > LONGEST {
            let why = format!("a text in it is longer than {} MB", LONGEST >> 20);
            return Err(io::Error::new(io::ErrorKind::InvalidData, why));
        }
        Ok(got)
    }
}
