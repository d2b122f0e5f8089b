//! Metrics as columns, over periods and over members.

use std::collections::BTreeSet;

use super::chart::percent_of;
use super::facts::{has_past, is_change, is_state};
use super::known::{outside, told};
use super::needs::buckets;
use super::number;
use super::value::{goodness, is_small, member, of_what};
use super::words::say;
use super::{AgainstView, Facts, Named, Table, TableCell, TableRow, ValueView, time};
use crate::catalog::{Metric, Report};
use crate::domain::{Decimal, Id, Unit};
use crate::measure::{Key, Member};
use crate::plan::Rule;

fn cells(facts: &Facts<'_>, metrics: &[&Metric], key: &Key) -> Vec<Option<TableCell>> {
    let cell = |m: &&Metric| told(facts, m, key).map(|value| TableCell { value, against: None });
    metrics.iter().map(cell).collect()
}

/// Metrics by the last buckets of time. What is open today says nothing of an earlier month, so states have
/// no column.
pub(super) fn trend(facts: &Facts<'_>, report: &Report, metrics: &[&Metric]) -> Option<Table> {
    let as_of = facts.measurements.as_of.day;
    let mut metrics = metrics.to_vec();
    metrics.retain(|m| has_past(facts.catalog, m) && !is_change(m));
    let periods = buckets(facts.catalog, report.grain, report.last, facts.period, as_of);
    if metrics.is_empty() || periods.is_empty() {
        return None;
    }
    let rows = periods.iter().map(|p| {
        let view = time::period(p, as_of);
        let mut cells = cells(facts, &metrics, &Key::total(p));
        for (cell, metric) in cells.iter_mut().zip(&metrics) {
            let nothing = cell.as_ref().is_some_and(|cell| cell.value.n.is_zero());
            if nothing && outside(facts, metric, p).is_some() {
                *cell = None;
            }
        }
        TableRow { labels: vec![view.text()], complete: view.complete, whole: false, cells }
    });
    let title = say(&format!("grain.{}", report.grain.word()), &[]);
    let heads = vec![title.clone()];
    Some(drawn(title, heads, &metrics, rows.collect()))
}

type Slice = Vec<(Id, Member)>;

/// Metrics by the members of a crossing in the report's period, each group of rows below the whole that it is part of.
pub(super) fn table(facts: &Facts<'_>, metrics: &[&Metric], by: &[Id]) -> Table {
    let title = |id: &Id| match facts.catalog.dimensions.get(id) {
        Some(dimension) => dimension.title.clone(),
        None => id.to_string(),
    };
    let heads: Vec<String> = by.iter().map(title).collect();
    let mut metrics = metrics.to_vec();
    metrics.retain(|m| !is_change(m));
    let mut rows: Vec<TableRow> = Vec::new();
    let mut whole: Option<Slice> = None;
    // What is nowhere to be found as things stand needs no row; what did not happen does.
    let states = metrics.iter().all(|metric| is_state(facts.catalog, metric));
    let shown = |(_, slice): &(Vec<String>, Slice)| {
        let key = Key { period: facts.period.clone(), slice: slice.clone() };
        !states || cells(facts, &metrics, &key).iter().flatten().any(|cell| !cell.value.n.is_zero())
    };
    for (labels, slice) in slices(facts, &metrics, by).into_iter().filter(shown) {
        let above = slice[..slice.len() - 1].to_vec();
        if whole.as_ref() != Some(&above) {
            let key = Key { period: facts.period.clone(), slice: above.clone() };
            let mut labels = labels[..above.len()].to_vec();
            labels.push(say("table.all", &[]));
            let cells = cells(facts, &metrics, &key);
            rows.push(TableRow { labels, complete: true, whole: true, cells });
            whole = Some(above);
        }
        let key = Key { period: facts.period.clone(), slice };
        let mut cells = cells(facts, &metrics, &key);
        if let Some(above) = rows.iter().rev().find(|row| row.whole) {
            for ((cell, over), metric) in cells.iter_mut().zip(&above.cells).zip(&metrics) {
                let pair = cell.as_mut().zip(over.as_ref());
                let Some((cell, over)) = pair else { continue };
                cell.against = against(facts, metric, &cell.value, &over.value);
            }
        }
        rows.push(TableRow { labels, complete: true, whole: false, cells });
    }
    drawn(heads.join(" × "), heads, &metrics, rows)
}

/// The members of a crossing that any of the metrics has, with their labels: as declared, then by what people read,
/// the rows without a member last.
fn slices(facts: &Facts<'_>, metrics: &[&Metric], by: &[Id]) -> Vec<(Vec<String>, Slice)> {
    let mut slices: BTreeSet<Slice> = BTreeSet::new();
    for metric in metrics {
        let rule = Rule::Metric(facts.computed(metric));
        let here = facts.measurements.by(&rule, by).filter(|(k, _)| k.period == *facts.period);
        slices.extend(here.map(|(key, _)| key.slice.clone()).filter(|s| !s.is_empty()));
    }
    let label = |(dimension, m): &(Id, Member)| {
        let view = member(facts, dimension, m);
        let declared = view.member.as_deref();
        let declared = declared.and_then(|name| facts.declared_member(dimension, name));
        let place = declared.map_or(usize::MAX, |(place, _)| place);
        (view.member.is_none(), place, view.text)
    };
    let mut labelled: Vec<_> = slices
        .into_iter()
        .map(|slice| (slice.iter().map(label).collect::<Vec<_>>(), slice))
        .collect();
    labelled.sort();
    let texts = |labels: Vec<(bool, usize, String)>| labels.into_iter().map(|(.., text)| text);
    labelled.into_iter().map(|(labels, slice)| (texts(labels).collect(), slice)).collect()
}

/// A part beside its whole; none where either has no value.
fn against(
    facts: &Facts<'_>,
    metric: &Metric,
    part: &ValueView,
    whole: &ValueView,
) -> Option<AgainstView> {
    let ok = part.status == "ok" && whole.status == "ok";
    let (part, whole) = part.value.number().zip(whole.value.number()).filter(|_| ok)?;
    // Of a longer period, what adds up is told by what it is the sum of.
    if of_what(facts, &metric.body).adds_up(&facts.catalog.arena) {
        let share = part.checked_div(whole, 6).ok().filter(|s| *s >= Decimal::ZERO)?;
        let (text, bar) = (number::share(Some(share)).text(), percent_of(share));
        return Some(AgainstView { text, bar: Some(bar), goodness: "neutral" });
    }
    let points = metric.unit == Unit::Ratio;
    let off = super::value::change(part, whole, points)?;
    let sign = if off.is_zero() {
        "flat"
    } else if off.is_negative() {
        "down"
    } else {
        "up"
    };
    let change = number::change(off, points).text();
    let text = format!("{}{change}", say(&format!("sign.{sign}"), &[]));
    let goodness = if is_small(off) { "neutral" } else { goodness(metric.better, sign) };
    Some(AgainstView { text, bar: None, goodness })
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
            let cell = &row.cells.get(at)?.as_ref()?.value;
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
