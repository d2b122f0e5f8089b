//! What an expression may name: the columns of a dataset, or the ids of metrics.

use std::ops::Range;

use crate::domain::{Id, Type};
use crate::text::{Place, Span};

/// What an expression must know of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnInfo {
    pub ty: Type,
    /// The dataset whose key it holds; a path may go on through it.
    pub references: Option<Id>,
    /// Whether a cell may be blank.
    pub nullable: bool,
}

/// The columns of all datasets.
pub trait Columns {
    fn column(&self, dataset: &Id, name: &str) -> Option<ColumnInfo>;

    /// For near names, in the dataset's order.
    fn names(&self, dataset: &Id) -> Vec<String>;

    /// The only texts that a closed column may hold; empty where any may stand.
    fn one_of(&self, _dataset: &Id, _name: &str) -> Vec<String> {
        Vec::new()
    }
}

/// The metrics that an expression over metrics may name.
pub trait Metrics {
    /// The type of a metric's value.
    fn metric(&self, name: &str) -> Option<Type>;

    /// For near names.
    fn names(&self) -> Vec<String>;
}

/// Over what an expression is read.
#[derive(Clone, Copy)]
pub enum Scope<'a> {
    /// One row: columns and look-ups, no aggregates.
    Row { dataset: &'a Id, columns: &'a dyn Columns },
    /// Many rows: columns stand inside aggregates only.
    Aggregate { dataset: &'a Id, columns: &'a dyn Columns },
    /// Values of metrics.
    Metric { metrics: &'a dyn Metrics },
}

/// A text and where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'a> {
    /// As decoded.
    pub text: &'a str,
    /// The whole TOML value, quotes included.
    pub span: Span,
    /// The source's slice of `span`; may be empty where it is not known.
    pub raw: &'a str,
}

impl Origin<'_> {
    /// The place of some bytes of the text: exact where the text stands in the source as it is,
    /// else the whole value.
    pub fn place(&self, at: &Range<usize>) -> Place {
        let exact = || {
            let inside = self.inside()?;
            let part = self.text.get(at.clone()).filter(|_| at.end <= self.text.len())?;
            let start = self.span.start + u32::try_from(inside + at.start).ok()?;
            let end = start + u32::try_from(part.len()).ok()?;
            Some(Span { source: self.span.source, start, end })
        };
        Place::Text(exact().unwrap_or(self.span))
    }

    /// Where the text starts in `raw`, if it stands there unchanged.
    fn inside(&self) -> Option<usize> {
        let quote = ["'''", "\"\"\"", "'", "\""].into_iter().find(|q| {
            self.raw.len() >= 2 * q.len() && self.raw.starts_with(q) && self.raw.ends_with(q)
        })?;
        let mut inner = &self.raw[quote.len()..self.raw.len() - quote.len()];
        if quote.len() == 3 {
            inner = inner.strip_prefix("\r\n").or(inner.strip_prefix('\n')).unwrap_or(inner);
        }
        (inner == self.text).then(|| self.raw.len() - quote.len() - inner.len())
    }
}
