//! Other rows of a file's records: blank cells that are filled, columns that become rows, events that become one row for
//! each thing, and tables that end before their file.
//!
//! Records are made as the file is read, one behind the other, and go on as the text of a table of their own, so that all
//! rules of reading hold for them. [`Origins`] leads from a made record back to the cells of the file.

mod events;
mod origins;
mod record;
mod write;

use std::io::{self, Read};
use std::sync::Arc;

use super::Failure;
use super::cell::{is_blank, shown};
use super::cut::{Block, Cutter};
use super::damage;
use super::leave::{Bytes, Leave, Skip, Why};
use super::made::Cells;
use super::split::{Form, Row, Split, Trust};
use origins::{Behind, Origin};
use record::Record;
use write::put;

pub(super) use events::{Clocked, Entities};
pub(super) use origins::Origins;
pub use origins::Reshaped;

/// Made text goes out in pieces of about this many bytes: a record may become many times its own size.
const PIECE: usize = 1 << 18;

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
    /// What is not made yet of the last block.
    rest: Option<Rest>,
    /// By filled column: the last cell that was not blank; none where a record that cannot be read may hold it.
    above: Vec<Option<Arc<[u8]>>>,
    ended: bool,
    any_row: bool,
    blank_before: bool,
    out: Vec<u8>,
    out_at: usize,
    done: bool,
}

/// A block that was split, from a row on.
struct Rest {
    block: Block,
    /// Rows that are not used as they stand.
    found: Vec<(usize, Why)>,
    row: usize,
    /// Of the row's columns that become rows: the first that did not yet.
    column: usize,
    /// Blank lines before the row.
    skipped: usize,
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
            rest: None,
            above: vec![Some(Arc::default()); plan.fill_down.len()],
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

    /// Makes the next records.
    fn more(&mut self) -> Result<(), Failure> {
        self.out.clear();
        self.out_at = 0;
        let rest = match self.rest.take() {
            None => self.next_block()?,
            rest => rest,
        };
        let Some(mut rest) = rest else {
            self.done = match &mut self.plan.step {
                Step::Events(entities) => entities.put(&mut self.out, &self.origins, PIECE),
                _ => true,
            };
            return Ok(());
        };
        let split = std::mem::take(&mut self.split);
        while rest.row < split.rows.len() && self.out.len() < PIECE {
            self.row(&split, &mut rest);
        }
        if rest.row < split.rows.len() {
            self.rest = Some(rest);
        } else {
            self.blank_before |= rest.skipped < split.skipped.len();
        }
        self.split = split;
        Ok(())
    }

    fn next_block(&mut self) -> Result<Option<Rest>, Failure> {
        let block = self.cutter.next(Vec::new());
        self.origins.warn(self.cutter.take_warnings());
        let Some(block) = block? else { return Ok(None) };
        let Plan { form, leave, .. } = &self.plan;
        self.split.split(&block, *form);
        let text = self.split.text(&block, form.dialect);
        let found = leave.judge(&self.split, text);
        let damage = damage::look(&self.split, &block, text, *form, &found);
        self.origins.tally(|tally| {
            tally.damage.merge(&damage);
            tally.blank_lines += self.split.skipped.len() as u64;
        });
        Ok(Some(Rest { block, found, row: 0, column: 0, skipped: 0 }))
    }

    /// Takes a block's next row, or what is left of it.
    fn row(&mut self, split: &Split, rest: &mut Rest) {
        let (at, row) = (rest.row, &split.rows[rest.row]);
        let text = split.text(&rest.block, self.plan.form.dialect);
        if rest.column == 0 {
            while split.skipped.get(rest.skipped).is_some_and(|before| *before as usize <= at) {
                (rest.skipped, self.blank_before) = (rest.skipped + 1, true);
            }
            // In a file of one column a blank line is a row.
            let bytes = |cell: (usize, usize)| &text.bytes[cell.0..cell.1];
            let is_line = rest.block.blank_rows
                && split.cell(row, 0).is_none_or(|cell| bytes(cell).trim_ascii().is_empty());
            self.blank_before |= is_line;
            self.ended |= self.ends(split, row, &Bytes(text));
            self.any_row |= !is_line;
            self.blank_before = false;
            let why = rest.found.binary_search_by_key(&at, |(row, _)| *row).ok();
            let why = why.map(|found| rest.found[found].1);
            self.origins.tally(|tally| {
                tally.records += 1;
                tally.behind_end += u64::from(self.ended);
                if let (false, Some(why)) = (self.ended, why) {
                    tally.left_out.count(why);
                }
            });
            if self.ended || why.is_some() {
                rest.row += 1;
                return;
            }
        }
        let number = rest.block.first_row + (at + rest.skipped) as u64;
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        rest.column = self.take(Cells { split, text, row }, number, rest.column);
        rest.row += usize::from(rest.column == 0);
    }

