//! Workbooks as zipped records: .xlsb.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};

use super::cfb::{f64_at, u16_at, u32_at};
use super::dates::Shown;
use super::package::Package;
use super::strings::Strings;
use super::{Book, Out, Region, SheetFacts, SheetKind, Stop, segments};
use crate::catalog::Limits;
use crate::disk::ReadSeek;

/// The longest record, far beyond what a cell can hold.
const LONGEST: usize = 8 << 20;

const MAIN: &str = "xl/workbook.bin";

pub(super) struct Xlsb {
    package: Package,
    sheets: Vec<SheetFacts>,
    /// The part of each.
    parts: Vec<String>,
    strings: Strings,
    /// By cell style.
    styles: Vec<Shown>,
    from_1904: bool,
}

impl Xlsb {
    pub(super) fn open(reader: Box<dyn ReadSeek>, limits: Limits) -> Result<Self, Stop> {
        let mut package = Package::open(reader, limits)?;
        let relations = super::xlsx::relations(&mut package, MAIN)?;
        let target =
            |end: &str| relations.iter().find(|r| r.kind.ends_with(end)).map(|r| r.target.clone());
        let (strings, styles) = (target("/sharedStrings"), target("/styles"));
        let (mut sheets, mut parts, mut from_1904) = (Vec::new(), Vec::new(), false);
        let part = package.held(MAIN)?;
        let part = part.ok_or_else(|| Stop::broken("it has no list of sheets"))?;
        each(part, |kind, record| {
            match kind {
                0x99 => from_1904 |= record.first().is_some_and(|flags| flags & 1 == 1),
                0x9C => {
                    let (name, state, id) = bundle(record).ok_or_else(cut)?;
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
        let styles = styles.map_or(Ok(Vec::new()), |part| self::styles(&mut package, &part))?;
        let strings = strings.map_or(Ok(Strings::default()), |part| shared(&mut package, &part))?;
        Ok(Self { package, sheets, parts, strings, styles, from_1904 })
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
}

impl Book for Xlsb {
    fn sheets(&self) -> &[SheetFacts] {
        &self.sheets
    }

    fn write(&mut self, sheet: usize, out: &mut Out<'_>) -> Result<(), Stop> {
        let name = self.parts.get(sheet).map_or("", String::as_str);
        let part = self.package.part(name)?;
        let part = part.ok_or_else(|| Stop::broken("a sheet of it is not there"))?;
        let (strings, styles, from_1904) = (&self.strings, &self.styles, self.from_1904);
        let (mut row, mut ended) = (0, false);
        each(part, |kind, record| {
            match kind {
                0x00 => {
                    row = u32_at(record, 0).ok_or_else(cut)?;
                    if record.get(11).is_some_and(|flags| flags & 0x10 != 0) {
                        out.hide(row);
                    }
                }
                0x02..=0x0B | 0x3E => {
                    let column = u32_at(record, 0).ok_or_else(cut)?;
                    let style = u32_at(record, 4).ok_or_else(cut)? & 0x00FF_FFFF;
                    let shown = usize::try_from(style).ok().and_then(|style| styles.get(style));
                    let shown = shown.copied().unwrap_or_default();
                    let value = record.get(8..).unwrap_or_default();
                    let at = (row, column);
                    cell(kind, value, at, out, (strings, shown, from_1904))?;
                }
                0x92 => ended = true,
                _ => {}
            }
            Ok(!ended)
        })?;
        if ended { Ok(()) } else { Err(cut()) }
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

/// Writes what a record holds behind its column and its style.
fn cell(
    kind: u32,
    value: &[u8],
    (row, column): (u32, u32),
    out: &mut Out<'_>,
    (strings, shown, from_1904): (&Strings, Shown, bool),
) -> Result<(), Stop> {
    match kind {
        0x02 => {
            let number = segments::small_number(u32_at(value, 0).ok_or_else(cut)?);
            out.number((row, column), number, shown, from_1904)
        }
        0x05 | 0x09 => {
            let number = f64_at(value, 0).ok_or_else(cut)?;
            out.number((row, column), number, shown, from_1904)
        }
        0x03 | 0x0B => out.error(row, column, segments::error(*value.first().ok_or_else(cut)?)),
        0x04 | 0x0A => out.truth(row, column, *value.first().ok_or_else(cut)? != 0),
        0x06 | 0x08 => out.text(row, column, &text(value).ok_or_else(cut)?.0),
        // With runs of formats behind it.
        0x3E => out.text(row, column, &value.get(1..).and_then(text).ok_or_else(cut)?.0),
        _ => {
            let at = usize::try_from(u32_at(value, 0).ok_or_else(cut)?).unwrap_or(usize::MAX);
            out.text(row, column, strings.get(at)?)
        }
    }
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

/// What each cell style shows.
fn styles(package: &mut Package, part: &str) -> Result<Vec<Shown>, Stop> {
    let Some(part) = package.held(part)? else { return Ok(Vec::new()) };
    let (mut own, mut styles, mut of_cells) = (BTreeMap::new(), Vec::new(), false);
    each(part, |kind, record| {
        match kind {
            0x2C => {
                let id = u32::from(u16_at(record, 0).ok_or_else(cut)?);
                let format = record.get(2..).and_then(text).ok_or_else(cut)?.0;
                own.insert(id, Shown::of(&format));
            }
            0x269 => of_cells = true,
            0x26A => of_cells = false,
            0x2F if of_cells => {
                let id = u32::from(u16_at(record, 2).ok_or_else(cut)?);
                styles.push(own.get(&id).copied().unwrap_or_else(|| Shown::built_in(id)));
            }
            _ => {}
        }
        Ok(true)
    })?;
    Ok(styles)
}

fn shared(package: &mut Package, part: &str) -> Result<Strings, Stop> {
    let mut strings = Strings::default();
    let Some(part) = package.held(part)? else { return Ok(strings) };
    each(part, |kind, record| {
        if kind == 0x13 {
            strings.push(&record.get(1..).and_then(text).ok_or_else(cut)?.0);
        }
        Ok(true)
    })?;
    Ok(strings)
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
