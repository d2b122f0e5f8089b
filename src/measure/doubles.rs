//! Keys that stand twice: suspected by hash, settled by reading the suspects again.
//!
//! Under `error` the hashes come from the measuring scan itself; under the other policies a survey
//! comes first, and the rows that lose are dropped while the rest is measured.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::run::Measuring;
use crate::catalog::{Column, Dataset, Feed, OnDuplicate};
use crate::data::{self, Chunk, Failure, Layout, Opened, Parser, Want};
use crate::diag::Fault;
use crate::domain::{Id, Value};
use crate::text::{CellPlace, Place};

const BLOCK: usize = 1 << 18;

/// A file of a dataset: its feed, its number, its name.
pub(super) type FileOf = (usize, u32, Arc<str>);

/// Rows of the same key, in order of file and row.
pub(super) struct Double {
    pub(super) key: Value,
    pub(super) rows: Vec<Claim>,
}

/// One row of a double.
pub(super) struct Claim {
    file: u32,
    /// Its number among the records of the file.
    record: u64,
    pub(super) place: CellPlace,
    /// What `last-by` compares, and whether the cell that says it cannot be read: then nobody knows which row is last.
    rank: Value,
    unread: bool,
}

/// Rows that are not measured: by file, ascending.
#[derive(Default)]
pub(super) struct Dropped(BTreeMap<u32, Vec<u64>>);

/// What it takes to read a dataset's keys.
pub(super) struct Keys<'a> {
    run: Measuring<'a>,
    dataset: &'a Dataset,
    feeds: &'a [&'a Feed],
    files: &'a [FileOf],
    key: &'a Column,
}

/// The want of a dataset's key as hashes.
pub(super) fn hashed(key: &Column) -> Want {
    Want { column: key.id.clone(), ty: key.ty, scale: key.scale, hashed: true }
}

/// The hashes that stand more than once in sorted lists.
pub(super) fn repeated(lists: &[Vec<u64>]) -> HashSet<u64> {
    // Part by part, so that they are never held twice.
    const BITS: u32 = 6;
    let (mut found, mut all) = (HashSet::new(), Vec::new());
    for part in 0..1 << BITS {
        all.clear();
        for list in lists {
            let from = list.partition_point(|hash| hash >> (64 - BITS) < part);
            let to = list.partition_point(|hash| hash >> (64 - BITS) <= part);
            all.extend_from_slice(&list[from..to]);
        }
        // A stable sort finds the sorted runs and merges them.
        all.sort();
        found.extend(all.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]));
    }
    found
}

impl Double {
    /// Whether a policy can say which row counts: `last-by` needs a value on one of them, and a cell that can be read on
    /// each.
    pub(super) fn is_settled(&self, policy: &OnDuplicate) -> bool {
        match policy {
            OnDuplicate::Error => false,
            OnDuplicate::First => true,
            OnDuplicate::LastBy(_) => {
                self.rows.iter().any(|row| !row.rank.is_null())
                    && !self.rows.iter().any(|row| row.unread)
            }
        }
    }
}

impl Dropped {
    /// The rows that a policy drops.
    pub(super) fn of(policy: &OnDuplicate, doubles: &[Double]) -> Self {
        let mut dropped = Self::default();
        for double in doubles {
            let stays = match policy {
                OnDuplicate::LastBy(_) => {
                    let ranked = double.rows.iter().enumerate();
                    ranked.max_by(|a, b| a.1.rank.cmp(&b.1.rank)).map_or(0, |(at, _)| at)
                }
                OnDuplicate::First | OnDuplicate::Error => 0,
            };
            for (_, row) in double.rows.iter().enumerate().filter(|(at, _)| *at != stays) {
                dropped.0.entry(row.file).or_default().push(row.record);
            }
        }
        dropped.0.values_mut().for_each(|rows| rows.sort_unstable());
        dropped
    }

    /// Takes the dropped rows of a file out of one of its chunks.
    pub(super) fn drop_from(&self, file: u32, chunk: &mut Chunk) {
        let Some(rows) = self.0.get(&file) else { return };
        let end = chunk.first_row + chunk.records;
        let mine = &rows[rows.partition_point(|r| *r < chunk.first_row)..];
        let mine = &mine[..mine.partition_point(|r| *r < end)];
        if mine.is_empty() {
            return;
        }
        let numbers = 0..u32::try_from(chunk.rows).unwrap_or(u32::MAX);
        let gone: Vec<u32> =
            numbers.filter(|row| mine.binary_search(&chunk.file_row(*row)).is_ok()).collect();
        chunk.drop_rows(&gone);
    }
}

