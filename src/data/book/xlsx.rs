//! Workbooks as zipped XML: .xlsx and .xlsm.

use std::io::Read;

use quick_xml::events::{BytesStart, Event};

use super::dates::Shown;
use super::package::Package;
use super::strings::Strings;
use super::xml::{Attributes, Xml, attribute, local, push_text, unescaped, xml};
use super::{Book, Out, Region, SheetFacts, SheetKind, Stop};
use crate::catalog::Limits;
use crate::disk::ReadSeek;

pub(super) struct Xlsx {
    package: Package,
    sheets: Vec<SheetFacts>,
    /// The part of each.
    parts: Vec<String>,
    strings: Strings,
    /// By cell style.
    styles: Vec<Shown>,
    from_1904: bool,
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
        let main = main.filter(|relation| relation.kind.ends_with("/officeDocument"));
        let main = main.map(|relation| relation.target).next();
        let main = main.unwrap_or_else(|| "xl/workbook.xml".into());
        let relations = relations(&mut package, &main)?;
        let target =
            |end: &str| relations.iter().find(|r| r.kind.ends_with(end)).map(|r| r.target.clone());
        let (strings, styles) = (target("/sharedStrings"), target("/styles"));
        let (mut sheets, mut parts, mut from_1904) = (Vec::new(), Vec::new(), false);
        let part = package.held(&main)?;
        let mut reader = xml(part.ok_or_else(|| Stop::broken("it has no list of sheets"))?);
        each_tag(&mut reader, |name, tag| {
            match name {
                "workbookPr" => {
                    let word = attribute(tag, "date1904");
                    from_1904 |= matches!(word.as_deref(), Some("1" | "true" | "on"));
                }
                "sheet" => {
                    let (facts, part) = sheet(tag, &relations)?;
                    sheets.push(facts);
                    parts.push(part);
                }
                _ => {}
            }
            Ok(true)
        })?;
        drop(reader);
        let styles = styles.map_or(Ok(Vec::new()), |part| self::styles(&mut package, &part))?;
        let strings = strings.map_or(Ok(Strings::default()), |part| shared(&mut package, &part))?;
        Ok(Self { package, sheets, parts, strings, styles, from_1904 })
    }

    fn part(&mut self, sheet: usize) -> Result<Xml<impl Read + '_>, Stop> {
        let name = self.parts.get(sheet).map_or("", String::as_str);
        let part = self.package.part(name)?;
        Ok(xml(part.ok_or_else(|| Stop::broken("a sheet of it is not there"))?))
    }
}

impl Book for Xlsx {
    fn sheets(&self) -> &[SheetFacts] {
        &self.sheets
    }

    fn write(&mut self, sheet: usize, out: &mut Out<'_>) -> Result<(), Stop> {
        let name = self.parts.get(sheet).map_or("", String::as_str);
        let part = self.package.part(name)?;
        let part = part.ok_or_else(|| Stop::broken("a sheet of it is not there"))?;
        let (strings, styles, from_1904) = (&self.strings, &self.styles[..], self.from_1904);
        let (row, column) = (0, 0);
        Cells { xml: xml(part), buffer: Vec::new(), strings, styles, from_1904, row, column }
            .write(out)
    }

    fn used(&mut self, sheet: usize) -> Option<Region> {
        let (mut reader, mut used) = (self.part(sheet).ok()?, None);
        each_tag(&mut reader, |name, tag| {
            if name == "dimension" {
                used = attribute(tag, "ref").and_then(|text| region(&text));
            }
            Ok(!matches!(name, "dimension" | "sheetData"))
        })
        .ok()?;
        used
    }

