//! What workers met in columns that people must hear of: undeclared texts, blanks, currencies, later days.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::currencies::Foreign;
use super::model::Measurements;
use super::run::Measuring;
use super::supply::Supply;
use super::tally::Tally;
use crate::catalog::{Dataset, Feed};
use crate::data::Want;
use crate::diag::Diagnostic;
use crate::domain::{Day, Id};

#[derive(Default)]
pub(super) struct Met {
    /// By column of the scan, as the two below.
    unknown: BTreeMap<usize, BTreeSet<Arc<str>>>,
    blanks: BTreeMap<usize, u64>,
    later: BTreeMap<usize, Day>,
    foreign: BTreeMap<Id, Foreign>,
}

impl Met {
    /// Adds what one worker met.
    pub(super) fn take(&mut self, tally: &mut Tally, blanks: BTreeMap<usize, u64>) {
        for (column, met) in std::mem::take(&mut tally.foreign) {
            self.foreign.entry(column).or_default().add(met);
        }
        for (at, texts) in &tally.unknown {
            self.unknown.entry(*at).or_default().extend(texts.iter().cloned());
        }
        for (at, day) in &tally.later {
            let known = self.later.entry(*at).or_insert(*day);
            *known = (*day).max(*known);
        }
        blanks.into_iter().for_each(|(at, rows)| *self.blanks.entry(at).or_default() += rows);
    }

    /// Says it, and notes it for reasons and reports.
    pub(super) fn tell(
        self,
        run: Measuring<'_>,
        (dataset, wants): (&Dataset, &[Want]),
        feeds: &[&Feed],
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
        for (at, texts) in self.unknown.iter().filter(|(_, texts)| !texts.is_empty()) {
            let column = wants[*at].column.clone();
            supply.undeclared.insert(column.clone());
            let key = (dataset.id.clone(), column);
            measurements.undeclared.insert(key, texts.iter().cloned().collect());
        }
        for (column, met) in self.foreign {
            sink.push(super::diags::other_currencies(run.catalog, dataset, &column, &met));
            supply.currencies.insert(column, met.codes);
        }
        for (at, newest) in self.later {
            let column = &wants[at].column;
            if let (Some(as_of), Some(feed)) = (run.as_of.told(), feeds.first())
                && newest > as_of
            {
                sink.push(super::diags::rows_after_as_of(feed, column, newest, as_of));
            }
            measurements.happened.insert((dataset.id.clone(), column.clone()), newest);
        }
        // Where nothing at all is declared and no condition looks anything up, texts are just texts.
        let mut unknown = self.unknown;
        unknown.retain(|at, _| {
            let target = wants.get(*at).and_then(|want| dataset.column(want.column.as_str()));
            let target = target.and_then(|c| run.catalog.rows.get(c.references.as_ref()?));
            self.blanks.contains_key(at) || target.is_some_and(|rows| !rows.is_empty())
        });
        sink.extend(say_unknown(dataset, feeds, wants, &unknown));
    }
}

/// The texts that mean no row of the config dataset that their column references, said once a column.
fn say_unknown(
    dataset: &Dataset,
    feeds: &[&Feed],
    wants: &[Want],
    unknown: &BTreeMap<usize, BTreeSet<Arc<str>>>,
) -> Vec<Diagnostic> {
    let place = feeds.first().map(|f| f.place.clone());
    let said = unknown.iter().filter(|(_, texts)| !texts.is_empty()).filter_map(|(at, texts)| {
        let column = dataset.column(wants[*at].column.as_str())?;
        Some(super::diags::unknown_members(dataset, column, texts).at(place.clone()))
    });
    said.collect()
}
