//! Amounts in another currency than the project's: never added to the others as they are. A column at the rates
//! of a day holds what they are worth; where there is no rate they are missing, and said to be.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use super::dictionaries::Dictionaries;
use super::eval::Shared;
use super::rates::{Rate, Rates};
use super::vector::{Values, Vector};
use super::worker::PlaceOf;
use crate::data::Dictionary;
use crate::domain::{Currency, Day, Decimal, Id, Type, Value};
use crate::rel::{Conversion, DayOf};
use crate::text::Place;

/// The money columns of a scan whose rows tell their currency.
pub(super) struct Currencies<'a> {
    own: Currency,
    rates: &'a Rates,
    zone: &'a jiff::tz::TimeZone,
    pairs: Vec<Pair>,
    pub(super) found: BTreeMap<Id, Foreign>,
    pub(super) converted: BTreeMap<Id, Converted>,
    /// By column as it is written: other currencies in it, converted or not.
    pub(super) others: BTreeMap<Id, BTreeSet<Arc<str>>>,
}

/// A money column and what tells its currency, by their places among the scan's columns.
struct Pair {
    name: Id,
    money: usize,
    told_by: usize,
    /// By code of the currency's text: whether it is another one.
    codes: Vec<bool>,
    /// The columns that are made of it.
    made: Vec<Made>,
    /// Of the chunk, where any is made: amounts and what tells their currency.
    written: Option<(Rc<Vector>, Rc<Vector>)>,
}

/// A money column of a chunk as it is written, for evidence.
pub(super) struct Written {
    own: Currency,
    pub(super) name: Id,
    told_by: usize,
    amounts: Rc<Vector>,
    told: Rc<Vector>,
}

impl Written {
    /// "100 USD"; null where there is no amount.
    pub(super) fn cell(&self, row: usize, dictionaries: &dyn Dictionaries) -> Value {
        let Value::Number(amount) = self.amounts.value(row) else { return Value::Null };
        let number = u32::try_from(row).unwrap_or(u32::MAX);
        let told = self.told.present[row].then_some(dictionaries.texts(self.told_by));
        let code = told.and_then(|texts| self.told.currency(number, texts));
        let code = code.as_deref().unwrap_or(self.own.code());
        Value::Text(format!("{} {code}", amount.trimmed(0)).into())
    }
}

/// A column of amounts at the rates of some day.
struct Made {
    at: usize,
    name: Id,
    day: DayAt,
    /// Of the chunk: the rows in another currency, and the rate of each.
    rows: Vec<(u32, Option<Rate>)>,
}

/// Where the day of a rate is found.
enum DayAt {
    Column(usize),
    Day(i32),
    Nowhere,
}

/// Amounts of a column in other currencies that could not be converted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Foreign {
    pub rows: u64,
    pub codes: BTreeSet<Arc<str>>,
    /// By code: the first and the last day of which a rate is missing.
    pub days: BTreeMap<Arc<str>, (Day, Day)>,
    /// Of the first in order of file and row.
    pub first: Option<Place>,
    /// Some value asks for them at the rate of a day.
    pub asked: bool,
}

/// Amounts of a column that were converted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Converted {
    /// Rows with an amount.
    pub of: u64,
    /// By code: rows, and the lowest and the highest rate.
    pub codes: BTreeMap<Arc<str>, (u64, Decimal, Decimal)>,
}

impl Foreign {
    pub(super) fn add(&mut self, other: Self) {
        self.rows += other.rows;
        self.asked |= other.asked;
        self.codes.extend(other.codes);
        for (code, (first, last)) in other.days {
            self.note(&code, first);
            self.note(&code, last);
        }
        self.first = self.first.take().into_iter().chain(other.first).min();
    }

    fn note(&mut self, code: &Arc<str>, day: Day) {
        let days = self.days.entry(Arc::clone(code)).or_insert((day, day));
        *days = (days.0.min(day), days.1.max(day));
    }
}

impl Converted {
    pub(super) fn add(&mut self, other: Self) {
        self.of += other.of;
        for (code, (rows, low, high)) in other.codes {
            let known = self.codes.entry(code).or_insert((0, low, high));
            *known = (known.0 + rows, known.1.min(low), known.2.max(high));
        }
    }
}

impl<'a> Currencies<'a> {
    pub(super) fn new(shared: &Shared<'a>) -> Self {
        let at = |id: &Id| shared.columns.iter().position(|column| column == id);
        let columns = shared.catalog.datasets.get(shared.dataset).map_or(&[][..], |d| &d.columns);
        let pair = |column: &crate::catalog::Column| {
            let (name, money) = (column.id.clone(), at(&column.id)?);
            let told_by = at(column.currency.as_ref()?)?;
            let made = shared.columns.iter().enumerate().filter_map(|(place, id)| {
                let conversion = Conversion::of(id).filter(|c| c.money == column.id)?;
                let day = match conversion.day {
                    DayOf::Column(day) => at(&day).map_or(DayAt::Nowhere, DayAt::Column),
                    DayOf::Day(day) => DayAt::Day(day.0),
                    DayOf::Nowhere => DayAt::Nowhere,
                };
                Some(Made { at: place, name: id.clone(), day, rows: Vec::new() })
            });
            let (made, codes) = (made.collect(), Vec::new());
            Some(Pair { name, money, told_by, codes, made, written: None })
        };
        Self {
            own: shared.catalog.project.currency,
            rates: &shared.tables.rates,
            zone: shared.zone,
            pairs: columns.iter().filter_map(pair).collect(),
            found: BTreeMap::new(),
            converted: BTreeMap::new(),
            others: BTreeMap::new(),
        }
    }

