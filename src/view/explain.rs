//! Where one number comes from: definition, population, parts, rows.

use serde::Serialize;

use super::facts::Facts;
use super::number::count;
use super::value::{status_text, value};
use super::words::say;
use super::{Shown, ValueView, reason};
use crate::catalog::{Check, Metric, Words};
use crate::domain::{Id, Unit, Value};
use crate::expr::to_text;
use crate::kinds::{Body, CheckSource};
use crate::measure::{EvidenceRow, Key};
use crate::plan::Rule;
use crate::rel::Rel;

/// One value of a rule, with what it rests on.
#[derive(Debug, Clone, Serialize)]
pub struct ExplainView {
    /// `metric` or `check`.
    pub rule: &'static str,
    pub id: String,
    pub title: String,
    pub kind: &'static str,
    pub question: String,
    pub why: String,
    pub how: String,
    /// As written in the rule: field and text, in the rule's order.
    pub definition: Vec<(String, String)>,
    /// `file:line:column` of the rule.
    pub place: String,
    pub pack: Option<String>,
    /// BLAKE3 of the rule's normal form.
    pub fingerprint: String,
    pub dataset: Option<String>,
    /// The rows in words.
    pub population: Option<String>,
    /// Which rows: the condition in normal form.
    pub filter: Option<String>,
    /// The column that puts a row into a period.
    pub time: Option<String>,
    /// The aggregates that the value is made of.
    pub leaves: Vec<String>,
    /// How the value is made of them; `#leaf(0)` is the first.
    pub formula: String,
    /// None where the rule has no value of its own.
    pub value: Option<ValueView>,
    /// Metrics that the value is made of.
    pub parts: Vec<PartView>,
    /// The feeds' files that were read.
    pub files: Vec<String>,
    /// None unless asked for.
    pub rows: Option<Vec<RowView>>,
}

/// A metric inside another rule.
#[derive(Debug, Clone, Serialize)]
pub struct PartView {
    pub id: String,
    pub title: String,
    pub value: Shown,
    pub text: String,
    pub reason: Option<String>,
}

/// One row behind a value.
#[derive(Debug, Clone, Serialize)]
pub struct RowView {
    /// File and row, or the config's line.
    pub place: String,
    pub key: Option<String>,
    /// Every cell that the value needs is there.
    pub usable: bool,
    /// Column and cell; none where it is blank or was rejected.
    pub cells: Vec<(String, Option<String>)>,
    /// What the row gives to each leaf; none where it gives nothing.
    pub leaves: Vec<Option<String>>,
}

/// Explains a metric's value.
pub fn explain_metric(facts: &Facts<'_>, metric: &Metric, key: &Key, rows: bool) -> ExplainView {
    let rule = Rule::Metric(metric.id.clone());
    let mut view = base(facts, &rule, &metric.title, &metric.words, Some(&metric.body));
    view.kind = metric.kind;
    view.definition.clone_from(&metric.written);
    view.pack = metric.pack.as_ref().map(ToString::to_string);
    view.place = facts.place(&metric.place);
    with_value(facts, &mut view, &rule, &metric.body, &metric.unit, key, rows);
    view
}

/// Explains a check's value.
pub fn explain_check(facts: &Facts<'_>, check: &Check, key: &Key, rows: bool) -> ExplainView {
    let rule = Rule::Check(check.id.clone());
    let body = match &check.body.source {
        CheckSource::Rows(body) | CheckSource::Metrics { body, .. } => Some(body),
        CheckSource::Answer { .. } => None,
    };
    let mut view = base(facts, &rule, &check.title, &check.words, body);
    view.rule = "check";
    view.kind = check.kind;
    view.definition.clone_from(&check.written);
    view.pack = check.pack.as_ref().map(ToString::to_string);
    view.place = facts.place(&check.place);
    if let Some(body) = body {
        with_value(facts, &mut view, &rule, body, &check.body.unit, key, rows);
    }
    view
}

