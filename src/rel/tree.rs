//! The plan's relational algebra.
//!
//! It is complete as a type although the embedded engine runs only a part of it; what runs is said by
//! `plan::compile`, which answers the rest with a diagnostic.

use super::ExprId;
use crate::domain::{Grain, Id};

/// A relation.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Rel {
    /// All rows of a dataset, from all its feeds or config tables.
    Feed { dataset: Id },
    /// Adds the columns of what a reference column names; many-to-one.
    Lookup { input: Box<Rel>, column: Id },
    /// Adds a computed column.
    Derive { input: Box<Rel>, name: Id, expr: ExprId },
    /// Keeps rows where the expression is true.
    Filter { input: Box<Rel>, keep: ExprId },
    /// One row per period of a grain.
    Spine { grain: Grain },
    /// Rows of the left with rows of the right that have the same key, within a window of time.
    Match {
        left: Box<Rel>,
        right: Box<Rel>,
        left_key: ExprId,
        right_key: ExprId,
        window: Option<Window>,
        take: Take,
    },
    /// One row per entity.
    Fold { input: Box<Rel>, by: Vec<ExprId>, aggregates: Vec<ExprId> },
    /// One row per period and slice. `time` puts a row into periods; `aggregates` are aggregate nodes.
    Cube { input: Box<Rel>, time: Option<When>, aggregates: Vec<ExprId> },
}

impl Rel {
    /// The datasets whose rows it takes, each as often as it does.
    pub fn datasets(&self) -> Vec<&Id> {
        match self {
            Self::Feed { dataset } => vec![dataset],
            Self::Spine { .. } => Vec::new(),
            Self::Lookup { input, .. }
            | Self::Derive { input, .. }
            | Self::Filter { input, .. }
            | Self::Fold { input, .. }
            | Self::Cube { input, .. } => input.datasets(),
            Self::Match { left, right, .. } => {
                left.datasets().into_iter().chain(right.datasets()).collect()
            }
        }
    }
}

/// What puts a row into periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum When {
    /// It happened at a date: it counts in the period that holds the date.
    At(ExprId),
    /// It is there from a date on, until a date that is the first without it: it counts in every period at whose
    /// end it is there. The same as a match of `Spine` with rows by two comparisons. A row has left where `ended`
    /// is true; without it, where `until` has a date.
    Stay { from: ExprId, until: ExprId, ended: Option<ExprId> },
}

impl When {
    /// The date that a row must have.
    pub fn from(self) -> ExprId {
        match self {
            Self::At(at) => at,
            Self::Stay { from, .. } => from,
        }
    }

    /// All that it reads.
    pub fn exprs(self) -> impl Iterator<Item = ExprId> {
        let (until, ended) = match self {
            Self::At(_) => (None, None),
            Self::Stay { until, ended, .. } => (Some(until), ended),
        };
        std::iter::once(self.from()).chain(until).chain(ended)
    }

    /// With each expression rewritten.
    pub fn map(self, mut each: impl FnMut(ExprId) -> ExprId) -> Self {
        match self {
            Self::At(at) => Self::At(each(at)),
            Self::Stay { from, until, ended } => {
                let (from, until) = (each(from), each(until));
                Self::Stay { from, until, ended: ended.map(each) }
            }
        }
    }
}

/// Which of several matches counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Take {
    First,
    Last,
    All,
}

/// How far a match may lie from its left row: `after` days behind, `before` days ahead.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Window {
    pub left_time: ExprId,
    pub right_time: ExprId,
    pub before: u32,
    pub after: u32,
}
