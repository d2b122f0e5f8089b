//! Records that break the quoting rule, read as the `csv` crate reads them.
//!
//! A quote inside an unquoted cell is plain text (`27" TV`). Text behind a closing quote makes the
//! whole row untrustworthy, because what was meant to be a cell is unknown: such a row is rejected,
//! not repaired.

use super::strict::{Dialect, Look};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    CellStart,
    Plain,
    Quoted,
    /// A quote inside quotes: the end, or the first of two.
    Closed,
    /// A CR behind the closing quote: half of a line end, or torn.
    ClosedCr,
}

/// A walk over raw bytes, one at a time; the record's end is where `step` says so.
struct Walk {
    dialect: Dialect,
    state: State,
    /// Something other than an edge stood behind a closing quote.
    torn: bool,
}

impl Walk {
    fn new(dialect: Dialect) -> Self {
        Self { dialect, state: State::CellStart, torn: false }
    }

    /// Whether the byte ends the record.
    fn step(&mut self, byte: u8) -> bool {
        let Dialect { delimiter, quote, terminator } = self.dialect;
        if self.state == State::Quoted {
            if byte == quote {
                self.state = State::Closed;
            }
            return false;
        }
        if byte == terminator {
            self.state = State::CellStart;
            return true;
        }
        self.torn |= self.state == State::ClosedCr;
        self.state = match (self.state, byte) {
            (_, b) if b == delimiter => State::CellStart,
            (State::CellStart | State::Closed, b) if b == quote => State::Quoted,
            (State::Closed, b'\r') => State::ClosedCr,
            (State::Closed, _) => {
                self.torn = true;
                State::Plain
            }
            _ => State::Plain,
        };
        false
    }
}

/// As `strict::look`, without a breach: where the last whole record ends.
pub(super) fn look(bytes: &[u8], dialect: Dialect) -> Look {
    let (mut walk, mut look) = (Walk::new(dialect), Look::default());
    for (at, byte) in bytes.iter().enumerate() {
        if walk.step(*byte) {
            look.end = at + 1;
            look.records += 1;
        }
    }
    look.inside = walk.state == State::Quoted;
    (look.quoted, look.multiline) = (true, true);
    look
}

/// The end of the first record, behind its terminator; none when the bytes end first.
pub(super) fn first_end(bytes: &[u8], dialect: Dialect) -> Option<usize> {
    let mut walk = Walk::new(dialect);
    bytes.iter().position(|byte| walk.step(*byte)).map(|at| at + 1)
}

/// Whether a CR that ends no line stands outside quotes.
pub(super) fn has_bare_cr(record: &[u8], dialect: Dialect) -> bool {
    let mut walk = Walk::new(dialect);
    record.iter().enumerate().any(|(at, byte)| {
        let quoted = walk.state == State::Quoted;
        let ended = walk.step(*byte);
        !(quoted || ended) && *byte == b'\r' && record.get(at + 1).is_some_and(|b| *b != b'\n')
    })
}

/// The cell, counted from 1, whose quote is still open at the end of one record's bytes.
pub(super) fn open_quote(bytes: &[u8], dialect: Dialect) -> Option<u32> {
    let (mut walk, mut column) = (Walk::new(dialect), 1);
    for byte in bytes {
        column += u32::from(*byte == dialect.delimiter && walk.state != State::Quoted);
        walk.step(*byte);
    }
    (walk.state == State::Quoted).then_some(column)
}

/// Cells of records, unquoted; each cell is followed by one byte that does not count.
#[derive(Debug, Default)]
pub(super) struct Cells {
    pub(super) bytes: Vec<u8>,
    /// Where each cell ends in `bytes`.
    pub(super) ends: Vec<u32>,
    pub(super) records: Vec<Record>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Record {
    /// Blank lines before it.
    pub(super) blank_before: u32,
    pub(super) cells: u32,
    /// Text stood behind a closing quote.
    pub(super) torn: bool,
    /// Nothing but delimiters and white space, as it was written.
    pub(super) blank: bool,
}

impl Cells {
    /// Splits whole records. Returns the blank lines behind the last one.
    pub(super) fn split(&mut self, raw: &[u8], dialect: Dialect) -> u32 {
        self.bytes.clear();
        self.ends.clear();
        self.records.clear();
        // The crate would take a byte order mark at the start of a block for the file's; a blank
        // line, which it skips, keeps it from looking.
        let pad: &[u8] = if raw.starts_with(b"\xEF\xBB\xBF") { &[dialect.terminator] } else { b"" };
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(dialect.delimiter)
            .quote(dialect.quote)
            .terminator(csv::Terminator::Any(dialect.terminator))
            .has_headers(false)
            .flexible(true)
            .from_reader(std::io::Read::chain(pad, raw));
        let mut record = csv::ByteRecord::new();
        let mut rest = raw;
        // Reading from memory does not fail, and flexible records have no wrong length.
        while let Ok(true) = reader.read_byte_record(&mut record) {
            let blank_before = drop_blank_lines(&mut rest, dialect.terminator);
            let end = first_end(rest, dialect).unwrap_or(rest.len());
            let torn = is_torn(&rest[..end], dialect);
            let blank = is_blank(&rest[..end], dialect.delimiter);
            rest = &rest[end..];
            for cell in &record {
                self.bytes.extend_from_slice(cell);
                self.ends.push(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
                self.bytes.push(0);
            }
            let cells = u32::try_from(record.len()).unwrap_or(u32::MAX);
            self.records.push(Record { blank_before, cells, torn, blank });
        }
        drop_blank_lines(&mut rest, dialect.terminator)
    }
}

/// Only delimiters and white space: nobody wrote anything into this line.
pub(super) fn is_blank(record: &[u8], delimiter: u8) -> bool {
    record.iter().all(|b| *b == delimiter || b.is_ascii_whitespace())
}

fn is_torn(record: &[u8], dialect: Dialect) -> bool {
    let mut walk = Walk::new(dialect);
    for byte in record {
        walk.step(*byte);
    }
    walk.torn
}

fn drop_blank_lines(rest: &mut &[u8], terminator: u8) -> u32 {
    let mut count = 0;
    while rest.first() == Some(&terminator) {
        *rest = &rest[1..];
        count += 1;
    }
    count
}
