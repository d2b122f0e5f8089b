//! Metrics as columns, over periods and over members.

use std::collections::BTreeSet;

use super::facts::{has_past, is_change};
use super::needs::buckets;
use super::report::shown;
use super::value::{compared, member};
use super::words::say;
use super::{Facts, Named, Table, TableRow, ValueView, time};
use crate::catalog::{Metric, Report};
use crate::domain::Id;
use crate::measure::{Key, Member};
use crate::plan::Rule;

fn cells(facts: &Facts<'_>, metrics: &[&Metric], key: &Key) -> Vec<Option<ValueView>> {
    metrics.iter().map(|m| compared(facts, m, key)).collect()
}

/// Metrics by the last buckets of time. What is open today says nothing of an earlier month, so states have
/// no column.
pub(super) fn trend(facts: &Facts<'_>, report: &Report) -> Option<Table> {
    let as_of = facts.measurements.as_of.day;
    let mut metrics = shown(facts, report);
    metrics.retain(|m| has_past(facts.catalog, m) && !is_change(m));
    let periods = buckets(facts.catalog, report.grain, report.last, facts.period, as_of);
    if metrics.is_empty() || periods.is_empty() {
        return None;
    }
    let rows = periods.iter().map(|p| {
        let view = time::period(p, as_of);
        let cells = cells(facts, &metrics, &Key::total(p));
        TableRow { labels: vec![view.text()], complete: view.complete, cells }
    });
    let title = say(&format!("grain.{}", report.grain.word()), &[]);
    let heads = vec![title.clone()];
    Some(drawn(title, heads, &metrics, rows.collect()))
}

/// Metrics by the members of a crossing in the report's period.
pub(super) fn table(facts: &Facts<'_>, report: &Report, by: &[Id]) -> Table {
    let heads: Vec<String> = by
        .iter()
        .map(|id| match facts.catalog.dimensions.get(id) {
            Some(dimension) => dimension.title.clone(),
            None => id.to_string(),
        })
        .collect();
    let mut slices: BTreeSet<Vec<(Id, Member)>> = BTreeSet::new();
    let mut metrics = shown(facts, report);
    metrics.retain(|m| !is_change(m));
    for metric in &metrics {
        let rule = Rule::Metric(facts.computed(metric));
        let here = facts.measurements.by(&rule, by).filter(|(k, _)| k.period == *facts.period);
        slices.extend(here.map(|(key, _)| key.slice.clone()).filter(|s| !s.is_empty()));
    }
    let mut slices: Vec<_> = slices
        .into_iter()
        .map(|slice| {
            let label = |(dimension, m): &(Id, Member)| {
                let view = member(facts, dimension, m);
                let declared = view.member.as_deref();
                let declared = declared.and_then(|name| facts.declared_member(dimension, name));
                let place = declared.map_or(usize::MAX, |(place, _)| place);
                (view.member.is_none(), place, view.text)
            };
            (slice.iter().map(label).collect::<Vec<_>>(), slice)
        })
        .collect();
    // As declared, then by what people read; the rows without a member last.
    slices.sort();
    let rows = slices.into_iter().map(|(labels, slice)| {
        let labels = labels.into_iter().map(|(.., text)| text).collect();
        let key = Key { period: facts.period.clone(), slice };
        TableRow { labels, complete: true, cells: cells(facts, &metrics, &key) }
    });
    drawn(heads.join(" × "), heads, &metrics, rows.collect())
}

fn drawn(title: String, heads: Vec<String>, metrics: &[&Metric], rows: Vec<TableRow>) -> Table {
    let named = |m: &&Metric| Named { id: m.id.to_string(), title: m.title.clone() };
    let metrics: Vec<Named> = metrics.iter().map(named).collect();
    let notes = notes(&metrics, &rows);
    Table { title, heads, metrics, rows, notes }
}

/// Why cells are withheld: one sentence for all metrics with the same reasons.
fn notes(metrics: &[Named], rows: &[TableRow]) -> Vec<String> {
    let mut told: Vec<(String, String, usize, Vec<&str>)> = Vec::new();
    for (at, metric) in metrics.iter().enumerate() {
        let reasons = rows.iter().filter_map(|row| {
            let cell = row.cells.get(at)?.as_ref()?;
            let withheld = matches!(cell.status, "not-computable" | "failed");
            Some((cell.reason.clone().filter(|_| withheld)?, row.labels.join(", ")))
        });
        let reasons: Vec<_> = reasons.collect();
        let Some((first, label)) = reasons.first().cloned() else { continue };
        let others = reasons.iter().filter(|(reason, _)| *reason != first).count();
        let same = told.iter_mut().find(|(r, _, n, _)| *r == first && *n == others);
        match same {
            Some((.., titles)) => titles.push(&metric.title),
            None => told.push((first, label, others, vec![&metric.title])),
        }
    }
    let note = |(reason, label, others, titles): (String, String, usize, Vec<&str>)| {
        let (metrics, n) = (titles.join(", "), others.to_string());
        let fill =
            [("metrics", metrics.as_str()), ("reason", &reason), ("where", &label), ("n", &n)];
        if others == 0 { say("table.withheld", &fill) } else { say("table.withheld-more", &fill) }
    };
    told.into_iter().map(note).collect()
}
