//! Bytes to typed columns.
//!
//! Owns formats, dialects, encodings and the rule that nothing is misread in silence: a cell that does not
//! fit is rejected, placed and counted, never made 0 or blank. Knows no metric and aggregates nothing.
//!
//! One thread cuts a file into [`Block`]s at exact record ends; any number of workers parse blocks into
//! [`Chunk`]s. A chunk's rows do not depend on where blocks were cut.

use std::sync::Arc;

use crate::domain::Type;

/// A column that a scan needs of a feed.
#[derive(Debug, Clone)]
pub struct Want {
    pub column: crate::domain::Id,
    pub ty: Type,
    /// Of numbers: digits kept behind the point.
    pub scale: u8,
}

/// A column of one chunk. `present[row]` is false for a blank or rejected cell.
#[derive(Debug, Clone)]
pub struct Column {
    pub values: Values,
    pub present: Vec<bool>,
    /// Rows (in the chunk) whose cell was rejected, ascending; a subset of those not present.
    pub rejected: Vec<u32>,
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
}

/// The distinct texts of a column as one worker met them, after trim and NFC. Codes never leave the worker.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    /// Text by code.
    pub texts: Vec<Arc<str>>,
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
    NotABoolean,
    OutOfRange,
    /// Bytes that are not the encoding's.
    Encoding,
    NulByte,
    /// The row has fewer or more cells than the header; its cells cannot be trusted.
    TooFewCells,
    TooManyCells,
}
