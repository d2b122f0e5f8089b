//! Days and moments out of cells: ISO 8601, or the formats that a feed declares.
//!
//! Never guesses whether a day or a month comes first. A moment without an offset is in the
//! project's zone.

use jiff::civil;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

use super::months;

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
    Other { format: String, named: bool },
    /// A count of days or seconds since some day.
    Serial(Serial),
}

/// What a serial number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Serial {
    /// Days since the end of 1899, as Excel counts.
    Excel,
    /// Days since the start of 1904, as Excel of the Mac counted.
    Excel1904,
    /// Seconds since 1970, in UTC.
    Unix,
    UnixMillis,
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
        Some(Self::Other { format, named })
    }

    /// Whether it reads numbers.
    pub(super) fn is_serial(&self) -> bool {
        matches!(self, Self::Serial(_))
    }

    pub(super) fn read(&self, text: &[u8]) -> Option<Moment> {
        match self {
            Self::Simple(parts) => read_parts(text, parts),
            Self::Serial(serial) => serial.read(std::str::from_utf8(text).ok()?),
            Self::Other { format, named } => {
                let text = std::str::from_utf8(text).ok()?;
                let english = if *named { months::in_english(text) } else { None };
                let mut broken = strtime::parse(format, english.as_deref().unwrap_or(text)).ok()?;
                // A month, or a year, is its first day.
                if broken.day().is_none() && broken.day_of_year().is_none() {
                    let _ = broken.set_day(Some(1));
                    if broken.month().is_none() {
                        let _ = broken.set_month(Some(1));
                    }
                }
                let day = days(broken.to_date().ok()?);
                let time = broken.hour().and_then(|_| broken.to_time().ok()).map(micros);
                Some(Moment { day, time, offset: broken.offset().map(jiff::tz::Offset::seconds) })
            }
        }
    }
}

