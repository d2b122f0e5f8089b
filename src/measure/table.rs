//! Rows that other datasets look up: config rows, and datasets whose scan keeps columns.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::doubles::DoubleKeys;
use super::model::Reason;
use super::rates::Rates;
use crate::catalog::Catalog;
use crate::domain::{Id, Status, Value};
use crate::rel::{Arena, ColumnPath, ExprId, Op};

/// A dataset by key.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    pub(super) index: HashMap<Value, usize>,
    pub(super) columns: BTreeMap<Id, Vec<Value>>,
}

/// Everything that can be looked up so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Tables {
    tables: BTreeMap<Id, Table>,
    /// Of config datasets: raw text to key.
    spellings: BTreeMap<Id, HashMap<Arc<str>, Arc<str>>>,
    keys: BTreeMap<u32, std::collections::HashSet<Value>>,
    /// Sets of keys that could not be gathered, and why.
    lacking: BTreeMap<u32, (Status, Reason)>,
    /// Datasets whose keys stand twice, against their contract.
    pub(super) doubled: BTreeMap<Id, DoubleKeys>,
    /// Columns that feeds map, of datasets that have been scanned.
    pub(super) mapped: BTreeMap<Id, BTreeSet<Id>>,
    /// Datasets of feeds whose keys have all been read.
    pub(super) whole: BTreeSet<Id>,
    pub(super) rates: Rates,
    /// By dataset and column of money: other currencies in it. What is looked up is as it is written.
    pub(super) others: BTreeMap<(Id, Id), BTreeSet<Arc<str>>>,
}

impl Tables {
    /// The tables of config datasets.
    pub(super) fn of(catalog: &Catalog) -> Self {
        let mut tables = Self { rates: Rates::of(catalog), ..Self::default() };
        for (id, rows) in &catalog.rows {
            let Some(dataset) = catalog.datasets.get(id) else { continue };
            let mut table = Table::default();
            let mut spellings = HashMap::new();
            let key = dataset.columns.iter().position(|c| c.key);
            for (at, row) in rows.iter().enumerate() {
                for (column, value) in dataset.columns.iter().zip(&row.values) {
                    table.columns.entry(column.id.clone()).or_default().push(value.clone());
                }
                let Some(key) = key.and_then(|k| row.values.get(k)) else { continue };
                table.index.insert(key.clone(), at);
                if let Value::Text(text) = key {
                    for raw in &row.spellings {
                        spellings.entry(Arc::clone(raw)).or_insert_with(|| Arc::clone(text));
                    }
                }
            }
            tables.tables.insert(id.clone(), table);
            tables.spellings.insert(id.clone(), spellings);
        }
        tables
    }

    pub(super) fn insert(&mut self, dataset: &Id, table: Table) {
        self.tables.insert(dataset.clone(), table);
    }

    pub(super) fn insert_keys(&mut self, number: u32, keys: std::collections::HashSet<Value>) {
        self.keys.insert(number, keys);
    }

    pub(super) fn insert_lacking(&mut self, number: u32, why: (Status, Reason)) {
        self.lacking.insert(number, why);
    }

    /// Why a set of keys that an expression looks into could not be gathered.
    pub(super) fn keys_lacking(&self, arena: &Arena, root: ExprId) -> Option<(Status, Reason)> {
        let mut found = None;
        if !self.lacking.is_empty() {
            arena.walk(root, &mut |_, node| {
                if let Op::InKeys(number) = node.op {
                    found = found.take().or_else(|| self.lacking.get(&number).cloned());
                }
            });
        }
        found
    }

    pub(super) fn in_keys(&self, number: u32, key: &Value) -> bool {
        self.keys.get(&number).is_some_and(|keys| keys.contains(key))
    }

    /// The key that a raw text means in the dataset that a column references; the text itself if none.
    pub(super) fn canonical(&self, references: Option<&Id>, raw: Value) -> Value {
        let known = references.and_then(|r| self.spellings.get(r));
        match (known, raw) {
            (Some(known), Value::Text(text)) => {
                Value::Text(known.get(&text).map_or(text, Arc::clone))
            }
            (_, raw) => raw,
        }
    }

    /// Whether texts may mean keys of this dataset that read otherwise.
    pub(super) fn is_spelled(&self, dataset: &Id) -> bool {
        self.spellings.contains_key(dataset)
    }

    /// Whether rows of a config dataset have spellings, and none of them is this text.
    pub(super) fn is_unknown(&self, references: &Id, raw: &str) -> bool {
        self.spellings.get(references).is_some_and(|known| !known.contains_key(raw))
    }

