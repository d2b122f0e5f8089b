//! Rates of currencies: which datasets hold them, and which day's rate a metric counts at.

use super::{Catalog, Column, Dataset, build::Build, diags};
use crate::decode::{Reader, Text};
use crate::domain::{Id, Type};
use crate::kinds::Body;

/// Days for which a rate is good unless said: a table by months has no gap.
pub(super) const GOOD_FOR: u32 = 31;

/// The columns of a dataset whose rows are rates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateColumns {
    pub currency: Id,
    /// The first day of the rate.
    pub from: Id,
    /// Its last day, where a row says it; else it is good for so many days.
    pub until: Option<Id>,
    /// What one unit is worth in the project's currency.
    pub rate: Option<Id>,
    /// How many units one of the project's currency is worth.
    pub units: Option<Id>,
}

/// Which day's rate an amount is converted at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum RateAt {
    /// The day that puts the row into its period; the as-of date for what has none.
    #[default]
    Time,
    /// The last day of the report's period, for all periods alike.
    PeriodEnd,
    AsOf,
    /// The row's day in a column.
    Column(Id),
}

const WORDS: [(&str, RateAt); 3] =
    [("time", RateAt::Time), ("period-end", RateAt::PeriodEnd), ("as-of", RateAt::AsOf)];

/// A project's policy.
pub(super) fn of_project(reader: &mut Reader<'_>) -> (RateAt, u32) {
    let at = reader.word("rate-at", &WORDS).unwrap_or_default();
    (at, reader.count("rate-good-for", 0, 3_660).unwrap_or(GOOD_FOR))
}

impl Catalog {
    /// Whether the project has rates of currencies, from config or from feeds.
    pub fn has_rates(&self) -> bool {
        let fed = |id: &Id| self.feeds.iter().any(|feed| feed.dataset == *id);
        let rows = |id: &Id| self.rows.get(id).is_some_and(|rows| !rows.is_empty());
        self.datasets.values().any(|d| d.rates.is_some() && (rows(&d.id) || fed(&d.id)))
    }
}

impl Build<'_> {
    /// A metric's policy; none where the project's stands.
    pub(super) fn rate_at(
        &mut self,
        reader: &mut Reader<'_>,
        body: Option<&Body>,
    ) -> Option<RateAt> {
        let text = reader.text("rate-at")?;
        let Some(population) = body?.population.as_ref() else {
            reader.report(diags::rate_at_of_no_rows(reader.what(), &text));
            return None;
        };
        if let Some((_, at)) = WORDS.iter().find(|(word, _)| *word == &*text.text) {
            return Some(at.clone());
        }
        let dataset = self.catalog.datasets.get(&population.dataset)?;
        let fits = |c: &&Column| c.ty.is_time() || c.ty == Type::Null;
        let found = dataset.column(&text.text).filter(fits).map(|c| c.id.clone());
        if found.is_none() {
            let known = dataset.columns.iter().filter(fits).map(|c| c.id.as_str());
            let words = WORDS.iter().map(|(word, _)| *word);
            reader.report(diags::rate_at_unknown(&dataset.id, &text, words.chain(known)));
        }
        found.map(RateAt::Column)
    }

    /// `exchange = { currency = "currency", from = "day", worth = "rate" }` of a dataset.
    pub(super) fn rate_columns(
        &mut self,
        reader: &mut Reader<'_>,
        dataset: &Dataset,
    ) -> Option<RateColumns> {
        let place = reader.place("exchange");
        let mut inner =
            Reader::new(reader.table("exchange")?, format!("exchange of `{}`", dataset.id));
        let (currency, from) = (inner.required_text("currency"), inner.required_text("from"));
        let (until, rate, units) = (inner.text("until"), inner.text("worth"), inner.text("units"));
        inner.finish(&mut self.sink);
        let mut column = |text: Option<Text>, wanted: &[Type]| {
            let text = text?;
            let fits = |c: &&Column| wanted.contains(&c.ty) || c.ty == Type::Null;
            let found = dataset.column(&text.text).filter(fits).map(|c| c.id.clone());
            if found.is_none() {
                let known = dataset.columns.iter().filter(fits).map(|c| c.id.as_str());
                self.sink.push(diags::rates_column(&dataset.id, &text, wanted[0], known));
            }
            found
        };
        let numbers = [Type::Number, Type::Integer];
        let (currency, from) = (column(currency, &[Type::Text]), column(from, &[Type::Date]));
        let (until, rate) = (column(until, &[Type::Date]), column(rate, &numbers));
        let units = column(units, &numbers);
        if rate.is_none() && units.is_none() {
            self.sink.push(diags::rates_without_rate(&dataset.id, place));
            return None;
        }
        Some(RateColumns { currency: currency?, from: from?, until, rate, units })
    }
}
