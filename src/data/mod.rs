//! Bytes to typed columns.
//!
//! Owns formats, dialects, encodings and the rule that nothing is misread in silence: a cell that
//! does not fit is rejected, placed and counted, never made 0 or blank. Knows no metric and
//! aggregates nothing.
//!
//! One thread cuts a file into [`Block`]s at exact record ends; any number of workers parse blocks
//! into [`Chunk`]s. A chunk's rows do not depend on where blocks were cut.

mod archive;
mod book;
mod cell;
mod columns;
mod cut;
mod damage;
mod diags;
mod dialect;
mod dictionary;
mod encoding;
mod exports;
mod layout;
mod leave;
pub mod look;
mod made;
mod mapping;
mod marks;
mod meaning;
mod moment;
mod months;
mod number;
mod open;
mod parse;
mod patterns;
mod pieces;
mod quiet;
mod reshape;
mod reshaping;
mod rows;
mod scan;
mod shape;
mod sheet;
mod sheets;
mod source;
mod spellings;
mod split;
mod strict;
mod survey;
#[cfg(test)]
mod tests;
mod texts;
mod tolerant;

use crate::diag::{Diagnostic, Fault};
use crate::domain::Type;

pub use book::{Region, SheetFacts, SheetKind};
pub use cut::{Block, Cutter};
pub use damage::{Damage, Swallowed};
pub use dictionary::Dictionary;
pub use exports::Exports;
pub use layout::Layout;
pub use leave::LeftOut;
pub use open::{Opened, open};
pub use parse::Parser;
pub use quiet::panics_are_told;
pub use reshape::Reshaped;
pub use rows::HiddenRows;
pub use sheets::{merged_in, sheets_of};
pub use survey::{Table, each_chunk, files_of, read_all};

/// Bytes behind a block's end that may be read and mean nothing.
const PAD: usize = 16;

/// Why a file cannot be read.
#[derive(Debug)]
pub enum Failure {
    Fault(Fault),
    /// At least one error, with warnings that came before it.
    Mistakes(Vec<Diagnostic>),
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Mistakes(vec![diagnostic])
    }
}

/// Rows of one block. Reused from block to block.
#[derive(Debug, Clone, Default)]
pub struct Chunk {
    /// The block's number in its file.
    pub seq: u32,
    /// Row of the block's first record, as a spreadsheet counts.
    pub first_row: u64,
    /// Records of the block: rows and blank lines.
    pub records: u64,
    pub rows: usize,
    /// One per want.
    pub columns: Vec<Column>,
    /// Ascending by row, the whole row before its cells.
    pub rejects: Vec<Reject>,
    /// For each record that is no row, blank or dropped: how many rows of the chunk stand before it.
    pub skipped: Vec<u32>,
    /// How many of the skipped were rows before they were dropped.
    pub dropped: u32,
    /// How many of the skipped are no rows of the table, though they hold something.
    pub left_out: LeftOut,
    /// What the block shows of damage to its file.
    pub damage: Damage,
}

impl Chunk {
    /// Takes rows out, by their number in the chunk, ascending; places of the others stay true.
    pub fn drop_rows(&mut self, rows: &[u32]) {
        let gone = |row: u32| rows.binary_search(&row).is_ok();
        let moved = |row: u32| row - number(rows.partition_point(|r| *r < row));
        for column in &mut self.columns {
            column.keep(|row| !gone(row));
            column.rejected.retain(|row| !gone(*row));
            column.rejected.iter_mut().for_each(|row| *row = moved(*row));
        }
        self.rejects.retain(|reject| !gone(reject.row));
        self.rejects.iter_mut().for_each(|reject| reject.row = moved(reject.row));
        self.skipped.iter_mut().for_each(|before| *before = moved(*before));
        self.skipped.extend(rows.iter().map(|row| moved(*row)));
        self.skipped.sort_unstable();
        self.rows -= rows.len();
        self.dropped += number(rows.len());
    }

    /// The hashes of a want that is hashed, of cells that are there.
    pub fn hashes(&self, want: usize) -> impl Iterator<Item = u64> {
        let column = &self.columns[want];
        let hashes = match &column.values {
            Values::Hash(hashes) => &hashes[..],
            _ => &[],
        };
        hashes.iter().zip(&column.present).filter(|(_, present)| **present).map(|(hash, _)| *hash)
    }

    /// Row in the file, as a spreadsheet counts, of a row of the chunk.
    pub fn file_row(&self, row: u32) -> u64 {
        let blank = self.skipped.partition_point(|before| *before <= row);
        self.first_row + u64::from(row) + blank as u64
    }
}