    /// Whether the table ends with this row.
    fn ends(&self, split: &Split, row: &Row, text: &Bytes<'_>) -> bool {
        self.plan.ends.iter().any(|end| match end.is_blank_line() {
            true => self.any_row && self.blank_before,
            false => end.holds(split, row, text),
        })
    }

    /// Makes what becomes of a record, from one of the columns that become rows on. Gives the column where to go on; 0
    /// where all is made.
    fn take(&mut self, cells: Cells<'_>, row: u32, from: usize) -> usize {
        let Some(mut record) = Record::of(cells, self.plan.width) else {
            self.above.fill(None);
            self.reject(cells, row, cells.row.trust);
            return 0;
        };
        if !self.fill(&mut record) {
            self.reject(cells, row, Trust::Undecided);
            return 0;
        }
        let shown = |lacks: bool| lacks.then(|| shown_row(cells, self.plan.form));
        match &mut self.plan.step {
            Step::Keep => {
                let origin = record.origin(row, 0, record.is_short());
                self.origins.push(origin, &[], shown(record.is_short()));
                put(&mut self.out, record.cells());
            }
            Step::Unpivot(columns) => {
                let there = self.origins.keep.partition_point(|at| record.get(*at).is_some());
                for (index, (at, name)) in columns.iter().enumerate().skip(from) {
                    if self.out.len() >= PIECE {
                        return index;
                    }
                    let cell = record.get(*at);
                    if cell.is_some_and(is_blank) {
                        self.origins.tally(|tally| tally.blank_cells += 1);
                        continue;
                    }
                    let lacks = cell.is_none() || there < self.origins.keep.len();
                    let origin = record.origin(row, at + 1, lacks);
                    let origin = Origin { there: narrow(there), ..origin };
                    self.origins.push(origin, &[], shown(lacks));
                    let keep = self.origins.keep.iter();
                    let kept = keep.map(|at| record.get(*at).unwrap_or_default());
                    put(&mut self.out, kept.chain([name.as_bytes()]).chain(cell));
                }
            }
            Step::Events(entities) => {
                let text = shown(record.is_short());
                if !entities.take(&record, row, text) {
                    self.reject(cells, row, Trust::Undecided);
                }
            }
        }
        0
    }

    /// Fills blank cells from above; false where nobody can say what stands there.
    fn fill(&mut self, record: &mut Record<'_>) -> bool {
        let mut known = true;
        for (at, above) in self.plan.fill_down.iter().zip(&mut self.above) {
            match (record.get(*at), &above) {
                // A cell that lacks may be any.
                (None, _) => *above = None,
                (Some(cell), _) if !is_blank(cell) => *above = Some(cell.into()),
                (Some(_), Some(above)) => record.fill(*at, above),
                (Some(_), None) => known = false,
            }
        }
        known
    }

    /// A record that stands for one that cannot be read.
    fn reject(&mut self, cells: Cells<'_>, row: u32, trust: Trust) {
        let none = vec![0; entities_times(&self.plan.step)];
        let origin = Origin { row, column: 0, trust, there: 0 };
        self.origins.push(origin, &none, Some(shown_row(cells, self.plan.form)));
        put(&mut self.out, [&b"?"[..]].into_iter());
    }
}

/// The beginning of a row, to be shown.
fn shown_row(cells: Cells<'_>, form: Form) -> String {
    shown(&cells.split.beginning(cells.row, cells.text, form.dialect.delimiter))
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
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
