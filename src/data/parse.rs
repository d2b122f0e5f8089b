//! Blocks to chunks: the wanted cells, typed.
//!
//! One parser per worker; it keeps the dictionaries of its text columns. Every cell that does not
//! fit is listed as a reject and is not present.

use super::cell::{Cell, day, hash, hashed, instant, number, slowly};
use super::cut::Block;
use super::damage;
use super::layout::{From, Inner, Kind, Layout, Reading};
use super::leave::{Bytes, no_rows, take_out};
use super::moment::Clock;
use super::sheet::EXACT;
use super::split::{Row, Split, Text, Trust};
use super::texts::{Code, Texts};
use super::{Chunk, Column, Dictionary, Reject, RejectReason, Values, Want};
use crate::domain::Type;

const LONGEST_SHOWN: usize = 60;

/// One worker's parser, for all files of a dataset.
pub struct Parser {
    types: Vec<Option<Type>>,
    texts: Vec<Texts>,
    dictionaries: Vec<Dictionary>,
    split: Split,
    clock: Option<Clock>,
    /// Whose spellings the texts remember.
    layout: Option<Layout>,
    scratch: Vec<u8>,
    codes: Vec<Code>,
}

impl Parser {
    pub fn new(wants: &[Want]) -> Self {
        Self {
            types: wants.iter().map(|want| (!want.hashed).then_some(want.ty)).collect(),
            texts: wants.iter().map(|_| Texts::default()).collect(),
            dictionaries: vec![Dictionary::default(); wants.len()],
            split: Split::default(),
            clock: None,
            layout: None,
            scratch: Vec::new(),
            codes: Vec::new(),
        }
    }

    /// The texts that codes stand for, one dictionary per want; empty for other types.
    pub fn dictionaries(&self) -> &[Dictionary] {
        &self.dictionaries
    }

    /// Gives a column's texts away, where no more blocks come.
    pub fn take_dictionary(&mut self, want: usize) -> Dictionary {
        self.texts[want] = Texts::default();
        std::mem::take(&mut self.dictionaries[want])
    }

    /// Fills `out` with the block's rows.
    pub fn parse(&mut self, layout: &Layout, block: &Block, out: &mut Chunk) {
        self.take_layout(layout);
        let inner: &Inner = &layout.0;
        self.split.split(block, inner.form);
        let text = self.split.text(block, inner.form.dialect);
        let gone = no_rows(&self.split, &Bytes(text), inner);
        out.damage = damage::look(&self.split, block, text, inner.form, &gone);
        out.left_out = take_out(&mut self.split, &gone);
        (out.seq, out.first_row, out.records) = (block.seq, block.first_row, block.records);
        out.rows = self.split.rows.len();
        out.rejects.clear();
        out.skipped.clone_from(&self.split.skipped);
        out.dropped = 0;
        out.columns.resize_with(self.types.len(), || Column::empty(None));
        let text = self.split.text(block, inner.form.dialect);
        let Some(clock) = self.clock.as_mut() else { return };
        for (index, reading) in inner.columns.iter().enumerate() {
            let column = &mut out.columns[index];
            column.clear(self.types[index]);
            let mut filler = Filler {
                split: &self.split,
                text,
                reading,
                want: u16::try_from(index).unwrap_or(u16::MAX),
                present: &mut column.present,
                rejected: &mut column.rejected,
                rejects: &mut out.rejects,
                scratch: &mut self.scratch,
                codes: &mut self.codes,
            };
            let texts = (&mut self.texts[index], &mut self.dictionaries[index]);
            filler.fill(&mut column.values, &mut column.rounded, texts, clock);
        }
        self.reject_rows(text, inner.form.dialect.delimiter, out);
    }

    fn take_layout(&mut self, layout: &Layout) {
        let same = self.layout.as_ref().is_some_and(|l| std::sync::Arc::ptr_eq(&l.0, &layout.0));
        if !same {
            let nulls = layout.0.columns.iter().map(|column| &column.nulls);
            for ((texts, known), nulls) in self.texts.iter_mut().zip(&self.dictionaries).zip(nulls)
            {
                texts.forget_spellings(known, nulls);
            }
            self.clock = Some(Clock::new(layout.0.zone.clone()));
            self.layout = Some(layout.clone());
        }
    }

    fn reject_rows(&self, text: Text<'_>, delimiter: u8, out: &mut Chunk) {
        for (index, row) in self.split.rows.iter().enumerate() {
            let why = match row.trust {
                Trust::Whole => continue,
                Trust::TooFew => RejectReason::TooFewCells,
                Trust::TooMany => RejectReason::TooManyCells,
                Trust::Torn => RejectReason::Quotes,
            };
            let text = shown(&self.split.beginning(row, text, delimiter));
            let row = u32::try_from(index).unwrap_or(u32::MAX);
            out.rejects.push(Reject { row, want: None, file_column: 0, text, why });
        }
        out.rejects.sort_by_key(|reject| (reject.row, reject.want));
    }
}

