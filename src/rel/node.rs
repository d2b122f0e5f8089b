//! One node of a typed expression.

use std::sync::Arc;

use super::ExprId;
use crate::domain::{Grain, Hours, Id, Type, Value};

/// A column reached from a dataset through references: `owner.team` of deals is the column `owner`, then
/// `team` of what it references.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ColumnPath {
    pub dataset: Id,
    /// At least one; all but the last are reference columns.
    pub steps: Vec<Id>,
}

impl ColumnPath {
    /// The column of the dataset itself: the first step.
    pub fn base(&self) -> &Id {
        &self.steps[0]
    }

    pub fn is_lookup(&self) -> bool {
        self.steps.len() > 1
    }
}

impl std::fmt::Display for ColumnPath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (i, step) in self.steps.iter().enumerate() {
            let step = super::Conversion::plain(step.as_str());
            write!(f, "{}{step}", if i == 0 { "" } else { "." })?;
        }
        Ok(())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimeUnit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DatePart {
    Year,
    Quarter,
    Month,
    Week,
    Day,
    /// 1 Monday to 7 Sunday.
    IsoDayOfWeek,
    Hour,
    Minute,
}

/// An aggregate's function.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Aggregate {
    /// `count(*)`: no argument.
    CountRows,
    /// `count(x)`.
    Count,
    CountDistinct,
    Sum,
    Avg,
    Min,
    Max,
    /// `percentile_cont(p, x)`, p in thousandths of a thousandth (0.75 is 750000); median is 500000.
    Percentile(u32),
}

/// What a node does with its arguments.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Op {
    Literal(Value),
    Column(ColumnPath),
    /// The value of another metric (metric scope).
    Metric(Id),
    /// The n-th aggregate leaf of a measure; plan puts it where an aggregate stood.
    Leaf(u32),
    Negate,
    Add,
    Subtract,
    Multiply,
    Divide,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    /// Any number of arguments, at least two.
    And,
    /// Any number of arguments, at least two.
    Or,
    Not,
    IsNull,
    /// The first argument among the others.
    In,
    /// `like`, case-sensitive; the pattern is a literal.
    Like(Arc<str>),
    /// condition, value, condition, value, …, else (always there, maybe null).
    Case,
    Coalesce,
    NullIf,
    Cast(Type),
    Abs,
    /// value, digits (a literal; 0 when left out). Half away from zero, as SQL's.
    Round,
    /// Passes over nulls, as `Least` does.
    Greatest,
    Least,
    Lower,
    Upper,
    Trim,
    Length,
    /// text, start (from 1), optional length.
    Substr,
    Extract(DatePart),
    DateTrunc(Grain),
    /// from, to. Dates: days, or boundaries crossed of weeks (Monday) and longer. Moments: seconds to
    /// hours are whole units gone by, days and longer are boundaries crossed in the zone.
    DateDiff(TimeUnit),
    /// from, to: the exact time between, in microseconds, of days whole ones; working time where hours are given.
    /// Null where it would be negative. Only kinds make it.
    Elapsed(Option<Arc<Hours>>),
    /// argument (none for `count(*)`); `filter` is the node of `filter (where …)`.
    Aggregate {
        function: Aggregate,
        filter: Option<ExprId>,
    },
    /// Whether the first argument is among the keys that another relation holds: `Match` lowered to a test.
    /// The number is the plan's key set. Only plan makes it.
    InKeys(u32),
    /// The as-of date; null where it was taken from the data. Only kinds make it.
    AsOf,
    /// First and last day of the report's period; null where open. Only kinds make them.
    PeriodFrom,
    PeriodTo,
}

/// A typed expression node. Equal nodes are one node of the arena.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Node {
    pub op: Op,
    pub args: Vec<ExprId>,
    pub ty: Type,
    /// Whether it can be null although no cell was rejected.
    pub nullable: bool,
}
