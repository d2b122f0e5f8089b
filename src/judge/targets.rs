//! Targets: what dated plan lines want of a value, by scope.

use std::collections::BTreeMap;

use crate::catalog::{Catalog, ConfigRow, Dataset, Metric, PlanLines};
use crate::domain::{Day, Decimal, Direction, Id, Status};
use crate::measure::{Key, Measured, Member, Reason};

/// Dimension and member, in order of dimension; none for the whole.
pub type Scope = Vec<(Id, String)>;

/// A target for a value.
#[derive(Debug, Clone)]
pub struct Target {
    pub value: Decimal,
    /// Value ÷ target; target ÷ value where lower is better. None without a value.
    pub attainment: Option<Decimal>,
    /// The target is the period's share by days of a longer one's.
    pub pro_rata: bool,
    /// Of a period that is not over: value ÷ the target's share up to the as-of date.
    pub pace: Option<Decimal>,
    /// The rows that it is from, by name.
    pub plans: Vec<String>,
}

/// The plan lines of one metric, by scope.
#[derive(Debug, Default)]
pub struct Targets<'a> {
    lines: BTreeMap<Scope, Vec<Line<'a>>>,
    /// Targets of parts of a period add up to the period's.
    adds_up: bool,
    /// It is as things stand, whatever the period.
    state: bool,
}

#[derive(Debug, Clone, Copy)]
struct Line<'a> {
    from: Day,
    to: Day,
    value: Decimal,
    row: &'a ConfigRow,
    name: &'a str,
}

impl Line<'_> {
    fn is(&self, other: &Self) -> bool {
        std::ptr::eq(self.row, other.row)
    }
}

/// A target with the lines that it is from.
struct Found<'a> {
    value: Decimal,
    pro_rata: bool,
    lines: Vec<Line<'a>>,
}

impl<'a> Targets<'a> {
    pub fn of(catalog: &'a Catalog, metric: &Metric) -> Self {
        // A second name has the targets of the first, and the first those of the second.
        let own = catalog.computed_as(metric.id.as_str());
        let mut lines: BTreeMap<Scope, Vec<Line<'a>>> = BTreeMap::new();
        let adds_up = metric.body.adds_up_over_time(&catalog.arena);
        let population = metric.body.population.as_ref();
        let state = population.is_some_and(|population| population.time.is_none());
        if catalog.narrowed {
            return Self { lines, adds_up, state };
        }
        for dataset in catalog.datasets.values() {
            let Some(plan) = &dataset.plan_lines else { continue };
            for row in catalog.rows.get(&dataset.id).into_iter().flatten() {
                let Some((id, scope, line)) = line(dataset, plan, row) else { continue };
                if catalog.computed_as(id.as_str()) == own {
                    lines.entry(scope).or_default().push(line);
                }
            }
        }
        Self { lines, adds_up, state }
    }

    /// What is wanted of some days of a scope, in all.
    pub fn wanted(&self, scope: &Scope, from: Day, to: Day) -> Option<Decimal> {
        self.found(scope, from, to).map(|found| found.value)
    }

    fn found(&self, scope: &Scope, from: Day, to: Day) -> Option<Found<'a>> {
        let lines = self.lines.get(scope)?;
        if self.adds_up { summed(lines, from, to) } else { standing(lines, from, to) }
    }

    /// The target of a value; `as_of` is the date of the run, wherever it is from.
    pub fn at(
        &self,
        metric: &Metric,
        key: &Key,
        measured: &Measured,
        as_of: Option<Day>,
    ) -> Option<Target> {
        if self.lines.is_empty() {
            return None;
        }
        let named = |(dimension, member): &(Id, Member)| match member {
            Member::Named(name) => Some((dimension.clone(), name.to_string())),
            Member::Unset => None,
        };
        let mut scope = key.slice.iter().map(named).collect::<Option<Scope>>()?;
        scope.sort();
        // What has no period is as it is on the as-of date.
        let (from, to) = match (key.period.from, key.period.to) {
            (Some(from), Some(to)) => (from, to),
            _ if self.adds_up || !self.state => return None,
            _ => (as_of?, as_of?),
        };
        let found = self.found(&scope, from, to)?;
        let value = match measured.status {
            Status::Ok => measured.value.number(),
            // What nothing was added to has missed its target whole.
            Status::NoData if self.adds_up && is_empty(measured) => Some(Decimal::ZERO),
            _ => None,
        };
        let over = |target: Decimal| {
            let value = value.filter(|_| target > Decimal::ZERO)?;
            // Half the days that were allowed is twice what was wanted.
            let lower = metric.better == Direction::Lower;
            let (top, bottom) = if lower { (target, value) } else { (value, target) };
            top.checked_div(bottom, 6).ok()
        };
        let pace = match (self.adds_up, as_of) {
            (true, Some(on)) if on < to && on >= from => {
                by_days(found.value, from, on, from, to).and_then(over)
            }
            _ => None,
        };
        let mut plans: Vec<String> = found.lines.iter().map(|line| line.name.to_owned()).collect();
        plans.dedup();
        let (value, attainment) = (found.value, over(found.value));
        Some(Target { value, attainment, pro_rata: found.pro_rata, pace, plans })
    }
}

