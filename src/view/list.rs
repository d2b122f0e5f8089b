//! What a catalog holds, for `list`.

use std::collections::BTreeSet;

use serde::Serialize;

use super::value::unit_word;
use crate::catalog::{CaseRule, Catalog, Framework, Metric};
use crate::domain::{Evidence, Id};
use crate::kinds::Body;
use crate::rel::{ExprId, Rel, When};

/// All that ships, or that a project enables; each list in order of id.
#[derive(Debug, Clone, Serialize)]
pub struct ListView {
    pub frameworks: Vec<FrameworkItem>,
    pub metrics: Vec<MetricItem>,
    pub checks: Vec<CheckItem>,
    pub datasets: Vec<DatasetItem>,
    pub reports: Vec<ReportItem>,
}

#[derive(Debug, Clone, Serialize)]
pub struct FrameworkItem {
    pub id: String,
    pub title: String,
    pub pack: Option<String>,
    /// Ids in order.
    pub levels: Vec<String>,
    pub groups: Vec<String>,
    pub elements: usize,
    pub checks: usize,
    pub data_backed: usize,
    pub config_backed: usize,
    pub asked: usize,
}

#[derive(Debug, Clone, Serialize)]
pub struct MetricItem {
    pub id: String,
    pub title: String,
    pub pack: Option<String>,
    pub kind: &'static str,
    pub unit: &'static str,
    /// None where parts come from several datasets.
    pub dataset: Option<String>,
    /// `dataset.column`, in order.
    pub needs: Vec<String>,
    pub cases: usize,
}

/// One use of a check; a check in no framework has one line without.
#[derive(Debug, Clone, Serialize)]
pub struct CheckItem {
    pub id: String,
    pub title: String,
    pub framework: Option<String>,
    pub element: Option<String>,
    pub evidence: &'static str,
    pub cases: usize,
}

#[derive(Debug, Clone, Serialize)]
pub struct DatasetItem {
    pub id: String,
    pub title: String,
    pub columns: Vec<ColumnItem>,
}

