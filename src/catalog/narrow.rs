//! A condition that is laid over every metric whose rows it can be asked of.

use std::collections::BTreeMap;

use super::resolve::ColumnsOf;
use super::{Catalog, Metric, diags};
use crate::decode::Text;
use crate::diag::Diagnostic;
use crate::domain::{Id, Type};
use crate::expr::{self, Origin, Scope};
use crate::kinds::Body;
use crate::rel::{ExprId, Node, Op, Rel};
use crate::text::{Sources, Span};

/// Lays a row condition over all metrics of the datasets that it fits; `name` says where it was written.
///
/// Gives the wanted metrics that rest on rows which it does not fit.
///
/// # Errors
/// Its mistakes, where it fits none of the wanted.
pub fn narrow(
    catalog: &mut Catalog,
    sources: &mut Sources,
    (name, text): (&str, &str),
    wanted: &[Id],
) -> Result<Vec<Id>, Vec<Diagnostic>> {
    let raw = format!("\"{text}\"");
    let source = sources.add(name, raw.as_str());
    let end = u32::try_from(raw.len()).unwrap_or(u32::MAX);
    let span = Span { source, start: 0, end };
    let (mut fits, mut mistakes) = (BTreeMap::new(), BTreeMap::new());
    for dataset in catalog.datasets.keys() {
        let mut sink = Vec::new();
        let scope = Scope::Row { dataset, columns: &ColumnsOf(&catalog.datasets) };
        let origin = Origin { text, span, raw: &raw };
        let expr = expr::parse(&origin, &scope, &mut catalog.arena, &mut sink);
        let ty = expr.map(|id| catalog.arena.get(id).ty);
        match (expr, ty) {
            (Some(id), Some(Type::Boolean | Type::Null)) => {
                fits.insert(dataset.clone(), id);
            }
            (_, Some(ty)) => {
                let text = Text { text: text.into(), span };
                mistakes.insert(dataset.clone(), vec![diags::not_true_or_false(&text, ty)]);
            }
            _ => {
                mistakes.insert(dataset.clone(), sink);
            }
        }
    }
    let datasets: Vec<Vec<Id>> = wanted.iter().map(|id| rests_on(catalog, id)).collect();
    let is_fit = |datasets: &Vec<Id>| datasets.iter().all(|d| fits.contains_key(d));
    if !datasets.iter().any(is_fit) {
        let first = datasets.iter().flatten().find_map(|dataset| mistakes.remove(dataset));
        return Err(first.unwrap_or_default());
    }
    let left = wanted.iter().zip(&datasets).filter(|(_, datasets)| !is_fit(datasets));
    let left = left.map(|(id, _)| id.clone()).collect();
    let mut metrics = std::mem::take(&mut catalog.metrics);
    for metric in metrics.values_mut() {
        lay_over(catalog, metric, &fits, text);
    }
    catalog.metrics = metrics;
    catalog.narrowed = true;
    Ok(left)
}

/// The datasets whose rows a metric counts, itself or through its parts.
fn rests_on(catalog: &Catalog, metric: &Id) -> Vec<Id> {
    let Some(metric) = catalog.metrics.get(metric) else { return Vec::new() };
    if let Some(first) = &metric.alias_of {
        return rests_on(catalog, first);
    }
    let own = metric.body.population.iter().map(|population| population.dataset.clone());
    let parts = metric.body.metrics(&catalog.arena);
    let mut all: Vec<Id> =
        own.chain(parts.iter().flat_map(|part| rests_on(catalog, part))).collect();
    all.sort();
    all.dedup();
    all
}

fn lay_over(catalog: &mut Catalog, metric: &mut Metric, fits: &BTreeMap<Id, ExprId>, text: &str) {
    let Body { population: Some(population), rel: Some(Rel::Cube { input, .. }), .. } =
        &mut metric.body
    else {
        return;
    };
    let Some(keep) = fits.get(&population.dataset) else { return };
    let below = std::mem::replace(input, Box::new(Rel::Spine { grain: crate::domain::Grain::Day }));
    **input = Rel::Filter { input: below, keep: *keep };
    let nullable = true;
    population.filter = Some(match population.filter {
        None => *keep,
        Some(filter) => {
            let args = vec![filter, *keep];
            catalog.arena.add(Node { op: Op::And, args, ty: Type::Boolean, nullable })
        }
    });
    population.words = format!("{} where {text}", population.words);
}
