//! Which date a number is that a workbook shows as one.

use jiff::civil::Date;

/// What a number is shown as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Shown {
    #[default]
    Number,
    /// A date, a time of day, or both.
    Moment,
    /// Hours that go beyond a day.
    Duration,
}

/// A day and the milliseconds into it.
pub(super) type Moment = (Date, u32);

/// The moment that a serial number means; none where there is none, such as 29 February 1900.
pub(super) fn moment(serial: f64, from_1904: bool) -> Option<Moment> {
    const DAY: i64 = 86_400_000;
    // Within what a calendar of four digits holds.
    if !(0.0..2_958_466.0).contains(&serial) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "the range was looked at")]
    let millis = (serial * 86_400_000.0).round() as i64;
    let (days, rest) = (millis / DAY, millis % DAY);
    let (epoch, days) = match days {
        _ if from_1904 => (Date::constant(1904, 1, 1), days),
        // Excel counts a day that never was.
        60 => return None,
        0..60 => (Date::constant(1899, 12, 31), days),
        _ => (Date::constant(1899, 12, 30), days),
    };
    let day = epoch.checked_add(jiff::Span::new().try_days(days).ok()?).ok()?;
    Some((day, u32::try_from(rest).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serials_are_days_in_both_systems() {
        let told = |serial, from_1904| {
            moment(serial, from_1904).map(|(day, millis)| format!("{day} {millis}"))
        };
        assert_eq!(told(1.0, false).as_deref(), Some("1900-01-01 0"));
        assert_eq!(told(59.0, false).as_deref(), Some("1900-02-28 0"));
        assert_eq!(told(60.0, false), None);
        assert_eq!(told(61.5, false).as_deref(), Some("1900-03-01 43200000"));
        assert_eq!(told(44_197.0, false).as_deref(), Some("2021-01-01 0"));
        assert_eq!(told(42_735.0, true).as_deref(), Some("2021-01-01 0"));
        assert_eq!(told(0.0, true).as_deref(), Some("1904-01-01 0"));
        // A float just below a whole second is that second.
        assert_eq!(told(44_197.999_999_999_9, false).as_deref(), Some("2021-01-02 0"));
        assert_eq!(told(2_958_465.0, false).as_deref(), Some("9999-12-31 0"));
        for none in [-1.0, 2_958_466.0, f64::NAN, f64::INFINITY] {
            assert_eq!(told(none, false), None, "{none}");
        }
        assert_eq!(told(2_958_465.0, true), None);
    }
}
