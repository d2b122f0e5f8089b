//! The one scalar meaning of every node.
//!
//! Null is unknown: arithmetic and comparison with it are null, `and` and `or` follow three-valued
//! logic. Aggregates have no meaning here; whoever computes them puts leaves in their place.

use std::cmp::Ordering;

use jiff::tz::TimeZone;

use super::{cast, time};
use crate::domain::{Day, Decimal, Id, NumberError, Value};
use crate::rel::{Arena, ColumnPath, ExprId, Node, Op};

/// Digits that a division of a row keeps.
pub const ROW_DIVISION_SCALE: u8 = 9;
/// Digits that a division of metrics keeps.
pub const METRIC_DIVISION_SCALE: u8 = 18;

/// Why an expression has no value, not even null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EvalError {
    /// A number left the range of exact decimals.
    Overflow,
    /// A part that has no value by itself, such as an aggregate.
    NotScalar,
}

/// What an expression is evaluated against.
pub trait Env {
    fn column(&self, _path: &ColumnPath) -> Value {
        Value::Null
    }

    /// # Errors
    /// Where the metric failed.
    fn metric(&self, _id: &Id) -> Result<Value, EvalError> {
        Ok(Value::Null)
    }

    /// The n-th aggregate.
    ///
    /// # Errors
    /// Where the aggregate failed.
    fn leaf(&self, _leaf: u32) -> Result<Value, EvalError> {
        Ok(Value::Null)
    }

    fn in_keys(&self, _set: u32, _value: &Value) -> bool {
        false
    }

    fn as_of(&self) -> Option<Day> {
        None
    }

    /// First and last day of the report's period.
    fn period(&self) -> (Option<Day>, Option<Day>) {
        (None, None)
    }

    fn zone(&self) -> &TimeZone {
        static UTC: TimeZone = TimeZone::UTC;
        &UTC
    }

    /// Digits that a division keeps.
    fn division_scale(&self) -> u8 {
        ROW_DIVISION_SCALE
    }
}

impl From<NumberError> for EvalError {
    fn from(_: NumberError) -> Self {
        Self::Overflow
    }
}

/// The value of an expression.
///
/// # Errors
/// `Overflow` where a number cannot be held exactly, `NotScalar` where an aggregate is asked for.
pub fn evaluate(arena: &Arena, id: ExprId, env: &dyn Env) -> Result<Value, EvalError> {
    let node = arena.get(id);
    let arg = |n: usize| match node.args.get(n) {
        Some(id) => evaluate(arena, *id, env),
        None => Ok(Value::Null),
    };
    match &node.op {
        Op::Literal(value) => Ok(value.clone()),
        Op::Column(path) => Ok(env.column(path)),
        Op::Metric(id) => env.metric(id),
        Op::Leaf(leaf) => env.leaf(*leaf),
        Op::AsOf => Ok(date(env.as_of())),
        Op::PeriodFrom => Ok(date(env.period().0)),
        Op::PeriodTo => Ok(date(env.period().1)),
        Op::Aggregate { .. } => Err(EvalError::NotScalar),
        Op::And | Op::Or => junction(arena, node, env),
        Op::Not => Ok(truth(arg(0)?.as_bool().map(|b| !b))),
        Op::IsNull => Ok(Value::Bool(arg(0)?.is_null())),
        Op::In => membership(arena, node, env),
        Op::Case => case(arena, node, env),
        Op::Coalesce => coalesce(arena, node, env),
        Op::Greatest => extreme(arena, node, env, Ordering::Greater),
        Op::Least => extreme(arena, node, env, Ordering::Less),
        Op::NullIf => {
            let (value, other) = (arg(0)?, arg(1)?);
            let equal = compare(&value, &other) == Some(Ordering::Equal);
            Ok(if equal { Value::Null } else { value })
        }
        Op::InKeys(set) => {
            let value = arg(0)?;
            Ok(truth((!value.is_null()).then(|| env.in_keys(*set, &value))))
        }
        op => {
            let values = [arg(0)?, arg(1)?, arg(2)?];
            let needed = node.args.len().min(values.len());
            if values[..needed].iter().any(Value::is_null) {
                return Ok(Value::Null);
            }
            strict(op, node, &values, env)
        }
    }
}

