//! Rows of a chunk whose cells do not count, by the expression that reads them.

use super::dictionaries::Dictionaries;
use super::eval::Evaluator;
use super::vector::Values;
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

    /// Rows where a filter is true, and marks where it is open whether it is.
    pub(super) fn filtered(
        &mut self,
        filter: Option<ExprId>,
        dictionaries: &dyn Dictionaries,
    ) -> (Vec<u32>, Option<Vec<bool>>) {
        let rows = 0..u32::try_from(self.rows).unwrap_or(u32::MAX);
        let Some(filter) = filter else { return (rows.collect(), None) };
        let vector = self.eval(filter, dictionaries);
        let Values::Bool(truths) = &vector.values else { return (Vec::new(), None) };
        let is_true = |row: &u32| truths[*row as usize] && vector.present[*row as usize];
        (rows.filter(is_true).collect(), self.doubtful(filter, dictionaries))
    }

    /// Rows at which a filter has no value, and could be true but for a cell that was rejected or a text that nothing
    /// declares.
    pub(super) fn doubtful(
        &mut self,
        filter: ExprId,
        dictionaries: &dyn Dictionaries,
    ) -> Option<Vec<bool>> {
        let rejected = self.rejected(filter);
        let marks = match (rejected, self.undeclared(filter, dictionaries)) {
            (Some(mut marks), Some(more)) => {
                marks.iter_mut().zip(more).for_each(|(mark, more)| *mark |= more);
                marks
            }
            (marks, more) => marks.or(more)?,
        };
        Some(self.open(filter, marks, dictionaries))
    }

    /// Rows at which a filter has no value because a text leads nowhere.
    pub(super) fn astray(
        &mut self,
        filter: ExprId,
        dictionaries: &dyn Dictionaries,
    ) -> Option<Vec<bool>> {
        let marks = self.undeclared(filter, dictionaries)?;
        Some(self.open(filter, marks, dictionaries))
    }

    /// Those of the marked rows at which a filter has no value.
    fn open(
        &mut self,
        filter: ExprId,
        mut marks: Vec<bool>,
        dictionaries: &dyn Dictionaries,
    ) -> Vec<bool> {
        let truths = self.eval(filter, dictionaries);
        marks.iter_mut().zip(&truths.present).for_each(|(mark, known)| *mark &= !known);
        marks
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
