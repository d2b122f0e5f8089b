//! The XML of OpenDocument sheets: which of it is a row, a cell, its value, its text.

use std::collections::BTreeSet;
use std::io::Read;

use quick_xml::events::{BytesStart, Event};

use super::{Row, Step, Value};
use crate::data::book::xml::{Attributes, Xml, attribute, push_text, unescaped, xml};
use crate::data::book::{SheetFacts, SheetKind, Stop};

/// The most that the texts of one row may be together.
const WIDEST: usize = 64 << 20;

pub(super) struct Walk<R> {
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
    pub(super) fn new(part: R) -> Self {
        Self { xml: xml(part), buffer: Vec::new(), hidden: BTreeSet::new(), style: None }
    }

    pub(super) fn all(mut self, wanted: Option<usize>, take: &mut Take<'_>) -> Result<(), Stop> {
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
