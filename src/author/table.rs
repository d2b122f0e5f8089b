//! One table, every record of it: which are rows, which are none, and what the columns hold.

use std::collections::HashSet;

use super::column::Column;
use super::header::Header;
use super::number::Number;
use super::sums::Sums;
use super::words::words;
use crate::data::look::{Cell, Row};

/// Columns that are looked at.
const MOST_COLUMNS: usize = 2_000;
/// Rows that are compared with each other.
const MOST_COMPARED: usize = 2_000_000;
/// Letters of the longest unit; a longer text may be a row's own.
const LONGEST_UNIT: usize = 20;
/// Records without a row behind them that are kept.
const LONGEST_END: usize = 2_000;

/// Why a record is no row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NoRow {
    /// The header once more.
    Header,
    /// Units or descriptions of the columns, below their names.
    Units,
    /// It adds up others.
    Total,
    /// `# …`
    Comment,
    /// Hardly anything is filled.
    Note,
    /// Of another table that begins here, or began above.
    Table,
}

/// A record that is no row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Left {
    pub(super) row: u64,
    pub(super) why: NoRow,
    /// Its first filled cell, and which column that is.
    pub(super) text: String,
    pub(super) column: usize,
    /// Blank lines stand above it.
    pub(super) gap: bool,
    torn: bool,
    /// Its numbers are the sums of those above.
    adds: bool,
    /// The cell that says so, where it is not the first.
    pub(super) says: Option<(usize, String)>,
    /// What it holds: it may be a row after all. None of those of which there are very many.
    pub(super) cells: Vec<Cell<'static>>,
}

impl Left {
    /// Nothing but its place among the rows would say that it is none.
    fn may_be_row(&self) -> bool {
        let doubtful = self.why == NoRow::Note && !words().is_footer(&self.text)
            || self.why == NoRow::Total && !self.adds && !words().is_total(&self.text);
        doubtful && !self.gap
    }
}

/// What all records of a table show.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) columns: Vec<Column>,
    pub(super) rows: u64,
    /// Of the last row of data.
    pub(super) last_row: u64,
    /// Records among the rows that are none.
    pub(super) inside: Vec<Left>,
    /// Records behind the last row.
    pub(super) end: Vec<Left>,
    /// Rows with more cells than the header, with fewer, and with quotes that do not close.
    pub(super) wide: (u64, u64),
    pub(super) short: (u64, u64),
    pub(super) torn: (u64, u64),
    /// Blank lines between rows.
    pub(super) gaps: u64,
    /// Rows that stand there once more, cell by cell; none where there are too many rows to tell.
    pub(super) doubles: Option<u64>,
    /// Rows of which one or two cells are filled, though there are many columns.
    pub(super) thin: u64,
}

/// A pass over a table.
pub(super) struct Pass<'a> {
    header: &'a Header,
    table: Table,
    seen: HashSet<u64>,
    /// Rows that the columns have taken.
    taken: u64,
    before: u64,
    /// Another table has begun.
    beyond: bool,
    sheet: bool,
    sums: Sums,
}

impl<'a> Pass<'a> {
    pub(super) fn new(header: &'a Header, sheet: bool) -> Self {
        let table = Table { doubles: Some(0), ..Table::default() };
        let before = header.last_row();
        Self {
            header,
            table,
            seen: HashSet::new(),
            taken: 0,
            before,
            beyond: false,
            sheet,
            sums: Sums::default(),
        }
    }

