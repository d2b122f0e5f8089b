//! OpenDocument sheets: .ods, and .fods in one file.
//!
//! A row or a cell may be said to stand there a million times. That is multiplied out cell by cell within the limit,
//! and blank ones, which programs repeat to the end of a sheet, cost nothing.

use std::collections::BTreeSet;
use std::io::{Read, Seek};

use quick_xml::events::{BytesStart, Event};

use super::dates::Shown;
use super::package::{Guard, Package};
use super::xml::{Attributes, Xml, attribute, push_text, unescaped, xml};
use super::{Beyond, Book, Out, Region, SheetFacts, SheetKind, Stop, form};
use crate::catalog::Limits;
use crate::disk::ReadSeek;

/// The most that the texts of one row may be together.
const WIDEST: usize = 64 << 20;

pub(super) struct Ods {
    source: Source,
    sheets: Vec<SheetFacts>,
}

enum Source {
    Package(Package),
    Flat(Box<dyn ReadSeek>, Limits),
}

impl Ods {
    pub(super) fn open(reader: Box<dyn ReadSeek>, limits: Limits) -> Result<Self, Stop> {
        let mut package = Package::open(reader, limits)?;
        if let Some(part) = package.held("META-INF/manifest.xml")? {
            super::xlsx::each_tag(&mut xml(part), |name, _| match name {
                "encryption-data" => Err(Stop::Strange(form::LOCKED)),
                _ => Ok(true),
            })?;
        }
        Self::of(Source::Package(package))
    }

    pub(super) fn flat(reader: Box<dyn ReadSeek>, limits: Limits) -> Result<Self, Stop> {
        Self::of(Source::Flat(reader, limits))
    }

    fn of(source: Source) -> Result<Self, Stop> {
        let mut book = Self { source, sheets: Vec::new() };
        let mut sheets: Vec<SheetFacts> = Vec::new();
        book.walk(None, |step| {
            match step {
                Step::Sheet(facts) => sheets.push(facts),
                Step::Row(row) => {
                    if let Some(sheet) = sheets.last_mut() {
                        sheet.used = row.used(sheet.used);
                    }
                }
            }
            Ok(())
        })?;
        book.sheets = sheets;
        Ok(book)
    }

    /// Shows all sheets, or one, row by row.
    fn walk(
        &mut self,
        wanted: Option<usize>,
        mut take: impl FnMut(Step<'_>) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        match &mut self.source {
            Source::Package(package) => {
                let part = package.part("content.xml")?;
                let part = part.ok_or_else(|| Stop::broken("it has no contents"))?;
                Walk::new(part).all(wanted, &mut take)
            }
            Source::Flat(reader, limits) => {
                reader.rewind()?;
                let (most, beyond) = (limits.unpacked_mb, Beyond::Unpacked(limits.unpacked_mb));
                Walk::new(Guard::new(reader, u64::from(most) << 20, beyond)).all(wanted, &mut take)
            }
        }
    }
}

impl Book for Ods {
    fn sheets(&self) -> &[SheetFacts] {
        &self.sheets
    }

    fn write(&mut self, sheet: usize, out: &mut Out<'_>) -> Result<(), Stop> {
        self.walk(Some(sheet), |step| match step {
            Step::Row(row) => row.write(out),
            Step::Sheet(_) => Ok(()),
        })
    }

    fn used(&mut self, sheet: usize) -> Option<Region> {
        self.sheets.get(sheet)?.used
    }

    fn merged(&mut self, sheet: usize) -> Result<Vec<Region>, Stop> {
        let mut regions = Vec::new();
        self.walk(Some(sheet), |step| {
            if let Step::Row(row) = step {
                regions.extend(row.merged.iter().map(|(column, columns, rows)| Region {
                    first_row: row.at.saturating_add(1),
                    first_column: column.saturating_add(1),
                    last_row: row.at.saturating_add(*rows),
                    last_column: column.saturating_add(*columns),
                }));
            }
            Ok(())
        })?;
        Ok(regions)
    }
}

/// What a walk shows.
enum Step<'a> {
    Sheet(SheetFacts),
    /// A row that holds something, or merges cells.
    Row(&'a Row),
}

/// A row, which may stand there several times.
#[derive(Default)]
struct Row {
    /// Counted from 0.
    at: u32,
    repeats: u32,
    hidden: bool,
    /// By column, counted from 0; how often each stands there.
    cells: Vec<(u32, u32, Value)>,
    /// Column, columns and rows of what is merged.
    merged: Vec<(u32, u32, u32)>,
}

enum Value {
    Number(f64),
    /// In days.
    Time(f64),
    Date(String),
    Truth(bool),
    Text(String),
    Error(String),
    Unstored(String),
}