impl Column {
    fn empty(ty: Option<Type>) -> Self {
        let values = Values::empty(ty);
        Self { values, present: Vec::new(), rejected: Vec::new(), rounded: 0 }
    }

    fn clear(&mut self, ty: Option<Type>) {
        self.present.clear();
        self.rejected.clear();
        self.rounded = 0;
        match (&mut self.values, Values::empty(ty)) {
            (Values::Text(v), Values::Text(_)) => v.clear(),
            (Values::Number(v), Values::Number(_)) => v.clear(),
            (Values::Date(v), Values::Date(_)) => v.clear(),
            (Values::DateTime(v), Values::DateTime(_)) => v.clear(),
            (Values::Bool(v), Values::Bool(_)) => v.clear(),
            (Values::Hash(v), Values::Hash(_)) => v.clear(),
            (values, other) => *values = other,
        }
    }
}

impl Values {
    /// Of a type, or of hashes.
    fn empty(ty: Option<Type>) -> Self {
        let Some(ty) = ty else { return Self::Hash(Vec::new()) };
        match ty {
            Type::Text | Type::Null => Self::Text(Vec::new()),
            Type::Integer | Type::Number | Type::Money(_) => Self::Number(Vec::new()),
            Type::Date => Self::Date(Vec::new()),
            Type::DateTime => Self::DateTime(Vec::new()),
            Type::Boolean => Self::Bool(Vec::new()),
        }
    }
}

/// Fills one column of a chunk.
struct Filler<'a> {
    split: &'a Split,
    text: Text<'a>,
    reading: &'a Reading,
    want: u16,
    present: &'a mut Vec<bool>,
    rejected: &'a mut Vec<u32>,
    rejects: &'a mut Vec<Reject>,
    scratch: &'a mut Vec<u8>,
    codes: &'a mut Vec<Code>,
}

