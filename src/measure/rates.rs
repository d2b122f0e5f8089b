//! Rates of currencies by day, from config and from feeds, and amounts at them.

use std::collections::{BTreeMap, BTreeSet};

use super::table::Table;
use crate::catalog::{Catalog, Dataset, RateColumns};
use crate::domain::{Day, Decimal, Id, Value};

/// What one unit of a currency is worth in the project's: `times ÷ per`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rate {
    times: Decimal,
    per: Decimal,
}

#[derive(Debug, Clone)]
struct Entry {
    /// None where rows of one day disagree.
    rate: Option<Rate>,
    until: Option<i32>,
}

/// The rates of a run.
#[derive(Debug, Clone, Default)]
pub(super) struct Rates {
    /// By code in capitals, then first day.
    by_code: BTreeMap<String, BTreeMap<i32, Entry>>,
    good_for: i32,
    /// A file of them could not be read, or a row without a currency has a rate: nobody knows which is the last before
    /// a day.
    failed: bool,
    /// Codes of which a row has a rate and no day.
    dayless: BTreeSet<String>,
    /// A row has a rate and no currency.
    nameless: bool,
}

impl Rate {
    /// Of rows that say one of the two; none of what is not above zero.
    fn new(rate: Option<Decimal>, units: Option<Decimal>) -> Option<Self> {
        let above = |number: &Decimal| !number.is_negative() && !number.is_zero();
        match (rate, units) {
            (Some(times), _) => Some(Self { times, per: Decimal::ONE }),
            (None, Some(per)) => Some(Self { times: Decimal::ONE, per }),
            (None, None) => None,
        }
        .filter(|rate| above(&rate.times) && above(&rate.per))
    }

    /// An amount's units in the project's currency, half to even at its own scale; none where it is too large.
    pub(super) fn of(self, units: i128, scale: u8) -> Option<i128> {
        let amount = Decimal::new(units, scale);
        let whole = if self.per == Decimal::ONE {
            // One rounding only: the product's digits are all there.
            let product = units.checked_mul(self.times.units())?;
            let power = 10i128.checked_pow(u32::from(self.times.scale()))?;
            crate::domain::divide_half_even(product, power)
        } else {
            amount.checked_div(self.per, scale).ok()?.units()
        };
        Some(whole)
    }

    /// For people.
    pub(super) fn shown(self) -> Decimal {
        self.times.checked_div(self.per, 9).unwrap_or(self.times).trimmed(0)
    }
}

impl Rates {
    /// Those that config declares.
    pub(super) fn of(catalog: &Catalog) -> Self {
        let good_for = i32::try_from(catalog.project.rate_good_for).unwrap_or(i32::MAX);
        let mut rates = Self { good_for, ..Self::default() };
        for (id, rows) in &catalog.rows {
            let Some(dataset) = catalog.datasets.get(id) else { continue };
            let Some(columns) = &dataset.rates else { continue };
            for row in rows {
                rates.add(columns, &|column| dataset.cell(row, column.as_str()).cloned());
            }
        }
        rates
    }

    /// Adds those that feeds give.
    pub(super) fn add_table(&mut self, dataset: &Dataset, table: &Table) {
        let Some(columns) = &dataset.rates else { return };
        let rows = table.columns.get(&columns.from).map_or(0, Vec::len);
        for row in 0..rows {
            self.add(columns, &|column| table.columns.get(column)?.get(row).cloned());
        }
    }

    fn add(&mut self, columns: &RateColumns, cell: &dyn Fn(&Id) -> Option<Value>) {
        let number = |column: &Option<Id>| match cell(column.as_ref()?)? {
            Value::Number(number) => Some(number),
            _ => None,
        };
        let day = |column: &Id| cell(column).and_then(|value| value.day()).map(|day| day.0);
        let code = cell(&columns.currency).and_then(|v| v.as_text().map(str::to_uppercase));
        let (rate, units) = (number(&columns.rate), number(&columns.units));
        let (code, from) = match (code, day(&columns.from)) {
            (Some(code), Some(from)) => (code, from),
            // Lines without a number are no rates; one with a number may be the rate of any day.
            _ if rate.is_none() && units.is_none() => return,
            (Some(code), None) => {
                self.dayless.insert(code);
                return;
            }
            (None, _) => {
                (self.nameless, self.failed) = (true, true);
                return;
            }
        };
        let rate = Rate::new(rate, units);
        let until = columns.until.as_ref().and_then(day);
        let entries = self.by_code.entry(code).or_default();
        let entry = entries.entry(from).or_insert(Entry { rate, until });
        if entry.rate != rate || entry.until != until {
            entry.rate = None;
        }
    }

