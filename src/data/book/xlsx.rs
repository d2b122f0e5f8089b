//! Workbooks as zipped XML: .xlsx and .xlsm.
//!
//! calamine reads the cells, one after the other. Before it sees a part, its tags are looked at: what it would make
//! room for, or gather without an end, is refused; and what it does not tell, such as hidden rows, is noted. The look at
//! a sheet is only a little ahead of it, so that both take the time of one.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, ScopedJoinHandle};

use calamine::{DataRef, Reader as _, XlsxError, XlsxFormulaMetadata};
use quick_xml::events::{BytesStart, Event};

use super::package::{Package, room};
use super::shared::Shared;
use super::tags::{self, Tag};
use super::xml::{Xml, attribute, local, xml};
use super::{BROKE, Book, Out, Region, SheetFacts, SheetKind, Stop, cells, guarded};
use crate::catalog::Limits;
use crate::data::rows::MOST_ROWS;
use crate::disk::ReadSeek;

/// What a shared text, and what a font, a fill or a style takes in memory besides its letters.
const TEXT: u64 = size_of::<String>() as u64;
const STYLE: u64 = 512;

/// What a row or a cell takes that is noted.
const NOTED: u64 = 32;

pub(super) struct Xlsx {
    package: Package,
    book: calamine::Xlsx<Shared>,
    sheets: Vec<SheetFacts>,
    /// The part of each.
    parts: Vec<String>,
}

/// A relation of one part to another.
pub(super) struct Relation {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) target: String,
}

impl Xlsx {
    pub(super) fn open(reader: Box<dyn ReadSeek>, limits: Limits) -> Result<Self, Stop> {
        let mut package = Package::open(reader, limits)?;
        let main = relations(&mut package, "")?.into_iter();
        // Where there are several, calamine takes the last one.
        let main = main.rev().find(|relation| relation.kind.ends_with("/officeDocument"));
        let main = main.map_or_else(|| "xl/workbook.xml".into(), |relation| relation.target);
        let relations = relations(&mut package, &main)?;
        let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder);
        let within = |name: &str| format!("{folder}/{name}").trim_start_matches('/').to_owned();
        let (strings, styles) = (within("sharedStrings.xml"), within("styles.xml"));
        usual(&relations, "/sharedStrings", &strings)?;
        usual(&relations, "/styles", &styles)?;
        look_at_texts(&mut package, &strings)?;
        look_at_styles(&mut package, &styles)?;
        look_at_styles(&mut package, &within("theme/theme1.xml"))?;
        let (mut sheets, mut parts) = (Vec::new(), Vec::new());
        let part = package.little(&main)?;
        let mut reader = xml(part.ok_or_else(|| Stop::broken("it has no list of sheets"))?);
        each_tag(&mut reader, |name, tag| {
            if name == "sheet" {
                let (facts, part) = sheet(tag, &relations)?;
                sheets.push(facts);
                parts.push(part);
            }
            Ok(true)
        })?;
        drop(reader);
        let book = calamine::Xlsx::new(package.again())?;
        Ok(Self { package, book, sheets, parts })
    }

    /// Looks at a sheet; `whole` also behind its cells.
    fn look(&mut self, sheet: usize, whole: bool) -> Result<Seen, Stop> {
        let part = self.parts.get(sheet).map_or("", String::as_str);
        look(&mut self.package, part, whole, &AtomicBool::new(false))
    }
}

/// Looks at a sheet, until nobody wants it any more.
fn look(
    package: &mut Package,
    part: &str,
    whole: bool,
    unwanted: &AtomicBool,
) -> Result<Seen, Stop> {
    let limits = package.limits;
    let part = package.part(part)?;
    let part = part.ok_or_else(|| Stop::broken("a sheet of it is not there"))?;
    let mut seen = Seen::default();
    // A reader gathers the texts of a cell, and of nothing else.
    let anew: &[&[u8]] = if whole { &[] } else { &[b"row", b"c"] };
    tags::each(part, anew, |tag| {
        if tag.ends {
            return Ok(whole || tag.name != b"sheetData");
        }
        seen.take(&tag)?;
        room(limits, (seen.errors.len() + seen.hidden.len()) as u64 * NOTED)?;
        Ok(!unwanted.load(Ordering::Relaxed))
    })?;
    Ok(seen)
}

/// A look that goes on ahead of the reader.
struct Ahead<'scope> {
    thread: Option<ScopedJoinHandle<'scope, Result<Seen, Stop>>>,
    seen: Result<Seen, Stop>,
}

impl Ahead<'_> {
    /// Waits for its end.
    fn seen(&mut self) -> &mut Result<Seen, Stop> {
        if let Some(thread) = self.thread.take() {
            self.seen = thread.join().unwrap_or_else(|_| Err(Stop::broken(BROKE)));
        }
        &mut self.seen
    }
}

fn nowhere() -> Stop {
    Stop::broken("a cell of it stands nowhere")
}

