//! The run: every scan of the plan once, workers in parallel, then values.

use std::collections::HashMap;
use std::rc::Rc;

use super::dictionaries::Held;
use super::eval::Shared;
use super::finish::Finisher;
use super::grid;
use super::model::{AsOf, EvidenceAsk, Measurements, Reason};
use super::refused::Refused;
use super::scan::scan_feeds;
use super::short::{Short, first_of};
use super::supply::{Supply, unmapped};
use super::table::{Table, Tables};
use super::tally::Tally;
use super::vector::Vector;
use super::witness::Witness;
use super::worker::Worker;
use crate::catalog::{Catalog, Dataset};
use crate::data::{Dictionary, Exports};
use crate::diag::{Diagnostic, Fault};
use crate::domain::{Status, Type, Value};
use crate::plan::{Plan, Rule, Scan};
use crate::rel::{ColumnPath, Conversion, ExprId};

/// How a run is carried out; no option changes any byte of what comes out.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    pub threads: usize,
    pub block_size: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { threads: 2, block_size: 1 << 20 }
    }
}

/// What a run takes.
#[derive(Clone, Copy)]
pub struct Measuring<'a> {
    pub catalog: &'a Catalog,
    pub plan: &'a Plan,
    pub files: &'a Exports,
    pub zone: &'a jiff::tz::TimeZone,
    pub as_of: AsOf,
    pub options: Options,
    /// A look at the data before it is measured: it checks no contract.
    pub survey: bool,
    /// The value whose rows are wanted, if one is.
    pub evidence: Option<&'a EvidenceAsk>,
    /// Whether the first rows that checks count against are wanted.
    pub short: bool,
    /// Where all rejected rows and cells are written, if they are wanted.
    pub refused: Option<&'a Refused>,
}

/// Runs the plan. Feeds that fail give diagnostics, and values that say so.
///
/// # Errors
/// Where the machine failed while a file was read.
pub fn measure(run: Measuring<'_>) -> Result<(Measurements, Vec<Diagnostic>), Fault> {
    let mut measurements = Measurements { as_of: run.as_of, ..Measurements::default() };
    let mut tables = Tables::of(run.catalog);
    let mut sink = Vec::new();
    for (at, scan) in run.plan.scans.iter().enumerate() {
        let Some(dataset) = run.catalog.datasets.get(&scan.dataset) else { continue };
        let scanned = match dataset.config {
            true => scan_config(run, scan, dataset, &tables),
            false => scan_feeds(run, scan, dataset, &tables, &mut measurements, &mut sink)?,
        };
        finish(run, at, scanned, &mut tables, &mut measurements);
    }
    sink.extend(super::diags::rates_disagree(&tables.rates.unsound()));
    super::derive::derive(run.plan, &run.catalog.project.calendar, &mut measurements);
    Ok((measurements, sink))
}

/// What one scan gave.
pub(super) struct Scanned {
    pub(super) tallies: Vec<Tally>,
    pub(super) supply: Supply,
}

pub(super) fn shared<'a>(run: Measuring<'a>, scan: &'a Scan, tables: &'a Tables) -> Shared<'a> {
    Shared {
        arena: &run.plan.arena,
        catalog: run.catalog,
        tables,
        zone: run.zone,
        dataset: &scan.dataset,
        columns: &scan.columns,
    }
}

