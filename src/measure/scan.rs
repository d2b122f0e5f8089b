//! One measuring scan over the feeds of a dataset, workers in parallel.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use super::dictionaries::Dictionaries;
use super::doubles::{self, DoubleKeys, Dropped, FileOf, Keys};
use super::facts::{self, FeedTally};
use super::feeder::Feeder;
use super::met::Met;
use super::model::{AsOf, FeedFacts, Measurements, RowReject};
use super::run::{Measuring, Scanned, shared, short, witness};
use super::supply::Supply;
use super::table::Tables;
use super::tally::Tally;
use super::vector::{Values, Vector};
use super::witness::Witness;
use super::worker::Worker;
use crate::catalog::{Dataset, Feed, Occurred, OnDuplicate};
use crate::data::{self, Chunk, Dictionary, Layout, Parser, Reject, RejectReason, Want};
use crate::diag::{Diagnostic, Fault};
use crate::domain::{Id, Type};
use crate::plan::{Rule, Scan, ValuePlan};
use crate::rel::{Arena, ColumnPath, Conversion, ExprId, Op};
use crate::text::Place;

fn wants(scan: &Scan, dataset: &Dataset) -> Vec<Want> {
    let want = |id: &crate::domain::Id| {
        let column = dataset.column(id.as_str())?;
        let scale = if column.ty == Type::Integer { 0 } else { column.scale };
        Some(Want { column: id.clone(), ty: column.ty, scale, hashed: false })
    };
    // What is made of other columns stands behind them.
    let read = scan.columns.iter().filter(|id| Conversion::of(id).is_none());
    read.filter_map(want).collect()
}

pub(super) fn scan_feeds(
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
    let strict = dataset.on_duplicate == OnDuplicate::Error;
    let hashes = dataset.key().filter(|_| strict && !run.survey).map(doubles::hashed);
    let reads: Vec<Want> = wants.iter().cloned().chain(hashes).collect();
    let size = run.options.block_size;
    let mut feeder = Feeder::new(run.files, dataset, &feeds, &reads, run.zone, size);
    let files = feeder.list();
    let keys = Keys::new(run, dataset, &feeds, &files);
    let (mut dropped, mut open) = (Dropped::default(), Vec::new());
    if let Some(keys) = keys.as_ref().filter(|_| !strict) {
        measurements.scans.survey += 1;
        let policy = &dataset.on_duplicate;
        let settled;
        (settled, open) =
            keys.settle(&keys.survey()?)?.into_iter().partition(|double| double.is_settled(policy));
        dropped = Dropped::of(policy, &settled);
    }
    let feeder = Mutex::new(feeder);
    let work = || work(run, scan, tables, &reads, &dropped, &feeder);
    let mut results: Vec<Worked> = std::thread::scope(|scope| {
        let many = run.options.threads.max(1) - 1;
        let others: Vec<_> = (0..many).map(|_| scope.spawn(work)).collect();
        let mut results = vec![work()];
        results.extend(others.into_iter().filter_map(|o| o.join().ok()));
        results
    });
    let mut feeder = feeder.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(fault) = feeder.fault {
        return Err(fault);
    }
    *measurements.scans.measuring.entry(scan.dataset.clone()).or_insert(0) += 1;
    tell_damage(&files, &results, &mut feeder);
    let mut supply = supplied(&feeds, &feeder, &wants, &scan.columns);
    if let Some(keys) = keys.filter(|_| strict && !run.survey) {
        let hashes = results.iter_mut().map(|worked| std::mem::take(&mut worked.hashes));
        open = keys.settle(&doubles::repeated(&hashes.collect::<Vec<_>>()))?;
    }
    sink.extend(super::diags::duplicate_keys(dataset, &open));
    supply.doubled = dataset.key().and_then(|key| DoubleKeys::of(key, &open));
    let of = (feeds.as_slice(), files.as_slice(), tables);
    let tallies = gather(run, (dataset, &wants), of, results, measurements, &mut supply, sink);
    tell_hidden(&feeds, &feeder.layouts, measurements, sink);
    tell_failed(&feeds, feeder.failed, measurements);
    sink.extend(feeder.diagnostics);
    Ok(Scanned { tallies, supply })
}

