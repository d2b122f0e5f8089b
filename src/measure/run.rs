//! The run: every scan of the plan once, workers in parallel, then values.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use super::dictionaries::{Dictionaries, Held};
use super::eval::Shared;
use super::facts::{self, FeedTally};
use super::feeder::Feeder;
use super::finish::{Finisher, Supply};
use super::grid;
use super::model::{AsOf, EvidenceAsk, Measurements};
use super::table::{Table, Tables};
use super::vector::{Values, Vector};
use super::witness::Witness;
use super::worker::{Tally, Worker};
use crate::catalog::{Catalog, Dataset, Feed};
use crate::data::{self, Chunk, Parser, Want};
use crate::diag::{Diagnostic, Fault};
use crate::disk::Files;
use crate::domain::{Type, Value};
use crate::plan::{Plan, Rule, Scan};
use crate::text::{CellPlace, Place};

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
    pub files: &'a Files,
    pub zone: &'a jiff::tz::TimeZone,
    pub as_of: AsOf,
    pub options: Options,
    /// The value whose rows are wanted, if one is.
    pub evidence: Option<&'a EvidenceAsk>,
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
        finish(run, at, scanned, &mut tables, &mut measurements, &mut sink);
    }
    super::derive::derive(run.plan, &mut measurements);
    Ok((measurements, sink))
}

/// What one scan gave.
struct Scanned {
    tallies: Vec<Tally>,
    supply: Supply,
}