    /// Looks at a record.
    pub(super) fn take(&mut self, row: &Row<'_>) {
        if row.row <= self.header.last_row() {
            return;
        }
        let gap = row.row > self.before + 1;
        let lines = row.row - self.before - 1;
        self.before = row.row;
        let width = row.width().min(MOST_COLUMNS);
        let cells: Vec<Cell<'_>> = (0..width).map(|at| row.cell(at)).collect();
        let filled = cells.iter().filter(|cell| !cell.is_blank()).count();
        let adds = self.adds(&cells, filled);
        if let Some((why, column)) = self.left(&cells, filled, gap, adds) {
            if self.table.end.len() < LONGEST_END {
                let text = cells[column].text().to_owned();
                let says = |cell: &Cell<'_>| {
                    words().is_bare_total(cell.text()) || words().is_count(cell.text())
                };
                let says = cells.iter().position(says);
                let says = says.map(|at| (at, cells[at].text().to_owned()));
                let (row, torn) = (row.row, row.torn);
                let cells = cells.into_iter().map(Cell::into_owned).collect();
                self.table.end.push(Left { row, why, text, column, gap, torn, adds, says, cells });
            }
            self.sums.group();
            return;
        }
        self.sums.add(&cells);
        self.among_rows();
        self.table.gaps += lines;
        self.row((row.row, row.torn), &cells);
    }

    pub(super) fn done(mut self) -> Table {
        // A thin record or two at the end are rows unless something stands there that is none.
        let end = &self.table.end;
        let few = end.len() <= 2 || self.table.rows == 0;
        if few && end.iter().all(|left| left.why == NoRow::Note && left.may_be_row()) {
            self.among_rows();
        }
        self.widen(self.header.names.len());
        self.table.columns.iter_mut().for_each(Column::settle);
        self.table
    }

    /// What was held back stands among rows.
    fn among_rows(&mut self) {
        for left in std::mem::take(&mut self.table.end) {
            if left.may_be_row() {
                self.row((left.row, left.torn), &left.cells);
            } else {
                let cells =
                    if self.table.inside.len() < LONGEST_END { left.cells } else { Vec::new() };
                self.table.inside.push(Left { cells, ..left });
            }
        }
        self.beyond = false;
    }

    /// Why a record may be no row.
    fn left(
        &mut self,
        cells: &[Cell<'_>],
        filled: usize,
        gap: bool,
        adds: bool,
    ) -> Option<(NoRow, usize)> {
        let column = cells.iter().position(|cell| !cell.is_blank())?;
        let text = cells[column].text();
        let usual = self.header.usual;
        let names = &self.header.names;
        let why = if self.is_header(cells) {
            NoRow::Header
        } else if let Some(column) = self.units(cells) {
            return Some((NoRow::Units, column));
        } else if filled == 1
            && names.len() > 1
            && text.starts_with(['#', '!'])
            && !matches!(cells[column], Cell::Exact(_))
        {
            NoRow::Comment
        } else if adds || is_total(cells, column, filled, usual, names.len()) {
            NoRow::Total
        } else if self.is_beyond(cells, filled, gap) {
            NoRow::Table
        } else if usual >= 3
            && (filled <= (usual / 4).max(1)
                || filled * 2 <= usual && (self.wrong(cells) > 0 || words().is_footer(text)))
        {
            NoRow::Note
        } else {
            return None;
        };
        Some((why, column))
    }

    /// Whether a record is the sum of those above: a thin one without a name, or one that says so and holds a sum.
    fn adds(&self, cells: &[Cell<'_>], filled: usize) -> bool {
        let named = self.header.first_column();
        let thin = filled * 3 <= self.header.usual
            && cells.get(named).is_none_or(Cell::is_blank)
            && self.sums.are(cells);
        if thin {
            return true;
        }
        let texts = || cells.iter().map(Cell::text).filter(|text| !text.is_empty());
        let few = filled < self.header.usual;
        let plain = texts().next().is_some_and(|text| words().is_total(text))
            || texts().any(|text| words().is_bare_total(text));
        if plain && self.sums.hold(cells, false, 2) {
            return true;
        }
        let behind = plain || texts().any(|text| words().total_behind(text).is_some());
        // A group of one row: its sum is the row's own number once more.
        let sums = || self.sums.hold(cells, !few, if few { 1 } else { 2 });
        behind && sums()
            || few && texts().any(|text| words().is_count(text)) && self.sums.count(cells)
    }

    fn is_header(&self, cells: &[Cell<'_>]) -> bool {
        let names = &self.header.names;
        let named = names.iter().filter(|name| !name.is_empty()).count();
        let same = |(at, name): (usize, &String)| cells.get(at).map_or("", Cell::text) == name;
        named > 1 && self.header.rows.len() == 1 && names.iter().enumerate().all(same)
    }

    /// Behind blank lines, a record that names columns where numbers should be begins another table.
    fn is_beyond(&mut self, cells: &[Cell<'_>], filled: usize, gap: bool) -> bool {
        if !self.beyond && !gap {
            return false;
        }
        let wrong = self.wrong(cells);
        let usual = self.header.usual;
        if self.beyond {
            let beside = cells.iter().skip(self.header.names.len()).any(|cell| !cell.is_blank());
            self.beyond = wrong > 0 || beside || filled * 5 < usual * 4;
        } else if gap && self.table.rows > 0 {
            let words = cells.iter().filter(|cell| !cell.is_blank() && !is_typed(cell)).count();
            self.beyond =
                filled >= 2 && words * 4 >= filled * 3 && (wrong > 0 || filled * 2 <= usual);
        }
        self.beyond
    }

    /// Texts where the rows at the top have numbers or dates.
    fn wrong(&self, cells: &[Cell<'_>]) -> usize {
        self.wrong_at(cells).count()
    }

    fn wrong_at(&self, cells: &[Cell<'_>]) -> impl Iterator<Item = usize> {
        let typed = self.header.typed.iter().zip(cells).enumerate();
        let wrong =
            |cell: &Cell<'_>| !cell.is_blank() && !is_typed(cell) && !words().is_null(cell.text());
        typed.filter(move |(_, (typed, cell))| **typed && wrong(cell)).map(|(at, _)| at)
    }

    /// Of the first record: short texts in several columns that hold numbers or dates below, and no number at all.
    fn units(&self, cells: &[Cell<'_>]) -> Option<usize> {
        let first = self.table.rows == 0 && self.table.end.is_empty();
        let says_more =
            |cell: &Cell<'_>| is_typed(cell) || cell.text().chars().count() > LONGEST_UNIT;
        if !first || cells.iter().any(says_more) || self.wrong(cells) < 2 {
            return None;
        }
        self.wrong_at(cells).next()
    }

    fn row(&mut self, (row, torn): (u64, bool), cells: &[Cell<'_>]) {
        let filled = cells.iter().filter(|cell| !cell.is_blank()).count();
        let names = self.header.names.len();
        let named =
            self.header.names.iter().rposition(|name| !name.is_empty()).map_or(names, |at| at + 1);
        let table = &mut self.table;
        let note = |count: &mut (u64, u64)| {
            *count = (count.0 + 1, if count.0 == 0 { row } else { count.1 });
        };
        table.rows += 1;
        table.last_row = row;
        table.thin += u64::from(self.header.usual >= 5 && filled <= 2);
        if torn {
            note(&mut table.torn);
            return;
        }
        let last = cells.iter().rposition(|cell| !cell.is_blank()).map_or(0, |at| at + 1);
        if last > names && !self.sheet {
            note(&mut table.wide);
        } else if cells.len() < named && !self.sheet {
            note(&mut table.short);
        }
        self.widen(names.max(last));
        let table = &mut self.table;
        for (at, column) in table.columns.iter_mut().enumerate() {
            column.take(cells.get(at).unwrap_or(&Cell::Blank));
        }
        self.taken += 1;
        self.compare(cells);
    }

    /// Makes columns up to a width; rows before had blanks there.
    fn widen(&mut self, width: usize) {
        let table = &mut self.table;
        while table.columns.len() < width.min(MOST_COLUMNS) {
            let mut column = Column::default();
            column.blanks(self.taken);
            table.columns.push(column);
        }
    }

    fn compare(&mut self, cells: &[Cell<'_>]) {
        let Some(doubles) = &mut self.table.doubles else { return };
        let hash = cells.iter().fold(0u64, |hash, cell| {
            let own = crate::data::look::hash(cell.text());
            (hash.rotate_left(5) ^ own).wrapping_mul(0x9E37_79B9_7F4A_7C15)
        });
        *doubles += u64::from(!self.seen.insert(hash));
        if self.seen.len() > MOST_COMPARED {
            self.table.doubles = None;
            self.seen = HashSet::new();
        }
    }
}

fn is_typed(cell: &Cell<'_>) -> bool {
    matches!(cell, Cell::Exact(_)) || super::column::is_typed(cell.text())
}

/// A record that adds up others: it says so, and everything else in it is a number.
fn is_total(cells: &[Cell<'_>], column: usize, filled: usize, usual: usize, width: usize) -> bool {
    let Cell::Text(text) = &cells[column] else {
        return blank_total(cells, column, filled, usual, width);
    };
    let others = || cells[column + 1..].iter().filter(|cell| !cell.is_blank());
    let is_number = |cell: &Cell<'_>| {
        matches!(cell, Cell::Exact(_))
            || Number::of(cell.text()).is_some()
            || words().is_null(cell.text())
            || words().is_total(cell.text())
    };
    if words().is_total(text) && others().all(is_number) {
        // `Total Wine` may be a name: without a sum it needs that nothing else stands there.
        let alone = filled == 1 && usual >= 3;
        return width > 1
            && (alone || words().is_plain_total(text))
            && (filled < usual || width <= 2 || words().is_bare_total(text));
    }
    blank_total(cells, column, filled, usual, width)
}

/// Numbers alone, where texts should begin the record.
fn blank_total(
    cells: &[Cell<'_>],
    column: usize,
    filled: usize,
    usual: usize,
    width: usize,
) -> bool {
    let number = |cell: &Cell<'_>| {
        let text = cell.text();
        matches!(cell, Cell::Exact(_)) && super::date::read(text).is_none()
            || Number::of(text).is_some()
            || super::date::is_time(text)
    };
    let all = cells.iter().filter(|cell| !cell.is_blank()).all(number);
    column >= 1
        && width >= 2
        && filled < usual
        && all
        && cells[..column].iter().all(Cell::is_blank)
        && filled + column >= usual.min(cells.len())
}