/// Which columns the files give, and whether one of them failed.
fn supplied(feeds: &[&Feed], feeder: &Feeder<'_>, wants: &[Want], columns: &[Id]) -> Supply {
    let mut supply = Supply { fed: !feeds.is_empty(), ..Supply::default() };
    supply.failed = feeder.failed.first().map(|(f, _)| feeds[*f].id.clone());
    for (_, layout) in &feeder.layouts {
        let mapped = (0..wants.len()).filter(|w| layout.mapped(*w)).map(|w| &wants[w].column);
        supply.note_mapped(mapped, columns);
    }
    supply
}

/// One worker's harvest.
struct Worked {
    tally: Tally,
    feeds: BTreeMap<usize, FeedTally>,
    /// Of the keys it met, sorted.
    hashes: Vec<u64>,
    /// Where evidence is asked for: every rejected cell.
    rejects: Vec<RowReject>,
    /// Below the headers, in UTF-8.
    bytes: u64,
    /// By column that filters look up by: rows where it is blank.
    blanks: BTreeMap<usize, u64>,
}

/// Puts together what the workers found out about feeds.
fn gather(
    run: Measuring<'_>,
    (dataset, wants): (&Dataset, &[Want]),
    (feeds, files, tables): (&[&Feed], &[FileOf], &Tables),
    results: Vec<Worked>,
    measurements: &mut Measurements,
    supply: &mut Supply,
    sink: &mut Vec<Diagnostic>,
) -> Vec<Tally> {
    let mut by_feed: BTreeMap<usize, Vec<FeedTally>> = BTreeMap::new();
    let (mut tallies, mut rejects, mut met) = (Vec::new(), Vec::new(), Met::default());
    for Worked { mut tally, feeds, rejects: more, bytes, blanks, .. } in results {
        measurements.scans.bytes += bytes;
        measurements.evidence.append(&mut tally.evidence);
        rejects.extend(more);
        supply.overflowed.extend(tally.overflowed.iter().copied());
        met.take(&mut tally, blanks);
        tallies.push(tally);
        feeds.into_iter().for_each(|(feed, t)| by_feed.entry(feed).or_default().push(t));
    }
    for (at, feed) in feeds.iter().enumerate() {
        let mine = files.iter().filter(|(f, ..)| *f == at).map(|(_, n, name)| (*n, name.clone()));
        let mine: Vec<(u32, Arc<str>)> = mine.collect();
        let found = facts::facts(feed, &mine, wants, by_feed.remove(&at).unwrap_or_default());
        measurements.scans.rows += found.rows();
        sink.extend(found.rejects.iter().filter_map(super::diags::rejected_cells));
        sink.extend(ahead(dataset, feed, &found, run.as_of));
        if found.rows() == 0 && !mine.is_empty() && supply.failed.is_none() {
            sink.push(super::diags::feed_without_rows(feed, &found.files));
        }
        measurements.feeds.push(found);
    }
    Witness::refuse(&mut measurements.evidence, rejects);
    met.tell(run, (dataset, wants), (feeds, tables), measurements, supply, sink);
    tallies
}

/// Rows that workbooks hide: counted by feed, and said of every file.
fn tell_hidden(
    feeds: &[&Feed],
    layouts: &[(usize, Arc<Layout>)],
    measurements: &mut Measurements,
    sink: &mut Vec<Diagnostic>,
) {
    for (feed, layout) in layouts {
        let Some(found) = layout.hidden_rows() else { continue };
        let mut facts = measurements.feeds.iter_mut().rev();
        if let Some(facts) = facts.find(|facts| facts.feed == feeds[*feed].id) {
            facts.hidden += found.hidden;
        }
        sink.push(super::diags::hidden_rows(layout, found));
    }
}

