//! The operations that run on whole vectors.

use std::rc::Rc;

use super::eval::Shared;
use super::vector::{Values, Vector};
use crate::domain::{Type, Value};
use crate::rel::{ExprId, Node, Op, TimeUnit};

/// Whether a node may run on vectors; its arguments' vectors decide at last.
pub(super) fn runs(node: &Node) -> bool {
    matches!(
        node.op,
        Op::Literal(_)
            | Op::Add
            | Op::Subtract
            | Op::Multiply
            | Op::Negate
            | Op::Equal
            | Op::NotEqual
            | Op::Less
            | Op::LessOrEqual
            | Op::Greater
            | Op::GreaterOrEqual
            | Op::And
            | Op::Or
            | Op::Not
            | Op::IsNull
            | Op::DateDiff(TimeUnit::Day)
            | Op::Elapsed(None)
    )
}

/// The scale at which a numeric node's vector stands.
pub(super) fn scale(shared: Shared<'_>, id: ExprId) -> u8 {
    let node = shared.arena.get(id);
    if !node.ty.is_numeric() {
        return 0;
    }
    let of = |arg: &ExprId| scale(shared, *arg);
    let widest = || node.args.iter().map(of).max().unwrap_or(0);
    match &node.op {
        Op::Literal(Value::Number(number)) => number.scale(),
        Op::Column(path) => path_scale(shared, path),
        Op::Multiply => node.args.iter().map(of).fold(0u8, u8::saturating_add).min(18),
        Op::Add | Op::Subtract | Op::Negate | Op::Abs if node.ty != Type::Integer => widest(),
        Op::Coalesce | Op::Case | Op::NullIf | Op::Greatest | Op::Least => widest(),
        _ if node.ty == Type::Integer => 0,
        // A quotient has nine digits; a cast text may have as many as it likes, kept to nine.
        _ => widest().max(9),
    }
}

fn path_scale(shared: Shared<'_>, path: &crate::rel::ColumnPath) -> u8 {
    let mut dataset = shared.catalog.datasets.get(&path.dataset);
    let mut found = 9;
    for step in &path.steps {
        let column = dataset.and_then(|d| d.column(step.as_str()));
        found = column.map_or(9, |c| if c.ty == Type::Integer { 0 } else { c.scale });
        let target = column.and_then(|c| c.references.as_ref());
        dataset = target.and_then(|t| shared.catalog.datasets.get(t));
    }
    found
}

/// The vector of a node; `None` where these vectors do not suit (texts) or a number overflows.
pub(super) fn vectorised(node: &Node, args: &[Rc<Vector>], rows: usize) -> Option<Vector> {
    match &node.op {
        Op::Literal(value) => literal(node, value, rows),
        Op::Add => numbers(&args[0], &args[1], i128::checked_add),
        Op::Subtract => subtract(&args[0], &args[1]),
        Op::DateDiff(TimeUnit::Day) => subtract(&args[1], &args[0]),
        Op::Elapsed(None) => elapsed(&args[0], &args[1]),
        Op::Multiply => multiply(&args[0], &args[1]),
        Op::Negate => negate(&args[0]),
        Op::Equal => compare(&args[0], &args[1], |o| o.is_eq()),
        Op::NotEqual => compare(&args[0], &args[1], |o| o.is_ne()),
        Op::Less => compare(&args[0], &args[1], |o| o.is_lt()),
        Op::LessOrEqual => compare(&args[0], &args[1], |o| o.is_le()),
        Op::Greater => compare(&args[0], &args[1], |o| o.is_gt()),
        Op::GreaterOrEqual => compare(&args[0], &args[1], |o| o.is_ge()),
        Op::And => junction(args, rows, true),
        Op::Or => junction(args, rows, false),
        Op::Not => {
            let Values::Bool(truths) = &args[0].values else { return None };
            let values = Values::Bool(truths.iter().map(|t| !t).collect());
            Some(Vector { values, present: args[0].present.clone() })
        }
        Op::IsNull => {
            let values = Values::Bool(args[0].present.iter().map(|p| !p).collect());
            Some(Vector { values, present: vec![true; rows] })
        }
        _ => None,
    }
}

fn literal(node: &Node, value: &Value, rows: usize) -> Option<Vector> {
    let scale = value.number().map_or(0, |n| n.scale());
    let mut one = Vector::empty(node.ty, scale);
    if matches!(value, Value::Text(_)) {
        return None;
    }
    one.push(value)?;
    let codes = vec![0; rows];
    Some(one.gather(&codes, &vec![true; rows]))
}

fn both(a: &Vector, b: &Vector) -> Vec<bool> {
    a.present.iter().zip(&b.present).map(|(a, b)| *a && *b).collect()
}

