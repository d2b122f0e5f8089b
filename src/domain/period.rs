//! Periods of time with their labels.

use super::{Calendar, Day, Grain};

/// A span of days, both ends included; an open end means "since ever" or "for ever".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    pub from: Option<Day>,
    pub to: Option<Day>,
    /// `2026-10`, `2026-Q3`, `2026`, `FY2026-Q1`, `FY2026`, `2026-W41`, `2026-01-01..2026-06-30` or `all`.
    pub label: String,
}

/// Why a period's text could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodError(pub String);

impl Period {
    /// All of time.
    pub fn all() -> Self {
        Self { from: None, to: None, label: "all".into() }
    }

    pub fn is_all(&self) -> bool {
        self.from.is_none() && self.to.is_none()
    }

    pub fn holds(&self, day: Day) -> bool {
        self.from.is_none_or(|f| f <= day) && self.to.is_none_or(|t| day <= t)
    }

    /// Whether the period is over on a day: the as-of date is its last day or later.
    pub fn complete(&self, as_of: Option<Day>) -> bool {
        match (self.to, as_of) {
            (Some(to), Some(as_of)) => to <= as_of,
            _ => true,
        }
    }

    /// Reads a period as the command line and config write it.
    ///
    /// # Errors
    /// Says what is wrong and what the forms are.
    pub fn parse(_text: &str, _calendar: &Calendar) -> Result<Self, PeriodError> {
        Err(PeriodError(String::new()))
    }

    /// The bucket of a grain that holds a day.
    pub fn of(_day: Day, _grain: Grain, _calendar: &Calendar) -> Self {
        Self::all()
    }

    /// The last month that is over on a day.
    pub fn last_complete_month(_as_of: Day, _calendar: &Calendar) -> Self {
        Self::all()
    }

    /// The period before, of the same kind, by calendar: March has all of February. A free range has the same number of days before it.
    pub fn prior(&self, _calendar: &Calendar) -> Option<Self> {
        None
    }

    /// The same period a year before.
    pub fn year_before(&self, _calendar: &Calendar) -> Option<Self> {
        None
    }

    /// The buckets of a grain that tile the period, cut at its ends; needs two ends.
    pub fn split(&self, _grain: Grain, _calendar: &Calendar) -> Vec<Self> {
        Vec::new()
    }
}
