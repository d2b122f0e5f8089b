//! The cells of a sheet as CSV: numbers, moments and errors behind a mark, so that no format of texts applies to them.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::mpsc::SyncSender;

use super::dates::{self, Shown};
use super::{Beyond, Stop};
use crate::data::exports;
use crate::data::pieces::PIECE;
use crate::data::rows::{Bits, MOST_ROWS};

/// Stands before a cell that the workbook holds as a number, a moment or an error: no marks and no formats of the
/// contract apply to it.
pub(in crate::data) const EXACT: u8 = 0x1F;

/// Stands behind that mark and before a formula of which the workbook holds no result.
pub(in crate::data) const UNSTORED: char = '=';

/// Columns that a sheet can have, with room for programs that allow more than Excel.
const MOST_COLUMNS: u32 = 1 << 16;

pub(in crate::data) type Piece = io::Result<Arc<[u8]>>;

/// Where a sheet's text goes.
pub(in crate::data) struct Out<'a> {
    sender: Option<&'a SyncSender<Piece>>,
    /// What was sent, while it is small enough to be kept.
    pieces: Option<Vec<Arc<[u8]>>>,
    bytes: usize,
    buffer: Vec<u8>,
    /// The cell that is written next, counted from 0.
    row: u32,
    column: u32,
    last: Option<(u32, u32)>,
    /// Cells that may still come.
    left: u64,
    most: u32,
    filled: Bits,
    hidden: Bits,
}

/// What was written, and which rows hold something or are hidden.
pub(in crate::data) struct Written {
    pub(in crate::data) pieces: Option<Vec<Arc<[u8]>>>,
    pub(in crate::data) filled: Bits,
    pub(in crate::data) hidden: Bits,
}

impl<'a> Out<'a> {
    pub(in crate::data) fn new(sender: &'a SyncSender<Piece>, most: u32) -> Self {
        Self { sender: Some(sender), pieces: Some(Vec::new()), ..Self::nowhere(most) }
    }

    /// Takes nothing: the first cell ends it.
    pub(in crate::data) fn nowhere(most: u32) -> Self {
        let (filled, hidden) = (Bits::default(), Bits::default());
        let (buffer, left) = (Vec::new(), most.into());
        let (row, column, last, bytes) = (0, 0, None, 0);
        Self {
            sender: None,
            pieces: None,
            bytes,
            buffer,
            row,
            column,
            last,
            left,
            most,
            filled,
            hidden,
        }
    }

    /// Ends the last row; none when nobody listens.
    pub(in crate::data) fn finish(mut self) -> Result<Written, Stop> {
        self.buffer.push(b'\n');
        self.hand_on()?;
        let Self { pieces, filled, hidden, .. } = self;
        Ok(Written { pieces, filled, hidden })
    }

    fn hand_on(&mut self) -> Result<(), Stop> {
        let Some(sender) = self.sender else { return Err(Stop::Deaf) };
        let piece: Arc<[u8]> = self.buffer.as_slice().into();
        self.buffer.clear();
        self.bytes += piece.len();
        self.pieces = self.pieces.take().filter(|_| exports::is_small(self.bytes));
        self.pieces.iter_mut().for_each(|pieces| pieces.push(Arc::clone(&piece)));
        sender.send(Ok(piece)).map_err(|_| Stop::Deaf)
    }

    /// A row that the workbook does not show, counted from 0.
    pub(super) fn hide(&mut self, row: u32) {
        if u64::from(row) < MOST_ROWS {
            self.hidden.set(row.into());
        }
    }

    /// Whether so many more cells stay within the limit.
    pub(super) fn room(&self, cells: u64) -> Result<(), Stop> {
        if cells > self.left { Err(Stop::Beyond(Beyond::Cells(self.most))) } else { Ok(()) }
    }

    /// Goes to a cell that holds something; cells come in order.
    #[inline]
    fn at(&mut self, row: u32, column: u32) -> Result<(), Stop> {
        if self.sender.is_none() {
            return Err(Stop::Deaf);
        }
        if self.last >= Some((row, column)) {
            return Err(Stop::broken("its cells are out of order"));
        }
        if u64::from(row) >= MOST_ROWS || column >= MOST_COLUMNS {
            return Err(Stop::nowhere());
        }
        self.last = Some((row, column));
        let skipped = if row > self.row { column } else { column - self.column };
        let laid_out = u64::from(row - self.row) + u64::from(skipped) + 1;
        self.room(laid_out)?;
        self.left -= laid_out;
        while self.row < row {
            self.buffer.push(b'\n');
            (self.row, self.column) = (self.row + 1, 0);
            if self.buffer.len() >= PIECE {
                self.hand_on()?;
            }
        }
        self.buffer.extend(std::iter::repeat_n(b',', (column - self.column) as usize));
        self.column = column;
        Ok(())
    }

