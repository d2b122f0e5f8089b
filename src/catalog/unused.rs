//! Declarations of a project that nothing uses: warnings. With a mistake anywhere there are none, for what it
//! names may be what would use them.

use std::collections::BTreeSet;

use super::{Body, build::Build, diags};
use crate::diag::Diagnostic;
use crate::domain::Id;
use crate::kinds::{CheckSource, PlanAsk};
use crate::rel::{Arena, ExprId, Op, Rel, When};
use crate::text::Place;

impl Build<'_> {
    /// Notes what speaks of nothing, and gives what nothing uses.
    pub(super) fn unused(&mut self) -> Vec<Diagnostic> {
        // What is broken may be what would have used it.
        if self.sink.iter().any(Diagnostic::is_error) {
            return Vec::new();
        }
        let dimensions = self.unused_dimensions();
        let metrics = self.unused_metrics();
        let feeds = self.unread_feeds();
        let held = self.held_checks();
        let loose = |check: &Id| !held.contains(check);
        let answers = self.catalog.answers.iter().filter(|a| loose(&a.check));
        let answers = answers.map(|a| diags::speaks_of_no_element("answer", &a.check, &a.place));
        let waivers = self.catalog.waivers.iter().filter(|w| loose(&w.check));
        let waivers = waivers.map(|w| diags::speaks_of_no_element("waiver", &w.check, &w.place));
        let found: Vec<_> = answers.chain(waivers).collect();
        self.sink.extend(found);
        let dimensions = dimensions.iter().map(|(id, p)| diags::unused_dimension(id, p));
        let metrics = metrics.iter().map(|(id, p)| diags::unused_metric(id, p));
        let feeds = feeds.iter().map(|(id, d, p)| diags::unread_feed(id, d, p));
        dimensions.chain(metrics).chain(feeds).collect()
    }

    fn held_checks(&self) -> BTreeSet<Id> {
        let elements = self.catalog.frameworks.values().flat_map(|f| &f.elements);
        let asked = elements.flat_map(|e| &e.checks).map(|(check, _)| check);
        let of_data = self.catalog.checks.values().filter(|check| check.contradiction);
        asked.chain(of_data.map(|check| &check.id)).cloned().collect()
    }

    /// A project's own dimensions that no report and no check names.
    fn unused_dimensions(&self) -> Vec<(Id, Place)> {
        let mut used: BTreeSet<&Id> =
            self.catalog.reports.values().flat_map(|r| &r.by).flatten().collect();
        for check in self.catalog.checks.values() {
            match &check.body.source {
                CheckSource::Metrics { slice: Some((dimension, _)), .. } => {
                    used.insert(dimension);
                }
                CheckSource::Plans(plans) => {
                    let by = plans.ask.by().into_iter().flatten();
                    let by = by.filter_map(|id| self.catalog.dimensions.get_key_value(&id));
                    used.extend(by.map(|(id, _)| id));
                }
                _ => {}
            }
        }
        let own = self.declared("dimension").iter().filter(|d| d.pack.is_none());
        own.filter(|d| !used.contains(&d.id())).map(|d| (d.id(), d.place())).collect()
    }

    /// A project's own metrics that no report, check or other metric names.
    fn unused_metrics(&self) -> Vec<(Id, Place)> {
        let catalog = &self.catalog;
        let mut used: BTreeSet<Id> =
            catalog.reports.values().flat_map(|r| &r.metrics).cloned().collect();
        for check in catalog.checks.values() {
            match &check.body.source {
                CheckSource::Metrics { body, .. } => used.extend(body.metrics(&catalog.arena)),
                CheckSource::Plans(plans) => used.extend([plans.ask.metric().clone()]),
                _ => {}
            }
        }
        for metric in catalog.metrics.values() {
            used.extend(metric.alias_of.clone());
            used.extend(metric.body.metrics(&catalog.arena));
        }
        let own = catalog.metrics.values().filter(|m| m.pack.is_none());
        own.filter(|m| !used.contains(&m.id)).map(|m| (m.id.clone(), m.place.clone())).collect()
    }

    /// Feeds of datasets that no rule reads.
    fn unread_feeds(&self) -> Vec<(Id, Id, Place)> {
        let mut reads =
            Reads { arena: &self.catalog.arena, build: self, datasets: BTreeSet::new() };
        for metric in self.catalog.metrics.values() {
            reads.body(&metric.body);
        }
        for check in self.catalog.checks.values() {
            match &check.body.source {
                CheckSource::Rows(body) | CheckSource::Metrics { body, .. } => reads.body(body),
                CheckSource::Plans(plans) => {
                    if let PlanAsk::Covered { wholes, parts, .. } = &plans.ask {
                        reads.datasets.extend([wholes.clone(), parts.clone()]);
                    }
                }
                CheckSource::Answer { each, .. } => {
                    reads.datasets.extend(each.iter().map(|e| e.dataset.clone()));
                }
            }
        }
        for dimension in self.catalog.dimensions.values() {
            dimension.by.values().for_each(|expr| reads.columns(*expr));
        }
        let feeds = self.catalog.feeds.iter().filter(|f| !reads.datasets.contains(&f.dataset));
        feeds.map(|f| (f.id.clone(), f.dataset.clone(), f.place.clone())).collect()
    }
}

/// Gathers the datasets that rules read, through look-ups too.
struct Reads<'a> {
    arena: &'a Arena,
    build: &'a Build<'a>,
    datasets: BTreeSet<Id>,
}

impl Reads<'_> {
    fn body(&mut self, body: &Body) {
        body.rel.iter().for_each(|rel| self.rel(rel));
        self.columns(body.value);
    }

    fn columns(&mut self, expr: ExprId) {
        let arena = self.arena;
        arena.walk(expr, &mut |_, node| {
            let Op::Column(path) = &node.op else { return };
            let mut at = path.dataset.clone();
            for step in &path.steps {
                let dataset = self.build.catalog.datasets.get(&at);
                let next = dataset.and_then(|d| d.column(step.as_str())?.references.clone());
                self.datasets.insert(at);
                let Some(next) = next else { return };
                at = next;
            }
            // A reference is resolved even where nothing of its row is asked.
            self.datasets.insert(at);
        });
    }

    fn rel(&mut self, rel: &Rel) {
        match rel {
            Rel::Feed { dataset } => {
                self.datasets.insert(dataset.clone());
            }
            Rel::Spine { .. } => {}
            Rel::Lookup { input, .. } => self.rel(input),
            Rel::Derive { input, expr, .. } => {
                self.columns(*expr);
                self.rel(input);
            }
            Rel::Filter { input, keep } => {
                self.columns(*keep);
                self.rel(input);
            }
            Rel::Match { left, right, left_key, right_key, .. } => {
                self.columns(*left_key);
                self.columns(*right_key);
                self.rel(left);
                self.rel(right);
            }
            Rel::Fold { input, by, aggregates } => {
                by.iter().chain(aggregates).for_each(|e| self.columns(*e));
                self.rel(input);
            }
            Rel::Cube { input, time, aggregates } => {
                let times = time.iter().copied().flat_map(When::exprs);
                times.chain(aggregates.iter().copied()).for_each(|e| self.columns(e));
                self.rel(input);
            }
        }
    }
}
