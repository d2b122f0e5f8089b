//! Which rows of a worksheet are hidden: by hand, or by a filter.
//!
//! The streaming reader of cells does not tell, so the sheet's XML is unpacked a second time, beside it, and only the
//! tags of rows are looked at.

use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};

use memchr::{memchr, memmem, memrchr};

use crate::disk::ReadSeek;

const PIECE: usize = 256 * 1024;

/// Rows that a sheet can have.
const MOST_ROWS: u64 = 1 << 20;

/// Rows of a sheet, counted from 0, as bits.
#[derive(Debug, Clone, Default)]
pub(super) struct Bits(Vec<u64>);

/// The rows of a sheet that hold something, and those that are hidden.
#[derive(Debug, Clone, Default)]
pub(super) struct Rows {
    pub(super) filled: Bits,
    pub(super) hidden: Bits,
}

/// Hidden rows among the rows of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HiddenRows {
    pub hidden: u64,
    /// All rows of the table.
    pub of: u64,
    /// Row of the first, as a spreadsheet counts.
    pub first: u64,
}

impl Bits {
    pub(super) fn set(&mut self, row: u64) {
        let at = usize::try_from(row.min(MOST_ROWS) / 64).unwrap_or(0);
        if at >= self.0.len() {
            self.0.resize(at + 1, 0);
        }
        self.0[at] |= 1 << (row % 64);
    }

    fn has(&self, row: u64) -> bool {
        let word = usize::try_from(row / 64).ok().and_then(|at| self.0.get(at));
        word.is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    fn from(&self, first: u64) -> impl Iterator<Item = u64> {
        (first..self.0.len() as u64 * 64).filter(|row| self.has(*row))
    }
}

impl Rows {
    /// Hidden rows below a header; none where there are none.
    pub(super) fn hidden_below(&self, header_row: u64) -> Option<HiddenRows> {
        let mut hidden = self.hidden.from(header_row).filter(|row| self.filled.has(*row));
        let first = hidden.next()? + 1;
        let of = self.filled.from(header_row).count() as u64;
        Some(HiddenRows { hidden: hidden.count() as u64 + 1, of, first })
    }
}

/// The hidden rows of a part of a workbook; what cannot be read is for the reader of cells to report.
pub(super) fn hidden(
    reader: Box<dyn ReadSeek>,
    part: usize,
    most: u64,
    stop: &AtomicBool,
) -> Option<Bits> {
    let mut archive = zip::ZipArchive::new(reader).ok()?;
    let mut part = archive.by_index(part).ok()?.take(most);
    let (mut bits, mut next, mut known) = (Bits::default(), 0, 0);
    let mut buffer = vec![0; PIECE];
    while !stop.load(Ordering::Relaxed) {
        let got = part.read(&mut buffer[known..]).ok()?;
        if got == 0 {
            return Some(bits);
        }
        let length = known + got;
        let done = look(&buffer[..length], &mut next, &mut bits);
        // A tag that fills the buffer is none of a row.
        let done = if done == 0 && length == PIECE { length } else { done };
        buffer.copy_within(done..length, 0);
        known = length - done;
    }
    None
}

/// Notes the hidden rows of some XML, and says where the part that must be seen again begins.
fn look(xml: &[u8], next: &mut u64, bits: &mut Bits) -> usize {
    let end = match memrchr(b'<', xml) {
        Some(open) if memchr(b'>', &xml[open..]).is_none() => open,
        _ => xml.len(),
    };
    for at in memmem::find_iter(&xml[..end], b"row") {
        let Some(open) = memrchr(b'<', &xml[at.saturating_sub(24)..at]) else { continue };
        let name = &xml[at.saturating_sub(24) + open + 1..at];
        let is_prefix = name.is_empty() || name.ends_with(b":") && !name.contains(&b' ');
        let rest = &xml[at + 3..end];
        if !is_prefix || !rest.first().is_some_and(|b| b.is_ascii_whitespace() || b"/>".contains(b))
        {
            continue;
        }
        let tag = &rest[..memchr(b'>', rest).unwrap_or(rest.len())];
        let number = attribute(tag, b"r").and_then(|r| std::str::from_utf8(r).ok()?.parse().ok());
        let row = number.map_or(*next, |number: u64| number.saturating_sub(1));
        *next = row + 1;
        if matches!(attribute(tag, b"hidden"), Some(b"1" | b"true")) {
            bits.set(row);
        }
    }
    end
}

/// The value of an attribute in what follows a tag's name.
fn attribute<'a>(tag: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    memmem::find_iter(tag, name).find_map(|at| {
        if at == 0 || !tag[at - 1].is_ascii_whitespace() {
            return None;
        }
        let value = tag[at + name.len()..].trim_ascii_start().strip_prefix(b"=")?;
        let (quote, value) = value.trim_ascii_start().split_first()?;
        let inside = matches!(quote, b'"' | b'\'').then_some(value)?;
        Some(&inside[..memchr(*quote, inside)?])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(pieces: &[&str]) -> Vec<u64> {
        let (mut bits, mut next, mut held) = (Bits::default(), 0, Vec::new());
        for piece in pieces {
            held.extend_from_slice(piece.as_bytes());
            let done = look(&held, &mut next, &mut bits);
            held.drain(..done);
        }
        bits.from(0).collect()
    }

    #[test]
    fn hidden_rows_are_found_in_any_spelling_and_cut() {
        let xml = "<cols><col min=\"1\" hidden=\"1\"/></cols><sheetData><row r=\"1\"><c/></row>\
            <row r=\"3\" ht=\"0\" hidden=\"1\"/><row hidden = 'true' spans=\"1:3\"><c><is><t>row hidden=\"1\"\
            </t></is></c></row><row r=\"9\" hidden=\"0\"></row><x:row r=\"12\" hidden=\"true\" /><rowBreaks hidden=\"1\"/>";
        assert_eq!(rows(&[xml]), [2, 3, 11]);
        for cut in 0..xml.len() {
            assert_eq!(rows(&[&xml[..cut], &xml[cut..]]), [2, 3, 11], "cut at {cut}");
        }
    }

    #[test]
    fn only_filled_rows_below_the_header_count() {
        let mut rows = Rows::default();
        [0, 1, 2, 5, 70].iter().for_each(|row| rows.filled.set(*row));
        [0, 2, 3, 70, 90].iter().for_each(|row| rows.hidden.set(*row));
        let found = HiddenRows { hidden: 2, of: 4, first: 3 };
        assert_eq!(rows.hidden_below(1), Some(found));
        assert_eq!(rows.hidden_below(71), None);
    }
}
