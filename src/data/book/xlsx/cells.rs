//! The XML of a sheet: which of it is a row, a cell, its value.

use std::io::Read;

use quick_xml::events::{BytesStart, Event};

use super::position;
use super::texts::{Text, push_unescaped};
use crate::data::book::dates::Shown;
use crate::data::book::strings::Strings;
use crate::data::book::xml::{Attributes, Xml, local, push_text};
use crate::data::book::{Out, Stop};

/// The cells of a sheet, as they stand in its part.
pub(super) struct Cells<'a, R> {
    pub(super) xml: Xml<R>,
    pub(super) buffer: Vec<u8>,
    pub(super) strings: &'a Strings,
    pub(super) styles: &'a [Shown],
    pub(super) from_1904: bool,
    /// Where a cell is that does not say so.
    pub(super) row: u32,
    pub(super) column: u32,
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
    pub(super) fn write(mut self, out: &mut Out<'_>) -> Result<(), Stop> {
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
                let at = position(value);
                cell.at = at.ok_or_else(|| Stop::broken("a cell of it stands nowhere"))?;
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
