//! Cells as calamine gives them, and what its mistakes are to us.

use calamine::DataType;

use super::dates::Shown;
use super::{Out, Stop};

/// Writes what a cell holds; a blank one is none.
pub(super) fn put(
    out: &mut Out<'_>,
    (row, column): (u32, u32),
    value: &impl DataType,
    from_1904: bool,
) -> Result<(), Stop> {
    if let Some(text) = value.get_string().or_else(|| value.get_duration_iso()) {
        return out.text(row, column, text);
    }
    if let Some(moment) = value.get_datetime() {
        let shown = if moment.is_duration() { Shown::Duration } else { Shown::Moment };
        return number(out, (row, column), moment.as_f64(), shown, from_1904);
    }
    if let Some(float) = value.get_float() {
        return number(out, (row, column), float, Shown::Number, from_1904);
    }
    if let Some(whole) = value.get_int() {
        return out.exact(row, column, &whole.to_string());
    }
    if let Some(truth) = value.get_bool() {
        return out.truth(row, column, truth);
    }
    if let Some(error) = value.get_error() {
        return out.error(row, column, &error.to_string());
    }
    match value.get_datetime_iso() {
        Some(text) if !text.is_empty() => out.exact(row, column, text),
        _ => Ok(()),
    }
}

fn number(
    out: &mut Out<'_>,
    at: (u32, u32),
    number: f64,
    shown: Shown,
    from_1904: bool,
) -> Result<(), Stop> {
    if number.is_finite() {
        return out.number(at, number, shown, from_1904);
    }
    // What stands where a number should is rejected where one is wanted.
    out.text(at.0, at.1, &number.to_string())
}

impl From<calamine::XlsxError> for Stop {
    fn from(error: calamine::XlsxError) -> Self {
        Self::Broken(error.to_string())
    }
}

impl From<calamine::XlsbError> for Stop {
    fn from(error: calamine::XlsbError) -> Self {
        Self::Broken(error.to_string())
    }
}

impl From<calamine::XlsError> for Stop {
    fn from(error: calamine::XlsError) -> Self {
        Self::Broken(error.to_string())
    }
}