    #[inline]
    fn fill(&mut self) {
        self.filled.set(self.row.into());
    }

    pub(super) fn text(&mut self, row: u32, column: u32, text: &str) -> Result<(), Stop> {
        let text = text.trim_start_matches(char::from(EXACT));
        if text.is_empty() {
            return Ok(());
        }
        self.at(row, column)?;
        if !text.trim_ascii().is_empty() {
            self.fill();
        }
        escaped(&mut self.buffer, text);
        Ok(())
    }

    /// A number, which its format may show as a moment or a duration.
    pub(super) fn number(
        &mut self,
        (row, column): (u32, u32),
        number: f64,
        shown: Shown,
        from_1904: bool,
    ) -> Result<(), Stop> {
        self.at(row, column)?;
        self.fill();
        let moment = (shown == Shown::Moment).then(|| dates::moment(number, from_1904)).flatten();
        let Some((day, millis)) = moment else {
            // The shortest decimal that is this float; writing to memory does not fail.
            let _ = write!(self.buffer, "{}{number}", char::from(EXACT));
            return Ok(());
        };
        if number < 1.0 {
            clock(&mut self.buffer, millis);
            return Ok(());
        }
        let buffer = &mut self.buffer;
        digits(buffer, EXACT, day.year().unsigned_abs().into(), 4);
        digits(buffer, b'-', day.month().unsigned_abs().into(), 2);
        digits(buffer, b'-', day.day().unsigned_abs().into(), 2);
        if millis > 0 {
            buffer.push(b'T');
            clock(buffer, millis);
            digits(buffer, b'.', millis % 1000, 3);
        }
        Ok(())
    }

    pub(super) fn truth(&mut self, row: u32, column: u32, truth: bool) -> Result<(), Stop> {
        self.text(row, column, if truth { "true" } else { "false" })
    }

    /// A text of the workbook that stands for a value: an ISO date.
    pub(super) fn exact(&mut self, row: u32, column: u32, text: &str) -> Result<(), Stop> {
        self.marked(row, column, "", text)
    }

    /// What a formula left where it could not compute.
    pub(super) fn error(&mut self, row: u32, column: u32, text: &str) -> Result<(), Stop> {
        self.marked(row, column, if text.starts_with('#') { "" } else { "#" }, text)
    }

    /// A formula without a stored result.
    pub(super) fn unstored(&mut self, row: u32, column: u32, formula: &str) -> Result<(), Stop> {
        let text = if formula.is_empty() { "\u{2026}" } else { formula };
        self.marked(row, column, "=", text)
    }

    fn marked(&mut self, row: u32, column: u32, mark: &str, text: &str) -> Result<(), Stop> {
        self.at(row, column)?;
        self.fill();
        escaped(&mut self.buffer, &format!("{}{mark}{text}", char::from(EXACT)));
        Ok(())
    }
}

/// Hours, minutes and whole seconds of a day.
fn clock(out: &mut Vec<u8>, millis: u32) {
    let seconds = millis / 1000;
    let hour = seconds / 3600;
    out.extend([hour / 10, hour % 10].map(|digit| b'0' + digit.to_le_bytes()[0]));
    digits(out, b':', seconds / 60 % 60, 2);
    digits(out, b':', seconds % 60, 2);
}

/// A workbook may have a million of them, so no formatter is asked.
fn digits(out: &mut Vec<u8>, before: u8, number: u32, width: usize) {
    let (mut all, mut rest) = ([b'0'; 4], number);
    for digit in all[..width].iter_mut().rev() {
        *digit = b'0' + (rest % 10).to_le_bytes()[0];
        rest /= 10;
    }
    out.push(before);
    out.extend_from_slice(&all[..width]);
}

fn escaped(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    if memchr::memchr3(b'"', b',', b'\n', bytes).or_else(|| memchr::memchr(b'\r', bytes)).is_none()
    {
        out.extend_from_slice(bytes);
        return;
    }
    out.push(b'"');
    for byte in bytes {
        out.extend(std::iter::repeat_n(*byte, if *byte == b'"' { 2 } else { 1 }));
    }
    out.push(b'"');
}
