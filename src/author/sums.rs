//! What the numbers of each column add up to, so that a record that is their sum is known without a word.

use super::number::Number;
use crate::data::look::Cell;

/// Columns that are added up.
const MOST: usize = 200;

/// Sums by column, in millionths: of the rows since the last record that is none, and of all.
#[derive(Debug, Default)]
pub(super) struct Sums {
    group: Vec<i128>,
    all: Vec<i128>,
    /// Rows of the group, and all.
    rows: (usize, usize),
}

impl Sums {
    pub(super) fn add(&mut self, cells: &[Cell<'_>]) {
        let width = cells.len().min(MOST);
        if self.all.len() < width {
            self.all.resize(width, 0);
            self.group.resize(width, 0);
        }
        let sums = self.group.iter_mut().zip(&mut self.all);
        for ((group, all), cell) in sums.zip(cells) {
            let size = size(cell).unwrap_or(0);
            *group = group.saturating_add(size);
            *all = all.saturating_add(size);
        }
        self.rows = (self.rows.0 + 1, self.rows.1 + 1);
    }

    /// Begins another group.
    pub(super) fn group(&mut self) {
        self.group.fill(0);
        self.rows.0 = 0;
    }

    /// Whether all that is filled adds up the group, or all rows.
    pub(super) fn are(&self, cells: &[Cell<'_>]) -> bool {
        let are = |sums: &[i128]| {
            let mut filled =
                cells.iter().enumerate().filter(|(_, cell)| !cell.is_blank()).peekable();
            filled.peek().is_some()
                && filled
                    .all(|(at, cell)| size(cell).is_some_and(|size| sums.get(at) == Some(&size)))
        };
        self.rows.0 > 0 && are(&self.group) || self.rows.1 > 1 && are(&self.all)
    }
}

/// A number in millionths; a mark that may be either is none of decimals here, and cannot make a sum fit by chance.
fn size(cell: &Cell<'_>) -> Option<i128> {
    let number = Number::of(cell.text())?;
    number.size(number.marks.decimal.unwrap_or('\0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells<'a>(texts: &[&'a str]) -> Vec<Cell<'a>> {
        let cell =
            |text: &&'a str| if text.is_empty() { Cell::Blank } else { Cell::Text((*text).into()) };
        texts.iter().map(cell).collect()
    }

    #[test]
    fn a_sum_of_the_group_and_of_all_is_told_from_a_number() {
        let mut sums = Sums::default();
        sums.add(&cells(&["a", "1,200.50"]));
        sums.add(&cells(&["b", "2.25"]));
        assert!(sums.are(&cells(&["", "1,202.75"])));
        assert!(!sums.are(&cells(&["", "1,202.7"])) && !sums.are(&cells(&["", ""])));
        sums.group();
        sums.add(&cells(&["c", "3"]));
        assert!(sums.are(&cells(&["", "$3.00"])) && sums.are(&cells(&["", "1205.75"])));
        assert!(!sums.are(&cells(&["c", "3"])));
    }
}
