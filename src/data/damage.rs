//! What a block shows of damage to its file: quotes that swallow rows, an end that was cut off, columns in another
//! order.
//!
//! None of it breaks a rule of the format, so nothing else would tell.

use super::cut::Block;
use super::leave::Why;
use super::split::{Form, Row, Split, Text, Trust};

/// Damage to a file or to one block of it; rows as a spreadsheet counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Damage {
    pub swallowed: Option<Swallowed>,
    /// The last record, where no line end stands behind it and cells lack.
    pub cut_off: Option<u64>,
    /// The first row that is the header in another order.
    pub reordered: Option<u64>,
}

/// Cells that hold lines that look like rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Swallowed {
    /// Of the first such cell.
    pub row: u64,
    pub column: u32,
    pub lines: u64,
    /// How many such cells there are, and the lines in all of them.
    pub cells: u64,
    pub lines_of_all: u64,
}

impl Damage {
    /// Takes in what another block of the file shows.
    pub fn merge(&mut self, other: &Self) {
        let least = |a: Option<u64>, b: Option<u64>| a.into_iter().chain(b).min();
        self.cut_off = least(self.cut_off, other.cut_off);
        self.reordered = least(self.reordered, other.reordered);
        self.swallowed = match (self.swallowed, other.swallowed) {
            (Some(a), Some(b)) => {
                let first = if (a.row, a.column) <= (b.row, b.column) { a } else { b };
                let (cells, lines_of_all) = (a.cells + b.cells, a.lines_of_all + b.lines_of_all);
                Some(Swallowed { cells, lines_of_all, ..first })
            }
            (a, b) => a.or(b),
        };
    }

    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// Looks at a block that was split, before rows that are none are taken out.
pub(super) fn look(
    split: &Split,
    block: &Block,
    text: Text<'_>,
    form: Form,
    gone: &[(usize, Why)],
) -> Damage {
    let place = |at: usize| block.first_row + (at + split.skipped_before(at)) as u64;
    let reordered = gone.iter().find(|(_, why)| *why == Why::Reordered).map(|(at, _)| place(*at));
    let open = block.bytes().last().is_some_and(|byte| *byte != form.dialect.terminator);
    // A line of blanks behind the last row has no end of its own to lack.
    let behind = split.skipped.last().is_some_and(|before| *before as usize == split.rows.len());
    let open = open && !behind;
    let last = split.rows.last().filter(|row| open && row.trust == Trust::TooFew);
    let mut damage =
        Damage { swallowed: None, cut_off: last.map(|_| place(split.rows.len() - 1)), reordered };
    // Prose of two lines with a comma in each is no sign: a table has to have a form.
    if !block.multiline || form.most == u32::MAX || form.most < 3 {
        return damage;
    }
    for (at, row) in split.rows.iter().enumerate() {
        for (index, lines) in swallowing(split, row, text, form) {
            let (row, column) = (place(at), index + 1);
            let one = Swallowed { row, column, lines, cells: 1, lines_of_all: lines };
            damage.merge(&Damage { swallowed: Some(one), ..Damage::default() });
        }
    }
    damage
}

/// Cells of a row that hold lines with as many cells as a row has, and how many such lines.
fn swallowing(split: &Split, row: &Row, text: Text<'_>, form: Form) -> Vec<(u32, u64)> {
    let (first, last) = (split.cell(row, 0), split.cell(row, row.cells.saturating_sub(1)));
    let (Some((start, _)), Some((_, end))) = (first, last) else { return Vec::new() };
    let terminator = form.dialect.terminator;
    if memchr::memchr(terminator, &text.bytes[start..end]).is_none() {
        return Vec::new();
    }
    let lines = |index: u32| {
        let (start, end) = split.cell(row, index)?;
        let mut lines = text.bytes[start..end].split(|byte| *byte == terminator);
        // What stands before the first line end and behind the last one is only a part of a line.
        lines.next();
        lines.next_back();
        let (mut whole, mut like) = (0, 0);
        for line in lines {
            let cells = 1 + memchr::memchr_iter(form.dialect.delimiter, line).count();
            whole += 1;
            like += u64::from((form.least as usize..=form.most as usize).contains(&cells));
        }
        (like >= 2 && like * 2 >= whole).then_some((index, like))
    };
    (0..row.cells).filter_map(lines).collect()
}
