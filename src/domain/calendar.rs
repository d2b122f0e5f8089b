//! The organisation's calendar: fiscal year, week start, grains.

use std::sync::Arc;

use jiff::civil;

use super::{Day, FiscalWeeks};

/// How long a bucket of time is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grain {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Grain {
    pub const ALL: [Self; 5] = [Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Year];

    pub fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|g| g.word() == word)
    }
}

/// Fiscal year and week of an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// Month in which the fiscal year starts, 1 to 12.
    pub fiscal_start: u8,
    /// First day of the week, 1 Monday to 7 Sunday.
    pub week_start: u8,
    /// Whether a fiscal year is named by the year in which it ends (else starts).
    pub label_by_end: bool,
    /// Fiscal years of whole weeks, by a table; then the three above it say nothing of fiscal years.
    pub weeks: Option<Arc<FiscalWeeks>>,
}

impl Default for Calendar {
    fn default() -> Self {
        Self { fiscal_start: 1, week_start: 1, label_by_end: true, weeks: None }
    }
}

impl Calendar {
    /// First day of the bucket that holds a day, of years of months. Quarters and years are calendar ones; `fiscal`
    /// makes them fiscal.
    pub fn start_of(&self, day: Day, grain: Grain, fiscal: bool) -> Day {
        let months = month_number(day);
        match grain {
            Grain::Day => day,
            Grain::Week => Day(day.0 - (weekday(day) - i32::from(self.week_start)).rem_euclid(7)),
            Grain::Month => first_of(months),
            Grain::Quarter => first_of(months - self.months_in(months, fiscal) % 3),
            Grain::Year => first_of(months - self.months_in(months, fiscal)),
        }
    }

    /// First day of the next bucket.
    pub fn next_start(&self, start: Day, grain: Grain, _fiscal: bool) -> Day {
        let later = |months| first_of(month_number(start) + months);
        match grain {
            Grain::Day => Day(start.0 + 1),
            Grain::Week => Day(start.0 + 7),
            Grain::Month => later(1),
            Grain::Quarter => later(3),
            Grain::Year => later(12),
        }
    }

    /// Whether the fiscal year is not the calendar year.
    pub fn has_fiscal_year(&self) -> bool {
        self.fiscal_start != 1 || self.weeks.is_some()
    }

    /// The name of the fiscal year of months that holds a day.
    pub fn fiscal_year(&self, day: Day) -> i32 {
        let start = month_number(self.start_of(day, Grain::Year, true));
        start.div_euclid(12) + i32::from(self.label_by_end && self.has_fiscal_year())
    }

    /// First day of a fiscal year of months.
    pub fn fiscal_year_start(&self, year: i32) -> Day {
        let starts = year - i32::from(self.label_by_end && self.has_fiscal_year());
        first_of(starts * 12 + i32::from(self.fiscal_start) - 1)
    }

    /// Year and number of the week that holds a day: a week belongs to the year of its fourth day,
    /// which for weeks that begin on Monday is ISO 8601's rule.
    pub fn week_of(&self, day: Day) -> (i32, i32) {
        let fourth = Day(self.start_of(day, Grain::Week, false).0 + 3);
        let year = month_number(fourth).div_euclid(12);
        (year, (fourth.0 - first_of(year * 12).0) / 7 + 1)
    }

    /// First day of a week by year and number; none where the year has no such week.
    pub fn week_start_of(&self, year: i32, week: i32) -> Option<Day> {
        // The first week is the one that holds January 4.
        let first = self.start_of(Day(first_of(year * 12).0 + 3), Grain::Week, false);
        let start = Day(first.0 + (week - 1) * 7);
        (self.week_of(start) == (year, week)).then_some(start)
    }

    /// Months that have gone by in the year that holds a month.
    fn months_in(&self, months: i32, fiscal: bool) -> i32 {
        let start = if fiscal { i32::from(self.fiscal_start) - 1 } else { 0 };
        (months - start).rem_euclid(12)
    }
}

/// 1 Monday to 7 Sunday.
fn weekday(day: Day) -> i32 {
    // 1970-01-01 was a Thursday.
    (day.0 + 3).rem_euclid(7) + 1
}

