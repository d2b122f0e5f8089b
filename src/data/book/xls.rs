//! Old workbooks: .xls of Excel 5 to 2003, records in a compound file.
//!
//! calamine reads the cells, and lays each sheet out as a rectangle. It is not shown the file but its workbook's
//! stream in a clean envelope, with one sheet at a time: sectors that lead in circles stay out. Before, the records of
//! the sheet are looked at: the rectangle must have room, and claims and formulas, of which it would make much more,
//! are taken out.

use std::io::Cursor;

use calamine::{Data, DataType as _, Range, Reader as _, XlsOptions};

use super::cfb::{Compound, enveloped, u16_at, u32_at};
use super::package::room;
use super::{Beyond, Book, Out, Region, SheetFacts, SheetKind, Stop, cells, form};
use crate::catalog::Limits;
use crate::disk::ReadSeek;

/// What a cell of a rectangle takes: twice as a value, for what is handed out is a copy, and once as a formula.
const CELL: u64 = (2 * size_of::<Data>() + size_of::<String>()) as u64;

pub(super) struct Xls {
    /// A compound file with the stream alone.
    file: Vec<u8>,
    /// Where the stream begins in it, and where that says where each sheet begins.
    stream: usize,
    places: Vec<usize>,
    starts: Vec<u32>,
    /// Where the records that all sheets share end: a sheet that begins here is empty.
    nothing: u32,
    sheets: Vec<SheetFacts>,
    unicode: bool,
    code_page: Option<u16>,
    limits: Limits,
}

type Old<'a> = calamine::Xls<Cursor<&'a [u8]>>;

impl Xls {
    pub(super) fn open(reader: Box<dyn ReadSeek>, limits: Limits) -> Result<Self, Stop> {
        let file = Compound::open(reader, limits.held_mb)?;
        let name = ["Workbook", "Book"].into_iter().find(|name| file.has(name));
        let Some(name) = name else {
            return Err(Stop::Strange(form::inside_compound(|name| file.has(name))));
        };
        let stream = file.stream(name).ok_or_else(cut)?;
        drop(file);
        let (file, at) = enveloped(&stream)
            .ok_or_else(|| Stop::broken("it is longer than any workbook of its form"))?;
        let (places, starts, sheets) = (Vec::new(), Vec::new(), Vec::new());
        let (nothing, unicode, code_page) = (0, true, None);
        let mut book =
            Self { file, stream: at, places, starts, nothing, sheets, unicode, code_page, limits };
        book.globals(&stream)?;
        drop(stream);
        book.sheets = listed(&book.only(None)?);
        match book.sheets.len() == book.places.len() {
            true => Ok(book),
            false => Err(cut()),
        }
    }

    /// Notes what stands before all sheets.
    fn globals(&mut self, stream: &[u8]) -> Result<(), Stop> {
        let mut records = Records { stream, at: 0 };
        let mut begun = false;
        while let Some((kind, at, data)) = records.next()? {
            match kind {
                0x0809 if !begun => {
                    begun = true;
                    let form = (u16_at(data, 0), u16_at(data, 2));
                    self.unicode = !matches!(form, (Some(0x0500), _) | (Some(0), Some(0x1000)));
                }
                0x002F => return Err(Stop::Strange(form::LOCKED)),
                // Two numbers of old systems have newer ones.
                0x0042 => {
                    self.code_page = u16_at(data, 0).map(|page| match page {
                        0x8000 => 10000,
                        0x8001 | 367 => 1252,
                        page => page,
                    });
                }
                0x0085 => {
                    self.places.push(at);
                    self.starts.push(u32_at(data, 0).ok_or_else(cut)?);
                }
                0x000A => {
                    self.nothing = u32::try_from(at - 4).map_err(|_| cut())?;
                    return Ok(());
                }
                _ => {}
            }
        }
        Err(cut())
    }

