//! What every view is made from.

use crate::catalog::{Catalog, ConfigRow, Metric};
use crate::domain::{Day, Id, Period, Value};
use crate::judge::Assessment;
use crate::kinds::Making;
use crate::measure::Measurements;
use crate::rel::Op;
use crate::text::{Place, Sources};

/// A run, measured and judged.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    pub catalog: &'a Catalog,
    /// For the places of rules.
    pub sources: &'a Sources,
    pub measurements: &'a Measurements,
    pub assessment: &'a Assessment,
    /// The report's.
    pub period: &'a Period,
}

/// Whether a metric is a state: all of it rests on rows without a time, so it has no period.
pub fn is_state(catalog: &Catalog, metric: &Metric) -> bool {
    let times = times(catalog, metric);
    !times.is_empty() && times.iter().all(|timed| !timed)
}

/// Whether a metric can be told of an earlier period: what is open now says nothing of then.
pub(super) fn has_past(catalog: &Catalog, metric: &Metric) -> bool {
    times(catalog, metric).iter().all(|timed| *timed)
}

/// Whether a metric is a change itself, which is compared with nothing.
pub(super) fn is_change(metric: &Metric) -> bool {
    matches!(metric.body.making, Making::Bridge { .. })
}

/// Whether rows have a time, for each population that a metric rests on.
fn times(catalog: &Catalog, metric: &Metric) -> Vec<bool> {
    if let Some(first) = metric.alias_of.as_ref().and_then(|id| catalog.metrics.get(id)) {
        return times(catalog, first);
    }
    let own = metric.body.population.iter().map(|p| p.time.is_some());
    let parts = metric.body.metrics(&catalog.arena);
    let parts = parts.iter().filter_map(|id| catalog.metrics.get(id));
    own.chain(parts.flat_map(|part| times(catalog, part))).collect()
}

impl<'a> Facts<'a> {
    /// The id under which a metric's values stand: a second name is computed as the first.
    pub(super) fn computed(&self, metric: &Metric) -> Id {
        let own = crate::plan::Rule::Metric(metric.id.clone());
        match &metric.alias_of {
            Some(first) if !self.measurements.values.contains_key(&own) => first.clone(),
            _ => metric.id.clone(),
        }
    }

    /// The first day of the data that a metric rests on: before it nothing is known, not even that there was nothing.
    pub(super) fn first_day(&self, metric: &Metric) -> Option<Day> {
        if let Some(population) = &metric.body.population {
            let op = &self.catalog.arena.get(population.time?.from()).op;
            let Op::Column(path) = op else { return None };
            return self.measurements.first_day(&population.dataset, path.base());
        }
        self.parts(metric).filter_map(|part| self.first_day(part)).min()
    }

    /// The metrics that a metric is made from.
    pub(super) fn parts(&self, metric: &Metric) -> impl Iterator<Item = &'a Metric> {
        let catalog = self.catalog;
        let parts = metric.body.metrics(&catalog.arena).into_iter();
        parts.filter_map(|id| catalog.metrics.get(&id))
    }

    pub(super) fn place(&self, place: &Place) -> String {
        self.sources.describe(place)
    }

    /// The place among its dataset's rows and the title that config gives a member, where the dimension is a
    /// reference to a config dataset.
    pub(super) fn declared_member(
        &self,
        dimension: &Id,
        member: &str,
    ) -> Option<(usize, Option<String>)> {
        let members = self.catalog.dimensions.get(dimension)?.members.as_ref()?;
        let dataset = self.catalog.datasets.get(members)?;
        let rows = self.catalog.rows.get(members)?;
        let key = dataset.key()?.id.as_str();
        let named =
            |row: &ConfigRow| dataset.cell(row, key).and_then(Value::as_text) == Some(member);
        let place = rows.iter().position(named)?;
        let title = dataset.cell(&rows[place], "title").and_then(Value::as_text);
        Some((place, title.map(str::to_owned)))
    }
}
