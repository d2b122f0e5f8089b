//! What workers met in columns that people must hear of: texts that lead nowhere, blanks, currencies, later days.

use std::collections::BTreeMap;

use super::currencies::{Converted, Foreign};
use super::model::Measurements;
use super::run::Measuring;
use super::strays::Stray;
use super::supply::Supply;
use super::table::Tables;
use super::tally::Tally;
use crate::catalog::{Dataset, Feed};
use crate::data::Want;
use crate::diag::Diagnostic;
use crate::domain::{Day, Id};

#[derive(Default)]
pub(super) struct Met {
    /// By column of the scan, as the two below.
    strays: BTreeMap<usize, Stray>,
    blanks: BTreeMap<usize, u64>,
    later: BTreeMap<usize, Day>,
    foreign: BTreeMap<Id, Foreign>,
    converted: BTreeMap<Id, Converted>,
}

impl Met {
    /// Adds what one worker met.
    pub(super) fn take(&mut self, tally: &mut Tally, blanks: BTreeMap<usize, u64>) {
        for (column, met) in std::mem::take(&mut tally.foreign) {
            self.foreign.entry(column).or_default().add(met);
        }
        for (column, met) in std::mem::take(&mut tally.converted) {
            self.converted.entry(column).or_default().add(met);
        }
        for (at, met) in std::mem::take(&mut tally.strays) {
            self.strays.entry(at).or_default().add(met);
        }
        for (at, day) in &tally.later {
            let known = self.later.entry(*at).or_insert(*day);
            *known = (*day).max(*known);
        }
        blanks.into_iter().for_each(|(at, rows)| *self.blanks.entry(at).or_default() += rows);
    }

    /// Says it, and notes it for reasons and reports.
    pub(super) fn tell(
        mut self,
        run: Measuring<'_>,
        (dataset, wants): (&Dataset, &[Want]),
        (feeds, tables): (&[&Feed], &Tables),
        measurements: &mut Measurements,
        supply: &mut Supply,
        sink: &mut Vec<Diagnostic>,
    ) {
        for (at, rows) in self.blanks.iter().filter(|(_, rows)| **rows > 0) {
            let column = &wants[*at].column;
            if supply.mapped.contains(column) {
                sink.push(super::diags::blank_members(dataset, column, *rows, feeds));
                measurements.blanks.insert((dataset.id.clone(), column.clone()), *rows);
            }
        }
        let lost = self.strays(run, (dataset, wants), (feeds, tables), measurements, supply);
        for (column, met) in self.foreign {
            // What is only looked up is not converted, whatever rates there are.
            let (catalog, rates) = (run.catalog, !tables.rates.is_empty() && met.asked);
            sink.push(match rates {
                true => super::diags::no_rate(catalog, dataset, &column, &met),
                false => super::diags::other_currencies(catalog, dataset, &column, &met),
            });
            supply.currencies.insert(column.clone(), met.codes.clone());
            measurements.foreign.insert((dataset.id.clone(), column), met);
        }
        let converted = self.converted.into_iter().filter(|(_, met)| !met.codes.is_empty());
        let converted = converted.map(|(column, met)| ((dataset.id.clone(), column), met));
        measurements.converted.extend(converted);
        for (at, newest) in self.later {
            let column = &wants[at].column;
            if let (Some(as_of), Some(feed)) = (run.as_of.told(), feeds.first())
                && newest > as_of
            {
                sink.push(super::diags::rows_after_as_of(feed, column, newest, as_of));
            }
            measurements.happened.insert((dataset.id.clone(), column.clone()), newest);
        }
        sink.extend(lost);
    }

    /// Notes the texts that lead nowhere, and gives what is to be said of them.
    fn strays(
        &mut self,
        run: Measuring<'_>,
        (dataset, wants): (&Dataset, &[Want]),
        (feeds, tables): (&[&Feed], &Tables),
        measurements: &mut Measurements,
        supply: &mut Supply,
    ) -> Vec<Diagnostic> {
        let mut lost = Vec::new();
        for (at, met) in
            std::mem::take(&mut self.strays).into_iter().filter(|(_, met)| !met.is_empty())
        {
            let Some(column) = wants.get(at).and_then(|want| dataset.column(want.column.as_str()))
            else {
                continue;
            };
            let Some(target) = &column.references else { continue };
            let (strays, key) =
                (met.settled(target, tables), (dataset.id.clone(), column.id.clone()));
            let config = run.catalog.datasets.get(target).is_some_and(|d| d.config);
            if !config {
                lost.push(super::diags::orphans(dataset, column, feeds, &strays));
                measurements.orphans.insert(key, strays);
                continue;
            }
            // Where nothing at all is declared and no condition looks anything up, texts are just texts.
            let rows = run.catalog.rows.get(target);
            if self.blanks.contains_key(&at) || rows.is_some_and(|rows| !rows.is_empty()) {
                let place = feeds.first().map(|f| f.place.clone());
                lost.push(super::diags::unknown_members(dataset, column, &strays).at(place));
            }
            supply.undeclared.insert(column.id.clone());
            measurements.undeclared.insert(key, strays);
        }
        lost
    }
}
