//! Which rows of a worksheet hold something, and which are hidden: by hand, or by a filter.

/// Rows that a sheet can have.
pub(super) const MOST_ROWS: u64 = 1 << 20;

/// Rows of a sheet, counted from 0, as bits.
#[derive(Debug, Clone, Default)]
pub(super) struct Bits(Vec<u64>);

/// The rows of a sheet that hold something, and those that are hidden.
#[derive(Debug, Clone, Default)]
pub(super) struct Rows {
    pub(super) filled: Bits,
    pub(super) hidden: Bits,
}

/// Hidden rows among the rows of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HiddenRows {
    pub hidden: u64,
    /// All rows of the table.
    pub of: u64,
    /// Row of the first, as a spreadsheet counts.
    pub first: u64,
}

impl Bits {
    pub(super) fn set(&mut self, row: u64) {
        let at = usize::try_from(row.min(MOST_ROWS) / 64).unwrap_or(0);
        if at >= self.0.len() {
            self.0.resize(at + 1, 0);
        }
        self.0[at] |= 1 << (row % 64);
    }

    fn has(&self, row: u64) -> bool {
        let word = usize::try_from(row / 64).ok().and_then(|at| self.0.get(at));
        word.is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    pub(super) fn from(&self, first: u64) -> impl Iterator<Item = u64> {
        (first..self.0.len() as u64 * 64).filter(|row| self.has(*row))
    }
}

impl Rows {
    /// Hidden rows below a header; none where there are none.
    pub(super) fn hidden_below(&self, header_row: u64) -> Option<HiddenRows> {
        let mut hidden = self.hidden.from(header_row).filter(|row| self.filled.has(*row));
        let first = hidden.next()? + 1;
        let of = self.filled.from(header_row).count() as u64;
        Some(HiddenRows { hidden: hidden.count() as u64 + 1, of, first })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_filled_rows_below_the_header_count() {
        let mut rows = Rows::default();
        [0, 1, 2, 5, 70].iter().for_each(|row| rows.filled.set(*row));
        [0, 2, 3, 70, 90].iter().for_each(|row| rows.hidden.set(*row));
        let found = HiddenRows { hidden: 2, of: 4, first: 3 };
        assert_eq!(rows.hidden_below(1), Some(found));
        assert_eq!(rows.hidden_below(71), None);
    }
}
