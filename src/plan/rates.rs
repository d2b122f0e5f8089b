//! Amounts of a rule at the rates of some day: its money columns become columns made of them.

use super::{Question, Rule};
use crate::catalog::{Catalog, RateAt};
use crate::domain::{Day, Id};
use crate::rel::{Arena, ColumnPath, Conversion, DayOf, ExprId, Node, Op, When};

/// Which day's rate the rows of a rule are converted at.
pub(super) fn day_of(
    catalog: &Catalog,
    arena: &Arena,
    question: &Question,
    rule: &Rule,
    time: Option<When>,
) -> DayOf {
    let metric = match rule {
        Rule::Metric(id) => catalog.metrics.get(id),
        Rule::Check(_) => None,
    };
    let at = metric.and_then(|m| m.rate_at.as_ref()).unwrap_or(&catalog.project.rate_at);
    let fixed = |day: Option<Day>| day.map_or(DayOf::Nowhere, DayOf::Day);
    match at {
        RateAt::Column(column) => DayOf::Column(column.clone()),
        RateAt::AsOf => fixed(question.as_of),
        RateAt::PeriodEnd => {
            let end = question.period.as_ref().and_then(|period| period.to);
            // Of a period that is not over, what is known.
            fixed(end.into_iter().chain(question.as_of).min())
        }
        RateAt::Time => match time {
            // A time that is not a column of the row itself is no day to go by.
            Some(When::At(expr)) => match &arena.get(expr).op {
                Op::Column(path) if !path.is_lookup() => DayOf::Column(path.base().clone()),
                _ => DayOf::Nowhere,
            },
            Some(When::Stay { .. }) | None => fixed(question.as_of),
        },
    }
}

/// The expression with the dataset's own amounts at the rates of a day.
pub(super) fn at_rates(
    catalog: &Catalog,
    arena: &mut Arena,
    dataset: &Id,
    day: &DayOf,
    expr: ExprId,
) -> ExprId {
    let Some(known) = catalog.datasets.get(dataset) else { return expr };
    arena.rewrite(expr, &mut |arena: &mut Arena, id| {
        let node = arena.get(id).clone();
        let Op::Column(path) = &node.op else { return None };
        let own = path.dataset == *dataset && !path.is_lookup();
        let column = known.column(path.base().as_str()).filter(|_| own)?;
        column.currency.as_ref()?;
        let made = Conversion { money: column.id.clone(), day: day.clone() }.id();
        let path = ColumnPath { dataset: dataset.clone(), steps: vec![made] };
        Some(arena.add(Node { op: Op::Column(path), ..node }))
    })
}
