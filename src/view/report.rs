//! A whole report.

use std::collections::{BTreeMap, BTreeSet};

use super::arrange::{arranged, has_course};
use super::checks as rules;
use super::contradictions::contradictions;
use super::facts::is_state;
use super::known::told;
use super::value::{Comparing, unit_word};
use super::{
    ChecksView, Facts, MetricValue, MetricView, MetricsView, Named, ProjectView, ReportView,
    SCHEMA, Table, TableRow, ValueView, Withheld, bridge, chart, feeds, frameworks, lede, tables,
    time,
};
use crate::catalog::{Check, Metric, Report};
use crate::domain::{Direction, Id, Period};
use crate::measure::Key;
use crate::plan::Rule;

/// The view of one report.
pub fn report(facts: &Facts<'_>, report: &Report) -> ReportView {
    let mut rules = shown(facts, report);
    rules.retain(|m| {
        let rule = Rule::Metric(facts.computed(m));
        facts
            .measurements
            .values
            .get(&rule)
            .is_some_and(|v| v.contains_key(&Key::total(facts.period)))
    });
    let courses: Vec<&Metric> =
        rules.iter().filter(|m| has_course(facts.catalog, report, &m.id)).copied().collect();
    let trend = tables::trend(facts, report, &courses);
    let (tables, sections) = arranged(facts, report, &rules);
    let metrics: Vec<MetricView> =
        rules.into_iter().filter_map(|m| metric(facts, m, trend.as_ref())).collect();
    let declared = report.frameworks.iter().filter_map(|id| facts.catalog.frameworks.get(id));
    let used: BTreeSet<&Id> = declared
        .clone()
        .flat_map(|f| &f.elements)
        .flat_map(|e| e.checks.iter().map(|c| &c.0))
        .collect();
    let used_checks = used.iter().filter_map(|id| facts.catalog.checks.get(*id));
    let checks: BTreeMap<_, _> = used_checks
        .filter_map(|rule| Some((rule.id.to_string(), rules::check(facts, rule)?)))
        .collect();
    ReportView {
        schema: SCHEMA,
        generator: concat!("Milepost ", env!("CARGO_PKG_VERSION")).to_owned(),
        project: project(facts),
        lede: lede::lede(facts, &metrics),
        report: Named { id: report.id.to_string(), title: report.title.clone() },
        as_of: time::as_of(facts.measurements.as_of),
        period: time::period(facts.period, facts.measurements.as_of.day),
        withheld: withheld(&metrics),
        tables,
        sections,
        metrics,
        trend,
        frameworks: declared.filter_map(|f| frameworks::framework(facts, f)).collect(),
        checks,
        feeds: feeds::feeds(facts),
        undeclared: feeds::undeclared(facts),
        contradictions: contradictions(facts),
        converted: feeds::converted(facts),
        findings: rules::findings(facts, &|id| used.contains(id)),
    }
}

/// The values of some metrics in some periods, in order of id, period and slice.
pub fn metrics(facts: &Facts<'_>, wanted: &[Id], periods: &[Period]) -> MetricsView {
    let wanted: BTreeSet<&Id> = wanted.iter().collect();
    let mut values = Vec::new();
    for metric in wanted.iter().filter_map(|id| facts.catalog.metrics.get(*id)) {
        let keys = facts.measurements.values.get(&Rule::Metric(facts.computed(metric)));
        let mut states = BTreeSet::new();
        let state = is_state(facts.catalog, metric);
        let mut comparing = Comparing::new(facts, metric);
        for key in keys.into_iter().flatten().map(|(key, _)| key) {
            // A state is the same in every period that was asked for.
            if !periods.contains(&key.period) || state && !states.insert(&key.slice) {
                continue;
            }
            let Some(value) = comparing.at(key) else { continue };
            let (id, title) = (metric.id.to_string(), metric.title.clone());
            values.push(MetricValue { id, title, value });
        }
    }
    let as_of = time::as_of(facts.measurements.as_of);
    MetricsView { project: project(facts), as_of, values, feeds: feeds::feeds(facts) }
}

