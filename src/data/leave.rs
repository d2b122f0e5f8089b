//! Records that are no rows of the table: its header once more, what the feed says to skip, and what it does not keep.
//!
//! They are counted and told, never rejected: nothing is wrong with them.

use std::cell::RefCell;
use std::sync::Arc;

use super::made::{Cells, Made};
use super::moment::Clock;
use super::patterns::Pattern;
use super::split::{Row, Split, Text, Trust};
use crate::catalog::SkipTest;

/// What is no row of a table.
#[derive(Debug, Default)]
pub(super) struct Leave {
    /// The header's cells, where it may stand in the table once more.
    pub(super) headers: Vec<String>,
    pub(super) skips: Vec<Skip>,
    /// What a row is kept by.
    pub(super) filter: Option<Arc<Made>>,
}

/// A test of one cell.
#[derive(Debug, Clone)]
pub(super) struct Skip {
    /// Column of the file, counted from 0.
    pub(super) cell: u32,
    test: SkipTest,
    patterns: Vec<Pattern>,
}

/// How many records were left out of a block.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// The header once more.
    pub headers: u32,
    /// By the feed's rules.
    pub by_rule: u32,
    /// By the feed's condition.
    pub by_filter: u32,
}

/// Why a record is not used as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    Header,
    Rule,
    Filter,
    /// Nobody can say whether it is kept: it is a row, and rejected.
    Undecided,
}

impl LeftOut {
    pub fn all(self) -> u32 {
        self.headers + self.by_rule + self.by_filter
    }

    pub(super) fn count(&mut self, why: Why) {
        match why {
            Why::Header => self.headers += 1,
            Why::Rule => self.by_rule += 1,
            Why::Filter => self.by_filter += 1,
            Why::Undecided => {}
        }
    }
}

impl Leave {
    /// Of a table with this header; one of one column may hold its own name.
    pub(super) fn new(header_row: u64, headers: &[String], skips: Vec<Skip>) -> Self {
        let named = headers.iter().filter(|header| !header.is_empty()).count();
        let headers = if header_row > 0 && named > 1 { headers.to_vec() } else { Vec::new() };
        Self { headers, skips, filter: None }
    }

    /// The rows of a block that are not used as they stand, ascending.
    pub(super) fn judge(&self, split: &Split, text: Text<'_>) -> Vec<(usize, Why)> {
        if self.headers.is_empty() && self.skips.is_empty() && self.filter.is_none() {
            return Vec::new();
        }
        let bytes = Bytes(text);
        let filter = self.filter.as_deref();
        let clock = filter.map(|made| RefCell::new(Clock::new(made.zone.clone())));
        let why = |row: &Row| {
            if !self.headers.is_empty() && is_header(split, row, &bytes, &self.headers) {
                return Some(Why::Header);
            }
            if self.skips.iter().any(|skip| skip.holds(split, row, &bytes)) {
                return Some(Why::Rule);
            }
            let (filter, clock) = (filter?, clock.as_ref()?);
            match filter.value(Cells { split, text, row }, clock) {
                Ok(value) if value.as_bool() == Some(true) => None,
                Ok(_) => Some(Why::Filter),
                // A row that is rejected anyway keeps its own reason.
                Err(_) if row.trust != Trust::Whole => None,
                Err(_) => Some(Why::Undecided),
            }
        };
        split.rows.iter().enumerate().filter_map(|(at, row)| Some((at, why(row)?))).collect()
    }
}

/// Takes them out; they count as lines that are skipped, so that places stay true.
pub(super) fn take_out(split: &mut Split, found: &[(usize, Why)]) -> LeftOut {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let mut left = LeftOut::default();
    if found.is_empty() {
        return left;
    }
    let mut gone = Vec::with_capacity(found.len());
    for (at, why) in found {
        left.count(*why);
        match why {
            Why::Undecided => split.rows[*at].trust = Trust::Undecided,
            Why::Header | Why::Rule | Why::Filter => gone.push(*at),
        }
    }
    let before = |row: usize| number(gone.partition_point(|at| *at < row));
    for skipped in &mut split.skipped {
        *skipped -= before(*skipped as usize);
    }
    split.skipped.extend(gone.iter().map(|at| number(*at) - before(*at)));
    split.skipped.sort_unstable();
    let mut at = 0;
    split.rows.retain(|_| {
        at += 1;
        gone.binary_search(&(at - 1)).is_err()
    });
    left
}

/// Whether a row's cells are the names of the columns, each in its place.
fn is_header(split: &Split, row: &Row, text: &Bytes<'_>, headers: &[String]) -> bool {
    let same = |(at, header): (usize, &String)| {
        let cell = u32::try_from(at).ok().and_then(|at| split.cell(row, at));
        cell.map_or(&[][..], |cell| text.cell(cell)) == header.as_bytes()
    };
    headers.iter().enumerate().all(same)
}

/// The bytes of a block's cells.
pub(super) struct Bytes<'a>(pub(super) Text<'a>);

impl<'a> Bytes<'a> {
    /// A cell without its quotes and the blanks around it. Quotes that are doubled inside stay doubled.
    pub(super) fn cell(&self, cell: (usize, usize)) -> &'a [u8] {
        let text = self.0;
        let quoted = |(start, end): (usize, usize)| (start + 1, end - 1);
        let (start, end) = text.bare(cell).unwrap_or_else(|| quoted(cell));
        text.bytes[start..end].trim_ascii()
    }
}

impl Skip {
    pub(super) fn new(cell: u32, test: &SkipTest) -> Self {
        let patterns = match test {
            SkipTest::Like(patterns) => Pattern::all(patterns),
            _ => Vec::new(),
        };
        Self { cell, test: test.clone(), patterns }
    }

    /// Whether a line without anything in it is meant.
    pub(super) fn is_blank_line(&self) -> bool {
        self.test == SkipTest::BlankLine
    }

    pub(super) fn holds(&self, split: &Split, row: &Row, text: &Bytes<'_>) -> bool {
        let cell = split.cell(row, self.cell);
        let text = cell.map_or(&[][..], |cell| text.cell(cell));
        match &self.test {
            SkipTest::Blank => text.is_empty(),
            SkipTest::BlankLine => false,
            SkipTest::Is(words) => words.iter().any(|word| word.as_bytes() == text),
            SkipTest::StartsWith(words) => {
                words.iter().any(|word| text.starts_with(word.as_bytes()))
            }
            SkipTest::Like(_) => {
                let text = String::from_utf8_lossy(text);
                self.patterns.iter().any(|pattern| pattern.fits(&text))
            }
        }
    }
}
