//! Which scan comes first, and what scans keep for each other.

use std::collections::{BTreeMap, BTreeSet};

use super::build::ScanBuilder;
use super::{Question, Scan};
use crate::catalog::{Catalog, Dataset, Occurred};
use crate::domain::Id;
use crate::rel::{Arena, ColumnPath, Conversion, DayOf, ExprId, Op, When};

/// Lists the columns of every scan, and has the datasets that are looked up keep theirs. Keys are read only
/// where they are looked up or wanted: a text that differs on every row is dear.
pub(super) fn keep_lookups(
    catalog: &Catalog,
    arena: &Arena,
    scans: &mut BTreeMap<Id, ScanBuilder>,
    question: &Question,
) {
    let (with_keys, as_of) = (question.with_keys, question.as_of.is_some());
    let mut open: Vec<Id> = scans.keys().cloned().collect();
    let mut keep: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
    while let Some(dataset) = open.pop() {
        let Some(builder) = scans.get_mut(&dataset) else { continue };
        if converts(arena, &builder.scan) {
            note_rates(catalog, &mut keep);
        }
        if question.with_ties {
            builder.scan.ties = ties(catalog, &dataset);
        }
        note_all(catalog, arena, &builder.scan, &mut keep);
        for target in keep.keys() {
            if !scans.contains_key(target) {
                scans.insert(target.clone(), ScanBuilder::new(target));
                open.push(target.clone());
            }
        }
    }
    for (dataset, builder) in scans.iter_mut() {
        let kept: Vec<Id> = keep.remove(dataset).into_iter().flatten().collect();
        let mut columns: BTreeSet<Id> =
            paths(arena, &builder.scan).iter().map(|p| p.base().clone()).collect();
        columns.extend(kept.iter().chain(&builder.scan.ties).cloned());
        let made: Vec<Conversion> = columns.iter().filter_map(Conversion::of).collect();
        columns.retain(|id| Conversion::of(id).is_none());
        for conversion in &made {
            columns.insert(conversion.money.clone());
            if let DayOf::Column(day) = &conversion.day {
                columns.insert(day.clone());
            }
        }
        let known = catalog.datasets.get(dataset);
        let told = columns.iter().filter_map(|id| known?.column(id.as_str())?.currency.clone());
        let told: Vec<Id> = told.collect();
        columns.extend(told);
        if as_of {
            columns.extend(
                known.into_iter().flat_map(|d| happened(arena, d, &columns)).collect::<Vec<_>>(),
            );
        }
        let key = catalog.datasets.get(dataset).and_then(|d| d.key());
        columns.extend(key.filter(|_| with_keys).map(|k| k.id.clone()));
        // What is made of others comes behind them.
        builder.scan.columns = columns.into_iter().chain(made.iter().map(Conversion::id)).collect();
        builder.scan.keep = kept;
    }
}

/// Where a scan reads what decides whether a date has happened: the date, and all that decides it.
fn happened(arena: &Arena, dataset: &Dataset, columns: &BTreeSet<Id>) -> Vec<Id> {
    let mut found = Vec::new();
    for column in &dataset.columns {
        let Occurred::When(condition) = column.occurred else { continue };
        let bases = arena.columns(condition).into_iter().map(|path| path.base().clone());
        let bases: Vec<Id> = bases.collect();
        if bases.iter().any(|base| columns.contains(base)) {
            found.push(column.id.clone());
            found.extend(bases);
        }
    }
    found
}

/// Whether a scan makes amounts at rates.
fn converts(arena: &Arena, scan: &Scan) -> bool {
    paths(arena, scan).iter().any(|path| Conversion::of(path.base()).is_some())
}

/// Notes the columns of the feeds that give rates.
fn note_rates(catalog: &Catalog, keep: &mut BTreeMap<Id, BTreeSet<Id>>) {
    let fed = |id: &Id| catalog.feeds.iter().any(|feed| feed.dataset == *id);
    for dataset in catalog.datasets.values().filter(|d| !d.config && fed(&d.id)) {
        let Some(rates) = &dataset.rates else { continue };
        let columns = [&rates.currency, &rates.from].into_iter();
        let more = [&rates.until, &rates.rate, &rates.units].into_iter().flatten();
        keep.entry(dataset.id.clone()).or_default().extend(columns.chain(more).cloned());
    }
}

