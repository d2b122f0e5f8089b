//! What the numbers of each column add up to, so that a record that is their sum is known without a word.

use std::collections::VecDeque;

use super::number::Number;
use crate::data::look::Cell;

/// Columns that are added up.
const MOST: usize = 200;
/// Groups that are remembered.
const GROUPS: usize = 24;

/// Sums by column, in millionths.
#[derive(Debug, Default)]
pub(super) struct Sums {
    all: Sum,
    /// What `all` was where groups began, the last one last.
    begun: VecDeque<Sum>,
}

#[derive(Debug, Default, Clone)]
struct Sum {
    columns: Vec<i128>,
    rows: usize,
}

/// Rows from the beginning of a group to here.
struct Span<'a> {
    sums: &'a Sums,
    from: Option<&'a Sum>,
}

impl Span<'_> {
    fn rows(&self) -> usize {
        self.sums.all.rows - self.from.map_or(0, |from| from.rows)
    }

    fn sum(&self, at: usize) -> Option<i128> {
        let before = self.from.and_then(|from| from.columns.get(at)).copied().unwrap_or(0);
        self.sums.all.columns.get(at).map(|all| all.saturating_sub(before))
    }

    /// Whether a cell tells how many rows there are, or what they are on average, to the cent.
    fn counts(&self, at: usize, size: i128) -> bool {
        let rows = self.rows() as i128;
        let average = |sum: i128| size.saturating_mul(rows).abs_diff(sum) <= 5_000 * rows as u128;
        size == rows * 1_000_000 || rows > 1 && self.sum(at).is_some_and(average)
    }
}

impl Sums {
    pub(super) fn add(&mut self, cells: &[Cell<'_>]) {
        let width = cells.len().min(MOST);
        if self.all.columns.len() < width {
            self.all.columns.resize(width, 0);
        }
        for (all, cell) in self.all.columns.iter_mut().zip(cells) {
            *all = all.saturating_add(size(cell).unwrap_or(0));
        }
        self.all.rows += 1;
    }

    /// Begins another group.
    pub(super) fn group(&mut self) {
        if self.begun.back().map_or(0, |begun| begun.rows) == self.all.rows {
            return;
        }
        self.begun.push_back(self.all.clone());
        if self.begun.len() > GROUPS {
            self.begun.pop_front();
        }
    }

    /// The last group, it and those before it, and at last all rows.
    fn spans(&self) -> impl Iterator<Item = Span<'_>> {
        let from = self.begun.iter().rev().map(Some).chain([None]);
        from.map(|from| Span { sums: self, from }).filter(|span| span.rows() > 0)
    }

    /// Whether a number of a record, or each of them, adds up at least so many rows.
    pub(super) fn hold(&self, cells: &[Cell<'_>], each: bool, least: usize) -> bool {
        let numbers = || sizes(cells).filter(|(_, size)| *size != 0);
        let holds = |span: Span<'_>| {
            let is_sum = |(at, size)| span.sum(at) == Some(size);
            let any = numbers().any(is_sum);
            span.rows() >= least && any && (!each || numbers().all(is_sum))
        };
        self.spans().any(holds)
    }

    /// Whether the numbers of a record are how many rows a group has, or what they are on average.
    pub(super) fn count(&self, cells: &[Cell<'_>]) -> bool {
        let counts = |span: Span<'_>| sizes(cells).all(|(at, size)| span.counts(at, size));
        sizes(cells).next().is_some() && self.spans().any(counts)
    }

    /// Whether all that is filled adds up the group, or all rows.
    pub(super) fn are(&self, cells: &[Cell<'_>]) -> bool {
        let filled = || cells.iter().enumerate().filter(|(_, cell)| !cell.is_blank());
        let sum = |span: &Span<'_>| {
            filled().all(|(at, cell)| size(cell).is_some_and(|size| span.sum(at) == Some(size)))
        };
        let mut spans = self.spans();
        let group = spans.next();
        let all = spans.last().filter(|span| span.rows() > 1);
        filled().next().is_some() && group.into_iter().chain(all).any(|span| sum(&span))
    }
}

fn sizes(cells: &[Cell<'_>]) -> impl Iterator<Item = (usize, i128)> {
    cells.iter().enumerate().filter_map(|(at, cell)| Some((at, size(cell)?)))
}

/// A number in millionths; a mark that may be either is none of decimals here, and cannot make a sum fit by chance.
pub(super) fn size(cell: &Cell<'_>) -> Option<i128> {
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

    #[test]
    fn sums_of_several_groups_counts_and_averages_are_known() {
        let mut sums = Sums::default();
        for (name, size) in [("a", "100"), ("b", "201")] {
            sums.add(&cells(&[name, size]));
        }
        assert!(sums.hold(&cells(&["x", "301"]), true, 2));
        sums.group();
        assert!(sums.count(&cells(&["x", "2"])) && sums.count(&cells(&["x", "150.50"])));
        assert!(!sums.count(&cells(&["x", "3"])) && !sums.count(&cells(&["x", ""])));
        sums.add(&cells(&["c", "9"]));
        assert!(
            !sums.hold(&cells(&["x", "9"]), true, 2) && sums.hold(&cells(&["x", "9"]), true, 1)
        );
        sums.group();
        assert!(sums.hold(&cells(&["x", "310"]), true, 2), "both groups");
        assert!(
            !sums.hold(&cells(&["7", "310"]), true, 2)
                && sums.hold(&cells(&["7", "310"]), false, 2)
        );
    }
}
