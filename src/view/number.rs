//! Numbers as people read them. Nothing outside this file forms a number for a reader.

use std::fmt::Write;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::words::say;
use crate::domain::{Currency, Day, Decimal, Type, Unit, Value};

/// A number: its plain literal for machines, its text for people. Formed when asked, since most are never read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown(Form);

#[derive(Debug, Clone, Default, PartialEq, Eq)]
enum Form {
    #[default]
    Nothing,
    Count(u64),
    Number(Decimal, Style),
    Date(Day),
}

/// How a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    Money(Currency),
    Ratio,
    Days,
    Hours,
    Minutes,
    /// A share from 0 to 1, never rounded up to all or down to nothing.
    Share,
    /// The size of a change; its sign is told apart.
    Points,
    Percent,
}

impl Shown {
    /// Whether there is no value.
    pub fn is_none(&self) -> bool {
        self.0 == Form::Nothing
    }

    /// Whether it is the number 0.
    pub(super) fn is_zero(&self) -> bool {
        self.number().is_some_and(|number| number.is_zero())
    }

    /// A decimal literal at its scale, or an ISO date; none without a value.
    pub fn raw(&self) -> Option<String> {
        let mut raw = String::new();
        self.write_raw(&mut raw).map(|_| raw)
    }

    /// Writes the literal, if there is one, and says whether it is a number.
    pub fn write_raw(&self, out: &mut String) -> Option<bool> {
        let _ = match &self.0 {
            Form::Nothing => return None,
            Form::Count(n) => write!(out, "{n}"),
            Form::Number(number, style) => write!(out, "{}", number.trimmed(style.least())),
            Form::Date(day) => write!(out, "{day}"),
        };
        Some(!matches!(self.0, Form::Date(_)))
    }

    /// As people read it; a dash without a value.
    pub fn text(&self) -> String {
        match &self.0 {
            Form::Nothing => say("value.none", &[]),
            Form::Count(n) => grouped(&n.to_string()),
            Form::Number(number, style) => style.text(*number),
            Form::Date(day) => super::time::date(*day),
        }
    }

    /// The exact number, if it is one.
    pub fn number(&self) -> Option<Decimal> {
        match self.0 {
            Form::Number(number, _) => Some(number),
            Form::Count(n) => Some(Decimal::from(n)),
            Form::Nothing | Form::Date(_) => None,
        }
    }
}

impl Shown {
    /// Another number, written as this one.
    pub(super) fn like(&self, number: Decimal) -> Self {
        Self(match self.0 {
            Form::Number(_, style) => Form::Number(number, style),
            _ => Form::Number(number, Style::Plain),
        })
    }

    /// As it stands in a drawing: three or four digits, a unit of time left to the drawing's title.
    pub(super) fn short(&self) -> String {
        match &self.0 {
            Form::Number(number, style) => style.short(*number),
            Form::Count(n) => thousands(Decimal::from(*n)),
            _ => self.text(),
        }
    }

    /// With its sign, a plus as well.
    pub(super) fn signed(&self) -> String {
        self.plus(self.text())
    }

    pub(super) fn short_signed(&self) -> String {
        self.plus(self.short())
    }

    fn plus(&self, text: String) -> String {
        match self.number() {
            Some(number) if number > Decimal::ZERO => format!("+{text}"),
            _ => text,
        }
    }
}

impl Serialize for Shown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut parts = serializer.serialize_struct("Shown", 2)?;
        parts.serialize_field("raw", &self.raw())?;
        parts.serialize_field("text", &self.text())?;
        parts.end()
    }
}

impl Style {
    fn of(unit: &Unit) -> Self {
        match unit {
            Unit::Count(_) | Unit::Number => Self::Plain,
            Unit::Money(currency) => Self::Money(*currency),
            Unit::Ratio => Self::Ratio,
            Unit::Days => Self::Days,
            Unit::Hours => Self::Hours,
            Unit::Minutes => Self::Minutes,
        }
    }

    /// Digits behind the point that a literal has at least.
    fn least(self) -> u8 {
        match self {
            Self::Money(currency) => currency.minor_digits(),
            Self::Ratio | Self::Share => 1,
            Self::Plain | Self::Days | Self::Hours | Self::Minutes => 0,
            Self::Points | Self::Percent => 0,
        }
    }