/// Whether there is no value because there are no rows, as far as anybody can tell.
fn is_empty(measured: &Measured) -> bool {
    matches!(measured.reason, Some(Reason::NoRows { undeclared: None, .. }))
}

/// A row of a plan: the metric that it is about, its scope, and the line.
fn line<'a>(
    dataset: &Dataset,
    plan: &PlanLines,
    row: &'a ConfigRow,
) -> Option<(Id, Scope, Line<'a>)> {
    let cell = |id: &str| dataset.cell(row, id);
    let metric = cell("line_key")?.as_text()?;
    let value = cell("line_value")?.number()?;
    let (from, to) = (cell(plan.from.as_str())?.day()?, cell(plan.to.as_str())?.day()?);
    let member = |(column, dimension): &(Id, Id)| {
        Some((dimension.clone(), cell(column.as_str())?.as_text()?.to_owned()))
    };
    let mut scope: Scope = plan.scope.iter().filter_map(member).collect();
    scope.sort();
    let name = cell("id")?.as_text()?;
    Some((Id::from(metric), scope, Line { from, to, value, row, name }))
}

/// Of what adds up: the line of just the period; else the lines that tile it, the longest first; else day by day the
/// share of the shortest line around, if every day has one.
fn summed<'a>(lines: &[Line<'a>], from: Day, to: Day) -> Option<Found<'a>> {
    let mut tiles = Vec::new();
    if tile(lines, from, to, &mut tiles) {
        let sum = tiles.iter().try_fold(Decimal::ZERO, |sum, line| sum.checked_add(line.value));
        return Some(Found { value: sum.ok()?, pro_rata: false, lines: tiles });
    }
    let (mut value, mut used, mut day) = (Decimal::ZERO, Vec::new(), from);
    while day <= to {
        let line = shortest(lines, day, day)?;
        // As long as the same line is the shortest, its days are one share.
        let mut last = day;
        while last < to
            && shortest(lines, Day(last.0 + 1), Day(last.0 + 1)).is_some_and(|l| l.is(line))
        {
            last = Day(last.0 + 1);
        }
        value = value.checked_add(by_days(line.value, day, last, line.from, line.to)?).ok()?;
        used.push(*line);
        day = Day(last.0 + 1);
    }
    Some(Found { value: value.trimmed(0), pro_rata: true, lines: used })
}

/// The shortest line around some days.
fn shortest<'l, 'a>(lines: &'l [Line<'a>], from: Day, to: Day) -> Option<&'l Line<'a>> {
    let around = lines.iter().filter(|line| line.from <= from && to <= line.to);
    around.min_by_key(|line| line.to.0 - line.from.0)
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

/// Of rates, averages and states: the shortest line around the whole period.
fn standing<'a>(lines: &[Line<'a>], from: Day, to: Day) -> Option<Found<'a>> {
    let line = shortest(lines, from, to)?;
    Some(Found { value: line.value, pro_rata: false, lines: vec![*line] })
}

/// The share of a value that some days of others have.
fn by_days(value: Decimal, from: Day, to: Day, whole_from: Day, whole_to: Day) -> Option<Decimal> {
    let days = |from: Day, to: Day| Decimal::from(i64::from(to.0) - i64::from(from.0) + 1);
    let part = value.checked_mul(days(from, to)).ok()?;
    part.checked_div(days(whole_from, whole_to), 6).ok().map(|share| share.trimmed(0))
}