    fn merged(&mut self, sheet: usize) -> Result<Vec<Region>, Stop> {
        let mut regions = Vec::new();
        each_tag(&mut self.part(sheet)?, |name, tag| {
            if name == "mergeCell" {
                regions.extend(attribute(tag, "ref").and_then(|text| region(&text)));
            }
            Ok(true)
        })?;
        Ok(regions)
    }
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
            Event::Start(tag) => {
                if !take(local(tag.name().as_ref()), &tag)? {
                    return Ok(());
                }
            }
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
    let Some(part) = package.held(&format!("{place}_rels/{name}.rels"))? else { return Ok(found) };
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
    let attribute = |name: &str| {
        // `id` is the relation's, behind a prefix; `sheetId` is another.
        Attributes::of(tag)
            .find(|(key, _)| local(key) == name)
            .map(|(_, raw)| unescaped(raw).into_owned())
    };
    let id = attribute("id").unwrap_or_default();
    let relation = relations.iter().find(|relation| relation.id == id);
    let relation = relation.ok_or_else(|| Stop::broken("a sheet of it is not there"))?;
    let kind =
        if relation.kind.ends_with("/worksheet") { SheetKind::Table } else { SheetKind::Other };
    let visible = !matches!(attribute("state").as_deref(), Some("hidden" | "veryHidden"));
    let name = attribute("name").unwrap_or_default();
    Ok((SheetFacts { name, kind, visible, used: None }, relation.target.clone()))
}

/// What each cell style shows.
fn styles(package: &mut Package, part: &str) -> Result<Vec<Shown>, Stop> {
    let Some(part) = package.held(part)? else { return Ok(Vec::new()) };
    let (mut own, mut styles) = (std::collections::BTreeMap::new(), Vec::new());
    let (mut buffer, mut reader, mut of_cells) = (Vec::new(), xml(part), false);
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer)? {
            Event::Start(tag) => match local(tag.name().as_ref()) {
                "numFmt" => {
                    let id = attribute(&tag, "numFmtId").and_then(|id| id.parse::<u32>().ok());
                    let format = attribute(&tag, "formatCode").unwrap_or_default();
                    own.extend(id.map(|id| (id, Shown::of(&format))));
                }
                "cellXfs" => of_cells = true,
                "xf" if of_cells => {
                    let id = attribute(&tag, "numFmtId").and_then(|id| id.parse::<u32>().ok());
                    let id = id.unwrap_or(0);
                    styles.push(own.get(&id).copied().unwrap_or_else(|| Shown::built_in(id)));
                }
                _ => {}
            },
            Event::End(tag) if local(tag.name().as_ref()) == "cellXfs" => of_cells = false,
            Event::Eof => return Ok(styles),
            _ => {}
        }
    }
}

fn shared(package: &mut Package, part: &str) -> Result<Strings, Stop> {
    let mut strings = Strings::default();
    let Some(part) = package.held(part)? else { return Ok(strings) };
    let (mut buffer, mut reader, mut text) = (Vec::new(), xml(part), Text::default());
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer)? {
            Event::Start(tag) if local(tag.name().as_ref()) == "si" => text = Text::default(),
            Event::End(tag) if local(tag.name().as_ref()) == "si" => strings.push(&text.whole),
            Event::Eof => return Ok(strings),
            event => text.take(&event)?,
        }
    }
}

/// A text that may be written in several runs.
#[derive(Default)]
struct Text {
    whole: String,
    /// Where the run that is read began, and whether its blanks at the ends count.
    run: Option<(usize, bool)>,
    /// Inside what tells how the text is spoken.
    spoken: bool,
}

