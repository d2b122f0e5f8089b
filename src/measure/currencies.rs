//! Amounts in another currency than the project's: they are never added to the others.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use super::dictionaries::Dictionaries;
use super::eval::Shared;
use super::vector::{Values, Vector};
use super::worker::PlaceOf;
use crate::domain::{Currency, Id};
use crate::text::Place;

/// The money columns of a scan whose rows tell their currency.
pub(super) struct Currencies {
    own: Currency,
    /// Places of money and of its currency among the scan's columns.
    pairs: Vec<(usize, usize)>,
    names: Vec<Id>,
    /// By pair and code of the currency's text: whether it is another one.
    codes: Vec<Vec<bool>>,
    pub(super) found: BTreeMap<Id, Foreign>,
}

/// Amounts of a column in other currencies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Foreign {
    pub rows: u64,
    pub codes: BTreeSet<Arc<str>>,
    /// Of the first in order of file and row.
    pub first: Option<Place>,
}

impl Foreign {
    pub(super) fn add(&mut self, other: Self) {
        self.rows += other.rows;
        self.codes.extend(other.codes);
        self.first = self.first.take().into_iter().chain(other.first).min();
    }
}

impl Currencies {
    pub(super) fn new(shared: &Shared<'_>) -> Self {
        let at = |id: &Id| shared.columns.iter().position(|column| column == id);
        let columns = shared.catalog.datasets.get(shared.dataset).map_or(&[][..], |d| &d.columns);
        let pair = |column: &crate::catalog::Column| {
            Some((at(&column.id)?, at(column.currency.as_ref()?)?))
        };
        let pairs: Vec<(usize, usize)> = columns.iter().filter_map(pair).collect();
        Self {
            own: shared.catalog.project.currency,
            names: pairs.iter().map(|(money, _)| shared.columns[*money].clone()).collect(),
            codes: vec![Vec::new(); pairs.len()],
            pairs,
            found: BTreeMap::new(),
        }
    }

    /// Takes amounts in other currencies out of the chunk, as cells that do not fit; gives their rows by column.
    /// A row that names no currency is in the project's.
    pub(super) fn sort_out(
        &mut self,
        rows: usize,
        columns: &mut [Rc<Vector>],
        rejected: &mut [Vec<u32>],
        dictionaries: &dyn Dictionaries,
        place: &PlaceOf<'_>,
    ) -> Vec<(usize, Vec<u32>)> {
        let mut all = Vec::new();
        for (at, (money, told_by)) in self.pairs.iter().enumerate() {
            let Values::Text(codes) = &columns[*told_by].values else { continue };
            let texts = dictionaries.texts(*told_by);
            let known = &mut self.codes[at];
            let is_other = |text: &str| !text.eq_ignore_ascii_case(self.own.code());
            known.extend(texts.iter_from(known.len()).map(is_other));
            if !known.contains(&true) {
                continue;
            }
            let (told, amounts) = (&columns[*told_by].present, &columns[*money].present);
            let foreign = |row: &usize| amounts[*row] && told[*row] && known[codes[*row] as usize];
            let foreign: Vec<usize> = (0..rows).filter(foreign).collect();
            let Some(first) = foreign.first() else { continue };
            let met = Foreign {
                rows: foreign.len() as u64,
                codes: foreign.iter().filter_map(|r| texts.shared(codes[*r] as usize)).collect(),
                first: Some(place(*first).1),
            };
            self.found.entry(self.names[at].clone()).or_default().add(met);
            let mut vector = Vector::clone(&columns[*money]);
            foreign.iter().for_each(|row| vector.present[*row] = false);
            columns[*money] = Rc::new(vector);
            let numbers: Vec<u32> =
                foreign.iter().map(|row| u32::try_from(*row).unwrap_or(u32::MAX)).collect();
            rejected[*money].extend(&numbers);
            all.push((*money, numbers));
        }
        all
    }
}
