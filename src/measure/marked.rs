//! Rows of a chunk whose cells do not count, by the expression that reads them.

use super::eval::Evaluator;
use crate::rel::{ExprId, Op};

impl Evaluator<'_> {
    /// Rows of the chunk at which a column that the expression reads was rejected; none if none was.
    pub(super) fn rejected(&self, id: ExprId) -> Option<Vec<bool>> {
        if self.rejected.iter().all(Vec::is_empty) {
            return None;
        }
        let mut marks = vec![false; self.rows];
        let mut any = false;
        self.shared.arena.walk(id, &mut |_, node| {
            let Op::Column(path) = &node.op else { return };
            let Some(column) = self.column(path.base()) else { return };
            for row in &self.rejected[column] {
                marks[*row as usize] = true;
                any = true;
            }
        });
        any.then_some(marks)
    }

    /// Rows at which an amount that the expression reads is in another currency; none if none is.
    pub(super) fn foreign(&self, id: ExprId) -> Option<Vec<bool>> {
        if self.foreign.is_empty() {
            return None;
        }
        let mut marks = vec![false; self.rows];
        for path in self.shared.arena.columns(id) {
            let column = self.column(path.base());
            let rows = self.foreign.iter().filter(|(at, _)| Some(*at) == column);
            rows.flat_map(|(_, rows)| rows).for_each(|row| marks[*row as usize] = true);
        }
        Some(marks)
    }
}
