//! Records that are no rows of the table: its header once more, what the feed says to skip, and what it does not keep.
//!
//! They are counted and told, never rejected: nothing is wrong with them.

use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use super::cell::undouble;
use super::dialect;
use super::made::{Cells, Made};
use super::moment::Clock;
use super::patterns::Pattern;
use super::sheet::EXACT;
use super::split::{Row, Split, Text, Trust};
use super::texts;
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

/// How many records were left out of a block, by reason.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// The header once more.
    pub headers: u32,
    /// By the feed's rules, in their order; empty where no record was.
    pub by_rule: Vec<u32>,
    /// By the feed's condition.
    pub by_filter: u32,
}

/// Why a record is not used as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    Header,
    /// The header in another order.
    Reordered,
    /// The feed's rule of this number.
    Rule(usize),
    Filter,
    /// Nobody can say whether it is kept: it is a row, and rejected.
    Undecided,
}

impl LeftOut {
    pub fn all(&self) -> u32 {
        self.headers + self.by_filter + self.by_rule.iter().sum::<u32>()
    }

    pub(super) fn count(&mut self, why: Why) {
        match why {
            Why::Header | Why::Reordered => self.headers += 1,
            Why::Rule(rule) => {
                self.by_rule.resize(self.by_rule.len().max(rule + 1), 0);
                self.by_rule[rule] += 1;
            }
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
        let (bytes, names) = (Bytes(text), Names::new(&self.headers));
        let filter = self.filter.as_deref();
        let clock = filter.map(|made| RefCell::new(Clock::new(made.zone.clone())));
        let why = |row: &Row| {
            if let Some(found) = names.as_ref().and_then(|names| names.found(split, row, &bytes)) {
                return Some(found);
            }
            if let Some(rule) = self.skips.iter().position(|skip| skip.holds(split, row, &bytes)) {
                return Some(Why::Rule(rule));
            }
            let (filter, clock) = (filter?, clock.as_ref()?);
            match filter.value(Cells { split, text, row }, clock) {
                Ok(value) if value.as_bool() == Some(true) => None,
                Ok(_) => Some(Why::Filter),
                Err(_) if matches!(row.trust, Trust::Whole | Trust::TooFew) => Some(Why::Undecided),
                // A row that is rejected anyway keeps its own reason.
                Err(_) => None,
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
            _ => gone.push(*at),
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

/// The header, to be met again.
struct Names<'a> {
    headers: &'a [String],
    /// Lengths (63 and more are one) and first bytes of them: most cells are none of them, and are told so quickly.
    lengths: u64,
    firsts: [u64; 4],
}

impl<'a> Names<'a> {
    /// None where there is no header to be met again.
    fn new(headers: &'a [String]) -> Option<Self> {
        if headers.is_empty() {
            return None;
        }
        let mut names = Self { headers, lengths: 0, firsts: [0; 4] };
        for header in headers {
            let first = header.bytes().next().unwrap_or_default();
            names.lengths |= 1 << header.len().min(63);
            names.firsts[usize::from(first) / 64] |= 1 << (first % 64);
        }
        Some(names)
    }

    /// Whether a row's cells are the names of the columns, in their order or in another.
    fn found(&self, split: &Split, row: &Row, text: &Bytes<'_>) -> Option<Why> {
        let cell = |at: usize| {
            let cell = u32::try_from(at).ok().and_then(|at| split.cell(row, at));
            cell.map_or(Cow::Borrowed(&[][..]), |cell| text.cell(cell))
        };
        let first = cell(0);
        let start = first.first().copied().unwrap_or_default();
        let may_be = self.lengths >> first.len().min(63) & 1 == 1
            && self.firsts[usize::from(start) / 64] >> (start % 64) & 1 == 1;
        if !may_be {
            return None;
        }
        let mut headers = self.headers.iter().enumerate();
        if headers.all(|(at, header)| *cell(at) == *header.as_bytes()) {
            return Some(Why::Header);
        }
        let mut names: Vec<&[u8]> = self.headers.iter().map(String::as_bytes).collect();
        if !names.contains(&&*first) {
            return None;
        }
        let cells: Vec<_> = (0..names.len().max(row.cells as usize)).map(cell).collect();
        let mut cells: Vec<&[u8]> = cells.iter().map(|cell| &**cell).collect();
        for list in [&mut names, &mut cells] {
            list.retain(|name| !name.is_empty());
            list.sort_unstable();
        }
        (names == cells).then_some(Why::Reordered)
    }
}

/// What a block's cells say.
pub(super) struct Bytes<'a>(pub(super) Text<'a>);

impl<'a> Bytes<'a> {
    /// A cell as a column of texts has it: without quotes, marks and the blanks around it, in NFC.
    #[inline]
    pub(super) fn cell(&self, cell: (usize, usize)) -> Cow<'a, [u8]> {
        let text = self.0;
        let Some((start, end)) = text.bare(cell) else {
            let mut whole = Vec::new();
            undouble(&text.bytes[cell.0 + 1..cell.1 - 1], text.bytes[cell.0], &mut whole);
            return said(&whole).into_owned().into();
        };
        match &text.bytes[start..end] {
            // Most cells say what they are.
            plain @ ([first, .., last] | [first @ last])
                if *first > b' ' && *last > b' ' && plain.is_ascii() =>
            {
                plain.into()
            }
            cell => said(cell),
        }
    }
}

/// What a cell says; what no column can read is compared as it is shown.
fn said(cell: &[u8]) -> Cow<'_, [u8]> {
    match texts::normal(cell) {
        Ok(Cow::Borrowed(text)) => text.as_bytes().into(),
        Ok(Cow::Owned(text)) => text.into_bytes().into(),
        Err(_) => cell.strip_prefix(&[EXACT]).unwrap_or(cell).trim_ascii().into(),
    }
}

impl Skip {
    pub(super) fn new(cell: u32, test: &SkipTest) -> Self {
        let patterns = match test {
            SkipTest::Like(patterns) => Pattern::all(patterns),
            _ => Vec::new(),
        };
        // Words as the cells are, but for the blank that a beginning may end with.
        let test = match test {
            SkipTest::Is(words) => SkipTest::Is(words.iter().map(|w| dialect::normal(w)).collect()),
            SkipTest::StartsWith(words) => {
                SkipTest::StartsWith(words.iter().map(|word| word.nfc().collect()).collect())
            }
            test => test.clone(),
        };
        Self { cell, test, patterns }
    }

    /// Whether a line without anything in it is meant.
    pub(super) fn is_blank_line(&self) -> bool {
        self.test == SkipTest::BlankLine
    }

    pub(super) fn holds(&self, split: &Split, row: &Row, text: &Bytes<'_>) -> bool {
        let cell = split.cell(row, self.cell);
        let text = cell.map_or(Cow::Borrowed(&[][..]), |cell| text.cell(cell));
        match &self.test {
            SkipTest::Blank => text.is_empty(),
            SkipTest::BlankLine => false,
            SkipTest::Is(words) => words.iter().any(|word| *word.as_bytes() == *text),
            SkipTest::StartsWith(words) => {
                words.iter().any(|word| text.starts_with(word.as_bytes()))
            }
            SkipTest::Like(_) => {
                let text = String::from_utf8_lossy(&text);
                self.patterns.iter().any(|pattern| pattern.fits(&text))
            }
        }
    }
}
