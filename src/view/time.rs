//! Dates and periods in words.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::AsOfView;
use super::words::say;
use crate::domain::{Day, Period};
use crate::measure::{AsOf, AsOfFrom};

/// "31 October 2026".
pub(super) fn date(day: Day) -> String {
    let date = day.date();
    let month = month(&date.month().to_string());
    let (day, year) = (date.day().to_string(), date.year().to_string());
    say("time.date", &[("day", &day), ("month", &month), ("year", &year)])
}

fn month(number: &str) -> String {
    say(&format!("month.{number}"), &[])
}

/// A period at an as-of date.
#[derive(Debug, Clone)]
pub struct PeriodView {
    period: Period,
    /// Whether it is over.
    pub complete: bool,
}

impl PeriodView {
    pub fn label(&self) -> &str {
        &self.period.label
    }

    /// First and last day, ISO 8601; none where it is open.
    pub fn ends(&self) -> [Option<String>; 2] {
        [self.period.from, self.period.to].map(|day| day.map(|d| d.to_string()))
    }

    /// "October 2026".
    pub fn text(&self) -> String {
        period_text(&self.period)
    }

    /// "Oct 2026": as short as a drawing needs it.
    pub fn short(&self) -> String {
        let label: &str = &self.period.label;
        let month = label.split_once('-').filter(|(year, part)| {
            part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit()) && year.len() == 4
        });
        match month {
            Some((year, part)) => {
                let name = say(&format!("month-short.{}", part.trim_start_matches('0')), &[]);
                say("time.month", &[("month", &name), ("year", year)])
            }
            None if label.contains("..") || Day::parse(label).is_some() => self.text(),
            None => label.to_owned(),
        }
    }
}

impl Serialize for PeriodView {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let [from, to] = self.ends();
        let mut parts = serializer.serialize_struct("PeriodView", 5)?;
        parts.serialize_field("label", self.label())?;
        parts.serialize_field("from", &from)?;
        parts.serialize_field("to", &to)?;
        parts.serialize_field("complete", &self.complete)?;
        parts.serialize_field("text", &self.text())?;
        parts.end()
    }
}

pub(crate) fn period(period: &Period, as_of: Option<Day>) -> PeriodView {
    PeriodView { period: period.clone(), complete: period.complete(as_of) }
}

fn period_text(period: &Period) -> String {
    let label: &str = &period.label;
    let fiscal = label.strip_prefix("FY");
    let (year, rest) = fiscal.unwrap_or(label).split_once('-').unwrap_or((label, ""));
    let year = year.strip_prefix("FY").unwrap_or(year);
    match (fiscal.is_some(), rest) {
        _ if period.is_all() => say("time.all", &[]),
        _ if label.contains("..") => match (period.from, period.to) {
            (Some(from), Some(to)) => {
                say("time.range", &[("from", &date(from)), ("to", &date(to))])
            }
            _ => label.to_owned(),
        },
        (true, "") => say("time.fiscal-year", &[("year", year)]),
        (true, part) => match part.strip_prefix('P') {
            Some(month) => {
                let month = month.trim_start_matches('0');
                say("time.fiscal-month", &[("month", month), ("year", year)])
            }
            None => {
                let quarter = part.trim_start_matches('Q');
                say("time.fiscal-quarter", &[("quarter", quarter), ("year", year)])
            }
        },
        (false, "") => label.to_owned(),
        (false, part) => match (part.strip_prefix('Q'), part.strip_prefix('W')) {
            (Some(quarter), _) => say("time.quarter", &[("quarter", quarter), ("year", year)]),
            (_, Some(week)) => say("time.week", &[("week", week), ("year", year)]),
            _ if part.len() == 2 => {
                let month = month(part.trim_start_matches('0'));
                say("time.month", &[("month", &month), ("year", year)])
            }
            _ => period.from.map_or_else(|| label.to_owned(), date),
        },
    }
}

pub(super) fn as_of(as_of: AsOf) -> AsOfView {
    let text = as_of.day.map(date).unwrap_or_default();
    let fill = [("date", text.as_str())];
    let (from, text) = match as_of.from {
        AsOfFrom::Flag => (Some("flag"), say("as-of.flag", &fill)),
        AsOfFrom::Project => (Some("project"), say("as-of.project", &fill)),
        AsOfFrom::Data => (Some("data"), say("as-of.data", &fill)),
        AsOfFrom::Nowhere => (None, say("as-of.nowhere", &fill)),
    };
    AsOfView { date: as_of.day.map(|d| d.to_string()), from, text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_said_by_their_label() {
        let said = |label: &str| {
            let from = Day::ymd(2026, 1, 1);
            let to = Day::ymd(2026, 6, 30);
            period_text(&Period { from, to, label: label.into() })
        };
        let short = |label: &str| {
            let period = Period { from: None, to: None, label: label.into() };
            PeriodView { period, complete: true }.short()
        };
        assert_eq!(short("2026-10"), "Oct 2026");
        assert_eq!(short("2026-Q3"), "2026-Q3");
        assert_eq!(short("FY2026-P03"), "FY2026-P03");
        assert_eq!(said("2026-10"), "October 2026");
        assert_eq!(said("2026-03"), "March 2026");
        assert_eq!(said("2026-Q3"), "Q3 2026");
        assert_eq!(said("2026"), "2026");
        assert_eq!(said("FY2026"), "fiscal year 2026");
        assert_eq!(said("FY2026-Q1"), "Q1 of fiscal year 2026");
        assert_eq!(said("FY2026-P03"), "month 3 of fiscal year 2026");
        assert_eq!(said("2026-W41"), "week 41 of 2026");
        assert_eq!(said("2026-01-01..2026-06-30"), "1 January 2026 to 30 June 2026");
        assert_eq!(said("2026-01-01"), "1 January 2026");
        assert_eq!(period_text(&Period::all()), "all time");
    }
}
