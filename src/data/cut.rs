//! A file to blocks of whole records: one thread, each byte read once.
//!
//! While it looks for a block's end it proves that every quote stands where it may (`strict`). The
//! record that breaks the rule, and what follows it in the buffer, goes to the tolerant reader; the
//! next buffer is trusted again, because both readers agree on every legal record. So rows do not
//! depend on the blocks.

use std::sync::Arc;

use super::diags;
use super::reshape::Origins;
use super::source::Source;
use super::strict::{self, Dialect, Look, Marks};
use super::tolerant;
use super::{Failure, PAD};
use crate::diag::Diagnostic;
use crate::text::{CellPlace, Place};

/// A record longer than this is not a record.
const LONGEST_RECORD: usize = 32 << 20;

/// Whole records of one file, for one worker.
#[derive(Debug)]
pub struct Block {
    /// Counted from 0 in the file.
    pub seq: u32,
    /// Row of the first record, as a spreadsheet counts.
    pub first_row: u64,
    /// Blank lines among them.
    pub records: u64,
    pub(super) tolerant: bool,
    pub(super) quoted: bool,
    /// Lines may end inside quotes.
    pub(super) multiline: bool,
    /// Blank lines are rows: a file of one column.
    pub(super) blank_rows: bool,
    /// Of what is not tolerant.
    pub(super) marks: Marks,
    buffer: Vec<u8>,
    length: usize,
}

impl Block {
    /// Its records, in UTF-8.
    pub fn bytes(&self) -> &[u8] {
        &self.buffer[..self.length]
    }

    /// The bytes and what lies behind them in the buffer.
    pub(super) fn padded(&self) -> &[u8] {
        &self.buffer
    }

    /// The block's memory, for [`Cutter::next`].
    pub fn into_buffer(self) -> Vec<u8> {
        self.buffer
    }
}

/// Cuts one file of a feed, behind its header.
pub struct Cutter {
    source: Source,
    file: Arc<str>,
    dialect: Dialect,
    one_column: bool,
    block_size: usize,
    /// Bytes behind the last block.
    carry: Vec<u8>,
    seq: u32,
    next_row: u64,
    /// The carried bytes start with a record that breaks the quoting rule.
    breached: bool,
    /// Blank lines of a one-column file that are rows only if something follows them.
    held_blanks: u64,
    /// What follows them, and the blank lines behind that.
    pending: Option<(Block, u64)>,
    ended: bool,
    warned: bool,
    warnings: Vec<Diagnostic>,
    /// Where the warnings of the file go, if its records were made of others.
    origins: Option<Arc<Origins>>,
}

impl Cutter {
    pub(super) fn new(
        source: Source,
        file: Arc<str>,
        dialect: Dialect,
        one_column: bool,
        first_row: u64,
        block_size: usize,
    ) -> Self {
        Self {
            source,
            file,
            dialect,
            one_column,
            block_size: block_size.clamp(1, LONGEST_RECORD),
            carry: Vec::new(),
            seq: 0,
            next_row: first_row,
            breached: false,
            held_blanks: 0,
            pending: None,
            ended: false,
            warned: false,
            warnings: Vec::new(),
            origins: None,
        }
    }

    /// Passes on what is said of the file that the records were made of.
    pub(super) fn watch(&mut self, origins: Arc<Origins>) {
        self.origins = Some(origins);
    }

    /// Warnings since the last call, such as the place of the first stray quote.
    pub fn take_warnings(&mut self) -> Vec<Diagnostic> {
        let mut warnings = std::mem::take(&mut self.warnings);
        warnings.extend(self.origins.iter().flat_map(|origins| origins.take_warnings()));
        warnings
    }

    /// The next block, in memory that the caller no longer needs; none at the end.
    pub fn next(&mut self, buffer: Vec<u8>) -> Result<Option<Block>, Failure> {
        let mut buffer = buffer;
        loop {
            if self.held_blanks > 0 && (self.pending.is_some() || self.ended) {
                return Ok(Some(self.blanks(buffer)));
            }
            if let Some((block, blanks)) = self.pending.take() {
                self.held_blanks = blanks;
                return Ok(Some(self.numbered(block)));
            }
            let (length, ended) = self.fill(&mut buffer, self.block_size.max(self.carry.len()))?;
            self.ended = length == 0;
            if self.ended {
                if self.held_blanks == 0 {
                    return Ok(None);
                }
                continue;
            }
            let block = self.block(buffer, length, ended)?;
            match self.hold_blanks(block) {
                Ok(block) => return Ok(Some(self.numbered(block))),
                Err(unused) => buffer = unused,
            }
        }
    }

    /// Carried bytes, then new ones up to `wanted`; the count, and whether the file ended.
    fn fill(&mut self, buffer: &mut Vec<u8>, wanted: usize) -> Result<(usize, bool), Failure> {
        let known = self.carry.len();
        if buffer.len() < wanted + PAD {
            buffer.resize(wanted + PAD, 0);
        }
        buffer[..known].copy_from_slice(&self.carry);
        self.carry.clear();
        self.more(buffer, known, wanted)
    }

