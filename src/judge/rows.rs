//! Rows of config datasets, for checks that want one answer for each.

use super::Bench;
use crate::catalog::{Catalog, ConfigRow};
use crate::domain::{Day, Id, Value};
use crate::expr::{Env, evaluate};
use crate::kinds::EachAnswer;
use crate::rel::{ColumnPath, ExprId};

/// Keys of the rows that should be answered for, in order.
pub(super) fn keys(bench: Bench<'_>, each: &EachAnswer) -> Vec<String> {
    keys_where(bench, &each.dataset, each.filter)
}

/// Keys of the rows whose column holds a text, in order.
pub(super) fn keys_with(bench: Bench<'_>, dataset: &Id, column: &Id, text: &str) -> Vec<String> {
    let Some(known) = bench.catalog.datasets.get(dataset) else { return Vec::new() };
    let Some(key) = known.key().map(|key| key.id.as_str()) else { return Vec::new() };
    let rows = bench.catalog.rows.get(dataset).map(Vec::as_slice).unwrap_or_default();
    let holds =
        |row: &&ConfigRow| known.cell(row, column.as_str()).and_then(Value::as_text) == Some(text);
    rows.iter().filter(holds).filter_map(|r| known.cell(r, key)).map(Value::to_string).collect()
}

/// Keys of the rows for which a condition holds, in order.
pub(super) fn keys_where(bench: Bench<'_>, dataset: &Id, filter: Option<ExprId>) -> Vec<String> {
    let catalog = bench.catalog;
    let rows = catalog.rows.get(dataset).map(Vec::as_slice).unwrap_or_default();
    let counts = |row: &&ConfigRow| {
        let Some(filter) = filter else { return true };
        let env = RowEnv { bench, row };
        // A condition that cannot be computed must not spare a row its answer.
        evaluate(&catalog.arena, filter, &env).map_or(true, |v| v.as_bool() == Some(true))
    };
    let column = catalog.datasets.get(dataset).and_then(|d| d.columns.iter().position(|c| c.key));
    let Some(column) = column else { return Vec::new() };
    rows.iter().filter(counts).filter_map(|r| r.values.get(column)).map(Value::to_string).collect()
}

struct RowEnv<'a> {
    bench: Bench<'a>,
    row: &'a ConfigRow,
}

impl Env for RowEnv<'_> {
    fn column(&self, path: &ColumnPath) -> Value {
        cell(self.bench.catalog, &path.dataset, self.row, &path.steps).unwrap_or(Value::Null)
    }

    fn as_of(&self) -> Option<Day> {
        self.bench.measurements.as_of.told()
    }

    fn period(&self) -> (Option<Day>, Option<Day>) {
        (self.bench.period.from, self.bench.period.to)
    }
}

/// A cell of a row, or of the row that it references.
fn cell(catalog: &Catalog, dataset: &Id, row: &ConfigRow, steps: &[Id]) -> Option<Value> {
    let (step, rest) = steps.split_first()?;
    let columns = &catalog.datasets.get(dataset)?.columns;
    let at = columns.iter().position(|c| c.id == *step)?;
    let value = row.values.get(at)?;
    if rest.is_empty() {
        return Some(value.clone());
    }
    let target = columns[at].references.as_ref()?;
    let key = catalog.datasets.get(target)?.columns.iter().position(|c| c.key)?;
    let next = catalog.rows.get(target)?.iter().find(|r| r.values.get(key) == Some(value))?;
    cell(catalog, target, next, rest)
}
