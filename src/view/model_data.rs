//! The shape of what the view says of the data: texts that lead nowhere, and contradictions.

use serde::Serialize;

use super::number::Shown;

/// Texts of a column that no row of the config dataset it references declares.
#[derive(Debug, Clone, Serialize)]
pub struct UndeclaredView {
    pub dataset: String,
    pub column: String,
    /// The first of them, those on most rows first.
    pub texts: Vec<StrayView>,
    /// How many more there are.
    pub more: usize,
    /// Rows on which it is blank, where filters look something up by it.
    pub blank: Shown,
}

/// A text that leads nowhere.
#[derive(Debug, Clone, Serialize)]
pub struct StrayView {
    pub text: String,
    pub rows: Shown,
    /// What it may mean: one that reads nearly the same.
    pub near: Option<String>,
}

/// What exports say against each other, or against themselves.
#[derive(Debug, Clone, Serialize)]
pub struct ContradictionView {
    /// `rule`, `duplicate-keys`, `orphans` or `currencies`.
    pub kind: &'static str,
    /// Of a rule: its id, for `explain ID --rows`.
    pub check: Option<String>,
    /// What should be true.
    pub title: String,
    /// What was found instead.
    pub text: String,
    /// Rows that speak against it, of all that it is about, and their share; null where it is not about rows.
    pub rows: Shown,
    pub of: Shown,
    pub share: Shown,
    /// The first of these rows, with their keys, as far as the project shows rows.
    pub places: Vec<String>,
    /// What to do.
    pub next: String,
}