    /// Takes amounts in other currencies out of the chunk, as cells that do not fit, and puts the columns at the rates
    /// of some day behind it. Gives the rows without an amount, by column. A row that names no currency is in the
    /// project's.
    pub(super) fn sort_out(
        &mut self,
        rows: usize,
        columns: &mut Vec<Rc<Vector>>,
        rejected: &mut Vec<Vec<u32>>,
        dictionaries: &dyn Dictionaries,
        place: &PlaceOf<'_>,
    ) -> Vec<(usize, Vec<u32>)> {
        let made = self.pairs.iter().flat_map(|pair| &pair.made).map(|made| made.at + 1).max();
        let all = made.unwrap_or(0).max(columns.len());
        let nothing = || Rc::new(Vector::empty(Type::Boolean, 0));
        columns.resize_with(all, nothing);
        rejected.resize_with(all, Vec::new);
        let (mut missing, own) = (Vec::new(), self.own);
        for pair in &mut self.pairs {
            pair.refuse(columns, rejected);
            let foreign = pair.foreign(own, rows, columns, dictionaries);
            let texts = dictionaries.texts(pair.told_by);
            let both = || (Rc::clone(&columns[pair.money]), Rc::clone(&columns[pair.told_by]));
            pair.written = (!pair.made.is_empty()).then(both);
            for made in &mut pair.made {
                made.convert(
                    (pair.money, pair.told_by),
                    &foreign,
                    columns,
                    texts,
                    (self.rates, self.zone),
                );
                let without =
                    made.rows.iter().filter(|(_, rate)| rate.is_none()).map(|(row, _)| *row);
                let without: Vec<u32> = without.collect();
                rejected[made.at] = [&rejected[pair.money][..], &without].concat();
                missing.push((made.at, without));
            }
            let Some(first) = foreign.first() else { continue };
            let told = Rc::clone(&columns[pair.told_by]);
            let codes = foreign.iter().filter_map(|row| told.currency(*row, texts));
            let codes: BTreeSet<Arc<str>> = codes.collect();
            self.others.entry(pair.name.clone()).or_default().extend(codes.iter().cloned());
            if pair.made.is_empty() {
                let first = Some(place(*first as usize).1);
                let met =
                    Foreign { rows: foreign.len() as u64, codes, first, ..Foreign::default() };
                self.found.entry(pair.name.clone()).or_default().add(met);
            }
            let mut vector = Vector::clone(&columns[pair.money]);
            foreign.iter().for_each(|row| vector.present[*row as usize] = false);
            columns[pair.money] = Rc::new(vector);
            rejected[pair.money].extend(&foreign);
            missing.push((pair.money, foreign));
        }
        missing.retain(|(_, rows)| !rows.is_empty());
        missing
    }

    /// The amounts of the chunk that were converted.
    pub(super) fn written(&self) -> Vec<Written> {
        let written = |pair: &Pair| {
            let (amounts, told) = pair.written.clone()?;
            let (own, name, told_by) = (self.own, pair.name.clone(), pair.told_by);
            Some(Written { own, name, told_by, amounts, told })
        };
        self.pairs.iter().filter_map(written).collect()
    }

    /// Notes what was converted and what has no rate, of the rows that some value asks a made column about.
    pub(super) fn note(
        &mut self,
        asked: &dyn Fn(usize) -> Option<Vec<bool>>,
        column: &dyn Fn(usize) -> Rc<Vector>,
        dictionaries: &dyn Dictionaries,
        place: &PlaceOf<'_>,
    ) {
        for pair in self.pairs.iter().filter(|pair| !pair.made.is_empty()) {
            let (told, texts) = (column(pair.told_by), dictionaries.texts(pair.told_by));
            let mut lost: BTreeMap<u32, Vec<i32>> = BTreeMap::new();
            for made in &pair.made {
                let Some(asked) = asked(made.at) else { continue };
                let done = self.converted.entry(made.name.clone()).or_default();
                let present = &column(made.at).present;
                done.of += present.iter().zip(&asked).filter(|(a, b)| **a && **b).count() as u64;
                for (row, rate) in made.rows.iter().filter(|(row, _)| asked[*row as usize]) {
                    match rate {
                        Some(rate) => done.note(told.currency(*row, texts), *rate),
                        None => lost
                            .entry(*row)
                            .or_default()
                            .extend(made.day.in_row(*row, column, self.zone)),
                    }
                }
            }
            let Some((first, _)) = lost.first_key_value() else { continue };
            let found = self.found.entry(pair.name.clone()).or_default();
            let first = Some(place(*first as usize).1);
            let rows = lost.len() as u64;
            let mut met = Foreign { rows, first, asked: true, ..Foreign::default() };
            for (row, days) in &lost {
                let Some(code) = told.currency(*row, texts) else { continue };
                days.iter().for_each(|day| met.note(&code, Day(*day)));
                met.codes.insert(code);
            }
            found.add(met);
        }
    }
}

