//! What is asked, and what it takes.

use crate::domain::{Id, Period};

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
}
