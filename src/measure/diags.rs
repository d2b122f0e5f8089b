//! The words of mistakes that measuring finds.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::model::RejectFacts;
use crate::catalog::{Column, Dataset};
use crate::diag::Diagnostic;
use crate::text::Place;

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

/// Texts in a column that mean nothing declared: their rows are in no slice and no outcome.
pub(super) fn unknown_members(
    dataset: &Dataset,
    column: &Column,
    texts: &BTreeSet<Arc<str>>,
) -> Diagnostic {
    let target = column.references.as_ref().map(ToString::to_string).unwrap_or_default();
    let shown: Vec<String> = texts.iter().take(5).map(|t| format!("`{t}`")).collect();
    let more =
        if texts.len() > 5 { format!(" and {} more", texts.len() - 5) } else { String::new() };
    let headline = format!(
        "{}.{} holds {} that no `{target}` declares: {}{more}",
        dataset.id,
        column.id,
        if texts.len() == 1 { "a value".to_owned() } else { format!("{} values", texts.len()) },
        shown.join(", ")
    );
    Diagnostic::warning("unknown-members", headline)
        .help(format!("add each to the spellings of a `[{target}.…]`, or declare one for it"))
}

/// Cells that do not fit, with the first of them.
pub(super) fn rejected_cells(facts: &RejectFacts) -> Option<Diagnostic> {
    let (place, text, why) = facts.first.first()?;
    let what = match &facts.column {
        Some(column) => format!("of `{column}`"),
        None => "in rows of a wrong length or form".to_owned(),
    };
    let many = match facts.cells {
        1 => "1 cell".to_owned(),
        many => format!("{many} cells"),
    };
    let shown = if text.is_empty() { String::new() } else { format!("`{text}` is ") };
    Some(
        Diagnostic::warning("rejected-cells", format!("{many} {what} cannot be read"))
            .at(Place::Cell(place.clone()))
            .help(format!("the first: {shown}{}", why.words()))
            .help("such cells are left out and lower coverage; `explain ID --rows` shows whose"),
    )
}
