//! Rows of config datasets, for checks that want one answer for each.

use crate::catalog::{Catalog, ConfigRow};
use crate::domain::Id;
use crate::kinds::EachAnswer;

/// Keys of the rows that should be answered for, in order.
pub(super) fn keys(catalog: &Catalog, each: &EachAnswer) -> Vec<String> {
    let rows = catalog.rows.get(&each.dataset).map(Vec::as_slice).unwrap_or_default();
    let keys = rows.iter().filter_map(|row| key_of(catalog, &each.dataset, row));
    keys.collect()
}

fn key_of(catalog: &Catalog, dataset: &Id, row: &ConfigRow) -> Option<String> {
    let at = catalog.datasets.get(dataset)?.columns.iter().position(|c| c.key)?;
    row.values.get(at).map(ToString::to_string)
}
