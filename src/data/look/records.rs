//! Every record of a table, as texts.

use std::borrow::Cow;
use std::sync::Arc;

use super::super::cut::Cutter;
use super::super::leave::{Bytes, Skip};
use super::super::sheet::EXACT;
use super::super::split::{self, Form, Row as Place, Text, Trust};
use super::super::strict::Dialect;
use super::super::{Exports, Failure, RejectReason, dialect, texts};
use crate::catalog::SkipTest;
use crate::diag::Diagnostic;

const BLOCK: usize = 1 << 20;

/// How a text is split into cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Split {
    pub delimiter: u8,
    pub quote: u8,
}

/// The records of a table, in order.
pub struct Records {
    cutter: Cutter,
    dialect: Dialect,
}

/// What a cell holds, trimmed and in NFC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell<'a> {
    Blank,
    Text(Cow<'a, str>),
    /// A number or a moment of a workbook, which is what it is.
    Exact(Cow<'a, str>),
    /// What no column can read, and why.
    Broken(&'static str),
}

impl Cell<'_> {
    /// What is written there; nothing where it cannot be read.
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Exact(text) => text,
            Self::Blank | Self::Broken(_) => "",
        }
    }

    pub fn into_owned(self) -> Cell<'static> {
        match self {
            Self::Blank => Cell::Blank,
            Self::Text(text) => Cell::Text(text.into_owned().into()),
            Self::Exact(text) => Cell::Exact(text.into_owned().into()),
            Self::Broken(why) => Cell::Broken(why),
        }
    }

    pub fn is_blank(&self) -> bool {
        *self == Self::Blank
    }
}

/// One record that holds something.
pub struct Row<'a> {
    /// Its number, as a spreadsheet counts.
    pub row: u64,
    /// Text stands behind a closing quote: the cells are not to be trusted.
    pub torn: bool,
    split: &'a split::Split,
    text: Text<'a>,
    place: &'a Place,
}

/// A test of one cell of a record, with the meaning that `skip` and `ends` give it.
pub struct Test(Skip);

impl Test {
    /// Of a column, counted from 0.
    pub fn new(column: usize, test: &SkipTest) -> Self {
        Self(Skip::new(u32::try_from(column).unwrap_or(u32::MAX), test))
    }
}

impl Row<'_> {
    pub fn holds(&self, test: &Test) -> bool {
        test.0.holds(self.split, self.place, &Bytes(self.text))
    }

    /// How many cells there are.
    pub fn width(&self) -> usize {
        self.place.cells as usize
    }

    pub fn cell(&self, at: usize) -> Cell<'_> {
        let cell = u32::try_from(at).ok().and_then(|at| self.split.cell(self.place, at));
        cell.map_or(Cell::Blank, |cell| cell_of(self.text, cell))
    }
}

impl Records {
    /// # Errors
    /// As `look`.
    pub fn open(
        files: &Exports,
        file: &str,
        sheet: Option<&str>,
        split: Split,
        one_column: bool,
    ) -> Result<Self, Failure> {
        let source = super::source(files, file, sheet)?;
        let sample = super::sample(files, file, sheet)?;
        let terminator = dialect::terminator(&sample.bytes, sample.whole);
        let dialect = Dialect { delimiter: split.delimiter, quote: split.quote, terminator };
        let cutter = Cutter::new(source, Arc::from(file), dialect, one_column, 1, BLOCK);
        Ok(Self { cutter, dialect })
    }

    /// Shows every record until `take` has seen enough and says false. Gives warnings, such as of a stray quote.
    ///
    /// # Errors
    /// Where the file breaks off, or a quote is never closed.
    pub fn each(
        mut self,
        mut take: impl FnMut(&Row<'_>) -> bool,
    ) -> Result<Vec<Diagnostic>, Failure> {
        let form = Form { dialect: self.dialect, least: 0, most: u32::MAX };
        let (mut split, mut buffer) = (split::Split::default(), Vec::new());
        while let Some(block) = self.cutter.next(buffer)? {
            split.split(&block, form);
            let text = split.text(&block, self.dialect);
            let mut skipped = split.skipped.iter().peekable();
            let mut row = block.first_row;
            for (at, place) in split.rows.iter().enumerate() {
                while skipped.next_if(|before| **before as usize <= at).is_some() {
                    row += 1;
                }
                let torn = place.trust == Trust::Torn;
                let record = Row { row, torn, split: &split, text, place };
                if !take(&record) {
                    return Ok(self.cutter.take_warnings());
                }
                row += 1;
            }
            buffer = block.into_buffer();
        }
        Ok(self.cutter.take_warnings())
    }
}

fn cell_of(text: Text<'_>, cell: (usize, usize)) -> Cell<'_> {
    match text.bare(cell) {
        Some((start, end)) => meaning(&text.bytes[start..end]),
        None => {
            let inner = &text.bytes[cell.0 + 1..cell.1 - 1];
            let quote = text.bytes[cell.0];
            let mut whole = Vec::with_capacity(inner.len());
            let mut bytes = inner.iter();
            while let Some(byte) = bytes.next() {
                whole.push(*byte);
                if *byte == quote {
                    bytes.next();
                }
            }
            meaning(&whole).into_owned()
        }
    }
}

fn meaning(raw: &[u8]) -> Cell<'_> {
    match texts::normal(raw) {
        Ok(text) if text.is_empty() => Cell::Blank,
        Ok(text) if raw.trim_ascii().first() == Some(&EXACT) => Cell::Exact(text),
        Ok(text) => Cell::Text(text),
        Err(why) => Cell::Broken(RejectReason::words(why)),
    }
}
