//! `[project]`: name, money, time.

use std::sync::Arc;

use jiff::tz::TimeZoneDatabase;

use super::{Limits, Project, RowDetail, build::Build, diags};
use crate::decode::{Entry, Item, Reader, Text, Tree};
use crate::disk;
use crate::domain::{Calendar, Currency, Day, FiscalWeeks, FiscalWeeksError, Hours};

/// ISO 4217 codes in use.
const CURRENCIES: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL \
    BSD BTN BWP BYN BZD CAD CDF CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP \
    GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW \
    KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN \
    NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS \
    SRD SSP STN SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD \
    XCG XOF XPF YER ZAR ZMW ZWG";

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

impl Build<'_> {
    /// Reads the project's own table; without one, defaults stand.
    pub(super) fn project(&mut self) {
        self.row_detail();
        let Some(table) = &self.written.project else { return };
        let mut reader = Reader::new(table, "the project");
        let mut project = Project { place: Some(table.place()), ..Project::default() };
        project.rows = self.catalog.project.rows;
        project.name = reader.words("name");
        currency(&mut reader, &mut project);
        if let Some(zone) = zone(&mut reader, "time-zone") {
            project.zone = zone;
        }
        let calendar = &mut project.calendar;
        if let Some(month) = month(&mut reader) {
            calendar.fiscal_start = month;
        }
        if let Some(day) = reader.word("week-start", &numbered(&WEEKDAYS)) {
            calendar.week_start = day;
        }
        if let Some(end) = reader.word("fiscal-year-named-by", &[("end", true), ("start", false)]) {
            calendar.label_by_end = end;
        }
        fiscal_weeks(&mut reader, calendar);
        project.hours = hours(&mut reader).map(Arc::new);
        project.as_of = reader.day("as-of");
        project.reads = reads(&mut reader);
        (project.rate_at, project.rate_good_for) = super::rates::of_project(&mut reader);
        // Read where files and packs are chosen; asked here for their types.
        reader.texts("packs");
        reader.texts("ignore");
        reader.texts("reports");
        reader.finish(&mut self.sink);
        self.catalog.project = project;
    }

    /// `[report] rows = "keys"`, the one value beside report ids.
    fn row_detail(&mut self) {
        let words =
            [("none", RowDetail::None), ("keys", RowDetail::Keys), ("full", RowDetail::Full)];
        for (key, value) in &self.written.report_options {
            let chosen = match &value.item {
                Item::Text(text) if *key.text == *"rows" => {
                    words.iter().find(|(word, _)| **word == **text).map(|(_, detail)| *detail)
                }
                _ => None,
            };
            match chosen {
                Some(detail) => self.catalog.project.rows = detail,
                None => self.sink.push(diags::report_option(&key.text, value.span)),
            }
        }
    }
}

/// Folders beside the project that may be read.
fn reads(reader: &mut Reader<'_>) -> Vec<String> {
    let mut folders = Vec::new();
    for folder in reader.texts("reads") {
        if disk::is_folder_name(&folder.text) {
            folders.push(folder.text.to_string());
        } else {
            reader.report(diags::reads_form(&folder));
        }
    }
    folders
}

fn currency(reader: &mut Reader<'_>, project: &mut Project) {
    let Some(text) = reader.text("currency") else { return };
    let known = || CURRENCIES.split_whitespace();
    match Currency::new(&text.text).filter(|c| known().any(|k| k == c.code())) {
        Some(currency) => project.currency = currency,
        None => {
            let upper = text.text.to_uppercase();
            let near = known().find(|k| *k == upper);
            reader.report(diags::unknown_currency(&text, near));
        }
    }
}

/// A time zone by its exact name: the database ignores letter case, and older names have no place in a report.
pub(super) fn zone(reader: &mut Reader<'_>, key: &str) -> Option<String> {
    let text = reader.text(key)?;
    let zones = TimeZoneDatabase::bundled();
    let found = zones.available().find(|zone| zone.as_str() == &*text.text);
    if found.is_none() {
        let all: Vec<String> = zones.available().map(|z| z.as_str().to_owned()).collect();
        reader.report(diags::unknown_zone(&text, all.iter().map(String::as_str)));
    }
    found.map(|name| name.as_str().to_owned())
}

impl Default for Project {
    fn default() -> Self {
        Self {
            name: String::new(),
            currency: Currency::new("USD").unwrap_or_else(|| unreachable!("a literal")),
            rate_at: super::RateAt::default(),
            rate_good_for: super::rates::GOOD_FOR,
            zone: "UTC".into(),
            calendar: Calendar::default(),
            as_of: None,
            hours: None,
            rows: RowDetail::default(),
            reads: Vec::new(),
            limits: Limits::default(),
            place: None,
        }
    }
}