/// Rows of config, as one chunk.
fn scan_config(run: Measuring<'_>, scan: &Scan, dataset: &Dataset, tables: &Tables) -> Scanned {
    let rows = run.catalog.rows.get(&scan.dataset).map_or(&[][..], Vec::as_slice);
    let mut held = Held(Vec::new());
    let mut columns = Vec::new();
    for id in scan.columns.iter().filter(|id| Conversion::of(id).is_none()) {
        let at = dataset.columns.iter().position(|c| c.id == *id);
        let column = at.map(|at| &dataset.columns[at]);
        let mut vector = Vector::empty(
            column.map_or(Type::Text, |c| c.ty),
            column.map_or(0, |c| if c.ty == Type::Integer { 0 } else { c.scale }),
        );
        let mut texts = Dictionary::default();
        for row in rows {
            match at.and_then(|at| row.values.get(at)) {
                Some(Value::Text(text)) => {
                    let code = texts.iter().position(|known| known == &**text);
                    let code =
                        code.map_or_else(|| Some(texts.push(text)), |c| u32::try_from(c).ok());
                    vector.push_code(code);
                }
                // A number that its column's scale cannot hold is a blank, as in files.
                value => {
                    if vector.push(value.unwrap_or(&Value::Null)).is_none() {
                        let last = vector.len() - 1;
                        vector.present[last] = false;
                    }
                }
            }
        }
        held.0.push(texts);
        columns.push(Rc::new(vector));
    }
    let mut worker =
        Worker::new(scan, shared(run, scan, tables), witness(run, scan)).seeking(short(run, scan));
    let rejected = vec![Vec::new(); columns.len()];
    let place = |row: usize| (0, rows[row].place.clone());
    worker.take((0, 0), rows.len(), columns, rejected, Vec::new(), &held, &place);
    let tally = worker.done(&mut held);
    let made = scan.columns.iter().filter(|id| Conversion::of(id).is_some());
    let mapped = dataset.columns.iter().map(|c| &c.id).chain(made).cloned().collect();
    let overflowed = tally.overflowed.clone();
    let supply = Supply { fed: true, mapped, overflowed, ..Supply::default() };
    Scanned { tallies: vec![tally], supply }
}

pub(super) fn witness<'a>(run: Measuring<'a>, scan: &Scan) -> Option<Witness<'a>> {
    let ask = run.evidence?;
    let dataset = run.catalog.datasets.get(&scan.dataset)?;
    let witness = Witness::new(run.plan, ask, dataset.key().map(|k| k.id.clone()))?;
    (run.plan.scans[witness.scan()].dataset == scan.dataset).then_some(witness)
}

pub(super) fn short<'a>(run: Measuring<'a>, scan: &'a Scan) -> Option<Short<'a>> {
    let at = run.plan.scans.iter().position(|known| known.dataset == scan.dataset)?;
    let key = run.catalog.datasets.get(&scan.dataset)?.key().map(|key| key.id.clone());
    run.short.then(|| Short::new(run.plan, scan, at, key))
}

/// Why the keys of a scan's rows cannot be gathered, if they cannot.
fn lacking(
    run: Measuring<'_>,
    scan: &Scan,
    supply: &Supply,
    tables: &Tables,
    exprs: [Option<ExprId>; 2],
) -> Option<(Status, Reason)> {
    let arena = &run.plan.arena;
    let looked_up = |path: &ColumnPath| tables.unmapped_on(run.catalog, path);
    let lacking = supply.absent(&scan.dataset).or_else(|| {
        let mut exprs = exprs.into_iter().flatten();
        let (dataset, column) =
            exprs.find_map(|expr| unmapped(arena, expr, &scan.dataset, supply, &looked_up))?;
        let column = column.to_string();
        Some((Status::NotComputable, Reason::NotInFeed { dataset, column }))
    });
    let others = |expr| tables.others_in(run.catalog, arena, expr, true);
    lacking.or_else(|| {
        let reason = exprs.into_iter().flatten().find_map(others)?;
        Some((Status::NotComputable, reason))
    })
}

