//! The words of mistakes that measuring finds.

use std::collections::BTreeSet;

use crate::catalog::Dataset;
use crate::diag::Diagnostic;

pub(super) fn duplicate_keys(dataset: &Dataset, keys: &BTreeSet<String>) -> Diagnostic {
    let shown: Vec<String> = keys.iter().take(5).map(|k| format!("`{k}`")).collect();
    let more = if keys.len() > 5 { format!(" and {} more", keys.len() - 5) } else { String::new() };
    let headline = format!(
        "{} that others look up have the same key twice: {}{more}",
        dataset.title.to_lowercase(),
        shown.join(", ")
    );
    Diagnostic::data("duplicate-key", headline).at(Some(dataset.place.clone())).help(
        "remove the doubles from the export, or set `on-duplicate = \"first\"` on the dataset",
    )
}
