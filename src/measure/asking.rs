//! Which rows some value counts by a column that is made of another.

use std::collections::BTreeMap;

use super::eval::Shared;
use super::worker::ScopeRows;
use crate::plan::Scan;
use crate::rel::{Conversion, ExprId};

/// By column that is made of another: the scopes that read it.
pub(super) struct Asking(BTreeMap<usize, Vec<usize>>);

impl Asking {
    pub(super) fn new(scan: &Scan, shared: &Shared<'_>) -> Self {
        let made = scan.columns.iter().enumerate().filter(|(_, id)| Conversion::of(id).is_some());
        let scopes = made.map(|(at, id)| {
            let reads =
                |expr: &ExprId| shared.arena.columns(*expr).iter().any(|path| path.base() == id);
            let mine = (0..scan.scopes.len()).filter(|s| scan.scopes[*s].columns.iter().any(reads));
            (at, mine.collect())
        });
        Self(scopes.collect())
    }

    /// Of a chunk, the rows in one of these scopes; none of a column that is read.
    pub(super) fn rows(
        &self,
        column: usize,
        scopes: &[ScopeRows],
        rows: usize,
    ) -> Option<Vec<bool>> {
        let mut asked = vec![false; rows];
        let mine = self.0.get(&column)?.iter().flat_map(|scope| scopes[*scope].in_scope.iter());
        mine.for_each(|row| asked[*row as usize] = true);
        Some(asked)
    }
}