#[derive(Debug, Clone, Serialize)]
pub struct ColumnItem {
    pub id: String,
    #[serde(rename = "type")]
    pub ty: &'static str,
    pub required: bool,
    pub aliases: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct ReportItem {
    pub id: String,
    pub title: String,
    pub formats: Vec<String>,
}

pub fn list(catalog: &Catalog) -> ListView {
    ListView {
        frameworks: catalog.frameworks.values().map(|f| framework(catalog, f)).collect(),
        metrics: catalog.metrics.values().map(|m| metric(catalog, m)).collect(),
        checks: checks(catalog),
        datasets: datasets(catalog),
        reports: catalog
            .reports
            .values()
            .map(|r| ReportItem {
                id: r.id.to_string(),
                title: r.title.clone(),
                formats: r.templates.iter().map(|t| t.format.clone()).collect(),
            })
            .collect(),
    }
}

fn cases(catalog: &Catalog, rule: &CaseRule) -> usize {
    catalog.cases.iter().filter(|c| c.rule == *rule).count()
}

fn framework(catalog: &Catalog, rule: &Framework) -> FrameworkItem {
    let used: BTreeSet<&Id> =
        rule.elements.iter().flat_map(|e| e.checks.iter().map(|(id, _)| id)).collect();
    let backed = |evidence: Evidence| {
        let checks = used.iter().filter_map(|id| catalog.checks.get(*id));
        checks.filter(|c| c.evidence == evidence).count()
    };
    FrameworkItem {
        id: rule.id.to_string(),
        title: rule.title.clone(),
        pack: rule.pack.as_ref().map(ToString::to_string),
        levels: rule.levels.iter().map(|l| l.id.to_string()).collect(),
        groups: rule.groups.iter().map(|g| g.id.to_string()).collect(),
        elements: rule.elements.len(),
        checks: used.len(),
        data_backed: backed(Evidence::Data),
        config_backed: backed(Evidence::Config),
        asked: backed(Evidence::Answer),
    }
}

fn metric(catalog: &Catalog, rule: &Metric) -> MetricItem {
    let mut datasets = BTreeSet::new();
    let mut needs = BTreeSet::new();
    gather(catalog, rule, &mut BTreeSet::new(), &mut datasets, &mut needs);
    let one = if datasets.len() == 1 { datasets.first() } else { None };
    MetricItem {
        id: rule.id.to_string(),
        title: rule.title.clone(),
        pack: rule.pack.as_ref().map(ToString::to_string),
        kind: rule.kind,
        unit: unit_word(&rule.unit),
        dataset: one.map(ToString::to_string),
        needs: needs.into_iter().collect(),
        cases: cases(catalog, &CaseRule::Metric(rule.id.clone())),
    }
}

/// The datasets and columns of a metric and of the metrics that it is made of.
fn gather(
    catalog: &Catalog,
    rule: &Metric,
    seen: &mut BTreeSet<Id>,
    datasets: &mut BTreeSet<Id>,
    needs: &mut BTreeSet<String>,
) {
    if !seen.insert(rule.id.clone()) {
        return;
    }
    datasets.extend(rule.body.population.as_ref().map(|p| p.dataset.clone()));
    for expr in expressions(&rule.body) {
        for path in catalog.arena.columns(expr) {
            let mut dataset = Some(&path.dataset);
            for step in &path.steps {
                let Some(here) = dataset else { break };
                needs.insert(format!("{here}.{step}"));
                let column = catalog.datasets.get(here).and_then(|d| d.column(step.as_str()));
                dataset = column.and_then(|c| c.references.as_ref());
            }
        }
    }
    for part in rule.body.metrics(&catalog.arena) {
        if let Some(part) = catalog.metrics.get(&part) {
            gather(catalog, part, seen, datasets, needs);
        }
    }
}

fn expressions(body: &Body) -> Vec<ExprId> {
    let mut exprs = vec![body.value];
    exprs.extend(body.population.iter().filter_map(|p| p.filter));
    let mut rels: Vec<&Rel> = body.rel.iter().collect();
    while let Some(rel) = rels.pop() {
        match rel {
            Rel::Feed { .. } | Rel::Spine { .. } => {}
            Rel::Lookup { input, .. } => rels.push(input),
            Rel::Derive { input, expr, .. } | Rel::Filter { input, keep: expr } => {
                exprs.push(*expr);
                rels.push(input);
            }
            Rel::Match { left, right, left_key, right_key, window, .. } => {
                exprs.extend([*left_key, *right_key]);
                exprs.extend(window.iter().flat_map(|w| [w.left_time, w.right_time]));
                rels.extend([&**left, &**right]);
            }
            Rel::Fold { input, by, aggregates } => {
                exprs.extend(by.iter().chain(aggregates));
                rels.push(input);
            }
            Rel::Cube { input, time, aggregates } => {
                exprs.extend(time.iter().copied().flat_map(When::exprs));
                exprs.extend(aggregates);
                rels.push(input);
            }
        }
    }
    exprs
}

fn checks(catalog: &Catalog) -> Vec<CheckItem> {
    let mut items = Vec::new();
    for check in catalog.checks.values() {
        let mut uses: Vec<(Option<String>, Option<String>)> = Vec::new();
        for framework in catalog.frameworks.values() {
            let here =
                framework.elements.iter().filter(|e| e.checks.iter().any(|c| c.0 == check.id));
            uses.extend(here.map(|e| (Some(framework.id.to_string()), Some(e.id.to_string()))));
        }
        if uses.is_empty() {
            uses.push((None, None));
        }
        items.extend(uses.into_iter().map(|(framework, element)| CheckItem {
            id: check.id.to_string(),
            title: check.title.clone(),
            framework,
            element,
            evidence: check.evidence.word(),
            cases: cases(catalog, &CaseRule::Check(check.id.clone())),
        }));
    }
    items
}

fn datasets(catalog: &Catalog) -> Vec<DatasetItem> {
    let datasets = catalog.datasets.values().map(|d| DatasetItem {
        id: d.id.to_string(),
        title: d.title.clone(),
        columns: d
            .columns
            .iter()
            .map(|c| ColumnItem {
                id: c.id.to_string(),
                ty: if c.list { "list" } else { c.ty.word() },
                required: c.required,
                aliases: c.aliases.clone(),
            })
            .collect(),
    });
    datasets.collect()
}
