//! One block's bytes to rows and cells: where each cell starts and ends.
//!
//! Owns blank lines and rows of a wrong length; what a cell says is `parse`'s.

use std::ops::Range;

use super::cut::Block;
use super::scan::lowest;
use super::strict::Dialect;
use super::tolerant::{Cells, Record, is_blank};

/// How a file's rows should look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) dialect: Dialect,
    /// Cells up to the last named header, and cells of the header in all.
    pub(super) least: u32,
    pub(super) most: u32,
}

/// Whether a row's cells can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    Whole,
    /// The cells that are there can be read.
    TooFew,
    TooMany,
    /// Quotes that do not close properly.
    Torn,
    /// What decides on the row cannot be read.
    Undecided,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    start: u32,
    /// Index of the first cell's end.
    first: u32,
    pub(super) cells: u32,
    pub(super) trust: Trust,
}

/// Rows of one block. Kept by a worker, so that its vectors are reused.
#[derive(Debug, Default)]
pub(super) struct Split {
    pub(super) rows: Vec<Row>,
    /// For each blank line that is no row: how many rows stand before it.
    pub(super) skipped: Vec<u32>,
    /// Cells that lack inside of rows that were made.
    pub(super) gaps: Gaps,
    ends: Vec<u32>,
    /// For each record: one more than the index of its last cell's end.
    lasts: Vec<u32>,
    tolerant: Cells,
    plain: bool,
}

/// A cell's bytes as they stand, or already unquoted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Text<'a> {
    pub(super) bytes: &'a [u8],
    /// Set where the cells may still be quoted.
    pub(super) quote: Option<u8>,
}

impl Text<'_> {
    /// Where a cell's text is without its quotes; none where quotes are doubled inside.
    #[inline]
    pub(super) fn bare(self, (start, end): (usize, usize)) -> Option<(usize, usize)> {
        let is_quote = |at: usize| self.quote == Some(self.bytes[at]);
        if self.quote.is_none() || end < start + 2 || !is_quote(start) || !is_quote(end - 1) {
            return Some((start, end));
        }
        let inner = &self.bytes[start + 1..end - 1];
        memchr::memchr(self.bytes[start], inner).is_none().then_some((start + 1, end - 1))
    }
}

/// By a row's first cell, ascending: cells that are written and yet lack.
#[derive(Debug, Default)]
pub(super) struct Gaps(Vec<(u32, Range<u32>)>);

impl Gaps {
    pub(super) fn note(&mut self, row: &Row, cells: Range<u32>) {
        if !cells.is_empty() {
            self.0.push((row.first, cells));
        }
    }

    fn has(&self, row: &Row, index: u32) -> bool {
        let found = self.0.binary_search_by_key(&row.first, |(first, _)| *first);
        found.is_ok_and(|at| self.0[at].1.contains(&index))
    }
}

impl Split {
    pub(super) fn split(&mut self, block: &Block, form: Form) {
        self.rows.clear();
        self.skipped.clear();
        self.gaps.0.clear();
        self.lasts.clear();
        self.plain = !block.tolerant;
        if block.tolerant {
            self.split_tolerant(block, form);
        } else {
            find_ends(block, &mut self.ends, &mut self.lasts);
            self.split_fast(block, form);
        }
    }

    /// The bytes that the rows' places are in.
    pub(super) fn text<'a>(&'a self, block: &'a Block, dialect: Dialect) -> Text<'a> {
        if self.plain {
            Text { bytes: block.padded(), quote: block.quoted.then_some(dialect.quote) }
        } else {
            Text { bytes: &self.tolerant.bytes, quote: None }
        }
    }

    /// Start and end of a row's cell; none where the row is too short.
    #[inline]
    pub(super) fn cell(&self, row: &Row, index: u32) -> Option<(usize, usize)> {
        if index >= row.cells {
            return None;
        }
        let at = (row.first + index) as usize;
        let start = if index == 0 { row.start } else { self.ends[at - 1] + 1 };
        Some((start as usize, self.ends[at] as usize))
    }

    /// As [`Split::cell`], of a row with too few cells.
    pub(super) fn cell_of_short(&self, row: &Row, index: u32) -> Option<(usize, usize)> {
        self.cell(row, index).filter(|_| !self.gaps.has(row, index))
    }

    /// How many records that are no rows stand before a row.
    pub(super) fn skipped_before(&self, row: usize) -> usize {
        self.skipped.partition_point(|before| *before as usize <= row)
    }

    /// The beginning of a row's text, with all its cells that fit in.
    pub(super) fn beginning(&self, row: &Row, text: Text<'_>, delimiter: u8) -> Vec<u8> {
        const MOST: usize = 240;
        let mut out = Vec::new();
        for (start, end) in (0..row.cells).map_while(|index| self.cell(row, index)) {
            if !out.is_empty() {
                out.push(delimiter);
            }
            out.extend_from_slice(&text.bytes[start..end.min(start + MOST)]);
            if out.len() > MOST {
                break;
            }
        }
        out
    }