/// A column that a scan needs of a feed.
#[derive(Debug, Clone)]
pub struct Want {
    pub column: crate::domain::Id,
    pub ty: Type,
    /// Of numbers: digits kept behind the point.
    pub scale: u8,
    /// Not the values are wanted, but what tells whether two are equal: a hash of each.
    pub hashed: bool,
}

/// A column of one chunk. `present[row]` is false for a blank or rejected cell.
#[derive(Debug, Clone)]
pub struct Column {
    pub values: Values,
    pub present: Vec<bool>,
    /// Rows (in the chunk) whose cell was rejected, ascending; a subset of those not present.
    pub rejected: Vec<u32>,
    /// Of numbers: cells that had more digits than the scale and lost some.
    pub rounded: u64,
}

/// Values of one type; where a cell is not present the value is the type's zero.
#[derive(Debug, Clone)]
pub enum Values {
    /// Codes of the worker's [`Dictionary`] for this column.
    Text(Vec<u32>),
    /// Integer, number and money: units at the wanted scale (integers: scale 0).
    Number(Vec<i128>),
    /// Days since 1970-01-01.
    Date(Vec<i32>),
    /// Microseconds since 1970-01-01T00:00:00Z.
    DateTime(Vec<i64>),
    Bool(Vec<bool>),
    /// Equal for equal values, of any type; unequal values may share one.
    Hash(Vec<u64>),
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

impl Column {
    fn keep(&mut self, stays: impl Fn(u32) -> bool) {
        fn only<T>(values: &mut Vec<T>, stays: impl Fn(u32) -> bool) {
            let mut row = 0;
            values.retain(|_| {
                row += 1;
                stays(row - 1)
            });
        }
        only(&mut self.present, &stays);
        match &mut self.values {
            Values::Text(v) => only(v, stays),
            Values::Number(v) => only(v, stays),
            Values::Date(v) => only(v, stays),
            Values::DateTime(v) => only(v, stays),
            Values::Bool(v) => only(v, stays),
            Values::Hash(v) => only(v, stays),
        }
    }
}

/// A cell (or, with `column` none, a whole row) that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reject {
    /// Row in the chunk.
    pub row: u32,
    /// Index in the wants; none for the whole row.
    pub want: Option<u16>,
    /// Column in the file from 1; 0 for the whole row.
    pub file_column: u32,
    /// The cell's text, cut to 60 characters.
    pub text: String,
    pub why: RejectReason,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RejectReason {
    NotANumber,
    NotAnInteger,
    NotADate,
    /// A day where a moment is asked for.
    NoTime,
    NotABoolean,
    OutOfRange,
    /// Decimal or grouping marks that the feed does not declare, or that stand where none can.
    NumberMarks,
    Percent,
    /// A share without the percent sign that its column has.
    PercentMissing,
    /// Letters behind a number that the feed does not declare.
    Suffix,
    /// A currency sign or code that is not the column's.
    Currency,
    /// Bytes that are not the encoding's.
    Encoding,
    NulByte,
    /// What a formula left where it could not compute, such as `#REF!`.
    FormulaError,
    /// A formula of which the workbook holds no result, as programs write them that do not compute.
    FormulaUnstored,
    /// The row has fewer or more cells than the header; its cells cannot be trusted.
    TooFewCells,
    TooManyCells,
    /// Quotes in the row do not close where a cell ends.
    Quotes,
    /// Cells that decide on the row cannot be read.
    Undecided,
}

impl RejectReason {
    /// What is wrong with the cell, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::NotANumber => "not a number",
            Self::NotAnInteger => "not a whole number",
            Self::NotADate => {
                "not a date of the declared form (ISO 8601 unless `dates` says otherwise)"
            }
            Self::NoTime => {
                "a day without a time (if its midnight is meant, say `dates = [\"%Y-%m-%d\"]`)"
            }
            Self::NotABoolean => "neither a true word nor a false word",
            Self::OutOfRange => "too large",
            Self::NumberMarks => {
                "decimal or grouping marks that the feed does not declare (`decimal`, `grouping`)"
            }
            Self::Percent => "a percentage (say `percent = \"sign\"` if it is a share)",
            Self::PercentMissing => "a share without the percent sign that its column has",
            Self::Suffix => "letters behind the number that the feed does not declare (`suffixes`)",
            Self::Currency => "a currency that is not the column's",
            Self::Encoding => "bytes that the file's encoding does not know",
            Self::NulByte => "a NUL byte",
            Self::FormulaError => "the error of a formula",
            Self::FormulaUnstored => {
                "a formula without a stored value (open the workbook in Excel and save it, or export values)"
            }
            Self::TooFewCells => "fewer cells than the header",
            Self::TooManyCells => "more cells than the header",
            Self::Quotes => "quotes that do not close at the end of a cell",
            Self::Undecided => {
                "the cells that decide on the row (`where`, `events`) cannot be read"
            }
        }
    }
}
