//! What a report or a run of checks must ask the plan for.

use std::collections::BTreeSet;

use super::arrange::{crossings, has_course};
use super::facts::{has_past, is_state};
use crate::catalog::{Catalog, Check, Metric, Report};
use crate::domain::{Calendar, Day, Grain, Id, Period};
use crate::kinds::{CheckSource, Span};
use crate::measure::AsOf;
use crate::plan::{Ask, Rule};

/// All that a report shows: totals of the period, the one before and the year before; the last buckets of its
/// grain; slices by each crossing; and the checks of its frameworks.
pub fn needs(catalog: &Catalog, report: &Report, period: &Period, as_of: AsOf) -> Vec<Ask> {
    let earlier_too = with_earlier(catalog, std::slice::from_ref(period), as_of.told());
    let buckets = buckets(catalog, report.grain, report.last, period, as_of.day);
    let totals = once(earlier_too.iter().cloned().chain(buckets).collect());
    let mut asks = Vec::new();
    for metric in &report.metrics {
        let past = catalog.metrics.get(metric).is_some_and(|m| has_past(catalog, m));
        let periods = match (past, has_course(catalog, report, metric)) {
            (true, true) => totals.clone(),
            (true, false) => earlier_too.clone(),
            (false, _) => vec![period.clone()],
        };
        let rule = Rule::Metric(metric.clone());
        asks.push(Ask { rule: rule.clone(), periods, by: vec![Vec::new()] });
        let by = crossings(report, metric);
        if !by.is_empty() {
            asks.push(Ask { rule, periods: vec![period.clone()], by });
        }
    }
    let frameworks = report.frameworks.iter().filter_map(|id| catalog.frameworks.get(id));
    let elements = frameworks.flat_map(|f| &f.elements);
    let of_data = catalog.checks.values().filter(|check| check.contradiction).map(|c| &c.id);
    let checks = elements.flat_map(|e| e.checks.iter().map(|(id, _)| id));
    let checks: BTreeSet<&Id> = checks.chain(of_data).collect();
    asks.extend(check_needs(catalog, checks, period));
    asks
}

/// Some metrics in some periods and crossings, with what their changes are told from.
pub fn metric_needs(
    catalog: &Catalog,
    metrics: &[Id],
    periods: &[Period],
    by: &[Vec<Id>],
    as_of: Option<Day>,
) -> Vec<Ask> {
    let rules = metrics.iter().filter_map(|id| catalog.metrics.get(id));
    let ask = |metric: &Metric| Ask {
        rule: Rule::Metric(metric.id.clone()),
        // A state has no past: it is what it is at the run's date.
        periods: if is_state(catalog, metric) {
            periods.last().cloned().into_iter().collect()
        } else if has_past(catalog, metric) {
            with_earlier(catalog, periods, as_of)
        } else {
            periods.to_vec()
        },
        by: by.to_vec(),
    };
    rules.map(ask).collect()
}

/// Each period, the one before it and the same a year before; of one that is not over, both up to the same point.
fn with_earlier(catalog: &Catalog, periods: &[Period], as_of: Option<Day>) -> Vec<Period> {
    let calendar = &catalog.project.calendar;
    let three = |p: &Period| {
        let earlier = earlier(p, calendar, as_of).map(|pair| pair.map(|(period, _)| period));
        std::iter::once(p.clone()).chain(earlier.into_iter().flatten())
    };
    once(periods.iter().flat_map(three).collect())
}

/// An earlier period, and whether it goes up to the same point only.
pub(super) type Earlier = Option<(Period, bool)>;

/// What a period is compared with: the one before and the same a year before.
pub(super) fn earlier(period: &Period, calendar: &Calendar, as_of: Option<Day>) -> [Earlier; 2] {
    let point = |earlier: Period| match as_of.and_then(|on| period.same_point(&earlier, on)) {
        Some(part) => (part, true),
        None => (earlier, false),
    };
    [period.prior(calendar).map(point), period.year_before(calendar).map(point)]
}

fn once(mut periods: Vec<Period>) -> Vec<Period> {
    let mut seen = BTreeSet::new();
    periods.retain(|p| seen.insert(p.clone()));
    periods
}

/// The values of checks, and of the metrics that they compare.
pub fn check_needs<'a>(
    catalog: &Catalog,
    checks: impl IntoIterator<Item = &'a Id>,
    period: &Period,
) -> Vec<Ask> {
    let rules = checks.into_iter().filter_map(|id| catalog.checks.get(id));
    rules.flat_map(|check| asks_of(catalog, check, period)).collect()
}

fn asks_of(catalog: &Catalog, check: &Check, period: &Period) -> Vec<Ask> {
    let (metrics, slice) = match &check.body.source {
        CheckSource::Answer { shown_by, .. } => {
            let shown_by = shown_by.as_ref().and_then(|id| catalog.checks.get(id));
            return shown_by.map(|check| asks_of(catalog, check, period)).unwrap_or_default();
        }
        CheckSource::Plans(plans) => {
            let (rule, by) = (Rule::Metric(plans.ask.metric().clone()), plans.ask.by());
            return vec![Ask { rule, periods: vec![period.clone()], by }];
        }
        CheckSource::Rows(_) => (Vec::new(), None),
        CheckSource::Metrics { body, slice } => {
            (body.metrics(&catalog.arena), slice.as_ref().map(|(dimension, _)| dimension))
        }
    };
    let periods = vec![match check.body.span {
        Span::Report => period.clone(),
        Span::All => Period::all(),
    }];
    let by = vec![slice.into_iter().cloned().collect()];
    let mut rules = vec![Rule::Check(check.id.clone())];
    rules.extend(metrics.into_iter().map(Rule::Metric));
    let ask = |rule| Ask { rule, periods: periods.clone(), by: by.clone() };
    rules.into_iter().map(ask).collect()
}

/// The last buckets of a grain up to the period's end, oldest first.
pub fn buckets(
    catalog: &Catalog,
    grain: Grain,
    last: u32,
    period: &Period,
    as_of: Option<Day>,
) -> Vec<Period> {
    let calendar = &catalog.project.calendar;
    let Some(end) = period.to.or(as_of) else { return Vec::new() };
    let newest = (last > 0).then(|| Period::of(end, grain, calendar));
    let chain = std::iter::successors(newest, |bucket| bucket.prior(calendar));
    let mut buckets: Vec<Period> = chain.take(last as usize).collect();
    buckets.reverse();
    buckets
}
