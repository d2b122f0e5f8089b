//! Runs cases.

use std::collections::BTreeSet;

use super::compare;
use crate::catalog::{Case, CaseRule, Catalog};
use crate::diag::{Blame, Diagnostic, Fault};
use crate::domain::{Id, Period};
use crate::measure::{Key, Member};
use crate::pipeline::{self, Loaded, Settled, Setup};
use crate::plan::{Ask, Rule};
use crate::text::Place;
use crate::view;

/// One case, proven or not.
#[derive(Debug, Clone)]
pub struct Proof {
    pub title: String,
    pub rule: CaseRule,
    pub place: Place,
    /// `file:line:column` of the case.
    pub at: String,
    /// Empty where the case holds.
    pub failures: Vec<String>,
}

/// All cases of a run.
#[derive(Debug, Clone, Default)]
pub struct Proofs {
    pub proofs: Vec<Proof>,
    /// Rules without a case, by kind of rule.
    pub without: Vec<CaseRule>,
}

/// Runs every case of the packs and the project, or those of one rule.
///
/// # Errors
/// Where the machine fails.
pub fn prove(loaded: &Loaded, only: Option<&Id>) -> Result<Proofs, Fault> {
    let mut proofs = Vec::new();
    for case in &loaded.catalog.cases {
        if only.is_some_and(|id| id != rule_id(&case.rule)) {
            continue;
        }
        let failures = run(loaded, case)?;
        let at = loaded.sources.describe(&case.place);
        let (title, rule, place) = (case.title.clone(), case.rule.clone(), case.place.clone());
        proofs.push(Proof { title, rule, place, at, failures });
    }
    let without = if only.is_some() { Vec::new() } else { without(&loaded.catalog) };
    Ok(Proofs { proofs, without })
}

fn rule_id(rule: &CaseRule) -> &Id {
    match rule {
        CaseRule::Metric(id) | CaseRule::Check(id) | CaseRule::Framework(id) => id,
    }
}

/// Metrics and checks that no case speaks of; a second name needs none.
fn without(catalog: &Catalog) -> Vec<CaseRule> {
    let has = |rule: &CaseRule| catalog.cases.iter().any(|c| c.rule == *rule);
    let metrics = catalog.metrics.values().filter(|m| m.alias_of.is_none());
    let metrics = metrics.map(|m| CaseRule::Metric(m.id.clone()));
    let checks = catalog.checks.keys().map(|id| CaseRule::Check(id.clone()));
    metrics.chain(checks).filter(|rule| !has(rule)).collect()
}

fn run(loaded: &Loaded, case: &Case) -> Result<Vec<String>, Fault> {
    let small = match small_project(loaded, case) {
        Ok(small) => small,
        Err(failures) => return Ok(failures),
    };
    let setup = Setup {
        as_of: case.as_of,
        period: Some(case.period.clone().unwrap_or_else(|| "all".to_owned())),
        options: Default::default(),
    };
    let settled = pipeline::settle(&small, &setup)?;
    let asks = match &case.rule {
        CaseRule::Metric(id) => {
            let by = case.by.iter().map(|(dimension, _)| dimension.clone()).collect();
            let (rule, periods) = (Rule::Metric(id.clone()), vec![settled.period.clone()]);
            vec![Ask { rule, periods, by: vec![by] }]
        }
        CaseRule::Check(id) => view::check_needs(&small.catalog, [id], &settled.period),
        CaseRule::Framework(id) => framework_needs(&small.catalog, id, &settled.period),
    };
    let run = pipeline::ask(&small, &settled, asks)?;
    let mut failures = errors(&settled.diagnostics);
    // A case may be about bad data: then what it expects decides, and the data's faults explain a failure.
    let (of_data, of_author): (Vec<_>, Vec<_>) =
        run.diagnostics.iter().cloned().partition(is_of_data);
    failures.extend(errors(&of_author));
    if !failures.is_empty() {
        return Ok(failures);
    }
    let mut failures = compared(case, &small, &settled, &run);
    if !failures.is_empty() {
        failures.extend(errors(&of_data));
    }
    Ok(failures)
}

fn compared(case: &Case, small: &Loaded, settled: &Settled, run: &pipeline::Run) -> Vec<String> {
    match &case.rule {
        CaseRule::Metric(id) => {
            let slice = case.by.iter().map(|(d, m)| {
                (
                    d.clone(),
                    if m == "(unset)" { Member::Unset } else { Member::Named(m.as_str().into()) },
                )
            });
            let key = Key { period: settled.period.clone(), slice: slice.collect() };
            let values = run.measurements.values.get(&Rule::Metric(id.clone()));
            match values.and_then(|v| v.get(&key)) {
                Some(measured) => compare::metric(&small.catalog, measured, &case.expect),
                None => vec!["the slice has no rows".to_owned()],
            }
        }
        CaseRule::Check(id) => {
            let assessment = pipeline::judge(small, settled, run);
            match assessment.checks.get(id) {
                Some(result) => compare::check(&small.catalog, result, &case.expect),
                None => vec!["the check was not judged".to_owned()],
            }
        }
        CaseRule::Framework(id) => {
            let assessment = pipeline::judge(small, settled, run);
            match assessment.frameworks.get(id) {
                Some(result) => compare::framework(result, &case.expect),
                None => vec!["the framework was not judged".to_owned()],
            }
        }
    }
}

fn framework_needs(catalog: &Catalog, id: &Id, period: &Period) -> Vec<Ask> {
    let elements = catalog.frameworks.get(id).into_iter().flat_map(|f| &f.elements);
    let checks: BTreeSet<&Id> = elements.flat_map(|e| e.checks.iter().map(|(id, _)| id)).collect();
    view::check_needs(catalog, checks, period)
}

/// The case's own project: its config, a feed for each of its tables, and the rules of the loaded project.
fn small_project(loaded: &Loaded, case: &Case) -> Result<Loaded, Vec<String>> {
    let mut files: Vec<(String, String)> = Vec::new();
    let mut feeds = String::new();
    for (dataset, csv) in &case.tables {
        let file = format!("{dataset}.csv");
        feeds.push_str(&format!(
            "[feed.case-{dataset}]\ndataset = \"{dataset}\"\nfile = \"{file}\"\n"
        ));
        feeds.push_str("header-row = 1\ndelimiter = \",\"\n");
        files.push((file, csv.trim_start().to_owned()));
    }
    let has_project = case.config.lines().any(|l| l.trim() == "[project]");
    let head = if has_project { "" } else { "[project]\nname = \"case\"\n" };
    files.push(("milepost.toml".to_owned(), format!("{head}{feeds}")));
    files.push(("case.toml".to_owned(), case.config.clone()));
    let small = pipeline::load_case(loaded, files);
    let failures = errors(&small.diagnostics);
    if failures.is_empty() { Ok(small) } else { Err(failures) }
}

fn is_of_data(diagnostic: &Diagnostic) -> bool {
    matches!(diagnostic.blame, Blame::Data)
}

fn errors(diagnostics: &[Diagnostic]) -> Vec<String> {
    let errors = diagnostics.iter().filter(|d| d.is_error());
    errors.map(|d| format!("{}: {}", d.code, d.headline)).collect()
}
