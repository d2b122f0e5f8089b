//! One value with all that it rests on: definition, population, parts, rows, cells.

use super::feeds::{self, why_text};
use super::value::{compared, value};
use super::words::say;
use super::{AsOfView, Facts, MetricValue, ValueView, checks, time};
use crate::catalog::{Check, Metric};
use crate::domain::{Id, Period, Value};
use crate::kinds::Body;
use crate::measure::{EvidenceRow, Key, RowReject};
use crate::plan::Rule;
use crate::rel::{Aggregate, ExprId, Node, Op, Rel};

/// What `explain` shows of a metric or a check.
#[derive(Debug, Clone)]
pub struct ExplainView {
    pub as_of: AsOfView,
    pub id: String,
    /// `metric` or `check`.
    pub what: &'static str,
    pub kind: &'static str,
    pub title: String,
    pub question: String,
    pub why: String,
    pub owner: String,
    pub source: String,
    /// `file:line:column` of the rule.
    pub place: String,
    /// The rule as its author wrote it: field and text.
    pub definition: Vec<(String, String)>,
    /// Of what the definition says; another one where it says another thing.
    pub fingerprint: String,
    /// The rows that it is over, in words; none for arithmetic over metrics and for attestations.
    pub population: Option<String>,
    /// None where a person answers.
    pub value: Option<MetricValue>,
    /// Of a check: the outcome in words, and the sentence that says why.
    pub outcome: Option<(String, String)>,
    /// The metrics that it is computed from.
    pub parts: Vec<MetricValue>,
    /// Amounts that count at the project's rates, as sentences.
    pub converted: Vec<String>,
    /// The rows that it rests on, or should; none unless asked for.
    pub rows: Option<Vec<RowView>>,
}

/// A row behind a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowView {
    /// `file!2:2`, or the place in TOML of a config dataset's row.
    pub place: String,
    pub key: CellView,
    /// Whether every cell that the value needs is there.
    pub usable: bool,
    /// Of a share of rows: whether it is among those that fall short.
    pub short: bool,
    /// Why it does not count: what is blank, and what is there but does not fit.
    pub lacks: Vec<String>,
    /// Column and cell.
    pub cells: Vec<(String, CellView)>,
    /// What the row gives to each aggregate of the value; none where its filter leaves the row out.
    pub gives: Vec<Option<CellView>>,
}

/// A cell as machines and people may read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CellView {
    Blank,
    /// A plain decimal literal.
    Number(String),
    Text(String),
    Bool(bool),
}

impl From<&Value> for CellView {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Blank,
            Value::Number(number) => Self::Number(number.trimmed(0).to_string()),
            Value::Bool(truth) => Self::Bool(*truth),
            Value::Text(_) | Value::Date(_) | Value::DateTime(_) => Self::Text(value.to_string()),
        }
    }
}

/// A metric's value at a key.
pub fn explain_metric(facts: &Facts<'_>, metric: &Metric, key: &Key, rows: bool) -> ExplainView {
    let words = &metric.words;
    ExplainView {
        as_of: time::as_of(facts.measurements.as_of),
        id: metric.id.to_string(),
        what: "metric",
        kind: metric.kind,
        title: metric.title.clone(),
        question: words.question.clone(),
        why: words.why.clone(),
        owner: words.owner.clone(),
        source: words.source.clone(),
        place: facts.place(&metric.place),
        definition: metric.written.clone(),
        fingerprint: facts.catalog.metric_fingerprint(metric),
        population: population(&metric.body),
        value: compared(facts, metric, key).map(|v| named(&metric.id, &metric.title, v)),
        outcome: None,
        parts: parts(facts, &metric.body, key),
        converted: feeds::converted(facts),
        rows: rows.then(|| self::rows(facts, &metric.body)),
    }
}

/// A check in the period of the run.
pub fn explain_check(facts: &Facts<'_>, check: &Check, key: &Key, rows: bool) -> ExplainView {
    let words = &check.words;
    let body = check.body.source.body();
    let measured = facts.measurements.values.get(&Rule::Check(check.id.clone()));
    let measured = measured.and_then(|values| values.get(key));
    let value = measured.zip(body).map(|(m, body)| value(facts, body, &check.body.unit, key, m));
    let value = value.map(|v| named(&check.id, &check.title, v));
    let judged = checks::check(facts, check);
    ExplainView {
        as_of: time::as_of(facts.measurements.as_of),
        id: check.id.to_string(),
        what: "check",
        kind: check.kind,
        title: check.title.clone(),
        question: words.question.clone(),
        why: words.why.clone(),
        owner: words.owner.clone(),
        source: words.source.clone(),
        place: facts.place(&check.place),
        definition: check.written.clone(),
        fingerprint: facts.catalog.check_fingerprint(check),
        population: body.and_then(population),
        value,
        outcome: judged.map(|view| (view.text, view.measured)),
        parts: body.map_or(Vec::new(), |body| parts(facts, body, key)),
        converted: feeds::converted(facts),
        rows: body.filter(|_| rows).map(|body| self::rows(facts, body)),
    }
}

