//! Every kind of rule lowers to a shape that the embedded engine runs, and ships with a rule that shows it.

use std::collections::BTreeSet;

use milepost::catalog::Catalog;
use milepost::disk::Files;
use milepost::domain::{Id, Period};
use milepost::kinds::{CHECK_KINDS, METRIC_KINDS};
use milepost::pipeline;
use milepost::plan::{self, Ask, Question, Rule};

fn shipped() -> Catalog {
    let files = Files::memory([("milepost.toml", b"[project]\nname = \"kinds\"\n".to_vec())]);
    pipeline::load_files(files).unwrap().catalog
}

fn asks(catalog: &Catalog) -> Vec<Ask> {
    let metrics = catalog.metrics.keys().cloned().map(Rule::Metric);
    let rests_on_values = |id: &&Id| catalog.checks[*id].body.source.body().is_some();
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

/// What a kind's worked example needs around it.
const AROUND: &str = r#"
config = """
[stage.open]
outcome = "open"
[stage.won]
outcome = "won"
[stage.lost]
outcome = "lost"
"""
"#;

/// The example without its indentation, in its two halves: the rule's fields, and the case.
fn halves(example: &str) -> (String, String) {
    let lines = example.trim_matches('\n').lines();
    let plain: Vec<&str> = lines.map(|l| l.strip_prefix("        ").unwrap_or(l.trim())).collect();
    let plain = plain.join("\n");
    let (rule, case) = plain.trim_end().split_once("\n\n").unwrap();
    (rule.to_owned(), case.to_owned())
}

#[test]
fn the_worked_example_of_every_kind_of_metric_holds() {
    let mut project = "[project]\nname = \"Examples\"\n".to_owned();
    for kind in METRIC_KINDS {
        let (rule, case) = halves(kind.example);
        let (name, id) = (kind.name, kind.name.replace('-', "_"));
        let words = "title = \"Example\"\nquestion = \"?\"\nwhy = \"!\"";
        project += &format!("\n[metric.example_{id}]\nkind = \"{name}\"\n{words}\n{rule}\n");
        let head = format!("title = \"{name}\"\nmetric = \"example_{id}\"");
        project += &format!("\n[[case]]\n{head}\nas-of = 2026-12-31\n{case}\n{AROUND}");
    }
    let passed = |project: &str| {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("milepost.toml"), project).unwrap();
        let said = crate::run::milepost(folder.path(), ["test"]).ok();
        let count = said.lines().find_map(|line| line.split_once(" passed, 0 failed"));
        count.and_then(|(count, _)| count.parse::<usize>().ok()).unwrap_or_else(|| panic!("{said}"))
    };
    let shipped = passed("[project]\nname = \"Examples\"\n");
    assert_eq!(passed(&project), shipped + METRIC_KINDS.len());
}

#[test]
fn the_docs_show_every_kind_with_its_fields_and_its_example() {
    let docs = std::fs::read_to_string(crate::source::root().join("rules/README.md")).unwrap();
    for kind in METRIC_KINDS {
        let (rule, case) = halves(kind.example);
        let shown = format!("kind = \"{}\"\n{rule}\n\n{case}\n", kind.name);
        assert!(docs.contains(&shown), "rules/README.md lacks the example\n{shown}");
        for field in kind.fields {
            assert!(docs.contains(&format!("`{}", field.name)), "{}: {}", kind.name, field.name);
        }
    }
}
