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
    Cube { input: Box<Rel>, time: Option<ExprId>, aggregates: Vec<ExprId> },
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
