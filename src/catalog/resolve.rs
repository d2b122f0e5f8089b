//! What a kind may ask of the catalog while it reads a rule.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::metrics::Head;
use super::{Column, Dataset, build, diags};
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

    /// A typed row expression in which columns made by rules still stand as columns.
    pub(super) fn as_written(&mut self, dataset: &Id, text: &Text) -> Option<ExprId> {
        let datasets = self.datasets;
        self.parse(text, &Scope::Row { dataset, columns: &ColumnsOf(datasets) })
    }

    /// Puts what makes them where columns made by rules stand.
    pub(super) fn made(&mut self, id: ExprId) -> ExprId {
        let datasets = self.datasets;
        let mut replace = |arena: &mut Arena, id: ExprId| {
            let Op::Column(path) = &arena.get(id).op else { return None };
            let path = path.clone();
            let column = last_column(datasets, &path)?;
            let made = column.by_rule.as_ref()?.made?;
            let before = &path.steps[..path.steps.len() - 1];
            Some(arena.rewrite(made, &mut |arena, id| {
                let node = arena.get(id);
                let Op::Column(inner) = &node.op else { return None };
                let steps = before.iter().chain(&inner.steps).cloned().collect();
                let op = Op::Column(ColumnPath { dataset: path.dataset.clone(), steps });
                let node = Node { op, ..node.clone() };
                Some(arena.add(node))
            }))
        };
        self.arena.rewrite(id, &mut replace)
    }

    /// The first column made by rules that an expression reads.
    pub(super) fn ruled(&self, id: ExprId) -> Option<ColumnPath> {
        let ruled = |path: &ColumnPath| {
            last_column(self.datasets, path).is_some_and(|column| column.by_rule.is_some())
        };
        self.arena.columns(id).into_iter().find(ruled)
    }

    /// The config dataset whose rows an expression names: what the first of its columns that references one does.
    pub(super) fn members(&self, id: ExprId) -> Option<Id> {
        let config = |id: &Id| self.datasets.get(id).is_some_and(|d| d.config);
        self.arena.columns(id).iter().find_map(|path| {
            let column = last_column(self.datasets, path)?;
            let ruled = column.by_rule.as_ref().map(|rule| &rule.dataset);
            ruled.or(column.references.as_ref()).filter(|id| config(id)).cloned()
        })
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

/// The column at a path's end.
fn last_column<'a>(datasets: &'a BTreeMap<Id, Dataset>, path: &ColumnPath) -> Option<&'a Column> {
    let (last, before) = path.steps.split_last()?;
    let mut dataset = datasets.get(&path.dataset)?;
    for step in before {
        dataset = datasets.get(dataset.column(step.as_str())?.references.as_ref()?)?;
    }
    dataset.column(last.as_str())
}

impl Context for Resolver<'_> {
    fn dataset(&mut self, name: &Text) -> Option<Id> {
        self.find("dataset", name)
    }

    fn dataset_words(&self, id: &Id) -> String {
        self.datasets.get(id).map(|d| d.title.to_lowercase()).unwrap_or_default()
    }

    fn column(&mut self, dataset: &Id, path: &Text) -> Option<(ExprId, ColumnPath, Type)> {
        let written = self.as_written(dataset, path)?;
        let node = self.arena.get(written).clone();
        if let Op::Column(column) = node.op {
            return Some((self.made(written), column, node.ty));
        }
        self.sink.push(diags::not_a_column(path));
        None
    }

    fn referenced(&mut self, dataset: &Id, column: &Text) -> Option<Id> {
        let known = self.datasets.get(dataset)?;
        let config = |id: &&Id| self.datasets.get(*id).is_some_and(|d| d.config);
        let target = |c: &&Column| c.references.as_ref().filter(config).is_some();
        let found = known.columns.iter().filter(target).find(|c| *c.id.as_str() == *column.text);
        if found.is_none() {
            let names = known.columns.iter().filter(target).map(|c| c.id.as_str());
            self.sink.push(diags::names_no_config_row(dataset, column, names));
        }
        found.and_then(|column| column.references.clone())
    }

    fn check(&mut self, name: &Text) -> Option<Id> {
        self.find("check", name)
    }

    fn row(&mut self, dataset: &Id, text: &Text) -> Option<ExprId> {
        let written = self.as_written(dataset, text)?;
        Some(self.made(written))
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
        let id = self.parse(text, &Scope::Aggregate { dataset, columns: &ColumnsOf(datasets) })?;
        Some(self.made(id))
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