impl Row {
    fn write(&self, out: &mut Out<'_>) -> Result<(), Stop> {
        let each: u64 = self.cells.iter().map(|(_, repeats, _)| u64::from(*repeats)).sum();
        out.room(each.saturating_mul(self.repeats.into()))?;
        if self.cells.is_empty() {
            return Ok(());
        }
        for row in (self.at..).take(self.repeats as usize) {
            if self.hidden {
                out.hide(row);
            }
            for (first, repeats, value) in &self.cells {
                for column in (*first..).take(*repeats as usize) {
                    value.write(row, column, out)?;
                }
            }
        }
        Ok(())
    }

    /// The used cells, those of the row among them.
    fn used(&self, before: Option<Region>) -> Option<Region> {
        let (Some((first, ..)), Some((last, repeats, _))) = (self.cells.first(), self.cells.last())
        else {
            return before;
        };
        let mine = Region {
            first_row: self.at.saturating_add(1),
            first_column: first.saturating_add(1),
            last_row: self.at.saturating_add(self.repeats),
            last_column: last.saturating_add(*repeats),
        };
        let before = before.unwrap_or(mine);
        Some(Region {
            first_row: before.first_row,
            first_column: before.first_column.min(mine.first_column),
            last_row: mine.last_row,
            last_column: before.last_column.max(mine.last_column),
        })
    }
}

impl Value {
    fn write(&self, row: u32, column: u32, out: &mut Out<'_>) -> Result<(), Stop> {
        match self {
            Self::Number(number) => out.number((row, column), *number, Shown::Number, false),
            Self::Time(days) => {
                let of_day = (0.0..1.0).contains(days);
                let shown = if of_day { Shown::Moment } else { Shown::Duration };
                out.number((row, column), *days, shown, false)
            }
            Self::Date(text) => out.exact(row, column, text),
            Self::Truth(truth) => out.truth(row, column, *truth),
            Self::Text(text) => out.text(row, column, text),
            Self::Error(text) => out.error(row, column, text),
            Self::Unstored(formula) => out.unstored(row, column, formula),
        }
    }

    fn length(&self) -> usize {
        match self {
            Self::Date(text) | Self::Text(text) | Self::Error(text) | Self::Unstored(text) => {
                text.len()
            }
            _ => 0,
        }
    }
}

struct Walk<R> {
    xml: Xml<R>,
    buffer: Vec<u8>,
    /// Styles of sheets that are not shown.
    hidden: BTreeSet<String>,
    style: Option<String>,
}

/// What the next event begins or ends.
enum Next {
    Row(Row),
    Cell(CellTag),
    /// What holds nothing that is looked for.
    Other,
    /// What may hold it.
    Within,
    End,
}

/// What a cell says of itself.
#[derive(Default)]
struct CellTag {
    kind: String,
    value: Option<String>,
    formula: Option<String>,
    error: bool,
    repeats: u32,
    columns: u32,
    rows: u32,
}

type Take<'t> = dyn FnMut(Step<'_>) -> Result<(), Stop> + 't;

impl<R: Read> Walk<R> {
    fn new(part: R) -> Self {
        Self { xml: xml(part), buffer: Vec::new(), hidden: BTreeSet::new(), style: None }
    }

    fn all(mut self, wanted: Option<usize>, take: &mut Take<'_>) -> Result<(), Stop> {
        let (mut sheets, mut whole) = (0, false);
        loop {
            self.buffer.clear();
            let facts = match self.xml.read_event_into(&mut self.buffer)? {
                Event::Start(tag) => match tag.name().as_ref() {
                    "style:style" => {
                        self.style = attribute(&tag, "name");
                        None
                    }
                    "style:table-properties" => {
                        if attribute(&tag, "display").as_deref() == Some("false") {
                            self.hidden.extend(self.style.take());
                        }
                        None
                    }
                    "table:table" => Some(facts(&tag, &self.hidden)),
                    // Tables of their own, that are no sheets.
                    "table:dde-links" | "table:tracked-changes" => Some(None),
                    _ => None,
                },
                Event::End(tag) => {
                    whole |= tag.name().as_ref() == "office:spreadsheet";
                    None
                }
                Event::Eof if whole => return Ok(()),
                Event::Eof => {
                    return Err(Stop::broken("its contents are cut off, or are no sheets"));
                }
                _ => None,
            };
            match facts {
                None => {}
                Some(None) => self.pass()?,
                Some(Some(facts)) => {
                    take(Step::Sheet(facts))?;
                    match wanted {
                        Some(wanted) if wanted != sheets => self.pass()?,
                        _ => self.sheet(take)?,
                    }
                    if wanted == Some(sheets) {
                        return Ok(());
                    }
                    sheets += 1;
                }
            }
        }
    }

