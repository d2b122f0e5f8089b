//! Old workbooks: .xls of Excel 5 to 2003, records in a compound file.

mod records;

use std::collections::BTreeMap;

use encoding_rs::WINDOWS_1252;

use super::cfb::{Compound, f64_at, u16_at, u32_at};
use super::dates::Shown;
use super::segments::{self, Segments};
use super::strings::Strings;
use super::{Book, Out, Region, SheetFacts, SheetKind, Stop, form};
use crate::catalog::Limits;
use crate::disk::ReadSeek;
use records::{Letters, Records, code_page, long_text};

pub(super) struct Xls {
    stream: Vec<u8>,
    sheets: Vec<SheetFacts>,
    /// Where each begins in the stream.
    starts: Vec<usize>,
    strings: Strings,
    /// By cell style.
    styles: Vec<Shown>,
    from_1904: bool,
    letters: Letters,
}

impl Xls {
    pub(super) fn open(reader: Box<dyn ReadSeek>, limits: Limits) -> Result<Self, Stop> {
        let file = Compound::open(reader, limits.held_mb)?;
        let name = ["Workbook", "Book"].into_iter().find(|name| file.has(name));
        let Some(name) = name else {
            return Err(Stop::Strange(form::inside_compound(|name| file.has(name))));
        };
        let stream = file.stream(name).ok_or_else(cut)?;
        drop(file);
        let letters = Letters { unicode: true, page: Some(WINDOWS_1252) };
        let (strings, styles) = (Strings::default(), Vec::new());
        let (sheets, starts, from_1904) = (Vec::new(), Vec::new(), false);
        let mut book =
            Self { stream: Vec::new(), sheets, starts, strings, styles, from_1904, letters };
        book.globals(&stream)?;
        book.stream = stream;
        Ok(book)
    }

    /// Reads what all sheets share.
    fn globals(&mut self, stream: &[u8]) -> Result<(), Stop> {
        let (mut own, mut formats) = (BTreeMap::new(), Vec::new());
        let mut records = Records { stream, at: 0 };
        let mut begun = false;
        while let Some((kind, data)) = records.next()? {
            match kind {
                0x0809 if !begun => {
                    begun = true;
                    self.letters.unicode = u16_at(data, 0) == Some(0x0600);
                }
                0x002F => return Err(Stop::Strange(form::LOCKED)),
                0x0042 => self.letters.page = u16_at(data, 0).and_then(code_page),
                0x0022 => self.from_1904 = u16_at(data, 0) == Some(1),
                0x041E => {
                    let id = u16_at(data, 0).ok_or_else(cut)?;
                    let format = self
                        .letters
                        .sized(data.get(2..).unwrap_or_default(), self.letters.unicode)?;
                    own.insert(id, Shown::of(&format));
                }
                0x00E0 => formats.push(u16_at(data, 2).ok_or_else(cut)?),
                0x0085 => {
                    let (facts, start) = self.sheet(data)?;
                    self.sheets.push(facts);
                    self.starts.push(start);
                }
                0x00FC => {
                    let mut all = Segments::new(records.continued(data));
                    all.long()?;
                    all.long()?;
                    while !all.is_empty() {
                        self.strings.push(&all.rich()?);
                    }
                }
                0x000A => break,
                _ => {}
            }
        }
        let shown = |id: u16| own.get(&id).copied().unwrap_or_else(|| Shown::built_in(id.into()));
        self.styles = formats.into_iter().map(shown).collect();
        Ok(())
    }

    fn sheet(&self, data: &[u8]) -> Result<(SheetFacts, usize), Stop> {
        let start = u32_at(data, 0).ok_or_else(cut)?;
        let (state, kind) = (data.get(4).ok_or_else(cut)?, data.get(5).ok_or_else(cut)?);
        let length = usize::from(*data.get(6).ok_or_else(cut)?);
        let name = self.letters.text(data.get(7..).unwrap_or_default(), length)?.replace('\0', "");
        let kind = if *kind == 0 { SheetKind::Table } else { SheetKind::Other };
        let facts = SheetFacts { name, kind, visible: state & 3 == 0, used: None };
        Ok((facts, usize::try_from(start).unwrap_or(usize::MAX)))
    }

