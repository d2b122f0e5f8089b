//! Small expressions and relations that kinds put together.

use super::{Body, Making, Population, Window};
use crate::domain::{Decimal, Id, Type, Unit, Value};
use crate::rel::{Aggregate, Arena, ExprId, Node, Op, Rel, When};

pub(super) fn node(
    arena: &mut Arena,
    op: Op,
    args: Vec<ExprId>,
    ty: Type,
    nullable: bool,
) -> ExprId {
    arena.add(Node { op, args, ty, nullable })
}

pub(super) fn is_null(arena: &mut Arena, arg: ExprId) -> ExprId {
    node(arena, Op::IsNull, vec![arg], Type::Boolean, false)
}

pub(super) fn not_null(arena: &mut Arena, arg: ExprId) -> ExprId {
    let null = is_null(arena, arg);
    node(arena, Op::Not, vec![null], Type::Boolean, false)
}

pub(super) fn number(arena: &mut Arena, value: Decimal) -> ExprId {
    node(arena, Op::Literal(Value::Number(value)), Vec::new(), Type::Number, false)
}

/// The value of another metric.
pub(super) fn metric(arena: &mut Arena, id: Id, unit: &Unit) -> ExprId {
    node(arena, Op::Metric(id), Vec::new(), unit.ty(), true)
}

/// `count(*) filter (where …)`.
pub(super) fn count_rows(arena: &mut Arena, filter: Option<ExprId>) -> ExprId {
    let op = Op::Aggregate { function: Aggregate::CountRows, filter };
    node(arena, op, Vec::new(), Type::Integer, false)
}

pub(super) fn aggregate(arena: &mut Arena, function: Aggregate, arg: ExprId, ty: Type) -> ExprId {
    let op = Op::Aggregate { function, filter: None };
    node(arena, op, vec![arg], ty, true)
}

pub(super) fn conjunction(arena: &mut Arena, parts: Vec<ExprId>) -> Option<ExprId> {
    if parts.len() < 2 {
        return parts.into_iter().next();
    }
    let nullable = parts.iter().any(|p| arena.get(*p).nullable);
    Some(node(arena, Op::And, parts, Type::Boolean, nullable))
}

/// The quotient; money by anything but money stays money.
pub(super) fn quotient(arena: &mut Arena, top: ExprId, bottom: ExprId) -> ExprId {
    let ty = match (arena.get(top).ty, arena.get(bottom).ty) {
        (Type::Money(currency), Type::Integer | Type::Number) => Type::Money(currency),
        _ => Type::Number,
    };
    node(arena, Op::Divide, vec![top, bottom], ty, true)
}

/// Rows of a population, cubed: the aggregates inside `trees` become leaves.
pub(super) struct Cubed {
    pub(super) rel: Rel,
    pub(super) trees: Vec<ExprId>,
    /// Whether an aggregate is a mean or a percentile.
    pub(super) averages: bool,
}

pub(super) fn cube(arena: &mut Arena, input: Rel, time: Option<When>, trees: &[ExprId]) -> Cubed {
    let mut aggregates: Vec<ExprId> = Vec::new();
    let mut averages = false;
    let mut cut = |arena: &mut Arena, id: ExprId| {
        let found = arena.get(id).clone();
        let Op::Aggregate { function, .. } = &found.op else { return None };
        averages |= matches!(function, Aggregate::Avg | Aggregate::Percentile(_));
        let at = aggregates.iter().position(|a| *a == id).unwrap_or_else(|| {
            aggregates.push(id);
            aggregates.len() - 1
        });
        let op = Op::Leaf(u32::try_from(at).unwrap_or(u32::MAX));
        Some(node(arena, op, Vec::new(), found.ty, found.nullable))
    };
    let trees = trees.iter().map(|t| arena.rewrite(*t, &mut cut)).collect();
    let rel = Rel::Cube { input: Box::new(input), time, aggregates };
    Cubed { rel, trees, averages }
}

/// A value of a cube: its first tree.
pub(super) fn over_rows(population: Population, cubed: Cubed) -> Body {
    Body {
        population: Some(population),
        rel: Some(cubed.rel),
        value: cubed.trees[0],
        numerator: None,
        denominator: None,
        beside: Vec::new(),
        making: Making::Tree,
        sampled: cubed.averages,
    }
}

/// The rows of a population.
pub(super) fn rows(population: &Population) -> Rel {
    let feed = Rel::Feed { dataset: population.dataset.clone() };
    match population.filter {
        Some(keep) => Rel::Filter { input: Box::new(feed), keep },
        None => feed,
    }
}

/// A ratio of two aggregate expressions over one population.
pub(super) fn ratio(
    arena: &mut Arena,
    population: Population,
    input: Rel,
    top: ExprId,
    bottom: ExprId,
) -> Body {
    let cubed = cube(arena, input, population.time, &[top, bottom]);
    let sums = match &cubed.rel {
        Rel::Cube { aggregates, .. } => sums(arena, aggregates),
        _ => Vec::new(),
    };
    // A sum of no rows of a population that has some is nothing, not unknown.
    let whole = |arena: &mut Arena, tree| or_zero(arena, tree, &sums);
    let (top, bottom) = (whole(arena, cubed.trees[0]), whole(arena, cubed.trees[1]));
    Body {
        population: Some(population),
        rel: Some(cubed.rel),
        value: quotient(arena, top, bottom),
        numerator: Some(top),
        denominator: Some(bottom),
        beside: Vec::new(),
        making: Making::Tree,
        sampled: true,
    }
}

/// Which leaves are sums.
fn sums(arena: &Arena, aggregates: &[ExprId]) -> Vec<bool> {
    let is_sum =
        |id: &ExprId| matches!(arena.get(*id).op, Op::Aggregate { function: Aggregate::Sum, .. });
    aggregates.iter().map(is_sum).collect()
}

fn or_zero(arena: &mut Arena, tree: ExprId, sums: &[bool]) -> ExprId {
    arena.rewrite(tree, &mut |arena: &mut Arena, id| {
        let found = arena.get(id).clone();
        let Op::Leaf(leaf) = found.op else { return None };
        if !sums.get(leaf as usize).copied().unwrap_or(false) {
            return None;
        }
        let zero = number(arena, Decimal::ZERO);
        Some(node(arena, Op::Coalesce, vec![id, zero], found.ty, false))
    })
}

/// Another metric over a longer period.
pub(super) fn over_window(arena: &mut Arena, id: Id, unit: &Unit, window: Window) -> Body {
    let value = metric(arena, id, unit);
    Body { making: Making::Window(window), ..over_metrics(value) }
}

/// Arithmetic over metrics.
pub(super) fn over_metrics(value: ExprId) -> Body {
    let (population, rel, numerator, denominator) = (None, None, None, None);
    let (beside, making) = (Vec::new(), Making::Tree);
    Body { population, rel, value, numerator, denominator, beside, making, sampled: false }
}