/// What is seen of a sheet before its cells are read.
#[derive(Default)]
struct Seen {
    used: Option<Region>,
    hidden: Vec<u32>,
    /// Cells so far, and which of them hold errors where.
    cells: u64,
    errors: BTreeMap<u64, (u32, u32)>,
    /// Whether cells stand where their order puts them.
    unplaced: bool,
    /// The row that comes next, where it does not say so.
    next: u32,
}

impl Seen {
    fn take(&mut self, tag: &Tag<'_>) -> Result<(), Stop> {
        match tag.name {
            b"c" => {
                let (mut at, mut error) = (None, false);
                for (key, value) in tag.attributes() {
                    match key {
                        "r" => at = Some(position(value).ok_or_else(nowhere)?),
                        "t" => error = value == "e",
                        _ => {}
                    }
                }
                self.unplaced |= at.is_none();
                self.errors.extend(at.filter(|_| error).map(|at| (self.cells, at)));
                self.cells += 1;
            }
            b"row" => {
                let named =
                    |name| tag.attributes().find(|(key, _)| *key == name).map(|found| found.1);
                let number = |name: &str| name.parse::<u32>().ok()?.checked_sub(1);
                let row = named("r").map_or(Some(self.next), number);
                let row = row.filter(|row| u64::from(*row) < MOST_ROWS);
                let row = row.ok_or_else(|| Stop::broken("a row of it stands nowhere"))?;
                if matches!(named("hidden"), Some("1" | "true")) {
                    self.hidden.push(row);
                }
                self.next = row + 1;
            }
            b"dimension" => {
                let said = tag.attributes().find(|(key, _)| *key == "ref");
                self.used = said.and_then(|(_, said)| region(said));
            }
            _ => {}
        }
        Ok(())
    }
}

impl Book for Xlsx {
    fn sheets(&self) -> &[SheetFacts] {
        &self.sheets
    }

    /// The look goes on in a thread of its own. What it refuses counts before anything that the reader says.
    fn write(&mut self, sheet: usize, out: &mut Out<'_>) -> Result<(), Stop> {
        let name = self.sheets.get(sheet).map_or("", |sheet| sheet.name.as_str());
        let part = self.parts.get(sheet).map_or("", String::as_str);
        let (package, book) = (&mut self.package, &mut self.book);
        let (gate, unwanted) = (package.gate(part)?, AtomicBool::new(false));
        thread::scope(|scope| {
            let thread = scope.spawn(|| {
                let seen = guarded(|| look(package, part, false, &unwanted));
                gate.end(seen.is_ok());
                seen
            });
            let mut ahead = Ahead { thread: Some(thread), seen: Ok(Seen::default()) };
            let written = write(book, name, &mut ahead, out);
            if matches!(written, Err(Stop::Deaf)) {
                unwanted.store(true, Ordering::Relaxed);
                return written;
            }
            match ahead.seen() {
                Err(stop) => return Err(std::mem::replace(stop, Stop::Deaf)),
                Ok(seen) => seen.hidden.iter().for_each(|row| out.hide(*row)),
            }
            written
        })
    }

    fn used(&mut self, sheet: usize) -> Option<Region> {
        self.look(sheet, false).ok()?.used
    }

    fn merged(&mut self, sheet: usize) -> Result<Vec<Region>, Stop> {
        self.look(sheet, true)?;
        let name = self.sheets.get(sheet).map_or("", |sheet| sheet.name.as_str());
        let merged = self.book.merge_cells_by_sheet_name(name)?;
        Ok(merged.into_iter().map(Region::of).collect())
    }
}