/// Operators that are null wherever an argument is.
fn strict(op: &Op, node: &Node, values: &[Value; 3], env: &dyn Env) -> Result<Value, EvalError> {
    let [a, b, _] = values;
    Ok(match op {
        Op::Add | Op::Subtract | Op::Multiply | Op::Divide => return arithmetic(op, a, b, env),
        Op::Equal => ordered(a, b, Ordering::is_eq),
        Op::NotEqual => ordered(a, b, Ordering::is_ne),
        Op::Less => ordered(a, b, Ordering::is_lt),
        Op::LessOrEqual => ordered(a, b, Ordering::is_le),
        Op::Greater => ordered(a, b, Ordering::is_gt),
        Op::GreaterOrEqual => ordered(a, b, Ordering::is_ge),
        Op::Negate => number(a.number().map(Decimal::negated)),
        Op::Abs => number(a.number().map(|n| if n.is_negative() { n.negated() } else { n })),
        Op::Round => match (a.number(), b.number()) {
            (Some(n), digits) => Value::Number(cast::round(n, digits)?),
            _ => Value::Null,
        },
        Op::Like(pattern) => truth(a.as_text().map(|text| like(text, pattern))),
        Op::Cast(ty) => return cast::cast(a, *ty, env.zone()),
        Op::Lower => text(a, |t| t.to_lowercase()),
        Op::Upper => text(a, |t| t.to_uppercase()),
        Op::Trim => text(a, |t| t.trim().to_owned()),
        Op::Length => number(a.as_text().map(|t| (t.chars().count() as u64).into())),
        Op::Substr => substr(values, node.args.len()),
        Op::Extract(part) => match a {
            Value::Date(day) => whole(time::part(day.date().at(0, 0, 0, 0), *part)),
            Value::DateTime(at) => whole(time::part(time::shown(*at, env.zone()), *part)),
            _ => Value::Null,
        },
        Op::DateTrunc(grain) => match a {
            Value::Date(day) => Value::Date(time::truncate(*day, *grain)),
            Value::DateTime(at) => Value::Date(time::truncate(time::day(*at, env.zone()), *grain)),
            _ => Value::Null,
        },
        Op::DateDiff(unit) => match (a, b) {
            (Value::Date(a), Value::Date(b)) => whole(time::days_apart(*a, *b, *unit)),
            (Value::DateTime(a), Value::DateTime(b)) => {
                whole(time::moments_apart(*a, *b, *unit, env.zone()))
            }
            _ => Value::Null,
        },
        Op::Elapsed(hours) => {
            number(time::elapsed(a, b, hours.as_deref(), env.zone()).map(Decimal::from))
        }
        _ => return Err(EvalError::NotScalar),
    })
}

fn arithmetic(op: &Op, a: &Value, b: &Value, env: &dyn Env) -> Result<Value, EvalError> {
    if let (Value::Date(a), Value::Date(b), Op::Subtract) = (a, b, op) {
        return Ok(whole(i64::from(a.0) - i64::from(b.0)));
    }
    if let (Value::Date(day), Some(days)) = (a, b.number()) {
        return moved(*day, if *op == Op::Add { days } else { days.negated() });
    }
    let (Some(a), Some(b)) = (a.number(), b.number()) else { return Ok(Value::Null) };
    Ok(Value::Number(match op {
        Op::Add => a.checked_add(b)?,
        Op::Subtract => a.checked_sub(b)?,
        Op::Multiply => a.checked_mul(b)?,
        _ if b.is_zero() => return Ok(Value::Null),
        _ => a.checked_div(b, env.division_scale())?,
    }))
}

/// So many days later; beyond the calendar is an overflow.
fn moved(day: Day, days: Decimal) -> Result<Value, EvalError> {
    let days = i64::try_from(days.units()).ok().filter(|_| days.scale() == 0);
    let moved = days.and_then(|n| i64::from(day.0).checked_add(n));
    let moved = moved.and_then(|n| i32::try_from(n).ok()).map(Day);
    moved.filter(|d| Day::of(d.date()) == *d).map(Value::Date).ok_or(EvalError::Overflow)
}

/// `and`, `or`: one false (true) decides, else a null leaves it unknown.
fn junction(arena: &Arena, node: &Node, env: &dyn Env) -> Result<Value, EvalError> {
    let decides = node.op == Op::Or;
    let mut known = true;
    for id in &node.args {
        match evaluate(arena, *id, env)?.as_bool() {
            Some(truth) if truth == decides => return Ok(Value::Bool(decides)),
            Some(_) => {}
            None => known = false,
        }
    }
    Ok(truth(known.then_some(!decides)))
}

