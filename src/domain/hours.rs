//! Working time: which hours of which days count.

use super::Day;

const MINUTE_MICROS: i64 = 60_000_000;
const DAY_MINUTES: u16 = 24 * 60;

/// An organisation's working hours: the same span of each working day, but for holidays.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Hours {
    /// Minutes into the day; the first is before the last.
    pub from: u16,
    pub to: u16,
    /// From Monday on.
    pub days: [bool; 7],
    /// Ascending, each once.
    pub holidays: Vec<Day>,
}

impl Hours {
    /// `09:30` as minutes into the day; `24:00` is its end.
    pub fn minutes(text: &str) -> Option<u16> {
        let (hour, minute) = text.split_once(':')?;
        let two = |part: &str| {
            let digits = part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
            digits.then(|| part.parse::<u16>().ok())?
        };
        let (hour, minute) = (two(hour)?, two(minute)?);
        (minute < 60 && hour * 60 + minute <= DAY_MINUTES).then_some(hour * 60 + minute)
    }

    /// Microseconds of one working day.
    pub fn day_micros(&self) -> i64 {
        i64::from(self.to - self.from) * MINUTE_MICROS
    }

    /// Working time from some fixed day up to a moment of a day, in microseconds; only differences mean anything.
    pub fn up_to(&self, day: Day, micros: i64) -> i64 {
        let open = i64::from(self.from) * MINUTE_MICROS;
        let today = match self.is_working(day) {
            true => (micros - open).clamp(0, self.day_micros()),
            false => 0,
        };
        self.days_before(day) * self.day_micros() + today
    }

    fn is_working(&self, day: Day) -> bool {
        self.days[weekday(day.0)] && self.holidays.binary_search(&day).is_err()
    }

    /// Working days before a day, counted from a Monday far back; holidays from the first one on.
    fn days_before(&self, day: Day) -> i64 {
        // 1969-12-29 was a Monday.
        let since = i64::from(day.0) + 3;
        let weekly = i64::try_from(self.days.iter().filter(|d| **d).count()).unwrap_or(0);
        let begun = self.days[..weekday(day.0)].iter().filter(|d| **d).count();
        let off = self.holidays.iter().take_while(|h| **h < day);
        let off = off.filter(|h| self.days[weekday(h.0)]).count();
        let count = |n: usize| i64::try_from(n).unwrap_or(0);
        since.div_euclid(7) * weekly + count(begun) - count(off)
    }
}

/// 0 Monday to 6 Sunday.
fn weekday(day: i32) -> usize {
    usize::try_from((day + 3).rem_euclid(7)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours() -> Hours {
        let day = |text| Day::parse(text).unwrap();
        Hours {
            from: Hours::minutes("09:00").unwrap(),
            to: Hours::minutes("17:00").unwrap(),
            days: [true, true, true, true, true, false, false],
            holidays: vec![day("2026-01-01"), day("2026-01-03")],
        }
    }

    fn between(from: (&str, i64), to: (&str, i64)) -> i64 {
        let (hours, hour) = (hours(), 60 * MINUTE_MICROS);
        let at = |(day, h): (&str, i64)| hours.up_to(Day::parse(day).unwrap(), h * hour);
        (at(to) - at(from)) / hour
    }

    #[test]
    fn only_open_hours_count() {
        // Friday 16:00 to Monday 10:00.
        assert_eq!(between(("2026-01-09", 16), ("2026-01-12", 10)), 2);
        assert_eq!(between(("2026-01-10", 1), ("2026-01-11", 23)), 0, "a weekend");
        assert_eq!(between(("2025-12-31", 9), ("2026-01-02", 17)), 16, "New Year is off");
        assert_eq!(between(("2026-01-02", 9), ("2026-01-05", 9)), 8, "a holiday on a Saturday");
        assert_eq!(between(("2026-01-12", 10), ("2026-01-09", 16)), -2, "backwards");
        assert_eq!(between(("1969-12-01", 0), ("1969-12-08", 0)), 40, "before 1970");
    }

    #[test]
    fn it_is_what_walking_through_the_days_gives() {
        let hours = hours();
        let mut walked = 0;
        let start = Day::parse("2025-12-01").unwrap();
        for ahead in 0..60 {
            let day = Day(start.0 + ahead);
            assert_eq!(hours.up_to(day, 0) - hours.up_to(start, 0), walked, "{day}");
            walked += if hours.is_working(day) { hours.day_micros() } else { 0 };
        }
    }

    #[test]
    fn times_of_day_are_read_strictly() {
        assert_eq!(Hours::minutes("09:30"), Some(570));
        assert_eq!(Hours::minutes("24:00"), Some(1440));
        for wrong in ["9:30", "09:60", "24:01", "0930", "", "ab:cd", "-1:00"] {
            assert_eq!(Hours::minutes(wrong), None, "{wrong}");
        }
    }
}