    /// Reads to the end of what was begun.
    fn pass(&mut self) -> Result<(), Stop> {
        let mut depth = 1;
        while depth > 0 {
            self.buffer.clear();
            match self.xml.read_event_into(&mut self.buffer)? {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                Event::Eof => return Err(Stop::broken("its contents are cut off")),
                _ => {}
            }
        }
        Ok(())
    }

    fn sheet(&mut self, take: &mut Take<'_>) -> Result<(), Stop> {
        let (mut at, mut depth) = (0u32, 0u32);
        loop {
            self.buffer.clear();
            let next = match self.xml.read_event_into(&mut self.buffer)? {
                Event::Start(tag) => match tag.name().as_ref() {
                    "table:table-row" => Next::Row(row(&tag, at)?),
                    "table:table-row-group" | "table:table-header-rows" | "table:table-rows" => {
                        Next::Within
                    }
                    _ => Next::Other,
                },
                Event::End(_) => Next::End,
                Event::Eof => return Err(Stop::broken("its contents are cut off")),
                _ => continue,
            };
            match next {
                Next::Row(mut row) => {
                    self.cells(&mut row)?;
                    if !row.cells.is_empty() || !row.merged.is_empty() {
                        take(Step::Row(&row))?;
                    }
                    at = at.saturating_add(row.repeats);
                }
                Next::Within => depth += 1,
                Next::End if depth == 0 => return Ok(()),
                Next::End => depth -= 1,
                _ => self.pass()?,
            }
        }
    }

    fn cells(&mut self, row: &mut Row) -> Result<(), Stop> {
        let (mut column, mut bytes) = (0u32, 0);
        loop {
            self.buffer.clear();
            let next = match self.xml.read_event_into(&mut self.buffer)? {
                Event::Start(tag) => match tag.name().as_ref() {
                    "table:table-cell" | "table:covered-table-cell" => Next::Cell(cell_tag(&tag)?),
                    _ => Next::Other,
                },
                Event::End(_) => Next::End,
                Event::Eof => return Err(Stop::broken("its contents are cut off")),
                _ => continue,
            };
            match next {
                Next::Cell(tag) => {
                    let text = self.text()?;
                    if tag.columns > 1 || tag.rows > 1 {
                        row.merged.push((column, tag.columns, tag.rows));
                    }
                    let repeats = tag.repeats;
                    if let Some(value) = tag.value(text)? {
                        bytes += value.length();
                        if bytes > WIDEST {
                            let why = format!("a row of it is longer than {} MB", WIDEST >> 20);
                            return Err(Stop::broken(why));
                        }
                        row.cells.push((column, repeats, value));
                    }
                    column = column.saturating_add(repeats);
                }
                Next::End => return Ok(()),
                _ => self.pass()?,
            }
        }
    }

    /// The paragraphs of a cell, without its notes and pictures.
    fn text(&mut self) -> Result<String, Stop> {
        // Paragraphs stand right in the cell; what stands in anything but parts of a text is no text of the cell.
        let (mut text, mut paragraphs, mut depth) = (String::new(), 0, 0u32);
        loop {
            self.buffer.clear();
            let event = self.xml.read_event_into(&mut self.buffer)?;
            let mut foreign = false;
            match &event {
                Event::Start(tag) => {
                    match tag.name().as_ref() {
                        "text:p" if depth == 0 => {
                            if paragraphs > 0 {
                                text.push('\n');
                            }
                            paragraphs += 1;
                        }
                        "text:s" => {
                            let count =
                                attribute(tag, "c").and_then(|c| c.parse().ok()).unwrap_or(1);
                            text.extend(std::iter::repeat_n(' ', count.min(1000)));
                        }
                        "text:tab" => text.push('\t'),
                        "text:line-break" => text.push('\n'),
                        name => foreign = depth == 0 || is_beside(name),
                    }
                    depth += 1;
                }
                Event::End(_) if depth == 0 => return Ok(text),
                Event::End(_) => depth -= 1,
                Event::Eof => return Err(Stop::broken("its contents are cut off")),
                event if depth > 0 => push_text(event, &mut text)?,
                _ => {}
            }
            drop(event);
            if foreign {
                self.pass()?;
                depth -= 1;
            }
        }
    }
}

/// What stands within a text and is none of it.
fn is_beside(name: &str) -> bool {
    name.starts_with("draw:")
        || matches!(name, "office:annotation" | "text:note" | "text:ruby-text")
}

