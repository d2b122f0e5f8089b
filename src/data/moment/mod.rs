//! Days and moments out of cells: ISO 8601, or the formats that a feed declares.
//!
//! Never guesses whether a day or a month comes first. A moment without an offset is in the
//! project's zone.

mod clock;
mod serial;
#[cfg(test)]
mod tests;

use jiff::civil;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

use super::months;
pub(super) use clock::Clock;
use serial::Serial;

const DAY_MICROS: i64 = 86_400_000_000;

/// A civil date, and a time of day with an offset where they were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) day: i32,
    /// Microseconds into the day.
    pub(super) time: Option<i64>,
    /// Seconds east of UTC.
    pub(super) offset: Option<i32>,
}

/// One declared format.
#[derive(Debug, Clone)]
pub(super) enum Format {
    /// Only digits and literal bytes: matched here.
    Simple(Vec<Part>),
    /// Anything else: matched by jiff, with a month's name in English.
    Other { format: String, named: bool, weekly: bool },
    /// A count of days or seconds since some day.
    Serial(Serial),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Literal(u8),
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
}

impl Format {
    /// None where the format holds a directive that nobody knows, or none at all.
    pub(super) fn new(text: &str) -> Option<Self> {
        let serials = [
            ("excel", Serial::Excel),
            ("excel-1904", Serial::Excel1904),
            ("unix", Serial::Unix),
            ("unix-ms", Serial::UnixMillis),
        ];
        if let Some((_, serial)) = serials.iter().find(|(word, _)| *word == text) {
            return Some(Self::Serial(*serial));
        }
        let sample = civil::date(2026, 10, 31).at(12, 0, 0, 0).to_zoned(TimeZone::UTC).ok()?;
        if !text.contains('%') || strtime::format(text, &sample).is_err() {
            return None;
        }
        if let Some(parts) = simple_parts(text) {
            return Some(Self::Simple(parts));
        }
        let named = ["%b", "%B", "%h"].iter().any(|directive| text.contains(directive));
        let format = text.replace("%B", "%b").replace("%h", "%b");
        let weeks = ["%V", "%U", "%W", "%G", "%g", "%u", "%w", "%a", "%A"];
        let weekly = weeks.iter().any(|directive| text.contains(directive));
        Some(Self::Other { format, named, weekly })
    }

    /// Whether it reads numbers.
    pub(super) fn is_serial(&self) -> bool {
        matches!(self, Self::Serial(_))
    }

    pub(super) fn read(&self, text: &[u8]) -> Option<Moment> {
        match self {
            Self::Simple(parts) => read_parts(text, parts),
            Self::Serial(serial) => serial.read(std::str::from_utf8(text).ok()?),
            Self::Other { format, named, weekly } => {
                let text = std::str::from_utf8(text).ok()?;
                let english = if *named { months::in_english(text) } else { None };
                let mut broken = strtime::parse(format, english.as_deref().unwrap_or(text)).ok()?;
                // A month, or a year, is its first day; what names a week is not.
                if !weekly && broken.day().is_none() && broken.day_of_year().is_none() {
                    let _ = broken.set_day(Some(1));
                    if broken.month().is_none() {
                        let _ = broken.set_month(Some(1));
                    }
                }
                let date = broken.to_date().ok()?;
                // As `civil_day` has it: `24` for `%Y` is a slip.
                let day = (1000..=9999).contains(&date.year()).then(|| days(date))?;
                let time = broken.hour().and_then(|_| broken.to_time().ok()).map(micros);
                Some(Moment { day, time, offset: broken.offset().map(jiff::tz::Offset::seconds) })
            }
        }
    }
}

fn days(date: civil::Date) -> i32 {
    crate::domain::Day::of(date).0
}

fn micros(time: civil::Time) -> i64 {
    let seconds = i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60;
    (seconds + i64::from(time.second())) * 1_000_000 + i64::from(time.subsec_nanosecond()) / 1000
}

fn simple_parts(text: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        parts.push(match byte {
            b'%' => match bytes.next()? {
                b'Y' => Part::Year,
                b'm' => Part::Month,
                b'd' => Part::Day,
                b'H' => Part::Hour,
                b'M' => Part::Minute,
                b'S' => Part::Second,
                _ => return None,
            },
            literal => Part::Literal(literal),
        });
    }
    let once = |part| parts.iter().filter(|p| **p == part).count() == 1;
    (once(Part::Year) && once(Part::Month) && once(Part::Day)).then_some(parts)
}