    /// Shows the records of a sheet, those of charts in it left out.
    fn each<'s>(
        &'s self,
        sheet: usize,
        mut take: impl FnMut(u16, &'s [u8], &mut Records<'s>) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let start = self.starts.get(sheet).copied().unwrap_or(usize::MAX);
        let mut records = Records { stream: &self.stream, at: start };
        let mut depth = 0u32;
        while let Some((kind, data)) = records.next()? {
            match kind {
                0x0809 => depth += 1,
                0x000A if depth <= 1 => return Ok(()),
                0x000A => depth -= 1,
                _ if depth > 1 => {}
                _ => take(kind, data, &mut records)?,
            }
        }
        Err(cut())
    }

    /// Gathers the cells of a sheet.
    fn cells<'s>(&'s self, sheet: usize, out: &mut Out<'_>) -> Result<Vec<Cell<'s>>, Stop> {
        let mut cells = Vec::new();
        // Where a formula stands whose text comes in a record of its own.
        let mut waiting = None;
        self.each(sheet, |kind, data, records| {
            let row = u16_at(data, 0);
            if kind == 0x0208 {
                if data.get(12).is_some_and(|flags| flags & 0x20 != 0) {
                    out.hide(row.unwrap_or(0).into());
                }
                return Ok(());
            }
            if kind == 0x0207 {
                if let Some(at) = waiting.take() {
                    let text = match self.letters.unicode {
                        true => Held::Own(long_text(&records.continued(data))?),
                        false => Held::Own(self.letters.sized(data, true)?),
                    };
                    cells.push(Cell { at, style: 0, held: text });
                }
                return Ok(());
            }
            if !matches!(
                kind,
                0x0203 | 0x027E | 0x00BD | 0x00FD | 0x0204 | 0x00D6 | 0x0205 | 0x0006
            ) {
                return Ok(());
            }
            let at = (row.ok_or_else(cut)?, u16_at(data, 2).ok_or_else(cut)?);
            if kind == 0x00BD {
                return many(at, data, &mut cells);
            }
            let style = u16_at(data, 4).ok_or_else(cut)?;
            let value = data.get(6..).unwrap_or_default();
            match self.held(kind, value)? {
                Some(held) => cells.push(Cell { at, style, held }),
                None => waiting = Some(at),
            }
            Ok(())
        })?;
        // Nearly always in order; of two in one place the later one counts.
        cells.sort_by_key(|cell| cell.at);
        Ok(cells)
    }

    /// What a record holds behind its place; none where the text of a formula follows.
    fn held<'s>(&self, kind: u16, value: &'s [u8]) -> Result<Option<Held<'s>>, Stop> {
        Ok(Some(match kind {
            0x0203 => Held::Number(f64_at(value, 0).ok_or_else(cut)?),
            0x027E => Held::Number(segments::small_number(u32_at(value, 0).ok_or_else(cut)?)),
            0x00FD => Held::Shared(u32_at(value, 0).ok_or_else(cut)?),
            0x0205 => match value {
                [truth, 0, ..] => Held::Truth(*truth != 0),
                [code, _, ..] => Held::Error(*code),
                _ => return Err(cut()),
            },
            0x0006 => match value {
                [0, _, _, _, _, _, 0xFF, 0xFF, ..] => return Ok(None),
                [1, _, truth, _, _, _, 0xFF, 0xFF, ..] => Held::Truth(*truth != 0),
                [2, _, code, _, _, _, 0xFF, 0xFF, ..] => Held::Error(*code),
                [_, _, _, _, _, _, 0xFF, 0xFF, ..] => Held::Text(&[]),
                _ => Held::Number(f64_at(value, 0).ok_or_else(cut)?),
            },
            _ => Held::Text(value),
        }))
    }
}

