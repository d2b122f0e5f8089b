//! What dated plan lines say of a period: who has one, what is reached of it, and whether parts add up to the whole.

use std::collections::BTreeSet;

use super::rows;
use super::targets::Targets;
use super::{Bench, Scope};
use crate::catalog::{ConfigRow, Dataset, PlanLines};
use crate::domain::{Day, Decimal, Id, Status, Value};
use crate::kinds::{PlanAsk, PlanBody};
use crate::measure::{Key, Measured, Member, Reason};
use crate::plan::Rule;

/// The answer of plans, with what lacks one by name.
pub(super) struct Planned {
    pub(super) measured: Measured,
    pub(super) lacking: Vec<Lacking>,
}

/// What lacks a plan: a member of a dimension.
pub(super) type Lacking = (Id, String);

pub(super) fn judge(bench: Bench<'_>, body: &PlanBody) -> Planned {
    let answer = match &body.ask {
        PlanAsk::Planned { metric, by, from_share, targets } => {
            planned(bench, body, metric, by, *from_share, targets)
        }
        PlanAsk::Attained { metric, slice } => attained(bench, metric, slice.as_ref()),
        PlanAsk::Covered { .. } => covered(bench, body),
    };
    answer.unwrap_or_else(|reason| Planned {
        measured: measured(Status::NoData, None, 0, reason),
        lacking: Vec::new(),
    })
}

fn measured(
    status: Status,
    parts: Option<(Decimal, Decimal)>,
    n: u64,
    reason: Option<Reason>,
) -> Measured {
    let share = parts.and_then(|(top, bottom)| top.checked_div(bottom, super::SCALE).ok());
    Measured {
        status,
        value: share.map_or(Value::Null, |share| Value::Number(share.trimmed(0))),
        n,
        numerator: parts.map(|(top, _)| top),
        denominator: parts.map(|(_, bottom)| bottom),
        in_scope: n,
        usable: n,
        unplaced: 0,
        coverage: None,
        gaps: Vec::new(),
        beside: Vec::new(),
        reason,
    }
}

/// The share of active members that have a plan.
fn planned(
    bench: Bench<'_>,
    body: &PlanBody,
    metric: &Id,
    by: &Id,
    from_share: Decimal,
    targets: &[Id],
) -> Result<Planned, Option<Reason>> {
    let active = active(bench, metric, by, from_share)?;
    if active.is_empty() {
        return Err(Some(Reason::NoRows { population: body.words.clone(), undeclared: None }));
    }
    let with = members_with_plan(bench, by, targets);
    let lacking: Vec<Lacking> =
        active.iter().filter(|m| !with.contains(*m)).map(|m| (by.clone(), m.clone())).collect();
    let (all, without) = (active.len() as u64, lacking.len() as u64);
    let parts = (Decimal::from(all - without), Decimal::from(all));
    Ok(Planned { measured: measured(Status::Ok, Some(parts), all, None), lacking })
}

/// The members that carry enough of a metric in the period.
fn active(
    bench: Bench<'_>,
    metric: &Id,
    by: &Id,
    from_share: Decimal,
) -> Result<BTreeSet<String>, Option<Reason>> {
    let values = bench.measurements.values.get(&Rule::Metric(metric.clone()));
    let values = values.ok_or(None)?;
    let total = values.get(&Key::total(bench.period));
    let here = values.iter().filter(|(key, _)| {
        key.period == *bench.period && key.slice.first().is_some_and(|(id, _)| id == by)
    });
    let mut members = BTreeSet::new();
    for (key, value) in here {
        let [(_, member)] = &key.slice[..] else { continue };
        match (member, value.status) {
            (_, Status::NotComputable | Status::Failed) => return Err(value.reason.clone()),
            (Member::Named(name), Status::Ok | Status::TooFew) => {
                let least = total.and_then(|t| t.value.number()).unwrap_or(Decimal::ZERO);
                let least = least.checked_mul(from_share).unwrap_or(Decimal::ZERO);
                let number = value.value.number().unwrap_or(Decimal::ZERO);
                if number > Decimal::ZERO && number >= least {
                    members.insert(name.to_string());
                }
            }
            _ => {}
        }
    }
    match total {
        Some(total) if members.is_empty() && !is_empty(total) && total.status != Status::Ok => {
            Err(total.reason.clone())
        }
        _ => Ok(members),
    }
}

fn is_empty(value: &Measured) -> bool {
    matches!(value.reason, Some(Reason::NoRows { .. }))
}