impl<'a> Keys<'a> {
    /// None where the dataset has no key.
    pub(super) fn new(
        run: Measuring<'a>,
        dataset: &'a Dataset,
        feeds: &'a [&'a Feed],
        files: &'a [FileOf],
    ) -> Option<Self> {
        Some(Self { run, dataset, feeds, files, key: dataset.key()? })
    }

    /// Hashes that stand more than once, by a survey of the key.
    pub(super) fn survey(&self) -> Result<HashSet<u64>, Fault> {
        let wants = [hashed(self.key)];
        let mut hashes = Vec::new();
        self.read(&wants, |_, _, chunk, _| hashes.extend(chunk.hashes(0)))?;
        hashes.sort_unstable();
        Ok(repeated(&[hashes]))
    }

    /// The keys that truly stand more than once, among those of some hashes.
    pub(super) fn settle(&self, suspects: &HashSet<u64>) -> Result<Vec<Double>, Fault> {
        if suspects.is_empty() {
            return Ok(Vec::new());
        }
        let plain = |column: &Column| Want { hashed: false, ..hashed(column) };
        let mut wants = vec![hashed(self.key), plain(self.key)];
        if let OnDuplicate::LastBy(by) = &self.dataset.on_duplicate {
            wants.extend(self.dataset.column(by.as_str()).map(plain));
        }
        let mut found: BTreeMap<Value, Vec<Claim>> = BTreeMap::new();
        self.read(&wants, |file, layout, chunk, parser| {
            let data::Values::Hash(hashes) = &chunk.columns[0].values else { return };
            let suspect =
                |row: &usize| chunk.columns[0].present[*row] && suspects.contains(&hashes[*row]);
            for row in (0..chunk.rows).filter(suspect) {
                let value = |want: usize| chunk.value(parser.dictionaries(), &wants, want, row);
                let number = u32::try_from(row).unwrap_or(u32::MAX);
                let record = chunk.file_row(number);
                let place = layout.place(record, layout.file_column(1).unwrap_or(0));
                let by = chunk.columns.get(2);
                let rank = by.map_or(Value::Null, |_| value(2));
                let unread = by.is_some_and(|by| by.rejected.binary_search(&number).is_ok());
                let claim = Claim { file, record, place, rank, unread };
                found.entry(value(1)).or_default().push(claim);
            }
        })?;
        let twice = found.into_iter().filter(|(key, rows)| !key.is_null() && rows.len() > 1);
        Ok(twice.map(|(key, rows)| Double { key, rows }).collect())
    }

    /// Reads all files; one that cannot be read is the measuring scan's to report.
    fn read(
        &self,
        wants: &[Want],
        mut take: impl FnMut(u32, &Layout, &Chunk, &Parser),
    ) -> Result<(), Fault> {
        let Measuring { files, zone, .. } = self.run;
        for (feed, number, name) in self.files {
            let feed = self.feeds[*feed];
            let opened = data::open(files, self.dataset, feed, name, wants, zone, BLOCK);
            let read = opened.and_then(|opened: Opened| {
                let each = |parser: &Parser, chunk: &Chunk, layout: &Layout| {
                    take(*number, layout, chunk, parser);
                };
                data::each_chunk(opened, wants, each)
            });
            if let Err(Failure::Fault(fault)) = read {
                return Err(fault);
            }
        }
        Ok(())
    }
}

/// Why values over a dataset are withheld.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoubleKeys {
    pub column: Id,
    pub keys: u64,
    pub rows: u64,
    /// Where the first of them stand.
    pub first: Vec<Place>,
}

impl DoubleKeys {
    /// None where no key stands twice.
    pub(super) fn of(key: &Column, doubles: &[Double]) -> Option<Self> {
        let rows = doubles.iter().map(|d| d.rows.len() as u64).sum();
        let keys = doubles.len() as u64;
        let first = doubles.first().map_or(&[][..], |double| &double.rows);
        let first = first.iter().take(3).map(|row| Place::Cell(row.place.clone())).collect();
        (keys > 0).then(|| Self { column: key.id.clone(), keys, rows, first })
    }
}