impl Filler<'_> {
    fn fill(
        &mut self,
        values: &mut Values,
        rounded: &mut u64,
        (texts, known): (&mut Texts, &mut Dictionary),
        clock: &mut Clock,
    ) {
        let reading = self.reading;
        let nulls = &reading.nulls;
        match (values, &reading.kind) {
            (Values::Text(values), Kind::Text) => self.fill_texts(values, texts, known),
            (Values::Number(values), Kind::Number(form)) => {
                self.each(values, |bytes, start, end| {
                    let Some((units, lost)) = number(&bytes[start..end], form, nulls)? else {
                        return Ok(None);
                    };
                    *rounded += u64::from(lost);
                    Ok(Some(units))
                });
            }
            (Values::Date(values), Kind::Date(formats)) => {
                self.each(values, |bytes, start, end| {
                    day(&bytes[start..end], formats, nulls, clock)
                });
            }
            (Values::DateTime(values), Kind::DateTime(formats)) => {
                self.each(values, |bytes, start, end| {
                    instant(&bytes[start..end], formats, nulls, clock)
                });
            }
            (Values::Bool(values), Kind::Boolean(words)) => {
                self.each(values, |bytes, start, end| {
                    slowly(&bytes[start..end], nulls, |text| {
                        words.read(text).ok_or(RejectReason::NotABoolean)
                    })
                });
            }
            (Values::Hash(values), kind) => self.each(values, |bytes, start, end| {
                // What does not fit is the business of whoever wants the values.
                let cell = &bytes[start..end];
                Ok(match kind {
                    Kind::Text => hash(cell, nulls),
                    Kind::Number(form) => number(cell, form, nulls).map(|n| n.map(hashed)),
                    Kind::Date(formats) => day(cell, formats, nulls, clock).map(|d| d.map(hashed)),
                    Kind::DateTime(formats) => {
                        instant(cell, formats, nulls, clock).map(|at| at.map(hashed))
                    }
                    Kind::Boolean(_) => Ok(None),
                }
                .unwrap_or_default())
            }),
            // The values are made for the want's type, and so is the kind.
            _ => {}
        }
    }

    /// First all codes that one look finds, then, row by row, the others.
    fn fill_texts(&mut self, values: &mut Vec<u32>, texts: &mut Texts, known: &mut Dictionary) {
        let nulls = &self.reading.nulls;
        let From::Cell(index) = self.reading.from else {
            return self.each(values, |bytes, start, end| {
                texts.code(known, bytes, (start, end), nulls).read()
            });
        };
        let (split, text) = (self.split, self.text);
        let quick = |row: &Row| match (row.trust, split.cell(row, index)) {
            (Trust::Whole, Some(cell)) => {
                text.bare(cell).map_or(Code::PENDING, |cell| texts.quick(text.bytes, cell))
            }
            _ => Code::PENDING,
        };
        self.codes.clear();
        self.codes.extend(split.rows.iter().map(quick));
        let codes = std::mem::take(self.codes);
        values.reserve(codes.len());
        self.present.reserve(codes.len());
        for (at, (code, row)) in codes.iter().zip(&split.rows).enumerate() {
            let value = code.number().or_else(|| {
                self.one(at, row, index, |bytes, start, end| {
                    texts.code(known, bytes, (start, end), nulls).read()
                })
            });
            values.push(value.unwrap_or_default());
            self.present.push(value.is_some());
        }
        *self.codes = codes;
    }

    /// Calls `read` with the unquoted bytes of every row's cell.
    fn each<T: Copy + Default>(
        &mut self,
        values: &mut Vec<T>,
        mut read: impl FnMut(&[u8], usize, usize) -> Cell<T>,
    ) {
        let count = self.split.rows.len();
        let index = match &self.reading.from {
            From::Cell(index) => *index,
            From::Nowhere => {
                values.resize(count, T::default());
                self.present.resize(count, false);
                return;
            }
            From::Constant(text) => {
                // Checked when the file was opened.
                let value = read(text.as_bytes(), 0, text.len()).ok().flatten();
                values.resize(count, value.unwrap_or_default());
                self.present.resize(count, value.is_some());
                return;
            }
        };
        values.reserve(count);
        self.present.reserve(count);
        for (at, row) in self.split.rows.iter().enumerate() {
            let value = self.one(at, row, index, &mut read);
            values.push(value.unwrap_or_default());
            self.present.push(value.is_some());
        }
    }

    /// One cell's value; a cell that does not fit is noted.
    #[inline]
    fn one<T>(
        &mut self,
        at: usize,
        row: &Row,
        index: u32,
        mut read: impl FnMut(&[u8], usize, usize) -> Cell<T>,
    ) -> Option<T> {
        let result = match self.cell(row, index) {
            Ok(Some((start, end))) => self.unquoted(start, end, &mut read),
            Ok(None) => return None,
            Err(()) => {
                self.rejected.push(row_number(at));
                return None;
            }
        };
        result.unwrap_or_else(|why| {
            self.rejected.push(row_number(at));
            self.reject(at, row, index, why);
            None
        })
    }

    /// A row's cell, if it has one; an error where the row cannot be trusted for it.
    #[inline]
    fn cell(&self, row: &Row, index: u32) -> Result<Option<(usize, usize)>, ()> {
        match row.trust {
            Trust::Whole => Ok(self.split.cell(row, index)),
            Trust::TooFew => self.split.cell(row, index).map(Some).ok_or(()),
            Trust::TooMany | Trust::Torn => Err(()),
        }
    }

    #[inline]
    fn unquoted<T>(
        &mut self,
        start: usize,
        end: usize,
        read: &mut impl FnMut(&[u8], usize, usize) -> Cell<T>,
    ) -> Cell<T> {
        let bytes = self.text.bytes;
        if let Some((start, end)) = self.text.bare((start, end)) {
            return read(bytes, start, end);
        }
        let quote = self.text.quote.unwrap_or_default();
        undouble(&bytes[start + 1..end - 1], quote, self.scratch);
        read(self.scratch, 0, self.scratch.len())
    }

    #[cold]
    fn reject(&mut self, at: usize, row: &Row, index: u32, why: RejectReason) {
        let (start, end) = self.split.cell(row, index).unwrap_or_default();
        let mut keep = |bytes: &[u8], start: usize, end: usize| -> Cell<String> {
            Ok(Some(shown(&bytes[start..end])))
        };
        let text = self.unquoted(start, end, &mut keep).ok().flatten().unwrap_or_default();
        let (row, want) = (row_number(at), Some(self.want));
        self.rejects.push(Reject { row, want, file_column: index + 1, text, why });
    }
}

fn row_number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Two quotes become one.
fn undouble(inner: &[u8], quote: u8, out: &mut Vec<u8>) {
    out.clear();
    let mut rest = inner;
    while let Some(at) = memchr::memchr(quote, rest) {
        out.extend_from_slice(&rest[..=at]);
        rest = rest.get(at + 2..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
}

fn shown(bytes: &[u8]) -> String {
    let most = bytes.len().min(LONGEST_SHOWN * 4);
    let text = String::from_utf8_lossy(&bytes[..most]);
    text.trim_start_matches(char::from(EXACT)).trim().chars().take(LONGEST_SHOWN).collect()
}