impl Serial {
    fn read(self, text: &str) -> Option<Moment> {
        let (whole, part) = text.split_once(['.', ',']).unwrap_or((text, ""));
        let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || whole.len() > 15 || !is_number(whole) || !is_number(part) {
            return None;
        }
        let whole: i64 = whole.parse().ok()?;
        let digits = &part.as_bytes()[..part.len().min(12)];
        let part = digits.iter().fold(0i128, |n, byte| n * 10 + i128::from(byte - b'0'));
        let below = 10i128.pow(u32::try_from(digits.len()).ok()?);
        // Micros of the fraction of one unit, to the nearest millisecond: a serial holds no more.
        let fraction = |unit: i64| {
            let millis = (part * i128::from(unit) * 2 + below * 1000) / (below * 2000);
            i64::try_from(millis * 1000).ok()
        };
        let (day, time, offset) = match self {
            Self::Excel | Self::Excel1904 => {
                let zero = if self == Self::Excel { -25_569 } else { -24_107 };
                // Excel has a 29th of February 1900: days before it are one less.
                let early = i64::from(self == Self::Excel && whole < 60);
                let first = i64::from(self == Self::Excel);
                if whole < first || whole > 2_958_465 || self == Self::Excel && whole == 60 {
                    return None;
                }
                (zero + whole + early, fraction(DAY_MICROS)?, None)
            }
            Self::Unix | Self::UnixMillis => {
                let unit = if self == Self::Unix { 1_000_000 } else { 1000 };
                let micros = whole.checked_mul(unit)?.checked_add(fraction(unit)?)?;
                (micros.div_euclid(DAY_MICROS), micros.rem_euclid(DAY_MICROS), Some(0))
            }
        };
        let day = day + time / DAY_MICROS;
        let day = i32::try_from(day).ok().filter(|day| *day < 2_932_897)?;
        Some(Moment { day, time: Some(time % DAY_MICROS), offset })
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

/// The project's zone, with the last day's offset at hand.
#[derive(Debug)]
pub(super) struct Clock {
    zone: TimeZone,
    /// A local day whose offset is the same all day long.
    local: Option<(i32, i64)>,
    /// A UTC day, likewise.
    utc: Option<(i32, i64)>,
    /// Where moments are that do not say where, if not in the zone.
    told: Option<TimeZone>,
}

impl Clock {
    pub(super) fn new(zone: TimeZone) -> Self {
        Self { zone, local: None, utc: None, told: None }
    }

    /// From here on, where moments are that do not say where.
    pub(super) fn told(&mut self, zone: Option<&TimeZone>) {
        if self.told.as_ref() != zone {
            self.told = zone.cloned();
            self.local = None;
        }
    }

    /// The day in the zone.
    pub(super) fn day(&mut self, moment: Moment) -> Option<i32> {
        let Some(time) = moment.time else { return Some(moment.day) };
        if moment.offset.is_none() && self.told.is_none() {
            return Some(moment.day);
        }
        let instant = self.instant(Moment { time: Some(time), ..moment })?;
        let utc_day = i32::try_from(instant.div_euclid(DAY_MICROS)).ok()?;
        let offset = match self.utc {
            Some((day, offset)) if day == utc_day => offset,
            _ => {
                let start = i64::from(utc_day) * DAY_MICROS;
                let (first, last) = (self.offset(start)?, self.offset(start + DAY_MICROS)?);
                if first == last {
                    self.utc = Some((utc_day, first));
                }
                self.offset(instant)?
            }
        };
        i32::try_from((instant + offset).div_euclid(DAY_MICROS)).ok()
    }

    /// Microseconds since the epoch; none without a time of day.
    pub(super) fn instant(&mut self, moment: Moment) -> Option<i64> {
        let local_micros = i64::from(moment.day) * DAY_MICROS + moment.time?;
        if let Some(seconds) = moment.offset {
            return Some(local_micros - i64::from(seconds) * 1_000_000);
        }
        if let Some((day, offset)) = self.local
            && day == moment.day
        {
            return Some(local_micros - offset);
        }
        let start = self.exact(i64::from(moment.day) * DAY_MICROS)?;
        let local = self.told.as_ref().unwrap_or(&self.zone);
        let end = start + DAY_MICROS;
        let offset = offset_in(local, start)?;
        if offset_in(local, start - 1_000_000)? == offset && offset_in(local, end)? == offset {
            self.local = Some((moment.day, offset));
        }
        self.exact(local_micros)
    }

    /// The zone's offset at an instant, in microseconds.
    fn offset(&self, instant: i64) -> Option<i64> {
        offset_in(&self.zone, instant)
    }

    /// The instant of local microseconds; gaps and folds as RFC 5545 has them.
    fn exact(&self, local: i64) -> Option<i64> {
        let plain = jiff::Timestamp::from_microsecond(local).ok()?;
        let civil = TimeZone::UTC.to_datetime(plain);
        let zone = self.told.as_ref().unwrap_or(&self.zone);
        Some(zone.to_timestamp(civil).ok()?.as_microsecond())
    }
}

fn offset_in(zone: &TimeZone, instant: i64) -> Option<i64> {
    let at = jiff::Timestamp::from_microsecond(instant).ok()?;
    Some(i64::from(zone.to_offset(at).seconds()) * 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<i32> {
        text.parse::<civil::Date>().ok().map(days)
    }

    #[test]
    fn iso_days_are_what_the_calendar_says() {
        let mut date = civil::date(1895, 1, 1);
        while date < civil::date(2105, 1, 1) {
            let text = date.to_string();
            assert_eq!(iso_day(text.as_bytes()), Some(days(date)), "{text}");
            date = date.tomorrow().unwrap();
        }
        for wrong in
            ["2026-02-29", "2026-13-01", "2026-00-10", "2026-1-01", "31-10-2026", "2026-10-3x"]
        {
            assert_eq!(iso_day(wrong.as_bytes()), None, "{wrong}");
        }
        assert_eq!(iso_day(b"2000-02-29"), day("2000-02-29"));
    }

    #[test]
    fn moments_are_in_the_zone_unless_they_say_otherwise() {
        let mut clock = Clock::new(TimeZone::get("Europe/Berlin").unwrap());
        let mut instant = |text: &str| {
            let micros = iso(text.as_bytes()).and_then(|m| clock.instant(m))?;
            Some(jiff::Timestamp::from_microsecond(micros).unwrap().to_string())
        };
        assert_eq!(instant("2026-07-01 12:00").as_deref(), Some("2026-07-01T10:00:00Z"));
        assert_eq!(instant("2026-07-01T00:30:00.5").as_deref(), Some("2026-06-30T22:30:00.5Z"));
        assert_eq!(instant("2026-07-01T12:00:00+02:00").as_deref(), Some("2026-07-01T10:00:00Z"));
        assert_eq!(instant("2026-10-25 01:30:00").as_deref(), Some("2026-10-24T23:30:00Z"));
        assert_eq!(instant("2026-10-25 12:00:00").as_deref(), Some("2026-10-25T11:00:00Z"));
        assert_eq!(instant("2026-03-29 02:30:00").as_deref(), Some("2026-03-29T01:30:00Z"));
        assert_eq!(instant("2026-07-01"), None, "a day is no moment");
    }

    #[test]
    fn a_moment_with_an_offset_falls_on_the_zones_day() {
        let mut clock = Clock::new(TimeZone::get("Europe/Berlin").unwrap());
        let mut at = |text: &str| iso(text.as_bytes()).and_then(|m| clock.day(m));
        assert_eq!(at("2026-06-30T22:30:00Z"), day("2026-07-01"));
        assert_eq!(at("2026-06-30T21:30:00Z"), day("2026-06-30"));
        assert_eq!(at("2026-06-30T23:30:00"), day("2026-06-30"));
        assert_eq!(at("2026-10-25T22:59:59Z"), day("2026-10-25"));
        assert_eq!(at("2026-10-25T23:00:00Z"), day("2026-10-26"));
    }

    #[test]
    fn serial_numbers_count_from_their_day() {
        let mut clock = Clock::new(TimeZone::UTC);
        let mut read = |word: &str, text: &str| {
            let moment = Format::new(word).unwrap().read(text.as_bytes())?;
            let micros = clock.instant(moment)?;
            Some(jiff::Timestamp::from_microsecond(micros).unwrap().to_string())
        };
        for (word, text, moment) in [
            ("excel", "1", "1900-01-01T00:00:00Z"),
            ("excel", "59", "1900-02-28T00:00:00Z"),
            ("excel", "61", "1900-03-01T00:00:00Z"),
            ("excel", "44197.5", "2021-01-01T12:00:00Z"),
            ("excel", "44197,999999999999", "2021-01-02T00:00:00Z"),
            ("excel-1904", "42735", "2021-01-01T00:00:00Z"),
            ("unix", "1609459200", "2021-01-01T00:00:00Z"),
            ("unix-ms", "1609459200123", "2021-01-01T00:00:00.123Z"),
        ] {
            assert_eq!(read(word, text).as_deref(), Some(moment), "{word} {text}");
        }
        for (word, text) in [
            ("excel", "60"),
            ("excel", "0"),
            ("excel", "-1"),
            ("excel", "2958466"),
            ("excel", "2021-01-01"),
            ("unix", "99999999999999999"),
        ] {
            assert_eq!(read(word, text), None, "{word} {text}");
        }
    }

    #[test]
    fn declared_formats_are_matched_whole() {
        let read = |format: &str, text: &str| {
            Format::new(format).unwrap().read(text.as_bytes()).map(|m| m.day)
        };
        assert_eq!(read("%d/%m/%Y", "31/10/2026"), day("2026-10-31"));
        assert_eq!(read("%d/%m/%Y", "1/2/2026"), day("2026-02-01"));
        assert_eq!(read("%m/%d/%Y", "31/10/2026"), None);
        assert_eq!(read("%d/%m/%Y", "31/10/2026 x"), None);
        assert_eq!(read("%d %b %Y", "31 Oct 2026"), day("2026-10-31"));
        assert_eq!(read("%d.%m.%y", "31.10.26"), day("2026-10-31"));
        assert_eq!(read("%d. %B %Y", "31. Oktober 2026"), day("2026-10-31"));
        assert_eq!(read("%d %b, %Y %H:%M:%S", "15 Apr, 2021 00:02:00"), day("2021-04-15"));
        assert_eq!(read("%b %Y", "Mai 2026"), day("2026-05-01"), "a month is its first day");
        assert_eq!(read("%m/%Y", "5/2026"), day("2026-05-01"));
        assert_eq!(read("%Y", "2026"), day("2026-01-01"));
        assert_eq!(read("%m/%d/%Y %I:%M %p", "1/2/2026 12:30 PM"), day("2026-01-02"));
        assert!(Format::new("%Q%!").is_none() && Format::new("d/m/y").is_none());
    }
}
