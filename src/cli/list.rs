//! `list`: what ships, or what a project enables.

use serde::Serialize;
use serde_json::{Value, json};

use super::args::{Common, ListArgs, ListWhat, TextFormat};
use super::exit::Ending;
use super::session::{Session, Stop};
use super::terminal::Terminal;
use super::text;
use crate::diag::Fault;
use crate::view::{self, ListView};

pub(super) fn run(args: &ListArgs, common: &Common, terminal: Terminal) -> Result<Ending, Stop> {
    let session = Session::any(&args.dir, common, terminal)?;
    let list = view::list(&session.loaded.catalog);
    match args.format {
        TextFormat::Text => terminal.text(&text::table(&rows(&list, args.what)))?,
        TextFormat::Json => terminal.data(&json_of(&list, args.what)?)?,
    }
    Ok(session.end(Ending::Fine))
}

fn json_of(list: &ListView, what: ListWhat) -> Result<String, Fault> {
    let (name, items) = match what {
        ListWhat::Frameworks => ("frameworks", items(&list.frameworks)?),
        ListWhat::Metrics => ("metrics", items(&list.metrics)?),
        ListWhat::Checks => ("checks", items(&list.checks)?),
        ListWhat::Reports => ("reports", items(&list.reports)?),
        ListWhat::Datasets => ("datasets", items(&list.datasets)?),
    };
    text::json(&json!({ "schema": "milepost.list/1", name: items }))
}

fn items<T: Serialize>(items: &[T]) -> Result<Value, Fault> {
    serde_json::to_value(items).map_err(|e| Fault::new("writing JSON", e.into()))
}

/// A head and a line for each entry.
fn rows(list: &ListView, what: ListWhat) -> Vec<Vec<String>> {
    let head = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
    let pack = |pack: &Option<String>| pack.clone().unwrap_or_else(|| "project".into());
    let mut rows = Vec::new();
    match what {
        ListWhat::Frameworks => {
            rows.push(head(&["framework", "title", "pack", "elements", "checks"]));
            rows.extend(list.frameworks.iter().map(|f| {
                let counts = [f.elements.to_string(), f.checks.to_string()];
                let [elements, checks] = counts;
                vec![f.id.clone(), f.title.clone(), pack(&f.pack), elements, checks]
            }));
        }
        ListWhat::Metrics => {
            rows.push(head(&["metric", "title", "unit", "kind", "dataset", "pack"]));
            rows.extend(list.metrics.iter().map(|m| {
                let dataset = m.dataset.clone().unwrap_or_default();
                let (unit, kind) = (m.unit.to_owned(), m.kind.to_owned());
                vec![m.id.clone(), m.title.clone(), unit, kind, dataset, pack(&m.pack)]
            }));
        }
        ListWhat::Checks => {
            rows.push(head(&["check", "title", "evidence", "framework", "element"]));
            rows.extend(list.checks.iter().map(|c| {
                let of = |name: &Option<String>| name.clone().unwrap_or_default();
                let evidence = c.evidence.to_owned();
                vec![c.id.clone(), c.title.clone(), evidence, of(&c.framework), of(&c.element)]
            }));
        }
        ListWhat::Reports => {
            rows.push(head(&["report", "title", "formats"]));
            let row = |r: &view::ReportItem| {
                vec![r.id.clone(), r.title.clone(), r.formats.join(", ")]
            };
            rows.extend(list.reports.iter().map(row));
        }
        ListWhat::Datasets => {
            rows.push(head(&["dataset", "title", "columns"]));
            let names = |d: &view::DatasetItem| {
                d.columns.iter().map(|c| c.id.clone()).collect::<Vec<_>>().join(", ")
            };
            let row = |d: &view::DatasetItem| vec![d.id.clone(), d.title.clone(), names(d)];
            rows.extend(list.datasets.iter().map(row));
        }
    }
    rows
}
