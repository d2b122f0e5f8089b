//! Strays: texts of a column that mean no row of the dataset which the column references.
//!
//! Of a config dataset nobody declared them; of one that feeds fill they are orphans. Counted with their rows while
//! rows are counted, so they cost no scan of their own.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use super::dictionaries::Dictionaries;
use super::eval::Shared;
use super::near;
use super::table::Tables;
use super::vector::{Values, Vector};
use super::worker::PlaceOf;
use crate::domain::Id;
use crate::text::Place;

/// Texts that lead nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strays {
    /// The dataset that they lead to.
    pub target: Id,
    /// Those on most rows first, then by text.
    pub texts: Vec<StrayText>,
    pub rows: u64,
    /// Rows that have a text.
    pub of: u64,
    /// Of the first such row in order of file and row.
    pub first: Option<Place>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StrayText {
    pub text: Arc<str>,
    pub rows: u64,
    /// What it may mean: a key or a spelling of the dataset that reads nearly the same.
    pub near: Option<Arc<str>>,
}

/// What one worker met in one column.
#[derive(Debug, Default)]
pub(super) struct Stray {
    texts: HashMap<Arc<str>, u64>,
    of: u64,
    first: Option<Place>,
}

impl Stray {
    pub(super) fn add(&mut self, other: Self) {
        other.texts.into_iter().for_each(|(text, n)| *self.texts.entry(text).or_default() += n);
        self.of += other.of;
        self.first = self.first.take().into_iter().chain(other.first).min();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// In order, with what the texts may mean.
    pub(super) fn settled(self, target: &Id, tables: &Tables) -> Strays {
        let text = |(text, rows)| StrayText { text, rows, near: None };
        let mut texts: Vec<StrayText> = self.texts.into_iter().map(text).collect();
        texts.sort_by(|a, b| b.rows.cmp(&a.rows).then_with(|| a.text.cmp(&b.text)));
        near::find(&mut texts, tables.known(target));
        let rows = texts.iter().map(|stray| stray.rows).sum();
        Strays { target: target.clone(), texts, rows, of: self.of, first: self.first }
    }
}

/// Watches the columns of a scan that lead to other datasets.
pub(super) struct Watch {
    columns: Vec<Watched>,
}

struct Watched {
    /// Its place among the scan's columns.
    at: usize,
    target: Id,
    /// By code: whether the text leads nowhere, and on how many rows it stands.
    strays: Vec<bool>,
    rows: Vec<u64>,
    of: u64,
    first: Option<Place>,
}

impl Watch {
    /// Config rows are checked where they are declared; only what feeds give is watched.
    pub(super) fn new(shared: &Shared<'_>) -> Self {
        let dataset = shared.catalog.datasets.get(shared.dataset).filter(|d| !d.config);
        let watched = |(at, id): (usize, &Id)| {
            let target = dataset?.column(id.as_str())?.references.clone()?;
            let (strays, rows) = (Vec::new(), Vec::new());
            shared.tables.tells_strays(&target).then_some(Watched {
                at,
                target,
                strays,
                rows,
                of: 0,
                first: None,
            })
        };
        Self { columns: shared.columns.iter().enumerate().filter_map(watched).collect() }
    }

    /// Counts a chunk in.
    pub(super) fn see(
        &mut self,
        tables: &Tables,
        columns: &[Rc<Vector>],
        dictionaries: &dyn Dictionaries,
        place: &PlaceOf<'_>,
    ) {
        for watched in &mut self.columns {
            let vector = &columns[watched.at];
            let Values::Text(codes) = &vector.values else { continue };
            let texts = dictionaries.texts(watched.at);
            let is_stray = |text: &str| tables.is_stray(&watched.target, text);
            let more: Vec<bool> = texts.iter_from(watched.strays.len()).map(is_stray).collect();
            watched.strays.extend(more);
            watched.rows.resize(watched.strays.len(), 0);
            let mut first = None;
            for (row, code) in codes.iter().enumerate().filter(|(row, _)| vector.present[*row]) {
                watched.of += 1;
                if watched.strays[*code as usize] {
                    watched.rows[*code as usize] += 1;
                    first.get_or_insert(row);
                }
            }
            // The least of all chunks, in whatever order a worker meets them.
            let first = first.map(|row| place(row).1);
            watched.first = watched.first.take().into_iter().chain(first).min();
        }
    }

    /// By column of the scan: what was met.
    pub(super) fn done(self, dictionaries: &dyn Dictionaries) -> BTreeMap<usize, Stray> {
        let done = self.columns.into_iter().map(|watched| {
            let texts = dictionaries.texts(watched.at);
            let met = watched.rows.iter().enumerate().filter(|(_, rows)| **rows > 0);
            let met = met.filter_map(|(code, rows)| Some((texts.shared(code)?, *rows)));
            let texts = met.collect();
            (watched.at, Stray { texts, of: watched.of, first: watched.first })
        });
        done.collect()
    }
}
