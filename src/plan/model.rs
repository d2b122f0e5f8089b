//! What is asked, and what it takes.

use crate::domain::{Day, Id, Period};
use crate::kinds::Making;
use crate::rel::{Aggregate, Arena, ExprId, When};

/// A rule with a value of its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    Metric(Id),
    Check(Id),
}

impl Rule {
    pub fn id(&self) -> &Id {
        match self {
            Self::Metric(id) | Self::Check(id) => id,
        }
    }
}

/// Values wanted: one rule, over periods and crossings of dimensions (an empty crossing is the total).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    pub rule: Rule,
    pub periods: Vec<Period>,
    pub by: Vec<Vec<Id>>,
}

/// Everything that a command wants.
#[derive(Debug, Clone, Default)]
pub struct Question {
    pub asks: Vec<Ask>,
    /// The report's period: what `Op::PeriodFrom` and `Op::PeriodTo` mean.
    pub period: Option<Period>,
    /// What `Op::AsOf` means; none where it was taken from the data.
    pub as_of: Option<Day>,
    /// Whether rows must be told apart by their key: evidence needs it, measuring does not.
    pub with_keys: bool,
    /// Whether texts that lead to other exports are held against the keys there, looked up or not.
    pub with_ties: bool,
}

/// The answer to a [`Question`]: scans, and what to make of their leaves.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    pub arena: Arena,
    /// In the order they must run: what is looked up comes first.
    pub scans: Vec<Scan>,
    pub values: Vec<ValuePlan>,
    /// In order of need: parts come first.
    pub derived: Vec<DerivedPlan>,
    /// A second name, and the metric that it names.
    pub aliases: Vec<(Rule, Rule)>,
    /// Rules that cannot be sliced as asked: the dimension that they do not carry.
    pub unsliced: Vec<Unsliced>,
}

/// A crossing that a rule cannot give, because a metric in it lacks a dimension.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unsliced {
    pub rule: Rule,
    pub by: Vec<Id>,
    /// The metric that lacks it: the rule itself, or a part of it.
    pub metric: Id,
    pub dimension: Id,
}

/// All that one dataset owes: it is read once.
#[derive(Debug, Clone, Default)]
pub struct Scan {
    pub dataset: Id,
    /// Columns to read, in order of id.
    pub columns: Vec<Id>,
    pub leaves: Vec<Leaf>,
    pub scopes: Vec<Scope>,
    pub groupings: Vec<Grouping>,
    pub key_sets: Vec<KeySet>,
    /// Columns to keep for look-ups by other scans; empty where nothing looks up here.
    pub keep: Vec<Id>,
    /// Columns whose texts are held against the keys of another dataset that feeds fill.
    pub ties: Vec<Id>,
}

/// One aggregate over the rows where `mask` is true. All percentiles of one expression are one leaf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    pub function: Aggregate,
    pub arg: Option<ExprId>,
    pub mask: Option<ExprId>,
    /// Masks of the value's other leaves: where a text that nothing declares leaves one of them open, the row is in none.
    pub beside: Vec<ExprId>,
}

/// What coverage is counted over: the leaves of one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Leaf numbers.
    pub leaves: Vec<usize>,
    /// Columns whose blanks explain an unusable row, of arguments and filters.
    pub columns: Vec<ExprId>,
}

/// One way to group rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grouping {
    /// None where rows have no time.
    pub time: Option<When>,
    /// First days of the intervals that time is cut into, ascending; before the first is an interval too. Of stays:
    /// the days after the ends of periods.
    pub breaks: Vec<Day>,
    /// Of a time that tells of things that happened: the as-of date, after which nothing has.
    pub until: Option<Day>,
    pub dims: Vec<(Id, ExprId)>,
    pub leaves: Vec<usize>,
    pub scopes: Vec<usize>,
    /// The finer grouping that it is rolled up from, if it is; then no row is counted for it.
    pub from: Option<usize>,
}

/// The keys that a relation holds, for tests of membership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySet {
    /// What `Op::InKeys` calls it.
    pub number: u32,
    pub key: ExprId,
    pub filter: Option<ExprId>,
}

/// A value computed from leaves of one scan.
#[derive(Debug, Clone)]
pub struct ValuePlan {
    pub rule: Rule,
    pub scan: usize,
    /// The scan's leaf for each `Op::Leaf` of the trees.
    pub leaves: Vec<usize>,
    /// What is read from each of them.
    pub functions: Vec<Aggregate>,
    pub scope: usize,
    pub value: ExprId,
    pub numerator: Option<ExprId>,
    pub denominator: Option<ExprId>,
    /// Figures beside the value: name and tree.
    pub beside: Vec<(String, ExprId)>,
    pub time: Option<When>,
    /// Row filter of the population.
    pub filter: Option<ExprId>,
    pub population: String,
    /// Row expressions that the value cannot do without.
    pub needs: Vec<ExprId>,
    pub floors: Floors,
    /// Which rows count depends on the as-of date, and none was told.
    pub lacks_as_of: bool,
    pub cells: Vec<Cells>,
}

/// Floors below which a value is withheld or called too few.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Floors {
    /// 0 where a sample floor makes no sense.
    pub sample: u32,
    /// In thousandths.
    pub coverage: u32,
}

/// Periods wanted in one crossing, and the grouping that gives them.
#[derive(Debug, Clone)]
pub struct Cells {
    pub by: Vec<Id>,
    pub grouping: usize,
    pub periods: Vec<Period>,
    /// Row expressions that the crossing itself needs.
    pub needs: Vec<ExprId>,
}

/// A value computed from other values.
#[derive(Debug, Clone)]
pub struct DerivedPlan {
    pub rule: Rule,
    pub value: ExprId,
    /// How it is made of its parts, and from which of their periods.
    pub making: Making,
    pub parts: Vec<Id>,
    pub asks: Vec<(Vec<Id>, Vec<Period>)>,
    /// Take the parts from this one slice, and give a total.
    pub slice: Option<(Id, String)>,
}
