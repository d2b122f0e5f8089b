//! Workbooks as zipped records: .xlsb.
//!
//! calamine reads the cells, one after the other. Before it sees a part, its records are looked at: it makes room for
//! whatever length they claim, and takes what is missing in a short one from the record before. It also passes over
//! two kinds of cells, the errors of formulas and texts of several formats; these are read here, and put between.

use std::io::{BufRead, BufReader, Read};

use calamine::Reader as _;

use super::cfb::u32_at;
use super::package::{Package, room};
use super::shared::Shared;
use super::xlsx::usual;
use super::{Book, Out, Region, SheetFacts, SheetKind, Stop, cells};
use crate::catalog::Limits;
use crate::data::rows::MOST_ROWS;
use crate::disk::ReadSeek;

/// The longest record, far beyond what a cell can hold.
const LONGEST: usize = 8 << 20;

/// The longest name, far beyond what Excel allows.
const LONGEST_NAME: usize = 4096;

const MAIN: &str = "xl/workbook.bin";

pub(super) struct Xlsb {
    package: Package,
    book: calamine::Xlsb<Shared>,
    sheets: Vec<SheetFacts>,
    /// The part of each.
    parts: Vec<String>,
}

impl Xlsb {
    pub(super) fn open(reader: Box<dyn ReadSeek>, limits: Limits) -> Result<Self, Stop> {
        let mut package = Package::open(reader, limits)?;
        let relations = super::xlsx::relations(&mut package, MAIN)?;
        usual(&relations, "/sharedStrings", "xl/sharedStrings.bin")?;
        usual(&relations, "/styles", "xl/styles.bin")?;
        let (mut sheets, mut parts) = (Vec::new(), Vec::new());
        // Formulas of names are spelled out, with the names in them.
        let (mut formulas, mut longest) = (0, 0);
        let part = package.little(MAIN)?;
        let part = part.ok_or_else(|| Stop::broken("it has no list of sheets"))?;
        each(part, |kind, record| {
            match kind {
                0x27 => {
                    let name = record.get(9..).and_then(text).ok_or_else(cut)?.0;
                    (formulas, longest) = (formulas + record.len(), name.len().max(longest));
                }
                0x9C => {
                    let (name, state, id) = bundle(record).ok_or_else(cut)?;
                    longest = name.len().max(longest);
                    // A macro module has no part.
                    let relation = relations.iter().find(|relation| relation.id == id);
                    let table = relation.is_some_and(|r| r.kind.ends_with("/worksheet"));
                    let kind = if table { SheetKind::Table } else { SheetKind::Other };
                    sheets.push(SheetFacts { name, kind, visible: state == 0, used: None });
                    parts
                        .push(relation.map(|relation| relation.target.clone()).unwrap_or_default());
                }
                _ => {}
            }
            Ok(true)
        })?;
        if longest > LONGEST_NAME {
            return Err(Stop::broken(format!("a name in it is longer than {LONGEST_NAME} bytes")));
        }
        room(limits, formulas as u64 * longest as u64)?;
        if let Some(part) = package.little("xl/styles.bin")? {
            each(part, |_, _| Ok(true))?;
        }
        look_at_texts(&mut package)?;
        let book = calamine::Xlsb::new(package.again())?;
        Ok(Self { package, book, sheets, parts })
    }

    fn each(
        &mut self,
        sheet: usize,
        take: impl FnMut(u32, &[u8]) -> Result<bool, Stop>,
    ) -> Result<(), Stop> {
        let name = self.parts.get(sheet).map_or("", String::as_str);
        let part = self.package.part(name)?;
        each(part.ok_or_else(|| Stop::broken("a sheet of it is not there"))?, take)
    }

    /// Looks at the cells of a sheet before calamine does; gives those that it passes over.
    fn look(&mut self, sheet: usize, out: &mut Out<'_>) -> Result<Vec<Passed>, Stop> {
        let limits = self.package.limits;
        let (mut passed, mut bytes, mut row, mut ended) = (Vec::new(), 0, 0, false);
        self.each(sheet, |kind, record| {
            let long_enough = match kind {
                0x00 | 0x02 | 0x07 => record.len() >= 12,
                0x03 | 0x04 | 0x0A | 0x0B => record.len() >= 9,
                0x05 | 0x09 | 0x94 => record.len() >= 16,
                0x06 | 0x08 => record.get(8..).and_then(text).is_some(),
                _ => true,
            };
            if !long_enough {
                return Err(cut());
            }
            let at = (row, u32_at(record, 0).unwrap_or(0));
            match kind {
                0x00 => {
                    row = at.1;
                    if u64::from(row) >= MOST_ROWS {
                        return Err(Stop::nowhere());
                    }
                    if record[11] & 0x10 != 0 {
                        out.hide(row);
                    }
                }
                0x0B => passed.push(Passed { at, value: Err(record[8]) }),
                0x3E => {
                    let text = record.get(9..).and_then(text).ok_or_else(cut)?.0;
                    bytes += text.len();
                    passed.push(Passed { at, value: Ok(text) });
                }
                _ => ended = kind == 0x92,
            }
            room(limits, (bytes + passed.len() * size_of::<Passed>()) as u64)?;
            Ok(!ended)
        })?;
        if ended { Ok(passed) } else { Err(cut()) }
    }
}

/// A cell that calamine passes over: a text, or the code of an error.
struct Passed {
    at: (u32, u32),
    value: Result<String, u8>,
}

