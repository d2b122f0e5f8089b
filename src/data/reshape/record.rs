//! The cells of one record of a file, some of them from above it.

use std::borrow::Cow;
use std::ops::Deref;
use std::sync::Arc;

use super::narrow;
use super::origins::Origin;
use crate::data::made::Cells;
use crate::data::split::Trust;

/// A record that can be read, as far as it goes.
pub(super) struct Record<'a> {
    cells: Vec<Cell<'a>>,
    width: u32,
}

enum Cell<'a> {
    Own(Cow<'a, [u8]>),
    /// Shared by all records below it: a long text above many is held once.
    Above(Arc<[u8]>),
}

impl Deref for Cell<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Own(cell) => cell,
            Self::Above(cell) => cell,
        }
    }
}

impl<'a> Record<'a> {
    /// Of as many columns; none where the row's cells cannot be told apart.
    pub(super) fn of(cells: Cells<'a>, width: u32) -> Option<Self> {
        let there = match cells.row.trust {
            Trust::TooFew => cells.row.cells.min(width),
            _ => width,
        };
        let read = |at| cells.get(at).map(|cell| Cell::Own(cell.unwrap_or_default()));
        let cells = (0..there).map(read).collect::<Result<_, _>>().ok()?;
        Some(Self { cells, width })
    }

    /// Whether cells lack.
    pub(super) fn is_short(&self) -> bool {
        self.cells.len() < self.width as usize
    }

    /// A cell, counted from 0; none where it lacks.
    pub(super) fn get(&self, at: u32) -> Option<&[u8]> {
        self.cells.get(at as usize).map(|cell| &**cell)
    }

    pub(super) fn cells(&self) -> impl Iterator<Item = &[u8]> {
        self.cells.iter().map(|cell| &**cell)
    }

    /// The cells, to be kept.
    pub(super) fn shared(&self) -> Vec<Arc<[u8]>> {
        let share = |cell: &Cell<'_>| match cell {
            Cell::Own(cell) => Arc::from(&**cell),
            Cell::Above(cell) => Arc::clone(cell),
        };
        self.cells.iter().map(share).collect()
    }

    pub(super) fn fill(&mut self, at: u32, above: &Arc<[u8]>) {
        if let Some(cell) = self.cells.get_mut(at as usize) {
            *cell = Cell::Above(Arc::clone(above));
        }
    }

    /// Where what is made of it comes from.
    pub(super) fn origin(&self, row: u32, column: u32, lacks: bool) -> Origin {
        let trust = if lacks { Trust::TooFew } else { Trust::Whole };
        Origin { row, column, trust, there: narrow(self.cells.len()) }
    }
}