    fn more(
        &mut self,
        buffer: &mut [u8],
        known: usize,
        wanted: usize,
    ) -> Result<(usize, bool), Failure> {
        let got = self
            .source
            .fill(&mut buffer[known..wanted])
            .map_err(|cause| super::open::reading(&self.file, cause))?;
        Ok((known + got, known + got < wanted))
    }

    /// Finds where the next block ends, reading on where no record does.
    fn block(
        &mut self,
        mut buffer: Vec<u8>,
        mut length: usize,
        mut ended: bool,
    ) -> Result<Block, Failure> {
        let mut marks = Marks::default();
        loop {
            let look = if self.breached {
                tolerant::look(&buffer[..length], self.dialect)
            } else {
                strict::look(&buffer[..length], self.dialect, &mut marks)
            };
            if look.end == 0 && look.breach {
                self.breach();
            } else if look.end > 0 && (!ended || look.breach || look.inside) {
                return Ok(self.ends_at(buffer, length, look.end, look, marks));
            } else if ended && look.inside {
                return Err(self.unterminated(&buffer[..length]));
            } else if ended {
                let open = u64::from(look.end < length);
                let look = Look { records: look.records + open, ..look };
                return Ok(self.ends_at(buffer, length, length, look, marks));
            } else if length >= LONGEST_RECORD {
                return Err(diags::record_too_long(self.place(0), LONGEST_RECORD >> 20).into());
            } else {
                let wanted = (length * 2).min(LONGEST_RECORD);
                buffer.resize(wanted + PAD, 0);
                (length, ended) = self.more(&mut buffer, length, wanted)?;
            }
        }
    }

    fn ends_at(
        &mut self,
        buffer: Vec<u8>,
        length: usize,
        end: usize,
        look: Look,
        marks: Marks,
    ) -> Block {
        self.carry.extend_from_slice(&buffer[end..length]);
        let tolerant = std::mem::replace(&mut self.breached, false);
        Block {
            seq: 0,
            first_row: 0,
            records: look.records,
            tolerant,
            quoted: look.quoted,
            multiline: look.multiline,
            blank_rows: self.one_column,
            marks,
            buffer,
            length: end,
        }
    }

    fn numbered(&mut self, mut block: Block) -> Block {
        (block.seq, block.first_row) = (self.seq, self.next_row);
        self.next_row += block.records;
        self.seq += 1;
        block
    }

    /// In a file of one column, blank lines at a block's end wait for what follows them. Gives the
    /// memory back where nothing can go out yet.
    fn hold_blanks(&mut self, mut block: Block) -> Result<Block, Vec<u8>> {
        if !self.one_column {
            return Ok(block);
        }
        let mut blanks = 0;
        while let Some(end) = without_blank_line(block.bytes(), self.dialect.terminator) {
            block.length = end;
            blanks += 1;
        }
        block.records -= blanks;
        if block.length == 0 {
            self.held_blanks += blanks;
            return Err(block.buffer);
        }
        if self.held_blanks == 0 {
            self.held_blanks = blanks;
            return Ok(block);
        }
        self.pending = Some((block, blanks));
        Err(Vec::new())
    }

    /// Held blank lines as a block: rows if something follows, else skipped.
    fn blanks(&mut self, mut buffer: Vec<u8>) -> Block {
        let count = usize::try_from(self.held_blanks).unwrap_or(usize::MAX).min(self.block_size);
        buffer.clear();
        buffer.resize(count, self.dialect.terminator);
        let mut marks = Marks::default();
        strict::look(&buffer, self.dialect, &mut marks);
        buffer.resize(count + PAD, 0);
        self.held_blanks -= count as u64;
        self.numbered(Block {
            seq: 0,
            first_row: 0,
            records: count as u64,
            tolerant: false,
            quoted: false,
            multiline: false,
            blank_rows: self.pending.is_some(),
            marks,
            buffer,
            length: count,
        })
    }

    /// Notes that the record at the start of the buffer breaks the rule.
    fn breach(&mut self) {
        self.breached = true;
        if !self.warned {
            self.warned = true;
            self.warnings.push(diags::stray_quote(self.place(0)));
        }
    }

    fn unterminated(&self, bytes: &[u8]) -> Failure {
        let column = tolerant::open_quote(bytes, self.dialect).unwrap_or(0);
        diags::unterminated_quote(self.place(column)).into()
    }

    /// A cell of the record at the start of the buffer.
    fn place(&self, column: u32) -> Place {
        let row = self.next_row + self.held_blanks;
        Place::Cell(CellPlace { file: Arc::clone(&self.file), sheet: None, row, column })
    }
}

/// Where the bytes end without their last line, if that is blank.
fn without_blank_line(bytes: &[u8], terminator: u8) -> Option<usize> {
    let rest = bytes.strip_suffix(&[terminator])?;
    let rest = if terminator == b'\n' { rest.strip_suffix(b"\r").unwrap_or(rest) } else { rest };
    (rest.is_empty() || rest.ends_with(&[terminator])).then_some(rest.len())
}