fn shared<'a>(run: Measuring<'a>, scan: &'a Scan, tables: &'a Tables) -> Shared<'a> {
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
    for id in &scan.columns {
        let at = dataset.columns.iter().position(|c| c.id == *id);
        let column = at.map(|at| &dataset.columns[at]);
        let mut vector = Vector::empty(
            column.map_or(Type::Text, |c| c.ty),
            column.map_or(0, |c| if c.ty == Type::Integer { 0 } else { c.scale }),
        );
        let mut texts: Vec<Arc<str>> = Vec::new();
        for row in rows {
            match at.and_then(|at| row.values.get(at)) {
                Some(Value::Text(text)) => {
                    let code = texts.iter().position(|t| t == text).unwrap_or(texts.len());
                    if code == texts.len() {
                        texts.push(Arc::clone(text));
                    }
                    vector.push_code(u32::try_from(code).ok());
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
    let mut worker = Worker::new(scan, shared(run, scan, tables), witness(run, scan));
    let rejected = vec![Vec::new(); columns.len()];
    let place = |row: usize| rows[row].place.clone();
    worker.take((0, 0), rows.len(), columns, rejected, &held, &place);
    let tally = worker.done(&held);
    let mapped = dataset.columns.iter().map(|c| c.id.clone()).collect();
    let overflowed = tally.overflowed.clone();
    let supply = Supply { fed: true, failed: None, mapped, overflowed };
    Scanned { tallies: vec![tally], supply }
}

fn witness<'a>(run: Measuring<'a>, scan: &Scan) -> Option<Witness<'a>> {
    let ask = run.evidence?;
    let dataset = run.catalog.datasets.get(&scan.dataset)?;
    let witness = Witness::new(run.plan, ask, dataset.key().map(|k| k.id.clone()))?;
    (run.plan.scans[witness.scan()].dataset == scan.dataset).then_some(witness)
}

fn wants(scan: &Scan, dataset: &Dataset) -> Vec<Want> {
    let want = |id: &crate::domain::Id| {
        let column = dataset.column(id.as_str())?;
        let scale = if column.ty == Type::Integer { 0 } else { column.scale };
        Some(Want { column: id.clone(), ty: column.ty, scale })
    };
    scan.columns.iter().filter_map(want).collect()
}

fn scan_feeds(
    run: Measuring<'_>,
    scan: &Scan,
    dataset: &Dataset,
    tables: &Tables,
    measurements: &mut Measurements,
    sink: &mut Vec<Diagnostic>,
) -> Result<Scanned, Fault> {
    let feeds: Vec<&Feed> =
        run.catalog.feeds.iter().filter(|f| f.dataset == scan.dataset).collect();
    let wants = wants(scan, dataset);
    let size = run.options.block_size;
    let mut feeder = Feeder::new(run.files, dataset, &feeds, &wants, run.zone, size);
    let files = feeder.list();
    let feeder = Mutex::new(feeder);
    let work = || work(run, scan, tables, &wants, &feeder);
    let results: Vec<(Tally, BTreeMap<usize, FeedTally>)> = std::thread::scope(|scope| {
        let many = run.options.threads.max(1) - 1;
        let others: Vec<_> = (0..many).map(|_| scope.spawn(work)).collect();
        let mut results = vec![work()];
        results.extend(others.into_iter().filter_map(|o| o.join().ok()));
        results
    });
    let feeder = feeder.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(fault) = feeder.fault {
        return Err(fault);
    }
    *measurements.scans.measuring.entry(scan.dataset.clone()).or_insert(0) += 1;
    let mut supply = Supply { fed: !feeds.is_empty(), ..Supply::default() };
    supply.failed = feeder.failed.first().map(|f| feeds[*f].id.clone());
    for (_, layout) in &feeder.layouts {
        let mapped = (0..wants.len()).filter(|w| layout.mapped(*w));
        supply.mapped.extend(mapped.map(|w| wants[w].column.clone()));
    }
    let mut by_feed: BTreeMap<usize, Vec<FeedTally>> = BTreeMap::new();
    let mut tallies = Vec::new();
    let mut unknown: BTreeMap<usize, BTreeSet<Arc<str>>> = BTreeMap::new();
    for (tally, feeds) in results {
        supply.overflowed.extend(tally.overflowed.iter().copied());
        for (at, texts) in &tally.unknown {
            unknown.entry(*at).or_default().extend(texts.iter().cloned());
        }
        tallies.push(tally);
        feeds.into_iter().for_each(|(feed, t)| by_feed.entry(feed).or_default().push(t));
    }
    for (at, feed) in feeds.iter().enumerate() {
        let mine = files.iter().filter(|(f, ..)| *f == at).map(|(_, n, name)| (*n, name.clone()));
        let mine: Vec<(u32, Arc<str>)> = mine.collect();
        let found = facts::facts(feed, &mine, &wants, by_feed.remove(&at).unwrap_or_default());
        measurements.scans.rows += found.rows;
        sink.extend(found.rejects.iter().filter_map(super::diags::rejected_cells));
        measurements.feeds.push(found);
    }
    sink.extend(say_unknown(dataset, &feeds, &wants, &unknown));
    sink.extend(feeder.diagnostics);
    Ok(Scanned { tallies, supply })
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

/// One worker's life: blocks until there are no more.
fn work(
    run: Measuring<'_>,
    scan: &Scan,
    tables: &Tables,
    wants: &[Want],
    feeder: &Mutex<Feeder<'_>>,
) -> (Tally, BTreeMap<usize, FeedTally>) {
    let mut worker = Worker::new(scan, shared(run, scan, tables), witness(run, scan));
    let mut parser = Parser::new(wants);
    let mut feeds: BTreeMap<usize, FeedTally> = BTreeMap::new();
    let mut buffer = Vec::new();
    loop {
        let mut feeder = feeder.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let Some(piece) = feeder.next(std::mem::take(&mut buffer)) else { break };
        drop(feeder);
        let mut chunk = Chunk::default();
        parser.parse(&piece.layout, &piece.block, &mut chunk);
        feeds.entry(piece.feed).or_default().add(piece.file, &chunk, run.zone);
        let at = (piece.file, piece.block.seq);
        buffer = piece.block.into_buffer();
        let (mut columns, mut rejected) = (Vec::new(), Vec::new());
        for (column, want) in std::mem::take(&mut chunk.columns).into_iter().zip(wants) {
            rejected.push(column.rejected);
            columns.push(Rc::new(vector(column.values, column.present, want.scale)));
        }
        let (file, sheet) = (Arc::clone(&piece.name), None);
        let numbers = &chunk;
        let place = |row: usize| {
            let (file, sheet) = (Arc::clone(&file), Option::<Arc<str>>::clone(&sheet));
            let row = numbers.file_row(u32::try_from(row).unwrap_or(u32::MAX));
            Place::Cell(CellPlace { file, sheet, row, column: 0 })
        };
        worker.take(at, chunk.rows, columns, rejected, &parser, &place);
    }
    let mut tally = worker.done(&parser);
    tally.unknown = unknown(run, scan, tables, wants, &parser);
    (tally, feeds)
}

/// Texts that mean no row of the config dataset that their column references.
fn unknown(
    run: Measuring<'_>,
    scan: &Scan,
    tables: &Tables,
    wants: &[Want],
    parser: &Parser,
) -> BTreeMap<usize, BTreeSet<Arc<str>>> {
    let mut unknown = BTreeMap::new();
    let Some(dataset) = run.catalog.datasets.get(&scan.dataset) else { return unknown };
    for (at, want) in wants.iter().enumerate() {
        let column = dataset.column(want.column.as_str());
        let Some(target) = column.and_then(|c| c.references.as_ref()) else { continue };
        let texts = parser.texts(at).iter().filter(|t| tables.is_unknown(target, t)).cloned();
        unknown.insert(at, texts.collect());
    }
    unknown
}

fn vector(values: data::Values, present: Vec<bool>, scale: u8) -> Vector {
    let values = match values {
        data::Values::Text(codes) => Values::Text(codes),
        data::Values::Number(units) => Values::Number { scale, units },
        data::Values::Date(days) => Values::Date(days),
        data::Values::DateTime(micros) => Values::DateTime(micros),
        data::Values::Bool(truths) => Values::Bool(truths),
    };
    Vector { values, present }
}

impl Dictionaries for Parser {
    fn texts(&self, column: usize) -> &[Arc<str>] {
        &self.dictionaries()[column].texts
    }
}

/// Makes values of a scan's tallies, and keeps what later scans look up.
fn finish(
    run: Measuring<'_>,
    at: usize,
    mut scanned: Scanned,
    tables: &mut Tables,
    measurements: &mut Measurements,
    sink: &mut Vec<Diagnostic>,
) {
    let scan = &run.plan.scans[at];
    for (place, set) in scan.key_sets.iter().enumerate() {
        let keys = scanned.tallies.iter_mut().flat_map(|t| std::mem::take(&mut t.keys[place]));
        tables.insert_keys(set.number, keys.collect());
    }
    if let Some(dataset) = run.catalog.datasets.get(&scan.dataset)
        && !dataset.config
        && !scan.keep.is_empty()
    {
        tables.insert(&scan.dataset, keep(scan, dataset, &mut scanned.tallies, sink));
    }
    for tally in &mut scanned.tallies {
        measurements.evidence.append(&mut tally.evidence);
    }
    measurements.evidence.sort_by(|a, b| a.place.cmp(&b.place));
    let scales = leaf_scales(run, scan, tables);
    let merged = grid::merge(scan, &mut scanned.tallies);
    let finisher = Finisher {
        plan: run.plan,
        scan,
        merged: &merged,
        supply: &scanned.supply,
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

/// The rows that a scan kept, by key; the first of equal keys stays.
fn keep(
    scan: &Scan,
    dataset: &Dataset,
    tallies: &mut [Tally],
    sink: &mut Vec<Diagnostic>,
) -> Table {
    let mut blocks: Vec<_> = tallies.iter_mut().flat_map(|t| std::mem::take(&mut t.kept)).collect();
    blocks.sort_by_key(|(at, _)| *at);
    let key = dataset.key().and_then(|k| scan.keep.iter().position(|c| *c == k.id));
    let mut table = Table { index: HashMap::new(), ..Table::default() };
    let mut twice: BTreeSet<String> = BTreeSet::new();
    for (at, row) in blocks.into_iter().flat_map(|(_, rows)| rows).enumerate() {
        let id = key.map_or(Value::Null, |k| row[k].clone());
        if !id.is_null() {
            match table.index.entry(id) {
                Entry::Occupied(first) => {
                    twice.insert(first.key().to_string());
                }
                Entry::Vacant(free) => {
                    free.insert(at);
                }
            }
        }
        for (column, value) in scan.keep.iter().zip(row) {
            table.columns.entry(column.clone()).or_default().push(value);
        }
    }
    if dataset.on_duplicate == crate::catalog::OnDuplicate::Error && !twice.is_empty() {
        sink.push(super::diags::duplicate_keys(dataset, &twice));
    }
    table
}