impl Text {
    fn take(&mut self, event: &Event<'_>) -> Result<(), Stop> {
        match event {
            Event::Start(tag) => match local(tag.name().as_ref()) {
                "rPh" => self.spoken = true,
                "t" if !self.spoken => {
                    let kept =
                        Attributes::of(tag).any(|attribute| attribute == ("xml:space", "preserve"));
                    self.run = Some((self.whole.len(), kept));
                }
                _ => {}
            },
            Event::End(tag) => match local(tag.name().as_ref()) {
                "rPh" => self.spoken = false,
                "t" => self.end(),
                _ => {}
            },
            event if self.run.is_some() => push_text(event, &mut self.whole)?,
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self) {
        let Some((start, kept)) = self.run.take() else { return };
        let run = self.whole.split_off(start);
        let run = if kept { &run[..] } else { run.trim_matches([' ', '\t', '\r', '\n']) };
        push_unescaped(run, &mut self.whole);
    }
}

/// Adds a text in which `_x000D_` stands for a character that XML cannot hold.
fn push_unescaped(mut text: &str, out: &mut String) {
    let mut units = Vec::new();
    while let Some(at) = text.find("_x") {
        let unit = text.get(at + 2..at + 6).filter(|_| text.as_bytes().get(at + 6) == Some(&b'_'));
        let unit = unit.filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let unit = unit.and_then(|digits| u16::from_str_radix(digits, 16).ok());
        let (before, rest) = text.split_at(at + if unit.is_some() { 0 } else { 2 });
        if !before.is_empty() {
            end_units(&mut units, out);
            out.push_str(before);
        }
        text = if unit.is_some() { &rest[7..] } else { rest };
        units.extend(unit);
    }
    end_units(&mut units, out);
    out.push_str(text);
}

/// Characters beyond the first plane are written as two units.
fn end_units(units: &mut Vec<u16>, out: &mut String) {
    let chars = char::decode_utf16(units.drain(..));
    out.extend(chars.map(|char| char.unwrap_or(char::REPLACEMENT_CHARACTER)));
}

/// The cells of a sheet, as they stand in its part.
struct Cells<'a, R> {
    xml: Xml<R>,
    buffer: Vec<u8>,
    strings: &'a Strings,
    styles: &'a [Shown],
    from_1904: bool,
    /// Where a cell is that does not say so.
    row: u32,
    column: u32,
}

/// What a cell holds before it is known whole.
#[derive(Default)]
struct Cell {
    at: (u32, u32),
    kind: Kind,
    shown: Shown,
    value: String,
    has_value: bool,
    formula: Option<String>,
    inline: Text,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Kind {
    #[default]
    Number,
    Shared,
    /// In the cell itself.
    Inline,
    /// What a formula gave.
    Text,
    Truth,
    Error,
    Date,
}

impl<R: Read> Cells<'_, R> {
    fn write(mut self, out: &mut Out<'_>) -> Result<(), Stop> {
        let mut cell = Cell::default();
        loop {
            self.buffer.clear();
            let is_cell = match self.xml.read_event_into(&mut self.buffer)? {
                Event::Start(tag) => match local(tag.name().as_ref()) {
                    "c" => {
                        start(&tag, &mut cell, (self.row, self.column), self.styles)?;
                        true
                    }
                    "row" => {
                        let (number, hidden) = row(&tag)?;
                        (self.row, self.column) = (number.unwrap_or(self.row), 0);
                        if hidden {
                            out.hide(self.row);
                        }
                        false
                    }
                    _ => false,
                },
                Event::End(tag) => match local(tag.name().as_ref()) {
                    "sheetData" => return Ok(()),
                    "row" => {
                        (self.row, self.column) = (self.row.saturating_add(1), 0);
                        false
                    }
                    _ => false,
                },
                Event::Eof => return Err(Stop::broken("a sheet of it is cut off")),
                _ => false,
            };
            if is_cell {
                self.column = cell.at.1.saturating_add(1);
                self.read(&mut cell)?;
                self.put(&cell, out)?;
            }
        }
    }

    /// Reads a cell to its end.
    fn read(&mut self, cell: &mut Cell) -> Result<(), Stop> {
        enum Part {
            Value,
            Formula,
            Inline,
            Other,
        }
        let mut part = Part::Other;
        loop {
            self.buffer.clear();
            let event = self.xml.read_event_into(&mut self.buffer)?;
            match (&event, &part) {
                (Event::Eof, _) => return Err(Stop::broken("a sheet of it is cut off")),
                (Event::Start(tag), Part::Other) => match local(tag.name().as_ref()) {
                    "v" => {
                        cell.has_value = true;
                        part = Part::Value;
                    }
                    "is" => part = Part::Inline,
                    "f" => {
                        cell.formula = Some(String::new());
                        part = Part::Formula;
                    }
                    _ => {}
                },
                (Event::End(tag), _) => match (local(tag.name().as_ref()), &part) {
                    ("c", _) => return Ok(()),
                    ("v", Part::Value) | ("f", Part::Formula) | ("is", Part::Inline) => {
                        part = Part::Other;
                    }
                    (_, Part::Inline) => cell.inline.take(&event)?,
                    _ => {}
                },
                (event, Part::Value) => push_text(event, &mut cell.value)?,
                (event, Part::Formula) => {
                    if let Some(formula) = &mut cell.formula {
                        push_text(event, formula)?;
                    }
                }
                (event, Part::Inline) => cell.inline.take(event)?,
                _ => {}
            }
        }
    }