/// Makes values of a scan's tallies, and keeps what later scans look up.
fn finish(
    run: Measuring<'_>,
    at: usize,
    mut scanned: Scanned,
    tables: &mut Tables,
    measurements: &mut Measurements,
) {
    let scan = &run.plan.scans[at];
    let doubled = scanned.supply.doubled.clone();
    measurements.doubled.extend(doubled.map(|found| (scan.dataset.clone(), found)));
    for (column, codes) in scanned.tallies.iter_mut().flat_map(|t| std::mem::take(&mut t.others)) {
        tables.others.entry((scan.dataset.clone(), column)).or_default().extend(codes);
    }
    for (place, set) in scan.key_sets.iter().enumerate() {
        let keys = scanned.tallies.iter_mut().flat_map(|t| std::mem::take(&mut t.keys[place]));
        tables.insert_keys(set.number, keys.collect());
        let lacking = lacking(run, scan, &scanned.supply, tables, [Some(set.key), set.filter]);
        lacking.into_iter().for_each(|why| tables.insert_lacking(set.number, why));
    }
    if let Some(dataset) = run.catalog.datasets.get(&scan.dataset)
        && !dataset.config
        && !scan.keep.is_empty()
    {
        keep_rows(scan, dataset, &mut scanned, tables);
    }
    for tally in &mut scanned.tallies {
        measurements.evidence.append(&mut tally.evidence);
        for (check, rows) in std::mem::take(&mut tally.short) {
            let known = measurements.short.entry(check).or_default();
            known.extend(rows);
            first_of(known);
        }
    }
    measurements.evidence.sort_by(|a, b| (&a.place, a.record).cmp(&(&b.place, b.record)));
    let scales = leaf_scales(run, scan, tables);
    let merged = grid::merge(scan, &mut scanned.tallies);
    let finisher = Finisher {
        plan: run.plan,
        catalog: run.catalog,
        tables,
        scan,
        merged: &merged,
        supply: &scanned.supply,
        as_of: run.as_of.day,
        scales: &scales,
    };
    let mine = run.plan.values.iter().filter(|v| v.scan == at);
    let values: Vec<(Rule, _)> = mine.map(|v| (v.rule.clone(), finisher.values(v))).collect();
    measurements.values.extend(values);
}

fn leaf_scales(run: Measuring<'_>, scan: &Scan, tables: &Tables) -> Vec<u8> {
    let shared = shared(run, scan, tables);
    let scale =
        |arg: Option<crate::rel::ExprId>| arg.map_or(0, |a| super::vectorise::scale(shared, a));
    scan.leaves.iter().map(|l| scale(l.arg)).collect()
}

/// Keeps what later scans look up.
fn keep_rows(scan: &Scan, dataset: &Dataset, scanned: &mut Scanned, tables: &mut Tables) {
    let table = keep(scan, dataset, &mut scanned.tallies);
    match &scanned.supply.failed {
        Some(_) if dataset.rates.is_some() => tables.rates.fail(),
        _ => tables.rates.add_table(dataset, &table),
    }
    tables.insert(&scan.dataset, table);
    let (supply, key) = (&scanned.supply, dataset.key());
    if supply.fed
        && supply.failed.is_none()
        && key.is_some_and(|k| scan.keep.contains(&k.id) && supply.mapped.contains(&k.id))
    {
        tables.whole.insert(scan.dataset.clone());
    }
    tables.mapped.insert(scan.dataset.clone(), scanned.supply.mapped.clone());
    tables.doubled.extend(scanned.supply.doubled.clone().map(|d| (scan.dataset.clone(), d)));
}

/// The rows that a scan kept, by key; the first of equal keys stays.
fn keep(scan: &Scan, dataset: &Dataset, tallies: &mut [Tally]) -> Table {
    let mut blocks: Vec<_> = tallies.iter_mut().flat_map(|t| std::mem::take(&mut t.kept)).collect();
    blocks.sort_by_key(|(at, _)| *at);
    let key = dataset.key().and_then(|k| scan.keep.iter().position(|c| *c == k.id));
    let mut table = Table { index: HashMap::new(), ..Table::default() };
    for (at, row) in blocks.into_iter().flat_map(|(_, rows)| rows).enumerate() {
        let id = key.map_or(Value::Null, |k| row[k].clone());
        if !id.is_null() {
            table.index.entry(id).or_insert(at);
        }
        for (column, value) in scan.keep.iter().zip(row) {
            table.columns.entry(column.clone()).or_default().push(value);
        }
    }
    table
}