/// Months since January of the year 0.
pub(super) fn month_number(day: Day) -> i32 {
    let date = day.date();
    i32::from(date.year()) * 12 + i32::from(date.month()) - 1
}

/// First day of a month that is counted from January of the year 0; the calendar's ends where it is
/// outside.
pub(super) fn first_of(months: i32) -> Day {
    let month = i8::try_from(months.rem_euclid(12) + 1).unwrap_or(1);
    let day = i16::try_from(months.div_euclid(12)).ok().and_then(|year| Day::ymd(year, month, 1));
    day.unwrap_or_else(|| match months < 0 {
        true => Day::of(civil::Date::MIN),
        false => Day(Day::of(civil::Date::MAX).0 + 1),
    })
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    pub(in crate::domain) fn calendar() -> impl Strategy<Value = Calendar> {
        (1u8..=12, 1u8..=7, any::<bool>()).prop_map(|(fiscal_start, week_start, label_by_end)| {
            Calendar { fiscal_start, week_start, label_by_end, weeks: None }
        })
    }

    pub(in crate::domain) fn day() -> impl Strategy<Value = Day> {
        (-200_000i32..600_000).prop_map(Day)
    }

    #[test]
    fn iso_weeks_are_as_in_the_standard() {
        let week = |text: &str| Calendar::default().week_of(Day::parse(text).unwrap());
        assert_eq!(week("2027-01-03"), (2026, 53));
        assert_eq!(week("2027-01-04"), (2027, 1));
        assert_eq!(week("2024-12-30"), (2025, 1));
        assert_eq!(Calendar::default().week_start_of(2025, 53), None);
    }

    #[test]
    fn a_fiscal_year_is_named_by_its_end_or_its_start() {
        let april = Calendar { fiscal_start: 4, ..Calendar::default() };
        let day = |text: &str| Day::parse(text).unwrap();
        assert_eq!(april.fiscal_year(day("2026-03-31")), 2026);
        assert_eq!(april.fiscal_year(day("2026-04-01")), 2027);
        assert_eq!(april.fiscal_year_start(2027), day("2026-04-01"));
        let by_start = Calendar { label_by_end: false, ..april.clone() };
        assert_eq!(by_start.fiscal_year(day("2026-04-01")), 2026);
        assert_eq!(Calendar::default().fiscal_year(day("2026-04-01")), 2026);
    }

    proptest! {
        #[test]
        fn buckets_tile_time(cal in calendar(), day in day(), fiscal in any::<bool>()) {
            for grain in Grain::ALL {
                let start = cal.start_of(day, grain, fiscal);
                let next = cal.next_start(start, grain, fiscal);
                prop_assert!(start <= day && day < next);
                prop_assert_eq!(cal.start_of(start, grain, fiscal), start);
                prop_assert_eq!(cal.start_of(Day(next.0 - 1), grain, fiscal), start);
                prop_assert_eq!(cal.start_of(next, grain, fiscal), next);
            }
        }

        #[test]
        fn a_year_has_four_quarters_and_twelve_months(
            cal in calendar(), day in day(), fiscal in any::<bool>(),
        ) {
            let start = cal.start_of(day, Grain::Year, fiscal);
            let end = cal.next_start(start, Grain::Year, fiscal);
            for (grain, count) in [(Grain::Quarter, 4), (Grain::Month, 12)] {
                let steps = (0..count).fold(start, |at, _| cal.next_start(at, grain, fiscal));
                prop_assert_eq!(steps, end);
            }
        }

        #[test]
        fn weeks_and_fiscal_years_are_found_by_their_names(cal in calendar(), day in day()) {
            let (year, week) = cal.week_of(day);
            prop_assert_eq!(
                cal.week_start_of(year, week),
                Some(cal.start_of(day, Grain::Week, false))
            );
            prop_assert_eq!(
                cal.fiscal_year_start(cal.fiscal_year(day)),
                cal.start_of(day, Grain::Year, true)
            );
        }
    }
}
