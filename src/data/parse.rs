//! Blocks to chunks: the wanted cells, typed.
//!
//! One parser per worker; it keeps the dictionaries of its text columns. Every cell that does not
//! fit is listed as a reject and is not present.

use std::cell::RefCell;

use super::cell::{Cell, day, hash, hashed, instant, number, shown, slowly, undouble};
use super::cut::Block;
use super::damage::{self, Damage};
use super::layout::{From, Inner, Kind, Layout, Reading};
use super::leave::take_out;
use super::made::{Cells, Unmade};
use super::moment::Clock;
use super::split::{Row, Split, Text, Trust};
use super::texts::{Code, Texts};
use super::{Chunk, Column, Dictionary, Reject, RejectReason, Values, Want};
use crate::domain::Type;

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
        // Before anything is asked of their cells: what stands for a rejected record has none.
        if let Some(origins) = &inner.origins {
            origins.trust(block.first_row, &mut self.split);
        }
        let text = self.split.text(block, inner.form.dialect);
        let found = inner.leave.judge(&self.split, text);
        // Of records that were made, damage was looked for before.
        out.damage = match &inner.origins {
            Some(_) => Damage::default(),
            None => damage::look(&self.split, block, text, inner.form, &found),
        };
        out.left_out = take_out(&mut self.split, &found);
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
                layout,
                first_row: block.first_row,
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
            clock.told(reading.zone.as_ref());
            filler.fill(&mut column.values, &mut column.rounded, texts, clock);
        }
        self.reject_rows(text, inner.form.dialect.delimiter, out);
    }

    fn take_layout(&mut self, layout: &Layout) {
        let same = self.layout.as_ref().is_some_and(|l| std::sync::Arc::ptr_eq(&l.0, &layout.0));
        if !same {
            let meanings = layout.0.columns.iter().map(|column| &column.meaning);
            let texts = self.texts.iter_mut().zip(&self.dictionaries);
            for ((texts, known), meaning) in texts.zip(meanings) {
                texts.forget_spellings(known, meaning);
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
                Trust::Undecided => RejectReason::Undecided,
            };
            let mut text = shown(&self.split.beginning(row, text, delimiter));
            let row = u32::try_from(index).unwrap_or(u32::MAX);
            // As the file has it, where it is known.
            let origins = self.layout.as_ref().and_then(|l| l.0.origins.as_ref());
            let own = origins.map(|origins| origins.text(out.file_row(row)));
            text = own.filter(|own| !own.is_empty()).unwrap_or(text);
            out.rejects.push(Reject { row, want: None, file_column: 0, text, why });
        }
        out.rejects.sort_by_key(|reject| (reject.row, reject.want));
    }
}

/// Fills one column of a chunk.
struct Filler<'a> {
    layout: &'a Layout,
    first_row: u64,
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
        let meaning = &reading.meaning;
        match (values, &reading.kind) {
            (Values::Text(values), Kind::Text) => self.fill_texts(values, texts, known),
            (Values::Number(values), Kind::Number(form)) => {
                self.each(values, |bytes, start, end| {
                    let Some((units, lost)) = number(&bytes[start..end], form, meaning)? else {
                        return Ok(None);
                    };
                    *rounded += u64::from(lost);
                    Ok(Some(units))
                });
            }
            (Values::Date(values), Kind::Date(formats)) => {
                self.each(values, |bytes, start, end| {
                    day(&bytes[start..end], formats, meaning, clock)
                });
            }
            (Values::DateTime(values), Kind::DateTime(formats)) => {
                self.each(values, |bytes, start, end| {
                    instant(&bytes[start..end], formats, meaning, clock)
                });
            }
            (Values::Bool(values), Kind::Boolean(words)) => {
                self.each(values, |bytes, start, end| {
                    slowly(&bytes[start..end], meaning, |text| {
                        words.read(text).ok_or(RejectReason::NotABoolean)
                    })
                });
            }
            (Values::Hash(values), kind) => self.each(values, |bytes, start, end| {
                // What does not fit is the business of whoever wants the values.
                let cell = &bytes[start..end];
                Ok(match kind {
                    Kind::Text => hash(cell, meaning),
                    Kind::Number(form) => number(cell, form, meaning).map(|n| n.map(hashed)),
                    Kind::Date(formats) => {
                        day(cell, formats, meaning, clock).map(|d| d.map(hashed))
                    }
                    Kind::DateTime(formats) => {
                        instant(cell, formats, meaning, clock).map(|at| at.map(hashed))
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
        let meaning = &self.reading.meaning;
        let From::Cell(index) = self.reading.from else {
            return self.each(values, |bytes, start, end| {
                texts.code(known, bytes, (start, end), meaning).read()
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
                    texts.code(known, bytes, (start, end), meaning).read()
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
            From::Joined(parts) => {
                return self.each_made(values, read, |_, cells| cells.joined(parts).map(Some));
            }
            From::Row => {
                let (split, layout, first) = (self.split, self.layout, self.first_row);
                return self.each_made(values, read, |at, _| {
                    let record = first + (at + split.skipped_before(at)) as u64;
                    Ok(Some(layout.place(record, 0).to_string().into_bytes()))
                });
            }
            From::Made(made) => {
                let clock = RefCell::new(Clock::new(made.zone.clone()));
                return self.each_made(values, read, |_, cells| {
                    made.text(cells, &clock).map(|text| text.map(String::into_bytes))
                });
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

    /// Calls `read` with what is made of every row's cells.
    fn each_made<T: Copy + Default>(
        &mut self,
        values: &mut Vec<T>,
        mut read: impl FnMut(&[u8], usize, usize) -> Cell<T>,
        make: impl Fn(usize, Cells<'_>) -> Result<Option<Vec<u8>>, Unmade>,
    ) {
        let (split, text) = (self.split, self.text);
        for (at, row) in split.rows.iter().enumerate() {
            let made = make(at, Cells { split, text, row });
            let value = made.and_then(|made| {
                let Some(made) = made else { return Ok(None) };
                read(&made, 0, made.len()).map_err(|why| {
                    let column = self.reading.from.first_cell().map_or(0, |at| at + 1);
                    Unmade { column, text: shown(&made), why }
                })
            });
            let value = value.unwrap_or_else(|Unmade { column, text, why }| {
                let row_number = row_number(at);
                self.rejected.push(row_number);
                // A row that is rejected as a whole has one reason.
                if row.trust == Trust::Whole {
                    let (row, want) = (row_number, Some(self.want));
                    self.rejects.push(Reject { row, want, file_column: column, text, why });
                }
                None
            });
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
            Trust::TooFew => self.split.cell_of_short(row, index).map(Some).ok_or(()),
            Trust::TooMany | Trust::Torn | Trust::Undecided => Err(()),
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