/// Two number vectors at one scale.
fn aligned(a: &Vector, b: &Vector) -> Option<(u8, Vec<i128>, Vec<i128>)> {
    let Values::Number { scale: sa, units: ua } = &a.values else { return None };
    let Values::Number { scale: sb, units: ub } = &b.values else { return None };
    let scale = *sa.max(sb);
    Some((scale, raised(ua, scale - sa)?, raised(ub, scale - sb)?))
}

fn raised(units: &[i128], digits: u8) -> Option<Vec<i128>> {
    if digits == 0 {
        return Some(units.to_vec());
    }
    let factor = 10i128.checked_pow(digits.into())?;
    units.iter().map(|u| u.checked_mul(factor)).collect()
}

fn numbers(a: &Vector, b: &Vector, op: fn(i128, i128) -> Option<i128>) -> Option<Vector> {
    let (scale, ua, ub) = aligned(a, b)?;
    let units: Option<Vec<i128>> = ua.iter().zip(&ub).map(|(a, b)| op(*a, *b)).collect();
    Some(Vector { values: Values::Number { scale, units: units? }, present: both(a, b) })
}

fn subtract(a: &Vector, b: &Vector) -> Option<Vector> {
    if let (Values::Date(to), Values::Date(from)) = (&a.values, &b.values) {
        let units = to.iter().zip(from).map(|(t, f)| i128::from(*t) - i128::from(*f)).collect();
        return Some(Vector { values: Values::Number { scale: 0, units }, present: both(a, b) });
    }
    numbers(a, b, i128::checked_sub)
}

/// Microseconds between days or moments; none where they run backwards.
fn elapsed(from: &Vector, to: &Vector) -> Option<Vector> {
    const DAY_MICROS: i128 = 86_400_000_000;
    let units: Vec<i128> = match (&from.values, &to.values) {
        (Values::Date(from), Values::Date(to)) => {
            let days = |(from, to): (&i32, &i32)| i128::from(*to) - i128::from(*from);
            from.iter().zip(to).map(|pair| days(pair) * DAY_MICROS).collect()
        }
        (Values::DateTime(from), Values::DateTime(to)) => {
            from.iter().zip(to).map(|(from, to)| i128::from(*to) - i128::from(*from)).collect()
        }
        _ => return None,
    };
    let mut present = both(from, to);
    present.iter_mut().zip(&units).for_each(|(there, units)| *there &= *units >= 0);
    Some(Vector { values: Values::Number { scale: 0, units }, present })
}

fn multiply(a: &Vector, b: &Vector) -> Option<Vector> {
    let Values::Number { scale: sa, units: ua } = &a.values else { return None };
    let Values::Number { scale: sb, units: ub } = &b.values else { return None };
    let scale = sa.checked_add(*sb).filter(|s| *s <= 18)?;
    let units: Option<Vec<i128>> = ua.iter().zip(ub).map(|(a, b)| a.checked_mul(*b)).collect();
    Some(Vector { values: Values::Number { scale, units: units? }, present: both(a, b) })
}

fn negate(a: &Vector) -> Option<Vector> {
    let Values::Number { scale, units } = &a.values else { return None };
    let units = units.iter().map(|u| -u).collect();
    Some(Vector { values: Values::Number { scale: *scale, units }, present: a.present.clone() })
}

fn compare(a: &Vector, b: &Vector, test: fn(std::cmp::Ordering) -> bool) -> Option<Vector> {
    let truths: Vec<bool> = match (&a.values, &b.values) {
        (Values::Date(x), Values::Date(y)) => {
            x.iter().zip(y).map(|(x, y)| test(x.cmp(y))).collect()
        }
        (Values::DateTime(x), Values::DateTime(y)) => {
            x.iter().zip(y).map(|(x, y)| test(x.cmp(y))).collect()
        }
        (Values::Bool(x), Values::Bool(y)) => {
            x.iter().zip(y).map(|(x, y)| test(x.cmp(y))).collect()
        }
        (Values::Number { .. }, Values::Number { .. }) => {
            let (_, x, y) = aligned(a, b)?;
            x.iter().zip(&y).map(|(x, y)| test(x.cmp(y))).collect()
        }
        // Codes of two dictionaries do not compare.
        _ => return None,
    };
    Some(Vector { values: Values::Bool(truths), present: both(a, b) })
}

/// Three-valued `and` (`all`) or `or`.
fn junction(args: &[Rc<Vector>], rows: usize, all: bool) -> Option<Vector> {
    let mut truths = vec![all; rows];
    let mut known = vec![true; rows];
    for arg in args {
        let Values::Bool(values) = &arg.values else { return None };
        for row in 0..rows {
            let (value, present) = (values[row], arg.present[row]);
            // The deciding value (false for and, true for or) wins over null.
            let decided = (known[row] && truths[row] != all) || (present && value != all);
            known[row] = decided || (known[row] && present);
            truths[row] = if decided { !all } else { all };
        }
    }
    for row in 0..rows {
        truths[row] &= known[row];
    }
    Some(Vector { values: Values::Bool(truths), present: known })
}