impl Book for Xls {
    fn sheets(&self) -> &[SheetFacts] {
        &self.sheets
    }

    fn write(&mut self, sheet: usize, out: &mut Out<'_>) -> Result<(), Stop> {
        let cells = self.cells(sheet, out)?;
        for (index, cell) in cells.iter().enumerate() {
            if cells.get(index + 1).is_some_and(|next| next.at == cell.at) {
                continue;
            }
            let (row, column) = (cell.at.0.into(), cell.at.1.into());
            match &cell.held {
                Held::Number(number) => {
                    let shown =
                        self.styles.get(usize::from(cell.style)).copied().unwrap_or_default();
                    out.number((row, column), *number, shown, self.from_1904)?;
                }
                Held::Shared(at) => {
                    let at = usize::try_from(*at).unwrap_or(usize::MAX);
                    out.text(row, column, self.strings.get(at)?)?;
                }
                Held::Text([]) => {}
                Held::Text(bytes) => {
                    out.text(row, column, &self.letters.sized(bytes, true)?)?;
                }
                Held::Own(text) => out.text(row, column, text)?,
                Held::Truth(truth) => out.truth(row, column, *truth)?,
                Held::Error(code) => out.error(row, column, segments::error(*code))?,
            }
        }
        Ok(())
    }

    fn used(&mut self, sheet: usize) -> Option<Region> {
        let mut used = None;
        self.each(sheet, |kind, data, _| {
            if kind == 0x0200 {
                used = dimensions(data, self.letters.unicode);
            }
            Ok(())
        })
        .ok()?;
        used
    }

    fn merged(&mut self, sheet: usize) -> Result<Vec<Region>, Stop> {
        let mut regions = Vec::new();
        self.each(sheet, |kind, data, _| {
            if kind == 0x00E5 {
                let (areas, _) = data.get(2..).unwrap_or_default().as_chunks::<8>();
                regions.extend(areas.iter().map(|area| {
                    let number = |at: usize| u32::from(u16_at(area, at * 2).unwrap_or(0)) + 1;
                    Region {
                        first_row: number(0),
                        last_row: number(1),
                        first_column: number(2),
                        last_column: number(3),
                    }
                }));
            }
            Ok(())
        })?;
        Ok(regions)
    }
}

/// A cell of a sheet before cells are in order.
struct Cell<'s> {
    at: (u16, u16),
    style: u16,
    held: Held<'s>,
}

enum Held<'s> {
    Number(f64),
    Shared(u32),
    /// A text with its length in two bytes.
    Text(&'s [u8]),
    Own(String),
    Truth(bool),
    Error(u8),
}

fn cut() -> Stop {
    Stop::broken("a part of it is cut off")
}

/// Several numbers of one row in one record.
fn many(at: (u16, u16), data: &[u8], cells: &mut Vec<Cell<'_>>) -> Result<(), Stop> {
    let numbers = data.get(4..data.len().saturating_sub(2)).ok_or_else(cut)?;
    for (column, number) in (at.1..).zip(numbers.as_chunks::<6>().0) {
        let held = Held::Number(segments::small_number(u32_at(number, 2).ok_or_else(cut)?));
        cells.push(Cell { at: (at.0, column), style: u16_at(number, 0).ok_or_else(cut)?, held });
    }
    Ok(())
}

/// The used cells; the stated ends lie one behind them.
fn dimensions(data: &[u8], wide: bool) -> Option<Region> {
    let row =
        |at: usize| if wide { u32_at(data, at * 4) } else { u16_at(data, at * 2).map(u32::from) };
    let columns = if wide { 8 } else { 4 };
    let column = |at: usize| u16_at(data, columns + at * 2).map(u32::from);
    let (last_row, last_column) = (row(1)?, column(1)?);
    let (first_row, first_column) = (row(0)?.checked_add(1)?, column(0)?.checked_add(1)?);
    (last_row >= first_row && last_column >= first_column).then_some(Region {
        first_row,
        first_column,
        last_row,
        last_column,
    })
}