impl Passed {
    fn write(&self, out: &mut Out<'_>) -> Result<(), Stop> {
        match &self.value {
            Ok(text) => out.text(self.at.0, self.at.1, text),
            Err(code) => out.error(self.at.0, self.at.1, error(*code)),
        }
    }
}

impl Book for Xlsb {
    fn sheets(&self) -> &[SheetFacts] {
        &self.sheets
    }

    fn write(&mut self, sheet: usize, out: &mut Out<'_>) -> Result<(), Stop> {
        let passed = self.look(sheet, out)?;
        let mut passed = passed.into_iter().peekable();
        let from_1904 = self.book.has_1904_epoch();
        let name = self.sheets.get(sheet).map_or("", |sheet| sheet.name.as_str());
        let mut cells = self.book.worksheet_cells_reader(name)?;
        while let Some(cell) = cells.next_cell()? {
            let at = cell.get_position();
            while let Some(before) = passed.next_if(|passed| passed.at < at) {
                before.write(out)?;
            }
            cells::put(out, at, cell.get_value(), from_1904)?;
        }
        passed.try_for_each(|behind| behind.write(out))
    }

    fn used(&mut self, sheet: usize) -> Option<Region> {
        let mut used = None;
        self.each(sheet, |kind, record| {
            if kind == 0x94 {
                used = region(record);
            }
            Ok(!matches!(kind, 0x94 | 0x91))
        })
        .ok()?;
        used
    }

    fn merged(&mut self, sheet: usize) -> Result<Vec<Region>, Stop> {
        let mut regions = Vec::new();
        self.each(sheet, |kind, record| {
            if kind == 0xB0 {
                regions.extend(region(record));
            }
            Ok(true)
        })?;
        Ok(regions)
    }
}

fn cut() -> Stop {
    Stop::broken("a part of it is cut off")
}

/// What a formula left, by its code.
fn error(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        0x2A => "#N/A",
        _ => "#ERROR!",
    }
}

/// The texts that cells share.
fn look_at_texts(package: &mut Package) -> Result<(), Stop> {
    let Some(part) = package.held("xl/sharedStrings.bin")? else { return Ok(()) };
    let (mut bytes, mut count, mut claimed) = (0, 0, 0);
    each(part, |kind, record| {
        match kind {
            0x13 => {
                let text = record.get(1..).and_then(text).ok_or_else(cut)?.0;
                (count, bytes) = (count + 1, bytes + text.len() + size_of::<String>());
            }
            0x9F => claimed = u32_at(record, 4).ok_or_else(cut)?,
            _ => {}
        }
        Ok(true)
    })?;
    if claimed > count {
        return Err(Stop::broken(format!("it claims {claimed} shared texts and has {count}")));
    }
    room(package.limits, bytes as u64)
}

/// A text with its length in front, and what is behind it.
fn text(bytes: &[u8]) -> Option<(String, &[u8])> {
    let length = usize::try_from(u32_at(bytes, 0)?).ok()?;
    // No text at all.
    if length == 0xFFFF_FFFF {
        return Some((String::new(), &bytes[4..]));
    }
    let (text, rest) = bytes.get(4..)?.split_at_checked(length.checked_mul(2)?)?;
    let units = text.as_chunks::<2>().0.iter().map(|unit| u16::from_le_bytes(*unit));
    let chars = char::decode_utf16(units);
    Some((chars.map(|char| char.unwrap_or(char::REPLACEMENT_CHARACTER)).collect(), rest))
}

/// A sheet's name, its state and its relation.
fn bundle(record: &[u8]) -> Option<(String, u32, String)> {
    let state = u32_at(record, 0)?;
    let (id, rest) = text(record.get(8..)?)?;
    Some((text(rest)?.0, state, id))
}

fn region(record: &[u8]) -> Option<Region> {
    let number = |at: usize| u32_at(record, at * 4)?.checked_add(1);
    Some(Region {
        first_row: number(0)?,
        last_row: number(1)?,
        first_column: number(2)?,
        last_column: number(3)?,
    })
}

/// Shows every record of a part with its kind, until nothing more is wanted.
fn each(
    part: impl Read,
    mut take: impl FnMut(u32, &[u8]) -> Result<bool, Stop>,
) -> Result<(), Stop> {
    let mut part = BufReader::with_capacity(64 * 1024, part);
    let mut record = Vec::new();
    while let Some(kind) = number(&mut part, 2)? {
        let length = number(&mut part, 4)?.ok_or_else(cut)?;
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        if length > LONGEST {
            return Err(Stop::broken(format!(
                "a record of it is longer than {} MB",
                LONGEST >> 20
            )));
        }
        record.clear();
        let got = part.by_ref().take(length as u64).read_to_end(&mut record)?;
        if got < length {
            return Err(cut());
        }
        if !take(kind, &record)? {
            break;
        }
    }
    Ok(())
}

/// A number of at most so many bytes of seven bits; none at the end.
fn number(part: &mut impl BufRead, most: u32) -> Result<Option<u32>, Stop> {
    let mut number = 0u32;
    for at in 0..most {
        let Some(byte) = part.fill_buf()?.first().copied() else { return Ok(None) };
        part.consume(1);
        number |= u32::from(byte & 0x7F) << (7 * at);
        if byte & 0x80 == 0 {
            break;
        }
    }
    Ok(Some(number))
}
