//! The newest day on which anything happened, where an as-of date was given: the export may know more than the date
//! allows, or less than it promises.

use std::collections::BTreeMap;

use super::dictionaries::Dictionaries;
use super::eval::Evaluator;
use super::vector::Values;
use crate::catalog::Occurred;
use crate::domain::{Day, Id};
use crate::rel::ExprId;

/// Columns that tell of things that happened where a condition holds, and the newest day met in each.
pub(super) struct Later {
    watched: Vec<(usize, ExprId)>,
    pub(super) newest: BTreeMap<usize, Day>,
}

impl Later {
    /// The watched columns of a scan; none to watch without a date that was given.
    pub(super) fn new(evaluator: &Evaluator<'_>, as_of: Option<Day>) -> Option<Self> {
        as_of?;
        let shared = evaluator.shared;
        let dataset = shared.catalog.datasets.get(shared.dataset)?;
        let watch = |(at, id): (usize, &Id)| match dataset.column(id.as_str())?.occurred {
            Occurred::When(condition) => Some((at, condition)),
            Occurred::Always | Occurred::No => None,
        };
        let watched: Vec<_> = shared.columns.iter().enumerate().filter_map(watch).collect();
        (!watched.is_empty()).then(|| Self { watched, newest: BTreeMap::new() })
    }

    /// Looks at a chunk.
    pub(super) fn see(&mut self, evaluator: &mut Evaluator<'_>, dictionaries: &dyn Dictionaries) {
        for (at, condition) in &self.watched {
            let happened = evaluator.eval(*condition, dictionaries);
            let Values::Bool(truths) = &happened.values else { continue };
            let dates = evaluator.chunk_column(*at);
            let zone = evaluator.shared.zone;
            let day = |row: usize| match &dates.values {
                Values::Date(days) => Some(days[row]),
                Values::DateTime(micros) => super::local_day(micros[row], zone),
                _ => None,
            };
            let rows = (0..truths.len())
                .filter(|row| truths[*row] && happened.present[*row] && dates.present[*row]);
            let newest = rows.filter_map(day).max().map(Day);
            if let Some(newest) = newest {
                let known = self.newest.entry(*at).or_insert(newest);
                *known = newest.max(*known);
            }
        }
    }
}
