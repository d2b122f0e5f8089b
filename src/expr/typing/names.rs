//! Names: columns, paths through references, metrics.

use std::ops::Range;

use super::{Typed, Typer};
use crate::domain::{Id, Type};
use crate::expr::ast::Word;
use crate::expr::diags;
use crate::expr::scope::{Columns, Metrics, Scope};
use crate::rel::{ColumnPath, Op};

impl Typer<'_, '_> {
    pub(super) fn name(&mut self, words: &[Word], at: &Range<usize>) -> Option<Typed> {
        match *self.scope {
            Scope::Row { dataset, columns } => self.path(dataset, columns, words, at),
            Scope::Aggregate { dataset, columns } => {
                let path = self.path(dataset, columns, words, at)?;
                if self.inside_aggregate {
                    return Some(path);
                }
                let name = words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(".");
                let place = self.origin.place(at);
                self.refuse(diags::column_outside_aggregate(place, &name))
            }
            Scope::Metric { metrics } => self.metric(metrics, words, at),
        }
    }

    fn metric(
        &mut self,
        metrics: &dyn Metrics,
        words: &[Word],
        at: &Range<usize>,
    ) -> Option<Typed> {
        let name = words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(".");
        match metrics.metric(&name) {
            Some(ty) => self.node(Op::Metric(Id::from(name)), &[], ty, true, at),
            None => {
                let place = self.origin.place(at);
                self.refuse(diags::unknown_metric(place, &name, &metrics.names()))
            }
        }
    }

    fn path(
        &mut self,
        dataset: &Id,
        columns: &dyn Columns,
        words: &[Word],
        at: &Range<usize>,
    ) -> Option<Typed> {
        let mut here = dataset.clone();
        let mut found: Option<(Type, bool)> = None;
        for (i, word) in words.iter().enumerate() {
            let Some(info) = columns.column(&here, &word.text) else {
                let place = self.origin.place(&word.at);
                let names = columns.names(&here);
                let (set, name) = (here.as_str(), word.text.as_str());
                return self.refuse(diags::unknown_column(place, set, name, &names, word.quoted));
            };
            // A look-up can miss, so what it gives can be null.
            found = Some((info.ty, info.nullable || i > 0));
            let Some(next) = words.get(i + 1) else { break };
            let Some(target) = info.references else {
                let place = self.origin.place(&next.at);
                let (set, name) = (here.as_str(), word.text.as_str());
                return self.refuse(diags::no_reference(place, set, name, &next.text));
            };
            here = target;
        }
        let (ty, nullable) = found?;
        let steps: Vec<Id> = words.iter().map(|w| Id::from(w.text.as_str())).collect();
        let column = steps.last().map(|last| (here, last.clone()));
        let op = Op::Column(ColumnPath { dataset: dataset.clone(), steps });
        let typed = self.node(op, &[], ty, nullable, at)?;
        Some(Typed { column, ..typed })
    }

    /// Refuses a literal that a closed column never holds.
    pub(super) fn check_value(&mut self, column: &Typed, literal: &Typed) -> Option<()> {
        let (Scope::Row { columns, .. } | Scope::Aggregate { columns, .. }) = *self.scope else {
            return Some(());
        };
        let Some((dataset, name)) = &column.column else { return Some(()) };
        let Some(text) = self.literal_text(literal) else { return Some(()) };
        let allowed = columns.one_of(dataset, name.as_str());
        if allowed.is_empty() || allowed.iter().any(|a| **a == *text) {
            return Some(());
        }
        let place = self.origin.place(&literal.at);
        self.refuse(diags::unknown_value(place, name.as_str(), &text, &allowed))
    }
}
