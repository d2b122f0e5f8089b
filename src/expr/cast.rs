//! Changes of type, and rounding.
//!
//! A text that does not fit its new type is null, never an error and never zero.

use jiff::tz::TimeZone;

use super::evaluate::EvalError;
use super::time;
use crate::domain::{Day, Decimal, Type, Value};

/// A value in another type. Numbers become integers half away from zero, as SQL rounds.
pub(super) fn cast(value: &Value, ty: Type, zone: &TimeZone) -> Result<Value, EvalError> {
    Ok(match ty {
        Type::Text => Value::text(&text_of(value, zone)),
        Type::Integer => match number_of(value) {
            Some(number) => Value::Number(round(number, None)?),
            None => Value::Null,
        },
        Type::Number | Type::Money(_) => number_of(value).map_or(Value::Null, Value::Number),
        Type::Date => day_of(value, zone).map_or(Value::Null, Value::Date),
        Type::DateTime => match value {
            Value::DateTime(_) => value.clone(),
            Value::Date(day) => time::midnight(*day, zone).map_or(Value::Null, Value::DateTime),
            Value::Text(text) => time::moment(text, zone).map_or(Value::Null, Value::DateTime),
            _ => Value::Null,
        },
        Type::Boolean => match value {
            Value::Bool(_) => value.clone(),
            Value::Text(text) if text.eq_ignore_ascii_case("true") => Value::Bool(true),
            Value::Text(text) if text.eq_ignore_ascii_case("false") => Value::Bool(false),
            _ => Value::Null,
        },
        Type::Null => Value::Null,
    })
}

/// Plain text: no zeros behind the point, moments as the zone's clock shows them.
fn text_of(value: &Value, zone: &TimeZone) -> String {
    match value {
        Value::Number(number) => number.trimmed(0).to_string(),
        Value::DateTime(at) => time::shown(*at, zone).to_string(),
        other => other.to_string(),
    }
}

fn number_of(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Bool(truth) => Some(i64::from(*truth).into()),
        Value::Text(text) => Decimal::parse(text.trim()),
        _ => None,
    }
}

fn day_of(value: &Value, zone: &TimeZone) -> Option<Day> {
    match value {
        Value::Date(day) => Some(*day),
        Value::DateTime(at) => Some(time::day(*at, zone)),
        Value::Text(text) => {
            Day::parse(text).or_else(|| Some(time::day(time::moment(text, zone)?, zone)))
        }
        _ => None,
    }
}

/// Half away from zero, to some digits behind (or, negative, before) the point.
pub(super) fn round(number: Decimal, digits: Option<Decimal>) -> Result<Decimal, EvalError> {
    let digits = digits.map_or(0, |d| d.units().clamp(-38, 38));
    let lost = i128::from(number.scale()) - digits;
    let Some(power) = u32::try_from(lost).ok().filter(|lost| *lost > 0) else {
        return Ok(number);
    };
    // A number that is smaller than half of what is kept is zero.
    let Some(unit) = 10i128.checked_pow(power) else { return Ok(Decimal::ZERO) };
    let (whole, rest) = (number.units() / unit, number.units() % unit);
    let up = rest.unsigned_abs() >= unit.unsigned_abs() - rest.unsigned_abs();
    let kept = whole + if up { rest.signum() } else { 0 };
    match u8::try_from(digits) {
        Ok(scale) => Ok(Decimal::new(kept, scale)),
        Err(_) => {
            let before = u32::try_from(-digits).ok().and_then(|d| 10i128.checked_pow(d));
            let units = before.and_then(|b| kept.checked_mul(b)).ok_or(EvalError::Overflow)?;
            Ok(Decimal::new(units, 0))
        }
    }
}
