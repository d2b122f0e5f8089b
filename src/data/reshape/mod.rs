//! Other rows of a file's records: blank cells that are filled, columns that become rows, events that become one row for
//! each thing, and tables that end before their file.
//!
//! Records are made as the file is read, one behind the other, and go on as the text of a table of their own, so that all
//! rules of reading hold for them. [`Origins`] leads from a made record back to the cells of the file.

mod events;
mod origins;
mod write;

use std::borrow::Cow;
use std::io::{self, Read};
use std::sync::Arc;

use super::Failure;
use super::cell::shown;
use super::cut::Cutter;
use super::damage;
use super::leave::{Bytes, Leave, Skip};
use super::made::Cells;
use super::split::{Form, Row, Split, Trust};
use origins::{Behind, Origin};
use write::put;

pub(super) use events::{Clocked, Entities};
pub(super) use origins::Origins;
pub use origins::Reshaped;

/// What is made of each record.
pub(super) enum Step {
    /// Itself.
    Keep,
    /// A record for each of these columns, counted from 0, with its name.
    Unpivot(Vec<(u32, String)>),
    /// One record for each thing.
    Events(Box<Entities>),
}

/// What a file's records go through.
pub(super) struct Plan {
    pub(super) form: Form,
    pub(super) header_row: u64,
    /// Cells of the header.
    pub(super) width: u32,
    pub(super) leave: Leave,
    pub(super) ends: Vec<Skip>,
    /// Columns, counted from 0, in which a blank cell means the one above it.
    pub(super) fill_down: Vec<u32>,
    pub(super) step: Step,
}

impl Plan {
    /// Columns of the file that made records begin with, counted from 0.
    pub(super) fn keep(&self) -> Vec<u32> {
        match &self.step {
            Step::Keep | Step::Events(_) => (0..self.width).collect(),
            Step::Unpivot(columns) => {
                let gone = |at: &u32| columns.iter().any(|(column, _)| column == at);
                (0..self.width).filter(|at| !gone(at)).collect()
            }
        }
    }

    pub(super) fn origins(&self) -> Origins {
        let behind = match &self.step {
            Step::Keep => Behind::Nothing,
            Step::Unpivot(_) => Behind::NameAndValue,
            Step::Events(entities) => entities.behind(),
        };
        Origins::new(self.keep(), self.header_row, behind)
    }
}

/// The made records of a file, as text.
pub(super) struct Reshaper {
    cutter: Cutter,
    plan: Plan,
    split: Split,
    origins: Arc<Origins>,
    /// By filled column: the last cell that was not blank; none where a record that cannot be read may hold it.
    above: Vec<Option<Vec<u8>>>,
    ended: bool,
    any_row: bool,
    blank_before: bool,
    out: Vec<u8>,
    out_at: usize,
    done: bool,
}

/// A mistake of the file's, on its way through a reader of bytes.
#[derive(Debug)]
pub(super) struct Carried(pub(super) Failure);

impl std::fmt::Display for Carried {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the file has a mistake")
    }
}

impl std::error::Error for Carried {}

impl Reshaper {
    pub(super) fn new(cutter: Cutter, plan: Plan, origins: Arc<Origins>) -> Self {
        Self {
            cutter,
            above: vec![Some(Vec::new()); plan.fill_down.len()],
            plan,
            split: Split::default(),
            origins,
            ended: false,
            any_row: false,
            blank_before: false,
            out: Vec::new(),
            out_at: 0,
            done: false,
        }
    }