impl Pair {
    /// Takes out amounts whose currency cannot be read: nobody knows what they are.
    fn refuse(&self, columns: &mut [Rc<Vector>], rejected: &mut [Vec<u32>]) {
        let amounts = &columns[self.money];
        let is_amount = |row: &&u32| amounts.present[**row as usize];
        let doubtful: Vec<u32> = rejected[self.told_by].iter().filter(is_amount).copied().collect();
        if !doubtful.is_empty() {
            let mut vector = Vector::clone(amounts);
            doubtful.iter().for_each(|row| vector.present[*row as usize] = false);
            columns[self.money] = Rc::new(vector);
            rejected[self.money].extend(doubtful);
        }
    }

    /// The rows whose amount is in another currency.
    fn foreign(
        &mut self,
        own: Currency,
        rows: usize,
        columns: &[Rc<Vector>],
        dictionaries: &dyn Dictionaries,
    ) -> Vec<u32> {
        let Values::Text(codes) = &columns[self.told_by].values else { return Vec::new() };
        let texts = dictionaries.texts(self.told_by);
        let is_other = |text: &str| !text.eq_ignore_ascii_case(own.code());
        let more: Vec<bool> = texts.iter_from(self.codes.len()).map(is_other).collect();
        self.codes.extend(more);
        if !self.codes.contains(&true) {
            return Vec::new();
        }
        let (told, amounts) = (&columns[self.told_by].present, &columns[self.money].present);
        let is_foreign =
            |row: &usize| amounts[*row] && told[*row] && self.codes[codes[*row] as usize];
        let found = (0..rows).filter(is_foreign);
        found.map(|row| u32::try_from(row).unwrap_or(u32::MAX)).collect()
    }
}

impl Made {
    /// Puts the column behind the others.
    fn convert(
        &mut self,
        (money, told_by): (usize, usize),
        foreign: &[u32],
        columns: &mut [Rc<Vector>],
        texts: &Dictionary,
        (rates, zone): (&Rates, &jiff::tz::TimeZone),
    ) {
        self.rows.clear();
        let (mut vector, told) = (Vector::clone(&columns[money]), Rc::clone(&columns[told_by]));
        if let Values::Number { scale, units } = &mut vector.values {
            for row in foreign {
                let day = self.day.in_row(*row, &|at| Rc::clone(&columns[at]), zone);
                let code = told.currency(*row, texts);
                let rate = day.zip(code).and_then(|(day, code)| rates.on(&code, day));
                let at = *row as usize;
                let worth = rate.and_then(|rate| Some((rate, rate.of(units[at], *scale)?)));
                self.rows.push((*row, worth.map(|(rate, _)| rate)));
                (vector.present[at], units[at]) =
                    (worth.is_some(), worth.map_or(0, |(_, worth)| worth));
            }
        }
        columns[self.at] = Rc::new(vector);
    }
}

impl DayAt {
    fn in_row(
        &self,
        row: u32,
        column: &dyn Fn(usize) -> Rc<Vector>,
        zone: &jiff::tz::TimeZone,
    ) -> Option<i32> {
        let (at, row) = match self {
            Self::Column(at) => (*at, row as usize),
            Self::Day(day) => return Some(*day),
            Self::Nowhere => return None,
        };
        let vector = column(at);
        match &vector.values {
            Values::Date(days) if vector.present[row] => Some(days[row]),
            Values::DateTime(micros) if vector.present[row] => super::local_day(micros[row], zone),
            _ => None,
        }
    }
}

impl Vector {
    /// A row's text as a code of a currency: in capitals, however it is written.
    fn currency(&self, row: u32, texts: &Dictionary) -> Option<Arc<str>> {
        let Values::Text(codes) = &self.values else { return None };
        let text = texts.shared(codes[row as usize] as usize)?;
        match text.bytes().any(|b| b.is_ascii_lowercase()) {
            true => Some(text.to_ascii_uppercase().into()),
            false => Some(text),
        }
    }
}

impl Converted {
    fn note(&mut self, code: Option<Arc<str>>, rate: Rate) {
        let (Some(code), rate) = (code, rate.shown()) else { return };
        let known = self.codes.entry(code).or_insert((0, rate, rate));
        *known = (known.0 + 1, known.1.min(rate), known.2.max(rate));
    }
}