    fn put(&self, cell: &Cell, out: &mut Out<'_>) -> Result<(), Stop> {
        let (row, column) = cell.at;
        let value = match cell.kind {
            Kind::Inline => cell.inline.whole.as_str(),
            Kind::Text | Kind::Date => &cell.value,
            _ => cell.value.trim_ascii(),
        };
        match (&cell.formula, cell.kind) {
            // A text without letters is a result; no number is none.
            (Some(formula), kind)
                if value.is_empty() && !(kind == Kind::Text && cell.has_value) =>
            {
                return out.unstored(row, column, formula);
            }
            _ if value.is_empty() => return Ok(()),
            _ => {}
        }
        match cell.kind {
            Kind::Inline => out.text(row, column, value),
            Kind::Shared => {
                let at = value.parse().map_err(|_| Stop::broken("a cell means no shared text"))?;
                out.text(row, column, self.strings.get(at)?)
            }
            Kind::Text => {
                let mut text = String::new();
                push_unescaped(value, &mut text);
                out.text(row, column, &text)
            }
            Kind::Truth => out.truth(row, column, matches!(value, "1" | "true" | "TRUE")),
            Kind::Error => out.error(row, column, value),
            Kind::Date => out.exact(row, column, value),
            Kind::Number => match value.parse::<f64>() {
                Ok(number) if number.is_finite() => {
                    out.number(cell.at, number, cell.shown, self.from_1904)
                }
                // What stands where a number should is rejected where one is wanted.
                _ => out.text(row, column, value),
            },
        }
    }
}

/// Reads a cell's own attributes.
fn start(
    tag: &BytesStart<'_>,
    cell: &mut Cell,
    next: (u32, u32),
    styles: &[Shown],
) -> Result<(), Stop> {
    cell.value.clear();
    cell.inline = Text::default();
    cell.has_value = false;
    (cell.at, cell.kind, cell.shown, cell.formula) = (next, Kind::Number, Shown::Number, None);
    for (key, value) in Attributes::of(tag) {
        match key {
            "r" => {
                cell.at =
                    position(value).ok_or_else(|| Stop::broken("a cell of it stands nowhere"))?
            }
            "s" => {
                let style = value.parse().ok().and_then(|style: usize| styles.get(style));
                cell.shown = style.copied().unwrap_or_default();
            }
            "t" => {
                cell.kind = match value {
                    "n" => Kind::Number,
                    "s" => Kind::Shared,
                    "inlineStr" => Kind::Inline,
                    "str" => Kind::Text,
                    "b" => Kind::Truth,
                    "e" => Kind::Error,
                    "d" => Kind::Date,
                    _ => return Err(Stop::broken("a cell of it is of no known type")),
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// A row's number, counted from 0, and whether it is hidden.
fn row(tag: &BytesStart<'_>) -> Result<(Option<u32>, bool), Stop> {
    let (mut number, mut hidden) = (None, false);
    for (key, value) in Attributes::of(tag) {
        match key {
            "r" => {
                let row = value.parse::<u32>().ok().and_then(|row| row.checked_sub(1));
                number = Some(row.ok_or_else(|| Stop::broken("a row of it stands nowhere"))?);
            }
            "hidden" => hidden = matches!(value, "1" | "true"),
            _ => {}
        }
    }
    Ok((number, hidden))
}

/// The row and the column, counted from 0, of a name such as `AB12`.
fn position(name: &str) -> Option<(u32, u32)> {
    let (mut column, mut row, mut letters) = (0u32, 0u32, true);
    for byte in name.bytes() {
        match byte {
            b'A'..=b'Z' if letters => {
                column = column.checked_mul(26)?.checked_add(u32::from(byte - b'@'))?
            }
            b'a'..=b'z' if letters => {
                column = column.checked_mul(26)?.checked_add(u32::from(byte - b'`'))?
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