/// Writes the cells that calamine reads.
fn write(
    book: &mut calamine::Xlsx<Shared>,
    name: &str,
    ahead: &mut Ahead<'_>,
    out: &mut Out<'_>,
) -> Result<(), Stop> {
    let from_1904 = book.has_1904_epoch();
    let mut cells = book.worksheet_cells_reader(name)?;
    for count in 0.. {
        let cell = match cells.next_cell_with_formula_metadata() {
            Ok(Some(cell)) => cell,
            Ok(None) => break,
            // It knows few errors, says the others without a place, and goes on behind them.
            Err(XlsxError::CellError(text)) => {
                let Ok(seen) = ahead.seen() else { break };
                if seen.unplaced {
                    return Err(XlsxError::CellError(text).into());
                }
                let (row, column) = seen.errors.remove(&count).ok_or_else(Stop::nowhere)?;
                out.error(row, column, &text)?;
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        let (row, column) = cell.pos;
        match (&cell.value, &cell.formula) {
            (DataRef::Empty, Some(formula)) => out.unstored(row, column, text_of(formula))?,
            (value, _) => cells::put(out, (row, column), value, from_1904)?,
        }
    }
    Ok(())
}

/// What a formula says without its result.
fn text_of(formula: &XlsxFormulaMetadata) -> &str {
    match formula {
        XlsxFormulaMetadata::Normal { formula } | XlsxFormulaMetadata::Shared { formula, .. } => {
            formula
        }
        _ => "",
    }
}

/// calamine looks for some parts where they usually are, whatever the workbook says.
pub(super) fn usual(relations: &[Relation], kind: &str, part: &str) -> Result<(), Stop> {
    let said = relations.iter().find(|relation| relation.kind.ends_with(kind));
    match said.filter(|said| !said.target.eq_ignore_ascii_case(part)) {
        Some(said) => Err(Stop::broken(format!("it keeps `{}` where nobody looks", said.target))),
        None => Ok(()),
    }
}

/// The texts that cells share: room for all that are claimed is made at once.
fn look_at_texts(package: &mut Package, part: &str) -> Result<(), Stop> {
    let Some(part) = package.held(part)? else { return Ok(()) };
    let (mut claimed, mut count) = (0u64, 0u64);
    let bytes = tags::each(part, &[b"si"], |tag| {
        match tag.name {
            b"si" if !tag.ends => count += 1,
            b"sst" if !tag.ends => {
                let said = tag.attributes().find(|(key, _)| *key == "uniqueCount");
                claimed = said.map_or(0, |(_, said)| said.parse().unwrap_or(u64::MAX));
            }
            _ => {}
        }
        Ok(true)
    })?;
    room(package.limits, count.max(claimed).saturating_mul(TEXT).saturating_add(bytes))
}

/// Fonts, fills, formats: each style is given a copy of those that it names.
fn look_at_styles(package: &mut Package, part: &str) -> Result<(), Stop> {
    let Some(part) = package.held(part)? else { return Ok(()) };
    let (mut count, mut longest) = (0u64, 0u64);
    let bytes = tags::each(part, &[], |tag| {
        match tag.name {
            b"xf" | b"font" | b"fill" | b"border" if !tag.ends => count += 1,
            b"name" | b"numFmt" => longest = longest.max(tag.length() as u64),
            _ => {}
        }
        Ok(true)
    })?;
    room(package.limits, count.saturating_mul(STYLE + 2 * longest).saturating_add(bytes))
}

/// Shows every tag with its local name, until nothing more is wanted.
pub(super) fn each_tag<R: Read>(
    reader: &mut Xml<R>,
    mut take: impl FnMut(&str, &BytesStart<'_>) -> Result<bool, Stop>,
) -> Result<(), Stop> {
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer)? {
            Event::Start(tag) if !take(local(tag.name().as_ref()), &tag)? => return Ok(()),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// The relations of a part, or of the whole package where no part is named.
pub(super) fn relations(package: &mut Package, part: &str) -> Result<Vec<Relation>, Stop> {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let place = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let mut found = Vec::new();
    let Some(part) = package.little(&format!("{place}_rels/{name}.rels"))? else {
        return Ok(found);
    };
    each_tag(&mut xml(part), |name, tag| {
        if name == "Relationship" {
            let of = |key: &str| attribute(tag, key).unwrap_or_default();
            let target = of("Target");
            let target =
                target.strip_prefix('/').map_or_else(|| format!("{place}{target}"), Into::into);
            found.push(Relation { id: of("Id"), kind: of("Type"), target });
        }
        Ok(true)
    })?;
    Ok(found)
}

fn sheet(tag: &BytesStart<'_>, relations: &[Relation]) -> Result<(SheetFacts, String), Stop> {
    // `id` is the relation's, behind a prefix; `sheetId` is another.
    let attribute = |name: &str| attribute(tag, name);
    let id = attribute("id").unwrap_or_default();
    let relation = relations.iter().find(|relation| relation.id == id);
    let relation = relation.ok_or_else(|| Stop::broken("a sheet of it is not there"))?;
    let kind =
        if relation.kind.ends_with("/worksheet") { SheetKind::Table } else { SheetKind::Other };
    let visible = !matches!(attribute("state").as_deref(), Some("hidden" | "veryHidden"));
    let name = attribute("name").unwrap_or_default();
    Ok((SheetFacts { name, kind, visible, used: None }, relation.target.clone()))
}

/// The row and the column, counted from 0, of a name such as `AB12`.
fn position(name: &str) -> Option<(u32, u32)> {
    let (mut column, mut row, mut letters) = (0u32, 0u32, true);
    for byte in name.bytes() {
        let letter = byte.to_ascii_uppercase();
        match letter {
            b'A'..=b'Z' if letters => {
                column = column.checked_mul(26)?.checked_add(u32::from(letter - b'@'))?;
            }
            b'0'..=b'9' => {
                letters = false;
                row = row.checked_mul(10)?.checked_add(u32::from(byte - b'0'))?;
            }
            b'$' => {}
            _ => return None,
        }
    }
    Some((row.checked_sub(1)?, column.checked_sub(1)?))
}

/// The cells of a text such as `A1:C9`.
fn region(text: &str) -> Option<Region> {
    let (first, last) = text.split_once(':').unwrap_or((text, text));
    let (first, last) = (position(first)?, position(last)?);
    Some(Region {
        first_row: first.0 + 1,
        first_column: first.1 + 1,
        last_row: last.0 + 1,
        last_column: last.1 + 1,
    })
}