/// Damage that breaks no rule of the format; a file whose columns change places gives nothing.
fn tell_damage(files: &[FileOf], results: &[Worked], feeder: &mut Feeder<'_>) {
    let mut all = facts::damage(results.iter().flat_map(|worked| worked.feeds.values()));
    for (feed, file, name) in files {
        let mut damage = all.remove(file).unwrap_or_default();
        let mut layouts = feeder.layouts.iter();
        let layout = layouts.find(|(f, layout)| f == feed && layout.file() == name);
        let Some(layout) = layout.map(|(_, layout)| Arc::clone(layout)) else { continue };
        if let Some(reshaped) = layout.reshaped() {
            damage.merge(&reshaped.damage);
        }
        let found = super::diags::damage(&layout, &damage);
        if let Some(error) = found.iter().find(|diagnostic| diagnostic.is_error()) {
            feeder.failed.push((*feed, error.headline.clone()));
        }
        feeder.diagnostics.extend(found);
    }
}

/// Why feeds could not be read.
fn tell_failed(feeds: &[&Feed], failed: Vec<(usize, String)>, measurements: &mut Measurements) {
    for (feed, why) in failed {
        let mut facts = measurements.feeds.iter_mut().rev();
        if let Some(facts) = facts.find(|facts| facts.feed == feeds[feed].id) {
            facts.failed = Some(why);
        }
    }
}

/// Dates of things that happened, after the as-of date that was given.
fn ahead(dataset: &Dataset, feed: &Feed, found: &FeedFacts, as_of: AsOf) -> Option<Diagnostic> {
    let day = as_of.told()?;
    let of_past =
        |id: &Id| dataset.column(id.as_str()).is_some_and(|c| c.occurred == Occurred::Always);
    let (column, _, newest) =
        found.ranges.iter().find(|(column, _, newest)| of_past(column) && *newest > day)?;
    Some(super::diags::rows_after_as_of(feed, column, *newest, day))
}

/// One worker's life: blocks until there are no more.
fn work(
    run: Measuring<'_>,
    scan: &Scan,
    tables: &Tables,
    reads: &[Want],
    dropped: &Dropped,
    feeder: &Mutex<Feeder<'_>>,
) -> Worked {
    let mut worker = Worker::new(scan, shared(run, scan, tables), witness(run, scan))
        .watching(run.as_of.told().filter(|_| !run.survey))
        .seeking(short(run, scan));
    let mut parser = Parser::new(reads);
    let (mut feeds, mut hashes) = (BTreeMap::<usize, FeedTally>::new(), Vec::new());
    let (mut rejects, mut bytes) = (Vec::new(), 0);
    let (watched, mut blanks) = (looked_up_by(run, scan), BTreeMap::new());
    let mut buffer = Vec::new();
    loop {
        let mut feeder = feeder.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let Some(piece) = feeder.next(std::mem::take(&mut buffer)) else { break };
        drop(feeder);
        let mut chunk = Chunk::default();
        parser.parse(&piece.layout, &piece.block, &mut chunk);
        dropped.drop_from(piece.file, &mut chunk);
        feeds.entry(piece.feed).or_default().add(piece.file, &piece.layout, &chunk, run.zone);
        if run.evidence.is_some() {
            rejects.extend(row_rejects(&chunk, &piece.layout, reads));
        }
        if let Some(refused) = run.refused {
            refused.add(run.catalog, scan, &piece, &chunk);
        }
        let at = (piece.file, piece.block.seq);
        bytes += piece.block.bytes().len() as u64;
        buffer = piece.block.into_buffer();
        for at in &watched {
            *blanks.entry(*at).or_default() += blank(&chunk.columns[*at]);
        }
        let (mut columns, mut rejected) = (Vec::new(), Vec::new());
        for at in (0..reads.len()).filter(|at| reads[*at].hashed) {
            hashes.extend(chunk.hashes(at));
        }
        for (column, want) in std::mem::take(&mut chunk.columns).into_iter().zip(reads) {
            if let Some(vector) = vector(column.values, column.present, want.scale) {
                rejected.push(column.rejected);
                columns.push(Rc::new(vector));
            }
        }
        let (numbers, layout) = (&chunk, &piece.layout);
        let place = |row: usize| {
            let record = numbers.file_row(u32::try_from(row).unwrap_or(u32::MAX));
            (record, Place::Cell(layout.place(record, 0)))
        };
        let foreign = in_other_currencies(&chunk, scan.columns.len());
        worker.take(at, chunk.rows, columns, rejected, foreign, &parser, &place);
    }
    let tally = worker.done(&mut parser);
    hashes.sort_unstable();
    Worked { tally, feeds, hashes, rejects, bytes, blanks }
}

