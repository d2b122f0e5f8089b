//! Every kind of rule lowers to a shape that the embedded engine runs, and ships with a rule that shows it.

use std::collections::BTreeSet;

use milepost::catalog::Catalog;
use milepost::disk::Files;
use milepost::domain::{Id, Period};
use milepost::kinds::{CHECK_KINDS, CheckSource, METRIC_KINDS};
use milepost::pipeline;
use milepost::plan::{self, Ask, Question, Rule};

fn shipped() -> Catalog {
    let files = Files::memory([("milepost.toml", b"[project]\nname = \"kinds\"\n".to_vec())]);
    pipeline::load_files(files).unwrap().catalog
}

fn asks(catalog: &Catalog) -> Vec<Ask> {
    let metrics = catalog.metrics.keys().cloned().map(Rule::Metric);
    let rests_on_values =
        |id: &&Id| !matches!(catalog.checks[*id].body.source, CheckSource::Answer { .. });
    let checks = catalog.checks.keys().filter(rests_on_values).cloned().map(Rule::Check);
    let ask = |rule| Ask { rule, periods: vec![Period::all()], by: vec![Vec::new()] };
    metrics.chain(checks).map(ask).collect()
}

#[test]
fn every_kind_ships_with_a_rule_and_runs() {
    let catalog = shipped();
    let used: BTreeSet<&str> = catalog
        .metrics
        .values()
        .map(|m| m.kind)
        .chain(catalog.checks.values().map(|c| c.kind))
        .collect();
    let kinds = METRIC_KINDS.iter().map(|k| k.name).chain(CHECK_KINDS.iter().map(|k| k.name));
    for kind in kinds {
        assert!(used.contains(kind), "no shipped rule is of kind `{kind}`");
    }
    let question = Question { asks: asks(&catalog), ..Question::default() };
    let (plan, diagnostics) = plan::compile(&catalog, &question);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let planned: BTreeSet<&Rule> = plan
        .values
        .iter()
        .map(|v| &v.rule)
        .chain(plan.derived.iter().map(|d| &d.rule))
        .chain(plan.aliases.iter().map(|(alias, _)| alias))
        .collect();
    for ask in &question.asks {
        assert!(planned.contains(&ask.rule), "{:?} is in no plan", ask.rule);
    }
}

#[test]
fn every_dataset_is_scanned_once() {
    let catalog = shipped();
    let question = Question { asks: asks(&catalog), ..Question::default() };
    let (plan, _) = plan::compile(&catalog, &question);
    let scanned: Vec<&Id> = plan.scans.iter().map(|s| &s.dataset).collect();
    let distinct: BTreeSet<&Id> = scanned.iter().copied().collect();
    assert!(scanned.len() > 1 && scanned.len() == distinct.len(), "{scanned:?}");
}
