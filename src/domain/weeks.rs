//! Fiscal years of whole weeks, as retail has them: months of 4, 4 and 5 weeks, by a table of first days.

use super::{Day, Grain};

/// Fiscal years of 52 or 53 weeks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiscalWeeks {
    /// Name and first day, ascending; the last one only says where the year before it ends.
    years: Vec<(i32, Day)>,
    /// Weeks of the three months of a quarter; a 53rd week is the last month's.
    months: [u8; 3],
}

/// Why a table of fiscal years is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FiscalWeeksError {
    /// The months of a quarter do not have 13 weeks.
    Quarter,
    /// Fewer than two first days.
    TooFew,
    /// A year does not follow the one before it.
    Gap(i32),
    /// A year does not have 52 or 53 weeks.
    Length(i32),
}

/// A bucket of a fiscal year: its number in it (0 of a year), first and last day.
pub(super) struct Bucket {
    pub(super) year: i32,
    pub(super) number: i32,
    pub(super) from: Day,
    pub(super) to: Day,
}

impl FiscalWeeks {
    /// # Errors
    /// Says what is wrong with the table.
    pub fn new(mut years: Vec<(i32, Day)>, months: [u8; 3]) -> Result<Self, FiscalWeeksError> {
        years.sort_unstable();
        if months.contains(&0) || months.iter().map(|weeks| u32::from(*weeks)).sum::<u32>() != 13 {
            return Err(FiscalWeeksError::Quarter);
        }
        if years.len() < 2 {
            return Err(FiscalWeeksError::TooFew);
        }
        for pair in years.windows(2) {
            let [(name, start), (next, end)] = pair else { continue };
            if *next != name + 1 {
                return Err(FiscalWeeksError::Gap(*next));
            }
            if ![52 * 7, 53 * 7].contains(&(end.0 - start.0)) {
                return Err(FiscalWeeksError::Length(*name));
            }
        }
        Ok(Self { years, months })
    }

    /// First and last day that the table knows.
    pub fn ends(&self) -> (Day, Day) {
        let first = self.years.first().map_or(Day(0), |(_, day)| *day);
        let last = self.years.last().map_or(Day(0), |(_, day)| Day(day.0 - 1));
        (first, last)
    }

    /// The day of the week on which years begin, 1 Monday to 7 Sunday.
    pub fn week_start(&self) -> u8 {
        let (first, _) = self.ends();
        u8::try_from((first.0 + 3).rem_euclid(7) + 1).unwrap_or(1)
    }

    /// The month, quarter or year that holds a day; none outside the table.
    pub(super) fn holding(&self, day: Day, grain: Grain) -> Option<Bucket> {
        let (first, last) = self.ends();
        if day < first || day > last {
            return None;
        }
        let at = self.years.partition_point(|(_, start)| *start <= day) - 1;
        let numbers = match grain {
            Grain::Year => 0..=0,
            Grain::Quarter => 1..=4,
            _ => 1..=12,
        };
        let name = self.years[at].0;
        numbers.into_iter().find_map(|n| self.named(name, grain, n).filter(|b| day <= b.to))
    }

    /// A month or quarter by its number, or a whole year; none that the table does not know.
    pub(super) fn named(&self, year: i32, grain: Grain, number: i32) -> Option<Bucket> {
        let at = self.years.iter().position(|(name, _)| *name == year)?;
        let (start, end) = (self.years[at].1, self.years.get(at + 1)?.1);
        let day = |weeks: i32| Day(start.0 + weeks * 7);
        let last = Day(end.0 - 1);
        let (from, to) = match grain {
            Grain::Year => (start, last),
            Grain::Quarter if (1..=4).contains(&number) => (
                day((number - 1) * 13),
                if number == 4 { last } else { Day(day(number * 13).0 - 1) },
            ),
            Grain::Month if (1..=12).contains(&number) => {
                let before = self.weeks_before(number);
                let weeks = self.weeks_before(number + 1);
                (day(before), if number == 12 { last } else { Day(day(weeks).0 - 1) })
            }
            _ => return None,
        };
        Some(Bucket { year, number, from, to })
    }

    /// Weeks of a year before a month.
    fn weeks_before(&self, month: i32) -> i32 {
        let whole = (month - 1) / 3;
        let rest = usize::try_from((month - 1) % 3).unwrap_or(0);
        whole * 13 + self.months[..rest].iter().map(|weeks| i32::from(*weeks)).sum::<i32>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn retail() -> FiscalWeeks {
        // The retail year 2023 has 53 weeks.
        let years = [(2023, "2023-01-29"), (2024, "2024-02-04"), (2025, "2025-02-02")];
        FiscalWeeks::new(years.map(|(name, start)| (name, day(start))).to_vec(), [4, 5, 4]).unwrap()
    }

    #[test]
    fn months_and_quarters_tile_the_year_and_the_last_takes_the_odd_week() {
        let weeks = retail();
        for (grain, count) in [(Grain::Month, 12), (Grain::Quarter, 4)] {
            for year in [2023, 2024] {
                let whole = weeks.named(year, Grain::Year, 0).unwrap();
                let mut next = whole.from;
                for number in 1..=count {
                    let bucket = weeks.named(year, grain, number).unwrap();
                    assert_eq!(bucket.from, next, "{year} {number}");
                    next = Day(bucket.to.0 + 1);
                }
                assert_eq!(next, Day(whole.to.0 + 1));
            }
        }
        let last = weeks.named(2023, Grain::Month, 12).unwrap();
        assert_eq!((last.from, last.to), (day("2023-12-31"), day("2024-02-03")));
        assert!(weeks.named(2025, Grain::Year, 0).is_none(), "it only ends the year before");
        assert!(weeks.named(2024, Grain::Month, 13).is_none());
    }

    #[test]
    fn every_day_of_the_table_is_in_the_bucket_that_it_is_found_in() {
        let weeks = retail();
        let (first, last) = weeks.ends();
        for number in first.0..=last.0 {
            for grain in [Grain::Month, Grain::Quarter, Grain::Year] {
                let bucket = weeks.holding(Day(number), grain).unwrap();
                assert!(bucket.from.0 <= number && number <= bucket.to.0);
            }
        }
        assert!(weeks.holding(Day(first.0 - 1), Grain::Month).is_none());
        assert!(weeks.holding(Day(last.0 + 1), Grain::Month).is_none());
        assert_eq!(weeks.week_start(), 7);
    }

    #[test]
    fn a_table_that_is_none_is_refused() {
        let new = |years: &[(i32, &str)], months| {
            FiscalWeeks::new(years.iter().map(|(n, d)| (*n, day(d))).collect(), months)
        };
        let good = [(2023, "2023-01-29"), (2024, "2024-02-04")];
        assert_eq!(new(&good, [4, 4, 4]), Err(FiscalWeeksError::Quarter));
        assert_eq!(new(&good[..1], [4, 4, 5]), Err(FiscalWeeksError::TooFew));
        let gap = [(2023, "2023-01-29"), (2025, "2024-02-04")];
        assert_eq!(new(&gap, [4, 4, 5]), Err(FiscalWeeksError::Gap(2025)));
        let long = [(2023, "2023-01-29"), (2024, "2024-02-05")];
        assert_eq!(new(&long, [4, 4, 5]), Err(FiscalWeeksError::Length(2023)));
    }
}
