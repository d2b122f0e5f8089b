//! Which number formats make a date of a number, and which date it is.

use jiff::civil::Date;

/// What a number format makes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Shown {
    #[default]
    Number,
    /// A date, a time of day, or both.
    Moment,
    /// Hours that go beyond a day.
    Duration,
}

impl Shown {
    /// A format that every workbook has.
    pub(super) fn built_in(id: u32) -> Self {
        match id {
            14..=22 | 27..=36 | 45 | 47 | 50..=58 => Self::Moment,
            46 => Self::Duration,
            _ => Self::Number,
        }
    }

    /// A format of the workbook's own: what its first section shows.
    pub(super) fn of(format: &str) -> Self {
        let mut chars = format.chars();
        while let Some(char) = chars.next() {
            match char {
                // The next one is shown as it is, or fills or leaves room.
                '\\' | '_' | '*' => drop(chars.next()),
                '"' => drop(chars.by_ref().find(|c| *c == '"')),
                ';' => break,
                '[' => {
                    let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                    let unit = inside.to_ascii_lowercase();
                    let is = |letter: char| !unit.is_empty() && unit.chars().all(|c| c == letter);
                    if is('h') || is('m') || is('s') {
                        return Self::Duration;
                    }
                }
                'd' | 'm' | 'h' | 'y' | 's' | 'D' | 'M' | 'H' | 'Y' | 'S' => return Self::Moment,
                // `General` holds letters, and none of them is a unit.
                'G' | 'g' if is_general(chars.as_str()) => drop(chars.nth("eneral".len() - 1)),
                'a' | 'A' if is_half_day(chars.as_str()) => return Self::Moment,
                _ => {}
            }
        }
        Self::Number
    }
}

fn is_general(rest: &str) -> bool {
    rest.get(.."eneral".len()).is_some_and(|rest| rest.eq_ignore_ascii_case("eneral"))
}

/// Behind an `a`: `/p` or `m/pm`.
fn is_half_day(rest: &str) -> bool {
    let starts =
        |with: &str| rest.get(..with.len()).is_some_and(|rest| rest.eq_ignore_ascii_case(with));
    starts("/p") || starts("m/pm")
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
    fn formats_of_dates_are_told_from_others() {
        for format in [
            "yyyy-mm-dd",
            "D/M/YY",
            "h:mm AM/PM",
            "m\"M\"d\"D\";@",
            "[$-409]d-mmm-yy;@",
            "*-yyyy",
            "ha/p\\m",
            "[$-404]e\"x\"m\"x\"d",
            "mm:ss.0",
            "@*y d",
        ] {
            assert_eq!(Shown::of(format), Shown::Moment, "{format}");
        }
        for format in ["[h]:mm", "[ss]", "[Blue]\\+[h]:mm", "[>=100][Magenta][s].00", "[MM]:ss"] {
            assert_eq!(Shown::of(format), Shown::Duration, "{format}");
        }
        for format in [
            "General",
            "0.00",
            "#,##0 \"days\"",
            "\\Y0",
            "[Red]0",
            "0;yyyy",
            "#,##0_D",
            "0*y",
            "[$\u{20ac}-407] 0",
            "#,##0\\ [$USD]",
            "@",
            "GENERAL",
            "",
        ] {
            assert_eq!(Shown::of(format), Shown::Number, "{format}");
        }
    }

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
