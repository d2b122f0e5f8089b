//! Records that are no rows of the table: its header once more, and what the feed says to skip.
//!
//! They are counted and told, never rejected: nothing is wrong with them.

use super::layout::Inner;
use super::split::{Row, Split, Text};
use crate::catalog::SkipTest;

/// A test of one cell.
#[derive(Debug, Clone)]
pub(super) struct Skip {
    /// Column of the file, counted from 0.
    pub(super) cell: u32,
    pub(super) test: SkipTest,
}

/// How many records were left out of a block, by reason.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// The header once more.
    pub headers: u32,
    /// By the feed's rules, in their order; empty where no record was.
    pub by_rule: Vec<u32>,
}

impl LeftOut {
    pub fn all(&self) -> u32 {
        self.headers + self.by_rule.iter().sum::<u32>()
    }
}

/// Why a row is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    Header,
    Reordered,
    /// The feed's rule of this number.
    Rule(usize),
}

/// The rows of a block that are none, ascending.
pub(super) fn no_rows(split: &Split, text: &Bytes<'_>, inner: &Inner) -> Vec<(usize, Why)> {
    let names = Names::new(inner);
    if names.is_none() && inner.skips.is_empty() {
        return Vec::new();
    }
    let why = |row: &Row| {
        if let Some(found) = names.as_ref().and_then(|names| names.found(split, row, text)) {
            return Some(found);
        }
        let meant = |skip: &Skip| {
            let cell = split.cell(row, skip.cell);
            skip.test.holds(cell.map_or(&[], |cell| text.cell(cell)))
        };
        inner.skips.iter().position(meant).map(Why::Rule)
    };
    split.rows.iter().enumerate().filter_map(|(at, row)| Some((at, why(row)?))).collect()
}

/// Takes them out; they count as lines that are skipped, so that places stay true.
pub(super) fn take_out(split: &mut Split, gone: &[(usize, Why)]) -> LeftOut {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let mut left = LeftOut::default();
    if gone.is_empty() {
        return left;
    }
    for (_, why) in gone {
        match why {
            Why::Header | Why::Reordered => left.headers += 1,
            Why::Rule(rule) => {
                left.by_rule.resize(left.by_rule.len().max(rule + 1), 0);
                left.by_rule[*rule] += 1;
            }
        }
    }
    let before = |row: usize| number(gone.partition_point(|(at, _)| *at < row));
    for skipped in &mut split.skipped {
        *skipped -= before(*skipped as usize);
    }
    split.skipped.extend(gone.iter().map(|(at, _)| number(*at) - before(*at)));
    split.skipped.sort_unstable();
    let mut at = 0;
    split.rows.retain(|_| {
        at += 1;
        gone.binary_search_by_key(&(at - 1), |(row, _)| *row).is_err()
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
    /// None where there is no header, or one that may stand in its own table: a single name.
    fn new(inner: &'a Inner) -> Option<Self> {
        let named = inner.headers.iter().filter(|header| !header.is_empty()).count();
        if inner.header_row == 0 || named < 2 {
            return None;
        }
        let mut names = Self { headers: &inner.headers, lengths: 0, firsts: [0; 4] };
        for header in &inner.headers {
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
            cell.map_or(&[][..], |cell| text.cell(cell))
        };
        let first = cell(0);
        let start = first.first().copied().unwrap_or_default();
        let may_be = self.lengths >> first.len().min(63) & 1 == 1
            && self.firsts[usize::from(start) / 64] >> (start % 64) & 1 == 1;
        if !may_be {
            return None;
        }
        let mut headers = self.headers.iter().enumerate();
        if headers.all(|(at, header)| cell(at) == header.as_bytes()) {
            return Some(Why::Header);
        }
        let mut names: Vec<&[u8]> = self.headers.iter().map(String::as_bytes).collect();
        if !names.contains(&first) {
            return None;
        }
        let mut cells: Vec<&[u8]> = (0..names.len().max(row.cells as usize)).map(cell).collect();
        for list in [&mut names, &mut cells] {
            list.retain(|name| !name.is_empty());
            list.sort_unstable();
        }
        (names == cells).then_some(Why::Reordered)
    }
}

/// The bytes of a block's cells.
pub(super) struct Bytes<'a>(pub(super) Text<'a>);

impl<'a> Bytes<'a> {
    /// A cell without its quotes and the blanks around it. Quotes that are doubled inside stay doubled.
    fn cell(&self, cell: (usize, usize)) -> &'a [u8] {
        let text = self.0;
        let quoted = |(start, end): (usize, usize)| (start + 1, end - 1);
        let (start, end) = text.bare(cell).unwrap_or_else(|| quoted(cell));
        text.bytes[start..end].trim_ascii()
    }
}

impl SkipTest {
    fn holds(&self, text: &[u8]) -> bool {
        match self {
            Self::Blank => text.is_empty(),
            Self::Is(words) => words.iter().any(|word| word.as_bytes() == text),
            Self::StartsWith(words) => words.iter().any(|word| text.starts_with(word.as_bytes())),
        }
    }
}
