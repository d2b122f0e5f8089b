//! Numbers as people read them. Nothing outside this file forms a number for a reader.

use super::Shown;
use super::words::say;
use crate::domain::{Currency, Decimal, Type, Unit, Value};

/// A value in its unit.
pub(super) fn shown(value: &Value, unit: &Unit) -> Shown {
    match value {
        Value::Number(number) => Shown { raw: Some(raw(*number, unit)), text: text(*number, unit) },
        Value::Bool(truth) => {
            let number = if *truth { Decimal::ONE } else { Decimal::ZERO };
            Shown { raw: Some(number.to_string()), text: number.to_string() }
        }
        Value::Date(day) => Shown { raw: Some(day.to_string()), text: super::time::date(*day) },
        _ => none(),
    }
}

/// No value: null for machines, a dash for people.
pub(super) fn none() -> Shown {
    Shown { raw: None, text: say("value.none", &[]) }
}

/// A part of a ratio, in the unit of its expression's type.
pub(super) fn of_type(number: Option<Decimal>, ty: Type) -> Shown {
    let unit = match ty {
        Type::Money(currency) => Unit::Money(currency),
        _ => Unit::Number,
    };
    number.map_or_else(none, |n| shown(&Value::Number(n), &unit))
}

pub(super) fn count(n: u64) -> Shown {
    Shown { raw: Some(n.to_string()), text: grouped(&n.to_string()) }
}

/// A share from 0 to 1 as a percentage; never rounded up to all or down to nothing.
pub(super) fn share(share: Option<Decimal>) -> Shown {
    let Some(share) = share else { return none() };
    let tenth = Decimal::new(1, 3);
    let most = Decimal::new(999, 3);
    let kept = if share < Decimal::ONE && share > most {
        most
    } else if share > Decimal::ZERO && share < tenth {
        tenth
    } else {
        share
    };
    Shown { raw: Some(raw(share, &Unit::Ratio)), text: percent(kept) }
}

/// A plain literal: exact, without needless zeros.
pub(super) fn raw(number: Decimal, unit: &Unit) -> String {
    let least = match unit {
        Unit::Money(currency) => currency.minor_digits(),
        Unit::Ratio => 1,
        _ => 0,
    };
    number.trimmed(least).to_string()
}

fn text(number: Decimal, unit: &Unit) -> String {
    match unit {
        Unit::Ratio => percent(number),
        Unit::Money(currency) => money(number, *currency),
        Unit::Days => say("value.days", &[("number", &plain(number, 1))]),
        Unit::Count(_) | Unit::Number => plain(number, 2),
    }
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
    let size = if number.is_negative() { number.negated() } else { number };
    let digits = if size >= limit { 0 } else { currency.minor_digits() };
    let rounded = size.at_scale(digits).unwrap_or(size);
    let sign = if number.is_negative() && !rounded.is_zero() { "−" } else { "" };
    let amount = grouped(&rounded.to_string());
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
    fn a_share_is_never_rounded_to_all_or_nothing() {
        assert_eq!(share(Some(d("0.99999"))).text, "99.9%");
        assert_eq!(share(Some(d("0.00001"))).text, "0.1%");
        assert_eq!(share(Some(d("1"))).text, "100%");
        assert_eq!(share(Some(d("0"))).text, "0%");
        assert_eq!(share(Some(d("0.31249"))).text, "31.2%");
    }

    #[test]
    fn raw_literals_lose_no_digit() {
        let usd = Unit::Money(Currency::new("USD").unwrap());
        assert_eq!(raw(d("10005534"), &usd), "10005534.00");
        assert_eq!(raw(d("2.500001000"), &usd), "2.500001");
        assert_eq!(raw(d("1.000000"), &Unit::Ratio), "1.0");
    }
}