    pub(super) fn fail(&mut self) {
        self.failed = true;
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_code.is_empty()
    }

    /// The rate of a day: its own, or the last before it that is still good.
    pub(super) fn on(&self, code: &str, day: i32) -> Option<Rate> {
        if self.failed {
            return None;
        }
        let upper;
        let entries = match self.by_code.get(code) {
            Some(entries) => entries,
            None => {
                upper = code.to_uppercase();
                self.by_code.get(&upper)?
            }
        };
        if self.dayless.contains(code) || self.dayless.contains(&code.to_uppercase()) {
            return None;
        }
        let (from, entry) = entries.range(..=day).next_back()?;
        let last = entry.until.unwrap_or_else(|| from.saturating_add(self.good_for));
        (day <= last).then_some(entry.rate).flatten()
    }

    /// What cannot count, for people: days that rows disagree on, and rows that lack a day or a currency.
    pub(super) fn unsound(&self) -> Vec<String> {
        let mut found = Vec::new();
        for (code, entries) in &self.by_code {
            let broken = entries.iter().filter(|(_, entry)| entry.rate.is_none());
            found.extend(broken.map(|(day, _)| format!("`{code}` on {}", Day(*day))));
        }
        found
            .extend(self.dayless.iter().map(|code| format!("`{code}` on a day that is not there")));
        found.extend(self.nameless.then(|| "a currency that is not there".to_owned()));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    fn rates(entries: &[(&str, i32, Option<i32>, &str)]) -> Rates {
        let columns = RateColumns {
            currency: "c".into(),
            from: "f".into(),
            until: Some("u".into()),
            rate: Some("r".into()),
            units: None,
        };
        let mut rates = Rates { good_for: 7, ..Rates::default() };
        for (code, from, until, rate) in entries {
            rates.add(&columns, &|column| match column.as_str() {
                "c" => Some(Value::Text((*code).into())),
                "f" => Some(Value::Date(Day(*from))),
                "u" => until.map(|day| Value::Date(Day(day))),
                _ => Some(Value::Number(decimal(rate))),
            });
        }
        rates
    }

    #[test]
    fn the_last_rate_before_a_day_is_good_for_so_many_days_or_until_its_own() {
        let rates = rates(&[
            ("USD", 10, None, "0.9"),
            ("usd", 12, None, "0.8"),
            ("GBP", 10, Some(100), "1.1"),
        ]);
        let on = |code: &str, day| rates.on(code, day).map(|rate| rate.shown().to_string());
        assert_eq!(on("USD", 9), None, "before the first");
        assert_eq!(on("USD", 10).as_deref(), Some("0.9"));
        assert_eq!(on("Usd", 11).as_deref(), Some("0.9"));
        assert_eq!(on("USD", 19).as_deref(), Some("0.8"));
        assert_eq!(on("USD", 20), None, "stale");
        assert_eq!(on("GBP", 100).as_deref(), Some("1.1"));
        assert_eq!(on("GBP", 101), None, "over");
        assert_eq!(on("CHF", 10), None);
    }

    #[test]
    fn two_rates_of_one_day_are_none_and_the_same_twice_is_one() {
        let rates = rates(&[("USD", 10, None, "0.9"), ("USD", 10, None, "0.90")]);
        assert!(rates.on("USD", 10).is_some() && rates.unsound().is_empty());
        let rates = self::rates(&[("USD", 10, None, "0.9"), ("USD", 10, None, "0.91")]);
        assert!(rates.on("USD", 10).is_none());
        assert_eq!(rates.unsound(), ["`USD` on 1970-01-11"]);
    }

    #[test]
    fn an_amount_is_rounded_once_half_to_even() {
        let rate = |text: &str| Rate::new(Some(decimal(text)), None).unwrap();
        assert_eq!(rate("0.5").of(1, 2), Some(0), "0.005 is 0.00");
        assert_eq!(rate("0.5").of(3, 2), Some(2), "0.015 is 0.02");
        assert_eq!(rate("0.5").of(-3, 2), Some(-2));
        assert_eq!(rate("1").of(12_345, 2), Some(12_345));
        let per = |text: &str| Rate::new(None, Some(decimal(text))).unwrap();
        assert_eq!(per("1.25").of(100, 2), Some(80));
        assert_eq!(per("3").of(100, 2), Some(33));
        assert_eq!(rate("0.9").of(i128::MAX, 2), None, "too large to be exact");
        assert!(Rate::new(Some(Decimal::ZERO), None).is_none());
        assert!(Rate::new(None, Some(decimal("-1"))).is_none());
    }
}