/// `fiscal-years = { 2026 = 2026-02-01, 2027 = 2027-01-31 }` and `fiscal-weeks = [4, 4, 5]`.
fn fiscal_weeks(reader: &mut Reader<'_>, calendar: &mut Calendar) {
    let (place, months_place) = (reader.place("fiscal-years"), reader.place("fiscal-weeks"));
    let pattern = reader.list("fiscal-weeks");
    let Some(table) = reader.table("fiscal-years") else {
        if pattern.is_some() {
            reader.report(diags::fiscal_weeks(None, months_place));
        }
        return;
    };
    let year = |entry: &Entry| match entry.value.item {
        Item::Date(day) => Some((entry.key.parse().ok()?, day)),
        _ => None,
    };
    let weeks = |tree: &Tree| match tree.item {
        Item::Integer(weeks) => u8::try_from(weeks).ok(),
        _ => None,
    };
    let years: Option<Vec<(i32, Day)>> = table.entries.iter().map(year).collect();
    let months: Option<Vec<u8>> =
        pattern.map_or(Some(vec![4, 4, 5]), |list| list.iter().map(weeks).collect());
    let months: Option<[u8; 3]> = months.and_then(|months| months.try_into().ok());
    let Some(years) = years else {
        reader.report(diags::fiscal_weeks(None, place));
        return;
    };
    let made = FiscalWeeks::new(years, months.unwrap_or_default());
    match made {
        Ok(weeks) => {
            if !reader.has("week-start") {
                calendar.week_start = weeks.week_start();
            }
            if reader.has("fiscal-year-start") {
                reader.report(diags::two_fiscal_years(reader.place("fiscal-year-start")));
            }
            calendar.weeks = Some(Arc::new(weeks));
        }
        Err(FiscalWeeksError::Quarter) => {
            let found = diags::fiscal_weeks(Some(FiscalWeeksError::Quarter), months_place);
            reader.report(found);
        }
        Err(error) => reader.report(diags::fiscal_weeks(Some(error), place)),
    }
}

/// `business-hours = { from = "09:00", to = "17:00", days = ["monday", …], holidays = [2026-01-01] }`; Monday to
/// Friday unless said.
fn hours(reader: &mut Reader<'_>) -> Option<Hours> {
    let key = "business-hours";
    let place = reader.place(key);
    let mut inner = Reader::new(reader.table(key)?, "business-hours");
    let minutes = |text: Option<Text>| text.and_then(|text| Hours::minutes(&text.text));
    let from = minutes(inner.required_text("from"));
    let to = minutes(inner.required_text("to"));
    let named = inner.texts("days");
    let number = |text: &Text| WEEKDAYS.iter().position(|day| *day == &*text.text);
    let numbers: Option<Vec<usize>> = named.iter().map(number).collect();
    let written = inner.list("holidays").unwrap_or_default();
    let day = |tree: &Tree| if let Item::Date(day) = tree.item { Some(day) } else { None };
    let holidays: Option<Vec<Day>> = written.iter().map(day).collect();
    let mut sink = Vec::new();
    inner.finish(&mut sink);
    let whole = !sink.is_empty();
    sink.into_iter().for_each(|found| reader.report(found));
    let (Some(from), Some(to), Some(numbers), Some(mut holidays)) = (from, to, numbers, holidays)
    else {
        if !whole {
            reader.report(diags::business_hours(place));
        }
        return None;
    };
    if from >= to {
        reader.report(diags::business_hours(place));
        return None;
    }
    let working = |day: usize| if named.is_empty() { day < 5 } else { numbers.contains(&day) };
    let days = std::array::from_fn(working);
    holidays.sort();
    holidays.dedup();
    Some(Hours { from, to, days, holidays })
}

/// A month by name or by number.
fn month(reader: &mut Reader<'_>) -> Option<u8> {
    let key = "fiscal-year-start";
    match reader.tree(key)?.item {
        Item::Integer(_) => reader.count(key, 1, 12).and_then(|m| u8::try_from(m).ok()),
        _ => reader.word(key, &numbered(&MONTHS)),
    }
}

/// Words with their numbers from 1.
fn numbered<const N: usize>(words: &[&'static str; N]) -> Vec<(&'static str, u8)> {
    words.iter().copied().zip(1..).collect()
}
