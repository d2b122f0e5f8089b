//! One cell's bytes to a value: trimming, null words, and then its type.

use std::hash::{BuildHasher, Hash};

use foldhash::quality::FixedState;

use super::RejectReason;
use super::layout::{Kind, Reading};
use super::moment::{Clock, Format, Moment, iso, iso_day};
use super::number::{self, NumberForm};
use super::sheet::EXACT;
use super::texts;

/// A value, nothing, or why it is neither.
pub(super) type Cell<T> = Result<Option<T>, RejectReason>;

/// Without blanks at both ends; the quick readers see the rest.
#[inline]
fn trimmed(cell: &[u8]) -> &[u8] {
    match cell {
        [first, .., last] if *first > b' ' && *last > b' ' => cell,
        _ => cell.trim_ascii(),
    }
}

#[inline]
fn is_word(cell: &[u8], words: &[String]) -> bool {
    words.iter().any(|word| word.as_bytes() == cell)
}

/// Decodes, trims and looks for null words before it reads.
pub(super) fn slowly<T>(
    cell: &[u8],
    nulls: &[String],
    read: impl FnOnce(&str) -> Result<T, RejectReason>,
) -> Cell<T> {
    let text = texts::normal(cell)?;
    if texts::is_null(&text, nulls) { Ok(None) } else { read(&text).map(Some) }
}

/// The hash of a text, after trim and NFC.
pub(super) fn hash(cell: &[u8], nulls: &[String]) -> Cell<u64> {
    let cell = trimmed(cell);
    if cell.is_empty() {
        return Ok(None);
    }
    if nulls.is_empty() && cell.iter().all(|byte| matches!(byte, b' '..=b'~')) {
        return Ok(Some(hashed(cell)));
    }
    slowly(cell, nulls, |text| Ok(hashed(text.as_bytes())))
}

/// The same in every run and worker; hashes of equal values are settled by the values.
pub(super) fn hashed(value: impl Hash) -> u64 {
    FixedState::default().hash_one(value)
}

pub(super) fn number(cell: &[u8], form: &NumberForm, nulls: &[String]) -> Cell<number::Units> {
    let cell = trimmed(cell);
    if cell.is_empty() {
        return Ok(None);
    }
    if let Some(units) = number::quick(cell, form)
        && !is_word(cell, nulls)
    {
        return Ok(Some(units));
    }
    if cell[0] == EXACT {
        let form = &NumberForm { decimal: '.', grouping: None, unsure: false, ..form.clone() };
        return slowly(cell, &[], |text| number::read(text, form));
    }
    slowly(cell, nulls, |text| {
        number::quick(text.as_bytes(), form).map_or_else(|| number::read(text, form), Ok)
    })
}

pub(super) fn day(
    cell: &[u8],
    formats: &[Format],
    nulls: &[String],
    clock: &mut Clock,
) -> Cell<i32> {
    let cell = trimmed(cell);
    if cell.is_empty() {
        return Ok(None);
    }
    if formats.is_empty()
        && let Some(day) = iso_day(cell)
        && !is_word(cell, nulls)
    {
        return Ok(Some(day));
    }
    let formats = if cell[0] == EXACT { &[] } else { formats };
    slowly(cell, nulls, |text| {
        moment(text, formats).and_then(|m| clock.day(m)).ok_or(RejectReason::NotADate)
    })
}

pub(super) fn instant(
    cell: &[u8],
    formats: &[Format],
    nulls: &[String],
    clock: &mut Clock,
) -> Cell<i64> {
    let cell = trimmed(cell);
    if cell.is_empty() {
        return Ok(None);
    }
    let formats = if cell[0] == EXACT { &[] } else { formats };
    slowly(cell, nulls, |text| {
        moment(text, formats).and_then(|m| clock.instant(m)).ok_or(RejectReason::NotADate)
    })
}

fn moment(text: &str, formats: &[Format]) -> Option<Moment> {
    if formats.is_empty() {
        return iso(text.as_bytes());
    }
    formats.iter().find_map(|format| format.read(text.as_bytes()))
}

/// Whether a constant is a cell of the column.
pub(super) fn fits(reading: &Reading, text: &str, clock: &mut Clock) -> Result<(), RejectReason> {
    let (cell, nulls) = (text.as_bytes(), &reading.nulls[..]);
    match &reading.kind {
        Kind::Text => texts::normal(cell).map(|_| ()),
        Kind::Number(form) => number(cell, form, nulls).map(|_| ()),
        Kind::Date(formats) => day(cell, formats, nulls, clock).map(|_| ()),
        Kind::DateTime(formats) => instant(cell, formats, nulls, clock).map(|_| ()),
        Kind::Boolean(words) => {
            slowly(cell, nulls, |t| words.read(t).ok_or(RejectReason::NotABoolean)).map(|_| ())
        }
    }
}