fn base(
    facts: &Facts<'_>,
    rule: &Rule,
    title: &str,
    words: &Words,
    body: Option<&Body>,
) -> ExplainView {
    let arena = &facts.catalog.arena;
    let population = body.and_then(|b| b.population.as_ref());
    let leaves = match body.and_then(|b| b.rel.as_ref()) {
        Some(Rel::Cube { aggregates, .. }) => {
            aggregates.iter().map(|a| to_text(arena, *a)).collect()
        }
        _ => Vec::new(),
    };
    let formula = body.map(|b| to_text(arena, b.value)).unwrap_or_default();
    let text = |id: Option<crate::rel::ExprId>| id.map(|id| to_text(arena, id));
    let dataset = population.map(|p| p.dataset.clone());
    let feeds = facts.measurements.feeds.iter().filter(|f| Some(&f.dataset) == dataset.as_ref());
    let mut view = ExplainView {
        rule: "metric",
        id: rule.id().to_string(),
        title: title.to_owned(),
        kind: "",
        question: words.question.clone(),
        why: words.why.clone(),
        how: words.how.clone(),
        definition: Vec::new(),
        place: String::new(),
        pack: None,
        fingerprint: String::new(),
        files: feeds.flat_map(|f| f.files.clone()).collect(),
        dataset: dataset.map(|d| d.to_string()),
        population: population.map(|p| p.words.clone()),
        filter: text(population.and_then(|p| p.filter)),
        time: text(population.and_then(|p| p.time)),
        leaves,
        formula,
        value: None,
        parts: Vec::new(),
        rows: None,
    };
    view.fingerprint = fingerprint(&view);
    view
}

/// Two rules with the same meaning have the same fingerprint, whatever their words.
fn fingerprint(view: &ExplainView) -> String {
    let mut hasher = blake3::Hasher::new();
    let parts = [&view.dataset, &view.filter, &view.time];
    for part in parts.iter().map(|p| p.as_deref().unwrap_or("")) {
        hasher.update(part.as_bytes()).update(&[0]);
    }
    for leaf in &view.leaves {
        hasher.update(leaf.as_bytes()).update(&[0]);
    }
    hasher.update(view.formula.as_bytes());
    hasher.finalize().to_hex()[..16].to_owned()
}

fn with_value(
    facts: &Facts<'_>,
    view: &mut ExplainView,
    rule: &Rule,
    body: &Body,
    unit: &Unit,
    key: &Key,
    rows: bool,
) {
    let values = facts.measurements.values.get(rule);
    let measured = values.and_then(|v| v.get(key));
    view.value = measured.map(|m| value(facts, body, unit, key, m));
    let parts = facts.catalog.arena.metrics(body.value);
    view.parts = parts.iter().filter_map(|id| part(facts, id, key)).collect();
    let witnessed = rows && body.rel.is_some();
    view.rows =
        witnessed.then(|| facts.measurements.evidence.iter().map(|r| row(facts, r)).collect());
}

fn part(facts: &Facts<'_>, id: &Id, key: &Key) -> Option<PartView> {
    let metric = facts.catalog.metrics.get(id)?;
    let measured = facts.measurements.values.get(&Rule::Metric(id.clone()))?.get(key)?;
    let shown = super::number::shown(&measured.value, &metric.unit);
    Some(PartView {
        id: id.to_string(),
        title: metric.title.clone(),
        text: status_text(measured.status, &shown),
        value: shown,
        reason: measured.reason.as_ref().map(|r| reason::reason(facts.catalog, r)),
    })
}

fn row(facts: &Facts<'_>, row: &EvidenceRow) -> RowView {
    let text = |value: &Value| match value {
        Value::Null => None,
        Value::Number(number) => Some(number.trimmed(0).to_string()),
        other => Some(other.to_string()),
    };
    RowView {
        place: facts.place(&row.place),
        key: text(&row.key),
        usable: row.usable,
        cells: row.cells.iter().map(|(name, value)| (name.clone(), text(value))).collect(),
        leaves: row.leaves.iter().map(|leaf| leaf.as_ref().and_then(text)).collect(),
    }
}

/// How many rows a value has and how many of them are usable, in words.
pub fn rows_text(view: &ExplainView) -> String {
    let Some(rows) = &view.rows else { return String::new() };
    let usable = rows.iter().filter(|r| r.usable).count() as u64;
    let (all, usable) = (count(rows.len() as u64).text, count(usable).text);
    say("explain.rows", &[("rows", &all), ("usable", &usable)])
}
