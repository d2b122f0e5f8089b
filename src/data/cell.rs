//! One cell's bytes to a value: trimming, null words, and then its type.

use std::hash::{BuildHasher, Hash};

use foldhash::quality::FixedState;

use super::RejectReason;
use super::layout::{Kind, Reading};
use super::meaning::{Meaning, Meant};
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

/// Whether a cell holds nothing, as columns read it.
pub(super) fn is_blank(cell: &[u8]) -> bool {
    match cell.trim_ascii().first() {
        None => true,
        Some(first) if (b'!'..=b'~').contains(first) => false,
        Some(_) => texts::normal(cell).is_ok_and(|text| text.is_empty()),
    }
}

/// Decodes, trims and asks what the text means before it reads.
pub(super) fn slowly<T>(
    cell: &[u8],
    meaning: &Meaning,
    read: impl FnOnce(&str) -> Result<T, RejectReason>,
) -> Cell<T> {
    let text = texts::normal(cell)?;
    match meaning.of(&text) {
        Meant::Nothing => Ok(None),
        Meant::Itself => read(&text).map(Some),
        Meant::Other(other) => read(other).map(Some),
    }
}

/// The hash of a text, after trim and NFC.
pub(super) fn hash(cell: &[u8], meaning: &Meaning) -> Cell<u64> {
    let cell = trimmed(cell);
    if cell.is_empty() {
        return Ok(None);
    }
    if meaning.is_plain() && cell.iter().all(|byte| matches!(byte, b' '..=b'~')) {
        return Ok(Some(hashed(cell)));
    }
    slowly(cell, meaning, |text| Ok(hashed(text.as_bytes())))
}

/// The same in every run and worker; hashes of equal values are settled by the values.
pub(super) fn hashed(value: impl Hash) -> u64 {
    FixedState::default().hash_one(value)
}

pub(super) fn number(cell: &[u8], form: &NumberForm, meaning: &Meaning) -> Cell<number::Units> {
    let cell = trimmed(cell);
    if cell.is_empty() {
        return Ok(None);
    }
    if let Some(units) = number::quick(cell, form)
        && !meaning.concerns(cell)
    {
        return Ok(Some(units));
    }
    if cell[0] == EXACT {
        let form = form.of_exact();
        return slowly(cell, &Meaning::default(), |text| number::read(text, &form));
    }
    slowly(cell, meaning, |text| {
        number::quick(text.as_bytes(), form).map_or_else(|| number::read(text, form), Ok)
    })
}

pub(super) fn day(
    cell: &[u8],
    formats: &[Format],
    meaning: &Meaning,
    clock: &mut Clock,
) -> Cell<i32> {
    let cell = trimmed(cell);
    if cell.is_empty() {
        return Ok(None);
    }
    if formats.is_empty()
        && let Some(day) = iso_day(cell)
        && !meaning.concerns(cell)
    {
        return Ok(Some(day));
    }
    let exact = cell[0] == EXACT;
    slowly(cell, meaning, |text| {
        moment(text, formats, exact).and_then(|m| clock.day(m)).ok_or(RejectReason::NotADate)
    })
}

pub(super) fn instant(
    cell: &[u8],
    formats: &[Format],
    meaning: &Meaning,
    clock: &mut Clock,
) -> Cell<i64> {
    let cell = trimmed(cell);
    if cell.is_empty() {
        return Ok(None);
    }
    let exact = cell[0] == EXACT;
    slowly(cell, meaning, |text| {
        let moment = moment(text, formats, exact).ok_or(RejectReason::NotADate)?;
        // A workbook writes midnight as a day, and who declares a form without a time means it.
        let midnight = exact || !formats.is_empty();
        let time = moment.time.or(midnight.then_some(0)).ok_or(RejectReason::NoTime)?;
        clock.instant(Moment { time: Some(time), ..moment }).ok_or(RejectReason::NotADate)
    })
}

fn moment(text: &str, formats: &[Format], exact: bool) -> Option<Moment> {
    if formats.is_empty() || exact {
        // A workbook's own moments are exact; a bare number in it is one only where the feed says so.
        let serials = || formats.iter().filter(|format| format.is_serial());
        let text = text.as_bytes();
        return iso(text).or_else(|| serials().find_map(|format| read(format, text)));
    }
    formats.iter().find_map(|format| read(format, text.as_bytes()))
}

/// A count of whole days is a day, which no zone moves.
fn read(format: &Format, text: &[u8]) -> Option<Moment> {
    let moment = format.read(text)?;
    let whole = format.is_serial() && moment.offset.is_none() && moment.time == Some(0);
    Some(if whole { Moment { time: None, ..moment } } else { moment })
}

/// Whether a constant is a cell of the column.
pub(super) fn fits(reading: &Reading, text: &str, clock: &mut Clock) -> Result<(), RejectReason> {
    let (cell, meaning) = (text.as_bytes(), &reading.meaning);
    match &reading.kind {
        Kind::Text => texts::normal(cell).map(|_| ()),
        Kind::Number(form) => number(cell, form, meaning).map(|_| ()),
        Kind::Date(formats) => day(cell, formats, meaning, clock).map(|_| ()),
        Kind::DateTime(formats) => instant(cell, formats, meaning, clock).map(|_| ()),
        Kind::Boolean(words) => {
            slowly(cell, meaning, |t| words.read(t).ok_or(RejectReason::NotABoolean)).map(|_| ())
        }
    }
}

/// Characters of a cell's text that are shown.
const LONGEST_SHOWN: usize = 60;

/// Two quotes become one.
pub(super) fn undouble(inner: &[u8], quote: u8, out: &mut Vec<u8>) {
    out.clear();
    let mut rest = inner;
    while let Some(at) = memchr::memchr(quote, rest) {
        out.extend_from_slice(&rest[..=at]);
        rest = rest.get(at + 2..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
}

pub(super) fn shown(bytes: &[u8]) -> String {
    let most = bytes.len().min(LONGEST_SHOWN * 4);
    let text = String::from_utf8_lossy(&bytes[..most]);
    text.trim_start_matches(char::from(EXACT)).trim().chars().take(LONGEST_SHOWN).collect()
}
