//! Cells that are made of other cells of their row: texts that are joined, and formulas.

use std::borrow::Cow;
use std::cell::RefCell;

use jiff::tz::TimeZone;

use super::RejectReason;
use super::cell::{day, instant, number, shown, slowly, undouble};
use super::layout::{From, Kind, Reading};
use super::moment::Clock;
use super::sheet::EXACT;
use super::split::{Row, Split, Text, Trust};
use super::texts;
use crate::catalog::Formula;
use crate::domain::{Day, Decimal, Instant, Value};
use crate::expr::{self, Env};
use crate::rel::ColumnPath;

/// A formula, and how the columns that it names are read.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) formula: Formula,
    pub(super) inputs: Vec<(ColumnPath, Reading)>,
    pub(super) zone: TimeZone,
    /// Of numbers: digits behind the point, by input.
    pub(super) scales: Vec<u8>,
}

/// Why a cell cannot be made: the column that is at fault, counted from 1, its text, and what is wrong with it.
pub(super) struct Unmade {
    pub(super) column: u32,
    pub(super) text: String,
    pub(super) why: RejectReason,
}

/// The cells of one row.
#[derive(Clone, Copy)]
pub(super) struct Cells<'a> {
    pub(super) split: &'a Split,
    pub(super) text: Text<'a>,
    pub(super) row: &'a Row,
}

impl<'a> Cells<'a> {
    /// A cell without its quotes; none where the row has no such cell.
    pub(super) fn get(&self, index: u32) -> Result<Option<Cow<'a, [u8]>>, RejectReason> {
        let cell = match self.row.trust {
            Trust::Whole => self.split.cell(self.row, index),
            Trust::TooFew => {
                Some(self.split.cell_of_short(self.row, index).ok_or(RejectReason::TooFewCells)?)
            }
            Trust::TooMany => return Err(RejectReason::TooManyCells),
            Trust::Torn => return Err(RejectReason::Quotes),
            Trust::Undecided => return Err(RejectReason::Undecided),
        };
        let Some((start, end)) = cell else { return Ok(None) };
        let bytes = self.text.bytes;
        Ok(Some(match self.text.bare((start, end)) {
            Some((start, end)) => bytes[start..end].into(),
            None => {
                let mut scratch = Vec::new();
                let quote = self.text.quote.unwrap_or_default();
                undouble(&bytes[start + 1..end - 1], quote, &mut scratch);
                scratch.into()
            }
        }))
    }

    /// The texts of several cells with a blank between them; those that are blank are passed over.
    pub(super) fn joined(&self, parts: &[u32]) -> Result<Vec<u8>, Unmade> {
        let mut text = Vec::new();
        for index in parts {
            let column = index + 1;
            let unmade = |text, why| Unmade { column, text, why };
            let cell = self.get(*index).map_err(|why| unmade(String::new(), why))?;
            let Some(cell) = cell else { continue };
            // Parts are texts, whatever the workbook holds.
            let part = texts::normal(&cell).map_err(|why| unmade(shown(&cell), why))?;
            if !part.is_empty() {
                text.extend((!text.is_empty()).then_some(b' '));
                text.extend_from_slice(part.as_bytes());
            }
        }
        Ok(text)
    }
}

/// What a formula sees of a row.
struct Seen<'a> {
    made: &'a Made,
    values: Vec<Value>,
}

impl Env for Seen<'_> {
    fn column(&self, path: &ColumnPath) -> Value {
        let at = self.made.inputs.iter().position(|(known, _)| known == path);
        at.and_then(|at| self.values.get(at).cloned()).unwrap_or(Value::Null)
    }

    fn zone(&self) -> &TimeZone {
        &self.made.zone
    }
}

impl Made {
    /// What the formula gives for a row.
    pub(super) fn value(&self, cells: Cells<'_>, clock: &RefCell<Clock>) -> Result<Value, Unmade> {
        let mut values = Vec::with_capacity(self.inputs.len());
        for ((_, reading), scale) in self.inputs.iter().zip(&self.scales) {
            let value = read(cells, reading, *scale, clock);
            values.push(value.map_err(|why| {
                let index = reading.from.first_cell();
                let text = index.and_then(|index| cells.get(index).ok().flatten());
                let text = text.map(|text| shown(&text)).unwrap_or_default();
                Unmade { column: index.map_or(0, |index| index + 1), text, why }
            })?);
        }
        let seen = Seen { made: self, values };
        expr::evaluate(&self.formula.arena, self.formula.root, &seen).map_err(|_| Unmade {
            column: 0,
            text: String::new(),
            why: RejectReason::OutOfRange,
        })
    }

    /// The same as the text of a cell; none for null.
    pub(super) fn text(
        &self,
        cells: Cells<'_>,
        clock: &RefCell<Clock>,
    ) -> Result<Option<String>, Unmade> {
        Ok(written(&self.value(cells, clock)?))
    }
}

impl From {
    /// The first cell that is looked at, counted from 0.
    pub(super) fn first_cell(&self) -> Option<u32> {
        match self {
            Self::Cell(index) => Some(*index),
            Self::Joined(parts) => parts.first().copied(),
            Self::Nowhere | Self::Constant(_) | Self::Row => None,
            Self::Made(made) => {
                made.inputs.iter().find_map(|(_, reading)| reading.from.first_cell())
            }
        }
    }
}

fn read(
    cells: Cells<'_>,
    reading: &Reading,
    scale: u8,
    clock: &RefCell<Clock>,
) -> Result<Value, RejectReason> {
    let cell = match &reading.from {
        From::Nowhere | From::Made(_) | From::Row => return Ok(Value::Null),
        From::Constant(text) => Some(Cow::from(text.as_bytes())),
        From::Cell(index) => cells.get(*index)?,
        From::Joined(parts) => Some(cells.joined(parts).map_err(|unmade| unmade.why)?.into()),
    };
    let Some(cell) = cell else { return Ok(Value::Null) };
    clock.borrow_mut().told(reading.zone.as_ref());
    let meaning = &reading.meaning;
    let value = match &reading.kind {
        Kind::Text => slowly(&cell, meaning, |text| Ok(Value::text(text)))?,
        Kind::Number(form) => {
            let units = number(&cell, form, meaning)?;
            units.map(|(units, _)| Value::Number(Decimal::new(units, scale)))
        }
        Kind::Date(formats) => {
            let day = day(&cell, formats, meaning, &mut clock.borrow_mut())?;
            day.map(|day| Value::Date(Day(day)))
        }
        Kind::DateTime(formats) => {
            let at = instant(&cell, formats, meaning, &mut clock.borrow_mut())?;
            at.map(|at| Value::DateTime(Instant(at)))
        }
        Kind::Boolean(words) => {
            let read = |text: &str| words.read(text).ok_or(RejectReason::NotABoolean);
            slowly(&cell, meaning, read)?.map(Value::Bool)
        }
    };
    Ok(value.unwrap_or(Value::Null))
}

/// A value as a cell that has no other reading.
fn written(value: &Value) -> Option<String> {
    let exact = char::from(EXACT);
    Some(match value {
        Value::Null => return None,
        Value::Text(text) => text.to_string(),
        Value::Number(number) => format!("{exact}{number}"),
        Value::Date(day) => format!("{exact}{day}"),
        Value::DateTime(at) => {
            let at = jiff::Timestamp::from_microsecond(at.0).ok()?;
            format!("{exact}{at}")
        }
        Value::Bool(truth) => truth.to_string(),
    })
}
