//! Targets: what dated plan lines want of a value, by scope.

use std::collections::BTreeMap;

use super::number::{self, none, shown};
use super::{Facts, TargetView};
use crate::catalog::{ConfigRow, Dataset, Metric, PlanLines};
use crate::domain::{Day, Decimal, Id, Status, Value};
use crate::measure::{Key, Measured, Member};

/// Dimension and member; none for the whole.
type Scope = Vec<(Id, String)>;

/// The plan lines of one metric, by scope.
#[derive(Debug, Default)]
pub(super) struct Targets<'a> {
    lines: BTreeMap<Scope, Vec<Line<'a>>>,
    /// Targets of parts of a period add up to the period's.
    adds_up: bool,
}

#[derive(Debug, Clone, Copy)]
struct Line<'a> {
    from: Day,
    to: Day,
    value: Decimal,
    row: &'a ConfigRow,
    name: usize,
}

/// A target with the lines that it is from.
struct Found<'a> {
    value: Decimal,
    pro_rata: bool,
    lines: Vec<Line<'a>>,
}

impl<'a> Targets<'a> {
    pub(super) fn of(facts: &Facts<'a>, metric: &Metric) -> Self {
        let catalog = facts.catalog;
        // A second name has the targets of the first, and the first those of the second.
        let first = |id: &Id| {
            let named = catalog.metrics.get(id).and_then(|m| m.alias_of.clone());
            named.unwrap_or_else(|| id.clone())
        };
        let own = first(&metric.id);
        let mut lines: BTreeMap<Scope, Vec<Line<'a>>> = BTreeMap::new();
        for dataset in catalog.datasets.values() {
            let Some(plan) = &dataset.plan_lines else { continue };
            for row in catalog.rows.get(&dataset.id).into_iter().flatten() {
                let Some((id, scope, line)) = line(dataset, plan, row) else { continue };
                if first(&id) == own {
                    lines.entry(scope).or_default().push(line);
                }
            }
        }
        let adds_up = metric.body.adds_up_over_time(&catalog.arena);
        Self { lines, adds_up }
    }

    /// The target of a value.
    pub(super) fn at(
        &self,
        facts: &Facts<'_>,
        metric: &Metric,
        key: &Key,
        measured: &Measured,
    ) -> Option<TargetView> {
        if self.lines.is_empty() {
            return None;
        }
        let named = |(dimension, member): &(Id, Member)| match member {
            Member::Named(name) => Some((dimension.clone(), name.to_string())),
            Member::Unset => None,
        };
        let mut scope = key.slice.iter().map(named).collect::<Option<Scope>>()?;
        scope.sort();
        let lines = self.lines.get(&scope)?;
        let as_of = facts.measurements.as_of.day;
        // What has no period is as it is on the as-of date.
        let (from, to) = match (key.period.from, key.period.to) {
            (Some(from), Some(to)) => (from, to),
            _ if self.adds_up => return None,
            _ => (as_of?, as_of?),
        };
        let found = match self.adds_up {
            true => summed(lines, from, to),
            false => standing(lines, to),
        }?;
        let value = match measured.status {
            Status::Ok => measured.value.number(),
            _ => None,
        };
        let over = |target: Decimal| {
            let ratio = value.filter(|_| target > Decimal::ZERO)?.checked_div(target, 6);
            ratio.ok()
        };
        let pace = match (self.adds_up, as_of) {
            (true, Some(on)) if on < to && on >= from => {
                by_days(found.value, from, on, from, to).and_then(over)
            }
            _ => None,
        };
        let names = found.lines.iter().filter_map(|line| line.row.values.get(line.name));
        let mut plans: Vec<String> = names.map(ToString::to_string).collect();
        plans.dedup();
        Some(TargetView {
            value: shown(&Value::Number(found.value), &metric.unit),
            attainment: over(found.value).map_or_else(none, number::ratio),
            pro_rata: found.pro_rata,
            pace: pace.map_or_else(none, number::ratio),
            plans,
        })
    }
}

/// A row of a plan: the metric that it is about, its scope, and the line.
fn line<'a>(
    dataset: &Dataset,
    plan: &PlanLines,
    row: &'a ConfigRow,
) -> Option<(Id, Scope, Line<'a>)> {
    let at = |id: &Id| dataset.columns.iter().position(|column| column.id == *id);
    let cell = |id: &Id| row.values.get(at(id)?);
    let metric = cell(&Id::from("line_key"))?.as_text()?;
    let value = cell(&Id::from("line_value"))?.number()?;
    let (from, to) = (cell(&plan.from)?.day()?, cell(&plan.to)?.day()?);
    let member = |(column, dimension): &(Id, Id)| {
        Some((dimension.clone(), cell(column)?.as_text()?.to_owned()))
    };
    let mut scope: Scope = plan.scope.iter().filter_map(member).collect();
    scope.sort();
    let name = at(&Id::from("id"))?;
    Some((Id::from(metric), scope, Line { from, to, value, row, name }))
}

/// Of what adds up: the lines that tile the period, the longest first; else its share by days of the shortest line
/// around it.
fn summed<'a>(lines: &[Line<'a>], from: Day, to: Day) -> Option<Found<'a>> {
    let mut tiles = Vec::new();
    if tile(lines, from, to, &mut tiles) {
        let sum = tiles.iter().try_fold(Decimal::ZERO, |sum, line| sum.checked_add(line.value));
        return Some(Found { value: sum.ok()?, pro_rata: false, lines: tiles });
    }
    let around = lines.iter().filter(|line| line.from <= from && to <= line.to);
    let line = around.min_by_key(|line| line.to.0 - line.from.0)?;
    let value = by_days(line.value, from, to, line.from, line.to)?;
    Some(Found { value, pro_rata: true, lines: vec![*line] })
}

/// Whether lines follow each other from day to day through the period; those that do are left in `tiles`.
fn tile<'a>(lines: &[Line<'a>], from: Day, to: Day, tiles: &mut Vec<Line<'a>>) -> bool {
    if from > to {
        return true;
    }
    let mut next: Vec<&Line<'a>> =
        lines.iter().filter(|line| line.from == from && line.to <= to).collect();
    next.sort_by_key(|line| std::cmp::Reverse(line.to));
    for line in next {
        tiles.push(*line);
        if tile(lines, Day(line.to.0 + 1), to, tiles) {
            return true;
        }
        tiles.pop();
    }
    false
}

/// Of rates, averages and states: the shortest line that holds the last day.
fn standing<'a>(lines: &[Line<'a>], day: Day) -> Option<Found<'a>> {
    let around = lines.iter().filter(|line| line.from <= day && day <= line.to);
    let line = around.min_by_key(|line| line.to.0 - line.from.0)?;
    Some(Found { value: line.value, pro_rata: false, lines: vec![*line] })
}

/// The share of a value that some days of others have.
fn by_days(value: Decimal, from: Day, to: Day, whole_from: Day, whole_to: Day) -> Option<Decimal> {
    let days = |from: Day, to: Day| Decimal::from(i64::from(to.0) - i64::from(from.0) + 1);
    let part = value.checked_mul(days(from, to)).ok()?;
    part.checked_div(days(whole_from, whole_to), 6).ok().map(|share| share.trimmed(0))
}
