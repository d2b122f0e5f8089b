//! A leaf's state to its value, exact.

use super::state::{Each, State};
use crate::domain::{Day, Decimal, Instant, Type, Value};
use crate::expr::EvalError;
use crate::rel::Aggregate;

/// Digits behind the point of a quotient.
pub(super) const QUOTIENT_SCALE: u8 = 18;

/// The value of a leaf, exact.
pub(super) fn leaf_value(
    state: &State,
    function: &Aggregate,
    ty: Option<Type>,
    scale: u8,
    bound: usize,
) -> Result<Value, EvalError> {
    Ok(match (state, function) {
        (State::Sum { overflow: true, .. }, _) => return Err(EvalError::Overflow),
        (State::Count(n), _) => Value::Number(Decimal::from(*n)),
        (State::Members(codes), _) => Value::Number(Decimal::from(State::distinct(codes, bound))),
        (State::Sum { n: 0, .. } | State::Extreme(None), _) => Value::Null,
        (State::Sum { units, n, .. }, Aggregate::Avg) => {
            let sum = Decimal::new(*units, scale).trimmed(0);
            let mean = sum.checked_div(Decimal::from(*n), QUOTIENT_SCALE);
            Value::Number(mean.map_err(|_| EvalError::Overflow)?)
        }
        (State::Sum { units, .. }, _) => Value::Number(Decimal::new(*units, scale).trimmed(0)),
        (State::Extreme(Some(best)), _) => extreme(*best, ty, scale),
        (State::Each(values), Aggregate::Percentile(p)) => {
            Each::percentile(values, *p, scale).map_or(Value::Null, Value::Number)
        }
        (State::Each(_), _) => Value::Null,
    })
}

fn extreme(best: i128, ty: Option<Type>, scale: u8) -> Value {
    match ty {
        Some(Type::Date) => i32::try_from(best).map_or(Value::Null, |d| Value::Date(Day(d))),
        Some(Type::DateTime) => {
            i64::try_from(best).map_or(Value::Null, |m| Value::DateTime(Instant(m)))
        }
        Some(Type::Boolean) => Value::Bool(best != 0),
        _ => Value::Number(Decimal::new(best, scale).trimmed(0)),
    }
}

/// A value as it is handed on: at most fifteen digits behind the point, no idle zeros.
pub(super) fn tidy(value: Value) -> Value {
    match value {
        Value::Number(number) if number.scale() > 15 => {
            Value::Number(number.at_scale(15).unwrap_or(number).trimmed(0))
        }
        Value::Number(number) => Value::Number(number.trimmed(0)),
        other => other,
    }
}
