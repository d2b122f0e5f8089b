//! Targets in config rows: each is for a metric that exists, and for its days and scope the only one.

use std::collections::BTreeMap;

use super::{ConfigRow, Dataset, build::Build, diags};
use crate::domain::{Id, Value};

/// How lines of a config dataset are targets: `line_key` is a metric, `line_value` what is wanted of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanLines {
    /// Columns of the first and the last day.
    pub from: Id,
    pub to: Id,
    /// Columns that narrow a line down, and the dimension that each names a member of.
    pub scope: Vec<(Id, Id)>,
}

impl Build<'_> {
    pub(super) fn targets(&mut self) {
        let mut found = Vec::new();
        for dataset in self.catalog.datasets.values() {
            let Some(plan) = &dataset.plan_lines else { continue };
            let mut seen: BTreeMap<Vec<Value>, &ConfigRow> = BTreeMap::new();
            for row in self.catalog.rows.get(&dataset.id).into_iter().flatten() {
                let key = cell(dataset, row, "line_key").to_string();
                let known = || self.catalog.metrics.keys().map(Id::as_str);
                if !known().any(|id| id == key) && self.written.disabled("metric", &key).is_none() {
                    let place = row.place.clone();
                    found.push(diags::target_of_nothing(&dataset.id, &key, place, known()));
                }
                if let Some(other) = seen.insert(identity(dataset, plan, row), row) {
                    let (place, other) =
                        (row.place.clone(), cell(dataset, other, "id").to_string());
                    found.push(diags::target_twice(&dataset.id, &key, place, &other));
                }
            }
        }
        self.sink.extend(found);
    }
}

fn cell(dataset: &Dataset, row: &ConfigRow, column: &str) -> Value {
    dataset.cell(row, column).cloned().unwrap_or(Value::Null)
}

/// Metric, days and scope.
fn identity(dataset: &Dataset, plan: &PlanLines, row: &ConfigRow) -> Vec<Value> {
    let scope = plan.scope.iter().map(|(column, _)| column.as_str());
    let columns = ["line_key", plan.from.as_str(), plan.to.as_str()].into_iter().chain(scope);
    columns.map(|column| cell(dataset, row, column)).collect()
}
