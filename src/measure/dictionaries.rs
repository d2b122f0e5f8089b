//! Texts by code, whoever keeps them: a parser of files, or rows of config.

use std::sync::Arc;

/// The texts of a worker's columns.
pub(super) trait Dictionaries {
    /// Texts by code of a column; empty where the column is no text.
    fn texts(&self, column: usize) -> &[Arc<str>];
}

/// Texts that are held here.
pub(super) struct Held(pub(super) Vec<Vec<Arc<str>>>);

impl Dictionaries for Held {
    fn texts(&self, column: usize) -> &[Arc<str>] {
        self.0.get(column).map_or(&[], Vec::as_slice)
    }
}