    fn text(self, number: Decimal) -> String {
        match self {
            Self::Ratio => percent(number),
            Self::Money(currency) => money(number, currency),
            Self::Days => say("value.days", &[("number", &plain(number, 1))]),
            Self::Hours => say("value.hours", &[("number", &plain(number, 1))]),
            Self::Minutes => say("value.minutes", &[("number", &plain(number, 1))]),
            Self::Plain => plain(number, 2),
            Self::Share => percent(neither_all_nor_nothing(number)),
            Self::Points => say("change.points", &[("number", &plain(size(number), 1))]),
            Self::Percent => say("change.percent", &[("number", &plain(size(number), 1))]),
        }
    }
}

impl Style {
    fn short(self, number: Decimal) -> String {
        match self {
            Self::Money(currency) => {
                let sign = if number.is_negative() { "−" } else { "" };
                let size = size(number);
                let whole = size >= Decimal::from(100i64);
                let size = if whole { size.at_scale(0).unwrap_or(size) } else { size };
                in_currency(sign, &thousands(size), currency)
            }
            Self::Plain | Self::Days | Self::Hours | Self::Minutes => thousands(number),
            _ => self.text(number),
        }
    }
}

/// From ten thousand up in thousands, from a million up in millions.
fn thousands(number: Decimal) -> String {
    let over = |zeros: i64, digits: u8| number.checked_div(Decimal::from(zeros), digits);
    let size = size(number);
    let (part, key) = match size {
        size if size >= Decimal::from(999_500i64) => (over(1_000_000, 2), "value.millions"),
        size if size >= Decimal::from(9_995i64) => (over(1_000, 0), "value.thousands"),
        _ => return plain(number, if size < Decimal::from(10i64) { 2 } else { 1 }),
    };
    let text = part.map_or_else(|_| plain(number, 0), |part| plain(part, 2));
    say(key, &[("number", &text)])
}

fn size(number: Decimal) -> Decimal {
    if number.is_negative() { number.negated() } else { number }
}

fn neither_all_nor_nothing(share: Decimal) -> Decimal {
    let (least, most) = (Decimal::new(1, 3), Decimal::new(999, 3));
    if share < Decimal::ONE && share > most {
        most
    } else if share > Decimal::ZERO && share < least {
        least
    } else {
        share
    }
}

/// A value in its unit.
pub(crate) fn shown(value: &Value, unit: &Unit) -> Shown {
    Shown(match value {
        Value::Number(number) => Form::Number(*number, Style::of(unit)),
        Value::Bool(truth) => Form::Count((*truth).into()),
        Value::Date(day) => Form::Date(*day),
        _ => Form::Nothing,
    })
}

/// No value: null for machines, a dash for people.
pub(crate) fn none() -> Shown {
    Shown::default()
}

/// A part of a ratio, in the unit of its expression's type.
pub(super) fn of_type(number: Option<Decimal>, ty: Type) -> Shown {
    let style = match ty {
        Type::Money(currency) => Style::Money(currency),
        _ => Style::Plain,
    };
    number.map_or_else(none, |n| Shown(Form::Number(n, style)))
}

pub(crate) fn count(n: u64) -> Shown {
    Shown(Form::Count(n))
}

/// A share from 0 to 1 as a percentage; never rounded up to all or down to nothing.
pub(crate) fn share(share: Option<Decimal>) -> Shown {
    share.map_or_else(none, |share| Shown(Form::Number(share, Style::Share)))
}

/// One number over another, as a percentage.
pub(crate) fn ratio(ratio: Decimal) -> Shown {
    Shown(Form::Number(ratio, Style::Ratio))
}

/// A change in points of a rate, or in percent.
pub(crate) fn change(change: Decimal, points: bool) -> Shown {
    Shown(Form::Number(change, if points { Style::Points } else { Style::Percent }))
}

/// Grouped, with at most some digits behind the point and no needless zeros.
pub(super) fn plain(number: Decimal, digits: u8) -> String {
    let rounded = number.at_scale(digits.min(number.scale())).unwrap_or(number);
    signed(rounded.trimmed(0))
}