/// The columns of a dataset that lead to another one, where feeds fill both.
fn ties(catalog: &Catalog, dataset: &Id) -> Vec<Id> {
    let fed = |id: &Id| catalog.feeds.iter().any(|feed| feed.dataset == *id);
    let Some(known) = catalog.datasets.get(dataset).filter(|d| !d.config && fed(&d.id)) else {
        return Vec::new();
    };
    let led = known.columns.iter().filter(|c| c.by_rule.is_none());
    let led = led.filter(|c| c.references.as_ref().is_some_and(fed));
    led.map(|column| column.id.clone()).collect()
}

/// Notes the columns that a scan needs of other datasets.
fn note_all(catalog: &Catalog, arena: &Arena, scan: &Scan, keep: &mut BTreeMap<Id, BTreeSet<Id>>) {
    for path in paths(arena, scan) {
        note_lookups(catalog, &path, keep);
    }
    let known = catalog.datasets.get(&scan.dataset);
    for column in scan.ties.iter().filter_map(|id| known?.column(id.as_str())) {
        let Some(target) = column.references.as_ref() else { continue };
        let key = catalog.datasets.get(target).and_then(|d| d.key());
        keep.entry(target.clone()).or_default().extend(key.map(|k| k.id.clone()));
    }
}

/// Notes the columns that a path needs of the datasets that it goes through.
fn note_lookups(catalog: &Catalog, path: &ColumnPath, keep: &mut BTreeMap<Id, BTreeSet<Id>>) {
    let mut dataset = path.dataset.clone();
    for pair in path.steps.windows(2) {
        let column = catalog.datasets.get(&dataset).and_then(|d| d.column(pair[0].as_str()));
        let Some(target) = column.and_then(|c| c.references.clone()) else { return };
        let kept = keep.entry(target.clone()).or_default();
        kept.insert(pair[1].clone());
        let key = catalog.datasets.get(&target).and_then(|d| d.key());
        kept.extend(key.map(|k| k.id.clone()));
        dataset = target;
    }
}

/// All expressions of a scan.
pub(super) fn roots(scan: &Scan) -> Vec<ExprId> {
    let mut roots: Vec<ExprId> = Vec::new();
    for leaf in &scan.leaves {
        roots.extend(leaf.arg.into_iter().chain(leaf.mask));
    }
    for grouping in &scan.groupings {
        roots.extend(grouping.time.into_iter().flat_map(When::exprs));
        roots.extend(grouping.dims.iter().map(|(_, e)| *e));
    }
    for set in &scan.key_sets {
        roots.push(set.key);
        roots.extend(set.filter);
    }
    roots.sort();
    roots.dedup();
    roots
}

fn paths(arena: &Arena, scan: &Scan) -> Vec<ColumnPath> {
    roots(scan).into_iter().flat_map(|root| arena.columns(root)).collect()
}

/// Scans with what they look up before them; the error lists a circle.
pub(super) fn in_order(
    catalog: &Catalog,
    arena: &Arena,
    scans: BTreeMap<Id, ScanBuilder>,
) -> Result<Vec<Scan>, String> {
    let makers: BTreeMap<u32, Id> = scans
        .iter()
        .flat_map(|(id, b)| b.scan.key_sets.iter().map(|k| (k.number, id.clone())))
        .collect();
    let mut waits: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
    for (id, builder) in &scans {
        let waits = waits.entry(id.clone()).or_default();
        let mut keep = BTreeMap::new();
        note_all(catalog, arena, &builder.scan, &mut keep);
        if converts(arena, &builder.scan) {
            note_rates(catalog, &mut keep);
        }
        // Config rows are known before any scan.
        let feeds = |d: &Id| catalog.datasets.get(d).is_some_and(|d| !d.config);
        waits.extend(keep.into_keys().filter(feeds));
        for root in roots(&builder.scan) {
            arena.walk(root, &mut |_, node| {
                if let Op::InKeys(number) = node.op {
                    waits.extend(makers.get(&number).cloned());
                }
            });
        }
    }
    let mut left: BTreeMap<Id, ScanBuilder> = scans;
    let mut done = Vec::new();
    while !left.is_empty() {
        let ready =
            |id: &&Id| waits.get(*id).is_none_or(|w| !w.iter().any(|d| left.contains_key(d)));
        let Some(next) = left.keys().find(ready).cloned() else {
            let names: Vec<&str> = left.keys().map(Id::as_str).collect();
            return Err(names.join(", "));
        };
        done.extend(left.remove(&next).map(|b| b.scan));
    }
    Ok(done)
}
