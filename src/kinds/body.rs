//! What a rule asks for, after its kind has read it.

use crate::domain::{Decimal, Id};
use crate::rel::{ExprId, Rel};

/// Over which rows a rule runs, for words and evidence.
#[derive(Debug, Clone)]
pub struct Population {
    pub dataset: Id,
    /// Row expression; none keeps every row.
    pub filter: Option<ExprId>,
    /// The column that puts a row into a period.
    pub time: Option<ExprId>,
    /// "won deals"; the dataset's title in lower case when the rule does not say.
    pub words: String,
}

/// A value: aggregates over one population, or arithmetic over other metrics, or both.
#[derive(Debug, Clone)]
pub struct Body {
    /// None for arithmetic over metrics alone.
    pub population: Option<Population>,
    /// A `Rel::Cube` whose aggregates are the leaves; none for arithmetic over metrics alone.
    pub rel: Option<Rel>,
    /// Scalar tree over `Op::Leaf(n)` (the n-th aggregate of `rel`) and `Op::Metric`.
    pub value: ExprId,
    /// The parts to show, for ratios.
    pub numerator: Option<ExprId>,
    pub denominator: Option<ExprId>,
    /// Whether a sample floor makes sense: averages and shares, not sums and counts.
    pub sampled: bool,
}

/// Which rows in time a check looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// The report's period.
    Report,
    /// All of time.
    All,
}

/// Grade 1 from `met`, grade 0 up to `zero`, linear between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Higher values are better; else lower ones.
    pub at_least: bool,
    pub met: Decimal,
    pub zero: Decimal,
}

/// What a check's value comes from.
#[derive(Debug, Clone)]
pub enum CheckSource {
    /// Rows of a dataset.
    Rows(Body),
    /// Metrics of the catalog, with an optional slice (dimension, member).
    Metrics { body: Body, slice: Option<(Id, String)> },
    /// Only a person can say.
    Answer {
        /// Word and grade in thousandths.
        scale: Vec<(String, u32)>,
        /// Days for which an answer is good.
        valid_for: Option<u32>,
        each: Option<EachAnswer>,
    },
}

/// One answer per row of a dataset: "every person of sales was trained".
#[derive(Debug, Clone)]
pub struct EachAnswer {
    pub dataset: Id,
    pub filter: Option<ExprId>,
}

/// A check, after its kind has read it.
#[derive(Debug, Clone)]
pub struct CheckBody {
    pub source: CheckSource,
    pub bounds: Bounds,
    pub span: Span,
    /// The outcome over a population of no rows; unknown unless said.
    pub when_none: Option<crate::domain::Outcome>,
    /// The unit in which the value is shown.
    pub unit: crate::domain::Unit,
}