/// Cells that nobody filled: a rejected one is none of them.
fn blank(column: &data::Column) -> u64 {
    let absent = column.present.iter().filter(|there| !**there).count();
    absent.saturating_sub(column.rejected.len()) as u64
}

/// The columns of a condition, but those of which it only asks whether they are there.
fn leading_somewhere(arena: &Arena, id: ExprId) -> Vec<ColumnPath> {
    let node = arena.get(id);
    match &node.op {
        Op::IsNull => Vec::new(),
        Op::Column(path) => vec![path.clone()],
        _ => node.args.iter().flat_map(|arg| leading_somewhere(arena, *arg)).collect(),
    }
}

/// The columns by which the filters of values look something up. A contradiction is silent where it cannot tell.
fn looked_up_by(run: Measuring<'_>, scan: &Scan) -> Vec<usize> {
    let silent = |rule: &Rule| match rule {
        Rule::Check(id) => run.catalog.checks.get(id).is_some_and(|check| check.contradiction),
        Rule::Metric(_) => false,
    };
    let scans = &run.plan.scans;
    let here = |value: &&ValuePlan| {
        scans.get(value.scan).is_some_and(|s| s.dataset == scan.dataset) && !silent(&value.rule)
    };
    let leaves = run.plan.values.iter().filter(here).flat_map(|value| &value.leaves);
    let leaves: BTreeSet<usize> = leaves.copied().collect();
    let masks = leaves.iter().filter_map(|leaf| scan.leaves.get(*leaf)?.mask);
    let paths = masks.flat_map(|mask| leading_somewhere(&run.plan.arena, mask));
    let bases = paths.filter(|path| path.is_lookup()).map(|path| path.base().clone());
    let bases: BTreeSet<Id> = bases.collect();
    (0..scan.columns.len()).filter(|at| bases.contains(&scan.columns[*at])).collect()
}

/// By column: rows whose cell has the sign of another currency.
fn in_other_currencies(chunk: &Chunk, columns: usize) -> Vec<(usize, Vec<u32>)> {
    let mut found: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
    let cells = chunk.rejects.iter().filter(|reject| reject.why == RejectReason::Currency);
    for (row, want) in cells.filter_map(|reject| Some((reject.row, usize::from(reject.want?)))) {
        if want < columns {
            found.entry(want).or_default().push(row);
        }
    }
    found.into_iter().collect()
}

fn row_rejects(chunk: &Chunk, layout: &Layout, reads: &[Want]) -> Vec<RowReject> {
    let one = |reject: &Reject| {
        let column = reject.want.and_then(|want| reads.get(usize::from(want)));
        let (record, column_at) = (chunk.file_row(reject.row), reject.file_column);
        RowReject {
            record,
            column: column.map(|want| want.column.clone()),
            place: layout.place(record, column_at),
            text: reject.text.clone(),
            why: reject.why,
        }
    };
    chunk.rejects.iter().map(one).collect()
}

/// A column as expressions read it; none of a column of hashes.
fn vector(values: data::Values, present: Vec<bool>, scale: u8) -> Option<Vector> {
    let values = match values {
        data::Values::Text(codes) => Values::Text(codes),
        data::Values::Number(units) => Values::Number { scale, units },
        data::Values::Date(days) => Values::Date(days),
        data::Values::DateTime(micros) => Values::DateTime(micros),
        data::Values::Bool(truths) => Values::Bool(truths),
        data::Values::Hash(_) => return None,
    };
    Some(Vector { values, present })
}

impl Dictionaries for Parser {
    fn texts(&self, column: usize) -> &Dictionary {
        &self.dictionaries()[column]
    }

    fn take(&mut self, column: usize) -> Dictionary {
        self.take_dictionary(column)
    }
}