/// The members of a dimension that plan lines of the period name.
fn members_with_plan(bench: Bench<'_>, by: &Id, targets: &[Id]) -> BTreeSet<String> {
    let mut members = BTreeSet::new();
    for dataset in bench.catalog.datasets.values() {
        let Some(plan) = &dataset.plan_lines else { continue };
        let Some((column, _)) = plan.scope.iter().find(|(_, dimension)| dimension == by) else {
            continue;
        };
        for row in bench.catalog.rows.get(&dataset.id).into_iter().flatten() {
            let metric = dataset.cell(row, "line_key").and_then(Value::as_text);
            let wanted = targets.is_empty()
                || metric.is_some_and(|m| targets.iter().any(|t| is_same(bench, t, m)));
            if wanted && overlaps(bench, dataset, plan, row) {
                let member = dataset.cell(row, column.as_str()).and_then(Value::as_text);
                members.extend(member.map(str::to_owned));
            }
        }
    }
    members
}

/// Whether two ids name one metric.
fn is_same(bench: Bench<'_>, one: &Id, other: &str) -> bool {
    bench.catalog.computed_as(one.as_str()) == bench.catalog.computed_as(other)
}

fn overlaps(bench: Bench<'_>, dataset: &Dataset, plan: &PlanLines, row: &ConfigRow) -> bool {
    let day = |column: &Id| dataset.cell(row, column.as_str()).and_then(Value::day);
    let (starts, ends) = (day(&plan.from), day(&plan.to));
    let before = bench.period.to.zip(starts).is_some_and(|(to, starts)| starts > to);
    let behind = bench.period.from.zip(ends).is_some_and(|(from, ends)| ends < from);
    !before && !behind
}

/// What is reached of a metric's target.
fn attained(
    bench: Bench<'_>,
    id: &Id,
    slice: Option<&(Id, String)>,
) -> Result<Planned, Option<Reason>> {
    let metric = bench.catalog.metrics.get(id).ok_or(None)?;
    let slice = slice.map(|(d, m)| (d.clone(), Member::Named(m.as_str().into())));
    let key = Key { period: bench.period.clone(), slice: slice.into_iter().collect() };
    let values = bench.measurements.values.get(&Rule::Metric(id.clone())).ok_or(None)?;
    let value = values.get(&key).ok_or(None)?;
    let as_of = bench.measurements.as_of.day;
    let targets = Targets::of(bench.catalog, metric);
    let no_target = || Reason::NoTarget { metric: id.clone() };
    let target = targets.at(metric, &key, value, as_of).ok_or_else(|| Some(no_target()))?;
    let reached = target.attainment.ok_or_else(|| value.reason.clone())?;
    let number = value.value.number().unwrap_or(Decimal::ZERO);
    let mut measured = measured(Status::Ok, Some((number, target.value)), value.n, None);
    measured.value = Value::Number(reached);
    Ok(Planned { measured, lacking: Vec::new() })
}

/// How much of the wholes' targets those of their parts add up to.
fn covered(bench: Bench<'_>, body: &PlanBody) -> Result<Planned, Option<Reason>> {
    let PlanAsk::Covered { metric, whole, part, wholes, wholes_filter, parts, belongs } = &body.ask
    else {
        return Err(None);
    };
    let rule = bench.catalog.metrics.get(metric).ok_or(None)?;
    let targets = Targets::of(bench.catalog, rule);
    let (Some(from), Some(to)) = (bench.period.from, bench.period.to) else {
        return Err(Some(Reason::NoEnd));
    };
    let wanted = |dimension: &Id, member: &str, from: Day, to: Day| {
        let scope: Scope = vec![(dimension.clone(), member.to_owned())];
        targets.wanted(&scope, from, to)
    };
    let (mut top, mut bottom, mut lacking, mut n) = (Decimal::ZERO, Decimal::ZERO, Vec::new(), 0);
    for key in rows::keys_where(bench, wholes, *wholes_filter) {
        let Some(own) = wanted(whole, &key, from, to).filter(|own| *own > Decimal::ZERO) else {
            continue;
        };
        let mut sum = Decimal::ZERO;
        for one in rows::keys_with(bench, parts, belongs, &key) {
            let target = wanted(part, &one, from, to).unwrap_or(Decimal::ZERO);
            sum = sum.checked_add(target).map_err(|_| Some(Reason::Overflow))?;
        }
        n += 1;
        if sum < own {
            lacking.push((whole.clone(), key));
        }
        top = top.checked_add(sum.min(own)).map_err(|_| Some(Reason::Overflow))?;
        bottom = bottom.checked_add(own).map_err(|_| Some(Reason::Overflow))?;
    }
    if n == 0 {
        return Err(Some(Reason::NoTarget { metric: metric.clone() }));
    }
    let measured = measured(Status::Ok, Some((top, bottom)), n, None);
    Ok(Planned { measured, lacking })
}