/// What a table says of itself; none where it is no sheet.
fn facts(tag: &BytesStart<'_>, hidden: &BTreeSet<String>) -> Option<SheetFacts> {
    let name = attribute(tag, "name")?;
    let style = attribute(tag, "style-name");
    let visible = !style.is_some_and(|style| hidden.contains(&style));
    Some(SheetFacts { name, kind: SheetKind::Table, visible, used: None })
}

fn row(tag: &BytesStart<'_>, at: u32) -> Result<Row, Stop> {
    let mut row = Row { at, repeats: 1, ..Row::default() };
    for (key, value) in Attributes::of(tag) {
        match key {
            "table:number-rows-repeated" => row.repeats = count(value)?,
            "table:visibility" => row.hidden = matches!(value, "collapse" | "filter"),
            _ => {}
        }
    }
    Ok(row)
}

/// How often something stands there: at least once.
fn count(text: &str) -> Result<u32, Stop> {
    let count = text.parse().ok().filter(|count: &u32| *count > 0);
    count.ok_or_else(|| Stop::broken("it repeats a cell or a row an impossible number of times"))
}

fn cell_tag(tag: &BytesStart<'_>) -> Result<CellTag, Stop> {
    let mut cell = CellTag { repeats: 1, columns: 1, rows: 1, ..CellTag::default() };
    for (key, raw) in Attributes::of(tag) {
        match key {
            "office:value-type" => cell.kind = raw.into(),
            "office:value"
            | "office:date-value"
            | "office:time-value"
            | "office:boolean-value"
            | "office:string-value" => cell.value = Some(unescaped(raw).into_owned()),
            "calcext:value-type" => cell.error = raw == "error",
            "table:formula" => cell.formula = Some(unescaped(raw).into_owned()),
            "table:number-columns-repeated" => cell.repeats = count(raw)?,
            "table:number-columns-spanned" => cell.columns = count(raw)?,
            "table:number-rows-spanned" => cell.rows = count(raw)?,
            _ => {}
        }
    }
    Ok(cell)
}

impl CellTag {
    /// What the cell holds, with its text.
    fn value(self, text: String) -> Result<Option<Value>, Stop> {
        let failed = self.error || self.formula.is_some() && is_error(&text);
        if failed {
            return Ok(Some(Value::Error(text)));
        }
        let odd = |what: &str| Stop::broken(format!("a cell of it holds no {what}"));
        Ok(Some(match (&*self.kind, self.value) {
            ("float" | "percentage" | "currency", Some(value)) => {
                let number = value.trim().parse::<f64>().ok().filter(|number| number.is_finite());
                Value::Number(number.ok_or_else(|| odd("number"))?)
            }
            ("date", Some(value)) => {
                let day = value.strip_suffix("T00:00:00").unwrap_or(&value);
                Value::Date(day.to_owned())
            }
            ("time", Some(value)) => Value::Time(days(&value).ok_or_else(|| odd("time"))?),
            ("boolean", Some(value)) => Value::Truth(value.eq_ignore_ascii_case("true")),
            ("string", Some(value)) => Value::Text(value),
            (kind, _) => match self.formula {
                Some(formula) if kind.is_empty() && text.is_empty() => Value::Unstored(formula),
                _ if text.is_empty() => return Ok(None),
                _ => Value::Text(text),
            },
        })
        .filter(|value| !matches!(value, Value::Text(text) if text.is_empty())))
    }
}

/// What programs write into a cell whose formula fails.
fn is_error(text: &str) -> bool {
    let known = ["#DIV/0!", "#N/A", "#REF!", "#NAME?", "#NUM!", "#VALUE!", "#NULL!"];
    known.contains(&text) || text.strip_prefix("Err:").is_some_and(|n| n.parse::<u16>().is_ok())
}

/// The days of a duration such as `PT10H30M00S`.
fn days(text: &str) -> Option<f64> {
    let (sign, text) = text.strip_prefix('-').map_or((1.0, text), |rest| (-1.0, rest));
    let (mut seconds, mut rest) = (0.0, text.strip_prefix("PT")?);
    while let Some(at) = rest.find(|c: char| c.is_ascii_alphabetic()) {
        let (number, unit) = rest.split_at(at);
        let unit_seconds = match unit.as_bytes()[0] {
            b'H' => 3600.0,
            b'M' => 60.0,
            b'S' => 1.0,
            _ => return None,
        };
        seconds += number.replace(',', ".").parse::<f64>().ok()? * unit_seconds;
        rest = &unit[1..];
    }
    rest.is_empty().then_some(sign * seconds / 86_400.0)
}
