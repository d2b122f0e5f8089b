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
    let feb = Calendar { fiscal_start: 2, ..cal };
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
