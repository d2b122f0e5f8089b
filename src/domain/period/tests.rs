use proptest::prelude::*;

use super::super::calendar::tests::{calendar, day};
use super::*;

fn period(text: &str) -> Period {
    Period::parse(text, &Calendar::default()).unwrap()
}

fn days(period: &Period) -> String {
    format!("{}..{}", period.from.unwrap(), period.to.unwrap())
}

#[test]
fn every_form_is_read() {
    let april = Calendar { fiscal_start: 4, ..Calendar::default() };
    for (text, expected) in [
        ("2026-02", "2026-02-01..2026-02-28"),
        ("2026-Q3", "2026-07-01..2026-09-30"),
        ("2026", "2026-01-01..2026-12-31"),
        ("FY2026", "2025-04-01..2026-03-31"),
        ("FY2026-Q1", "2025-04-01..2025-06-30"),
        ("FY2026-Q4", "2026-01-01..2026-03-31"),
        ("2026-W01", "2025-12-29..2026-01-04"),
        ("2026-10-31", "2026-10-31..2026-10-31"),
        ("2026-01-01..2026-06-30", "2026-01-01..2026-06-30"),
    ] {
        let period = Period::parse(text, &april).unwrap();
        assert_eq!(days(&period), expected);
        assert_eq!(&*period.label, text);
    }
    assert!(period("all").is_all());
}

#[test]
fn what_is_no_period_is_refused() {
    for text in [
        "",
        "2026-13",
        "2026-00",
        "2026-Q5",
        "2025-W53",
        "26",
        "2026-1",
        "2026-02-30",
        "FY26",
        "2026-06-30..2026-01-01",
        "2026-q3",
        "all ",
        "-2026",
        "2026-W1",
        "٢٠٢٦",
        "0000",
        "2026-Qé",
    ] {
        let error = Period::parse(text, &Calendar::default()).unwrap_err();
        assert!(error.0.contains("FY2026-Q1"), "{text}");
    }
}

#[test]
fn comparisons_go_by_calendar() {
    let cal = Calendar::default();
    for (text, prior, year_before) in [
        ("2026-03", "2026-02", Some("2025-03")),
        ("2026-01", "2025-12", Some("2025-01")),
        ("2026-Q1", "2025-Q4", Some("2025-Q1")),
        ("2026", "2025", Some("2025")),
        ("2026-W53", "2026-W52", None),
        ("2026-W01", "2025-W52", Some("2025-W01")),
        ("2026-03-01..2026-03-10", "2026-02-19..2026-02-28", Some("2025-03-01..2025-03-10")),
        ("2024-02-29", "2024-02-28", Some("2023-02-28")),
    ] {
        assert_eq!(period(text).prior(&cal).unwrap().label.as_ref(), prior);
        assert_eq!(period(text).year_before(&cal).map(|p| p.label).as_deref(), year_before);
    }
    assert_eq!(Period::all().prior(&cal), None);
    assert_eq!(Period::all().year_before(&cal), None);
}

#[test]
fn cut_buckets_say_so() {
    let labels = |text: &str, grain, cal: &Calendar| -> Vec<String> {
        let period = Period::parse(text, cal).unwrap();
        period.split(grain, cal).into_iter().map(|p| p.label.to_string()).collect()
    };
    let cal = Calendar::default();
    assert_eq!(
        labels("2026-01-15..2026-03-01", Grain::Month, &cal),
        ["2026-01-15..2026-01-31", "2026-02", "2026-03-01"]
    );
    let feb = Calendar { fiscal_start: 2, ..cal.clone() };
    assert_eq!(labels("2026", Grain::Quarter, &feb)[0], "2026-Q1");
    assert_eq!(labels("FY2026", Grain::Quarter, &feb)[3], "FY2026-Q4");
    assert!(Period::all().split(Grain::Month, &cal).is_empty());
}

#[test]
fn a_month_is_complete_on_its_last_day() {
    let cal = Calendar::default();
    let last =
        |text: &str| Period::last_complete_month(Day::parse(text).unwrap(), &cal).label.to_string();
    assert_eq!(last("2026-02-27"), "2026-01");
    assert_eq!(last("2026-02-28"), "2026-02");
}

proptest! {
    #[test]
    fn a_label_gives_the_period_back(cal in calendar(), day in day()) {
        for grain in Grain::ALL {
            let period = Period::of(day, grain, &cal);
            prop_assert!(period.holds(day));
            prop_assert_eq!(Period::parse(&period.label, &cal).unwrap(), period);
        }
    }

    #[test]
    fn priors_touch_and_splits_tile(cal in calendar(), day in day(), length in 0i32..900) {
        let free = range(day, Day(day.0 + length));
        let whole = Grain::ALL.map(|g| Period::of(day, g, &cal));
        for period in whole.into_iter().chain([free]) {
            let prior = period.prior(&cal).unwrap();
            prop_assert_eq!(prior.to.unwrap().0 + 1, period.from.unwrap().0);
            prop_assert_eq!(Period::parse(&prior.label, &cal).unwrap(), prior);
            for grain in Grain::ALL {
                let parts = period.split(grain, &cal);
                prop_assert_eq!(parts[0].from, period.from);
                prop_assert_eq!(parts.last().unwrap().to, period.to);
                for pair in parts.windows(2) {
                    prop_assert_eq!(pair[0].to.unwrap().0 + 1, pair[1].from.unwrap().0);
                }
                for part in &parts {
                    prop_assert_eq!(&Period::parse(&part.label, &cal).unwrap(), part);
                }
            }
        }
    }
}