    /// The workbook as if no sheet but one held anything.
    fn only(&mut self, sheet: Option<usize>) -> Result<Old<'_>, Stop> {
        for (at, (place, start)) in self.places.iter().zip(&self.starts).enumerate() {
            let start = if sheet == Some(at) { *start } else { self.nothing };
            let place = self.stream + place;
            self.file[place..place + 4].copy_from_slice(&start.to_le_bytes());
        }
        let mut options = XlsOptions::default();
        // What is in Unicode is so whatever the code page says.
        options.force_codepage = if self.unicode { Some(1200) } else { self.code_page };
        Ok(calamine::Xls::new_with_options(Cursor::new(&self.file[..]), options)?)
    }

    /// Shows the records of a sheet, those of charts in it left out, with their places.
    fn each<'s>(
        &'s self,
        sheet: usize,
        mut take: impl FnMut(u16, usize, &'s [u8]) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let stream = &self.file[self.stream..];
        let start = self.starts.get(sheet).copied().unwrap_or(u32::MAX);
        let mut records = Records { stream, at: usize::try_from(start).unwrap_or(usize::MAX) };
        let mut depth = 0u32;
        while let Some((kind, at, data)) = records.next()? {
            match kind {
                0x0809 => depth += 1,
                0x000A if depth <= 1 => return Ok(()),
                0x000A => depth -= 1,
                _ if depth > 1 => {}
                _ => take(kind, at, data)?,
            }
        }
        Err(cut())
    }

    /// Looks at a sheet before calamine does.
    fn look(&self, sheet: usize) -> Result<Seen, Stop> {
        let mut seen = Seen::default();
        self.each(sheet, |kind, at, data| {
            // Behind a cell's place stands its style.
            let text = match kind {
                0x0204 | 0x00D6 => data.get(6..),
                0x0207 => Some(data),
                _ => None,
            };
            if text.is_some_and(|text| !is_whole(text, self.unicode)) {
                return Err(Stop::broken("a text of it goes beyond its record"));
            }
            match kind {
                0x0208 if data.get(12).is_some_and(|flags| flags & 0x20 != 0) => {
                    seen.hidden.push(u16_at(data, 0).unwrap_or(0));
                }
                0x0200 => seen.claims.push((at, data.len())),
                0x0207 if !std::mem::take(&mut seen.waiting) => {
                    return Err(Stop::broken("a text of it belongs to no cell"));
                }
                0x0203 | 0x0204 | 0x0205 | 0x0006 | 0x00BD | 0x00D6 | 0x00FD | 0x027E => {
                    let (row, column) = u16_at(data, 0).zip(u16_at(data, 2)).ok_or_else(cut)?;
                    let last = match kind {
                        0x00BD => u16_at(data, data.len() - 2).ok_or_else(cut)?,
                        _ => column,
                    };
                    seen.reach(row.into(), column.into(), last.into());
                    if kind == 0x0006 {
                        seen.waiting = matches!(data.get(6..14), Some([0, .., 0xFF, 0xFF]));
                        seen.formulas.push(at);
                    }
                    if kind == 0x00FD {
                        seen.shared.push((row, column));
                    }
                }
                _ => {}
            }
            Ok(())
        })?;
        Ok(seen)
    }

    /// Reads a sheet that there is room for.
    fn range(&mut self, sheet: usize, seen: &Seen) -> Result<(Range<Data>, bool), Stop> {
        if let Some(used) = seen.used {
            let rows = u64::from(used.last_row - used.first_row) + 1;
            let area = rows * (u64::from(used.last_column - used.first_column) + 1);
            if area > self.limits.cells.into() {
                return Err(Stop::Beyond(Beyond::Cells(self.limits.cells)));
            }
            room(self.limits, area * CELL)?;
        }
        let name = self.sheets.get(sheet).map(|sheet| sheet.name.clone()).unwrap_or_default();
        for (at, length) in &seen.claims {
            let at = self.stream + at;
            self.file[at..at + length].fill(0);
        }
        for at in &seen.formulas {
            let at = self.stream + at;
            // Their length stands behind the result; a shorter record is refused anyway.
            self.file.get_mut(at + 20..at + 22).into_iter().for_each(|length| length.fill(0));
        }
        let mut book = self.only(Some(sheet))?;
        Ok((book.worksheet_range(&name)?, book.has_1904_epoch()))
    }
}

