//! `milepost.metrics/1` and the table of `metrics`.

use std::collections::BTreeMap;

use super::feeds::feed;
use super::json::{self, Json, list, maybe, object, raw, text, texts};
use super::table::{self, Align, Cell};
use crate::view::{
    AsOfView, Comparison, FigureView, MetricValue, MetricsView, PeriodView, TargetView, ValueView,
    say,
};

/// The JSON of `metrics`.
pub fn metrics_json(view: &MetricsView) -> String {
    let parts = [
        ("schema", text("milepost.metrics/1")),
        ("project", text(&view.project.name)),
        ("currency", text(&view.project.currency)),
        ("as_of", as_of(&view.as_of)),
        ("feeds", list(&view.feeds, feed)),
    ];
    json::pretty_list(&parts, "metrics", view.values.iter().map(metric))
}

pub(super) fn as_of(as_of: &AsOfView) -> Json<'_> {
    object([("date", maybe(as_of.date.as_deref())), ("from", maybe(as_of.from))])
}

pub(super) fn period(period: &PeriodView) -> Json<'_> {
    let [from, to] = period.ends();
    object([
        ("label", text(period.label())),
        ("from", from.map_or(Json::Null, Json::from)),
        ("to", to.map_or(Json::Null, Json::from)),
        ("complete", Json::Bool(period.complete)),
    ])
}

pub(super) fn metric(metric: &MetricValue) -> Json<'_> {
    let value = &metric.value;
    let members = value.slice.iter();
    let slice = members.map(|m| (m.dimension.as_str(), maybe(m.member.as_deref()))).collect();
    object([
        ("id", text(&metric.id)),
        ("period", value.period.as_ref().map_or(Json::Null, period)),
        ("slice", Json::Object(slice)),
        ("value", raw(&value.value)),
        ("unit", text(value.unit)),
        ("n", raw(&value.n)),
        ("numerator", raw(&value.numerator)),
        ("denominator", raw(&value.denominator)),
        ("coverage", raw(&value.coverage)),
        ("status", text(value.status)),
        ("reason", maybe(value.reason.as_deref())),
        ("figures", figures(&value.figures)),
        ("comparisons", list(&value.comparisons, comparison)),
        ("target", value.target.as_ref().map_or(Json::Null, target)),
    ])
}

fn target(target: &TargetView) -> Json<'_> {
    object([
        ("value", raw(&target.value)),
        ("attainment", raw(&target.attainment)),
        ("pro_rata", Json::Bool(target.pro_rata)),
        ("pace", raw(&target.pace)),
        ("plans", texts(&target.plans)),
    ])
}

fn figures(figures: &[FigureView]) -> Json<'_> {
    Json::Object(figures.iter().map(|f| (f.name.as_str(), raw(&f.value))).collect())
}

fn comparison(comparison: &Comparison) -> Json<'_> {
    object([
        ("kind", text(comparison.kind)),
        ("period", text(comparison.period.label())),
        ("same_point", Json::Bool(comparison.same_point)),
        ("value", raw(&comparison.value)),
        ("change", raw(&comparison.change)),
        ("unit", text(comparison.unit)),
    ])
}

/// The table of `metrics`: one for each crossing, totals first.
pub fn metrics_table(view: &MetricsView) -> String {
    let mut crossings: BTreeMap<Vec<&str>, Vec<&MetricValue>> = BTreeMap::new();
    for metric in &view.values {
        let crossing = metric.value.slice.iter().map(|m| m.dimension.as_str()).collect();
        crossings.entry(crossing).or_default().push(metric);
    }
    if crossings.is_empty() {
        return say("table.nothing", &[]) + "\n";
    }
    let head = format!("{} · {}\n", view.project.name, view.as_of.text);
    let tables = crossings.iter().map(|(crossing, values)| crossing_table(crossing, values));
    [head].into_iter().chain(tables).collect::<Vec<_>>().join("\n")
}

fn crossing_table(crossing: &[&str], values: &[&MetricValue]) -> String {
    let mut heads =
        vec![Cell::left(say("table.metric", &[])), Cell::left(say("table.period", &[]))];
    heads.extend(crossing.iter().map(|c| Cell::left((*c).to_owned())));
    heads.extend(["value", "n", "coverage", "change"].map(|k| {
        let key = format!("table.{k}");
        Cell { text: say(&key, &[]), align: Align::Right }
    }));
    let targets = values.iter().any(|m| m.value.target.is_some());
    if targets {
        heads.extend(["target", "attained"].map(|k| Cell::right(say(&format!("table.{k}"), &[]))));
    }
    heads.push(Cell::left(say("table.reason", &[])));
    let rows = values.iter().map(|m| {
        let value = &m.value;
        let mut row = vec![Cell::left(m.id.clone()), Cell::left(period_text(value))];
        row.extend(value.slice.iter().map(|m| Cell::left(m.text.clone())));
        let prior = value.comparisons.iter().find(|c| c.kind == "prior-period");
        let change = prior.map(change_text).unwrap_or_default();
        row.extend([
            Cell::right(value.text.text()),
            Cell::right(value.n.text()),
            Cell::right(value.coverage.text()),
            Cell::right(change),
        ]);
        if targets {
            row.extend(target_cells(value.target.as_ref()));
        }
        row.push(Cell::left(said_beside(value)));
        row
    });
    table::draw(&heads, &rows.collect::<Vec<_>>())
}

/// What is wanted, and how much of it there is; a share of a longer plan is marked as one.
fn target_cells(target: Option<&TargetView>) -> [Cell; 2] {
    let wanted = |target: &TargetView| match target.pro_rata {
        true => say("table.pro-rata", &[("target", &target.value.text())]),
        false => target.value.text(),
    };
    let attained = |target: &TargetView| match target.attainment.is_none() {
        true => String::new(),
        false => target.attainment.text(),
    };
    [
        Cell::right(target.map(wanted).unwrap_or_default()),
        Cell::right(target.map(attained).unwrap_or_default()),
    ]
}

/// Why there is no value, or the figures beside it.
fn said_beside(value: &ValueView) -> String {
    let figure = |f: &FigureView| format!("{} {}", f.name, f.value.text());
    // What is too few to say is not said by its figures either.
    let told = value.figures.iter().filter(|_| value.status == "ok");
    let figures = told.map(figure);
    value.reason.iter().cloned().chain(figures).collect::<Vec<_>>().join(" · ")
}

fn period_text(value: &ValueView) -> String {
    match &value.period {
        None => say("table.now", &[]),
        Some(period) if period.complete => period.label().to_owned(),
        Some(period) => say("table.not-over", &[("period", period.label())]),
    }
}

fn change_text(comparison: &Comparison) -> String {
    if comparison.sign.is_empty() {
        return String::new();
    }
    let sign = say(&format!("sign.{}", comparison.sign), &[]);
    let change = format!("{sign}{}", comparison.change.text());
    match comparison.same_point {
        true => say("table.same-point", &[("change", &change)]),
        false => change,
    }
}
