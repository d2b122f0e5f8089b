//! Types and values of cells, expressions and answers.

use std::fmt;
use std::sync::Arc;

use jiff::civil;

use super::Decimal;

/// An ISO 4217 code, such as `EUR`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Three capital letters, or nothing.
    pub fn new(code: &str) -> Option<Self> {
        let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_uppercase).then_some(Self(bytes))
    }

    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("")
    }

    /// Digits behind the point in everyday use.
    pub fn minor_digits(self) -> u8 {
        match &self.0 {
            b"JPY" | b"KRW" | b"CLP" | b"VND" | b"ISK" | b"XAF" | b"XOF" | b"PYG" | b"UGX" => 0,
            b"BHD" | b"KWD" | b"OMR" | b"JOD" | b"TND" | b"IQD" | b"LYD" => 3,
            _ => 2,
        }
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The type of a column or an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    Text,
    Integer,
    Number,
    Money(Currency),
    Date,
    DateTime,
    Boolean,
    /// Only of a bare `null`.
    Null,
}

impl Type {
    pub fn is_numeric(self) -> bool {
        matches!(self, Self::Integer | Self::Number | Self::Money(_))
    }

    pub fn is_time(self) -> bool {
        matches!(self, Self::Date | Self::DateTime)
    }

    /// The word that config uses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Money(_) => "money",
            Self::Date => "date",
            Self::DateTime => "datetime",
            Self::Boolean => "boolean",
            Self::Null => "null",
        }
    }
}

/// A calendar day, as days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

impl Day {
    pub fn of(date: civil::Date) -> Self {
        let era = civil::date(1970, 1, 1);
        Self(era.until(date).map_or(0, |span| span.get_days()))
    }

    pub fn ymd(year: i16, month: i8, day: i8) -> Option<Self> {
        civil::Date::new(year, month, day).ok().map(Self::of)
    }

    pub fn date(self) -> civil::Date {
        let era = civil::date(1970, 1, 1);
        era.checked_add(jiff::Span::new().days(self.0)).unwrap_or(era)
    }

    /// Reads `2026-10-31`.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return None;
        }
        text.parse::<civil::Date>().ok().map(Self::of)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.date().fmt(f)
    }
}

/// A moment, as microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(pub i64);

/// One value; `Null` is a blank cell, and the least.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    Null,
    Text(Arc<str>),
    Number(Decimal),
    Date(Day),
    DateTime(Instant),
    Bool(bool),
}

impl Value {
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    pub fn text(text: &str) -> Self {
        Self::Text(text.into())
    }

    pub fn number(&self) -> Option<Decimal> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    pub fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(truth) = self { Some(*truth) } else { None }
    }

    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub fn day(&self) -> Option<Day> {
        if let Self::Date(day) = self { Some(*day) } else { None }
    }
}

/// Plain and stable, for keys and machine output; moments in UTC.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => number.fmt(f),
            Self::Date(day) => day.fmt(f),
            Self::DateTime(Instant(micros)) => match jiff::Timestamp::from_microsecond(*micros) {
                Ok(moment) => moment.fmt(f),
                Err(_) => Ok(()),
            },
            Self::Bool(truth) => truth.fmt(f),
        }
    }
}
