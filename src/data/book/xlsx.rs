//! Workbooks as zipped XML: .xlsx and .xlsm.

mod cells;
mod texts;

use std::io::Read;

use quick_xml::events::{BytesStart, Event};

use super::dates::Shown;
use super::package::Package;
use super::strings::Strings;
use super::xml::{Attributes, Xml, attribute, local, unescaped, xml};
use super::{Book, Out, Region, SheetFacts, SheetKind, Stop};
use crate::catalog::Limits;
use crate::disk::ReadSeek;
use cells::Cells;
use texts::Text;

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