fn read_parts(text: &[u8], parts: &[Part]) -> Option<Moment> {
    let (mut rest, mut year, mut month, mut day) = (text, 0, 0, 0);
    let (mut hour, mut minute, mut second) = (None, 0, 0);
    for part in parts {
        match part {
            Part::Literal(literal) => rest = rest.strip_prefix(&[*literal])?,
            Part::Year => year = digits(&mut rest, 4, 4)?,
            Part::Month => month = digits(&mut rest, 1, 2)?,
            Part::Day => day = digits(&mut rest, 1, 2)?,
            Part::Hour => hour = Some(digits(&mut rest, 1, 2)?),
            Part::Minute => minute = digits(&mut rest, 1, 2)?,
            Part::Second => second = digits(&mut rest, 1, 2)?,
        }
    }
    if !rest.is_empty() {
        return None;
    }
    let time = match hour {
        Some(hour) => Some(time_of_day(hour, minute, second)?),
        None => None,
    };
    Some(Moment { day: civil_day(year, month, day)?, time, offset: None })
}

/// A number of `least` to `most` digits.
fn digits(rest: &mut &[u8], least: usize, most: usize) -> Option<u32> {
    let count = rest.iter().take(most).take_while(|b| b.is_ascii_digit()).count();
    if count < least {
        return None;
    }
    let (number, behind) = rest.split_at(count);
    *rest = behind;
    Some(number.iter().fold(0, |n, b| n * 10 + u32::from(b - b'0')))
}

fn time_of_day(hour: u32, minute: u32, second: u32) -> Option<i64> {
    let fits = hour < 24 && minute < 60 && second < 60;
    fits.then(|| i64::from(hour * 3600 + minute * 60 + second) * 1_000_000)
}

/// Days since 1970-01-01 of a date of the years 1000 to 9999: an earlier one is a slip, such as `0025`.
#[inline]
fn civil_day(year: u32, month: u32, day: u32) -> Option<i32> {
    const BEFORE: [u32; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    const LENGTHS: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let index = month.wrapping_sub(1) as usize;
    let divides = |by: u32| year.is_multiple_of(by);
    let leap = divides(4) && (!divides(100) || divides(400));
    let length = LENGTHS.get(index)? + u32::from(leap && month == 2);
    if day == 0 || day > length || year < 1000 {
        return None;
    }
    // Days of the years before, with the year 0 a leap year.
    let years = year * 365 + year.div_ceil(4) - year.div_ceil(100) + year.div_ceil(400);
    let whole = years + BEFORE[index] + u32::from(leap && month > 2) + day - 1;
    Some(whole.cast_signed() - 719_528)
}

/// `2026-10-31`.
#[inline]
pub(super) fn iso_day(text: &[u8]) -> Option<i32> {
    let text: &[u8; 10] = text.try_into().ok()?;
    let digit = |at: usize| u32::from(text[at].wrapping_sub(b'0'));
    let pair = |at: usize| digit(at) * 10 + digit(at + 1);
    let wrong = [0, 1, 2, 3, 5, 6, 8, 9].iter().fold(0, |w, at| w | u32::from(digit(*at) > 9));
    if wrong != 0 || text[4] != b'-' || text[7] != b'-' {
        return None;
    }
    civil_day(pair(0) * 100 + pair(2), pair(5), pair(8))
}

/// `2026-10-31`, with a time, with an offset.
pub(super) fn iso(text: &[u8]) -> Option<Moment> {
    let day = iso_day(text.get(..10)?)?;
    let Some((separator, time)) = text[10..].split_first() else {
        return Some(Moment { day, time: None, offset: None });
    };
    if !matches!(separator, b'T' | b't' | b' ') {
        return None;
    }
    let mut rest = time;
    let hour = digits(&mut rest, 2, 2)?;
    rest = rest.strip_prefix(b":")?;
    let minute = digits(&mut rest, 2, 2)?;
    let mut time = time_of_day(hour, minute, 0)?;
    if let Some(behind) = rest.strip_prefix(b":") {
        rest = behind;
        time = time_of_day(hour, minute, digits(&mut rest, 2, 2)?)?;
        if let Some(behind) = rest.strip_prefix(b".") {
            rest = behind;
            time += fraction(&mut rest)?;
        }
    }
    Some(Moment { day, time: Some(time), offset: offset(rest)? })
}

/// Digits behind a second's point, as microseconds; finer ones are cut.
fn fraction(rest: &mut &[u8]) -> Option<i64> {
    let count = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    let (part, behind) = rest.split_at(count);
    *rest = behind;
    let digit = |at: usize| part.get(at).map_or(0, |b| i64::from(b - b'0'));
    (count > 0).then(|| (0..6).fold(0, |n, at| n * 10 + digit(at)))
}

fn offset(text: &[u8]) -> Option<Option<i32>> {
    let (sign, mut rest) = match text {
        b"" => return Some(None),
        b"Z" | b"z" | b" UTC" => return Some(Some(0)),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let hours = digits(&mut rest, 2, 2)?;
    rest = rest.strip_prefix(b":").unwrap_or(rest);
    let minutes = if rest.is_empty() { 0 } else { digits(&mut rest, 2, 2)? };
    let fits = rest.is_empty() && hours < 24 && minutes < 60;
    fits.then(|| Some(sign * (hours * 3600 + minutes * 60).cast_signed()))
}