    fn split_fast(&mut self, block: &Block, form: Form) {
        let bytes = block.bytes();
        let crlf = form.dialect.terminator == b'\n';
        let (mut first, mut start) = (0u32, 0u32);
        for last in std::mem::take(&mut self.lasts).drain(..) {
            let end = self.ends[last as usize - 1];
            if crlf && end > start && bytes[end as usize - 1] == b'\r' {
                self.ends[last as usize - 1] = end - 1;
            }
            let row = Row { start, first, cells: last - first, trust: Trust::Whole };
            let record = &bytes[start as usize..self.ends[last as usize - 1] as usize];
            let maybe = record.first().is_none_or(|b| *b <= b' ' || *b == form.dialect.delimiter);
            let blank = maybe && !block.blank_rows && is_blank(record, form.dialect.delimiter);
            self.keep(bytes, row, form, blank);
            (first, start) = (last, end + 1);
        }
    }

    fn split_tolerant(&mut self, block: &Block, form: Form) {
        let mut cells = std::mem::take(&mut self.tolerant);
        let behind = cells.split(block.bytes(), form.dialect);
        self.ends.clone_from(&cells.ends);
        let (mut first, mut start) = (0u32, 0u32);
        for record in &cells.records {
            let Record { blank_before, cells: count, torn, blank } = *record;
            self.blank_lines(blank_before, block.blank_rows);
            let trust = if torn { Trust::Torn } else { Trust::Whole };
            let row = Row { start, first, cells: count, trust };
            self.keep(&cells.bytes, row, form, blank && !block.blank_rows);
            first += count;
            start = self.ends[first as usize - 1] + 1;
        }
        self.blank_lines(behind, block.blank_rows);
        self.tolerant = cells;
    }

    fn blank_lines(&mut self, count: u32, as_rows: bool) {
        for _ in 0..count {
            if as_rows {
                self.rows.push(Row { start: 0, first: 0, cells: 0, trust: Trust::Whole });
            } else {
                self.skipped.push(u32::try_from(self.rows.len()).unwrap_or(u32::MAX));
            }
        }
    }

    /// Takes a record as a row, unless it is a blank line.
    #[inline]
    fn keep(&mut self, bytes: &[u8], mut row: Row, form: Form, blank: bool) {
        if blank {
            self.blank_lines(1, false);
            return;
        }
        if row.trust == Trust::Whole && (row.cells < form.least || row.cells > form.most) {
            row.trust = self.trust(bytes, &row, form);
        }
        self.rows.push(row);
    }

    /// Of a row whose length is not the header's: surplus cells do no harm while they are blank.
    fn trust(&self, bytes: &[u8], row: &Row, form: Form) -> Trust {
        if row.cells < form.least {
            return Trust::TooFew;
        }
        let quote = form.dialect.quote;
        let blank = |index| {
            self.cell(row, index).is_none_or(|(start, end)| match &bytes[start..end] {
                [first, inner @ .., last] if self.plain && *first == quote && *last == quote => {
                    inner.trim_ascii().is_empty()
                }
                cell => cell.trim_ascii().is_empty(),
            })
        };
        if (form.most..row.cells).all(blank) { Trust::Whole } else { Trust::TooMany }
    }
}

/// Where cells end, and for each record how many ends there are up to its last. Legal records only.
fn find_ends(block: &Block, ends: &mut Vec<u32>, lasts: &mut Vec<u32>) {
    let length = block.bytes().len();
    let (mut known, mut base) = (0, 0);
    for (edges, record_ends) in block.marks.edges.iter().zip(&block.marks.ends) {
        let valid = lowest(length - base);
        let (edges, mut record_ends) = (edges & valid, record_ends & valid);
        while record_ends != 0 {
            let below = record_ends ^ (record_ends - 1);
            let last = known + (edges & below).count_ones() as usize;
            lasts.push(u32::try_from(last).unwrap_or(u32::MAX));
            record_ends &= record_ends - 1;
        }
        if ends.len() < known + 64 {
            ends.resize(known * 2 + 1024, 0);
        }
        known += write_places(edges, base, &mut ends[known..known + 64]);
        base += 64;
        if base >= length {
            break;
        }
    }
    let done = lasts.last().map_or(0, |last| ends[*last as usize - 1] as usize + 1);
    if done < length {
        ends.truncate(known);
        ends.push(u32::try_from(length).unwrap_or(u32::MAX));
        lasts.push(u32::try_from(ends.len()).unwrap_or(u32::MAX));
    }
}

/// Writes the places of a word's bits and returns their count; what lies behind may be overwritten.
#[inline]
fn write_places(mut edges: u64, base: usize, out: &mut [u32]) -> usize {
    let count = edges.count_ones() as usize;
    #[expect(clippy::cast_possible_truncation, reason = "a block is shorter than 4 GB")]
    let base = base as u32;
    // Eight at once, needed or not: a loop that stops exactly is guessed wrongly each time.
    for eight in out.chunks_exact_mut(8) {
        for place in eight {
            *place = base.wrapping_add(edges.trailing_zeros());
            edges &= edges.wrapping_sub(1);
        }
        if edges == 0 {
            break;
        }
    }
    count
}