/// Whether a value is a time between, which has none where it runs backwards.
fn elapses(facts: &Facts<'_>, body: &Body) -> bool {
    let mut found = false;
    if let Some(Rel::Cube { aggregates, .. }) = &body.rel {
        let arena = &facts.catalog.arena;
        let mut visit = |_, node: &Node| found |= matches!(node.op, Op::Elapsed(_));
        aggregates.iter().for_each(|aggregate| arena.walk(*aggregate, &mut visit));
    }
    found
}

fn named(id: &Id, title: &str, value: ValueView) -> MetricValue {
    MetricValue { id: id.to_string(), title: title.to_owned(), value }
}

fn population(body: &Body) -> Option<String> {
    body.population.as_ref().map(|population| population.words.clone())
}

fn parts(facts: &Facts<'_>, body: &Body, key: &Key) -> Vec<MetricValue> {
    let ids = body.metrics(&facts.catalog.arena).into_iter();
    let metrics = ids.filter_map(|id| facts.catalog.metrics.get(&id));
    let periods = {
        let told = facts.measurements.as_of.told();
        body.making.periods(&key.period, &facts.catalog.project.calendar, told)
    };
    let part = |metric: &Metric, period: &Period| {
        let key = Key { period: period.clone(), slice: key.slice.clone() };
        compared(facts, metric, &key).map(|value| named(&metric.id, &metric.title, value))
    };
    let parts = |metric| periods.iter().filter_map(move |period| part(metric, period));
    metrics.flat_map(parts).collect()
}

fn rows(facts: &Facts<'_>, body: &Body) -> Vec<RowView> {
    let (elapses, share) = (elapses(facts, body), share(facts, body));
    let given = |row: &EvidenceRow, leaf: usize| row.leaves.get(leaf).is_some_and(Option::is_some);
    let row = |row: &EvidenceRow| RowView {
        place: facts.place(&row.place),
        key: (&row.key).into(),
        usable: row.usable,
        short: share.is_some_and(|(top, bottom)| given(row, bottom) && !given(row, top)),
        lacks: if row.usable { Vec::new() } else { lacks(row, elapses) },
        cells: row.cells.iter().map(|(column, cell)| (column.clone(), cell.into())).collect(),
        gives: row.leaves.iter().map(|leaf| leaf.as_ref().map(Into::into)).collect(),
    };
    facts.measurements.evidence.iter().map(row).collect()
}

/// The leaves of a value that is one count over another, so that each row is in both or falls short.
fn share(facts: &Facts<'_>, body: &Body) -> Option<(usize, usize)> {
    let Some(Rel::Cube { aggregates, .. }) = &body.rel else { return None };
    let leaf = |id: ExprId| {
        let Op::Leaf(leaf) = facts.catalog.arena.get(id).op else { return None };
        let leaf = usize::try_from(leaf).ok()?;
        let Op::Aggregate { function, .. } = &facts.catalog.arena.get(*aggregates.get(leaf)?).op
        else {
            return None;
        };
        matches!(function, Aggregate::CountRows | Aggregate::Count).then_some(leaf)
    };
    Some((leaf(body.numerator?)?, leaf(body.denominator?)?))
}

/// In words, what an unusable row lacks.
fn lacks(row: &EvidenceRow, elapses: bool) -> Vec<String> {
    let of = |path: &str, column: &Id| path.split('.').next() == Some(column.as_str());
    let rejected = row.rejects.iter().filter(|reject| {
        let mut paths = row.cells.iter().map(|(path, _)| path);
        reject.column.as_ref().is_none_or(|column| paths.any(|path| of(path, column)))
    });
    let mut lacks: Vec<String> = rejected.map(rejected_words).collect();
    let undeclared = row.undeclared.iter();
    lacks.extend(undeclared.map(|(column, text)| {
        say("explain.undeclared", &[("column", column.as_str()), ("text", text)])
    }));
    let foreign = row.foreign.iter();
    lacks.extend(foreign.map(|column| say("explain.foreign", &[("column", column.as_str())])));
    let is_told = |path: &str| {
        let rejected = row.rejects.iter().map(|reject| reject.column.as_ref());
        let mut told = rejected.chain(row.undeclared.iter().map(|(column, _)| Some(column)));
        let mut told = told.by_ref().chain(row.foreign.iter().map(Some));
        told.any(|column| column.is_none_or(|column| of(path, column)))
    };
    let blank = row.cells.iter().filter(|(path, cell)| cell.is_null() && !is_told(path));
    lacks.extend(blank.map(|(path, _)| say("explain.blank", &[("column", path)])));
    if lacks.is_empty() {
        lacks.push(say(if elapses { "explain.backwards" } else { "explain.no-value" }, &[]));
    }
    lacks
}

fn rejected_words(reject: &RowReject) -> String {
    let why = &why_text(reject.why);
    let place = reject.place.to_string();
    match &reject.column {
        Some(column) => {
            let fill = [("column", column.as_str()), ("text", &reject.text), ("why", why)];
            say("explain.rejected", &[fill[0], fill[1], fill[2], ("place", &place)])
        }
        None => say("explain.row-rejected", &[("why", why)]),
    }
}
