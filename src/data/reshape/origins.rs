//! Where records that were made of a file's records come from.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::data::damage::Damage;
use crate::data::leave::LeftOut;
use crate::data::split::{Split, Trust};
use crate::diag::Diagnostic;

/// The way from made records back to cells of the file. Filled while the records are made, read by whoever needs a place.
#[derive(Debug, Default)]
pub(in crate::data) struct Origins {
    /// Columns of the file that stand at the front of a made record, counted from 0.
    pub(super) keep: Vec<u32>,
    pub(super) header_row: u64,
    /// What stands behind them.
    pub(super) behind: Behind,
    state: Mutex<State>,
}

/// The columns that are made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Behind {
    #[default]
    Nothing,
    /// The name of a column of the file, and its cell.
    NameAndValue,
    /// So many moments of events, which stand in this column of the file.
    Times(u32, u32),
}

#[derive(Debug, Default)]
struct State {
    records: Vec<Origin>,
    /// Of moments: the rows that they stand in, 0 for none; all those of a record together.
    times: Vec<u32>,
    /// Of records that cannot be read: what is shown of them.
    texts: BTreeMap<usize, String>,
    tally: Reshaped,
    warnings: Vec<Diagnostic>,
}

/// Where one made record comes from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin {
    pub(super) row: u32,
    /// The column whose cell is its value, counted from 1; 0 for none.
    pub(super) column: u32,
    pub(super) trust: Trust,
    /// How many of the kept columns have a cell.
    pub(super) there: u32,
}

/// What became of a file's records on the way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reshaped {
    /// Whether the rows are others than the records.
    pub is_other: bool,
    /// Records of the file, without blank lines.
    pub records: u64,
    /// Blank lines.
    pub blank_lines: u64,
    pub left_out: LeftOut,
    /// Records from the end of the table on.
    pub behind_end: u64,
    /// Cells of columns that became rows, and were blank.
    pub blank_cells: u64,
    /// Rows that were made.
    pub made: u64,
    /// In rows of the file.
    pub damage: Damage,
}

impl Origins {
    pub(super) fn new(keep: Vec<u32>, header_row: u64, behind: Behind) -> Self {
        Self { keep, header_row, behind, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Of what is rejected, what is shown.
    pub(super) fn push(&self, origin: Origin, times: &[u32], shown: Option<String>) {
        let mut state = self.state();
        if let Some(text) = shown {
            let at = state.records.len();
            state.texts.insert(at, text);
        }
        state.records.push(origin);
        state.times.extend_from_slice(times);
        state.tally.made += 1;
    }

    /// What is shown of a record that is rejected.
    pub(in crate::data) fn text(&self, record: u64) -> String {
        let at = usize::try_from(record).unwrap_or(usize::MAX).wrapping_sub(1);
        self.state().texts.get(&at).cloned().unwrap_or_default()
    }

    pub(super) fn tally(&self, count: impl FnOnce(&mut Reshaped)) {
        count(&mut self.state().tally);
    }

    pub(super) fn warn(&self, warnings: Vec<Diagnostic>) {
        self.state().warnings.extend(warnings);
    }

    /// Warnings of the file that were not taken yet.
    pub(in crate::data) fn take_warnings(&self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.state().warnings)
    }

    pub(in crate::data) fn reshaped(&self) -> Reshaped {
        let is_other = self.behind != Behind::Nothing;
        Reshaped { is_other, ..self.state().tally.clone() }
    }

    /// The file's cell of a made record's cell, each counted from 1; column 0 is the whole record.
    pub(in crate::data) fn of(&self, record: u64, column: u32) -> (u64, u32) {
        let state = self.state();
        let at = usize::try_from(record).unwrap_or(usize::MAX).wrapping_sub(1);
        let Some(origin) = state.records.get(at) else { return (record, column) };
        let kept = u32::try_from(self.keep.len()).unwrap_or(u32::MAX);
        match column {
            0 => (origin.row.into(), origin.column),
            column if column <= kept => {
                (origin.row.into(), self.keep[column as usize - 1].saturating_add(1))
            }
            column => match self.behind {
                Behind::Nothing => (origin.row.into(), 0),
                Behind::NameAndValue if column == kept + 1 => (self.header_row, origin.column),
                Behind::NameAndValue => (origin.row.into(), origin.column),
                Behind::Times(count, of) => {
                    let time = at * count as usize + (column - kept - 1) as usize;
                    match state.times.get(time) {
                        Some(0) | None => (origin.row.into(), 0),
                        Some(row) => ((*row).into(), of + 1),
                    }
                }
            },
        }
    }

    /// Gives the rows of a block the trust that their records have.
    pub(in crate::data) fn trust(&self, first_row: u64, split: &mut Split) {
        let state = self.state();
        let first = usize::try_from(first_row).unwrap_or(usize::MAX).wrapping_sub(1);
        let kept = u32::try_from(self.keep.len()).unwrap_or(u32::MAX);
        for (at, row) in split.rows.iter_mut().enumerate() {
            let blank = split.skipped.partition_point(|before| *before as usize <= at);
            let Some(origin) = state.records.get(first + at + blank) else { continue };
            row.trust = origin.trust;
            match origin.trust {
                Trust::Whole => {}
                Trust::TooFew => split.gaps.note(row, origin.there..kept),
                // What stands there is none of the file's cells.
                _ => row.cells = 0,
            }
        }
    }
}
