//! What a kind may ask of the catalog while it reads a rule.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::metrics::Head;
use super::{Dataset, build, diags};
use crate::config::WrittenConfig;
use crate::decode::Text;
use crate::diag::Diagnostic;
use crate::domain::{Hours, Id, Type, Unit};
use crate::expr::{self, ColumnInfo, Columns, Metrics, Origin, Scope};
use crate::kinds::Context;
use crate::rel::{Arena, ColumnPath, ExprId, Node, Op};
use crate::text::Sources;

/// Answers one rule's questions.
pub(super) struct Resolver<'a> {
    pub(super) sources: &'a Sources,
    pub(super) written: &'a WrittenConfig,
    pub(super) datasets: &'a BTreeMap<Id, Dataset>,
    pub(super) heads: &'a BTreeMap<Id, Head>,
    pub(super) arena: &'a mut Arena,
    pub(super) sink: &'a mut Vec<Diagnostic>,
    pub(super) hours: Option<&'a Arc<Hours>>,
    /// Names the rule in messages.
    pub(super) what: String,
}

pub(super) struct ColumnsOf<'a>(pub(super) &'a BTreeMap<Id, Dataset>);

impl Columns for ColumnsOf<'_> {
    fn column(&self, dataset: &Id, name: &str) -> Option<ColumnInfo> {
        let column = self.0.get(dataset)?.column(name)?;
        let (ty, references) = (column.ty, column.references.clone());
        Some(ColumnInfo { ty, references, nullable: !column.key })
    }

    fn names(&self, dataset: &Id) -> Vec<String> {
        let columns = self.0.get(dataset).map(|d| &d.columns[..]).unwrap_or_default();
        columns.iter().map(|c| c.id.to_string()).collect()
    }

    fn one_of(&self, dataset: &Id, name: &str) -> Vec<String> {
        let column = self.0.get(dataset).and_then(|d| d.column(name));
        column.map(|c| c.one_of.clone()).unwrap_or_default()
    }
}

struct MetricsOf<'a> {
    heads: &'a BTreeMap<Id, Head>,
    written: &'a WrittenConfig,
}

impl Metrics for MetricsOf<'_> {
    fn metric(&self, name: &str) -> Option<Type> {
        // What an overlay took out is named by a diagnostic of its own, after typing.
        let disabled = || self.written.disabled("metric", name).map(|_| Type::Null);
        self.heads.get(name).map(Head::ty).or_else(disabled)
    }

    fn names(&self) -> Vec<String> {
        self.heads.keys().map(ToString::to_string).collect()
    }
}

impl Resolver<'_> {
    fn parse(&mut self, text: &Text, scope: &Scope<'_>) -> Option<ExprId> {
        let source = self.sources.get(text.span.source);
        let range = text.span.start as usize..text.span.end as usize;
        let raw = source.and_then(|s| s.text.get(range)).unwrap_or_default();
        let origin = Origin { text: &text.text, span: text.span, raw };
        expr::parse(&origin, scope, self.arena, self.sink)
    }

    fn find(&mut self, table: &'static str, name: &Text) -> Option<Id> {
        build::find(self.written, self.sink, table, name, &self.what)
    }

    /// Puts the metric itself where an alias stands, so that it is computed once.
    fn without_aliases(&mut self, id: ExprId) -> ExprId {
        let heads = self.heads;
        let mut replace = |arena: &mut Arena, id: ExprId| {
            let node = arena.get(id);
            let Op::Metric(metric) = &node.op else { return None };
            let target = heads.get(metric)?.alias_of.clone()?;
            let node = Node { op: Op::Metric(target), ..node.clone() };
            Some(arena.add(node))
        };
        self.arena.rewrite(id, &mut replace)
    }
}

impl Context for Resolver<'_> {
    fn dataset(&mut self, name: &Text) -> Option<Id> {
        self.find("dataset", name)
    }

    fn dataset_words(&self, id: &Id) -> String {
        self.datasets.get(id).map(|d| d.title.to_lowercase()).unwrap_or_default()
    }

    fn column(&mut self, dataset: &Id, path: &Text) -> Option<(ExprId, ColumnPath, Type)> {
        let id = self.row(dataset, path)?;
        let node = self.arena.get(id);
        if let Op::Column(column) = &node.op {
            return Some((id, column.clone(), node.ty));
        }
        self.sink.push(diags::not_a_column(path));
        None
    }

    fn row(&mut self, dataset: &Id, text: &Text) -> Option<ExprId> {
        let datasets = self.datasets;
        self.parse(text, &Scope::Row { dataset, columns: &ColumnsOf(datasets) })
    }

    fn condition(&mut self, dataset: &Id, text: &Text) -> Option<ExprId> {
        let id = self.row(dataset, text)?;
        let ty = self.arena.get(id).ty;
        if !matches!(ty, Type::Boolean | Type::Null) {
            self.sink.push(diags::not_true_or_false(text, ty));
            return None;
        }
        Some(id)
    }

    fn aggregate(&mut self, dataset: &Id, text: &Text) -> Option<ExprId> {
        let datasets = self.datasets;
        self.parse(text, &Scope::Aggregate { dataset, columns: &ColumnsOf(datasets) })
    }

    fn metrics(&mut self, text: &Text) -> Option<ExprId> {
        let metrics = MetricsOf { heads: self.heads, written: self.written };
        let id = self.parse(text, &Scope::Metric { metrics: &metrics })?;
        for metric in self.arena.metrics(id) {
            if let Some(span) = self.written.disabled("metric", metric.as_str()) {
                let name = Text { text: metric.text(), span: text.span };
                self.sink.push(diags::disabled_is_needed("metric", &name, &self.what, span));
                return None;
            }
        }
        Some(self.without_aliases(id))
    }

    fn metric(&mut self, name: &Text) -> Option<(Id, Unit)> {
        let id = self.find("metric", name)?;
        let head = self.heads.get(&id)?;
        let unit = head.unit.clone()?;
        Some((head.alias_of.clone().unwrap_or(id), unit))
    }

    fn dimension(&mut self, name: &Text) -> Option<Id> {
        self.find("dimension", name)
    }

    fn hours(&self) -> Option<Arc<Hours>> {
        self.hours.map(Arc::clone)
    }

    fn arena(&mut self) -> &mut Arena {
        self.arena
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.sink.push(diagnostic);
    }
}
