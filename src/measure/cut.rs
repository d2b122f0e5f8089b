//! Which groups of a grouping belong to a period.

use std::ops::RangeInclusive;

use crate::domain::{Day, Period};
use crate::plan::Grouping;
use crate::rel::When;

/// The intervals that a period takes, of what happens in it or is there at its end.
#[derive(Debug, Clone)]
pub(super) enum Cut {
    Between(RangeInclusive<u32>),
    /// Stays that have begun at a break and end behind it.
    Standing(Stays, u32),
}

impl Cut {
    pub(super) fn new(grouping: &Grouping, period: &Period) -> Self {
        let place = |day: Day| number(grouping.breaks.partition_point(|b| *b < day));
        let last = period.to.into_iter().chain(grouping.until).min();
        let behind = last.map_or(number(grouping.breaks.len()), |day| place(Day(day.0 + 1)));
        match grouping.time {
            None => Self::Between(0..=0),
            Some(When::At(_)) => {
                Self::Between(period.from.map_or(0, |day| place(day) + 1)..=behind)
            }
            Some(When::Stay { .. }) => Self::Standing(Stays::of(&grouping.breaks), behind),
        }
    }

    pub(super) fn holds(&self, interval: u32) -> bool {
        match self {
            Self::Between(range) => range.contains(&interval),
            Self::Standing(stays, at) => {
                let (from, until) = stays.ends(interval);
                interval != stays.nowhere() && from <= *at && until > *at
            }
        }
    }

    /// The interval of rows whose time is blank or rejected; none where rows have no time.
    pub(super) fn nowhere(grouping: &Grouping) -> Option<u32> {
        match grouping.time? {
            When::At(_) => Some(number(grouping.breaks.len() + 1)),
            When::Stay { .. } => Some(Stays::of(&grouping.breaks).nowhere()),
        }
    }
}

/// Pairs of intervals as one number: where a stay begins, and where it ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stays {
    width: u32,
}

impl Stays {
    pub(super) fn of<T>(breaks: &[T]) -> Self {
        Self { width: number(breaks.len() + 2) }
    }

    /// The end of what has not ended.
    pub(super) fn never<T>(breaks: &[T]) -> u32 {
        number(breaks.len() + 1)
    }

    pub(super) fn pair(self, from: u32, until: u32) -> u32 {
        from * self.width + until
    }

    fn ends(self, pair: u32) -> (u32, u32) {
        (pair / self.width, pair % self.width)
    }

    pub(super) fn nowhere(self) -> u32 {
        self.width * self.width
    }
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
