//! Texts by code, whoever keeps them: a parser of files, or rows of config.

use std::collections::HashMap;
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

/// The distinct texts of an expression.
#[derive(Default)]
pub(super) struct Texts {
    pub(super) texts: Vec<Arc<str>>,
    index: HashMap<Arc<str>, u32, foldhash::fast::FixedState>,
}

impl Texts {
    pub(super) fn code(&mut self, text: &Arc<str>) -> u32 {
        if let Some(code) = self.index.get(text) {
            return *code;
        }
        let code = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(Arc::clone(text));
        self.index.insert(Arc::clone(text), code);
        code
    }
}
