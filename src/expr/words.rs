//! The words of the language: functions, types, parts and units of time.

use crate::domain::{Grain, Type};
use crate::rel::{DatePart, TimeUnit};

/// Functions of one row, each with its form.
pub(super) const SCALARS: &[(&str, &str)] = &[
    ("abs", "abs(number)"),
    ("as_of", "as_of()"),
    ("coalesce", "coalesce(value, other, …)"),
    ("date_diff", "date_diff('day', from, to)"),
    ("date_trunc", "date_trunc('month', date)"),
    ("greatest", "greatest(value, other, …)"),
    ("least", "least(value, other, …)"),
    ("length", "length(text)"),
    ("lower", "lower(text)"),
    ("nullif", "nullif(value, other)"),
    ("round", "round(number, digits)"),
    ("substr", "substr(text, start, length)"),
    ("trim", "trim(text)"),
    ("upper", "upper(text)"),
];

/// Functions of many rows, each with its form.
pub(super) const AGGREGATES: &[(&str, &str)] = &[
    ("avg", "avg(number)"),
    ("count", "count(*), count(value) or count(distinct value)"),
    ("max", "max(value)"),
    ("median", "median(number)"),
    ("min", "min(value)"),
    ("percentile_cont", "percentile_cont(0.75, number)"),
    ("sum", "sum(number)"),
];

/// Forms that are not called like functions.
pub(super) const FORMS: &[&str] = &["case", "cast", "extract", "between", "like"];

pub(super) const PARTS: &[(&str, DatePart)] = &[
    ("year", DatePart::Year),
    ("quarter", DatePart::Quarter),
    ("month", DatePart::Month),
    ("week", DatePart::Week),
    ("day", DatePart::Day),
    ("isodow", DatePart::IsoDayOfWeek),
    ("hour", DatePart::Hour),
    ("minute", DatePart::Minute),
];

pub(super) const UNITS: &[(&str, TimeUnit)] = &[
    ("second", TimeUnit::Second),
    ("minute", TimeUnit::Minute),
    ("hour", TimeUnit::Hour),
    ("day", TimeUnit::Day),
    ("week", TimeUnit::Week),
    ("month", TimeUnit::Month),
    ("quarter", TimeUnit::Quarter),
    ("year", TimeUnit::Year),
];

pub(super) fn form(table: &'static [(&str, &str)], name: &str) -> Option<&'static str> {
    table.iter().find(|(known, _)| *known == name).map(|(_, form)| *form)
}

pub(super) fn part(word: &str) -> Option<DatePart> {
    PARTS.iter().find(|(w, _)| *w == word).map(|(_, part)| *part)
}

pub(super) fn unit(word: &str) -> Option<TimeUnit> {
    UNITS.iter().find(|(w, _)| *w == word).map(|(_, unit)| *unit)
}

pub(super) fn grains() -> impl Iterator<Item = &'static str> {
    Grain::ALL.into_iter().map(Grain::word)
}

/// The types that `cast` knows: config's words, and SQL's for the same.
pub(super) fn type_of(word: &str) -> Option<Type> {
    Some(match word {
        "text" | "varchar" => Type::Text,
        "integer" | "int" | "bigint" => Type::Integer,
        "number" | "decimal" | "numeric" => Type::Number,
        "date" => Type::Date,
        "datetime" | "timestamp" => Type::DateTime,
        "boolean" => Type::Boolean,
        _ => return None,
    })
}
