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

/// How many records were left out of a block.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// The header once more.
    pub headers: u32,
    /// By the feed's rules.
    pub by_rule: u32,
}

impl LeftOut {
    pub fn all(self) -> u32 {
        self.headers + self.by_rule
    }
}

/// The rows of a block that are none, ascending, and of each whether it is the header once more.
pub(super) fn no_rows(split: &Split, text: &Bytes<'_>, inner: &Inner) -> Vec<(usize, bool)> {
    // A table of one column may hold its own name.
    let named = inner.headers.iter().filter(|header| !header.is_empty()).count();
    let headers = inner.header_row > 0 && named > 1;
    if !headers && inner.skips.is_empty() {
        return Vec::new();
    }
    let why = |row: &Row| {
        if headers && is_header(split, row, text, &inner.headers) {
            return Some(true);
        }
        let meant = |skip: &Skip| {
            let cell = split.cell(row, skip.cell);
            skip.test.holds(cell.map_or(&[], |cell| text.cell(cell)))
        };
        inner.skips.iter().any(meant).then_some(false)
    };
    split.rows.iter().enumerate().filter_map(|(at, row)| Some((at, why(row)?))).collect()
}

/// Takes them out; they count as lines that are skipped, so that places stay true.
pub(super) fn take_out(split: &mut Split, gone: &[(usize, bool)]) -> LeftOut {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let headers = number(gone.iter().filter(|(_, header)| *header).count());
    let left = LeftOut { headers, by_rule: number(gone.len()) - headers };
    if gone.is_empty() {
        return left;
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
