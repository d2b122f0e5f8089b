//! `milepost.list/1` and the text of `list`.

use std::fmt::Write;

use super::json::{Json, list, maybe, number, object, text, texts};
use super::table::{self, Cell};
use crate::view::{CheckItem, DatasetItem, FrameworkItem, ListView, MetricItem, ReportItem, say};

/// What `list` is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    Frameworks,
    Metrics,
    Checks,
    Datasets,
    Reports,
}

impl Listed {
    pub const ALL: [Self; 5] =
        [Self::Frameworks, Self::Metrics, Self::Checks, Self::Datasets, Self::Reports];

    pub fn word(self) -> &'static str {
        match self {
            Self::Frameworks => "frameworks",
            Self::Metrics => "metrics",
            Self::Checks => "checks",
            Self::Datasets => "datasets",
            Self::Reports => "reports",
        }
    }
}

/// The JSON of `list`: the lists that are asked for.
pub fn list_json(view: &ListView, wanted: &[Listed]) -> String {
    let mut parts = vec![("schema", text("milepost.list/1"))];
    for what in wanted {
        let items = match what {
            Listed::Frameworks => list(&view.frameworks, framework),
            Listed::Metrics => list(&view.metrics, metric),
            Listed::Checks => list(&view.checks, check),
            Listed::Datasets => list(&view.datasets, dataset),
            Listed::Reports => list(&view.reports, report),
        };
        parts.push((what.word(), items));
    }
    Json::Object(parts).pretty()
}

fn framework(item: &FrameworkItem) -> Json<'_> {
    object([
        ("id", text(&item.id)),
        ("title", text(&item.title)),
        ("pack", maybe(item.pack.as_deref())),
        ("levels", texts(&item.levels)),
        ("groups", texts(&item.groups)),
        ("elements", number(item.elements)),
        ("checks", number(item.checks)),
        ("data_backed", number(item.data_backed)),
        ("config_backed", number(item.config_backed)),
        ("asked", number(item.asked)),
    ])
}

fn metric(item: &MetricItem) -> Json<'_> {
    object([
        ("id", text(&item.id)),
        ("pack", maybe(item.pack.as_deref())),
        ("kind", text(item.kind)),
        ("unit", text(item.unit)),
        ("dataset", maybe(item.dataset.as_deref())),
        ("needs", texts(&item.needs)),
        ("cases", number(item.cases)),
    ])
}

fn check(item: &CheckItem) -> Json<'_> {
    object([
        ("id", text(&item.id)),
        ("framework", maybe(item.framework.as_deref())),
        ("element", maybe(item.element.as_deref())),
        ("evidence", text(item.evidence)),
        ("cases", number(item.cases)),
    ])
}

fn dataset(item: &DatasetItem) -> Json<'_> {
    let columns = list(&item.columns, |column| {
        object([
            ("id", text(&column.id)),
            ("type", text(column.ty)),
            ("required", Json::Bool(column.required)),
            ("aliases", texts(&column.aliases)),
        ])
    });
    object([("id", text(&item.id)), ("columns", columns)])
}

fn report(item: &ReportItem) -> Json<'_> {
    object([("id", text(&item.id)), ("formats", texts(&item.formats))])
}

/// The text of `list`.
pub fn list_text(view: &ListView, wanted: &[Listed]) -> String {
    let mut out = String::new();
    for what in wanted {
        if !out.is_empty() {
            out.push('\n');
        }
        let rows: Vec<[String; 3]> = match what {
            Listed::Frameworks => view.frameworks.iter().map(framework_row).collect(),
            Listed::Metrics => view.metrics.iter().map(metric_row).collect(),
            Listed::Checks => view.checks.iter().map(check_row).collect(),
            Listed::Datasets => view.datasets.iter().flat_map(dataset_rows).collect(),
            Listed::Reports => view.reports.iter().map(report_row).collect(),
        };
        let _ = writeln!(out, "{}", say(&format!("list.{}", what.word()), &[]));
        let cells = rows.into_iter().map(|row| row.map(Cell::left).into());
        out.push_str(&table::rows(&cells.collect::<Vec<_>>()));
    }
    out
}

fn cases(n: usize) -> String {
    if n == 0 { String::new() } else { say("list.cases", &[("n", &n.to_string())]) }
}

fn framework_row(item: &FrameworkItem) -> [String; 3] {
    let [elements, checks, data, config, asked] =
        [item.elements, item.checks, item.data_backed, item.config_backed, item.asked]
            .map(|n| n.to_string());
    let fill = [
        ("elements", elements.as_str()),
        ("checks", &checks),
        ("data", &data),
        ("config", &config),
        ("asked", &asked),
    ];
    [item.id.clone(), item.title.clone(), say("list.framework", &fill)]
}

fn metric_row(item: &MetricItem) -> [String; 3] {
    let more = [item.kind.to_owned(), item.unit.to_owned(), cases(item.cases)];
    [item.id.clone(), item.title.clone(), joined(&more)]
}

fn check_row(item: &CheckItem) -> [String; 3] {
    let within = match (&item.framework, &item.element) {
        (Some(framework), Some(element)) => format!("{framework}/{element}"),
        _ => String::new(),
    };
    let more = [item.evidence.to_owned(), within, cases(item.cases)];
    [item.id.clone(), item.title.clone(), joined(&more)]
}

/// The dataset, and below it its columns.
fn dataset_rows(item: &DatasetItem) -> Vec<[String; 3]> {
    let columns = item.columns.len().to_string();
    let mut rows =
        vec![[item.id.clone(), item.title.clone(), say("list.dataset", &[("columns", &columns)])]];
    rows.extend(item.columns.iter().map(|column| {
        let required = if column.required { say("list.required", &[]) } else { String::new() };
        let aliases: Vec<&str> = column.aliases.iter().take(3).map(String::as_str).collect();
        let known = match aliases.is_empty() {
            true => String::new(),
            false => say("list.known-as", &[("names", &aliases.join(", "))]),
        };
        let more = [column.ty.to_string(), required, known];
        [String::new(), column.id.clone(), joined(&more)]
    }));
    rows
}

fn report_row(item: &ReportItem) -> [String; 3] {
    [item.id.clone(), item.title.clone(), item.formats.join(", ")]
}

fn joined(parts: &[String]) -> String {
    let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|p| !p.is_empty()).collect();
    parts.join(" · ")
}