/// A retail calendar: 2023 has 53 weeks.
fn retail() -> Calendar {
    let day = |text: &str| Day::parse(text).unwrap();
    let years = [(2023, "2023-01-29"), (2024, "2024-02-04"), (2025, "2025-02-02")];
    let years = years.map(|(name, start)| (name, day(start))).to_vec();
    let weeks = crate::domain::FiscalWeeks::new(years, [4, 5, 4]).unwrap();
    Calendar { week_start: 7, weeks: Some(weeks.into()), ..Calendar::default() }
}

#[test]
fn fiscal_years_of_weeks_have_months_quarters_and_years_of_their_own() {
    let cal = retail();
    for (text, expected) in [
        ("FY2024", "2024-02-04..2025-02-01"),
        ("FY2024-Q1", "2024-02-04..2024-05-04"),
        ("FY2023-P12", "2023-12-31..2024-02-03"),
        ("FY2024-P02", "2024-03-03..2024-04-06"),
        ("2024-02", "2024-02-01..2024-02-29"),
        ("2024", "2024-01-01..2024-12-31"),
    ] {
        let read = Period::parse(text, &cal).unwrap();
        assert_eq!((days(&read).as_str(), &*read.label), (expected, text));
    }
    for unknown in ["FY2025", "FY2022-P01", "FY2024-P13", "FY2024-P1"] {
        assert!(Period::parse(unknown, &cal).is_err(), "{unknown}");
    }
    assert!(Period::parse("FY2024-P02", &Calendar::default()).is_err(), "there is no table");
    let of = |text: &str, grain| Period::of(Day::parse(text).unwrap(), grain, &cal).label;
    assert_eq!(&*of("2024-02-03", Grain::Month), "FY2023-P12");
    assert_eq!(&*of("2024-02-04", Grain::Quarter), "FY2024-Q1");
    assert_eq!(&*of("2030-05-01", Grain::Month), "2030-05", "outside the table");
}

#[test]
fn periods_of_weeks_have_a_prior_one_a_year_before_and_windows() {
    let cal = retail();
    let read = |text: &str| Period::parse(text, &cal).unwrap();
    let label = |period: Option<Period>| period.map(|p| p.label.to_string());
    assert_eq!(label(read("FY2024-P01").prior(&cal)).as_deref(), Some("FY2023-P12"));
    assert_eq!(label(read("FY2023-P01").prior(&cal)), None);
    assert_eq!(label(read("FY2024-Q2").year_before(&cal)).as_deref(), Some("FY2023-Q2"));
    let march = read("FY2024-P02");
    let year = march.to_date(Grain::Year, &cal).unwrap();
    assert_eq!(days(&year), "2024-02-04..2024-04-06");
    let three = march.trailing(3, Grain::Month, &cal).unwrap();
    assert_eq!(days(&three), "2023-12-31..2024-04-06");
    let tiles = read("FY2024").split(Grain::Month, &cal);
    assert_eq!((tiles.len(), &*tiles[11].label), (12, "FY2024-P12"));
}

#[test]
fn the_same_point_is_the_same_day_of_the_month_or_as_many_days() {
    let cal = Calendar::default();
    let point = |now: &str, earlier: &str, on: &str| {
        let on = Day::parse(on).unwrap();
        period(now).same_point(&period(earlier), on).map(|p| days(&p))
    };
    let is = |text: &str| Some(text.to_owned());
    assert_eq!(point("2026-10", "2026-09", "2026-10-15"), is("2026-09-01..2026-09-15"));
    assert_eq!(point("2026-03", "2026-02", "2026-03-30"), is("2026-02-01..2026-02-28"));
    assert_eq!(point("2026-Q4", "2026-Q3", "2026-11-15"), is("2026-07-01..2026-08-15"));
    assert_eq!(point("2026", "2025", "2026-02-28"), is("2025-01-01..2025-02-28"));
    assert_eq!(point("2026-W41", "2026-W40", "2026-10-07"), is("2026-09-28..2026-09-30"));
    assert_eq!(point("2026-10", "2026-09", "2026-10-31"), None, "it is over");
    assert_eq!(point("2026-10", "2026-09", "2026-09-30"), None, "it has not begun");
    assert_eq!(period("2026-10").prior(&cal).unwrap(), period("2026-09"));
}

#[test]
fn windows_end_with_the_period_and_are_the_calendars() {
    let april = Calendar { fiscal_start: 4, ..Calendar::default() };
    let read = |text: &str| Period::parse(text, &april).unwrap();
    let trailing =
        |text: &str, many, grain| days(&read(text).trailing(many, grain, &april).unwrap());
    assert_eq!(trailing("2026-02", 12, Grain::Month), "2025-03-01..2026-02-28");
    assert_eq!(trailing("2026-02-10", 1, Grain::Month), "2026-01-11..2026-02-10");
    assert_eq!(trailing("2026-02", 2, Grain::Quarter), "2025-09-01..2026-02-28");
    assert_eq!(trailing("2026-03", 2, Grain::Quarter), "2025-10-01..2026-03-31");
    let to_date = |text: &str, grain| days(&read(text).to_date(grain, &april).unwrap());
    assert_eq!(to_date("2026-05", Grain::Year), "2026-04-01..2026-05-31");
    assert_eq!(to_date("2026-05", Grain::Month), "2026-05-01..2026-05-31");
    assert_eq!(to_date("2026-W20", Grain::Quarter), "2026-04-01..2026-05-17");
    assert!(Period::all().trailing(3, Grain::Month, &april).is_none());
}