/// One digit behind the point unless the share is whole: `31.2%`, `100%`.
fn percent(share: Decimal) -> String {
    let hundred = share.checked_mul(Decimal::from(100i64)).unwrap_or(share);
    format!("{}%", signed(whole_or_tenth(hundred)))
}

fn whole_or_tenth(number: Decimal) -> Decimal {
    let plain = number.trimmed(0);
    if plain.scale() == 0 { plain } else { plain.at_scale(1).unwrap_or(plain) }
}

/// Whole units from a thousand up, the currency's own digits below.
fn money(number: Decimal, currency: Currency) -> String {
    let limit = Decimal::from(1000i64);
    let size = size(number);
    let digits = if size >= limit { 0 } else { currency.minor_digits() };
    let rounded = size.at_scale(digits).unwrap_or(size);
    let sign = if number.is_negative() && !rounded.is_zero() { "−" } else { "" };
    in_currency(sign, &grouped(&rounded.to_string()), currency)
}

fn in_currency(sign: &str, amount: &str, currency: Currency) -> String {
    match currency.code() {
        "EUR" => format!("{sign}€{amount}"),
        "USD" => format!("{sign}${amount}"),
        "GBP" => format!("{sign}£{amount}"),
        code => format!("{sign}{code}\u{a0}{amount}"),
    }
}

fn signed(number: Decimal) -> String {
    if number.is_negative() && !number.is_zero() {
        format!("−{}", grouped(&number.negated().to_string()))
    } else {
        grouped(&number.to_string())
    }
}

/// Thousands apart: `1234.5` is `1,234.5`.
fn grouped(literal: &str) -> String {
    let (whole, part) = literal.split_once('.').unwrap_or((literal, ""));
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if !part.is_empty() {
        out.push('.');
        out.push_str(part);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn numbers_are_grouped_rounded_and_signed() {
        assert_eq!(plain(d("1234567.891"), 2), "1,234,567.89");
        assert_eq!(plain(d("-12.500"), 2), "−12.5");
        assert_eq!(plain(d("999"), 2), "999");
        let usd = Currency::new("USD").unwrap();
        assert_eq!(money(d("18432.49"), usd), "$18,432");
        assert_eq!(money(d("-0.5"), usd), "−$0.50");
        assert_eq!(money(d("-0.001"), usd), "$0.00");
        assert_eq!(money(d("12"), Currency::new("CHF").unwrap()), "CHF\u{a0}12.00");
    }

    #[test]
    fn drawings_have_short_numbers() {
        let usd = Unit::Money(Currency::new("USD").unwrap());
        let short = |text: &str, unit: &Unit| shown(&Value::Number(d(text)), unit).short();
        assert_eq!(short("1984200", &usd), "$1.98M");
        assert_eq!(short("-92400.5", &usd), "−$92k");
        assert_eq!(short("999900", &usd), "$1M");
        assert_eq!(short("450", &usd), "$450");
        assert_eq!(short("0.2", &Unit::Ratio), "20%");
        assert_eq!(short("47.25", &Unit::Days), "47.2");
        assert_eq!(shown(&Value::Number(d("12")), &usd).short_signed(), "+$12");
    }

    #[test]
    fn a_share_is_never_rounded_to_all_or_nothing() {
        assert_eq!(share(Some(d("0.99999"))).text(), "99.9%");
        assert_eq!(share(Some(d("0.00001"))).text(), "0.1%");
        assert_eq!(share(Some(d("1"))).text(), "100%");
        assert_eq!(share(Some(d("0"))).text(), "0%");
        assert_eq!(share(Some(d("0.31249"))).text(), "31.2%");
    }

    #[test]
    fn raw_literals_lose_no_digit() {
        let usd = Unit::Money(Currency::new("USD").unwrap());
        assert_eq!(shown(&Value::Number(d("10005534")), &usd).raw().unwrap(), "10005534.00");
        assert_eq!(shown(&Value::Number(d("2.500001000")), &usd).raw().unwrap(), "2.500001");
        assert_eq!(shown(&Value::Number(d("1.000000")), &Unit::Ratio).raw().unwrap(), "1.0");
    }
}