fn membership(arena: &Arena, node: &Node, env: &dyn Env) -> Result<Value, EvalError> {
    let Some((first, rest)) = node.args.split_first() else { return Ok(Value::Null) };
    let value = evaluate(arena, *first, env)?;
    let mut known = !value.is_null();
    for id in rest {
        match compare(&value, &evaluate(arena, *id, env)?) {
            Some(Ordering::Equal) => return Ok(Value::Bool(true)),
            Some(_) => {}
            None => known = false,
        }
    }
    Ok(truth(known.then_some(false)))
}

/// The value of the first branch whose condition is true; only the branches that are needed are
/// evaluated.
fn case(arena: &Arena, node: &Node, env: &dyn Env) -> Result<Value, EvalError> {
    let mut branches = node.args.chunks_exact(2);
    for branch in branches.by_ref() {
        if evaluate(arena, branch[0], env)?.as_bool() == Some(true) {
            return evaluate(arena, branch[1], env);
        }
    }
    match branches.remainder() {
        [otherwise] => evaluate(arena, *otherwise, env),
        _ => Ok(Value::Null),
    }
}

fn coalesce(arena: &Arena, node: &Node, env: &dyn Env) -> Result<Value, EvalError> {
    for id in &node.args {
        let value = evaluate(arena, *id, env)?;
        if !value.is_null() {
            return Ok(value);
        }
    }
    Ok(Value::Null)
}

/// `greatest`, `least`: nulls are passed over, as DuckDB and PostgreSQL do.
fn extreme(
    arena: &Arena,
    node: &Node,
    env: &dyn Env,
    wanted: Ordering,
) -> Result<Value, EvalError> {
    let mut best = Value::Null;
    for id in &node.args {
        let value = evaluate(arena, *id, env)?;
        if best.is_null() || compare(&value, &best) == Some(wanted) {
            best = value;
        }
    }
    Ok(best)
}

/// The order of two values of one type; none where one is null.
pub fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (Value::Number(a), Value::Number(b)) => Some(a.cmp(b)),
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
        (Value::DateTime(a), Value::DateTime(b)) => Some(a.cmp(b)),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

/// Whether a text has a pattern's form: `%` is any run of characters, `_` one; letter case counts.
pub fn like(text: &str, pattern: &str) -> bool {
    let (text, pattern): (Vec<char>, Vec<char>) =
        (text.chars().collect(), pattern.chars().collect());
    let (mut t, mut p) = (0, 0);
    // Where the last `%` stands, and how much of the text it has taken.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('%') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == '_' || *c == text[t] => {
                t += 1;
                p += 1;
            }
            _ => match star {
                Some((at, taken)) => {
                    star = Some((at, taken + 1));
                    p = at + 1;
                    t = taken + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '%')
}

/// SQL's `substr`: characters from a position counted from 1; positions before the text are empty.
fn substr(values: &[Value; 3], given: usize) -> Value {
    let (Some(text), Some(start)) = (values[0].as_text(), integer(&values[1])) else {
        return Value::Null;
    };
    let end = match given {
        3 => match integer(&values[2]) {
            Some(length) => start.saturating_add(length.max(0)),
            None => return Value::Null,
        },
        _ => i64::MAX,
    };
    let skip = usize::try_from(start.max(1) - 1).unwrap_or(usize::MAX);
    let take = usize::try_from(end.saturating_sub(start.max(1)).max(0)).unwrap_or(usize::MAX);
    let part: String = text.chars().skip(skip).take(take).collect();
    Value::text(&part)
}

fn integer(value: &Value) -> Option<i64> {
    let whole = value.number()?.at_scale(0).ok()?;
    Some(i64::try_from(whole.units()).unwrap_or(if whole.is_negative() {
        i64::MIN
    } else {
        i64::MAX
    }))
}

fn ordered(a: &Value, b: &Value, holds: impl Fn(Ordering) -> bool) -> Value {
    truth(compare(a, b).map(holds))
}

fn truth(truth: Option<bool>) -> Value {
    truth.map_or(Value::Null, Value::Bool)
}

fn number(number: Option<Decimal>) -> Value {
    number.map_or(Value::Null, Value::Number)
}

fn whole(number: i64) -> Value {
    Value::Number(number.into())
}

fn date(day: Option<Day>) -> Value {
    day.map_or(Value::Null, Value::Date)
}

fn text(value: &Value, change: impl Fn(&str) -> String) -> Value {
    value.as_text().map_or(Value::Null, |t| Value::text(&change(t)))
}