    /// Whether all rows of a dataset are here, so that a text which none of them has leads nowhere.
    pub(super) fn tells_strays(&self, dataset: &Id) -> bool {
        self.is_spelled(dataset) || self.whole.contains(dataset)
    }

    /// Whether a text means no row of such a dataset.
    pub(super) fn is_stray(&self, dataset: &Id, raw: &str) -> bool {
        match self.spellings.get(dataset) {
            Some(known) => !known.contains_key(raw),
            None => self
                .tables
                .get(dataset)
                .is_some_and(|table| !table.index.contains_key(&Value::Text(Arc::from(raw)))),
        }
    }

    /// The texts that mean rows of a dataset.
    pub(super) fn known(&self, dataset: &Id) -> Vec<&Arc<str>> {
        match self.spellings.get(dataset) {
            Some(known) => known.keys().collect(),
            None => self.tables.get(dataset).map_or_else(Vec::new, |table| {
                let texts = table.index.keys().filter_map(|key| match key {
                    Value::Text(text) => Some(text),
                    _ => None,
                });
                texts.collect()
            }),
        }
    }

    /// The first dataset on a path whose keys stand twice.
    pub(super) fn doubled_on(
        &self,
        catalog: &Catalog,
        path: &ColumnPath,
    ) -> Option<(Id, DoubleKeys)> {
        let mut dataset = &path.dataset;
        for step in path.steps.iter().take(path.steps.len().saturating_sub(1)) {
            let column = catalog.datasets.get(dataset).and_then(|d| d.column(step.as_str()));
            dataset = column?.references.as_ref()?;
            if let Some(doubled) = self.doubled.get(dataset) {
                return Some((dataset.clone(), doubled.clone()));
            }
        }
        None
    }

    /// The first amount that an expression reads as it is written and that is in other currencies somewhere: the reason
    /// why nothing can be said. Without `own`, of what it looks up only.
    pub(super) fn others_in(
        &self,
        catalog: &Catalog,
        arena: &Arena,
        root: ExprId,
        own: bool,
    ) -> Option<Reason> {
        let paths = arena.columns(root);
        let found = paths.iter().filter(|path| own || path.is_lookup());
        let found = found.filter_map(|path| Some((path, self.others_on(catalog, path)?)));
        let (path, codes) = found.into_iter().next()?;
        let codes: Vec<&str> = codes.iter().map(|code| &**code).collect();
        let (column, currencies) = (path.to_string(), codes.join(", "));
        Some(Reason::Currencies { column, currencies, rows: 0, of: 0, population: String::new() })
    }

    /// Other currencies in the column that a path leads to.
    fn others_on(&self, catalog: &Catalog, path: &ColumnPath) -> Option<&BTreeSet<Arc<str>>> {
        let (last, steps) = path.steps.split_last()?;
        let mut dataset = &path.dataset;
        for step in steps {
            let column = catalog.datasets.get(dataset)?.column(step.as_str())?;
            dataset = column.references.as_ref()?;
        }
        self.others.get(&(dataset.clone(), last.clone()))
    }

    /// The first column that a path looks up and no feed of its dataset maps, with that dataset.
    pub(super) fn unmapped_on(&self, catalog: &Catalog, path: &ColumnPath) -> Option<(Id, Id)> {
        let mut dataset = catalog.datasets.get(&path.dataset)?;
        for pair in path.steps.windows(2) {
            let target = dataset.column(pair[0].as_str())?.references.as_ref()?;
            dataset = catalog.datasets.get(target)?;
            let mapped = self.mapped.get(target).is_some_and(|columns| columns.contains(&pair[1]));
            if !dataset.config && !mapped {
                return Some((target.clone(), pair[1].clone()));
            }
        }
        None
    }

    /// Follows a path from its first column's value, which is canonical.
    pub(super) fn follow(&self, catalog: &Catalog, path: &ColumnPath, first: Value) -> Value {
        let mut dataset = &path.dataset;
        let mut value = first;
        for pair in path.steps.windows(2) {
            let column = catalog.datasets.get(dataset).and_then(|d| d.column(pair[0].as_str()));
            let Some(target) = column.and_then(|c| c.references.as_ref()) else {
                return Value::Null;
            };
            let found = self.tables.get(target).and_then(|t| {
                let at = *t.index.get(&value)?;
                t.columns.get(&pair[1])?.get(at).cloned()
            });
            let next = catalog.datasets.get(target).and_then(|d| d.column(pair[1].as_str()));
            let references = next.and_then(|c| c.references.as_ref());
            value = self.canonical(references, found.unwrap_or(Value::Null));
            dataset = target;
        }
        value
    }
}