/// What is seen of a sheet before its cells are read.
#[derive(Default)]
struct Seen {
    used: Option<Region>,
    hidden: Vec<u16>,
    /// Where it says how large it is.
    claims: Vec<(usize, usize)>,
    formulas: Vec<usize>,
    /// Cells with a text of those that all sheets share.
    shared: Vec<(u16, u16)>,
    /// Whether the text of a formula comes in a record of its own.
    waiting: bool,
}

impl Seen {
    fn reach(&mut self, row: u32, column: u32, last: u32) {
        let (first_row, last_row, first_column, last_column) =
            (row + 1, row + 1, column + 1, last.max(column) + 1);
        let mine = Region { first_row, first_column, last_row, last_column };
        let before = self.used.unwrap_or(mine);
        self.used = Some(Region {
            first_row: before.first_row.min(first_row),
            first_column: before.first_column.min(first_column),
            last_row: before.last_row.max(last_row),
            last_column: before.last_column.max(last_column),
        });
    }
}

impl Book for Xls {
    fn sheets(&self) -> &[SheetFacts] {
        &self.sheets
    }

    fn write(&mut self, sheet: usize, out: &mut Out<'_>) -> Result<(), Stop> {
        let seen = self.look(sheet)?;
        seen.hidden.iter().for_each(|row| out.hide(u32::from(*row)));
        let (range, from_1904) = self.range(sheet, &seen)?;
        for (row, column) in seen.shared {
            // calamine leaves out what it does not find.
            if range.get_value((row.into(), column.into())).is_none_or(Data::is_empty) {
                return Err(Stop::broken("a cell means a shared text that is not there"));
            }
        }
        let Some(first) = range.start() else { return Ok(()) };
        for (row, cells) in (first.0..).zip(range.rows()) {
            for (column, cell) in (first.1..).zip(cells) {
                cells::put(out, (row, column), cell, from_1904)?;
            }
        }
        Ok(())
    }

    fn used(&mut self, sheet: usize) -> Option<Region> {
        self.look(sheet).ok()?.used
    }

    fn merged(&mut self, sheet: usize) -> Result<Vec<Region>, Stop> {
        let mut regions = Vec::new();
        self.each(sheet, |kind, _, data| {
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

fn cut() -> Stop {
    Stop::broken("a part of it is cut off")
}

/// The sheets as calamine finds them.
fn listed(book: &Old<'_>) -> Vec<SheetFacts> {
    let sheets = book.sheets_metadata().iter().map(|sheet| {
        let table = sheet.typ == calamine::SheetType::WorkSheet;
        let kind = if table { SheetKind::Table } else { SheetKind::Other };
        let visible = sheet.visible == calamine::SheetVisible::Visible;
        SheetFacts { name: sheet.name.clone(), kind, visible, used: None }
    });
    sheets.collect()
}

/// Whether a text with its length in front stands in one record; of the longest ones calamine reads the beginning.
fn is_whole(text: &[u8], unicode: bool) -> bool {
    match (unicode, text) {
        (_, [0, 0, ..]) => true,
        (true, [low, high, flags, rest @ ..]) => {
            let length = usize::from(u16::from_le_bytes([*low, *high]));
            length * if flags & 1 == 1 { 2 } else { 1 } <= rest.len()
        }
        (false, [low, high, rest @ ..]) => {
            usize::from(u16::from_le_bytes([*low, *high])) <= rest.len()
        }
        _ => false,
    }
}

/// The records of a stream: a kind, where its bytes begin, its bytes.
struct Records<'a> {
    stream: &'a [u8],
    at: usize,
}

type Record<'a> = (u16, usize, &'a [u8]);

impl<'a> Records<'a> {
    fn next(&mut self) -> Result<Option<Record<'a>>, Stop> {
        let Some(rest) = self.stream.get(self.at..).filter(|rest| rest.len() >= 4) else {
            return Ok(None);
        };
        let (kind, length) = (u16_at(rest, 0).unwrap_or(0), u16_at(rest, 2).unwrap_or(0));
        let data = rest.get(4..4 + usize::from(length)).ok_or_else(cut)?;
        let at = self.at + 4;
        self.at = at + data.len();
        Ok(Some((kind, at, data)))
    }
}
