//! Expressions of a feed: over the columns of one row, as its file has them.

use std::sync::Arc;

use super::build::Build;
use super::feeds::Mapping;
use super::resolve::ColumnsOf;
use super::{ColumnSource, Feed, Formula, diags};
use crate::decode::Text;
use crate::domain::{Id, Type};
use crate::expr::{self, Origin, Scope};
use crate::rel::Arena;

impl Build<'_> {
    /// Types what a feed makes of its columns, and which rows it keeps.
    pub(super) fn formulas(
        &mut self,
        feed: &mut Feed,
        mappings: &mut [Mapping<'_>],
        filter: Option<Text>,
    ) {
        let made: Vec<Id> = mappings
            .iter()
            .filter(|m| m.expression.is_some() || m.source == Some(ColumnSource::Row))
            .map(|mapping| Id::new(Arc::clone(&mapping.name.text)))
            .collect();
        for mapping in mappings.iter_mut() {
            let Some(text) = mapping.expression.take() else { continue };
            let Some((formula, ty)) = self.formula(feed, &text, &made) else { continue };
            let column = self.catalog.datasets.get(&feed.dataset);
            let wanted = column.and_then(|d| d.column(&mapping.name.text)).map(|c| c.ty);
            let fits = |wanted: Type| {
                wanted == ty
                    || [wanted, ty].contains(&Type::Null)
                    || wanted.is_numeric() && ty.is_numeric()
            };
            match wanted.filter(|wanted| !fits(*wanted)) {
                Some(wanted) => {
                    self.sink.push(diags::formula_type(&mapping.name, &text, wanted, ty));
                }
                None => mapping.source = Some(ColumnSource::Made(formula)),
            }
        }
        if let Some(text) = filter {
            match self.formula(feed, &text, &made) {
                Some((_, ty)) if !matches!(ty, Type::Boolean | Type::Null) => {
                    self.sink.push(diags::not_true_or_false(&text, ty));
                }
                formula => feed.filter = formula.map(|(formula, _)| formula),
            }
        }
    }

    /// A formula and its type, unless something is wrong with it.
    fn formula(&mut self, feed: &Feed, text: &Text, made: &[Id]) -> Option<(Formula, Type)> {
        let source = self.sources.get(text.span.source);
        let range = text.span.start as usize..text.span.end as usize;
        let raw = source.and_then(|s| s.text.get(range)).unwrap_or_default();
        let origin = Origin { text: &text.text, span: text.span, raw };
        let columns = ColumnsOf(&self.catalog.datasets);
        let scope = Scope::Row { dataset: &feed.dataset, columns: &columns };
        let mut arena = Arena::default();
        let root = expr::parse(&origin, &scope, &mut arena, &mut self.sink)?;
        let dataset = self.catalog.datasets.get(&feed.dataset)?;
        for path in arena.columns(root) {
            let by_rule = dataset.column(path.base().as_str()).is_some_and(|c| c.by_rule.is_some());
            if path.is_lookup() || by_rule || made.contains(path.base()) {
                self.sink.push(diags::formula_reach(&path, text));
                return None;
            }
        }
        let ty = arena.get(root).ty;
        Some((Formula { arena: Arc::new(arena), root, text: Arc::clone(&text.text) }, ty))
    }
}
