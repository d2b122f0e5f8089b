//! What a value is measured in, and whether it could be computed.

/// The unit that a metric's value carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unit {
    /// Things counted, with their noun: "deals".
    Count(String),
    Money(super::Currency),
    /// A share; shown as a percentage, its changes in points.
    Ratio,
    Days,
    Hours,
    Minutes,
    Number,
}

impl Unit {
    /// The type of a value in this unit.
    pub fn ty(&self) -> super::Type {
        match self {
            Self::Count(_) => super::Type::Integer,
            Self::Money(currency) => super::Type::Money(*currency),
            Self::Ratio | Self::Days | Self::Hours | Self::Minutes | Self::Number => {
                super::Type::Number
            }
        }
    }
}

/// Whether a value could be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    Ok,
    /// No row is in scope.
    NoData,
    /// Computed, but from fewer rows than the sample floor.
    TooFew,
    /// The rows are there, their cells are not, or a divisor is zero.
    NotComputable,
    /// The engine or the data failed: overflow, a broken feed.
    Failed,
}

impl Status {
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::NoData => "no-data",
            Self::TooFew => "too-few",
            Self::NotComputable => "not-computable",
            Self::Failed => "failed",
        }
    }
}

/// Which way is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    Higher,
    Lower,
    #[default]
    Neither,
}