/// All frameworks and checks of the run, or those of some frameworks.
pub fn checks(facts: &Facts<'_>, only: Option<&[Id]>) -> ChecksView {
    let wanted = |id: &Id| only.is_none_or(|list| list.contains(id));
    let declared: Vec<_> = facts.catalog.frameworks.values().filter(|f| wanted(&f.id)).collect();
    let used: BTreeSet<&Id> = declared
        .iter()
        .flat_map(|f| &f.elements)
        .flat_map(|e| e.checks.iter().map(|c| &c.0))
        .collect();
    let shown = |id: &Id| only.is_none() || used.contains(id);
    let told = |rule: &Check| !rule.contradiction || used.contains(&rule.id);
    let judged = facts.catalog.checks.values().filter(|c| shown(&c.id) && told(c));
    ChecksView {
        project: project(facts),
        as_of: time::as_of(facts.measurements.as_of),
        period: time::period(facts.period, facts.measurements.as_of.day),
        frameworks: declared.iter().filter_map(|f| frameworks::framework(facts, f)).collect(),
        checks: judged.filter_map(|rule| rules::check(facts, rule)).collect(),
        contradictions: contradictions(facts),
        findings: rules::findings(facts, &shown),
        feeds: feeds::feeds(facts),
    }
}

fn project(facts: &Facts<'_>) -> ProjectView {
    let project = &facts.catalog.project;
    ProjectView { name: project.name.clone(), currency: project.currency.code().to_owned() }
}

/// The report's metrics that the catalog has.
pub(super) fn shown<'a>(facts: &Facts<'a>, report: &Report) -> Vec<&'a Metric> {
    report.metrics.iter().filter_map(|id| facts.catalog.metrics.get(id)).collect()
}

fn metric(facts: &Facts<'_>, rule: &Metric, trend: Option<&Table>) -> Option<MetricView> {
    let value = told(facts, rule, &Key::total(facts.period))?;
    let course = trend.and_then(|table| {
        let at = table.metrics.iter().position(|m| rule.id == *m.id)?;
        Some(table.rows.iter().map(|row| cell_of(row, at)).collect::<Vec<_>>())
    });
    let spark = course.as_ref().and_then(|course| chart::spark(&rule.title, course));
    let line = course.as_ref().and_then(|course| chart::line(&rule.title, course));
    let waterfall = bridge::of(facts, rule, &value)
        .and_then(|bridged| chart::waterfall(&rule.title, &bridge::steps(&bridged)));
    Some(MetricView {
        id: rule.id.to_string(),
        title: rule.title.clone(),
        unit: unit_word(&rule.unit),
        better: match rule.better {
            Direction::Higher => "higher",
            Direction::Lower => "lower",
            Direction::Neither => "neither",
        },
        kind: rule.kind,
        question: rule.words.question.clone(),
        why: rule.words.why.clone(),
        doc: rule.words.doc.clone(),
        owner: rule.words.owner.clone(),
        source: rule.words.source.clone(),
        levers: rule.levers.clone(),
        definition: rule.written.clone(),
        place: facts.place(&rule.place),
        value,
        spark,
        line,
        waterfall,
    })
}

fn cell_of(row: &TableRow, at: usize) -> Option<&ValueView> {
    row.cells.get(at)?.as_ref().map(|cell| &cell.value)
}

fn withheld(metrics: &[MetricView]) -> Vec<Withheld> {
    let without = metrics.iter().filter(|m| m.value.status != "ok");
    let withheld = without.map(|m| Withheld {
        metric: m.id.clone(),
        title: m.title.clone(),
        text: m.value.text.text(),
        reason: m.value.reason.clone().unwrap_or_default(),
        place: m.place.clone(),
    });
    withheld.collect()
}