    /// Makes the records of the next block.
    fn more(&mut self) -> Result<(), Failure> {
        self.out.clear();
        self.out_at = 0;
        let block = self.cutter.next(Vec::new());
        self.origins.warn(self.cutter.take_warnings());
        let Some(block) = block? else {
            self.done = true;
            if let Step::Events(entities) = &mut self.plan.step {
                entities.put(&mut self.out, &self.origins);
            }
            return Ok(());
        };
        let mut split = std::mem::take(&mut self.split);
        split.split(&block, self.plan.form);
        let text = split.text(&block, self.plan.form.dialect);
        let found = self.plan.leave.judge(&split, text);
        let damage = damage::look(&split, &block, text, self.plan.form, &found);
        self.origins.tally(|tally| tally.damage.merge(&damage));
        let mut skipped = 0;
        for (at, row) in split.rows.iter().enumerate() {
            while split.skipped.get(skipped).is_some_and(|before| *before as usize <= at) {
                (skipped, self.blank_before) = (skipped + 1, true);
            }
            self.ended |= self.ends(&split, row, &Bytes(text));
            (self.any_row, self.blank_before) = (true, false);
            let why = found.binary_search_by_key(&at, |(row, _)| *row).ok().map(|at| found[at].1);
            self.origins.tally(|tally| {
                tally.records += 1;
                tally.behind_end += u64::from(self.ended);
                if let (false, Some(why)) = (self.ended, why) {
                    tally.left_out.count(why);
                }
            });
            if !self.ended && why.is_none() {
                let number = block.first_row + (at + skipped) as u64;
                self.take(Cells { split: &split, text, row }, number);
            }
        }
        self.blank_before |= skipped < split.skipped.len();
        self.origins.tally(|tally| tally.blank_lines += split.skipped.len() as u64);
        self.split = split;
        Ok(())
    }

    /// Whether the table ends with this row.
    fn ends(&self, split: &Split, row: &Row, text: &Bytes<'_>) -> bool {
        self.plan.ends.iter().any(|end| match end.is_blank_line() {
            true => self.any_row && self.blank_before,
            false => end.holds(split, row, text),
        })
    }

    fn take(&mut self, cells: Cells<'_>, number: u64) {
        let row = u32::try_from(number).unwrap_or(u32::MAX);
        let read = |at: u32| cells.get(at).map(Option::unwrap_or_default);
        let record: Result<Vec<_>, _> = (0..self.plan.width).map(read).collect();
        let Ok(mut record) = record else {
            self.above.fill(None);
            return self.reject(cells, row, cells.row.trust);
        };
        if !self.fill(&mut record) {
            return self.reject(cells, row, Trust::Undecided);
        }
        match &mut self.plan.step {
            Step::Keep => {
                self.origins.push(Origin { row, column: 0, trust: Trust::Whole }, &[]);
                put(&mut self.out, record.iter().map(|cell| &**cell));
            }
            Step::Unpivot(columns) => {
                for (at, name) in columns.iter() {
                    let cell = record.get(*at as usize).map(|cell| &**cell).unwrap_or_default();
                    if cell.trim_ascii().is_empty() {
                        self.origins.tally(|tally| tally.blank_cells += 1);
                        continue;
                    }
                    self.origins.push(Origin { row, column: at + 1, trust: Trust::Whole }, &[]);
                    let kept = self.origins.keep.iter().map(|at| &*record[*at as usize]);
                    put(&mut self.out, kept.chain([name.as_bytes(), cell]));
                }
            }
            Step::Events(entities) => {
                if !entities.take(&record, row) {
                    self.reject(cells, row, Trust::Undecided);
                }
            }
        }
    }

    /// Fills blank cells from above; false where nobody can say what stands there.
    fn fill(&mut self, record: &mut [Cow<'_, [u8]>]) -> bool {
        let mut known = true;
        for (at, above) in self.plan.fill_down.iter().zip(&mut self.above) {
            let Some(cell) = record.get_mut(*at as usize) else { continue };
            if !cell.trim_ascii().is_empty() {
                *above = Some(cell.to_vec());
            } else if let Some(above) = above {
                *cell = above.clone().into();
            } else {
                known = false;
            }
        }
        known
    }

    /// A record that stands for one that cannot be read.
    fn reject(&mut self, cells: Cells<'_>, row: u32, trust: Trust) {
        let none = vec![0; entities_times(&self.plan.step)];
        let delimiter = self.plan.form.dialect.delimiter;
        let text = cells.split.beginning(cells.row, cells.text, delimiter);
        self.origins.reject(Origin { row, column: 0, trust }, &none, shown(&text));
        put(&mut self.out, [&b"?"[..]].into_iter());
    }
}

/// How many moments a record has.
fn entities_times(step: &Step) -> usize {
    if let Step::Events(entities) = step { entities.times() } else { 0 }
}

impl Read for Reshaper {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.out_at == self.out.len() {
            if self.done {
                return Ok(0);
            }
            self.more().map_err(|failure| io::Error::other(Carried(failure)))?;
        }
        let rest = &self.out[self.out_at..];
        let count = rest.len().min(out.len());
        out[..count].copy_from_slice(&rest[..count]);
        self.out_at += count;
        Ok(count)
    }
}
