//! What texts of a column mean before they are read: nothing, or another text.

use super::dialect::normal;
use super::patterns::Pattern;
use crate::catalog::CellForm;

/// Null words, and texts that stand for others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Meaning {
    nulls: Vec<String>,
    values: Vec<(String, Vec<Pattern>)>,
}

/// What one text means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meant<'a> {
    Nothing,
    Itself,
    Other(&'a str),
}

impl Meaning {
    pub(super) fn new(cells: &CellForm) -> Self {
        let values = cells.values.iter();
        Self {
            nulls: cells.null_words.iter().map(|word| normal(word)).collect(),
            values: values.map(|(text, from)| (normal(text), Pattern::all(from))).collect(),
        }
    }

    /// Whether every text means itself.
    #[inline]
    pub(super) fn is_plain(&self) -> bool {
        self.nulls.is_empty() && self.values.is_empty()
    }

    /// Whether a text, trimmed and in NFC, may mean something other than it says.
    #[inline]
    pub(super) fn concerns(&self, text: &[u8]) -> bool {
        !self.values.is_empty() || self.nulls.iter().any(|word| word.as_bytes() == text)
    }

    /// Whether other texts are mapped to this one.
    pub(super) fn is_target(&self, text: &str) -> bool {
        self.values.iter().any(|(target, _)| target == text)
    }

    /// Of a text that is trimmed and in NFC. What is mapped to a null word means nothing too.
    pub(super) fn of(&self, text: &str) -> Meant<'_> {
        let is_null = |text: &str| text.is_empty() || self.nulls.iter().any(|word| word == text);
        if is_null(text) {
            return Meant::Nothing;
        }
        let fits = |(_, from): &&(String, Vec<Pattern>)| from.iter().any(|p| p.fits(text));
        match self.values.iter().find(fits) {
            Some((other, _)) if is_null(other) => Meant::Nothing,
            Some((other, _)) => Meant::Other(other),
            None => Meant::Itself,
        }
    }
}
